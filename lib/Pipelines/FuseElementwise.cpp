// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise producers into their only consumer.

#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::bev {
#define GEN_PASS_DEF_FUSEELEMENTWISEPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

/// Whether computing `producer` again costs about as much as reading its
/// result.
bool isCheap(linalg::GenericOp producer) {
  unsigned count = 0;
  for (Operation &op : producer.getBody()->without_terminator()) {
    if (isa<math::MathDialect>(op.getDialect()) || op.getNumRegions() != 0 ||
        isa<arith::DivFOp, arith::RemFOp, arith::DivSIOp, arith::DivUIOp>(op))
      return false;
    if (++count > 2)
      return false;
  }
  return producer.getNumDpsInputs() <= 1;
}

/// Whether computing `producer`, whose result is broadcast, again for each
/// element of `consumer` costs threads less than a kernel of its own: few ops
/// on what is read anyway, and no loop around them.
bool isWorthThreads(linalg::GenericOp producer, linalg::GenericOp consumer) {
  constexpr unsigned kFewOps = 8;
  return producer.getNumReductionLoops() == 0 &&
         consumer.getNumReductionLoops() == 0 &&
         llvm::hasNItemsOrLess(producer.getBody()->without_terminator(),
                               kFewOps) &&
         llvm::none_of(producer.getBody()->getOperations(),
                       [](Operation &op) { return op.getNumRegions() != 0; });
}

bool shouldFuse(OpOperand *operand, bool recompute) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer || !producer->hasOneUse())
    return false;
  // A permutation of the consumer's loops reads each element once.
  return consumer.getMatchingIndexingMap(operand).isPermutation() ||
         isCheap(producer) || (recompute && isWorthThreads(producer, consumer));
}

/// Whether `operand` is a product, or another reduction, whose dimensions are
/// taken apart before an elementwise op reads it: taking them apart afterwards
/// lets both have the same loops.
bool shouldCollapse(OpOperand *operand) {
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  auto expand = operand->get().getDefiningOp<tensor::ExpandShapeOp>();
  if (!consumer || !expand || consumer.getNumReductionLoops() != 0 ||
      !expand->hasOneUse() || !expand.getSrc().hasOneUse())
    return false;
  auto producer = expand.getSrc().getDefiningOp<linalg::LinalgOp>();
  return producer && producer.getNumReductionLoops() != 0;
}

struct FuseElementwise
    : public bev::impl::FuseElementwisePassBase<FuseElementwise> {
  using FuseElementwisePassBase::FuseElementwisePassBase;
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    RewritePatternSet generalize(context);
    linalg::populateLinalgNamedOpsGeneralizationPatterns(generalize);
    if (failed(applyPatternsGreedily(getOperation(), std::move(generalize))))
      return signalPassFailure();
    RewritePatternSet fuse(context);
    linalg::populateElementwiseOpsFusionPatterns(fuse, [&](OpOperand *operand) {
      return shouldFuse(operand, recompute);
    });
    linalg::populateFoldReshapeOpsByCollapsingPatterns(fuse, shouldCollapse);
    if (failed(applyPatternsGreedily(getOperation(), std::move(fuse))))
      signalPassFailure();
  }
};

} // namespace
