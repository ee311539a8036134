// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels start early and wait for what they depend on.

#include "bev/Conversion/GPUToNVVM/Chips.h"
#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::bev {
#define GEN_PASS_DEF_OVERLAPLAUNCHESPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

/// What the runtime looks for in the image.
static constexpr StringLiteral kMarker = "bevrt_kernels_wait";

/// Constant memory of a device.
static constexpr unsigned kConstantMemory = 4;

static bool canOverlap(gpu::GPUModuleOp module) {
  ArrayAttr targets = module.getTargetsAttr();
  return targets && !targets.empty() &&
         llvm::all_of(targets, [](Attribute target) {
           auto nvvm = dyn_cast<NVVM::NVVMTargetAttr>(target);
           return nvvm && bev::hasDependentLaunches(nvvm.getChip());
         });
}

/// Whether `op` may run before what the kernel depends on has ended: what a
/// prefetch brings to the second level of cache changes there if it changes.
static bool mayRunEarly(Operation *op) {
  return isMemoryEffectFree(op) || isa<NVVM::CpAsyncBulkPrefetchOp>(op);
}

/// The blocks that are reached from `from`, not by way of `to`.
static SetVector<Block *> getBlocksBetween(Block *from, Block *to) {
  SetVector<Block *> between;
  between.insert(from);
  for (unsigned next = 0; next < between.size(); ++next)
    for (Block *successor : between[next]->getSuccessors())
      if (successor != to)
        between.insert(successor);
  return between;
}

/// Whether the block is executed more than once.
static bool isInLoop(Block *block) {
  return llvm::any_of(
      getBlocksBetween(block, /*to=*/nullptr), [&](Block *reached) {
        return llvm::is_contained(reached->getSuccessors(), block);
      });
}

/// Where all threads of the kernel come by before any of them touches memory,
/// as late as can be told.
static Operation *getWaitingPoint(LLVM::LLVMFuncOp kernel,
                                  PostDominanceInfo &dominance) {
  Block *block = &kernel.getBody().front();
  while (true) {
    for (Operation &op : block->without_terminator())
      if (!mayRunEarly(&op))
        return &op;
    DominanceInfoNode *node = dominance.getNode(block);
    DominanceInfoNode *next = node ? node->getIDom() : nullptr;
    Block *target = next ? next->getBlock() : nullptr;
    if (!target || isInLoop(target))
      return block->getTerminator();
    for (Block *between : getBlocksBetween(block, target))
      if (!llvm::all_of(between->without_terminator(),
                        [](Operation &op) { return mayRunEarly(&op); }))
        return block->getTerminator();
    block = target;
  }
}

/// Whether who made the kernel said where it waits.
static bool waitsItself(LLVM::LLVMFuncOp kernel) {
  return kernel
      .walk([](NVVM::GriddepcontrolOp op) {
        return op.getKind() == NVVM::GridDepActionKind::wait
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

namespace {

struct OverlapLaunches
    : public bev::impl::OverlapLaunchesPassBase<OverlapLaunches> {
  void runOnOperation() override {
    gpu::GPUModuleOp module = getOperation();
    if (!canOverlap(module) || module.lookupSymbol(kMarker))
      return;
    bool any = false;
    auto &dominance = getAnalysis<PostDominanceInfo>();
    for (auto kernel : module.getOps<LLVM::LLVMFuncOp>()) {
      if (kernel.isExternal() ||
          !kernel->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()))
        continue;
      any = true;
      if (waitsItself(kernel))
        continue;
      OpBuilder b(getWaitingPoint(kernel, dominance));
      NVVM::GriddepcontrolOp::create(b, kernel.getLoc(),
                                     NVVM::GridDepActionKind::wait);
      b.setInsertionPointToStart(&kernel.getBody().front());
      NVVM::GriddepcontrolOp::create(
          b, kernel.getLoc(), NVVM::GridDepActionKind::launch_dependents);
    }
    if (!any)
      return;
    OpBuilder b(module.getBodyRegion());
    LLVM::GlobalOp::create(b, module.getLoc(), b.getI8Type(),
                           /*isConstant=*/true, LLVM::Linkage::External,
                           kMarker, b.getI8IntegerAttr(1), /*alignment=*/0,
                           kConstantMemory);
  }
};

} // namespace
