// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
func.func @core(%value: tensor<1x36x2x32xf32>, %locations: tensor<1x9x2x1x4x2xf32>, %weights: tensor<1x9x2x1x4xf32>, %grad: tensor<1x9x2x32xf32>) -> (tensor<1x36x2x32xf32>, tensor<1x9x2x1x4x2xf32>, tensor<1x9x2x1x4xf32>) {
  %a = tensor.empty() : tensor<1x36x2x32xf32>
  %b = tensor.empty() : tensor<1x9x2x1x4x2xf32>
  %c = tensor.empty() : tensor<1x9x2x1x4xf32>
  %r:3 = bev.ms_deform_attn_backward levels([6, 6])
      ins(%value, %locations, %weights, %grad : tensor<1x36x2x32xf32>, tensor<1x9x2x1x4x2xf32>, tensor<1x9x2x1x4xf32>, tensor<1x9x2x32xf32>)
      outs(%a, %b, %c : tensor<1x36x2x32xf32>, tensor<1x9x2x1x4x2xf32>, tensor<1x9x2x1x4xf32>) -> tensor<1x36x2x32xf32>, tensor<1x9x2x1x4x2xf32>, tensor<1x9x2x1x4xf32>
  return %r#0, %r#1, %r#2 : tensor<1x36x2x32xf32>, tensor<1x9x2x1x4x2xf32>, tensor<1x9x2x1x4xf32>
}

func.func @whole(%value: tensor<1x36x2x32xf16>, %reference: tensor<1x9x1x2xf32>, %offsets: tensor<1x9x2x1x4x2xf16>, %logits: tensor<1x9x2x4xf16>, %grad: tensor<1x9x2x32xf16>) -> (tensor<1x36x2x32xf32>, tensor<1x9x2x1x4x2xf16>, tensor<1x9x2x4xf16>) {
  %a = tensor.empty() : tensor<1x36x2x32xf32>
  %b = tensor.empty() : tensor<1x9x2x1x4x2xf16>
  %c = tensor.empty() : tensor<1x9x2x4xf16>
  %r:3 = bev.deformable_attention_backward deterministic level levels([6, 6])
      ins(%value, %reference, %offsets, %logits, %grad : tensor<1x36x2x32xf16>, tensor<1x9x1x2xf32>, tensor<1x9x2x1x4x2xf16>, tensor<1x9x2x4xf16>, tensor<1x9x2x32xf16>)
      outs(%a, %b, %c : tensor<1x36x2x32xf32>, tensor<1x9x2x1x4x2xf16>, tensor<1x9x2x4xf16>) -> tensor<1x36x2x32xf32>, tensor<1x9x2x1x4x2xf16>, tensor<1x9x2x4xf16>
  return %r#0, %r#1, %r#2 : tensor<1x36x2x32xf32>, tensor<1x9x2x1x4x2xf16>, tensor<1x9x2x4xf16>
}
