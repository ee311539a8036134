// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Backward.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVDECOMPOSEPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

/// Whether the op is for threads of a GPU that share its points or features.
static bool sharesPoints(Operation *op) {
  std::optional<bev::ScheduleAttr> schedule = bev::getSchedule(op);
  return isa<bev::IntervalPoolOp, bev::SegmentPoolOp>(op) && schedule &&
         schedule->getRows() != 0;
}

namespace {

struct DecomposePass : bev::impl::BEVDecomposePassBase<DecomposePass> {
  using Base::Base;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    // Some decompose to others.
    while (true) {
      SmallVector<linalg::AggregatedOpInterface> ops;
      getOperation()->walk([&](linalg::AggregatedOpInterface op) {
        if (isa<bev::BEVDialect>(op->getDialect()) && !sharesPoints(op) &&
            !(keepBackward && bev::isBackward(op)))
          ops.push_back(op);
      });
      if (ops.empty())
        return;
      for (linalg::AggregatedOpInterface op : ops) {
        rewriter.setInsertionPoint(op);
        FailureOr<SmallVector<Value>> results = op.decomposeOperation(rewriter);
        if (failed(results)) {
          op->emitOpError("cannot be decomposed to linalg");
          return signalPassFailure();
        }
        rewriter.replaceOp(op, *results);
      }
    }
  }
};

} // namespace
