// RUN: bev-opt %s --split-input-file --verify-diagnostics --convert-onnx-to-linalg

func.func @gather_elements(%x0: tensor<2x3xf32>, %x1: tensor<2xi64>) -> tensor<2x3xf32> {
  // expected-error @+1 {{GatherElements (1 node): its axis is out of range, or its inputs differ in rank}}
  %y = onnx.node "GatherElements" 13 (%x0, %x1) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @one_hot(%x0: tensor<4xi64>, %x1: tensor<1x1xi64>, %x2: tensor<2xf32>) -> tensor<4x?xf32> {
  // expected-error @+1 {{OneHot (1 node): its axis, depth or values have the wrong shape}}
  %y = onnx.node "OneHot" 11 (%x0, %x1, %x2) : (tensor<4xi64>, tensor<1x1xi64>, tensor<2xf32>) -> tensor<4x?xf32>
  return %y : tensor<4x?xf32>
}

// -----

func.func @reverse_sequence(%x0: tensor<2x3xf32>, %x1: tensor<3xi64>) -> tensor<2x3xf32> {
  // expected-error @+1 {{ReverseSequence (1 node): its axes are not 0 and 1}}
  %y = onnx.node "ReverseSequence" 10 (%x0, %x1) {time_axis = 1 : i64, batch_axis = 2 : i64}
      : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @scatter_elements(%x0: tensor<2x3xf32>, %x1: tensor<2xi64>, %x2: tensor<2xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{ScatterElements (1 node): its axis is out of range, or its inputs differ in rank}}
  %y = onnx.node "ScatterElements" 16 (%x0, %x1, %x2)
      : (tensor<2x3xf32>, tensor<2xi64>, tensor<2xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @compress(%x0: tensor<2x3xf32>, %x1: tensor<1x2xi1>) -> tensor<?xf32> {
  // expected-error @+1 {{Compress (1 node): its condition is not a list}}
  %y = onnx.node "Compress" 11 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x2xi1>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @arg_max(%x0: tensor<2x3xf32>) -> tensor<2x1xi64> {
  // expected-error @+1 {{ArgMax (1 node): an axis that the input does not have}}
  %y = onnx.node "ArgMax" 13 (%x0) {axis = 4 : i64} : (tensor<2x3xf32>) -> tensor<2x1xi64>
  return %y : tensor<2x1xi64>
}

// -----

func.func @hardmax(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Hardmax (1 node): an axis that the input does not have}}
  %y = onnx.node "Hardmax" 13 (%x0) {axis = 4 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @top_k(%x0: tensor<2x3xf32>, %x1: tensor<1xi64>) -> (tensor<2x?xf32>, tensor<2x?xi64>) {
  // expected-error @+1 {{TopK (1 node): an axis that the input does not have}}
  %y:2 = onnx.node "TopK" 11 (%x0, %x1) {axis = 4 : i64}
      : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<2x?xf32>, tensor<2x?xi64>)
  return %y#0, %y#1 : tensor<2x?xf32>, tensor<2x?xi64>
}

// -----

func.func @top_k_2(%x0: tensor<2x3xf32>, %x1: tensor<1x1xi64>) -> (tensor<2x?xf32>, tensor<2x?xi64>) {
  // expected-error @+1 {{TopK (1 node): a K that is not one number}}
  %y:2 = onnx.node "TopK" 11 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x1xi64>) -> (tensor<2x?xf32>, tensor<2x?xi64>)
  return %y#0, %y#1 : tensor<2x?xf32>, tensor<2x?xi64>
}

// -----

func.func @cum_sum(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c1 = onnx.constant dense<4> : tensor<i64>
  // expected-error @+1 {{CumSum (1 node): an axis that the input does not have}}
  %y = onnx.node "CumSum" 14 (%x0, %c1) : (tensor<2x3xf32>, tensor<i64>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @roi_align(%x0: tensor<2x3xf32>, %x1: tensor<5x4xf32>, %x2: tensor<5xi64>) -> tensor<5x3x1x1xf32> {
  // expected-error @+1 {{RoiAlign (1 node): an input that is not a batch of images, or regions that are not a list of boxes}}
  %y = onnx.node "RoiAlign" 16 (%x0, %x1, %x2)
      : (tensor<2x3xf32>, tensor<5x4xf32>, tensor<5xi64>) -> tensor<5x3x1x1xf32>
  return %y : tensor<5x3x1x1xf32>
}

// -----

func.func @roi_align_2(%x0: tensor<1x4x8x8xf32>, %x1: tensor<5x4xf32>, %x2: tensor<5xi64>) -> tensor<5x4x?x1xf32> {
  // expected-error @+1 {{RoiAlign (1 node): an output without elements}}
  %y = onnx.node "RoiAlign" 16 (%x0, %x1, %x2) {output_height = 0 : i64}
      : (tensor<1x4x8x8xf32>, tensor<5x4xf32>, tensor<5xi64>) -> tensor<5x4x?x1xf32>
  return %y : tensor<5x4x?x1xf32>
}

// -----

func.func @non_max_suppression(%x0: tensor<2x3xf32>, %x1: tensor<1x1x4xf32>) -> tensor<?x3xi64> {
  // expected-error @+1 {{NonMaxSuppression (1 node): boxes or scores that are not of rank 3}}
  %y = onnx.node "NonMaxSuppression" 11 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x1x4xf32>) -> tensor<?x3xi64>
  return %y : tensor<?x3xi64>
}

// -----

func.func @reduce_sum(%x0: tensor<2x3xi1>) -> tensor<1x1xi1> {
  // expected-error @+1 {{ReduceSum (1 node): an input of booleans}}
  %y = onnx.node "ReduceSum" 13 (%x0) : (tensor<2x3xi1>) -> tensor<1x1xi1>
  return %y : tensor<1x1xi1>
}

// -----

func.func @reduce_sum_2(%x0: tensor<2x3xf32>, %x1: tensor<1x1xi64>) -> tensor<?x?xf32> {
  // expected-error @+1 {{ReduceSum (1 node): axes that are not a list}}
  %y = onnx.node "ReduceSum" 13 (%x0, %x1) : (tensor<2x3xf32>, tensor<1x1xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
