// RUN: bev-opt %s --lower-to-llvm | FileCheck %s --check-prefix=CPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=GPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s --check-prefix=GPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=KERNELS

// Rows are reduced by warps; nothing calls libdevice or uses local memory.
// CPU-NOT: {{linalg|memref|scf|tensor}}.
// CPU: llvm.func @_mlir_ciface_softmax
// GPU-NOT: __nv_
// GPU-NOT: .local
// GPU: shfl.sync.bfly
// GPU: ex2.approx.f32

// Each softmax is one kernel.
// KERNELS-COUNT-2: gpu.launch_func
// KERNELS-NOT: gpu.launch_func

func.func @softmax(%x: tensor<64x1000xf32>) -> tensor<64x1000xf32> {
  %e = tensor.empty() : tensor<64x1000xf32>
  %r = linalg.softmax dimension(1) ins(%x : tensor<64x1000xf32>) outs(%e : tensor<64x1000xf32>) -> tensor<64x1000xf32>
  return %r : tensor<64x1000xf32>
}
func.func @softmax_dyn(%x: tensor<?x?xf16>) -> tensor<?x?xf16> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %d0 = tensor.dim %x, %c0 : tensor<?x?xf16>
  %d1 = tensor.dim %x, %c1 : tensor<?x?xf16>
  %e = tensor.empty(%d0, %d1) : tensor<?x?xf16>
  %r = linalg.softmax dimension(1) ins(%x : tensor<?x?xf16>) outs(%e : tensor<?x?xf16>) -> tensor<?x?xf16>
  return %r : tensor<?x?xf16>
}
