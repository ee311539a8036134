// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-fuse-parallel-loops))' | FileCheck %s

// What is only passed on stays in registers, and its buffer goes.
// CHECK-LABEL: func.func @chain
//  CHECK-SAME: %[[BIAS:[a-z0-9]+]]: memref<8xf32>, %[[RESIDUAL:[a-z0-9]+]]: memref<4x8xf32>, %[[R:[a-z0-9]+]]: memref<4x8xf32>
func.func @chain(%bias: memref<8xf32>, %residual: memref<4x8xf32>, %r0: memref<4x8xf32>) -> memref<4x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // CHECK: %[[R:.+]] = memref.alloc() : memref<4x8xf32>
  // CHECK-NOT: memref.alloc
  // CHECK: scf.parallel (%[[I:.+]], %[[J:.+]]) = (%[[C0:.+]], %[[C0]]) to (%[[C4:.+]], %[[C8:.+]]) step (%[[C1:.+]], %[[C1]]) {
  // CHECK-NEXT: %[[X:.+]] = memref.load %[[BIAS:.+]][%[[J]]] : memref<8xf32>
  // CHECK-NEXT: %[[Y:.+]] = memref.load %[[RESIDUAL:.+]][%[[I]], %[[J]]] : memref<4x8xf32>
  // CHECK-NEXT: %[[SUM:.+]] = arith.addf %[[X]], %[[Y]] : f32
  // CHECK-NEXT: memref.store %[[SUM]], %[[R]][%[[I]], %[[J]]] : memref<4x8xf32>
  // CHECK-NEXT: scf.reduce
  // CHECK-NEXT: }
  // CHECK-NOT: scf.parallel
  // CHECK-NOT: memref.dealloc
  // CHECK: return %[[R]]
  %a = memref.alloc() : memref<4x8xf32>
  %r = memref.alloc() : memref<4x8xf32>
  scf.parallel (%i, %j) = (%c0, %c0) to (%c4, %c8) step (%c1, %c1) {
    %x = memref.load %bias[%j] : memref<8xf32>
    memref.store %x, %a[%i, %j] : memref<4x8xf32>
    scf.reduce
  }
  scf.parallel (%i, %j) = (%c0, %c0) to (%c4, %c8) step (%c1, %c1) {
    %x = memref.load %a[%i, %j] : memref<4x8xf32>
    %y = memref.load %residual[%i, %j] : memref<4x8xf32>
    %sum = arith.addf %x, %y : f32
    memref.store %sum, %r[%i, %j] : memref<4x8xf32>
    scf.reduce
  }
  memref.dealloc %a : memref<4x8xf32>
  return %r : memref<4x8xf32>
}

// Bias, product and residual of a dynamic number of rows, in one buffer; the
// store between hides the first.
// CHECK-LABEL: func.func @product
func.func @product(%x: memref<?x16xf32>, %weight: memref<16x8xf32>, %bias: memref<8xf32>, %residual: memref<?x8xf32>, %n: index) -> memref<?x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c8 = arith.constant 8 : index
  // CHECK: %[[R:.+]] = memref.alloc
  %r = memref.alloc(%n) : memref<?x8xf32>
  // CHECK: scf.parallel (%[[I:.+]], %[[J:.+]]) =
  // CHECK-NEXT: %[[B:.+]] = memref.load %{{.+}}[%[[J]]]
  // CHECK-NEXT: %[[SUM:.+]] = scf.for {{.*}} iter_args(%{{.+}} = %[[B]])
  // CHECK: %[[E:.+]] = memref.load %{{.+}}[%[[I]], %[[J]]]
  // CHECK-NEXT: %[[OUT:.+]] = arith.addf %[[SUM]], %[[E]]
  // CHECK-NEXT: memref.store %[[OUT]], %[[R]][%[[I]], %[[J]]]
  // CHECK-NOT: scf.parallel
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c8) step (%c1, %c1) {
    %b = memref.load %bias[%j] : memref<8xf32>
    memref.store %b, %r[%i, %j] : memref<?x8xf32>
    scf.reduce
  }
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c8) step (%c1, %c1) {
    %b = memref.load %r[%i, %j] : memref<?x8xf32>
    %sum = scf.for %k = %c0 to %c16 step %c1 iter_args(%acc = %b) -> (f32) {
      %e = memref.load %x[%i, %k] : memref<?x16xf32>
      %w = memref.load %weight[%k, %j] : memref<16x8xf32>
      %p = arith.mulf %e, %w : f32
      %next = arith.addf %acc, %p : f32
      scf.yield %next : f32
    }
    memref.store %sum, %r[%i, %j] : memref<?x8xf32>
    scf.reduce
  }
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c8) step (%c1, %c1) {
    %p = memref.load %r[%i, %j] : memref<?x8xf32>
    %e = memref.load %residual[%i, %j] : memref<?x8xf32>
    %sum = arith.addf %p, %e : f32
    memref.store %sum, %r[%i, %j] : memref<?x8xf32>
    scf.reduce
  }
  return %r : memref<?x8xf32>
}

// Halves of one buffer: nothing is passed on, and neither loop takes long.
// CHECK-LABEL: func.func @halves
func.func @halves(%a: memref<4x8xf32>, %b: memref<4x8xf32>) -> memref<8x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %r = memref.alloc() : memref<8x8xf32>
  // CHECK: scf.parallel
  // CHECK-COUNT-2: memref.store
  // CHECK-NOT: scf.parallel
  scf.parallel (%i, %j) = (%c0, %c0) to (%c4, %c8) step (%c1, %c1) {
    %x = memref.load %a[%i, %j] : memref<4x8xf32>
    memref.store %x, %r[%i, %j] : memref<8x8xf32>
    scf.reduce
  }
  scf.parallel (%i, %j) = (%c0, %c0) to (%c4, %c8) step (%c1, %c1) {
    %x = memref.load %b[%i, %j] : memref<4x8xf32>
    %row = affine.apply affine_map<(d0) -> (d0 + 4)>(%i)
    memref.store %x, %r[%row, %j] : memref<8x8xf32>
    scf.reduce
  }
  return %r : memref<8x8xf32>
}

// Parts that overlap; another element of what was written; arguments that may
// be the same memory; an op between that reads what would be written later.
// CHECK-LABEL: func.func @apart
func.func @apart(%a: memref<8xf32>, %b: memref<8xf32>, %n: index) -> (memref<8xf32>, memref<12xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %c7 = arith.constant 7 : index
  %r = memref.alloc() : memref<8xf32>
  %s = memref.alloc() : memref<12xf32>
  // CHECK-COUNT-9: scf.parallel
  scf.parallel (%i) = (%c0) to (%c8) step (%c1) {
    %x = memref.load %a[%i] : memref<8xf32>
    memref.store %x, %s[%i] : memref<12xf32>
    scf.reduce
  }
  scf.parallel (%i) = (%c0) to (%c8) step (%c1) {
    %x = memref.load %a[%i] : memref<8xf32>
    %j = affine.apply affine_map<(d0) -> (d0 + 4)>(%i)
    memref.store %x, %s[%j] : memref<12xf32>
    scf.reduce
  }
  func.call @use(%s) : (memref<12xf32>) -> ()
  scf.parallel (%i) = (%c0) to (%c4) step (%c1) {
    %x = memref.load %a[%i] : memref<8xf32>
    memref.store %x, %r[%i] : memref<8xf32>
    scf.reduce
  }
  scf.parallel (%i) = (%c0) to (%c4) step (%c1) {
    %j = arith.subi %c7, %i : index
    %x = memref.load %r[%j] : memref<8xf32>
    memref.store %x, %s[%i] : memref<12xf32>
    scf.reduce
  }
  func.call @use(%s) : (memref<12xf32>) -> ()
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %x = memref.load %a[%i] : memref<8xf32>
    memref.store %x, %b[%i] : memref<8xf32>
    scf.reduce
  }
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %x = memref.load %a[%i] : memref<8xf32>
    memref.store %x, %r[%i] : memref<8xf32>
    scf.reduce
  }
  func.call @use(%s) : (memref<12xf32>) -> ()
  scf.parallel (%i) = (%c1) to (%c8) step (%c1) {
    %x = memref.load %a[%i] : memref<8xf32>
    memref.store %x, %r[%i] : memref<8xf32>
    scf.reduce
  }
  scf.parallel (%i) = (%c0) to (%c8) step (%c1) {
    %x = memref.load %r[%i] : memref<8xf32>
    memref.store %x, %s[%i] : memref<12xf32>
    scf.reduce
  }
  scf.parallel (%i) = (%c1) to (%c8) step (%c1) {
    %x = memref.load %r[%i] : memref<8xf32>
    %y = arith.negf %x : f32
    memref.store %y, %r[%i] : memref<8xf32>
    scf.reduce
  }
  return %r, %s : memref<8xf32>, memref<12xf32>
}
func.func private @use(memref<12xf32>)

// Every iteration writes the same element, which the next loop reads.
// CHECK-LABEL: func.func @not_its_own
func.func @not_its_own(%a: memref<8x4xf32>) -> memref<8x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %t = memref.alloc() : memref<8xf32>
  %r = memref.alloc() : memref<8x4xf32>
  // CHECK-COUNT-2: scf.parallel
  scf.parallel (%i, %j) = (%c0, %c0) to (%c8, %c4) step (%c1, %c1) {
    %x = memref.load %a[%i, %c0] : memref<8x4xf32>
    memref.store %x, %t[%i] : memref<8xf32>
    scf.reduce
  }
  scf.parallel (%i, %j) = (%c0, %c0) to (%c8, %c4) step (%c1, %c1) {
    %x = memref.load %t[%i] : memref<8xf32>
    memref.store %x, %r[%i, %j] : memref<8x4xf32>
    scf.reduce
  }
  memref.dealloc %t : memref<8xf32>
  return %r : memref<8x4xf32>
}
