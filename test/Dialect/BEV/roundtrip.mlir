// RUN: bev-opt %s | FileCheck %s
// RUN: bev-opt %s | bev-opt | FileCheck %s
// RUN: bev-opt %s --mlir-print-op-generic | bev-opt | FileCheck %s

// CHECK-LABEL: func.func @ms_deform_attn
func.func @ms_deform_attn(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK: bev.ms_deform_attn levels([2, 3], [1, 2]) ins(%{{.+}}, %{{.+}}, %{{.+}} : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>) outs(%{{.+}} : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// Dynamic sizes everywhere they may be, mixed level sizes, other element types,
// a schedule and an attribute of no meaning.
// CHECK-LABEL: func.func @ms_deform_attn_dynamic
//  CHECK-SAME: %[[H:[a-z0-9]+]]: index, %[[W:[a-z0-9]+]]: index)
func.func @ms_deform_attn_dynamic(%value: tensor<?x?x2x4xf16>, %locations: tensor<?x?x2x2x3x2xf32>, %weights: tensor<?x?x2x2x3xbf16>, %init: tensor<?x?x2x4xf16>, %h: index, %w: index) -> tensor<?x?x2x4xf16> {
  // CHECK: bev.ms_deform_attn levels([%[[H]], 3], [7, %[[W]]]) schedule(<lanes = 4, threads = 64, guard = skip, blocks = 16, heads = 2, strip = 4, width = 50>)
  // CHECK-SAME: {note = "kept"}
  %0 = bev.ms_deform_attn levels([%h, 3], [7, %w]) schedule(<lanes = 4, threads = 64, guard = skip, blocks = 16, heads = 2, strip = 4, width = 50>)
      ins(%value, %locations, %weights : tensor<?x?x2x4xf16>, tensor<?x?x2x2x3x2xf32>, tensor<?x?x2x2x3xbf16>)
      outs(%init : tensor<?x?x2x4xf16>) {note = "kept"} -> tensor<?x?x2x4xf16>
  return %0 : tensor<?x?x2x4xf16>
}

// Strided, offset and placed memrefs; no result.
// CHECK-LABEL: func.func @ms_deform_attn_memref
func.func @ms_deform_attn_memref(%value: memref<1x6x2x4xf32, strided<[96, 16, 8, 1], offset: ?>>, %locations: memref<1x5x2x1x3x2xf32, 1>, %weights: memref<1x5x2x1x3xf32, strided<[?, ?, ?, ?, ?], offset: ?>>, %init: memref<1x5x2x4xf32>) {
  // CHECK: bev.ms_deform_attn levels([2, 3]) ins({{.*}} : memref<1x6x2x4xf32, strided<[96, 16, 8, 1], offset: ?>>, memref<1x5x2x1x3x2xf32, 1>, memref<1x5x2x1x3xf32, strided<[?, ?, ?, ?, ?], offset: ?>>) outs(%{{.+}} : memref<1x5x2x4xf32>){{$}}
  bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : memref<1x6x2x4xf32, strided<[96, 16, 8, 1], offset: ?>>, memref<1x5x2x1x3x2xf32, 1>, memref<1x5x2x1x3xf32, strided<[?, ?, ?, ?, ?], offset: ?>>)
      outs(%init : memref<1x5x2x4xf32>)
  return
}

// CHECK-LABEL: func.func @no_queries
func.func @no_queries(%value: tensor<0x6x2x4xf32>, %locations: tensor<0x0x2x1x3x2xf32>, %weights: tensor<0x0x2x1x3xf32>, %init: tensor<0x0x2x4xf32>) -> tensor<0x0x2x4xf32> {
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<0x6x2x4xf32>, tensor<0x0x2x1x3x2xf32>, tensor<0x0x2x1x3xf32>)
      outs(%init : tensor<0x0x2x4xf32>) -> tensor<0x0x2x4xf32>
  return %0 : tensor<0x0x2x4xf32>
}

// CHECK-LABEL: func.func @deformable_attention
func.func @deformable_attention(%value: tensor<1x8x2x4xf16>, %level: tensor<1x5x2x2xf32>, %one: tensor<1x5x1x2xf32>, %box: tensor<1x5x1x4xf32>, %pillar: tensor<1x5x4x2xf32>, %offsets: tensor<1x5x2x2x4x2xf16>, %logits: tensor<1x5x2x8xf16>, %init: tensor<1x5x2x4xf16>) {
  // CHECK: bev.deformable_attention level levels([2, 3], [1, 2]) ins
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %level, %offsets, %logits : tensor<1x8x2x4xf16>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf16>, tensor<1x5x2x8xf16>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  // CHECK: bev.deformable_attention level levels([2, 3], [1, 2]) ins
  %1 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %one, %offsets, %logits : tensor<1x8x2x4xf16>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x4x2xf16>, tensor<1x5x2x8xf16>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  // CHECK: bev.deformable_attention box levels([2, 3], [1, 2]) schedule(<lanes = 2, share = true>) ins
  %2 = bev.deformable_attention box levels([2, 3], [1, 2]) schedule(<lanes = 2, blocks = 0, share = true, packed = false>)
      ins(%value, %box, %offsets, %logits : tensor<1x8x2x4xf16>, tensor<1x5x1x4xf32>, tensor<1x5x2x2x4x2xf16>, tensor<1x5x2x8xf16>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  // CHECK: bev.deformable_attention pillar levels([2, 3], [1, 2]) ins
  %3 = bev.deformable_attention pillar anchor_order(mod) levels([2, 3], [1, 2])
      ins(%value, %pillar, %offsets, %logits : tensor<1x8x2x4xf16>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x4x2xf16>, tensor<1x5x2x8xf16>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  // CHECK: bev.deformable_attention pillar anchor_order({{ ?}}div) levels([2, 3], [1, 2]) ins
  %4 = bev.deformable_attention pillar anchor_order(div) levels([2, 3], [1, 2])
      ins(%value, %pillar, %offsets, %logits : tensor<1x8x2x4xf16>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x4x2xf16>, tensor<1x5x2x8xf16>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  return
}

// Offsets and logits packed in one tensor: views of one memref.
// CHECK-LABEL: func.func @deformable_attention_packed
func.func @deformable_attention_packed(%value: memref<1x6x2x4xf32>, %reference: memref<1x?x1x2xf32>, %offsets: memref<1x?x2x1x4x2xf32, strided<[?, 24, 8, 8, 2, 1]>>, %logits: memref<1x?x2x4xf32, strided<[?, 24, 4, 1], offset: 16>>, %init: memref<1x?x2x4xf32>) {
  // CHECK: bev.deformable_attention level levels([2, 3]) ins({{.*}}strided<[?, 24, 8, 8, 2, 1]>>, memref<1x?x2x4xf32, strided<[?, 24, 4, 1], offset: 16>>)
  bev.deformable_attention level levels([2, 3])
      ins(%value, %reference, %offsets, %logits : memref<1x6x2x4xf32>, memref<1x?x1x2xf32>, memref<1x?x2x1x4x2xf32, strided<[?, 24, 8, 8, 2, 1]>>, memref<1x?x2x4xf32, strided<[?, 24, 4, 1], offset: 16>>)
      outs(%init : memref<1x?x2x4xf32>)
  return
}

// CHECK-LABEL: func.func @spatial_cross_attention
func.func @spatial_cross_attention(%value: tensor<?x?x6x2x4xbf16>, %uv: tensor<?x?x?x4x2xf32>, %visible: tensor<?x?x?x4xi1>, %offsets: tensor<?x?x2x1x8x2xbf16>, %logits: tensor<?x?x2x8xbf16>, %init: tensor<?x?x2x4xbf16>) -> tensor<?x?x2x4xbf16> {
  // CHECK: bev.spatial_cross_attention levels([2, 3]) ins({{.*}}) outs({{.*}}) -> tensor<?x?x2x4xbf16>
  %0 = bev.spatial_cross_attention levels([2, 3])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<?x?x6x2x4xbf16>, tensor<?x?x?x4x2xf32>, tensor<?x?x?x4xi1>, tensor<?x?x2x1x8x2xbf16>, tensor<?x?x2x8xbf16>)
      outs(%init : tensor<?x?x2x4xbf16>) -> tensor<?x?x2x4xbf16>
  return %0 : tensor<?x?x2x4xbf16>
}

// CHECK-LABEL: func.func @spatial_cross_attention_memref
//  CHECK-SAME: %[[H:[a-z0-9]+]]: index)
func.func @spatial_cross_attention_memref(%value: memref<1x6x?x2x4xf32>, %uv: memref<1x6x5x4x2xf32>, %visible: memref<1x6x5x4xi1>, %offsets: memref<1x5x2x1x8x2xf32>, %logits: memref<1x5x2x8xf32>, %init: memref<1x5x2x4xf32>, %h: index) {
  // CHECK: bev.spatial_cross_attention anchor_order({{ ?}}div) levels([%[[H]], 3]) schedule(<lanes = 4, guard = select>) ins
  bev.spatial_cross_attention anchor_order(div) levels([%h, 3]) schedule(<lanes = 4, guard = select>)
      ins(%value, %uv, %visible, %offsets, %logits : memref<1x6x?x2x4xf32>, memref<1x6x5x4x2xf32>, memref<1x6x5x4xi1>, memref<1x5x2x1x8x2xf32>, memref<1x5x2x8xf32>)
      outs(%init : memref<1x5x2x4xf32>)
  return
}

// CHECK-LABEL: func.func @temporal_self_attention
func.func @temporal_self_attention(%value: tensor<?x2x6x2x4xf32>, %reference: tensor<?x2x?x1x2xf32>, %offsets: tensor<?x?x2x2x1x4x2xf32>, %logits: tensor<?x?x2x2x4xf32>, %init: tensor<?x?x2x4xf32>) -> tensor<?x?x2x4xf32> {
  // CHECK: bev.temporal_self_attention levels([2, 3]) schedule(<lanes = 2>) ins
  %0 = bev.temporal_self_attention levels([2, 3]) schedule(<lanes = 2, threads = 256, guard = predicate>)
      ins(%value, %reference, %offsets, %logits : tensor<?x2x6x2x4xf32>, tensor<?x2x?x1x2xf32>, tensor<?x?x2x2x1x4x2xf32>, tensor<?x?x2x2x4xf32>)
      outs(%init : tensor<?x?x2x4xf32>) -> tensor<?x?x2x4xf32>
  return %0 : tensor<?x?x2x4xf32>
}

// CHECK-LABEL: func.func @temporal_self_attention_memref
func.func @temporal_self_attention_memref(%value: memref<1x3x6x2x4xf32>, %reference: memref<1x3x5x1x2xf32>, %offsets: memref<1x5x2x3x1x4x2xf32>, %logits: memref<1x5x2x3x4xf32>, %init: memref<1x5x2x4xf32>) {
  // CHECK: bev.temporal_self_attention levels([2, 3]) ins
  bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : memref<1x3x6x2x4xf32>, memref<1x3x5x1x2xf32>, memref<1x5x2x3x1x4x2xf32>, memref<1x5x2x3x4xf32>)
      outs(%init : memref<1x5x2x4xf32>)
  return
}

// CHECK-LABEL: func.func @project_points
func.func @project_points(%points: tensor<1x?x4x3xf32>, %matrix: tensor<1x?x4x4xf32>, %size: tensor<?x2xf32>, %uv: tensor<1x?x?x4x2xf32>, %visible: tensor<1x?x?x4xi1>) -> tensor<1x?x?x4xi1> {
  // CHECK: bev.project_points ins({{.*}}) outs({{.*}}) -> tensor<1x?x?x4x2xf32>, tensor<1x?x?x4xi1>
  %0:2 = bev.project_points
      ins(%points, %matrix, %size : tensor<1x?x4x3xf32>, tensor<1x?x4x4xf32>, tensor<?x2xf32>)
      outs(%uv, %visible : tensor<1x?x?x4x2xf32>, tensor<1x?x?x4xi1>) -> tensor<1x?x?x4x2xf32>, tensor<1x?x?x4xi1>
  return %0#1 : tensor<1x?x?x4xi1>
}

// CHECK-LABEL: func.func @project_points_memref
func.func @project_points_memref(%points: memref<1x5x4x3xf32>, %matrix: memref<1x6x4x4xf32>, %size: memref<6x2xf32>, %uv: memref<1x6x5x4x2xf32>, %visible: memref<1x6x5x4xi1>) {
  // CHECK: bev.project_points pc_range([-5.120000e+01, -5.120000e+01, -5.000000e+00, 5.120000e+01, 5.120000e+01, 3.000000e+00]) ins
  bev.project_points pc_range([-51.2, -51.2, -5.0, 51.2, 51.2, 3.0])
      ins(%points, %matrix, %size : memref<1x5x4x3xf32>, memref<1x6x4x4xf32>, memref<6x2xf32>)
      outs(%uv, %visible : memref<1x6x5x4x2xf32>, memref<1x6x5x4xi1>)
  return
}

// CHECK-LABEL: func.func @ego_shift
func.func @ego_shift(%can_bus: tensor<?x18xf32>, %init: tensor<?x2xf32>, %in: memref<2x4xf32>, %out: memref<2x2xf32>) -> tensor<?x2xf32> {
  // CHECK: bev.ego_shift grid_length([5.120000e-01, 2.560000e-01]) bev_size([200, 100]) ins(%{{.+}} : tensor<?x18xf32>) outs(%{{.+}} : tensor<?x2xf32>) -> tensor<?x2xf32>
  %0 = bev.ego_shift grid_length([0.512, 0.256]) bev_size([200, 100])
      ins(%can_bus : tensor<?x18xf32>) outs(%init : tensor<?x2xf32>) -> tensor<?x2xf32>
  // CHECK: bev.ego_shift {{.*}} outs(%{{.+}} : memref<2x2xf32>){{$}}
  bev.ego_shift grid_length([0.512, 0.256]) bev_size([200, 100])
      ins(%in : memref<2x4xf32>) outs(%out : memref<2x2xf32>)
  return %0 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @reference_grid
//  CHECK-SAME: %[[O:[a-z0-9]+]]: index)
func.func @reference_grid(%flat: tensor<12x2xf32>, %pillar: tensor<?x4x3xf32>, %tile: memref<5x2xf32>, %origin: index) {
  // CHECK: bev.reference_grid bev_size([3, 4]) outs(%{{.+}} : tensor<12x2xf32>) -> tensor<12x2xf32>
  %0 = bev.reference_grid bev_size([3, 4]) outs(%flat : tensor<12x2xf32>) -> tensor<12x2xf32>
  // CHECK: bev.reference_grid bev_size([3, 4]) pillar_height(8.000000e+00) outs
  %1 = bev.reference_grid bev_size([3, 4]) pillar_height(8.0) outs(%pillar : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  // CHECK: bev.reference_grid bev_size([3, 4]) origin(%[[O]]) outs(%{{.+}} : memref<5x2xf32>)
  bev.reference_grid bev_size([3, 4]) origin(%origin) outs(%tile : memref<5x2xf32>)
  return
}

// CHECK-LABEL: func.func @warp_bev
//  CHECK-SAME: %[[O:[a-z0-9]+]]: index)
func.func @warp_bev(%prev: tensor<?x5x7x8xf16>, %angle: tensor<?xf32>, %reset: tensor<?xi1>, %init: tensor<?x5x7x8xf16>, %tile: tensor<?x2x3x8xf16>, %origin: index) {
  // CHECK: bev.warp_bev nearest ins(%{{.+}}, %{{.+}} : tensor<?x5x7x8xf16>, tensor<?xf32>) outs
  %0 = bev.warp_bev nearest
      ins(%prev, %angle : tensor<?x5x7x8xf16>, tensor<?xf32>)
      outs(%init : tensor<?x5x7x8xf16>) -> tensor<?x5x7x8xf16>
  // CHECK: bev.warp_bev bilinear center([1.000000e+02, 1.000000e+02]) origin(%[[O]], %[[O]]) schedule(<lanes = 8>) ins({{.*}}) reset(%{{.+}} : tensor<?xi1>) outs(%{{.+}} : tensor<?x2x3x8xf16>)
  %1 = bev.warp_bev bilinear center([100.0, 100.0]) origin(%origin, %origin) schedule(<lanes = 8>)
      ins(%prev, %angle : tensor<?x5x7x8xf16>, tensor<?xf32>)
      reset(%reset : tensor<?xi1>)
      outs(%tile : tensor<?x2x3x8xf16>) -> tensor<?x2x3x8xf16>
  return
}

// CHECK-LABEL: func.func @warp_bev_memref
func.func @warp_bev_memref(%prev: memref<2x5x7x8xf32>, %angle: memref<2xf32>, %reset: memref<2xi1>, %init: memref<2x5x7x8xf32>) {
  // CHECK: bev.warp_bev bilinear ins({{.*}}) reset({{.*}}) outs(%{{.+}} : memref<2x5x7x8xf32>){{$}}
  bev.warp_bev bilinear
      ins(%prev, %angle : memref<2x5x7x8xf32>, memref<2xf32>)
      reset(%reset : memref<2xi1>)
      outs(%init : memref<2x5x7x8xf32>)
  return
}

// CHECK-LABEL: func.func @grid_sample
func.func @grid_sample(%input: tensor<?x?x?x?xf32>, %grid: tensor<?x?x?x2xf32>, %init: tensor<?x?x?x?xf32>, %in: memref<2x3x5x7xbf16>, %at: memref<2x4x6x2xf32>, %out: memref<2x3x4x6xbf16>) {
  // CHECK: bev.grid_sample bilinear zeros ins
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<?x?x?x?xf32>, tensor<?x?x?x2xf32>)
      outs(%init : tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32>
  // CHECK: bev.grid_sample nearest border align_corners ins
  %1 = bev.grid_sample nearest border align_corners
      ins(%input, %grid : tensor<?x?x?x?xf32>, tensor<?x?x?x2xf32>)
      outs(%init : tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32>
  // CHECK: bev.grid_sample bicubic reflection ins({{.*}}) outs(%{{.+}} : memref<2x3x4x6xbf16>){{$}}
  bev.grid_sample bicubic reflection
      ins(%in, %at : memref<2x3x5x7xbf16>, memref<2x4x6x2xf32>)
      outs(%out : memref<2x3x4x6xbf16>)
  return
}

// CHECK-LABEL: func.func @inverse_sigmoid
func.func @inverse_sigmoid(%x: tensor<?x4xf16>, %y: tensor<?x4xf16>, %scalar: tensor<f32>, %in: memref<3xf32, strided<[2]>>, %out: memref<3xf32>) {
  // CHECK: bev.inverse_sigmoid ins(%{{.+}} : tensor<?x4xf16>) outs
  %0 = bev.inverse_sigmoid ins(%x : tensor<?x4xf16>) outs(%y : tensor<?x4xf16>) -> tensor<?x4xf16>
  // CHECK: bev.inverse_sigmoid eps(1.000000e-03) ins(%{{.+}} : tensor<f32>) outs
  %1 = bev.inverse_sigmoid eps(0.001) ins(%scalar : tensor<f32>) outs(%scalar : tensor<f32>) -> tensor<f32>
  // CHECK: bev.inverse_sigmoid ins(%{{.+}} : memref<3xf32, strided<[2]>>) outs(%{{.+}} : memref<3xf32>){{$}}
  bev.inverse_sigmoid ins(%in : memref<3xf32, strided<[2]>>) outs(%out : memref<3xf32>)
  return
}

// Values with the heads before the positions; the default layout is not printed.
// CHECK-LABEL: func.func @value_layouts
func.func @value_layouts(%value: tensor<1x2x?x4xf32>, %cameras: tensor<1x6x2x8x4xf32>, %default: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x4x2xf32>, %weights: tensor<1x5x2x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %frames: tensor<1x6x5x2x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %frame_offsets: tensor<1x5x2x6x2x4x2xf32>, %frame_logits: tensor<1x5x2x6x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // CHECK: bev.ms_deform_attn levels([2, 3], [1, 2]) value_layout({{ ?}}head_major) schedule(<lanes = 4>) ins
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2]) value_layout(head_major) schedule(<lanes = 4>)
      ins(%value, %locations, %weights : tensor<1x2x?x4xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: bev.ms_deform_attn levels([2, 3], [1, 2]) ins
  %1 = bev.ms_deform_attn levels([2, 3], [1, 2]) value_layout(position_major)
      ins(%default, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: bev.deformable_attention pillar anchor_order({{ ?}}div) levels([2, 3], [1, 2]) value_layout({{ ?}}head_major) ins
  %2 = bev.deformable_attention pillar anchor_order(div) levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %reference, %offsets, %logits : tensor<1x2x?x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: bev.spatial_cross_attention levels([2, 3], [1, 2]) value_layout({{ ?}}head_major) ins
  %3 = bev.spatial_cross_attention levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%cameras, %uv, %visible, %offsets, %logits : tensor<1x6x2x8x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: bev.temporal_self_attention levels([2, 3], [1, 2]) value_layout({{ ?}}head_major) ins
  %4 = bev.temporal_self_attention levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%cameras, %frames, %frame_offsets, %frame_logits : tensor<1x6x2x8x4xf32>, tensor<1x6x5x2x2xf32>, tensor<1x5x2x6x2x4x2xf32>, tensor<1x5x2x6x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}
