// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of temporal_self_attention, with its message.

// tsa_c1
func.func @tsa_c1(%value: tensor<2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'value' to have rank 5, but got 4}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c1
func.func @tsa_c1(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'reference' to have rank 5, but got 4}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c1
func.func @tsa_c1(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' to have rank 7, but got 6}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c1
func.func @tsa_c1(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'logits' to have rank 5, but got 4}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c1
func.func @tsa_c1(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'init' to have rank 4, but got 3}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<5x2x4xf32>) -> tensor<5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<8x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'reference' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<8x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<8x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<8x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<8x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'logits' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<8x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<8x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'init' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<8x5x2x4xf32>) -> tensor<8x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x9x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'reference' dim 1 to equal the frames (T) of 'value' (2), but got 9}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x9x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x9x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 3 to equal the frames (T) of 'value' (2), but got 9}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x9x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x9x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'logits' dim 3 to equal the frames (T) of 'value' (2), but got 9}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x9x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x12x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 1 to equal the queries (Q) of 'reference' (5), but got 12}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x12x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x12x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'logits' dim 1 to equal the queries (Q) of 'reference' (5), but got 12}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x12x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x12x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'init' dim 1 to equal the queries (Q) of 'reference' (5), but got 12}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x12x2x4xf32>) -> tensor<1x12x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x9x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x9x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x9x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'logits' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x9x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x9x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'init' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x9x4xf32>) -> tensor<1x5x9x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x11xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'init' dim 3 to equal the channels (D) of 'value' (4), but got 11}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x11xf32>) -> tensor<1x5x2x11xf32>
  return
}

// -----

// tsa_c3
func.func @tsa_c3(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x2x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'reference' dim 3 to equal the number of levels (1), but got 2}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x2x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c3
func.func @tsa_c3(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x2x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 4 to equal the number of levels (1), but got 2}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x2x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c4
func.func @tsa_c4(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x3xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'reference' dim 4 to equal the coordinates (x, y) (2), but got 3}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x3xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c4
func.func @tsa_c4(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x3xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 6 to equal the coordinates (x, y) (2), but got 3}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x3xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c5
func.func @tsa_c5(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x9xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'logits' dim 4 to equal levels times points of 'offsets' (4), but got 9}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x9xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c6
func.func @tsa_c6(%value: tensor<1x2x9x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'value' dim 2 to equal the sum of H * W over the levels (6), but got 9}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x9x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c6
func.func @tsa_c6(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected level sizes between 1 and 2147483647, but got 0 in level 0}}
  %0 = bev.temporal_self_attention levels([0, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c6
func.func @tsa_c6(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected level sizes between 1 and 2147483647, but got -1 in level 0}}
  %0 = bev.temporal_self_attention levels([-1, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c6
func.func @tsa_c6(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected level sizes between 1 and 2147483647, but got 2147483648 in level 0}}
  %0 = bev.temporal_self_attention levels([2147483648, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c6
func.func @tsa_c6(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected level sizes between 1 and 2147483647, but got 9223372036854775807 in level 0}}
  %0 = bev.temporal_self_attention levels([9223372036854775807, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c6
func.func @tsa_c6(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected the levels to hold at most 2147483647 positions}}
  %0 = bev.temporal_self_attention levels([65536, 65536])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c6
func.func @tsa_c6(%value: tensor<1x2x2147483648x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>, %h: index) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'value' dim 2 to be at most 2147483647 positions, but got 2147483648}}
  %0 = bev.temporal_self_attention levels([%h, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x2147483648x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c6: the literal that stands for a dynamic size
func.func @tsa_c6(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected one 'levels' operand per dynamic level size (1), but got 0}}
  %0 = bev.temporal_self_attention levels([-9223372036854775808, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x?x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'value' dim 3, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x?x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x?xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'value' dim 4, the channels (D), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x?xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x?x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'init' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x?x4xf32>) -> tensor<1x5x?x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x?xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'init' dim 3, the channels (D), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x?xf32>) -> tensor<1x5x2x?xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x?x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x?x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x?x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 4, the levels (L), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x?x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x?x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 5, the points (P), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x?x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x?x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'logits' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x?x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x?x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'reference' dim 3, the levels (L), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x?x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x?x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'value' dim 1, the frames (T), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x?x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x?x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'reference' dim 1, the frames (T), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x?x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x?x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 3, the frames (T), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x?x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x?x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'logits' dim 3, the frames (T), to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x?x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x?xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 6, the coordinates, to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x?xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x?xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'reference' dim 4, the coordinates, to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x?xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c7
func.func @tsa_c7(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x?xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'logits' dim 4, levels times points, to be static and at least 1, but got a dynamic size}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x?xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c8
func.func @tsa_c8(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf16>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'init' to have the element type of 'value' ('f32'), but got 'f16'}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  return
}

// -----

// tsa_c9
func.func @tsa_c9(%value: tensor<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected schedule lanes to divide the channels (4), but got 3}}
  %0 = bev.temporal_self_attention levels([2, 3]) schedule(<lanes = 3>)
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c10
func.func @tsa_c10(%value: tensor<1x300x6x2x4xf32>, %reference: tensor<1x300x5x1x2xf32>, %offsets: tensor<1x5x2x300x1x4x2xf32>, %logits: tensor<1x5x2x300x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected at most 1024 points per query and head, but got more in 'offsets'}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x300x6x2x4xf32>, tensor<1x300x5x1x2xf32>, tensor<1x5x2x300x1x4x2xf32>, tensor<1x5x2x300x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}
