// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels call nothing that does not exist.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::bev {
#define GEN_PASS_DEF_VERIFYDEVICECODEPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

struct VerifyDeviceCode
    : public bev::impl::VerifyDeviceCodePassBase<VerifyDeviceCode> {
  void runOnOperation() override {
    bool unresolved = false;
    getOperation().walk([&](gpu::GPUModuleOp module) {
      for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
        StringRef name = function.getName();
        if (!function.isExternal() || name == "vprintf" || name == "malloc" ||
            name == "free" || name.starts_with("llvm."))
          continue;
        unresolved = true;
        // The call's location is the op's that the user wrote.
        Location loc = function.getLoc();
        module.walk([&](LLVM::CallOp call) {
          if (call.getCallee() != name)
            return WalkResult::advance();
          loc = call.getLoc();
          return WalkResult::interrupt();
        });
        StringRef op = name;
        if (op.consume_front("__nv_")) {
          op.consume_back("f");
          emitError(loc, "unresolved device function '")
              << name << "': 'math." << op
              << "' needs libdevice, which is not linked";
        } else {
          emitError(loc, "unresolved device function '") << name << "'";
        }
      }
    });
    if (unresolved)
      signalPassFailure();
  }
};

} // namespace
