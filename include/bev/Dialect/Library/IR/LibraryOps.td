// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ops of the library dialect.

#ifndef BEV_DIALECT_LIBRARY_IR_LIBRARYOPS_TD
#define BEV_DIALECT_LIBRARY_IR_LIBRARYOPS_TD

include "bev/Dialect/Library/IR/LibraryDialect.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Library_Shaped : AnyTypeOf<[RankedTensorOf<[F32]>, MemRefOf<[F32]>],
    "ranked tensor or memref of f32">;

class Library_Op<string mnemonic, list<Trait> traits = []>
    : Op<Library_Dialect, mnemonic, !listconcat([
        AttrSizedOperandSegments,
        DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
          ["reifyResultShapes"]>,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>
      ], traits)> {
  let hasVerifier = 1;
  code baseDeclaration = [{
    /// The operand this op writes.
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
  let extraClassDeclaration = baseDeclaration;
}

def Library_MatMulOp : Library_Op<"matmul"> {
  let summary = "batched matrix product with bias, residual and activation";
  let description = [{
      init[b..,m,n] = act(sum over k of lhs[b..,m,k] * rhs[b..,k,n]
                          + bias[n] + residual[b..,m,n])

    `indexing_maps` says, for lhs, rhs and init, which of the dimensions
    (b.., m, n, k) each dimension of the operand is: transposed operands are
    read where they lie, and an operand without a batch dimension is the same
    for the whole of it. act is the identity, or max(x, 0) with `relu`.

    | operand | shape |
    |---|---|
    | lhs | a permutation of m, k and any of b |
    | rhs | a permutation of k, n and any of b |
    | bias | [n] |
    | residual | as init |
    | init, result | a permutation of b.., m, with n last |

    Constraints: (mm_c1) three maps, of at most 2 batch dimensions; (mm_c2) each
    is a projected permutation with the dimensions of the table, of its
    operand's rank; (mm_c3) static sizes of one dimension are equal.

    ```mlir
    %r = library.matmul {relu,
             indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                              affine_map<(m, n, k) -> (n, k)>,
                              affine_map<(m, n, k) -> (m, n)>]}
           ins(%x, %w : tensor<?x256xf32>, tensor<512x256xf32>)
           bias(%b : tensor<512xf32>)
           outs(%init : tensor<?x512xf32>) -> tensor<?x512xf32>
    ```
  }];
  let arguments = (ins Library_Shaped:$lhs, Library_Shaped:$rhs,
    Optional<Library_Shaped>:$bias, Optional<Library_Shaped>:$residual,
    Library_Shaped:$init, AffineMapArrayAttr:$indexing_maps, UnitAttr:$relu);
  let results = (outs Optional<RankedTensorOf<[F32]>>:$result);
  let assemblyFormat = [{
    attr-dict `ins` `(` $lhs `,` $rhs `:` type($lhs) `,` type($rhs) `)`
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    (`residual` `(` $residual^ `:` type($residual) `)`)?
    `outs` `(` $init `:` type($init) `)` (`->` type($result)^)?
  }];
  let extraClassDeclaration = baseDeclaration # [{
    /// The map of operand `index` of (lhs, rhs, init).
    ::mlir::AffineMap getMap(unsigned index) {
      return ::llvm::cast<::mlir::AffineMapAttr>(getIndexingMaps()[index]).getValue();
    }
    /// Number of batch dimensions.
    unsigned getNumBatchDims() { return getMap(2).getNumDims() - 3; }
    /// The dimension of init that bias belongs to.
    unsigned getChannelDim() {
      return ::llvm::cast<::mlir::ShapedType>(getInit().getType()).getRank() - 1;
    }
  }];
}

def Library_ConvolutionOp : Library_Op<"convolution"> {
  let summary = "2-D convolution, channels last, with bias, residual and activation";
  let description = [{
      init[n,y,x,f] = act(sum over c, i, j of
                            input[n, y*sh + i*dh - top, x*sw + j*dw - left, g*C/G + c]
                            * filter[f,c,i,j]
                          + bias[f] + residual[n,y,x,f])   with g = f / (F/G)

    Input outside of the image is 0. act is the identity, or max(x, 0) with
    `relu`.

    | operand | shape |
    |---|---|
    | input | [N,H,W,C] |
    | filter | [F,C/G,KH,KW] |
    | bias | [F] |
    | residual | as init |
    | init, result | [N,OH,OW,F] |

    `padding` is [top, left, bottom, right], `strides` [sh, sw], `dilations`
    [dh, dw]; G is `groups`. The rows and columns of the result that padding
    does not reach are a matter of its size: bottom and right only say how far
    it may extend.

    Constraints: (conv_c1) ranks; (conv_c2) four non-negative paddings, two
    positive strides, two positive dilations, positive groups; (conv_c3) static
    channels agree: C = G * (C/G), and G divides F; (conv_c4) F of filter, bias,
    residual and init agree; (conv_c5) a static result is
    (H + top + bottom - (KH-1)*dh - 1) / sh + 1 high, and likewise wide.

    ```mlir
    %r = library.convolution {relu, strides = array<i64: 2, 2>,
             padding = array<i64: 1, 1, 1, 1>}
           ins(%x, %w : tensor<6x120x200x64xf32>, tensor<128x64x3x3xf32>)
           bias(%b : tensor<128xf32>)
           outs(%init : tensor<6x60x100x128xf32>) -> tensor<6x60x100x128xf32>
    ```
  }];
  let arguments = (ins Library_Shaped:$input, Library_Shaped:$filter,
    Optional<Library_Shaped>:$bias, Optional<Library_Shaped>:$residual,
    Library_Shaped:$init,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
    DefaultValuedAttr<I64Attr, "1">:$groups, UnitAttr:$relu);
  let results = (outs Optional<RankedTensorOf<[F32]>>:$result);
  let assemblyFormat = [{
    attr-dict `ins` `(` $input `,` $filter `:` type($input) `,` type($filter) `)`
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    (`residual` `(` $residual^ `:` type($residual) `)`)?
    `outs` `(` $init `:` type($init) `)` (`->` type($result)^)?
  }];
  let extraClassDeclaration = baseDeclaration # [{
    /// The dimension of init that bias belongs to.
    unsigned getChannelDim() { return 3; }
  }];
}

#endif // BEV_DIALECT_LIBRARY_IR_LIBRARYOPS_TD
