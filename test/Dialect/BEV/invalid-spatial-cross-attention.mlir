// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of spatial_cross_attention, with its message.

// sca_c1
func.func @sca_c1(%value: tensor<6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'value' to have rank 5, but got 4}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c1
func.func @sca_c1(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'uv' to have rank 5, but got 4}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c1
func.func @sca_c1(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'visible' to have rank 4, but got 3}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c1
func.func @sca_c1(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' to have rank 6, but got 5}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c1
func.func @sca_c1(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'logits' to have rank 4, but got 3}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c1
func.func @sca_c1(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'init' to have rank 4, but got 3}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<5x2x4xf32>) -> tensor<5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<8x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'uv' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<8x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<8x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'visible' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<8x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<8x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<8x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<8x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'logits' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<8x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<8x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'init' dim 0 to equal the batch (B) of 'value' (1), but got 8}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<8x5x2x4xf32>) -> tensor<8x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x13x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'uv' dim 1 to equal the cameras (N) of 'value' (6), but got 13}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x13x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x13x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'visible' dim 1 to equal the cameras (N) of 'value' (6), but got 13}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x13x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x12x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'visible' dim 2 to equal the queries (Q) of 'uv' (5), but got 12}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x12x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x12x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 1 to equal the queries (Q) of 'uv' (5), but got 12}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x12x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x12x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'logits' dim 1 to equal the queries (Q) of 'uv' (5), but got 12}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x12x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x12x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'init' dim 1 to equal the queries (Q) of 'uv' (5), but got 12}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x12x2x4xf32>) -> tensor<1x12x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x11xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'visible' dim 3 to equal the anchors (Z) of 'uv' (4), but got 11}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x11xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x9x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x9x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x9x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'logits' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x9x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x9x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'init' dim 2 to equal the heads (M) of 'value' (2), but got 9}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x9x4xf32>) -> tensor<1x5x9x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x11xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'init' dim 3 to equal the channels (D) of 'value' (4), but got 11}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x11xf32>) -> tensor<1x5x2x11xf32>
  return
}

// -----

// sca_c3
func.func @sca_c3(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x3x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 3 to equal the number of levels (2), but got 3}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x3x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c4
func.func @sca_c4(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x3xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'uv' dim 4 to equal the coordinates (x, y) (2), but got 3}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x3xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c4
func.func @sca_c4(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x3xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 5 to equal the coordinates (x, y) (2), but got 3}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x3xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c5
func.func @sca_c5(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x9xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'logits' dim 3 to equal levels times points of 'offsets' (8), but got 9}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x9xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c6
func.func @sca_c6(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x3x2xf32>, %visible: tensor<1x6x5x3xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'uv' dim 3, the anchors (Z), to divide the points (P = 4), but got 3}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x3x2xf32>, tensor<1x6x5x3xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c7
func.func @sca_c7(%value: tensor<1x6x9x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'value' dim 2 to equal the sum of H * W over the levels (8), but got 9}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x9x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c7
func.func @sca_c7(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected level sizes between 1 and 2147483647, but got 0 in level 0}}
  %0 = bev.spatial_cross_attention levels([0, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c7
func.func @sca_c7(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected level sizes between 1 and 2147483647, but got -1 in level 0}}
  %0 = bev.spatial_cross_attention levels([-1, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c7
func.func @sca_c7(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected level sizes between 1 and 2147483647, but got 2147483648 in level 0}}
  %0 = bev.spatial_cross_attention levels([2147483648, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c7
func.func @sca_c7(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected level sizes between 1 and 2147483647, but got 9223372036854775807 in level 0}}
  %0 = bev.spatial_cross_attention levels([9223372036854775807, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c7
func.func @sca_c7(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected the levels to hold at most 2147483647 positions}}
  %0 = bev.spatial_cross_attention levels([65536, 65536], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c7
func.func @sca_c7(%value: tensor<1x6x2147483648x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>, %h: index) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'value' dim 2 to be at most 2147483647 positions, but got 2147483648}}
  %0 = bev.spatial_cross_attention levels([%h, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x2147483648x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c7: the literal that stands for a dynamic size
func.func @sca_c7(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected one 'levels' operand per dynamic level size (1), but got 0}}
  %0 = bev.spatial_cross_attention levels([-9223372036854775808, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x?x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'value' dim 3, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x?x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x?xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'value' dim 4, the channels (D), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x?xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x?x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'init' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x?x4xf32>) -> tensor<1x5x?x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x?xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'init' dim 3, the channels (D), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x?xf32>) -> tensor<1x5x2x?xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x?x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x?x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x?x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 3, the levels (L), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x?x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x?x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 4, the points (P), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x?x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x?x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'logits' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x?x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x?xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 5, the coordinates, to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x?xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x?xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'logits' dim 3, levels times points, to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x?xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x?x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'uv' dim 3, the anchors (Z), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x?x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x?xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'visible' dim 3, the anchors (Z), to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x?xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x?xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'uv' dim 4, the coordinates, to be static and at least 1, but got a dynamic size}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x?xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c8
func.func @sca_c8(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x0x2xf32>, %visible: tensor<1x6x5x0xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'uv' dim 3, the anchors (Z), to be static and at least 1, but got 0}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x0x2xf32>, tensor<1x6x5x0xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c9
func.func @sca_c9(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf16>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'init' to have the element type of 'value' ('f32'), but got 'f16'}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  return
}

// -----

// sca_c10
func.func @sca_c10(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected schedule lanes to divide the channels (4), but got 3}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2]) schedule(<lanes = 3>)
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c11
func.func @sca_c11(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x1028x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected at most 1024 points per query and head, but got more in 'offsets'}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x1028x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}
