// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: bev-opt %s --convert-onnx-to-bev --split-input-file --verify-diagnostics

func.func @too_few(%x: tensor<2x3xi1>) -> tensor<2x3xf32> {
  // expected-error @below {{ONNX node (Where): expected at least 3 inputs, but got 1}}
  %y = onnx.node "Where" 16 (%x) : (tensor<2x3xi1>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @none() -> tensor<3xf32> {
  // expected-error @below {{ONNX node (Cos): expected at least 1 inputs, but got 0}}
  %y = onnx.node "Cos" 16 () : () -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @not_inferred(%x: tensor<2x3xf32>) -> tensor<*xf32> {
  // expected-error @below {{the type of result 0 is not inferred; run onnx-infer-types first}}
  %y = onnx.node "Cos" 16 (%x) : (tensor<2x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
