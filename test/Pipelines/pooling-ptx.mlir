// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=NONE

// BEVDet's pool: tables are written by one kernel behind the fill, and summed
// by another, whose warps exchange ranks, read 16 bytes of four points' features
// at once and have no divisions. Nothing goes to local memory.
// NONE-NOT: .local
// NONE-NOT: __nv_

// CHECK-LABEL: @half_kernel_1
// CHECK: .maxntid 256, 1, 1
// CHECK: .minnctapersm 4
// CHECK: bar.sync
// CHECK: vote.sync.ballot
// CHECK: ld.global.nc.b16
// CHECK-NOT: rem.
// CHECK: shfl.sync.idx
// CHECK-COUNT-4: ld.global.nc.v4.b32
// CHECK: shfl.sync.idx
// CHECK-COUNT-32: fma.rn.f32
// CHECK-COUNT-4: @%p{{[0-9]+}} ld.global.nc.v4.b32
// CHECK-COUNT-32: fma.rn.f32
// CHECK: st.global.v4.b32
func.func @half(%feat: tensor<1x6x16x44x80xf16>, %depth: tensor<1x6x59x16x44xf16>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>) -> tensor<1x1x128x128x80xf16> {
  %empty = tensor.empty() : tensor<1x1x128x128x80xf16>
  %r = bev.voxel_pool ins(%feat : tensor<1x6x16x44x80xf16>) depth(%depth : tensor<1x6x59x16x44xf16>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%empty : tensor<1x1x128x128x80xf16>) -> tensor<1x1x128x128x80xf16>
  return %r : tensor<1x1x128x128x80xf16>
}

// With the bounds ready there is one kernel.
// CHECK-LABEL: @bounds_kernel
// CHECK: .maxntid 256, 1, 1
// CHECK: .minnctapersm 4
// CHECK-COUNT-4: ld.global.nc.v4.b32
// CHECK-COUNT-16: fma.rn.f32
// CHECK-COUNT-4: @%p{{[0-9]+}} ld.global.nc.v4.b32
// CHECK: st.global.v4.b32
// CHECK-NOT: .entry bounds_kernel
func.func @bounds(%feat: tensor<16896x80xf32>, %depth: tensor<1993728xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %bounds: tensor<1x1x360x360x2xi32>) -> tensor<1x1x360x360x80xf32> {
  %empty = tensor.empty() : tensor<1x1x360x360x80xf32>
  %r = bev.interval_pool ins(%feat : tensor<16896x80xf32>) depth(%depth : tensor<1993728xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>) bounds(%bounds : tensor<1x1x360x360x2xi32>)
      outs(%empty : tensor<1x1x360x360x80xf32>) -> tensor<1x1x360x360x80xf32>
  return %r : tensor<1x1x360x360x80xf32>
}
