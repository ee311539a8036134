// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s | bev-opt | FileCheck %s
// RUN: bev-opt %s --mlir-print-op-generic | bev-opt | FileCheck %s

// CHECK-LABEL: func.func @matmul
func.func @matmul(%x: tensor<?x256xf32>, %w: tensor<512x256xf32>, %b: tensor<512xf32>, %init: tensor<?x512xf32>) -> tensor<?x512xf32> {
  // CHECK: library.matmul {indexing_maps = [{{.*}}], relu} ins(%{{.*}}, %{{.*}} : tensor<?x256xf32>, tensor<512x256xf32>) bias(%{{.*}} : tensor<512xf32>) outs(%{{.*}} : tensor<?x512xf32>) -> tensor<?x512xf32>
  %r = library.matmul {relu, indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]}
      ins(%x, %w : tensor<?x256xf32>, tensor<512x256xf32>) bias(%b : tensor<512xf32>) outs(%init : tensor<?x512xf32>) -> tensor<?x512xf32>
  return %r : tensor<?x512xf32>
}

// Heads are a batch dimension between rows and channels.
// CHECK-LABEL: func.func @heads
func.func @heads(%q: memref<2x9x4x8xf32>, %k: memref<2x7x4x8xf32>, %z: memref<2x4x9x7xf32>, %r: memref<2x4x9x7xf32>) {
  // CHECK: library.matmul {indexing_maps = [{{.*}}]} ins(%{{.*}}, %{{.*}} : memref<2x9x4x8xf32>, memref<2x7x4x8xf32>) residual(%{{.*}} : memref<2x4x9x7xf32>) outs(%{{.*}} : memref<2x4x9x7xf32>)
  library.matmul {indexing_maps = [affine_map<(b, h, m, n, k) -> (b, m, h, k)>, affine_map<(b, h, m, n, k) -> (b, n, h, k)>, affine_map<(b, h, m, n, k) -> (b, h, m, n)>]}
      ins(%q, %k : memref<2x9x4x8xf32>, memref<2x7x4x8xf32>) residual(%z : memref<2x4x9x7xf32>) outs(%r : memref<2x4x9x7xf32>)
  return
}

// CHECK-LABEL: func.func @convolution
func.func @convolution(%x: tensor<6x120x200x64xf32>, %w: tensor<128x32x3x3xf32>, %b: tensor<128xf32>, %init: tensor<6x60x100x128xf32>) -> tensor<6x60x100x128xf32> {
  // CHECK: library.convolution {groups = 2 : i64, padding = array<i64: 1, 1, 1, 1>, relu, strides = array<i64: 2, 2>} ins(%{{.*}}, %{{.*}} : tensor<6x120x200x64xf32>, tensor<128x32x3x3xf32>) bias(%{{.*}} : tensor<128xf32>) residual(%{{.*}} : tensor<6x60x100x128xf32>) outs(%{{.*}} : tensor<6x60x100x128xf32>) -> tensor<6x60x100x128xf32>
  %r = library.convolution {relu, groups = 2, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
      ins(%x, %w : tensor<6x120x200x64xf32>, tensor<128x32x3x3xf32>) bias(%b : tensor<128xf32>) residual(%init : tensor<6x60x100x128xf32>)
      outs(%init : tensor<6x60x100x128xf32>) -> tensor<6x60x100x128xf32>
  return %r : tensor<6x60x100x128xf32>
}
