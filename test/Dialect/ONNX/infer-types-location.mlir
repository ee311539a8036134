// RUN: not bev-opt %s -onnx-infer-types 2>&1 | FileCheck %s

// CHECK: error: {{.*}}ONNX node '/head/Add_1' (Add): expected inputs of shapes that broadcast to one, but got 2x3, 4
func.func @broadcast(%x: tensor<2x3xf32>, %y: tensor<4xf32>) {
  %0 = onnx.node "Add" 16 (%x, %y) : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<*xf32> loc("/head/Add_1")
  return
}
