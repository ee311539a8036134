// RUN: bev-opt %s --split-input-file --verify-diagnostics --convert-onnx-to-linalg

// Nodes of subgraphs are listed as well.
func.func @subgraph(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %y = onnx.node "If" 17 (%c) then_branch {
    // expected-error @+1 {{cannot lower 1 ONNX node: Nothing (1 node): there is no lowering for this operator}}
    %a = onnx.node "Nothing" 17 (%x) : (tensor<4xf32>) -> tensor<4xf32>
    onnx.yield %a : tensor<4xf32>
  } else_branch {
    onnx.yield %x : tensor<4xf32>
  } : (tensor<i1>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// expected-error @+1 {{argument 0 has type 'tensor<2x!onnx.string>', which is not supported}}
func.func @strings(%x: tensor<2x!onnx.string>) {
  return
}

// -----

func.func @cast(%x: tensor<2xcomplex<f32>>) -> tensor<2xf32> {
  // expected-error @+1 {{Cast (1 node): its conversion from or to 'complex<f32>' is not supported}}
  %y = onnx.node "Cast" 19 (%x) {to = 1 : i64} : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @contradiction(%x: tensor<2xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{Exp (1 node): its output 0 is declared as 'tensor<3xf32>', but its inputs make it 'tensor<2xf32>'}}
  %y = onnx.node "Exp" 17 (%x) : (tensor<2xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @pad(%x: tensor<2xf32>) -> tensor<4xf32> {
  %p = onnx.constant dense<1> : tensor<2xi64>
  // expected-error @+1 {{Pad (1 node): its mode 'sideways' is not supported}}
  %y = onnx.node "Pad" 17 (%x, %p) {mode = "sideways"} : (tensor<2xf32>, tensor<2xi64>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @dropout(%x: tensor<2xf32>, %r: tensor<f32>, %t: tensor<i1>) -> tensor<2xf32> {
  // expected-error @+1 {{Dropout (1 node): it trains, or may do so: its third input is not the constant false, nor its ratio the constant 0}}
  %y = onnx.node "Dropout" 17 (%x, %r, %t) : (tensor<2xf32>, tensor<f32>, tensor<i1>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @transpose(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{Transpose (1 node): its 'perm' is not a permutation}}
  %y = onnx.node "Transpose" 17 (%x) {perm = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

// -----

func.func @scatter(%x: tensor<4xf32>, %i: tensor<2xi64>, %u: tensor<2xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{ScatterElements (1 node): its reduction 'xor' is not supported}}
  %y = onnx.node "ScatterElements" 18 (%x, %i, %u) {reduction = "xor"} : (tensor<4xf32>, tensor<2xi64>, tensor<2xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @scan(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{Scan (1 node): operator sets before 9 are not supported}}
  %y = onnx.node "Scan" 8 (%x) {num_scan_inputs = 1 : i64} body (%a: tensor<f32>) {
    onnx.yield %a : tensor<f32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
