// RUN: bev-opt %s -bev-pack-projections -canonicalize -cse -split-input-file | FileCheck %s

// Biases are what the products begin with; constant weights become a constant.
// CHECK-LABEL: func.func @constants
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<5x3xf32>, %[[B0:[a-z0-9]+]]: tensor<16xf32>, %[[B1:[a-z0-9]+]]: tensor<8xf32>
func.func @constants(%x: tensor<5x3xf32>, %offset_vector: tensor<16xf32>, %logit_vector: tensor<8xf32>, %value: tensor<1x6x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK-DAG: %[[WEIGHT:.+]] = arith.constant dense<{{\[}}[1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 0.000000e+00, 1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00], [
  %offset_weight = arith.constant dense<1.0> : tensor<3x16xf32>
  %logit_weight = arith.constant dense<[[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0], [16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 23.0]]> : tensor<3x8xf32>
  // CHECK: %[[VECTOR:.+]] = tensor.concat dim(0) %[[B0]], %[[B1]] : (tensor<16xf32>, tensor<8xf32>) -> tensor<24xf32>
  // CHECK: %[[BIAS:.+]] = linalg.broadcast ins(%[[VECTOR]] : tensor<24xf32>) outs(%{{.+}} : tensor<5x24xf32>) dimensions = [0]
  %offset_empty = tensor.empty() : tensor<5x16xf32>
  %offset_bias = linalg.broadcast ins(%offset_vector : tensor<16xf32>) outs(%offset_empty : tensor<5x16xf32>) dimensions = [0]
  %logit_empty = tensor.empty() : tensor<5x8xf32>
  %logit_bias = linalg.broadcast ins(%logit_vector : tensor<8xf32>) outs(%logit_empty : tensor<5x8xf32>) dimensions = [0]
  // CHECK: %[[ROWS:.+]] = linalg.matmul ins(%[[X]], %[[WEIGHT:.+]] : tensor<5x3xf32>, tensor<3x24xf32>)
  // CHECK-SAME: outs(%[[BIAS]] : tensor<5x24xf32>) -> tensor<5x24xf32>
  // CHECK-NOT: linalg.matmul
  // CHECK: %[[OFFSET_ROWS:.+]] = tensor.extract_slice %[[ROWS]][0, 0] [5, 16] [1, 1] : tensor<5x24xf32> to tensor<5x16xf32>
  // CHECK: %[[LOGIT_ROWS:.+]] = tensor.extract_slice %[[ROWS]][0, 16] [5, 8] [1, 1] : tensor<5x24xf32> to tensor<5x8xf32>
  // CHECK: %[[OFFSETS:.+]] = tensor.expand_shape %[[OFFSET_ROWS]]
  // CHECK: %[[LOGITS:.+]] = tensor.expand_shape %[[LOGIT_ROWS]]
  %offset_rows = linalg.matmul ins(%x, %offset_weight : tensor<5x3xf32>, tensor<3x16xf32>)
      outs(%offset_bias : tensor<5x16xf32>) -> tensor<5x16xf32>
  %logit_rows = linalg.matmul ins(%x, %logit_weight : tensor<5x3xf32>, tensor<3x8xf32>)
      outs(%logit_bias : tensor<5x8xf32>) -> tensor<5x8xf32>
  %offsets = tensor.expand_shape %offset_rows [[0, 1], [2, 3, 4, 5]] output_shape [1, 5, 2, 1, 4, 2]
      : tensor<5x16xf32> into tensor<1x5x2x1x4x2xf32>
  %logits = tensor.expand_shape %logit_rows [[0, 1], [2, 3]] output_shape [1, 5, 2, 4]
      : tensor<5x8xf32> into tensor<1x5x2x4xf32>
  // CHECK: bev.deformable_attention level levels([2, 3]) ins(%{{.+}}, %{{.+}}, %[[OFFSETS]], %[[LOGITS]] :
  %r = bev.deformable_attention level levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x6x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %r : tensor<1x5x2x4xf32>
}

// -----

// Biases are added afterwards, to rows that are a batch and queries; weights are
// arguments, and so large an input is worth putting them together.
// CHECK-LABEL: func.func @afterwards
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<4096x4096xf16>, %[[W0:[a-z0-9]+]]: tensor<4096x16xf16>, %[[W1:[a-z0-9]+]]: tensor<4096x8xf16>
#all = affine_map<(b, q, c) -> (b, q, c)>
#last = affine_map<(b, q, c) -> (c)>
func.func @afterwards(%x: tensor<4096x4096xf16>, %offset_weight: tensor<4096x16xf16>, %logit_weight: tensor<4096x8xf16>, %offset_bias: tensor<16xf16>, %logit_bias: tensor<8xf16>, %value: tensor<4x2x6x2x4xf16>, %uv: tensor<4x2x1024x4x2xf32>, %visible: tensor<4x2x1024x4xi1>, %init: tensor<4x1024x2x4xf16>) -> tensor<4x1024x2x4xf16> {
  // CHECK: %[[WEIGHT:.+]] = tensor.concat dim(1) %[[W0]], %[[W1]] : (tensor<4096x16xf16>, tensor<4096x8xf16>) -> tensor<4096x24xf16>
  // CHECK: %[[BIAS:.+]] = tensor.concat dim(0)
  // CHECK: %[[PRODUCT:.+]] = linalg.matmul ins(%[[X]], %[[WEIGHT]] : {{.*}}) outs(%{{.+}} : tensor<4096x24xf16>)
  // CHECK: %[[ROWS:.+]] = linalg.generic {{.*}} ins(%[[PRODUCT]], %[[BIAS]] : tensor<4096x24xf16>, tensor<24xf16>)
  // CHECK: tensor.extract_slice %[[ROWS]][0, 0] [4096, 16] [1, 1]
  // CHECK: tensor.extract_slice %[[ROWS]][0, 16] [4096, 8] [1, 1]
  // CHECK-NOT: linalg.matmul
  %zero = arith.constant 0.0 : f16
  %offset_empty = tensor.empty() : tensor<4096x16xf16>
  %offset_zeros = linalg.fill ins(%zero : f16) outs(%offset_empty : tensor<4096x16xf16>) -> tensor<4096x16xf16>
  %offset_product = linalg.matmul ins(%x, %offset_weight : tensor<4096x4096xf16>, tensor<4096x16xf16>) outs(%offset_zeros : tensor<4096x16xf16>) -> tensor<4096x16xf16>
  %offset_split = tensor.expand_shape %offset_product [[0, 1], [2]] output_shape [4, 1024, 16] : tensor<4096x16xf16> into tensor<4x1024x16xf16>
  %offset_dest = tensor.empty() : tensor<4x1024x16xf16>
  %offset_rows = linalg.generic {indexing_maps = [#all, #last, #all], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%offset_split, %offset_bias : tensor<4x1024x16xf16>, tensor<16xf16>) outs(%offset_dest : tensor<4x1024x16xf16>) {
  ^bb0(%p: f16, %c: f16, %out: f16):
    %sum = arith.addf %p, %c : f16
    linalg.yield %sum : f16
  } -> tensor<4x1024x16xf16>
  %offsets = tensor.expand_shape %offset_rows [[0], [1], [2, 3, 4, 5]] output_shape [4, 1024, 2, 1, 4, 2] : tensor<4x1024x16xf16> into tensor<4x1024x2x1x4x2xf16>
  %logit_empty = tensor.empty() : tensor<4096x8xf16>
  %logit_zeros = linalg.fill ins(%zero : f16) outs(%logit_empty : tensor<4096x8xf16>) -> tensor<4096x8xf16>
  %logit_product = linalg.matmul ins(%x, %logit_weight : tensor<4096x4096xf16>, tensor<4096x8xf16>) outs(%logit_zeros : tensor<4096x8xf16>) -> tensor<4096x8xf16>
  %logit_split = tensor.expand_shape %logit_product [[0, 1], [2]] output_shape [4, 1024, 8] : tensor<4096x8xf16> into tensor<4x1024x8xf16>
  %logit_dest = tensor.empty() : tensor<4x1024x8xf16>
  %logit_rows = linalg.generic {indexing_maps = [#all, #last, #all], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%logit_split, %logit_bias : tensor<4x1024x8xf16>, tensor<8xf16>) outs(%logit_dest : tensor<4x1024x8xf16>) {
  ^bb0(%p: f16, %c: f16, %out: f16):
    %sum = arith.addf %c, %p : f16
    linalg.yield %sum : f16
  } -> tensor<4x1024x8xf16>
  %logits = tensor.expand_shape %logit_rows [[0], [1], [2, 3]] output_shape [4, 1024, 2, 4] : tensor<4x1024x8xf16> into tensor<4x1024x2x4xf16>
  %r = bev.spatial_cross_attention levels([2, 3])
      ins(%value, %uv, %visible, %offsets, %logits : tensor<4x2x6x2x4xf16>, tensor<4x2x1024x4x2xf32>, tensor<4x2x1024x4xi1>, tensor<4x1024x2x1x4x2xf16>, tensor<4x1024x2x4xf16>)
      outs(%init : tensor<4x1024x2x4xf16>) -> tensor<4x1024x2x4xf16>
  return %r : tensor<4x1024x2x4xf16>
}

// -----

// Few rows of other weights than constants, other inputs, a bias for one only.
// CHECK-LABEL: func.func @apart
func.func @apart(%x: tensor<5x3xf32>, %y: tensor<5x3xf32>, %w0: tensor<3x16xf32>, %w1: tensor<3x8xf32>, %bias: tensor<8xf32>, %value: tensor<1x6x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %init: tensor<1x5x2x4xf32>) -> (tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>) {
  // CHECK-NOT: tensor.extract_slice
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant dense<1.0> : tensor<3x16xf32>
  %c1 = arith.constant dense<1.0> : tensor<3x8xf32>
  %wide = tensor.empty() : tensor<5x16xf32>
  %wide_zeros = linalg.fill ins(%zero : f32) outs(%wide : tensor<5x16xf32>) -> tensor<5x16xf32>
  %narrow = tensor.empty() : tensor<5x8xf32>
  %narrow_zeros = linalg.fill ins(%zero : f32) outs(%narrow : tensor<5x8xf32>) -> tensor<5x8xf32>
  %spread = linalg.broadcast ins(%bias : tensor<8xf32>) outs(%narrow : tensor<5x8xf32>) dimensions = [0]
  %p0 = linalg.matmul ins(%x, %w0 : tensor<5x3xf32>, tensor<3x16xf32>) outs(%wide_zeros : tensor<5x16xf32>) -> tensor<5x16xf32>
  %p1 = linalg.matmul ins(%x, %w1 : tensor<5x3xf32>, tensor<3x8xf32>) outs(%narrow_zeros : tensor<5x8xf32>) -> tensor<5x8xf32>
  %p2 = linalg.matmul ins(%x, %c0 : tensor<5x3xf32>, tensor<3x16xf32>) outs(%wide_zeros : tensor<5x16xf32>) -> tensor<5x16xf32>
  %p3 = linalg.matmul ins(%y, %c1 : tensor<5x3xf32>, tensor<3x8xf32>) outs(%narrow_zeros : tensor<5x8xf32>) -> tensor<5x8xf32>
  %p4 = linalg.matmul ins(%x, %c1 : tensor<5x3xf32>, tensor<3x8xf32>) outs(%spread : tensor<5x8xf32>) -> tensor<5x8xf32>
  %o0 = tensor.expand_shape %p0 [[0, 1], [2, 3, 4, 5]] output_shape [1, 5, 2, 1, 4, 2] : tensor<5x16xf32> into tensor<1x5x2x1x4x2xf32>
  %l0 = tensor.expand_shape %p1 [[0, 1], [2, 3]] output_shape [1, 5, 2, 4] : tensor<5x8xf32> into tensor<1x5x2x4xf32>
  %o1 = tensor.expand_shape %p2 [[0, 1], [2, 3, 4, 5]] output_shape [1, 5, 2, 1, 4, 2] : tensor<5x16xf32> into tensor<1x5x2x1x4x2xf32>
  %l1 = tensor.expand_shape %p3 [[0, 1], [2, 3]] output_shape [1, 5, 2, 4] : tensor<5x8xf32> into tensor<1x5x2x4xf32>
  %l2 = tensor.expand_shape %p4 [[0, 1], [2, 3]] output_shape [1, 5, 2, 4] : tensor<5x8xf32> into tensor<1x5x2x4xf32>
  %0 = bev.deformable_attention level levels([2, 3])
      ins(%value, %reference, %o0, %l0 : tensor<1x6x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  %1 = bev.deformable_attention level levels([2, 3])
      ins(%value, %reference, %o1, %l1 : tensor<1x6x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  %2 = bev.deformable_attention level levels([2, 3])
      ins(%value, %reference, %o1, %l2 : tensor<1x6x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0, %1, %2 : tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>
}
