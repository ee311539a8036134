// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A pool of segments, and one whose segments are not known, each with a pool of the
// sums; pools of segments whose step is known, and is not.
func.func @main(%feat: tensor<1x2x16x11x8xf16>, %depth: tensor<1x2x5x16x11xf16>, %segments: tensor<110x3xi32>, %ranks: tensor<100xi32>, %bounds: tensor<1x1x9x9x2xi32>, %init: tensor<1x1x9x9x8xf16>, %some: tensor<?x3xi32>, %few: tensor<3x3xi32>, %rows: tensor<7x4xf32>, %depths: tensor<5xf32>, %sums: tensor<3x4xf32>, %more: tensor<6xf32>, %w: index) -> (tensor<1x1x9x9x8xf16>, tensor<1x1x9x9x8xf16>, tensor<3x4xf32>, tensor<3x4xf32>) {
  %0 = bev.voxel_pool ins(%feat : tensor<1x2x16x11x8xf16>) depth(%depth : tensor<1x2x5x16x11xf16>)
      segments(%segments, %ranks : tensor<110x3xi32>, tensor<100xi32>) bounds(%bounds : tensor<1x1x9x9x2xi32>)
      outs(%init : tensor<1x1x9x9x8xf16>) -> tensor<1x1x9x9x8xf16>
  %1 = bev.voxel_pool ins(%feat : tensor<1x2x16x11x8xf16>) depth(%depth : tensor<1x2x5x16x11xf16>)
      segments(%some, %ranks : tensor<?x3xi32>, tensor<100xi32>) bounds(%bounds : tensor<1x1x9x9x2xi32>)
      outs(%init : tensor<1x1x9x9x8xf16>) -> tensor<1x1x9x9x8xf16>
  %c99 = arith.constant 99 : index
  %2 = bev.segment_pool ins(%rows, %depths, %few : tensor<7x4xf32>, tensor<5xf32>, tensor<3x3xi32>) step(%c99)
      outs(%sums : tensor<3x4xf32>) -> tensor<3x4xf32>
  %3 = bev.segment_pool ins(%rows, %more, %few : tensor<7x4xf32>, tensor<6xf32>, tensor<3x3xi32>) step(%w)
      outs(%sums : tensor<3x4xf32>) -> tensor<3x4xf32>
  return %0, %1, %2, %3 : tensor<1x1x9x9x8xf16>, tensor<1x1x9x9x8xf16>, tensor<3x4xf32>, tensor<3x4xf32>
}
