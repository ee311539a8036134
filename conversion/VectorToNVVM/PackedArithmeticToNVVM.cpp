// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic that a schedule wants in f16, before all other is widened to f32.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTPACKEDARITHMETICTONVVMPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

struct ConvertPackedArithmeticToNVVM
    : public bev::impl::ConvertPackedArithmeticToNVVMPassBase<
          ConvertPackedArithmeticToNVVM> {
  void runOnOperation() override {
    SmallVector<vector::FMAOp> packed;
    getOperation()->walk([&](vector::FMAOp fma) {
      VectorType type = fma.getVectorType();
      if (type.getRank() == 1 && type.getElementType().isF16() &&
          fma->getParentOfType<gpu::LaunchOp>())
        packed.push_back(fma);
    });
    for (vector::FMAOp fma : packed) {
      OpBuilder b(fma);
      Value result =
          LLVM::FMAOp::create(b, fma.getLoc(), fma.getVectorType(),
                              fma.getLhs(), fma.getRhs(), fma.getAcc());
      fma.replaceAllUsesWith(result);
      fma.erase();
    }
  }
};

} // namespace
