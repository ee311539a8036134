// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalar arithmetic that is spelled alike for floats, integers and indices.

#include "Scalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

Type mlir::bev::onnx_to_linalg::getSumType(Type type) {
  if (isa<Float16Type, BFloat16Type>(type))
    return Float32Type::get(type.getContext());
  return type;
}

static bool isFloat(Value x) { return isa<FloatType>(x.getType()); }

Value Scalars::constant(Type type, double value) {
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(b, b.getFloatAttr(type, value));
  return arith::ConstantOp::create(
      b, b.getIntegerAttr(type, static_cast<int64_t>(value)));
}

Value Scalars::index(int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

Value Scalars::boolean(bool value) {
  return arith::ConstantOp::create(b, b.getBoolAttr(value));
}

Value Scalars::infinity(Type type, bool isNegative) {
  auto floatType = cast<FloatType>(type);
  return arith::ConstantOp::create(
      b,
      FloatAttr::get(floatType, APFloat::getInf(floatType.getFloatSemantics(),
                                                isNegative)));
}

Value Scalars::lowest(Type type) {
  if (isa<FloatType>(type))
    return infinity(type, /*isNegative=*/true);
  unsigned width = cast<IntegerType>(type).getWidth();
  APInt value = isUnsigned || width == 1 ? APInt::getMinValue(width)
                                         : APInt::getSignedMinValue(width);
  return arith::ConstantOp::create(b, IntegerAttr::get(type, value));
}

Value Scalars::highest(Type type) {
  if (isa<FloatType>(type))
    return infinity(type, /*isNegative=*/false);
  unsigned width = cast<IntegerType>(type).getWidth();
  APInt value = isUnsigned || width == 1 ? APInt::getMaxValue(width)
                                         : APInt::getSignedMaxValue(width);
  return arith::ConstantOp::create(b, IntegerAttr::get(type, value));
}

Value Scalars::add(Value x, Value y) {
  if (isFloat(x))
    return arith::AddFOp::create(b, x, y);
  return arith::AddIOp::create(b, x, y);
}

Value Scalars::accumulate(Value sum, Value x) {
  if (isFloat(x))
    return arith::AddFOp::create(
        b, sum, x,
        arith::FastMathFlagsAttr::get(b.getContext(),
                                      arith::FastMathFlags::reassoc |
                                          arith::FastMathFlags::contract));
  return arith::AddIOp::create(b, sum, x);
}

Value Scalars::sub(Value x, Value y) {
  if (isFloat(x))
    return arith::SubFOp::create(b, x, y);
  return arith::SubIOp::create(b, x, y);
}

Value Scalars::mul(Value x, Value y) {
  if (isFloat(x))
    return arith::MulFOp::create(b, x, y);
  return arith::MulIOp::create(b, x, y);
}

Value Scalars::div(Value x, Value y) {
  if (isFloat(x))
    return arith::DivFOp::create(b, x, y);
  if (isUnsigned && !x.getType().isIndex())
    return arith::DivUIOp::create(b, x, y);
  return arith::DivSIOp::create(b, x, y);
}

Value Scalars::floorDiv(Value x, Value y) {
  return arith::FloorDivSIOp::create(b, x, y);
}

Value Scalars::ceilDiv(Value x, Value y) {
  return arith::CeilDivSIOp::create(b, x, y);
}

/// Whether integers of that type are compared without sign.
static bool comparesUnsigned(Type type, bool isUnsigned) {
  return type.isInteger(1) || (isUnsigned && !type.isIndex());
}

Value Scalars::max(Value x, Value y) {
  if (isFloat(x))
    return arith::MaximumFOp::create(b, x, y);
  if (comparesUnsigned(x.getType(), isUnsigned))
    return arith::MaxUIOp::create(b, x, y);
  return arith::MaxSIOp::create(b, x, y);
}

Value Scalars::min(Value x, Value y) {
  if (isFloat(x))
    return arith::MinimumFOp::create(b, x, y);
  if (comparesUnsigned(x.getType(), isUnsigned))
    return arith::MinUIOp::create(b, x, y);
  return arith::MinSIOp::create(b, x, y);
}

Value Scalars::clamp(Value x, Value low, Value high) {
  return min(max(x, low), high);
}

Value Scalars::neg(Value x) {
  if (isFloat(x))
    return arith::NegFOp::create(b, x);
  return sub(constant(x.getType(), 0), x);
}

Value Scalars::abs(Value x) {
  if (isFloat(x))
    return math::AbsFOp::create(b, x);
  if (isUnsigned)
    return x;
  return max(x, neg(x));
}

Value Scalars::lt(Value x, Value y) {
  if (isFloat(x))
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x, y);
  return arith::CmpIOp::create(b,
                               comparesUnsigned(x.getType(), isUnsigned)
                                   ? arith::CmpIPredicate::ult
                                   : arith::CmpIPredicate::slt,
                               x, y);
}

Value Scalars::le(Value x, Value y) {
  if (isFloat(x))
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OLE, x, y);
  return arith::CmpIOp::create(b,
                               comparesUnsigned(x.getType(), isUnsigned)
                                   ? arith::CmpIPredicate::ule
                                   : arith::CmpIPredicate::sle,
                               x, y);
}

Value Scalars::eq(Value x, Value y) {
  if (isFloat(x))
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, x, y);
  return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, y);
}

Value Scalars::isNaN(Value x) {
  return isFloat(x) ? arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, x, x)
                          .getResult()
                    : boolean(false);
}

Value Scalars::both(Value x, Value y) { return arith::AndIOp::create(b, x, y); }

Value Scalars::either(Value x, Value y) {
  return arith::OrIOp::create(b, x, y);
}

Value Scalars::negate(Value condition) {
  return arith::XOrIOp::create(b, condition, boolean(true));
}

Value Scalars::select(Value condition, Value x, Value y) {
  return arith::SelectOp::create(b, condition, x, y);
}

Value Scalars::sqrt(Value x) { return math::SqrtOp::create(b, x); }
Value Scalars::exp(Value x) { return math::ExpOp::create(b, x); }
Value Scalars::log(Value x) { return math::LogOp::create(b, x); }
Value Scalars::pow(Value x, Value y) { return math::PowFOp::create(b, x, y); }
Value Scalars::floor(Value x) { return math::FloorOp::create(b, x); }
Value Scalars::ceil(Value x) { return math::CeilOp::create(b, x); }
Value Scalars::roundEven(Value x) { return math::RoundEvenOp::create(b, x); }

Value Scalars::to(Type type, Value x) {
  Type from = x.getType();
  if (from == type)
    return x;
  // Integers narrower than an index may be unsigned; indices are signed.
  if (from.isIndex() && isa<IntegerType>(type))
    return arith::IndexCastOp::create(b, type, x);
  if (type.isIndex() && isa<IntegerType>(from)) {
    if (comparesUnsigned(from, isUnsigned))
      return arith::IndexCastUIOp::create(b, type, x);
    return arith::IndexCastOp::create(b, type, x);
  }
  if (from.isIndex())
    return to(type, arith::IndexCastOp::create(b, b.getI64Type(), x));
  if (type.isIndex())
    return toIndex(arith::FPToSIOp::create(b, b.getI64Type(), x));
  bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(type);
  unsigned fromWidth = from.getIntOrFloatBitWidth(),
           toWidth = type.getIntOrFloatBitWidth();
  bool withoutSign = comparesUnsigned(from, isUnsigned);
  if (fromFloat && toFloat) {
    if (fromWidth == toWidth)
      return to(type, to(b.getF32Type(), x));
    if (fromWidth < toWidth)
      return arith::ExtFOp::create(b, type, x);
    return arith::TruncFOp::create(b, type, x);
  }
  if (fromFloat) {
    if (isUnsigned)
      return arith::FPToUIOp::create(b, type, x);
    return arith::FPToSIOp::create(b, type, x);
  }
  if (toFloat) {
    if (withoutSign)
      return arith::UIToFPOp::create(b, type, x);
    return arith::SIToFPOp::create(b, type, x);
  }
  if (fromWidth > toWidth)
    return arith::TruncIOp::create(b, type, x);
  if (withoutSign)
    return arith::ExtUIOp::create(b, type, x);
  return arith::ExtSIOp::create(b, type, x);
}

Value Scalars::toIndex(Value x) { return to(b.getIndexType(), x); }

SmallVector<Value> Scalars::loop(
    Value lower, Value upper, ValueRange inits,
    llvm::function_ref<SmallVector<Value>(Scalars &, Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(
      b, lower, upper, index(1), inits,
      [&](OpBuilder &inner, Location loc, Value iv, ValueRange carried) {
        ImplicitLocOpBuilder builder(loc, inner);
        Scalars s(builder, isUnsigned);
        SmallVector<Value> values = body(s, iv, carried);
        scf::YieldOp::create(builder, values);
      });
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value>
Scalars::branch(Value condition,
                llvm::function_ref<SmallVector<Value>(Scalars &)> then,
                llvm::function_ref<SmallVector<Value>(Scalars &)> otherwise) {
  auto fill = [&](llvm::function_ref<SmallVector<Value>(Scalars &)> body) {
    return [this, body](OpBuilder &inner, Location loc) {
      ImplicitLocOpBuilder builder(loc, inner);
      Scalars s(builder, isUnsigned);
      SmallVector<Value> values = body(s);
      scf::YieldOp::create(builder, values);
    };
  };
  auto branch = scf::IfOp::create(b, condition, fill(then), fill(otherwise));
  return SmallVector<Value>(branch.getResults());
}

Value Scalars::extract(Value tensor, ValueRange indices) {
  return tensor::ExtractOp::create(b, tensor, indices);
}
