// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes from the library dialect to the library dialect.

#ifndef BEV_DIALECT_LIBRARY_TRANSFORMS_PASSES_TD
#define BEV_DIALECT_LIBRARY_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def LibraryFuseEpiloguesPass : Pass<"library-fuse-epilogues"> {
  let summary = "fold bias, residual and relu into library ops";
  let description = [{
    Where the result of a library op is used once, by an elementwise
    `linalg.generic` that reads it as it writes, the generic's first steps on it
    become part of the op as long as the op has a place for them: the addition
    of a vector along the channels (bias), of a tensor of its shape (residual),
    `arith.maximumf` with 0 (relu). What is left of the generic stays; a generic
    with nothing left disappears. `arith.maxnumf`, which turns NaN into 0, is
    not relu.

    Precondition: tensors, elementwise ops are fused (`bev-fuse-elementwise`).

    Before:

    ```mlir
    %y = library.matmul {indexing_maps = [#a, #b, #c]}
        ins(%x, %w : tensor<8x16xf32>, tensor<16x4xf32>)
        outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
    %r = linalg.generic {
        indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
        ins(%y, %bias : tensor<8x4xf32>, tensor<4xf32>)
        outs(%init : tensor<8x4xf32>) {
    ^bb0(%e: f32, %b: f32, %o: f32):
      %s = arith.addf %e, %b : f32
      %m = arith.maximumf %s, %zero : f32
      linalg.yield %m : f32
    } -> tensor<8x4xf32>
    ```

    After:

    ```mlir
    %r = library.matmul {indexing_maps = ..., relu}
        ins(%x, %w : tensor<8x16xf32>, tensor<16x4xf32>)
        bias(%bias : tensor<4xf32>)
        outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
    ```
  }];
}

def LibraryPropagateChannelsLastPass : Pass<"library-propagate-channels-last"> {
  let summary = "move transpositions from channels-last past other ops";
  let description = [{
    `convert-linalg-to-library` puts transpositions around each convolution. This
    pass moves those behind it down, past elementwise ops, pooling and constant
    padding, until they meet those before the next one and vanish: chains of
    convolutions compute channels last throughout, and only their ends are
    transposed.

    Precondition: tensors.

    Before:

    ```mlir
    %t = linalg.transpose ins(%x : tensor<1x4x5x2xf32>)
        outs(%e : tensor<1x2x4x5xf32>) permutation = [0, 3, 1, 2]
    %r = linalg.exp ins(%t : tensor<1x2x4x5xf32>)
        outs(%e : tensor<1x2x4x5xf32>) -> tensor<1x2x4x5xf32>
    ```

    After:

    ```mlir
    %e = linalg.generic ...
        ins(%x : tensor<1x4x5x2xf32>) outs(%... : tensor<1x4x5x2xf32>) {
    ...
    %r = linalg.transpose ins(%e : tensor<1x4x5x2xf32>)
        outs(%... : tensor<1x2x4x5xf32>) permutation = [0, 3, 1, 2]
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

#endif // BEV_DIALECT_LIBRARY_TRANSFORMS_PASSES_TD
