// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels start early and wait for what they depend on.

#include "bev/Conversion/GPUToNVVM/Chips.h"
#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

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

/// The first op of the kernel that may touch memory, or the end of the block
/// that all threads execute.
static Operation *getFirstAccess(LLVM::LLVMFuncOp kernel) {
  Block &entry = kernel.getBody().front();
  for (Operation &op : entry.without_terminator())
    if (!isMemoryEffectFree(&op))
      return &op;
  return entry.getTerminator();
}

namespace {

struct OverlapLaunches
    : public bev::impl::OverlapLaunchesPassBase<OverlapLaunches> {
  void runOnOperation() override {
    gpu::GPUModuleOp module = getOperation();
    if (!canOverlap(module) || module.lookupSymbol(kMarker))
      return;
    bool any = false;
    for (auto kernel : module.getOps<LLVM::LLVMFuncOp>()) {
      if (kernel.isExternal() ||
          !kernel->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()))
        continue;
      any = true;
      OpBuilder b(getFirstAccess(kernel));
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
