// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(bev-inline-alloca-scopes))" | FileCheck %s --implicit-check-not=alloca_scope

// One slot per thread; what the scope returns is its body's value.
// CHECK-LABEL: @threads
//  CHECK-SAME: %[[M:[a-z0-9]+]]: memref<100xf32>
//       CHECK: omp.parallel {
//  CHECK-NEXT:   %[[SLOT:.+]] = memref.alloca() : memref<4xf32>
//       CHECK:   omp.loop_nest (%[[I:.+]]) : index
//   CHECK-NOT:     memref.alloca
//       CHECK:     %[[V:.+]] = memref.load %[[SLOT]]
//       CHECK:     memref.store %[[V]], %[[M]][%[[I]]]
func.func @threads(%m: memref<100xf32>, %f: f32, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  omp.parallel {
    omp.wsloop {
      omp.loop_nest (%i) : index = (%c0) to (%n) step (%c1) {
        %r = memref.alloca_scope -> (f32) {
          %slot = memref.alloca() : memref<4xf32>
          memref.store %f, %slot[%c0] : memref<4xf32>
          %v = memref.load %slot[%c0] : memref<4xf32>
          memref.alloca_scope.return %v : f32
        }
        memref.store %r, %m[%i] : memref<100xf32>
        omp.yield
      }
    }
    omp.terminator
  }
  return
}

// Without threads, one slot per call.
// CHECK-LABEL: @serial
//       CHECK: memref.alloca() : memref<4xf32>
//       CHECK: scf.for
//   CHECK-NOT: memref.alloca
//       CHECK: return
func.func @serial(%n: index, %f: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    memref.alloca_scope {
      %slot = memref.alloca() : memref<4xf32>
      memref.store %f, %slot[%c0] : memref<4xf32>
    }
  }
  return
}
