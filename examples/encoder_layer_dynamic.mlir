// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One BEVFormer encoder layer for any batch, any number of queries and cameras
// and any size of the maps; the number of queries is bev_height * bev_width.
// Otherwise as encoder_layer.mlir; the reference points are arguments.
//
//   python3 examples/make_inputs.py encoder_layer_dynamic
//   build/bin/bev-run examples/encoder_layer_dynamic.mlir --inputs examples/encoder_layer_dynamic.inputs.npz
//     --expected examples/encoder_layer_dynamic.expected.npz

func.func @encoder_layer(
    %bev_query: tensor<?x?x256xf32> {bev.name = "bev_query"},
    %bev_pos: tensor<?x?x256xf32> {bev.name = "bev_pos"},
    %prev_bev: tensor<?x?x256xf32> {bev.name = "prev_bev"},
    %reference_2d: tensor<?x2x?x1x2xf32> {bev.name = "reference_2d"},
    %reference_3d: tensor<?x?x4x3xf32> {bev.name = "reference_3d"},
    %features: tensor<?x?x?x256xf32> {bev.name = "features"},
    %lidar2img: tensor<?x?x4x4xf32> {bev.name = "lidar2img"},
    %image_size: tensor<?x2xf32> {bev.name = "image_size"},
    %bev_height: index {bev.name = "bev_height"},
    %bev_width: index {bev.name = "bev_width"},
    %camera_height: index {bev.name = "camera_height"},
    %camera_width: index {bev.name = "camera_width"},
    %tsa_value_proj_weight: tensor<256x256xf32> {bev.name = "tsa.value_proj.weight"},
    %tsa_value_proj_bias: tensor<256xf32> {bev.name = "tsa.value_proj.bias"},
    %tsa_sampling_offsets_weight: tensor<512x128xf32> {bev.name = "tsa.sampling_offsets.weight"},
    %tsa_sampling_offsets_bias: tensor<128xf32> {bev.name = "tsa.sampling_offsets.bias"},
    %tsa_attention_weights_weight: tensor<512x64xf32> {bev.name = "tsa.attention_weights.weight"},
    %tsa_attention_weights_bias: tensor<64xf32> {bev.name = "tsa.attention_weights.bias"},
    %tsa_output_proj_weight: tensor<256x256xf32> {bev.name = "tsa.output_proj.weight"},
    %tsa_output_proj_bias: tensor<256xf32> {bev.name = "tsa.output_proj.bias"},
    %norm0_weight: tensor<256xf32> {bev.name = "norm0.weight"},
    %norm0_bias: tensor<256xf32> {bev.name = "norm0.bias"},
    %sca_value_proj_weight: tensor<256x256xf32> {bev.name = "sca.value_proj.weight"},
    %sca_value_proj_bias: tensor<256xf32> {bev.name = "sca.value_proj.bias"},
    %sca_sampling_offsets_weight: tensor<256x128xf32> {bev.name = "sca.sampling_offsets.weight"},
    %sca_sampling_offsets_bias: tensor<128xf32> {bev.name = "sca.sampling_offsets.bias"},
    %sca_attention_weights_weight: tensor<256x64xf32> {bev.name = "sca.attention_weights.weight"},
    %sca_attention_weights_bias: tensor<64xf32> {bev.name = "sca.attention_weights.bias"},
    %sca_output_proj_weight: tensor<256x256xf32> {bev.name = "sca.output_proj.weight"},
    %sca_output_proj_bias: tensor<256xf32> {bev.name = "sca.output_proj.bias"},
    %norm1_weight: tensor<256xf32> {bev.name = "norm1.weight"},
    %norm1_bias: tensor<256xf32> {bev.name = "norm1.bias"},
    %ffn_0_weight: tensor<256x512xf32> {bev.name = "ffn.0.weight"},
    %ffn_0_bias: tensor<512xf32> {bev.name = "ffn.0.bias"},
    %ffn_1_weight: tensor<512x256xf32> {bev.name = "ffn.1.weight"},
    %ffn_1_bias: tensor<256xf32> {bev.name = "ffn.1.bias"},
    %norm2_weight: tensor<256xf32> {bev.name = "norm2.weight"},
    %norm2_bias: tensor<256xf32> {bev.name = "norm2.bias"})
    -> (tensor<?x?x256xf32> {bev.name = "output"}) {
  %zero_index = arith.constant 0 : index
  %one_index = arith.constant 1 : index
  %two_index = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %channels = arith.constant 256.0 : f32
  %epsilon = arith.constant 1.000000e-05 : f32

  // Sizes that are known when it runs.
  %batch = tensor.dim %bev_query, %zero_index : tensor<?x?x256xf32>
  %queries = tensor.dim %bev_query, %one_index : tensor<?x?x256xf32>
  %cameras = tensor.dim %features, %one_index : tensor<?x?x?x256xf32>
  %cells_per_camera = tensor.dim %features, %two_index : tensor<?x?x?x256xf32>
  %rows = arith.muli %batch, %queries : index
  %two_rows = arith.muli %rows, %two_index : index
  %all_cameras = arith.muli %batch, %cameras : index
  %all_cells = arith.muli %all_cameras, %cells_per_camera : index

  // Temporal self-attention: value from (previous, current), offsets and logits from both side by side.
  %query = tensor.collapse_shape %bev_query [[0, 1], [2]] : tensor<?x?x256xf32> into tensor<?x256xf32>
  %position = tensor.collapse_shape %bev_pos [[0, 1], [2]] : tensor<?x?x256xf32> into tensor<?x256xf32>
  %previous = tensor.collapse_shape %prev_bev [[0, 1], [2]] : tensor<?x?x256xf32> into tensor<?x256xf32>
  %frames_empty = tensor.empty(%batch, %queries) : tensor<?x2x?x256xf32>
  %frames_0 = tensor.insert_slice %prev_bev into %frames_empty[0, 0, 0, 0] [%batch, 1, %queries, 256] [1, 1, 1, 1] : tensor<?x?x256xf32> into tensor<?x2x?x256xf32>
  %frames = tensor.insert_slice %bev_query into %frames_0[0, 1, 0, 0] [%batch, 1, %queries, 256] [1, 1, 1, 1] : tensor<?x?x256xf32> into tensor<?x2x?x256xf32>
  %stacked = tensor.collapse_shape %frames [[0, 1, 2], [3]] : tensor<?x2x?x256xf32> into tensor<?x256xf32>
  %placed_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %placed = linalg.add ins(%query, %position : tensor<?x256xf32>, tensor<?x256xf32>) outs(%placed_empty : tensor<?x256xf32>) -> tensor<?x256xf32>
  %mixed = tensor.concat dim(1) %previous, %placed : (tensor<?x256xf32>, tensor<?x256xf32>) -> tensor<?x512xf32>
  %tsa_value_rows_empty = tensor.empty(%two_rows) : tensor<?x256xf32>
  %tsa_value_rows_bias = linalg.broadcast ins(%tsa_value_proj_bias : tensor<256xf32>) outs(%tsa_value_rows_empty : tensor<?x256xf32>) dimensions = [0]
  %tsa_value_rows = linalg.matmul ins(%stacked, %tsa_value_proj_weight : tensor<?x256xf32>, tensor<256x256xf32>) outs(%tsa_value_rows_bias : tensor<?x256xf32>) -> tensor<?x256xf32>
  %tsa_value = tensor.expand_shape %tsa_value_rows [[0, 1, 2], [3, 4]] output_shape [%batch, 2, %queries, 8, 32] : tensor<?x256xf32> into tensor<?x2x?x8x32xf32>
  %tsa_offset_rows_empty = tensor.empty(%rows) : tensor<?x128xf32>
  %tsa_offset_rows_bias = linalg.broadcast ins(%tsa_sampling_offsets_bias : tensor<128xf32>) outs(%tsa_offset_rows_empty : tensor<?x128xf32>) dimensions = [0]
  %tsa_offset_rows = linalg.matmul ins(%mixed, %tsa_sampling_offsets_weight : tensor<?x512xf32>, tensor<512x128xf32>) outs(%tsa_offset_rows_bias : tensor<?x128xf32>) -> tensor<?x128xf32>
  %tsa_offsets = tensor.expand_shape %tsa_offset_rows [[0, 1], [2, 3, 4, 5, 6]] output_shape [%batch, %queries, 8, 2, 1, 4, 2] : tensor<?x128xf32> into tensor<?x?x8x2x1x4x2xf32>
  %tsa_logit_rows_empty = tensor.empty(%rows) : tensor<?x64xf32>
  %tsa_logit_rows_bias = linalg.broadcast ins(%tsa_attention_weights_bias : tensor<64xf32>) outs(%tsa_logit_rows_empty : tensor<?x64xf32>) dimensions = [0]
  %tsa_logit_rows = linalg.matmul ins(%mixed, %tsa_attention_weights_weight : tensor<?x512xf32>, tensor<512x64xf32>) outs(%tsa_logit_rows_bias : tensor<?x64xf32>) -> tensor<?x64xf32>
  %tsa_logits = tensor.expand_shape %tsa_logit_rows [[0, 1], [2, 3, 4]] output_shape [%batch, %queries, 8, 2, 4] : tensor<?x64xf32> into tensor<?x?x8x2x4xf32>
  %tsa_heads_empty = tensor.empty(%batch, %queries) : tensor<?x?x8x32xf32>
  %tsa_heads = bev.temporal_self_attention levels([%bev_height, %bev_width])
      ins(%tsa_value, %reference_2d, %tsa_offsets, %tsa_logits : tensor<?x2x?x8x32xf32>, tensor<?x2x?x1x2xf32>, tensor<?x?x8x2x1x4x2xf32>, tensor<?x?x8x2x4xf32>)
      outs(%tsa_heads_empty : tensor<?x?x8x32xf32>) -> tensor<?x?x8x32xf32>
  %tsa_attended = tensor.collapse_shape %tsa_heads [[0, 1], [2, 3]] : tensor<?x?x8x32xf32> into tensor<?x256xf32>
  %tsa_projected_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %tsa_projected_bias = linalg.broadcast ins(%tsa_output_proj_bias : tensor<256xf32>) outs(%tsa_projected_empty : tensor<?x256xf32>) dimensions = [0]
  %tsa_projected = linalg.matmul ins(%tsa_attended, %tsa_output_proj_weight : tensor<?x256xf32>, tensor<256x256xf32>) outs(%tsa_projected_bias : tensor<?x256xf32>) -> tensor<?x256xf32>
  %tsa_residual_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %tsa_residual = linalg.add ins(%query, %tsa_projected : tensor<?x256xf32>, tensor<?x256xf32>) outs(%tsa_residual_empty : tensor<?x256xf32>) -> tensor<?x256xf32>
  %tsa_norm_row = tensor.empty(%rows) : tensor<?xf32>
  %tsa_norm_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %tsa_norm_zeros = linalg.fill ins(%zero : f32) outs(%tsa_norm_row : tensor<?xf32>) -> tensor<?xf32>
  %tsa_norm_sum = linalg.reduce { arith.addf } ins(%tsa_residual : tensor<?x256xf32>) outs(%tsa_norm_zeros : tensor<?xf32>) dimensions = [1]
  %tsa_norm_squares = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%tsa_residual, %tsa_norm_sum : tensor<?x256xf32>, tensor<?xf32>) outs(%tsa_norm_zeros : tensor<?xf32>) {
  ^bb0(%element: f32, %sum: f32, %total: f32):
    %mean = arith.divf %sum, %channels : f32
    %centred = arith.subf %element, %mean : f32
    %square = arith.mulf %centred, %centred : f32
    %next = arith.addf %total, %square : f32
    linalg.yield %next : f32
  } -> tensor<?xf32>
  %tsa_norm = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>,
                       affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%tsa_residual, %tsa_norm_sum, %tsa_norm_squares, %norm0_weight, %norm0_bias : tensor<?x256xf32>, tensor<?xf32>, tensor<?xf32>, tensor<256xf32>, tensor<256xf32>)
      outs(%tsa_norm_empty : tensor<?x256xf32>) {
  ^bb0(%element: f32, %sum: f32, %squares: f32, %factor: f32, %addend: f32, %out: f32):
    %mean = arith.divf %sum, %channels : f32
    %centred = arith.subf %element, %mean : f32
    %variance = arith.divf %squares, %channels : f32
    %safe = arith.addf %variance, %epsilon : f32
    %scale = math.rsqrt %safe : f32
    %normal = arith.mulf %centred, %scale : f32
    %scaled = arith.mulf %normal, %factor : f32
    %shifted = arith.addf %scaled, %addend : f32
    linalg.yield %shifted : f32
  } -> tensor<?x256xf32>

  // Which cameras see the pillar above each query, and where.
  %uv_empty = tensor.empty(%batch, %cameras, %queries) : tensor<?x?x?x4x2xf32>
  %visible_empty = tensor.empty(%batch, %cameras, %queries) : tensor<?x?x?x4xi1>
  %uv, %visible = bev.project_points pc_range([-51.2, -51.2, -5.0, 51.2, 51.2, 3.0])
      ins(%reference_3d, %lidar2img, %image_size : tensor<?x?x4x3xf32>, tensor<?x?x4x4xf32>, tensor<?x2xf32>)
      outs(%uv_empty, %visible_empty : tensor<?x?x?x4x2xf32>, tensor<?x?x?x4xi1>) -> tensor<?x?x?x4x2xf32>, tensor<?x?x?x4xi1>

  // Spatial cross-attention into the cameras' features.
  %cells = tensor.collapse_shape %features [[0, 1, 2], [3]] : tensor<?x?x?x256xf32> into tensor<?x256xf32>
  %sca_value_rows_empty = tensor.empty(%all_cells) : tensor<?x256xf32>
  %sca_value_rows_bias = linalg.broadcast ins(%sca_value_proj_bias : tensor<256xf32>) outs(%sca_value_rows_empty : tensor<?x256xf32>) dimensions = [0]
  %sca_value_rows = linalg.matmul ins(%cells, %sca_value_proj_weight : tensor<?x256xf32>, tensor<256x256xf32>) outs(%sca_value_rows_bias : tensor<?x256xf32>) -> tensor<?x256xf32>
  %sca_value = tensor.expand_shape %sca_value_rows [[0, 1, 2], [3, 4]] output_shape [%batch, %cameras, %cells_per_camera, 8, 32] : tensor<?x256xf32> into tensor<?x?x?x8x32xf32>
  %sca_offset_rows_empty = tensor.empty(%rows) : tensor<?x128xf32>
  %sca_offset_rows_bias = linalg.broadcast ins(%sca_sampling_offsets_bias : tensor<128xf32>) outs(%sca_offset_rows_empty : tensor<?x128xf32>) dimensions = [0]
  %sca_offset_rows = linalg.matmul ins(%tsa_norm, %sca_sampling_offsets_weight : tensor<?x256xf32>, tensor<256x128xf32>) outs(%sca_offset_rows_bias : tensor<?x128xf32>) -> tensor<?x128xf32>
  %sca_offsets = tensor.expand_shape %sca_offset_rows [[0, 1], [2, 3, 4, 5]] output_shape [%batch, %queries, 8, 1, 8, 2] : tensor<?x128xf32> into tensor<?x?x8x1x8x2xf32>
  %sca_logit_rows_empty = tensor.empty(%rows) : tensor<?x64xf32>
  %sca_logit_rows_bias = linalg.broadcast ins(%sca_attention_weights_bias : tensor<64xf32>) outs(%sca_logit_rows_empty : tensor<?x64xf32>) dimensions = [0]
  %sca_logit_rows = linalg.matmul ins(%tsa_norm, %sca_attention_weights_weight : tensor<?x256xf32>, tensor<256x64xf32>) outs(%sca_logit_rows_bias : tensor<?x64xf32>) -> tensor<?x64xf32>
  %sca_logits = tensor.expand_shape %sca_logit_rows [[0, 1], [2, 3]] output_shape [%batch, %queries, 8, 8] : tensor<?x64xf32> into tensor<?x?x8x8xf32>
  %sca_heads_empty = tensor.empty(%batch, %queries) : tensor<?x?x8x32xf32>
  %sca_heads = bev.spatial_cross_attention levels([%camera_height, %camera_width])
      ins(%sca_value, %uv, %visible, %sca_offsets, %sca_logits : tensor<?x?x?x8x32xf32>, tensor<?x?x?x4x2xf32>, tensor<?x?x?x4xi1>, tensor<?x?x8x1x8x2xf32>, tensor<?x?x8x8xf32>)
      outs(%sca_heads_empty : tensor<?x?x8x32xf32>) -> tensor<?x?x8x32xf32>
  %sca_attended = tensor.collapse_shape %sca_heads [[0, 1], [2, 3]] : tensor<?x?x8x32xf32> into tensor<?x256xf32>
  %sca_projected_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %sca_projected_bias = linalg.broadcast ins(%sca_output_proj_bias : tensor<256xf32>) outs(%sca_projected_empty : tensor<?x256xf32>) dimensions = [0]
  %sca_projected = linalg.matmul ins(%sca_attended, %sca_output_proj_weight : tensor<?x256xf32>, tensor<256x256xf32>) outs(%sca_projected_bias : tensor<?x256xf32>) -> tensor<?x256xf32>
  %sca_residual_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %sca_residual = linalg.add ins(%tsa_norm, %sca_projected : tensor<?x256xf32>, tensor<?x256xf32>) outs(%sca_residual_empty : tensor<?x256xf32>) -> tensor<?x256xf32>
  %sca_norm_row = tensor.empty(%rows) : tensor<?xf32>
  %sca_norm_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %sca_norm_zeros = linalg.fill ins(%zero : f32) outs(%sca_norm_row : tensor<?xf32>) -> tensor<?xf32>
  %sca_norm_sum = linalg.reduce { arith.addf } ins(%sca_residual : tensor<?x256xf32>) outs(%sca_norm_zeros : tensor<?xf32>) dimensions = [1]
  %sca_norm_squares = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%sca_residual, %sca_norm_sum : tensor<?x256xf32>, tensor<?xf32>) outs(%sca_norm_zeros : tensor<?xf32>) {
  ^bb0(%element: f32, %sum: f32, %total: f32):
    %mean = arith.divf %sum, %channels : f32
    %centred = arith.subf %element, %mean : f32
    %square = arith.mulf %centred, %centred : f32
    %next = arith.addf %total, %square : f32
    linalg.yield %next : f32
  } -> tensor<?xf32>
  %sca_norm = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>,
                       affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%sca_residual, %sca_norm_sum, %sca_norm_squares, %norm1_weight, %norm1_bias : tensor<?x256xf32>, tensor<?xf32>, tensor<?xf32>, tensor<256xf32>, tensor<256xf32>)
      outs(%sca_norm_empty : tensor<?x256xf32>) {
  ^bb0(%element: f32, %sum: f32, %squares: f32, %factor: f32, %addend: f32, %out: f32):
    %mean = arith.divf %sum, %channels : f32
    %centred = arith.subf %element, %mean : f32
    %variance = arith.divf %squares, %channels : f32
    %safe = arith.addf %variance, %epsilon : f32
    %scale = math.rsqrt %safe : f32
    %normal = arith.mulf %centred, %scale : f32
    %scaled = arith.mulf %normal, %factor : f32
    %shifted = arith.addf %scaled, %addend : f32
    linalg.yield %shifted : f32
  } -> tensor<?x256xf32>

  // Feed-forward network.
  %ffn_wide_empty = tensor.empty(%rows) : tensor<?x512xf32>
  %ffn_wide_bias = linalg.broadcast ins(%ffn_0_bias : tensor<512xf32>) outs(%ffn_wide_empty : tensor<?x512xf32>) dimensions = [0]
  %ffn_wide = linalg.matmul ins(%sca_norm, %ffn_0_weight : tensor<?x256xf32>, tensor<256x512xf32>) outs(%ffn_wide_bias : tensor<?x512xf32>) -> tensor<?x512xf32>
  %ffn_active_empty = tensor.empty(%rows) : tensor<?x512xf32>
  %ffn_active = linalg.map ins(%ffn_wide : tensor<?x512xf32>) outs(%ffn_active_empty : tensor<?x512xf32>) (%element: f32, %out: f32) {
    %positive = arith.maximumf %element, %zero : f32
    linalg.yield %positive : f32
  }
  %ffn_narrow_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %ffn_narrow_bias = linalg.broadcast ins(%ffn_1_bias : tensor<256xf32>) outs(%ffn_narrow_empty : tensor<?x256xf32>) dimensions = [0]
  %ffn_narrow = linalg.matmul ins(%ffn_active, %ffn_1_weight : tensor<?x512xf32>, tensor<512x256xf32>) outs(%ffn_narrow_bias : tensor<?x256xf32>) -> tensor<?x256xf32>
  %ffn_residual_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %ffn_residual = linalg.add ins(%sca_norm, %ffn_narrow : tensor<?x256xf32>, tensor<?x256xf32>) outs(%ffn_residual_empty : tensor<?x256xf32>) -> tensor<?x256xf32>
  %ffn_norm_row = tensor.empty(%rows) : tensor<?xf32>
  %ffn_norm_empty = tensor.empty(%rows) : tensor<?x256xf32>
  %ffn_norm_zeros = linalg.fill ins(%zero : f32) outs(%ffn_norm_row : tensor<?xf32>) -> tensor<?xf32>
  %ffn_norm_sum = linalg.reduce { arith.addf } ins(%ffn_residual : tensor<?x256xf32>) outs(%ffn_norm_zeros : tensor<?xf32>) dimensions = [1]
  %ffn_norm_squares = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%ffn_residual, %ffn_norm_sum : tensor<?x256xf32>, tensor<?xf32>) outs(%ffn_norm_zeros : tensor<?xf32>) {
  ^bb0(%element: f32, %sum: f32, %total: f32):
    %mean = arith.divf %sum, %channels : f32
    %centred = arith.subf %element, %mean : f32
    %square = arith.mulf %centred, %centred : f32
    %next = arith.addf %total, %square : f32
    linalg.yield %next : f32
  } -> tensor<?xf32>
  %ffn_norm = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>,
                       affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%ffn_residual, %ffn_norm_sum, %ffn_norm_squares, %norm2_weight, %norm2_bias : tensor<?x256xf32>, tensor<?xf32>, tensor<?xf32>, tensor<256xf32>, tensor<256xf32>)
      outs(%ffn_norm_empty : tensor<?x256xf32>) {
  ^bb0(%element: f32, %sum: f32, %squares: f32, %factor: f32, %addend: f32, %out: f32):
    %mean = arith.divf %sum, %channels : f32
    %centred = arith.subf %element, %mean : f32
    %variance = arith.divf %squares, %channels : f32
    %safe = arith.addf %variance, %epsilon : f32
    %scale = math.rsqrt %safe : f32
    %normal = arith.mulf %centred, %scale : f32
    %scaled = arith.mulf %normal, %factor : f32
    %shifted = arith.addf %scaled, %addend : f32
    linalg.yield %shifted : f32
  } -> tensor<?x256xf32>
  %output = tensor.expand_shape %ffn_norm [[0, 1], [2]] output_shape [%batch, %queries, 256] : tensor<?x256xf32> into tensor<?x?x256xf32>
  return %output : tensor<?x?x256xf32>
}
