// RUN: bev-opt %s -onnx-simplify | FileCheck %s

// CHECK-LABEL: @layer_norm
// CHECK-SAME: %[[X:.*]]: tensor<?x5x8xf32>, %[[G:.*]]: tensor<8xf32>, %[[B:.*]]: tensor<8xf32>
// CHECK-NEXT: %[[Y:.*]] = onnx.node "LayerNormalization" 17(%[[X]], %[[G]], %[[B]]) {axis = -1 : i64, epsilon = 9.99999974E-6 : f32}
// CHECK-NEXT: return %[[Y]]
func.func @layer_norm(%x: tensor<?x5x8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<*xf32> {
  %two = onnx.constant dense<2.0> : tensor<f32>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %m = onnx.node "ReduceMean" 11 (%x) {axes = array<i64: -1>} : (tensor<?x5x8xf32>) -> tensor<*xf32>
  %d = onnx.node "Sub" 11 (%x, %m) : (tensor<?x5x8xf32>, tensor<*xf32>) -> tensor<*xf32>
  %p = onnx.node "Pow" 11 (%d, %two) : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  %v = onnx.node "ReduceMean" 11 (%p) {axes = array<i64: -1>} : (tensor<*xf32>) -> tensor<*xf32>
  %a = onnx.node "Add" 11 (%v, %eps) : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  %s = onnx.node "Sqrt" 11 (%a) : (tensor<*xf32>) -> tensor<*xf32>
  %q = onnx.node "Div" 11 (%d, %s) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %w = onnx.node "Mul" 11 (%q, %g) : (tensor<*xf32>, tensor<8xf32>) -> tensor<*xf32>
  %y = onnx.node "Add" 11 (%w, %b) : (tensor<*xf32>, tensor<8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// The variance over another axis is something else.
// CHECK-LABEL: @other_axis
// CHECK-NOT: "LayerNormalization"
// CHECK: "Div"
func.func @other_axis(%x: tensor<2x5x8xf32>) -> tensor<*xf32> {
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %m = onnx.node "ReduceMean" 11 (%x) {axes = array<i64: -1>} : (tensor<2x5x8xf32>) -> tensor<*xf32>
  %d = onnx.node "Sub" 11 (%x, %m) : (tensor<2x5x8xf32>, tensor<*xf32>) -> tensor<*xf32>
  %p = onnx.node "Mul" 11 (%d, %d) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %v = onnx.node "ReduceMean" 11 (%p) {axes = array<i64: 1>} : (tensor<*xf32>) -> tensor<*xf32>
  %a = onnx.node "Add" 11 (%v, %eps) : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  %s = onnx.node "Sqrt" 11 (%a) : (tensor<*xf32>) -> tensor<*xf32>
  %q = onnx.node "Div" 11 (%d, %s) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %q : tensor<*xf32>
}

// A summand of other dims than the channels is no bias.
// CHECK-LABEL: @residual
// CHECK: "LayerNormalization" 17(%{{[^,]*}}, %{{[^,]*}}) {
// CHECK: "Add"
func.func @residual(%x: tensor<2x8xf32>, %r: tensor<2x8xf32>) -> tensor<*xf32> {
  %g = onnx.constant dense<2.0> : tensor<8xf32>
  %n = onnx.node "LayerNormalization" 17 (%x, %g) {epsilon = 1.0e-5 : f32} : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<*xf32>
  %y = onnx.node "Add" 17 (%n, %r) : (tensor<*xf32>, tensor<2x8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @gelu
// CHECK-SAME: %[[X:.*]]: tensor<2x8xf32>
// CHECK-NEXT: %[[Y:.*]] = onnx.node "Gelu" 20(%[[X]])
// CHECK-NEXT: return %[[Y]]
func.func @gelu(%x: tensor<2x8xf32>) -> tensor<*xf32> {
  %root = onnx.constant dense<1.41421354> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %d = onnx.node "Div" 16 (%x, %root) : (tensor<2x8xf32>, tensor<f32>) -> tensor<*xf32>
  %e = onnx.node "Erf" 16 (%d) : (tensor<*xf32>) -> tensor<*xf32>
  %a = onnx.node "Add" 16 (%one, %e) : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %m = onnx.node "Mul" 16 (%x, %a) : (tensor<2x8xf32>, tensor<*xf32>) -> tensor<*xf32>
  %y = onnx.node "Mul" 16 (%m, %half) : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @not_gelu
// CHECK-NOT: "Gelu"
// CHECK: "Erf"
func.func @not_gelu(%x: tensor<2x8xf32>) -> tensor<*xf32> {
  %root = onnx.constant dense<1.5> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %half = onnx.constant dense<0.5> : tensor<f32>
  %d = onnx.node "Div" 16 (%x, %root) : (tensor<2x8xf32>, tensor<f32>) -> tensor<*xf32>
  %e = onnx.node "Erf" 16 (%d) : (tensor<*xf32>) -> tensor<*xf32>
  %a = onnx.node "Add" 16 (%e, %one) : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  %m = onnx.node "Mul" 16 (%x, %a) : (tensor<2x8xf32>, tensor<*xf32>) -> tensor<*xf32>
  %y = onnx.node "Mul" 16 (%m, %half) : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @softmax
// CHECK-SAME: %[[X:.*]]: tensor<2x8xf32>
// CHECK-NEXT: %[[Y:.*]] = onnx.node "Softmax" 13(%[[X]]) {axis = 1 : i64}
// CHECK-NEXT: return %[[Y]]
func.func @softmax(%x: tensor<2x8xf32>) -> tensor<*xf32> {
  %m = onnx.node "ReduceMax" 11 (%x) {axes = array<i64: 1>} : (tensor<2x8xf32>) -> tensor<*xf32>
  %d = onnx.node "Sub" 11 (%x, %m) : (tensor<2x8xf32>, tensor<*xf32>) -> tensor<*xf32>
  %e = onnx.node "Exp" 11 (%d) : (tensor<*xf32>) -> tensor<*xf32>
  %s = onnx.node "ReduceSum" 11 (%e) {axes = array<i64: 1>} : (tensor<*xf32>) -> tensor<*xf32>
  %y = onnx.node "Div" 11 (%e, %s) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
