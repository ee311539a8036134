// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(convert-parallel-to-gpu-launch))" --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @fill
//   CHECK-DAG: %[[BLOCKS:.*]] = arith.constant 11 : index
//   CHECK-DAG: %[[THREADS:.*]] = arith.constant 64 : index
//       CHECK: gpu.launch blocks(%[[B:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %[[BLOCKS]], {{.*}}) threads(%[[T:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %[[THREADS]],
//       CHECK:   %[[NUMBER:.*]] = arith.addi {{.*}} : i32
//       CHECK:   arith.cmpi ult, %[[NUMBER]]
//       CHECK:   scf.if
//       CHECK:     %[[REM:.*]] = arith.remui %[[NUMBER]], %{{.*}} : i32
//       CHECK:     %[[DIV:.*]] = arith.divui %[[NUMBER]], %{{.*}} : i32
//       CHECK:     %[[J:.*]] = arith.index_castui %[[REM]]
//       CHECK:     %[[I:.*]] = arith.index_castui %[[DIV]]
//       CHECK:     memref.store %{{.*}}, %{{.*}}[%[[I]], %[[J]]]
func.func @fill(%m: memref<100x7xf32>, %f: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %c100 = arith.constant 100 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%c100, %c7) step (%c1, %c1) {
    memref.store %f, %m[%i, %j] : memref<100x7xf32>
    scf.reduce
  }
  return
}

// -----

// A size that is not known may be zero, and does not fit 32 bits.
// CHECK-LABEL: @dynamic
//  CHECK-SAME: %{{.*}}: memref<?xf32>, %{{.*}}: f32, %[[N:.*]]: index
//       CHECK: %[[ANY:.*]] = arith.cmpi sgt, %[[N]], %{{.*}} : index
//       CHECK: scf.if %[[ANY]]
//       CHECK:   gpu.launch
//       CHECK:     arith.cmpi ult, %{{.*}}, %[[N]] : index
//       CHECK:   } {bev.blocks = 8 : i64}
func.func @dynamic(%m: memref<?xf32>, %f: f32, %n: index) {
  scf.forall (%i) in (%n) {
    memref.store %f, %m[%i] : memref<?xf32>
  } {bev.blocks = 8 : i64, bev.threads = 128 : i64}
  return
}

// -----

// CHECK-LABEL: @empty
//   CHECK-NOT: gpu.launch
func.func @empty(%m: memref<0xf32>, %f: f32) {
  scf.forall (%i) in (0) {
    memref.store %f, %m[%i] : memref<0xf32>
  }
  return
}

// -----

// CHECK-LABEL: @private
//       CHECK: gpu.launch
//       CHECK:   memref.alloca() : memref<8xf32>
//       CHECK:   scf.for
func.func @private(%m: memref<64x8xf32>, %f: f32) {
  scf.forall (%i) in (64) {
    %a = memref.alloc() : memref<8xf32>
    scf.forall (%j) in (8) {
      memref.store %f, %a[%j] : memref<8xf32>
    }
    memref.dealloc %a : memref<8xf32>
  }
  return
}

// -----

func.func @too_large(%f: f32) {
  scf.forall (%i) in (64) {
    // expected-error @below {{cannot allocate 'memref<4096xf32>' inside a GPU kernel: expected a static size of at most 1024 bytes}}
    %a = memref.alloc() : memref<4096xf32>
    memref.store %f, %a[%i] : memref<4096xf32>
  }
  return
}

// -----

func.func @threads(%m: memref<64xf32>, %f: f32) {
  // expected-error @below {{expected 'bev.threads' between 1 and 1024, but got 4096}}
  scf.forall (%i) in (64) {
    memref.store %f, %m[%i] : memref<64xf32>
  } {bev.threads = 4096 : i64}
  return
}
