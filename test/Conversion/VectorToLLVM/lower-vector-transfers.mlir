// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(bev-lower-vector-transfers))" | FileCheck %s

// CHECK-LABEL: @read
//       CHECK: vector.load %{{.*}}[%{{.*}}, %{{.*}}] : memref<4x32xf16>, vector<8xf16>
func.func @read(%m: memref<4x32xf16>, %i: index, %j: index, %pad: f16) -> vector<8xf16> {
  %v = vector.transfer_read %m[%i, %j], %pad {in_bounds = [true]} : memref<4x32xf16>, vector<8xf16>
  return %v : vector<8xf16>
}
