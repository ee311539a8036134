// RUN: bev-opt %s -bev-decompose -split-input-file | FileCheck %s
// RUN: bev-opt %s -bev-decompose -split-input-file | FileCheck %s --check-prefix=NONE --implicit-check-not="bev."
// NONE: module

// One linalg.generic per init, all loops parallel, the init not read. What the
// formulas compute is checked by running them.

// CHECK-LABEL: func.func @ms_deform_attn
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf16>, %[[LOCATIONS:[a-z0-9]+]]: tensor<1x?x2x2x1x2xf32>, %[[WEIGHTS:[a-z0-9]+]]: tensor<1x?x2x2x1xf16>, %[[INIT:[a-z0-9]+]]: tensor<1x?x2x4xf16>)
func.func @ms_deform_attn(%value: tensor<1x8x2x4xf16>, %locations: tensor<1x?x2x2x1x2xf32>, %weights: tensor<1x?x2x2x1xf16>, %init: tensor<1x?x2x4xf16>) -> tensor<1x?x2x4xf16> {
  // CHECK: %[[RESULT:.+]] = linalg.generic {indexing_maps = [#{{.+}}], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%[[INIT]] : tensor<1x?x2x4xf16>)
  // CHECK: ^bb0(%[[OUT:.+]]: f16):
  // CHECK-NOT: %[[OUT]]
  // CHECK-DAG: %[[B:.+]] = linalg.index 0
  // CHECK-DAG: %[[Q:.+]] = linalg.index 1
  // CHECK-DAG: %[[M:.+]] = linalg.index 2
  // CHECK-DAG: %[[D:.+]] = linalg.index 3
  // CHECK: tensor.extract %[[WEIGHTS]][%[[B]], %[[Q]], %[[M]],
  // CHECK: tensor.extract %[[LOCATIONS]][%[[B]], %[[Q]], %[[M]],
  // Four corners of each level's one point, none read outside its map.
  // CHECK-COUNT-8: scf.if
  // CHECK: %[[ROUNDED:.+]] = arith.truncf %{{.+}} : f32 to f16
  // CHECK: linalg.yield %[[ROUNDED]]
  // CHECK: return %[[RESULT]]
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf16>, tensor<1x?x2x2x1x2xf32>, tensor<1x?x2x2x1xf16>)
      outs(%init : tensor<1x?x2x4xf16>) -> tensor<1x?x2x4xf16>
  return %0 : tensor<1x?x2x4xf16>
}

// -----

// CHECK-LABEL: func.func @ms_deform_attn_memref
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: memref<1x6x2x4xf32, strided<[?, ?, ?, ?], offset: ?>>
//  CHECK-SAME: %[[INIT:[a-z0-9]+]]: memref<1x5x2x4xf32>)
func.func @ms_deform_attn_memref(%value: memref<1x6x2x4xf32, strided<[?, ?, ?, ?], offset: ?>>, %locations: memref<1x5x2x1x1x2xf32>, %weights: memref<1x5x2x1x1xf32>, %init: memref<1x5x2x4xf32>) {
  // CHECK: linalg.generic {{.*}} outs(%[[INIT]] : memref<1x5x2x4xf32>)
  // CHECK: memref.load %[[VALUE]]
  // CHECK-NOT: arith.truncf
  bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : memref<1x6x2x4xf32, strided<[?, ?, ?, ?], offset: ?>>, memref<1x5x2x1x1x2xf32>, memref<1x5x2x1x1xf32>)
      outs(%init : memref<1x5x2x4xf32>)
  return
}

// -----

// CHECK-LABEL: func.func @deformable_attention
func.func @deformable_attention(%value: tensor<1x6x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x1x4x2xf32>, %logits: tensor<1x5x2x4xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK: linalg.generic {{.*}} outs(%{{.+}} : tensor<1x5x2x4xf32>)
  // One exponential per point, one division in all.
  // CHECK-COUNT-4: math.exp
  // CHECK: arith.divf
  // CHECK-NOT: arith.divf
  // CHECK: linalg.yield
  %0 = bev.deformable_attention pillar levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x6x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @spatial_cross_attention
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x?x6x2x4xf32>, %[[UV:[a-z0-9]+]]: tensor<1x?x5x2x2xf32>, %[[VISIBLE:[a-z0-9]+]]: tensor<1x?x5x2xi1>
func.func @spatial_cross_attention(%value: tensor<1x?x6x2x4xf32>, %uv: tensor<1x?x5x2x2xf32>, %visible: tensor<1x?x5x2xi1>, %offsets: tensor<1x5x2x1x2x2xf32>, %logits: tensor<1x5x2x2xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK: linalg.generic
  // CHECK: %[[CAMERAS:.+]] = tensor.dim %[[VALUE]]
  // CHECK: scf.for %{{.+}} = %{{.+}} to %[[CAMERAS]]
  // CHECK: %[[FIRST:.+]] = tensor.extract %[[VISIBLE]]
  // CHECK: %[[SECOND:.+]] = tensor.extract %[[VISIBLE]]
  // CHECK: %[[HIT:.+]] = arith.ori %[[FIRST]], %[[SECOND]]
  // Uv and value are read only where a camera hits.
  // CHECK-NOT: tensor.extract
  // CHECK: scf.if %[[HIT]]
  // CHECK: tensor.extract %[[UV]]
  %0 = bev.spatial_cross_attention levels([2, 3])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x?x6x2x4xf32>, tensor<1x?x5x2x2xf32>, tensor<1x?x5x2xi1>, tensor<1x5x2x1x2x2xf32>, tensor<1x5x2x2xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @temporal_self_attention
func.func @temporal_self_attention(%value: memref<1x2x6x2x4xf32>, %reference: memref<1x2x5x1x2xf32>, %offsets: memref<1x5x2x2x1x2x2xf32>, %logits: memref<1x5x2x2x2xf32>, %init: memref<1x5x2x4xf32>) {
  // CHECK: linalg.generic
  // A softmax for each frame.
  // CHECK-COUNT-2: arith.divf
  // CHECK-NOT: arith.divf
  // CHECK: linalg.yield
  bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : memref<1x2x6x2x4xf32>, memref<1x2x5x1x2xf32>, memref<1x5x2x2x1x2x2xf32>, memref<1x5x2x2x2xf32>)
      outs(%init : memref<1x5x2x4xf32>)
  return
}

// -----

// CHECK-LABEL: func.func @project_points
//  CHECK-SAME: %[[UV:[a-z0-9]+]]: tensor<1x6x5x4x2xf32>, %[[VISIBLE:[a-z0-9]+]]: tensor<1x6x5x4xi1>)
func.func @project_points(%points: tensor<1x5x4x3xf32>, %matrix: tensor<1x6x4x4xf32>, %size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) -> (tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) {
  // CHECK: %[[UV_RESULT:.+]] = linalg.generic {{.*}} outs(%[[UV]] :
  // CHECK: linalg.yield %{{.+}} : f32
  // CHECK: %[[VISIBLE_RESULT:.+]] = linalg.generic {{.*}} outs(%[[VISIBLE]] :
  // CHECK: linalg.yield %{{.+}} : i1
  // CHECK: return %[[UV_RESULT]], %[[VISIBLE_RESULT]]
  %0:2 = bev.project_points
      ins(%points, %matrix, %size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return %0#0, %0#1 : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
}

// CHECK-LABEL: func.func @geometry
func.func @geometry(%can_bus: memref<2x18xf32>, %shift: memref<2x2xf32>, %grid: tensor<?x4x3xf32>, %flat: memref<12x2xf32>, %origin: index) -> tensor<?x4x3xf32> {
  // CHECK: linalg.generic {{.*}} outs(%{{.+}} : memref<2x2xf32>)
  bev.ego_shift grid_length([0.5, 0.5]) bev_size([3, 4]) ins(%can_bus : memref<2x18xf32>) outs(%shift : memref<2x2xf32>)
  // CHECK: linalg.generic {{.*}} outs(%{{.+}} : tensor<?x4x3xf32>)
  // CHECK: %[[QUERY:.+]] = linalg.index 0
  // CHECK: arith.addi %[[QUERY]], %{{.+}} : index
  %0 = bev.reference_grid bev_size([3, 4]) pillar_height(8.0) origin(%origin) outs(%grid : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  // CHECK: linalg.generic {{.*}} outs(%{{.+}} : memref<12x2xf32>)
  bev.reference_grid bev_size([3, 4]) outs(%flat : memref<12x2xf32>)
  return %0 : tensor<?x4x3xf32>
}

// CHECK-LABEL: func.func @resampling
func.func @resampling(%prev: tensor<2x5x7x8xbf16>, %angle: tensor<2xf32>, %reset: tensor<2xi1>, %map: tensor<2x5x7x8xbf16>, %input: memref<2x3x?x?xf32>, %grid: memref<2x4x6x2xf32>, %sampled: memref<2x3x4x6xf32>, %x: tensor<f16>, %y: tensor<f16>) -> (tensor<2x5x7x8xbf16>, tensor<f16>) {
  // CHECK: linalg.generic {{.*}} outs(%{{.+}} : tensor<2x5x7x8xbf16>)
  %0 = bev.warp_bev nearest
      ins(%prev, %angle : tensor<2x5x7x8xbf16>, tensor<2xf32>) reset(%reset : tensor<2xi1>)
      outs(%map : tensor<2x5x7x8xbf16>) -> tensor<2x5x7x8xbf16>
  // Sixteen taps, each read where it is.
  // CHECK: linalg.generic {{.*}} outs(%{{.+}} : memref<2x3x4x6xf32>)
  // CHECK-COUNT-16: scf.if
  // CHECK: linalg.yield
  bev.grid_sample bicubic border ins(%input, %grid : memref<2x3x?x?xf32>, memref<2x4x6x2xf32>) outs(%sampled : memref<2x3x4x6xf32>)
  // Rank 0, and no loop.
  // CHECK: linalg.generic {{.*}}iterator_types = []} outs(%{{.+}} : tensor<f16>)
  %1 = bev.inverse_sigmoid ins(%x : tensor<f16>) outs(%y : tensor<f16>) -> tensor<f16>
  return %0, %1 : tensor<2x5x7x8xbf16>, tensor<f16>
}
