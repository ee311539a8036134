// RUN: bev-opt %s --lower-to-llvm | FileCheck %s --check-prefix=CPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=GPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s --check-prefix=GPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=KERNELS

// CPU-NOT: {{linalg|memref|scf|tensor}}.
// CPU: llvm.func @_mlir_ciface_layernorm
// GPU-NOT: __nv_
// GPU-NOT: .local
// GPU: shfl.sync.bfly
// GPU: sqrt.rn.f32

// The mean, the deviation and what uses them are one kernel.
// KERNELS-COUNT-1: gpu.launch_func
// KERNELS-NOT: gpu.launch_func

#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#col = affine_map<(i, j) -> (j)>
func.func @layernorm(%x: tensor<100x256xf32>, %g: tensor<256xf32>, %b: tensor<256xf32>) -> tensor<100x256xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 256.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %er = tensor.empty() : tensor<100xf32>
  %e = tensor.empty() : tensor<100x256xf32>
  %f = linalg.fill ins(%zero : f32) outs(%er : tensor<100xf32>) -> tensor<100xf32>
  %sum = linalg.reduce { arith.addf } ins(%x : tensor<100x256xf32>) outs(%f : tensor<100xf32>) dimensions = [1]
  %var = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%x, %sum : tensor<100x256xf32>, tensor<100xf32>) outs(%f : tensor<100xf32>) {
  ^bb0(%a: f32, %s: f32, %acc: f32):
    %m = arith.divf %s, %n : f32
    %d = arith.subf %a, %m : f32
    %q = arith.mulf %d, %d : f32
    %t = arith.addf %acc, %q : f32
    linalg.yield %t : f32
  } -> tensor<100xf32>
  %r = linalg.generic {indexing_maps = [#id, #row, #row, #col, #col, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %sum, %var, %g, %b : tensor<100x256xf32>, tensor<100xf32>, tensor<100xf32>, tensor<256xf32>, tensor<256xf32>) outs(%e : tensor<100x256xf32>) {
  ^bb0(%a: f32, %s: f32, %v: f32, %gg: f32, %bb: f32, %o: f32):
    %m = arith.divf %s, %n : f32
    %d = arith.subf %a, %m : f32
    %v1 = arith.divf %v, %n : f32
    %v2 = arith.addf %v1, %eps : f32
    %rs = math.rsqrt %v2 : f32
    %y = arith.mulf %d, %rs : f32
    %y1 = arith.mulf %y, %gg : f32
    %y2 = arith.addf %y1, %bb : f32
    linalg.yield %y2 : f32
  } -> tensor<100x256xf32>
  return %r : tensor<100x256xf32>
}
