// RUN: bev-opt %s --split-input-file --verify-diagnostics --convert-onnx-to-linalg

func.func @reshape(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Reshape (1 node): two inputs are expected}}
  %y = onnx.node "Reshape" 14 (%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @reshape_2(%x0: tensor<2x3xf32>, %x1: tensor<1x1xi64>) -> tensor<6xf32> {
  // expected-error @+1 {{Reshape (1 node): its shape is not a list}}
  %y = onnx.node "Reshape" 14 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x1xi64>) -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

func.func @squeeze(%x0: tensor<1x?xf32>, %x1: tensor<?xi64>) -> tensor<?xf32> {
  // expected-error @+1 {{Squeeze (1 node): its axes are not constant, or out of range}}
  %y = onnx.node "Squeeze" 13 (%x0, %x1) : (tensor<1x?xf32>, tensor<?xi64>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @squeeze_2(%x0: tensor<1x?xf32>) -> tensor<1x?xf32> {
  // expected-error @+1 {{Squeeze (1 node): it has no axes, and its input's shape is unknown}}
  %y = onnx.node "Squeeze" 13 (%x0) : (tensor<1x?xf32>) -> tensor<1x?xf32>
  return %y : tensor<1x?xf32>
}

// -----

func.func @squeeze_3(%x0: tensor<2x3xf32>) -> tensor<3xf32> {
  %c1 = onnx.constant dense<[0]> : tensor<1xi64>
  // expected-error @+1 {{Squeeze (1 node): it squeezes a dimension that is not 1}}
  %y = onnx.node "Squeeze" 13 (%x0, %c1) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @unsqueeze(%x0: tensor<2x3xf32>) -> tensor<1x1x2x3xf32> {
  %c1 = onnx.constant dense<[0]> : tensor<1xi64>
  // expected-error @+1 {{Unsqueeze (1 node): its axes do not fit its result's rank}}
  %y = onnx.node "Unsqueeze" 13 (%x0, %c1) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<1x1x2x3xf32>
  return %y : tensor<1x1x2x3xf32>
}

// -----

func.func @depth_to_space(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{DepthToSpace (1 node): an input of rank 4 and a positive block size are expected}}
  %y = onnx.node "DepthToSpace" 13 (%x0) {blocksize = 2 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @depth_to_space_2(%x0: tensor<1x6x2x2xf32>) -> tensor<1x?x4x4xf32> {
  // expected-error @+1 {{DepthToSpace (1 node): its channels are not a multiple of its blocks}}
  %y = onnx.node "DepthToSpace" 13 (%x0) {blocksize = 2 : i64} : (tensor<1x6x2x2xf32>) -> tensor<1x?x4x4xf32>
  return %y : tensor<1x?x4x4xf32>
}

// -----

func.func @space_to_depth(%x0: tensor<1x1x3x3xf32>) -> tensor<1x4x?x?xf32> {
  // expected-error @+1 {{SpaceToDepth (1 node): its image is not a multiple of its blocks}}
  %y = onnx.node "SpaceToDepth" 13 (%x0) {blocksize = 2 : i64} : (tensor<1x1x3x3xf32>) -> tensor<1x4x?x?xf32>
  return %y : tensor<1x4x?x?xf32>
}

// -----

func.func @expand(%x0: tensor<2x3xf32>, %x1: tensor<?xi64>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Expand (1 node): the rank of its shape is unknown}}
  %y = onnx.node "Expand" 13 (%x0, %x1) : (tensor<2x3xf32>, tensor<?xi64>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @expand_2(%x0: tensor<2x3xf32>, %x1: tensor<3xi64>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Expand (1 node): its result's rank is not that of its shape}}
  %y = onnx.node "Expand" 13 (%x0, %x1) : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @constant_of_shape(%x0: tensor<i64>) -> tensor<?xf32> {
  // expected-error @+1 {{ConstantOfShape (1 node): its input is not a list}}
  %y = onnx.node "ConstantOfShape" 9 (%x0) : (tensor<i64>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @constant_of_shape_2(%x0: tensor<1xi64>) -> tensor<?xf32> {
  // expected-error @+1 {{ConstantOfShape (1 node): its 'value' is not a tensor of one number}}
  %y = onnx.node "ConstantOfShape" 9 (%x0) {value = dense<1.0> : tensor<2xf32>} : (tensor<1xi64>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @range(%x0: tensor<2x2xi64>, %x1: tensor<i64>, %x2: tensor<i64>) -> tensor<?xi64> {
  // expected-error @+1 {{Range (1 node): three scalars are expected}}
  %y = onnx.node "Range" 11 (%x0, %x1, %x2) : (tensor<2x2xi64>, tensor<i64>, tensor<i64>) -> tensor<?xi64>
  return %y : tensor<?xi64>
}

// -----

func.func @trilu(%x0: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{Trilu (1 node): an input of at least rank 2 is expected}}
  %y = onnx.node "Trilu" 14 (%x0) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @trilu_2(%x0: tensor<2x3xf32>, %x1: tensor<1x1xi64>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Trilu (1 node): its diagonal is not a scalar}}
  %y = onnx.node "Trilu" 14 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x1xi64>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @eye_like(%x0: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{EyeLike (1 node): an input of rank 2 is expected}}
  %y = onnx.node "EyeLike" 9 (%x0) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @constant() -> tensor<4xf32> {
  // expected-error @+1 {{Constant (1 node): its value is not a tensor of numbers}}
  %y = onnx.node "Constant" 13 () : () -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @slice(%x0: tensor<2x3xf32>, %x1: tensor<?xi64>, %x2: tensor<?xi64>) -> tensor<?x?xf32> {
  // expected-error @+1 {{Slice (1 node): the number of its starts, ends, axes or steps is unknown}}
  %y = onnx.node "Slice" 13 (%x0, %x1, %x2) : (tensor<2x3xf32>, tensor<?xi64>, tensor<?xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @slice_2(%x0: tensor<2x3xf32>, %x1: tensor<1xi64>, %x2: tensor<2xi64>) -> tensor<?x?xf32> {
  // expected-error @+1 {{Slice (1 node): its starts, ends, axes and steps differ in number}}
  %y = onnx.node "Slice" 13 (%x0, %x1, %x2) : (tensor<2x3xf32>, tensor<1xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @slice_3(%x0: tensor<2x3xf32>) -> tensor<?x?xf32> {
  // expected-error @+1 {{Slice (1 node): its axes are out of range}}
  %y = onnx.node "Slice" 9 (%x0) {starts = array<i64: 0>, ends = array<i64: 1>, axes = array<i64: 5>}
      : (tensor<2x3xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @split(%x0: tensor<2x3xf32>, %x1: tensor<3xi64>) -> (tensor<2x?xf32>, tensor<2x?xf32>) {
  // expected-error @+1 {{Split (1 node): the number of its lengths is not that of its outputs}}
  %y:2 = onnx.node "Split" 13 (%x0, %x1) {axis = 1 : i64}
      : (tensor<2x3xf32>, tensor<3xi64>) -> (tensor<2x?xf32>, tensor<2x?xf32>)
  return %y#0, %y#1 : tensor<2x?xf32>, tensor<2x?xf32>
}

// -----

func.func @split_2(%x0: tensor<2x3xf32>) -> (tensor<2x?xf32>, tensor<2x?xf32>) {
  // expected-error @+1 {{Split (1 node): its lengths are more than its input has}}
  %y:2 = onnx.node "Split" 11 (%x0) {axis = 1 : i64, split = array<i64: 2, 2>}
      : (tensor<2x3xf32>) -> (tensor<2x?xf32>, tensor<2x?xf32>)
  return %y#0, %y#1 : tensor<2x?xf32>, tensor<2x?xf32>
}

// -----

func.func @concat(%x0: tensor<2x3xf32>) -> tensor<?x3xf32> {
  %none = onnx.none
  // expected-error @+1 {{Concat (1 node): at least one input is expected}}
  %y = onnx.node "Concat" 13 (%x0, %none) {axis = 0 : i64} : (tensor<2x3xf32>, none) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

func.func @concat_2(%x0: tensor<2x3xf32>, %x1: tensor<3xf32>) -> tensor<?x3xf32> {
  // expected-error @+1 {{Concat (1 node): its inputs differ in rank}}
  %y = onnx.node "Concat" 13 (%x0, %x1) {axis = 0 : i64} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

func.func @concat_3(%x0: tensor<2x3xf32>, %x1: tensor<2x4xf32>) -> tensor<?x?xf32> {
  // expected-error @+1 {{Concat (1 node): its inputs differ in a size other than that of its axis}}
  %y = onnx.node "Concat" 13 (%x0, %x1) {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @pad(%x0: tensor<2x3xf32>, %x1: tensor<?xi64>, %x3: tensor<?xi64>) -> tensor<?x?xf32> {
  %none = onnx.none
  // expected-error @+1 {{Pad (1 node): the number of its axes is unknown}}
  %y = onnx.node "Pad" 18 (%x0, %x1, %none, %x3)
      : (tensor<2x3xf32>, tensor<?xi64>, none, tensor<?xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @pad_2(%x0: tensor<2x3xf32>, %x1: tensor<1x4xi64>) -> tensor<?x?xf32> {
  // expected-error @+1 {{Pad (1 node): the number of its pads is unknown}}
  %y = onnx.node "Pad" 13 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x4xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @pad_3(%x0: tensor<2x3xf32>, %x1: tensor<3xi64>) -> tensor<?x?xf32> {
  // expected-error @+1 {{Pad (1 node): two pads for each axis are expected}}
  %y = onnx.node "Pad" 13 (%x0, %x1) : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @pad_4(%x0: tensor<2x3xf32>, %x1: tensor<2xi64>) -> tensor<?x?xf32> {
  %none = onnx.none
  %c3 = onnx.constant dense<[7]> : tensor<1xi64>
  // expected-error @+1 {{Pad (1 node): its axes are out of range}}
  %y = onnx.node "Pad" 18 (%x0, %x1, %none, %c3)
      : (tensor<2x3xf32>, tensor<2xi64>, none, tensor<1xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @pad_5(%x0: tensor<2x3xf32>, %x1: tensor<4xi64>, %x2: tensor<1x1xf32>) -> tensor<?x?xf32> {
  // expected-error @+1 {{Pad (1 node): its constant value is not a scalar}}
  %y = onnx.node "Pad" 13 (%x0, %x1, %x2) : (tensor<2x3xf32>, tensor<4xi64>, tensor<1x1xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @pad_6(%x0: tensor<2x3xf32>) -> tensor<?x3xf32> {
  // expected-error @+1 {{Pad (1 node): its negative pads cut off other pads}}
  %y = onnx.node "Pad" 9 (%x0) {pads = array<i64: 3, 0, -4, 0>} : (tensor<2x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

func.func @center_crop_pad(%x0: tensor<2x3xf32>, %x1: tensor<1x2xi64>) -> tensor<2x3xf32> {
  // expected-error @+1 {{CenterCropPad (1 node): a shape that is not a list}}
  %y = onnx.node "CenterCropPad" 18 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x2xi64>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
