// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GPU modules become PTX, cubins or fat binaries.

#include "bev/Conversion/GPUToNVVM/Toolkit.h"
#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVM/NVVM/Target.h"
#include "mlir/Target/LLVMIR/Dialect/GPU/GPUToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "llvm/ADT/StringExtras.h"

namespace mlir::bev {
#define GEN_PASS_DEF_SERIALIZEDEVICECODEPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

struct SerializeDeviceCode
    : public bev::impl::SerializeDeviceCodePassBase<SerializeDeviceCode> {
  using SerializeDeviceCodePassBase::SerializeDeviceCodePassBase;

  void getDependentDialects(DialectRegistry &registry) const override {
    registerGPUDialectTranslation(registry);
    registerLLVMDialectTranslation(registry);
    registerNVVMDialectTranslation(registry);
    NVVM::registerNVVMTargetInterfaceExternalModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (format != "llvm" && format != "isa" && format != "bin" &&
        format != "fatbin") {
      module.emitError("unknown format '")
          << format << "'; expected llvm, isa, bin or fatbin";
      return signalPassFailure();
    }
    if (format == "llvm" || module.getOps<gpu::GPUModuleOp>().empty())
      return;
    SmallVector<StringRef> missing = findMissingTools(format);
    if (!missing.empty()) {
      module.emitError("format=") << format << " needs the CUDA toolkit's "
                                  << llvm::join(missing, " and ")
                                  << ", which is neither on PATH nor under "
                                     "CUDA_HOME; format=isa needs no toolkit";
      return signalPassFailure();
    }
    OpPassManager pm(ModuleOp::getOperationName());
    GpuModuleToBinaryPassOptions options;
    options.compilationTarget = format;
    pm.addPass(createGpuModuleToBinaryPass(options));
    if (failed(runPipeline(pm, module)))
      signalPassFailure();
  }
};

} // namespace
