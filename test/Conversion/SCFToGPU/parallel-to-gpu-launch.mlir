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

// -----

// A team of four threads runs each iteration: its loops are divided among them,
// what they share is in shared memory, one row for each team of a block and more
// to keep its members apart; they wait between the loops.
// CHECK-LABEL: @team
//       CHECK: gpu.launch {{.*}} threads(%[[T:.*]], %{{.*}}, %{{.*}}) in {{.*}} workgroup(%[[MEMORY:.*]] : memref<384xi8, #gpu.address_space<workgroup>>)
//       CHECK:   %[[SHARED:.*]] = memref.view %[[MEMORY]][%{{.*}}][] : memref<384xi8, #gpu.address_space<workgroup>> to memref<4x24xf32, #gpu.address_space<workgroup>>
//       CHECK:   %[[TEAM:.*]] = arith.divui %[[T]], %{{.*}} : index
//       CHECK:   %[[ALL:.*]] = arith.constant -1 : i32
//       CHECK:   %[[REM:.*]] = arith.remui
//       CHECK:   %[[MEMBER:.*]] = arith.index_castui %[[REM]]
//       CHECK:   memref.store %{{.*}}, %[[SHARED]][%[[MEMBER]], %[[TEAM]]]
//  CHECK-NEXT:   nvvm.bar.warp.sync %[[ALL]] : i32
//       CHECK:   memref.load %[[SHARED]][%{{.*}}, %[[TEAM]]]
//       CHECK:   memref.store %{{.*}}, %{{.*}}[%{{.*}}, %[[MEMBER]]]
//   CHECK-NOT:   nvvm.bar.warp.sync
func.func @team(%m: memref<64x4xf32>, %f: f32) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (64) {
    %a = memref.alloca() : memref<4xf32>
    scf.forall (%j) in (4) {
      memref.store %f, %a[%j] : memref<4xf32>
    }
    scf.forall (%j) in (4) {
      %x = memref.load %a[%c0] : memref<4xf32>
      memref.store %x, %m[%i, %j] : memref<64x4xf32>
    }
  } {bev.team = 4 : i64, bev.threads = 64 : i64}
  return
}

// -----

func.func @indices_of_a_team(%m: memref<64x4xindex>) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (64) {
    // expected-error @below {{cannot share 'memref<4xindex>' among the threads of a GPU: expected a static shape of integers or floats of at most 49152 bytes}}
    %a = memref.alloca() : memref<4xindex>
    scf.forall (%j) in (4) {
      memref.store %j, %a[%j] : memref<4xindex>
    }
    scf.forall (%j) in (4) {
      %x = memref.load %a[%c0] : memref<4xindex>
      memref.store %x, %m[%i, %j] : memref<64x4xindex>
    }
  } {bev.team = 4 : i64, bev.threads = 64 : i64}
  return
}

// -----

func.func @dynamic_buffer_of_a_team(%m: memref<64x4xf32>, %f: f32, %n: index) {
  scf.forall (%i) in (64) {
    // expected-error @below {{cannot share 'memref<?xf32>' among the threads of a GPU}}
    %a = memref.alloca(%n) : memref<?xf32>
    scf.forall (%j) in (4) {
      memref.store %f, %a[%j] : memref<?xf32>
    }
    scf.forall (%j) in (4) {
      %x = memref.load %a[%j] : memref<?xf32>
      memref.store %x, %m[%i, %j] : memref<64x4xf32>
    }
  } {bev.team = 4 : i64, bev.threads = 64 : i64}
  return
}

// -----

// Vectors stay whole. Where a team may go another way than the rest of its warp
// it waits for its own threads, after every loop.
// CHECK-LABEL: @branch
//       CHECK:   %[[SHARED:.*]] = memref.view {{.*}} to memref<2x36x4xf32, #gpu.address_space<workgroup>>
//       CHECK:   %[[OWN:.*]] = arith.shli
//       CHECK:   scf.for
//       CHECK:     scf.if
//       CHECK:       vector.store %{{.*}}, %[[SHARED]][%{{.*}}, %{{.*}}, %{{.*}}]
//       CHECK:       nvvm.bar.warp.sync %[[OWN]] : i32
//       CHECK:       vector.load %[[SHARED]][%{{.*}}, %{{.*}}, %{{.*}}]
//       CHECK:       nvvm.bar.warp.sync %[[OWN]] : i32
func.func @branch(%m: memref<64x2xf32>, %visible: memref<64x3xi1>, %v: vector<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  scf.forall (%i) in (64) {
    %a = memref.alloca() : memref<2x4xf32>
    scf.for %n = %c0 to %c3 step %c1 {
      %seen = memref.load %visible[%i, %n] : memref<64x3xi1>
      scf.if %seen {
        scf.forall (%j) in (2) {
          vector.store %v, %a[%j, %c0] : memref<2x4xf32>, vector<4xf32>
        }
        scf.forall (%j) in (2) {
          %x = vector.load %a[%c1, %c0] : memref<2x4xf32>, vector<4xf32>
          %y = vector.extract %x[0] : f32 from vector<4xf32>
          memref.store %y, %m[%i, %j] : memref<64x2xf32>
        }
      }
    }
  } {bev.team = 2 : i64, bev.threads = 64 : i64}
  return
}

// -----

// What each member of the team alone accesses is its own, and no one waits for
// more than the loops.
// CHECK-LABEL: @own_part
//   CHECK-NOT: workgroup
//       CHECK: gpu.launch
//   CHECK-NOT: workgroup
//       CHECK:   %[[OWN:.*]] = memref.alloca() {alignment = 16 : i64} : memref<4xf32>
//       CHECK:   vector.store %{{.*}}, %[[OWN]][%[[ZERO:.*]]] : memref<4xf32>, vector<4xf32>
//       CHECK:   vector.load %[[OWN]][%[[ZERO]]] : memref<4xf32>, vector<4xf32>
func.func @own_part(%m: memref<64x8xf32>, %v: vector<4xf32>) {
  %c4 = arith.constant 4 : index
  scf.forall (%i) in (64) {
    %a = memref.alloca() : memref<8xf32>
    scf.forall (%j) in (2) {
      %k = arith.muli %j, %c4 : index
      vector.store %v, %a[%k] : memref<8xf32>, vector<4xf32>
    }
    scf.forall (%j) in (2) {
      %k = arith.muli %j, %c4 : index
      %x = vector.load %a[%k] : memref<8xf32>, vector<4xf32>
      vector.store %x, %m[%i, %k] : memref<64x8xf32>, vector<4xf32>
    }
  } {bev.team = 2 : i64, bev.threads = 64 : i64}
  return
}

// -----

// Loops of another size are run by every thread for itself.
// CHECK-LABEL: @no_team
//   CHECK-NOT: workgroup
//   CHECK-NOT: nvvm.bar.warp.sync
//       CHECK: scf.for
func.func @no_team(%m: memref<64x3xf32>, %f: f32) {
  scf.forall (%i) in (64) {
    scf.forall (%j) in (3) {
      memref.store %f, %m[%i, %j] : memref<64x3xf32>
    }
  } {bev.team = 4 : i64, bev.threads = 64 : i64}
  return
}

// -----

func.func @odd_team(%m: memref<64x3xf32>, %f: f32) {
  // expected-error @below {{expected 'bev.team' to be a power of two up to 32, but got 3}}
  scf.forall (%i) in (64) {
    scf.forall (%j) in (3) {
      memref.store %f, %m[%i, %j] : memref<64x3xf32>
    }
  } {bev.team = 3 : i64}
  return
}

// -----

func.func @threads_of_teams(%m: memref<64x4xf32>, %f: f32) {
  // expected-error @below {{expected 'bev.threads' to be a multiple of 'bev.team' (4), but got 66}}
  scf.forall (%i) in (64) {
    scf.forall (%j) in (4) {
      memref.store %f, %m[%i, %j] : memref<64x4xf32>
    }
  } {bev.team = 4 : i64, bev.threads = 66 : i64}
  return
}

// -----

func.func @too_much_shared(%m: memref<64x2xf32>) {
  scf.forall (%i) in (64) {
    // expected-error @below {{cannot allocate more than 49152 bytes for a block of 64 threads on a GPU: choose a schedule with fewer 'threads' or without 'share'}}
    %a = memref.alloca() : memref<1024xf32>
    scf.forall (%j) in (2) {
      %x = memref.load %a[%j] : memref<1024xf32>
      memref.store %x, %m[%i, %j] : memref<64x2xf32>
    }
  } {bev.team = 2 : i64, bev.threads = 64 : i64}
  return
}

// -----

func.func @view_of_shared(%m: memref<64x2xf32>) {
  scf.forall (%i) in (64) {
    %a = memref.alloca() : memref<4xf32>
    scf.forall (%j) in (2) {
      // expected-error @below {{cannot use a buffer of several threads of a GPU but by loads and stores}}
      %b = memref.cast %a : memref<4xf32> to memref<?xf32>
      %x = memref.load %b[%j] : memref<?xf32>
      memref.store %x, %m[%i, %j] : memref<64x2xf32>
    }
  } {bev.team = 2 : i64, bev.threads = 64 : i64}
  return
}
