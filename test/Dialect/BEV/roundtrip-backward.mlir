// RUN: bev-opt %s -split-input-file | bev-opt -split-input-file | FileCheck %s
// RUN: bev-opt %s -split-input-file -mlir-print-op-generic | bev-opt -split-input-file | FileCheck %s

// The gradients of an attention, as they are written.

// CHECK-LABEL: func.func @core
//       CHECK: bev.ms_deform_attn_backward levels([2, 3], [1, 2]) ins(%{{.+}}, %{{.+}}, %{{.+}}, %{{.+}} : tensor<1x8x2x4xf16>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf16>) outs(%{{.+}}, %{{.+}}, %{{.+}} : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>) -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
func.func @core(%value: tensor<1x8x2x4xf16>, %locations: tensor<1x5x2x2x3x2xf32>, %weights: tensor<1x5x2x2x3xf32>, %grad: tensor<1x5x2x4xf16>, %gv: tensor<1x8x2x4xf32>, %gl: tensor<1x5x2x2x3x2xf32>, %gw: tensor<1x5x2x2x3xf32>) -> tensor<1x8x2x4xf32> {
  %r:3 = bev.ms_deform_attn_backward levels([2, 3], [1, 2])
      ins(%value, %locations, %weights, %grad : tensor<1x8x2x4xf16>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>, tensor<1x5x2x4xf16>)
      outs(%gv, %gl, %gw : tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>)
      -> tensor<1x8x2x4xf32>, tensor<1x5x2x2x3x2xf32>, tensor<1x5x2x2x3xf32>
  return %r#0 : tensor<1x8x2x4xf32>
}

// -----

// Dynamic sizes, a schedule, one order of sums, a gradient as narrow as value.
// CHECK-LABEL: func.func @dynamic
//       CHECK: bev.ms_deform_attn_backward deterministic levels([%{{.+}}, 3]) schedule(<lanes = 4, threads = 128, share = true, points = 8>) ins(%{{.+}} : tensor<?x?x2x4xbf16>, {{.+}} outs(%{{.+}} : tensor<?x?x2x4xbf16>,
func.func @dynamic(%value: tensor<?x?x2x4xbf16>, %locations: tensor<?x?x2x1x3x2xf32>, %weights: tensor<?x?x2x1x3xbf16>, %grad: tensor<?x?x2x4xbf16>, %gv: tensor<?x?x2x4xbf16>, %h: index) -> tensor<?x?x2x4xbf16> {
  %r:3 = bev.ms_deform_attn_backward deterministic levels([%h, 3]) schedule(<lanes = 4, threads = 128, points = 8, share = true>)
      ins(%value, %locations, %weights, %grad : tensor<?x?x2x4xbf16>, tensor<?x?x2x1x3x2xf32>, tensor<?x?x2x1x3xbf16>, tensor<?x?x2x4xbf16>)
      outs(%gv, %locations, %weights : tensor<?x?x2x4xbf16>, tensor<?x?x2x1x3x2xf32>, tensor<?x?x2x1x3xbf16>)
      -> tensor<?x?x2x4xbf16>, tensor<?x?x2x1x3x2xf32>, tensor<?x?x2x1x3xbf16>
  return %r#0 : tensor<?x?x2x4xbf16>
}

// -----

// CHECK-LABEL: func.func @whole
//       CHECK: bev.deformable_attention_backward pillar anchor_order({{ ?}}div) levels([2, 3]) ins(
//       CHECK: bev.deformable_attention_backward deterministic box levels([2, 3]) ins(
func.func @whole(%value: tensor<1x6x2x4xf32>, %anchors: tensor<1x5x2x2xf32>, %boxes: tensor<1x5x1x4xf32>, %offsets: tensor<1x5x2x1x4x2xf16>, %logits: tensor<1x5x2x4xf16>, %grad: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf16> {
  %r:3 = bev.deformable_attention_backward pillar anchor_order(div) levels([2, 3])
      ins(%value, %anchors, %offsets, %logits, %grad : tensor<1x6x2x4xf32>, tensor<1x5x2x2xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>, tensor<1x5x2x4xf32>)
      outs(%value, %offsets, %logits : tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>)
      -> tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>
  %s:3 = bev.deformable_attention_backward deterministic box levels([2, 3])
      ins(%value, %boxes, %offsets, %logits, %grad : tensor<1x6x2x4xf32>, tensor<1x5x1x4xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>, tensor<1x5x2x4xf32>)
      outs(%r#0, %r#1, %r#2 : tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>)
      -> tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf16>, tensor<1x5x2x4xf16>
  return %s#2 : tensor<1x5x2x4xf16>
}

// -----

// On buffers there are no results.
// CHECK-LABEL: func.func @buffers
//       CHECK: bev.ms_deform_attn_backward levels([2, 3]) ins({{.+}}) outs(%{{.+}}, %{{.+}}, %{{.+}} : memref<1x6x2x4xf32>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x1x4xf32>){{$}}
func.func @buffers(%value: memref<1x6x2x4xf32>, %locations: memref<1x5x2x1x4x2xf32>, %weights: memref<1x5x2x1x4xf32>, %grad: memref<1x5x2x4xf32>, %gv: memref<1x6x2x4xf32>, %gl: memref<1x5x2x1x4x2xf32>, %gw: memref<1x5x2x1x4xf32>) {
  bev.ms_deform_attn_backward levels([2, 3])
      ins(%value, %locations, %weights, %grad : memref<1x6x2x4xf32>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x1x4xf32>, memref<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : memref<1x6x2x4xf32>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x1x4xf32>)
  return
}
