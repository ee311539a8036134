// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluation of the operators between floats and quantized integers.

#include "EvaluationTable.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx;

/// A scale or zero point in the shape of the data: a scalar, or one element per
/// index of the axis. Blocks of elements are left to run time.
static std::optional<Tensor> alignParameter(Evaluation &e, const Tensor &data,
                                            const Tensor &parameter) {
  if (e.node.intAttr("block_size", 0) != 0)
    return std::nullopt;
  if (parameter.getNumElements() == 1)
    return parameter.reshape({}).broadcast(data.getShape());
  auto axis = normalizeAxis(e.node.intAttr("axis", 1), data.getRank());
  if (!axis || parameter.getRank() != 1 ||
      parameter.getDim(0) != data.getDim(*axis))
    return std::nullopt;
  Shape shape(data.getRank(), 1);
  shape[*axis] = parameter.getDim(0);
  return parameter.reshape(shape).broadcast(data.getShape());
}

static LogicalResult evaluateDequantizeLinear(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || !isa<IntegerType>(e.input(0)->getElementType()))
    return failure();
  MLIRContext *context = e.node.getContext();
  Type f32 = Float32Type::get(context), i64 = IntegerType::get(context, 64);
  Type type = e.input(1)->getElementType();
  if (!isa<FloatType>(type) || !e.fits(e.input(0)->getShape()))
    return failure();
  Tensor data = e.input(0)->cast(i64);
  if (e.has(2)) {
    auto zero = alignParameter(e, data, e.input(2)->cast(i64));
    if (!zero || !isa<IntegerType>(e.input(2)->getElementType()))
      return failure();
    data = zipElements<int64_t, int64_t>(
        data, *zero, i64, [](int64_t x, int64_t z) { return x - z; });
  }
  auto scale = alignParameter(e, data, e.input(1)->cast(f32));
  if (!scale)
    return failure();
  Tensor result = zipElements<float, float>(
      data.cast(f32), *scale, f32, [](float x, float s) { return x * s; });
  return e.emit(result.cast(type));
}

static LogicalResult evaluateQuantizeLinear(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || !e.fits(e.input(0)->getShape()))
    return failure();
  MLIRContext *context = e.node.getContext();
  Type f32 = Float32Type::get(context);
  Type type = IntegerType::get(context, 8, IntegerType::Unsigned);
  if (e.has(2))
    type = e.input(2)->getElementType();
  else if (e.node.attr("output_dtype"))
    return failure();
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.getWidth() == 1 || integer.getWidth() > 16 ||
      e.node.attr("precision"))
    return failure();
  Tensor data = e.input(0)->cast(f32);
  auto scale = alignParameter(e, data, e.input(1)->cast(f32));
  if (!scale)
    return failure();
  Tensor zero = Tensor::fromIntegers(IntegerType::get(context, 64), {}, {0});
  auto shift =
      alignParameter(e, data, (e.has(2) ? *e.input(2) : zero).cast(f32));
  if (!shift)
    return failure();
  unsigned width = integer.getWidth();
  bool isUnsigned = integer.isUnsigned();
  float low = isUnsigned ? 0.0f : -std::ldexp(1.0f, width - 1);
  float high = std::ldexp(1.0f, isUnsigned ? width : width - 1) - 1;
  bool ordered = true;
  Tensor result =
      zipElements<float, float>(data, *scale, f32, [&](float x, float s) {
        ordered &= x == x;
        return std::nearbyint(x / s);
      });
  result =
      zipElements<float, float>(result, *shift, f32, [&](float x, float z) {
        return std::clamp(x + z, low, high);
      });
  return ordered ? e.emit(result.cast(type)) : failure();
}

void mlir::bev::onnx::addQuantizationEvaluations(EvaluationTable &table) {
  table["QuantizeLinear"] = evaluateQuantizeLinear;
  table["DequantizeLinear"] = evaluateDequantizeLinear;
}
