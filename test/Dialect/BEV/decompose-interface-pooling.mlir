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
