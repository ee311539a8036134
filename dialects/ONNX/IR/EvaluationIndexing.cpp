// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluation of operators that pick and place elements by index.

#include "EvaluationTable.h"

#include <cstring>
#include <numeric>

using namespace mlir;
using namespace mlir::bev::onnx;

/// Indices counted from the front; nothing where one is outside.
static std::optional<SmallVector<int64_t>> normalizeIndices(const Tensor &input,
                                                            int64_t dim) {
  if (!isa<IntegerType>(input.getElementType()))
    return std::nullopt;
  SmallVector<int64_t> indices = input.toIntegers();
  for (int64_t &index : indices) {
    if (index < -dim || index >= dim)
      return std::nullopt;
    if (index < 0)
      index += dim;
  }
  return indices;
}

static LogicalResult evaluateGather(Evaluation &e) {
  if (!e.has(0) || !e.has(1))
    return failure();
  const Tensor &data = *e.input(0), &where = *e.input(1);
  auto axis = normalizeAxis(e.node.intAttr("axis", 0), data.getRank());
  if (!axis)
    return failure();
  Shape shape(data.getShape().take_front(*axis));
  llvm::append_range(shape, where.getShape());
  llvm::append_range(shape, data.getShape().drop_front(*axis + 1));
  auto indices = normalizeIndices(where, data.getDim(*axis));
  if (!indices || !e.fits(shape))
    return failure();
  if (where.getRank() == 0) {
    // A view suffices.
    SmallVector<int64_t> starts(data.getRank(), 0), ones(data.getRank(), 1);
    Shape part(data.getShape());
    starts[*axis] = indices->front();
    part[*axis] = 1;
    return e.emit(data.slice(starts, part, ones).reshape(shape));
  }
  Tensor source = data.contiguous();
  Tensor result = Tensor::allocate(data.getElementType(), shape);
  int64_t outer = *countElements(data.getShape().take_front(*axis));
  int64_t bytes = *countElements(data.getShape().drop_front(*axis + 1)) *
                  getStorageBytes(data.getElementType());
  char *out = result.mutableData<char>();
  for (int64_t i = 0; i < outer; ++i) {
    const char *base = source.data<char>() + i * data.getDim(*axis) * bytes;
    for (int64_t index : *indices) {
      std::memcpy(out, base + index * bytes, bytes);
      out += bytes;
    }
  }
  return e.emit(result);
}

/// Calls `f(offset in data, position)` for each element of indices that select
/// along `axis` and stand for themselves in the other dimensions.
template <typename F>
static LogicalResult forEachElementIndex(const Tensor &data,
                                         const Tensor &where, int64_t axis,
                                         F f) {
  if (where.getRank() != data.getRank())
    return failure();
  for (int64_t dim = 0; dim < data.getRank(); ++dim)
    if (dim != axis && where.getDim(dim) > data.getDim(dim))
      return failure();
  auto indices = normalizeIndices(where, data.getDim(axis));
  if (!indices)
    return failure();
  SmallVector<int64_t> strides = getRowMajorStrides(data.getShape());
  SmallVector<int64_t> position(data.getRank(), 0);
  for (auto [flat, index] : llvm::enumerate(*indices)) {
    int64_t offset = 0;
    for (int64_t dim = 0; dim < data.getRank(); ++dim)
      offset += strides[dim] * (dim == axis ? index : position[dim]);
    f(offset, int64_t(flat));
    for (int64_t dim = data.getRank() - 1; dim >= 0; --dim) {
      if (++position[dim] < where.getDim(dim))
        break;
      position[dim] = 0;
    }
  }
  return success();
}

static LogicalResult evaluateGatherElements(Evaluation &e) {
  if (!e.has(0) || !e.has(1))
    return failure();
  Tensor data = e.input(0)->contiguous();
  auto axis = normalizeAxis(e.node.intAttr("axis", 0), data.getRank());
  if (!axis || !e.fits(e.input(1)->getShape()))
    return failure();
  Tensor result =
      Tensor::allocate(data.getElementType(), e.input(1)->getShape());
  LogicalResult status = failure();
  dispatchStorage(data.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    status = forEachElementIndex(
        data, *e.input(1), *axis, [&](int64_t offset, int64_t position) {
          result.mutableData<T>()[position] = data.data<T>()[offset];
        });
  });
  return succeeded(status) ? e.emit(result) : failure();
}

/// The places that rows of indices name: offsets in elements, and the number
/// of elements at each.
static std::optional<SmallVector<int64_t>> getRowOffsets(const Tensor &data,
                                                         const Tensor &where,
                                                         int64_t batchDims,
                                                         int64_t &size) {
  int64_t rank = data.getRank();
  if (where.getRank() == 0 || !isa<IntegerType>(where.getElementType()))
    return std::nullopt;
  int64_t depth = where.getShape().back();
  if (batchDims < 0 || batchDims >= where.getRank() || batchDims + depth > rank)
    return std::nullopt;
  for (int64_t dim = 0; dim < batchDims; ++dim)
    if (data.getDim(dim) != where.getDim(dim))
      return std::nullopt;
  SmallVector<int64_t> strides = getRowMajorStrides(data.getShape());
  size = *countElements(data.getShape().drop_front(batchDims + depth));
  int64_t batchSize = *countElements(data.getShape().drop_front(batchDims));
  int64_t rows = *countElements(where.getShape().drop_back());
  int64_t batches = *countElements(where.getShape().take_front(batchDims));
  SmallVector<int64_t> indices = where.toIntegers(), offsets;
  for (int64_t row = 0; row < rows; ++row) {
    int64_t offset = row / (rows / batches) * batchSize;
    for (int64_t i = 0; i < depth; ++i) {
      int64_t index = indices[row * depth + i];
      int64_t dim = data.getDim(batchDims + i);
      if (index < -dim || index >= dim)
        return std::nullopt;
      offset += (index < 0 ? index + dim : index) * strides[batchDims + i];
    }
    offsets.push_back(offset);
  }
  return offsets;
}

static LogicalResult evaluateGatherND(Evaluation &e) {
  if (!e.has(0) || !e.has(1))
    return failure();
  int64_t batchDims = e.node.intAttr("batch_dims", 0), size = 0;
  Tensor data = e.input(0)->contiguous();
  const Tensor &where = *e.input(1);
  auto offsets = getRowOffsets(data, where, batchDims, size);
  if (!offsets)
    return failure();
  Shape shape(where.getShape().drop_back());
  llvm::append_range(
      shape, data.getShape().drop_front(batchDims + where.getShape().back()));
  if (!e.fits(shape))
    return failure();
  Tensor result = Tensor::allocate(data.getElementType(), shape);
  int64_t width = getStorageBytes(data.getElementType());
  char *out = result.mutableData<char>();
  for (int64_t offset : *offsets) {
    std::memcpy(out, data.data<char>() + offset * width, size * width);
    out += size * width;
  }
  return e.emit(result);
}

/// A copy that may be written to.
static Tensor copyOf(const Tensor &tensor) {
  Tensor source = tensor.contiguous();
  Tensor result = Tensor::allocate(tensor.getElementType(), tensor.getShape());
  std::memcpy(result.mutableData<char>(), source.data<char>(),
              tensor.getNumElements() *
                  getStorageBytes(tensor.getElementType()));
  return result;
}

/// Combines an element in place with an update, as the `reduction` says.
template <typename T>
static void reduceInto(T &element, T update, StringRef reduction) {
  if (reduction == "none") {
    element = update;
  } else if constexpr (!std::is_same_v<T, bool>) {
    // Narrow integers wrap around by the conversion back.
    using Wide = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;
    if (reduction == "add")
      element = T(Wide(element) + Wide(update));
    else if (reduction == "mul")
      element = T(Wide(element) * Wide(update));
    else if (reduction == "max")
      element = element != element || element > update ? element : update;
    else
      element = element != element || element < update ? element : update;
  }
}

static bool isReduction(StringRef name) {
  return llvm::is_contained({"none", "add", "mul", "max", "min"}, name);
}

/// Runs `scatter(data, updates, write)` on writable data in a type that can be
/// computed with, and emits the data.
template <typename F>
static LogicalResult scatterInto(Evaluation &e, F scatter) {
  StringRef reduction = e.node.stringAttr("reduction", "none");
  Type type = e.input(0)->getElementType();
  if (!isReduction(reduction) || e.input(2)->getElementType() != type ||
      (reduction != "none" && type.isInteger(1)) ||
      !e.fits(e.input(0)->getShape()))
    return failure();
  Tensor result = copyOf(e.input(0)->widen());
  Tensor updates = e.input(2)->widen().contiguous();
  LogicalResult status = failure();
  dispatchType(result.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    status = scatter(result, [&](int64_t to, int64_t from) {
      reduceInto(result.mutableData<T>()[to], updates.data<T>()[from],
                 reduction);
    });
  });
  return succeeded(status) ? e.emit(result.cast(type)) : failure();
}

static LogicalResult evaluateScatterElements(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || !e.has(2) ||
      e.input(1)->getShape() != e.input(2)->getShape())
    return failure();
  auto axis = normalizeAxis(e.node.intAttr("axis", 0), e.input(0)->getRank());
  if (!axis)
    return failure();
  return scatterInto(e, [&](const Tensor &data, auto write) {
    return forEachElementIndex(data, *e.input(1), *axis, write);
  });
}

static LogicalResult evaluateScatterND(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || !e.has(2))
    return failure();
  const Tensor &where = *e.input(1), &updates = *e.input(2);
  int64_t size = 0;
  auto offsets = getRowOffsets(*e.input(0), where, 0, size);
  if (!offsets)
    return failure();
  Shape shape(where.getShape().drop_back());
  llvm::append_range(
      shape, e.input(0)->getShape().drop_front(where.getShape().back()));
  if (ArrayRef<int64_t>(shape) != updates.getShape())
    return failure();
  return scatterInto(e, [&](const Tensor &data, auto write) {
    for (auto [row, offset] : llvm::enumerate(*offsets))
      for (int64_t i = 0; i < size; ++i)
        write(offset + i, int64_t(row) * size + i);
    return success();
  });
}

static LogicalResult evaluateNonZero(Evaluation &e) {
  if (!e.has(0))
    return failure();
  Type i1 = IntegerType::get(e.node.getContext(), 1);
  Tensor mask = e.input(0)->cast(i1).contiguous();
  // A scalar counts as a vector of one element.
  Shape shape(mask.getShape());
  if (shape.empty())
    shape.push_back(1);
  int64_t rank = shape.size();
  SmallVector<int64_t> places;
  for (int64_t i = 0, n = mask.getNumElements(); i < n; ++i)
    if (mask.data<bool>()[i])
      places.push_back(i);
  int64_t count = places.size();
  if (!e.fits({rank, count}))
    return failure();
  SmallVector<int64_t> strides = getRowMajorStrides(shape);
  SmallVector<int64_t> values;
  for (int64_t dim = 0; dim < rank; ++dim)
    for (int64_t place : places)
      values.push_back(place / strides[dim] % shape[dim]);
  return e.emit(Tensor::fromIntegers(IntegerType::get(e.node.getContext(), 64),
                                     {rank, count}, values));
}

static LogicalResult evaluateTrilu(Evaluation &e) {
  if (!e.has(0) || e.input(0)->getRank() < 2 || !e.fits(e.input(0)->getShape()))
    return failure();
  int64_t k = 0;
  if (e.has(1)) {
    if (e.input(1)->getNumElements() != 1)
      return failure();
    k = e.input(1)->toIntegers().front();
  }
  bool upper = e.node.intAttr("upper", 1) != 0;
  Tensor result = copyOf(*e.input(0));
  int64_t rank = result.getRank();
  int64_t rows = result.getDim(rank - 2), columns = result.getDim(rank - 1);
  k = std::clamp<int64_t>(k, -rows - 1, columns + 1);
  dispatchStorage(result.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    T *out = result.mutableData<T>();
    for (int64_t i = 0, n = result.getNumElements(); i < n; ++i) {
      int64_t diagonal = i % columns - i / columns % rows;
      if (upper ? diagonal < k : diagonal > k)
        out[i] = T(0);
    }
  });
  return e.emit(result);
}

static LogicalResult evaluateCompress(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || e.input(1)->getRank() != 1 ||
      !e.input(1)->getElementType().isInteger(1))
    return failure();
  Tensor data = *e.input(0);
  int64_t axis = 0;
  if (e.node.attr("axis")) {
    auto normal = normalizeAxis(e.node.intAttr("axis", 0), data.getRank());
    if (!normal)
      return failure();
    axis = *normal;
  } else {
    data = data.reshape({data.getNumElements()});
  }
  data = data.contiguous();
  SmallVector<int64_t> chosen;
  for (auto [index, keep] : llvm::enumerate(e.input(1)->toIntegers()))
    if (keep)
      chosen.push_back(index);
  if (!chosen.empty() && chosen.back() >= data.getDim(axis))
    return failure();
  Shape shape(data.getShape());
  shape[axis] = chosen.size();
  if (!e.fits(shape))
    return failure();
  Tensor result = Tensor::allocate(data.getElementType(), shape);
  int64_t outer = *countElements(data.getShape().take_front(axis));
  int64_t bytes = *countElements(data.getShape().drop_front(axis + 1)) *
                  getStorageBytes(data.getElementType());
  char *out = result.mutableData<char>();
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t index : chosen) {
      std::memcpy(out,
                  data.data<char>() + (i * data.getDim(axis) + index) * bytes,
                  bytes);
      out += bytes;
    }
  return e.emit(result);
}

/// The largest or smallest k along an axis; of equals the first comes first.
static LogicalResult evaluateTopK(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || e.input(1)->getNumElements() != 1)
    return failure();
  const Tensor &input = *e.input(0);
  int64_t k = e.input(1)->toIntegers().front();
  auto axis = normalizeAxis(e.node.intAttr("axis", -1), input.getRank());
  if (!axis || k < 0 || k > input.getDim(*axis) || !e.fits(input.getShape()))
    return failure();
  bool largest = e.node.intAttr("largest", 1) != 0;
  Tensor data = input.widen().contiguous();
  Shape shape(input.getShape());
  shape[*axis] = k;
  Type i64 = IntegerType::get(e.node.getContext(), 64);
  Tensor values = Tensor::allocate(data.getElementType(), shape);
  Tensor indices = Tensor::allocate(i64, shape);
  int64_t dim = input.getDim(*axis);
  int64_t inner = *countElements(input.getShape().drop_front(*axis + 1));
  int64_t outer = *countElements(input.getShape().take_front(*axis));
  SmallVector<int64_t> order(dim);
  bool ordered = true;
  dispatchType(data.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    const T *in = data.data<T>();
    // NaN has no place in the order.
    for (int64_t i = 0, n = data.getNumElements(); i < n; ++i)
      ordered &= in[i] == in[i];
    if (!ordered)
      return;
    for (int64_t row = 0; row < outer * inner; ++row) {
      int64_t base = row / inner * dim * inner + row % inner;
      auto before = [&](int64_t a, int64_t b) {
        T x = in[base + a * inner], y = in[base + b * inner];
        return x != y ? (largest ? x > y : x < y) : a < b;
      };
      std::iota(order.begin(), order.end(), 0);
      std::partial_sort(order.begin(), order.begin() + k, order.end(), before);
      int64_t out = row / inner * k * inner + row % inner;
      for (int64_t i = 0; i < k; ++i) {
        values.mutableData<T>()[out + i * inner] = in[base + order[i] * inner];
        indices.mutableData<int64_t>()[out + i * inner] = order[i];
      }
    }
  });
  if (!ordered || failed(e.emit(values.cast(input.getElementType()))))
    return failure();
  return e.emit(indices);
}

static LogicalResult evaluateReverseSequence(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || e.input(0)->getRank() < 2 ||
      !e.fits(e.input(0)->getShape()))
    return failure();
  Tensor data = e.input(0)->contiguous();
  int64_t time = e.node.intAttr("time_axis", 0);
  int64_t batch = e.node.intAttr("batch_axis", 1);
  auto lengths = e.integers(1);
  if (time + batch != 1 || time < 0 || batch < 0 || !lengths ||
      int64_t(lengths->size()) != data.getDim(batch))
    return failure();
  for (int64_t length : *lengths)
    if (length < 0 || length > data.getDim(time))
      return failure();
  Tensor result = Tensor::allocate(data.getElementType(), data.getShape());
  int64_t bytes = *countElements(data.getShape().drop_front(2)) *
                  getStorageBytes(data.getElementType());
  for (int64_t i = 0; i < data.getDim(0); ++i)
    for (int64_t j = 0; j < data.getDim(1); ++j) {
      int64_t t = time == 0 ? i : j, b = time == 0 ? j : i;
      int64_t source = t < (*lengths)[b] ? (*lengths)[b] - 1 - t : t;
      int64_t from =
          time == 0 ? source * data.getDim(1) + j : i * data.getDim(1) + source;
      std::memcpy(result.mutableData<char>() + (i * data.getDim(1) + j) * bytes,
                  data.data<char>() + from * bytes, bytes);
    }
  return e.emit(result);
}

void mlir::bev::onnx::addIndexingEvaluations(EvaluationTable &table) {
  table["Gather"] = evaluateGather;
  table["GatherElements"] = evaluateGatherElements;
  table["GatherND"] = evaluateGatherND;
  table["Scatter"] = evaluateScatterElements;
  table["ScatterElements"] = evaluateScatterElements;
  table["ScatterND"] = evaluateScatterND;
  table["NonZero"] = evaluateNonZero;
  table["Trilu"] = evaluateTrilu;
  table["Compress"] = evaluateCompress;
  table["TopK"] = evaluateTopK;
  table["ReverseSequence"] = evaluateReverseSequence;
}
