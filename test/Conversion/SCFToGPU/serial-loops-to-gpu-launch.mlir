// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(convert-serial-loops-to-gpu-launch))" | FileCheck %s

// CHECK-LABEL: @count
//  CHECK-SAME: %[[M:.*]]: memref<?xi32>, %[[SIZE:.*]]: index
//       CHECK: %[[SLOT:.*]] = memref.alloc() : memref<1xindex>
//       CHECK: gpu.launch blocks({{.*}}) in (%{{.*}} = %[[C1:.*]], %{{.*}} = %[[C1]], %{{.*}} = %[[C1]]) threads({{.*}}) in (%{{.*}} = %[[C1]], %{{.*}} = %[[C1]], %{{.*}} = %[[C1]])
//       CHECK:   %[[R:.*]] = scf.for
//       CHECK:     memref.load %[[M]]
//       CHECK:   memref.store %[[R]], %[[SLOT]]
//       CHECK:   gpu.terminator
//       CHECK: %[[N:.*]] = memref.load %[[SLOT]]
//       CHECK: memref.dealloc %[[SLOT]]
//       CHECK: return %[[N]]
func.func @count(%m: memref<?xi32>, %size: index) -> index {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i32
  %n = scf.for %i = %c0 to %size step %c1 iter_args(%found = %c0) -> (index) {
    %x = memref.load %m[%i] : memref<?xi32>
    %is = arith.cmpi ne, %x, %zero : i32
    %next = scf.if %is -> (index) {
      %more = arith.addi %found, %c1 : index
      scf.yield %more : index
    } else {
      scf.yield %found : index
    }
    scf.yield %next : index
  }
  return %n : index
}

// The loop inside is the outermost that only accesses elements.
// CHECK-LABEL: @nested
//       CHECK: scf.for
//       CHECK:   memref.copy
//       CHECK:   gpu.launch
//       CHECK:     scf.for
func.func @nested(%m: memref<8xf32>, %o: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.for %j = %c0 to %c8 step %c1 {
    memref.copy %m, %o : memref<8xf32> to memref<8xf32>
    scf.for %i = %c1 to %c8 step %c1 {
      %before = arith.subi %i, %c1 : index
      %x = memref.load %m[%before] : memref<8xf32>
      memref.store %x, %m[%i] : memref<8xf32>
    }
  }
  return
}

// Stack slots are the host's, and so may be what functions are called with.
// CHECK-LABEL: @host
//   CHECK-NOT: gpu.launch
//       CHECK: return
func.func @host(%f: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %slot = memref.alloca() : memref<8xf32>
  %buffer = memref.alloc() : memref<8xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    memref.store %f, %slot[%i] : memref<8xf32>
  }
  scf.for %i = %c0 to %c8 step %c1 {
    memref.store %f, %buffer[%i] : memref<8xf32>
  }
  func.call @use(%buffer) : (memref<8xf32>) -> ()
  memref.dealloc %buffer : memref<8xf32>
  return
}
func.func private @use(memref<8xf32>)

// Arithmetic alone stays too.
// CHECK-LABEL: @arithmetic
//   CHECK-NOT: gpu.launch
//       CHECK: return
func.func @arithmetic(%size: index) -> index {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = scf.for %i = %c0 to %size step %c1 iter_args(%s = %c0) -> (index) {
    %next = arith.addi %s, %i : index
    scf.yield %next : index
  }
  return %n : index
}
