// RUN: bev-opt %s -canonicalize -split-input-file | FileCheck %s

// A gradient of value that is wanted in value's type is computed in it.
// CHECK-LABEL: func.func @narrow
//       CHECK: %[[EMPTY:.+]] = tensor.empty() : tensor<1x6x2x4xf16>
//       CHECK: %[[R:.+]]:3 = bev.ms_deform_attn_backward levels([2, 3]) ins({{.+}}) outs(%[[EMPTY]], {{.+}}) -> tensor<1x6x2x4xf16>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>
//   CHECK-NOT: arith.truncf
//       CHECK: return %[[R]]#0, %[[R]]#2
func.func @narrow(%value: tensor<1x6x2x4xf16>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %grad: tensor<1x5x2x4xf16>, %gv: tensor<1x6x2x4xf32>) -> (tensor<1x6x2x4xf16>, tensor<1x5x2x1x4xf32>) {
  %r:3 = bev.ms_deform_attn_backward levels([2, 3])
      ins(%value, %locations, %weights, %grad : tensor<1x6x2x4xf16>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>, tensor<1x5x2x4xf16>)
      outs(%gv, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      -> tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>
  %0 = arith.truncf %r#0 : tensor<1x6x2x4xf32> to tensor<1x6x2x4xf16>
  return %0, %r#2 : tensor<1x6x2x4xf16>, tensor<1x5x2x1x4xf32>
}

// -----

// Not of a type that the op does not have, nor where the sums are read as well.
// CHECK-LABEL: func.func @wide
// CHECK-COUNT-2: arith.truncf
func.func @wide(%value: tensor<1x?x2x4xf16>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x4x2xf16>, %logits: tensor<1x5x2x4xf16>, %grad: tensor<1x5x2x4xf16>, %gv: tensor<1x?x2x4xf32>, %h: index) -> (tensor<1x?x2x4xbf16>, tensor<1x?x2x4xf16>, tensor<1x?x2x4xf32>) {
  %r:3 = bev.deformable_attention_backward level levels([%h, 3])
      ins(%value, %reference, %offsets, %logits, %grad : tensor<1x?x2x4xf16>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>, tensor<1x5x2x4xf16>)
      outs(%gv, %offsets, %logits : tensor<1x?x2x4xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>)
      -> tensor<1x?x2x4xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>
  %0 = arith.truncf %r#0 : tensor<1x?x2x4xf32> to tensor<1x?x2x4xbf16>
  %s:3 = bev.deformable_attention_backward level levels([%h, 3])
      ins(%value, %reference, %offsets, %logits, %grad : tensor<1x?x2x4xf16>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>, tensor<1x5x2x4xf16>)
      outs(%gv, %r#1, %r#2 : tensor<1x?x2x4xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>)
      -> tensor<1x?x2x4xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>
  %1 = arith.truncf %s#0 : tensor<1x?x2x4xf32> to tensor<1x?x2x4xf16>
  return %0, %1, %s#0 : tensor<1x?x2x4xbf16>, tensor<1x?x2x4xf16>, tensor<1x?x2x4xf32>
}

// -----

// Level sizes that are constants become static.
// CHECK-LABEL: func.func @levels
//       CHECK: bev.ms_deform_attn_backward levels([2, 3])
func.func @levels(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %grad: tensor<1x5x2x4xf32>) -> tensor<1x6x2x4xf32> {
  %h = arith.constant 2 : index
  %r:3 = bev.ms_deform_attn_backward levels([%h, 3])
      ins(%value, %locations, %weights, %grad : tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>, tensor<1x5x2x4xf32>)
      outs(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      -> tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>
  return %r#0 : tensor<1x6x2x4xf32>
}
