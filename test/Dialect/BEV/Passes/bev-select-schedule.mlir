// RUN: bev-opt %s -bev-select-schedule=target=gpu | FileCheck %s
// RUN: bev-opt %s -bev-select-schedule="target=cpu vector-bytes=64" | FileCheck %s --check-prefix=CPU
// RUN: bev-opt %s -bev-select-schedule="target=cpu vector-bytes=4096" | FileCheck %s --check-prefix=WIDE
// RUN: not bev-opt %s -bev-select-schedule=target=tpu 2>&1 | FileCheck %s --check-prefix=TARGET

// TARGET: error: expected target gpu or cpu, but got 'tpu'

// A work item reads 16 bytes: 8 channels in half precision, added up in it, and
// those of a row share the sampling arithmetic. Two heads fill a cache line; the
// queries look like a square. A CPU work item takes all channels.
// CHECK-LABEL: func.func @f16
// CPU-LABEL: func.func @f16
func.func @f16(%value: tensor<1x2500x8x32xf16>, %locations: tensor<1x40000x8x1x8x2xf32>, %weights: tensor<1x40000x8x1x8xf16>, %init: tensor<1x40000x8x32xf16>) -> tensor<1x40000x8x32xf16> {
  // CHECK: %[[R:.+]] = bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 8, threads = 128, guard = speculate, blocks = 10, share = true, packed = true, together = 2, heads = 2, strip = 4, width = 200, prefetch = all>)
  // CHECK-SAME: ins({{.*}}) outs({{.*}}) -> tensor<1x40000x8x32xf16>
  // CPU: bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 32>)
  %r = bev.ms_deform_attn levels([50, 50])
      ins(%value, %locations, %weights : tensor<1x2500x8x32xf16>,
          tensor<1x40000x8x1x8x2xf32>, tensor<1x40000x8x1x8xf16>)
      outs(%init : tensor<1x40000x8x32xf16>) -> tensor<1x40000x8x32xf16>
  return %r : tensor<1x40000x8x32xf16>
}

// Few samples that lie in the map are read without branches, by threads that
// share nothing. Queries that are the positions form the first level; of
// 30 x 31 queries no grid is known. Dynamic sizes count as large. bf16 is not
// added up in it. The value is prefetched.
// CHECK-LABEL: func.func @half
func.func @half(%value: tensor<1x2504x8x32xf16>, %reference: tensor<1x?x1x2xf32>, %offsets: tensor<1x?x8x1x4x2xf16>, %logits: tensor<1x?x8x4xf16>, %init: tensor<1x?x8x32xf16>, %self_reference: tensor<1x2504x2x2xf32>, %self_offsets: tensor<1x2504x8x2x4x2xf16>, %self_logits: tensor<1x2504x8x8xf16>, %self: tensor<1x2504x8x32xf16>, %some: tensor<1x930x8x32xbf16>, %locations: tensor<1x930x8x2x4x2xf32>, %weights: tensor<1x930x8x2x4xf32>, %brain: tensor<1x2504x8x32xbf16>) -> (tensor<1x?x8x32xf16>, tensor<1x2504x8x32xf16>, tensor<1x930x8x32xbf16>) {
  // CHECK: bev.deformable_attention level {{.*}} schedule(<lanes = 8, threads = 128, blocks = 10, packed = true, heads = 2, prefetch = value>)
  %0 = bev.deformable_attention level levels([4, 626])
      ins(%value, %reference, %offsets, %logits : tensor<1x2504x8x32xf16>, tensor<1x?x1x2xf32>, tensor<1x?x8x1x4x2xf16>, tensor<1x?x8x4xf16>)
      outs(%init : tensor<1x?x8x32xf16>) -> tensor<1x?x8x32xf16>
  // CHECK: bev.deformable_attention level {{.*}} schedule(<lanes = 8, threads = 128, blocks = 8, packed = true, heads = 2, strip = 4, width = 50, prefetch = value>)
  %1 = bev.deformable_attention level levels([50, 50], [2, 2])
      ins(%value, %self_reference, %self_offsets, %self_logits : tensor<1x2504x8x32xf16>, tensor<1x2504x2x2xf32>, tensor<1x2504x8x2x4x2xf16>, tensor<1x2504x8x8xf16>)
      outs(%self : tensor<1x2504x8x32xf16>) -> tensor<1x2504x8x32xf16>
  // CHECK: bev.ms_deform_attn {{.*}} schedule(<lanes = 4, threads = 128, blocks = 4, heads = 2, prefetch = value>)
  %2 = bev.ms_deform_attn levels([50, 50], [2, 2])
      ins(%brain, %locations, %weights : tensor<1x2504x8x32xbf16>, tensor<1x930x8x2x4x2xf32>, tensor<1x930x8x2x4xf32>)
      outs(%some : tensor<1x930x8x32xbf16>) -> tensor<1x930x8x32xbf16>
  return %0, %1, %2 : tensor<1x?x8x32xf16>, tensor<1x2504x8x32xf16>, tensor<1x930x8x32xbf16>
}

// In single precision one head fills a line. Samples that lie outside are passed
// by. More of them than shared memory has room for are not shared.
// CHECK-LABEL: func.func @f32
func.func @f32(%value: tensor<1x?x8x32xf32>, %small: tensor<1x375x8x32xf32>, %locations: tensor<1x?x8x1x8x2xf32>, %weights: tensor<1x?x8x1x8xf32>, %many_locations: tensor<1x?x8x1x1024x2xf32>, %many_weights: tensor<1x?x8x1x1024xf32>, %init: tensor<1x?x8x32xf32>, %narrow: tensor<1x?x8x8xf32>, %narrow_init: tensor<1x?x8x8xf32>) -> (tensor<1x?x8x32xf32>, tensor<1x?x8x32xf32>, tensor<1x?x8x8xf32>) {
  // CHECK: bev.ms_deform_attn levels([500, 500]) schedule(<lanes = 4, threads = 128, guard = speculate, blocks = 16, share = true, heads = 1, prefetch = value>)
  %0 = bev.ms_deform_attn levels([500, 500])
      ins(%value, %locations, %weights : tensor<1x?x8x32xf32>, tensor<1x?x8x1x8x2xf32>, tensor<1x?x8x1x8xf32>)
      outs(%init : tensor<1x?x8x32xf32>) -> tensor<1x?x8x32xf32>
  // CHECK: bev.ms_deform_attn levels([15, 25]) schedule(<lanes = 4, threads = 128, guard = speculate, blocks = 16, share = true, heads = 1, prefetch = all>)
  %1 = bev.ms_deform_attn levels([15, 25])
      ins(%small, %locations, %weights : tensor<1x375x8x32xf32>, tensor<1x?x8x1x8x2xf32>, tensor<1x?x8x1x8xf32>)
      outs(%init : tensor<1x?x8x32xf32>) -> tensor<1x?x8x32xf32>
  // CHECK: bev.ms_deform_attn levels([500, 500]) schedule(<lanes = 4, threads = 128, guard = skip, heads = 4, prefetch = value>)
  %2 = bev.ms_deform_attn levels([500, 500])
      ins(%narrow, %many_locations, %many_weights : tensor<1x?x8x8xf32>, tensor<1x?x8x1x1024x2xf32>, tensor<1x?x8x1x1024xf32>)
      outs(%narrow_init : tensor<1x?x8x8xf32>) -> tensor<1x?x8x8xf32>
  return %0, %1, %2 : tensor<1x?x8x32xf32>, tensor<1x?x8x32xf32>, tensor<1x?x8x8xf32>
}

// Of few results, threads read eight bytes, of all eight samples at once, or of
// two of nine, whose plans are shared.
// CHECK-LABEL: func.func @few
func.func @few(%value: tensor<1x2500x8x32xf32>, %locations: tensor<1x900x8x1x8x2xf32>, %weights: tensor<1x900x8x1x8xf32>, %more_locations: tensor<1x900x8x1x9x2xf32>, %more_weights: tensor<1x900x8x1x9xf32>, %init: tensor<1x900x8x32xf32>) -> (tensor<1x900x8x32xf32>, tensor<1x900x8x32xf32>) {
  // CHECK: bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 2, threads = 128, blocks = 12, heads = 1, strip = 4, width = 30, prefetch = value>)
  %0 = bev.ms_deform_attn levels([50, 50])
      ins(%value, %locations, %weights : tensor<1x2500x8x32xf32>, tensor<1x900x8x1x8x2xf32>, tensor<1x900x8x1x8xf32>)
      outs(%init : tensor<1x900x8x32xf32>) -> tensor<1x900x8x32xf32>
  // CHECK: bev.ms_deform_attn levels([50, 50]) schedule(<lanes = 2, threads = 128, guard = speculate, blocks = 5, share = true, together = 2, heads = 1, strip = 4, width = 30, prefetch = value>)
  %1 = bev.ms_deform_attn levels([50, 50])
      ins(%value, %more_locations, %more_weights : tensor<1x2500x8x32xf32>, tensor<1x900x8x1x9x2xf32>, tensor<1x900x8x1x9xf32>)
      outs(%init : tensor<1x900x8x32xf32>) -> tensor<1x900x8x32xf32>
  return %0, %1 : tensor<1x900x8x32xf32>, tensor<1x900x8x32xf32>
}

// Of a value that is larger than what samples read of it, the heads of a query
// go together: no neighbour has read what one needs.
// CHECK-LABEL: func.func @little
func.func @little(%value: tensor<1x40000x8x32xf16>, %locations: tensor<1x900x8x1x4x2xf32>, %weights: tensor<1x900x8x1x4xf32>, %init: tensor<1x900x8x32xf16>) -> tensor<1x900x8x32xf16> {
  // CHECK: bev.ms_deform_attn levels([200, 200]) schedule(<lanes = 4, threads = 128, blocks = 4, packed = true, strip = 4, width = 30>)
  %0 = bev.ms_deform_attn levels([200, 200])
      ins(%value, %locations, %weights : tensor<1x40000x8x32xf16>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf32>)
      outs(%init : tensor<1x900x8x32xf16>) -> tensor<1x900x8x32xf16>
  return %0 : tensor<1x900x8x32xf16>
}

// Channels that 16 bytes do not divide.
// CHECK-LABEL: func.func @odd
func.func @odd(%value: tensor<1x6x2x7xf32>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %init: tensor<1x5x2x7xf32>, %prev: memref<2x?x?x6xf32>, %angle: memref<2xf32>, %warped: memref<2x?x?x6xf32>) -> tensor<1x5x2x7xf32> {
  // CHECK: bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 1, threads = 128, prefetch = value>)
  // CPU: bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 7>)
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x7xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%init : tensor<1x5x2x7xf32>) -> tensor<1x5x2x7xf32>
  // CHECK: bev.warp_bev bilinear schedule(<lanes = 2, threads = 128, guard = skip>)
  bev.warp_bev bilinear ins(%prev, %angle : memref<2x?x?x6xf32>, memref<2xf32>) outs(%warped : memref<2x?x?x6xf32>)
  return %0 : tensor<1x5x2x7xf32>
}

// The records of many samples leave room for few threads, and more of those that
// have two channels; those of very many for none.
// CHECK-LABEL: func.func @many_samples
func.func @many_samples(%value: tensor<1x40000x8x32xf32>, %locations: tensor<1x40000x8x4x64x2xf32>, %weights: tensor<1x40000x8x4x64xf32>, %more_locations: tensor<1x40000x8x4x256x2xf32>, %more_weights: tensor<1x40000x8x4x256xf32>, %init: tensor<1x40000x8x32xf32>, %narrow: tensor<1x40000x8x8xf32>) -> (tensor<1x40000x8x32xf32>, tensor<1x40000x8x8xf32>) {
  // CHECK: bev.ms_deform_attn levels([100, 100], [100, 100], [100, 100], [100, 100]) schedule(<lanes = 2, threads = 128, guard = speculate, blocks = 5, share = true, together = 2, heads = 1, strip = 4, width = 100, prefetch = value>)
  %0 = bev.ms_deform_attn levels([100, 100], [100, 100], [100, 100], [100, 100])
      ins(%value, %locations, %weights : tensor<1x40000x8x32xf32>, tensor<1x40000x8x4x64x2xf32>, tensor<1x40000x8x4x64xf32>)
      outs(%init : tensor<1x40000x8x32xf32>) -> tensor<1x40000x8x32xf32>
  // CHECK: bev.ms_deform_attn levels([100, 100], [100, 100], [100, 100], [100, 100]) schedule(<lanes = 4, threads = 128, guard = skip, heads = 4, strip = 4, width = 100, prefetch = value>)
  %1 = bev.ms_deform_attn levels([100, 100], [100, 100], [100, 100], [100, 100])
      ins(%narrow, %more_locations, %more_weights : tensor<1x40000x8x8xf32>, tensor<1x40000x8x4x256x2xf32>, tensor<1x40000x8x4x256xf32>)
      outs(%narrow : tensor<1x40000x8x8xf32>) -> tensor<1x40000x8x8xf32>
  return %0, %1 : tensor<1x40000x8x32xf32>, tensor<1x40000x8x8xf32>
}

// Parts of a CPU's row are a power of two or fit one of its registers.
// CPU-LABEL: func.func @parts
func.func @parts(%a: tensor<2x5x7x40xf32>, %b: tensor<2x5x7x48xf32>, %c: tensor<2x5x7x36xf32>, %angle: tensor<2xf32>) -> (tensor<2x5x7x40xf32>, tensor<2x5x7x48xf32>, tensor<2x5x7x36xf32>) {
  // CPU: bev.warp_bev bilinear schedule(<lanes = 10>)
  %0 = bev.warp_bev bilinear ins(%a, %angle : tensor<2x5x7x40xf32>, tensor<2xf32>) outs(%a : tensor<2x5x7x40xf32>) -> tensor<2x5x7x40xf32>
  // CPU: bev.warp_bev bilinear schedule(<lanes = 16>)
  %1 = bev.warp_bev bilinear ins(%b, %angle : tensor<2x5x7x48xf32>, tensor<2xf32>) outs(%b : tensor<2x5x7x48xf32>) -> tensor<2x5x7x48xf32>
  // CPU: bev.warp_bev bilinear schedule(<lanes = 12>)
  %2 = bev.warp_bev bilinear ins(%c, %angle : tensor<2x5x7x36xf32>, tensor<2xf32>) outs(%c : tensor<2x5x7x36xf32>) -> tensor<2x5x7x36xf32>
  return %0, %1, %2 : tensor<2x5x7x40xf32>, tensor<2x5x7x48xf32>, tensor<2x5x7x36xf32>
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

// A work item sums neighbouring segments: two where there are few, and four where
// there are many. All operands are prefetched where the second level of cache
// holds them.
// CHECK-LABEL: func.func @segments
func.func @segments(%feat: tensor<4224x80xf16>, %depth: tensor<249216xf16>, %many_feat: tensor<16896x80xf32>, %many_depth: tensor<1993728xf32>, %large_depth: tensor<99999999xf32>, %segments: tensor<?x3xi32>, %w: index, %init: tensor<?x80xf32>) -> (tensor<?x80xf32>, tensor<?x80xf32>, tensor<?x80xf32>) {
  // CHECK: bev.segment_pool schedule(<lanes = 4, threads = 320, together = 4, prefetch = all, rows = 2>)
  // CPU: bev.segment_pool schedule(<lanes = 16>)
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<4224x80xf16>, tensor<249216xf16>, tensor<?x3xi32>) step(%w)
      outs(%init : tensor<?x80xf32>) -> tensor<?x80xf32>
  // CHECK: bev.segment_pool schedule(<lanes = 4, threads = 320, together = 4, prefetch = all, rows = 4, points = 32>)
  // CPU: bev.segment_pool schedule(<lanes = 16>)
  %1 = bev.segment_pool ins(%many_feat, %many_depth, %segments : tensor<16896x80xf32>, tensor<1993728xf32>, tensor<?x3xi32>) step(%w)
      outs(%init : tensor<?x80xf32>) -> tensor<?x80xf32>
  // CHECK: bev.segment_pool schedule(<lanes = 4, threads = 320, together = 4, rows = 4, points = 32>)
  %2 = bev.segment_pool ins(%many_feat, %large_depth, %segments : tensor<16896x80xf32>, tensor<99999999xf32>, tensor<?x3xi32>) step(%w)
      outs(%init : tensor<?x80xf32>) -> tensor<?x80xf32>
  return %0, %1, %2 : tensor<?x80xf32>, tensor<?x80xf32>, tensor<?x80xf32>
}

// Blocks have as many segments as there are threads for, and whole warps;
// channels that no block holds are work items of their own.
// CHECK-LABEL: func.func @segments_of_channels
func.func @segments_of_channels(%odd: tensor<9x7xf16>, %wide: tensor<9x2080xf16>, %prime: tensor<9x1031xf16>, %depth: tensor<99xf16>, %segments: tensor<?x3xi32>, %w: index, %a: tensor<?x7xf32>, %b: tensor<?x2080xf32>, %c: tensor<?x1031xf32>) -> (tensor<?x7xf32>, tensor<?x2080xf32>, tensor<?x1031xf32>) {
  // CHECK: bev.segment_pool schedule(<lanes = 1, threads = 128, together = 4, prefetch = all, rows = 2>)
  %0 = bev.segment_pool ins(%odd, %depth, %segments : tensor<9x7xf16>, tensor<99xf16>, tensor<?x3xi32>) step(%w)
      outs(%a : tensor<?x7xf32>) -> tensor<?x7xf32>
  // CHECK: bev.segment_pool schedule(<lanes = 4, threads = 544, together = 4, prefetch = all, rows = 2>)
  %1 = bev.segment_pool ins(%wide, %depth, %segments : tensor<9x2080xf16>, tensor<99xf16>, tensor<?x3xi32>) step(%w)
      outs(%b : tensor<?x2080xf32>) -> tensor<?x2080xf32>
  // CHECK: bev.segment_pool schedule(<lanes = 1, threads = 128>)
  %2 = bev.segment_pool ins(%prime, %depth, %segments : tensor<9x1031xf16>, tensor<99xf16>, tensor<?x3xi32>) step(%w)
      outs(%c : tensor<?x1031xf32>) -> tensor<?x1031xf32>
  return %0, %1, %2 : tensor<?x7xf32>, tensor<?x2080xf32>, tensor<?x1031xf32>
}

// Their sums: few rows share blocks, whose accesses are those of f32, whatever
// the result; of many rows each has work items of its own. How many sums there
// are does not matter for what is prefetched.
// CHECK-LABEL: func.func @sums
func.func @sums(%sums: tensor<?x80xf32>, %ranks: tensor<?xi32>, %few: tensor<128x128x2xi32>, %many: tensor<360x360x2xi32>, %a: tensor<128x128x80xf16>, %b: tensor<360x360x80xf32>) -> (tensor<128x128x80xf16>, tensor<360x360x80xf32>) {
  // CHECK: bev.interval_pool schedule(<lanes = 8, blocks = 4, together = 5, prefetch = all, rows = 32, points = 10>)
  // CPU: bev.interval_pool schedule(<lanes = 16, guard = skip>)
  %0 = bev.interval_pool ins(%sums : tensor<?x80xf32>) points(%ranks : tensor<?xi32>) bounds(%few : tensor<128x128x2xi32>)
      outs(%a : tensor<128x128x80xf16>) -> tensor<128x128x80xf16>
  // CHECK: bev.interval_pool schedule(<lanes = 8, threads = 192, guard = skip, prefetch = all>)
  // CPU: bev.interval_pool schedule(<lanes = 16, guard = skip>)
  %1 = bev.interval_pool ins(%sums : tensor<?x80xf32>) points(%ranks : tensor<?xi32>) bounds(%many : tensor<360x360x2xi32>)
      outs(%b : tensor<360x360x80xf32>) -> tensor<360x360x80xf32>
  return %0, %1 : tensor<128x128x80xf16>, tensor<360x360x80xf32>
}

// Where it is known how many points rows have, and all blocks are there at once,
// they have the same.
// CHECK-LABEL: func.func @known_rows
func.func @known_rows(%feat: tensor<4224x80xf32>, %depth: tensor<249216xf32>, %ranks: tensor<?xi32>, %a: tensor<128x128x80xf32>, %b: tensor<200x128x80xf32>) -> (tensor<128x128x80xf32>, tensor<200x128x80xf32>) {
  %few = arith.constant dense<0> : tensor<128x128x2xi32>
  %many = arith.constant dense<0> : tensor<200x128x2xi32>
  // CHECK: bev.interval_pool schedule(<lanes = 8, blocks = 4, together = 2, prefetch = all, rows = 32, points = 20, balance = true>)
  // CPU: bev.interval_pool schedule(<lanes = 16, guard = skip>)
  %0 = bev.interval_pool ins(%feat : tensor<4224x80xf32>) depth(%depth : tensor<249216xf32>) points(%ranks, %ranks : tensor<?xi32>, tensor<?xi32>) bounds(%few : tensor<128x128x2xi32>)
      outs(%a : tensor<128x128x80xf32>) -> tensor<128x128x80xf32>
  // CHECK: bev.interval_pool schedule(<lanes = 8, blocks = 4, together = 5, prefetch = all, rows = 32, points = 10>)
  // CPU: bev.interval_pool schedule(<lanes = 16, guard = skip>)
  %1 = bev.interval_pool ins(%feat : tensor<4224x80xf32>) depth(%depth : tensor<249216xf32>) points(%ranks, %ranks : tensor<?xi32>, tensor<?xi32>) bounds(%many : tensor<200x128x2xi32>)
      outs(%b : tensor<200x128x80xf32>) -> tensor<200x128x80xf32>
  return %0, %1 : tensor<128x128x80xf32>, tensor<200x128x80xf32>
}

// Cameras of f16: blocks are small where there are many, of one warp where what
// shares lines is in it.
// CHECK-LABEL: func.func @cameras_of_halves
func.func @cameras_of_halves(%value: tensor<1x6x30825x8x32xf16>, %heads: tensor<1x6x8x30825x32xf16>, %few_heads: tensor<1x6x8x375x32xf16>,
    %uv: tensor<1x6x40000x4x2xf32>, %visible: tensor<1x6x40000x4xi1>, %offsets: tensor<1x40000x8x4x8x2xf16>, %logits: tensor<1x40000x8x32xf16>, %init: tensor<1x40000x8x32xf16>,
    %few_uv: tensor<1x6x2500x4x2xf32>, %few_visible: tensor<1x6x2500x4xi1>, %few_offsets: tensor<1x2500x8x1x8x2xf16>, %few_logits: tensor<1x2500x8x8xf16>, %few_init: tensor<1x2500x8x32xf16>) -> (tensor<1x40000x8x32xf16>, tensor<1x40000x8x32xf16>, tensor<1x2500x8x32xf16>) {
  // CHECK: bev.spatial_cross_attention {{.*}} schedule(<lanes = 8, threads = 64, guard = speculate, blocks = 12, share = true, packed = true, together = 4, heads = 2, strip = 2, width = 200>)
  %0 = bev.spatial_cross_attention levels([116, 200], [58, 100], [29, 50], [15, 25])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x30825x8x32xf16>, tensor<1x6x40000x4x2xf32>, tensor<1x6x40000x4xi1>, tensor<1x40000x8x4x8x2xf16>, tensor<1x40000x8x32xf16>)
      outs(%init : tensor<1x40000x8x32xf16>) -> tensor<1x40000x8x32xf16>
  // CHECK: bev.spatial_cross_attention {{.*}} schedule(<lanes = 8, threads = 32, guard = speculate, blocks = 24, share = true, packed = true, together = 4, heads = 1, strip = 2, width = 200>)
  %1 = bev.spatial_cross_attention levels([116, 200], [58, 100], [29, 50], [15, 25]) value_layout(head_major)
      ins(%heads, %uv, %visible, %offsets, %logits : tensor<1x6x8x30825x32xf16>, tensor<1x6x40000x4x2xf32>, tensor<1x6x40000x4xi1>, tensor<1x40000x8x4x8x2xf16>, tensor<1x40000x8x32xf16>)
      outs(%init : tensor<1x40000x8x32xf16>) -> tensor<1x40000x8x32xf16>
  // CHECK: bev.spatial_cross_attention {{.*}} schedule(<lanes = 8, threads = 128, guard = speculate, blocks = 5, share = true, packed = true, together = 4, heads = 1, prefetch = all>)
  %2 = bev.spatial_cross_attention levels([15, 25]) value_layout(head_major)
      ins(%few_heads, %few_uv, %few_visible, %few_offsets, %few_logits : tensor<1x6x8x375x32xf16>, tensor<1x6x2500x4x2xf32>, tensor<1x6x2500x4xi1>, tensor<1x2500x8x1x8x2xf16>, tensor<1x2500x8x8xf16>)
      outs(%few_init : tensor<1x2500x8x32xf16>) -> tensor<1x2500x8x32xf16>
  return %0, %1, %2 : tensor<1x40000x8x32xf16>, tensor<1x40000x8x32xf16>, tensor<1x2500x8x32xf16>
}

// Samples of narrow records which leave so few registers that threads of four
// channels are all there.
// CHECK-LABEL: func.func @halves_of_an_encoder
func.func @halves_of_an_encoder(%value: tensor<1x22223x8x32xf16>, %locations: tensor<1x22223x8x4x4x2xf32>, %weights: tensor<1x22223x8x4x4xf32>, %init: tensor<1x22223x8x32xf16>) -> tensor<1x22223x8x32xf16> {
  // CHECK: bev.ms_deform_attn {{.*}} schedule(<lanes = 4, threads = 128, guard = speculate, blocks = 16, share = true, packed = true, together = 2, heads = 2, strip = 4, width = 167, prefetch = all>)
  %0 = bev.ms_deform_attn levels([100, 167], [50, 84], [25, 42], [13, 21])
      ins(%value, %locations, %weights : tensor<1x22223x8x32xf16>, tensor<1x22223x8x4x4x2xf32>, tensor<1x22223x8x4x4xf32>)
      outs(%init : tensor<1x22223x8x32xf16>) -> tensor<1x22223x8x32xf16>
  return %0 : tensor<1x22223x8x32xf16>
}
