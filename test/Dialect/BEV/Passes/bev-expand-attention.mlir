// RUN: bev-opt %s -bev-expand-attention -split-input-file | FileCheck %s

// CHECK-DAG: #[[POINT:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3, d4, d5)>
// CHECK-DAG: #[[REF:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d3, d5)>
// CHECK-DAG: #[[LEVEL:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d3, d5)>
// CHECK-LABEL: func.func @level
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x2x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x5x2x2x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x8xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf32>)
func.func @level(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK: %[[SIZES:.+]] = arith.constant dense<{{\[\[}}3.000000e+00, 2.000000e+00], [2.000000e+00, 1.000000e+00]]> : tensor<2x2xf32>
  // CHECK: %[[LOCATIONS:.+]] = linalg.generic
  // CHECK-SAME: ins(%[[OFFSETS]], %[[REFERENCE]], %[[SIZES]] : {{.*}}) outs({{.*}}) {
  // CHECK: ^bb0(%[[O:.+]]: f32, %[[P:.+]]: f32, %[[S:.+]]: f32, %{{.+}}: f32):
  // CHECK: %[[SCALED:.+]] = arith.divf %[[O]], %[[S]] : f32
  // CHECK: %[[LOCATION:.+]] = arith.addf %[[P]], %[[SCALED]] : f32
  // CHECK: linalg.yield %[[LOCATION]] : f32
  // CHECK: } -> tensor<1x5x2x2x4x2xf32>
  // CHECK: %[[SOFTMAX:.+]] = linalg.softmax dimension(3) ins(%[[LOGITS]] : {{.*}}) outs({{.*}})
  // CHECK: %[[WEIGHTS:.+]] = tensor.expand_shape %[[SOFTMAX]] {{\[\[}}0], [1], [2], [3, 4]]
  // CHECK: %[[R:.+]] = bev.ms_deform_attn levels([2, 3], [1, 2])
  // CHECK-SAME: ins(%[[VALUE]], %[[LOCATIONS]], %[[WEIGHTS]] : {{[^)]*}})
  // CHECK-SAME: outs(%[[INIT]] : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  %r = bev.deformable_attention level levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>,
          tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %r : tensor<1x5x2x4xf32>
}

// -----

// The softmax and the locations are f32 whatever the logits and offsets are;
// sizes that are not static are converted.
// CHECK-LABEL: func.func @half
//  CHECK-SAME: %[[OFFSETS:[a-z0-9]+]]: tensor<?x?x2x1x4x2xf16>, %[[LOGITS:[a-z0-9]+]]: tensor<?x?x2x4xf16>, %[[INIT:[a-z0-9]+]]: tensor<?x?x2x4xf16>, %[[H:[a-z0-9]+]]: index
func.func @half(%value: tensor<?x?x2x4xf16>, %reference: tensor<?x?x1x2xf32>, %offsets: tensor<?x?x2x1x4x2xf16>, %logits: tensor<?x?x2x4xf16>, %init: tensor<?x?x2x4xf16>, %h: index) -> tensor<?x?x2x4xf16> {
  // CHECK: %[[I32:.+]] = arith.index_cast %[[H]] : index to i32
  // CHECK: %[[F32:.+]] = arith.sitofp %[[I32]]
  // CHECK: tensor.from_elements %{{.+}}, %[[F32]] : tensor<1x2xf32>
  // CHECK: linalg.generic {{.*}} ins(%[[OFFSETS]],
  // CHECK: arith.extf
  // CHECK: arith.divf
  // CHECK: %[[LOGITS32:.+]] = linalg.generic {{.*}} ins(%[[LOGITS]] :
  // CHECK: linalg.softmax dimension(3) ins(%[[LOGITS32]] : tensor<?x?x2x4xf32>)
  // CHECK: bev.ms_deform_attn {{.*}} outs(%[[INIT]] : tensor<?x?x2x4xf16>)
  %0 = bev.deformable_attention level levels([%h, 3])
      ins(%value, %reference, %offsets, %logits : tensor<?x?x2x4xf16>, tensor<?x?x1x2xf32>, tensor<?x?x2x1x4x2xf16>, tensor<?x?x2x4xf16>)
      outs(%init : tensor<?x?x2x4xf16>) -> tensor<?x?x2x4xf16>
  return %0 : tensor<?x?x2x4xf16>
}

// -----

// CHECK-LABEL: func.func @box
//  CHECK-SAME: %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x1x4xf32>
func.func @box(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x4xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK-DAG: %[[XY:.+]] = tensor.extract_slice %[[REFERENCE]][0, 0, 0, 0] [1, 5, 1, 2]
  // CHECK-DAG: %[[WH:.+]] = tensor.extract_slice %[[REFERENCE]][0, 0, 0, 2] [1, 5, 1, 2]
  // CHECK: linalg.generic {{.*}} ins(%{{.+}}, %{{.+}}, %{{.+}} : {{.*}}) outs
  // CHECK: ^bb0(%[[O:.+]]: f32, %{{.+}}: f32, %{{.+}}: f32, %{{.+}}: f32):
  // CHECK: %[[P:.+]] = arith.constant 4.000000e+00 : f32
  // CHECK: arith.divf %[[O]], %[[P]]
  %0 = bev.deformable_attention box levels([2, 3], [1, 2])
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x1x4xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// Points are split so that one part counts the anchors: the inner one for mod,
// the outer one for div.
// CHECK-LABEL: func.func @pillar
func.func @pillar(%value: tensor<1x6x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x1x8x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) -> (tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>) {
  // CHECK: tensor.expand_shape %{{.+}} {{\[\[}}0], [1], [2], [3], [4, 5], [6]] output_shape [1, 5, 2, 1, 4, 2, 2]
  // CHECK: tensor.collapse_shape %{{.+}} {{\[\[}}0], [1], [2], [3], [4, 5], [6]]
  %0 = bev.deformable_attention pillar levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x6x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x1x8x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: tensor.expand_shape %{{.+}} {{\[\[}}0], [1], [2], [3], [4, 5], [6]] output_shape [1, 5, 2, 1, 2, 4, 2]
  // CHECK: tensor.collapse_shape %{{.+}} {{\[\[}}0], [1], [2], [3], [4, 5], [6]]
  %1 = bev.deformable_attention pillar anchor_order(div) levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x6x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x1x8x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0, %1 : tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>
}

// -----

// CHECK-LABEL: func.func @memrefs
func.func @memrefs(%value: memref<1x6x2x4xf32>, %reference: memref<1x5x1x2xf32>, %offsets: memref<1x5x2x1x4x2xf32>, %logits: memref<1x5x2x4xf32>, %init: memref<1x5x2x4xf32>) {
  // CHECK-NEXT: bev.deformable_attention
  bev.deformable_attention level levels([2, 3])
      ins(%value, %reference, %offsets, %logits : memref<1x6x2x4xf32>, memref<1x5x1x2xf32>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x4xf32>)
      outs(%init : memref<1x5x2x4xf32>)
  return
}

// The value's layout is kept.
// CHECK-LABEL: func.func @head_major
func.func @head_major(%value: tensor<1x2x6x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x4x2xf32>, %logits: tensor<1x5x2x4xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK: bev.ms_deform_attn levels([2, 3]) value_layout({{ ?}}head_major)
  %0 = bev.deformable_attention level levels([2, 3]) value_layout(head_major)
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}
