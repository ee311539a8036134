// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of ms_deform_attn_backward, with its message.

// msdab_c1
func.func @msdab_c1(%value: tensor<8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'value' to have rank 4, but got 3}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c1
func.func @msdab_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'locations' to have rank 6, but got 5}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c1
func.func @msdab_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'weights' to have rank 5, but got 4}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c1
func.func @msdab_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_out' to have rank 4, but got 3}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c1
func.func @msdab_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_value' to have rank 4, but got 3}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c1
func.func @msdab_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_locations' to have rank 6, but got 5}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c1
func.func @msdab_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_weights' to have rank 5, but got 4}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<5x2x2x3xf32>
  return
}

// -----

// msdab_c2
func.func @msdab_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<2x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'weights' dim 0 to equal the batch (B) of 'value' (1), but got 2}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c2
func.func @msdab_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x6x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_out' dim 1 to equal the queries (Q) of 'locations' (5), but got 6}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x6x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c2
func.func @msdab_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x6x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_locations' dim 1 to equal the queries (Q) of 'locations' (5), but got 6}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x6x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x6x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c2
func.func @msdab_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x9x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_value' dim 1 to equal the positions (S) of 'value' (8), but got 9}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x9x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x9x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c2
func.func @msdab_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x3x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_value' dim 2 to equal the heads (M) of 'value' (2), but got 3}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x3x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x3x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c2
func.func @msdab_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x8xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_out' dim 3 to equal the channels (D) of 'value' (4), but got 8}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x8xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c2
func.func @msdab_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_weights' dim 4 to equal the points (P) of 'locations' (3), but got 4}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x4xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x4xf32>
  return
}

// -----

// msdab_c2
func.func @msdab_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x1x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_locations' dim 3 to equal the levels (L) of 'locations' (2), but got 1}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c3
func.func @msdab_c3(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'locations' dim 3 to equal the number of levels (1), but got 2}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 4])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c4
func.func @msdab_c4(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x3xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x3xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'locations' dim 5 to equal the coordinates (x, y) (2), but got 3}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x3xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x3xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x3xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c5
func.func @msdab_c5(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'value' dim 1 to equal the sum of H * W over the levels (9), but got 8}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 3])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c5
func.func @msdab_c5(%value: tensor<1x?x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x?x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected the levels to hold at most 2147483647 positions}}
  %0:3 = bev.ms_deform_attn_backward levels([65536, 32768], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x?x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x?x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x?x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c6
func.func @msdab_c6(%value: tensor<1x8x?x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'value' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x?x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c6
func.func @msdab_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x?xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_value' dim 3, the channels (D), to be static and at least 1, but got a dynamic size}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x?xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x?xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c6
func.func @msdab_c6(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x?xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'weights' dim 4, the points (P), to be static and at least 1, but got a dynamic size}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x?xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c7
func.func @msdab_c7(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf16>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_out' to have the element type of 'value' ('f32'), but got 'f16'}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf16>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c7
func.func @msdab_c7(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf16>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_weights' to have the element type of 'weights' ('f32'), but got 'f16'}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf16>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf16>
  return
}

// -----

// msdab_c7
func.func @msdab_c7(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf16>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected 'grad_value' to have element type 'f32' or that of 'value' ('f32'), but got 'f16'}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf16>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf16>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c8
func.func @msdab_c8(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected schedule lanes to divide the channels (4), but got 3}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2]) schedule(<lanes = 3>)
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c8
func.func @msdab_c8(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op has no heads, rows or packed arithmetic that its schedule could ask for}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2]) schedule(<lanes = 4, rows = 2>)
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// msdab_c9
func.func @msdab_c9(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x513x2xf32>, %weights: tensor<1x5x2x2x513xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x513x2xf32>, %gw: tensor<1x5x2x2x513xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected at most 1024 points per query and head, but got more in 'locations'}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x513x2xf32>, tensor<1x5x2x2x513xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x513x2xf32>, tensor<1x5x2x2x513xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x513x2xf32>, tensor<1x5x2x2x513xf32>
  return
}

// -----

// msdab_c10
func.func @msdab_c10(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x300000000x2x2x3x2xf32>, %weights: tensor<1x300000000x2x2x3xf32>, %grad_out: tensor<1x300000000x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x300000000x2x2x3x2xf32>, %gw: tensor<1x300000000x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected at most 2147483647 samples per batch row, but got more in 'locations'}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x300000000x2x2x3x2xf32>, tensor<1x300000000x2x2x3xf32>, tensor<1x300000000x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x300000000x2x2x3x2xf32>, tensor<1x300000000x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x300000000x2x2x3x2xf32>, tensor<1x300000000x2x2x3xf32>
  return
}

// -----

// types
func.func @types(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf16>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op operand #1 must be ranked tensor or memref of f32, but got 'tensor<1x5x2x2x3x2xf16>'}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf16>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// types
func.func @types(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf16>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op operand #5 must be ranked tensor or memref of f32, but got 'tensor<1x5x2x2x3x2xf16>'}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf16>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf16>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// types
func.func @types(%value: tensor<1x8x2x4xf64>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op operand #0 must be ranked tensor or memref of f16, bf16 or f32, but got 'tensor<1x8x2x4xf64>'}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : tensor<1x8x2x4xf64>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}

// -----

// mixed
func.func @mixed(%value: memref<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn_backward' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad_out : memref<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return
}
