// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builders of reductions, windows and contractions.

#include "StructuredOps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

namespace mlir::bev::onnx_to_linalg {

OpFoldResult applySizes(ImplicitLocOpBuilder &b, AffineExpr expr,
                        ArrayRef<OpFoldResult> operands) {
  return affine::makeComposedFoldedAffineApply(b, b.getLoc(), expr, operands);
}

OpFoldResult addSizes(ImplicitLocOpBuilder &b, OpFoldResult x, OpFoldResult y) {
  return applySizes(b, b.getAffineDimExpr(0) + b.getAffineDimExpr(1), {x, y});
}

OpFoldResult subtractSizes(ImplicitLocOpBuilder &b, OpFoldResult x,
                           OpFoldResult y) {
  return applySizes(b, b.getAffineDimExpr(0) - b.getAffineDimExpr(1), {x, y});
}

OpFoldResult multiplySizes(ImplicitLocOpBuilder &b, OpFoldResult x,
                           OpFoldResult y) {
  return applySizes(b, b.getAffineSymbolExpr(0) * b.getAffineSymbolExpr(1),
                    {x, y});
}

OpFoldResult productOf(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes) {
  OpFoldResult product = b.getIndexAttr(1);
  for (OpFoldResult size : sizes)
    product = multiplySizes(b, product, size);
  return product;
}

OpFoldResult atLeast(ImplicitLocOpBuilder &b, OpFoldResult x, int64_t least) {
  if (std::optional<int64_t> known = getConstantIntValue(x))
    return b.getIndexAttr(std::max(*known, least));
  return arith::MaxSIOp::create(b, toIndexValue(b, x),
                                toIndexValue(b, b.getIndexAttr(least)))
      .getResult();
}

Value toIndexValue(ImplicitLocOpBuilder &b, OpFoldResult size) {
  return getValueOrCreateConstantIndexOp(b, b.getLoc(), size);
}

SmallVector<OpFoldResult>
refineSizes(OpBuilder &b, ArrayRef<OpFoldResult> sizes, RankedTensorType type) {
  SmallVector<OpFoldResult> refined(sizes);
  for (auto [dim, size] : llvm::enumerate(refined))
    if (!type.isDynamicDim(dim))
      size = b.getIndexAttr(type.getDimSize(dim));
  return refined;
}

Value buildEmpty(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes,
                 Type elementType) {
  return tensor::EmptyOp::create(b, sizes, elementType);
}

SmallVector<Value> buildGeneric(
    ImplicitLocOpBuilder &b, ValueRange inputs, ValueRange inits,
    ArrayRef<AffineMap> maps, ArrayRef<utils::IteratorType> iterators,
    llvm::function_ref<SmallVector<Value>(ImplicitLocOpBuilder &, ValueRange)>
        body) {
  auto generic = linalg::GenericOp::create(
      b, inits.getTypes(), inputs, inits, maps, iterators,
      [&](OpBuilder &inner, Location loc, ValueRange args) {
        ImplicitLocOpBuilder builder(loc, inner);
        SmallVector<Value> values = body(builder, args);
        linalg::YieldOp::create(builder, values);
      });
  return SmallVector<Value>(generic.getResults());
}

AffineMap getKeptMap(MLIRContext *context,
                     const llvm::SmallBitVector &reduced) {
  SmallVector<AffineExpr> exprs;
  for (unsigned dim = 0; dim < reduced.size(); ++dim)
    if (!reduced[dim])
      exprs.push_back(getAffineDimExpr(dim, context));
  return AffineMap::get(reduced.size(), 0, exprs, context);
}

SmallVector<OpFoldResult> getKeptSizes(ArrayRef<OpFoldResult> sizes,
                                       const llvm::SmallBitVector &reduced) {
  SmallVector<OpFoldResult> kept;
  for (auto [dim, size] : llvm::enumerate(sizes))
    if (!reduced[dim])
      kept.push_back(size);
  return kept;
}

Value buildReduction(
    ImplicitLocOpBuilder &b, Value tensor, ValueRange others,
    const llvm::SmallBitVector &reduced, Value start,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body) {
  unsigned rank = reduced.size();
  AffineMap kept = getKeptMap(b.getContext(), reduced);
  Value init = buildFill(
      b, getKeptSizes(sizesOf(b, b.getLoc(), tensor), reduced), start);
  SmallVector<AffineMap> maps(others.size() + 2, kept);
  maps.front() = b.getMultiDimIdentityMap(rank);
  SmallVector<utils::IteratorType> iterators;
  for (unsigned dim = 0; dim < rank; ++dim)
    iterators.push_back(reduced[dim] ? utils::IteratorType::reduction
                                     : utils::IteratorType::parallel);
  SmallVector<Value> inputs{tensor};
  llvm::append_range(inputs, others);
  return buildGeneric(b, inputs, init, maps, iterators,
                      [&](ImplicitLocOpBuilder &b, ValueRange args) {
                        return SmallVector<Value>{body(b, args)};
                      })
      .front();
}

Value buildApply(
    ImplicitLocOpBuilder &b, Value tensor, ValueRange kept,
    const llvm::SmallBitVector &reduced, ValueRange along,
    ArrayRef<AffineMap> alongMaps, Type elementType,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body) {
  unsigned rank = reduced.size();
  SmallVector<Value> inputs{tensor};
  llvm::append_range(inputs, kept);
  llvm::append_range(inputs, along);
  SmallVector<AffineMap> maps{b.getMultiDimIdentityMap(rank)};
  maps.append(kept.size(), getKeptMap(b.getContext(), reduced));
  llvm::append_range(maps, alongMaps);
  maps.push_back(maps.front());
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  Value init = buildEmpty(b, sizesOf(b, b.getLoc(), tensor), elementType);
  return buildGeneric(b, inputs, init, maps, iterators,
                      [&](ImplicitLocOpBuilder &b, ValueRange args) {
                        return SmallVector<Value>{body(b, args.drop_back())};
                      })
      .front();
}

Value expandShape(ImplicitLocOpBuilder &b, Value tensor,
                  ArrayRef<ReassociationIndices> groups,
                  ArrayRef<OpFoldResult> sizes) {
  auto [staticSizes, dynamicSizes] = decomposeMixedValues(sizes);
  auto type = RankedTensorType::get(
      staticSizes, cast<RankedTensorType>(tensor.getType()).getElementType());
  // A group of one dynamic dimension has to stay dynamic, and a static one
  // static.
  auto source = cast<RankedTensorType>(tensor.getType());
  SmallVector<int64_t> shape(source.getShape());
  for (auto [dim, group] : llvm::enumerate(groups)) {
    int64_t product = 1;
    for (int64_t expanded : group)
      product = ShapedType::isDynamic(product) ||
                        ShapedType::isDynamic(staticSizes[expanded])
                    ? ShapedType::kDynamic
                    : product * staticSizes[expanded];
    shape[dim] = product;
  }
  if (shape != source.getShape())
    tensor = tensor::CastOp::create(
        b, RankedTensorType::get(shape, source.getElementType()), tensor);
  return tensor::ExpandShapeOp::create(b, type, tensor, groups, sizes);
}

Value collapseShape(ImplicitLocOpBuilder &b, Value tensor,
                    ArrayRef<ReassociationIndices> groups) {
  return tensor::CollapseShapeOp::create(b, tensor, groups);
}

Value insertUnitDims(ImplicitLocOpBuilder &b, Value tensor,
                     const llvm::SmallBitVector &inserted) {
  if (inserted.none())
    return tensor;
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), tensor), expanded;
  SmallVector<ReassociationIndices> groups(sizes.size());
  unsigned next = 0;
  for (unsigned dim = 0; dim < inserted.size(); ++dim) {
    if (!groups.empty())
      groups[std::min<size_t>(next, groups.size() - 1)].push_back(dim);
    expanded.push_back(inserted[dim] ? OpFoldResult(b.getIndexAttr(1))
                                     : sizes[next++]);
  }
  return expandShape(b, tensor, groups, expanded);
}

Value flattenAround(ImplicitLocOpBuilder &b, Value tensor, int64_t axis) {
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  if (axis == 0) {
    // There is no run of dimensions before: it has size one.
    ReassociationIndices all = llvm::to_vector<2>(llvm::seq<int64_t>(0, rank));
    Value flat = collapseShape(b, tensor, all);
    llvm::SmallBitVector inserted(2);
    inserted.set(0);
    return insertUnitDims(b, flat, inserted);
  }
  return collapseShape(b, tensor,
                       {llvm::to_vector<2>(llvm::seq<int64_t>(0, axis)),
                        llvm::to_vector<2>(llvm::seq<int64_t>(axis, rank))});
}

Value unflattenAround(ImplicitLocOpBuilder &b, Value tensor, int64_t axis,
                      ArrayRef<OpFoldResult> sizes) {
  int64_t rank = sizes.size();
  if (axis == 0) {
    ReassociationIndices all = {0, 1};
    Value flat = collapseShape(b, tensor, all);
    return expandShape(b, flat, llvm::to_vector<2>(llvm::seq<int64_t>(0, rank)),
                       sizes);
  }
  return expandShape(b, tensor,
                     {llvm::to_vector<2>(llvm::seq<int64_t>(0, axis)),
                      llvm::to_vector<2>(llvm::seq<int64_t>(axis, rank))},
                     sizes);
}

SmallVector<Value> getIndices(ImplicitLocOpBuilder &b, int64_t rank) {
  SmallVector<Value> indices;
  for (int64_t dim = 0; dim < rank; ++dim)
    indices.push_back(linalg::IndexOp::create(b, dim));
  return indices;
}

Value convertElements(ImplicitLocOpBuilder &b, Value tensor, Type elementType,
                      bool isUnsigned) {
  if (getElementTypeOrSelf(tensor.getType()) == elementType)
    return tensor;
  return buildElementwise(
      b, tensor, sizesOf(b, b.getLoc(), tensor), elementType,
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        return Scalars(b, isUnsigned).to(elementType, args.front());
      });
}

std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank) {
  if (axis < 0)
    axis += rank;
  if (axis < 0 || axis >= rank)
    return std::nullopt;
  return axis;
}

std::optional<SmallVector<int64_t>> asConstants(ArrayRef<OpFoldResult> sizes) {
  return getConstantIntValues(sizes);
}

} // namespace mlir::bev::onnx_to_linalg
