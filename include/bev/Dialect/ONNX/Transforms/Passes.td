// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes from the onnx dialect to the onnx dialect.

#ifndef BEV_DIALECT_ONNX_TRANSFORMS_PASSES_TD
#define BEV_DIALECT_ONNX_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ONNXInferTypesPass : Pass<"onnx-infer-types", "::mlir::func::FuncOp"> {
  let summary = "find the types of all values of ONNX graphs";
  let description = [{
    Gives every result of an `onnx.node` the most precise type that its inputs,
    its attributes and the values known at compile time allow, in one walk; and
    the function the types of what it returns. Values that graphs compute shapes
    with are followed element by element: a Reshape to
    `Concat(Shape(x)[0], -1, 256)` is of type `tensor<?x?x256xf32>`. The bodies
    of loops are walked until no size that changes between iterations is taken
    for static.

    Types become more precise only. A node whose inputs contradict its
    operator's definition, or whose result contradicts the type that the model
    declares, is an error that names the node. Operators that have no inference
    keep the types they were imported with.

    Before:

    ```mlir
    func.func @main(%x: tensor<?x6x4x8xf32>) -> tensor<*xf32> {
      %start = onnx.constant dense<0> : tensor<i64>
      %axes = onnx.constant dense<0> : tensor<1xi64>
      %rest = onnx.constant dense<[-1, 8]> : tensor<2xi64>
      %s = onnx.node "Shape" 16 (%x) : (tensor<?x6x4x8xf32>) -> tensor<*xi64>
      %n = onnx.node "Gather" 16 (%s, %start) : (tensor<*xi64>, tensor<i64>) -> tensor<*xi64>
      %u = onnx.node "Unsqueeze" 16 (%n, %axes) : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
      %t = onnx.node "Concat" 16 (%u, %rest) {axis = 0 : i64}
          : (tensor<*xi64>, tensor<2xi64>) -> tensor<*xi64>
      %y = onnx.node "Reshape" 16 (%x, %t)
          : (tensor<?x6x4x8xf32>, tensor<*xi64>) -> tensor<*xf32>
      return %y : tensor<*xf32>
    }
    ```

    After:

    ```mlir
    func.func @main(%x: tensor<?x6x4x8xf32>) -> tensor<?x?x8xf32> {
      ...
      %s = onnx.node "Shape" 16(%x) : (tensor<?x6x4x8xf32>) -> tensor<4xi64>
      %n = onnx.node "Gather" 16(%s, %start) : (tensor<4xi64>, tensor<i64>) -> tensor<i64>
      %u = onnx.node "Unsqueeze" 16(%n, %axes) : (tensor<i64>, tensor<1xi64>) -> tensor<1xi64>
      %t = onnx.node "Concat" 16(%u, %rest) {axis = 0 : i64} : (tensor<1xi64>, tensor<2xi64>) -> tensor<3xi64>
      %y = onnx.node "Reshape" 16(%x, %t) : (tensor<?x6x4x8xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
      return %y : tensor<?x?x8xf32>
    }
    ```
  }];
}

def ONNXSimplifyPass : Pass<"onnx-simplify", "::mlir::func::FuncOp"> {
  let summary = "bring ONNX graphs to a normal form";
  let description = [{
    Infers types, computes what is known at compile time, removes nodes that do
    nothing or that nothing uses, merges equal ones, and gives what exporters
    spell in many ways one spelling, until nothing changes. Results stay the
    same, but for the rounding of weights that something is folded into and of
    functions that are recognized.

    What follows may rely on these forms. Types are as `onnx-infer-types` finds
    them. A node whose inputs are all constants is a constant, unless its
    operator has no evaluation or its result more than `max-elements` elements;
    so are Shape and what is computed from sizes that are known.

    - Squeeze, Unsqueeze and Flatten are Reshape where the result has at most one
      dynamic size. The shape of a Reshape is a constant: the result's own, with
      -1 for the dynamic size. No Reshape follows a Reshape.
    - The shape of an Expand with a static result is a constant; Tile of sizes of
      1 is Expand; no Expand is left in front of an elementwise operator that
      broadcasts by itself.
    - Transpose states its permutation; none follows a Transpose, nor one with
      elementwise operators in between that are used once. One that moves sizes
      of 1 only is Reshape.
    - Constants are the second operand of Add, Mul, And, Or, Xor and Equal. In a sum with a
      MatMul the MatMul is first.
    - Gather of consecutive constant indices in rank 1 is Slice. Slices of one
      axis are not sliced again along it; a Slice or Split of a Concat is the
      input it picks; neighbouring Slices or parts of a Split that a Concat joins
      are one.
    - ScatterND whose constant indices count through a box of static data is
      Concat of Slices of the data and the updates, or the updates alone.
    - BatchNormalization, and Add and Mul of a constant per channel, are folded
      into the constant weights of Conv, ConvTranspose and Gemm. Gemm's constant
      weights are not transposed.
    - Layer normalization in parts is LayerNormalization (as of version 17, with
      a scale and maybe a bias), the erf form of GELU is Gelu (version 20),
      exp(x - max x) over its sum is Softmax (version 13).
    - Operators that ONNX defines by others are those: Attention,
      RotaryEmbedding, LinearAttention, CausalConvWithState, SwiGLU, LSTM, GRU
      and RNN (as Scan), NegativeLogLikelihoodLoss, SoftmaxCrossEntropyLoss,
      HannWindow, HammingWindow and BlackmanWindow, MaxUnpool, Unique of
      elements and of slices of at most 16, and Det of matrices of at most 4
      rows.
    - What is taken of a sequence of known tensors, or of an optional one that is
      there, is the tensor.
    - A cast that loses nothing is left out in front of another cast. Identity,
      Dropout and operators with neutral constants are gone; adding 0 to floats
      is kept, as it changes -0. An If on a constant is the branch it takes.

    Before:

    ```mlir
    func.func @main(%x: tensor<2x3x4xf32>, %w: tensor<12x8xf32>,
                    %b: tensor<8xf32>) -> tensor<*xf32> {
      %axes = onnx.constant dense<0> : tensor<1xi64>
      %zero = onnx.constant dense<0> : tensor<i64>
      %rest = onnx.constant dense<-1> : tensor<1xi64>
      %s = onnx.node "Shape" 16 (%x) : (tensor<2x3x4xf32>) -> tensor<*xi64>
      %n = onnx.node "Gather" 16 (%s, %zero) : (tensor<*xi64>, tensor<i64>) -> tensor<*xi64>
      %u = onnx.node "Unsqueeze" 16 (%n, %axes) : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
      %t = onnx.node "Concat" 16 (%u, %rest) {axis = 0 : i64}
          : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
      %r = onnx.node "Reshape" 16 (%x, %t)
          : (tensor<2x3x4xf32>, tensor<*xi64>) -> tensor<*xf32>
      %m = onnx.node "MatMul" 16 (%r, %w)
          : (tensor<*xf32>, tensor<12x8xf32>) -> tensor<*xf32>
      %y = onnx.node "Add" 16 (%b, %m)
          : (tensor<8xf32>, tensor<*xf32>) -> tensor<*xf32>
      return %y : tensor<*xf32>
    }
    ```

    After:

    ```mlir
    func.func @main(%x: tensor<2x3x4xf32>, %w: tensor<12x8xf32>, %b: tensor<8xf32>) -> tensor<2x8xf32> {
      %t = onnx.constant dense<[2, 12]> : tensor<2xi64>
      %r = onnx.node "Reshape" 16(%x, %t) : (tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<2x12xf32>
      %m = onnx.node "MatMul" 16(%r, %w) : (tensor<2x12xf32>, tensor<12x8xf32>) -> tensor<2x8xf32>
      %y = onnx.node "Add" 16(%m, %b) : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
      return %y : tensor<2x8xf32>
    }
    ```
  }];
  let options = [
    Option<"maxElements", "max-elements", "int64_t", "1 << 24",
           "the most elements of a constant that folding may make">
  ];
}

#endif // BEV_DIALECT_ONNX_TRANSFORMS_PASSES_TD
