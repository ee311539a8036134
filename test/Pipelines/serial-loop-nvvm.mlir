// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s

// A loop that writes at computed indices is one kernel; the host moves no
// single elements.
// CHECK-LABEL: llvm.func @scatter
//   CHECK-NOT: call @bevrtDeviceRead
//   CHECK-NOT: call @bevrtDeviceWrite
//       CHECK: gpu.launch_func
//   CHECK-NOT: call @bevrtDeviceRead
//   CHECK-NOT: call @bevrtDeviceWrite
//       CHECK: llvm.return
//       CHECK: gpu.binary
func.func @scatter(%data: tensor<100xf32>, %places: tensor<?xi64>, %updates: tensor<?xf32>) -> tensor<100xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %size = tensor.dim %places, %c0 : tensor<?xi64>
  %result = scf.for %i = %c0 to %size step %c1 iter_args(%t = %data) -> (tensor<100xf32>) {
    %place = tensor.extract %places[%i] : tensor<?xi64>
    %at = arith.index_cast %place : i64 to index
    %old = tensor.extract %t[%at] : tensor<100xf32>
    %update = tensor.extract %updates[%i] : tensor<?xf32>
    %sum = arith.addf %old, %update : f32
    %next = tensor.insert %sum into %t[%at] : tensor<100xf32>
    scf.yield %next : tensor<100xf32>
  }
  return %result : tensor<100xf32>
}
