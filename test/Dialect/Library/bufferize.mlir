// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --one-shot-bufferize='bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map' | FileCheck %s

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>

// The init is written in place and never copied; the residual, which is read
// while the init is written, does not share its buffer.
// CHECK-LABEL: func.func @f
//  CHECK-SAME: %[[X:.+]]: memref<2x3xf32>, %[[W:.+]]: memref<3x4xf32>, %[[Z:.+]]: memref<2x4xf32>
func.func @f(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %z: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // CHECK: %[[R:.+]] = memref.alloc() {{.*}} : memref<2x4xf32>
  // CHECK-NOT: memref.copy
  // CHECK: library.matmul {{.*}} ins(%[[X]], %[[W]] : memref<2x3xf32>, memref<3x4xf32>) residual(%[[Z]] : memref<2x4xf32>) outs(%[[R]] : memref<2x4xf32>)
  // CHECK: return %[[R]]
  %e = tensor.empty() : tensor<2x4xf32>
  %r = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<2x3xf32>, tensor<3x4xf32>) residual(%z : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}
