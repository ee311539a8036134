// RUN: bev-opt %s --lower-to-llvm | FileCheck %s --check-prefix=CPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=GPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s --check-prefix=GPU

// Products are added by fma, inputs read through the read-only path.
// CPU-NOT: {{linalg|memref|scf|tensor}}.
// CPU: llvm.func @_mlir_ciface_matmul
// GPU-NOT: __nv_
// GPU-NOT: .local
// GPU: ld.global.nc.b32
// GPU: fma.rn.f32

func.func @matmul(%a: tensor<65x128xf32>, %b: tensor<128x96xf32>, %bias: tensor<96xf32>) -> tensor<65x96xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<65x96xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<65x96xf32>) -> tensor<65x96xf32>
  %m = linalg.matmul ins(%a, %b : tensor<65x128xf32>, tensor<128x96xf32>) outs(%f : tensor<65x96xf32>) -> tensor<65x96xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%m, %bias : tensor<65x96xf32>, tensor<96xf32>) outs(%e : tensor<65x96xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %s = arith.addf %x, %y : f32
    %m0 = arith.maximumf %s, %zero : f32
    linalg.yield %m0 : f32
  } -> tensor<65x96xf32>
  return %r : tensor<65x96xf32>
}
func.func @matmul_dyn(%a: tensor<?x?xf16>, %b: tensor<?x?xf16>) -> tensor<?x?xf16> {
  %zero = arith.constant 0.0 : f16
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %d0 = tensor.dim %a, %c0 : tensor<?x?xf16>
  %d1 = tensor.dim %b, %c1 : tensor<?x?xf16>
  %e = tensor.empty(%d0, %d1) : tensor<?x?xf16>
  %f = linalg.fill ins(%zero : f16) outs(%e : tensor<?x?xf16>) -> tensor<?x?xf16>
  %m = linalg.matmul ins(%a, %b : tensor<?x?xf16>, tensor<?x?xf16>) outs(%f : tensor<?x?xf16>) -> tensor<?x?xf16>
  return %m : tensor<?x?xf16>
}
