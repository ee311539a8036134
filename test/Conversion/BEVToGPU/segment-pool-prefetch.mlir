// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(convert-segment-pool-to-gpu{bulk-prefetch=true}),canonicalize,cse)" -split-input-file | FileCheck %s
// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(convert-segment-pool-to-gpu))" -split-input-file | FileCheck %s --check-prefix=OFF

// OFF-NOT: cp.async.bulk.prefetch

// All operands, in the order in which they are read, by no more than 512 blocks.
// CHECK-LABEL: func.func @all
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<4224x80xf16>, %[[DEPTH:[a-z0-9]+]]: memref<249216xf16>, %[[SEGMENTS:[a-z0-9]+]]: memref<?x3xi32>
// CHECK: %[[PARTS:.+]] = arith.minui %[[BLOCKS:.+]], %c512 : index
// CHECK: memref.extract_aligned_pointer_as_index %[[SEGMENTS]]
// CHECK: memref.extract_aligned_pointer_as_index %[[DEPTH]]
// CHECK: memref.extract_aligned_pointer_as_index %[[FEAT]]
// CHECK: gpu.launch {{.*}} in (%{{.+}} = %[[BLOCKS]],
// CHECK-NEXT: arith.cmpi eq, %{{.+}}, %c0 : index
// CHECK-COUNT-3: nvvm.cp.async.bulk.prefetch
// CHECK-NOT: nvvm.cp.async.bulk.prefetch
// CHECK: memref.load %[[SEGMENTS]]
func.func @all(%feat: memref<4224x80xf16>, %depth: memref<249216xf16>, %segments: memref<?x3xi32>, %w: index, %sums: memref<?x80xf32>) {
  bev.segment_pool schedule(<lanes = 4, threads = 320, prefetch = all, rows = 2>)
      ins(%feat, %depth, %segments : memref<4224x80xf16>, memref<249216xf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x80xf32>)
  return
}

// -----

// The features alone.
// CHECK-LABEL: func.func @value
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<4224x80xf16>
// CHECK: memref.extract_aligned_pointer_as_index %[[FEAT]]
// CHECK-NOT: extract_aligned_pointer
// CHECK: gpu.launch
// CHECK-COUNT-1: nvvm.cp.async.bulk.prefetch
// CHECK-NOT: nvvm.cp.async.bulk.prefetch
func.func @value(%feat: memref<4224x80xf16>, %depth: memref<249216xf16>, %segments: memref<900x3xi32>, %w: index, %sums: memref<900x80xf32>) {
  bev.segment_pool schedule(<lanes = 4, threads = 320, prefetch = value, rows = 2>)
      ins(%feat, %depth, %segments : memref<4224x80xf16>, memref<249216xf16>, memref<900x3xi32>) step(%w)
      outs(%sums : memref<900x80xf32>)
  return
}
