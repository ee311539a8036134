// Of two functions, the one that matters to the test script stays.

// RUN: bev-reduce %s -reduction-tree='traversal-mode=0 test=%S/Inputs/mentions-sigmoid.sh' | FileCheck %s

// CHECK-NOT: @other
// CHECK:     func.func @keep
// CHECK:       bev.inverse_sigmoid
// CHECK-NOT: @other

func.func @other() {
  return
}

func.func @keep(%x: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = bev.inverse_sigmoid ins(%x : tensor<4xf32>) outs(%init : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
