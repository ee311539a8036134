// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise operators of one input: functions and activations.

#include "Elementwise.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

namespace {
/// A function of a float, with what the node says about it.
using FloatBody = Value (*)(Scalars &, Value, onnx::NodeOp);
} // namespace

/// Functions of floats. Those of narrow floats are computed in f32 and rounded
/// once.
template <FloatBody body>
static LogicalResult lowerFloat(Lowering &l) {
  if (!l.input(0))
    return l.unsupported("an input is expected");
  Type type = l.onnxType(0).getElementType();
  if (!isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type))
    return l.unsupported("it is supported for floats only");
  setElementwise(l, l.input(0), [&](ImplicitLocOpBuilder &b, ValueRange args) {
    Scalars s(b);
    Type wide = type.getIntOrFloatBitWidth() < 32 ? b.getF32Type() : type;
    Value x = buildCast(b, args.front(), type, wide);
    return buildCast(b, body(s, x, l.node), wide, type);
  });
  return success();
}

template <typename Op>
static Value emitOp(Scalars &s, Value x, onnx::NodeOp) {
  return Op::create(s.b, x);
}

static Value emitReciprocal(Scalars &s, Value x, onnx::NodeOp) {
  return s.div(s.constant(x.getType(), 1), x);
}

// Activations. ----------------------------------------------------------------

static Value emitSigmoid(Scalars &s, Value x) {
  Value one = s.constant(x.getType(), 1);
  return s.div(one, s.add(one, s.exp(s.neg(x))));
}

static Value emitSigmoid(Scalars &s, Value x, onnx::NodeOp) {
  return emitSigmoid(s, x);
}

/// log(1 + e^x), without overflow for large x nor loss of small results.
static Value emitSoftplus(Scalars &s, Value x) {
  Value tail = math::Log1pOp::create(s.b, s.exp(s.neg(s.abs(x))));
  return s.add(s.max(x, s.constant(x.getType(), 0)), tail);
}

static Value emitSoftplus(Scalars &s, Value x, onnx::NodeOp) {
  return emitSoftplus(s, x);
}

static Value emitSoftsign(Scalars &s, Value x, onnx::NodeOp) {
  return s.div(x, s.add(s.abs(x), 1));
}

static Value emitMish(Scalars &s, Value x, onnx::NodeOp) {
  return s.mul(x, math::TanhOp::create(s.b, emitSoftplus(s, x)));
}

static Value emitSwish(Scalars &s, Value x, onnx::NodeOp node) {
  float alpha = node.floatAttr("alpha", 1);
  return s.mul(x, emitSigmoid(s, alpha == 1 ? x : s.mul(x, alpha)));
}

/// `negative` where x < 0, else x.
static Value selectNegative(Scalars &s, Value x, Value negative) {
  return s.select(s.lt(x, s.constant(x.getType(), 0)), negative, x);
}

static Value emitLeakyRelu(Scalars &s, Value x, onnx::NodeOp node) {
  return selectNegative(s, x, s.mul(x, node.floatAttr("alpha", 0.01f)));
}

static Value emitElu(Scalars &s, Value x, onnx::NodeOp node) {
  Value curve = math::ExpM1Op::create(s.b, x);
  return selectNegative(s, x, s.mul(curve, node.floatAttr("alpha", 1)));
}

static Value emitSelu(Scalars &s, Value x, onnx::NodeOp node) {
  float alpha = node.floatAttr("alpha", 1.67326319217681884765625f);
  float gamma = node.floatAttr("gamma", 1.05070102214813232421875f);
  Value curve = math::ExpM1Op::create(s.b, x);
  return s.mul(selectNegative(s, x, s.mul(curve, alpha)), gamma);
}

static Value emitCelu(Scalars &s, Value x, onnx::NodeOp node) {
  float alpha = node.floatAttr("alpha", 1);
  Value curve =
      math::ExpM1Op::create(s.b, s.div(x, s.constant(x.getType(), alpha)));
  return selectNegative(s, x, s.mul(curve, alpha));
}

static Value emitThresholdedRelu(Scalars &s, Value x, onnx::NodeOp node) {
  Value threshold = s.constant(x.getType(), node.floatAttr("alpha", 1));
  return s.select(s.gt(x, threshold), x, s.constant(x.getType(), 0));
}

static Value emitHardSigmoid(Scalars &s, Value x, double alpha, double beta) {
  return s.clamp(s.add(s.mul(x, alpha), beta), s.constant(x.getType(), 0),
                 s.constant(x.getType(), 1));
}

static Value emitHardSigmoid(Scalars &s, Value x, onnx::NodeOp node) {
  return emitHardSigmoid(s, x, node.floatAttr("alpha", 0.2f),
                         node.floatAttr("beta", 0.5f));
}

static Value emitHardSwish(Scalars &s, Value x, onnx::NodeOp) {
  return s.mul(x, emitHardSigmoid(s, x, 1.0 / 6, 0.5));
}

static Value emitGelu(Scalars &s, Value x, onnx::NodeOp node) {
  Value cdf;
  if (node.stringAttr("approximate", "none") == "tanh") {
    Value cubic = s.mul(s.mul(s.mul(x, x), x), 0.044715);
    Value inner = s.mul(s.add(x, cubic), std::sqrt(2 / M_PI));
    cdf = math::TanhOp::create(s.b, inner);
  } else {
    cdf = math::ErfOp::create(s.b, s.mul(x, std::sqrt(0.5)));
  }
  return s.mul(s.mul(x, 0.5), s.add(cdf, 1));
}

// Operators of integers as well. ----------------------------------------------

namespace {
/// A function of a number, with what the node says about it.
using NumberBody = Value (*)(Scalars &, Value, bool isUnsigned, onnx::NodeOp);
} // namespace

template <NumberBody body>
static LogicalResult lowerNumber(Lowering &l) {
  if (!l.input(0))
    return l.unsupported("an input is expected");
  bool isUnsigned = l.isUnsigned(0);
  setElementwise(l, l.input(0), [&](ImplicitLocOpBuilder &b, ValueRange args) {
    Scalars s(b, isUnsigned);
    return body(s, args.front(), isUnsigned, l.node);
  });
  return success();
}

static Value emitAbs(Scalars &s, Value x, bool isUnsigned, onnx::NodeOp) {
  return isUnsigned ? x : s.abs(x);
}

static Value emitNeg(Scalars &s, Value x, bool, onnx::NodeOp) {
  return s.neg(x);
}

static Value emitRelu(Scalars &s, Value x, bool, onnx::NodeOp) {
  return s.max(x, s.constant(x.getType(), 0));
}

/// NaN and zeros stay what they are.
static Value emitSign(Scalars &s, Value x, bool isUnsigned, onnx::NodeOp) {
  Value zero = s.constant(x.getType(), 0), one = s.constant(x.getType(), 1);
  Value positive = s.select(s.gt(x, zero), one, x);
  if (isUnsigned)
    return positive;
  return s.select(s.lt(x, zero), s.constant(x.getType(), -1), positive);
}

/// 0 within the threshold, and beyond it `bias` nearer to 0.
static Value emitShrink(Scalars &s, Value x, bool isUnsigned,
                        onnx::NodeOp node) {
  Type type = x.getType();
  double threshold = node.floatAttr("lambd", 0.5f);
  double bias = node.floatAttr("bias", 0);
  // Integers are compared with, and moved by, what is float in the definition.
  Type computed = isa<FloatType>(type) ? type : s.b.getF64Type();
  Type onnxType = isUnsigned ? s.b.getIntegerType(type.getIntOrFloatBitWidth(),
                                                  /*isSigned=*/false)
                             : type;
  Value value = buildCast(s.b, x, onnxType, computed);
  Value zero = s.constant(computed, 0);
  Value above = s.select(s.gt(value, s.constant(computed, threshold)),
                         s.sub(value, bias), zero);
  Value result = s.select(s.lt(value, s.constant(computed, -threshold)),
                          s.add(value, bias), above);
  return buildCast(s.b, result, computed, onnxType);
}

static Value emitNot(Scalars &s, Value x, bool, onnx::NodeOp) {
  Value ones =
      arith::ConstantOp::create(s.b, s.b.getIntegerAttr(x.getType(), -1));
  return arith::XOrIOp::create(s.b, x, ones);
}

static Value emitIsNaN(Scalars &s, Value x, bool, onnx::NodeOp) {
  return s.isNaN(x);
}

static Value emitIsInf(Scalars &s, Value x, bool, onnx::NodeOp node) {
  auto isInfinity = [&](bool isNegative) {
    return s.eq(x, s.infinity(x.getType(), isNegative));
  };
  bool positive = node.intAttr("detect_positive", 1) != 0;
  bool negative = node.intAttr("detect_negative", 1) != 0;
  if (positive && negative)
    return s.either(isInfinity(false), isInfinity(true));
  return positive || negative ? isInfinity(negative) : s.boolean(false);
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getUnaryLowerings() {
  static const Entry entries[] = {
      {"Abs", lowerNumber<emitAbs>},
      {"Acos", lowerFloat<emitOp<math::AcosOp>>},
      {"Acosh", lowerFloat<emitOp<math::AcoshOp>>},
      {"Asin", lowerFloat<emitOp<math::AsinOp>>},
      {"Asinh", lowerFloat<emitOp<math::AsinhOp>>},
      {"Atan", lowerFloat<emitOp<math::AtanOp>>},
      {"Atanh", lowerFloat<emitOp<math::AtanhOp>>},
      {"BitwiseNot", lowerNumber<emitNot>},
      {"Ceil", lowerFloat<emitOp<math::CeilOp>>},
      {"Celu", lowerFloat<emitCelu>},
      {"Cos", lowerFloat<emitOp<math::CosOp>>},
      {"Cosh", lowerFloat<emitOp<math::CoshOp>>},
      {"Elu", lowerFloat<emitElu>},
      {"Erf", lowerFloat<emitOp<math::ErfOp>>},
      {"Exp", lowerFloat<emitOp<math::ExpOp>>},
      {"Floor", lowerFloat<emitOp<math::FloorOp>>},
      {"Gelu", lowerFloat<emitGelu>},
      {"HardSigmoid", lowerFloat<emitHardSigmoid>},
      {"HardSwish", lowerFloat<emitHardSwish>},
      {"IsInf", lowerNumber<emitIsInf>},
      {"IsNaN", lowerNumber<emitIsNaN>},
      {"LeakyRelu", lowerFloat<emitLeakyRelu>},
      {"Log", lowerFloat<emitOp<math::LogOp>>},
      {"Mish", lowerFloat<emitMish>},
      {"Neg", lowerNumber<emitNeg>},
      {"Not", lowerNumber<emitNot>},
      {"Reciprocal", lowerFloat<emitReciprocal>},
      {"Relu", lowerNumber<emitRelu>},
      {"Round", lowerFloat<emitOp<math::RoundEvenOp>>},
      {"Selu", lowerFloat<emitSelu>},
      {"Shrink", lowerNumber<emitShrink>},
      {"Sigmoid", lowerFloat<emitSigmoid>},
      {"Sign", lowerNumber<emitSign>},
      {"Sin", lowerFloat<emitOp<math::SinOp>>},
      {"Sinh", lowerFloat<emitOp<math::SinhOp>>},
      {"Softplus", lowerFloat<emitSoftplus>},
      {"Softsign", lowerFloat<emitSoftsign>},
      {"Sqrt", lowerFloat<emitOp<math::SqrtOp>>},
      {"Swish", lowerFloat<emitSwish>},
      {"Tan", lowerFloat<emitOp<math::TanOp>>},
      {"Tanh", lowerFloat<emitOp<math::TanhOp>>},
      {"ThresholdedRelu", lowerFloat<emitThresholdedRelu>},
  };
  return entries;
}
