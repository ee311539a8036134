// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --lower-to-nvvm='chip=sm_90 format=llvm' | FileCheck %s --implicit-check-not=bevrtDeviceCopy
// RUN: bev-opt %s --lower-to-nvvm='chip=sm_90 format=llvm head-major-values=absorbed' | FileCheck %s --check-prefixes=CHECK,ABSORBED --implicit-check-not=bevrtDeviceCopy

// An attention between its linear layers, with a position that is added to its
// queries, is five kernels: the sum of query and position, the value, offsets and
// logits, the attention, and the projection of its result with bias and residual.
// A value that is written head-major by its bias has one more.

#rows = affine_map<(q, c) -> (q, c)>
#columns = affine_map<(q, c) -> (c)>
// CHECK-LABEL: llvm.func @layer
// CHECK-COUNT-5: gpu.launch_func
// ABSORBED: gpu.launch_func
// CHECK-NOT: gpu.launch_func
// CHECK: llvm.return
func.func @layer(%features: tensor<600x16xf32>, %query: tensor<500x16xf32>, %position: tensor<500x16xf32>, %reference: tensor<1x500x1x2xf32>) -> tensor<500x16xf32> {
  %zero = arith.constant 0.0 : f32
  %value_weight = arith.constant dense<0.1> : tensor<16x16xf32>
  %value_bias = arith.constant dense<0.2> : tensor<16xf32>
  %offset_weight = arith.constant dense<0.3> : tensor<16x16xf32>
  %offset_bias = arith.constant dense<0.4> : tensor<16xf32>
  %logit_weight = arith.constant dense<0.5> : tensor<16x8xf32>
  %logit_bias = arith.constant dense<0.6> : tensor<8xf32>
  %out_weight = arith.constant dense<0.7> : tensor<16x16xf32>
  %out_bias = arith.constant dense<0.8> : tensor<16xf32>
  %cells = tensor.empty() : tensor<600x16xf32>
  %wide = tensor.empty() : tensor<500x16xf32>
  %narrow = tensor.empty() : tensor<500x8xf32>
  %cell_zeros = linalg.fill ins(%zero : f32) outs(%cells : tensor<600x16xf32>) -> tensor<600x16xf32>
  %wide_zeros = linalg.fill ins(%zero : f32) outs(%wide : tensor<500x16xf32>) -> tensor<500x16xf32>
  %narrow_zeros = linalg.fill ins(%zero : f32) outs(%narrow : tensor<500x8xf32>) -> tensor<500x8xf32>

  %placed = linalg.add ins(%query, %position : tensor<500x16xf32>, tensor<500x16xf32>) outs(%wide : tensor<500x16xf32>) -> tensor<500x16xf32>
  %value_product = linalg.matmul ins(%features, %value_weight : tensor<600x16xf32>, tensor<16x16xf32>) outs(%cell_zeros : tensor<600x16xf32>) -> tensor<600x16xf32>
  %value_rows = linalg.generic {indexing_maps = [#rows, #columns, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%value_product, %value_bias : tensor<600x16xf32>, tensor<16xf32>) outs(%cells : tensor<600x16xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %sum = arith.addf %x, %y : f32
    linalg.yield %sum : f32
  } -> tensor<600x16xf32>
  %value = tensor.expand_shape %value_rows [[0, 1], [2, 3]] output_shape [1, 600, 2, 8] : tensor<600x16xf32> into tensor<1x600x2x8xf32>
  %offset_product = linalg.matmul ins(%placed, %offset_weight : tensor<500x16xf32>, tensor<16x16xf32>) outs(%wide_zeros : tensor<500x16xf32>) -> tensor<500x16xf32>
  %offset_rows = linalg.generic {indexing_maps = [#rows, #columns, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%offset_product, %offset_bias : tensor<500x16xf32>, tensor<16xf32>) outs(%wide : tensor<500x16xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %sum = arith.addf %x, %y : f32
    linalg.yield %sum : f32
  } -> tensor<500x16xf32>
  %offsets = tensor.expand_shape %offset_rows [[0, 1], [2, 3, 4, 5]] output_shape [1, 500, 2, 1, 4, 2] : tensor<500x16xf32> into tensor<1x500x2x1x4x2xf32>
  %logit_product = linalg.matmul ins(%placed, %logit_weight : tensor<500x16xf32>, tensor<16x8xf32>) outs(%narrow_zeros : tensor<500x8xf32>) -> tensor<500x8xf32>
  %logit_rows = linalg.generic {indexing_maps = [#rows, #columns, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%logit_product, %logit_bias : tensor<500x8xf32>, tensor<8xf32>) outs(%narrow : tensor<500x8xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %sum = arith.addf %x, %y : f32
    linalg.yield %sum : f32
  } -> tensor<500x8xf32>
  %logits = tensor.expand_shape %logit_rows [[0, 1], [2, 3]] output_shape [1, 500, 2, 4] : tensor<500x8xf32> into tensor<1x500x2x4xf32>
  %init = tensor.empty() : tensor<1x500x2x8xf32>
  %heads = bev.deformable_attention level levels([20, 30])
      ins(%value, %reference, %offsets, %logits : tensor<1x600x2x8xf32>, tensor<1x500x1x2xf32>, tensor<1x500x2x1x4x2xf32>, tensor<1x500x2x4xf32>)
      outs(%init : tensor<1x500x2x8xf32>) -> tensor<1x500x2x8xf32>
  %attended = tensor.collapse_shape %heads [[0, 1], [2, 3]] : tensor<1x500x2x8xf32> into tensor<500x16xf32>
  %out_product = linalg.matmul ins(%attended, %out_weight : tensor<500x16xf32>, tensor<16x16xf32>) outs(%wide_zeros : tensor<500x16xf32>) -> tensor<500x16xf32>
  %projected = linalg.generic {indexing_maps = [#rows, #columns, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%out_product, %out_bias : tensor<500x16xf32>, tensor<16xf32>) outs(%wide : tensor<500x16xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %sum = arith.addf %x, %y : f32
    linalg.yield %sum : f32
  } -> tensor<500x16xf32>
  %result = linalg.add ins(%projected, %query : tensor<500x16xf32>, tensor<500x16xf32>) outs(%wide : tensor<500x16xf32>) -> tensor<500x16xf32>
  return %result : tensor<500x16xf32>
}
