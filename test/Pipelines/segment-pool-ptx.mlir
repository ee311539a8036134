// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefixes=CHECK,NEW
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s --check-prefixes=CHECK,OLD
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=NONE
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s --check-prefix=NONE

// Pools of segments of BEVDet's and BEVFusion's shapes. Nothing goes to local
// memory.
// NONE-NOT: .local
// NONE-NOT: __nv_

// Segments: the first kernel leaves depths in shared memory, reads four rows ahead
// of those that it multiplies, each for two or four segments, and has a way of
// its own for sums that are not finite. The second has no branch for a sum that
// has no depth; where it has blocks of rows, it finds them, and reads the first
// ranks, before it waits for the sums.
// CHECK-LABEL: gpu.binary @bevdet_segments_kernel [#gpu.object
// CHECK: .maxntid 320, 1, 1
// NEW-COUNT-3: cp.async.bulk.prefetch.L2.global
// NEW: griddepcontrol.wait
// NEW: griddepcontrol.launch_dependents
// CHECK-COUNT-3: ld.global.nc.b32
// CHECK: st.shared.v4.b32
// CHECK: bar.sync
// NEW-COUNT-3: st.shared.v4.b32
// OLD-COUNT-5: st.shared.v4.b32
// CHECK: bar.sync
// CHECK: bar.red.or.pred
// CHECK-COUNT-4: ld.global.nc.v2.b32
// NEW-COUNT-2: ld.global.nc.b16
// OLD-COUNT-7: ld.global.nc.b16
// CHECK: bar.sync
// CHECK-COUNT-4: ld.global.nc.v2.b32
// NEW: ld.shared.v2.b32
// NEW-COUNT-8: fma.rn.f32
// OLD: ld.shared.v4.b32
// OLD-COUNT-16: fma.rn.f32
// CHECK: st.global.v4.b32
// NEW-LABEL: gpu.binary @bevdet_segments_kernel_
// NEW: .maxntid 256, 1, 1
// NEW-COUNT-2: cp.async.bulk.prefetch.L2.global
// NEW-NOT: griddepcontrol.wait
// NEW: griddepcontrol.launch_dependents
// NEW-NOT: griddepcontrol.wait
// NEW: ld.global.nc.v2.b32
// NEW-NOT: griddepcontrol.wait
// NEW: bar.sync
// NEW: ld.global.nc.b32
// NEW: griddepcontrol.wait
// NEW: st.global
// NEW: ld.global.nc.v4.b32
// OLD-LABEL: gpu.binary @bevdet_segments_kernel_
// OLD: .maxntid 192, 1, 1
// OLD-NOT: ld.shared
// OLD: st.global.v4.b32
func.func @bevdet_segments(%feat: tensor<1x6x16x44x80xf16>, %depth: tensor<1x6x59x16x44xf16>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<1x1x128x128x2xi32>) -> tensor<1x1x128x128x80xf16> {
  %empty = tensor.empty() : tensor<1x1x128x128x80xf16>
  %r = bev.voxel_pool ins(%feat : tensor<1x6x16x44x80xf16>) depth(%depth : tensor<1x6x59x16x44xf16>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>) bounds(%bounds : tensor<1x1x128x128x2xi32>)
      outs(%empty : tensor<1x1x128x128x80xf16>) -> tensor<1x1x128x128x80xf16>
  return %r : tensor<1x1x128x128x80xf16>
}

// Many segments: four for a thread, and a row of cells of its own for each work
// item.
// CHECK-LABEL: gpu.binary @bevfusion_segments_kernel [#gpu.object
// CHECK: .maxntid 320, 1, 1
// CHECK: bar.red.or.pred
// CHECK-COUNT-4: ld.global.nc.v4.b32
// CHECK-COUNT-7: ld.global.nc.b32
// CHECK: bar.sync
// CHECK-COUNT-4: ld.global.nc.v4.b32
// CHECK: ld.shared.v4.b32
// CHECK-COUNT-16: fma.rn.f32
// CHECK: st.global.v4.b32
// CHECK-LABEL: gpu.binary @bevfusion_segments_kernel_
// CHECK: .maxntid 192, 1, 1
// CHECK-NOT: ld.shared
// CHECK: st.global.v4.b32
func.func @bevfusion_segments(%feat: tensor<1x6x32x88x80xf32>, %depth: tensor<1x6x118x32x88xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<1x1x360x360x2xi32>) -> tensor<1x1x360x360x80xf32> {
  %empty = tensor.empty() : tensor<1x1x360x360x80xf32>
  %r = bev.voxel_pool ins(%feat : tensor<1x6x32x88x80xf32>) depth(%depth : tensor<1x6x118x32x88xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>) bounds(%bounds : tensor<1x1x360x360x2xi32>)
      outs(%empty : tensor<1x1x360x360x80xf32>) -> tensor<1x1x360x360x80xf32>
  return %r : tensor<1x1x360x360x80xf32>
}

// The same in the other precisions: no local memory.
func.func @bevdet_segments_f32(%feat: tensor<1x6x16x44x80xf32>, %depth: tensor<1x6x59x16x44xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<1x1x128x128x2xi32>) -> tensor<1x1x128x128x80xf32> {
  %empty = tensor.empty() : tensor<1x1x128x128x80xf32>
  %r = bev.voxel_pool ins(%feat : tensor<1x6x16x44x80xf32>) depth(%depth : tensor<1x6x59x16x44xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>) bounds(%bounds : tensor<1x1x128x128x2xi32>)
      outs(%empty : tensor<1x1x128x128x80xf32>) -> tensor<1x1x128x128x80xf32>
  return %r : tensor<1x1x128x128x80xf32>
}
func.func @bevfusion_segments_f16(%feat: tensor<1x6x32x88x80xf16>, %depth: tensor<1x6x118x32x88xf16>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<1x1x360x360x2xi32>) -> tensor<1x1x360x360x80xf16> {
  %empty = tensor.empty() : tensor<1x1x360x360x80xf16>
  %r = bev.voxel_pool ins(%feat : tensor<1x6x32x88x80xf16>) depth(%depth : tensor<1x6x118x32x88xf16>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>) bounds(%bounds : tensor<1x1x360x360x2xi32>)
      outs(%empty : tensor<1x1x360x360x80xf16>) -> tensor<1x1x360x360x80xf16>
  return %r : tensor<1x1x360x360x80xf16>
}
