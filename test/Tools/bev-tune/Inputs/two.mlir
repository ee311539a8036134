// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two ops of the same key, and one of another.
func.func @main(%value: tensor<1x6x2x8xf32>, %locations: tensor<1x9x2x1x4x2xf32>, %weights: tensor<1x9x2x1x4xf32>, %init: tensor<1x9x2x8xf32>, %prev: tensor<1x16x16x8xf32>, %angle: tensor<1xf32>) -> (tensor<1x9x2x8xf32>, tensor<1x9x2x8xf32>, tensor<1x16x16x8xf32>) {
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x8xf32>, tensor<1x9x2x1x4x2xf32>, tensor<1x9x2x1x4xf32>)
      outs(%init : tensor<1x9x2x8xf32>) -> tensor<1x9x2x8xf32>
  %1 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x8xf32>, tensor<1x9x2x1x4x2xf32>, tensor<1x9x2x1x4xf32>)
      outs(%0 : tensor<1x9x2x8xf32>) -> tensor<1x9x2x8xf32>
  %2 = bev.warp_bev bilinear ins(%prev, %angle : tensor<1x16x16x8xf32>, tensor<1xf32>) outs(%prev : tensor<1x16x16x8xf32>) -> tensor<1x16x16x8xf32>
  return %0, %1, %2 : tensor<1x9x2x8xf32>, tensor<1x9x2x8xf32>, tensor<1x16x16x8xf32>
}
