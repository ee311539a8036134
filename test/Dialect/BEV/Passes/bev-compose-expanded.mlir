// RUN: bev-opt %s -bev-expand-attention | FileCheck %s --check-prefix=PARTS
// RUN: bev-opt %s -bev-expand-attention -bev-compose-attention | FileCheck %s
// RUN: bev-opt %s -bev-expand-attention -canonicalize -cse -bev-compose-attention -canonicalize | FileCheck %s

// Composing what was expanded gives the op back, and nothing else.

// CHECK-LABEL: func.func @level(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x2x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x5x2x2x3x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x6xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf32>)
func.func @level(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x3x2xf32>, %logits: tensor<1x5x2x6xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention level levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>) outs(%[[INIT]] : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention level levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x6xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @level_one_reference(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<2x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<2x5x1x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<2x5x2x2x3x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<2x5x2x6xf32>, %[[INIT:[a-z0-9]+]]: tensor<2x5x2x4xf32>)
func.func @level_one_reference(%value: tensor<2x8x2x4xf32>, %reference: tensor<2x5x1x2xf32>, %offsets: tensor<2x5x2x2x3x2xf32>, %logits: tensor<2x5x2x6xf32>, %init: tensor<2x5x2x4xf32>) -> tensor<2x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention level levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<2x8x2x4xf32>, tensor<2x5x1x2xf32>, tensor<2x5x2x2x3x2xf32>, tensor<2x5x2x6xf32>) outs(%[[INIT]] : tensor<2x5x2x4xf32>) -> tensor<2x5x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention level levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<2x8x2x4xf32>, tensor<2x5x1x2xf32>, tensor<2x5x2x2x3x2xf32>, tensor<2x5x2x6xf32>)
      outs(%init : tensor<2x5x2x4xf32>) -> tensor<2x5x2x4xf32>
  return %0 : tensor<2x5x2x4xf32>
}

// CHECK-LABEL: func.func @level_one_level(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x1x1x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x1x2x1x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x1x2x4xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x1x2x4xf32>)
func.func @level_one_level(%value: tensor<1x6x2x4xf32>, %reference: tensor<1x1x1x2xf32>, %offsets: tensor<1x1x2x1x4x2xf32>, %logits: tensor<1x1x2x4xf32>, %init: tensor<1x1x2x4xf32>) -> tensor<1x1x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention level levels([2, 3]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<1x6x2x4xf32>, tensor<1x1x1x2xf32>, tensor<1x1x2x1x4x2xf32>, tensor<1x1x2x4xf32>) outs(%[[INIT]] : tensor<1x1x2x4xf32>) -> tensor<1x1x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention level levels([2, 3]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x6x2x4xf32>, tensor<1x1x1x2xf32>, tensor<1x1x2x1x4x2xf32>, tensor<1x1x2x4xf32>)
      outs(%init : tensor<1x1x2x4xf32>) -> tensor<1x1x2x4xf32>
  return %0 : tensor<1x1x2x4xf32>
}

// CHECK-LABEL: func.func @level_one_point(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x2x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x5x2x2x1x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x2xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf32>)
func.func @level_one_point(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x2x2xf32>, %offsets: tensor<1x5x2x2x1x2xf32>, %logits: tensor<1x5x2x2xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention level levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x1x2xf32>, tensor<1x5x2x2xf32>) outs(%[[INIT]] : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention level levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x2x1x2xf32>, tensor<1x5x2x2xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @level_dynamic(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<?x?x2x4xf16>, %[[REFERENCE:[a-z0-9]+]]: tensor<?x?x2x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<?x?x2x2x4x2xf16>, %[[LOGITS:[a-z0-9]+]]: tensor<?x?x2x8xf16>, %[[INIT:[a-z0-9]+]]: tensor<?x?x2x4xf16>, %[[H:[a-z0-9]+]]: index, %[[W:[a-z0-9]+]]: index)
func.func @level_dynamic(%value: tensor<?x?x2x4xf16>, %reference: tensor<?x?x2x2xf32>, %offsets: tensor<?x?x2x2x4x2xf16>, %logits: tensor<?x?x2x8xf16>, %init: tensor<?x?x2x4xf16>, %h: index, %w: index) -> tensor<?x?x2x4xf16> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention level levels([%[[H]], 3], [1, %[[W]]]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<?x?x2x4xf16>, tensor<?x?x2x2xf32>, tensor<?x?x2x2x4x2xf16>, tensor<?x?x2x8xf16>) outs(%[[INIT]] : tensor<?x?x2x4xf16>) -> tensor<?x?x2x4xf16>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention level levels([%h, 3], [1, %w]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<?x?x2x4xf16>, tensor<?x?x2x2xf32>, tensor<?x?x2x2x4x2xf16>, tensor<?x?x2x8xf16>)
      outs(%init : tensor<?x?x2x4xf16>) -> tensor<?x?x2x4xf16>
  return %0 : tensor<?x?x2x4xf16>
}

// CHECK-LABEL: func.func @level_dynamic_batch(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<?x6x2x4xbf16>, %[[REFERENCE:[a-z0-9]+]]: tensor<?x5x1x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<?x5x2x1x4x2xbf16>, %[[LOGITS:[a-z0-9]+]]: tensor<?x5x2x4xbf16>, %[[INIT:[a-z0-9]+]]: tensor<?x5x2x4xbf16>)
func.func @level_dynamic_batch(%value: tensor<?x6x2x4xbf16>, %reference: tensor<?x5x1x2xf32>, %offsets: tensor<?x5x2x1x4x2xbf16>, %logits: tensor<?x5x2x4xbf16>, %init: tensor<?x5x2x4xbf16>) -> tensor<?x5x2x4xbf16> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention level levels([2, 3]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<?x6x2x4xbf16>, tensor<?x5x1x2xf32>, tensor<?x5x2x1x4x2xbf16>, tensor<?x5x2x4xbf16>) outs(%[[INIT]] : tensor<?x5x2x4xbf16>) -> tensor<?x5x2x4xbf16>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention level levels([2, 3]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<?x6x2x4xbf16>, tensor<?x5x1x2xf32>, tensor<?x5x2x1x4x2xbf16>, tensor<?x5x2x4xbf16>)
      outs(%init : tensor<?x5x2x4xbf16>) -> tensor<?x5x2x4xbf16>
  return %0 : tensor<?x5x2x4xbf16>
}

// CHECK-LABEL: func.func @box(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<2x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<2x5x2x4xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<2x5x2x2x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<2x5x2x8xf32>, %[[INIT:[a-z0-9]+]]: tensor<2x5x2x4xf32>)
func.func @box(%value: tensor<2x8x2x4xf32>, %reference: tensor<2x5x2x4xf32>, %offsets: tensor<2x5x2x2x4x2xf32>, %logits: tensor<2x5x2x8xf32>, %init: tensor<2x5x2x4xf32>) -> tensor<2x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention box levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<2x8x2x4xf32>, tensor<2x5x2x4xf32>, tensor<2x5x2x2x4x2xf32>, tensor<2x5x2x8xf32>) outs(%[[INIT]] : tensor<2x5x2x4xf32>) -> tensor<2x5x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention box levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<2x8x2x4xf32>, tensor<2x5x2x4xf32>, tensor<2x5x2x2x4x2xf32>, tensor<2x5x2x8xf32>)
      outs(%init : tensor<2x5x2x4xf32>) -> tensor<2x5x2x4xf32>
  return %0 : tensor<2x5x2x4xf32>
}

// CHECK-LABEL: func.func @box_one_reference(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<?x8x2x4xf16>, %[[REFERENCE:[a-z0-9]+]]: tensor<?x?x1x4xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<?x?x2x2x3x2xf16>, %[[LOGITS:[a-z0-9]+]]: tensor<?x?x2x6xf16>, %[[INIT:[a-z0-9]+]]: tensor<?x?x2x4xf16>)
func.func @box_one_reference(%value: tensor<?x8x2x4xf16>, %reference: tensor<?x?x1x4xf32>, %offsets: tensor<?x?x2x2x3x2xf16>, %logits: tensor<?x?x2x6xf16>, %init: tensor<?x?x2x4xf16>) -> tensor<?x?x2x4xf16> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention box levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<?x8x2x4xf16>, tensor<?x?x1x4xf32>, tensor<?x?x2x2x3x2xf16>, tensor<?x?x2x6xf16>) outs(%[[INIT]] : tensor<?x?x2x4xf16>) -> tensor<?x?x2x4xf16>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention box levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<?x8x2x4xf16>, tensor<?x?x1x4xf32>, tensor<?x?x2x2x3x2xf16>, tensor<?x?x2x6xf16>)
      outs(%init : tensor<?x?x2x4xf16>) -> tensor<?x?x2x4xf16>
  return %0 : tensor<?x?x2x4xf16>
}

// CHECK-LABEL: func.func @box_dynamic_levels(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<?x?x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<?x?x1x4xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<?x?x2x1x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<?x?x2x4xf32>, %[[INIT:[a-z0-9]+]]: tensor<?x?x2x4xf32>, %[[H:[a-z0-9]+]]: index, %[[W:[a-z0-9]+]]: index)
func.func @box_dynamic_levels(%value: tensor<?x?x2x4xf32>, %reference: tensor<?x?x1x4xf32>, %offsets: tensor<?x?x2x1x4x2xf32>, %logits: tensor<?x?x2x4xf32>, %init: tensor<?x?x2x4xf32>, %h: index, %w: index) -> tensor<?x?x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention box levels([%[[H]], 3]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<?x?x2x4xf32>, tensor<?x?x1x4xf32>, tensor<?x?x2x1x4x2xf32>, tensor<?x?x2x4xf32>) outs(%[[INIT]] : tensor<?x?x2x4xf32>) -> tensor<?x?x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention box levels([%h, 3]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<?x?x2x4xf32>, tensor<?x?x1x4xf32>, tensor<?x?x2x1x4x2xf32>, tensor<?x?x2x4xf32>)
      outs(%init : tensor<?x?x2x4xf32>) -> tensor<?x?x2x4xf32>
  return %0 : tensor<?x?x2x4xf32>
}

// CHECK-LABEL: func.func @pillar_mod(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x4x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x5x2x2x8x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x16xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf32>)
func.func @pillar_mod(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x4x2xf32>, %offsets: tensor<1x5x2x2x8x2xf32>, %logits: tensor<1x5x2x16xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention pillar levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<1x8x2x4xf32>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x8x2xf32>, tensor<1x5x2x16xf32>) outs(%[[INIT]] : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention pillar levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x8x2xf32>, tensor<1x5x2x16xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @pillar_mod_dynamic(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<?x?x2x4xf16>, %[[REFERENCE:[a-z0-9]+]]: tensor<?x?x4x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<?x?x2x1x8x2xf16>, %[[LOGITS:[a-z0-9]+]]: tensor<?x?x2x8xf16>, %[[INIT:[a-z0-9]+]]: tensor<?x?x2x4xf16>, %[[H:[a-z0-9]+]]: index, %[[W:[a-z0-9]+]]: index)
func.func @pillar_mod_dynamic(%value: tensor<?x?x2x4xf16>, %reference: tensor<?x?x4x2xf32>, %offsets: tensor<?x?x2x1x8x2xf16>, %logits: tensor<?x?x2x8xf16>, %init: tensor<?x?x2x4xf16>, %h: index, %w: index) -> tensor<?x?x2x4xf16> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention pillar levels([%[[H]], 3]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<?x?x2x4xf16>, tensor<?x?x4x2xf32>, tensor<?x?x2x1x8x2xf16>, tensor<?x?x2x8xf16>) outs(%[[INIT]] : tensor<?x?x2x4xf16>) -> tensor<?x?x2x4xf16>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention pillar levels([%h, 3]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<?x?x2x4xf16>, tensor<?x?x4x2xf32>, tensor<?x?x2x1x8x2xf16>, tensor<?x?x2x8xf16>)
      outs(%init : tensor<?x?x2x4xf16>) -> tensor<?x?x2x4xf16>
  return %0 : tensor<?x?x2x4xf16>
}

// CHECK-LABEL: func.func @pillar_div(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x4x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x5x2x2x8x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x16xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf32>)
func.func @pillar_div(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x4x2xf32>, %offsets: tensor<1x5x2x2x8x2xf32>, %logits: tensor<1x5x2x16xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention pillar anchor_order({{ ?}}div) levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<1x8x2x4xf32>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x8x2xf32>, tensor<1x5x2x16xf32>) outs(%[[INIT]] : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention pillar anchor_order(div) levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x8x2xf32>, tensor<1x5x2x16xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @pillar_div_dynamic(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<?x8x2x4xbf16>, %[[REFERENCE:[a-z0-9]+]]: tensor<?x?x2x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<?x?x2x2x8x2xbf16>, %[[LOGITS:[a-z0-9]+]]: tensor<?x?x2x16xbf16>, %[[INIT:[a-z0-9]+]]: tensor<?x?x2x4xbf16>)
func.func @pillar_div_dynamic(%value: tensor<?x8x2x4xbf16>, %reference: tensor<?x?x2x2xf32>, %offsets: tensor<?x?x2x2x8x2xbf16>, %logits: tensor<?x?x2x16xbf16>, %init: tensor<?x?x2x4xbf16>) -> tensor<?x?x2x4xbf16> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention pillar anchor_order({{ ?}}div) levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<?x8x2x4xbf16>, tensor<?x?x2x2xf32>, tensor<?x?x2x2x8x2xbf16>, tensor<?x?x2x16xbf16>) outs(%[[INIT]] : tensor<?x?x2x4xbf16>) -> tensor<?x?x2x4xbf16>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention pillar anchor_order(div) levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<?x8x2x4xbf16>, tensor<?x?x2x2xf32>, tensor<?x?x2x2x8x2xbf16>, tensor<?x?x2x16xbf16>)
      outs(%init : tensor<?x?x2x4xbf16>) -> tensor<?x?x2x4xbf16>
  return %0 : tensor<?x?x2x4xbf16>
}

// CHECK-LABEL: func.func @pillar_one_point_each(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x4x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x5x2x2x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x8xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf32>)
func.func @pillar_one_point_each(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x4x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention pillar levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<1x8x2x4xf32>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>) outs(%[[INIT]] : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention pillar levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// Two spellings of one thing: one anchor is one reference for all levels, and
// one point per anchor has one order.


// CHECK-LABEL: func.func @pillar_one_anchor(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x1x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x5x2x2x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x8xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf32>)
func.func @pillar_one_anchor(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention level levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>) outs(%[[INIT]] : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention pillar anchor_order(div) levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @pillar_div_one_point_each(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x8x2x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x4x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x5x2x2x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: tensor<1x5x2x8xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x4xf32>)
func.func @pillar_div_one_point_each(%value: tensor<1x8x2x4xf32>, %reference: tensor<1x5x4x2xf32>, %offsets: tensor<1x5x2x2x4x2xf32>, %logits: tensor<1x5x2x8xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK-NEXT: %[[RESULT:.+]] = bev.deformable_attention pillar levels([2, 3], [1, 2]) schedule(<lanes = 2>) ins(%[[VALUE]], %[[REFERENCE]], %[[OFFSETS]], %[[LOGITS]] : tensor<1x8x2x4xf32>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>) outs(%[[INIT]] : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK-NEXT: return %[[RESULT]]
  %0 = bev.deformable_attention pillar anchor_order(div) levels([2, 3], [1, 2]) schedule(<lanes = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>, tensor<1x5x4x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// CHECK-LABEL: func.func @head_major(
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x2x6x4xf32>, %[[REFERENCE:[a-z0-9]+]]: tensor<1x5x1x2xf32>
func.func @head_major(%value: tensor<1x2x6x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x4x2xf32>, %logits: tensor<1x5x2x4xf32>, %init: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // PARTS-NOT: bev.deformable_attention
  // PARTS: bev.ms_deform_attn
  // CHECK: bev.deformable_attention level levels([2, 3]) value_layout({{ ?}}head_major) ins(%[[VALUE]], %[[REFERENCE]],
  %0 = bev.deformable_attention level levels([2, 3]) value_layout(head_major)
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}
