// RUN: bev-opt %s --split-input-file --verify-diagnostics --convert-onnx-to-linalg

func.func @add(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Add (1 node): two inputs are expected}}
  %y = onnx.node "Add" 16 (%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @add_2(%x0: tensor<2x3xf32>, %x1: tensor<2x3xi32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Add (1 node): its inputs have different element types}}
  %y = onnx.node "Add" 16 (%x0, %x1) : (tensor<2x3xf32>, tensor<2x3xi32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @sum() -> tensor<2x3xf32> {
  %none = onnx.none
  // expected-error @+1 {{Sum (1 node): at least one input is expected}}
  %y = onnx.node "Sum" 16 (%none) : (none) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @max(%x0: tensor<2x3xf32>, %x1: tensor<2x3xi32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Max (1 node): its inputs have different element types}}
  %y = onnx.node "Max" 16 (%x0, %x1) : (tensor<2x3xf32>, tensor<2x3xi32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @div(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Div (1 node): two inputs are expected}}
  %y = onnx.node "Div" 16 (%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @mod(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Mod (1 node): two inputs are expected}}
  %y = onnx.node "Mod" 16 (%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @pow(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Pow (1 node): two inputs are expected}}
  %y = onnx.node "Pow" 16 (%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @bit_shift(%x0: tensor<4xui8>, %x1: tensor<4xui8>) -> tensor<4xui8> {
  // expected-error @+1 {{BitShift (1 node): two inputs and a direction LEFT or RIGHT are expected}}
  %y = onnx.node "BitShift" 11 (%x0, %x1) {direction = "UP"} : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  return %y : tensor<4xui8>
}

// -----

func.func @where(%x0: tensor<2x3xi1>, %x1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{Where (1 node): three inputs are expected}}
  %y = onnx.node "Where" 16 (%x0, %x1) : (tensor<2x3xi1>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @prelu(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{PRelu (1 node): two inputs are expected}}
  %y = onnx.node "PRelu" 16 (%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @clip(%x1: tensor<f32>) -> tensor<2x3xf32> {
  %none = onnx.none
  // expected-error @+1 {{Clip (1 node): an input is expected}}
  %y = onnx.node "Clip" 16 (%none, %x1) : (none, tensor<f32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @exp() -> tensor<2x3xf32> {
  %none = onnx.none
  // expected-error @+1 {{Exp (1 node): an input is expected}}
  %y = onnx.node "Exp" 16 (%none) : (none) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @exp_2(%x0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  // expected-error @+1 {{Exp (1 node): it is supported for floats only}}
  %y = onnx.node "Exp" 16 (%x0) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  return %y : tensor<2x3xi32>
}

// -----

func.func @abs() -> tensor<2x3xf32> {
  %none = onnx.none
  // expected-error @+1 {{Abs (1 node): an input is expected}}
  %y = onnx.node "Abs" 16 (%none) : (none) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
