// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluation of operators on two and more tensors, element by element after a
// broadcast: arithmetic, comparisons, logic, selection; and casts.

#include "EvaluationTable.h"
#include "InferenceTable.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx;

/// Two inputs of one type in the shape of the result, floats as f32 at least.
static LogicalResult broadcastPair(Evaluation &e, const Tensor *first,
                                   const Tensor *second, Tensor &lhs,
                                   Tensor &rhs) {
  if (!first || !second || first->getElementType() != second->getElementType())
    return failure();
  std::optional<Shape> shape =
      broadcastShapes({first->getShape(), second->getShape()});
  if (!shape || !e.fits(*shape))
    return failure();
  lhs = first->widen().broadcast(*shape);
  rhs = second->widen().broadcast(*shape);
  return success();
}

/// Arithmetic whose result has the inputs' type. `Op::apply(a, b, ok)` computes
/// one element; it sets `ok` to false where there is no result.
template <typename Op>
static LogicalResult combine(Evaluation &e, const Tensor *first,
                             const Tensor *second, Tensor &result) {
  Tensor lhs, rhs;
  if (failed(broadcastPair(e, first, second, lhs, rhs)))
    return failure();
  // The result may take the place of an input.
  Type type = first->getElementType();
  bool ok = true;
  bool known = dispatchType(lhs.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_same_v<T, bool>) {
      ok = false;
    } else {
      result = zipElements<T, T>(lhs, rhs, lhs.getElementType(),
                                 [&](T a, T b) { return Op::apply(a, b, ok); });
    }
  });
  if (!known || !ok)
    return failure();
  result = result.cast(type);
  return success();
}

template <typename Op>
static LogicalResult arithmetic(Evaluation &e) {
  Tensor result;
  if (failed(combine<Op>(e, e.input(0), e.input(1), result)))
    return failure();
  return e.emit(result);
}

/// Arithmetic on any number of inputs, from left to right.
template <typename Op>
static LogicalResult accumulate(Evaluation &e) {
  if (!e.has(0))
    return failure();
  Tensor result = *e.input(0);
  for (unsigned i = 1; i < e.numInputs(); ++i)
    if (failed(combine<Op>(e, &result, e.input(i), result)))
      return failure();
  return e.emit(result);
}

namespace {

/// Integers wrap around; the arithmetic is unsigned, where that is defined.
template <typename T>
using Wrapping = std::make_unsigned_t<
    std::conditional_t<(sizeof(T) < sizeof(int)), int,
                       std::conditional_t<std::is_integral_v<T>, T, int>>>;

struct AddOp {
  template <typename T>
  static T apply(T a, T b, bool &) {
    if constexpr (std::is_integral_v<T>)
      return T(Wrapping<T>(a) + Wrapping<T>(b));
    else
      return a + b;
  }
};

struct SubOp {
  template <typename T>
  static T apply(T a, T b, bool &) {
    if constexpr (std::is_integral_v<T>)
      return T(Wrapping<T>(a) - Wrapping<T>(b));
    else
      return a - b;
  }
};

struct MulOp {
  template <typename T>
  static T apply(T a, T b, bool &) {
    if constexpr (std::is_integral_v<T>)
      return T(Wrapping<T>(a) * Wrapping<T>(b));
    else
      return a * b;
  }
};

/// Integer division truncates. By zero there is no result.
struct DivOp {
  template <typename T>
  static T apply(T a, T b, bool &ok) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0)
        return ok = false, T(0);
      if constexpr (std::is_signed_v<T>)
        if (b == T(-1))
          return T(Wrapping<T>(0) - Wrapping<T>(a));
    }
    return T(a / b);
  }
};

/// The remainder with the sign of the divisor.
struct FloorModOp {
  template <typename T>
  static T apply(T a, T b, bool &ok) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0)
        return ok = false, T(0);
      if constexpr (std::is_signed_v<T>) {
        if (b == T(-1))
          return T(0);
        T rest = T(a % b);
        return rest != 0 && (rest < 0) != (b < 0) ? T(rest + b) : rest;
      }
      return T(a % b);
    } else {
      T rest = std::fmod(a, b);
      if (rest == T(0))
        return std::copysign(T(0), b);
      return (rest < T(0)) != (b < T(0)) ? rest + b : rest;
    }
  }
};

/// The remainder with the sign of the dividend, as C's fmod.
struct TruncModOp {
  template <typename T>
  static T apply(T a, T b, bool &ok) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0)
        return ok = false, T(0);
      if constexpr (std::is_signed_v<T>)
        if (b == T(-1))
          return T(0);
      return T(a % b);
    } else {
      return std::fmod(a, b);
    }
  }
};

/// The larger of two; NaN where one is NaN.
struct MaxOp {
  template <typename T>
  static T apply(T a, T b, bool &) {
    return a != a || a > b ? a : b;
  }
};

struct MinOp {
  template <typename T>
  static T apply(T a, T b, bool &) {
    return a != a || a < b ? a : b;
  }
};

struct BitAndOp {
  template <typename T>
  static T apply(T a, T b, bool &ok) {
    if constexpr (std::is_integral_v<T>)
      return T(a & b);
    else
      return ok = false, a;
  }
};

struct BitOrOp {
  template <typename T>
  static T apply(T a, T b, bool &ok) {
    if constexpr (std::is_integral_v<T>)
      return T(a | b);
    else
      return ok = false, a;
  }
};

struct BitXorOp {
  template <typename T>
  static T apply(T a, T b, bool &ok) {
    if constexpr (std::is_integral_v<T>)
      return T(a ^ b);
    else
      return ok = false, a;
  }
};

struct ShiftLeftOp {
  template <typename T>
  static T apply(T a, T b, bool &ok) {
    if constexpr (std::is_integral_v<T>) {
      uint64_t amount = uint64_t(b);
      return amount >= sizeof(T) * 8 ? T(0) : T(uint64_t(a) << amount);
    } else {
      return ok = false, a;
    }
  }
};

/// Keeps the sign, also where all bits are shifted out.
struct ShiftRightOp {
  template <typename T>
  static T apply(T a, T b, bool &ok) {
    if constexpr (std::is_integral_v<T>) {
      uint64_t amount = uint64_t(b);
      if (amount >= sizeof(T) * 8)
        return a < T(0) ? T(-1) : T(0);
      return T(a >> amount);
    } else {
      return ok = false, a;
    }
  }
};

/// PRelu's second input is the slope of the negative half.
struct PReluOp {
  template <typename T>
  static T apply(T a, T b, bool &ok) {
    return a < T(0) ? MulOp::apply(a, b, ok) : a;
  }
};

} // namespace

static LogicalResult evaluateMod(Evaluation &e) {
  return e.node.intAttr("fmod", 0) ? arithmetic<TruncModOp>(e)
                                   : arithmetic<FloorModOp>(e);
}

static LogicalResult evaluateBitShift(Evaluation &e) {
  return e.node.stringAttr("direction", "LEFT") == "RIGHT"
             ? arithmetic<ShiftRightOp>(e)
             : arithmetic<ShiftLeftOp>(e);
}

/// The base's type is the result's; the exponent may have another.
static LogicalResult evaluatePow(Evaluation &e) {
  const Tensor *base = e.input(0), *exponent = e.input(1);
  if (!base || !exponent)
    return failure();
  std::optional<Shape> shape =
      broadcastShapes({base->getShape(), exponent->getShape()});
  if (!shape || !e.fits(*shape))
    return failure();
  MLIRContext *context = base->getElementType().getContext();
  Tensor lhs = base->widen(), rhs = exponent->widen();
  Type type = lhs.getElementType();
  if (type.isF32()) {
    rhs = rhs.cast(type);
  } else {
    type = Float64Type::get(context);
    lhs = lhs.cast(type);
    rhs = rhs.cast(type);
  }
  lhs = lhs.broadcast(*shape);
  rhs = rhs.broadcast(*shape);
  Tensor result;
  dispatchType(type, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_floating_point_v<T>)
      result = zipElements<T, T>(lhs, rhs, type, [](T a, T b) {
        // Products are exact to half an ulp, where pow need not be.
        if (b == T(2))
          return a * a;
        return b == T(3) ? a * a * a : std::pow(a, b);
      });
  });
  return e.emit(result.cast(base->getElementType()));
}

static LogicalResult evaluateMean(Evaluation &e) {
  if (!e.has(0))
    return failure();
  Type type = e.input(0)->getElementType();
  if (!isa<FloatType>(type))
    return failure();
  Tensor sum = e.input(0)->widen();
  for (unsigned i = 1; i < e.numInputs(); ++i) {
    if (!e.has(i))
      return failure();
    Tensor next = e.input(i)->widen();
    if (failed(combine<AddOp>(e, &sum, &next, sum)))
      return failure();
  }
  Tensor count =
      Tensor::fromIntegers(sum.getElementType(), {}, {int64_t(e.numInputs())});
  if (failed(combine<DivOp>(e, &sum, &count, sum)))
    return failure();
  return e.emit(sum.cast(type));
}

namespace {
struct EqualOp {
  template <typename T>
  static bool apply(T a, T b) {
    return a == b;
  }
};
struct LessOp {
  template <typename T>
  static bool apply(T a, T b) {
    return a < b;
  }
};
struct LessOrEqualOp {
  template <typename T>
  static bool apply(T a, T b) {
    return a <= b;
  }
};
struct GreaterOp {
  template <typename T>
  static bool apply(T a, T b) {
    return a > b;
  }
};
struct GreaterOrEqualOp {
  template <typename T>
  static bool apply(T a, T b) {
    return a >= b;
  }
};
struct AndOp {
  static bool apply(bool a, bool b) { return a && b; }
};
struct OrOp {
  static bool apply(bool a, bool b) { return a || b; }
};
struct XorOp {
  static bool apply(bool a, bool b) { return a != b; }
};
} // namespace

template <typename Op>
static LogicalResult compare(Evaluation &e) {
  Tensor lhs, rhs;
  if (failed(broadcastPair(e, e.input(0), e.input(1), lhs, rhs)))
    return failure();
  Type i1 = IntegerType::get(lhs.getElementType().getContext(), 1);
  Tensor result;
  if (!dispatchType(lhs.getElementType(), [&](auto tag) {
        using T = decltype(tag);
        result = zipElements<T, bool>(lhs, rhs, i1,
                                      [](T a, T b) { return Op::apply(a, b); });
      }))
    return failure();
  return e.emit(result);
}

template <typename Op>
static LogicalResult logic(Evaluation &e) {
  Tensor lhs, rhs;
  if (failed(broadcastPair(e, e.input(0), e.input(1), lhs, rhs)) ||
      !lhs.getElementType().isInteger(1))
    return failure();
  return e.emit(
      zipElements<bool, bool>(lhs, rhs, lhs.getElementType(),
                              [](bool a, bool b) { return Op::apply(a, b); }));
}

static LogicalResult evaluateWhere(Evaluation &e) {
  const Tensor *condition = e.input(0), *yes = e.input(1), *no = e.input(2);
  if (!condition || !yes || !no || !condition->getElementType().isInteger(1) ||
      yes->getElementType() != no->getElementType())
    return failure();
  std::optional<Shape> shape =
      broadcastShapes({condition->getShape(), yes->getShape(), no->getShape()});
  if (!shape || !e.fits(*shape))
    return failure();
  Tensor c = condition->broadcast(*shape), a = yes->broadcast(*shape),
         b = no->broadcast(*shape);
  Tensor result = Tensor::allocate(yes->getElementType(), *shape);
  if (!dispatchStorage(yes->getElementType(), [&](auto tag) {
        using T = decltype(tag);
        T *out = result.mutableData<T>();
        int64_t stepC = innerStride(c.getStrides()),
                stepA = innerStride(a.getStrides()),
                stepB = innerStride(b.getStrides());
        forEachRow<3>(*shape, {c.getStrides(), a.getStrides(), b.getStrides()},
                      [&](const std::array<int64_t, 3> &offsets, int64_t n) {
                        const bool *rowC = c.data<bool>() + offsets[0];
                        const T *rowA = a.data<T>() + offsets[1];
                        const T *rowB = b.data<T>() + offsets[2];
                        for (int64_t i = 0; i < n; ++i)
                          *out++ = rowC[i * stepC] ? rowA[i * stepA]
                                                   : rowB[i * stepB];
                      });
      }))
    return failure();
  return e.emit(result);
}

static LogicalResult castTo(Evaluation &e, Type type) {
  if (!type || !e.has(0) || getStorageBytes(type) == 0)
    return failure();
  return e.emit(e.input(0)->cast(type, e.node.intAttr("saturate", 1) != 0));
}

static LogicalResult evaluateCast(Evaluation &e) {
  return castTo(e,
                getTypeOfNumber(e.node.getContext(), e.node.intAttr("to", 0)));
}

static LogicalResult evaluateCastLike(Evaluation &e) {
  return castTo(e, e.has(1) ? e.input(1)->getElementType() : Type());
}

void mlir::bev::onnx::addElementwiseEvaluations(EvaluationTable &table) {
  table["Add"] = arithmetic<AddOp>;
  table["Sub"] = arithmetic<SubOp>;
  table["Mul"] = arithmetic<MulOp>;
  table["Div"] = arithmetic<DivOp>;
  table["Mod"] = evaluateMod;
  table["Pow"] = evaluatePow;
  table["PRelu"] = arithmetic<PReluOp>;
  table["BitwiseAnd"] = arithmetic<BitAndOp>;
  table["BitwiseOr"] = arithmetic<BitOrOp>;
  table["BitwiseXor"] = arithmetic<BitXorOp>;
  table["BitShift"] = evaluateBitShift;
  table["Max"] = accumulate<MaxOp>;
  table["Min"] = accumulate<MinOp>;
  table["Sum"] = accumulate<AddOp>;
  table["Mean"] = evaluateMean;
  table["Equal"] = compare<EqualOp>;
  table["Less"] = compare<LessOp>;
  table["LessOrEqual"] = compare<LessOrEqualOp>;
  table["Greater"] = compare<GreaterOp>;
  table["GreaterOrEqual"] = compare<GreaterOrEqualOp>;
  table["And"] = logic<AndOp>;
  table["Or"] = logic<OrOp>;
  table["Xor"] = logic<XorOp>;
  table["Where"] = evaluateWhere;
  table["Cast"] = evaluateCast;
  table["CastLike"] = evaluateCastLike;
}
