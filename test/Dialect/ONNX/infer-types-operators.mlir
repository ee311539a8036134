// RUN: bev-opt %s --split-input-file --verify-diagnostics -onnx-infer-types

// What nodes of many operators may not be.
func.func @conv(%x0: tensor<2x3xf32>, %x1: tensor<4x3x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Conv): expected an input of batch, channels and spatial dims, but got 2x3}}
  %y = onnx.node "Conv" 16 (%x0, %x1) : (tensor<2x3xf32>, tensor<4x3x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @conv_2(%x0: tensor<1x4x8x8xf32>, %x1: tensor<4x4x3x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Conv): expected a positive group, but got 0}}
  %y = onnx.node "Conv" 16 (%x0, %x1) {group = 0 : i64} : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @conv_transpose(%x0: tensor<2x3xf32>, %x1: tensor<4x3x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(ConvTranspose): expected input and weights of one rank of at least 3, but got 2x3 and 4x3x3}}
  %y = onnx.node "ConvTranspose" 16 (%x0, %x1) : (tensor<2x3xf32>, tensor<4x3x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @conv_transpose_2(%x0: tensor<1x4x8x8xf32>, %x1: tensor<4x4x3x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(ConvTranspose): expected a group whose channels can be counted}}
  %y = onnx.node "ConvTranspose" 16 (%x0, %x1) {group = 9223372036854775807 : i64}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @conv_transpose_3(%x0: tensor<1x4x8x8xf32>, %x1: tensor<4x4x3x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(ConvTranspose): expected one element of output_padding and output_shape for each of the 2 spatial dims}}
  %y = onnx.node "ConvTranspose" 16 (%x0, %x1) {output_padding = array<i64: 1>}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @max_pool(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(MaxPool): expected an input of batch, channels and spatial dims, but got 2x3}}
  %y = onnx.node "MaxPool" 16 (%x0) {kernel_shape = array<i64: 2>} : (tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @max_pool_2(%x0: tensor<1x4x8x8xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(MaxPool): expected attribute 'kernel_shape'}}
  %y = onnx.node "MaxPool" 16 (%x0) : (tensor<1x4x8x8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @col2_im(%x0: tensor<1x9x4xf32>) -> tensor<*xf32> {
  %c1 = onnx.constant dense<[4, 4]> : tensor<2xi64>
  %c2 = onnx.constant dense<[2, 2]> : tensor<2xi64>
  // expected-error @+1 {{(Col2Im): expected dim 1 (9) to be a multiple of the block's size, but that is 4}}
  %y = onnx.node "Col2Im" 18 (%x0, %c1, %c2) : (tensor<1x9x4xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @where(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>, %x2: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Where): expected the condition to have elements of 'i1', but got 'f32'}}
  %y = onnx.node "Where" 16 (%x0, %x1, %x2) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @cast(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Cast): expected attribute 'to' to be the number of an element type, but got 99}}
  %y = onnx.node "Cast" 16 (%x0) {to = 99 : i64} : (tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @constant_of_shape() -> tensor<*xf32> {
  %c0 = onnx.constant dense<[2, -3]> : tensor<2xi64>
  // expected-error @+1 {{(ConstantOfShape): expected a shape of sizes of at least 0, but got 2x-3}}
  %y = onnx.node "ConstantOfShape" 16 (%c0) : (tensor<2xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @range() -> tensor<*xi64> {
  %c0 = onnx.constant dense<0> : tensor<i64>
  %c1 = onnx.constant dense<5> : tensor<i64>
  %c2 = onnx.constant dense<0> : tensor<i64>
  // expected-error @+1 {{(Range): expected a delta that is not 0}}
  %y = onnx.node "Range" 16 (%c0, %c1, %c2) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<*xi64>
  return %y : tensor<*xi64>
}

// -----

func.func @range_2() -> tensor<*xf32> {
  %c0 = onnx.constant dense<0.0> : tensor<f32>
  %c1 = onnx.constant dense<1.0e30> : tensor<f32>
  %c2 = onnx.constant dense<1.0e-30> : tensor<f32>
  // expected-error @+1 {{(Range): expected a range with a size}}
  %y = onnx.node "Range" 16 (%c0, %c1, %c2) : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @gather_nd(%x0: tensor<2x3xf32>, %x1: tensor<4x3xi64>) -> tensor<*xf32> {
  // expected-error @+1 {{(GatherND): expected batch_dims (0) and indices of 3 elements to fit the data (2x3)}}
  %y = onnx.node "GatherND" 16 (%x0, %x1) : (tensor<2x3xf32>, tensor<4x3xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @scatter_nd(%x0: tensor<2x3xf32>, %x1: tensor<4x3xi64>, %x2: tensor<4xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(ScatterND): expected indices of at most 2 elements, but got 3}}
  %y = onnx.node "ScatterND" 16 (%x0, %x1, %x2) : (tensor<2x3xf32>, tensor<4x3xi64>, tensor<4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @gather_elements(%x0: tensor<2x3xf32>, %x1: tensor<3x3xi64>) -> tensor<*xf32> {
  // expected-error @+1 {{(GatherElements): expected at most 2 indices in dim 0, which is not the axis, but got 3}}
  %y = onnx.node "GatherElements" 16 (%x0, %x1) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3x3xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @scatter_elements(%x0: tensor<2x3xf32>, %x1: tensor<2x4xi64>, %x2: tensor<2x4xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(ScatterElements): expected at most 3 indices in dim 1, which is not the axis, but got 4}}
  %y = onnx.node "ScatterElements" 16 (%x0, %x1, %x2) {axis = 0 : i64}
      : (tensor<2x3xf32>, tensor<2x4xi64>, tensor<2x4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @scatter_elements_2(%x0: tensor<2x3xf32>, %x1: tensor<2x2xi64>, %x2: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(ScatterElements): expected updates of the shape of the indices (2x2), but got 2x3}}
  %y = onnx.node "ScatterElements" 16 (%x0, %x1, %x2) {axis = 0 : i64}
      : (tensor<2x3xf32>, tensor<2x2xi64>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @mat_mul(%x0: tensor<f32>, %x1: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(MatMul): expected matrices or vectors, but got a scalar}}
  %y = onnx.node "MatMul" 16 (%x0, %x1) : (tensor<f32>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @mat_mul_2(%x0: tensor<2x3x4xf32>, %x1: tensor<5x4x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(MatMul): expected stacks of matrices that broadcast, but got 2x3x4 and 5x4x3}}
  %y = onnx.node "MatMul" 16 (%x0, %x1) : (tensor<2x3x4xf32>, tensor<5x4x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @gemm(%x0: tensor<3xf32>, %x1: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Gemm): expected matrices, but got 3}}
  %y = onnx.node "Gemm" 16 (%x0, %x1) : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @gemm_2(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Gemm): expected the inner dims to be equal, but got 3 and 2}}
  %y = onnx.node "Gemm" 16 (%x0, %x1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @det(%x0: tensor<3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Det): expected matrices, but got 3}}
  %y = onnx.node "Det" 16 (%x0) : (tensor<3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @einsum(%x0: tensor<2x3xf32>, %x1: tensor<4x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Einsum): expected dims under '...' that broadcast}}
  %y = onnx.node "Einsum" 16 (%x0, %x1) {equation = "...i,...i->i"}
      : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @einsum_2(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Einsum): expected dim 'j' to have one size, but got 3 and 2}}
  %y = onnx.node "Einsum" 16 (%x0, %x1) {equation = "ij,jk->ik"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @einsum_3(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Einsum): expected an equation of 1 terms, but got 'ij,jk->ik'}}
  %y = onnx.node "Einsum" 16 (%x0) {equation = "ij,jk->ik"} : (tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @einsum_4(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Einsum): expected the letter 'k' of the result in one of the inputs' terms}}
  %y = onnx.node "Einsum" 16 (%x0) {equation = "ij->k"} : (tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @attention(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>, %x2: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Attention): expected a query of rank 3 or 4, but got 2x3}}
  %y = onnx.node "Attention" 23 (%x0, %x1, %x2) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @attention_2(%x0: tensor<1x2x4xf32>, %x1: tensor<1x2x4xf32>, %x2: tensor<1x2x4xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Attention): expected q_num_heads and kv_num_heads for inputs of rank 3}}
  %y = onnx.node "Attention" 23 (%x0, %x1, %x2)
      : (tensor<1x2x4xf32>, tensor<1x2x4xf32>, tensor<1x2x4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @unsqueeze(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Unsqueeze): expected axes, but got none}}
  %y = onnx.node "Unsqueeze" 11 (%x0) : (tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @concat(%x0: tensor<2x3xf32>, %x1: tensor<3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(Concat): expected inputs of one rank, but input 1 has rank 1 and those before 2}}
  %y = onnx.node "Concat" 16 (%x0, %x1) {axis = 0 : i64} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @slice(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  %c1 = onnx.constant dense<[0]> : tensor<1xi64>
  %c2 = onnx.constant dense<[1, 1]> : tensor<2xi64>
  // expected-error @+1 {{(Slice): expected as many starts, ends and steps as axes (1)}}
  %y = onnx.node "Slice" 16 (%x0, %c1, %c2) : (tensor<2x3xf32>, tensor<1xi64>, tensor<2xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @slice_2(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  %c1 = onnx.constant dense<[0]> : tensor<1xi64>
  %c2 = onnx.constant dense<[1]> : tensor<1xi64>
  %c3 = onnx.constant dense<[0]> : tensor<1xi64>
  %c4 = onnx.constant dense<[0]> : tensor<1xi64>
  // expected-error @+1 {{(Slice): expected steps that are not 0}}
  %y = onnx.node "Slice" 16 (%x0, %c1, %c2, %c3, %c4)
      : (tensor<2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @expand(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  %c1 = onnx.constant dense<[2, -3]> : tensor<2xi64>
  // expected-error @+1 {{(Expand): expected a shape of sizes of at least 0, but got 2x-3}}
  %y = onnx.node "Expand" 16 (%x0, %c1) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @expand_2(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  %c1 = onnx.constant dense<[2, 4]> : tensor<2xi64>
  // expected-error @+1 {{(Expand): expected a shape that the input (2x3) broadcasts to, but got 2x4}}
  %y = onnx.node "Expand" 16 (%x0, %c1) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @tile(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  %c1 = onnx.constant dense<[9223372036854775807, 9223372036854775807]> : tensor<2xi64>
  // expected-error @+1 {{(Tile): expected repeats whose result has a size}}
  %y = onnx.node "Tile" 16 (%x0, %c1) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @pad(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  %c1 = onnx.constant dense<[9223372036854775807, 0, 9223372036854775807, 0]> : tensor<4xi64>
  // expected-error @+1 {{(Pad): expected pads whose result has a size}}
  %y = onnx.node "Pad" 16 (%x0, %c1) : (tensor<2x3xf32>, tensor<4xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @depth_to_space(%x0: tensor<1x4x8x8xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(DepthToSpace): expected a positive block size, but got 0}}
  %y = onnx.node "DepthToSpace" 16 (%x0) {blocksize = 0 : i64} : (tensor<1x4x8x8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @depth_to_space_2(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(DepthToSpace): expected an input of rank 4, but got 2x3}}
  %y = onnx.node "DepthToSpace" 16 (%x0) {blocksize = 2 : i64} : (tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @center_crop_pad(%x0: tensor<2x3xf32>) -> tensor<*xf32> {
  %c1 = onnx.constant dense<[2]> : tensor<1xi64>
  // expected-error @+1 {{(CenterCropPad): expected one size for each axis}}
  %y = onnx.node "CenterCropPad" 18 (%x0, %c1) : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @gru(%x0: tensor<2x3xf32>, %x1: tensor<1x9x4xf32>, %x2: tensor<1x9x3xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(GRU): expected an input of rank 3, but got 2x3}}
  %y = onnx.node "GRU" 14 (%x0, %x1, %x2) : (tensor<2x3xf32>, tensor<1x9x4xf32>, tensor<1x9x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @grid_sample(%x0: tensor<2x3xf32>, %x1: tensor<1x4x8x8xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(GridSample): expected image and grid of one rank of at least 3, but got 2x3 and 1x4x8x8}}
  %y = onnx.node "GridSample" 16 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x4x8x8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @grid_sample_2(%x0: tensor<1x4x8x8xf32>, %x1: tensor<2x8x8x2xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(GridSample): expected image and grid of one batch size, but got 1 and 2}}
  %y = onnx.node "GridSample" 16 (%x0, %x1) : (tensor<1x4x8x8xf32>, tensor<2x8x8x2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @resize(%x0: tensor<1x4x8x8xf32>) -> tensor<*xf32> {
  %none = onnx.none
  %c2 = onnx.constant dense<[1.0, 1.0, -2.0, 1.0]> : tensor<4xf32>
  // expected-error @+1 {{(Resize): expected positive scales}}
  %y = onnx.node "Resize" 13 (%x0, %none, %c2) : (tensor<1x4x8x8xf32>, none, tensor<4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @max_roi_pool(%x0: tensor<1x4x8x8xf32>, %x1: tensor<5x5xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{(MaxRoiPool): expected attribute 'pooled_shape' of 2 elements}}
  %y = onnx.node "MaxRoiPool" 16 (%x0, %x1) : (tensor<1x4x8x8xf32>, tensor<5x5xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
