// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(library-propagate-channels-last))' | FileCheck %s

// CHECK-LABEL: func.func @elementwise
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<1x4x5x2xf32>
func.func @elementwise(%x: tensor<1x4x5x2xf32>, %e: tensor<1x2x4x5xf32>) -> tensor<1x2x4x5xf32> {
  // CHECK: %[[E:.+]] = linalg.generic {{.*}} ins(%[[X]] : tensor<1x4x5x2xf32>) outs(%{{.+}} : tensor<1x4x5x2xf32>) {
  // CHECK: {{.*}}
  // CHECK: %[[R:.+]] = linalg.transpose ins(%[[E]] : tensor<1x4x5x2xf32>)
  // CHECK-SAME: outs(%{{.+}} : tensor<1x2x4x5xf32>) permutation = [0, 3, 1, 2]
  // CHECK: return %[[R]]
  %t = linalg.transpose ins(%x : tensor<1x4x5x2xf32>)
      outs(%e : tensor<1x2x4x5xf32>) permutation = [0, 3, 1, 2]
  %r = linalg.exp ins(%t : tensor<1x2x4x5xf32>)
      outs(%e : tensor<1x2x4x5xf32>) -> tensor<1x2x4x5xf32>
  return %r : tensor<1x2x4x5xf32>
}

// A chain ends in the inverse transposition: none is left. A vector along the
// channels follows them, and another operand is read as it lies.
// CHECK-LABEL: func.func @chain
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<1x4x6x2xf32>, %[[B:[a-z0-9]+]]: tensor<2xf32>, %[[Y:[a-z0-9]+]]: tensor<1x2x6x8xf32>
func.func @chain(%x: tensor<1x4x6x2xf32>, %b: tensor<2xf32>, %y: tensor<1x2x6x8xf32>) -> tensor<1x5x4x2xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: %[[P:.+]] = tensor.pad %[[X]] low[0, 1, 1, 0] high[0, 1, 1, 0]
  // CHECK: tensor<1x4x6x2xf32> to tensor<1x6x8x2xf32>
  // CHECK: %[[S:.+]] = linalg.generic {{.*}} ins(%[[P]], %[[B]], %[[Y]] : tensor<1x6x8x2xf32>, tensor<2xf32>, tensor<1x2x6x8xf32>) outs({{.*}} : tensor<1x6x8x2xf32>)
  // CHECK-NOT: linalg.transpose
  // CHECK: %[[M:.+]] = linalg.pooling_nhwc_max {{.*}} ins(%[[S]], {{.*}} : tensor<1x6x8x2xf32>, tensor<2x2xf32>) outs({{.*}} : tensor<1x5x4x2xf32>)
  // CHECK: return %[[M]]
  %low = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<1x2x4x6xf32>
  %t = linalg.transpose ins(%x : tensor<1x4x6x2xf32>) outs(%e : tensor<1x2x4x6xf32>) permutation = [0, 3, 1, 2]
  %p = tensor.pad %t low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%n: index, %c: index, %h: index, %w: index):
    tensor.yield %low : f32
  } : tensor<1x2x4x6xf32> to tensor<1x2x6x8xf32>
  %e1 = tensor.empty() : tensor<1x2x6x8xf32>
  %s = linalg.generic {
      indexing_maps = [affine_map<(n, c, h, w) -> (n, c, h, w)>, affine_map<(n, c, h, w) -> (c)>,
                       affine_map<(n, c, h, w) -> (n, c, h, w)>, affine_map<(n, c, h, w) -> (n, c, h, w)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%p, %b, %y : tensor<1x2x6x8xf32>, tensor<2xf32>, tensor<1x2x6x8xf32>) outs(%e1 : tensor<1x2x6x8xf32>) {
  ^bb0(%a: f32, %v: f32, %z: f32, %o: f32):
    %0 = arith.addf %a, %v : f32
    %1 = arith.addf %0, %z : f32
    linalg.yield %1 : f32
  } -> tensor<1x2x6x8xf32>
  %window = tensor.empty() : tensor<2x2xf32>
  %e2 = tensor.empty() : tensor<1x2x5x4xf32>
  %f = linalg.fill ins(%low : f32) outs(%e2 : tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32>
  %m = linalg.pooling_nchw_max {strides = dense<[1, 2]> : tensor<2xi64>} ins(%s, %window : tensor<1x2x6x8xf32>, tensor<2x2xf32>) outs(%f : tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32>
  %e3 = tensor.empty() : tensor<1x5x4x2xf32>
  %r = linalg.transpose ins(%m : tensor<1x2x5x4xf32>) outs(%e3 : tensor<1x5x4x2xf32>) permutation = [0, 2, 3, 1]
  return %r : tensor<1x5x4x2xf32>
}
