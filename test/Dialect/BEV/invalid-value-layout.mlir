// RUN: bev-opt %s -split-input-file -verify-diagnostics

// The constraints on value follow its layout.

// msda_c2
func.func @msda_c2(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'locations' dim 2 to equal the heads (M) of 'value' (8), but got 2}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @msda_c5(%value: tensor<1x2x7x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'value' dim 2 to equal the sum of H * W over the levels (8), but got 7}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %locations, %weights : tensor<1x2x7x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c6
func.func @msda_c6(%value: tensor<1x?x8x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'value' dim 1, the heads (M), to be static}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %locations, %weights : tensor<1x?x8x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c2
func.func @da_c2(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 2 to equal the heads (M) of 'value' (8), but got 2}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c8
func.func @da_c8(%value: tensor<1x2x9x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'value' dim 2 to equal the sum of H * W over the levels (8), but got 9}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %reference, %offsets, %logits : tensor<1x2x9x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c2
func.func @sca_c2(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'offsets' dim 2 to equal the heads (M) of 'value' (8), but got 2}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c7
func.func @sca_c7(%value: tensor<1x6x2x7x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected 'value' dim 3 to equal the sum of H * W over the levels (8), but got 7}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x2x7x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c2
func.func @tsa_c2(%value: tensor<1x2x8x2x4xf32>, %reference: tensor<1x2x5x2x2xf32>, %offsets: tensor<1x5x2x2x2x4x2xf32>, %logits: tensor<1x5x2x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'offsets' dim 2 to equal the heads (M) of 'value' (8), but got 2}}
  %0 = bev.temporal_self_attention levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %reference, %offsets, %logits : tensor<1x2x8x2x4xf32>, tensor<1x2x5x2x2xf32>, tensor<1x5x2x2x2x4x2xf32>, tensor<1x5x2x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c6
func.func @tsa_c6(%value: tensor<1x2x2x9x4xf32>, %reference: tensor<1x2x5x2x2xf32>, %offsets: tensor<1x5x2x2x2x4x2xf32>, %logits: tensor<1x5x2x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected 'value' dim 3 to equal the sum of H * W over the levels (8), but got 9}}
  %0 = bev.temporal_self_attention levels([2, 3], [1, 2]) value_layout(head_major)
      ins(%value, %reference, %offsets, %logits : tensor<1x2x2x9x4xf32>, tensor<1x2x5x2x2xf32>, tensor<1x5x2x2x2x4x2xf32>, tensor<1x5x2x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

func.func @unknown(%value: tensor<1x2x6x4xf32>, %locations: tensor<1x5x2x1x3x2xf32>, %weights: tensor<1x5x2x1x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+2 {{expected ::mlir::bev::ValueLayout to be one of: position_major, head_major}}
  // expected-error@+1 {{failed to parse BEV_ValueLayoutAttr parameter 'value'}}
  %0 = bev.ms_deform_attn levels([2, 3]) value_layout(channel_major)
      ins(%value, %locations, %weights : tensor<1x2x6x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}
