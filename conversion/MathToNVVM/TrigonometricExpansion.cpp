// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// sin, cos and tan in f32, right for large angles.

#include "Expansions.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

/// An angle as a multiple of pi/2 and a rest.
struct Reduced {
  Value rest;     // f32, |rest| <= pi/4
  Value quadrant; // i32, 0 to 3
};

/// Subtracts the nearest multiple of pi/2. The multiple k is exact in f64 and
/// pi/2 has 106 bits here, so that the rest is right to f32 precision for
/// angles up to 1e9 and beyond; from 1e15 on it is merely bounded.
Reduced reduce(ImplicitLocOpBuilder &b, Value angle) {
  Type f32 = angle.getType();
  Type f64 = withElementType(f32, b.getF64Type());
  Value x = arith::ExtFOp::create(b, f64, angle);
  Value k = math::RoundEvenOp::create(
      b,
      arith::MulFOp::create(b, x, createFloat(b, f64, 0x1.45f306dc9c883p-1)));
  Value minusK = arith::NegFOp::create(b, k);
  Value rest = math::FmaOp::create(
      b, minusK, createFloat(b, f64, 0x1.921fb54442d18p+0), x);
  rest = math::FmaOp::create(b, minusK,
                             createFloat(b, f64, 0x1.1a62633145c07p-54), rest);
  rest = arith::MinimumFOp::create(b, rest,
                                   createFloat(b, f64, 0.7853981633974484));
  rest = arith::MaximumFOp::create(b, rest,
                                   createFloat(b, f64, -0.7853981633974484));

  // The low two bits of k, without an integer conversion that could overflow.
  Value quarter = arith::MulFOp::create(b, k, createFloat(b, f64, 0.25));
  Value whole = math::FloorOp::create(b, quarter);
  Value part = arith::MulFOp::create(
      b, arith::SubFOp::create(b, quarter, whole), createFloat(b, f64, 4.0));
  // NaN and infinite angles have a NaN rest; any quadrant will do.
  Value zero = createFloat(b, f64, 0.0);
  Value ordered =
      arith::CmpFOp::create(b, arith::CmpFPredicate::ORD, part, zero);
  part = arith::SelectOp::create(b, ordered, part, zero);
  Type i32 = withElementType(f32, b.getI32Type());
  return {arith::TruncFOp::create(b, f32, rest),
          arith::FPToSIOp::create(b, i32, part)};
}

Value polynomial(ImplicitLocOpBuilder &b, Value z,
                 ArrayRef<double> coefficients) {
  Value sum = createFloat(b, z.getType(), coefficients.front());
  for (double c : coefficients.drop_front())
    sum = math::FmaOp::create(b, sum, z, createFloat(b, z.getType(), c));
  return sum;
}

/// sin(r) for |r| <= pi/4; coefficients of Cephes' sinf.
Value sinOfRest(ImplicitLocOpBuilder &b, Value r) {
  Value z = arith::MulFOp::create(b, r, r);
  Value p =
      polynomial(b, z, {-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1});
  return math::FmaOp::create(b, arith::MulFOp::create(b, z, r), p, r);
}

/// cos(r) for |r| <= pi/4; coefficients of Cephes' cosf.
Value cosOfRest(ImplicitLocOpBuilder &b, Value r) {
  Value z = arith::MulFOp::create(b, r, r);
  Value p = polynomial(b, z,
                       {2.443315711809948e-5, -1.388731625493765e-3,
                        4.166664568298827e-2, -0.5});
  return math::FmaOp::create(b, z, p, createFloat(b, z.getType(), 1.0));
}

/// sin(rest + quadrant * pi/2).
Value sinOf(ImplicitLocOpBuilder &b, const Reduced &angle, Value quadrant) {
  Type i32 = quadrant.getType();
  auto bit = [&](int64_t mask) -> Value {
    return arith::CmpIOp::create(
        b, arith::CmpIPredicate::ne,
        arith::AndIOp::create(b, quadrant, createInt(b, i32, mask)),
        createInt(b, i32, 0));
  };
  Value value = arith::SelectOp::create(b, bit(1), cosOfRest(b, angle.rest),
                                        sinOfRest(b, angle.rest));
  return arith::SelectOp::create(b, bit(2), arith::NegFOp::create(b, value),
                                 value);
}

template <typename OpTy>
struct ExpandTrigonometric : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "expected f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Reduced angle = reduce(b, op.getOperand());
    auto sin = [&] { return sinOf(b, angle, angle.quadrant); };
    auto cos = [&] {
      Value one = createInt(b, angle.quadrant.getType(), 1);
      return sinOf(b, angle, arith::AddIOp::create(b, angle.quadrant, one));
    };
    Value result;
    if constexpr (std::is_same_v<OpTy, math::SinOp>)
      result = sin();
    else if constexpr (std::is_same_v<OpTy, math::CosOp>)
      result = cos();
    else
      result = arith::DivFOp::create(b, sin(), cos());
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct ExpandSincos : public OpRewritePattern<math::SincosOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::SincosOp op,
                                PatternRewriter &rewriter) const override {
    Value x = op.getOperand();
    Value sin = math::SinOp::create(rewriter, op.getLoc(), x);
    Value cos = math::CosOp::create(rewriter, op.getLoc(), x);
    rewriter.replaceOp(op, {sin, cos});
    return success();
  }
};

} // namespace

void mlir::bev::populateTrigonometricExpansion(RewritePatternSet &patterns) {
  patterns
      .add<ExpandTrigonometric<math::SinOp>, ExpandTrigonometric<math::CosOp>,
           ExpandTrigonometric<math::TanOp>, ExpandSincos>(
          patterns.getContext(),
          /*benefit=*/10);
}
