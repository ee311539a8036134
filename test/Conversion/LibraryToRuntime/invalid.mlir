// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --convert-library-to-runtime --verify-diagnostics

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @tensors(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %i: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{expected a library op on buffers; bufferize first}}
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}
