// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluation of operators that make tensors from sizes and numbers.

#include "EvaluationTable.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx;

static Type getI64(Evaluation &e) {
  return IntegerType::get(e.node.getContext(), 64);
}

static LogicalResult evaluateShape(Evaluation &e) {
  if (!e.has(0))
    return failure();
  ArrayRef<int64_t> shape = e.input(0)->getShape();
  int64_t rank = shape.size();
  SliceRange range = clampSlice(rank, e.node.intAttr("start", 0),
                                e.node.intAttr("end", rank), 1);
  return e.emit(Tensor::fromIntegers(getI64(e), {range.size},
                                     shape.slice(range.start, range.size)));
}

static LogicalResult evaluateSize(Evaluation &e) {
  if (!e.has(0))
    return failure();
  return e.emit(
      Tensor::fromIntegers(getI64(e), {}, {e.input(0)->getNumElements()}));
}

static LogicalResult evaluateConstantOfShape(Evaluation &e) {
  auto shape = e.integers(0);
  if (!shape || llvm::any_of(*shape, [](int64_t size) { return size < 0; }) ||
      !e.fits(*shape))
    return failure();
  std::optional<Tensor> value;
  if (auto stated = dyn_cast_if_present<ElementsAttr>(e.node.attr("value"))) {
    value = Tensor::get(stated);
    if (!value || value->getNumElements() != 1)
      return failure();
    value = value->reshape({});
  } else {
    value = Tensor::fromIntegers(getI64(e), {}, {0})
                .cast(Float32Type::get(e.node.getContext()));
  }
  return e.emit(value->broadcast(*shape));
}

static LogicalResult evaluateRange(Evaluation &e) {
  Type type = e.has(0) ? e.input(0)->getElementType() : Type();
  for (unsigned i = 0; i < 3; ++i)
    if (!e.has(i) || e.input(i)->getNumElements() != 1 ||
        e.input(i)->getElementType() != type || type.isInteger(1))
      return failure();
  Tensor bounds[3] = {e.input(0)->widen(), e.input(1)->widen(),
                      e.input(2)->widen()};
  Tensor result;
  bool ok = true;
  Type wide = bounds[0].getElementType();
  bool known = dispatchType(wide, [&](auto tag) {
    using T = decltype(tag);
    T start = *bounds[0].data<T>(), limit = *bounds[1].data<T>(),
      delta = *bounds[2].data<T>();
    double length = std::ceil((double(limit) - double(start)) / double(delta));
    ok = delta != T(0) && !(length > double(e.maxElements)) && length == length;
    if (!ok)
      return;
    int64_t count = std::max<int64_t>(0, int64_t(length));
    result = Tensor::allocate(wide, {count});
    for (int64_t i = 0; i < count; ++i)
      result.mutableData<T>()[i] = T(start + T(i) * delta);
  });
  return known && ok ? e.emit(result.cast(type)) : failure();
}

static LogicalResult evaluateEyeLike(Evaluation &e) {
  if (!e.has(0) || e.input(0)->getRank() != 2 || e.node.attr("dtype") ||
      !e.fits(e.input(0)->getShape()))
    return failure();
  int64_t rows = e.input(0)->getDim(0), columns = e.input(0)->getDim(1);
  int64_t k = e.node.intAttr("k", 0);
  SmallVector<int64_t> values(rows * columns, 0);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      values[i * columns + j] = j - i == k;
  return e.emit(Tensor::fromIntegers(getI64(e), {rows, columns}, values)
                    .cast(e.input(0)->getElementType()));
}

static LogicalResult evaluateOneHot(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || !e.has(2) ||
      e.input(1)->getNumElements() != 1 || e.input(2)->getNumElements() != 2)
    return failure();
  const Tensor &indices = *e.input(0);
  int64_t depth = e.input(1)->toIntegers().front();
  int64_t rank = indices.getRank();
  auto axis = normalizeAxis(e.node.intAttr("axis", -1), rank + 1);
  if (!axis || depth < 0)
    return failure();
  Shape shape(indices.getShape());
  shape.insert(shape.begin() + *axis, depth);
  if (!e.fits(shape))
    return failure();
  Tensor values = e.input(2)->contiguous();
  Tensor result = Tensor::allocate(values.getElementType(), shape);
  SmallVector<int64_t> places = indices.toIntegers();
  int64_t inner = *countElements(indices.getShape().drop_front(*axis));
  dispatchStorage(values.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    T *out = result.mutableData<T>();
    const T *data = values.data<T>();
    std::fill(out, out + result.getNumElements(), data[0]);
    for (auto [index, place] : llvm::enumerate(places)) {
      int64_t at = place < 0 ? place + depth : place;
      if (at >= 0 && at < depth)
        out[(int64_t(index) / inner * depth + at) * inner +
            int64_t(index) % inner] = data[1];
    }
  });
  return e.emit(result);
}

/// A constant as a node, where the importer leaves it one.
static LogicalResult evaluateConstant(Evaluation &e) {
  MLIRContext *context = e.node.getContext();
  if (auto value = dyn_cast_if_present<ElementsAttr>(e.node.attr("value"))) {
    std::optional<Tensor> tensor = Tensor::get(value);
    return tensor ? e.emit(*tensor) : failure();
  }
  if (auto value = dyn_cast_if_present<IntegerAttr>(e.node.attr("value_int")))
    return e.emit(Tensor::fromIntegers(getI64(e), {}, {value.getInt()}));
  if (auto values = e.node.intsAttr("value_ints"))
    return e.emit(
        Tensor::fromIntegers(getI64(e), {int64_t(values->size())}, *values));
  auto fromFloats = [&](ArrayRef<float> values, ArrayRef<int64_t> shape) {
    Tensor result = Tensor::allocate(Float32Type::get(context), shape);
    llvm::copy(values, result.mutableData<float>());
    return e.emit(result);
  };
  if (auto value = dyn_cast_if_present<FloatAttr>(e.node.attr("value_float")))
    return fromFloats({float(value.getValueAsDouble())}, {});
  if (auto values = e.node.floatsAttr("value_floats"))
    return fromFloats(*values, {int64_t(values->size())});
  return failure();
}

void mlir::bev::onnx::addGenerationEvaluations(EvaluationTable &table) {
  table["Shape"] = evaluateShape;
  table["Size"] = evaluateSize;
  table["ConstantOfShape"] = evaluateConstantOfShape;
  table["Range"] = evaluateRange;
  table["EyeLike"] = evaluateEyeLike;
  table["OneHot"] = evaluateOneHot;
  table["Constant"] = evaluateConstant;
}
