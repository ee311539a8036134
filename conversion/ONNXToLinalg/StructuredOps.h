// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builders of reductions, windows and contractions.

#ifndef BEV_CONVERSION_ONNXTOLINALG_STRUCTUREDOPS_H
#define BEV_CONVERSION_ONNXTOLINALG_STRUCTUREDOPS_H

#include "Lowering.h"
#include "Scalars.h"

#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "llvm/ADT/SmallBitVector.h"

namespace mlir::bev::onnx_to_linalg {

/// An affine expression of sizes, folded where they are known.
OpFoldResult applySizes(ImplicitLocOpBuilder &b, AffineExpr expr,
                        ArrayRef<OpFoldResult> operands);
OpFoldResult addSizes(ImplicitLocOpBuilder &b, OpFoldResult x, OpFoldResult y);
OpFoldResult subtractSizes(ImplicitLocOpBuilder &b, OpFoldResult x,
                           OpFoldResult y);
OpFoldResult multiplySizes(ImplicitLocOpBuilder &b, OpFoldResult x,
                           OpFoldResult y);
OpFoldResult productOf(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes);
/// The greater of a size and a number.
OpFoldResult atLeast(ImplicitLocOpBuilder &b, OpFoldResult x, int64_t least);
Value toIndexValue(ImplicitLocOpBuilder &b, OpFoldResult size);
/// `sizes`, with those replaced that the type knows.
SmallVector<OpFoldResult>
refineSizes(OpBuilder &b, ArrayRef<OpFoldResult> sizes, RankedTensorType type);

/// A tensor.empty.
Value buildEmpty(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes,
                 Type elementType);
/// A linalg.generic on `inputs` and `inits`, whose indexing maps are `maps`.
/// `body` gets all their elements and returns the new ones of the inits.
SmallVector<Value> buildGeneric(
    ImplicitLocOpBuilder &b, ValueRange inputs, ValueRange inits,
    ArrayRef<AffineMap> maps, ArrayRef<utils::IteratorType> iterators,
    llvm::function_ref<SmallVector<Value>(ImplicitLocOpBuilder &, ValueRange)>
        body);

/// The map from all dimensions to those that are not in `reduced`.
AffineMap getKeptMap(MLIRContext *context, const llvm::SmallBitVector &reduced);
/// The sizes that are not in `reduced`.
SmallVector<OpFoldResult> getKeptSizes(ArrayRef<OpFoldResult> sizes,
                                       const llvm::SmallBitVector &reduced);
/// Reduces dimensions of `tensor` away, beginning with `start`. `others` are
/// tensors of the kept dimensions. `body` gets an element of the tensor, those
/// of the others and what is accumulated so far.
Value buildReduction(
    ImplicitLocOpBuilder &b, Value tensor, ValueRange others,
    const llvm::SmallBitVector &reduced, Value start,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body);
/// A tensor of the shape and dimensions of `tensor` from its elements, those of
/// `kept` (tensors of the dimensions not in `reduced`) and of `along` (tensors
/// with the maps of `alongMaps`).
Value buildApply(
    ImplicitLocOpBuilder &b, Value tensor, ValueRange kept,
    const llvm::SmallBitVector &reduced, ValueRange along,
    ArrayRef<AffineMap> alongMaps, Type elementType,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body);

/// `tensor` with dimensions of size one where `inserted` is set.
Value insertUnitDims(ImplicitLocOpBuilder &b, Value tensor,
                     const llvm::SmallBitVector &inserted);
/// `tensor` with the runs of dimensions before and from `axis` made one each.
Value flattenAround(ImplicitLocOpBuilder &b, Value tensor, int64_t axis);
/// The inverse: `sizes` are those of the tensor that was flattened.
Value unflattenAround(ImplicitLocOpBuilder &b, Value tensor, int64_t axis,
                      ArrayRef<OpFoldResult> sizes);
/// The indices of the linalg op that is being built.
SmallVector<Value> getIndices(ImplicitLocOpBuilder &b, int64_t rank);
/// `tensor` with the shape `sizes`; `groups` says which of its dimensions come
/// from which of the tensor's.
Value expandShape(ImplicitLocOpBuilder &b, Value tensor,
                  ArrayRef<ReassociationIndices> groups,
                  ArrayRef<OpFoldResult> sizes);
Value collapseShape(ImplicitLocOpBuilder &b, Value tensor,
                    ArrayRef<ReassociationIndices> groups);

/// Every element converted as ONNX's Cast does between types without sign.
Value convertElements(ImplicitLocOpBuilder &b, Value tensor, Type elementType,
                      bool isUnsigned = false);

/// `axis`, counted from the end where negative; nothing where it is outside.
std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank);
/// The integers that are known of `sizes`; nothing where one is not.
std::optional<SmallVector<int64_t>> asConstants(ArrayRef<OpFoldResult> sizes);

} // namespace mlir::bev::onnx_to_linalg

#endif // BEV_CONVERSION_ONNXTOLINALG_STRUCTUREDOPS_H
