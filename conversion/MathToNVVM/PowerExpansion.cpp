// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// powf in f32, through log2 and exp2 in f64.

#include "Expansions.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <limits>

using namespace mlir;
using namespace mlir::bev;

namespace {

/// log2 of a positive, finite, normal f64, to about 50 bits.
Value log2InDouble(ImplicitLocOpBuilder &b, Value x) {
  Type f64 = x.getType();
  Type i64 = withElementType(f64, b.getI64Type());
  // x = 2^e * m with m in [sqrt(1/2), sqrt(2)): the offset moves the split
  // there.
  constexpr int64_t offset = 0x3fe6a09e00000000;
  Value bits = arith::BitcastOp::create(b, i64, x);
  Value shifted = arith::SubIOp::create(b, bits, createInt(b, i64, offset));
  Value e = arith::ShRSIOp::create(b, shifted, createInt(b, i64, 52));
  Value mantissa =
      arith::AndIOp::create(b, shifted, createInt(b, i64, 0xfffffffffffff));
  Value m = arith::BitcastOp::create(
      b, f64, arith::AddIOp::create(b, mantissa, createInt(b, i64, offset)));
  // log(m) = 2 atanh(s), s = (m - 1) / (m + 1), |s| < 0.172.
  Value one = createFloat(b, f64, 1.0);
  Value s = arith::DivFOp::create(b, arith::SubFOp::create(b, m, one),
                                  arith::AddFOp::create(b, m, one));
  Value z = arith::MulFOp::create(b, s, s);
  Value sum = createFloat(b, f64, 1.0 / 21);
  for (int odd = 19; odd >= 1; odd -= 2)
    sum = math::FmaOp::create(b, sum, z, createFloat(b, f64, 1.0 / odd));
  Value twoOverLn2 = createFloat(b, f64, 0x1.71547652b82fep+1);
  Value log2m =
      arith::MulFOp::create(b, arith::MulFOp::create(b, sum, s), twoOverLn2);
  return arith::AddFOp::create(b, arith::SIToFPOp::create(b, f64, e), log2m);
}

/// 2^t in f64 for |t| <= 300.
Value exp2InDouble(ImplicitLocOpBuilder &b, Value t) {
  Type f64 = t.getType();
  Type i64 = withElementType(f64, b.getI64Type());
  Value n = math::RoundEvenOp::create(b, t);
  Value r = arith::MulFOp::create(b, arith::SubFOp::create(b, t, n),
                                  createFloat(b, f64, 0x1.62e42fefa39efp-1));
  double factorial = 479001600; // 12!
  Value sum = createFloat(b, f64, 1.0 / factorial);
  for (int i = 12; i >= 1; --i) {
    factorial /= i;
    sum = math::FmaOp::create(b, sum, r, createFloat(b, f64, 1.0 / factorial));
  }
  Value exponent = arith::AddIOp::create(b, arith::FPToSIOp::create(b, i64, n),
                                         createInt(b, i64, 1023));
  Value scale = arith::BitcastOp::create(
      b, f64, arith::ShLIOp::create(b, exponent, createInt(b, i64, 52)));
  return arith::MulFOp::create(b, sum, scale);
}

struct ExpandPowF : public OpRewritePattern<math::PowFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::PowFOp op,
                                PatternRewriter &rewriter) const override {
    Type f32 = op.getType();
    if (!getElementTypeOrSelf(f32).isF32())
      return rewriter.notifyMatchFailure(op, "expected f32");
    using P = arith::CmpFPredicate;
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type f64 = withElementType(f32, b.getF64Type());
    auto compare = [&](P predicate, Value lhs, Value rhs) -> Value {
      return arith::CmpFOp::create(b, predicate, lhs, rhs);
    };
    auto select = [&](Value condition, Value lhs, Value rhs) -> Value {
      return arith::SelectOp::create(b, condition, lhs, rhs);
    };
    constexpr double inf = std::numeric_limits<double>::infinity();
    Value x = arith::ExtFOp::create(b, f64, op.getLhs());
    Value y = arith::ExtFOp::create(b, f64, op.getRhs());
    Value zero = createFloat(b, f64, 0.0), one = createFloat(b, f64, 1.0);
    Value size = math::AbsFOp::create(b, x);

    // |x|^y; zero and infinity have logarithms of their own.
    Value isZero = compare(P::OEQ, size, zero);
    Value isInf = compare(P::OEQ, size, createFloat(b, f64, inf));
    Value log2 = log2InDouble(b, size);
    log2 = select(isZero, createFloat(b, f64, -inf), log2);
    log2 = select(isInf, createFloat(b, f64, inf), log2);
    Value t = arith::MulFOp::create(b, y, log2);
    t = arith::MaxNumFOp::create(b, t, createFloat(b, f64, -300.0));
    t = arith::MinNumFOp::create(b, t, createFloat(b, f64, 300.0));
    Value power = exp2InDouble(b, t);
    power = select(compare(P::OEQ, size, one), one, power);

    // The sign of a negative base, for whole exponents.
    Value whole = compare(P::OEQ, math::TruncOp::create(b, y), y);
    Value half = arith::MulFOp::create(b, y, createFloat(b, f64, 0.5));
    Value even = compare(P::OEQ, math::TruncOp::create(b, half), half);
    Value odd = arith::AndIOp::create(
        b, whole,
        arith::XOrIOp::create(b, even, createInt(b, even.getType(), 1)));
    Value signedPower = math::CopySignOp::create(b, power, x);
    power = select(odd, signedPower, power);
    Value undefined = arith::AndIOp::create(
        b, compare(P::OLT, x, zero),
        arith::XOrIOp::create(b, whole, createInt(b, whole.getType(), 1)));
    undefined = arith::AndIOp::create(
        b, undefined,
        arith::XOrIOp::create(b, isInf, createInt(b, isInf.getType(), 1)));
    Value nan = createFloat(b, f64, std::numeric_limits<double>::quiet_NaN());
    power = select(undefined, nan, power);
    power = select(compare(P::UNO, x, y), nan, power);
    Value isOne = arith::OrIOp::create(b, compare(P::OEQ, x, one),
                                       compare(P::OEQ, y, zero));
    power = select(isOne, one, power);
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, f32, power);
    return success();
  }
};

} // namespace

void mlir::bev::populatePowerExpansion(RewritePatternSet &patterns) {
  patterns.add<ExpandPowF>(patterns.getContext(), /*benefit=*/10);
}
