// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bias, residual and relu into library ops.

#include "bev/Dialect/Library/IR/Library.h"
#include "bev/Dialect/Library/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_LIBRARYFUSEEPILOGUESPASS
#include "bev/Dialect/Library/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// The elementwise op that alone uses a library op's result, in the order in
/// which it writes its own.
struct Consumer {
  linalg::GenericOp op;
  OpOperand *operand;
};

FailureOr<Consumer> getConsumer(Value result) {
  if (!result.hasOneUse())
    return failure();
  OpOperand *operand = &*result.getUses().begin();
  auto generic = dyn_cast<linalg::GenericOp>(operand->getOwner());
  // Never into a loop.
  if (!generic || generic->getBlock() != result.getParentBlock() ||
      !generic.isDpsInput(operand) ||
      generic.getNumLoops() != generic.getNumParallelLoops() ||
      generic->getNumResults() != 1 || !generic.hasPureTensorSemantics())
    return failure();
  AffineMap map = generic.getMatchingIndexingMap(operand);
  AffineMap written =
      generic.getMatchingIndexingMap(generic.getDpsInitOperand(0));
  if (map != written || !map.isPermutation())
    return failure();
  return Consumer{generic, operand};
}

/// The first step of the consumer on the library op's result.
struct Step {
  enum class Kind { Bias, Residual, ReLU } kind;
  Operation *op;
  Value addend;
};

template <typename OpTy>
FailureOr<Step> getStep(OpTy producer, Consumer consumer) {
  linalg::GenericOp generic = consumer.op;
  BlockArgument element = generic.getMatchingBlockArgument(consumer.operand);
  if (!element.hasOneUse() || producer.getRelu())
    return failure();
  Operation *op = *element.getUsers().begin();
  if (op->getBlock() != generic.getBody())
    return failure();
  if (auto max = dyn_cast<arith::MaximumFOp>(op)) {
    Value other = max.getLhs() == element ? max.getRhs() : max.getLhs();
    if (!matchPattern(other, m_PosZeroFloat()))
      return failure();
    return Step{Step::Kind::ReLU, op, {}};
  }
  auto add = dyn_cast<arith::AddFOp>(op);
  if (!add)
    return failure();
  Value other = add.getLhs() == element ? add.getRhs() : add.getLhs();
  auto argument = dyn_cast<BlockArgument>(other);
  if (!argument || argument.getOwner() != generic.getBody() ||
      argument.getArgNumber() >= generic.getNumDpsInputs())
    return failure();
  OpOperand *operand = generic.getDpsInputOperand(argument.getArgNumber());
  AffineMap map = generic.getMatchingIndexingMap(operand);
  AffineMap written = generic.getMatchingIndexingMap(consumer.operand);
  auto type = dyn_cast<RankedTensorType>(operand->get().getType());
  if (!type || !type.getElementType().isF32())
    return failure();
  if (map == written && !producer.getResidual())
    return Step{Step::Kind::Residual, op, operand->get()};
  if (map.getNumResults() == 1 && !producer.getBias() &&
      map.getResult(0) == written.getResult(producer.getChannelDim()))
    return Step{Step::Kind::Bias, op, operand->get()};
  return failure();
}

template <typename OpTy>
bool fuseOne(IRRewriter &rewriter, OpTy producer) {
  FailureOr<Consumer> consumer = getConsumer(producer.getResult());
  if (failed(consumer))
    return false;
  linalg::GenericOp generic = consumer->op;
  FailureOr<Step> step = getStep(producer, *consumer);
  if (failed(step))
    return false;
  // The addend may be made after the producer; nothing between the two uses it.
  producer->moveBefore(generic);
  rewriter.modifyOpInPlace(producer, [&] {
    switch (step->kind) {
    case Step::Kind::Bias:
      producer.getBiasMutable().assign(step->addend);
      break;
    case Step::Kind::Residual:
      producer.getResidualMutable().assign(step->addend);
      break;
    case Step::Kind::ReLU:
      producer.setRelu(true);
      break;
    }
  });
  BlockArgument element = generic.getMatchingBlockArgument(consumer->operand);
  rewriter.replaceOp(step->op, element);

  Operation *yield = generic.getBody()->getTerminator();
  if (yield->getOperand(0) == element &&
      generic.getResult(0).getType() == producer.getResult().getType())
    rewriter.replaceOp(generic, producer.getResult());
  return true;
}

template <typename OpTy>
void fuseAll(IRRewriter &rewriter, OpTy producer) {
  while (fuseOne(rewriter, producer))
    ;
}

struct LibraryFuseEpilogues
    : public bev::impl::LibraryFuseEpiloguesPassBase<LibraryFuseEpilogues> {
  void runOnOperation() override {
    SmallVector<Operation *> producers;
    getOperation()->walk([&](Operation *op) {
      if (isa<library::MatMulOp, library::ConvolutionOp>(op) &&
          op->getNumResults() == 1)
        producers.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : producers) {
      if (auto matmul = dyn_cast<library::MatMulOp>(op))
        fuseAll(rewriter, matmul);
      else
        fuseAll(rewriter, cast<library::ConvolutionOp>(op));
    }
  }
};

} // namespace
