// RUN: bev-opt %s --split-input-file --verify-diagnostics --onnx-simplify --convert-onnx-to-linalg

func.func @heads(%q: tensor<1x3x8x4xf32>, %k: tensor<1x2x8x4xf32>) -> tensor<1x3x8x4xf32> {
  // expected-error @+1 {{cannot lower 1 ONNX node: Attention (1 node): expected queries, keys and values of one type and of rank 3 or 4, known numbers of heads of which that of the queries is a multiple of that of the keys, past keys and values of rank 4 both or neither, and no lengths beside them}}
  %y = onnx.node "Attention" 23 (%q, %k, %k) : (tensor<1x3x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x3x8x4xf32>
  return %y : tensor<1x3x8x4xf32>
}

// -----

func.func @rotary_heads(%x: tensor<1x8x4xf32>, %c: tensor<1x8x2xf32>) -> tensor<1x8x4xf32> {
  // expected-error @+1 {{RotaryEmbedding (1 node): expected an input of rank 3 with a number of heads or of rank 4, and cosines and sines of rank 3, or of rank 2 with places}}
  %y = onnx.node "RotaryEmbedding" 23 (%x, %c, %c) : (tensor<1x8x4xf32>, tensor<1x8x2xf32>, tensor<1x8x2xf32>) -> tensor<1x8x4xf32>
  return %y : tensor<1x8x4xf32>
}

// -----

func.func @activation(%x: tensor<7x1x4xf32>, %w: tensor<1x12x4xf32>, %r: tensor<1x12x3xf32>) -> tensor<7x1x1x3xf32> {
  // expected-error @+1 {{LSTM (1 node): expected floats of rank 3, a known hidden size, a known direction, for each direction activations that ONNX has, and lengths for all of the batch}}
  %y = onnx.node "LSTM" 14 (%x, %w, %r) {hidden_size = 3 : i64, activations = ["Sigmoid", "Tanh", "Gelu"]}
      : (tensor<7x1x4xf32>, tensor<1x12x4xf32>, tensor<1x12x3xf32>) -> tensor<7x1x1x3xf32>
  return %y : tensor<7x1x1x3xf32>
}

// -----

func.func @direction(%x: tensor<7x1x4xf32>, %w: tensor<1x9x4xf32>, %r: tensor<1x9x3xf32>) -> tensor<7x1x1x3xf32> {
  // expected-error @+1 {{GRU (1 node): expected floats of rank 3, a known hidden size, a known direction, for each direction activations that ONNX has, and lengths for all of the batch}}
  %y = onnx.node "GRU" 14 (%x, %w, %r) {hidden_size = 3 : i64, direction = "sideways"}
      : (tensor<7x1x4xf32>, tensor<1x9x4xf32>, tensor<1x9x3xf32>) -> tensor<7x1x1x3xf32>
  return %y : tensor<7x1x1x3xf32>
}

// -----

func.func @loss(%x: tensor<2x3xf32>, %t: tensor<2xi64>) -> tensor<f32> {
  // expected-error @+1 {{NegativeLogLikelihoodLoss (1 node): expected scores of floats of rank 2 or more, targets of one rank less that are as many, and reduction none, sum or mean}}
  %y = onnx.node "NegativeLogLikelihoodLoss" 13 (%x, %t) {reduction = "product"} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @gated(%x: tensor<2x3xf32>, %z: tensor<2x3xf16>) -> tensor<2x3xf32> {
  // expected-error @+1 {{SwiGLU (1 node): expected inputs of one element type}}
  %y = onnx.node "SwiGLU" 27 (%x, %z) : (tensor<2x3xf32>, tensor<2x3xf16>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

func.func @causal(%x: tensor<1x3x8xf32>, %w: tensor<3x1x2xf32>) -> tensor<1x3x8xf32> {
  // expected-error @+1 {{CausalConvWithState (1 node): expected an input and weights of rank 3, weights of known size, and activation none, silu or swish}}
  %y = onnx.node "CausalConvWithState" 27 (%x, %w) {activation = "relu"} : (tensor<1x3x8xf32>, tensor<3x1x2xf32>) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

// -----

func.func @linear(%q: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  // expected-error @+1 {{LinearAttention (1 node): expected inputs of rank 3 and a state of rank 4, a number of heads of the queries that is a multiple of that of the keys, a decay and a beta exactly where the update rule has them, and a scale or queries of known size}}
  %y = onnx.node "LinearAttention" 27 (%q, %q, %q) {q_num_heads = 2 : i64, kv_num_heads = 2 : i64, update_rule = "gated"}
      : (tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>) -> tensor<1x5x8xf32>
  return %y : tensor<1x5x8xf32>
}

// -----

func.func @window(%n: tensor<1xi64>) -> tensor<?xf32> {
  // expected-error @+1 {{HannWindow (1 node): expected a size that is one integer}}
  %y = onnx.node "HannWindow" 17 (%n) : (tensor<1xi64>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @bits(%x: tensor<4xf32>) -> tensor<4xf16> {
  // expected-error @+1 {{BitCast (1 node): the elements of its input and output have different widths}}
  %y = onnx.node "BitCast" 26 (%x) {to = 10 : i64} : (tensor<4xf32>) -> tensor<4xf16>
  return %y : tensor<4xf16>
}

// -----

func.func @cache_axis(%c: tensor<2x4x8xf32>, %u: tensor<2x2x8xf32>) -> tensor<2x4x8xf32> {
  // expected-error @+1 {{TensorScatter (1 node): its axis is out of range or 0, or the ranks of its inputs do not fit}}
  %y = onnx.node "TensorScatter" 24 (%c, %u) {axis = 0 : i64} : (tensor<2x4x8xf32>, tensor<2x2x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

func.func @cache_mode(%c: tensor<2x4x8xf32>, %u: tensor<2x2x8xf32>) -> tensor<2x4x8xf32> {
  // expected-error @+1 {{TensorScatter (1 node): its mode 'spiral' is not supported}}
  %y = onnx.node "TensorScatter" 24 (%c, %u) {mode = "spiral"} : (tensor<2x4x8xf32>, tensor<2x2x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

func.func @determinant(%x: tensor<5x5xf32>) -> tensor<f32> {
  // expected-error @+1 {{Det (1 node): expected square matrices of a known size of at most 4}}
  %y = onnx.node "Det" 11 (%x) : (tensor<5x5xf32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @unpool(%x: tensor<1x1x2x2xf32>, %i: tensor<1x1x2x2xi64>) -> tensor<?x?x?x?xf32> {
  // expected-error @+1 {{MaxUnpool (1 node): expected an input with spatial dimensions, and a kernel_shape, strides and pads for each of them}}
  %y = onnx.node "MaxUnpool" 11 (%x, %i) : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>) -> tensor<?x?x?x?xf32>
  return %y : tensor<?x?x?x?xf32>
}

// -----

func.func @sequence(%x: tensor<6x4xf32>, %i: tensor<i64>) -> tensor<2x4xf32> {
  %two = onnx.constant dense<2> : tensor<i64>
  // expected-error @+1 {{SequenceConstruct (1 node): sequences are supported where the number of their tensors and the places in them are known; SequenceAt (1 node): sequences are supported}}
  %s = onnx.node "SplitToSequence" 11 (%x, %two) : (tensor<6x4xf32>, tensor<i64>) -> tensor<*x!onnx.unknown>
  %y = onnx.node "SequenceAt" 11 (%s, %i) : (tensor<*x!onnx.unknown>, tensor<i64>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

func.func @rotary_places(%x: tensor<1x2x8x4xf32>, %c: tensor<8x2xf32>, %p: tensor<8xi64>) -> tensor<1x2x8x4xf32> {
  // expected-error @+1 {{RotaryEmbedding (1 node): expected an input of rank 3 with a number of heads or of rank 4}}
  %y = onnx.node "RotaryEmbedding" 23 (%x, %c, %c, %p)
      : (tensor<1x2x8x4xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8xi64>) -> tensor<1x2x8x4xf32>
  return %y : tensor<1x2x8x4xf32>
}

// -----

func.func @loss_batch(%x: tensor<2x4xf32>, %t: tensor<3xi64>) -> tensor<f32> {
  // expected-error @+1 {{SoftmaxCrossEntropyLoss (1 node): expected scores of floats of rank 2 or more, targets of one rank less that are as many}}
  %y = onnx.node "SoftmaxCrossEntropyLoss" 13 (%x, %t) : (tensor<2x4xf32>, tensor<3xi64>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @lengths(%x: tensor<7x1x4xf32>, %w: tensor<1x3x4xf32>, %r: tensor<1x3x3xf32>, %l: tensor<5xi32>) -> tensor<7x1x1x3xf32> {
  %none = onnx.none
  // expected-error @+1 {{RNN (1 node): expected floats of rank 3, a known hidden size, a known direction, for each direction activations that ONNX has, and lengths for all of the batch}}
  %y = onnx.node "RNN" 14 (%x, %w, %r, %none, %l) {hidden_size = 3 : i64}
      : (tensor<7x1x4xf32>, tensor<1x3x4xf32>, tensor<1x3x3xf32>, none, tensor<5xi32>) -> tensor<7x1x1x3xf32>
  return %y : tensor<7x1x1x3xf32>
}

// -----

// What the parts contradict is said once.
func.func @parts(%q: tensor<1x5x7xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{ONNX node (Reshape): expected a shape with as many elements as the input (1x5x7), but got 0x0x2x-1}}
  %y = onnx.node "Attention" 23 (%q, %q, %q) {q_num_heads = 2 : i64, kv_num_heads = 2 : i64}
      : (tensor<1x5x7xf32>, tensor<1x5x7xf32>, tensor<1x5x7xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @optional(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{OptionalGetElement (1 node): optional tensors are supported where it is known whether they are there}}
  %o = onnx.node "If" 18 (%c) then_branch {
    %a = onnx.node "Optional" 18 (%x) : (tensor<4xf32>) -> tensor<*x!onnx.unknown>
    onnx.yield %a : tensor<*x!onnx.unknown>
  } else_branch {
    %b = onnx.node "Optional" 18 () : () -> tensor<*x!onnx.unknown>
    onnx.yield %b : tensor<*x!onnx.unknown>
  } : (tensor<i1>) -> tensor<*x!onnx.unknown>
  %y = onnx.node "OptionalGetElement" 18 (%o) : (tensor<*x!onnx.unknown>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @unique(%x: tensor<?x17xf32>) -> tensor<?x17xf32> {
  // expected-error @+1 {{Unique (1 node): expected numbers, and along an axis slices of known sizes with at most 16 elements}}
  %y = onnx.node "Unique" 11 (%x) {axis = 0 : i64} : (tensor<?x17xf32>) -> tensor<?x17xf32>
  return %y : tensor<?x17xf32>
}
