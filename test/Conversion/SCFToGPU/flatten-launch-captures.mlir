// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(bev-flatten-launch-captures))" | FileCheck %s

// CHECK-LABEL: @dynamic
//  CHECK-SAME: %[[M:.*]]: memref<?xf32>
//       CHECK: %[[BASE:.*]], %{{.*}}, %[[SIZE:.*]], %{{.*}} = memref.extract_strided_metadata %[[M]]
//       CHECK: gpu.launch
//       CHECK:   %[[K:.*]] = memref.reinterpret_cast %[[BASE]] to offset: [0], sizes: [%[[SIZE]]], strides: [1]
//       CHECK:   memref.load %[[K]]
func.func @dynamic(%m: memref<?xf32>, %o: memref<4xf32>) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    %v = memref.load %m[%tx] : memref<?xf32>
    memref.store %v, %o[%tx] : memref<4xf32>
    gpu.terminator
  }
  return
}
