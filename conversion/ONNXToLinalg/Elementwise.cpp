// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise operators of several inputs: arithmetic, comparisons, logic.
// Those of one input are in ElementwiseUnary.cpp.

#include "Elementwise.h"
#include "NarrowTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

void mlir::bev::onnx_to_linalg::setElementwise(
    Lowering &l, ValueRange inputs,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body) {
  l.setResult(buildElementwise(l.b, inputs, broadcastSizes(l.b, inputs),
                               l.resultType().getElementType(), body));
}

/// All inputs of a node of at least `count`; nothing where one is left out.
static std::optional<SmallVector<Value>> getInputs(Lowering &l,
                                                   unsigned count) {
  SmallVector<Value> inputs;
  for (unsigned i = 0; i < l.numInputs(); ++i)
    inputs.push_back(l.input(i));
  if (inputs.size() < count || llvm::is_contained(inputs, Value()))
    return std::nullopt;
  return inputs;
}

namespace {
/// A body of two scalars of one type.
using BinaryBody = Value (*)(Scalars &, Value, Value);
} // namespace

/// Operators whose inputs have one type, two of them.
template <BinaryBody body>
static LogicalResult lowerBinary(Lowering &l) {
  std::optional<SmallVector<Value>> inputs = getInputs(l, 2);
  if (!inputs || inputs->size() != 2)
    return l.unsupported("two inputs are expected");
  if (getElementTypeOrSelf(inputs->front().getType()) !=
      getElementTypeOrSelf(inputs->back().getType()))
    return l.unsupported("its inputs have different element types");
  bool isUnsigned = l.isUnsigned(0);
  setElementwise(l, *inputs, [&](ImplicitLocOpBuilder &b, ValueRange args) {
    Scalars s(b, isUnsigned);
    return body(s, args[0], args[1]);
  });
  return success();
}

/// Operators of any number of inputs of one type, combined from the left.
template <BinaryBody body>
static LogicalResult lowerVariadic(Lowering &l) {
  std::optional<SmallVector<Value>> inputs = getInputs(l, 1);
  if (!inputs)
    return l.unsupported("at least one input is expected");
  for (Value input : *inputs)
    if (getElementTypeOrSelf(input.getType()) !=
        l.resultType().getElementType())
      return l.unsupported("its inputs have different element types");
  bool isUnsigned = l.isUnsigned(0);
  bool isMean = l.node.is("Mean");
  setElementwise(l, *inputs, [&](ImplicitLocOpBuilder &b, ValueRange args) {
    Scalars s(b, isUnsigned);
    Value result = args.front();
    for (Value arg : args.drop_front())
      result = body(s, result, arg);
    return isMean && args.size() > 1
               ? s.div(result, s.constant(result.getType(), args.size()))
               : result;
  });
  return success();
}

static Value emitAdd(Scalars &s, Value x, Value y) { return s.add(x, y); }
static Value emitSub(Scalars &s, Value x, Value y) { return s.sub(x, y); }
static Value emitMul(Scalars &s, Value x, Value y) { return s.mul(x, y); }
static Value emitMax(Scalars &s, Value x, Value y) { return s.max(x, y); }
static Value emitMin(Scalars &s, Value x, Value y) { return s.min(x, y); }
static Value emitAnd(Scalars &s, Value x, Value y) {
  return arith::AndIOp::create(s.b, x, y);
}
static Value emitOr(Scalars &s, Value x, Value y) {
  return arith::OrIOp::create(s.b, x, y);
}
static Value emitXor(Scalars &s, Value x, Value y) {
  return arith::XOrIOp::create(s.b, x, y);
}
static Value emitEqual(Scalars &s, Value x, Value y) { return s.eq(x, y); }
static Value emitLess(Scalars &s, Value x, Value y) { return s.lt(x, y); }
static Value emitLessOrEqual(Scalars &s, Value x, Value y) {
  return s.le(x, y);
}
static Value emitGreater(Scalars &s, Value x, Value y) { return s.lt(y, x); }
static Value emitGreaterOrEqual(Scalars &s, Value x, Value y) {
  return s.le(y, x);
}

// Division. -------------------------------------------------------------------

static Value isConstantInt(Scalars &s, Value x, int64_t value) {
  Value constant =
      arith::ConstantOp::create(s.b, s.b.getIntegerAttr(x.getType(), value));
  return arith::CmpIOp::create(s.b, arith::CmpIPredicate::eq, x, constant);
}

/// A divisor by which the machine can divide: not 0, nor -1, which overflows.
static Value getSafeDivisor(Scalars &s, Value y, bool isUnsigned) {
  Value isUnsafe = isConstantInt(s, y, 0);
  if (!isUnsigned)
    isUnsafe = s.either(isUnsafe, isConstantInt(s, y, -1));
  return s.select(isUnsafe, s.constant(y.getType(), 1), y);
}

/// Truncates as integers do; x / 0 = 0.
static Value emitIntegerDiv(Scalars &s, Value x, Value y, bool isUnsigned) {
  Value zero = s.constant(x.getType(), 0);
  Value safe = getSafeDivisor(s, y, isUnsigned);
  Value quotient = isUnsigned
                       ? arith::DivUIOp::create(s.b, x, safe).getResult()
                       : arith::DivSIOp::create(s.b, x, safe).getResult();
  if (!isUnsigned)
    quotient = s.select(isConstantInt(s, y, -1), s.sub(zero, x), quotient);
  return s.select(isConstantInt(s, y, 0), zero, quotient);
}

static LogicalResult lowerDiv(Lowering &l) {
  std::optional<SmallVector<Value>> inputs = getInputs(l, 2);
  if (!inputs)
    return l.unsupported("two inputs are expected");
  bool isUnsigned = l.isUnsigned(0);
  setElementwise(l, *inputs, [&](ImplicitLocOpBuilder &b, ValueRange args) {
    Scalars s(b, isUnsigned);
    return isa<FloatType>(args[0].getType())
               ? s.div(args[0], args[1])
               : emitIntegerDiv(s, args[0], args[1], isUnsigned);
  });
  return success();
}

/// The remainder with the sign of the divisor, from that of the dividend.
static Value toDivisorSign(Scalars &s, Value remainder, Value y) {
  Value zero = s.constant(y.getType(), 0);
  Value differs =
      arith::XOrIOp::create(s.b, s.lt(remainder, zero), s.lt(y, zero));
  Value isZero = s.eq(remainder, zero);
  return s.select(s.both(differs, s.negate(isZero)), s.add(remainder, y),
                  remainder);
}

static LogicalResult lowerMod(Lowering &l) {
  std::optional<SmallVector<Value>> inputs = getInputs(l, 2);
  if (!inputs)
    return l.unsupported("two inputs are expected");
  bool isC = l.node.intAttr("fmod", 0) != 0;
  bool isUnsigned = l.isUnsigned(0);
  setElementwise(l, *inputs,
                 [&](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
                   Scalars s(b, isUnsigned);
                   Value x = args[0], y = args[1];
                   if (isa<FloatType>(x.getType())) {
                     Value remainder = arith::RemFOp::create(b, x, y);
                     return isC ? remainder : toDivisorSign(s, remainder, y);
                   }
                   Value safe = getSafeDivisor(s, y, isUnsigned);
                   if (isUnsigned)
                     return arith::RemUIOp::create(b, x, safe);
                   Value remainder = arith::RemSIOp::create(b, x, safe);
                   return isC ? remainder : toDivisorSign(s, remainder, safe);
                 });
  return success();
}

// Powers. ---------------------------------------------------------------------

/// Integer to integer. Negative exponents truncate: 1 and -1 only are not 0.
static Value emitIntegerPow(Scalars &s, Value x, Value y, bool isUnsignedY) {
  ImplicitLocOpBuilder &b = s.b;
  Type type = x.getType(), exponentType = y.getType();
  Value one = s.constant(type, 1), exponentOne = s.constant(exponentType, 1);
  Value magnitude = isUnsignedY ? y : math::AbsIOp::create(b, y).getResult();
  unsigned width = exponentType.getIntOrFloatBitWidth();
  SmallVector<Value> results =
      s.loop(s.index(0), s.index(width), {one, x, magnitude},
             [&](Scalars &s, Value, ValueRange carried) -> SmallVector<Value> {
               Value bit = arith::AndIOp::create(s.b, carried[2], exponentOne);
               Value power =
                   s.select(isConstantInt(s, bit, 1),
                            s.mul(carried[0], carried[1]), carried[0]);
               return {power, s.mul(carried[1], carried[1]),
                       arith::ShRUIOp::create(s.b, carried[2], exponentOne)};
             });
  if (isUnsignedY)
    return results[0];
  Value isUnit = s.either(isConstantInt(s, x, 1), isConstantInt(s, x, -1));
  Value isNegative = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, y,
                                           s.constant(exponentType, 0));
  return s.select(s.both(isNegative, s.negate(isUnit)), s.constant(type, 0),
                  results[0]);
}

/// The exponent where all elements are the same known number.
static std::optional<double> getSplat(Value exponent) {
  DenseElementsAttr constant;
  if (!matchPattern(exponent, m_Constant(&constant)) || !constant.isSplat())
    return std::nullopt;
  Attribute value = constant.getSplatValue<Attribute>();
  if (auto number = dyn_cast<FloatAttr>(value))
    return number.getValueAsDouble();
  if (auto number = dyn_cast<IntegerAttr>(value))
    return number.getValue().roundToDouble(/*isSigned=*/true);
  return std::nullopt;
}

static LogicalResult lowerPow(Lowering &l) {
  std::optional<SmallVector<Value>> inputs = getInputs(l, 2);
  if (!inputs)
    return l.unsupported("two inputs are expected");
  Type onnxX = l.onnxType(0).getElementType();
  Type onnxY = l.onnxType(1).getElementType();
  bool isFloatX = isa<FloatType>(onnxX), isFloatY = isa<FloatType>(onnxY);
  std::optional<double> splat = getSplat(l.input(1));
  auto type = cast<RankedTensorType>(l.input(1).getType());
  if (isFloatX && splat && type.hasStaticShape() &&
      type.getNumElements() == 1 &&
      (*splat == 1 || *splat == 2 || *splat == 3 || *splat == -1) &&
      type.getRank() <= l.onnxType(0).getRank()) {
    setElementwise(l, l.input(0),
                   [&](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
                     Scalars s(b);
                     Value x = args.front();
                     if (*splat == 1)
                       return x;
                     if (*splat == -1)
                       return s.div(s.constant(x.getType(), 1), x);
                     Value square = s.mul(x, x);
                     return *splat == 2 ? square : s.mul(square, x);
                   });
    return success();
  }
  setElementwise(
      l, *inputs, [&](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
        Scalars s(b, onnxX.isUnsignedInteger());
        if (!isFloatX && !isFloatY)
          return emitIntegerPow(s, args[0], args[1], onnxY.isUnsignedInteger());
        // An integer base to a float exponent is computed as double,
        // which holds the exact results of common integers.
        Type computed = isFloatX && onnxX.isF64() ? b.getF64Type()
                        : isFloatX                ? b.getF32Type()
                                                  : b.getF64Type();
        Value power =
            math::PowFOp::create(b, buildCast(b, args[0], onnxX, computed),
                                 buildCast(b, args[1], onnxY, computed));
        return buildCast(b, power, computed, onnxX);
      });
  return success();
}

// The rest. -------------------------------------------------------------------

static LogicalResult lowerBitShift(Lowering &l) {
  std::optional<SmallVector<Value>> inputs = getInputs(l, 2);
  StringRef direction = l.node.stringAttr("direction", "");
  if (!inputs || (direction != "LEFT" && direction != "RIGHT"))
    return l.unsupported(
        "two inputs and a direction LEFT or RIGHT are expected");
  bool isLeft = direction == "LEFT", isUnsigned = l.isUnsigned(0);
  setElementwise(l, *inputs, [&](ImplicitLocOpBuilder &b, ValueRange args) {
    Type type = args[0].getType();
    unsigned width = type.getIntOrFloatBitWidth();
    // An amount beyond the width, or below zero, shifts everything out.
    Value fits = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, args[1],
                                       buildScalar(b, type, width));
    Value zero = buildScalar(b, type, 0);
    Value amount = arith::SelectOp::create(b, fits, args[1], zero);
    if (!isLeft && !isUnsigned) {
      amount = arith::SelectOp::create(b, fits, args[1],
                                       buildScalar(b, type, width - 1));
      return arith::ShRSIOp::create(b, args[0], amount).getResult();
    }
    Value shifted =
        isLeft ? arith::ShLIOp::create(b, args[0], amount).getResult()
               : arith::ShRUIOp::create(b, args[0], amount).getResult();
    return arith::SelectOp::create(b, fits, shifted, zero).getResult();
  });
  return success();
}

static LogicalResult lowerWhere(Lowering &l) {
  std::optional<SmallVector<Value>> inputs = getInputs(l, 3);
  if (!inputs)
    return l.unsupported("three inputs are expected");
  setElementwise(l, *inputs,
                 [](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
                   return arith::SelectOp::create(b, args[0], args[1], args[2]);
                 });
  return success();
}

static LogicalResult lowerPRelu(Lowering &l) {
  std::optional<SmallVector<Value>> inputs = getInputs(l, 2);
  if (!inputs)
    return l.unsupported("two inputs are expected");
  bool isUnsigned = l.isUnsigned(0);
  setElementwise(l, *inputs, [&](ImplicitLocOpBuilder &b, ValueRange args) {
    Scalars s(b, isUnsigned);
    Value isNegative = s.lt(args[0], s.constant(args[0].getType(), 0));
    return s.select(isNegative, s.mul(args[0], args[1]), args[0]);
  });
  return success();
}

/// Bounds are inputs, or attributes before operator set 11.
static LogicalResult lowerClip(Lowering &l) {
  if (!l.input(0))
    return l.unsupported("an input is expected");
  bool isUnsigned = l.isUnsigned(0);
  Value low = l.input(1), high = l.input(2);
  SmallVector<Value> inputs{l.input(0)};
  for (Value bound : {low, high})
    if (bound)
      inputs.push_back(bound);
  auto lowAttr = dyn_cast_if_present<FloatAttr>(l.node.attr("min"));
  auto highAttr = dyn_cast_if_present<FloatAttr>(l.node.attr("max"));
  setElementwise(l, inputs, [&](ImplicitLocOpBuilder &b, ValueRange args) {
    Scalars s(b, isUnsigned);
    Value result = args.front();
    args = args.drop_front();
    // The upper bound wins where the bounds are the wrong way round.
    if (low)
      result = s.max(result, args.front());
    else if (lowAttr)
      result = s.max(result,
                     s.constant(result.getType(), lowAttr.getValueAsDouble()));
    if (high)
      result = s.min(result, args.back());
    else if (highAttr)
      result = s.min(result,
                     s.constant(result.getType(), highAttr.getValueAsDouble()));
    return result;
  });
  return success();
}

/// Types that scalars are converted between.
static bool isCastable(Type type) {
  return isa<IntegerType>(type) || isNarrowFloat(type) ||
         isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type);
}

static LogicalResult lowerCast(Lowering &l) {
  Type from = l.onnxType(0).getElementType(), to = l.onnxResultElementType();
  for (Type type : {from, to})
    if (!isCastable(type)) {
      std::string text;
      llvm::raw_string_ostream(text) << type;
      return l.unsupported("its conversion from or to '" + text +
                           "' is not supported");
    }
  auto isNarrow = [](Type type) {
    return isNarrowFloat(type) || isNarrowInteger(type);
  };
  if (from == to || (convertType(from) == convertType(to) && !isNarrow(from) &&
                     !isNarrow(to))) {
    l.setResult(l.input(0));
    return success();
  }
  StringRef roundMode = l.node.stringAttr("round_mode", "up");
  if (!llvm::is_contained({"up", "down", "nearest"}, roundMode))
    return l.unsupported("round_mode '" + roundMode + "' is not supported");
  bool saturate = l.node.intAttr("saturate", 1) != 0;
  setElementwise(l, l.input(0), [&](ImplicitLocOpBuilder &b, ValueRange args) {
    return buildCast(b, args.front(), from, to, saturate, roundMode);
  });
  return success();
}

static LogicalResult lowerBitCast(Lowering &l) {
  Type from = convertType(l.onnxType(0).getElementType()),
       to = l.resultType().getElementType();
  // A bool is stored as a byte.
  auto getWidth = [](Type type) {
    unsigned width = type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 0;
    return width == 1 ? 8 : width;
  };
  if (getWidth(from) == 0 || getWidth(from) != getWidth(to))
    return l.unsupported("the elements of its input and output have different "
                         "widths");
  if (from == to) {
    l.setResult(l.input(0));
    return success();
  }
  setElementwise(l, l.input(0),
                 [&](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
                   if (from.isInteger(1) || to.isInteger(1))
                     return buildCast(b, args.front(), from, to);
                   return arith::BitcastOp::create(b, to, args.front());
                 });
  return success();
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getElementwiseLowerings() {
  static const SmallVector<Entry> entries = [] {
    SmallVector<Entry> entries{
        {"Add", lowerBinary<emitAdd>},
        {"And", lowerBinary<emitAnd>},
        {"BitCast", lowerBitCast},
        {"BitShift", lowerBitShift},
        {"BitwiseAnd", lowerBinary<emitAnd>},
        {"BitwiseOr", lowerBinary<emitOr>},
        {"BitwiseXor", lowerBinary<emitXor>},
        {"Cast", lowerCast},
        {"CastLike", lowerCast},
        {"Clip", lowerClip},
        {"Div", lowerDiv},
        {"Equal", lowerBinary<emitEqual>},
        {"Greater", lowerBinary<emitGreater>},
        {"GreaterOrEqual", lowerBinary<emitGreaterOrEqual>},
        {"Less", lowerBinary<emitLess>},
        {"LessOrEqual", lowerBinary<emitLessOrEqual>},
        {"Max", lowerVariadic<emitMax>},
        {"Mean", lowerVariadic<emitAdd>},
        {"Min", lowerVariadic<emitMin>},
        {"Mod", lowerMod},
        {"Mul", lowerBinary<emitMul>},
        {"Or", lowerBinary<emitOr>},
        {"PRelu", lowerPRelu},
        {"Pow", lowerPow},
        {"Sub", lowerBinary<emitSub>},
        {"Sum", lowerVariadic<emitAdd>},
        {"Where", lowerWhere},
        {"Xor", lowerBinary<emitXor>},
    };
    llvm::append_range(entries, getUnaryLowerings());
    return entries;
  }();
  return entries;
}
