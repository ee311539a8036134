// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_80 | FileCheck %s --check-prefix=SCALAR
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=NONE
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=AHEAD
// RUN: bev-opt %s --lower-to-nvvm="chip=sm_90 overlap-launches=false" | FileCheck %s --check-prefix=APART

// The gradients of a decoder's attention in half precision: rows that samples
// have neighbours in are zeroed and added to in f32, and rounded. Four floats are
// added at once where the chip can. Nothing goes to local memory.
// NONE-NOT: .local
// NONE-NOT: __nv_

// CHECK-LABEL: gpu.binary @main_kernel
// CHECK: st.global.v4.b32
// CHECK-LABEL: gpu.binary @main_kernel_0
// CHECK: st.global.v4.b32
// CHECK-LABEL: gpu.binary @main_kernel_1
// CHECK: .maxntid 128, 1, 1
// CHECK: ld.global.nc.v2.b32
// CHECK: red.relaxed.gpu.global.add.v4.f32
// CHECK-NOT: add.f32 [
// CHECK-LABEL: gpu.binary @main_kernel_2
// CHECK: @%p{{[0-9]+}} ld.global.nc.v4.b32
// CHECK: cvt.rn.f16x2.f32
// CHECK: st.global.v4.b32

// Each kernel up to the one that adds starts the next when it has waited, so that
// this one may read the 16 neighbours of its four samples before it waits. The
// last kernel waits before it reads.
// AHEAD-LABEL: gpu.binary @main_kernel
// AHEAD: griddepcontrol.wait
// AHEAD: griddepcontrol.launch_dependents
// AHEAD: st.global
// AHEAD-LABEL: gpu.binary @main_kernel_0
// AHEAD: ld.global
// AHEAD: griddepcontrol.wait
// AHEAD: griddepcontrol.launch_dependents
// AHEAD-NOT: ld.global
// AHEAD: st.global
// AHEAD-LABEL: gpu.binary @main_kernel_1
// AHEAD: griddepcontrol.launch_dependents
// AHEAD-COUNT-16: @%p{{[0-9]+}} ld.global.nc
// AHEAD-NOT: red.relaxed
// AHEAD: griddepcontrol.wait
// AHEAD-NOT: ld.global
// AHEAD: red.relaxed
// AHEAD-LABEL: gpu.binary @main_kernel_2
// AHEAD: griddepcontrol.launch_dependents
// AHEAD-NOT: ld.global
// AHEAD: griddepcontrol.wait
// AHEAD: ld.global
// APART-NOT: griddepcontrol

// SCALAR-NOT: griddepcontrol
// SCALAR-LABEL: gpu.binary @main_kernel_1
// SCALAR-NOT: add.v4.f32
// SCALAR: red.relaxed.gpu.global.add.f32
// SCALAR-NOT: add.v4.f32
func.func @main(%value: tensor<1x40000x8x32xf16>, %locations: tensor<1x900x8x1x4x2xf32>, %weights: tensor<1x900x8x1x4xf32>, %grad: tensor<1x900x8x32xf16>) -> (tensor<1x40000x8x32xf16>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf32>) {
  %gv = tensor.empty() : tensor<1x40000x8x32xf32>
  %gl = tensor.empty() : tensor<1x900x8x1x4x2xf32>
  %gw = tensor.empty() : tensor<1x900x8x1x4xf32>
  %r:3 = bev.ms_deform_attn_backward levels([200, 200])
      ins(%value, %locations, %weights, %grad : tensor<1x40000x8x32xf16>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf32>, tensor<1x900x8x32xf16>)
      outs(%gv, %gl, %gw : tensor<1x40000x8x32xf32>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf32>)
      -> tensor<1x40000x8x32xf32>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf32>
  %narrow = arith.truncf %r#0 : tensor<1x40000x8x32xf32> to tensor<1x40000x8x32xf16>
  return %narrow, %r#1, %r#2 : tensor<1x40000x8x32xf16>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf32>
}
