// The oldest CPU has no instructions for 16-bit floats, and newer ones than
// this machine's are refused.
// REQUIRES: x86_64

// RUN: bev-compile %s --cpu=x86-64 -o %t.so
// RUN: bev-run %t.so --random-inputs --output %t.npz
// RUN: bev-run %s --random-inputs --expected %t.npz --tolerance 0
// RUN: bev-compile --inspect %t.so | FileCheck %s
// CHECK: cpu: code for x86-64,
func.func @round(%x: tensor<40xf32>, %d: tensor<40xf64>)
    -> (tensor<40xbf16>, tensor<40xf16>, tensor<40xf16>, tensor<40xf32>) {
  %b = arith.truncf %x : tensor<40xf32> to tensor<40xbf16>
  %h = arith.truncf %x : tensor<40xf32> to tensor<40xf16>
  %n = arith.truncf %d : tensor<40xf64> to tensor<40xf16>
  %f = arith.extf %h : tensor<40xf16> to tensor<40xf32>
  return %b, %h, %n, %f : tensor<40xbf16>, tensor<40xf16>, tensor<40xf16>, tensor<40xf32>
}
