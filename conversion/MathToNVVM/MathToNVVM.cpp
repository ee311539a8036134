// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// math on the device without libdevice.

#include "Expansions.h"
#include "bev/Conversion/Passes.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTMATHTONVVMINTRINSICSPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

Value createExp2(ImplicitLocOpBuilder &b, Value x) {
  auto exp2 = math::Exp2Op::create(b, x);
  exp2.setFastmath(arith::FastMathFlags::afn);
  return exp2;
}

/// 2^x as one instruction; results below 2^-126 are 0.
Value createApproximateExp2(OpBuilder &b, Location loc, Value x) {
  return LLVM::CallIntrinsicOp::create(
             b, loc, x.getType(), b.getStringAttr("llvm.nvvm.ex2.approx.ftz.f"),
             ValueRange{x})
      .getResult(0);
}

/// exp(x) = 2^(h + l) with h = fl(x log2 e) and l what h lost:
/// e = ex2(h), then e + e l ln 2.
struct ExpandExp : public OpRewritePattern<math::ExpOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::ExpOp op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32())
      return rewriter.notifyMatchFailure(op, "expected f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value x = op.getOperand();
    if (bitEnumContainsAll(op.getFastmath(), arith::FastMathFlags::afn)) {
      Value log2e = createFloat(b, type, 0x1.715476p+0);
      Value scaled = arith::MulFOp::create(b, x, log2e);
      rewriter.replaceOp(op,
                         isa<VectorType>(type)
                             ? createExp2(b, scaled)
                             : createApproximateExp2(b, op.getLoc(), scaled));
      return success();
    }
    Value high = createFloat(b, type, 0x1.715476p+0),
          low = createFloat(b, type, 0x1.4ae0cp-26);
    Value h = arith::MulFOp::create(b, x, high);
    Value l = math::FmaOp::create(b, x, high, arith::NegFOp::create(b, h));
    l = math::FmaOp::create(b, x, low, l);
    Value e = createExp2(b, h);
    Value lLn2 =
        arith::MulFOp::create(b, l, createFloat(b, type, 0x1.62e43p-1));
    Value corrected = math::FmaOp::create(b, e, lLn2, e);
    // Where 2^h is infinite, zero or NaN there is nothing to correct.
    Value finite = arith::AndIOp::create(
        b,
        arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, h,
                              createFloat(b, type, 128.0)),
        arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, x,
                              createFloat(b, type, -105.0)));
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, finite, corrected, e);
    return success();
  }
};

/// exp2 is one instruction, with an error of 2 units in the last place.
struct ApproximateExp2 : public OpRewritePattern<math::Exp2Op> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::Exp2Op op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32() ||
        bitEnumContainsAll(op.getFastmath(), arith::FastMathFlags::afn))
      return rewriter.notifyMatchFailure(
          op, "expected f32 that is not approximate yet");
    rewriter.modifyOpInPlace(op, [&] {
      op.setFastmath(op.getFastmath() | arith::FastMathFlags::afn);
    });
    return success();
  }
};

struct ExpandLog10 : public OpRewritePattern<math::Log10Op> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::Log10Op op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "expected f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value log = math::LogOp::create(b, op.getOperand());
    rewriter.replaceOpWithNewOp<arith::MulFOp>(
        op, log, createFloat(b, op.getType(), 0.43429448190325182765));
    return success();
  }
};

struct ExpandRsqrt : public OpRewritePattern<math::RsqrtOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::RsqrtOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value root = math::SqrtOp::create(b, op.getOperand());
    rewriter.replaceOpWithNewOp<arith::DivFOp>(
        op, createFloat(b, op.getType(), 1.0), root);
    return success();
  }
};

/// Computes math on f16 and bf16 as f32.
void extendHalf(Operation *root) {
  SmallVector<Operation *> ops;
  root->walk([&](Operation *op) {
    if (!isa_and_nonnull<math::MathDialect>(op->getDialect()))
      return;
    if (isa<math::IsFiniteOp, math::IsInfOp, math::IsNaNOp, math::IsNormalOp>(
            op))
      return;
    if (llvm::any_of(op->getResultTypes(), [](Type type) {
          return isa<Float16Type, BFloat16Type>(getElementTypeOrSelf(type));
        }))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    ImplicitLocOpBuilder b(op->getLoc(), op);
    auto widen = [&](Type type) -> Type {
      if (isa<Float16Type, BFloat16Type>(getElementTypeOrSelf(type)))
        return withElementType(type, b.getF32Type());
      return type;
    };
    for (OpOperand &operand : op->getOpOperands()) {
      Type type = widen(operand.get().getType());
      if (type != operand.get().getType())
        operand.set(arith::ExtFOp::create(b, type, operand.get()));
    }
    b.setInsertionPointAfter(op);
    for (OpResult result : op->getResults()) {
      Type narrow = result.getType(), wide = widen(narrow);
      if (wide == narrow)
        continue;
      result.setType(wide);
      auto truncated = arith::TruncFOp::create(b, narrow, result);
      result.replaceAllUsesExcept(truncated, truncated);
    }
  }
}

/// x - trunc(x / y) y in f64: exact while the quotient is below 2^29.
struct ExpandRemF : public OpRewritePattern<arith::RemFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::RemFOp op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32())
      return rewriter.notifyMatchFailure(op, "expected f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type wide = withElementType(type, b.getF64Type());
    Value x = arith::ExtFOp::create(b, wide, op.getLhs());
    Value y = arith::ExtFOp::create(b, wide, op.getRhs());
    Value quotient = math::TruncOp::create(b, arith::DivFOp::create(b, x, y));
    Value rest =
        math::FmaOp::create(b, arith::NegFOp::create(b, quotient), y, x);
    // Division by infinity leaves x, for which 0 times infinity is in the way.
    Value isSmall = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT,
                                          math::AbsFOp::create(b, x),
                                          math::AbsFOp::create(b, y));
    rest = arith::SelectOp::create(b, isSmall, x,
                                   math::CopySignOp::create(b, rest, x));
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, type, rest);
    return success();
  }
};

/// Minimum and maximum that prefer a number to NaN are one instruction.
template <typename OpTy, typename IntrinsicTy>
struct UseMinMaxInstruction : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    auto vector = dyn_cast<VectorType>(op.getType());
    if (vector && vector.getRank() != 1)
      return rewriter.notifyMatchFailure(
          op, "expected a scalar or a vector of rank 1");
    rewriter.replaceOpWithNewOp<IntrinsicTy>(op, op.getType(), op.getLhs(),
                                             op.getRhs());
    return success();
  }
};

/// Spells intrinsics as `llvm.call_intrinsic`: upstream's conversion to nvvm
/// takes an `llvm.intr` op for one that libdevice has to implement.
void callIntrinsics(Operation *root) {
  SmallVector<Operation *> ops;
  root->walk([&](Operation *op) {
    if (isa<LLVM::Exp2Op, LLVM::SqrtOp, LLVM::FFloorOp, LLVM::FCeilOp,
            LLVM::FTruncOp, LLVM::RoundOp, LLVM::RoundEvenOp, LLVM::FAbsOp,
            LLVM::CopySignOp, LLVM::FMAOp, LLVM::MaxNumOp, LLVM::MinNumOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    OpBuilder b(op);
    StringRef name = op->getName().getStringRef();
    name.consume_front("llvm.intr.");
    auto call = LLVM::CallIntrinsicOp::create(
        b, op->getLoc(), op->getResult(0).getType(),
        b.getStringAttr("llvm." + name), op->getOperands());
    if (auto flags =
            op->getAttrOfType<LLVM::FastmathFlagsAttr>("fastmathFlags"))
      call.setFastmathFlagsAttr(flags);
    op->getResult(0).replaceAllUsesWith(call->getResult(0));
    op->erase();
  }
}

/// What may be approximate when it comes; after that, ops of other expansions
/// may be so as well.
void approximateExp2(Operation *root) {
  root->walk([](math::Exp2Op op) {
    if (!op.getType().isF32() ||
        !bitEnumContainsAll(op.getFastmath(), arith::FastMathFlags::afn))
      return;
    OpBuilder b(op);
    op.replaceAllUsesWith(
        createApproximateExp2(b, op.getLoc(), op.getOperand()));
    op.erase();
  });
}

struct ConvertMathToNVVMIntrinsics
    : public bev::impl::ConvertMathToNVVMIntrinsicsPassBase<
          ConvertMathToNVVMIntrinsics> {
  void runOnOperation() override {
    Operation *root = getOperation();
    MLIRContext *context = &getContext();
    extendHalf(root);
    approximateExp2(root);

    RewritePatternSet expansions(context);
    populateTrigonometricExpansion(expansions);
    populatePowerExpansion(expansions);
    populateArcTangentExpansion(expansions);
    expansions
        .add<ExpandExp, ApproximateExp2, ExpandLog10, ExpandRemF, ExpandRsqrt,
             UseMinMaxInstruction<arith::MaxNumFOp, LLVM::MaxNumOp>,
             UseMinMaxInstruction<arith::MinNumFOp, LLVM::MinNumOp>>(
            context, /*benefit=*/10);
    math::populateExpansionPatterns(
        expansions, {"cosh", "asinh", "acosh", "atanh", "fpowi", "clampf"});
    populateMathPolynomialApproximationPatterns(expansions, [](StringRef name) {
      return llvm::is_contained(
          {"math.log", "math.log2", "math.log1p", "math.expm1", "math.tanh",
           "math.erf", "math.erfc", "math.asin", "math.acos", "math.cbrt"},
          name);
    });
    populateMathF32ExpansionPatterns(expansions, [](StringRef name) {
      return llvm::is_contained({"math.asin", "math.acos"}, name);
    });
    GreedyRewriteConfig config;
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    if (failed(applyPatternsGreedily(root, std::move(expansions), config)))
      return signalPassFailure();

    LLVMTypeConverter converter(context);
    RewritePatternSet patterns(context);
    populateMathToLLVMConversionPatterns(converter, patterns,
                                         /*approximateLog1p=*/false);
    // What is left and has no instruction would become a call of libdevice.
    bool unknown = false;
    root->walk([&](Operation *op) {
      if (!isa_and_nonnull<math::MathDialect>(op->getDialect()))
        return;
      Type type = getElementTypeOrSelf(op->getOperand(0).getType());
      bool known =
          isa<math::SqrtOp, math::FmaOp, math::FloorOp, math::CeilOp,
              math::TruncOp, math::RoundOp, math::RoundEvenOp, math::AbsFOp,
              math::AbsIOp, math::CopySignOp, math::CountLeadingZerosOp,
              math::CountTrailingZerosOp, math::CtPopOp, math::IsFiniteOp,
              math::IsInfOp, math::IsNaNOp, math::IsNormalOp>(op) ||
          (isa<math::Exp2Op>(op) && type.isF32());
      if (known)
        return;
      op->emitError("cannot lower '") << op->getName() << "' on " << type
                                      << " to the device without libdevice";
      unknown = true;
    });
    if (unknown)
      return signalPassFailure();
    LLVMConversionTarget target(*context);
    target.addIllegalDialect<math::MathDialect>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    if (failed(applyPartialConversion(root, target, std::move(patterns))))
      return signalPassFailure();
    callIntrinsics(root);
  }
};

} // namespace
