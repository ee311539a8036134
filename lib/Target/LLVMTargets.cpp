// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "LLVMTargets.h"

#include "mlir/Target/LLVM/NVVM/Utils.h"

#include "llvm/Support/TargetSelect.h"

void mlir::bev::initializeLLVMTargets() {
  // LLVM's list of back ends has no lock: nobody may add to it, which the
  // serialization of device code does by itself otherwise, while others read.
  static const bool isDone = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    NVVM::SerializeGPUModuleBase::init();
    return true;
  }();
  (void)isDone;
}
