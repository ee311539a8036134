// RUN: bev-opt %s --lower-to-llvm | FileCheck %s --check-prefix=CPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=GPU

// Empty tensors, mixed precision, reductions that no shuffle can combine,
// calls, convolutions, while loops, resources.
// CPU-NOT: {{linalg|memref|scf|tensor}}.
// CPU: llvm.func @_mlir_ciface_big
// GPU-NOT: __nv_
// GPU: .visible .entry

func.func @zero(%x: tensor<0x4xf32>) -> tensor<0x4xf32> {
  %e = tensor.empty() : tensor<0x4xf32>
  %r = linalg.exp ins(%x : tensor<0x4xf32>) outs(%e : tensor<0x4xf32>) -> tensor<0x4xf32>
  return %r : tensor<0x4xf32>
}
func.func @bmm(%a: tensor<?x?x64xbf16>, %b: tensor<?x64x32xbf16>, %c: tensor<?x?x32xf32>) -> tensor<?x?x32xf32> {
  %r = linalg.batch_matmul ins(%a, %b : tensor<?x?x64xbf16>, tensor<?x64x32xbf16>) outs(%c : tensor<?x?x32xf32>) -> tensor<?x?x32xf32>
  return %r : tensor<?x?x32xf32>
}
func.func @argmax(%x: tensor<8x300xf32>, %iv: tensor<8xf32>, %ii: tensor<8xi64>) -> (tensor<8xf32>, tensor<8xi64>) {
  %r:2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<8x300xf32>) outs(%iv, %ii : tensor<8xf32>, tensor<8xi64>) {
  ^bb0(%a: f32, %v: f32, %n: i64):
    %j = linalg.index 1 : index
    %k = arith.index_cast %j : index to i64
    %c = arith.cmpf ogt, %a, %v : f32
    %s = arith.select %c, %a, %v : f32
    %t = arith.select %c, %k, %n : i64
    linalg.yield %s, %t : f32, i64
  } -> (tensor<8xf32>, tensor<8xi64>)
  return %r#0, %r#1 : tensor<8xf32>, tensor<8xi64>
}
func.func private @helper(%x: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?xf32>
  %e = tensor.empty(%d) : tensor<?xf32>
  %m = linalg.map { math.absf } ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>)
  return %m : tensor<?xf32>
}
func.func @caller(%x: tensor<?xf32>) -> (tensor<?xf32>, f32) {
  %a = func.call @helper(%x) : (tensor<?xf32>) -> tensor<?xf32>
  %b = func.call @helper(%a) : (tensor<?xf32>) -> tensor<?xf32>
  %c0 = arith.constant 0 : index
  %v = tensor.extract %b[%c0] : tensor<?xf32>
  %w = math.exp %v : f32
  %i = tensor.insert %w into %a[%c0] : tensor<?xf32>
  return %i, %w : tensor<?xf32>, f32
}
func.func @conv(%x: tensor<1x3x8x8xf32>, %k: tensor<4x3x3x3xf32>, %o: tensor<1x4x6x6xf32>) -> tensor<1x4x6x6xf32> {
  %r = linalg.conv_2d_nchw_fchw ins(%x, %k : tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) outs(%o : tensor<1x4x6x6xf32>) -> tensor<1x4x6x6xf32>
  return %r : tensor<1x4x6x6xf32>
}
func.func @while(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %lim = arith.constant 100.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %r = scf.while (%a = %x) : (tensor<4xf32>) -> tensor<4xf32> {
    %v = tensor.extract %a[%c0] : tensor<4xf32>
    %c = arith.cmpf olt, %v, %lim : f32
    scf.condition(%c) %a : tensor<4xf32>
  } do {
  ^bb0(%a: tensor<4xf32>):
    %y = linalg.add ins(%a, %a : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %y : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
func.func @big(%x: tensor<65536xf32>) -> tensor<65536xf32> {
  %c = arith.constant dense_resource<w> : tensor<4xf32>
  %c0 = arith.constant 0 : index
  %s = tensor.extract %c[%c0] : tensor<4xf32>
  %e = tensor.empty() : tensor<65536xf32>
  %f = linalg.fill ins(%s : f32) outs(%e : tensor<65536xf32>) -> tensor<65536xf32>
  %r = linalg.add ins(%x, %f : tensor<65536xf32>, tensor<65536xf32>) outs(%e : tensor<65536xf32>) -> tensor<65536xf32>
  return %r : tensor<65536xf32>
}
{-#
  dialect_resources: { builtin: { w: "0x040000000000803F000000400000404000008040" } }
#-}
