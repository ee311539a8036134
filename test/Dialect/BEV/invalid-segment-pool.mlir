// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of segment_pool, with its message.

// sp_c1
func.func @sp_c1(%feat: tensor<9x1x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'feat' to have rank 2, but got 3}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x1x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c1
func.func @sp_c1(%feat: tensor<9x8xf16>, %depth: tensor<4x5xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'depth' to have rank 1, but got 2}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<4x5xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c1
func.func @sp_c1(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x1x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'init' to have rank 2, but got 3}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x1x8xf32>) -> tensor<5x1x8xf32>
  return
}

// -----

// sp_c1
func.func @sp_c1(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<15xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'segments' to have rank 2, but got 1}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<15xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c2
func.func @sp_c2(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<6x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'init' dim 0 to equal the segments (S) of 'segments' (5), but got 6}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<6x8xf32>) -> tensor<6x8xf32>
  return
}

// -----

// sp_c2
func.func @sp_c2(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x7xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'init' dim 1 to equal the channels (C) of 'feat' (8), but got 7}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x7xf32>) -> tensor<5x7xf32>
  return
}

// -----

// sp_c3
func.func @sp_c3(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x4xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'segments' dim 1 to equal rank of depth, rank of feat and length (3), but got 4}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x4xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c3
func.func @sp_c3(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x?xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'segments' dim 1, rank of depth, rank of feat and length, to be static and at least 1, but got a dynamic size}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x?xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c4
func.func @sp_c4(%feat: tensor<9x?xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'feat' dim 1, the channels (C), to be static and at least 1, but got a dynamic size}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x?xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c4
func.func @sp_c4(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x?xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected 'init' dim 1, the channels (C), to be static and at least 1, but got a dynamic size}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x?xf32>) -> tensor<5x?xf32>
  return
}

// -----

// sp_c5
func.func @sp_c5(%feat: tensor<2147483648x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected at most 2147483647 rows, but got more in 'feat'}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<2147483648x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c5
func.func @sp_c5(%feat: tensor<9x8xf16>, %depth: tensor<2147483648xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected at most 2147483647 points, but got more in 'depth'}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<2147483648xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c5
func.func @sp_c5(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<2147483648x3xi32>, %w: index, %init: tensor<?x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected at most 2147483647 segments, but got more in 'segments'}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<2147483648x3xi32>)
      step(%w) outs(%init : tensor<?x8xf32>) -> tensor<?x8xf32>
  return
}

// -----

// sp_c6
func.func @sp_c6(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected schedule lanes to divide the channels (8), but got 3}}
  %0 = bev.segment_pool schedule(<lanes = 3>) ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c6
func.func @sp_c6(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected a schedule of at most 8 rows for a work item, but got 9}}
  %0 = bev.segment_pool schedule(<lanes = 4, rows = 9>) ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c6
func.func @sp_c6(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op has no heads and queries whose schedule could say 'share', 'heads' or 'width'}}
  %0 = bev.segment_pool schedule(<lanes = 4, share = true>) ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

// sp_c6
func.func @sp_c6(%feat: tensor<9x80xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x80xf32>) {
  // Without rows, threads are of any number of segments.
  %0 = bev.segment_pool schedule(<lanes = 1, threads = 64>) ins(%feat, %depth, %segments : tensor<9x80xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x80xf32>) -> tensor<5x80xf32>
  // expected-error@+1 {{'bev.segment_pool' op expected a schedule with rows to have a thread for each of the 80 work items of a segment, but got 64 threads}}
  %1 = bev.segment_pool schedule(<lanes = 1, threads = 64, rows = 2>) ins(%feat, %depth, %segments : tensor<9x80xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x80xf32>) -> tensor<5x80xf32>
  return
}

// -----

// Sums are f32.
func.func @types(%feat: tensor<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf16>) {
  // expected-error@+1 {{'bev.segment_pool' op operand #4 must be ranked tensor or memref of f32, but got 'tensor<5x8xf16>'}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf16>) -> tensor<5x8xf16>
  return
}

// -----

// Tensors or buffers, not both.
func.func @containers(%feat: memref<9x8xf16>, %depth: tensor<20xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0 = bev.segment_pool ins(%feat, %depth, %segments : memref<9x8xf16>, tensor<20xf16>, tensor<5x3xi32>)
      step(%w) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}
