// RUN: not bev-opt %s --convert-onnx-to-linalg 2>&1 | FileCheck %s

// One error lists all nodes, by operator and reason.
// CHECK: error: {{.*}}cannot lower 4 ONNX nodes: Nothing (2 nodes, first 'a'): there is no lowering for this operator; my.domain.Add (1 node 'c'): there is no lowering for this operator; Abs (1 node): the rank of its input 0 is unknown
// CHECK-NOT: error
func.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %a = onnx.node "Nothing" 17 (%x) : (tensor<4xf32>) -> tensor<4xf32> loc("a")
  %b = onnx.node "Nothing" 17 (%a) : (tensor<4xf32>) -> tensor<*xf32> loc("b")
  %c = onnx.node "Add" of "my.domain" 1 (%a, %a) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("c")
  %d = onnx.node "Abs" 17 (%b) : (tensor<*xf32>) -> tensor<4xf32>
  return %c, %d : tensor<4xf32>, tensor<4xf32>
}
