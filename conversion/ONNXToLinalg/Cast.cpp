// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions of scalars, and scalar constants.

#include "Lowering.h"
#include "NarrowTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/APFloat.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

Value mlir::bev::onnx_to_linalg::buildScalar(ImplicitLocOpBuilder &b, Type type,
                                             double value) {
  if (type.isIndex())
    return arith::ConstantIndexOp::create(b, int64_t(value));
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(b, b.getFloatAttr(type, value));
  APSInt integer(type.getIntOrFloatBitWidth(), /*isUnsigned=*/value >= 0);
  bool isExact;
  APFloat(value).convertToInteger(integer, APFloat::rmTowardZero, &isExact);
  return arith::ConstantOp::create(b, b.getIntegerAttr(type, integer));
}

/// Saturating; NaN becomes 0.
static Value floatToInteger(ImplicitLocOpBuilder &b, Value value,
                            IntegerType type, bool isUnsigned) {
  if (value.getType().getIntOrFloatBitWidth() < 32)
    value = arith::ExtFOp::create(b, b.getF32Type(), value);
  unsigned width = type.getWidth();
  Type from = value.getType();
  // Both limits are powers of two (less 0), exact in any float type.
  Value low =
      buildScalar(b, from, isUnsigned ? 0.0 : -std::ldexp(1, width - 1));
  Value high =
      buildScalar(b, from, std::ldexp(1, isUnsigned ? width : width - 1));
  APInt min =
      isUnsigned ? APInt::getZero(width) : APInt::getSignedMinValue(width);
  APInt max =
      isUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
  Value isBelow =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, value, low);
  Value isAbove =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OGE, value, high);
  Value isNaN =
      arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, value, value);
  Value isOutside =
      arith::OrIOp::create(b, isNaN, arith::OrIOp::create(b, isBelow, isAbove));
  Value inside =
      arith::SelectOp::create(b, isOutside, buildScalar(b, from, 0), value);
  // Narrow targets go through i32, which vector units convert to.
  IntegerType wide = width < 32 ? b.getI32Type() : type;
  Value integer = isUnsigned && width >= 32
                      ? arith::FPToUIOp::create(b, wide, inside).getResult()
                      : arith::FPToSIOp::create(b, wide, inside).getResult();
  if (wide != type)
    integer = arith::TruncIOp::create(b, type, integer);
  Value minValue = arith::ConstantOp::create(b, b.getIntegerAttr(type, min));
  Value maxValue = arith::ConstantOp::create(b, b.getIntegerAttr(type, max));
  integer = arith::SelectOp::create(b, isBelow, minValue, integer);
  return arith::SelectOp::create(b, isAbove, maxValue, integer);
}

static Value floatToFloat(ImplicitLocOpBuilder &b, Value value,
                          FloatType type) {
  auto from = cast<FloatType>(value.getType());
  if (from == type)
    return value;
  if (from.getWidth() == type.getWidth()) {
    value = arith::ExtFOp::create(b, b.getF32Type(), value);
    return arith::TruncFOp::create(b, type, value);
  }
  if (from.getWidth() < type.getWidth())
    return arith::ExtFOp::create(b, type, value);
  return arith::TruncFOp::create(b, type, value);
}

Value mlir::bev::onnx_to_linalg::buildCast(ImplicitLocOpBuilder &b,
                                           Value scalar, Type onnxFrom,
                                           Type onnxTo, bool saturate,
                                           StringRef roundMode) {
  if (isNarrowFloat(onnxFrom)) {
    Value wide = decodeNarrowFloat(b, scalar, onnxFrom);
    return buildCast(b, wide, b.getF32Type(), onnxTo, saturate, roundMode);
  }
  if (isNarrowInteger(onnxFrom)) {
    Value wide = extendNarrowInteger(b, scalar, onnxFrom);
    Type byte = b.getIntegerType(8, !onnxFrom.isUnsignedInteger());
    return buildCast(b, wide, byte, onnxTo, saturate, roundMode);
  }
  if (isNarrowFloat(onnxTo)) {
    Value wide = buildCast(b, scalar, onnxFrom, b.getF32Type());
    return encodeNarrowFloat(b, wide, onnxTo, saturate, roundMode);
  }
  if (isNarrowInteger(onnxTo)) {
    Value wide = buildCast(b, scalar, onnxFrom, b.getI32Type());
    Value byte = arith::TruncIOp::create(b, b.getI8Type(), wide);
    return extendNarrowInteger(b, byte, onnxTo);
  }
  Type from = scalar.getType(), to = convertType(onnxTo);
  bool fromBool = from.isInteger(1);
  if (to.isInteger(1)) {
    if (fromBool)
      return scalar;
    Value zero = buildScalar(b, from, 0);
    if (isa<FloatType>(from))
      return arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, scalar, zero);
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, scalar, zero);
  }
  bool fromUnsigned = fromBool || onnxFrom.isUnsignedInteger();
  if (auto toFloat = dyn_cast<FloatType>(to)) {
    if (isa<FloatType>(from))
      return floatToFloat(b, scalar, toFloat);
    if (fromUnsigned)
      return arith::UIToFPOp::create(b, to, scalar);
    return arith::SIToFPOp::create(b, to, scalar);
  }
  auto toInteger = cast<IntegerType>(to);
  if (isa<FloatType>(from))
    return floatToInteger(b, scalar, toInteger, onnxTo.isUnsignedInteger());
  unsigned width = from.getIntOrFloatBitWidth();
  if (width == toInteger.getWidth())
    return scalar;
  if (width > toInteger.getWidth())
    return arith::TruncIOp::create(b, to, scalar);
  if (fromUnsigned)
    return arith::ExtUIOp::create(b, to, scalar);
  return arith::ExtSIOp::create(b, to, scalar);
}
