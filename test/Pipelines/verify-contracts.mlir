// RUN: bev-opt %s --bev-verify-model-ir --split-input-file --verify-diagnostics
// RUN: not bev-opt %s --bev-verify-loop-ir --split-input-file 2>&1 | FileCheck %s

func.func @buffer(%n: index) {
  // expected-error @below {{expected model IR (bev, linalg, tensor, arith, math, scf and func), but got 'memref.alloc'}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

// CHECK: error: expected loop IR, but 'tensor.empty' is left
func.func @tensor() -> tensor<4xf32> {
  %a = tensor.empty() : tensor<4xf32>
  return %a : tensor<4xf32>
}
