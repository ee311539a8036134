// What the pipeline is and what each pass makes of the module can be seen.

// RUN: bev-opt %s --lower-to-nvvm --dump-pass-pipeline 2>&1 >/dev/null | FileCheck %s --check-prefix=PIPELINE
// RUN: bev-opt %s --lower-to-llvm --mlir-print-ir-after-all 2>&1 >/dev/null | FileCheck %s --check-prefix=AFTER

// PIPELINE: Pass Manager with
// PIPELINE: builtin.module(
// PIPELINE: bev-outline-kernels

// AFTER: IR Dump After {{.*}}OneShotBufferize
// AFTER: func.func @f

func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %init = tensor.empty() : tensor<4xf32>
  %0 = linalg.abs ins(%x : tensor<4xf32>) outs(%init : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
