// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVSHARESAMPLINGPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// A row of all channels for which its schedule wants a team.
bool isShared(DestinationStyleOpInterface op) {
  std::optional<ScheduleAttr> schedule = getSchedule(op);
  if (!schedule || !schedule->getShare() || op->getNumResults() != 1)
    return false;
  ArrayRef<int64_t> shape =
      cast<ShapedType>(op->getResult(0).getType()).getShape();
  return llvm::all_of(shape.drop_back(),
                      [](int64_t size) { return size == 1; }) &&
         shape.back() > schedule->getLanes();
}

struct ShareSamplingPass
    : bev::impl::BEVShareSamplingPassBase<ShareSamplingPass> {
  void runOnOperation() override {
    SmallVector<DestinationStyleOpInterface> rows;
    getOperation()->walk([&](DestinationStyleOpInterface op) {
      if (isShared(op))
        rows.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (DestinationStyleOpInterface op : rows) {
      ScheduleAttr schedule = *getSchedule(op);
      FormulaMode mode;
      mode.lanes = schedule.getLanes();
      mode.guard = schedule.getGuard();
      mode.packed = schedule.getPacked();
      mode.together = schedule.getTogether();
      rewriter.setInsertionPoint(op);
      int64_t channels =
          cast<ShapedType>(op->getResult(0).getType()).getShape().back();
      rewriter.replaceOp(
          op, emitSharedRow(rewriter, op, channels / mode.lanes, mode));
    }
  }
};

} // namespace
