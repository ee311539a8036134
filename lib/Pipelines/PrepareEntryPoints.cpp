// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The calling convention of public functions.

#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::bev {
#define GEN_PASS_DEF_PREPAREENTRYPOINTSPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

struct PrepareEntryPoints
    : public bev::impl::PrepareEntryPointsPassBase<PrepareEntryPoints> {
  void runOnOperation() override {
    auto readOnly = BoolAttr::get(&getContext(), false);
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (!function.isPublic() || function.isExternal())
        continue;
      function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                        UnitAttr::get(&getContext()));
      for (BlockArgument argument : function.getArguments())
        if (isa<TensorType>(argument.getType()))
          function.setArgAttr(
              argument.getArgNumber(),
              bufferization::BufferizationDialect::kWritableAttrName, readOnly);
    }
  }
};

} // namespace
