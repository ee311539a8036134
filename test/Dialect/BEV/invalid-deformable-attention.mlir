// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of deformable_attention, with its message.

// da_c1
func.func @da_c1(%value: tensor<8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'value' to have rank 4, but got 3}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c1
func.func @da_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' to have rank 4, but got 3}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c1
func.func @da_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' to have rank 6, but got 5}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c1
func.func @da_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'logits' to have rank 4, but got 3}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c1
func.func @da_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'init' to have rank 4, but got 3}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<5x2x4xf32>) -> tensor<5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<8x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<8x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<8x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<8x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<8x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'logits' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<8x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<8x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'init' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<8x5x2x4xf32>) -> tensor<8x5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x12x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 1 to equal the queries (Q) of 'reference' (5), but got 12}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x12x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x12x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'logits' dim 1 to equal the queries (Q) of 'reference' (5), but got 12}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x12x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x12x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'init' dim 1 to equal the queries (Q) of 'reference' (5), but got 12}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x12x2x4xf32>) -> tensor<1x12x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x9x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x9x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x9x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'logits' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x9x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x9x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'init' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x9x4xf32>) -> tensor<1x5x9x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x11xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'init' dim 3 to equal the channels (D) of 'value' (4), but got 11}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x11xf32>) -> tensor<1x5x2x11xf32>
  return
}

// -----

// da_c3
func.func @da_c3(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x3x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 3 to equal the number of levels (2), but got 3}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x3x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c4
func.func @da_c4(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x3xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 5 to equal the coordinates (x, y) (2), but got 3}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x3xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c5
func.func @da_c5(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x9xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'logits' dim 3 to equal levels times points of 'offsets' (8), but got 9}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x9xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c6
func.func @da_c6(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x3xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' dim 3 to equal the coordinates (x, y) (2), but got 3}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x3xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c6
func.func @da_c6(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' dim 3 to equal the box coordinates (cx, cy, w, h) (4), but got 2}}
  %0 = bev.deformable_attention box levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c7
func.func @da_c7(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x3x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' dim 2 to equal 1 or the number of levels (2), but got 3}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x3x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c7
func.func @da_c7(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x3x4xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' dim 2 to equal 1 or the number of levels (2), but got 3}}
  %0 = bev.deformable_attention box levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x3x4xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c7
func.func @da_c7(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x3x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' dim 2, the anchors of a pillar (Z), to divide the points (P = 4), but got 3}}
  %0 = bev.deformable_attention pillar levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x3x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c7
func.func @da_c7(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'anchor_order' only with reference kind pillar}}
  %0 = bev.deformable_attention level anchor_order(div) levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c8
func.func @da_c8(%value: tensor<1x9x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'value' dim 1 to equal the sum of H * W over the levels (8), but got 9}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x9x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c8
func.func @da_c8(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected level sizes between 1 and 2147483647, but got 0 in level 0}}
  %0 = bev.deformable_attention level levels([0, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c8
func.func @da_c8(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected level sizes between 1 and 2147483647, but got -1 in level 0}}
  %0 = bev.deformable_attention level levels([-1, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c8
func.func @da_c8(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected level sizes between 1 and 2147483647, but got 2147483648 in level 0}}
  %0 = bev.deformable_attention level levels([2147483648, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c8
func.func @da_c8(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected level sizes between 1 and 2147483647, but got 9223372036854775807 in level 0}}
  %0 = bev.deformable_attention level levels([9223372036854775807, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c8
func.func @da_c8(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected the levels to hold at most 2147483647 positions}}
  %0 = bev.deformable_attention level levels([65536, 65536], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c8
func.func @da_c8(%value: tensor<1x2147483648x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>, %h: index) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'value' dim 1 to be at most 2147483647 positions, but got 2147483648}}
  %0 = bev.deformable_attention level levels([%h, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x2147483648x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c8: the literal that stands for a dynamic size
func.func @da_c8(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected one 'levels' operand per dynamic level size (1), but got 0}}
  %0 = bev.deformable_attention level levels([-9223372036854775808, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x?x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'value' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x?x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x?xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'value' dim 3, the channels (D), to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x?xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x?x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'init' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x?x4xf32>) -> tensor<1x5x?x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x?xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'init' dim 3, the channels (D), to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x?xf32>) -> tensor<1x5x2x?xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x?x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x?x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x?x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 3, the levels (L), to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x?x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x?x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 4, the points (P), to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x?x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x?x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'logits' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x?x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x?xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 5, the coordinates, to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x?xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x?xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'logits' dim 3, levels times points, to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x?xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x?x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' dim 2, the reference points (R), to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x?x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x0x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' dim 2, the reference points (R), to be static and at least 1, but got 0}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x0x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c9
func.func @da_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x?xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'reference' dim 3, the coordinates, to be static and at least 1, but got a dynamic size}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x?xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c10
func.func @da_c10(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf16>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'init' to have the element type of 'value' ('f32'), but got 'f16'}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  return
}

// -----

// da_c11
func.func @da_c11(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected schedule lanes to divide the channels (4), but got 3}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2]) schedule(<lanes = 3>)
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c12
func.func @da_c12(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4611686018427387904x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected at most 1024 points per query and head, but got more in 'offsets'}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4611686018427387904x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}
