// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of ms_deform_attn, with its message.

// msda_c1
func.func @msda_c1(%value: tensor<8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'value' to have rank 4, but got 3}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1
func.func @msda_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' to have rank 6, but got 5}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1
func.func @msda_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'weights' to have rank 5, but got 4}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1
func.func @msda_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'init' to have rank 4, but got 3}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<5x2x4xf32>) -> tensor<5x2x4xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<8x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<8x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<8x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'weights' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<8x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<8x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'init' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<8x5x2x4xf32>) -> tensor<8x5x2x4xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x12x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'weights' dim 1 to equal the queries (Q) of 'locations' (5), but got 12}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x12x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x12x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'init' dim 1 to equal the queries (Q) of 'locations' (5), but got 12}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x12x2x4xf32>) -> tensor<1x12x2x4xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x9x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x9x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x9x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'weights' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x9x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x9x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'init' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x9x4xf32>) -> tensor<1x5x9x4xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x11xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'init' dim 3 to equal the channels (D) of 'value' (4), but got 11}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x11xf32>) -> tensor<1x5x2x11xf32>
  return
}

// -----

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x10xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'weights' dim 4 to equal the points (P) of 'locations' (3), but got 10}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x10xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c2: a dynamic size is skipped, not what follows it
func.func @msda_c2(%value: tensor<?x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<8x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'init' dim 0 to equal the batch (B) of 'locations' (1), but got 8}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<?x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<8x5x2x4xf32>) -> tensor<8x5x2x4xf32>
  return
}

// -----

// msda_c3
func.func @msda_c3(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x9x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 3 to equal the number of levels (2), but got 9}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x9x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c3
func.func @msda_c3(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x9x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'weights' dim 3 to equal the number of levels (2), but got 9}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x9x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c4
func.func @msda_c4(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x3xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 5 to equal the coordinates (x, y) (2), but got 3}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x3xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @msda_c5(%value: tensor<1x9x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'value' dim 1 to equal the sum of H * W over the levels (8), but got 9}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x9x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @msda_c5(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected level sizes between 1 and 2147483647, but got 0 in level 0}}
  %0 = bev.ms_deform_attn levels([0, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @msda_c5(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected level sizes between 1 and 2147483647, but got -1 in level 0}}
  %0 = bev.ms_deform_attn levels([-1, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @msda_c5(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected level sizes between 1 and 2147483647, but got 2147483648 in level 0}}
  %0 = bev.ms_deform_attn levels([2147483648, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @msda_c5(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected level sizes between 1 and 2147483647, but got 9223372036854775807 in level 0}}
  %0 = bev.ms_deform_attn levels([9223372036854775807, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @msda_c5(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected the levels to hold at most 2147483647 positions}}
  %0 = bev.ms_deform_attn levels([65536, 65536], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @msda_c5(%value: tensor<1x2147483648x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>, %h: index) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'value' dim 1 to be at most 2147483647 positions, but got 2147483648}}
  %0 = bev.ms_deform_attn levels([%h, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x2147483648x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5: the literal that stands for a dynamic size
func.func @msda_c5(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected one 'levels' operand per dynamic level size (1), but got 0}}
  %0 = bev.ms_deform_attn levels([-9223372036854775808, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x?x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'value' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x?x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x?x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'init' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x?x4xf32>) -> tensor<1x5x?x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x?xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'value' dim 3, the channels (D), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x?xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x?xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'init' dim 3, the channels (D), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x?xf32>) -> tensor<1x5x2x?xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x?x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x?x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x?x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 3, the levels (L), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x?x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x?x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 4, the points (P), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x?x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x?x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'weights' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x?x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x?x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'weights' dim 3, the levels (L), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x?x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x?xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'weights' dim 4, the points (P), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x?xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x?xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 5, the coordinates, to be static and at least 1, but got a dynamic size}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x?xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x0x2xf32>, %weights: tensor<1x5x2x2x0xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 4, the points (P), to be static and at least 1, but got 0}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x0x2xf32>, tensor<1x5x2x2x0xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x8x2x0xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x0xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'value' dim 3, the channels (D), to be static and at least 1, but got 0}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x0xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x0xf32>) -> tensor<1x5x2x0xf32>
  return
}

// -----

// msda_c7
func.func @msda_c7(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf16>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'init' to have the element type of 'value' ('f32'), but got 'f16'}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  return
}

// -----

// msda_c8
func.func @msda_c8(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected schedule lanes to divide the channels (4), but got 3}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2]) schedule(<lanes = 3>)
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c9
func.func @msda_c9(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x513x2xf32>, %weights: tensor<1x5x2x2x513xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected at most 1024 points per query and head, but got more in 'locations'}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x513x2xf32>, tensor<1x5x2x2x513xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c9: 64 bits do not hold the product
func.func @msda_c9(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x9223372036854775807x2xf32>, %weights: tensor<1x5x2x2x9223372036854775807xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected at most 1024 points per query and head, but got more in 'locations'}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x9223372036854775807x2xf32>, tensor<1x5x2x2x9223372036854775807xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

func.func @schedule_packed(%value: tensor<1x6x2x8xf32>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %init: tensor<1x5x2x8xf32>) -> tensor<1x5x2x8xf32> {
  // expected-error@+1 {{expected f16 values for a schedule that is packed, but got 'f32'}}
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, packed = true>)
      ins(%value, %locations, %weights : tensor<1x6x2x8xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%init : tensor<1x5x2x8xf32>) -> tensor<1x5x2x8xf32>
  return %0 : tensor<1x5x2x8xf32>
}

// -----

func.func @schedule_heads(%value: tensor<1x6x4x8xf32>, %locations: tensor<1x5x4x1x4x2xf32>, %weights: tensor<1x5x4x1x4xf32>, %init: tensor<1x5x4x8xf32>) -> tensor<1x5x4x8xf32> {
  // expected-error@+1 {{expected the 'heads' of the schedule to divide the heads (4), but got 3}}
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, heads = 3>)
      ins(%value, %locations, %weights : tensor<1x6x4x8xf32>, tensor<1x5x4x1x4x2xf32>, tensor<1x5x4x1x4xf32>)
      outs(%init : tensor<1x5x4x8xf32>) -> tensor<1x5x4x8xf32>
  return %0 : tensor<1x5x4x8xf32>
}

// -----

func.func @schedule_team(%value: tensor<1x6x2x12xf32>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %init: tensor<1x5x2x12xf32>) -> tensor<1x5x2x12xf32> {
  // expected-error@+1 {{expected a schedule that shares to split the channels into a power of two up to 32 that divides its threads (256), but got 12 channels in parts of 4}}
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, share = true>)
      ins(%value, %locations, %weights : tensor<1x6x2x12xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%init : tensor<1x5x2x12xf32>) -> tensor<1x5x2x12xf32>
  return %0 : tensor<1x5x2x12xf32>
}

// -----

func.func @schedule_threads(%value: tensor<1x6x2x8xf32>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %init: tensor<1x5x2x8xf32>) -> tensor<1x5x2x8xf32> {
  // expected-error@+1 {{that divides its threads (42), but got 8 channels in parts of 2}}
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 2, threads = 42, share = true>)
      ins(%value, %locations, %weights : tensor<1x6x2x8xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%init : tensor<1x5x2x8xf32>) -> tensor<1x5x2x8xf32>
  return %0 : tensor<1x5x2x8xf32>
}
