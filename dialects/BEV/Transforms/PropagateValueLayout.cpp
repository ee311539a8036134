// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Head-major values of attentions, written so by what computes them.

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVPROPAGATEVALUELAYOUTPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// Marks the transpositions that this pass moves towards the producers.
static constexpr StringLiteral kMoves = "bev.moves_to_producer";

//===----------------------------------------------------------------------===//
// Attentions
//===----------------------------------------------------------------------===//

namespace {

/// What the pass needs to know of an attention on tensors.
struct Attention {
  Operation *op;
  OpOperand *value;
  ValueLayout layout;
  /// Dimension of the value that counts positions; heads come next.
  int64_t positionDim;
  /// Samples of one query and head in all frames, or in one camera.
  int64_t samples;
};

} // namespace

static std::optional<Attention> getAttention(Operation *op) {
  auto get = [](auto attention, Value points,
                int64_t leading) -> std::optional<Attention> {
    if (!isa<RankedTensorType>(attention.getValue().getType()))
      return std::nullopt;
    ArrayRef<int64_t> shape = cast<ShapedType>(points.getType()).getShape();
    return Attention{attention, &attention.getValueMutable(),
                     attention.getValueLayout(), attention.getPositionDim(),
                     ShapedType::getNumElements(shape.drop_front(leading))};
  };
  return llvm::TypeSwitch<Operation *, std::optional<Attention>>(op)
      .Case([&](MSDeformAttnOp a) { return get(a, a.getWeights(), 3); })
      .Case<DeformableAttentionOp, SpatialCrossAttentionOp,
            TemporalSelfAttentionOp>(
          [&](auto a) { return get(a, a.getLogits(), 3); })
      .Default([](Operation *) { return std::nullopt; });
}

static void setHeadMajor(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
      .Case<MSDeformAttnOp, DeformableAttentionOp, SpatialCrossAttentionOp,
            TemporalSelfAttentionOp>(
          [](auto a) { a.setValueLayout(ValueLayout::head_major); });
}

/// Whether so many neighbours are read that a copy of the value pays where the
/// new order saves a tenth of the reads, which is much: the first-level cache
/// serves them five times as fast as memory serves the copy's read and write.
static bool paysCopy(const Attention &attention) {
  constexpr int64_t kNeighbours = 4;
  constexpr int64_t kReadsPerCopiedPosition = 100;
  auto value = cast<RankedTensorType>(attention.value->get().getType());
  auto init = cast<RankedTensorType>(attention.op->getResult(0).getType());
  ArrayRef<int64_t> rows =
      value.getShape().take_front(attention.positionDim + 1);
  const int64_t queries = init.getDimSize(1);
  if (ShapedType::isDynamicShape(rows) || ShapedType::isDynamic(queries) ||
      init.isDynamicDim(0))
    return false;
  double reads =
      double(init.getDimSize(0)) * queries * attention.samples * kNeighbours;
  double positions = 1;
  for (int64_t size : rows)
    positions *= size;
  return reads >= kReadsPerCopiedPosition * positions;
}

//===----------------------------------------------------------------------===//
// Producers
//===----------------------------------------------------------------------===//

/// Whether what computes `value` can write its elements in another order
/// instead. `isUsedOnce`: nothing else reads it.
static bool canReorder(Value value, bool isUsedOnce) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return false;
  Operation *op = result.getOwner();
  if (isa<tensor::EmptyOp, linalg::FillOp>(op))
    return true;
  if (!isUsedOnce)
    return false;
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    // Expands the loops of what computes the source.
    return isa_and_nonnull<linalg::LinalgOp>(expand.getSrc().getDefiningOp()) &&
           canReorder(expand.getSrc(), expand.getSrc().hasOneUse());
  }
  if (auto concat = dyn_cast<tensor::ConcatOp>(op))
    return llvm::all_of(concat.getInputs(), [](Value input) {
      return canReorder(input, input.hasOneUse());
    });
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || op->getNumResults() != 1 ||
      !linalgOp.hasPureTensorSemantics() || linalgOp.hasIndexSemantics() ||
      !llvm::all_of(linalgOp.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isProjectedPermutation(); }))
    return false;
  OpOperand *init = linalgOp.getDpsInitOperand(0);
  return !linalgOp.payloadUsesValueFromOperand(init) ||
         canReorder(init->get(), init->get().hasOneUse());
}

/// The marked transposition that is the only use of `value`.
static linalg::TransposeOp getOnlyMove(Value value) {
  if (!value.hasOneUse())
    return {};
  auto transpose = dyn_cast<linalg::TransposeOp>(*value.user_begin());
  return transpose && transpose->hasAttr(kMoves) &&
                 transpose.getInput() == value
             ? transpose
             : linalg::TransposeOp();
}

/// Size `dim` of `value`, from what it is computed from: a tensor.dim would be
/// one more use of it.
static OpFoldResult getSize(OpBuilder &b, Location loc, Value value,
                            int64_t dim) {
  auto type = cast<RankedTensorType>(value.getType());
  if (!type.isDynamicDim(dim))
    return b.getIndexAttr(type.getDimSize(dim));
  auto result = dyn_cast<OpResult>(value);
  Operation *op = result ? result.getOwner() : nullptr;
  if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(op))
    return empty.getMixedSizes()[dim];
  if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(op))
    return expand.getMixedOutputShape()[dim];
  auto concat = dyn_cast_or_null<tensor::ConcatOp>(op);
  if (concat && static_cast<int64_t>(concat.getDim()) != dim)
    return getSize(b, loc, concat.getInputs().front(), dim);
  if (auto written = dyn_cast_or_null<DestinationStyleOpInterface>(op))
    return getSize(b, loc, written.getTiedOpOperand(result)->get(), dim);
  return tensor::DimOp::create(b, loc, value, dim).getResult();
}

/// An empty tensor for `source` transposed.
static Value createEmptyMoved(OpBuilder &b, Location loc, Value source,
                              ArrayRef<int64_t> permutation) {
  SmallVector<OpFoldResult> sizes;
  for (int64_t dim : permutation)
    sizes.push_back(getSize(b, loc, source, dim));
  return tensor::EmptyOp::create(
      b, loc, sizes, cast<RankedTensorType>(source.getType()).getElementType());
}

static Value createMove(OpBuilder &b, Location loc, Value source,
                        ArrayRef<int64_t> permutation) {
  Value empty = createEmptyMoved(b, loc, source, permutation);
  auto transpose =
      linalg::TransposeOp::create(b, loc, source, empty, permutation);
  transpose->setAttr(kMoves, b.getUnitAttr());
  return transpose->getResult(0);
}

namespace {

using linalg::TransposeOp;

/// Named ops that are transposed become general ones.
struct GeneralizeProducer : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op->hasAttr(kMoves))
      return rewriter.notifyMatchFailure(op, "not of this pass");
    Value source = op.getInput();
    if (auto expand = source.getDefiningOp<tensor::ExpandShapeOp>())
      source = expand.getSrc();
    auto producer = source.getDefiningOp<linalg::LinalgOp>();
    if (!producer || isa<linalg::GenericOp, linalg::FillOp>(producer) ||
        !canReorder(op.getInput(), op.getInput().hasOneUse()))
      return rewriter.notifyMatchFailure(op, "no named producer");
    return linalg::generalizeNamedOp(rewriter, producer);
  }
};

/// The result of a general op is written in the new order.
struct ReorderResult : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto producer = op.getInput().getDefiningOp<linalg::GenericOp>();
    if (!op->hasAttr(kMoves) || !producer ||
        !canReorder(op.getInput(), op.getInput().hasOneUse()))
      return rewriter.notifyMatchFailure(op, "no general producer");
    rewriter.setInsertionPoint(producer);
    Location loc = producer.getLoc();
    OpOperand *oldInit = producer.getDpsInitOperand(0);
    Value init =
        producer.payloadUsesValueFromOperand(oldInit)
            ? createMove(rewriter, loc, oldInit->get(), op.getPermutation())
            : createEmptyMoved(rewriter, loc, oldInit->get(),
                               op.getPermutation());
    SmallVector<AffineMap> maps = producer.getIndexingMapsArray();
    AffineMap &map = maps.back();
    SmallVector<AffineExpr> results = applyPermutation(
        map.getResults(), ArrayRef<int64_t>(op.getPermutation()));
    map = AffineMap::get(map.getNumDims(), map.getNumSymbols(), results,
                         op.getContext());
    auto reordered = linalg::GenericOp::create(
        rewriter, loc, init.getType(), producer.getInputs(), init, maps,
        producer.getIteratorTypesArray());
    rewriter.inlineRegionBefore(producer.getRegion(), reordered.getRegion(),
                                reordered.getRegion().begin());
    rewriter.replaceOp(op, reordered.getResults());
    rewriter.eraseOp(producer);
    return success();
  }
};

/// What has no order of its own is made in the new one.
struct ReorderConstant : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    if (!op->hasAttr(kMoves))
      return rewriter.notifyMatchFailure(op, "not of this pass");
    if (op.getInput().getDefiningOp<tensor::EmptyOp>()) {
      rewriter.replaceOp(op, op.getInit());
      return success();
    }
    auto fill = op.getInput().getDefiningOp<linalg::FillOp>();
    if (!fill)
      return rewriter.notifyMatchFailure(op, "neither empty nor filled");
    rewriter.replaceOpWithNewOp<linalg::FillOp>(op, fill.getInputs(),
                                                op.getInit());
    return success();
  }
};

/// Parts are reordered before they are put together.
struct ReorderParts : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto concat = op.getInput().getDefiningOp<tensor::ConcatOp>();
    if (!op->hasAttr(kMoves) || !concat ||
        !canReorder(op.getInput(), op.getInput().hasOneUse()))
      return rewriter.notifyMatchFailure(op, "no parts");
    SmallVector<Value> parts;
    for (Value input : concat.getInputs())
      parts.push_back(
          createMove(rewriter, op.getLoc(), input, op.getPermutation()));
    int64_t dim = std::distance(
        op.getPermutation().begin(),
        llvm::find(op.getPermutation(), int64_t(concat.getDim())));
    rewriter.replaceOpWithNewOp<tensor::ConcatOp>(op, op.getInit().getType(),
                                                  dim, parts);
    return success();
  }
};

struct PropagateValueLayoutPass
    : bev::impl::BEVPropagateValueLayoutPassBase<PropagateValueLayoutPass> {
  using Base::Base;

  LogicalResult initialize(MLIRContext *context) override {
    if (llvm::is_contained({"never", "absorbed", "pays", "always"}, when))
      return success();
    return emitError(UnknownLoc::get(context))
           << "expected when to be never, absorbed, pays or always, but got '"
           << when << "'";
  }

  void runOnOperation() override {
    if (when == "never")
      return;
    MLIRContext *context = &getContext();
    forwardSizes();
    llvm::MapVector<Value, SmallVector<Attention>> candidates;
    getOperation()->walk([&](Operation *op) {
      std::optional<Attention> attention = getAttention(op);
      if (attention && attention->layout == ValueLayout::position_major)
        candidates[attention->value->get()].push_back(*attention);
    });
    bool hasMoved = false;
    for (auto &[value, attentions] : candidates)
      hasMoved |= reorder(value, attentions);
    if (!hasMoved)
      return;

    RewritePatternSet patterns(context);
    patterns
        .add<GeneralizeProducer, ReorderResult, ReorderConstant, ReorderParts>(
            context);
    linalg::populateFoldReshapeOpsByExpansionPatterns(
        patterns, [](OpOperand *operand) {
          auto expand = dyn_cast<tensor::ExpandShapeOp>(operand->getOwner());
          return expand && getOnlyMove(expand.getResult()) &&
                 canReorder(expand.getResult(), /*isUsedOnce=*/true);
        });
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation()->walk([](TransposeOp op) { op->removeAttr(kMoves); });
  }

private:
  /// Makes sizes of results sizes of what they are computed from.
  void forwardSizes() {
    SmallVector<tensor::DimOp> dims;
    getOperation()->walk([&](tensor::DimOp op) { dims.push_back(op); });
    for (tensor::DimOp op : dims) {
      std::optional<int64_t> dim = op.getConstantIndex();
      auto type = dyn_cast<RankedTensorType>(op.getSource().getType());
      if (!dim || !type || *dim < 0 || *dim >= type.getRank() ||
          !op.getSource().getDefiningOp())
        continue;
      OpBuilder b(op);
      Value size = getValueOrCreateConstantIndexOp(
          b, op.getLoc(), getSize(b, op.getLoc(), op.getSource(), *dim));
      op.getResult().replaceAllUsesWith(size);
      op.erase();
    }
  }

  /// Gives all `attentions` of `value` a head-major one where that is wanted.
  bool reorder(Value value, ArrayRef<Attention> attentions) {
    // What else reads the value wants it as it is.
    const bool isAbsorbed =
        llvm::range_size(value.getUses()) == attentions.size() &&
        canReorder(value, /*isUsedOnce=*/true);
    const bool isWanted =
        when == "always" || isAbsorbed ||
        (when == "pays" && llvm::any_of(attentions, paysCopy));
    if (!isWanted)
      return false;
    int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
    auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, rank));
    int64_t positions = attentions.front().positionDim;
    std::swap(permutation[positions], permutation[positions + 1]);
    OpBuilder b(&getContext());
    b.setInsertionPointAfterValue(value);
    Value moved =
        createMove(b, attentions.front().op->getLoc(), value, permutation);
    for (const Attention &attention : attentions) {
      attention.value->set(moved);
      setHeadMajor(attention.op);
    }
    return true;
  }
};

} // namespace
