// RUN: bev-opt %s -convert-packed-arithmetic-to-nvvm | FileCheck %s

// Only f16, and only in kernels.
// CHECK-LABEL: func.func @kernel
func.func @kernel(%x: memref<8xf16>, %y: memref<8xf32>) {
  %c1 = arith.constant 1 : index
  %c0 = arith.constant 0 : index
  // CHECK: vector.fma {{.*}} : vector<8xf16>
  // CHECK: gpu.launch
  // CHECK: llvm.intr.fma({{.*}}) : (vector<8xf16>, vector<8xf16>, vector<8xf16>) -> vector<8xf16>
  // CHECK: vector.fma {{.*}} : vector<8xf32>
  %h = vector.load %x[%c0] : memref<8xf16>, vector<8xf16>
  %r = vector.fma %h, %h, %h : vector<8xf16>
  vector.store %r, %x[%c0] : memref<8xf16>, vector<8xf16>
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    %a = vector.load %x[%c0] : memref<8xf16>, vector<8xf16>
    %b = vector.fma %a, %a, %a : vector<8xf16>
    vector.store %b, %x[%c0] : memref<8xf16>, vector<8xf16>
    %c = vector.load %y[%c0] : memref<8xf32>, vector<8xf32>
    %d = vector.fma %c, %c, %c : vector<8xf32>
    vector.store %d, %y[%c0] : memref<8xf32>, vector<8xf32>
    gpu.terminator
  }
  return
}
