// RUN: bev-opt %s -bev-select-schedule=target=gpu | FileCheck %s

// The schedules of gradients on a GPU.

// Half a million samples or more, about as many as cells: sorted.
// CHECK-LABEL: func.func @many
// CHECK: schedule(<lanes = 4, threads = 128, share = true>)
func.func @many(%value: tensor<2x40000x8x32xf32>, %locations: tensor<2x40000x8x1x4x2xf32>, %weights: tensor<2x40000x8x1x4xf32>, %grad: tensor<2x40000x8x32xf32>, %gv: tensor<2x40000x8x32xf32>) -> tensor<2x40000x8x32xf32> {
  %r:3 = bev.ms_deform_attn_backward levels([200, 200])
      ins(%value, %locations, %weights, %grad : tensor<2x40000x8x32xf32>, tensor<2x40000x8x1x4x2xf32>, tensor<2x40000x8x1x4xf32>, tensor<2x40000x8x32xf32>)
      outs(%gv, %locations, %weights : tensor<2x40000x8x32xf32>, tensor<2x40000x8x1x4x2xf32>, tensor<2x40000x8x1x4xf32>) -> tensor<2x40000x8x32xf32>, tensor<2x40000x8x1x4x2xf32>, tensor<2x40000x8x1x4xf32>
  return %r#0 : tensor<2x40000x8x32xf32>
}

// Fewer are done before they are sorted. As many teams as fill a GPU four times.
// CHECK-LABEL: func.func @few
// CHECK: schedule(<lanes = 4, threads = 128, blocks = 4, points = 4>)
func.func @few(%value: tensor<2x2500x8x32xf32>, %locations: tensor<2x2500x8x1x4x2xf32>, %weights: tensor<2x2500x8x1x4xf32>, %grad: tensor<2x2500x8x32xf32>, %gv: tensor<2x2500x8x32xf32>) -> tensor<2x2500x8x32xf32> {
  %r:3 = bev.ms_deform_attn_backward levels([50, 50])
      ins(%value, %locations, %weights, %grad : tensor<2x2500x8x32xf32>, tensor<2x2500x8x1x4x2xf32>, tensor<2x2500x8x1x4xf32>, tensor<2x2500x8x32xf32>)
      outs(%gv, %locations, %weights : tensor<2x2500x8x32xf32>, tensor<2x2500x8x1x4x2xf32>, tensor<2x2500x8x1x4xf32>) -> tensor<2x2500x8x32xf32>, tensor<2x2500x8x1x4x2xf32>, tensor<2x2500x8x1x4xf32>
  return %r#0 : tensor<2x2500x8x32xf32>
}

// CHECK-LABEL: func.func @fewer
// CHECK: schedule(<lanes = 4, threads = 128, blocks = 4, points = 4>)
func.func @fewer(%value: tensor<1x40000x8x32xf32>, %locations: tensor<1x900x8x1x4x2xf32>, %weights: tensor<1x900x8x1x4xf32>, %grad: tensor<1x900x8x32xf32>, %gv: tensor<1x40000x8x32xf32>) -> tensor<1x40000x8x32xf32> {
  %r:3 = bev.ms_deform_attn_backward levels([200, 200])
      ins(%value, %locations, %weights, %grad : tensor<1x40000x8x32xf32>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf32>, tensor<1x900x8x32xf32>)
      outs(%gv, %locations, %weights : tensor<1x40000x8x32xf32>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf32>) -> tensor<1x40000x8x32xf32>, tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf32>
  return %r#0 : tensor<1x40000x8x32xf32>
}

// Many, but still more cells, which then share none.
// CHECK-LABEL: func.func @sparse
// CHECK: schedule(<lanes = 4, threads = 128, blocks = 4>)
func.func @sparse(%value: tensor<16x160000x8x32xf32>, %locations: tensor<16x10000x8x1x4x2xf32>, %weights: tensor<16x10000x8x1x4xf32>, %grad: tensor<16x10000x8x32xf32>, %gv: tensor<16x160000x8x32xf32>) -> tensor<16x160000x8x32xf32> {
  %r:3 = bev.ms_deform_attn_backward levels([400, 400])
      ins(%value, %locations, %weights, %grad : tensor<16x160000x8x32xf32>, tensor<16x10000x8x1x4x2xf32>, tensor<16x10000x8x1x4xf32>, tensor<16x10000x8x32xf32>)
      outs(%gv, %locations, %weights : tensor<16x160000x8x32xf32>, tensor<16x10000x8x1x4x2xf32>, tensor<16x10000x8x1x4xf32>) -> tensor<16x160000x8x32xf32>, tensor<16x10000x8x1x4x2xf32>, tensor<16x10000x8x1x4xf32>
  return %r#0 : tensor<16x160000x8x32xf32>
}

// Of a batch of unknown size, what is known counts.
// CHECK-LABEL: func.func @dynamic
// CHECK: schedule(<lanes = 4, threads = 128, blocks = 4, points = 4>)
func.func @dynamic(%value: tensor<?x2500x8x32xf32>, %locations: tensor<?x2500x8x1x8x2xf32>, %weights: tensor<?x2500x8x1x8xf32>, %grad: tensor<?x2500x8x32xf32>, %gv: tensor<?x2500x8x32xf32>) -> tensor<?x2500x8x32xf32> {
  %r:3 = bev.ms_deform_attn_backward levels([50, 50])
      ins(%value, %locations, %weights, %grad : tensor<?x2500x8x32xf32>, tensor<?x2500x8x1x8x2xf32>, tensor<?x2500x8x1x8xf32>, tensor<?x2500x8x32xf32>)
      outs(%gv, %locations, %weights : tensor<?x2500x8x32xf32>, tensor<?x2500x8x1x8x2xf32>, tensor<?x2500x8x1x8xf32>) -> tensor<?x2500x8x32xf32>, tensor<?x2500x8x1x8x2xf32>, tensor<?x2500x8x1x8xf32>
  return %r#0 : tensor<?x2500x8x32xf32>
}

// Channels in teams that fit a warp.
// CHECK-LABEL: func.func @odd
// CHECK: schedule(<lanes = 1, threads = 128, blocks = 4, points = 4>)
func.func @odd(%value: tensor<1x100x1x31xf32>, %locations: tensor<1x50x1x1x4x2xf32>, %weights: tensor<1x50x1x1x4xf32>, %grad: tensor<1x50x1x31xf32>, %gv: tensor<1x100x1x31xf32>) -> tensor<1x100x1x31xf32> {
  %r:3 = bev.ms_deform_attn_backward levels([10, 10])
      ins(%value, %locations, %weights, %grad : tensor<1x100x1x31xf32>, tensor<1x50x1x1x4x2xf32>, tensor<1x50x1x1x4xf32>, tensor<1x50x1x31xf32>)
      outs(%gv, %locations, %weights : tensor<1x100x1x31xf32>, tensor<1x50x1x1x4x2xf32>, tensor<1x50x1x1x4xf32>) -> tensor<1x100x1x31xf32>, tensor<1x50x1x1x4x2xf32>, tensor<1x50x1x1x4xf32>
  return %r#0 : tensor<1x100x1x31xf32>
}

// CHECK-LABEL: func.func @wide
// CHECK: schedule(<lanes = 5, threads = 128, points = 4>)
func.func @wide(%value: tensor<1x100x1x155xf32>, %locations: tensor<1x50x1x1x4x2xf32>, %weights: tensor<1x50x1x1x4xf32>, %grad: tensor<1x50x1x155xf32>, %gv: tensor<1x100x1x155xf32>) -> tensor<1x100x1x155xf32> {
  %r:3 = bev.ms_deform_attn_backward levels([10, 10])
      ins(%value, %locations, %weights, %grad : tensor<1x100x1x155xf32>, tensor<1x50x1x1x4x2xf32>, tensor<1x50x1x1x4xf32>, tensor<1x50x1x155xf32>)
      outs(%gv, %locations, %weights : tensor<1x100x1x155xf32>, tensor<1x50x1x1x4x2xf32>, tensor<1x50x1x1x4xf32>) -> tensor<1x100x1x155xf32>, tensor<1x50x1x1x4x2xf32>, tensor<1x50x1x1x4xf32>
  return %r#0 : tensor<1x100x1x155xf32>
}

// Values in f16 leave more blocks room, sorted or with few samples a team.
// CHECK-LABEL: func.func @halves
// CHECK: schedule(<lanes = 4, threads = 128, blocks = 5, share = true>)
// CHECK: schedule(<lanes = 4, threads = 128, blocks = 5, points = 4>)
func.func @halves(%value: tensor<2x40000x8x32xf16>, %locations: tensor<2x40000x8x1x4x2xf32>, %weights: tensor<2x40000x8x1x4xf32>, %grad: tensor<2x40000x8x32xf16>, %few: tensor<2x90x8x1x4x2xf32>, %few_weights: tensor<2x90x8x1x4xf32>, %few_grad: tensor<2x90x8x32xf16>) -> (tensor<2x40000x8x32xf16>, tensor<2x40000x8x32xf16>) {
  %r:3 = bev.ms_deform_attn_backward levels([200, 200])
      ins(%value, %locations, %weights, %grad : tensor<2x40000x8x32xf16>, tensor<2x40000x8x1x4x2xf32>, tensor<2x40000x8x1x4xf32>, tensor<2x40000x8x32xf16>)
      outs(%value, %locations, %weights : tensor<2x40000x8x32xf16>, tensor<2x40000x8x1x4x2xf32>, tensor<2x40000x8x1x4xf32>) -> tensor<2x40000x8x32xf16>, tensor<2x40000x8x1x4x2xf32>, tensor<2x40000x8x1x4xf32>
  %s:3 = bev.ms_deform_attn_backward levels([200, 200])
      ins(%value, %few, %few_weights, %few_grad : tensor<2x40000x8x32xf16>, tensor<2x90x8x1x4x2xf32>, tensor<2x90x8x1x4xf32>, tensor<2x90x8x32xf16>)
      outs(%value, %few, %few_weights : tensor<2x40000x8x32xf16>, tensor<2x90x8x1x4x2xf32>, tensor<2x90x8x1x4xf32>) -> tensor<2x40000x8x32xf16>, tensor<2x90x8x1x4x2xf32>, tensor<2x90x8x1x4xf32>
  return %r#0, %s#0 : tensor<2x40000x8x32xf16>, tensor<2x40000x8x32xf16>
}
