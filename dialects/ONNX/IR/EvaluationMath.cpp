// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluation of functions of one element: arithmetic, rounding, activations and
// tests.

#include "EvaluationTable.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx;

/// Applies a function of floats, in f32 or f64, and rounds to the input's type.
template <typename F>
static LogicalResult mapFloats(Evaluation &e, F f) {
  if (!e.has(0) || !isa<FloatType>(e.input(0)->getElementType()) ||
      !e.fits(e.input(0)->getShape()))
    return failure();
  Tensor input = e.input(0)->widen();
  Type type = input.getElementType();
  Tensor result;
  if (type.isF32())
    result = mapElements<float, float>(input, type, f);
  else if (type.isF64())
    result = mapElements<double, double>(input, type, f);
  else
    return failure();
  return e.emit(result.cast(e.input(0)->getElementType()));
}

/// Applies a function of any number, bool aside.
template <typename F>
static LogicalResult mapNumbers(Evaluation &e, F f) {
  if (!e.has(0) || !e.fits(e.input(0)->getShape()))
    return failure();
  Tensor input = e.input(0)->widen();
  Type type = input.getElementType();
  Tensor result;
  bool known = dispatchType(type, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, bool>)
      result = mapElements<T, T>(input, type, f);
  });
  if (!known || type.isInteger(1))
    return failure();
  return e.emit(result.cast(e.input(0)->getElementType()));
}

#define FLOAT_FUNCTION(NAME, EXPRESSION)                                       \
  static LogicalResult evaluate##NAME(Evaluation &e) {                         \
    return mapFloats(e, [](auto x) {                                           \
      using T = decltype(x);                                                   \
      return T(EXPRESSION);                                                    \
    });                                                                        \
  }

FLOAT_FUNCTION(Floor, std::floor(x))
FLOAT_FUNCTION(Ceil, std::ceil(x))
// To nearest even, in the rounding mode that programs start in.
FLOAT_FUNCTION(Round, std::nearbyint(x))
FLOAT_FUNCTION(Sqrt, std::sqrt(x))
FLOAT_FUNCTION(Reciprocal, T(1) / x)
FLOAT_FUNCTION(Exp, std::exp(x))
FLOAT_FUNCTION(Log, std::log(x))
FLOAT_FUNCTION(Sin, std::sin(x))
FLOAT_FUNCTION(Cos, std::cos(x))
FLOAT_FUNCTION(Tan, std::tan(x))
FLOAT_FUNCTION(Asin, std::asin(x))
FLOAT_FUNCTION(Acos, std::acos(x))
FLOAT_FUNCTION(Atan, std::atan(x))
FLOAT_FUNCTION(Sinh, std::sinh(x))
FLOAT_FUNCTION(Cosh, std::cosh(x))
FLOAT_FUNCTION(Tanh, std::tanh(x))
FLOAT_FUNCTION(Asinh, std::asinh(x))
FLOAT_FUNCTION(Acosh, std::acosh(x))
FLOAT_FUNCTION(Atanh, std::atanh(x))
FLOAT_FUNCTION(Erf, std::erf(x))
// The exponential of a negative number only, which cannot overflow.
FLOAT_FUNCTION(Sigmoid, x >= T(0) ? T(1) / (T(1) + std::exp(-x))
                                  : std::exp(x) / (T(1) + std::exp(x)))
FLOAT_FUNCTION(Softplus,
               std::log1p(std::exp(-std::fabs(x))) + (x > T(0) ? x : T(0)))
FLOAT_FUNCTION(Softsign, x / (T(1) + std::fabs(x)))
FLOAT_FUNCTION(HardSwish,
               x *std::fmax(T(0), std::fmin(T(1), x / T(6) + T(0.5))))
FLOAT_FUNCTION(Mish, x *std::tanh(std::log1p(std::exp(-std::fabs(x))) +
                                  (x > T(0) ? x : T(0))))

#undef FLOAT_FUNCTION

static LogicalResult evaluateGelu(Evaluation &e) {
  bool isTanh = e.node.stringAttr("approximate", "none") == "tanh";
  return mapFloats(e, [=](auto x) {
    using T = decltype(x);
    if (isTanh)
      return T(0.5) * x *
             (T(1) +
              std::tanh(T(0.7978845608028654) * (x + T(0.044715) * x * x * x)));
    return T(0.5) * x * (T(1) + std::erf(x * T(0.7071067811865476)));
  });
}

static LogicalResult evaluateLeakyRelu(Evaluation &e) {
  float alpha = e.node.floatAttr("alpha", 0.01f);
  return mapFloats(e, [=](auto x) {
    using T = decltype(x);
    return x < T(0) ? T(alpha) * x : x;
  });
}

static LogicalResult evaluateThresholdedRelu(Evaluation &e) {
  float alpha = e.node.floatAttr("alpha", 1.0f);
  return mapFloats(e, [=](auto x) {
    using T = decltype(x);
    return x > T(alpha) ? x : T(0);
  });
}

static LogicalResult evaluateElu(Evaluation &e) {
  float alpha = e.node.floatAttr("alpha", 1.0f);
  return mapFloats(e, [=](auto x) {
    using T = decltype(x);
    return x < T(0) ? T(alpha) * std::expm1(x) : x;
  });
}

static LogicalResult evaluateCelu(Evaluation &e) {
  float alpha = e.node.floatAttr("alpha", 1.0f);
  return mapFloats(e, [=](auto x) {
    using T = decltype(x);
    return x < T(0) ? T(alpha) * std::expm1(x / T(alpha)) : x;
  });
}

static LogicalResult evaluateSelu(Evaluation &e) {
  float alpha = e.node.floatAttr("alpha", 1.67326319217681884765625f);
  float gamma = e.node.floatAttr("gamma", 1.05070102214813232421875f);
  return mapFloats(e, [=](auto x) {
    using T = decltype(x);
    return T(gamma) * (x > T(0) ? x : T(alpha) * std::expm1(x));
  });
}

static LogicalResult evaluateSwish(Evaluation &e) {
  float alpha = e.node.floatAttr("alpha", 1.0f);
  return mapFloats(e, [=](auto x) {
    using T = decltype(x);
    return x / (T(1) + std::exp(-T(alpha) * x));
  });
}

static LogicalResult evaluateHardSigmoid(Evaluation &e) {
  float alpha = e.node.floatAttr("alpha", 0.2f);
  float beta = e.node.floatAttr("beta", 0.5f);
  return mapFloats(e, [=](auto x) {
    using T = decltype(x);
    return std::fmax(T(0), std::fmin(T(1), T(alpha) * x + T(beta)));
  });
}

static LogicalResult evaluateShrink(Evaluation &e) {
  float lambda = e.node.floatAttr("lambd", 0.5f);
  float bias = e.node.floatAttr("bias", 0.0f);
  return mapFloats(e, [=](auto x) {
    using T = decltype(x);
    if (x < T(-lambda))
      return x + T(bias);
    return x > T(lambda) ? x - T(bias) : T(0);
  });
}

static LogicalResult evaluateNeg(Evaluation &e) {
  return mapNumbers(e, [](auto x) {
    using T = decltype(x);
    // The smallest integer is its own negation.
    if constexpr (std::is_integral_v<T>)
      return T(uint64_t(0) - uint64_t(x));
    else
      return -x;
  });
}

static LogicalResult evaluateAbs(Evaluation &e) {
  return mapNumbers(e, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>)
      return std::fabs(x);
    else
      return x < T(0) ? T(uint64_t(0) - uint64_t(x)) : x;
  });
}

static LogicalResult evaluateSign(Evaluation &e) {
  return mapNumbers(e, [](auto x) {
    using T = decltype(x);
    if (x != x)
      return x;
    return T(T(x > T(0)) - T(x < T(0)));
  });
}

static LogicalResult evaluateRelu(Evaluation &e) {
  return mapNumbers(e, [](auto x) {
    using T = decltype(x);
    return x < T(0) ? T(0) : x;
  });
}

/// The bounds are attributes up to version 10 of the operator set.
static LogicalResult evaluateClip(Evaluation &e) {
  if (!e.has(0))
    return failure();
  Type type = e.input(0)->widen().getElementType();
  if (type.isInteger(1))
    return failure();
  std::optional<Tensor> bounds[2];
  for (unsigned i = 0; i < 2; ++i) {
    if (const Tensor *bound = e.input(i + 1)) {
      if (bound->getNumElements() != 1 ||
          bound->getElementType() != e.input(0)->getElementType())
        return failure();
      bounds[i] = bound->widen();
    } else if (auto number = dyn_cast_if_present<FloatAttr>(
                   e.node.attr(i == 0 ? "min" : "max"))) {
      Tensor value = Tensor::allocate(Float32Type::get(type.getContext()), {});
      *value.mutableData<float>() = number.getValueAsDouble();
      bounds[i] = value.cast(type);
    }
  }
  return mapNumbers(e, [&](auto x) {
    using T = decltype(x);
    if (bounds[0] && x < *bounds[0]->data<T>())
      x = *bounds[0]->data<T>();
    if (bounds[1] && x > *bounds[1]->data<T>())
      x = *bounds[1]->data<T>();
    return x;
  });
}

static LogicalResult evaluateNot(Evaluation &e) {
  if (!e.has(0) || !e.input(0)->getElementType().isInteger(1))
    return failure();
  return e.emit(mapElements<bool, bool>(
      *e.input(0), e.input(0)->getElementType(), [](bool x) { return !x; }));
}

static LogicalResult evaluateBitwiseNot(Evaluation &e) {
  if (!e.has(0) || !isa<IntegerType>(e.input(0)->getElementType()))
    return failure();
  return mapNumbers(e, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_integral_v<T>)
      return T(~uint64_t(x));
    else
      return x;
  });
}

/// A test of floats whose result is bool.
template <typename F>
static LogicalResult testFloats(Evaluation &e, F f) {
  if (!e.has(0) || !isa<FloatType>(e.input(0)->getElementType()))
    return failure();
  Tensor input = e.input(0)->widen();
  Type i1 = IntegerType::get(input.getElementType().getContext(), 1);
  Tensor result;
  if (input.getElementType().isF32())
    result = mapElements<float, bool>(input, i1, f);
  else
    result = mapElements<double, bool>(input, i1, f);
  return e.emit(result);
}

static LogicalResult evaluateIsNaN(Evaluation &e) {
  return testFloats(e, [](auto x) { return x != x; });
}

static LogicalResult evaluateIsInf(Evaluation &e) {
  bool negative = e.node.intAttr("detect_negative", 1);
  bool positive = e.node.intAttr("detect_positive", 1);
  return testFloats(e, [=](auto x) {
    return std::isinf(x) && (x < 0 ? negative : positive);
  });
}

void mlir::bev::onnx::addMathEvaluations(EvaluationTable &table) {
  table["Floor"] = evaluateFloor;
  table["Ceil"] = evaluateCeil;
  table["Round"] = evaluateRound;
  table["Sqrt"] = evaluateSqrt;
  table["Reciprocal"] = evaluateReciprocal;
  table["Exp"] = evaluateExp;
  table["Log"] = evaluateLog;
  table["Sin"] = evaluateSin;
  table["Cos"] = evaluateCos;
  table["Tan"] = evaluateTan;
  table["Asin"] = evaluateAsin;
  table["Acos"] = evaluateAcos;
  table["Atan"] = evaluateAtan;
  table["Sinh"] = evaluateSinh;
  table["Cosh"] = evaluateCosh;
  table["Tanh"] = evaluateTanh;
  table["Asinh"] = evaluateAsinh;
  table["Acosh"] = evaluateAcosh;
  table["Atanh"] = evaluateAtanh;
  table["Erf"] = evaluateErf;
  table["Sigmoid"] = evaluateSigmoid;
  table["Softplus"] = evaluateSoftplus;
  table["Softsign"] = evaluateSoftsign;
  table["HardSwish"] = evaluateHardSwish;
  table["Mish"] = evaluateMish;
  table["Gelu"] = evaluateGelu;
  table["LeakyRelu"] = evaluateLeakyRelu;
  table["ThresholdedRelu"] = evaluateThresholdedRelu;
  table["Elu"] = evaluateElu;
  table["Celu"] = evaluateCelu;
  table["Selu"] = evaluateSelu;
  table["Swish"] = evaluateSwish;
  table["HardSigmoid"] = evaluateHardSigmoid;
  table["Shrink"] = evaluateShrink;
  table["Neg"] = evaluateNeg;
  table["Abs"] = evaluateAbs;
  table["Sign"] = evaluateSign;
  table["Relu"] = evaluateRelu;
  table["Clip"] = evaluateClip;
  table["Not"] = evaluateNot;
  table["BitwiseNot"] = evaluateBitwiseNot;
  table["IsNaN"] = evaluateIsNaN;
  table["IsInf"] = evaluateIsInf;
}
