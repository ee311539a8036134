// RUN: bev-opt %s --convert-onnx-to-linalg --canonicalize | FileCheck %s

// The bias is where the sums begin.
// CHECK-LABEL: func.func @conv
// CHECK-SAME: %[[X:.+]]: tensor<?x3x8x8xf32>, %[[W:.+]]: tensor<4x3x3x3xf32>, %[[B:.+]]: tensor<4xf32>
// CHECK: %[[PAD:.+]] = tensor.pad %[[X]] low[0, 0, 1, 1] high[0, 0, 1, 1]
// CHECK: %[[BIAS:.+]] = linalg.generic {{.*}} ins(%[[B]] : tensor<4xf32>)
// CHECK: linalg.conv_2d_nchw_fchw
// CHECK-SAME: ins(%[[PAD]], %[[W]]
// CHECK-SAME: outs(%[[BIAS]]
func.func @conv(%x: tensor<?x3x8x8xf32>, %w: tensor<4x3x3x3xf32>, %b: tensor<4xf32>) -> tensor<?x4x8x8xf32> {
  %0 = onnx.node "Conv" 11 (%x, %w, %b) {pads = array<i64: 1, 1, 1, 1>}
      : (tensor<?x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<?x4x8x8xf32>
  return %0 : tensor<?x4x8x8xf32>
}

// CHECK-LABEL: func.func @grouped
// CHECK: linalg.conv_2d_ngchw_gfchw
// CHECK-SAME: tensor<1x2x2x8x8xf32>, tensor<2x3x2x3x3xf32>
func.func @grouped(%x: tensor<1x4x8x8xf32>, %w: tensor<6x2x3x3xf32>) -> tensor<1x6x6x6xf32> {
  %0 = onnx.node "Conv" 11 (%x, %w) {group = 2 : i64}
      : (tensor<1x4x8x8xf32>, tensor<6x2x3x3xf32>) -> tensor<1x6x6x6xf32>
  return %0 : tensor<1x6x6x6xf32>
}

// A transposed convolution is one over the input with zeros between.
// CHECK-LABEL: func.func @transposed
// CHECK: linalg.conv_2d_nchw_fchw
// CHECK-SAME: tensor<1x2x9x9xf32>, tensor<4x2x3x3xf32>
func.func @transposed(%x: tensor<1x2x3x3xf32>, %w: tensor<2x4x3x3xf32>) -> tensor<1x4x7x7xf32> {
  %0 = onnx.node "ConvTranspose" 11 (%x, %w) {strides = array<i64: 2, 2>}
      : (tensor<1x2x3x3xf32>, tensor<2x4x3x3xf32>) -> tensor<1x4x7x7xf32>
  return %0 : tensor<1x4x7x7xf32>
}

// CHECK-LABEL: func.func @max_pool
// CHECK: tensor.pad
// CHECK: tensor.yield %{{.+}} : f32
// CHECK: linalg.pooling_nchw_max
func.func @max_pool(%x: tensor<1x4x9x9xf32>) -> tensor<1x4x5x5xf32> {
  %0 = onnx.node "MaxPool" 12 (%x) {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
      : (tensor<1x4x9x9xf32>) -> tensor<1x4x5x5xf32>
  return %0 : tensor<1x4x5x5xf32>
}

// CHECK-LABEL: func.func @max_pool_indices
// CHECK: linalg.generic
// CHECK: -> (tensor<1x4x5x5xf32>, tensor<1x4x5x5xi64>)
func.func @max_pool_indices(%x: tensor<1x4x9x9xf32>) -> (tensor<1x4x5x5xf32>, tensor<1x4x5x5xi64>) {
  %0:2 = onnx.node "MaxPool" 12 (%x) {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
      : (tensor<1x4x9x9xf32>) -> (tensor<1x4x5x5xf32>, tensor<1x4x5x5xi64>)
  return %0#0, %0#1 : tensor<1x4x5x5xf32>, tensor<1x4x5x5xi64>
}

// Without padding every window has the same number of taps.
// CHECK-LABEL: func.func @average_pool
// CHECK: linalg.pooling_nchw_sum
// CHECK: linalg.generic
// CHECK-NOT: linalg.index
// CHECK: arith.divf
func.func @average_pool(%x: tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32> {
  %0 = onnx.node "AveragePool" 11 (%x) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  return %0 : tensor<1x4x4x4xf32>
}
