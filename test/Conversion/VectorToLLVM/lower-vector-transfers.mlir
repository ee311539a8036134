// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(bev-lower-vector-transfers))" | FileCheck %s

// CHECK-LABEL: @read
//       CHECK: vector.load %{{.*}}[%{{.*}}, %{{.*}}] : memref<4x32xf16>, vector<8xf16>
func.func @read(%m: memref<4x32xf16>, %i: index, %j: index, %pad: f16) -> vector<8xf16> {
  %v = vector.transfer_read %m[%i, %j], %pad {in_bounds = [true]} : memref<4x32xf16>, vector<8xf16>
  return %v : vector<8xf16>
}

// All dimensions are 1: a scalar.
// CHECK-LABEL: @write_one
//   CHECK-NOT: vector<f32>
//       CHECK: memref.store %{{.*}} : memref<f32
func.func @write_one(%m: memref<1x1xf32>, %v: vector<1xf32>) {
  %c0 = arith.constant 0 : index
  vector.transfer_write %v, %m[%c0, %c0] {in_bounds = [true]} : vector<1xf32>, memref<1x1xf32>
  return
}

// CHECK-LABEL: @read_one
//       CHECK: memref.load %{{.*}} : memref<f32
func.func @read_one(%m: memref<1x1xf32>, %pad: f32) -> vector<1xf32> {
  %c0 = arith.constant 0 : index
  %v = vector.transfer_read %m[%c0, %c0], %pad {in_bounds = [true]} : memref<1x1xf32>, vector<1xf32>
  return %v : vector<1xf32>
}
