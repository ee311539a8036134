// RUN: bev-opt %s -bev-select-schedule=target=gpu | FileCheck %s
// RUN: bev-opt %s -bev-select-schedule="target=cpu vector-bytes=64" | FileCheck %s --check-prefix=CPU
// RUN: bev-opt %s -bev-select-schedule="target=cpu vector-bytes=4096" | FileCheck %s --check-prefix=WIDE
// RUN: not bev-opt %s -bev-select-schedule=target=tpu 2>&1 | FileCheck %s --check-prefix=TARGET

// TARGET: error: expected target gpu or cpu, but got 'tpu'

// Half precision is read 16 bytes at a time: 8 channels. Few points ask for the
// registers that all corners of a sample need. A CPU work item takes all
// channels.
// CHECK-LABEL: func.func @f16
// CPU-LABEL: func.func @f16
func.func @f16(%value: tensor<1x2500x8x32xf16>, %locations: tensor<1x9000x8x1x4x2xf32>, %weights: tensor<1x9000x8x1x4xf16>, %init: tensor<1x9000x8x32xf16>) -> tensor<1x9000x8x32xf16> {
  // CHECK: %[[R:.+]] = bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 8, threads = 128, guard = skip, blocks = 10>)
  // CHECK-SAME: ins({{.*}}) outs({{.*}}) -> tensor<1x9000x8x32xf16>
  // CPU: bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 32>)
  %r = bev.ms_deform_attn levels([50, 50])
      ins(%value, %locations, %weights : tensor<1x2500x8x32xf16>,
          tensor<1x9000x8x1x4x2xf32>, tensor<1x9000x8x1x4xf16>)
      outs(%init : tensor<1x9000x8x32xf16>) -> tensor<1x9000x8x32xf16>
  return %r : tensor<1x9000x8x32xf16>
}

// Several levels around references of a level's own are read without a branch
// around the sample; around pillars, and where locations are given, with one.
// CHECK-LABEL: func.func @f16_levels
func.func @f16_levels(%value: tensor<1x2504x8x32xf16>, %locations: tensor<1x?x8x2x4x2xf32>, %weights: tensor<1x?x8x2x4xf16>, %reference: tensor<1x?x2x2xf32>, %offsets: tensor<1x?x8x2x4x2xf16>, %logits: tensor<1x?x8x8xf16>, %init: tensor<1x?x8x32xf16>) -> (tensor<1x?x8x32xf16>, tensor<1x?x8x32xf16>, tensor<1x?x8x32xf16>) {
  // CHECK: bev.ms_deform_attn levels([50, 50], [2, 2]) schedule(<lanes = 8, threads = 128, guard = skip>)
  %0 = bev.ms_deform_attn levels([50, 50], [2, 2])
      ins(%value, %locations, %weights : tensor<1x2504x8x32xf16>, tensor<1x?x8x2x4x2xf32>, tensor<1x?x8x2x4xf16>)
      outs(%init : tensor<1x?x8x32xf16>) -> tensor<1x?x8x32xf16>
  // CHECK: bev.deformable_attention level {{.*}} schedule(<lanes = 8, threads = 128>)
  %1 = bev.deformable_attention level levels([50, 50], [2, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x2504x8x32xf16>, tensor<1x?x2x2xf32>, tensor<1x?x8x2x4x2xf16>, tensor<1x?x8x8xf16>)
      outs(%init : tensor<1x?x8x32xf16>) -> tensor<1x?x8x32xf16>
  // CHECK: bev.deformable_attention pillar {{.*}} schedule(<lanes = 8, threads = 128, guard = skip>)
  %2 = bev.deformable_attention pillar levels([50, 50], [2, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x2504x8x32xf16>, tensor<1x?x2x2xf32>, tensor<1x?x8x2x4x2xf16>, tensor<1x?x8x8xf16>)
      outs(%init : tensor<1x?x8x32xf16>) -> tensor<1x?x8x32xf16>
  return %0, %1, %2 : tensor<1x?x8x32xf16>, tensor<1x?x8x32xf16>, tensor<1x?x8x32xf16>
}

// Single precision shares the sampling arithmetic among 8 channels where the
// cache holds the value or points are many, else is read 16 bytes at a time; so
// it is with few points, which ask for registers, in a grid of many rounds for
// fewer.
// CHECK-LABEL: func.func @f32
func.func @f32(%small: tensor<1x2500x8x32xf32>, %value: tensor<1x?x8x32xf32>, %locations: tensor<1x?x8x1x4x2xf32>, %weights: tensor<1x?x8x1x4xf32>, %some_locations: tensor<1x?x8x1x6x2xf32>, %some_weights: tensor<1x?x8x1x6xf32>, %more_locations: tensor<1x?x8x1x8x2xf32>, %more_weights: tensor<1x?x8x1x8xf32>, %init: tensor<1x?x8x32xf32>, %all_locations: tensor<1x90000x8x1x4x2xf32>, %all_weights: tensor<1x90000x8x1x4xf32>, %all: tensor<1x90000x8x32xf32>) -> (tensor<1x?x8x32xf32>, tensor<1x90000x8x32xf32>, tensor<1x?x8x32xf32>, tensor<1x?x8x32xf32>, tensor<1x?x8x32xf32>) {
  // CHECK: bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 4, threads = 128, guard = skip, blocks = 10>)
  %0 = bev.ms_deform_attn levels([50, 50])
      ins(%small, %locations, %weights : tensor<1x2500x8x32xf32>, tensor<1x?x8x1x4x2xf32>, tensor<1x?x8x1x4xf32>)
      outs(%init : tensor<1x?x8x32xf32>) -> tensor<1x?x8x32xf32>
  // CHECK: bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 4, threads = 128, guard = skip, blocks = 12>)
  %1 = bev.ms_deform_attn levels([50, 50])
      ins(%small, %all_locations, %all_weights : tensor<1x2500x8x32xf32>, tensor<1x90000x8x1x4x2xf32>, tensor<1x90000x8x1x4xf32>)
      outs(%all : tensor<1x90000x8x32xf32>) -> tensor<1x90000x8x32xf32>
  // CHECK: bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 8, threads = 128, guard = skip>)
  %2 = bev.ms_deform_attn levels([50, 50])
      ins(%small, %some_locations, %some_weights : tensor<1x2500x8x32xf32>, tensor<1x?x8x1x6x2xf32>, tensor<1x?x8x1x6xf32>)
      outs(%init : tensor<1x?x8x32xf32>) -> tensor<1x?x8x32xf32>
  // CHECK: bev.ms_deform_attn levels([500, 500]) schedule(<lanes = 4, threads = 128, guard = skip>)
  %3 = bev.ms_deform_attn levels([500, 500])
      ins(%value, %some_locations, %some_weights : tensor<1x?x8x32xf32>, tensor<1x?x8x1x6x2xf32>, tensor<1x?x8x1x6xf32>)
      outs(%init : tensor<1x?x8x32xf32>) -> tensor<1x?x8x32xf32>
  // CHECK: bev.ms_deform_attn levels([500, 500]) schedule(<lanes = 8, threads = 128, guard = skip>)
  %4 = bev.ms_deform_attn levels([500, 500])
      ins(%value, %more_locations, %more_weights : tensor<1x?x8x32xf32>, tensor<1x?x8x1x8x2xf32>, tensor<1x?x8x1x8xf32>)
      outs(%init : tensor<1x?x8x32xf32>) -> tensor<1x?x8x32xf32>
  return %0, %1, %2, %3, %4 : tensor<1x?x8x32xf32>, tensor<1x90000x8x32xf32>, tensor<1x?x8x32xf32>, tensor<1x?x8x32xf32>, tensor<1x?x8x32xf32>
}

// A grid that one wave can take asks for all its blocks at once: 1050 on 132
// multiprocessors. With many points, registers would spill; a larger grid asks
// for nothing.
// CHECK-LABEL: func.func @wave
func.func @wave(%value: tensor<6x376x8x32xf32>, %reference: tensor<6x700x4x2xf32>, %offsets: tensor<6x700x8x1x8x2xf32>, %logits: tensor<6x700x8x8xf32>, %many_offsets: tensor<6x700x8x2x8x2xf32>, %many_logits: tensor<6x700x8x16xf32>, %init: tensor<6x700x8x32xf32>, %locations: tensor<6x710x8x1x8x2xf32>, %weights: tensor<6x710x8x1x8xf32>, %large: tensor<6x710x8x32xf32>) -> (tensor<6x700x8x32xf32>, tensor<6x700x8x32xf32>, tensor<6x710x8x32xf32>) {
  // CHECK: bev.deformable_attention pillar levels([8, 47]) schedule(<lanes = 8, threads = 128, guard = skip, blocks = 8>)
  %0 = bev.deformable_attention pillar levels([8, 47])
      ins(%value, %reference, %offsets, %logits : tensor<6x376x8x32xf32>, tensor<6x700x4x2xf32>, tensor<6x700x8x1x8x2xf32>, tensor<6x700x8x8xf32>)
      outs(%init : tensor<6x700x8x32xf32>) -> tensor<6x700x8x32xf32>
  // CHECK: bev.deformable_attention pillar levels([15, 25], [1, 1]) schedule(<lanes = 8, threads = 128, guard = skip>)
  %1 = bev.deformable_attention pillar levels([15, 25], [1, 1])
      ins(%value, %reference, %many_offsets, %many_logits : tensor<6x376x8x32xf32>, tensor<6x700x4x2xf32>, tensor<6x700x8x2x8x2xf32>, tensor<6x700x8x16xf32>)
      outs(%init : tensor<6x700x8x32xf32>) -> tensor<6x700x8x32xf32>
  // CHECK: bev.ms_deform_attn levels([8, 47]) schedule(<lanes = 8, threads = 128, guard = skip>)
  %2 = bev.ms_deform_attn levels([8, 47])
      ins(%value, %locations, %weights : tensor<6x376x8x32xf32>, tensor<6x710x8x1x8x2xf32>, tensor<6x710x8x1x8xf32>)
      outs(%large : tensor<6x710x8x32xf32>) -> tensor<6x710x8x32xf32>
  return %0, %1, %2 : tensor<6x700x8x32xf32>, tensor<6x700x8x32xf32>, tensor<6x710x8x32xf32>
}

// Few results are spread over as many threads as possible, without branches.
// CHECK-LABEL: func.func @few
func.func @few(%value: tensor<1x2500x8x32xf16>, %locations: tensor<1x900x8x1x4x2xf32>, %weights: tensor<1x900x8x1x4xf16>, %init: tensor<1x900x8x32xf16>) -> tensor<1x900x8x32xf16> {
  // CHECK: bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 2, threads = 128>)
  %r = bev.ms_deform_attn levels([50, 50])
      ins(%value, %locations, %weights : tensor<1x2500x8x32xf16>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf16>)
      outs(%init : tensor<1x900x8x32xf16>) -> tensor<1x900x8x32xf16>
  return %r : tensor<1x900x8x32xf16>
}

// Channels that 16 bytes do not divide.
// CHECK-LABEL: func.func @odd
func.func @odd(%value: tensor<1x6x2x7xf32>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %init: tensor<1x5x2x7xf32>, %prev: memref<2x?x?x6xf32>, %angle: memref<2xf32>, %warped: memref<2x?x?x6xf32>) -> tensor<1x5x2x7xf32> {
  // CHECK: bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 1, threads = 128>)
  // CPU: bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 7>)
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x7xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%init : tensor<1x5x2x7xf32>) -> tensor<1x5x2x7xf32>
  // CHECK: bev.warp_bev bilinear schedule(<lanes = 2, threads = 128, guard = skip>)
  bev.warp_bev bilinear ins(%prev, %angle : memref<2x?x?x6xf32>, memref<2xf32>) outs(%warped : memref<2x?x?x6xf32>)
  return %0 : tensor<1x5x2x7xf32>
}

// More channels than a CPU's registers hold are split; a schedule that is there
// stays; ops without channels have none.
// CHECK-LABEL: func.func @kept
// CPU-LABEL: func.func @kept
func.func @kept(%prev: tensor<2x5x7x256xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x256xf32>, %x: tensor<3xf32>) -> (tensor<2x5x7x256xf32>, tensor<2x5x7x256xf32>, tensor<3xf32>) {
  // CPU: bev.warp_bev bilinear schedule(<lanes = 64>)
  %0 = bev.warp_bev bilinear ins(%prev, %angle : tensor<2x5x7x256xf32>, tensor<2xf32>) outs(%init : tensor<2x5x7x256xf32>) -> tensor<2x5x7x256xf32>
  // CHECK: bev.warp_bev nearest schedule(<lanes = 1, threads = 32, guard = skip>)
  // CPU: bev.warp_bev nearest schedule(<lanes = 1, threads = 32, guard = skip>)
  %1 = bev.warp_bev nearest schedule(<lanes = 1, threads = 32, guard = skip>) ins(%prev, %angle : tensor<2x5x7x256xf32>, tensor<2xf32>) outs(%init : tensor<2x5x7x256xf32>) -> tensor<2x5x7x256xf32>
  // CHECK: bev.inverse_sigmoid ins
  %2 = bev.inverse_sigmoid ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %0, %1, %2 : tensor<2x5x7x256xf32>, tensor<2x5x7x256xf32>, tensor<3xf32>
}

// No schedule has more than 1024 lanes.
// WIDE-LABEL: func.func @wide
func.func @wide(%prev: tensor<1x2x2x4096xf32>, %angle: tensor<1xf32>, %init: tensor<1x2x2x4096xf32>) -> tensor<1x2x2x4096xf32> {
  // WIDE: bev.warp_bev bilinear schedule(<lanes = 1024>)
  %0 = bev.warp_bev bilinear ins(%prev, %angle : tensor<1x2x2x4096xf32>, tensor<1xf32>) outs(%init : tensor<1x2x2x4096xf32>) -> tensor<1x2x2x4096xf32>
  return %0 : tensor<1x2x2x4096xf32>
}
