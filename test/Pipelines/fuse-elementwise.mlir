// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-fuse-elementwise))' | FileCheck %s
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-fuse-elementwise{recompute}))' | FileCheck %s --check-prefix=RECOMPUTE

// CHECK-LABEL: func.func @chain
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<4x8xf32>, %[[Y:[a-z0-9]+]]: tensor<4x8xf32>
func.func @chain(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>, %init: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK: %[[R:.+]] = linalg.generic {{.*}} ins(%[[X]], %[[Y]] : tensor<4x8xf32>, tensor<4x8xf32>) outs({{.*}}) {
  // CHECK-NEXT: ^bb0(%[[A:.+]]: f32, %[[B:.+]]: f32, %{{.+}}: f32):
  // CHECK-NEXT: %[[E:.+]] = math.exp %[[A]] : f32
  // CHECK-NEXT: %[[S:.+]] = arith.addf %[[E]], %[[B]] : f32
  // CHECK-NEXT: linalg.yield %[[S]] : f32
  // CHECK-NOT: linalg.generic
  // CHECK: return %[[R]]
  %e = linalg.exp ins(%x : tensor<4x8xf32>) outs(%init : tensor<4x8xf32>) -> tensor<4x8xf32>
  %r = linalg.add ins(%e, %y : tensor<4x8xf32>, tensor<4x8xf32>) outs(%init : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}

// A matrix product reads each element 16 times: an exponential is computed
// before, a sign is turned around inside.
// CHECK-LABEL: func.func @expensive
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<4x8xf32>, %[[W:[a-z0-9]+]]: tensor<8x16xf32>
func.func @expensive(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>, %e: tensor<4x8xf32>, %init: tensor<4x16xf32>) -> tensor<4x16xf32> {
  // CHECK: %[[E:.+]] = linalg.generic {{.*}} ins(%[[X]] : tensor<4x8xf32>)
  // CHECK: math.exp
  // CHECK: linalg.generic {{.*}} ins(%[[E]], %[[W]] : tensor<4x8xf32>, tensor<8x16xf32>)
  %0 = linalg.exp ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = linalg.matmul ins(%0, %w : tensor<4x8xf32>, tensor<8x16xf32>) outs(%init : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %1 : tensor<4x16xf32>
}

// CHECK-LABEL: func.func @cheap
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<4x8xf32>, %[[W:[a-z0-9]+]]: tensor<8x16xf32>
func.func @cheap(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>, %e: tensor<4x8xf32>, %init: tensor<4x16xf32>) -> tensor<4x16xf32> {
  // CHECK: linalg.generic {{.*}} ins(%[[X]], %[[W]] : tensor<4x8xf32>, tensor<8x16xf32>)
  // CHECK: arith.negf
  // CHECK-NEXT: arith.mulf
  // CHECK-NOT: linalg.generic
  // CHECK: return
  %0 = linalg.negf ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = linalg.matmul ins(%0, %w : tensor<4x8xf32>, tensor<8x16xf32>) outs(%init : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %1 : tensor<4x16xf32>
}

// CHECK-LABEL: func.func @two_uses
func.func @two_uses(%x: tensor<4xf32>, %init: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: %[[E:.+]] = linalg.generic
  // CHECK: %[[A:.+]] = linalg.generic {{.*}} ins(%[[E]] : tensor<4xf32>)
  // CHECK: return %[[E]], %[[A]]
  %0 = linalg.exp ins(%x : tensor<4xf32>) outs(%init : tensor<4xf32>) -> tensor<4xf32>
  %1 = linalg.abs ins(%0 : tensor<4xf32>) outs(%init : tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// A bias reads a product whose rows were taken apart: they are afterwards, so that
// both have the same loops.
// CHECK-LABEL: func.func @split_product
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<12x8xf32>, %[[W:[a-z0-9]+]]: tensor<8x16xf32>, %[[BIAS:[a-z0-9]+]]: tensor<16xf32>
#cells = affine_map<(b, q, c) -> (b, q, c)>
#columns = affine_map<(b, q, c) -> (c)>
func.func @split_product(%x: tensor<12x8xf32>, %w: tensor<8x16xf32>, %bias: tensor<16xf32>, %zeros: tensor<12x16xf32>, %init: tensor<3x4x16xf32>) -> tensor<3x4x16xf32> {
  // CHECK: %[[P:.+]] = linalg.generic {{.*}} ins(%[[X]], %[[W]] :
  // CHECK: %[[S:.+]] = linalg.generic {{.*}} ins(%[[P]], %[[BIAS]] : tensor<12x16xf32>, tensor<16xf32>)
  // CHECK: %[[R:.+]] = tensor.expand_shape %[[S]] {{\[\[}}0, 1], [2]] output_shape [3, 4, 16]
  // CHECK: return %[[R]]
  %product = linalg.matmul ins(%x, %w : tensor<12x8xf32>, tensor<8x16xf32>) outs(%zeros : tensor<12x16xf32>) -> tensor<12x16xf32>
  %split = tensor.expand_shape %product [[0, 1], [2]] output_shape [3, 4, 16] : tensor<12x16xf32> into tensor<3x4x16xf32>
  %sum = linalg.generic {indexing_maps = [#cells, #columns, #cells], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%split, %bias : tensor<3x4x16xf32>, tensor<16xf32>) outs(%init : tensor<3x4x16xf32>) {
  ^bb0(%p: f32, %b: f32, %out: f32):
    %s = arith.addf %p, %b : f32
    linalg.yield %s : f32
  } -> tensor<3x4x16xf32>
  return %sum : tensor<3x4x16xf32>
}

// The scale of a row, which all its elements share: computed once on a CPU, by
// each thread on a GPU.
// CHECK-LABEL: func.func @row_scale
// RECOMPUTE-LABEL: func.func @row_scale
func.func @row_scale(%x: tensor<4x8xf32>, %square: tensor<4xf32>, %row: tensor<4xf32>, %init: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK-COUNT-2: linalg.generic
  // RECOMPUTE: linalg.generic
  // RECOMPUTE: math.sqrt
  // RECOMPUTE-NEXT: arith.mulf
  // RECOMPUTE-NOT: linalg.generic
  // RECOMPUTE: return
  %scale = linalg.sqrt ins(%square : tensor<4xf32>) outs(%row : tensor<4xf32>) -> tensor<4xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r, c)>], iterator_types = ["parallel", "parallel"]}
      ins(%x, %scale : tensor<4x8xf32>, tensor<4xf32>) outs(%init : tensor<4x8xf32>) {
  ^bb0(%e: f32, %s: f32, %out: f32):
    %p = arith.mulf %e, %s : f32
    linalg.yield %p : f32
  } -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
