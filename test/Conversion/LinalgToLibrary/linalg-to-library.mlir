// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(convert-linalg-to-library))' | FileCheck %s

// CHECK-DAG: #[[MK:.+]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[NK:.+]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[MN:.+]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-DAG: #[[BHMK:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d4)>
// CHECK-DAG: #[[BHKN:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d1, d4)>

// CHECK-LABEL: func.func @transposed_weights
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<64x48xf32>, %[[W:[a-z0-9]+]]: tensor<32x48xf32>, %[[BIAS:[a-z0-9]+]]: tensor<32xf32>
func.func @transposed_weights(%x: tensor<64x48xf32>, %w: tensor<32x48xf32>, %bias: tensor<32xf32>, %init: tensor<64x32xf32>, %init_w: tensor<48x32xf32>) -> tensor<64x32xf32> {
  // CHECK: library.matmul {indexing_maps = [#[[MK]], #[[NK]], #[[MN]]]} ins(%[[X]], %[[W]] : tensor<64x48xf32>, tensor<32x48xf32>) bias(%[[BIAS]] : tensor<32xf32>)
  %start = linalg.broadcast ins(%bias : tensor<32xf32>)
      outs(%init : tensor<64x32xf32>) dimensions = [0]
  %wt = linalg.transpose ins(%w : tensor<32x48xf32>)
      outs(%init_w : tensor<48x32xf32>) permutation = [1, 0]
  %r = linalg.matmul ins(%x, %wt : tensor<64x48xf32>, tensor<48x32xf32>)
      outs(%start : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %r : tensor<64x32xf32>
}

// Attention: heads are read where they lie.
// CHECK-LABEL: func.func @heads
//  CHECK-SAME: %[[Q:[a-z0-9]+]]: tensor<2x90x4x32xf32>, %[[K:[a-z0-9]+]]: tensor<2x70x4x32xf32>
func.func @heads(%q: tensor<2x90x4x32xf32>, %k: tensor<2x70x4x32xf32>) -> tensor<2x4x90x70xf32> {
  // CHECK: library.matmul {indexing_maps = [#[[BHMK]], #[[BHKN]], #{{.+}}]} ins(%[[Q]], %[[K]] : tensor<2x90x4x32xf32>, tensor<2x70x4x32xf32>) outs
  %zero = arith.constant 0.0 : f32
  %eq = tensor.empty() : tensor<2x4x90x32xf32>
  %tq = linalg.transpose ins(%q : tensor<2x90x4x32xf32>) outs(%eq : tensor<2x4x90x32xf32>) permutation = [0, 2, 1, 3]
  %ek = tensor.empty() : tensor<2x4x32x70xf32>
  %tk = linalg.transpose ins(%k : tensor<2x70x4x32xf32>) outs(%ek : tensor<2x4x32x70xf32>) permutation = [0, 2, 3, 1]
  %e = tensor.empty() : tensor<2x4x90x70xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4x90x70xf32>) -> tensor<2x4x90x70xf32>
  %r = linalg.generic {
      indexing_maps = [affine_map<(b, h, m, n, k) -> (b, h, m, k)>, affine_map<(b, h, m, n, k) -> (b, h, k, n)>, affine_map<(b, h, m, n, k) -> (b, h, m, n)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%tq, %tk : tensor<2x4x90x32xf32>, tensor<2x4x32x70xf32>) outs(%z : tensor<2x4x90x70xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<2x4x90x70xf32>
  return %r : tensor<2x4x90x70xf32>
}

// A sum that starts from a tensor has a residual; columns are the innermost
// dimension of the result, whichever operand they come from.
// CHECK-LABEL: func.func @swapped
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x48xf32>, %[[W:[a-z0-9]+]]: tensor<48x32xf32>, %[[Z:[a-z0-9]+]]: tensor<32x?xf32>
func.func @swapped(%x: tensor<?x48xf32>, %w: tensor<48x32xf32>, %z: tensor<32x?xf32>) -> tensor<32x?xf32> {
  // CHECK: library.matmul {{.*}} ins(%[[W]], %[[X]] : tensor<48x32xf32>, tensor<?x48xf32>) residual(%[[Z]] : tensor<32x?xf32>)
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (n, m)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x48xf32>, tensor<48x32xf32>) outs(%z : tensor<32x?xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<32x?xf32>
  return %r : tensor<32x?xf32>
}

// Too small to be worth a call, and not in f32.
// CHECK-LABEL: func.func @not
func.func @not(%x: tensor<4x4xf32>, %h: tensor<64x64xf16>) -> (tensor<4x4xf32>, tensor<64x64xf16>) {
  // CHECK-NOT: library
  %r = linalg.matmul ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%x : tensor<4x4xf32>) -> tensor<4x4xf32>
  %s = linalg.matmul ins(%h, %h : tensor<64x64xf16>, tensor<64x64xf16>) outs(%h : tensor<64x64xf16>) -> tensor<64x64xf16>
  return %r, %s : tensor<4x4xf32>, tensor<64x64xf16>
}

// CHECK-LABEL: func.func @padded_convolution
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x8x17x19xf32>, %[[W:[a-z0-9]+]]: tensor<12x8x3x3xf32>, %[[B:[a-z0-9]+]]: tensor<12xf32>
func.func @padded_convolution(%x: tensor<2x8x17x19xf32>, %w: tensor<12x8x3x3xf32>, %b: tensor<12xf32>, %init: tensor<2x12x9x10xf32>) -> tensor<2x12x9x10xf32> {
  // CHECK: %[[T:.+]] = linalg.transpose ins(%[[X]] : tensor<2x8x17x19xf32>) {{.*}} permutation = [0, 2, 3, 1]
  // CHECK: %[[C:.+]] = library.convolution {padding = array<i64: 1, 2, 1, 0>, strides = array<i64: 2, 2>} ins(%[[T]], %[[W]] : tensor<2x17x19x8xf32>, tensor<12x8x3x3xf32>) bias(%[[B]] : tensor<12xf32>)
  // CHECK: linalg.transpose ins(%[[C]] : tensor<2x9x10x12xf32>) {{.*}} permutation = [0, 3, 1, 2]
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 2] high[0, 0, 1, 0] {
  ^bb0(%n: index, %c: index, %i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<2x8x17x19xf32> to tensor<2x8x19x21xf32>
  %start = linalg.broadcast ins(%b : tensor<12xf32>) outs(%init : tensor<2x12x9x10xf32>) dimensions = [0, 2, 3]
  %r = linalg.conv_2d_nchw_fchw {strides = dense<2> : tensor<2xi64>} ins(%p, %w : tensor<2x8x19x21xf32>, tensor<12x8x3x3xf32>) outs(%start : tensor<2x12x9x10xf32>) -> tensor<2x12x9x10xf32>
  return %r : tensor<2x12x9x10xf32>
}

// CHECK-LABEL: func.func @groups
func.func @groups(%x: tensor<1x3x4x9x9xf32>, %w: tensor<3x2x4x3x3xf32>, %init: tensor<1x3x2x5x5xf32>) -> tensor<1x3x2x5x5xf32> {
  // CHECK: library.convolution {dilations = array<i64: 2, 2>, groups = 3 : i64} ins(%{{.+}}, %{{.+}} : tensor<1x9x9x12xf32>, tensor<6x4x3x3xf32>) outs
  // CHECK: tensor.expand_shape {{.*}} into tensor<1x3x2x5x5xf32>
  %zero = arith.constant 0.0 : f32
  %z = linalg.fill ins(%zero : f32) outs(%init : tensor<1x3x2x5x5xf32>) -> tensor<1x3x2x5x5xf32>
  %r = linalg.conv_2d_ngchw_gfchw {dilations = dense<2> : tensor<2xi64>} ins(%x, %w : tensor<1x3x4x9x9xf32>, tensor<3x2x4x3x3xf32>) outs(%z : tensor<1x3x2x5x5xf32>) -> tensor<1x3x2x5x5xf32>
  return %r : tensor<1x3x2x5x5xf32>
}
