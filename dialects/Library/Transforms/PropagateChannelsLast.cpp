// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Transpositions from channels-last move down until they meet their inverses.

#include "bev/Dialect/Library/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::bev {
#define GEN_PASS_DEF_LIBRARYPROPAGATECHANNELSLASTPASS
#include "bev/Dialect/Library/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// From [N,H,W,C] to [N,C,H,W].
constexpr int64_t channelsFirst[] = {0, 3, 1, 2};

/// Dimension i of a channels-last tensor is dimension channelsLast[i] of the
/// channels-first one.
constexpr int64_t channelsLast[] = {0, 2, 3, 1};

/// The channels-last tensor that `value` is a transposition of, or null.
Value getChannelsLast(Value value) {
  auto transpose = value.getDefiningOp<linalg::TransposeOp>();
  if (!transpose ||
      transpose.getPermutation() != ArrayRef<int64_t>(channelsFirst))
    return {};
  return transpose.getInput();
}

Value emitTranspose(OpBuilder &b, Location loc, Value value,
                    ArrayRef<int64_t> permutation) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes =
      applyPermutation(tensor::getMixedSizes(b, loc, value), permutation);
  Value init = tensor::EmptyOp::create(b, loc, sizes, type.getElementType());
  return linalg::TransposeOp::create(b, loc, value, init, permutation)
      ->getResult(0);
}

/// Replaces `op` by the channels-first form of `value`, with the type that the
/// users of `op` expect.
void replaceWithChannelsFirst(PatternRewriter &rewriter, Operation *op,
                              Value value) {
  Value result = emitTranspose(rewriter, op->getLoc(), value, channelsFirst);
  if (result.getType() != op->getResult(0).getType())
    result = tensor::CastOp::create(rewriter, op->getLoc(),
                                    op->getResult(0).getType(), result);
  rewriter.replaceOp(op, result);
}

/// The channels-last type of a channels-first tensor.
RankedTensorType getChannelsLastType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor.clone(
      applyPermutation(tensor.getShape(), ArrayRef<int64_t>(channelsLast)));
}

struct MovePastElementwise
    : public OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const override {
    if (isa<linalg::TransposeOp, linalg::FillOp, linalg::BroadcastOp>(
            op.getOperation()) ||
        op.getNumLoops() != 4 || op.getNumParallelLoops() != 4 ||
        op->getNumResults() != 1 || !op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "not elementwise of rank 4");
    OpOperand *init = op.getDpsInitOperand(0);
    if (!op.getMatchingIndexingMap(init).isIdentity())
      return rewriter.notifyMatchFailure(op, "permutes what it writes");
    bool readsChannelsLast =
        llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *operand) {
          return getChannelsLast(operand->get()) &&
                 op.getMatchingIndexingMap(operand).isIdentity();
        });
    if (!readsChannelsLast)
      return rewriter.notifyMatchFailure(op, "no operand is channels last");
    if (op.hasIndexSemantics() || op.payloadUsesValueFromOperand(init))
      return rewriter.notifyMatchFailure(op, "depends on its position or init");
    if (!isa<linalg::GenericOp>(op.getOperation()))
      return linalg::generalizeNamedOp(rewriter, op);

    auto generic = cast<linalg::GenericOp>(op.getOperation());
    Location loc = op.getLoc();
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    AffineMap order = AffineMap::getPermutationMap(
        ArrayRef<int64_t>(channelsFirst), op.getContext());
    Value shaped;
    for (OpOperand *operand : op.getDpsInputOperands()) {
      AffineMap map = op.getMatchingIndexingMap(operand);
      Value source = getChannelsLast(operand->get());
      if (source && map.isIdentity()) {
        inputs.push_back(source);
        maps.push_back(map);
        shaped = source;
      } else {
        inputs.push_back(operand->get());
        maps.push_back(map.compose(order));
      }
    }
    maps.push_back(op.getMatchingIndexingMap(init));
    RankedTensorType type = getChannelsLastType(op->getResult(0).getType());
    Value empty = tensor::EmptyOp::create(
        rewriter, loc, tensor::getMixedSizes(rewriter, loc, shaped),
        type.getElementType());
    if (empty.getType() != type)
      type = cast<RankedTensorType>(empty.getType());
    auto moved =
        linalg::GenericOp::create(rewriter, loc, type, inputs, empty, maps,
                                  generic.getIteratorTypesArray());
    rewriter.inlineRegionBefore(generic.getRegion(), moved.getRegion(),
                                moved.getRegion().begin());
    replaceWithChannelsFirst(rewriter, op, moved.getResult(0));
    return success();
  }
};

template <typename FirstOp, typename LastOp>
struct MovePastPooling : public OpRewritePattern<FirstOp> {
  using OpRewritePattern<FirstOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(FirstOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "not on tensors");
    Value source = getChannelsLast(op.getInputs()[0]);
    auto fill = op.getOutputs()[0].template getDefiningOp<linalg::FillOp>();
    if (!source || !fill)
      return rewriter.notifyMatchFailure(
          op, "input is not channels last, or init not one value");
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes = applyPermutation(
        tensor::getMixedSizes(rewriter, loc, op.getOutputs()[0]),
        ArrayRef<int64_t>(channelsLast));
    RankedTensorType type = getChannelsLastType(op->getResult(0).getType());
    Value empty =
        tensor::EmptyOp::create(rewriter, loc, sizes, type.getElementType());
    Value init = linalg::FillOp::create(rewriter, loc, fill.getInputs(),
                                        ValueRange{empty})
                     .getResult(0);
    Value pooled =
        LastOp::create(rewriter, loc, TypeRange{init.getType()},
                       ValueRange{source, op.getInputs()[1]}, ValueRange{init},
                       op.getStrides(), op.getDilations())
            ->getResult(0);
    replaceWithChannelsFirst(rewriter, op, pooled);
    return success();
  }
};

struct MovePastPadding : public OpRewritePattern<tensor::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::PadOp op,
                                PatternRewriter &rewriter) const override {
    Value source = getChannelsLast(op.getSource());
    Value value = op.getConstantPaddingValue();
    if (!source || !value)
      return rewriter.notifyMatchFailure(
          op, "source is not channels last, or padding not one value");
    ArrayRef<int64_t> order(channelsLast);
    Value padded = tensor::PadOp::create(
        rewriter, op.getLoc(), getChannelsLastType(op.getType()), source,
        applyPermutation(op.getMixedLowPad(), order),
        applyPermutation(op.getMixedHighPad(), order), value, op.getNofold());
    replaceWithChannelsFirst(rewriter, op, padded);
    return success();
  }
};

struct ComposeTranspositions : public OpRewritePattern<linalg::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    if (op->getNumResults() != 1)
      return failure();
    Value source = getChannelsLast(op.getInput());
    if (!source)
      return failure();
    SmallVector<int64_t> permutation =
        applyPermutation(ArrayRef<int64_t>(channelsFirst), op.getPermutation());
    Value result =
        isIdentityPermutation(permutation)
            ? source
            : emitTranspose(rewriter, op.getLoc(), source, permutation);
    if (result.getType() != op->getResult(0).getType())
      result = tensor::CastOp::create(rewriter, op.getLoc(),
                                      op->getResult(0).getType(), result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct LibraryPropagateChannelsLast
    : public bev::impl::LibraryPropagateChannelsLastPassBase<
          LibraryPropagateChannelsLast> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<
        MovePastElementwise, MovePastPadding, ComposeTranspositions,
        MovePastPooling<linalg::PoolingNchwMaxOp, linalg::PoolingNhwcMaxOp>,
        MovePastPooling<linalg::PoolingNchwSumOp, linalg::PoolingNhwcSumOp>>(
        &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
