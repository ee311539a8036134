// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVTILETOFORALLPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// What the loop's conversion into threads needs of the schedule.
static void annotate(Operation *loop, ScheduleAttr schedule) {
  Builder b(loop->getContext());
  loop->setAttr("bev.threads", b.getI64IntegerAttr(schedule.getThreads()));
  if (schedule.getBlocks() != 0)
    loop->setAttr("bev.blocks", b.getI64IntegerAttr(schedule.getBlocks()));
}

/// One iteration computes `lanes` channels of one element of all outer
/// dimensions.
static LogicalResult tileToRows(RewriterBase &rewriter, TilingInterface op,
                                ScheduleAttr schedule) {
  auto type = cast<ShapedType>(op->getResult(0).getType());
  SmallVector<OpFoldResult> tileSizes(type.getRank(), rewriter.getIndexAttr(1));
  int64_t channels = type.getShape().back();
  // Size 0 makes no loop.
  tileSizes.back() = rewriter.getIndexAttr(
      schedule.getLanes() == channels ? 0 : schedule.getLanes());

  scf::SCFTilingOptions options;
  options.setTileSizes(tileSizes);
  options.setLoopType(scf::SCFTilingOptions::LoopType::ForallOp);
  rewriter.setInsertionPoint(op);
  FailureOr<scf::SCFTilingResult> tiled =
      scf::tileUsingSCF(rewriter, op, options);
  if (failed(tiled))
    return failure();
  annotate(tiled->loops.front(), schedule);
  rewriter.replaceOp(op, tiled->replacements);
  return success();
}

/// One iteration computes a row of all channels and keeps `lanes` of them, in
/// `pieces` runs spread evenly over the row.
static LogicalResult tileToPieces(RewriterBase &rewriter, TilingInterface op,
                                  ScheduleAttr schedule) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  int64_t rank = type.getRank();
  int64_t distance = type.getShape().back() / schedule.getPieces();
  int64_t lanes = schedule.getLanes() / schedule.getPieces();
  OpFoldResult zero = rewriter.getIndexAttr(0), one = rewriter.getIndexAttr(1);
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();

  SmallVector<OpFoldResult> lower(rank, zero), upper, step(rank, one);
  for (const Range &range : op.getIterationDomain(rewriter))
    upper.push_back(range.size);
  upper.back() = rewriter.getIndexAttr(distance);
  step.back() = rewriter.getIndexAttr(lanes);
  Value init = cast<DestinationStyleOpInterface>(op.getOperation())
                   .getDpsInitOperand(0)
                   ->get();
  auto loop = scf::ForallOp::create(rewriter, loc, lower, upper, step, init,
                                    /*mapping=*/std::nullopt);
  annotate(loop, schedule);

  rewriter.setInsertionPoint(loop.getTerminator());
  BlockArgument out = loop.getRegionIterArgs().front();
  SmallVector<OpFoldResult> offsets =
      getAsOpFoldResult(loop.getInductionVars());
  Value first = cast<Value>(offsets.back());
  SmallVector<OpFoldResult> sizes(rank, one), strides(rank, one);
  offsets.back() = zero;
  sizes.back() = rewriter.getIndexAttr(type.getShape().back());
  auto whole = cast<TilingInterface>(rewriter.clone(*op));
  cast<DestinationStyleOpInterface>(whole.getOperation())
      .getDpsInitOperand(0)
      ->set(out);
  FailureOr<TilingResult> tiled =
      whole.getTiledImplementation(rewriter, offsets, sizes);
  if (failed(tiled))
    return failure();
  rewriter.eraseOp(whole);

  AffineExpr channel = rewriter.getAffineDimExpr(0);
  SmallVector<OpFoldResult> channels;
  for (int64_t piece = 0; piece < schedule.getPieces(); ++piece)
    channels.push_back(affine::makeComposedFoldedAffineApply(
        rewriter, loc, channel + piece * distance, OpFoldResult(first)));
  sizes.back() = rewriter.getIndexAttr(lanes);
  for (OpFoldResult at : channels) {
    rewriter.setInsertionPoint(loop.getTerminator());
    SmallVector<OpFoldResult> inRow(rank, zero);
    inRow.back() = offsets.back() = at;
    Value part = tensor::ExtractSliceOp::create(
        rewriter, loc, tiled->tiledValues.front(), inRow, sizes, strides);
    rewriter.setInsertionPointToEnd(loop.getTerminator().getBody());
    tensor::ParallelInsertSliceOp::create(rewriter, loc, part, out, offsets,
                                          sizes, strides);
  }
  rewriter.replaceOp(op, loop.getResults());
  return success();
}

static bool isInParallelLoop(Operation *op) {
  return op->getParentOfType<scf::ForallOp>() ||
         op->getParentOfType<scf::ParallelOp>();
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
      auto type = cast<ShapedType>(op->getResult(0).getType());
      bool split = schedule.getPieces() > 1 &&
                   schedule.getLanes() < type.getShape().back();
      if (failed(split ? tileToPieces(rewriter, op, schedule)
                       : tileToRows(rewriter, op, schedule))) {
        op->emitOpError("cannot be tiled to rows of channels");
        return signalPassFailure();
      }
    }
  }
};

} // namespace
