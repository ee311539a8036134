// RUN: bev-opt %s -transform-interpreter -canonicalize -cse -split-input-file | FileCheck %s

// The tiling interface through upstream's transforms, with sizes that do not
// divide.

// Whole levels: value is sliced along B, M and D only. Heads and channels, which
// are static, are tiled by sizes that divide; queries by any.
// CHECK-LABEL: func.func @ms_deform_attn
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<2x6x4x8xf32>, %[[LOCATIONS:[a-z0-9]+]]: tensor<2x5x4x1x4x2xf32>, %[[WEIGHTS:[a-z0-9]+]]: tensor<2x5x4x1x4xf32>, %[[INIT:[a-z0-9]+]]: tensor<2x5x4x8xf32>)
func.func @ms_deform_attn(%value: tensor<2x6x4x8xf32>, %locations: tensor<2x5x4x1x4x2xf32>, %weights: tensor<2x5x4x1x4xf32>, %init: tensor<2x5x4x8xf32>) -> tensor<2x5x4x8xf32> {
  // CHECK: scf.forall (%[[B:.+]], %[[I:.+]], %[[J:.+]], %[[K:.+]]) in (2, 3, 2, 2) shared_outs(%[[OUT:.+]] = %[[INIT]])
  // CHECK-DAG: %[[Q:.+]] = affine.apply #{{.+}}(%[[I]])
  // CHECK-DAG: %[[M:.+]] = affine.apply #{{.+}}(%[[J]])
  // CHECK-DAG: %[[D:.+]] = affine.apply #{{.+}}(%[[K]])
  // CHECK-DAG: %[[SIZE_Q:.+]] = affine.min {{.*}}(%[[I]])
  // CHECK-DAG: %[[VALUE_TILE:.+]] = tensor.extract_slice %[[VALUE]][%[[B]], 0, %[[M]], %[[D]]] [1, 6, 2, 4]
  // CHECK-DAG: %[[LOCATIONS_TILE:.+]] = tensor.extract_slice %[[LOCATIONS]][%[[B]], %[[Q]], %[[M]], 0, 0, 0] [1, %[[SIZE_Q]], 2, 1, 4, 2]
  // CHECK-DAG: %[[WEIGHTS_TILE:.+]] = tensor.extract_slice %[[WEIGHTS]][%[[B]], %[[Q]], %[[M]], 0, 0] [1, %[[SIZE_Q]], 2, 1, 4]
  // CHECK-DAG: %[[OUT_TILE:.+]] = tensor.extract_slice %[[OUT]][%[[B]], %[[Q]], %[[M]], %[[D]]] [1, %[[SIZE_Q]], 2, 4]
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<2x6x4x8xf32>, tensor<2x5x4x1x4x2xf32>, tensor<2x5x4x1x4xf32>)
      outs(%init : tensor<2x5x4x8xf32>) -> tensor<2x5x4x8xf32>
  return %0 : tensor<2x5x4x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.ms_deform_attn"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [1, 2, 2, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// M is static in every operand, so a tile of M must be too: 2 divides 4.
// The attributes are kept.
// CHECK-LABEL: func.func @deformable_attention
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<?x6x4x8xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<?x?x2x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<?x?x4x1x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<?x?x4x4xf32>
func.func @deformable_attention(%value: tensor<?x6x4x8xf32>, %reference: tensor<?x?x2x2xf32>, %offsets: tensor<?x?x4x1x4x2xf32>, %logits: tensor<?x?x4x4xf32>, %init: tensor<?x?x4x8xf32>) -> tensor<?x?x4x8xf32> {
  // CHECK: scf.for %[[Q:.+]] = {{.*}} step
  // CHECK: scf.for %[[M:.+]] = {{.*}} step
  // CHECK: %[[SIZE:.+]] = affine.min {{.*}}(%[[Q]])
  // CHECK-DAG: tensor.extract_slice %[[VALUE]][0, 0, %[[M]], 0] [%{{.+}}, 6, 2, 8]
  // CHECK-DAG: tensor.extract_slice %[[REFERENCE]][0, %[[Q]], 0, 0] [%{{.+}}, %[[SIZE]], 2, 2]
  // CHECK-DAG: tensor.extract_slice %[[OFFSETS]][0, %[[Q]], %[[M]], 0, 0, 0] [%{{.+}}, %[[SIZE]], 2, 1, 4, 2]
  // CHECK-DAG: tensor.extract_slice %[[LOGITS]][0, %[[Q]], %[[M]], 0] [%{{.+}}, %[[SIZE]], 2, 4]
  // CHECK: bev.deformable_attention pillar anchor_order({{ ?}}div) levels([2, 3]) schedule(<lanes = 4>)
  // CHECK-SAME: tensor<?x?x2x8xf32>
  %0 = bev.deformable_attention pillar anchor_order(div) levels([2, 3]) schedule(<lanes = 4>)
      ins(%value, %reference, %offsets, %logits : tensor<?x6x4x8xf32>, tensor<?x?x2x2xf32>, tensor<?x?x4x1x4x2xf32>, tensor<?x?x4x4xf32>)
      outs(%init : tensor<?x?x4x8xf32>) -> tensor<?x?x4x8xf32>
  return %0 : tensor<?x?x4x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.deformable_attention"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [0, 7, 2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Every camera and every level of a tile of queries.
// CHECK-LABEL: func.func @spatial_cross_attention
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x6x2x8xf32>, %[[UV:[a-z0-9]+]]: tensor<1x6x9x4x2xf32>, %[[VISIBLE:[a-z0-9]+]]: tensor<1x6x9x4xi1>
func.func @spatial_cross_attention(%value: tensor<1x6x6x2x8xf32>, %uv: tensor<1x6x9x4x2xf32>, %visible: tensor<1x6x9x4xi1>, %offsets: tensor<1x9x2x1x8x2xf32>, %logits: tensor<1x9x2x8xf32>, %init: tensor<1x9x2x8xf32>) -> tensor<1x9x2x8xf32> {
  // CHECK: scf.forall (%[[I:.+]]) in (3)
  // CHECK-DAG: %[[Q:.+]] = affine.apply #{{.+}}(%[[I]])
  // CHECK-DAG: %[[SIZE:.+]] = affine.min
  // CHECK-DAG: tensor.extract_slice %[[UV]][0, 0, %[[Q]], 0, 0] [1, 6, %[[SIZE]], 4, 2]
  // CHECK-DAG: tensor.extract_slice %[[VISIBLE]][0, 0, %[[Q]], 0] [1, 6, %[[SIZE]], 4]
  // CHECK: bev.spatial_cross_attention levels([2, 3]) ins(%[[VALUE]],
  %0 = bev.spatial_cross_attention levels([2, 3])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x6x2x8xf32>, tensor<1x6x9x4x2xf32>, tensor<1x6x9x4xi1>, tensor<1x9x2x1x8x2xf32>, tensor<1x9x2x8xf32>)
      outs(%init : tensor<1x9x2x8xf32>) -> tensor<1x9x2x8xf32>
  return %0 : tensor<1x9x2x8xf32>
}

// CHECK-LABEL: func.func @temporal_self_attention
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x2x6x2x8xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x2x9x1x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x9x2x2x1x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x9x2x2x4xf32>
func.func @temporal_self_attention(%value: tensor<1x2x6x2x8xf32>, %reference: tensor<1x2x9x1x2xf32>, %offsets: tensor<1x9x2x2x1x4x2xf32>, %logits: tensor<1x9x2x2x4xf32>, %init: tensor<1x9x2x8xf32>) -> tensor<1x9x2x8xf32> {
  // CHECK: scf.forall (%[[I:.+]]) in (3)
  // CHECK-DAG: %[[Q:.+]] = affine.apply #{{.+}}(%[[I]])
  // CHECK-DAG: %[[SIZE:.+]] = affine.min
  // CHECK-DAG: tensor.extract_slice %[[REFERENCE]][0, 0, %[[Q]], 0, 0] [1, 2, %[[SIZE]], 1, 2]
  // CHECK-DAG: tensor.extract_slice %[[OFFSETS]][0, %[[Q]], 0, 0, 0, 0, 0] [1, %[[SIZE]], 2, 2, 1, 4, 2]
  // CHECK-DAG: tensor.extract_slice %[[LOGITS]][0, %[[Q]], 0, 0, 0] [1, %[[SIZE]], 2, 2, 4]
  // CHECK: bev.temporal_self_attention levels([2, 3]) ins(%[[VALUE]],
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x8xf32>, tensor<1x2x9x1x2xf32>, tensor<1x9x2x2x1x4x2xf32>, tensor<1x9x2x2x4xf32>)
      outs(%init : tensor<1x9x2x8xf32>) -> tensor<1x9x2x8xf32>
  return %0 : tensor<1x9x2x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.spatial_cross_attention", "bev.temporal_self_attention"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [0, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Two results follow the loops (b, n, q, z); uv has the coordinates too. An
// anchor is no loop that could be split unevenly.
// CHECK-LABEL: func.func @project_points
//  CHECK-SAME: %[[POINTS:[a-z0-9]+]]: tensor<1x9x4x3xf32>, %[[MATRIX:[a-z0-9]+]]: tensor<1x6x4x4xf32>, %[[IMAGE:[a-z0-9]+]]: tensor<6x2xf32>
func.func @project_points(%points: tensor<1x9x4x3xf32>, %matrix: tensor<1x6x4x4xf32>, %size: tensor<6x2xf32>, %uv: tensor<1x6x9x4x2xf32>, %visible: tensor<1x6x9x4xi1>) -> (tensor<1x6x9x4x2xf32>, tensor<1x6x9x4xi1>) {
  // CHECK: scf.forall (%[[N:.+]], %[[I:.+]], %[[J:.+]]) in (6, 3, 2) shared_outs(%[[UV:.+]] = %{{.+}}, %[[VISIBLE:.+]] = %{{.+}})
  // CHECK-DAG: %[[Q:.+]] = affine.apply #{{.+}}(%[[I]])
  // CHECK-DAG: %[[Z:.+]] = affine.apply #{{.+}}(%[[J]])
  // CHECK-DAG: %[[SIZE:.+]] = affine.min
  // CHECK-DAG: tensor.extract_slice %[[POINTS]][0, %[[Q]], %[[Z]], 0] [1, %[[SIZE]], 2, 3]
  // CHECK-DAG: tensor.extract_slice %[[MATRIX]][0, %[[N]], 0, 0] [1, 1, 4, 4]
  // CHECK-DAG: tensor.extract_slice %[[IMAGE]][%[[N]], 0] [1, 2]
  // CHECK-DAG: tensor.extract_slice %[[UV]][0, %[[N]], %[[Q]], %[[Z]], 0] [1, 1, %[[SIZE]], 2, 2]
  // CHECK-DAG: tensor.extract_slice %[[VISIBLE]][0, %[[N]], %[[Q]], %[[Z]]] [1, 1, %[[SIZE]], 2]
  // CHECK: %[[TILE:.+]]:2 = bev.project_points
  // CHECK: tensor.parallel_insert_slice %[[TILE]]#0 into %[[UV]][0, %[[N]], %[[Q]], %[[Z]], 0]
  // CHECK: tensor.parallel_insert_slice %[[TILE]]#1 into %[[VISIBLE]][0, %[[N]], %[[Q]], %[[Z]]]
  %0:2 = bev.project_points
      ins(%points, %matrix, %size : tensor<1x9x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x9x4x2xf32>, tensor<1x6x9x4xi1>) -> tensor<1x6x9x4x2xf32>, tensor<1x6x9x4xi1>
  return %0#0, %0#1 : tensor<1x6x9x4x2xf32>, tensor<1x6x9x4xi1>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.project_points"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [0, 1, 4, 2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Tiles of heads are tiles of dimension 1 of a head-major value, or 2 where there
// are cameras before.
// CHECK-LABEL: func.func @head_major
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x4x6x8xf32>
func.func @head_major(%value: tensor<1x4x6x8xf32>, %reference: tensor<1x9x1x2xf32>, %offsets: tensor<1x9x4x1x4x2xf32>, %logits: tensor<1x9x4x4xf32>, %init: tensor<1x9x4x8xf32>) -> tensor<1x9x4x8xf32> {
  // CHECK: scf.for %[[M:.+]] = {{.*}} step
  // CHECK-DAG: tensor.extract_slice %[[VALUE]][0, %[[M]], 0, 0] [1, 2, 6, 8]
  // CHECK: bev.deformable_attention level levels([2, 3]) value_layout({{ ?}}head_major) ins({{.*}} : tensor<1x2x6x8xf32>
  %0 = bev.deformable_attention level levels([2, 3]) value_layout(head_major)
      ins(%value, %reference, %offsets, %logits : tensor<1x4x6x8xf32>, tensor<1x9x1x2xf32>, tensor<1x9x4x1x4x2xf32>, tensor<1x9x4x4xf32>)
      outs(%init : tensor<1x9x4x8xf32>) -> tensor<1x9x4x8xf32>
  return %0 : tensor<1x9x4x8xf32>
}

// CHECK-LABEL: func.func @head_major_cameras
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x4x6x8xf32>
func.func @head_major_cameras(%value: tensor<1x6x4x6x8xf32>, %uv: tensor<1x6x9x4x2xf32>, %visible: tensor<1x6x9x4xi1>, %offsets: tensor<1x9x4x1x4x2xf32>, %logits: tensor<1x9x4x4xf32>, %init: tensor<1x9x4x8xf32>) -> tensor<1x9x4x8xf32> {
  // CHECK: scf.for %[[M:.+]] = {{.*}} step
  // CHECK-DAG: tensor.extract_slice %[[VALUE]][0, 0, %[[M]], 0, 0] [1, 6, 2, 6, 8]
  // CHECK: bev.spatial_cross_attention levels([2, 3]) value_layout({{ ?}}head_major) ins({{.*}} : tensor<1x6x2x6x8xf32>
  %0 = bev.spatial_cross_attention levels([2, 3]) value_layout(head_major)
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x4x6x8xf32>, tensor<1x6x9x4x2xf32>, tensor<1x6x9x4xi1>, tensor<1x9x4x1x4x2xf32>, tensor<1x9x4x4xf32>)
      outs(%init : tensor<1x9x4x8xf32>) -> tensor<1x9x4x8xf32>
  return %0 : tensor<1x9x4x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.deformable_attention", "bev.spatial_cross_attention"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 0, 2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A tile of the grid knows which query it begins with, also when it is a tile
// of a tile.
// CHECK-DAG: #[[FIRST:.+]] = affine_map<(d0)[s0] -> (d0 * 5 + s0)>
// CHECK-LABEL: func.func @reference_grid
//  CHECK-SAME: %[[ORIGIN:[a-z0-9]+]]: index)
func.func @reference_grid(%grid: tensor<12x2xf32>, %part: tensor<7x4x3xf32>, %origin: index) -> (tensor<12x2xf32>, tensor<7x4x3xf32>) {
  // CHECK: scf.forall (%[[I:.+]]) in (3)
  // CHECK: %[[Q:.+]] = affine.apply #{{.+}}(%[[I]])
  // CHECK: bev.reference_grid bev_size([3, 4]) origin(%[[Q]]) outs(%{{.+}} : tensor<?x2xf32>)
  %0 = bev.reference_grid bev_size([3, 4]) outs(%grid : tensor<12x2xf32>) -> tensor<12x2xf32>
  // CHECK: scf.forall (%[[I:.+]]) in (2)
  // CHECK: %[[Q:.+]] = affine.apply #[[FIRST]](%[[I]])[%[[ORIGIN]]]
  // CHECK: bev.reference_grid bev_size([3, 4]) pillar_height({{.*}}) origin(%[[Q]]) outs(%{{.+}} : tensor<?x4x3xf32>)
  %1 = bev.reference_grid bev_size([3, 4]) pillar_height(8.0) origin(%origin) outs(%part : tensor<7x4x3xf32>) -> tensor<7x4x3xf32>
  return %0, %1 : tensor<12x2xf32>, tensor<7x4x3xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.reference_grid"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [5] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A tile of the result reads all of prev, and knows its first row and column.
// CHECK-LABEL: func.func @warp_bev
//  CHECK-SAME: %[[PREV:[a-z0-9]+]]: tensor<2x5x7x8xf32>, %[[ANGLE:[a-z0-9]+]]: tensor<2xf32>, %[[RESET:[a-z0-9]+]]: tensor<2xi1>
func.func @warp_bev(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %reset: tensor<2xi1>, %init: tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32> {
  // CHECK: scf.forall (%[[B:.+]], %[[Y:.+]], %[[X:.+]], %[[K:.+]]) in (2, 3, 3, 2)
  // CHECK-DAG: %[[J:.+]] = affine.apply #{{.+}}(%[[Y]])
  // CHECK-DAG: %[[I:.+]] = affine.apply #{{.+}}(%[[X]])
  // CHECK-DAG: %[[C:.+]] = affine.apply #{{.+}}(%[[K]])
  // CHECK-DAG: %[[PREV_TILE:.+]] = tensor.extract_slice %[[PREV]][%[[B]], 0, 0, %[[C]]] [1, 5, 7, 4]
  // CHECK-DAG: %[[ANGLE_TILE:.+]] = tensor.extract_slice %[[ANGLE]][%[[B]]] [1]
  // CHECK-DAG: %[[RESET_TILE:.+]] = tensor.extract_slice %[[RESET]][%[[B]]] [1]
  // CHECK: bev.warp_bev bilinear center([1.000000e+02, 1.000000e+02]) origin(%[[J]], %[[I]]) ins(%[[PREV_TILE]], %[[ANGLE_TILE]] : {{.*}}) reset(%[[RESET_TILE]] : tensor<1xi1>) outs(%{{.+}} : tensor<1x?x?x4xf32>)
  %0 = bev.warp_bev bilinear center([100.0, 100.0])
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      reset(%reset : tensor<2xi1>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return %0 : tensor<2x5x7x8xf32>
}

// A tile of a tile of a map without a centre: the middle stays that of prev.
// CHECK-LABEL: func.func @warp_bev_tile
//  CHECK-SAME: %[[ROW:[a-z0-9]+]]: index, %[[COLUMN:[a-z0-9]+]]: index)
func.func @warp_bev_tile(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x3x4x8xf32>, %row: index, %column: index) -> tensor<2x3x4x8xf32> {
  // CHECK: scf.forall (%[[B:.+]], %[[Y:.+]], %[[X:.+]], %{{.+}}) in (2, 2, 2, 2)
  // CHECK-DAG: %[[FIRST_ROW:.+]] = affine.apply #{{.+}}(%[[Y]])[%[[ROW]]]
  // CHECK-DAG: %[[FIRST_COLUMN:.+]] = affine.apply #{{.+}}(%[[X]])[%[[COLUMN]]]
  // CHECK: bev.warp_bev nearest origin(%[[FIRST_ROW]], %[[FIRST_COLUMN]])
  %0 = bev.warp_bev nearest origin(%row, %column)
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x3x4x8xf32>) -> tensor<2x3x4x8xf32>
  return %0 : tensor<2x3x4x8xf32>
}

// CHECK-LABEL: func.func @grid_sample
//  CHECK-SAME: %[[INPUT:[a-z0-9]+]]: tensor<2x3x5x7xf32>, %[[GRID:[a-z0-9]+]]: tensor<2x9x6x2xf32>
func.func @grid_sample(%input: tensor<2x3x5x7xf32>, %grid: tensor<2x9x6x2xf32>, %init: tensor<2x3x9x6xf32>) -> tensor<2x3x9x6xf32> {
  // CHECK: scf.forall (%[[N:.+]], %[[Z:.+]], %[[Y:.+]], %[[X:.+]]) in (2, 2, 3, 2)
  // CHECK-DAG: %[[C:.+]] = affine.apply #{{.+}}(%[[Z]])
  // CHECK-DAG: %[[J:.+]] = affine.apply #{{.+}}(%[[Y]])
  // CHECK-DAG: %[[I:.+]] = affine.apply #{{.+}}(%[[X]])
  // CHECK-DAG: tensor.extract_slice %[[INPUT]][%[[N]], %[[C]], 0, 0] [1, %{{.+}}, 5, 7]
  // CHECK-DAG: tensor.extract_slice %[[GRID]][%[[N]], %[[J]], %[[I]], 0] [1, 3, %{{.+}}, 2]
  // CHECK: bev.grid_sample bicubic reflection align_corners
  %0 = bev.grid_sample bicubic reflection align_corners
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<2x9x6x2xf32>)
      outs(%init : tensor<2x3x9x6xf32>) -> tensor<2x3x9x6xf32>
  return %0 : tensor<2x3x9x6xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.warp_bev"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [1, 2, 3, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %sample = transform.structured.match ops{["bev.grid_sample"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled2, %forall2 = transform.structured.tile_using_forall %sample tile_sizes [1, 2, 3, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// CHECK-LABEL: func.func @ego_shift
//  CHECK-SAME: %[[CAN_BUS:[a-z0-9]+]]: tensor<5x18xf32>
func.func @ego_shift(%can_bus: tensor<5x18xf32>, %init: tensor<5x2xf32>, %x: tensor<5x3xf32>, %y: tensor<5x3xf32>) -> (tensor<5x2xf32>, tensor<5x3xf32>) {
  // CHECK: scf.forall (%[[I:.+]]) in (3)
  // CHECK: %[[B:.+]] = affine.apply #{{.+}}(%[[I]])
  // CHECK: tensor.extract_slice %[[CAN_BUS]][%[[B]], 0] [%{{.+}}, 18]
  // CHECK: bev.ego_shift {{.*}} outs(%{{.+}} : tensor<?x2xf32>)
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([3, 4]) ins(%can_bus : tensor<5x18xf32>) outs(%init : tensor<5x2xf32>) -> tensor<5x2xf32>
  // CHECK: scf.forall
  // CHECK: bev.inverse_sigmoid eps({{.*}}) ins(%{{.+}} : tensor<?x3xf32>) outs(%{{.+}} : tensor<?x3xf32>)
  %1 = bev.inverse_sigmoid eps(0.01) ins(%x : tensor<5x3xf32>) outs(%y : tensor<5x3xf32>) -> tensor<5x3xf32>
  return %0, %1 : tensor<5x2xf32>, tensor<5x3xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.ego_shift", "bev.inverse_sigmoid"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A consumer's tile pulls the tile of its producer in.
// CHECK-LABEL: func.func @fuse
func.func @fuse(%x: tensor<9x3xf32>, %e: tensor<9x3xf32>) -> tensor<9x3xf32> {
  %0 = bev.inverse_sigmoid ins(%x : tensor<9x3xf32>) outs(%e : tensor<9x3xf32>) -> tensor<9x3xf32>
  // CHECK: scf.forall
  // CHECK: %[[PRODUCED:.+]] = bev.inverse_sigmoid
  // CHECK: linalg.exp ins(%[[PRODUCED]] :
  %1 = linalg.exp ins(%0 : tensor<9x3xf32>) outs(%e : tensor<9x3xf32>) -> tensor<9x3xf32>
  return %1 : tensor<9x3xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %consumer = transform.structured.match ops{["linalg.exp"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %consumer tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %producer = transform.structured.match ops{["bev.inverse_sigmoid"]} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.fuse_into_containing_op %producer into %forall : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
