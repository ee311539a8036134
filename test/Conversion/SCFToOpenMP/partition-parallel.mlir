// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(bev-partition-parallel))" | FileCheck %s

// Too little work for threads.
// CHECK-LABEL: @small
//   CHECK-NOT: scf.parallel
//       CHECK: scf.for
func.func @small(%m: memref<64xf32>, %f: f32) {
  scf.forall (%i) in (64) {
    memref.store %f, %m[%i] : memref<64xf32>
  }
  return
}

// One long dimension is cut into blocks.
// CHECK-LABEL: @long
//       CHECK: scf.parallel (%[[B:.*]]) =
//       CHECK:   scf.for %{{.*}} = %[[B]] to
func.func @long(%m: memref<1000000xf32>, %f: f32) {
  scf.forall (%i) in (1000000) {
    memref.store %f, %m[%i] : memref<1000000xf32>
  }
  return
}

// The innermost dimension stays a loop that vectorizes; nothing is nested.
// CHECK-LABEL: @nest
//       CHECK: scf.parallel (%[[I:.*]]) =
//   CHECK-NOT: scf.parallel
//       CHECK:   scf.for
func.func @nest(%m: memref<1000x20000xf32>, %f: f32) {
  scf.forall (%i, %j) in (1000, 20000) {
    memref.store %f, %m[%i, %j] : memref<1000x20000xf32>
  }
  return
}

// Two iterations are too few for many threads: the next dimension is cut into
// blocks, and the innermost one still stays a loop.
// CHECK-LABEL: @batch
//       CHECK:   %[[COUNT:.*]] = arith.constant 1668 : index
//       CHECK:   scf.parallel (%[[N:.*]]) = (%{{.*}}) to (%[[COUNT]])
//       CHECK:     %[[BLOCKS:.*]] = arith.constant 834 : index
//       CHECK:     %[[I:.*]] = arith.remui %[[N]], %[[BLOCKS]]
//       CHECK:     %[[FIRST:.*]] = arith.muli %[[I]]
//       CHECK:     %[[LOWER:.*]] = arith.addi %[[FIRST]]
//       CHECK:     %[[NEXT:.*]] = arith.addi %[[LOWER]]
//       CHECK:     %[[SIZE:.*]] = arith.constant 2500 : index
//       CHECK:     %[[UPPER:.*]] = arith.minsi %[[NEXT]], %[[SIZE]]
//   CHECK-NOT:     scf.parallel
//       CHECK:     scf.for %{{.*}} = %[[LOWER]] to %[[UPPER]]
//       CHECK:       scf.for
func.func @batch(%m: memref<2x2500x3000xf32>, %f: f32) {
  scf.forall (%b, %i, %j) in (2, 2500, 3000) {
    memref.store %f, %m[%b, %i, %j] : memref<2x2500x3000xf32>
  }
  return
}
