// The dialects that a module may be made of are there without asking, and no
// others.

// RUN: bev-opt --show-dialects | FileCheck %s
// RUN: bev-opt %s | FileCheck %s --check-prefix=MODULE

// CHECK: Available Dialects: affine,arith,bev,bufferization,builtin,cf,dlti,func,gpu,index,library,linalg,llvm,math,memref,nvvm,omp,onnx,scf,tensor,transform,ub,vector

// MODULE-LABEL: func.func @all
func.func @all(%t: tensor<2xf32>, %m: memref<2xf32>, %i: index) {
  // MODULE: affine.apply
  %0 = affine.apply affine_map<(d0) -> (d0 + 1)>(%i)
  // MODULE: bufferization.to_buffer
  %1 = bufferization.to_buffer %t : tensor<2xf32> to memref<2xf32>
  // MODULE: index.add
  %2 = index.add %i, %0
  // MODULE: ub.poison
  %3 = ub.poison : f32
  // MODULE: vector.broadcast
  %4 = vector.broadcast %3 : f32 to vector<4xf32>
  // MODULE: math.exp
  %5 = math.exp %4 : vector<4xf32>
  return
}
