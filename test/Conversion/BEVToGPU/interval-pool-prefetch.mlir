// RUN: bev-opt %s -pass-pipeline="builtin.module(convert-interval-pool-to-gpu{bulk-prefetch=true},canonicalize,cse)" -split-input-file | FileCheck %s
// RUN: bev-opt %s -pass-pipeline="builtin.module(convert-interval-pool-to-gpu)" -split-input-file | FileCheck %s --check-prefix=OFF

// OFF-NOT: cp.async.bulk.prefetch

// 16384 rows are 512 blocks, each of which prefetches a part in lines of 128
// bytes: of the features 1351680 / 512 bytes are 2640, and 21 lines 2688. The
// last warp does so; the first has the rows to find.
// CHECK-LABEL: func.func @value
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<4224x80xf32>
// CHECK: %[[AT:.+]] = memref.extract_aligned_pointer_as_index %[[FEAT]]
// CHECK-NOT: extract_aligned_pointer
// CHECK: gpu.launch
// CHECK-NEXT: %[[ONE:.+]] = arith.cmpi eq, %{{.+}}, %c224 : index
// CHECK: scf.if %[[ONE]] {
// CHECK: %[[START:.+]] = arith.muli %{{.+}}, %c2688 : index
// CHECK: %[[REST:.+]] = arith.subi %c1351680, %[[START]] : index
// CHECK: arith.addi %[[AT]], %[[START]] : index
// CHECK-COUNT-1: nvvm.cp.async.bulk.prefetch
// CHECK-NOT: nvvm.cp.async.bulk.prefetch
func.func @value(%feat: memref<4224x80xf32>, %depth: memref<249216xf32>, %rd: memref<?xi32>, %rf: memref<?xi32>, %bounds: memref<1x1x128x128x2xi32>, %out: memref<1x1x128x128x80xf32>) {
  bev.interval_pool schedule(<lanes = 8, blocks = 4, prefetch = value, rows = 32, points = 10>)
      ins(%feat : memref<4224x80xf32>) depth(%depth : memref<249216xf32>)
      points(%rd, %rf : memref<?xi32>, memref<?xi32>)
      bounds(%bounds : memref<1x1x128x128x2xi32>)
      outs(%out : memref<1x1x128x128x80xf32>)
  return
}

// -----

// All, in the order in which they are read, by no more than 512 blocks. Sizes
// may be dynamic. What is read of a table that has more rows is prefetched with
// the others, and what has gaps is not. A block may be less than a warp.
// CHECK-LABEL: func.func @all
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<?x80xf16, strided<[88, 1]>>, %[[DEPTH:[a-z0-9]+]]: memref<?xf16>, %[[RD:[a-z0-9]+]]: memref<?xi32>, %[[RF:[a-z0-9]+]]: memref<?xi32>, %[[TABLE:[a-z0-9]+]]: memref<?x2xi32>
// CHECK: %[[BLOCKS:.+]] = arith.ceildivui %{{.+}}, %c4 : index
// CHECK: %[[PARTS:.+]] = arith.minui %[[BLOCKS]], %c512 : index
// CHECK: arith.ceildivui %{{.+}}, %[[PARTS]] : index
// CHECK: memref.extract_aligned_pointer_as_index %[[TABLE]]
// CHECK: memref.extract_aligned_pointer_as_index %[[RF]]
// CHECK: memref.extract_aligned_pointer_as_index %[[RD]]
// CHECK: memref.extract_aligned_pointer_as_index %[[DEPTH]]
// CHECK: gpu.launch
// CHECK-NEXT: arith.cmpi eq, %{{.+}}, %c0 : index
// CHECK-COUNT-4: nvvm.cp.async.bulk.prefetch
// CHECK-NOT: nvvm.cp.async.bulk.prefetch
func.func @all(%feat: memref<?x80xf16, strided<[88, 1]>>, %depth: memref<?xf16>, %rd: memref<?xi32>, %rf: memref<?xi32>, %table: memref<?x2xi32>, %out: memref<?x80xf16>) {
  %c0 = arith.constant 0 : index
  %rows = memref.dim %out, %c0 : memref<?x80xf16>
  %bounds = memref.subview %table[0, 0] [%rows, 2] [1, 1] : memref<?x2xi32> to memref<?x2xi32, strided<[2, 1]>>
  bev.interval_pool schedule(<lanes = 8, threads = 32, prefetch = all, rows = 4>)
      ins(%feat : memref<?x80xf16, strided<[88, 1]>>) depth(%depth : memref<?xf16>)
      points(%rd, %rf : memref<?xi32>, memref<?xi32>)
      bounds(%bounds : memref<?x2xi32, strided<[2, 1]>>)
      outs(%out : memref<?x80xf16>)
  return
}

// -----

// Lifted points need no ranks.
// CHECK-LABEL: func.func @lifted
// CHECK: memref.extract_aligned_pointer_as_index %arg1
// CHECK: memref.extract_aligned_pointer_as_index %arg0
// CHECK-COUNT-2: nvvm.cp.async.bulk.prefetch
// CHECK-NOT: nvvm.cp.async.bulk.prefetch
func.func @lifted(%feat: memref<1000x80xf32>, %bounds: memref<99x2xi32>, %out: memref<99x80xf32>) {
  bev.interval_pool schedule(<lanes = 8, prefetch = all, rows = 4>)
      ins(%feat : memref<1000x80xf32>) bounds(%bounds : memref<99x2xi32>) outs(%out : memref<99x80xf32>)
  return
}
