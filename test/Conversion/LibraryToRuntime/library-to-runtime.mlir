// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --split-input-file --convert-library-to-runtime | FileCheck %s

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>

memref.global "private" constant @weights : memref<48x32xf32> = dense<1.0>

// CHECK-LABEL: func.func @matmul
func.func @matmul(%x: memref<64x48xf32>, %w: memref<48x32xf32>, %r: memref<64x32xf32>, %s: memref<?x32xf32>, %y: memref<?x48xf32>) {
  // CHECK: %[[PLANS:.+]] = llvm.mlir.addressof @__bev_library_plans
  // CHECK: %[[SLOT:.+]] = llvm.getelementptr %[[PLANS]][0, 0]
  // CHECK: %[[FLAGS:.+]] = arith.constant 4 : i64
  // CHECK: %[[DONE:.+]] = call @bevrtMatMul(%[[SLOT]], {{.*}}, %[[FLAGS]]) : {{.*}}
  // CHECK: %[[ZERO:.+]] = arith.constant 0 : i32
  // CHECK: %[[MISSING:.+]] = arith.cmpi eq, %[[DONE]], %[[ZERO]] : i32
  // CHECK: scf.if %[[MISSING]] {
  // CHECK:   func.call @__bev_matmul_relu({{.*}}) : {{.*}}
  // CHECK: }
  library.matmul {relu, indexing_maps = [#a, #b, #c]}
      ins(%x, %w : memref<64x48xf32>, memref<48x32xf32>)
      outs(%r : memref<64x32xf32>)

  // The same function for other sizes, and weights that are constant.
  // CHECK: llvm.getelementptr %{{.+}}[0, 1]
  // CHECK: arith.constant 12 : i64
  // CHECK: func.call @__bev_matmul_relu(
  %g = memref.get_global @weights : memref<48x32xf32>
  library.matmul {relu, indexing_maps = [#a, #b, #c]}
      ins(%y, %g : memref<?x48xf32>, memref<48x32xf32>)
      outs(%s : memref<?x32xf32>)
  return
}

// CHECK: llvm.mlir.global internal @__bev_library_plans() {{.*}} : !llvm.array<2 x ptr>
// CHECK: llvm.func internal @__bev_release_library_plans()
// CHECK:   llvm.call @bevrtReleasePlans
// CHECK: llvm.mlir.global_dtors dtors = [@__bev_release_library_plans]
// CHECK: func.func private @bevrtMatMul(!llvm.ptr, {{.*}}) -> i32 attributes {llvm.emit_c_interface}
// CHECK: func.func private @__bev_matmul_relu(
// CHECK:   linalg.fill
// CHECK:   linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]
// CHECK:   linalg.generic
// CHECK:     arith.maximumf
// CHECK-NOT: func.func

// -----

// CHECK-LABEL: func.func @convolution
func.func @convolution(%x: memref<2x9x9x4xf32>, %w: memref<8x2x3x3xf32>, %b: memref<8xf32>, %z: memref<2x5x5x8xf32>, %r: memref<2x5x5x8xf32>) {
  // Strides, dilations, padding on top and on the left, groups, flags.
  // CHECK-COUNT-2: arith.constant 2 : i64
  // CHECK-COUNT-4: arith.constant 1 : i64
  // CHECK: arith.constant 2 : i64
  // CHECK: arith.constant 3 : i64
  // CHECK: call @bevrtConvolution(
  // CHECK: func.call @__bev_convolution_bias_residual_2_2_1_1_1_1_1_1_2(
  library.convolution {groups = 2, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
      ins(%x, %w : memref<2x9x9x4xf32>, memref<8x2x3x3xf32>) bias(%b : memref<8xf32>) residual(%z : memref<2x5x5x8xf32>)
      outs(%r : memref<2x5x5x8xf32>)
  return
}
// CHECK: func.func private @__bev_convolution_bias_residual_2_2_1_1_1_1_1_1_2(
// CHECK-COUNT-2: memref.alloc
// CHECK-COUNT-2: memref.dealloc

// -----

// Nothing changes without library ops.
// CHECK-LABEL: func.func @none
// CHECK-NOT: llvm
func.func @none() {
  return
}
