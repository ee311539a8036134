// RUN: bev-opt %s -canonicalize -split-input-file | FileCheck %s

//===----------------------------------------------------------------------===//
// Level sizes
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @constant_levels
//  CHECK-SAME: %[[H:[a-z0-9]+]]: index
func.func @constant_levels(%value: tensor<1x?x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>, %h: index) -> tensor<1x5x2x4xf32> {
  %c3 = arith.constant 3 : index
  %c7 = arith.constant 7 : index
  // CHECK: bev.ms_deform_attn levels([%[[H]], 3], [2, 7])
  %0 = bev.ms_deform_attn levels([%h, %c3], [2, %c7])
      ins(%value, %locations, %weights : tensor<1x?x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @constant_levels_memref
func.func @constant_levels_memref(%value: memref<1x6x2x4xf32>, %reference: memref<1x5x1x2xf32>, %offsets: memref<1x5x2x1x4x2xf32>, %logits: memref<1x5x2x4xf32>, %init: memref<1x5x2x4xf32>) {
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  // CHECK: bev.deformable_attention level levels([2, 3])
  bev.deformable_attention level levels([%c2, %c3])
      ins(%value, %reference, %offsets, %logits : memref<1x6x2x4xf32>, memref<1x5x1x2xf32>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x4xf32>)
      outs(%init : memref<1x5x2x4xf32>)
  return
}

// The positions of a head-major value agree with the sizes.
// CHECK-LABEL: func.func @constant_levels_head_major
func.func @constant_levels_head_major(%value: tensor<1x2x6x4xf32>, %locations: tensor<1x5x2x1x3x2xf32>, %weights: tensor<1x5x2x1x3xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %c2 = arith.constant 2 : index
  // CHECK: bev.ms_deform_attn levels([2, 3]) value_layout({{ ?}}head_major)
  %0 = bev.ms_deform_attn levels([%c2, 3]) value_layout(head_major)
      ins(%value, %locations, %weights : tensor<1x2x6x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// Sizes that no map can have stay where the verifier does not see them.

// CHECK-LABEL: func.func @impossible_levels
func.func @impossible_levels(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x5x2x1x3x2xf32>, %weights: tensor<1x5x2x1x3xf32>, %init: tensor<1x5x2x4xf32>) {
  %negative = arith.constant -1 : index
  %zero = arith.constant 0 : index
  %sentinel = arith.constant -9223372036854775808 : index
  %huge = arith.constant 65536 : index
  %c3 = arith.constant 3 : index
  %c7 = arith.constant 7 : index
  // CHECK-DAG: %[[NEGATIVE:.+]] = arith.constant -1 : index
  // CHECK-DAG: %[[ZERO:.+]] = arith.constant 0 : index
  // CHECK-DAG: %[[SENTINEL:.+]] = arith.constant -9223372036854775808 : index
  // CHECK-DAG: %[[HUGE:.+]] = arith.constant 65536 : index
  // CHECK-DAG: %[[C3:.+]] = arith.constant 3 : index
  // CHECK-DAG: %[[C7:.+]] = arith.constant 7 : index
  // CHECK: call @use({{.*}})
  %init0 = func.call @use(%init) : (tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: levels([%[[NEGATIVE]], 3])
  %0 = bev.ms_deform_attn levels([%negative, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%init0 : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: levels([%[[ZERO]], 3])
  %1 = bev.ms_deform_attn levels([%zero, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%0 : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: levels([%[[SENTINEL]], 3])
  %2 = bev.ms_deform_attn levels([%sentinel, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%1 : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: levels([%[[HUGE]], %[[HUGE]]])
  %3 = bev.ms_deform_attn levels([%huge, %huge])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%2 : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: levels([%[[C7]], %[[C3]]])
  %4 = bev.ms_deform_attn levels([%c7, %c3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%3 : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  func.call @use(%4) : (tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}
func.func private @use(tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>

// -----

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @casts
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x2x4xf32>, %[[LOCATIONS:[a-z0-9]+]]: tensor<1x5x2x1x3x2xf32>
func.func @casts(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x5x2x1x3x2xf32>, %weights: tensor<?x?x2x1x3xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<?x?x2x4xf32> {
  %0 = tensor.cast %value : tensor<1x6x2x4xf32> to tensor<?x?x2x4xf32>
  %1 = tensor.cast %locations : tensor<1x5x2x1x3x2xf32> to tensor<?x?x2x1x3x2xf32>
  %2 = tensor.cast %init : tensor<1x5x2x4xf32> to tensor<?x?x2x4xf32>
  // CHECK: bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4>) ins(%[[VALUE]], %[[LOCATIONS]], {{.*}}) -> tensor<1x5x2x4xf32>
  %3 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4>)
      ins(%0, %1, %weights : tensor<?x?x2x4xf32>, tensor<?x?x2x1x3x2xf32>, tensor<?x?x2x1x3xf32>)
      outs(%2 : tensor<?x?x2x4xf32>) -> tensor<?x?x2x4xf32>
  return %3 : tensor<?x?x2x4xf32>
}

// CHECK-LABEL: func.func @cast_optional_operand
//  CHECK-SAME: %[[RESET:[a-z0-9]+]]: tensor<2xi1>
func.func @cast_optional_operand(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %reset: tensor<2xi1>, %init: tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32> {
  %0 = tensor.cast %reset : tensor<2xi1> to tensor<?xi1>
  // CHECK: reset(%[[RESET]] : tensor<2xi1>)
  %1 = bev.warp_bev bilinear ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      reset(%0 : tensor<?xi1>) outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return %1 : tensor<2x5x7x8xf32>
}

// -----

//===----------------------------------------------------------------------===//
// Inits
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @filled_init
func.func @filled_init(%x: tensor<?x4xf32>, %n: index) -> tensor<?x4xf32> {
  %zero = arith.constant 0.0 : f32
  // CHECK: %[[EMPTY:.+]] = tensor.empty
  %empty = tensor.empty(%n) : tensor<?x4xf32>
  // CHECK-NOT: linalg.fill
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: bev.inverse_sigmoid {{.*}} outs(%[[EMPTY]] : tensor<?x4xf32>)
  %0 = bev.inverse_sigmoid ins(%x : tensor<?x4xf32>) outs(%fill : tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// Both inits of one op; one of them a constant.
// CHECK-LABEL: func.func @constant_init
func.func @constant_init(%points: tensor<1x5x4x3xf32>, %matrix: tensor<1x6x4x4xf32>, %size: tensor<6x2xf32>) -> (tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) {
  %false = arith.constant false
  %zeros = arith.constant dense<0.0> : tensor<1x6x5x4x2xf32>
  %empty = tensor.empty() : tensor<1x6x5x4xi1>
  %fill = linalg.fill ins(%false : i1) outs(%empty : tensor<1x6x5x4xi1>) -> tensor<1x6x5x4xi1>
  // CHECK-DAG: %[[UV:.+]] = tensor.empty() : tensor<1x6x5x4x2xf32>
  // CHECK-DAG: %[[VISIBLE:.+]] = tensor.empty() : tensor<1x6x5x4xi1>
  // CHECK: bev.project_points {{.*}} outs(%[[UV]], %[[VISIBLE]] :
  %0:2 = bev.project_points
      ins(%points, %matrix, %size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%zeros, %fill : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return %0#0, %0#1 : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
}

// A destination that the caller gave is kept.
// CHECK-LABEL: func.func @given_init
//  CHECK-SAME: %[[INIT:[a-z0-9]+]]: tensor<3xf32>)
func.func @given_init(%x: tensor<3xf32>, %init: tensor<3xf32>) -> tensor<3xf32> {
  // CHECK: outs(%[[INIT]] : tensor<3xf32>)
  %0 = bev.inverse_sigmoid ins(%x : tensor<3xf32>) outs(%init : tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

//===----------------------------------------------------------------------===//
// spatial_cross_attention that no camera hits
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @invisible
//  CHECK-SAME: %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf16>)
func.func @invisible(%value: tensor<1x6x6x2x4xf16>, %uv: tensor<1x6x5x4x2xf32>, %offsets: tensor<1x5x2x1x8x2xf16>, %logits: tensor<1x5x2x8xf16>, %init: tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16> {
  %visible = arith.constant dense<false> : tensor<1x6x5x4xi1>
  // CHECK: %[[ZERO:.+]] = arith.constant 0.000000e+00 : f16
  // CHECK: %[[FILL:.+]] = linalg.fill ins(%[[ZERO]] : f16) outs(%[[INIT]] : tensor<1x5x2x4xf16>)
  // CHECK: return %[[FILL]]
  %0 = bev.spatial_cross_attention levels([2, 3])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x6x2x4xf16>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x1x8x2xf16>, tensor<1x5x2x8xf16>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  return %0 : tensor<1x5x2x4xf16>
}

// CHECK-LABEL: func.func @invisible_fill
func.func @invisible_fill(%value: tensor<1x?x6x2x4xf32>, %uv: tensor<1x?x5x4x2xf32>, %offsets: tensor<1x5x2x1x8x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>, %n: index) -> tensor<1x5x2x4xf32> {
  %false = arith.constant false
  %empty = tensor.empty(%n) : tensor<1x?x5x4xi1>
  %visible = linalg.fill ins(%false : i1) outs(%empty : tensor<1x?x5x4xi1>) -> tensor<1x?x5x4xi1>
  // CHECK-NOT: bev.spatial_cross_attention
  // CHECK: linalg.fill {{.*}} -> tensor<1x5x2x4xf32>
  %0 = bev.spatial_cross_attention levels([2, 3])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x?x6x2x4xf32>, tensor<1x?x5x4x2xf32>, tensor<1x?x5x4xi1>, tensor<1x5x2x1x8x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @visible
func.func @visible(%value: tensor<1x6x6x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %offsets: tensor<1x5x2x1x8x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %visible = arith.constant dense<true> : tensor<1x6x5x4xi1>
  // CHECK: bev.spatial_cross_attention
  %0 = bev.spatial_cross_attention levels([2, 3])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x6x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x1x8x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

//===----------------------------------------------------------------------===//
// reference_grid
//===----------------------------------------------------------------------===//

// Query 1 of a grid of 2 rows and 4 columns is column 1 of row 0.
// CHECK-LABEL: func.func @grid
func.func @grid(%init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // CHECK: %[[GRID:.+]] = arith.constant dense<{{\[\[}}1.250000e-01, 2.500000e-01], [3.750000e-01, 2.500000e-01], [6.250000e-01, 2.500000e-01], [8.750000e-01, 2.500000e-01], [1.250000e-01, 7.500000e-01], {{.*}}> : tensor<8x2xf32>
  // CHECK: return %[[GRID]]
  %0 = bev.reference_grid bev_size([2, 4]) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %0 : tensor<8x2xf32>
}

// Two anchors in a pillar of 8 m: at 0.5 m and 7.5 m.
// CHECK-LABEL: func.func @pillar_grid
func.func @pillar_grid(%init: tensor<2x2x3xf32>) -> tensor<2x2x3xf32> {
  // CHECK: arith.constant dense<{{\[\[\[}}2.500000e-01, 5.000000e-01, 6.250000e-02], [2.500000e-01, 5.000000e-01, 9.375000e-01]], {{\[\[}}7.500000e-01,
  %0 = bev.reference_grid bev_size([1, 2]) pillar_height(8.0) outs(%init : tensor<2x2x3xf32>) -> tensor<2x2x3xf32>
  return %0 : tensor<2x2x3xf32>
}

// CHECK-LABEL: func.func @not_constant
func.func @not_constant(%tile: tensor<3x2xf32>, %dynamic: tensor<?x2xf32>, %huge: tensor<4611686014132420609x2xf32>, %tall: tensor<1x4611686018427387904x3xf32>, %buffer: memref<8x2xf32>, %origin: index)
    -> (tensor<3x2xf32>, tensor<?x2xf32>, tensor<4611686014132420609x2xf32>, tensor<1x4611686018427387904x3xf32>) {
  // CHECK: bev.reference_grid bev_size([2, 4]) origin
  %0 = bev.reference_grid bev_size([2, 4]) origin(%origin) outs(%tile : tensor<3x2xf32>) -> tensor<3x2xf32>
  // CHECK: bev.reference_grid bev_size([2, 4]) outs({{.*}} : tensor<?x2xf32>)
  %1 = bev.reference_grid bev_size([2, 4]) outs(%dynamic : tensor<?x2xf32>) -> tensor<?x2xf32>
  // CHECK: bev.reference_grid bev_size([2147483647, 2147483647])
  %2 = bev.reference_grid bev_size([2147483647, 2147483647]) outs(%huge : tensor<4611686014132420609x2xf32>) -> tensor<4611686014132420609x2xf32>
  // CHECK: bev.reference_grid bev_size([1, 1]) pillar_height
  %3 = bev.reference_grid bev_size([1, 1]) pillar_height(8.0) outs(%tall : tensor<1x4611686018427387904x3xf32>) -> tensor<1x4611686018427387904x3xf32>
  // CHECK: bev.reference_grid bev_size([2, 4]) outs({{.*}} : memref<8x2xf32>)
  bev.reference_grid bev_size([2, 4]) outs(%buffer : memref<8x2xf32>)
  return %0, %1, %2, %3 : tensor<3x2xf32>, tensor<?x2xf32>, tensor<4611686014132420609x2xf32>, tensor<1x4611686018427387904x3xf32>
}
