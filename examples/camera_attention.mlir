// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a map of 50 x 50 cells into six cameras: the pillar of four points above
// each cell is projected to every image, and attention samples the features of
// the cameras that see it.
//
//   python3 examples/make_inputs.py camera_attention
//   build/bin/bev-run examples/camera_attention.mlir --inputs examples/camera_attention.inputs.npz
//     --expected examples/camera_attention.expected.npz

func.func @camera_attention(
    %value: tensor<1x6x375x8x32xf32> {bev.name = "value"},
    %lidar2img: tensor<1x6x4x4xf32> {bev.name = "lidar2img"},
    %image_size: tensor<6x2xf32> {bev.name = "image_size"},
    %offsets: tensor<1x2500x8x1x8x2xf32> {bev.name = "offsets"},
    %logits: tensor<1x2500x8x8xf32> {bev.name = "logits"})
    -> (tensor<1x2500x8x32xf32> {bev.name = "output"}) {
  // The grid is a constant; (x, y, z) from 0 to 1.
  %grid_empty = tensor.empty() : tensor<2500x4x3xf32>
  %grid = bev.reference_grid bev_size([50, 50]) pillar_height(8.0)
      outs(%grid_empty : tensor<2500x4x3xf32>) -> tensor<2500x4x3xf32>
  %points = tensor.expand_shape %grid [[0, 1], [2], [3]] output_shape [1, 2500, 4, 3]
      : tensor<2500x4x3xf32> into tensor<1x2500x4x3xf32>

  // pc_range, in metres, is what the unit cube stands for.
  %uv_empty = tensor.empty() : tensor<1x6x2500x4x2xf32>
  %visible_empty = tensor.empty() : tensor<1x6x2500x4xi1>
  %uv, %visible = bev.project_points pc_range([-51.2, -51.2, -5.0, 51.2, 51.2, 3.0])
      ins(%points, %lidar2img, %image_size : tensor<1x2500x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv_empty, %visible_empty : tensor<1x6x2500x4x2xf32>, tensor<1x6x2500x4xi1>)
      -> tensor<1x6x2500x4x2xf32>, tensor<1x6x2500x4xi1>

  %empty = tensor.empty() : tensor<1x2500x8x32xf32>
  %output = bev.spatial_cross_attention levels([15, 25])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x375x8x32xf32>, tensor<1x6x2500x4x2xf32>,
          tensor<1x6x2500x4xi1>, tensor<1x2500x8x1x8x2xf32>, tensor<1x2500x8x8xf32>)
      outs(%empty : tensor<1x2500x8x32xf32>) -> tensor<1x2500x8x32xf32>
  return %output : tensor<1x2500x8x32xf32>
}
