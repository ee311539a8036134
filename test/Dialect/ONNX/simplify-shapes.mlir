// RUN: bev-opt %s -onnx-simplify | FileCheck %s

// CHECK-LABEL: @to_reshape
// CHECK-SAME: %[[X:.*]]: tensor<2x1x3xf32>
// CHECK: %[[S:.*]] = onnx.constant dense<[2, 3, 1]> : tensor<3xi64>
// CHECK: %[[Y:.*]] = onnx.node "Reshape" 16(%[[X]], %[[S]]) : {{.*}} -> tensor<2x3x1xf32>
// CHECK: return %[[Y]]
func.func @to_reshape(%x: tensor<2x1x3xf32>) -> tensor<*xf32> {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %0 = onnx.node "Squeeze" 16 (%x, %one) : (tensor<2x1x3xf32>, tensor<1xi64>) -> tensor<*xf32>
  %1 = onnx.node "Flatten" 16 (%0) : (tensor<*xf32>) -> tensor<*xf32>
  %2 = onnx.node "Unsqueeze" 16 (%1, %last) : (tensor<*xf32>, tensor<1xi64>) -> tensor<*xf32>
  return %2 : tensor<*xf32>
}

// The shape that is computed from a dynamic size is a constant with -1.
// CHECK-LABEL: @dynamic
// CHECK-SAME: %[[X:.*]]: tensor<?x4x8xf32>
// CHECK: %[[S:.*]] = onnx.constant dense<[-1, 32]> : tensor<2xi64>
// CHECK: onnx.node "Reshape" 16(%[[X]], %[[S]]) : {{.*}} -> tensor<?x32xf32>
func.func @dynamic(%x: tensor<?x4x8xf32>) -> tensor<*xf32> {
  %s = onnx.node "Shape" 16 (%x) : (tensor<?x4x8xf32>) -> tensor<*xi64>
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %n = onnx.node "Gather" 16 (%s, %zero) : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %rest = onnx.constant dense<32> : tensor<1xi64>
  %t = onnx.node "Concat" 16 (%n, %rest) {axis = 0 : i64} : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %y = onnx.node "Reshape" 16 (%x, %t) : (tensor<?x4x8xf32>, tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// Two dynamic sizes are more than -1 can say.
// CHECK-LABEL: @two_dynamic
// CHECK: "Unsqueeze"
func.func @two_dynamic(%x: tensor<?x?xf32>) -> tensor<*xf32> {
  %y = onnx.node "Unsqueeze" 11 (%x) {axes = array<i64: 0>} : (tensor<?x?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// A size of 0 beside a dynamic one leaves the other open.
// CHECK-LABEL: @empty
// CHECK: "Unsqueeze"
func.func @empty(%x: tensor<?x0xf32>) -> tensor<*xf32> {
  %y = onnx.node "Unsqueeze" 11 (%x) {axes = array<i64: 0>} : (tensor<?x0xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @zero_size
// CHECK: onnx.constant dense<[0, 3, 1]>
// CHECK: "Reshape" 14({{.*}}) {allowzero = 1 : i64} : {{.*}} -> tensor<0x3x1xf32>
func.func @zero_size(%x: tensor<0x3xf32>) -> tensor<*xf32> {
  %y = onnx.node "Unsqueeze" 11 (%x) {axes = array<i64: 2>} : (tensor<0x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @tile
// CHECK: %[[S:.*]] = onnx.constant dense<[6, 4]>
// CHECK: "Expand" 16(%{{.*}}, %[[S]])
func.func @tile(%x: tensor<1x4xf32>) -> tensor<*xf32> {
  %r = onnx.constant dense<[6, 1]> : tensor<2xi64>
  %y = onnx.node "Tile" 16 (%x, %r) : (tensor<1x4xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @expanded_operand
// CHECK-SAME: %[[X:.*]]: tensor<1x4xf32>, %[[Y:.*]]: tensor<6x4xf32>
// CHECK-NOT: "Expand"
// CHECK: "Mul" 16(%[[X]], %[[Y]])
func.func @expanded_operand(%x: tensor<1x4xf32>, %y: tensor<6x4xf32>) -> tensor<*xf32> {
  %s = onnx.constant dense<[6, 4]> : tensor<2xi64>
  %e = onnx.node "Expand" 16 (%x, %s) : (tensor<1x4xf32>, tensor<2xi64>) -> tensor<*xf32>
  %m = onnx.node "Mul" 16 (%e, %y) : (tensor<*xf32>, tensor<6x4xf32>) -> tensor<*xf32>
  return %m : tensor<*xf32>
}

// CHECK-LABEL: @needed_expand
// CHECK: "Expand"
func.func @needed_expand(%x: tensor<1x4xf32>, %y: tensor<1x4xf32>) -> tensor<*xf32> {
  %s = onnx.constant dense<[6, 4]> : tensor<2xi64>
  %e = onnx.node "Expand" 16 (%x, %s) : (tensor<1x4xf32>, tensor<2xi64>) -> tensor<*xf32>
  %m = onnx.node "Mul" 16 (%e, %y) : (tensor<*xf32>, tensor<1x4xf32>) -> tensor<*xf32>
  return %m : tensor<*xf32>
}
