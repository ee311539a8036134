// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounding integer divisions, and nothing else of upstream's arith-expand.

#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::bev {
#define GEN_PASS_DEF_EXPANDINTEGERDIVISIONPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

struct ExpandIntegerDivision
    : public bev::impl::ExpandIntegerDivisionPassBase<ExpandIntegerDivision> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    arith::populateCeilFloorDivExpandOpsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
