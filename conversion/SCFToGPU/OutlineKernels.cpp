// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernel outlining that keeps what a schedule asks of the kernel.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

namespace mlir::bev {
#define GEN_PASS_DEF_OUTLINEKERNELSPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

struct OutlineKernels
    : public bev::impl::OutlineKernelsPassBase<OutlineKernels> {
  void runOnOperation() override {
    // Outlining replaces each launch where it stands, so that launches keep
    // their order.
    SmallVector<Attribute> blocks;
    getOperation().walk([&](Operation *op) {
      if (isa<gpu::LaunchOp, gpu::LaunchFuncOp>(op))
        blocks.push_back(op->getAttr("bev.blocks"));
    });
    OpPassManager outlining(ModuleOp::getOperationName());
    outlining.addPass(createGpuKernelOutliningPass());
    if (failed(runPipeline(outlining, getOperation())))
      return signalPassFailure();

    // Shared memory is accessed in vectors.
    Builder b(&getContext());
    getOperation().walk([&](gpu::GPUFuncOp kernel) {
      for (unsigned i = 0; i < kernel.getNumWorkgroupAttributions(); ++i)
        kernel.setWorkgroupAttributionAttr(
            i, LLVM::LLVMDialect::getAlignAttrName(), b.getI64IntegerAttr(16));
    });

    SymbolTableCollection symbols;
    auto next = blocks.begin();
    getOperation().walk([&](gpu::LaunchFuncOp launch) {
      Attribute asked = *next++;
      auto kernel = symbols.lookupNearestSymbolFrom<gpu::GPUFuncOp>(
          launch, launch.getKernel());
      if (asked && kernel)
        kernel->setAttr("bev.blocks", asked);
    });
  }
};

} // namespace
