// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVTILETOFORALLPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

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
  tiled->loops.front()->setAttr(
      "bev.threads", rewriter.getI64IntegerAttr(schedule.getThreads()));
  if (schedule.getBlocks() != 0)
    tiled->loops.front()->setAttr(
        "bev.blocks", rewriter.getI64IntegerAttr(schedule.getBlocks()));
  rewriter.replaceOp(op, tiled->replacements);
  return success();
}

namespace {

struct TileToForallPass : bev::impl::BEVTileToForallPassBase<TileToForallPass> {
  void runOnOperation() override {
    SmallVector<std::pair<TilingInterface, ScheduleAttr>> ops;
    getOperation()->walk([&](TilingInterface op) {
      std::optional<ScheduleAttr> schedule = getSchedule(op);
      if (schedule && op->getNumResults() == 1)
        ops.push_back({op, *schedule});
    });
    IRRewriter rewriter(&getContext());
    for (auto [op, schedule] : ops)
      if (failed(tileToRows(rewriter, op, schedule))) {
        op->emitOpError("cannot be tiled to rows of channels");
        return signalPassFailure();
      }
  }
};

} // namespace
