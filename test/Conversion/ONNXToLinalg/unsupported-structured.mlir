// RUN: bev-opt %s --convert-onnx-to-linalg --split-input-file --verify-diagnostics

func.func @axis(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error@+1 {{ReduceSum (1 node): axis 5 of a tensor of rank 2}}
  %0 = onnx.node "ReduceSum" 11 (%x) {axes = array<i64: 5>}
      : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// -----

func.func @strides(%x: tensor<1x1x4x4xf32>, %w: tensor<1x1x2x2xf32>) -> tensor<1x1x3x3xf32> {
  // expected-error@+1 {{Conv (1 node): a kernel, strides, dilations or pads that are not one for each of the 2 spatial dimensions}}
  %0 = onnx.node "Conv" 11 (%x, %w) {strides = array<i64: 1>}
      : (tensor<1x1x4x4xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x3x3xf32>
  return %0 : tensor<1x1x3x3xf32>
}

// -----

func.func @pads(%x: tensor<1x1x4x4xf32>, %w: tensor<1x1x2x2xf32>) -> tensor<1x1x3x3xf32> {
  // expected-error@+1 {{Conv (1 node): auto_pad 'SAME'}}
  %0 = onnx.node "Conv" 11 (%x, %w) {auto_pad = "SAME"}
      : (tensor<1x1x4x4xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x3x3xf32>
  return %0 : tensor<1x1x3x3xf32>
}

// -----

func.func @equation(%x: tensor<2x3xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{Einsum (1 node): the term 'ijk' for an input of rank 2}}
  %0 = onnx.node "Einsum" 12 (%x) {equation = "ijk->i"}
      : (tensor<2x3xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @mode(%x: tensor<1x1x2x2xf32>, %grid: tensor<1x2x2x2xf32>) -> tensor<1x1x2x2xf32> {
  // expected-error@+1 {{GridSample (1 node): mode 'area'}}
  %0 = onnx.node "GridSample" 16 (%x, %grid) {mode = "area"}
      : (tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x1x2x2xf32>
  return %0 : tensor<1x1x2x2xf32>
}

// -----

func.func @groups(%x: tensor<1x3x2x2xf32>, %p: tensor<2xf32>) -> tensor<1x3x2x2xf32> {
  // expected-error@+1 {{GroupNormalization (1 node): a number of groups that does not divide the channels}}
  %0 = onnx.node "GroupNormalization" 18 (%x, %p, %p) {num_groups = 2 : i64}
      : (tensor<1x3x2x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x3x2x2xf32>
  return %0 : tensor<1x3x2x2xf32>
}

// -----

func.func @dequantized_float(%x: tensor<4xf16>, %scale: tensor<f32>) -> tensor<4xf32> {
  // expected-error@+1 {{DequantizeLinear (1 node): a quantized type that is no integer or narrow float}}
  %0 = onnx.node "DequantizeLinear" 19 (%x, %scale)
      : (tensor<4xf16>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @quantized_float(%x: tensor<4xf32>, %scale: tensor<f32>, %zero: tensor<f16>) -> tensor<4xf16> {
  // expected-error@+1 {{QuantizeLinear (1 node): a quantized type that is no integer or narrow float}}
  %0 = onnx.node "QuantizeLinear" 19 (%x, %scale, %zero)
      : (tensor<4xf32>, tensor<f32>, tensor<f16>) -> tensor<4xf16>
  return %0 : tensor<4xf16>
}

// -----

func.func @scales_and_sizes(%x: tensor<1x1x2x2xf32>, %scales: tensor<4xf32>, %sizes: tensor<4xi64>) -> tensor<1x1x4x4xf32> {
  %none = onnx.none
  // expected-error@+1 {{Resize (1 node): both scales and sizes}}
  %0 = onnx.node "Resize" 13 (%x, %none, %scales, %sizes)
      : (tensor<1x1x2x2xf32>, none, tensor<4xf32>, tensor<4xi64>) -> tensor<1x1x4x4xf32>
  return %0 : tensor<1x1x4x4xf32>
}
