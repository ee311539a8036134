// RUN: bev-opt %s -split-input-file -convert-parallel-to-gpu-launch="bulk-prefetch=true" -canonicalize -cse | FileCheck %s
// RUN: bev-opt %s -split-input-file -convert-parallel-to-gpu-launch -canonicalize -cse | FileCheck %s --check-prefix=OFF

// OFF-NOT: cp.async.bulk.prefetch

// 1024 iterations in blocks of 64: 16 blocks. Of the gathered buffer of 256000
// bytes each has 16000 bytes in whole lines of 128, of which the last block's
// part ends with the buffer; block 0 begins at its start. What is read in order
// and what is written stay.

// CHECK-LABEL: func @gathered(
// CHECK-SAME: %[[VALUE:[a-z0-9]+]]: memref<64000xf32>
// CHECK: %[[AT:.+]] = memref.extract_aligned_pointer_as_index %[[VALUE]]
// CHECK-NOT: extract_aligned_pointer
// CHECK: gpu.launch
// CHECK: %[[FIRST:.+]] = arith.cmpi eq, %{{.+}}, %c0
// CHECK: scf.if %[[FIRST]] {
// CHECK: %[[START:.+]] = arith.muli %{{.+}}, %c16000
// CHECK: %[[REST:.+]] = arith.subi %c256000, %[[START]]
// CHECK: arith.cmpi sge, %[[REST]], %c16
// CHECK: scf.if
// CHECK: arith.minsi %[[REST]], %c16000
// CHECK: arith.addi %[[AT]], %[[START]]
// CHECK: llvm.inttoptr %{{.+}} : i64 to !llvm.ptr<1>
// CHECK: nvvm.cp.async.bulk.prefetch %{{.+}}, %{{.+}} : <1>
// CHECK-NOT: cp.async.bulk.prefetch
func.func @gathered(%value: memref<64000xf32>, %rows: memref<1024xi32>, %out: memref<1024xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c1024 = arith.constant 1024 : index
  scf.parallel (%i) = (%c0) to (%c1024) step (%c1) {
    %row = memref.load %rows[%i] : memref<1024xi32>
    %at = arith.index_cast %row : i32 to index
    %v = memref.load %value[%at] : memref<64000xf32>
    memref.store %v, %out[%i] : memref<1024xf32>
    scf.reduce
  } {bev.prefetch = "gathered", bev.threads = 64 : i64}
  return
}

// -----

// All: what is read in order is prefetched 64 blocks ahead. Sizes may be dynamic,
// and what is read through a view is the buffer that it shows.

// CHECK-LABEL: func @all(
// CHECK-SAME: %[[VALUE:[a-z0-9]+]]: memref<?xf32>, %[[ROWS:[a-z0-9]+]]: memref<?xi32>
// CHECK-DAG: memref.extract_aligned_pointer_as_index %[[VALUE]]
// CHECK-DAG: memref.extract_aligned_pointer_as_index %[[ROWS]]
// CHECK: gpu.launch
// CHECK-DAG: arith.addi %{{.+}}, %c64
// CHECK-COUNT-2: nvvm.cp.async.bulk.prefetch
// CHECK-NOT: cp.async.bulk.prefetch
func.func @all(%value: memref<?xf32>, %rows: memref<?xi32>, %out: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %rows, %c0 : memref<?xi32>
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %view = memref.subview %rows[%i] [1] [1] : memref<?xi32> to memref<1xi32, strided<[1], offset: ?>>
    %row = memref.load %view[%c0] : memref<1xi32, strided<[1], offset: ?>>
    %at = arith.index_cast %row : i32 to index
    %v = memref.load %value[%at] : memref<?xf32>
    memref.store %v, %out[%i] : memref<?xf32>
    scf.reduce
  } {bev.prefetch = "all", bev.threads = 64 : i64}
  return
}

// -----

// What is written may not be what it was; a strided buffer has gaps.

// CHECK-LABEL: func @none(
// CHECK-NOT: cp.async.bulk.prefetch
func.func @none(%inout: memref<64000xf32>, %rows: memref<1024xi32, strided<[2]>>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c1024 = arith.constant 1024 : index
  scf.parallel (%i) = (%c0) to (%c1024) step (%c1) {
    %row = memref.load %rows[%i] : memref<1024xi32, strided<[2]>>
    %at = arith.index_cast %row : i32 to index
    %v = memref.load %inout[%at] : memref<64000xf32>
    memref.store %v, %inout[%i] : memref<64000xf32>
    scf.reduce
  } {bev.prefetch = "all", bev.threads = 64 : i64}
  return
}
