// RUN: bev-opt %s -onnx-simplify | FileCheck %s

// CHECK-LABEL: @merge
// CHECK: onnx.node "Transpose" 16(%{{.*}}) {perm = array<i64: 2, 1, 0>}
// CHECK-NOT: "Transpose"
// CHECK: return
func.func @merge(%x: tensor<2x3x4xf32>) -> tensor<*xf32> {
  %0 = onnx.node "Transpose" 16 (%x) {perm = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  %1 = onnx.node "Transpose" 16 (%0) {perm = array<i64: 1, 0, 2>} : (tensor<*xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// CHECK-LABEL: @cancel
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>
// CHECK: return %[[X]]
func.func @cancel(%x: tensor<2x3xf32>) -> tensor<*xf32> {
  %0 = onnx.node "Transpose" 16 (%x) : (tensor<2x3xf32>) -> tensor<*xf32>
  %1 = onnx.node "Transpose" 16 (%0) : (tensor<*xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// CHECK-LABEL: @unit_dims
// CHECK: "Reshape"
// CHECK-NOT: "Transpose"
func.func @unit_dims(%x: tensor<2x1x3xf32>) -> tensor<*xf32> {
  %0 = onnx.node "Transpose" 16 (%x) {perm = array<i64: 1, 0, 2>} : (tensor<2x1x3xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// CHECK-LABEL: @through_elementwise
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>, %[[Z:.*]]: tensor<2x3xf32>
// CHECK: %[[C:.*]] = onnx.constant dense<{{\[\[}}1.000000e+00, 2.000000e+00, 3.000000e+00]]> : tensor<1x3xf32>
// CHECK: %[[A:.*]] = onnx.node "Add" 16(%[[X]], %[[C]])
// CHECK: %[[R:.*]] = onnx.node "Relu" 16(%[[A]])
// CHECK: %[[M:.*]] = onnx.node "Mul" 16(%[[R]], %[[Z]])
// CHECK: return %[[M]]
func.func @through_elementwise(%x: tensor<2x3xf32>, %z: tensor<2x3xf32>) -> tensor<*xf32> {
  %c = onnx.constant dense<[[1.0], [2.0], [3.0]]> : tensor<3x1xf32>
  %0 = onnx.node "Transpose" 16 (%x) : (tensor<2x3xf32>) -> tensor<*xf32>
  %1 = onnx.node "Add" 16 (%0, %c) : (tensor<*xf32>, tensor<3x1xf32>) -> tensor<*xf32>
  %2 = onnx.node "Relu" 16 (%1) : (tensor<*xf32>) -> tensor<*xf32>
  %3 = onnx.node "Transpose" 16 (%z) : (tensor<2x3xf32>) -> tensor<*xf32>
  %4 = onnx.node "Mul" 16 (%2, %3) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %5 = onnx.node "Transpose" 16 (%4) : (tensor<*xf32>) -> tensor<*xf32>
  return %5 : tensor<*xf32>
}

// Another operand in the transposed order would need a transposition of its own.
// CHECK-LABEL: @mixed
// CHECK-COUNT-2: "Transpose"
func.func @mixed(%x: tensor<2x3xf32>, %z: tensor<3x2xf32>) -> tensor<*xf32> {
  %0 = onnx.node "Transpose" 16 (%x) : (tensor<2x3xf32>) -> tensor<*xf32>
  %1 = onnx.node "Mul" 16 (%0, %z) : (tensor<*xf32>, tensor<3x2xf32>) -> tensor<*xf32>
  %2 = onnx.node "Transpose" 16 (%1) : (tensor<*xf32>) -> tensor<*xf32>
  return %2 : tensor<*xf32>
}

// An assignment in the transposed order.
// CHECK-LABEL: @through_concat
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>, %[[U:.*]]: tensor<2x1xf32>
// CHECK: %[[S:.*]] = onnx.node "Slice" {{.*}}(%[[X]], {{.*}} -> tensor<2x2xf32>
// CHECK: %[[C:.*]] = onnx.node "Concat" 16(%[[U]], %[[S]]) {axis = 1 : i64}
// CHECK: return %[[C]]
func.func @through_concat(%x: tensor<2x3xf32>, %u: tensor<2x1xf32>) -> tensor<*xf32> {
  %i = onnx.constant dense<0> : tensor<1x1xi64>
  %0 = onnx.node "Transpose" 16 (%x) : (tensor<2x3xf32>) -> tensor<*xf32>
  %1 = onnx.node "Transpose" 16 (%u) : (tensor<2x1xf32>) -> tensor<*xf32>
  %2 = onnx.node "ScatterND" 16 (%0, %i, %1) : (tensor<*xf32>, tensor<1x1xi64>, tensor<*xf32>) -> tensor<*xf32>
  %3 = onnx.node "Transpose" 16 (%2) : (tensor<*xf32>) -> tensor<*xf32>
  return %3 : tensor<*xf32>
}
