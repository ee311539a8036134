// RUN: bev-opt %s -onnx-simplify | FileCheck %s
// RUN: bev-opt %s -onnx-simplify=max-elements=4 | FileCheck %s --check-prefix=LIMIT

// The example of the pass's description.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: tensor<2x3x4xf32>, %[[W:.*]]: tensor<12x8xf32>, %[[B:.*]]: tensor<8xf32>) -> tensor<2x8xf32>
// CHECK: %[[T:.*]] = onnx.constant dense<[2, 12]> : tensor<2xi64>
// CHECK-NEXT: %[[R:.*]] = onnx.node "Reshape" 16(%[[X]], %[[T]]) : {{.*}} -> tensor<2x12xf32>
// CHECK-NEXT: %[[M:.*]] = onnx.node "MatMul" 16(%[[R]], %[[W]]) : {{.*}} -> tensor<2x8xf32>
// CHECK-NEXT: %[[Y:.*]] = onnx.node "Add" 16(%[[M]], %[[B]])
// CHECK-NEXT: return %[[Y]] : tensor<2x8xf32>
func.func @main(%x: tensor<2x3x4xf32>, %w: tensor<12x8xf32>,
                %b: tensor<8xf32>) -> tensor<*xf32> {
  %axes = onnx.constant dense<0> : tensor<1xi64>
  %zero = onnx.constant dense<0> : tensor<i64>
  %rest = onnx.constant dense<-1> : tensor<1xi64>
  %s = onnx.node "Shape" 16 (%x) : (tensor<2x3x4xf32>) -> tensor<*xi64>
  %n = onnx.node "Gather" 16 (%s, %zero) : (tensor<*xi64>, tensor<i64>) -> tensor<*xi64>
  %u = onnx.node "Unsqueeze" 16 (%n, %axes) : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %t = onnx.node "Concat" 16 (%u, %rest) {axis = 0 : i64}
      : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %r = onnx.node "Reshape" 16 (%x, %t)
      : (tensor<2x3x4xf32>, tensor<*xi64>) -> tensor<*xf32>
  %m = onnx.node "MatMul" 16 (%r, %w)
      : (tensor<*xf32>, tensor<12x8xf32>) -> tensor<*xf32>
  %y = onnx.node "Add" 16 (%b, %m)
      : (tensor<8xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @fold
// LIMIT-LABEL: @fold
func.func @fold() -> (tensor<*xf32>, tensor<*xi64>, tensor<*xi1>) {
  // CHECK-DAG: %[[G:.*]] = onnx.constant dense<[2.500000e-01, 7.500000e-01, 1.250000e+00, 1.750000e+00, 2.250000e+00]> : tensor<5xf32>
  // CHECK-DAG: %[[Q:.*]] = onnx.constant dense<[-3, 3]> : tensor<2xi64>
  // CHECK-DAG: %[[M:.*]] = onnx.constant dense<[true, false, true]> : tensor<3xi1>
  // CHECK: return %[[G]], %[[Q]], %[[M]]
  // LIMIT: onnx.node "Range"
  // LIMIT: onnx.node "Div" {{.*}} -> tensor<5xf32>
  // LIMIT-NEXT: return
  %start = onnx.constant dense<0.5> : tensor<f32>
  %end = onnx.constant dense<5.0> : tensor<f32>
  %step = onnx.constant dense<1.0> : tensor<f32>
  %two = onnx.constant dense<2.0> : tensor<f32>
  %r = onnx.node "Range" 16 (%start, %end, %step) : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  %g = onnx.node "Div" 16 (%r, %two) : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  // Integer division truncates.
  %a = onnx.constant dense<[-7, 7]> : tensor<2xi64>
  %b = onnx.constant dense<2> : tensor<1xi64>
  %q = onnx.node "Div" 16 (%a, %b) : (tensor<2xi64>, tensor<1xi64>) -> tensor<*xi64>
  %c = onnx.constant dense<[true, false, false]> : tensor<3xi1>
  %d = onnx.constant dense<[false, false, true]> : tensor<3xi1>
  %m = onnx.node "Or" 16 (%c, %d) : (tensor<3xi1>, tensor<3xi1>) -> tensor<*xi1>
  return %g, %q, %m : tensor<*xf32>, tensor<*xi64>, tensor<*xi1>
}

// Division by zero is left where it is.
// CHECK-LABEL: @undefined
func.func @undefined() -> tensor<*xi64> {
  // CHECK: onnx.node "Div"
  %a = onnx.constant dense<7> : tensor<i64>
  %b = onnx.constant dense<0> : tensor<i64>
  %q = onnx.node "Div" 16 (%a, %b) : (tensor<i64>, tensor<i64>) -> tensor<*xi64>
  return %q : tensor<*xi64>
}

// CHECK-LABEL: @no_ops
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>, %[[I:.*]]: tensor<4xi32>, %[[C:.*]]: tensor<2x3xi1>)
// CHECK: %[[F:.*]] = onnx.node "Cast" 16(%[[I]]) {to = 1 : i64}
// CHECK: return %[[X]], %[[F]], %[[C]]
func.func @no_ops(%x: tensor<2x3xf32>, %i: tensor<4xi32>, %c: tensor<2x3xi1>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xi1>) {
  %pads = onnx.constant dense<0> : tensor<4xi64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %starts = onnx.constant dense<0> : tensor<1xi64>
  %ends = onnx.constant dense<9223372036854775807> : tensor<1xi64>
  %shape = onnx.constant dense<1> : tensor<2xi64>
  %0 = onnx.node "Identity" 16 (%x) : (tensor<2x3xf32>) -> tensor<*xf32>
  %1 = onnx.node "Dropout" 16 (%0) : (tensor<*xf32>) -> tensor<*xf32>
  %2 = onnx.node "Pad" 16 (%1, %pads) : (tensor<*xf32>, tensor<4xi64>) -> tensor<*xf32>
  %3 = onnx.node "Mul" 16 (%one, %2) : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %4 = onnx.node "Slice" 16 (%3, %starts, %ends) : (tensor<*xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  %5 = onnx.node "Concat" 16 (%4) {axis = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  %6 = onnx.node "Expand" 16 (%5, %shape) : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
  %7 = onnx.node "Cast" 16 (%6) {to = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  // A cast that loses nothing in front of another.
  %8 = onnx.node "Cast" 16 (%i) {to = 7 : i64} : (tensor<4xi32>) -> tensor<*xi64>
  %9 = onnx.node "Cast" 16 (%8) {to = 1 : i64} : (tensor<*xi64>) -> tensor<*xf32>
  %10 = onnx.node "Not" 16 (%c) : (tensor<2x3xi1>) -> tensor<*xi1>
  %11 = onnx.node "Not" 16 (%10) : (tensor<*xi1>) -> tensor<*xi1>
  return %7, %9, %11 : tensor<*xf32>, tensor<*xf32>, tensor<*xi1>
}

// Each of these changes something.
// CHECK-LABEL: @kept
func.func @kept(%x: tensor<2x3xf32>, %d: tensor<?x3xf32>, %i: tensor<4xi64>)
    -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf64>) {
  %zero_axis = onnx.constant dense<0> : tensor<1xi64>
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %ones = onnx.constant dense<1.0> : tensor<2x1xf32>
  %starts = onnx.constant dense<-1> : tensor<1xi64>
  %ends = onnx.constant dense<-9223372036854775808> : tensor<1xi64>
  %shape = onnx.constant dense<[2, 1]> : tensor<2xi64>
  // Adding 0 makes 0 of -0.
  // CHECK: "Add"
  %0 = onnx.node "Add" 16 (%x, %zero) : (tensor<2x3xf32>, tensor<f32>) -> tensor<*xf32>
  // CHECK: "Slice"
  %1 = onnx.node "Slice" 16 (%x, %starts, %ends, %zero_axis, %starts) : (tensor<2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  // A size of 1 at run time grows.
  // CHECK: "Expand"
  %2 = onnx.node "Expand" 16 (%d, %shape) : (tensor<?x3xf32>, tensor<2xi64>) -> tensor<*xf32>
  // CHECK: "Mul"
  %3 = onnx.node "Mul" 16 (%d, %ones) : (tensor<?x3xf32>, tensor<2x1xf32>) -> tensor<*xf32>
  // i64 to f32 loses bits.
  // CHECK-COUNT-2: "Cast"
  %4 = onnx.node "Cast" 16 (%i) {to = 1 : i64} : (tensor<4xi64>) -> tensor<*xf32>
  %5 = onnx.node "Cast" 16 (%4) {to = 11 : i64} : (tensor<*xf32>) -> tensor<*xf64>
  return %0, %1, %2, %3, %5 : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf64>
}

// Equal nodes on equal constants are one.
// CHECK-LABEL: @merge
// CHECK: %[[Y:.*]] = onnx.node "MatMul"
// CHECK-NOT: "MatMul"
// CHECK: return %[[Y]], %[[Y]]
func.func @merge(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %a = onnx.constant dense<2.5> : tensor<3x3xf32>
  %b = onnx.constant dense<2.5> : tensor<3x3xf32>
  %0 = onnx.node "MatMul" 16 (%x, %a) : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %1 = onnx.node "MatMul" 16 (%x, %b) : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// Two draws of random numbers are two.
// CHECK-LABEL: @random
// CHECK-COUNT-2: "RandomNormal"
func.func @random() -> (tensor<*xf32>, tensor<*xf32>) {
  %0 = onnx.node "RandomNormal" 16 () {shape = array<i64: 2>} : () -> tensor<*xf32>
  %1 = onnx.node "RandomNormal" 16 () {shape = array<i64: 2>} : () -> tensor<*xf32>
  return %0, %1 : tensor<*xf32>, tensor<*xf32>
}

// CHECK-LABEL: @branch
// CHECK: %[[Y:.*]] = onnx.node "Relu"
// CHECK-NEXT: return %[[Y]] : tensor<2xf32>
func.func @branch(%x: tensor<2xf32>) -> tensor<*xf32> {
  %s = onnx.node "Shape" 16 (%x) : (tensor<2xf32>) -> tensor<*xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %e = onnx.node "Equal" 16 (%s, %two) : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi1>
  %y = onnx.node "If" 16 (%e) then_branch {
    %a = onnx.node "Relu" 16 (%x) : (tensor<2xf32>) -> tensor<*xf32>
    onnx.yield %a : tensor<*xf32>
  } else_branch {
    onnx.yield %x : tensor<2xf32>
  } : (tensor<*xi1>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// Bodies are folded too.
// CHECK-LABEL: @nested
// CHECK: body
// CHECK-NOT: "Sqrt"
// CHECK: onnx.yield
func.func @nested(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<f32>) -> tensor<*xf32> {
  %r = onnx.node "Loop" 16 (%n, %c, %x) body (%i: tensor<i64>, %go: tensor<i1>, %a: tensor<*xf32>) {
    %four = onnx.constant dense<4.0> : tensor<f32>
    %two = onnx.node "Sqrt" 16 (%four) : (tensor<f32>) -> tensor<*xf32>
    %y = onnx.node "Mul" 16 (%a, %two) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    onnx.yield %go, %y : tensor<i1>, tensor<*xf32>
  } : (tensor<i64>, tensor<i1>, tensor<f32>) -> tensor<*xf32>
  return %r : tensor<*xf32>
}
