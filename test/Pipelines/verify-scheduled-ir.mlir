// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --bev-verify-scheduled-ir --verify-diagnostics --split-input-file

// Ops without channels carry no schedule.
func.func @scheduled(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>, %x: tensor<3xf32>) -> (tensor<2x5x7x8xf32>, tensor<3xf32>) {
  %0 = bev.warp_bev nearest schedule(<lanes = 4>) ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>) outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  %1 = bev.inverse_sigmoid ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %0, %1 : tensor<2x5x7x8xf32>, tensor<3xf32>
}

// -----

func.func @not_scheduled(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32> {
  // expected-error @below {{expected scheduled IR, but got a 'bev.warp_bev' without a schedule}}
  %0 = bev.warp_bev nearest ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>) outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return %0 : tensor<2x5x7x8xf32>
}
