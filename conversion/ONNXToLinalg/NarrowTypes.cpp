// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Floats of 8 and 4 bits, and integers of 4 and 2: an element is a byte, whose
// low bits are the number's. Other operators than those that move elements see
// them as f32 or i8.

#include "NarrowTypes.h"
#include "Scalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringSet.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

bool mlir::bev::onnx_to_linalg::isNarrowFloat(Type type) {
  return isa<Float8E4M3FNType, Float8E4M3FNUZType, Float8E5M2Type,
             Float8E5M2FNUZType, Float4E2M1FNType, Float8E8M0FNUType>(type);
}

bool mlir::bev::onnx_to_linalg::isNarrowInteger(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.getWidth() > 1 && integer.getWidth() < 8;
}

namespace {

/// The encoding of a narrow float. Codes count up from 0 with the magnitude,
/// and the sign is the bit above.
struct Encoding {
  explicit Encoding(Type type)
      : semantics(cast<FloatType>(type).getFloatSemantics()),
        width(APFloat::semanticsSizeInBits(semantics)),
        isUnsigned(isa<Float8E8M0FNUType>(type)) {
    unsigned signBit = 1u << (width - 1);
    precision = APFloat::semanticsPrecision(semantics) - 1;
    minExponent = APFloat::semanticsMinExponent(semantics);
    numCodes = isUnsigned ? 1u << width : signBit;
    greatest = 0;
    for (unsigned code = 0; code < numCodes; ++code) {
      APFloat value = get(code);
      if (value.isInfinity())
        infinity = code;
      else if (value.isNaN())
        // Of several the one in the middle is quiet.
        nan = nan && infinity ? code & ~1u : code;
      else
        greatest = code;
    }
    hasNegativeZero = !isUnsigned && get(signBit).isZero();
    if (!isUnsigned && get(signBit).isNaN())
      nan = signBit;
  }

  APFloat get(unsigned code) const {
    return APFloat(semantics, APInt(width, code));
  }

  const llvm::fltSemantics &semantics;
  unsigned width, precision, numCodes, greatest;
  int minExponent;
  bool isUnsigned, hasNegativeZero;
  std::optional<unsigned> infinity, nan;
};

} // namespace

/// The float 2^exponent, for an i32 exponent of a normal float.
static Value buildPowerOfTwo(Scalars &s, Value exponent) {
  Type i32 = s.b.getI32Type();
  Value bits = arith::ShLIOp::create(s.b, s.add(exponent, s.constant(i32, 127)),
                                     s.constant(i32, 23));
  return arith::BitcastOp::create(s.b, s.b.getF32Type(), bits);
}

/// A power of two: the byte is its exponent, from 2^-127 on.
static Value decodeExponent(Scalars &s, Value bits) {
  Type i32 = s.b.getI32Type(), f32 = s.b.getF32Type();
  Value normal = buildPowerOfTwo(s, s.sub(bits, s.constant(i32, 127)));
  Value isLeast = s.eq(bits, s.constant(i32, 0));
  Value isNaN = s.eq(bits, s.constant(i32, 255));
  Value value =
      s.select(isLeast, s.constant(f32, std::ldexp(1.0, -127)), normal);
  Value nan = s.constant(f32, std::numeric_limits<double>::quiet_NaN());
  return s.select(isNaN, nan, value);
}

Value mlir::bev::onnx_to_linalg::decodeNarrowFloat(ImplicitLocOpBuilder &b,
                                                   Value byte, Type onnxType) {
  Scalars s(b);
  Encoding encoding(onnxType);
  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  Value bits = arith::AndIOp::create(
      b, arith::ExtUIOp::create(b, i32, byte),
      s.constant(i32, double((1u << encoding.width) - 1)));
  if (encoding.isUnsigned)
    return decodeExponent(s, bits);
  Value code =
      arith::AndIOp::create(b, bits, s.constant(i32, encoding.numCodes - 1));
  Value shift = s.constant(i32, encoding.precision);
  Value exponent = arith::ShRUIOp::create(b, code, shift);
  Value mantissa = arith::AndIOp::create(
      b, code, s.constant(i32, double((1u << encoding.precision) - 1)));
  // A code of exponent 0 lacks the leading bit and has the exponent 1.
  Value isNormal = s.gt(exponent, s.constant(i32, 0));
  Value leading =
      s.select(isNormal, s.constant(i32, double(1u << encoding.precision)),
               s.constant(i32, 0));
  Value power = s.add(
      s.max(exponent, s.constant(i32, 1)),
      s.constant(i32, encoding.minExponent - 1 - int(encoding.precision)));
  Value magnitude =
      s.mul(s.to(f32, s.add(mantissa, leading)), buildPowerOfTwo(s, power));
  if (encoding.infinity)
    magnitude = s.select(s.eq(code, s.constant(i32, *encoding.infinity)),
                         s.infinity(f32, false), magnitude);
  Value isNegative = s.negate(s.eq(bits, code));
  Value result = s.select(isNegative, s.neg(magnitude), magnitude);
  if (!encoding.nan)
    return result;
  Value isNaN = *encoding.nan >= encoding.numCodes
                    ? s.eq(bits, s.constant(i32, *encoding.nan))
                    : s.gt(code, s.constant(i32, encoding.infinity.value_or(
                                                     encoding.greatest)));
  return s.select(
      isNaN, s.constant(f32, std::numeric_limits<double>::quiet_NaN()), result);
}

/// The exponent of a float's magnitude, rounded in that direction.
static Value encodeExponent(Scalars &s, Value x, bool saturate,
                            StringRef roundMode) {
  ImplicitLocOpBuilder &b = s.b;
  Type i32 = b.getI32Type();
  Value bits = arith::BitcastOp::create(b, i32, s.abs(x));
  Value exponent = arith::ShRUIOp::create(b, bits, s.constant(i32, 23));
  if (roundMode != "down") {
    Value fraction =
        arith::AndIOp::create(b, bits, s.constant(i32, double((1 << 23) - 1)));
    double least = roundMode == "up" ? 1 : double(1 << 22);
    Value up = s.ge(fraction, s.constant(i32, least));
    double last = saturate ? 254 : 255;
    up = s.both(up, s.lt(exponent, s.constant(i32, last)));
    exponent = s.select(up, s.add(exponent, s.constant(i32, 1)), exponent);
  }
  return arith::TruncIOp::create(b, b.getI8Type(), exponent);
}

Value mlir::bev::onnx_to_linalg::encodeNarrowFloat(ImplicitLocOpBuilder &b,
                                                   Value x, Type onnxType,
                                                   bool saturate,
                                                   StringRef roundMode) {
  Scalars s(b);
  Encoding encoding(onnxType);
  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  if (encoding.isUnsigned)
    return encodeExponent(s, x, saturate, roundMode);
  // Beyond this, all is too large; exponents stay those of normal floats.
  APFloat greatest = encoding.get(encoding.greatest);
  double bound = 4 * greatest.convertToDouble();
  Value bounded = s.min(s.abs(x), s.constant(f32, bound));
  Value bits = arith::BitcastOp::create(b, i32, bounded);
  Value exponent = s.sub(arith::ShRUIOp::create(b, bits, s.constant(i32, 23)),
                         s.constant(i32, 127));
  exponent = s.max(exponent, s.constant(i32, encoding.minExponent));
  exponent = s.min(exponent, s.constant(i32, 127));
  // In units of the last place, and these counted from 0 on: the next exponent
  // follows the greatest mantissa.
  Value scale =
      buildPowerOfTwo(s, s.sub(s.constant(i32, encoding.precision), exponent));
  Value isNaN = s.isNaN(x);
  Value units = s.roundEven(s.mul(bounded, scale));
  units = s.to(i32, s.select(isNaN, s.constant(f32, 0), units));
  Value steps = arith::ShLIOp::create(
      b, s.sub(exponent, s.constant(i32, encoding.minExponent)),
      s.constant(i32, encoding.precision));
  Value code = s.add(steps, units);
  Value isNegative = arith::CmpIOp::create(
      b, arith::CmpIPredicate::slt,
      arith::BitcastOp::create(b, i32, x).getResult(), s.constant(i32, 0));
  std::optional<unsigned> overflow =
      encoding.infinity ? encoding.infinity : encoding.nan;
  Value isTooLarge = s.gt(code, s.constant(i32, encoding.greatest));
  if (saturate || !overflow)
    overflow = encoding.greatest;
  code = s.select(isTooLarge, s.constant(i32, *overflow), code);
  Value sign = s.constant(i32, encoding.numCodes);
  if (!encoding.hasNegativeZero)
    isNegative = s.both(isNegative, s.gt(code, s.constant(i32, 0)));
  code = s.select(isNegative, arith::OrIOp::create(b, code, sign), code);
  // What has no NaN makes it the negative zero, as other libraries do.
  unsigned nan = encoding.nan.value_or(encoding.numCodes);
  code = s.select(isNaN, s.constant(i32, nan), code);
  return arith::TruncIOp::create(b, b.getI8Type(), code);
}

Value mlir::bev::onnx_to_linalg::extendNarrowInteger(ImplicitLocOpBuilder &b,
                                                     Value byte,
                                                     Type onnxType) {
  auto type = cast<IntegerType>(onnxType);
  Type narrow = b.getIntegerType(type.getWidth());
  Value low = arith::TruncIOp::create(b, narrow, byte);
  if (type.isUnsigned())
    return arith::ExtUIOp::create(b, b.getI8Type(), low);
  return arith::ExtSIOp::create(b, b.getI8Type(), low);
}

DenseElementsAttr
mlir::bev::onnx_to_linalg::asBytes(DenseElementsAttr elements) {
  auto type = cast<RankedTensorType>(elements.getType());
  Type byte = IntegerType::get(type.getContext(), 8);
  auto element = type.getElementType();
  if (isa<FloatType>(element))
    return elements.mapValues(byte, [](const APFloat &value) {
      return value.bitcastToAPInt().zext(8);
    });
  bool isUnsigned = element.isUnsignedInteger();
  return elements.mapValues(byte, [=](const APInt &value) {
    return isUnsigned ? value.zext(8) : value.sext(8);
  });
}

bool mlir::bev::onnx_to_linalg::mayBeNarrow(onnx::NodeOp node) {
  static const llvm::StringSet<> names = {"Cast",         "CastLike",
                                          "Concat",       "DepthToSpace",
                                          "Expand",       "DequantizeLinear",
                                          "Flatten",      "Gather",
                                          "GatherND",     "GatherElements",
                                          "Identity",     "If",
                                          "Loop",         "QuantizeLinear",
                                          "Reshape",      "ReverseSequence",
                                          "Scan",         "Shape",
                                          "Size",         "Slice",
                                          "SpaceToDepth", "Split",
                                          "Squeeze",      "Tile",
                                          "Transpose",    "Unsqueeze",
                                          "Where"};
  return names.contains(node.getOpType());
}
