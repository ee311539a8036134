// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of operators that make tensors from sizes and numbers.

#include "InferenceTable.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

Type mlir::bev::onnx::getTypeOfNumber(MLIRContext *context, int64_t number) {
  switch (number) {
  case 1:
    return Float32Type::get(context);
  case 2:
    return IntegerType::get(context, 8, IntegerType::Unsigned);
  case 3:
    return IntegerType::get(context, 8);
  case 4:
    return IntegerType::get(context, 16, IntegerType::Unsigned);
  case 5:
    return IntegerType::get(context, 16);
  case 6:
    return IntegerType::get(context, 32);
  case 7:
    return IntegerType::get(context, 64);
  case 8:
    return StringType::get(context);
  case 9:
    return IntegerType::get(context, 1);
  case 10:
    return Float16Type::get(context);
  case 11:
    return Float64Type::get(context);
  case 12:
    return IntegerType::get(context, 32, IntegerType::Unsigned);
  case 13:
    return IntegerType::get(context, 64, IntegerType::Unsigned);
  case 14:
    return ComplexType::get(Float32Type::get(context));
  case 15:
    return ComplexType::get(Float64Type::get(context));
  case 16:
    return BFloat16Type::get(context);
  case 17:
    return Float8E4M3FNType::get(context);
  case 18:
    return Float8E4M3FNUZType::get(context);
  case 19:
    return Float8E5M2Type::get(context);
  case 20:
    return Float8E5M2FNUZType::get(context);
  case 21:
    return IntegerType::get(context, 4, IntegerType::Unsigned);
  case 22:
    return IntegerType::get(context, 4);
  case 23:
    return Float4E2M1FNType::get(context);
  case 24:
    return Float8E8M0FNUType::get(context);
  case 25:
    return IntegerType::get(context, 2, IntegerType::Unsigned);
  case 26:
    return IntegerType::get(context, 2);
  default:
    return Type();
  }
}

static LogicalResult inferShape(Inference &i) {
  auto rank = i.rank(0);
  if (!rank) {
    i.set(0, i.i64(), Shape{kDynamic});
    return success();
  }
  SliceRange range = clampSlice(*rank, i.node.intAttr("start", 0),
                                i.node.intAttr("end", *rank), 1);
  i.set(0, i.i64(), Shape{range.size});
  return success();
}

static LogicalResult inferSize(Inference &i) {
  i.set(0, i.i64(), Shape{});
  return success();
}

/// The shape that an input holds; sizes as far as they are known.
static LogicalResult inferShapeOperand(Inference &i, Type element) {
  auto target = i.integers(0);
  if (!target) {
    auto shape = i.shape(0);
    std::optional<Shape> result;
    if (shape && shape->size() == 1 && !ShapedType::isDynamic(shape->front()) &&
        shape->front() <= 64)
      result = Shape(shape->front(), kDynamic);
    i.set(0, element, result);
    return success();
  }
  for (int64_t size : *target)
    if (size < 0 && !ShapedType::isDynamic(size))
      return i.error() << "expected a shape of sizes of at least 0, but got "
                       << toString(*target);
  i.set(0, element, Shape(*target));
  return success();
}

static LogicalResult inferConstantOfShape(Inference &i) {
  Type element = i.f32();
  if (auto value = dyn_cast_if_present<ElementsAttr>(i.node.attr("value")))
    element = value.getElementType();
  return inferShapeOperand(i, element);
}

/// The only element of a known scalar as a double.
static std::optional<double> getScalar(Inference &i, unsigned index) {
  Value value = i.node.input(index);
  auto partial = value ? i.values.get(value) : std::nullopt;
  if (!partial || partial->known || partial->values.getNumElements() != 1)
    return std::nullopt;
  return partial->values.toDoubles().front();
}

static LogicalResult inferRange(Inference &i) {
  if (failed(i.checkSameElements({0, 1, 2})))
    return failure();
  auto start = getScalar(i, 0), limit = getScalar(i, 1),
       delta = getScalar(i, 2);
  int64_t size = kDynamic;
  if (delta && *delta == 0)
    return i.error() << "expected a delta that is not 0";
  if (start && limit && delta) {
    double length = std::ceil((*limit - *start) / *delta);
    if (!(length < 4611686018427387904.0))
      return i.error() << "expected a range with a size";
    size = std::max<int64_t>(0, int64_t(length));
  }
  i.set(0, i.element(0), Shape{size});
  return success();
}

static LogicalResult inferOneHot(Inference &i) {
  auto shape = i.shape(0);
  if (shape) {
    auto axis = i.axis(i.node.intAttr("axis", -1), shape->size() + 1);
    if (failed(axis))
      return failure();
    int64_t depth = kDynamic;
    if (auto known = getScalar(i, 1); known && *known >= 0 && *known < 1e18)
      depth = int64_t(*known);
    shape->insert(shape->begin() + *axis, depth);
  }
  i.set(0, i.element(2), shape);
  return success();
}

static LogicalResult inferConstant(Inference &i) {
  if (auto value = dyn_cast_if_present<ElementsAttr>(i.node.attr("value")))
    i.set(0, value.getElementType(), Shape(value.getShapedType().getShape()));
  else if (i.node.attr("value_int"))
    i.set(0, i.i64(), Shape{});
  else if (auto values = i.node.intsAttr("value_ints"))
    i.set(0, i.i64(), Shape{int64_t(values->size())});
  else if (i.node.attr("value_float"))
    i.set(0, i.f32(), Shape{});
  else if (auto values = i.node.floatsAttr("value_floats"))
    i.set(0, i.f32(), Shape{int64_t(values->size())});
  return success();
}

/// Random numbers of the shape of an attribute.
static LogicalResult inferRandom(Inference &i) {
  Type type = getTypeOfNumber(i.context(), i.node.intAttr("dtype", 1));
  auto shape = i.node.intsAttr("shape");
  i.set(0, type, shape ? std::optional<Shape>(*shape) : std::nullopt);
  return success();
}

static LogicalResult inferMultinomial(Inference &i) {
  auto shape = i.shape(0);
  Type type = getTypeOfNumber(i.context(), i.node.intAttr("dtype", 6));
  i.set(0, type,
        Shape{shape && shape->size() == 2 ? shape->front() : kDynamic,
              i.node.intAttr("sample_size", 1)});
  return success();
}

/// The window functions of signal processing.
static LogicalResult inferWindow(Inference &i) {
  Type type =
      getTypeOfNumber(i.context(), i.node.intAttr("output_datatype", 1));
  i.set(0, type, Shape{i.integer(0).value_or(kDynamic)});
  return success();
}

void mlir::bev::onnx::addGenerationInferences(InferenceTable &table) {
  table["Shape"] = {inferShape, 1};
  table["Size"] = {inferSize, 1};
  table["ConstantOfShape"] = {inferConstantOfShape, 1};
  table["Range"] = {inferRange, 3};
  table["OneHot"] = {inferOneHot, 3};
  table["Constant"] = {inferConstant, 0};
  table["RandomNormal"] = {inferRandom, 0};
  table["RandomUniform"] = {inferRandom, 0};
  table["Multinomial"] = {inferMultinomial, 1};
  for (StringRef name : {"HannWindow", "HammingWindow", "BlackmanWindow"})
    table[name] = {inferWindow, 1};
}
