// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --split-input-file --verify-diagnostics

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @two_maps(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %i: tensor<2x4xf32>) {
  // expected-error @+1 {{(mm_c1) expected 3 'indexing_maps', but got 2}}
  %r = library.matmul {indexing_maps = [#a, #b]} ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

#a = affine_map<(a, b, c, m, n, k) -> (m, k)>
#b = affine_map<(a, b, c, m, n, k) -> (k, n)>
#c = affine_map<(a, b, c, m, n, k) -> (m, n)>
func.func @too_many_dims(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %i: tensor<2x4xf32>) {
  // expected-error @+1 {{(mm_c1) expected maps of 3 to 5 dimensions, but got 6}}
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (n, m)>
func.func @columns_not_last(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %i: tensor<4x2xf32>) {
  // expected-error @+1 {{(mm_c2) expected the map of init to be a permutation of its dimensions among (b.., m, n, k) with n last, but got}}
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) outs(%i : tensor<4x2xf32>) -> tensor<4x2xf32>
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, m)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @diagonal(%x: tensor<2x2xf32>, %w: tensor<3x4xf32>, %i: tensor<2x4xf32>) {
  // expected-error @+1 {{(mm_c2) expected the map of lhs to be a permutation of its dimensions among (b.., m, n, k), but got}}
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x2xf32>, tensor<3x4xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @sizes(%x: tensor<2x3xf32>, %w: tensor<5x4xf32>, %i: tensor<2x4xf32>) {
  // expected-error @+1 {{(mm_c3) expected dim 0 of rhs to equal 3, but got 5}}
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, tensor<5x4xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @bias(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %b: tensor<2xf32>, %i: tensor<2x4xf32>) {
  // expected-error @+1 {{(mm_c3) expected 'bias' to have one dimension, of the size of init's dim 1, but got 'tensor<2xf32>'}}
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) bias(%b : tensor<2xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @residual(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %i: tensor<2x4xf32>) {
  // expected-error @+1 {{(mm_c3) expected 'residual' to have init's shape 'tensor<2x4xf32>', but got 'tensor<2x3xf32>'}}
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) residual(%x : tensor<2x3xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @mixed(%x: tensor<2x3xf32>, %w: memref<3x4xf32>, %i: tensor<2x4xf32>) {
  // expected-error @+1 {{expected all operands to be tensors or all to be memrefs}}
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, memref<3x4xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @no_result(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %i: tensor<2x4xf32>) {
  // expected-error @+1 {{expected a result with an init of type 'tensor<2x4xf32>'}}
  library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) outs(%i : tensor<2x4xf32>)
  return
}

// -----

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @other_result(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %i: tensor<2x4xf32>) {
  // expected-error @+1 {{expected the result's type to be init's ('tensor<2x4xf32>'), but got 'tensor<2x?xf32>'}}
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x?xf32>
  return
}

// -----

func.func @rank(%x: tensor<5x5x4xf32>, %w: tensor<8x4x3x3xf32>, %i: tensor<1x3x3x8xf32>) {
  // expected-error @+1 {{(conv_c1) expected 'input', 'filter' and 'init' of rank 4}}
  %r = library.convolution ins(%x, %w : tensor<5x5x4xf32>, tensor<8x4x3x3xf32>) outs(%i : tensor<1x3x3x8xf32>) -> tensor<1x3x3x8xf32>
  return
}

// -----

func.func @strides(%x: tensor<1x5x5x4xf32>, %w: tensor<8x4x3x3xf32>, %i: tensor<1x3x3x8xf32>) {
  // expected-error @+1 {{(conv_c2) expected 2 positive 'strides', 2 positive 'dilations', 4 non-negative 'padding' and positive 'groups'}}
  %r = library.convolution {strides = array<i64: 0, 1>} ins(%x, %w : tensor<1x5x5x4xf32>, tensor<8x4x3x3xf32>) outs(%i : tensor<1x3x3x8xf32>) -> tensor<1x3x3x8xf32>
  return
}

// -----

func.func @huge(%x: tensor<1x5x5x4xf32>, %w: tensor<8x4x3x3xf32>, %i: tensor<1x3x3x8xf32>) {
  // expected-error @+1 {{(conv_c2) expected sizes, 'padding', 'strides' and 'dilations' below 2^31}}
  %r = library.convolution {dilations = array<i64: 9223372036854775807, 1>} ins(%x, %w : tensor<1x5x5x4xf32>, tensor<8x4x3x3xf32>) outs(%i : tensor<1x3x3x8xf32>) -> tensor<1x3x3x8xf32>
  return
}

// -----

func.func @groups(%x: tensor<1x5x5x4xf32>, %w: tensor<9x2x3x3xf32>, %i: tensor<1x3x3x9xf32>) {
  // expected-error @+1 {{(conv_c3) expected 2 groups of the input's channels and of the filters, but got 'tensor<1x5x5x4xf32>' and 'tensor<9x2x3x3xf32>'}}
  %r = library.convolution {groups = 2} ins(%x, %w : tensor<1x5x5x4xf32>, tensor<9x2x3x3xf32>) outs(%i : tensor<1x3x3x9xf32>) -> tensor<1x3x3x9xf32>
  return
}

// -----

func.func @filters(%x: tensor<1x5x5x4xf32>, %w: tensor<8x4x3x3xf32>, %i: tensor<1x3x3x7xf32>) {
  // expected-error @+1 {{(conv_c4) expected dim 3 of 'init' to equal the number of filters (8), but got 7}}
  %r = library.convolution ins(%x, %w : tensor<1x5x5x4xf32>, tensor<8x4x3x3xf32>) outs(%i : tensor<1x3x3x7xf32>) -> tensor<1x3x3x7xf32>
  return
}

// -----

func.func @batch(%x: tensor<2x5x5x4xf32>, %w: tensor<8x4x3x3xf32>, %i: tensor<1x3x3x8xf32>) {
  // expected-error @+1 {{(conv_c4) expected dim 0 of 'init' to equal the batch (2), but got 1}}
  %r = library.convolution ins(%x, %w : tensor<2x5x5x4xf32>, tensor<8x4x3x3xf32>) outs(%i : tensor<1x3x3x8xf32>) -> tensor<1x3x3x8xf32>
  return
}

// -----

func.func @height(%x: tensor<1x5x5x4xf32>, %w: tensor<8x4x3x3xf32>, %i: tensor<1x4x3x8xf32>) {
  // expected-error @+1 {{(conv_c5) expected dim 1 of 'init' to equal 3, but got 4}}
  %r = library.convolution ins(%x, %w : tensor<1x5x5x4xf32>, tensor<8x4x3x3xf32>) outs(%i : tensor<1x4x3x8xf32>) -> tensor<1x4x3x8xf32>
  return
}
