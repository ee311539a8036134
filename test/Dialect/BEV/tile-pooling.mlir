// RUN: bev-opt %s -transform-interpreter -canonicalize -cse -split-input-file | FileCheck %s

// The tiling interface of the ops of lift-splat models.

// A tile knows where in the frustum it lies, and how large that is; depths are
// those of the tile.
// CHECK-LABEL: func.func @frustum_to_voxel
//  CHECK-SAME: %[[DEPTHS:[a-z0-9]+]]: tensor<7xf32>, %[[INTRINSICS:[a-z0-9]+]]: tensor<2x6x3x3xf32>, %[[EGO:[a-z0-9]+]]: tensor<2x6x4x4xf32>, %[[BEV:[a-z0-9]+]]: tensor<2x4x4xf32>, %[[INIT:[a-z0-9]+]]: tensor<2x6x7x16x44xi32>
func.func @frustum_to_voxel(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %bev: tensor<2x4x4xf32>, %init: tensor<2x6x7x16x44xi32>) -> tensor<2x6x7x16x44xi32> {
  // CHECK: scf.forall (%[[B:.+]], %[[N:.+]], %[[I:.+]], %[[J:.+]], %[[K:.+]]) in (2, 3, 2, 4, 5) shared_outs(%[[OUT:.+]] = %[[INIT]])
  // CHECK-DAG: %[[CAMERA:.+]] = affine.apply #{{.+}}(%[[N]])
  // CHECK-DAG: %[[D:.+]] = affine.apply #{{.+}}(%[[I]])
  // CHECK-DAG: %[[H:.+]] = affine.apply #{{.+}}(%[[J]])
  // CHECK-DAG: %[[W:.+]] = affine.apply #{{.+}}(%[[K]])
  // CHECK-DAG: tensor.extract_slice %[[DEPTHS]][%[[D]]]
  // CHECK-DAG: tensor.extract_slice %[[INTRINSICS]][%[[B]], %[[CAMERA]], 0, 0] [1, 2, 3, 3]
  // CHECK-DAG: tensor.extract_slice %[[EGO]][%[[B]], %[[CAMERA]], 0, 0] [1, 2, 4, 4]
  // CHECK-DAG: tensor.extract_slice %[[BEV]][%[[B]], 0, 0] [1, 4, 4]
  // CHECK-DAG: tensor.extract_slice %[[OUT]][%[[B]], %[[CAMERA]], %[[D]], %[[H]], %[[W]]]
  // CHECK: bev.frustum_to_voxel {{.*}} origin(%[[H]], %[[W]]) feature_size(%c16, %c44)
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0]) cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      bev_augmentation(%bev : tensor<2x4x4xf32>)
      outs(%init : tensor<2x6x7x16x44xi32>) -> tensor<2x6x7x16x44xi32>
  return %0 : tensor<2x6x7x16x44xi32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.frustum_to_voxel"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [1, 2, 4, 4, 9] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Any point may be of any cell: a tile has some of the channels.
// CHECK-LABEL: func.func @voxel_pool
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<?x8xf32>, %[[RANKS:[a-z0-9]+]]: tensor<?xi32>
func.func @voxel_pool(%feat: tensor<?x8xf32>, %ranks: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32> {
  // CHECK: scf.forall (%[[I:.+]]) in (2)
  // CHECK: %[[C:.+]] = affine.apply #{{.+}}(%[[I]])
  // CHECK: tensor.extract_slice %[[FEAT]][0, %[[C]]] [%{{.+}}, 4]
  // CHECK: tensor.extract_slice %{{.+}}[0, 0, 0, 0, %[[C]]] [1, 1, 4, 5, 4]
  // CHECK: bev.voxel_pool ins(%{{.+}} : tensor<?x4xf32>) intervals(%{{.+}}, %{{.+}}, %{{.+}} : {{.*}}) outs(%{{.+}} : tensor<1x1x4x5x4xf32>)
  %0 = bev.voxel_pool ins(%feat : tensor<?x8xf32>)
      intervals(%ranks, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
  return %0 : tensor<1x1x4x5x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.voxel_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Rows and channels; the tables are whole.
// CHECK-LABEL: func.func @interval_pool
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<9x8xf32>, %[[DEPTH:[a-z0-9]+]]: tensor<?xf32>, %[[RD:[a-z0-9]+]]: tensor<30xi32>, %[[RF:[a-z0-9]+]]: tensor<30xi32>, %[[BOUNDS:[a-z0-9]+]]: tensor<5x?x2xi32>
func.func @interval_pool(%feat: tensor<9x8xf32>, %depth: tensor<?xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x?x2xi32>, %init: tensor<5x?x8xf32>) -> tensor<5x?x8xf32> {
  // CHECK: scf.for %[[I:.+]] = %c0 to %c5 step %c2
  // CHECK: scf.for %[[J:.+]] = %c0 to %{{.+}} step %c3
  // CHECK: scf.for %[[C:.+]] = %c0 to %c8 step %c4
  // CHECK-DAG: tensor.extract_slice %[[FEAT]][0, %[[C]]] [9, 4]
  // CHECK-DAG: tensor.extract_slice %[[BOUNDS]][%[[I]], %[[J]], 0] [%{{.+}}, %{{.+}}, 2]
  // CHECK: bev.interval_pool ins(%{{.+}} : tensor<9x4xf32>) depth(%{{.+}} : tensor<?xf32>) points(%[[RD]], %[[RF]] : {{.*}}) bounds(%{{.+}} : tensor<?x?x2xi32>) outs(%{{.+}} : tensor<?x?x4xf32>)
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<?xf32>)
      points(%rd, %rf : tensor<30xi32>, tensor<30xi32>) bounds(%bounds : tensor<5x?x2xi32>)
      outs(%init : tensor<5x?x8xf32>) -> tensor<5x?x8xf32>
  return %0 : tensor<5x?x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.interval_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:3 = transform.structured.tile_using_for %op tile_sizes [2, 3, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Without points there is nothing to slice.
// CHECK-LABEL: func.func @no_points
func.func @no_points(%feat: tensor<0x8xf32>, %bounds: tensor<5x2xi32>, %init: tensor<5x8xf32>) -> tensor<5x8xf32> {
  // CHECK: %[[EMPTY:.+]] = tensor.empty() : tensor<0x4xf32>
  // CHECK: bev.interval_pool ins(%[[EMPTY]] : tensor<0x4xf32>)
  %0 = bev.interval_pool ins(%feat : tensor<0x8xf32>) bounds(%bounds : tensor<5x2xi32>)
      outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return %0 : tensor<5x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.interval_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [1, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Segments and channels; features and depths have all rows, and the step is as
// it was.
// CHECK-LABEL: func.func @segment_pool
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<9x8xf16>, %[[DEPTH:[a-z0-9]+]]: tensor<?xf32>, %[[SEGMENTS:[a-z0-9]+]]: tensor<?x3xi32>, %[[STEP:[a-z0-9]+]]: index, %[[INIT:[a-z0-9]+]]: tensor<?x8xf32>
func.func @segment_pool(%feat: tensor<9x8xf16>, %depth: tensor<?xf32>, %segments: tensor<?x3xi32>, %w: index, %init: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: scf.for %[[I:.+]] = %c0 to %{{.+}} step %c3
  // CHECK: scf.for %[[C:.+]] = %c0 to %c8 step %c4 iter_args(%[[OUT:.+]] = %{{.+}})
  // CHECK-DAG: %[[FEAT_TILE:.+]] = tensor.extract_slice %[[FEAT]][0, %[[C]]] [9, 4]
  // CHECK-DAG: %[[DEPTHS:.+]] = tensor.extract_slice %[[DEPTH]][0] [%{{.+}}]
  // CHECK-DAG: %[[TABLE:.+]] = tensor.extract_slice %[[SEGMENTS]][%[[I]], 0] [%[[SIZE:.+]], 3]
  // CHECK-DAG: %[[SUMS:.+]] = tensor.extract_slice %[[OUT]][%[[I]], %[[C]]] [%[[SIZE]], 4]
  // CHECK: bev.segment_pool ins(%[[FEAT_TILE]], %[[DEPTHS]], %[[TABLE]] : tensor<9x4xf16>, tensor<?xf32>, tensor<?x3xi32>) step(%[[STEP]]) outs(%[[SUMS]] : tensor<?x4xf32>)
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<?xf32>, tensor<?x3xi32>) step(%w)
      outs(%init : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.segment_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [3, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// One rank of each point; the result is narrower than what it sums.
// CHECK-LABEL: func.func @one_rank
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<9x8xf32>, %[[RANKS:[a-z0-9]+]]: tensor<30xi32>
func.func @one_rank(%feat: tensor<9x8xf32>, %ranks: tensor<30xi32>, %bounds: tensor<5x2xi32>, %init: tensor<5x8xf16>) -> tensor<5x8xf16> {
  // CHECK: bev.interval_pool ins(%{{.+}} : tensor<9x4xf32>) points(%[[RANKS]] : tensor<30xi32>) bounds(%{{.+}} : tensor<1x2xi32>) outs(%{{.+}} : tensor<1x4xf16>)
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) points(%ranks : tensor<30xi32>)
      bounds(%bounds : tensor<5x2xi32>) outs(%init : tensor<5x8xf16>) -> tensor<5x8xf16>
  return %0 : tensor<5x8xf16>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.interval_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %forall = transform.structured.tile_using_forall %op tile_sizes [1, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
