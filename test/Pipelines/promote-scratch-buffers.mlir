// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-promote-scratch-buffers))' | FileCheck %s
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-promote-scratch-buffers{max-bytes=63}))' | FileCheck %s --check-prefix=SMALL

// SMALL-NOT: memref.alloca(

// CHECK-LABEL: func.func @promoted
//  CHECK-SAME: %[[M:[a-z0-9]+]]: memref<100x16xf32>, %[[F:[a-z0-9]+]]: f32
func.func @promoted(%m: memref<100x16xf32>, %f: f32) {
  // CHECK: scf.forall (%[[I:.+]]) in (100) {
  // CHECK-NEXT: %[[A:.+]] = memref.alloca() {alignment = 16 : i64} : memref<16xf32>
  // CHECK: linalg.fill ins(%[[F]] : f32) outs(%[[A]] : memref<16xf32>)
  // CHECK-NOT: memref.alloc(
  // CHECK: return
  scf.forall (%i) in (100) {
    %row = memref.subview %m[%i, 0] [1, 16] [1, 1] : memref<100x16xf32> to memref<16xf32, strided<[1], offset: ?>>
    %a = memref.alloc() {alignment = 64 : i64} : memref<16xf32>
    linalg.fill ins(%f : f32) outs(%a : memref<16xf32>)
    memref.copy %a, %row : memref<16xf32> to memref<16xf32, strided<[1], offset: ?>>
  }
  return
}

// Outside of parallel loops, larger than 1024 bytes, of unknown size.
// CHECK-LABEL: func.func @kept
func.func @kept(%m: memref<16xf32>, %n: index, %f: f32) {
  // CHECK-NOT: memref.alloca(
  // CHECK: memref.alloc() : memref<16xf32>
  // CHECK: memref.alloc() : memref<257xf32>
  // CHECK: memref.alloc(%{{.+}}) : memref<?xf32>
  // CHECK: return
  %o = memref.alloc() : memref<16xf32>
  scf.forall (%i) in (16) {
    %a = memref.alloc() : memref<257xf32>
    %b = memref.alloc(%n) : memref<?xf32>
    memref.store %f, %o[%i] : memref<16xf32>
    memref.store %f, %a[%i] : memref<257xf32>
    memref.store %f, %b[%i] : memref<?xf32>
  }
  return
}

// A buffer that a loop hands on lives longer than its block.
// CHECK-LABEL: func.func @yielded
func.func @yielded(%m: memref<100xf32>, %f: f32, %n: index) {
  // CHECK-NOT: memref.alloca(
  // CHECK: return
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %first = memref.alloc() : memref<4xf32>
    %last = scf.for %j = %c0 to %n step %c1 iter_args(%before = %first) -> (memref<4xf32>) {
      %a = memref.alloc() : memref<4xf32>
      memref.store %f, %a[%c0] : memref<4xf32>
      scf.yield %a : memref<4xf32>
    }
    %v = memref.load %last[%c0] : memref<4xf32>
    memref.store %v, %m[%i] : memref<100xf32>
  }
  return
}
