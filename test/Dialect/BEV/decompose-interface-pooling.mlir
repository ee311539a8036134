// RUN: bev-opt %s -transform-interpreter -split-input-file | FileCheck %s

// Decomposition through upstream's transform: a voxel_pool to its tables and an
// interval_pool, that to linalg.

// CHECK-LABEL: func.func @voxel_pool
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<?x8xf32>
func.func @voxel_pool(%feat: tensor<?x8xf32>, %ranks: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32> {
  // CHECK-NOT: bev.voxel_pool
  // CHECK: scf.forall
  // CHECK: %[[R:.+]] = bev.interval_pool ins(%[[FEAT]] : tensor<?x8xf32>)
  // CHECK: return %[[R]]
  %0 = bev.voxel_pool ins(%feat : tensor<?x8xf32>)
      intervals(%ranks, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
  return %0 : tensor<1x1x4x5x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.voxel_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %decomposed = transform.structured.decompose_interface %op : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}

// -----

// CHECK-LABEL: func.func @interval_pool
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<9x8xf16>, %[[BOUNDS:[a-z0-9]+]]: tensor<4x2xi32>, %[[ROWS:[a-z0-9]+]]: tensor<4x8xf16>
func.func @interval_pool(%feat: tensor<9x8xf16>, %bounds: tensor<4x2xi32>, %rows: tensor<4x8xf16>) -> tensor<4x8xf16> {
  // CHECK-NOT: bev.interval_pool
  // CHECK: linalg.generic {{.*}} outs(%[[ROWS]] : tensor<4x8xf16>)
  // CHECK: tensor.extract %[[BOUNDS]]
  // CHECK: scf.for
  // CHECK: tensor.extract %[[FEAT]]
  // CHECK: arith.addf %{{.+}} : f32
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf16>) bounds(%bounds : tensor<4x2xi32>)
      outs(%rows : tensor<4x8xf16>) -> tensor<4x8xf16>
  return %0 : tensor<4x8xf16>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.interval_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %decomposed = transform.structured.decompose_interface %op : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}

// -----

// Segments are summed first, and then those of each cell.
// CHECK-LABEL: func.func @segments
//  CHECK-SAME: %[[SEGMENTS:[a-z0-9]+]]: tensor<?x3xi32>, %[[RANKS:[a-z0-9]+]]: tensor<?xi32>, %[[BOUNDS:[a-z0-9]+]]: tensor<1x1x4x5x2xi32>
func.func @segments(%segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<1x1x4x5x2xi32>, %feat: tensor<1x6x4x7x8xf16>, %depth: tensor<1x6x9x4x7xf16>, %init: tensor<1x1x4x5x8xf16>) -> tensor<1x1x4x5x8xf16> {
  // CHECK-NOT: bev.voxel_pool
  // CHECK: %[[SUMS:.+]] = bev.segment_pool {{.*}} -> tensor<?x8xf32>
  // CHECK: %[[R:.+]] = bev.interval_pool ins(%[[SUMS]] : tensor<?x8xf32>) points(%[[RANKS]] : tensor<?xi32>) bounds(%[[BOUNDS]] : {{.*}}) outs(%{{.+}} : tensor<1x1x4x5x8xf16>)
  // CHECK: return %[[R]]
  %0 = bev.voxel_pool ins(%feat : tensor<1x6x4x7x8xf16>) depth(%depth : tensor<1x6x9x4x7xf16>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>) bounds(%bounds : tensor<1x1x4x5x2xi32>)
      outs(%init : tensor<1x1x4x5x8xf16>) -> tensor<1x1x4x5x8xf16>
  return %0 : tensor<1x1x4x5x8xf16>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.voxel_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %decomposed = transform.structured.decompose_interface %op : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}

// -----

// Points in order, a few of them read before any is used, and those that are
// left one by one.
// CHECK-LABEL: func.func @segment_pool
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<9x8xf16>, %[[DEPTH:[a-z0-9]+]]: tensor<?xf32>, %[[SEGMENTS:[a-z0-9]+]]: tensor<?x3xi32>, %[[STEP:[a-z0-9]+]]: index, %[[ROWS:[a-z0-9]+]]: tensor<?x8xf32>
func.func @segment_pool(%feat: tensor<9x8xf16>, %depth: tensor<?xf32>, %segments: tensor<?x3xi32>, %w: index, %rows: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK-NOT: bev.segment_pool
  // CHECK: linalg.generic {{.*}} outs(%[[ROWS]] : tensor<?x8xf32>)
  // CHECK-COUNT-3: tensor.extract %[[SEGMENTS]]
  // CHECK: arith.maxsi %[[STEP]], %c1{{[_0-9]*}} : index
  // CHECK: %[[SUM:.+]] = scf.for {{.*}} step %c4_i32
  // CHECK-NOT: math.fma
  // CHECK: tensor.extract %[[DEPTH]]
  // CHECK: tensor.extract %[[FEAT]]
  // CHECK-COUNT-4: math.fma %{{.+}} : f32
  // CHECK: scf.for {{.*}} iter_args(%{{.+}} = %[[SUM]])
  // CHECK: tensor.extract %[[DEPTH]]
  // CHECK: tensor.extract %[[FEAT]]
  // CHECK: math.fma %{{.+}} : f32
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<?xf32>, tensor<?x3xi32>) step(%w)
      outs(%rows : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.segment_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %decomposed = transform.structured.decompose_interface %op : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}

// -----

// Rows by one rank, without a product; the sum is rounded once.
// CHECK-LABEL: func.func @one_rank
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<9x8xf32>, %[[RANKS:[a-z0-9]+]]: tensor<?xi32>
func.func @one_rank(%feat: tensor<9x8xf32>, %ranks: tensor<?xi32>, %bounds: tensor<4x2xi32>, %rows: tensor<4x8xbf16>) -> tensor<4x8xbf16> {
  // CHECK: scf.for
  // CHECK: tensor.extract %[[RANKS]]
  // CHECK: arith.cmpi ult
  // CHECK: scf.if
  // CHECK: tensor.extract %[[FEAT]]
  // CHECK-NOT: arith.mulf
  // CHECK-NOT: math.fma
  // CHECK: arith.addf %{{.+}} : f32
  // CHECK: arith.truncf %{{.+}} : f32 to bf16
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) points(%ranks : tensor<?xi32>) bounds(%bounds : tensor<4x2xi32>)
      outs(%rows : tensor<4x8xbf16>) -> tensor<4x8xbf16>
  return %0 : tensor<4x8xbf16>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.interval_pool"]} in %root : (!transform.any_op) -> !transform.any_op
    %decomposed = transform.structured.decompose_interface %op : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}
