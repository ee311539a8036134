// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// exp with arithmetic that vectorizes.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTMATHTOARITHPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

struct ExpandExp : public OpRewritePattern<math::ExpOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::ExpOp op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32())
      return rewriter.notifyMatchFailure(op, "expected f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto shaped = dyn_cast<ShapedType>(type);
    Type integer =
        shaped ? Type(shaped.clone(b.getI32Type())) : Type(b.getI32Type());
    auto constant = [&](float value) -> Value {
      TypedAttr attr = b.getF32FloatAttr(value);
      if (shaped)
        attr = DenseElementsAttr::get(shaped, value);
      return arith::ConstantOp::create(b, attr);
    };
    auto integerConstant = [&](int32_t value) -> Value {
      TypedAttr attr = b.getI32IntegerAttr(value);
      if (shaped)
        attr = DenseElementsAttr::get(cast<ShapedType>(integer), value);
      return arith::ConstantOp::create(b, attr);
    };
    // Products and sums may be one fma where the CPU has it.
    auto madd = [&](Value x, Value y, Value z) -> Value {
      Value product =
          arith::MulFOp::create(b, x, y, arith::FastMathFlags::contract);
      return arith::AddFOp::create(b, product, z,
                                   arith::FastMathFlags::contract);
    };
    Value x = op.getOperand();
    // Beyond these the result is infinity and 0. Comparisons with NaN fail, so
    // that it stays.
    Value low = constant(-104.0f), high = constant(89.0f);
    auto select = [&](arith::CmpFPredicate predicate, Value bound) {
      x = arith::SelectOp::create(
          b, arith::CmpFOp::create(b, predicate, x, bound), bound, x);
    };
    select(arith::CmpFPredicate::OLT, low);
    select(arith::CmpFPredicate::OGT, high);
    // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer.
    Value magic = constant(12582912.0f);
    Value shifted = arith::AddFOp::create(
        b, arith::MulFOp::create(b, x, constant(1.44269504088896341f)), magic);
    Value n = arith::SubFOp::create(b, shifted, magic);
    // ln 2 in two parts; n times the first is exact.
    Value r = madd(n, constant(-0.693359375f), x);
    r = madd(n, constant(2.12194440e-4f), r);
    // exp(r) on |r| <= ln 2 / 2; Cephes' expf.
    Value p = constant(1.9875691500e-4f);
    for (float c : {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
                    1.6666665459e-1f, 5.0000001201e-1f})
      p = madd(p, r, constant(c));
    Value z = arith::MulFOp::create(b, r, r);
    p = arith::AddFOp::create(b, madd(p, z, r), constant(1.0f));
    // 2^n in two factors: n reaches beyond the exponents of f32. The integer is
    // in the low bits of the shifted number, also when that is NaN.
    Value bits =
        arith::SubIOp::create(b, arith::BitcastOp::create(b, integer, shifted),
                              integerConstant(0x4b400000));
    Value half = arith::ShRSIOp::create(b, bits, integerConstant(1));
    Value rest = arith::SubIOp::create(b, bits, half);
    auto power = [&](Value exponent) -> Value {
      Value biased = arith::AddIOp::create(b, exponent, integerConstant(127));
      Value moved = arith::ShLIOp::create(b, biased, integerConstant(23));
      return arith::BitcastOp::create(b, type, moved);
    };
    p = arith::MulFOp::create(b, p, power(half));
    rewriter.replaceOpWithNewOp<arith::MulFOp>(op, p, power(rest));
    return success();
  }
};

struct ConvertMathToArith
    : public bev::impl::ConvertMathToArithPassBase<ConvertMathToArith> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandExp>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
