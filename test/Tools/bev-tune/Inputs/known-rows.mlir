// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A pool whose bounds are constants.
func.func @main(%feat: tensor<40x8xf32>, %depth: tensor<90xf32>, %ranks: tensor<70xi32>, %init: tensor<2x3x8xf32>) -> tensor<2x3x8xf32> {
  %bounds = arith.constant dense<[[[0, 50], [50, 51], [-3, 2]], [[51, 60], [60, 2147483647], [9, 3]]]> : tensor<2x3x2xi32>
  %0 = bev.interval_pool ins(%feat : tensor<40x8xf32>) depth(%depth : tensor<90xf32>) points(%ranks, %ranks : tensor<70xi32>, tensor<70xi32>)
      bounds(%bounds : tensor<2x3x2xi32>) outs(%init : tensor<2x3x8xf32>) -> tensor<2x3x8xf32>
  return %0 : tensor<2x3x8xf32>
}
