// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of deformable_attention_backward, with its message.

// dab_c1
func.func @dab_c1(%value: tensor<8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'value' to have rank 4, but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c1
func.func @dab_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'reference' to have rank 4, but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c1
func.func @dab_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'offsets' to have rank 6, but got 5}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c1
func.func @dab_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'logits' to have rank 4, but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c1
func.func @dab_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_out' to have rank 4, but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c1
func.func @dab_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_value' to have rank 4, but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c1
func.func @dab_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_offsets' to have rank 6, but got 5}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c1
func.func @dab_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_logits' to have rank 4, but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<5x2x6xf32>
  return
}

// -----

// dab_c2
func.func @dab_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<2x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'reference' dim 0 to equal the batch (B) of 'value' (1), but got 2}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<2x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c2
func.func @dab_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x6x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'logits' dim 1 to equal the queries (Q) of 'reference' (5), but got 6}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x6x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c2
func.func @dab_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x9x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_value' dim 1 to equal the positions (S) of 'value' (8), but got 9}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x9x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x9x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c2
func.func @dab_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x3x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_logits' dim 2 to equal the heads (M) of 'value' (2), but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x3x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x3x6xf32>
  return
}

// -----

// dab_c2
func.func @dab_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x8xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_out' dim 3 to equal the channels (D) of 'value' (4), but got 8}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x8xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c2
func.func @dab_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x4x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_offsets' dim 4 to equal the points (P) of 'offsets' (3), but got 4}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c3
func.func @dab_c3(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'offsets' dim 3 to equal the number of levels (1), but got 2}}
  %0:3 = bev.deformable_attention_backward level levels([2, 4])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c4
func.func @dab_c4(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x3xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x3xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'offsets' dim 5 to equal the coordinates (x, y) (2), but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x3xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x3xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x3xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c5
func.func @dab_c5(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x5xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x5xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'logits' dim 3 to equal levels times points of 'offsets' (6), but got 5}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x5xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x5xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x5xf32>
  return
}

// -----

// dab_c6
func.func @dab_c6(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'reference' dim 3 to equal the box coordinates (cx, cy, w, h) (4), but got 2}}
  %0:3 = bev.deformable_attention_backward box levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c6
func.func @dab_c6(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x4xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'reference' dim 3 to equal the coordinates (x, y) (2), but got 4}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c7
func.func @dab_c7(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x3x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'reference' dim 2 to equal 1 or the number of levels (2), but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x3x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c7
func.func @dab_c7(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'reference' dim 2, the anchors of a pillar (Z), to divide the points (P = 3), but got 2}}
  %0:3 = bev.deformable_attention_backward pillar levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c8
func.func @dab_c8(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'value' dim 1 to equal the sum of H * W over the levels (9), but got 8}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 3])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c9
func.func @dab_c9(%value: tensor<1x8x?x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'value' dim 2, the heads (M), to be static and at least 1, but got a dynamic size}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x?x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c9
func.func @dab_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x?x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'reference' dim 2, the reference points (R), to be static and at least 1, but got a dynamic size}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x?x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c9
func.func @dab_c9(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x?xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_logits' dim 3, levels times points, to be static and at least 1, but got a dynamic size}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x?xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x?xf32>
  return
}

// -----

// dab_c10
func.func @dab_c10(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf16>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_out' to have the element type of 'value' ('f32'), but got 'f16'}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf16>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c10
func.func @dab_c10(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf16>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_offsets' to have the element type of 'offsets' ('f32'), but got 'f16'}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf16>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf16>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c10
func.func @dab_c10(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf16>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_logits' to have the element type of 'logits' ('f32'), but got 'f16'}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf16>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf16>
  return
}

// -----

// dab_c10
func.func @dab_c10(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xbf16>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected 'grad_value' to have element type 'f32' or that of 'value' ('f32'), but got 'bf16'}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xbf16>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xbf16>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c11
func.func @dab_c11(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x3x2xf32>, %gl: tensor<1x5x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected schedule lanes to divide the channels (4), but got 3}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2]) schedule(<lanes = 3>)
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>
  return
}

// -----

// dab_c12
func.func @dab_c12(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x513x2xf32>, %logits: tensor<1x5x2x1026xf32>, %grad_out: tensor<1x5x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x5x2x2x513x2xf32>, %gl: tensor<1x5x2x1026xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected at most 1024 points per query and head, but got more in 'offsets'}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x513x2xf32>, tensor<1x5x2x1026xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x5x2x2x513x2xf32>, tensor<1x5x2x1026xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x513x2xf32>, tensor<1x5x2x1026xf32>
  return
}

// -----

// dab_c13
func.func @dab_c13(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x300000000x1x2xf32>, %offsets: tensor<1x300000000x2x2x3x2xf32>, %logits: tensor<1x300000000x2x6xf32>, %grad_out: tensor<1x300000000x2x4xf32>, %gv: tensor<1x8x2x4xf32>, %go: tensor<1x300000000x2x2x3x2xf32>, %gl: tensor<1x300000000x2x6xf32>) {
  // expected-error@+1 {{'bev.deformable_attention_backward' op expected at most 2147483647 samples per batch row, but got more in 'offsets'}}
  %0:3 = bev.deformable_attention_backward level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits, %grad_out : tensor<1x8x2x4xf32>, tensor<1x300000000x1x2xf32>, tensor<1x300000000x2x2x3x2xf32>, tensor<1x300000000x2x6xf32>, tensor<1x300000000x2x4xf32>)
      outs(%gv, %go, %gl : tensor<1x8x2x4xf32>, tensor<1x300000000x2x2x3x2xf32>, tensor<1x300000000x2x6xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x300000000x2x2x3x2xf32>, tensor<1x300000000x2x6xf32>
  return
}
