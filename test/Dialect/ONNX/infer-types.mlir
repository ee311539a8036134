// RUN: bev-opt %s -onnx-infer-types | FileCheck %s

// The example of the pass's description.
// CHECK-LABEL: func.func @shape_chain(%{{.*}}: tensor<?x6x4x8xf32>) -> tensor<?x?x8xf32>
func.func @shape_chain(%x: tensor<?x6x4x8xf32>) -> tensor<*xf32> {
  %start = onnx.constant dense<0> : tensor<i64>
  %axes = onnx.constant dense<0> : tensor<1xi64>
  %rest = onnx.constant dense<[-1, 8]> : tensor<2xi64>
  // CHECK: "Shape" {{.*}} -> tensor<4xi64>
  %s = onnx.node "Shape" 16 (%x) : (tensor<?x6x4x8xf32>) -> tensor<*xi64>
  // CHECK: "Gather" {{.*}} -> tensor<i64>
  %n = onnx.node "Gather" 16 (%s, %start) : (tensor<*xi64>, tensor<i64>) -> tensor<*xi64>
  // CHECK: "Unsqueeze" {{.*}} -> tensor<1xi64>
  %u = onnx.node "Unsqueeze" 16 (%n, %axes) : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  // CHECK: "Concat" {{.*}} -> tensor<3xi64>
  %t = onnx.node "Concat" 16 (%u, %rest) {axis = 0 : i64}
      : (tensor<*xi64>, tensor<2xi64>) -> tensor<*xi64>
  // CHECK: "Reshape" {{.*}} -> tensor<?x?x8xf32>
  %y = onnx.node "Reshape" 16 (%x, %t)
      : (tensor<?x6x4x8xf32>, tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// What is not stated is found: element types too.
// CHECK-LABEL: @unknown
func.func @unknown(%x: tensor<2x3xf16>, %c: tensor<2x1xi1>) {
  // CHECK: "Cast" {{.*}} -> tensor<2x3xf32>
  %0 = onnx.node "Cast" 13 (%x) {to = 1 : i64} : (tensor<2x3xf16>) -> tensor<*x!onnx.unknown>
  // CHECK: "Less" {{.*}} -> tensor<2x3xi1>
  %1 = onnx.node "Less" 13 (%0, %0) : (tensor<*x!onnx.unknown>, tensor<*x!onnx.unknown>) -> tensor<*x!onnx.unknown>
  // CHECK: "Where" {{.*}} -> tensor<2x3xf32>
  %2 = onnx.node "Where" 13 (%c, %0, %0) : (tensor<2x1xi1>, tensor<*x!onnx.unknown>, tensor<*x!onnx.unknown>) -> tensor<*x!onnx.unknown>
  // CHECK: "TopK" {{.*}} -> (tensor<2x2xf32>, tensor<2x2xi64>)
  %k = onnx.constant dense<2> : tensor<1xi64>
  %3:2 = onnx.node "TopK" 13 (%2, %k) : (tensor<*x!onnx.unknown>, tensor<1xi64>) -> (tensor<*x!onnx.unknown>, tensor<*x!onnx.unknown>)
  return
}

// CHECK-LABEL: @dynamic
func.func @dynamic(%x: tensor<?x6x4xf32>, %y: tensor<?x1x4xf32>, %n: tensor<2xi64>, %u: tensor<*xi64>) {
  // CHECK: "Add" {{.*}} -> tensor<?x6x4xf32>
  %0 = onnx.node "Add" 16 (%x, %y) : (tensor<?x6x4xf32>, tensor<?x1x4xf32>) -> tensor<*xf32>
  // A 0 copies a size whether it is known or not, which leaves the rest known.
  %s = onnx.constant dense<[0, -1]> : tensor<2xi64>
  // CHECK: "Reshape" {{.*}} -> tensor<?x24xf32>
  %1 = onnx.node "Reshape" 16 (%x, %s) : (tensor<?x6x4xf32>, tensor<2xi64>) -> tensor<*xf32>
  // CHECK: "Reshape" {{.*}} -> tensor<?x?xf32>
  %2 = onnx.node "Reshape" 16 (%x, %n) : (tensor<?x6x4xf32>, tensor<2xi64>) -> tensor<*xf32>
  // CHECK: "Reshape" {{.*}} -> tensor<*xf32>
  %3 = onnx.node "Reshape" 16 (%x, %u) : (tensor<?x6x4xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: "NonZero" {{.*}} -> tensor<3x?xi64>
  %4 = onnx.node "NonZero" 16 (%x) : (tensor<?x6x4xf32>) -> tensor<*xi64>
  // CHECK: "Expand" {{.*}} -> tensor<?x?x4xf32>
  %5 = onnx.node "Expand" 16 (%y, %n) : (tensor<?x1x4xf32>, tensor<2xi64>) -> tensor<*xf32>
  // CHECK: "Concat" {{.*}} -> tensor<?x7x4xf32>
  %6 = onnx.node "Concat" 16 (%x, %y) {axis = -2 : i64} : (tensor<?x6x4xf32>, tensor<?x1x4xf32>) -> tensor<*xf32>
  // What the model declares is kept where it says more.
  // CHECK: "Reshape" {{.*}} -> tensor<5x?xf32>
  %7 = onnx.node "Reshape" 16 (%x, %n) : (tensor<?x6x4xf32>, tensor<2xi64>) -> tensor<5x?xf32>
  return
}

// The target of Expand that exporters compute: -1 where the size stays.
// CHECK-LABEL: @expand_target
func.func @expand_target(%x: tensor<?x1x4xf32>) -> tensor<*xf32> {
  %wanted = onnx.constant dense<[-1, 6, -1]> : tensor<3xi64>
  %three = onnx.constant dense<3> : tensor<1xi64>
  %neg = onnx.constant dense<-1> : tensor<i64>
  %ones = onnx.node "ConstantOfShape" 16 (%three) {value = dense<1> : tensor<1xi64>} : (tensor<1xi64>) -> tensor<*xi64>
  %mul = onnx.node "Mul" 16 (%ones, %neg) : (tensor<*xi64>, tensor<i64>) -> tensor<*xi64>
  %eq = onnx.node "Equal" 16 (%wanted, %mul) : (tensor<3xi64>, tensor<*xi64>) -> tensor<*xi1>
  %t = onnx.node "Where" 16 (%eq, %ones, %wanted) : (tensor<*xi1>, tensor<*xi64>, tensor<3xi64>) -> tensor<*xi64>
  // CHECK: "Expand" {{.*}} -> tensor<?x6x4xf32>
  %y = onnx.node "Expand" 16 (%x, %t) : (tensor<?x1x4xf32>, tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @slices
func.func @slices(%x: tensor<10x7xf32>, %d: tensor<?x7xf32>) {
  %starts = onnx.constant dense<[9, -3]> : tensor<2xi64>
  %ends = onnx.constant dense<[-9223372036854775808, 9223372036854775807]> : tensor<2xi64>
  %axes = onnx.constant dense<[0, 1]> : tensor<2xi64>
  %steps = onnx.constant dense<[-3, 2]> : tensor<2xi64>
  // CHECK: "Slice" {{.*}} -> tensor<4x2xf32>
  %0 = onnx.node "Slice" 16 (%x, %starts, %ends, %axes, %steps) : (tensor<10x7xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<*xf32>
  // Attributes before version 10.
  // CHECK: "Slice" {{.*}} -> tensor<10x3xf32>
  %1 = onnx.node "Slice" 9 (%x) {starts = array<i64: 2>, ends = array<i64: 5>, axes = array<i64: 1>} : (tensor<10x7xf32>) -> tensor<*xf32>
  // CHECK: "Split" {{.*}} -> (tensor<4x7xf32>, tensor<4x7xf32>, tensor<2x7xf32>)
  %2:3 = onnx.node "Split" 18 (%x) {num_outputs = 3 : i64} : (tensor<10x7xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  // CHECK: "Slice" {{.*}} -> tensor<?x3xf32>
  %3 = onnx.node "Slice" 9 (%d) {starts = array<i64: 0, 2>, ends = array<i64: 4, 5>} : (tensor<?x7xf32>) -> tensor<*xf32>
  return
}

// CHECK-LABEL: @windows
func.func @windows(%x: tensor<1x3x480x800xf32>, %w: tensor<64x3x7x7xf32>, %g: tensor<1x9x5x2xf32>) {
  // CHECK: "Conv" {{.*}} -> tensor<1x64x240x400xf32>
  %0 = onnx.node "Conv" 16 (%x, %w) {strides = array<i64: 2, 2>, pads = array<i64: 3, 3, 3, 3>} : (tensor<1x3x480x800xf32>, tensor<64x3x7x7xf32>) -> tensor<*xf32>
  // CHECK: "MaxPool" {{.*}} -> tensor<1x64x120x200xf32>
  %1 = onnx.node "MaxPool" 16 (%0) {kernel_shape = array<i64: 3, 3>, strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: "AveragePool" {{.*}} -> tensor<1x64x40x67xf32>
  %2 = onnx.node "AveragePool" 16 (%1) {kernel_shape = array<i64: 3, 3>, strides = array<i64: 3, 3>, ceil_mode = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: "ConvTranspose" {{.*}} -> tensor<1x3x486x806xf32>
  %3 = onnx.node "ConvTranspose" 16 (%0, %w) {strides = array<i64: 2, 2>, output_padding = array<i64: 1, 1>} : (tensor<*xf32>, tensor<64x3x7x7xf32>) -> tensor<*xf32>
  // CHECK: "GridSample" {{.*}} -> tensor<1x3x9x5xf32>
  %4 = onnx.node "GridSample" 16 (%x, %g) : (tensor<1x3x480x800xf32>, tensor<1x9x5x2xf32>) -> tensor<*xf32>
  %none = onnx.none
  %scales = onnx.constant dense<[1.0, 1.0, 2.0, 0.5]> : tensor<4xf32>
  // CHECK: "Resize" {{.*}} -> tensor<1x3x960x400xf32>
  %5 = onnx.node "Resize" 13 (%x, %none, %scales) : (tensor<1x3x480x800xf32>, none, tensor<4xf32>) -> tensor<*xf32>
  return
}

// CHECK-LABEL: @products
func.func @products(%a: tensor<5x1x2x3xf32>, %b: tensor<4x3x6xf32>, %v: tensor<3xf32>) {
  // CHECK: "MatMul" {{.*}} -> tensor<5x4x2x6xf32>
  %0 = onnx.node "MatMul" 16 (%a, %b) : (tensor<5x1x2x3xf32>, tensor<4x3x6xf32>) -> tensor<*xf32>
  // CHECK: "MatMul" {{.*}} -> tensor<5x1x2xf32>
  %1 = onnx.node "MatMul" 16 (%a, %v) : (tensor<5x1x2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  // CHECK: "Einsum" {{.*}} -> tensor<4x6x5x1xf32>
  %2 = onnx.node "Einsum" 16 (%a, %b) {equation = "...ij, kjl -> kl..."} : (tensor<5x1x2x3xf32>, tensor<4x3x6xf32>) -> tensor<*xf32>
  return
}

// CHECK-LABEL: func.func @branches(%{{.*}}) -> tensor<?x4xf32>
func.func @branches(%c: tensor<i1>, %x: tensor<2x4xf32>) -> tensor<*xf32> {
  // CHECK: "If"
  %y = onnx.node "If" 16 (%c) then_branch {
    // CHECK: "Relu" {{.*}} -> tensor<2x4xf32>
    %a = onnx.node "Relu" 16 (%x) : (tensor<2x4xf32>) -> tensor<*xf32>
    onnx.yield %a : tensor<*xf32>
  } else_branch {
    // CHECK: "Concat" {{.*}} -> tensor<4x4xf32>
    %b = onnx.node "Concat" 16 (%x, %x) {axis = 0 : i64} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<*xf32>
    onnx.yield %b : tensor<*xf32>
  } : (tensor<i1>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// A branch that is never taken need not be valid.
// CHECK-LABEL: func.func @dead_branch(%{{.*}}) -> tensor<2x4xf32>
func.func @dead_branch(%x: tensor<2x4xf32>) -> tensor<*xf32> {
  %c = onnx.constant dense<false> : tensor<i1>
  %axes = onnx.constant dense<0> : tensor<1xi64>
  %y = onnx.node "If" 16 (%c) then_branch {
    %a = onnx.node "Squeeze" 16 (%x, %axes) : (tensor<2x4xf32>, tensor<1xi64>) -> tensor<*xf32>
    onnx.yield %a : tensor<*xf32>
  } else_branch {
    onnx.yield %x : tensor<2x4xf32>
  } : (tensor<i1>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// What grows from one iteration to the next has no static size.
// CHECK-LABEL: @loop
func.func @loop(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<1x4xf32>, %k: tensor<3xf32>) {
  // CHECK: "Loop" {{.*}} body (%{{.*}}: tensor<i64>, %{{.*}}: tensor<i1>, %{{.*}}: tensor<?x4xf32>, %{{.*}}: tensor<3xf32>)
  %r:3 = onnx.node "Loop" 16 (%n, %c, %x, %k)
      body (%i: tensor<i64>, %go: tensor<i1>, %a: tensor<*xf32>, %b: tensor<*xf32>) {
    // CHECK: "Concat" {{.*}} -> tensor<?x4xf32>
    %g = onnx.node "Concat" 16 (%a, %x) {axis = 0 : i64} : (tensor<*xf32>, tensor<1x4xf32>) -> tensor<*xf32>
    %h = onnx.node "Relu" 16 (%b) : (tensor<*xf32>) -> tensor<*xf32>
    onnx.yield %go, %g, %h, %h : tensor<i1>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  // CHECK: } : {{.*}} -> (tensor<?x4xf32>, tensor<3xf32>, tensor<?x3xf32>)
  } : (tensor<i64>, tensor<i1>, tensor<1x4xf32>, tensor<3xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  // The number of iterations is known where only it ends the loop.
  %five = onnx.constant dense<5> : tensor<i64>
  %none = onnx.none
  %true = onnx.constant dense<true> : tensor<i1>
  %s = onnx.node "Loop" 16 (%five, %none) body (%i: tensor<i64>, %go: tensor<i1>) {
    onnx.yield %true, %k : tensor<i1>, tensor<3xf32>
  // CHECK: } : {{.*}} -> tensor<5x3xf32>
  } : (tensor<i64>, none) -> tensor<*xf32>
  return
}

// Operators that are not known keep what they were imported with.
// CHECK-LABEL: @custom
func.func @custom(%x: tensor<2xf32>) {
  // CHECK: "Relu" of "my.domain" {{.*}} -> tensor<*xf32>
  %0 = onnx.node "Relu" of "my.domain" 1 (%x) : (tensor<2xf32>) -> tensor<*xf32>
  // CHECK: "Nothing" {{.*}} -> tensor<*xf32>
  %1 = onnx.node "Nothing" 16 (%x) : (tensor<2xf32>) -> tensor<*xf32>
  return
}
