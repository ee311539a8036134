// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operands of library ops as views of a fixed rank, and the functions of
// generated code that take them.

#ifndef BEV_CONVERSION_LIBRARYTORUNTIME_OPERANDS_H
#define BEV_CONVERSION_LIBRARYTORUNTIME_OPERANDS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"

namespace mlir::bev {

/// memref<?x..x?xf32> of `rank` with unknown strides; the last one is 1 where
/// `unit` says so.
MemRefType getViewType(MLIRContext *context, int64_t rank, bool unit = false);

/// Takes `buffer` apart; the parts of all views of it are shared by CSE.
struct Parts {
  Parts(OpBuilder &b, Location loc, Value buffer);
  Value base;
  OpFoldResult offset;
  SmallVector<OpFoldResult> sizes, strides;
};

/// A view of `parts` with the given sizes and strides, of `getViewType`.
Value emitView(OpBuilder &b, Location loc, const Parts &parts,
               ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides,
               bool unit = false);

/// What is done on the way out of the sum.
struct Epilogue {
  bool bias, residual, relu;
  /// "_bias_relu" and the like.
  std::string getSuffix() const;
};

/// Emits `out[i] = bias[i.last]` or 0.
void emitInit(OpBuilder &b, Location loc, Epilogue epilogue, Value bias,
              Value out);

/// Emits `out[i] = act(out[i] + residual[i])` if there is anything to do.
void emitFinish(OpBuilder &b, Location loc, Epilogue epilogue, Value residual,
                Value out);

/// Emits `out[out_map] += lhs[lhs_map] * rhs[rhs_map]` over the loops.
void emitProducts(OpBuilder &b, Location loc, Value lhs, Value rhs, Value out,
                  ArrayRef<AffineMap> maps,
                  ArrayRef<utils::IteratorType> iterators);

/// The operands of the function for a matrix product, [B0,B1,M,K],
/// [B0,B1,K,N], [N], [B0,B1,M,N], [B0,B1,M,N]; and whether the last strides of
/// the matrices are known to be 1.
struct MatMulFallback {
  Epilogue epilogue;
  bool unitRhs, unitOut;
  std::string getName() const;
  func::FuncOp build(OpBuilder &b, Location loc) const;
};

/// The operands of the function for a convolution, [N,H,W,C], [F,C/G,KH,KW],
/// [F], [N,OH,OW,F], [N,OH,OW,F].
struct ConvolutionFallback {
  Epilogue epilogue;
  SmallVector<int64_t> strides, dilations, padding;
  int64_t groups;
  /// Whether the last stride of the result is known to be 1.
  bool unitOut;
  std::string getName() const;
  func::FuncOp build(OpBuilder &b, Location loc) const;
};

} // namespace mlir::bev

#endif // BEV_CONVERSION_LIBRARYTORUNTIME_OPERANDS_H
