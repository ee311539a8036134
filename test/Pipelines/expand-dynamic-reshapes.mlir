// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-expand-dynamic-reshapes))' | FileCheck %s

// CHECK-LABEL: func @two_dynamic_sizes
// CHECK-SAME:    %[[X:[a-z0-9]+]]: memref<?x4xf32>, %[[B:[a-z0-9]+]]: index, %[[Q:[a-z0-9]+]]: index
func.func @two_dynamic_sizes(%x: memref<?x4xf32>, %b: index, %q: index) -> memref<?x?x4xf32> {
  // CHECK: %[[BASE:.*]], %{{.*}}, %{{.*}}:2, %{{.*}}:2 = memref.extract_strided_metadata %[[X]]
  // CHECK: %[[STRIDE:.*]] = affine.apply {{.*}}[%[[Q]]]
  // CHECK: %[[EXPANDED:.*]] = memref.reinterpret_cast %[[BASE]] to offset: [0], sizes: [%[[B]], %[[Q]], 4], strides: [%[[STRIDE]], 4, 1] : memref<f32> to memref<?x?x4xf32>
  %expanded = memref.expand_shape %x [[0, 1], [2]] output_shape [%b, %q, 4] : memref<?x4xf32> into memref<?x?x4xf32>
  return %expanded : memref<?x?x4xf32>
}

// CHECK-LABEL: func @one_dynamic_size
func.func @one_dynamic_size(%x: memref<?x4xf32>, %b: index) -> memref<?x2x4xf32> {
  // CHECK: memref.expand_shape
  %0 = memref.expand_shape %x [[0, 1], [2]] output_shape [%b, 2, 4] : memref<?x4xf32> into memref<?x2x4xf32>
  return %0 : memref<?x2x4xf32>
}
