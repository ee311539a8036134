// RUN: bev-opt %s --lower-to-llvm | FileCheck %s --check-prefix=CPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=GPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s --check-prefix=GPU

// CPU-NOT: {{linalg|memref|scf|tensor}}.
// CPU: llvm.func @_mlir_ciface_gen
// GPU-NOT: __nv_
// GPU: .visible .entry
// GPU: llvm.call @bevrtDeviceRead

func.func @transpose(%x: tensor<3x5x7xf16>) -> tensor<7x3x5xf16> {
  %e = tensor.empty() : tensor<7x3x5xf16>
  %t = linalg.transpose ins(%x : tensor<3x5x7xf16>) outs(%e : tensor<7x3x5xf16>) permutation = [2, 0, 1]
  return %t : tensor<7x3x5xf16>
}
func.func @total(%x: tensor<100000xf32>) -> tensor<f32> {
  %z = arith.constant dense<0.0> : tensor<f32>
  %s = linalg.reduce { arith.addf } ins(%x : tensor<100000xf32>) outs(%z : tensor<f32>) dimensions = [0]
  return %s : tensor<f32>
}
func.func @identity(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
func.func @constant() -> tensor<4xf32> {
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  return %c : tensor<4xf32>
}
func.func @loop(%n: tensor<i32>, %x: tensor<16xf32>) -> tensor<16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %v = tensor.extract %n[] : tensor<i32>
  %ub = arith.index_cast %v : i32 to index
  %e = tensor.empty() : tensor<16xf32>
  %r = scf.for %i = %c0 to %ub step %c1 iter_args(%a = %x) -> (tensor<16xf32>) {
    %y = linalg.map { math.sin } ins(%a : tensor<16xf32>) outs(%e : tensor<16xf32>)
    scf.yield %y : tensor<16xf32>
  }
  return %r : tensor<16xf32>
}
func.func @shape(%x: tensor<4x6xf32>, %y: tensor<4x3xf32>) -> (tensor<24xf32>, tensor<6x10xf32>, tensor<4x9xf32>, tensor<2x3xf32>) {
  %z = arith.constant 1.5 : f32
  %c = tensor.collapse_shape %x [[0, 1]] : tensor<4x6xf32> into tensor<24xf32>
  %p = tensor.pad %x low[1, 2] high[1, 2] {
  ^bb0(%i: index, %j: index):
    tensor.yield %z : f32
  } : tensor<4x6xf32> to tensor<6x10xf32>
  %k = tensor.concat dim(1) %x, %y : (tensor<4x6xf32>, tensor<4x3xf32>) -> tensor<4x9xf32>
  %s = tensor.extract_slice %x[1, 0] [2, 3] [1, 2] : tensor<4x6xf32> to tensor<2x3xf32>
  return %c, %p, %k, %s : tensor<24xf32>, tensor<6x10xf32>, tensor<4x9xf32>, tensor<2x3xf32>
}
func.func @gen(%n: index) -> (tensor<?xf32>, tensor<3xf32>, tensor<5xbf16>) {
  %t = tensor.generate %n {
  ^bb0(%i: index):
    %a = arith.index_cast %i : index to i32
    %f = arith.sitofp %a : i32 to f32
    %q = math.exp %f : f32
    tensor.yield %q : f32
  } : tensor<?xf32>
  %c1 = arith.constant 1.0 : f32
  %c2 = arith.constant 2.0 : f32
  %fe = tensor.from_elements %c1, %c2, %c1 : tensor<3xf32>
  %b = arith.constant 3.0 : bf16
  %sp = tensor.splat %b : tensor<5xbf16>
  %g = arith.addf %sp, %sp : tensor<5xbf16>
  return %t, %fe, %g : tensor<?xf32>, tensor<3xf32>, tensor<5xbf16>
}
func.func @pick(%c: i1, %x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %r = scf.if %c -> (tensor<?xf32>) {
    scf.yield %x : tensor<?xf32>
  } else {
    %c0 = arith.constant 0 : index
    %d = tensor.dim %y, %c0 : tensor<?xf32>
    %e = tensor.empty(%d) : tensor<?xf32>
    %m = linalg.map { math.tanh } ins(%y : tensor<?xf32>) outs(%e : tensor<?xf32>)
    scf.yield %m : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}
