// RUN: bev-opt %s --split-input-file --verify-diagnostics -onnx-infer-types

func.func @branch_inputs(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{(If): expected branches without inputs}}
  %y = onnx.node "If" 16 (%c) then_branch {
  ^bb0(%a: tensor<4xf32>):
    onnx.yield %a : tensor<4xf32>
  } else_branch {
    onnx.yield %x : tensor<4xf32>
  } : (tensor<i1>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @branch_outputs(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{(If): expected branches of 1 outputs, but got 2}}
  %y = onnx.node "If" 16 (%c) then_branch {
    onnx.yield %x, %x : tensor<4xf32>, tensor<4xf32>
  } else_branch {
    onnx.yield %x : tensor<4xf32>
  } : (tensor<i1>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @loop_body(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{(Loop): expected a subgraph 'body'}}
  %y = onnx.node "Loop" 16 (%n, %c, %x) : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @scan_body(%s: tensor<2xf32>, %x: tensor<4x2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{(Scan): expected a subgraph 'body'}}
  %y = onnx.node "Scan" 16 (%s, %x) {num_scan_inputs = 1 : i64} : (tensor<2xf32>, tensor<4x2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @scan_axes(%s: tensor<2xf32>, %x: tensor<4x2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{(Scan): expected one axis for each scanned input and output}}
  %y = onnx.node "Scan" 16 (%s, %x) {num_scan_inputs = 1 : i64, scan_input_axes = array<i64: 0, 1>} body {
  ^bb0(%a: tensor<2xf32>, %r: tensor<2xf32>):
    onnx.yield %a : tensor<2xf32>
  } : (tensor<2xf32>, tensor<4x2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}
