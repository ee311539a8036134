// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Canonicalization of the ops: what is known statically becomes static.

#include "bev/Dialect/BEV/IR/BEV.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Level sizes that are constants move into the static level shapes.
template <typename OpTy>
struct FoldConstantLevels : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    SmallVector<OpFoldResult> mixed = op.getMixedLevels();
    // A size that no map can have is left for the verifier's range to be kept.
    if (failed(foldDynamicIndexList(mixed, /*onlyNonNegative=*/true)) ||
        llvm::any_of(mixed, [](OpFoldResult size) {
          std::optional<int64_t> constant = getConstantIntValue(size);
          return constant && (*constant < 1 || *constant > INT32_MAX);
        }))
      return rewriter.notifyMatchFailure(op, "no constant level size");
    SmallVector<int64_t> staticLevels;
    SmallVector<Value> levels;
    dispatchIndexOpFoldResults(mixed, levels, staticLevels);
    int64_t positions = 0;
    if (levels.empty())
      for (size_t i = 0; i < staticLevels.size(); i += 2)
        positions += staticLevels[i] * staticLevels[i + 1];
    auto valueType = cast<ShapedType>(op.getValue().getType());
    int64_t declared = valueType.getDimSize(valueType.getRank() - 3);
    if (levels.empty() && !ShapedType::isDynamic(declared) &&
        declared != positions)
      return rewriter.notifyMatchFailure(
          op, "constant level sizes disagree with the value's positions");
    rewriter.modifyOpInPlace(op, [&] {
      op.getLevelsMutable().assign(levels);
      op.setStaticLevels(staticLevels);
    });
    return success();
  }
};

/// No query is seen by any camera: the result is zero.
struct FoldInvisible : OpRewritePattern<SpatialCrossAttentionOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SpatialCrossAttentionOp op,
                                PatternRewriter &rewriter) const override {
    auto isFalse = [](Value mask) {
      DenseElementsAttr constant;
      if (matchPattern(mask, m_Constant(&constant)))
        return constant.isSplat() && !constant.getSplatValue<bool>();
      auto fill = mask.getDefiningOp<linalg::FillOp>();
      return fill && matchPattern(fill.getInputs().front(), m_Zero());
    };
    if (op->getNumResults() != 1 || !isFalse(op.getVisible()))
      return rewriter.notifyMatchFailure(op, "mask not known to be all false");
    Type element = cast<ShapedType>(op.getInit().getType()).getElementType();
    Value zero = arith::ConstantOp::create(rewriter, op.getLoc(),
                                           rewriter.getZeroAttr(element));
    rewriter.replaceOpWithNewOp<linalg::FillOp>(op, zero, op.getInit());
    return success();
  }
};

/// A whole, static grid is a constant.
struct FoldReferenceGrid : OpRewritePattern<ReferenceGridOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReferenceGridOp op,
                                PatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getInit().getType());
    if (!type || !type.hasStaticShape() || op.getOrigin())
      return rewriter.notifyMatchFailure(op, "not a whole static grid");
    const int64_t height = op.getBevSize()[0], width = op.getBevSize()[1];
    const int64_t anchors = op.getPillarHeight() ? type.getDimSize(1) : 1;
    const double zr =
        op.getPillarHeight() ? op.getPillarHeight()->convertToFloat() : 1;
    std::vector<float> grid;
    grid.reserve(type.getNumElements());
    for (int64_t j = 0; j < height; ++j)
      for (int64_t i = 0; i < width; ++i)
        for (int64_t z = 0; z < anchors; ++z) {
          grid.push_back((i + 0.5) / width);
          grid.push_back((j + 0.5) / height);
          if (op.getPillarHeight())
            grid.push_back(
                (0.5 + (anchors > 1 ? z * (zr - 1) / (anchors - 1) : 0)) / zr);
        }
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, DenseElementsAttr::get(type, ArrayRef<float>(grid)));
    return success();
  }
};

} // namespace

void MSDeformAttnOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                 MLIRContext *context) {
  patterns.add<FoldConstantLevels<MSDeformAttnOp>>(context);
}

void DeformableAttentionOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FoldConstantLevels<DeformableAttentionOp>>(context);
}

void SpatialCrossAttentionOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FoldConstantLevels<SpatialCrossAttentionOp>, FoldInvisible>(
      context);
}

void TemporalSelfAttentionOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FoldConstantLevels<TemporalSelfAttentionOp>>(context);
}

void ReferenceGridOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                  MLIRContext *context) {
  patterns.add<FoldReferenceGrid>(context);
}
