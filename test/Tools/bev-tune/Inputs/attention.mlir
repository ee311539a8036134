// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
func.func @main(%value: tensor<1x2500x8x32xf32>, %locations: tensor<1x5x8x1x4x2xf32>, %weights: tensor<1x5x8x1x4xf32>) -> tensor<1x5x8x32xf32> {
  %init = tensor.empty() : tensor<1x5x8x32xf32>
  %r = bev.ms_deform_attn levels([50, 50])
      ins(%value, %locations, %weights : tensor<1x2500x8x32xf32>, tensor<1x5x8x1x4x2xf32>, tensor<1x5x8x1x4xf32>)
      outs(%init : tensor<1x5x8x32xf32>) -> tensor<1x5x8x32xf32>
  return %r : tensor<1x5x8x32xf32>
}
