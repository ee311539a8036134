// What --lint finds, kind by kind, and what it must not take for wrong.

// RUN: rm -rf %t && split-file %s %t
// RUN: not bev-translate --lint %t/wrong.mlir -o %t/report
// RUN: FileCheck %s --implicit-check-not="nothing is wrong" < %t/report
// RUN: bev-translate --lint %t/right.mlir | FileCheck %s --check-prefix=RIGHT --match-full-lines --implicit-check-not=warning
// RIGHT: nothing is wrong with this export
// RUN: bev-translate --lint %t/note.mlir | FileCheck %s --check-prefix=NOTE

// RUN: %python %S/../bev-run/Inputs/expect_error.py bev-translate --lint --bytecode %t/right.mlir | FileCheck %s --check-prefix=USAGE
// USAGE: error: '--lint' is printed in place of the model: drop '--bytecode'

// RUN: echo nonsense > %t/bad.onnx
// RUN: %python %S/../bev-run/Inputs/expect_error.py bev-translate --lint %t/bad.onnx

//--- wrong.mlir

// CHECK: warning unused-input: the graph does not use the input
// CHECK-NEXT: at input 'can_bus'
// CHECK-NEXT: change: keep what is computed from it in tensors
func.func @unused_input(%x: tensor<4xf32>, %y: tensor<18xf32> {bev.name = "can_bus"}) -> tensor<4xf32> {
  %0 = onnx.node "Relu" 16 (%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK: warning sigmoid-in-atan:
// CHECK-NEXT: at 'atan_of_sigmoid' (Atan): of 'squashed' (Sigmoid)
// CHECK-NEXT: at 'atan_of_quotient' (Atan): of
// CHECK-NEXT: change: export torch.atan2 as it is
func.func @sigmoid_in_atan(%y: tensor<4xf32>, %x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = onnx.node "Div" 16 (%y, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = onnx.node "Sigmoid" 16 (%0) : (tensor<4xf32>) -> tensor<4xf32> loc("squashed")
  %2 = onnx.node "Atan" 16 (%1) : (tensor<4xf32>) -> tensor<4xf32> loc("atan_of_sigmoid")
  %3 = onnx.node "Sigmoid" 16 (%x) : (tensor<4xf32>) -> tensor<4xf32>
  %4 = onnx.node "Div" 16 (%y, %3) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = onnx.node "Atan" 16 (%4) : (tensor<4xf32>) -> tensor<4xf32> loc("atan_of_quotient")
  return %2, %5 : tensor<4xf32>, tensor<4xf32>
}

// CHECK: warning atan-without-quadrant:
// CHECK-NEXT: at 'bare' (Atan): of 'quotient' (Div)
// CHECK-NEXT: change: export torch.atan2(y, x) in place of torch.atan(y / x)
func.func @atan(%y: tensor<4xf32>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = onnx.node "Div" 16 (%y, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("quotient")
  %1 = onnx.node "Atan" 16 (%0) : (tensor<4xf32>) -> tensor<4xf32> loc("bare")
  return %1 : tensor<4xf32>
}

// CHECK: warning unclamped-count:
// CHECK-NEXT: at 'mean' (Div): the count is 'count' (ReduceSum)
// CHECK-NEXT: change: clamp the count
func.func @count(%x: tensor<1x9x4xf32>, %mask: tensor<6x9xi1>) -> tensor<1x9x4xf32> {
  %axes = onnx.constant dense<0> : tensor<1xi64>
  %last = onnx.constant dense<2> : tensor<1xi64>
  %0 = onnx.node "Cast" 16 (%mask) {to = 1 : i64} : (tensor<6x9xi1>) -> tensor<6x9xf32>
  %1 = onnx.node "ReduceSum" 16 (%0, %axes) : (tensor<6x9xf32>, tensor<1xi64>) -> tensor<1x9xf32> loc("count")
  %2 = onnx.node "Unsqueeze" 16 (%1, %last) : (tensor<1x9xf32>, tensor<1xi64>) -> tensor<1x9x1xf32>
  %3 = onnx.node "Div" 16 (%x, %2) : (tensor<1x9x4xf32>, tensor<1x9x1xf32>) -> tensor<1x9x4xf32> loc("mean")
  return %3 : tensor<1x9x4xf32>
}

// CHECK: warning frozen-calibration:
// CHECK-NEXT: at 'lidar2img' (MatMul)
// CHECK-NEXT: at 'transposed' (MatMul)
// CHECK-NEXT: change: pass lidar2img
func.func @calibration(%p: tensor<9x4x1xf32>, %q: tensor<9x4xf32>) -> (tensor<9x4x1xf32>, tensor<9x4xf32>) {
  %m = onnx.constant dense<[[5.0, 0.0, 2.0, 1.0], [0.0, 5.0, 2.0, 1.0], [0.0, 0.0, 1.0, 3.0], [0.0, 0.0, 0.0, 1.0]]> : tensor<4x4xf32>
  %t = onnx.constant dense<[[5.0, 0.0, 2.0, 0.0], [0.0, 5.0, 2.0, 0.0], [0.0, 0.0, 1.0, 0.0], [1.0, 2.0, 3.0, 1.0]]> : tensor<4x4xf32>
  %0 = onnx.node "MatMul" 16 (%m, %p) : (tensor<4x4xf32>, tensor<9x4x1xf32>) -> tensor<9x4x1xf32> loc("lidar2img")
  %1 = onnx.node "MatMul" 16 (%q, %t) : (tensor<9x4xf32>, tensor<4x4xf32>) -> tensor<9x4xf32> loc("transposed")
  return %0, %1 : tensor<9x4x1xf32>, tensor<9x4xf32>
}

// CHECK: warning half-coordinates:
// CHECK-NEXT: at 'half_grid' (GridSample)
// CHECK-NEXT: at 'converted_grid' (GridSample)
// CHECK-NEXT: at 'plugin' (MMCVMultiScaleDeformableAttention)
// CHECK-NEXT: change: compute reference points, offsets and grids in float32
// CHECK: warning double-grid:
// CHECK-NEXT: at 'double_grid' (GridSample)
// CHECK-NEXT: change: convert the grid with .float()
func.func @grids(%x: tensor<1x2x8x8xf32>, %h: tensor<1x4x4x2xf16>, %d: tensor<1x4x4x2xf64>,
                 %v: tensor<1x64x2x4xf32>, %s: tensor<1x2xi64>, %i: tensor<1xi64>,
                 %l: tensor<1x9x2x1x4x2xbf16>, %w: tensor<1x9x2x1x4xf32>)
    -> (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x9x8xf32>) {
  %0 = onnx.node "GridSample" 16 (%x, %h) : (tensor<1x2x8x8xf32>, tensor<1x4x4x2xf16>) -> tensor<1x2x4x4xf32> loc("half_grid")
  %1 = onnx.node "Cast" 16 (%h) {to = 1 : i64} : (tensor<1x4x4x2xf16>) -> tensor<1x4x4x2xf32>
  %2 = onnx.node "GridSample" 16 (%x, %1) : (tensor<1x2x8x8xf32>, tensor<1x4x4x2xf32>) -> tensor<1x2x4x4xf32> loc("converted_grid")
  %3 = onnx.node "GridSample" 16 (%x, %d) : (tensor<1x2x8x8xf32>, tensor<1x4x4x2xf64>) -> tensor<1x2x4x4xf32> loc("double_grid")
  %4 = onnx.node "MMCVMultiScaleDeformableAttention" of "mmdeploy" 1 (%v, %s, %i, %l, %w)
      : (tensor<1x64x2x4xf32>, tensor<1x2xi64>, tensor<1xi64>, tensor<1x9x2x1x4x2xbf16>, tensor<1x9x2x1x4xf32>) -> tensor<1x9x8xf32> loc("plugin")
  return %0, %2, %3, %4 : tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x9x8xf32>
}

// CHECK: warning integer-clip:
// CHECK-NEXT: at 'clip' (Clip)
// CHECK-NEXT: change: clamp in float32
func.func @clip(%x: tensor<4xi64>) -> tensor<4xi64> {
  %one = onnx.constant dense<1> : tensor<i64>
  %0 = onnx.node "Clip" 16 (%x, %one) : (tensor<4xi64>, tensor<i64>) -> tensor<4xi64> loc("clip")
  return %0 : tensor<4xi64>
}

// CHECK: warning frozen-batch:
// CHECK-NEXT: at 'batch' (Reshape)
// CHECK-NEXT: change: take the batch from x.shape[0]
func.func @batch(%x: tensor<?x8xf32>) -> tensor<1x2x4xf32> {
  %shape = onnx.constant dense<[1, 2, 4]> : tensor<3xi64>
  %0 = onnx.node "Reshape" 16 (%x, %shape) : (tensor<?x8xf32>, tensor<3xi64>) -> tensor<1x2x4xf32> loc("batch")
  return %0 : tensor<1x2x4xf32>
}

// CHECK: warning frozen-count:
// CHECK-NEXT: at 'traced' (Expand): a size that NonZero finds is expanded to a constant one
// CHECK-NEXT: change: attend from all queries
func.func @expand(%mask: tensor<9xi64>) -> tensor<5x1xi64> {
  %size = onnx.constant dense<[5, 1]> : tensor<2xi64>
  %0 = onnx.node "NonZero" 16 (%mask) : (tensor<9xi64>) -> tensor<1x?xi64>
  %1 = onnx.node "Transpose" 16 (%0) {perm = array<i64: 1, 0>} : (tensor<1x?xi64>) -> tensor<?x1xi64>
  %2 = onnx.node "Expand" 16 (%1, %size) : (tensor<?x1xi64>, tensor<2xi64>) -> tensor<5x1xi64> loc("traced")
  return %2 : tensor<5x1xi64>
}

// CHECK: warning frozen-indices:
// CHECK-NEXT: at 'camera0' (Gather): 3 constant indices, in 1 Gather and 1 ScatterND
// CHECK-NEXT: change: compute the indices in tensors
// CHECK: warning index-list-copies:
// CHECK-NEXT: at 'camera0' (Gather): 2 nodes, the last is 'camera1' (Gather)
// CHECK-NEXT: change: make the cameras a dimension
func.func @indices(%q: tensor<9x4xf32>) -> (tensor<9x4xf32>, tensor<4x4xf32>) {
  %zeros = onnx.constant dense<0.0> : tensor<9x4xf32>
  %list = onnx.constant dense<[0, 1, 5]> : tensor<3xi64>
  %rows = onnx.constant dense<[[0], [1], [5]]> : tensor<3x1xi64>
  %other = onnx.constant dense<[2, 3, 4, 8]> : tensor<4xi64>
  %0 = onnx.node "Gather" 16 (%q, %list) {axis = 0 : i64} : (tensor<9x4xf32>, tensor<3xi64>) -> tensor<3x4xf32> loc("camera0")
  %1 = onnx.node "ScatterND" 16 (%zeros, %rows, %0) : (tensor<9x4xf32>, tensor<3x1xi64>, tensor<3x4xf32>) -> tensor<9x4xf32>
  %2 = onnx.node "Gather" 16 (%q, %other) {axis = 0 : i64} : (tensor<9x4xf32>, tensor<4xi64>) -> tensor<4x4xf32> loc("camera1")
  return %1, %2 : tensor<9x4xf32>, tensor<4x4xf32>
}

//--- right.mlir

// As exporters write atan2: by the sign of the divisor.
func.func @atan2(%y: tensor<4xf32>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %pi = onnx.constant dense<3.14159> : tensor<f32>
  %0 = onnx.node "Div" 16 (%y, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = onnx.node "Atan" 16 (%0) : (tensor<4xf32>) -> tensor<4xf32>
  %2 = onnx.node "Greater" 16 (%y, %zero) : (tensor<4xf32>, tensor<f32>) -> tensor<4xi1>
  %3 = onnx.node "Add" 16 (%1, %pi) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %4 = onnx.node "Sub" 16 (%1, %pi) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %5 = onnx.node "Where" 16 (%2, %3, %4) : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %6 = onnx.node "Less" 16 (%x, %zero) : (tensor<4xf32>, tensor<f32>) -> tensor<4xi1>
  %7 = onnx.node "Where" 16 (%6, %5, %1) : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %7 : tensor<4xf32>
}

// No quotient of two coordinates.
func.func @atan(%y: tensor<4xf32>) -> tensor<4xf32> {
  %two = onnx.constant dense<2.0> : tensor<f32>
  %0 = onnx.node "Div" 16 (%y, %two) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = onnx.node "Atan" 16 (%0) : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// A clamped count, and a sum of weights.
func.func @counts(%x: tensor<9x4xf32>, %mask: tensor<9x6xi1>) -> (tensor<9x4xf32>, tensor<9x4xf32>) {
  %axes = onnx.constant dense<1> : tensor<1xi64>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %0 = onnx.node "Cast" 16 (%mask) {to = 1 : i64} : (tensor<9x6xi1>) -> tensor<9x6xf32>
  %1 = onnx.node "ReduceSum" 16 (%0, %axes) : (tensor<9x6xf32>, tensor<1xi64>) -> tensor<9x1xf32>
  %2 = onnx.node "Clip" 16 (%1, %one) : (tensor<9x1xf32>, tensor<f32>) -> tensor<9x1xf32>
  %3 = onnx.node "Div" 16 (%x, %2) : (tensor<9x4xf32>, tensor<9x1xf32>) -> tensor<9x4xf32>
  %4 = onnx.node "Abs" 16 (%x) : (tensor<9x4xf32>) -> tensor<9x4xf32>
  %5 = onnx.node "ReduceSum" 16 (%4, %axes) : (tensor<9x4xf32>, tensor<1xi64>) -> tensor<9x1xf32>
  %6 = onnx.node "Div" 16 (%x, %5) : (tensor<9x4xf32>, tensor<9x1xf32>) -> tensor<9x4xf32>
  return %3, %6 : tensor<9x4xf32>, tensor<9x4xf32>
}

// Weights of 4 x 4, matrices at run time, and half-precision features.
func.func @matrices(%x: tensor<9x4xf32>, %p: tensor<6x4x4xf32>, %v: tensor<9x4x1xf32>,
                    %f: tensor<1x2x8x8xf16>, %g: tensor<1x4x4x2xf32>)
    -> (tensor<9x4xf32>, tensor<6x9x4x1xf32>, tensor<1x2x4x4xf16>) {
  %w = onnx.constant dense<[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]> : tensor<4x4xf32>
  %axes = onnx.constant dense<1> : tensor<1xi64>
  %0 = onnx.node "MatMul" 16 (%x, %w) : (tensor<9x4xf32>, tensor<4x4xf32>) -> tensor<9x4xf32>
  %1 = onnx.node "Unsqueeze" 16 (%p, %axes) : (tensor<6x4x4xf32>, tensor<1xi64>) -> tensor<6x1x4x4xf32>
  %2 = onnx.node "MatMul" 16 (%1, %v) : (tensor<6x1x4x4xf32>, tensor<9x4x1xf32>) -> tensor<6x9x4x1xf32>
  %3 = onnx.node "GridSample" 16 (%f, %g) : (tensor<1x2x8x8xf16>, tensor<1x4x4x2xf32>) -> tensor<1x2x4x4xf16>
  return %0, %2, %3 : tensor<9x4xf32>, tensor<6x9x4x1xf32>, tensor<1x2x4x4xf16>
}

// A dynamic batch that is kept, a list of evenly spaced indices, one that is not put back.
func.func @shapes(%x: tensor<?x8xf32>, %q: tensor<9x4xf32>) -> (tensor<?x2x4xf32>, tensor<5x4xf32>, tensor<3x9xf32>) {
  %shape = onnx.constant dense<[-1, 2, 4]> : tensor<3xi64>
  %even = onnx.constant dense<[0, 2, 4, 6, 8]> : tensor<5xi64>
  %order = onnx.constant dense<[2, 0, 3]> : tensor<3xi64>
  %t = onnx.node "Transpose" 16 (%q) {perm = array<i64: 1, 0>} : (tensor<9x4xf32>) -> tensor<4x9xf32>
  %0 = onnx.node "Reshape" 16 (%x, %shape) : (tensor<?x8xf32>, tensor<3xi64>) -> tensor<?x2x4xf32>
  %1 = onnx.node "Gather" 16 (%q, %even) {axis = 0 : i64} : (tensor<9x4xf32>, tensor<5xi64>) -> tensor<5x4xf32>
  %2 = onnx.node "Gather" 16 (%t, %order) {axis = 0 : i64} : (tensor<4x9xf32>, tensor<3xi64>) -> tensor<3x9xf32>
  return %0, %1, %2 : tensor<?x2x4xf32>, tensor<5x4xf32>, tensor<3x9xf32>
}

//--- note.mlir

// NOTE: note static-batch: all inputs have batch 1
// NOTE-NEXT: at 'flat' (Reshape): 1 Reshape to a first dimension of 1
// NOTE-NEXT: change: nothing, if one frame is what is wanted
// NOTE-NEXT: nothing is wrong with this export
func.func @main(%x: tensor<1x2x4xf32>) -> tensor<1x8xf32> {
  %shape = onnx.constant dense<[1, 8]> : tensor<2xi64>
  %0 = onnx.node "Reshape" 16 (%x, %shape) : (tensor<1x2x4xf32>, tensor<2xi64>) -> tensor<1x8xf32> loc("flat")
  return %0 : tensor<1x8xf32>
}
