// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Booleans are read as the bytes that they are in memory.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace mlir::bev {
#define GEN_PASS_DEF_WIDENBOOLEANLOADSPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

struct WidenBooleanLoads
    : public bev::impl::WidenBooleanLoadsPassBase<WidenBooleanLoads> {
  void runOnOperation() override {
    SmallVector<LLVM::LoadOp> loads;
    getOperation().walk([&](LLVM::LoadOp load) {
      if (load.getType().isInteger(1) && !load.getVolatile_() &&
          load.getOrdering() == LLVM::AtomicOrdering::not_atomic)
        loads.push_back(load);
    });
    for (LLVM::LoadOp load : loads) {
      OpBuilder b(load);
      Operation *byte = b.clone(*load);
      byte->getResult(0).setType(b.getI8Type());
      Value bit = LLVM::TruncOp::create(b, load.getLoc(), b.getI1Type(),
                                        byte->getResult(0));
      load.replaceAllUsesWith(bit);
      load.erase();
    }
  }
};

} // namespace
