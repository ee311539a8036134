// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One BEVFormer encoder layer at the sizes of BEVFormer-tiny: a map of 50 x 50
// cells, 256 channels, 8 heads, 6 cameras with one feature level of 15 x 25.
//
//   python3 examples/make_inputs.py encoder_layer
//   build/bin/bev-run examples/encoder_layer.mlir --inputs examples/encoder_layer.inputs.npz
//     --expected examples/encoder_layer.expected.npz
//
// Weights are arguments, as [in, out]: y = x @ weight + bias.

func.func @encoder_layer(
    %bev_query: tensor<1x2500x256xf32> {bev.name = "bev_query"},
    %bev_pos: tensor<1x2500x256xf32> {bev.name = "bev_pos"},
    %prev_bev: tensor<1x2500x256xf32> {bev.name = "prev_bev"},
    %features: tensor<1x6x375x256xf32> {bev.name = "features"},
    %lidar2img: tensor<1x6x4x4xf32> {bev.name = "lidar2img"},
    %image_size: tensor<6x2xf32> {bev.name = "image_size"},
    %can_bus: tensor<1x18xf32> {bev.name = "can_bus"},
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
    -> (tensor<1x2500x256xf32> {bev.name = "output"}) {
  %zero = arith.constant 0.0 : f32
  %channels = arith.constant 256.0 : f32
  %epsilon = arith.constant 1.000000e-05 : f32

  // Where each query is on the current map, and where that was on the previous one: moved by the ego motion.
  %shift_empty = tensor.empty() : tensor<1x2xf32>
  %shift = bev.ego_shift grid_length([2.048, 2.048]) bev_size([50, 50])
      ins(%can_bus : tensor<1x18xf32>) outs(%shift_empty : tensor<1x2xf32>) -> tensor<1x2xf32>
  %grid_empty = tensor.empty() : tensor<2500x2xf32>
  %grid = bev.reference_grid bev_size([50, 50]) outs(%grid_empty : tensor<2500x2xf32>) -> tensor<2500x2xf32>
  %shift_xy = tensor.collapse_shape %shift [[0, 1]] : tensor<1x2xf32> into tensor<2xf32>
  %shifts_empty = tensor.empty() : tensor<2500x2xf32>
  %shifts = linalg.broadcast ins(%shift_xy : tensor<2xf32>) outs(%shifts_empty : tensor<2500x2xf32>) dimensions = [0]
  %moved_empty = tensor.empty() : tensor<2500x2xf32>
  %moved = linalg.add ins(%grid, %shifts : tensor<2500x2xf32>, tensor<2500x2xf32>) outs(%moved_empty : tensor<2500x2xf32>) -> tensor<2500x2xf32>
  %reference_empty = tensor.empty() : tensor<1x2x2500x1x2xf32>
  %reference_0 = tensor.insert_slice %moved into %reference_empty[0, 0, 0, 0, 0] [1, 1, 2500, 1, 2] [1, 1, 1, 1, 1] : tensor<2500x2xf32> into tensor<1x2x2500x1x2xf32>
  %reference = tensor.insert_slice %grid into %reference_0[0, 1, 0, 0, 0] [1, 1, 2500, 1, 2] [1, 1, 1, 1, 1] : tensor<2500x2xf32> into tensor<1x2x2500x1x2xf32>

  // Temporal self-attention: value from (previous, current), offsets and logits from both side by side.
  %query = tensor.collapse_shape %bev_query [[0, 1], [2]] : tensor<1x2500x256xf32> into tensor<2500x256xf32>
  %position = tensor.collapse_shape %bev_pos [[0, 1], [2]] : tensor<1x2500x256xf32> into tensor<2500x256xf32>
  %previous = tensor.collapse_shape %prev_bev [[0, 1], [2]] : tensor<1x2500x256xf32> into tensor<2500x256xf32>
  %stacked = tensor.concat dim(0) %previous, %query : (tensor<2500x256xf32>, tensor<2500x256xf32>) -> tensor<5000x256xf32>
  %placed_empty = tensor.empty() : tensor<2500x256xf32>
  %placed = linalg.add ins(%query, %position : tensor<2500x256xf32>, tensor<2500x256xf32>) outs(%placed_empty : tensor<2500x256xf32>) -> tensor<2500x256xf32>
  %mixed = tensor.concat dim(1) %previous, %placed : (tensor<2500x256xf32>, tensor<2500x256xf32>) -> tensor<2500x512xf32>
  %tsa_value_rows_empty = tensor.empty() : tensor<5000x256xf32>
  %tsa_value_rows_bias = linalg.broadcast ins(%tsa_value_proj_bias : tensor<256xf32>) outs(%tsa_value_rows_empty : tensor<5000x256xf32>) dimensions = [0]
  %tsa_value_rows = linalg.matmul ins(%stacked, %tsa_value_proj_weight : tensor<5000x256xf32>, tensor<256x256xf32>) outs(%tsa_value_rows_bias : tensor<5000x256xf32>) -> tensor<5000x256xf32>
  %tsa_value = tensor.expand_shape %tsa_value_rows [[0, 1, 2], [3, 4]] output_shape [1, 2, 2500, 8, 32] : tensor<5000x256xf32> into tensor<1x2x2500x8x32xf32>
  %tsa_offset_rows_empty = tensor.empty() : tensor<2500x128xf32>
  %tsa_offset_rows_bias = linalg.broadcast ins(%tsa_sampling_offsets_bias : tensor<128xf32>) outs(%tsa_offset_rows_empty : tensor<2500x128xf32>) dimensions = [0]
  %tsa_offset_rows = linalg.matmul ins(%mixed, %tsa_sampling_offsets_weight : tensor<2500x512xf32>, tensor<512x128xf32>) outs(%tsa_offset_rows_bias : tensor<2500x128xf32>) -> tensor<2500x128xf32>
  %tsa_offsets = tensor.expand_shape %tsa_offset_rows [[0, 1], [2, 3, 4, 5, 6]] output_shape [1, 2500, 8, 2, 1, 4, 2] : tensor<2500x128xf32> into tensor<1x2500x8x2x1x4x2xf32>
  %tsa_logit_rows_empty = tensor.empty() : tensor<2500x64xf32>
  %tsa_logit_rows_bias = linalg.broadcast ins(%tsa_attention_weights_bias : tensor<64xf32>) outs(%tsa_logit_rows_empty : tensor<2500x64xf32>) dimensions = [0]
  %tsa_logit_rows = linalg.matmul ins(%mixed, %tsa_attention_weights_weight : tensor<2500x512xf32>, tensor<512x64xf32>) outs(%tsa_logit_rows_bias : tensor<2500x64xf32>) -> tensor<2500x64xf32>
  %tsa_logits = tensor.expand_shape %tsa_logit_rows [[0, 1], [2, 3, 4]] output_shape [1, 2500, 8, 2, 4] : tensor<2500x64xf32> into tensor<1x2500x8x2x4xf32>
  %tsa_heads_empty = tensor.empty() : tensor<1x2500x8x32xf32>
  %tsa_heads = bev.temporal_self_attention levels([50, 50])
      ins(%tsa_value, %reference, %tsa_offsets, %tsa_logits : tensor<1x2x2500x8x32xf32>, tensor<1x2x2500x1x2xf32>, tensor<1x2500x8x2x1x4x2xf32>, tensor<1x2500x8x2x4xf32>)
      outs(%tsa_heads_empty : tensor<1x2500x8x32xf32>) -> tensor<1x2500x8x32xf32>
  %tsa_attended = tensor.collapse_shape %tsa_heads [[0, 1], [2, 3]] : tensor<1x2500x8x32xf32> into tensor<2500x256xf32>
  %tsa_projected_empty = tensor.empty() : tensor<2500x256xf32>
  %tsa_projected_bias = linalg.broadcast ins(%tsa_output_proj_bias : tensor<256xf32>) outs(%tsa_projected_empty : tensor<2500x256xf32>) dimensions = [0]
  %tsa_projected = linalg.matmul ins(%tsa_attended, %tsa_output_proj_weight : tensor<2500x256xf32>, tensor<256x256xf32>) outs(%tsa_projected_bias : tensor<2500x256xf32>) -> tensor<2500x256xf32>
  %tsa_residual_empty = tensor.empty() : tensor<2500x256xf32>
  %tsa_residual = linalg.add ins(%query, %tsa_projected : tensor<2500x256xf32>, tensor<2500x256xf32>) outs(%tsa_residual_empty : tensor<2500x256xf32>) -> tensor<2500x256xf32>
  %tsa_norm_row = tensor.empty() : tensor<2500xf32>
  %tsa_norm_empty = tensor.empty() : tensor<2500x256xf32>
  %tsa_norm_zeros = linalg.fill ins(%zero : f32) outs(%tsa_norm_row : tensor<2500xf32>) -> tensor<2500xf32>
  %tsa_norm_sum = linalg.reduce { arith.addf } ins(%tsa_residual : tensor<2500x256xf32>) outs(%tsa_norm_zeros : tensor<2500xf32>) dimensions = [1]
  %tsa_norm_squares = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%tsa_residual, %tsa_norm_sum : tensor<2500x256xf32>, tensor<2500xf32>) outs(%tsa_norm_zeros : tensor<2500xf32>) {
  ^bb0(%element: f32, %sum: f32, %total: f32):
    %mean = arith.divf %sum, %channels : f32
    %centred = arith.subf %element, %mean : f32
    %square = arith.mulf %centred, %centred : f32
    %next = arith.addf %total, %square : f32
    linalg.yield %next : f32
  } -> tensor<2500xf32>
  %tsa_norm = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>,
                       affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%tsa_residual, %tsa_norm_sum, %tsa_norm_squares, %norm0_weight, %norm0_bias : tensor<2500x256xf32>, tensor<2500xf32>, tensor<2500xf32>, tensor<256xf32>, tensor<256xf32>)
      outs(%tsa_norm_empty : tensor<2500x256xf32>) {
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
  } -> tensor<2500x256xf32>

  // Which cameras see the pillar above each query, and where.
  %pillars_empty = tensor.empty() : tensor<2500x4x3xf32>
  %pillars = bev.reference_grid bev_size([50, 50]) pillar_height(8.0) outs(%pillars_empty : tensor<2500x4x3xf32>) -> tensor<2500x4x3xf32>
  %points = tensor.expand_shape %pillars [[0, 1], [2], [3]] output_shape [1, 2500, 4, 3] : tensor<2500x4x3xf32> into tensor<1x2500x4x3xf32>
  %uv_empty = tensor.empty() : tensor<1x6x2500x4x2xf32>
  %visible_empty = tensor.empty() : tensor<1x6x2500x4xi1>
  %uv, %visible = bev.project_points pc_range([-51.2, -51.2, -5.0, 51.2, 51.2, 3.0])
      ins(%points, %lidar2img, %image_size : tensor<1x2500x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv_empty, %visible_empty : tensor<1x6x2500x4x2xf32>, tensor<1x6x2500x4xi1>) -> tensor<1x6x2500x4x2xf32>, tensor<1x6x2500x4xi1>

  // Spatial cross-attention into the cameras' features.
  %cells = tensor.collapse_shape %features [[0, 1, 2], [3]] : tensor<1x6x375x256xf32> into tensor<2250x256xf32>
  %sca_value_rows_empty = tensor.empty() : tensor<2250x256xf32>
  %sca_value_rows_bias = linalg.broadcast ins(%sca_value_proj_bias : tensor<256xf32>) outs(%sca_value_rows_empty : tensor<2250x256xf32>) dimensions = [0]
  %sca_value_rows = linalg.matmul ins(%cells, %sca_value_proj_weight : tensor<2250x256xf32>, tensor<256x256xf32>) outs(%sca_value_rows_bias : tensor<2250x256xf32>) -> tensor<2250x256xf32>
  %sca_value = tensor.expand_shape %sca_value_rows [[0, 1, 2], [3, 4]] output_shape [1, 6, 375, 8, 32] : tensor<2250x256xf32> into tensor<1x6x375x8x32xf32>
  %sca_offset_rows_empty = tensor.empty() : tensor<2500x128xf32>
  %sca_offset_rows_bias = linalg.broadcast ins(%sca_sampling_offsets_bias : tensor<128xf32>) outs(%sca_offset_rows_empty : tensor<2500x128xf32>) dimensions = [0]
  %sca_offset_rows = linalg.matmul ins(%tsa_norm, %sca_sampling_offsets_weight : tensor<2500x256xf32>, tensor<256x128xf32>) outs(%sca_offset_rows_bias : tensor<2500x128xf32>) -> tensor<2500x128xf32>
  %sca_offsets = tensor.expand_shape %sca_offset_rows [[0, 1], [2, 3, 4, 5]] output_shape [1, 2500, 8, 1, 8, 2] : tensor<2500x128xf32> into tensor<1x2500x8x1x8x2xf32>
  %sca_logit_rows_empty = tensor.empty() : tensor<2500x64xf32>
  %sca_logit_rows_bias = linalg.broadcast ins(%sca_attention_weights_bias : tensor<64xf32>) outs(%sca_logit_rows_empty : tensor<2500x64xf32>) dimensions = [0]
  %sca_logit_rows = linalg.matmul ins(%tsa_norm, %sca_attention_weights_weight : tensor<2500x256xf32>, tensor<256x64xf32>) outs(%sca_logit_rows_bias : tensor<2500x64xf32>) -> tensor<2500x64xf32>
  %sca_logits = tensor.expand_shape %sca_logit_rows [[0, 1], [2, 3]] output_shape [1, 2500, 8, 8] : tensor<2500x64xf32> into tensor<1x2500x8x8xf32>
  %sca_heads_empty = tensor.empty() : tensor<1x2500x8x32xf32>
  %sca_heads = bev.spatial_cross_attention levels([15, 25])
      ins(%sca_value, %uv, %visible, %sca_offsets, %sca_logits : tensor<1x6x375x8x32xf32>, tensor<1x6x2500x4x2xf32>, tensor<1x6x2500x4xi1>, tensor<1x2500x8x1x8x2xf32>, tensor<1x2500x8x8xf32>)
      outs(%sca_heads_empty : tensor<1x2500x8x32xf32>) -> tensor<1x2500x8x32xf32>
  %sca_attended = tensor.collapse_shape %sca_heads [[0, 1], [2, 3]] : tensor<1x2500x8x32xf32> into tensor<2500x256xf32>
  %sca_projected_empty = tensor.empty() : tensor<2500x256xf32>
  %sca_projected_bias = linalg.broadcast ins(%sca_output_proj_bias : tensor<256xf32>) outs(%sca_projected_empty : tensor<2500x256xf32>) dimensions = [0]
  %sca_projected = linalg.matmul ins(%sca_attended, %sca_output_proj_weight : tensor<2500x256xf32>, tensor<256x256xf32>) outs(%sca_projected_bias : tensor<2500x256xf32>) -> tensor<2500x256xf32>
  %sca_residual_empty = tensor.empty() : tensor<2500x256xf32>
  %sca_residual = linalg.add ins(%tsa_norm, %sca_projected : tensor<2500x256xf32>, tensor<2500x256xf32>) outs(%sca_residual_empty : tensor<2500x256xf32>) -> tensor<2500x256xf32>
  %sca_norm_row = tensor.empty() : tensor<2500xf32>
  %sca_norm_empty = tensor.empty() : tensor<2500x256xf32>
  %sca_norm_zeros = linalg.fill ins(%zero : f32) outs(%sca_norm_row : tensor<2500xf32>) -> tensor<2500xf32>
  %sca_norm_sum = linalg.reduce { arith.addf } ins(%sca_residual : tensor<2500x256xf32>) outs(%sca_norm_zeros : tensor<2500xf32>) dimensions = [1]
  %sca_norm_squares = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%sca_residual, %sca_norm_sum : tensor<2500x256xf32>, tensor<2500xf32>) outs(%sca_norm_zeros : tensor<2500xf32>) {
  ^bb0(%element: f32, %sum: f32, %total: f32):
    %mean = arith.divf %sum, %channels : f32
    %centred = arith.subf %element, %mean : f32
    %square = arith.mulf %centred, %centred : f32
    %next = arith.addf %total, %square : f32
    linalg.yield %next : f32
  } -> tensor<2500xf32>
  %sca_norm = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>,
                       affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%sca_residual, %sca_norm_sum, %sca_norm_squares, %norm1_weight, %norm1_bias : tensor<2500x256xf32>, tensor<2500xf32>, tensor<2500xf32>, tensor<256xf32>, tensor<256xf32>)
      outs(%sca_norm_empty : tensor<2500x256xf32>) {
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
  } -> tensor<2500x256xf32>

  // Feed-forward network.
  %ffn_wide_empty = tensor.empty() : tensor<2500x512xf32>
  %ffn_wide_bias = linalg.broadcast ins(%ffn_0_bias : tensor<512xf32>) outs(%ffn_wide_empty : tensor<2500x512xf32>) dimensions = [0]
  %ffn_wide = linalg.matmul ins(%sca_norm, %ffn_0_weight : tensor<2500x256xf32>, tensor<256x512xf32>) outs(%ffn_wide_bias : tensor<2500x512xf32>) -> tensor<2500x512xf32>
  %ffn_active_empty = tensor.empty() : tensor<2500x512xf32>
  %ffn_active = linalg.map ins(%ffn_wide : tensor<2500x512xf32>) outs(%ffn_active_empty : tensor<2500x512xf32>) (%element: f32, %out: f32) {
    %positive = arith.maximumf %element, %zero : f32
    linalg.yield %positive : f32
  }
  %ffn_narrow_empty = tensor.empty() : tensor<2500x256xf32>
  %ffn_narrow_bias = linalg.broadcast ins(%ffn_1_bias : tensor<256xf32>) outs(%ffn_narrow_empty : tensor<2500x256xf32>) dimensions = [0]
  %ffn_narrow = linalg.matmul ins(%ffn_active, %ffn_1_weight : tensor<2500x512xf32>, tensor<512x256xf32>) outs(%ffn_narrow_bias : tensor<2500x256xf32>) -> tensor<2500x256xf32>
  %ffn_residual_empty = tensor.empty() : tensor<2500x256xf32>
  %ffn_residual = linalg.add ins(%sca_norm, %ffn_narrow : tensor<2500x256xf32>, tensor<2500x256xf32>) outs(%ffn_residual_empty : tensor<2500x256xf32>) -> tensor<2500x256xf32>
  %ffn_norm_row = tensor.empty() : tensor<2500xf32>
  %ffn_norm_empty = tensor.empty() : tensor<2500x256xf32>
  %ffn_norm_zeros = linalg.fill ins(%zero : f32) outs(%ffn_norm_row : tensor<2500xf32>) -> tensor<2500xf32>
  %ffn_norm_sum = linalg.reduce { arith.addf } ins(%ffn_residual : tensor<2500x256xf32>) outs(%ffn_norm_zeros : tensor<2500xf32>) dimensions = [1]
  %ffn_norm_squares = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%ffn_residual, %ffn_norm_sum : tensor<2500x256xf32>, tensor<2500xf32>) outs(%ffn_norm_zeros : tensor<2500xf32>) {
  ^bb0(%element: f32, %sum: f32, %total: f32):
    %mean = arith.divf %sum, %channels : f32
    %centred = arith.subf %element, %mean : f32
    %square = arith.mulf %centred, %centred : f32
    %next = arith.addf %total, %square : f32
    linalg.yield %next : f32
  } -> tensor<2500xf32>
  %ffn_norm = linalg.generic {
      indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>,
                       affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%ffn_residual, %ffn_norm_sum, %ffn_norm_squares, %norm2_weight, %norm2_bias : tensor<2500x256xf32>, tensor<2500xf32>, tensor<2500xf32>, tensor<256xf32>, tensor<256xf32>)
      outs(%ffn_norm_empty : tensor<2500x256xf32>) {
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
  } -> tensor<2500x256xf32>
  %output = tensor.expand_shape %ffn_norm [[0, 1], [2]] output_shape [1, 2500, 256] : tensor<2500x256xf32> into tensor<1x2500x256xf32>
  return %output : tensor<1x2500x256xf32>
}
