// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefixes=CHECK,NEW
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s --check-prefixes=CHECK,OLD
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=NONE

// BEVDet's pool: tables are written by one kernel behind the fill, and summed
// by another, whose teams leave ranks and depths in shared memory, read 16 bytes
// of four points' features at once and have no divisions. Nothing goes to local memory.
// NONE-NOT: .local
// NONE-NOT: __nv_

// CHECK-LABEL: @half_kernel_1
// NEW: .maxntid 256, 1, 1
// NEW: .minnctapersm 4
// OLD: .maxntid 128, 1, 1
// OLD: .minnctapersm 6
// CHECK: bar.sync
// CHECK: vote.sync.ballot
// CHECK: ld.global.nc.b16
// CHECK-NOT: rem.
// NEW-COUNT-2: st.shared.v2.b32
// OLD-COUNT-4: st.shared.v2.b32
// CHECK: bar.warp.sync
// NEW-COUNT-2: ld.shared.v4.b32
// OLD: ld.shared.v4.b32
// NEW-COUNT-4: ld.global.nc.v4.b32
// OLD-COUNT-2: ld.global.nc.v4.b32
// NEW-COUNT-32: fma.rn.f32
// NEW-COUNT-4: @%p{{[0-9]+}} ld.global.nc.v4.b32
// NEW-COUNT-32: fma.rn.f32
// OLD-COUNT-16: fma.rn.f32
// OLD-COUNT-2: @%p{{[0-9]+}} ld.global.nc.v4.b32
// OLD-COUNT-16: fma.rn.f32
// CHECK: st.global.v4.b32
func.func @half(%feat: tensor<1x6x16x44x80xf16>, %depth: tensor<1x6x59x16x44xf16>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>) -> tensor<1x1x128x128x80xf16> {
  %empty = tensor.empty() : tensor<1x1x128x128x80xf16>
  %r = bev.voxel_pool ins(%feat : tensor<1x6x16x44x80xf16>) depth(%depth : tensor<1x6x59x16x44xf16>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%empty : tensor<1x1x128x128x80xf16>) -> tensor<1x1x128x128x80xf16>
  return %r : tensor<1x1x128x128x80xf16>
}

// With the bounds ready there is one kernel. Its blocks are small, since they
// are many.
// CHECK-LABEL: @bounds_kernel
// NEW: .maxntid 128, 1, 1
// NEW: .minnctapersm 5
// OLD: .maxntid 128, 1, 1
// OLD: .minnctapersm 6
// NEW-COUNT-8: ld.global.nc.v4.b32
// OLD-COUNT-4: ld.global.nc.v4.b32
// NEW-COUNT-32: fma.rn.f32
// OLD-COUNT-16: fma.rn.f32
// NEW-COUNT-8: @%p{{[0-9]+}} ld.global.nc.v4.b32
// OLD-COUNT-4: @%p{{[0-9]+}} ld.global.nc.v4.b32
// CHECK: st.global.v4.b32
// CHECK-NOT: .entry bounds_kernel
func.func @bounds(%feat: tensor<16896x80xf32>, %depth: tensor<1993728xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %bounds: tensor<1x1x360x360x2xi32>) -> tensor<1x1x360x360x80xf32> {
  %empty = tensor.empty() : tensor<1x1x360x360x80xf32>
  %r = bev.interval_pool ins(%feat : tensor<16896x80xf32>) depth(%depth : tensor<1993728xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>) bounds(%bounds : tensor<1x1x360x360x2xi32>)
      outs(%empty : tensor<1x1x360x360x80xf32>) -> tensor<1x1x360x360x80xf32>
  return %r : tensor<1x1x360x360x80xf32>
}
