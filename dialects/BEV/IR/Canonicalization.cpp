// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Canonicalization of the ops: what is known statically becomes static.  Casts
// of operands to less static types fold through upstream's pattern for every
// destination-style op.

#include "Verifiers.h"
#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Pooling.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
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
    if (failed(foldDynamicIndexList(mixed)))
      return rewriter.notifyMatchFailure(op, "no constant level size");
    SmallVector<int64_t> staticLevels;
    SmallVector<Value> levels;
    dispatchIndexOpFoldResults(mixed, levels, staticLevels);
    // Code that never runs may hold sizes that no map can have: they stay
    // dynamic, so that the op keeps passing its verifier.
    if (static_cast<size_t>(llvm::count(staticLevels, ShapedType::kDynamic)) !=
        levels.size())
      return rewriter.notifyMatchFailure(op, "a level size is the sentinel");
    FailureOr<int64_t> positions =
        bev::detail::countStaticPositions(staticLevels);
    auto valueType = cast<ShapedType>(op.getValue().getType());
    int64_t declared = valueType.getDimSize(op.getPositionDim());
    if (failed(positions) ||
        (levels.empty() && !ShapedType::isDynamic(declared) &&
         declared != *positions))
      return rewriter.notifyMatchFailure(
          op, "constant level sizes disagree with the value's positions");
    rewriter.modifyOpInPlace(op, [&] {
      op.getLevelsMutable().assign(levels);
      op.setStaticLevels(staticLevels);
    });
    return success();
  }
};

/// A gradient of value that is only wanted in value's type is computed in it.
template <typename OpTy>
struct NarrowGradient : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (op->getNumResults() == 0 || !op->getResult(0).hasOneUse())
      return rewriter.notifyMatchFailure(op, "not one use of grad_value");
    auto narrow = dyn_cast<arith::TruncFOp>(*op->getResult(0).user_begin());
    auto value = cast<ShapedType>(op.getValue().getType());
    if (!narrow || narrow.getRoundingmodeAttr() ||
        getElementTypeOrSelf(narrow.getType()) != value.getElementType())
      return rewriter.notifyMatchFailure(op, "not of value's type");
    Value init = tensor::EmptyOp::create(
        rewriter, op.getLoc(),
        tensor::getMixedSizes(rewriter, op.getLoc(), op.getGradValue()),
        value.getElementType());
    Operation *result = rewriter.clone(*op);
    cast<OpTy>(result).getGradValueMutable().assign(init);
    result->getResult(0).setType(narrow.getType());
    rewriter.replaceOp(narrow, result->getResult(0));
    for (unsigned i = 1; i < op->getNumResults(); ++i)
      rewriter.replaceAllUsesWith(op->getResult(i), result->getResult(i));
    rewriter.eraseOp(op);
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

/// No op reads its init: what fills it beforehand is dead.
struct DropDeadInitFill
    : OpInterfaceRewritePattern<DestinationStyleOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(DestinationStyleOpInterface op,
                                PatternRewriter &rewriter) const override {
    if (!isa<BEVDialect>(op->getDialect()))
      return failure();
    bool changed = false;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      Value destination;
      if (auto fill = init.get().getDefiningOp<linalg::FillOp>())
        destination = fill.getOutputs().front();
      else if (matchPattern(init.get(), m_Constant()))
        destination =
            tensor::EmptyOp::create(rewriter, op.getLoc(), init.get().getType(),
                                    /*dynamicSizes=*/ValueRange{});
      else
        continue;
      changed = true;
      rewriter.modifyOpInPlace(op, [&] { init.set(destination); });
    }
    return success(changed);
  }
};

/// Largest grid that is worth its place in the module: 16 MiB.
constexpr int64_t kMaxConstantElements = 1 << 22;

/// A whole, static grid is a constant.
struct FoldReferenceGrid : OpRewritePattern<ReferenceGridOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReferenceGridOp op,
                                PatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getInit().getType());
    if (!type || !type.hasStaticShape() || op.getOrigin())
      return rewriter.notifyMatchFailure(op, "not a whole static grid");
    // Divided rather than multiplied: the product may not fit 64 bits.
    int64_t room = kMaxConstantElements;
    for (int64_t size : type.getShape())
      room /= std::max<int64_t>(size, 1);
    if (room == 0)
      return rewriter.notifyMatchFailure(op, "grid too large for a constant");
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

/// No points: every cell is zero.
struct FoldEmptyPool : OpRewritePattern<VoxelPoolOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(VoxelPoolOp op,
                                PatternRewriter &rewriter) const override {
    if (!isEmptyPool(op))
      return rewriter.notifyMatchFailure(op, "may have points");
    rewriter.replaceOp(op, expandVoxelPool(rewriter, op));
    return success();
  }
};

} // namespace

void VoxelPoolOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<FoldEmptyPool>(context);
}

void MSDeformAttnOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                 MLIRContext *context) {
  patterns.add<FoldConstantLevels<MSDeformAttnOp>>(context);
}

void DeformableAttentionOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FoldConstantLevels<DeformableAttentionOp>>(context);
}

void MSDeformAttnBackwardOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FoldConstantLevels<MSDeformAttnBackwardOp>,
               NarrowGradient<MSDeformAttnBackwardOp>>(context);
}

void DeformableAttentionBackwardOp::getCanonicalizationPatterns(
    RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FoldConstantLevels<DeformableAttentionBackwardOp>,
               NarrowGradient<DeformableAttentionBackwardOp>>(context);
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

void BEVDialect::getCanonicalizationPatterns(
    RewritePatternSet &patterns) const {
  patterns.add<DropDeadInitFill>(getContext());
}
