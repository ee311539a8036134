// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantization, and products of quantized tensors.

#include "Lowerings.h"
#include "NarrowTypes.h"
#include "Window.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

namespace {

RankedTensorType typeOfTensor(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

/// A scale or zero point such that it broadcasts to a tensor of rank `rank`: a
/// list belongs to dimension `dim`.
Value alignParameter(ImplicitLocOpBuilder &b, Value parameter, int64_t rank,
                     int64_t dim) {
  RankedTensorType type = typeOfTensor(parameter);
  if (type.hasStaticShape() && type.getNumElements() == 1)
    return dropUnitDims(b, parameter, SmallVector<bool>(type.getRank(), true));
  if (type.getRank() != 1)
    return parameter;
  llvm::SmallBitVector inserted(rank - dim, true);
  inserted.reset(0);
  return insertUnitDims(b, parameter, inserted);
}

/// How the elements of a tensor find their scale and zero point.
struct Quantization {
  Value scale, zeroPoint;
  Type onnxZeroPoint;
  int64_t axis = 0, blockSize = 0;
};

/// Reads the second and third input; nothing after a call of `unsupported`.
std::optional<Quantization> getQuantization(Lowering &l) {
  int64_t rank = typeOfTensor(l.input(0)).getRank();
  Quantization q;
  q.scale = l.input(1);
  q.zeroPoint = l.input(2);
  if (q.zeroPoint)
    q.onnxZeroPoint = l.onnxType(2).getElementType();
  q.blockSize = l.node.intAttr("block_size", 0);
  int64_t scaleRank = typeOfTensor(q.scale).getRank();
  std::optional<int64_t> axis = normalizeAxis(l.node.intAttr("axis", 1), rank);
  bool isList = scaleRank == 1 && typeOfTensor(q.scale).getDimSize(0) != 1;
  if ((isList || q.blockSize != 0) && !axis) {
    (void)l.unsupported("an axis that the input does not have");
    return std::nullopt;
  }
  q.axis = axis.value_or(0);
  if (q.blockSize < 0 || scaleRank > rank ||
      (q.blockSize == 0 && scaleRank > 1) ||
      (q.blockSize > 0 && scaleRank != rank)) {
    (void)l.unsupported("a scale of rank " + Twine(scaleRank) +
                        " with block_size " + Twine(q.blockSize) +
                        " for an input of rank " + Twine(rank));
    return std::nullopt;
  }
  return q;
}

/// Every element of `x` with its scale and zero point, which may be null.
Value buildQuantized(
    ImplicitLocOpBuilder &b, Value x, const Quantization &q, Type elementType,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, Value, Value, Value)>
        body) {
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  int64_t rank = sizes.size();
  if (q.blockSize == 0) {
    SmallVector<Value> inputs{x, alignParameter(b, q.scale, rank, q.axis)};
    if (q.zeroPoint)
      inputs.push_back(alignParameter(b, q.zeroPoint, rank, q.axis));
    return buildElementwise(b, inputs, sizes, elementType,
                            [&](ImplicitLocOpBuilder &b, ValueRange args) {
                              return body(b, args[0], args[1],
                                          q.zeroPoint ? args[2] : Value());
                            });
  }
  return buildElementwise(
      b, x, sizes, elementType, [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        SmallVector<Value> at = getIndices(b, rank);
        at[q.axis] = s.div(at[q.axis], s.index(q.blockSize));
        return body(b, args[0], s.extract(q.scale, at),
                    q.zeroPoint ? s.extract(q.zeroPoint, at) : Value());
      });
}

/// Quantized numbers to a float or a wider integer.
Value widen(ImplicitLocOpBuilder &b, Value x, Type onnxType, Type to) {
  if (isNarrowFloat(onnxType) || isNarrowInteger(onnxType))
    return buildCast(b, x, onnxType, to);
  return Scalars(b, onnxType.isUnsignedInteger()).to(to, x);
}

/// round(x) + zero, saturated to the integers of `onnxType`.
Value saturate(ImplicitLocOpBuilder &b, Value x, Value zero, Type onnxZero,
               Type onnxType) {
  Scalars s(b);
  Value rounded = s.roundEven(x);
  if (zero)
    rounded = s.add(rounded, widen(b, zero, onnxZero, x.getType()));
  if (isNarrowInteger(onnxType)) {
    unsigned width = cast<IntegerType>(onnxType).getWidth();
    bool isUnsigned = onnxType.isUnsignedInteger();
    double low = isUnsigned ? 0 : -std::ldexp(1, width - 1),
           high = std::ldexp(1, isUnsigned ? width : width - 1) - 1;
    rounded = s.clamp(rounded, s.constant(x.getType(), low),
                      s.constant(x.getType(), high));
  }
  return buildCast(b, rounded, x.getType(), onnxType);
}

/// Quantized values are computed in f32, or in f64 where an input has it.
Type getComputeType(Type type) {
  return type.isF64() ? type : Float32Type::get(type.getContext());
}

LogicalResult lowerQuantizeLinear(Lowering &l) {
  Type onnxType = l.onnxResultElementType();
  if (!isa<IntegerType>(onnxType) && !isNarrowFloat(onnxType))
    return l.unsupported("a quantized type that is no integer or narrow float");
  bool keepsRange = l.node.intAttr("saturate", 1) != 0;
  std::optional<Quantization> q = getQuantization(l);
  if (!q)
    return failure();
  Value x = l.input(0);
  Type type = getComputeType(typeOfTensor(x).getElementType());
  Type onnxInput = l.onnxType(0).getElementType();
  l.setResult(buildQuantized(
      l.b, x, *q, l.resultType().getElementType(),
      [&](ImplicitLocOpBuilder &b, Value x, Value scale, Value zero) {
        Scalars s(b);
        Value quotient = s.div(widen(b, x, onnxInput, type), s.to(type, scale));
        if (isNarrowFloat(onnxType)) {
          if (zero)
            quotient = s.add(quotient, widen(b, zero, q->onnxZeroPoint, type));
          return buildCast(b, quotient, type, onnxType, keepsRange);
        }
        return saturate(b, quotient, zero, q->onnxZeroPoint, onnxType);
      }));
  return success();
}

LogicalResult lowerDequantizeLinear(Lowering &l) {
  Type onnxInput = l.onnxType(0).getElementType();
  Type result = l.resultType().getElementType();
  bool isFloat = isNarrowFloat(onnxInput);
  if ((!isa<IntegerType>(onnxInput) && !isFloat) || !isa<FloatType>(result))
    return l.unsupported("a quantized type that is no integer or narrow float");
  std::optional<Quantization> q = getQuantization(l);
  if (!q)
    return failure();
  Type type = getComputeType(result);
  l.setResult(buildQuantized(
      l.b, l.input(0), *q, result,
      [&](ImplicitLocOpBuilder &b, Value x, Value scale, Value zero) {
        Scalars s(b);
        Type wide = isFloat ? Type(b.getF32Type()) : b.getI32Type();
        Value difference = widen(b, x, onnxInput, wide);
        if (zero)
          difference = s.sub(difference, widen(b, zero, onnxInput, wide));
        return s.to(result, s.mul(s.to(type, difference), s.to(type, scale)));
      }));
  return success();
}

/// Scale and zero point from the least and greatest element.
LogicalResult lowerDynamicQuantizeLinear(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  Type type = typeOfTensor(x).getElementType();
  Type onnxType = l.onnxResultElementType(0), quantized = b.getI8Type();
  if (!type.isF32() || !onnxType.isUnsignedInteger(8))
    return l.unsupported("other types than f32 and ui8");
  llvm::SmallBitVector reduced(typeOfTensor(x).getRank(), true);
  Value zero = Scalars(b).constant(type, 0);
  auto extreme = [&](bool isMax) {
    return buildReduction(
        b, x, {}, reduced, zero, [&](ImplicitLocOpBuilder &b, ValueRange args) {
          Scalars s(b);
          return isMax ? s.max(args[0], args[1]) : s.min(args[0], args[1]);
        });
  };
  Value least = extreme(false), greatest = extreme(true);
  Value scale = buildElementwise(
      b, {least, greatest}, {}, type,
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        Value range = s.div(s.sub(args[1], args[0]), s.constant(type, 255));
        Value isZero = s.eq(range, s.constant(type, 0));
        return s.select(isZero, s.constant(type, 1), range);
      });
  Value zeroPoint =
      buildElementwise(b, {least, scale}, {}, quantized,
                       [&](ImplicitLocOpBuilder &b, ValueRange args) {
                         Scalars s(b);
                         return saturate(b, s.div(s.neg(args[0]), args[1]),
                                         Value(), Type(), onnxType);
                       });
  l.setResult(0, buildElementwise(
                     b, {x, scale, zeroPoint}, sizesOf(b, b.getLoc(), x),
                     quantized, [&](ImplicitLocOpBuilder &b, ValueRange args) {
                       return saturate(b, Scalars(b).div(args[0], args[1]),
                                       args[2], onnxType, onnxType);
                     }));
  l.setResult(1, scale);
  l.setResult(2, zeroPoint);
  return success();
}

/// Input `index` less its zero point, input `zeroIndex`, as i32. A list of zero
/// points belongs to dimension `dim`.
Value buildDifference(Lowering &l, unsigned index, unsigned zeroIndex,
                      int64_t dim) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(index), zero = l.input(zeroIndex);
  Type onnxType = l.onnxType(index).getElementType(), wide = b.getI32Type();
  SmallVector<Value> inputs{x};
  if (zero)
    inputs.push_back(alignParameter(b, zero, typeOfTensor(x).getRank(), dim));
  return buildElementwise(b, inputs, sizesOf(b, b.getLoc(), x), wide,
                          [&](ImplicitLocOpBuilder &b, ValueRange args) {
                            Value value = widen(b, args[0], onnxType, wide);
                            if (!zero)
                              return value;
                            return Scalars(b).sub(
                                value, widen(b, args[1], onnxType, wide));
                          });
}

/// The i32 matrix product of two inputs less their zero points.
Value buildIntegerMatMul(Lowering &l, unsigned x, unsigned zeroX, unsigned y,
                         unsigned zeroY) {
  int64_t rankX = typeOfTensor(l.input(x)).getRank(),
          rankY = typeOfTensor(l.input(y)).getRank();
  // Rows on the left and columns on the right have zero points of their own.
  Value left = buildDifference(l, x, zeroX, std::max<int64_t>(rankX - 2, 0));
  Value right = buildDifference(l, y, zeroY, rankY - 1);
  return buildMatMul(l.b, left, right);
}

/// The i32 convolution of two inputs less their zero points, added to a bias;
/// null after a call of `unsupported`.
Value buildIntegerConvolution(Lowering &l, unsigned x, unsigned zeroX,
                              unsigned filters, unsigned zeroFilters,
                              Value bias) {
  ImplicitLocOpBuilder &b = l.b;
  int64_t rank = typeOfTensor(l.input(x)).getRank(),
          groups = l.node.intAttr("group", 1);
  if (rank < 3 || typeOfTensor(l.input(filters)).getRank() != rank ||
      groups < 1) {
    (void)l.unsupported("an input without spatial dimensions, filters of "
                        "another rank or less than one group");
    return Value();
  }
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), l.input(x)),
                            taps = sizesOf(b, b.getLoc(), l.input(filters));
  std::optional<Window> window =
      getWindow(l, ArrayRef(sizes).drop_front(2), ArrayRef(taps).drop_front(2));
  if (!window)
    return Value();
  Value left = buildDifference(l, x, zeroX, 1);
  Value right = buildDifference(l, filters, zeroFilters, 0);
  Value padded =
      buildPadded(b, left, *window, Scalars(b).constant(b.getI32Type(), 0));
  Value init = buildBias(b, bias, sizes[0], taps[0], *window, b.getI32Type());
  return buildConvolution(b, padded, right, init, *window, groups);
}

/// saturate(sums * scaleX * scaleY / scale + zero), where lists of scales
/// belong to dimensions of the sums.
Value buildRequantized(Lowering &l, Value sums, Value scaleX, int64_t dimX,
                       Value scaleY, int64_t dimY, Value scale, Value zero,
                       Type onnxZero) {
  ImplicitLocOpBuilder &b = l.b;
  int64_t rank = typeOfTensor(sums).getRank();
  Type type = b.getF32Type(), onnxType = l.onnxResultElementType();
  SmallVector<Value> inputs{sums, alignParameter(b, scaleX, rank, dimX),
                            alignParameter(b, scaleY, rank, dimY),
                            alignParameter(b, scale, rank, 0)};
  if (zero)
    inputs.push_back(alignParameter(b, zero, rank, 0));
  return buildElementwise(
      b, inputs, sizesOf(b, b.getLoc(), sums), l.resultType().getElementType(),
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        Value factor = s.div(s.mul(s.to(type, args[1]), s.to(type, args[2])),
                             s.to(type, args[3]));
        Value value = s.mul(s.to(type, args[0]), factor);
        return saturate(b, value, zero ? args[4] : Value(), onnxZero, onnxType);
      });
}

/// Whether all the inputs that are multiplied have integer elements.
bool areIntegers(Lowering &l, unsigned x, unsigned y) {
  return isa<IntegerType>(l.onnxType(x).getElementType()) &&
         isa<IntegerType>(l.onnxType(y).getElementType());
}

LogicalResult lowerMatMulInteger(Lowering &l) {
  if (typeOfTensor(l.input(0)).getRank() == 0 ||
      typeOfTensor(l.input(1)).getRank() == 0)
    return l.unsupported("a scalar operand");
  l.setResult(buildIntegerMatMul(l, 0, 2, 1, 3));
  return success();
}

LogicalResult lowerConvInteger(Lowering &l) {
  Value result = buildIntegerConvolution(l, 0, 2, 1, 3, Value());
  if (!result)
    return failure();
  l.setResult(result);
  return success();
}

LogicalResult lowerQLinearMatMul(Lowering &l) {
  if (!areIntegers(l, 0, 3) || !isa<IntegerType>(l.onnxResultElementType()))
    return l.unsupported("a quantized type that is not an integer");
  if (typeOfTensor(l.input(0)).getRank() == 0 ||
      typeOfTensor(l.input(3)).getRank() == 0)
    return l.unsupported("a scalar operand");
  Value sums = buildIntegerMatMul(l, 0, 2, 3, 5);
  int64_t rank = typeOfTensor(sums).getRank();
  l.setResult(buildRequantized(l, sums, l.input(1),
                               std::max<int64_t>(rank - 2, 0), l.input(4),
                               std::max<int64_t>(rank - 1, 0), l.input(6),
                               l.input(7), l.onnxType(7).getElementType()));
  return success();
}

LogicalResult lowerQLinearConv(Lowering &l) {
  if (!areIntegers(l, 0, 3) || !isa<IntegerType>(l.onnxResultElementType()))
    return l.unsupported("a quantized type that is not an integer");
  Value sums = buildIntegerConvolution(l, 0, 2, 3, 5, l.input(8));
  if (!sums)
    return failure();
  l.setResult(buildRequantized(l, sums, l.input(1), 1, l.input(4), 1,
                               l.input(6), l.input(7),
                               l.onnxType(7).getElementType()));
  return success();
}

} // namespace

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getQuantizationLowerings() {
  static const Entry entries[] = {
      {"ConvInteger", lowerConvInteger},
      {"DequantizeLinear", lowerDequantizeLinear},
      {"DynamicQuantizeLinear", lowerDynamicQuantizeLinear},
      {"MatMulInteger", lowerMatMulInteger},
      {"QLinearConv", lowerQLinearConv},
      {"QLinearMatMul", lowerQLinearMatMul},
      {"QuantizeLinear", lowerQuantizeLinear},
  };
  return entries;
}
