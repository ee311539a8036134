// RUN: bev-opt %s -bev-compose-attention -split-input-file | FileCheck %s

// The parts as one generic each, spellings of frameworks, and what must not be
// composed.

#point = affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>
#reference = affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>
#level = affine_map<(b, q, m, l, p, c) -> (l, c)>
// CHECK-LABEL: func.func @parts
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x1x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x5x2x1x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x4xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf32>
func.func @parts(%value: tensor<1x6x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x4x2xf32>, %logits: tensor<1x5x2x4xf32>, %init: tensor<1x5x2x4xf32>, %empty: tensor<1x5x2x1x4x2xf32>, %weights_init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0]]> : tensor<1x2xf32>
  %locations = linalg.generic {
      indexing_maps = [#reference, #point, #level, #point],
      iterator_types = ["parallel", "parallel", "parallel",
                        "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x1x2xf32>,
          tensor<1x5x2x1x4x2xf32>, tensor<1x2xf32>)
      outs(%empty : tensor<1x5x2x1x4x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %scaled = arith.divf %o, %s : f32
    %location = arith.addf %r, %scaled : f32
    linalg.yield %location : f32
  } -> tensor<1x5x2x1x4x2xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x4xf32>)
      outs(%weights_init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]]
      output_shape [1, 5, 2, 1, 4]
      : tensor<1x5x2x4xf32> into tensor<1x5x2x1x4xf32>
  // CHECK: %[[R:.+]] = bev.deformable_attention level levels([2, 3])
  // CHECK-SAME: ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : {{[^)]*}})
  // CHECK-SAME: outs(%[[INIT]] : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  %r = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>,
          tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %r : tensor<1x5x2x4xf32>
}

// -----

//===----------------------------------------------------------------------===//
// Spellings
//===----------------------------------------------------------------------===//

// Deformable-DETR: normalisers and references broadcast one by one, a scale by
// the reciprocal, offsets cut out of a linear layer's result.
// CHECK-LABEL: func.func @elementwise_ops
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x2x2xf32>, %[[LINEAR:[a-z0-9]+]]: tensor<1x5x24xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x6xf32>
func.func @elementwise_ops(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %linear: tensor<1x5x24xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %offsets = tensor.expand_shape %linear [[0], [1], [2, 3, 4, 5]] output_shape [1, 5, 2, 2, 3, 2] : tensor<1x5x24xf32> into tensor<1x5x2x2x3x2xf32>
  %sizes = arith.constant dense<[[0.333333343, 0.5], [0.5, 1.0]]> : tensor<2x2xf32>
  %sizes_all = linalg.broadcast ins(%sizes : tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) dimensions = [0, 1, 2, 4]
  %reference_all = linalg.broadcast ins(%reference : tensor<1x5x2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) dimensions = [2, 4]
  %scaled = arith.mulf %sizes_all, %offsets : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.add ins(%scaled, %reference_all : tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: %[[OFFSETS:.+]] = tensor.expand_shape %[[LINEAR]]
  // CHECK-NEXT: bev.deformable_attention level levels([2, 3], [1, 2]) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] :
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// BEVFormer's pillars: points split after the division. f16 offsets and logits
// are extended on the way.
// CHECK-LABEL: func.func @pillars
//  CHECK-SAME: %[[REFERENCE:[a-z0-9]+]]: tensor<?x?x4x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<?x?x2x1x8x2xf16>, %[[LOGITS:[a-z0-9]+]]: tensor<?x?x2x8xf16>
#id = affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>
#map = affine_map<(b, q, m, l, p, z, c) -> (b, q, m, l, p, z, c)>
#ref = affine_map<(b, q, m, l, p, z, c) -> (b, q, z, c)>
#xy = affine_map<(b, q, m, l, p, c) -> (c)>
func.func @pillars(%value: tensor<?x6x2x4xf16>, %reference: tensor<?x?x4x2xf32>, %offsets: tensor<?x?x2x1x8x2xf16>, %logits: tensor<?x?x2x8xf16>, %init: tensor<?x?x2x4xf16>, %b: index, %q: index) -> tensor<?x?x2x4xf16> {
  %sizes = arith.constant dense<[3.0, 2.0]> : tensor<2xf32>
  %empty = tensor.empty(%b, %q) : tensor<?x?x2x1x8x2xf32>
  %normal = linalg.generic {indexing_maps = [#id, #xy, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%offsets, %sizes : tensor<?x?x2x1x8x2xf16>, tensor<2xf32>) outs(%empty : tensor<?x?x2x1x8x2xf32>) {
  ^bb0(%o: f16, %s: f32, %out: f32):
    %e = arith.extf %o : f16 to f32
    %d = arith.divf %e, %s : f32
    linalg.yield %d : f32
  } -> tensor<?x?x2x1x8x2xf32>
  %split = tensor.expand_shape %normal [[0], [1], [2], [3], [4, 5], [6]] output_shape [%b, %q, 2, 1, 2, 4, 2] : tensor<?x?x2x1x8x2xf32> into tensor<?x?x2x1x2x4x2xf32>
  %sum_init = tensor.empty(%b, %q) : tensor<?x?x2x1x2x4x2xf32>
  %sum = linalg.generic {indexing_maps = [#ref, #map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %split : tensor<?x?x4x2xf32>, tensor<?x?x2x1x2x4x2xf32>) outs(%sum_init : tensor<?x?x2x1x2x4x2xf32>) {
  ^bb0(%r: f32, %o: f32, %out: f32):
    %a = arith.addf %r, %o : f32
    linalg.yield %a : f32
  } -> tensor<?x?x2x1x2x4x2xf32>
  %locations = tensor.collapse_shape %sum [[0], [1], [2], [3], [4, 5], [6]] : tensor<?x?x2x1x2x4x2xf32> into tensor<?x?x2x1x8x2xf32>
  %logits32 = arith.extf %logits : tensor<?x?x2x8xf16> to tensor<?x?x2x8xf32>
  %softmax_init = tensor.empty(%b, %q) : tensor<?x?x2x8xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits32 : tensor<?x?x2x8xf32>) outs(%softmax_init : tensor<?x?x2x8xf32>) -> tensor<?x?x2x8xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [%b, %q, 2, 1, 8] : tensor<?x?x2x8xf32> into tensor<?x?x2x1x8xf32>
  // CHECK: bev.deformable_attention pillar levels([2, 3]) ins(%{{.+}}, %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] :
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<?x6x2x4xf16>, tensor<?x?x2x1x8x2xf32>, tensor<?x?x2x1x8xf32>)
      outs(%init : tensor<?x?x2x4xf16>) -> tensor<?x?x2x4xf16>
  return %0 : tensor<?x?x2x4xf16>
}

// -----

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

// -----

// Normalisers in the order (H, W).
// CHECK-LABEL: func.func @sizes_swapped
func.func @sizes_swapped(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[2.0, 3.0], [1.0, 2.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}
// One normaliser is not the level's.
// CHECK-LABEL: func.func @sizes_of_another_map
func.func @sizes_of_another_map(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0000005]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// A division by zero.
// CHECK-LABEL: func.func @zero_size
func.func @zero_size(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [0.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// Offsets in units of the map.
// CHECK-LABEL: func.func @not_normalised
func.func @not_normalised(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %a = arith.addf %r, %o : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// The reference is scaled too.
// CHECK-LABEL: func.func @scaled_reference
func.func @scaled_reference(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %a0 = arith.addf %r, %o : f32
    %a = arith.divf %a0, %s : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// The offset is subtracted.
// CHECK-LABEL: func.func @subtracted
func.func @subtracted(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.subf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// Three terms.
// CHECK-LABEL: func.func @another_term
func.func @another_term(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a0 = arith.addf %r, %d : f32
    %a = arith.addf %a0, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// The offset squared.
// CHECK-LABEL: func.func @squared
func.func @squared(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %e = arith.mulf %d, %o : f32
    %a = arith.addf %r, %e : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// A function of the offset.
// CHECK-LABEL: func.func @unknown_arithmetic
func.func @unknown_arithmetic(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %e = math.tanh %d : f32
    %a = arith.addf %r, %e : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// y of the offset is added to x of the reference.
// CHECK-LABEL: func.func @coordinates_swapped
func.func @coordinates_swapped(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, 1 - c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// Offsets broadcast over the points.
// CHECK-LABEL: func.func @one_offset_for_all_points
func.func @one_offset_for_all_points(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x1x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, 0, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x1x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// The points permuted.
// CHECK-LABEL: func.func @offsets_of_another_point
func.func @offsets_of_another_point(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, 2 - p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// The levels' references permuted.
// CHECK-LABEL: func.func @references_of_another_level
func.func @references_of_another_level(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, 1 - l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// A reference per head is none of the reference kinds.
// CHECK-LABEL: func.func @references_by_head
func.func @references_by_head(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, m, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// One reference for all queries.
// CHECK-LABEL: func.func @references_broadcast_over_queries
func.func @references_broadcast_over_queries(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x1x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, 0, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x1x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// One reference for all batch rows.
// CHECK-LABEL: func.func @references_broadcast_over_batch
func.func @references_broadcast_over_batch(%value: tensor<2x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<2x5x2x2x3x2xf32>, %logits: tensor<2x5x2x6xf32>, %init: tensor<2x5x2x4xf32>) -> tensor<2x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<2x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (0, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<2x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<2x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<2x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<2x5x2x6xf32>
  %softmax = linalg.softmax dimension(3) ins(%logits : tensor<2x5x2x6xf32>) outs(%softmax_init : tensor<2x5x2x6xf32>) -> tensor<2x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [2, 5, 2, 2, 3] : tensor<2x5x2x6xf32> into tensor<2x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<2x8x2x4xf32>, tensor<2x5x2x2x3x2xf32>, tensor<2x5x2x2x3xf32>)
      outs(%init : tensor<2x5x2x4xf32>) -> tensor<2x5x2x4xf32>
  return %0 : tensor<2x5x2x4xf32>
}

// -----

// The softmax is over another dimension.
// CHECK-LABEL: func.func @softmax_over_queries
func.func @softmax_over_queries(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x6xf32>
  %softmax = linalg.softmax dimension(1) ins(%logits : tensor<1x5x2x6xf32>) outs(%softmax_init : tensor<1x5x2x6xf32>) -> tensor<1x5x2x6xf32>
  %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]] output_shape [1, 5, 2, 2, 3] : tensor<1x5x2x6xf32> into tensor<1x5x2x2x3xf32>
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// The softmax is per level, not joint.
// CHECK-LABEL: func.func @softmax_per_level
func.func @softmax_per_level(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %sizes = arith.constant dense<[[3.0, 2.0], [2.0, 1.0]]> : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x5x2x2x3x2xf32>
  %locations = linalg.generic {indexing_maps = [
        affine_map<(b, q, m, l, p, c) -> (b, q, l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>,
        affine_map<(b, q, m, l, p, c) -> (l, c)>, affine_map<(b, q, m, l, p, c) -> (b, q, m, l, p, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%reference, %offsets, %sizes : tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<2x2xf32>) outs(%empty : tensor<1x5x2x2x3x2xf32>) {
  ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
    %d = arith.divf %o, %s : f32
    %a = arith.addf %r, %d : f32
    linalg.yield %a : f32
  } -> tensor<1x5x2x2x3x2xf32>
  %softmax_init = tensor.empty() : tensor<1x5x2x2x3xf32>
  %softmax = linalg.softmax dimension(4) ins(%logits : tensor<1x5x2x2x3xf32>) outs(%softmax_init : tensor<1x5x2x2x3xf32>) -> tensor<1x5x2x2x3xf32>
  
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %softmax : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// Weights that no softmax made.
// CHECK-LABEL: func.func @given_weights
func.func @given_weights(%value: tensor<1x8x2x4xf32>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @memrefs
func.func @memrefs(%value: memref<1x8x2x4xf32>, %locations: memref<1x5x2x2x3x2xf32>, %weights: memref<1x5x2x2x3xf32>, %init: memref<1x5x2x4xf32>) {
  // CHECK: bev.ms_deform_attn
  bev.ms_deform_attn levels([2, 3], [1, 2])
      ins(%value, %locations, %weights : memref<1x8x2x4xf32>, memref<1x5x2x2x3x2xf32>, memref<1x5x2x2x3xf32>)
      outs(%init : memref<1x5x2x4xf32>)
  return
}
