// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Small buffers of parallel loop bodies go on the stack.

#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::bev {
#define GEN_PASS_DEF_PROMOTESCRATCHBUFFERSPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

/// Whether `buffer` or a view of it leaves the block it is made in.
bool leavesBlock(Value buffer) {
  for (Operation *user : buffer.getUsers()) {
    if (user->hasTrait<OpTrait::IsTerminator>())
      return true;
    for (Value result : user->getResults())
      if (isa<BaseMemRefType>(result.getType()) &&
          (!isa<ViewLikeOpInterface>(user) || leavesBlock(result)))
        return true;
  }
  return false;
}

struct PromoteScratchBuffers
    : public bev::impl::PromoteScratchBuffersPassBase<PromoteScratchBuffers> {
  using PromoteScratchBuffersPassBase::PromoteScratchBuffersPassBase;
  void runOnOperation() override {
    SmallVector<memref::AllocOp> allocations;
    getOperation()->walk(
        [&](memref::AllocOp alloc) { allocations.push_back(alloc); });
    for (memref::AllocOp alloc : allocations) {
      Operation *loop = alloc->getParentOfType<scf::ForallOp>();
      if (!loop)
        loop = alloc->getParentOfType<scf::ParallelOp>();
      MemRefType type = alloc.getType();
      if (!loop || !type.hasStaticShape() ||
          !type.getElementType().isIntOrFloat() || leavesBlock(alloc))
        continue;
      int64_t bytes = type.getNumElements() *
                      llvm::divideCeil(type.getElementTypeBitWidth(), 8);
      if (bytes > maxBytes)
        continue;
      OpBuilder b = OpBuilder::atBlockBegin(&loop->getRegion(0).front());
      auto scratch = memref::AllocaOp::create(b, alloc.getLoc(), type,
                                              b.getI64IntegerAttr(16));
      alloc.replaceAllUsesWith(scratch.getResult());
      alloc.erase();
    }
  }
};

} // namespace
