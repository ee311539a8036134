// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Multi-scale deformable attention, the core op: 900 queries with 8 heads of 32
// channels sample four feature levels at four points each.
//
//   python3 examples/make_inputs.py ms_deform_attn
//   build/bin/bev-run examples/ms_deform_attn.mlir --inputs examples/ms_deform_attn.inputs.npz
//     --expected examples/ms_deform_attn.expected.npz

func.func @ms_deform_attn(
    %value: tensor<1x5440x8x32xf32> {bev.name = "value"},
    %locations: tensor<1x900x8x4x4x2xf32> {bev.name = "locations"},
    %weights: tensor<1x900x8x4x4xf32> {bev.name = "weights"})
    -> (tensor<1x900x8x32xf32> {bev.name = "output"}) {
  %empty = tensor.empty() : tensor<1x900x8x32xf32>
  %output = bev.ms_deform_attn levels([64, 64], [32, 32], [16, 16], [8, 8])
      ins(%value, %locations, %weights : tensor<1x5440x8x32xf32>, tensor<1x900x8x4x4x2xf32>, tensor<1x900x8x4x4xf32>)
      outs(%empty : tensor<1x900x8x32xf32>) -> tensor<1x900x8x32xf32>
  return %output : tensor<1x900x8x32xf32>
}
