// RUN: bev-opt %s --bev-outline-kernels | FileCheck %s

// Each kernel has what its own launch asked for, and one that asked for nothing
// has nothing.
// CHECK-LABEL: func.func @launches
func.func @launches(%m: memref<64xf32>, %f: f32) {
  %c1 = arith.constant 1 : index
  // CHECK: gpu.launch_func @[[FIRST:.+]]::@launches_kernel
  gpu.launch blocks(%a, %b, %c) in (%d = %c1, %e = %c1, %g = %c1) threads(%h, %i, %j) in (%k = %c1, %l = %c1, %n = %c1) {
    memref.store %f, %m[%a] : memref<64xf32>
    gpu.terminator
  } {bev.blocks = 8 : i64}
  // CHECK: gpu.launch_func @[[SECOND:.+]]::@launches_kernel
  gpu.launch blocks(%a, %b, %c) in (%d = %c1, %e = %c1, %g = %c1) threads(%h, %i, %j) in (%k = %c1, %l = %c1, %n = %c1) {
    memref.store %f, %m[%h] : memref<64xf32>
    gpu.terminator
  }
  // CHECK: gpu.launch_func @[[THIRD:.+]]::@launches_kernel
  gpu.launch blocks(%a, %b, %c) in (%d = %c1, %e = %c1, %g = %c1) threads(%h, %i, %j) in (%k = %c1, %l = %c1, %n = %c1) {
    memref.store %f, %m[%i] : memref<64xf32>
    gpu.terminator
  } {bev.blocks = 4 : i64}
  return
}
// CHECK: gpu.module @[[FIRST]]
// CHECK: gpu.func @launches_kernel(%{{.*}}) kernel attributes {bev.blocks = 8 : i64,
// CHECK: gpu.module @[[SECOND]]
// CHECK: gpu.func @launches_kernel(%{{.*}}) kernel attributes {known_block_size
// CHECK: gpu.module @[[THIRD]]
// CHECK: gpu.func @launches_kernel(%{{.*}}) kernel attributes {bev.blocks = 4 : i64,
