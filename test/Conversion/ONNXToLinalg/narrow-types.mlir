// RUN: bev-opt %s --split-input-file --verify-diagnostics --convert-onnx-to-linalg | FileCheck %s

// Floats and integers of less than a byte, and floats of one, are bytes. What
// only moves them does not look at them.
// CHECK-LABEL: func.func @moved
// CHECK-SAME: %[[X:.*]]: tensor<2x3xi8> {bev.unsigned}
// CHECK-SAME: %[[Y:.*]]: tensor<2x3xi8>)
// CHECK-SAME: -> (tensor<3x2xi8> {bev.unsigned}, tensor<2x3xi8>)
// CHECK-NOT: arith
// CHECK: linalg.transpose
// CHECK: return {{.*}}, %[[Y]]
func.func @moved(%x: tensor<2x3xf8E4M3FN>, %y: tensor<2x3xi4>) -> (tensor<3x2xf8E4M3FN>, tensor<2x3xi4>) {
  %0 = onnx.node "Transpose" 21 (%x) {perm = array<i64: 1, 0>} : (tensor<2x3xf8E4M3FN>) -> tensor<3x2xf8E4M3FN>
  %1 = onnx.node "Identity" 21 (%y) : (tensor<2x3xi4>) -> tensor<2x3xi4>
  return %0, %1 : tensor<3x2xf8E4M3FN>, tensor<2x3xi4>
}

// -----

// CHECK-LABEL: func.func @constants
// CHECK-DAG: arith.constant dense<[-8, 7]> : tensor<2xi8>
// CHECK-DAG: arith.constant dense<[8, 15]> : tensor<2xi8>
// CHECK-DAG: arith.constant dense<[56, -72]> : tensor<2xi8>
func.func @constants() -> (tensor<2xi4>, tensor<2xui4>, tensor<2xf8E4M3FN>) {
  %0 = onnx.constant dense<[-8, 7]> : tensor<2xi4>
  %1 = onnx.constant dense<[8, 15]> : tensor<2xui4>
  %2 = onnx.constant dense<[1.0, -1.0]> : tensor<2xf8E4M3FN>
  return %0, %1, %2 : tensor<2xi4>, tensor<2xui4>, tensor<2xf8E4M3FN>
}

// -----

func.func @computed(%x: tensor<4xf8E5M2>) -> tensor<4xf8E5M2> {
  // expected-error @+1 {{cannot lower 1 ONNX node: Neg (1 node): the element type of its input 0 is not supported}}
  %y = onnx.node "Neg" 19 (%x) : (tensor<4xf8E5M2>) -> tensor<4xf8E5M2>
  return %y : tensor<4xf8E5M2>
}

// -----

func.func @made(%x: tensor<4xi8>) -> tensor<4xi4> {
  // expected-error @+1 {{cannot lower 1 ONNX node: BitCast (1 node): the element type of its output 0 is not supported}}
  %y = onnx.node "BitCast" 26 (%x) {to = 22 : i64} : (tensor<4xi8>) -> tensor<4xi4>
  return %y : tensor<4xi4>
}

// -----

func.func @rounded(%x: tensor<4xf32>) -> tensor<4xf8E8M0FNU> {
  // expected-error @+1 {{Cast (1 node): round_mode 'sideways' is not supported}}
  %y = onnx.node "Cast" 24 (%x) {to = 24 : i64, round_mode = "sideways"} : (tensor<4xf32>) -> tensor<4xf8E8M0FNU>
  return %y : tensor<4xf8E8M0FNU>
}
