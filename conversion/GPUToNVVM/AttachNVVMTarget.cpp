// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The NVVM target of a chip, with the PTX version it needs, and what schedules
// ask of its compiler.

#include "bev/Conversion/GPUToNVVM/Chips.h"
#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::bev {
#define GEN_PASS_DEF_ATTACHNVVMTARGETPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

struct AttachNVVMTarget
    : public bev::impl::AttachNVVMTargetPassBase<AttachNVVMTarget> {
  using AttachNVVMTargetPassBase::AttachNVVMTargetPassBase;
  void runOnOperation() override {
    std::string name = chip;
    if (name == "native") {
      llvm::Expected<std::string> native = detectNativeChip();
      if (!native) {
        getOperation().emitError(llvm::toString(native.takeError()));
        return signalPassFailure();
      }
      name = *native;
    }
    const Chip *known = lookUpChip(name);
    if (!known) {
      getOperation().emitError("unknown chip '")
          << name << "'; expected native or one of " << listKnownChips();
      return signalPassFailure();
    }
    MLIRContext *context = &getContext();
    auto target = NVVM::NVVMTargetAttr::get(context, /*optLevel=*/3,
                                            "nvptx64-nvidia-cuda", known->name,
                                            known->features);
    getOperation().walk([&](gpu::GPUModuleOp module) {
      module.setTargetsAttr(ArrayAttr::get(context, {target}));
    });
    getOperation().walk([&](gpu::GPUFuncOp kernel) {
      auto blocks =
          dyn_cast_or_null<IntegerAttr>(kernel->removeAttr("bev.blocks"));
      if (blocks)
        kernel->setAttr(
            NVVM::NVVMDialect::getMinctasmAttrName(),
            IntegerAttr::get(IntegerType::get(context, 32), blocks.getInt()));
    });
  }
};

} // namespace
