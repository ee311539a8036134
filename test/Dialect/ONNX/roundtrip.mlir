// RUN: bev-opt %s | bev-opt | FileCheck %s

// CHECK-LABEL: @nodes
func.func @nodes(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>,
                 %c: tensor<i1>) -> tensor<*xf32> {
  // CHECK: %[[NONE:.*]] = onnx.none
  %none = onnx.none
  // CHECK: onnx.constant dense<[1, -1]> : tensor<2xi64>
  %shape = onnx.constant dense<[1, -1]> : tensor<2xi64>
  // CHECK: %[[Y:.*]] = onnx.node "Conv" 16(%{{.*}}, %{{.*}}, %[[NONE]]) {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, none) -> tensor<1x4x8x8xf32>
  %y = onnx.node "Conv" 16 (%x, %w, %none) {pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, none) -> tensor<1x4x8x8xf32>
  // CHECK: onnx.node "Thing" of "my.domain" 1(%[[Y]]) : (tensor<1x4x8x8xf32>) -> (tensor<*xui8>, tensor<2x!onnx.string>, tensor<*x!onnx.unknown>)
  %t:3 = onnx.node "Thing" of "my.domain" 1 (%y)
      : (tensor<1x4x8x8xf32>) -> (tensor<*xui8>, tensor<2x!onnx.string>, tensor<*x!onnx.unknown>)
  // CHECK: onnx.node "If" 16(%{{.*}}) then_branch {
  // CHECK:   onnx.yield %[[Y]] : tensor<1x4x8x8xf32>
  // CHECK: } else_branch {
  // CHECK: }
  %z = onnx.node "If" 16 (%c) then_branch {
    onnx.yield %y : tensor<1x4x8x8xf32>
  } else_branch {
    %r = onnx.node "Reshape" 16 (%y, %shape) {allowzero = 0 : i64}
        : (tensor<1x4x8x8xf32>, tensor<2xi64>) -> tensor<*xf32>
    onnx.yield %r : tensor<*xf32>
  } : (tensor<i1>) -> tensor<*xf32>
  // CHECK: onnx.node "Loop" 16(%[[NONE]], %{{.*}}, %{{.*}}) body (%{{.*}}: tensor<i64>, %{{.*}}: tensor<i1>, %{{.*}}: tensor<*xf32>) {
  %l = onnx.node "Loop" 16 (%none, %c, %z) body (%i: tensor<i64>, %go: tensor<i1>, %a: tensor<*xf32>) {
    onnx.yield %go, %a : tensor<i1>, tensor<*xf32>
  } : (none, tensor<i1>, tensor<*xf32>) -> tensor<*xf32>
  return %l : tensor<*xf32>
}
