// RUN: bev-opt %s --convert-onnx-to-linalg --canonicalize | FileCheck %s

// CHECK-DAG: #[[LEFT:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d2, d4)>
// CHECK-DAG: #[[RIGHT:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d4, d3)>

// All rows on the left are one matrix.
// CHECK-LABEL: func.func @rows
// CHECK: %[[FLAT:.+]] = tensor.collapse_shape %{{.+}} {{\[\[}}0, 1], [2]]
// CHECK: %[[SUM:.+]] = linalg.matmul ins(%[[FLAT]], %{{.+}} : tensor<?x16xf32>, tensor<16x32xf32>)
// CHECK: tensor.expand_shape %[[SUM]] {{\[\[}}0, 1], [2]]
func.func @rows(%x: tensor<?x5x16xf32>, %y: tensor<16x32xf32>) -> tensor<?x5x32xf32> {
  %0 = onnx.node "MatMul" 13 (%x, %y)
      : (tensor<?x5x16xf32>, tensor<16x32xf32>) -> tensor<?x5x32xf32>
  return %0 : tensor<?x5x32xf32>
}

// CHECK-LABEL: func.func @batches
// CHECK: linalg.batch_matmul {{.*}} tensor<6x5x16xf32>, tensor<6x16x32xf32>
func.func @batches(%x: tensor<2x3x5x16xf32>, %y: tensor<2x3x16x32xf32>) -> tensor<2x3x5x32xf32> {
  %0 = onnx.node "MatMul" 13 (%x, %y)
      : (tensor<2x3x5x16xf32>, tensor<2x3x16x32xf32>) -> tensor<2x3x5x32xf32>
  return %0 : tensor<2x3x5x32xf32>
}

// A batch dimension of size one is not read along.
// CHECK-LABEL: func.func @broadcast
// CHECK: linalg.generic {indexing_maps = [#[[LEFT]], #[[RIGHT]],
func.func @broadcast(%x: tensor<1x3x5x16xf32>, %y: tensor<2x3x16x32xf32>) -> tensor<2x3x5x32xf32> {
  %0 = onnx.node "MatMul" 13 (%x, %y)
      : (tensor<1x3x5x16xf32>, tensor<2x3x16x32xf32>) -> tensor<2x3x5x32xf32>
  return %0 : tensor<2x3x5x32xf32>
}

// The bias is where the sum begins.
// CHECK-LABEL: func.func @gemm
// CHECK-SAME: %[[X:.+]]: tensor<?x16xf32>, %[[Y:.+]]: tensor<32x16xf32>, %[[C:.+]]: tensor<32xf32>
// CHECK: %[[BIAS:.+]] = linalg.generic {{.*}} ins(%[[C]] : tensor<32xf32>)
// CHECK: linalg.matmul
// CHECK-SAME: ins(%[[X]], %[[Y]]
// CHECK-SAME: outs(%[[BIAS]]
func.func @gemm(%x: tensor<?x16xf32>, %y: tensor<32x16xf32>, %c: tensor<32xf32>) -> tensor<?x32xf32> {
  %0 = onnx.node "Gemm" 13 (%x, %y, %c) {transB = 1 : i64}
      : (tensor<?x16xf32>, tensor<32x16xf32>, tensor<32xf32>) -> tensor<?x32xf32>
  return %0 : tensor<?x32xf32>
}

// Three operands are two products.
// CHECK-LABEL: func.func @einsum
// CHECK: linalg.generic
// CHECK: linalg.generic
// CHECK-NOT: linalg.generic
func.func @einsum(%x: tensor<2x3xf32>, %y: tensor<3x4xf32>, %z: tensor<4x5xf32>) -> tensor<2x5xf32> {
  %0 = onnx.node "Einsum" 12 (%x, %y, %z) {equation = "ij, jk, kl -> il"}
      : (tensor<2x3xf32>, tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}
