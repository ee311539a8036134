// RUN: bev-opt %s --lower-to-llvm | FileCheck %s

// Gradients of channels that are many vectors, at many levels: loops over
// buffers in as many branches. Decomposed on tensors, each branch doubled the
// time of bufferization: this took hours. The softmax of a query is too long for
// the stack.
// CHECK-LABEL: llvm.func @main
// CHECK: omp.parallel
// CHECK: omp.loop_nest
// CHECK: llvm.call @malloc
// CHECK: llvm.intr.fma(%{{.+}}) : (vector<3xf32>, vector<3xf32>, vector<3xf32>) -> vector<3xf32>
// CHECK: llvm.call @free
func.func @main(%value: tensor<2x75x2x33xf32>, %reference: tensor<2x7x1x2xf32>, %offsets: tensor<2x7x2x6x40x2xf32>, %logits: tensor<2x7x2x240xf32>, %grad: tensor<2x7x2x33xf32>) -> (tensor<2x75x2x33xf32>, tensor<2x7x2x6x40x2xf32>, tensor<2x7x2x240xf32>) {
  %gv = tensor.empty() : tensor<2x75x2x33xf32>
  %go = tensor.empty() : tensor<2x7x2x6x40x2xf32>
  %gl = tensor.empty() : tensor<2x7x2x240xf32>
  %r:3 = bev.deformable_attention_backward level levels([8, 6], [4, 3], [2, 3], [2, 2], [2, 2], [1, 1])
      ins(%value, %reference, %offsets, %logits, %grad : tensor<2x75x2x33xf32>, tensor<2x7x1x2xf32>, tensor<2x7x2x6x40x2xf32>, tensor<2x7x2x240xf32>, tensor<2x7x2x33xf32>)
      outs(%gv, %go, %gl : tensor<2x75x2x33xf32>, tensor<2x7x2x6x40x2xf32>, tensor<2x7x2x240xf32>)
      -> tensor<2x75x2x33xf32>, tensor<2x7x2x6x40x2xf32>, tensor<2x7x2x240xf32>
  return %r#0, %r#1, %r#2 : tensor<2x75x2x33xf32>, tensor<2x7x2x6x40x2xf32>, tensor<2x7x2x240xf32>
}
