// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The contracts of the stages: what may be in the IR after each of them.

#include "bev/Pipelines/Passes.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::bev {
#define GEN_PASS_DEF_VERIFYMODELIRPASS
#define GEN_PASS_DEF_VERIFYSCHEDULEDIRPASS
#define GEN_PASS_DEF_VERIFYLOOPIRPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

bool isOneOf(Operation *op, ArrayRef<StringRef> dialects) {
  return llvm::is_contained(dialects, op->getName().getDialectNamespace());
}

struct VerifyModelIR : public bev::impl::VerifyModelIRPassBase<VerifyModelIR> {
  void runOnOperation() override {
    bool broken = false;
    getOperation().walk([&](Operation *op) {
      if (isOneOf(op, {"bev", "library", "linalg", "tensor", "arith", "math",
                       "scf", "func", "builtin", "affine", "vector", "index",
                       "ub", "cf", "complex", "bufferization"})) {
        for (Value value : op->getResults())
          if (isa<BaseMemRefType>(value.getType())) {
            op->emitError(
                "expected model IR on tensors, but got a buffer of type ")
                << value.getType();
            broken = true;
          }
        return;
      }
      op->emitError("expected model IR (bev, linalg, tensor, arith, math, scf "
                    "and func), but got '")
          << op->getName() << "'";
      broken = true;
    });
    if (broken)
      signalPassFailure();
  }
};

struct VerifyScheduledIR
    : public bev::impl::VerifyScheduledIRPassBase<VerifyScheduledIR> {
  void runOnOperation() override {
    bool broken = false;
    getOperation().walk([&](Operation *op) {
      if (!isOneOf(op, {"bev"}))
        return;
      ArrayRef<StringAttr> names = op->getName().isRegistered()
                                       ? op->getName().getAttributeNames()
                                       : ArrayRef<StringAttr>();
      bool canCarry = llvm::any_of(
          names, [](StringAttr name) { return name == "schedule"; });
      if (canCarry && !op->getAttr("schedule")) {
        op->emitError("expected scheduled IR, but got a '")
            << op->getName() << "' without a schedule";
        broken = true;
      }
    });
    if (broken)
      signalPassFailure();
  }
};

struct VerifyLoopIR : public bev::impl::VerifyLoopIRPassBase<VerifyLoopIR> {
  void runOnOperation() override {
    bool broken = false;
    getOperation().walk([&](Operation *op) {
      if (isOneOf(op, {"bev", "library", "linalg", "tensor"})) {
        op->emitError("expected loop IR, but '")
            << op->getName() << "' is left";
        broken = true;
        return;
      }
      auto isTensor = [](Type type) { return isa<TensorType>(type); };
      if (llvm::any_of(op->getResultTypes(), isTensor) ||
          llvm::any_of(op->getOperandTypes(), isTensor)) {
        op->emitError("expected loop IR, but '")
            << op->getName() << "' still uses tensors";
        broken = true;
      }
    });
    if (broken)
      signalPassFailure();
  }
};

} // namespace
