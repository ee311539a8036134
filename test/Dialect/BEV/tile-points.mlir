// RUN: bev-opt %s -bev-tile-to-forall=points -split-input-file | FileCheck %s
// RUN: bev-opt %s -bev-tile-to-forall -split-input-file | FileCheck %s --check-prefix=WHOLE

// One iteration for each point in each camera computes both results.
// CHECK-LABEL: func.func @project_points
//  CHECK-SAME: %[[POINTS:[a-z0-9]+]]: tensor<1x?x4x3xf32>, %[[MATRIX:[a-z0-9]+]]: tensor<1x6x4x4xf32>, %[[SIZE:[a-z0-9]+]]: tensor<6x2xf32>, %[[UV:[a-z0-9]+]]: tensor<1x6x?x4x2xf32>, %[[VISIBLE:[a-z0-9]+]]: tensor<1x6x?x4xi1>
// WHOLE-LABEL: func.func @project_points
func.func @project_points(%points: tensor<1x?x4x3xf32>, %matrix: tensor<1x6x4x4xf32>, %size: tensor<6x2xf32>, %uv: tensor<1x6x?x4x2xf32>, %visible: tensor<1x6x?x4xi1>) -> (tensor<1x6x?x4x2xf32>, tensor<1x6x?x4xi1>) {
  // CHECK: %[[R:.+]]:2 = scf.forall (%[[B:.+]], %[[N:.+]], %[[Q:.+]], %[[Z:.+]]) in (1, 6, %{{.+}}, 4) shared_outs(%[[U:.+]] = %[[UV]], %[[V:.+]] = %[[VISIBLE]])
  // CHECK-DAG: tensor.extract_slice %[[POINTS]][%[[B]], %[[Q]], %[[Z]], 0] [1, 1, 1, 3] [1, 1, 1, 1]
  // CHECK-DAG: tensor.extract_slice %[[MATRIX]][%[[B]], %[[N]], 0, 0] [1, 1, 4, 4] [1, 1, 1, 1]
  // CHECK-DAG: tensor.extract_slice %[[SIZE]][%[[N]], 0] [1, 2] [1, 1]
  // CHECK: %[[T:.+]]:2 = bev.project_points
  // CHECK-DAG: tensor.parallel_insert_slice %[[T]]#0 into %[[U]][%[[B]], %[[N]], %[[Q]], %[[Z]], 0] [1, 1, 1, 1, 2]
  // CHECK-DAG: tensor.parallel_insert_slice %[[T]]#1 into %[[V]][%[[B]], %[[N]], %[[Q]], %[[Z]]] [1, 1, 1, 1]
  // CHECK: return %[[R]]#0, %[[R]]#1
  // WHOLE-NOT: scf.forall
  %0:2 = bev.project_points
      ins(%points, %matrix, %size : tensor<1x?x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x?x4x2xf32>, tensor<1x6x?x4xi1>) -> tensor<1x6x?x4x2xf32>, tensor<1x6x?x4xi1>
  return %0#0, %0#1 : tensor<1x6x?x4x2xf32>, tensor<1x6x?x4xi1>
}

// -----

// In a parallel loop already, or on buffers: left.
// CHECK-LABEL: func.func @left
// WHOLE-LABEL: func.func @left
func.func @left(%points: tensor<1x9x4x3xf32>, %matrix: tensor<1x6x4x4xf32>, %size: tensor<6x2xf32>, %uv: tensor<1x6x9x4x2xf32>, %visible: tensor<1x6x9x4xi1>, %p: memref<1x9x4x3xf32>, %m: memref<1x6x4x4xf32>, %s: memref<6x2xf32>, %u: memref<1x6x9x4x2xf32>, %v: memref<1x6x9x4xi1>) -> tensor<1x6x9x4x2xf32> {
  // CHECK: scf.forall (
  // CHECK-NOT: scf.forall (
  %r = scf.forall (%i) in (1) shared_outs(%o = %uv) -> tensor<1x6x9x4x2xf32> {
    %0:2 = bev.project_points
        ins(%points, %matrix, %size : tensor<1x9x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
        outs(%o, %visible : tensor<1x6x9x4x2xf32>, tensor<1x6x9x4xi1>) -> tensor<1x6x9x4x2xf32>, tensor<1x6x9x4xi1>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %0#0 into %o[%i, 0, 0, 0, 0] [1, 6, 9, 4, 2] [1, 1, 1, 1, 1] : tensor<1x6x9x4x2xf32> into tensor<1x6x9x4x2xf32>
    }
  }
  bev.project_points ins(%p, %m, %s : memref<1x9x4x3xf32>, memref<1x6x4x4xf32>, memref<6x2xf32>)
      outs(%u, %v : memref<1x6x9x4x2xf32>, memref<1x6x9x4xi1>)
  return %r : tensor<1x6x9x4x2xf32>
}
