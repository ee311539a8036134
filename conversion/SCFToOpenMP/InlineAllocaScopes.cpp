// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One stack slot per OpenMP thread instead of one per iteration.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_INLINEALLOCASCOPESPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

/// The block that is entered once per thread that runs `op`.
Block *getThreadEntry(Operation *op) {
  for (Operation *parent = op->getParentOp(); parent;
       parent = parent->getParentOp())
    if (isa<omp::ParallelOp, FunctionOpInterface>(parent))
      return &parent->getRegion(0).front();
  return nullptr;
}

struct InlineAllocaScopes
    : public bev::impl::InlineAllocaScopesPassBase<InlineAllocaScopes> {
  void runOnOperation() override {
    SmallVector<memref::AllocaScopeOp> scopes;
    getOperation()->walk(
        [&](memref::AllocaScopeOp scope) { scopes.push_back(scope); });
    for (memref::AllocaScopeOp scope : scopes) {
      Block *body = &scope.getBodyRegion().front();
      scope.walk([&](memref::AllocaOp slot) {
        Block *entry = getThreadEntry(scope);
        if (entry && slot.getType().hasStaticShape())
          slot->moveBefore(&entry->front());
      });
      Operation *terminator = body->getTerminator();
      scope.replaceAllUsesWith(terminator->getOperands());
      terminator->erase();
      scope->getBlock()->getOperations().splice(scope->getIterator(),
                                                body->getOperations());
      scope.erase();
    }
  }
};

} // namespace
