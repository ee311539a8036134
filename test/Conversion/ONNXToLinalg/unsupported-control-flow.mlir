// RUN: bev-opt %s --split-input-file --verify-diagnostics --convert-onnx-to-linalg

func.func @one_branch(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{If (1 node): two branches with as many outputs as it has are expected}}
  %y = onnx.node "If" 16 (%c) then_branch {
    onnx.yield %x : tensor<4xf32>
  } : (tensor<i1>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @branch_type(%c: tensor<i1>, %x: tensor<4xf32>, %z: tensor<4xi32>) -> tensor<4xf32> {
  // expected-error @+1 {{If (1 node): a branch's output 0 has another type than its own}}
  %y = onnx.node "If" 16 (%c) then_branch {
    onnx.yield %x : tensor<4xf32>
  } else_branch {
    onnx.yield %z : tensor<4xi32>
  } : (tensor<i1>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @carried_rank(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<4xf32>, %z: tensor<4x1xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{Loop (1 node): the rank or element type of its carried value 0 changes}}
  %y = onnx.node "Loop" 16 (%n, %c, %x) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %a: tensor<4xf32>):
    onnx.yield %go, %z : tensor<i1>, tensor<4x1xf32>
  } : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @loop_outputs(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{Loop (1 node): its body has another number of inputs or outputs}}
  %y = onnx.node "Loop" 16 (%n, %c, %x) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %a: tensor<4xf32>):
    onnx.yield %go : tensor<i1>
  } : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @no_start(%n: tensor<i64>, %c: tensor<i1>) -> tensor<4xf32> {
  %none = onnx.none
  // expected-error @+1 {{Loop (1 node): a carried value has no start}}
  %y = onnx.node "Loop" 16 (%n, %c, %none) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %a: tensor<4xf32>):
    onnx.yield %go, %a : tensor<i1>, tensor<4xf32>
  } : (tensor<i64>, tensor<i1>, none) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @scan_inputs(%s: tensor<2xf32>, %x: tensor<4x2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{Scan (1 node): its body has another number of inputs or outputs}}
  %y = onnx.node "Scan" 16 (%s, %x) {num_scan_inputs = 1 : i64} body {
  ^bb0(%a: tensor<2xf32>):
    onnx.yield %a : tensor<2xf32>
  } : (tensor<2xf32>, tensor<4x2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @scan_axes(%s: tensor<2xf32>, %x: tensor<4x2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{Scan (1 node): its axes and directions differ in number from its inputs and outputs}}
  %y = onnx.node "Scan" 16 (%s, %x) {num_scan_inputs = 1 : i64, scan_input_directions = array<i64: 0, 1>} body {
  ^bb0(%a: tensor<2xf32>, %r: tensor<2xf32>):
    onnx.yield %a : tensor<2xf32>
  } : (tensor<2xf32>, tensor<4x2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @scan_none(%x: tensor<4x2xf32>) -> tensor<2xf32> {
  %none = onnx.none
  // expected-error @+1 {{Scan (1 node): an input is left out}}
  %y = onnx.node "Scan" 16 (%none, %x) {num_scan_inputs = 1 : i64} body {
  ^bb0(%a: tensor<2xf32>, %r: tensor<2xf32>):
    onnx.yield %a : tensor<2xf32>
  } : (none, tensor<4x2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @scan_axis(%s: tensor<2xf32>, %x: tensor<4x2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{Scan (1 node): a scan input's axis is out of range}}
  %y = onnx.node "Scan" 16 (%s, %x) {num_scan_inputs = 1 : i64, scan_input_axes = array<i64: 5>} body {
  ^bb0(%a: tensor<2xf32>, %r: tensor<2xf32>):
    onnx.yield %a : tensor<2xf32>
  } : (tensor<2xf32>, tensor<4x2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}
