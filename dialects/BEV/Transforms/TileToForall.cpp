// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

namespace mlir::bev {
#define GEN_PASS_DEF_BEVTILETOFORALLPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// What the loop's conversion into threads needs of the schedule.
static void annotate(Operation *loop, ScheduleAttr schedule, int64_t channels) {
  Builder b(loop->getContext());
  if (schedule.getShare())
    loop->setAttr("bev.team",
                  b.getI64IntegerAttr(channels / schedule.getLanes()));
  loop->setAttr("bev.threads", b.getI64IntegerAttr(schedule.getThreads()));
  if (schedule.getBlocks() != 0)
    loop->setAttr("bev.blocks", b.getI64IntegerAttr(schedule.getBlocks()));
  // An attention gathers from its value only.
  if (schedule.getPrefetch() != Prefetch::none)
    loop->setAttr("bev.prefetch",
                  b.getStringAttr(schedule.getPrefetch() == Prefetch::all
                                      ? "all"
                                      : "gathered"));
}

/// The query that is number `n` of the loop: n = s * S * W + x * S + y, with S
/// rows of W to a strip s, stands for s * S * W + y * W + x. Rows that fill no
/// strip keep their numbers.
static OpFoldResult numberInStrips(OpBuilder &b, Location loc, Value n,
                                   OpFoldResult count, ScheduleAttr schedule) {
  const int64_t rows = schedule.getStrip(), width = schedule.getWidth();
  const int64_t size = rows * width;
  std::optional<int64_t> known = getConstantIntValue(count);
  // Indices are as wide as addresses.
  const bool isNarrow = known && *known <= std::numeric_limits<int32_t>::max();
  Type type = isNarrow ? b.getI32Type() : Type(b.getIndexType());
  auto cast = [&](Value value, Type to) -> Value {
    return isNarrow
               ? arith::IndexCastUIOp::create(b, loc, to, value).getResult()
               : value;
  };
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
  };
  Value number = cast(n, type);
  Value inStrip = arith::RemUIOp::create(b, loc, number, constant(size));
  Value first = arith::SubIOp::create(b, loc, number, inStrip);
  Value y = arith::RemUIOp::create(b, loc, inStrip, constant(rows));
  Value x = arith::DivUIOp::create(b, loc, inStrip, constant(rows));
  Value moved = arith::AddIOp::create(
      b, loc, first,
      arith::AddIOp::create(
          b, loc, arith::MulIOp::create(b, loc, y, constant(width)), x));
  moved = cast(moved, b.getIndexType());
  if (known && *known % size == 0)
    return moved;
  AffineExpr d = b.getAffineDimExpr(0);
  Value whole = getValueOrCreateConstantIndexOp(
      b, loc,
      affine::makeComposedFoldedAffineApply(b, loc, d.floorDiv(size) * size,
                                            {count}));
  Value inside =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, n, whole);
  return arith::SelectOp::create(b, loc, inside, moved, n).getResult();
}

/// One iteration computes `lanes` channels of one element of all outer
/// dimensions, or all channels where work items share their arithmetic. Loops
/// follow the dimensions, but that an attention's schedule says how its queries
/// and heads are numbered.
static LogicalResult tileToRows(RewriterBase &rewriter, TilingInterface op,
                                ScheduleAttr schedule) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  const int64_t rank = type.getRank(), channels = type.getShape().back();
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  OpFoldResult zero = rewriter.getIndexAttr(0), one = rewriter.getIndexAttr(1);
  SmallVector<OpFoldResult> sizes;
  for (const Range &range : op.getIterationDomain(rewriter))
    sizes.push_back(range.size);

  // Loops, and the dimension that each counts; dimensions 1 and 2 of an
  // attention are its queries and heads.
  constexpr int64_t kQueries = 1, kHeads = 2;
  SmallVector<int64_t> dims;
  SmallVector<OpFoldResult> upper, step;
  auto addLoop = [&](int64_t dim, OpFoldResult end, OpFoldResult by) {
    dims.push_back(dim);
    upper.push_back(end);
    step.push_back(by);
  };
  const int64_t group =
      schedule.getHeads() < type.getDimSize(kHeads) ? schedule.getHeads() : 0;
  for (int64_t dim = 0; dim < rank - 1; ++dim) {
    if (group != 0 && dim == kQueries)
      addLoop(kHeads, sizes[kHeads], rewriter.getIndexAttr(group));
    if (group == 0 || dim != kHeads)
      addLoop(dim, sizes[dim], one);
    else if (group > 1)
      addLoop(kHeads, rewriter.getIndexAttr(group), one);
  }
  bool isSplit = !schedule.getShare() && schedule.getLanes() < channels;
  if (isSplit)
    addLoop(rank - 1, sizes.back(), rewriter.getIndexAttr(schedule.getLanes()));

  SmallVector<OpFoldResult> lower(dims.size(), zero);
  auto destination = cast<DestinationStyleOpInterface>(op.getOperation());
  auto loop = scf::ForallOp::create(rewriter, loc, lower, upper, step,
                                    destination.getDpsInitOperand(0)->get(),
                                    /*mapping=*/std::nullopt);
  annotate(loop, schedule, channels);

  rewriter.setInsertionPoint(loop.getTerminator());
  SmallVector<OpFoldResult> offsets(rank, zero), tile(rank, one);
  for (auto [dim, iv] : llvm::zip_equal(dims, loop.getInductionVars())) {
    OpFoldResult at = iv;
    if (dim == kQueries && schedule.getWidth() > 0)
      at = numberInStrips(rewriter, loc, iv, sizes[kQueries], schedule);
    // Two loops count the heads: groups, and heads of a group.
    if (isConstantIntValue(offsets[dim], 0))
      offsets[dim] = at;
    else
      offsets[dim] = affine::makeComposedFoldedAffineApply(
          rewriter, loc,
          rewriter.getAffineDimExpr(0) + rewriter.getAffineDimExpr(1),
          {offsets[dim], at});
  }
  tile.back() = isSplit ? rewriter.getIndexAttr(schedule.getLanes())
                        : rewriter.getIndexAttr(channels);

  BlockArgument out = loop.getRegionIterArgs().front();
  auto whole = cast<TilingInterface>(rewriter.clone(*op));
  cast<DestinationStyleOpInterface>(whole.getOperation())
      .getDpsInitOperand(0)
      ->set(out);
  FailureOr<TilingResult> tiled =
      whole.getTiledImplementation(rewriter, offsets, tile);
  if (failed(tiled))
    return failure();
  rewriter.eraseOp(whole);
  rewriter.setInsertionPointToEnd(loop.getTerminator().getBody());
  tensor::ParallelInsertSliceOp::create(
      rewriter, loc, tiled->tiledValues.front(), out, offsets, tile,
      SmallVector<OpFoldResult>(rank, one));
  rewriter.replaceOp(op, loop.getResults());
  return success();
}

/// One iteration computes what a point is in one camera: both results at once.
static LogicalResult tileToPoints(RewriterBase &rewriter, ProjectPointsOp op) {
  rewriter.setInsertionPoint(op);
  scf::SCFTilingOptions options;
  options.setLoopType(scf::SCFTilingOptions::LoopType::ForallOp);
  options.setTileSizes(SmallVector<OpFoldResult>(4, rewriter.getIndexAttr(1)));
  FailureOr<scf::SCFTilingResult> tiled = scf::tileUsingSCF(
      rewriter, cast<TilingInterface>(op.getOperation()), options);
  if (failed(tiled))
    return failure();
  rewriter.replaceOp(op, tiled->replacements);
  return success();
}

/// Whether `op` is computed by one iteration of a parallel loop already.
static bool isInParallelLoop(Operation *op) {
  return op->getParentOfType<scf::ForallOp>() != nullptr;
}

namespace {

struct TileToForallPass : bev::impl::BEVTileToForallPassBase<TileToForallPass> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<std::pair<TilingInterface, ScheduleAttr>> ops;
    getOperation()->walk([&](TilingInterface op) {
      std::optional<ScheduleAttr> schedule = getSchedule(op);
      if (schedule && op->getNumResults() == 1 &&
          !(keepRows && schedule->getRows() != 0 && !isInParallelLoop(op)))
        ops.push_back({op, *schedule});
    });
    IRRewriter rewriter(&getContext());
    for (auto [op, schedule] : ops) {
      if (failed(tileToRows(rewriter, op, schedule))) {
        op->emitOpError("cannot be tiled to rows of channels");
        return signalPassFailure();
      }
    }
    if (!points)
      return;
    SmallVector<ProjectPointsOp> projections;
    getOperation()->walk([&](ProjectPointsOp op) {
      if (op->getNumResults() != 0 && !isInParallelLoop(op))
        projections.push_back(op);
    });
    for (ProjectPointsOp op : projections) {
      if (failed(tileToPoints(rewriter, op))) {
        op->emitOpError("cannot be tiled to points");
        return signalPassFailure();
      }
    }
  }
};

} // namespace
