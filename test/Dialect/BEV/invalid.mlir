// RUN: bev-opt %s -split-input-file -verify-diagnostics

// What every op shares: operand types, results, containers.

// msda_c1: tensors and memrefs
func.func @msda_c1(%value: memref<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : memref<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c1: tensors and memrefs
func.func @da_c1(%value: memref<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : memref<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c1: tensors and memrefs
func.func @sca_c1(%value: memref<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : memref<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// tsa_c1: tensors and memrefs
func.func @tsa_c1(%value: memref<1x2x6x2x4xf32>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.temporal_self_attention' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0 = bev.temporal_self_attention levels([2, 3])
      ins(%value, %reference, %offsets, %logits : memref<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// pp_c1: tensors and memrefs
func.func @pp_c1(%points: memref<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : memref<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// es_c1: tensors and memrefs
func.func @es_c1(%can_bus: memref<2x18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50, 50])
      ins(%can_bus : memref<2x18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// wb_c1: tensors and memrefs
func.func @wb_c1(%prev: memref<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : memref<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// gs_c1: tensors and memrefs
func.func @gs_c1(%input: memref<2x3x5x7xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : memref<2x3x5x7xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// is_c1: tensors and memrefs
func.func @is_c1(%input: memref<3x4xf32>, %init: tensor<3x4xf32>) {
  // expected-error@+1 {{'bev.inverse_sigmoid' op expected all operands to be tensors or all to be memrefs, but got a mix}}
  %0 = bev.inverse_sigmoid
      ins(%input : memref<3x4xf32>)
      outs(%init : tensor<3x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

// msda_c1: rank 0
func.func @msda_c1(%value: tensor<f32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'value' to have rank 4, but got 0}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<f32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// wb_c1: rank 0
func.func @wb_c1(%prev: tensor<2x5x7x8xf32>, %angle: tensor<f32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'angle' to have rank 1, but got 0}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<f32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// msda_c1: operand types
func.func @msda_c1(%value: tensor<*xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op operand #0 must be ranked tensor or memref of f16, bf16 or f32}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<*xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1: operand types
func.func @msda_c1(%value: memref<*xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op operand #0 must be ranked tensor or memref of f16, bf16 or f32}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : memref<*xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1: operand types
func.func @msda_c1(%value: tensor<1x8x2x4xvector<2xf32>>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op operand #0 must be ranked tensor or memref of f16, bf16 or f32}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xvector<2xf32>>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1: operand types
func.func @msda_c1(%value: tensor<1x8x2x4xf64>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op operand #0 must be ranked tensor or memref of f16, bf16 or f32}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf64>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1: operand types
func.func @msda_c1(%value: tensor<1x8x2x4xi8>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op operand #0 must be ranked tensor or memref of f16, bf16 or f32}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xi8>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1: operand types
func.func @msda_c1(%value: tensor<1x8x2x4xcomplex<f32>>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op operand #0 must be ranked tensor or memref of f16, bf16 or f32}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xcomplex<f32>>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1: coordinates are never below f32
func.func @msda_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf16>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op operand #1 must be ranked tensor or memref of f32}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf16>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c1: coordinates are never below f32
func.func @da_c1(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xbf16>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op operand #1 must be ranked tensor or memref of f32}}
  %0 = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xbf16>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// sca_c1: masks are i1
func.func @sca_c1(%value: tensor<1x6x8x2x4xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi8>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.spatial_cross_attention' op operand #2 must be ranked tensor or memref of i1}}
  %0 = bev.spatial_cross_attention levels([2, 3], [1, 2])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x6x8x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi8>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1: a result per tensor
func.func @msda_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected the number of tensor results (0) to be equal to the number of output tensors (1)}}
  bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>)
  return
}

// -----

// msda_c1: a result per tensor
func.func @msda_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected the number of tensor results (2) to be equal to the number of output tensors (1)}}
  %0:2 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c1: no result for memrefs
func.func @msda_c1(%value: memref<1x8x2x4xf32>, %locations: memref<1x5x2x2x3x2xf32>, %weights: memref<1x5x2x2x3xf32>, %init: memref<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected the number of tensor results (1) to be equal to the number of output tensors (0)}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : memref<1x8x2x4xf32>, memref<1x5x2x2x3x2xf32>, memref<1x5x2x2x3xf32>)
      outs(%init : memref<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// pp_c1: a result per tensor
func.func @pp_c1(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected the number of tensor results (1) to be equal to the number of output tensors (2)}}
  %0 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>
  return
}

// -----

// msda_c1: results are of their init's type
func.func @msda_c1(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected type of operand #3 ('tensor<1x5x2x4xf32>') to match type of corresponding result ('tensor<1x?x2x4xf32>')}}
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x?x2x4xf32>
  return
}
