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

#endif // BEV_DIALECT_ONNX_TRANSFORMS_PASSES_TD
