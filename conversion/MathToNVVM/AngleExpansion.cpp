// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// atan, atan2 and sinh in f32, where upstream's approximations are too coarse.

#include "Expansions.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

/// atan(t) for t in [0, 1]; Cephes' atanf.
Value atanOfUnit(ImplicitLocOpBuilder &b, Value t) {
  Type type = t.getType();
  Value one = createFloat(b, type, 1.0);
  Value large = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, t,
                                      createFloat(b, type, 0.4142135623730950));
  Value moved = arith::DivFOp::create(b, arith::SubFOp::create(b, t, one),
                                      arith::AddFOp::create(b, t, one));
  Value x = arith::SelectOp::create(b, large, moved, t);
  Value offset = arith::SelectOp::create(
      b, large, createFloat(b, type, 0.7853981633974483),
      createFloat(b, type, 0.0));
  Value z = arith::MulFOp::create(b, x, x);
  Value p = createFloat(b, type, 8.05374449538e-2);
  for (double c : {-1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1})
    p = math::FmaOp::create(b, p, z, createFloat(b, type, c));
  Value tail = arith::MulFOp::create(b, arith::MulFOp::create(b, p, z), x);
  return arith::AddFOp::create(b, offset, arith::AddFOp::create(b, tail, x));
}

/// The angle of (x, y) with -0, 0 / 0 and infinities as IEEE 754 has them.
Value angleOf(ImplicitLocOpBuilder &b, Value y, Value x) {
  using P = arith::CmpFPredicate;
  Type type = x.getType();
  auto select = [&](Value condition, Value lhs, Value rhs) -> Value {
    return arith::SelectOp::create(b, condition, lhs, rhs);
  };
  Value zero = createFloat(b, type, 0.0), one = createFloat(b, type, 1.0);
  Value ay = math::AbsFOp::create(b, y), ax = math::AbsFOp::create(b, x);
  Value steep = arith::CmpFOp::create(b, P::OGT, ay, ax);
  Value low = select(steep, ax, ay), high = select(steep, ay, ax);
  Value t = arith::DivFOp::create(b, low, high);
  // 0 / 0 and inf / inf: the sizes are equal, and only there is it not 1.
  Value same = arith::CmpFOp::create(b, P::OEQ, low, high);
  Value nothing = arith::CmpFOp::create(b, P::OEQ, high, zero);
  t = select(same, select(nothing, zero, one), t);
  Value a = atanOfUnit(b, t);
  a = select(
      steep,
      arith::SubFOp::create(b, createFloat(b, type, 1.5707963267948966), a), a);
  Value sign = math::CopySignOp::create(b, one, x);
  Value left = arith::CmpFOp::create(b, P::OLT, sign, zero);
  a = select(
      left,
      arith::SubFOp::create(b, createFloat(b, type, 3.1415926535897931), a), a);
  a = math::CopySignOp::create(b, a, y);
  Value unordered = arith::CmpFOp::create(b, P::UNO, x, y);
  return select(unordered, arith::AddFOp::create(b, x, y), a);
}

struct ExpandAtan : public OpRewritePattern<math::AtanOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::AtanOp op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "expected f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(
        op, angleOf(b, op.getOperand(), createFloat(b, op.getType(), 1.0)));
    return success();
  }
};

struct ExpandAtan2 : public OpRewritePattern<math::Atan2Op> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::Atan2Op op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "expected f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(op, angleOf(b, op.getLhs(), op.getRhs()));
    return success();
  }
};

/// Through expm1 near 0, where the difference of exponentials cancels.
struct ExpandSinh : public OpRewritePattern<math::SinhOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::SinhOp op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32())
      return rewriter.notifyMatchFailure(op, "expected f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value x = op.getOperand(), size = math::AbsFOp::create(b, x);
    Value half = createFloat(b, type, 0.5), one = createFloat(b, type, 1.0);
    Value m = math::ExpM1Op::create(b, size);
    Value quotient =
        arith::DivFOp::create(b, m, arith::AddFOp::create(b, m, one));
    Value near =
        arith::MulFOp::create(b, half, arith::AddFOp::create(b, m, quotient));
    Value e = math::ExpOp::create(b, size);
    Value halfE = arith::MulFOp::create(b, half, e);
    Value far =
        arith::SubFOp::create(b, halfE, arith::DivFOp::create(b, half, e));
    Value small =
        arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, size, one);
    rewriter.replaceOpWithNewOp<math::CopySignOp>(
        op, arith::SelectOp::create(b, small, near, far), x);
    return success();
  }
};

} // namespace

void mlir::bev::populateArcTangentExpansion(RewritePatternSet &patterns) {
  patterns.add<ExpandAtan, ExpandAtan2, ExpandSinh>(patterns.getContext(),
                                                    /*benefit=*/10);
}
