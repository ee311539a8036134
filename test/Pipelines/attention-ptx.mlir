// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=NONE

// Eight channels of half precision are one predicated 128-bit load for each of
// four corners, whatever the op; nothing goes to local memory or calls
// libdevice.
// NONE-NOT: .local
// NONE-NOT: __nv_

// CHECK-LABEL: @core_kernel
// CHECK-COUNT-16: @%p{{[0-9]+}} ld.global.nc.v4.b32
// CHECK-NOT: @%p{{[0-9]+}} ld.global
// CHECK: st.global.v4.b32
func.func @core(%value: tensor<2x40000x8x32xf16>, %locations: tensor<2x40000x8x1x4x2xf32>, %weights: tensor<2x40000x8x1x4xf32>) -> tensor<2x40000x8x32xf16> {
  %empty = tensor.empty() : tensor<2x40000x8x32xf16>
  %r = bev.ms_deform_attn levels([200, 200])
      ins(%value, %locations, %weights : tensor<2x40000x8x32xf16>, tensor<2x40000x8x1x4x2xf32>, tensor<2x40000x8x1x4xf32>)
      outs(%empty : tensor<2x40000x8x32xf16>) -> tensor<2x40000x8x32xf16>
  return %r : tensor<2x40000x8x32xf16>
}

// Four channels of single precision are, as well: 4 corners of 32 samples.
// CHECK-LABEL: @whole_kernel
// CHECK-COUNT-128: @%p{{[0-9]+}} ld.global.nc.v4.b32
// CHECK-NOT: @%p{{[0-9]+}} ld.global
// CHECK: st.global.v4
func.func @whole(%value: tensor<6x30825x8x32xf32>, %reference: tensor<6x9675x4x2xf32>, %offsets: tensor<6x9675x8x4x8x2xf32>, %logits: tensor<6x9675x8x32xf32>) -> tensor<6x9675x8x32xf32> {
  %empty = tensor.empty() : tensor<6x9675x8x32xf32>
  %r = bev.deformable_attention pillar levels([116, 200], [58, 100], [29, 50], [15, 25])
      ins(%value, %reference, %offsets, %logits : tensor<6x30825x8x32xf32>, tensor<6x9675x4x2xf32>, tensor<6x9675x8x4x8x2xf32>, tensor<6x9675x8x32xf32>)
      outs(%empty : tensor<6x9675x8x32xf32>) -> tensor<6x9675x8x32xf32>
  return %r : tensor<6x9675x8x32xf32>
}

// The dynamic query count keeps the wide loads.
// CHECK-LABEL: @dynamic_kernel
// CHECK-COUNT-16: @%p{{[0-9]+}} ld.global.nc.v4.b32
func.func @dynamic(%value: tensor<?x2x2500x8x32xf16>, %reference: tensor<?x2x?x1x2xf32>, %offsets: tensor<?x?x8x2x1x2x2xf16>, %logits: tensor<?x?x8x2x2xf16>, %init: tensor<?x?x8x32xf16>) -> tensor<?x?x8x32xf16> {
  %r = bev.temporal_self_attention levels([50, 50])
      ins(%value, %reference, %offsets, %logits : tensor<?x2x2500x8x32xf16>, tensor<?x2x?x1x2xf32>, tensor<?x?x8x2x1x2x2xf16>, tensor<?x?x8x2x2xf16>)
      outs(%init : tensor<?x?x8x32xf16>) -> tensor<?x?x8x32xf16>
  return %r : tensor<?x?x8x32xf16>
}

// A schedule's blocks reach the compiler of the device code.
// CHECK-LABEL: @blocks_kernel
// CHECK: .maxntid 128, 1, 1
// CHECK: .minnctapersm 8
func.func @blocks(%value: tensor<?x2500x8x32xf32>, %locations: tensor<?x?x8x1x4x2xf32>, %weights: tensor<?x?x8x1x4xf32>, %init: tensor<?x?x8x32xf32>) -> tensor<?x?x8x32xf32> {
  %r = bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 8, threads = 128, blocks = 8>)
      ins(%value, %locations, %weights : tensor<?x2500x8x32xf32>, tensor<?x?x8x1x4x2xf32>, tensor<?x?x8x1x4xf32>)
      outs(%init : tensor<?x?x8x32xf32>) -> tensor<?x?x8x32xf32>
  return %r : tensor<?x?x8x32xf32>
}

// A team keeps its records in shared memory, waits for its writers, and adds
// neighbours up two channels at a time; all corners have one address.
// CHECK-LABEL: @team_kernel
// CHECK: st.shared.v4.b32
// CHECK: bar.warp.sync
// CHECK: ld.shared.v4.b32
// CHECK: @%p{{[0-9]+}} ld.global.nc.v4.b32 {{.*}}, [%[[AT:rd[0-9]+]]];
// CHECK: @%p{{[0-9]+}} ld.global.nc.v4.b32 {{.*}}, [%[[AT]]+512];
// CHECK: @%p{{[0-9]+}} ld.global.nc.v4.b32 {{.*}}, [%[[AT]]+25600];
// CHECK: @%p{{[0-9]+}} ld.global.nc.v4.b32 {{.*}}, [%[[AT]]+26112];
// CHECK: fma.rn.f16x2
// CHECK: st.global.v4.b32
func.func @team(%value: tensor<2x2500x8x32xf16>, %locations: tensor<2x2500x8x1x4x2xf32>, %weights: tensor<2x2500x8x1x4xf32>) -> tensor<2x2500x8x32xf16> {
  %empty = tensor.empty() : tensor<2x2500x8x32xf16>
  %r = bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 8, threads = 128, guard = skip, share = true, packed = true, heads = 2>)
      ins(%value, %locations, %weights : tensor<2x2500x8x32xf16>, tensor<2x2500x8x1x4x2xf32>, tensor<2x2500x8x1x4xf32>)
      outs(%empty : tensor<2x2500x8x32xf16>) -> tensor<2x2500x8x32xf16>
  return %r : tensor<2x2500x8x32xf16>
}
