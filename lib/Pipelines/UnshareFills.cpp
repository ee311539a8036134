// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every op that writes into a filled tensor has one of its own, filled just
// before.

#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_UNSHAREFILLSPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

/// Whether `op` writes one number to all of a new tensor: doing that again
/// costs no more than a copy.
static bool isFill(linalg::LinalgOp op) {
  if (op->getNumResults() != 1 || !op.hasPureTensorSemantics() ||
      op.getNumReductionLoops() != 0)
    return false;
  OpOperand *init = op.getDpsInitOperand(0);
  return !op.payloadUsesValueFromOperand(init) &&
         init->get().getDefiningOp<tensor::EmptyOp>() &&
         llvm::none_of(
             op.getDpsInputs(),
             [](Value input) { return isa<ShapedType>(input.getType()); }) &&
         llvm::hasNItemsOrLess(op.getBlock()->without_terminator(), 0);
}

namespace {

struct UnshareFills : public bev::impl::UnshareFillsPassBase<UnshareFills> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> fills;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (isFill(op))
        fills.push_back(op);
    });
    for (linalg::LinalgOp fill : fills) {
      SmallVector<OpOperand *> writers;
      for (OpOperand &use : fill->getUses()) {
        auto writer = dyn_cast<DestinationStyleOpInterface>(use.getOwner());
        if (writer && writer.isDpsInit(&use))
          writers.push_back(&use);
      }
      for (OpOperand *use : writers) {
        OpBuilder b(use->getOwner());
        Value destination =
            b.clone(*fill.getDpsInits()[0].getDefiningOp())->getResult(0);
        Operation *own = b.clone(*fill);
        own->setOperand(fill.getDpsInitOperand(0)->getOperandNumber(),
                        destination);
        use->set(own->getResult(0));
      }
      Operation *empty = fill.getDpsInits()[0].getDefiningOp();
      if (fill->use_empty())
        fill->erase();
      if (empty->use_empty())
        empty->erase();
    }
  }
};

} // namespace
