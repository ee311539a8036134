// RUN: bev-opt %s -bev-propagate-value-layout -canonicalize -split-input-file | FileCheck %s
// RUN: bev-opt %s -bev-propagate-value-layout=when=always -canonicalize -split-input-file | FileCheck %s --check-prefixes=CHECK,ALWAYS
// RUN: bev-opt %s -bev-propagate-value-layout=when=never -split-input-file | FileCheck %s --check-prefix=NEVER --implicit-check-not=head_major
// RUN: not bev-opt %s -bev-propagate-value-layout=when=often -split-input-file 2>&1 | FileCheck %s --check-prefix=WHEN

// NEVER-LABEL: func.func @bias
// WHEN: error: expected when to be never, absorbed, pays or always, but got 'often'

// The bias of the projection is added in the new order; the product stays as it
// is.
#identity = affine_map<(r, c) -> (r, c)>
#channels = affine_map<(r, c) -> (c)>
// CHECK-DAG: #[[IDENTITY:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-DAG: #[[CHANNELS:.+]] = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
// CHECK-DAG: #[[HEADS:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d2, d1, d3)>
// CHECK-LABEL: func.func @bias
func.func @bias(%rows: tensor<6x5xf32>, %weight: tensor<5x8xf32>, %bias: tensor<8xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x4x2xf32>, %logits: tensor<1x5x2x4xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<6x8xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<6x8xf32>) -> tensor<6x8xf32>
  // CHECK: linalg.matmul
  %product = linalg.matmul ins(%rows, %weight : tensor<6x5xf32>, tensor<5x8xf32>) outs(%zeros : tensor<6x8xf32>) -> tensor<6x8xf32>
  // CHECK: %[[VALUE:.+]] = linalg.generic {indexing_maps = [#[[IDENTITY]], #[[CHANNELS]], #[[HEADS]]], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
  // CHECK-SAME: ins(%{{.+}}, %{{.+}} : tensor<1x6x2x4xf32>, tensor<2x4xf32>) outs(%{{.+}} : tensor<1x2x6x4xf32>) {
  %value = linalg.generic {indexing_maps = [#identity, #channels, #identity], iterator_types = ["parallel", "parallel"]}
      ins(%product, %bias : tensor<6x8xf32>, tensor<8xf32>)
      outs(%empty : tensor<6x8xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %sum = arith.addf %x, %y : f32
    linalg.yield %sum : f32
  } -> tensor<6x8xf32>
  %heads = tensor.expand_shape %value [[0, 1], [2, 3]] output_shape [1, 6, 2, 4]
      : tensor<6x8xf32> into tensor<1x6x2x4xf32>
  // CHECK: %[[R:.+]] = bev.deformable_attention level levels([2, 3]) value_layout({{ ?}}head_major)
  // CHECK-SAME: ins(%[[VALUE]], {{.*}} : tensor<1x2x6x4xf32>, {{.*}}
  // CHECK: return %[[R]]
  %r = bev.deformable_attention level levels([2, 3])
      ins(%heads, %reference, %offsets, %logits : tensor<1x6x2x4xf32>,
          tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %r : tensor<1x5x2x4xf32>
}

// -----

// A product onto its bias writes in the new order itself, and the bias is spread
// that way. Cameras come before.
// CHECK-DAG: #[[X:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d5)>
// CHECK-DAG: #[[W:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d5, d3, d4)>
// CHECK-DAG: #[[OUT:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d3, d2, d4)>
// CHECK-LABEL: func.func @product
// NEVER-LABEL: func.func @product
func.func @product(%x: tensor<12x5xf16>, %weight: tensor<5x8xf16>, %bias: tensor<8xf16>, %uv: tensor<1x2x5x1x2xf32>, %visible: tensor<1x2x5x1xi1>, %offsets: tensor<1x5x2x1x4x2xf16>, %logits: tensor<1x5x2x4xf16>, %init: tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16> {
  %empty = tensor.empty() : tensor<12x8xf16>
  // CHECK: %[[BIAS:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<1x2x2x6x4xf16>)
  %spread = linalg.broadcast ins(%bias : tensor<8xf16>) outs(%empty : tensor<12x8xf16>) dimensions = [0]
  // CHECK: %[[VALUE:.+]] = linalg.generic {indexing_maps = [#[[X]], #[[W]], #[[OUT]]], {{.*}} outs(%[[BIAS]] : tensor<1x2x2x6x4xf16>)
  %product = linalg.matmul ins(%x, %weight : tensor<12x5xf16>, tensor<5x8xf16>) outs(%spread : tensor<12x8xf16>) -> tensor<12x8xf16>
  %heads = tensor.expand_shape %product [[0, 1, 2], [3, 4]] output_shape [1, 2, 6, 2, 4]
      : tensor<12x8xf16> into tensor<1x2x6x2x4xf16>
  // CHECK-NOT: linalg.transpose
  // CHECK: bev.spatial_cross_attention levels([2, 3]) value_layout({{ ?}}head_major) ins(%[[VALUE]],
  %r = bev.spatial_cross_attention levels([2, 3])
      ins(%heads, %uv, %visible, %offsets, %logits : tensor<1x2x6x2x4xf16>, tensor<1x2x5x1x2xf32>, tensor<1x2x5x1xi1>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>)
      outs(%init : tensor<1x5x2x4xf16>) -> tensor<1x5x2x4xf16>
  return %r : tensor<1x5x2x4xf16>
}

// -----

// Frames, of which the second is masked, are put together; positions are dynamic.
// CHECK-LABEL: func.func @frames
// NEVER-LABEL: func.func @frames
#id = affine_map<(b, t, s, m, d) -> (b, t, s, m, d)>
#cell = affine_map<(b, t, s, m, d) -> (s)>
func.func @frames(%x: tensor<1x1x?x2x4xf32>, %y: tensor<1x1x?x2x4xf32>, %mask: tensor<?xi1>, %reference: tensor<1x2x5x1x2xf32>, %offsets: tensor<1x5x2x2x1x4x2xf32>, %logits: tensor<1x5x2x2x4xf32>, %init: tensor<1x5x2x4xf32>, %h: index, %w: index) -> tensor<1x5x2x4xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %s = tensor.dim %mask, %c0 : tensor<?xi1>
  %empty = tensor.empty(%s) : tensor<1x1x?x2x4xf32>
  // CHECK-DAG: %[[ROOT:.+]] = linalg.generic {{.*}} ins(%{{[a-z0-9]+}} : tensor<1x1x?x2x4xf32>) outs(%{{.+}} : tensor<1x1x2x?x4xf32>)
  %root = linalg.sqrt ins(%x : tensor<1x1x?x2x4xf32>) outs(%empty : tensor<1x1x?x2x4xf32>) -> tensor<1x1x?x2x4xf32>
  // CHECK-DAG: %[[MASKED:.+]] = linalg.generic {{.*}} ins(%{{.+}}, %{{.+}} : tensor<1x1x?x2x4xf32>, tensor<?xi1>) outs(%{{.+}} : tensor<1x1x2x?x4xf32>)
  %masked = linalg.generic {indexing_maps = [#id, #cell, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%y, %mask : tensor<1x1x?x2x4xf32>, tensor<?xi1>) outs(%empty : tensor<1x1x?x2x4xf32>) {
  ^bb0(%element: f32, %keep: i1, %out: f32):
    %kept = arith.select %keep, %element, %zero : f32
    linalg.yield %kept : f32
  } -> tensor<1x1x?x2x4xf32>
  // CHECK: %[[VALUE:.+]] = tensor.concat dim(1) %[[ROOT]], %[[MASKED]] : (tensor<1x1x2x?x4xf32>, tensor<1x1x2x?x4xf32>) -> tensor<1x2x2x?x4xf32>
  %value = tensor.concat dim(1) %root, %masked : (tensor<1x1x?x2x4xf32>, tensor<1x1x?x2x4xf32>) -> tensor<1x2x?x2x4xf32>
  // CHECK: bev.temporal_self_attention levels([%{{.+}}, %{{.+}}]) value_layout({{ ?}}head_major) ins(%[[VALUE]],
  %r = bev.temporal_self_attention levels([%h, %w])
      ins(%value, %reference, %offsets, %logits : tensor<1x2x?x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %r : tensor<1x5x2x4xf32>
}

// -----

// What nobody here computes, and what others read too, is copied only where all
// are asked for.
// CHECK-LABEL: func.func @argument
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x2x4xf32>
// NEVER-LABEL: func.func @argument
func.func @argument(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %init: tensor<1x5x2x4xf32>) -> (tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>, tensor<1x6x2x4xf32>) {
  // ALWAYS: %[[COPY:.+]] = linalg.transpose ins(%[[VALUE]] : tensor<1x6x2x4xf32>) outs(%{{.+}} : tensor<1x2x6x4xf32>) permutation = [0, 2, 1, 3]{{ *$}}
  // ALWAYS: bev.ms_deform_attn levels([2, 3]) value_layout({{ ?}}head_major) ins(%[[COPY]],
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // ALWAYS: bev.ms_deform_attn levels([2, 3]) value_layout({{ ?}}head_major) ins(%[[COPY]],
  %1 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%0 : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: return {{.*}} %[[VALUE]]
  return %0, %1, %value : tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>, tensor<1x6x2x4xf32>
}
