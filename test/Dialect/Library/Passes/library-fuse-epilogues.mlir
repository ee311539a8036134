// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(library-fuse-epilogues))' | FileCheck %s

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (j)>

// CHECK-LABEL: func.func @bias_relu
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<8x16xf32>, %[[W:[a-z0-9]+]]: tensor<16x4xf32>, %[[BIAS:[a-z0-9]+]]: tensor<4xf32>, %[[INIT:[a-z0-9]+]]: tensor<8x4xf32>
func.func @bias_relu(%x: tensor<8x16xf32>, %w: tensor<16x4xf32>, %bias: tensor<4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // CHECK: %[[R:.+]] = library.matmul {indexing_maps = {{.*}}, relu}
  // CHECK-SAME: ins(%[[X]], %[[W]] : tensor<8x16xf32>, tensor<16x4xf32>)
  // CHECK-SAME: bias(%[[BIAS]] : tensor<4xf32>)
  // CHECK-SAME: outs(%[[INIT]] : tensor<8x4xf32>) -> tensor<8x4xf32>
  // CHECK-NOT: linalg.generic
  // CHECK: return %[[R]]
  %zero = arith.constant 0.0 : f32
  %y = library.matmul {indexing_maps = [#a, #b, #c]}
      ins(%x, %w : tensor<8x16xf32>, tensor<16x4xf32>)
      outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  %r = linalg.generic {
      indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y, %bias : tensor<8x4xf32>, tensor<4xf32>)
      outs(%init : tensor<8x4xf32>) {
  ^bb0(%e: f32, %b: f32, %o: f32):
    %s = arith.addf %e, %b : f32
    %m = arith.maximumf %s, %zero : f32
    linalg.yield %m : f32
  } -> tensor<8x4xf32>
  return %r : tensor<8x4xf32>
}

// What comes after the relu stays; the op moves behind the residual.
// CHECK-LABEL: func.func @residual_then_exp
func.func @residual_then_exp(%x: tensor<8x16xf32>, %w: tensor<16x4xf32>, %z: tensor<8x4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // CHECK: %[[Z:.+]] = linalg.exp
  // CHECK: %[[Y:.+]] = library.matmul {indexing_maps = {{.*}}, relu} {{.*}} residual(%[[Z]] : tensor<8x4xf32>)
  // CHECK: linalg.generic {{.*}} ins(%[[Y]], {{.*}}
  // CHECK-NEXT: ^bb0(%[[E:.+]]: f32, %{{.+}}: f32, %{{.+}}: f32):
  // CHECK-NEXT: math.exp %[[E]]
  %zero = arith.constant 0.0 : f32
  %y = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<8x16xf32>, tensor<16x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  %later = linalg.exp ins(%z : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  %r = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y, %later : tensor<8x4xf32>, tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) {
  ^bb0(%e: f32, %b: f32, %o: f32):
    %s = arith.addf %b, %e : f32
    %m = arith.maximumf %zero, %s : f32
    %x0 = math.exp %m : f32
    linalg.yield %x0 : f32
  } -> tensor<8x4xf32>
  return %r : tensor<8x4xf32>
}

// Other maxima, results used twice, transposed reads and loops are left alone.
// CHECK-LABEL: func.func @not
func.func @not(%x: tensor<8x16xf32>, %w: tensor<16x8xf32>, %init: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>) {
  // CHECK-COUNT-3: library.matmul {indexing_maps = {{\[[^]]*\]}}} ins({{.*}}) outs
  // CHECK: arith.maxnumf
  // CHECK: arith.maximumf
  // CHECK: arith.maximumf
  %zero = arith.constant 0.0 : f32
  %y = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>) outs(%init : tensor<8x8xf32>) -> tensor<8x8xf32>
  %y1 = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>) outs(%init : tensor<8x8xf32>) -> tensor<8x8xf32>
  %y2 = library.matmul {indexing_maps = [#a, #b, #c]} ins(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>) outs(%init : tensor<8x8xf32>) -> tensor<8x8xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<8x8xf32>) outs(%init : tensor<8x8xf32>) {
  ^bb0(%e: f32, %o: f32):
    %m = arith.maxnumf %e, %zero : f32
    linalg.yield %m : f32
  } -> tensor<8x8xf32>
  %r1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y1 : tensor<8x8xf32>) outs(%init : tensor<8x8xf32>) {
  ^bb0(%e: f32, %o: f32):
    %m = arith.maximumf %e, %zero : f32
    linalg.yield %m : f32
  } -> tensor<8x8xf32>
  %r2 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y2, %y2 : tensor<8x8xf32>, tensor<8x8xf32>) outs(%init : tensor<8x8xf32>) {
  ^bb0(%e: f32, %f: f32, %o: f32):
    %s = arith.addf %e, %f : f32
    %m = arith.maximumf %s, %zero : f32
    linalg.yield %m : f32
  } -> tensor<8x8xf32>
  return %r, %r1, %r2 : tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>
}
