// RUN: bev-opt %s --convert-host-access-to-runtime --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @access
//       CHECK: llvm.call @mgpuMemAlloc
//       CHECK: llvm.call @bevrtDeviceRead
//       CHECK: llvm.call @bevrtDeviceWrite
//       CHECK: llvm.call @bevrtDeviceCopy
//       CHECK: llvm.call @mgpuMemFree
func.func @access(%m: memref<?x4xf32>, %i: index, %n: index) -> f32 {
  %a = memref.alloc(%n) : memref<?x4xf32>
  %v = memref.load %m[%i, %i] : memref<?x4xf32>
  memref.store %v, %a[%i, %i] : memref<?x4xf32>
  memref.copy %m, %a : memref<?x4xf32> to memref<?x4xf32>
  memref.dealloc %a : memref<?x4xf32>
  return %v : f32
}

// -----

memref.global "private" constant @table : memref<4xf32> = dense<1.0>

// CHECK-LABEL: @constant
//       CHECK: %[[HOST:.*]] = memref.get_global @table
//       CHECK: %[[POINTER:.*]] = memref.extract_aligned_pointer_as_index %[[HOST]]
//       CHECK: llvm.call @bevrtDeviceConstant
func.func @constant() -> memref<4xf32> {
  %g = memref.get_global @table : memref<4xf32>
  return %g : memref<4xf32>
}

// -----

// Kernels and stack slots are not touched.
// CHECK-LABEL: @kernel
//   CHECK-NOT: llvm.call
func.func @kernel(%m: memref<4xf32>, %f: f32) {
  %c1 = arith.constant 1 : index
  %slot = memref.alloca() : memref<1xf32>
  %c0 = arith.constant 0 : index
  memref.store %f, %slot[%c0] : memref<1xf32>
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    memref.store %f, %m[%tx] : memref<4xf32>
    gpu.terminator
  }
  return
}

// -----

// A wide vector passes through a slot of the stack, which is not as aligned as the
// vector would be.
// CHECK-LABEL: func.func @vectors
//       CHECK: llvm.alloca %{{.+}} x vector<32xbf16> {alignment = 16 : i64}
//       CHECK: llvm.call @bevrtDeviceRead
//       CHECK: llvm.load %{{.+}} {alignment = 16 : i64} : !llvm.ptr -> vector<32xbf16>
//       CHECK: llvm.store %{{.+}}, %{{.+}} {alignment = 16 : i64} : vector<32xbf16>, !llvm.ptr
//       CHECK: llvm.call @bevrtDeviceWrite
func.func @vectors(%m: memref<64xbf16>, %i: index, %j: index) {
  %v = vector.load %m[%i] : memref<64xbf16>, vector<32xbf16>
  vector.store %v, %m[%j] : memref<64xbf16>, vector<32xbf16>
  return
}

// -----

func.func @gather(%m: memref<4xf32>, %i: index, %f: f32) -> vector<8xf32> {
  // expected-error @below {{cannot reach device memory from host code through 'vector.transfer_read'}}
  %v = vector.transfer_read %m[%i], %f : memref<4xf32>, vector<8xf32>
  return %v : vector<8xf32>
}
