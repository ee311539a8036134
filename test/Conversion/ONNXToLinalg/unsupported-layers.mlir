// RUN: bev-opt %s --split-input-file --verify-diagnostics --convert-onnx-to-linalg

func.func @conv(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Conv (1 node): an input without spatial dimensions or filters of another rank}}
  %y = onnx.node "Conv" 11 (%x0, %x1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @conv_2(%x0: tensor<1x4x8x8xf32>, %x1: tensor<4x4x3x3xf32>) -> tensor<1x4x6x6xf32> {
  // expected-error @+1 {{Conv (1 node): less than one group}}
  %y = onnx.node "Conv" 11 (%x0, %x1) {group = 0 : i64}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x6x6xf32>
  return %y : tensor<1x4x6x6xf32>
}

// -----

func.func @conv_transpose(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{ConvTranspose (1 node): an input without spatial dimensions or filters of another rank}}
  %y = onnx.node "ConvTranspose" 11 (%x0, %x1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @conv_transpose_2(%x0: tensor<1x4x8x8xf32>, %x1: tensor<4x4x3x3xf32>) -> tensor<1x4x10x10xf32> {
  // expected-error @+1 {{ConvTranspose (1 node): less than one group}}
  %y = onnx.node "ConvTranspose" 11 (%x0, %x1) {group = 0 : i64}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x10x10xf32>
  return %y : tensor<1x4x10x10xf32>
}

// -----

func.func @conv_transpose_3(%x0: tensor<1x4x8x8xf32>, %x1: tensor<4x4x3x3xf32>) -> tensor<1x4x?x?xf32> {
  // expected-error @+1 {{ConvTranspose (1 node): strides or dilations that are not positive}}
  %y = onnx.node "ConvTranspose" 11 (%x0, %x1) {strides = array<i64: 0, 1>}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

func.func @conv_3(%x0: tensor<1x4x8x8xf32>, %x1: tensor<4x4x3x3xf32>) -> tensor<1x4x?x?xf32> {
  // expected-error @+1 {{Conv (1 node): strides or dilations that are not positive}}
  %y = onnx.node "Conv" 11 (%x0, %x1) {dilations = array<i64: 0, 1>}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

func.func @conv_4(%x0: tensor<1x4x8x8xf32>, %x1: tensor<4x4x3x3xf32>) -> tensor<1x4x?x?xf32> {
  // expected-error @+1 {{Conv (1 node): negative pads}}
  %y = onnx.node "Conv" 11 (%x0, %x1) {pads = array<i64: -1, 0, 0, 0>}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

func.func @col2_im(%x0: tensor<1x9x4xf32>, %x1: tensor<3xi64>, %x2: tensor<2xi64>) -> tensor<1x1x?x?xf32> {
  // expected-error @+1 {{Col2Im (1 node): sizes of images and blocks that are not one for each dimension of an image}}
  %y = onnx.node "Col2Im" 18 (%x0, %x1, %x2) : (tensor<1x9x4xf32>, tensor<3xi64>, tensor<2xi64>) -> tensor<1x1x?x?xf32>
  return %y : tensor<1x1x?x?xf32>
}

// -----

func.func @col2_im_2(%x0: tensor<1x9x4xf32>, %x1: tensor<2xi64>, %x2: tensor<2xi64>) -> tensor<1x1x?x?xf32> {
  // expected-error @+1 {{Col2Im (1 node): strides, dilations or pads that are not one for each dimension of an image}}
  %y = onnx.node "Col2Im" 18 (%x0, %x1, %x2) {strides = array<i64: 1>}
      : (tensor<1x9x4xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<1x1x?x?xf32>
  return %y : tensor<1x1x?x?xf32>
}

// -----

func.func @deform_conv(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>, %x2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{DeformConv (1 node): an input that is not a batch of images}}
  %y = onnx.node "DeformConv" 19 (%x0, %x1, %x2)
      : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @deform_conv_2(%x0: tensor<1x4x8x8xf32>, %x1: tensor<4x4x1x1xf32>, %x2: tensor<1x2x8x8xf32>) -> tensor<1x4x8x8xf32> {
  // expected-error @+1 {{DeformConv (1 node): less than one group}}
  %y = onnx.node "DeformConv" 19 (%x0, %x1, %x2) {offset_group = 0 : i64}
      : (tensor<1x4x8x8xf32>, tensor<4x4x1x1xf32>, tensor<1x2x8x8xf32>) -> tensor<1x4x8x8xf32>
  return %y : tensor<1x4x8x8xf32>
}

// -----

func.func @max_pool(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{MaxPool (1 node): an input without spatial dimensions}}
  %y = onnx.node "MaxPool" 12 (%x0) {kernel_shape = array<i64: 2>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @average_pool(%x0: tensor<1x4x8x8xf32>) -> tensor<1x4x?x?xf32> {
  // expected-error @+1 {{AveragePool (1 node): a kernel_shape that is absent or not positive}}
  %y = onnx.node "AveragePool" 11 (%x0) {kernel_shape = array<i64: 0, 2>} : (tensor<1x4x8x8xf32>) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

func.func @global_average_pool(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{GlobalAveragePool (1 node): an input without spatial dimensions}}
  %y = onnx.node "GlobalAveragePool" 1 (%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @grid_sample(%x0: tensor<1x4x8x8xf32>, %x1: tensor<1x8x8x3xf32>) -> tensor<1x4x8x8xf32> {
  // expected-error @+1 {{GridSample (1 node): a grid that does not have a coordinate for each spatial dimension of the input}}
  %y = onnx.node "GridSample" 16 (%x0, %x1) : (tensor<1x4x8x8xf32>, tensor<1x8x8x3xf32>) -> tensor<1x4x8x8xf32>
  return %y : tensor<1x4x8x8xf32>
}

// -----

func.func @grid_sample_2(%x0: tensor<1x4x8x8xf32>, %x1: tensor<1x8x8x2xf32>) -> tensor<1x4x8x8xf32> {
  // expected-error @+1 {{GridSample (1 node): padding_mode 'mirror'}}
  %y = onnx.node "GridSample" 16 (%x0, %x1) {padding_mode = "mirror"}
      : (tensor<1x4x8x8xf32>, tensor<1x8x8x2xf32>) -> tensor<1x4x8x8xf32>
  return %y : tensor<1x4x8x8xf32>
}

// -----

func.func @grid_sample_3(%x0: tensor<1x4x8x8xi32>, %x1: tensor<1x8x8x2xf32>) -> tensor<1x4x8x8xi32> {
  // expected-error @+1 {{GridSample (1 node): interpolation between integers}}
  %y = onnx.node "GridSample" 16 (%x0, %x1) : (tensor<1x4x8x8xi32>, tensor<1x8x8x2xf32>) -> tensor<1x4x8x8xi32>
  return %y : tensor<1x4x8x8xi32>
}

// -----

func.func @affine_grid(%x0: tensor<1x2x3xf32>, %x1: tensor<1x4xi64>) -> tensor<1x?x?x2xf32> {
  // expected-error @+1 {{AffineGrid (1 node): a grid that is not of two or three dimensions}}
  %y = onnx.node "AffineGrid" 20 (%x0, %x1) : (tensor<1x2x3xf32>, tensor<1x4xi64>) -> tensor<1x?x?x2xf32>
  return %y : tensor<1x?x?x2xf32>
}

// -----

func.func @resize(%x0: tensor<1x4x8x8xf32>, %x2: tensor<4xf32>) -> tensor<1x4x?x?xf32> {
  %none = onnx.none
  // expected-error @+1 {{Resize (1 node): a mode, coordinate_transformation_mode or nearest_mode that ONNX does not define}}
  %y = onnx.node "Resize" 13 (%x0, %none, %x2) {mode = "spline"}
      : (tensor<1x4x8x8xf32>, none, tensor<4xf32>) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

func.func @resize_2(%x0: tensor<1x4x8x8xf32>, %x2: tensor<4xf32>) -> tensor<1x4x?x?xf32> {
  %none = onnx.none
  // expected-error @+1 {{Resize (1 node): antialias with mode 'nearest'}}
  %y = onnx.node "Resize" 18 (%x0, %none, %x2) {antialias = 1 : i64}
      : (tensor<1x4x8x8xf32>, none, tensor<4xf32>) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

func.func @resize_3(%x0: tensor<1x4x8x8xf32>) -> tensor<1x4x?x?xf32> {
  // expected-error @+1 {{Resize (1 node): scales or sizes that are not one for each of the 4 resized dimensions}}
  %y = onnx.node "Resize" 13 (%x0) : (tensor<1x4x8x8xf32>) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

func.func @resize_4(%x0: tensor<1x4x8x8xf32>, %x2: tensor<4xf32>) -> tensor<1x4x?x?xf32> {
  %none = onnx.none
  // expected-error @+1 {{Resize (1 node): tf_crop_and_resize without a region}}
  %y = onnx.node "Resize" 13 (%x0, %none, %x2) {mode = "linear", coordinate_transformation_mode = "tf_crop_and_resize"}
      : (tensor<1x4x8x8xf32>, none, tensor<4xf32>) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

func.func @mat_mul(%x0: tensor<f32>, %x1: tensor<2x3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{MatMul (1 node): a scalar operand}}
  %y = onnx.node "MatMul" 13 (%x0, %x1) : (tensor<f32>, tensor<2x3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @gemm(%x0: tensor<3xf32>, %x1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Gemm (1 node): operands that are not matrices}}
  %y = onnx.node "Gemm" 13 (%x0, %x1) : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @gemm_2(%x0: tensor<2x3xi32>, %x1: tensor<3x2xi32>) -> tensor<2x2xi32> {
  // expected-error @+1 {{Gemm (1 node): factors of an integer product that are no integers}}
  %y = onnx.node "Gemm" 13 (%x0, %x1) {alpha = 0.5 : f32} : (tensor<2x3xi32>, tensor<3x2xi32>) -> tensor<2x2xi32>
  return %y : tensor<2x2xi32>
}

// -----

func.func @einsum(%x0: tensor<2x3xf32>) -> tensor<2x2xf32> {
  // expected-error @+1 {{Einsum (1 node): an equation of 2 terms for 1 inputs}}
  %y = onnx.node "Einsum" 12 (%x0) {equation = "ij,jk->ik"} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

func.func @einsum_2(%x0: tensor<2x3xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{Einsum (1 node): the output term 'i+'}}
  %y = onnx.node "Einsum" 12 (%x0) {equation = "ij->i+"} : (tensor<2x3xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @einsum_3(%x0: tensor<2x3xf32>) -> tensor<2x2xf32> {
  // expected-error @+1 {{Einsum (1 node): an output with a letter that is repeated or that no input has}}
  %y = onnx.node "Einsum" 12 (%x0) {equation = "ij->ii"} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

func.func @layer_normalization(%x0: tensor<2x3xf32>, %x1: tensor<3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{LayerNormalization (1 node): an axis that the input does not have}}
  %y = onnx.node "LayerNormalization" 17 (%x0, %x1) {axis = 4 : i64}
      : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @layer_normalization_2(%x0: tensor<2x3xf32>, %x1: tensor<1x2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{LayerNormalization (1 node): a scale or bias of higher rank than the input}}
  %y = onnx.node "LayerNormalization" 17 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @instance_normalization(%x0: tensor<4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{InstanceNormalization (1 node): an input without channels}}
  %y = onnx.node "InstanceNormalization" 6 (%x0, %x1, %x2)
      : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @group_normalization(%x0: tensor<4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{GroupNormalization (1 node): an input without channels}}
  %y = onnx.node "GroupNormalization" 21 (%x0, %x1, %x2) {num_groups = 2 : i64}
      : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @batch_normalization(%x0: tensor<2x3xf32>, %x1: tensor<3xf32>, %x2: tensor<3xf32>, %x3: tensor<3xf32>, %x4: tensor<3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>) {
  // expected-error @+1 {{BatchNormalization (1 node): the outputs of training}}
  %y:2 = onnx.node "BatchNormalization" 9 (%x0, %x1, %x2, %x3, %x4)
      : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>)
  return %y#0, %y#1 : tensor<2x3xf32>, tensor<3xf32>
}

// -----

func.func @lp_normalization(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{LpNormalization (1 node): an axis that the input does not have}}
  %y = onnx.node "LpNormalization" 1 (%x0) {axis = 4 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @lrn(%x0: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{LRN (1 node): an input without channels or an empty window}}
  %y = onnx.node "LRN" 13 (%x0) {size = 3 : i64} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @softmax(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Softmax (1 node): an axis that the input does not have}}
  %y = onnx.node "Softmax" 13 (%x0) {axis = 4 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @quantize_linear(%x0: tensor<2x3xf32>, %x1: tensor<3xf32>) -> tensor<2x3xui8> {
  // expected-error @+1 {{QuantizeLinear (1 node): an axis that the input does not have}}
  %y = onnx.node "QuantizeLinear" 13 (%x0, %x1) {axis = 4 : i64} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xui8>
  return %y : tensor<2x3xui8>
}

// -----

func.func @dynamic_quantize_linear(%x0: tensor<2x3xf16>) -> (tensor<2x3xui8>, tensor<f16>, tensor<ui8>) {
  // expected-error @+1 {{DynamicQuantizeLinear (1 node): other types than f32 and ui8}}
  %y:3 = onnx.node "DynamicQuantizeLinear" 11 (%x0) : (tensor<2x3xf16>) -> (tensor<2x3xui8>, tensor<f16>, tensor<ui8>)
  return %y#0, %y#1, %y#2 : tensor<2x3xui8>, tensor<f16>, tensor<ui8>
}

// -----

func.func @conv_integer(%x0: tensor<2x3xui8>, %x1: tensor<2x3xui8>) -> tensor<2x3xi32> {
  // expected-error @+1 {{ConvInteger (1 node): an input without spatial dimensions, filters of another rank or less than one group}}
  %y = onnx.node "ConvInteger" 10 (%x0, %x1) : (tensor<2x3xui8>, tensor<2x3xui8>) -> tensor<2x3xi32>
  return %y : tensor<2x3xi32>
}

// -----

func.func @mat_mul_integer(%x0: tensor<ui8>, %x1: tensor<2x3xui8>) -> tensor<3xi32> {
  // expected-error @+1 {{MatMulInteger (1 node): a scalar operand}}
  %y = onnx.node "MatMulInteger" 10 (%x0, %x1) : (tensor<ui8>, tensor<2x3xui8>) -> tensor<3xi32>
  return %y : tensor<3xi32>
}

// -----

func.func @qlinear_mat_mul(%x0: tensor<2x3xf32>, %x1: tensor<f32>, %x2: tensor<ui8>, %x3: tensor<3x2xui8>, %x4: tensor<f32>, %x5: tensor<ui8>, %x6: tensor<f32>, %x7: tensor<ui8>) -> tensor<2x2xui8> {
  // expected-error @+1 {{QLinearMatMul (1 node): a quantized type that is not an integer}}
  %y = onnx.node "QLinearMatMul" 10 (%x0, %x1, %x2, %x3, %x4, %x5, %x6, %x7)
      : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>, tensor<3x2xui8>, tensor<f32>, tensor<ui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2xui8>
  return %y : tensor<2x2xui8>
}

// -----

func.func @qlinear_mat_mul_2(%x0: tensor<ui8>, %x1: tensor<f32>, %x2: tensor<ui8>, %x3: tensor<3x2xui8>, %x4: tensor<f32>, %x5: tensor<ui8>, %x6: tensor<f32>, %x7: tensor<ui8>) -> tensor<2xui8> {
  // expected-error @+1 {{QLinearMatMul (1 node): a scalar operand}}
  %y = onnx.node "QLinearMatMul" 10 (%x0, %x1, %x2, %x3, %x4, %x5, %x6, %x7)
      : (tensor<ui8>, tensor<f32>, tensor<ui8>, tensor<3x2xui8>, tensor<f32>, tensor<ui8>, tensor<f32>, tensor<ui8>) -> tensor<2xui8>
  return %y : tensor<2xui8>
}

// -----

func.func @qlinear_conv(%x0: tensor<1x4x8x8xf32>, %x1: tensor<f32>, %x2: tensor<ui8>, %x3: tensor<4x4x1x1xui8>, %x4: tensor<f32>, %x5: tensor<ui8>, %x6: tensor<f32>, %x7: tensor<ui8>) -> tensor<1x4x8x8xui8> {
  // expected-error @+1 {{QLinearConv (1 node): a quantized type that is not an integer}}
  %y = onnx.node "QLinearConv" 10 (%x0, %x1, %x2, %x3, %x4, %x5, %x6, %x7)
      : (tensor<1x4x8x8xf32>, tensor<f32>, tensor<ui8>, tensor<4x4x1x1xui8>, tensor<f32>, tensor<ui8>, tensor<f32>, tensor<ui8>) -> tensor<1x4x8x8xui8>
  return %y : tensor<1x4x8x8xui8>
}
