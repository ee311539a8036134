// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluation of operators that only rearrange elements.

#include "EvaluationTable.h"

#include "llvm/Support/MathExtras.h"

#include <cstring>
#include <numeric>

using namespace mlir;
using namespace mlir::bev::onnx;

static LogicalResult evaluateIdentity(Evaluation &e) {
  return e.has(0) ? e.emit(*e.input(0)) : failure();
}

/// Outside of training, the identity; the mask keeps everything.
static LogicalResult evaluateDropout(Evaluation &e) {
  if (!e.has(0) ||
      (e.has(2) && e.input(2)->toIntegers() != SmallVector<int64_t>{0}))
    return failure();
  Type i1 = IntegerType::get(e.node.getContext(), 1);
  Tensor mask = Tensor::fromIntegers(i1, {}, {1});
  if (failed(e.emit(*e.input(0))))
    return failure();
  return e.emit(mask.broadcast(e.input(0)->getShape()));
}

static LogicalResult emitReshaped(Evaluation &e, ArrayRef<int64_t> shape) {
  std::optional<int64_t> count = countElements(shape);
  if (!count || *count != e.input(0)->getNumElements() || !e.fits(shape))
    return failure();
  return e.emit(e.input(0)->reshape(shape));
}

static LogicalResult evaluateReshape(Evaluation &e) {
  auto target = e.list("shape", 1);
  if (!e.has(0) || !target)
    return failure();
  std::optional<Shape> shape = resolveReshape(
      e.input(0)->getShape(), *target, e.node.intAttr("allowzero", 0) != 0);
  return shape ? emitReshaped(e, *shape) : failure();
}

static LogicalResult evaluateFlatten(Evaluation &e) {
  if (!e.has(0))
    return failure();
  ArrayRef<int64_t> shape = e.input(0)->getShape();
  int64_t rank = shape.size(), axis = e.node.intAttr("axis", 1);
  if (axis < -rank || axis > rank)
    return failure();
  axis = axis < 0 ? axis + rank : axis;
  std::optional<int64_t> rows = countElements(shape.take_front(axis));
  std::optional<int64_t> columns = countElements(shape.drop_front(axis));
  return rows && columns ? emitReshaped(e, {*rows, *columns}) : failure();
}

static LogicalResult evaluateSqueeze(Evaluation &e) {
  if (!e.has(0))
    return failure();
  ArrayRef<int64_t> shape = e.input(0)->getShape();
  auto axes = e.list("axes", 1);
  if (!axes && e.has(1))
    return failure();
  auto normal =
      normalizeAxes(axes.value_or(SmallVector<int64_t>()), shape.size());
  if (!normal)
    return failure();
  Shape result;
  for (auto [index, size] : llvm::enumerate(shape)) {
    bool drop = axes ? llvm::is_contained(*normal, int64_t(index)) : size == 1;
    if (!drop)
      result.push_back(size);
  }
  return emitReshaped(e, result);
}

static LogicalResult evaluateUnsqueeze(Evaluation &e) {
  auto axes = e.list("axes", 1);
  if (!e.has(0) || !axes)
    return failure();
  ArrayRef<int64_t> shape = e.input(0)->getShape();
  auto normal = normalizeAxes(*axes, shape.size() + axes->size());
  if (!normal)
    return failure();
  Shape result(shape.size() + axes->size(), 1);
  for (int64_t index = 0, source = 0, rank = result.size(); index < rank;
       ++index)
    if (!llvm::is_contained(*normal, index))
      result[index] = shape[source++];
  return emitReshaped(e, result);
}

static LogicalResult evaluateTranspose(Evaluation &e) {
  if (!e.has(0))
    return failure();
  int64_t rank = e.input(0)->getRank();
  SmallVector<int64_t> permutation(rank);
  std::iota(permutation.rbegin(), permutation.rend(), 0);
  if (auto stated = e.node.intsAttr("perm"))
    permutation = *stated;
  auto normal = normalizeAxes(permutation, rank);
  if (!normal || int64_t(normal->size()) != rank)
    return failure();
  return e.emit(e.input(0)->transpose(*normal));
}

/// Copies `source` into the part of `target` that begins at `starts`.
static void insertAt(const Tensor &source, Tensor &target,
                     ArrayRef<int64_t> starts) {
  SmallVector<int64_t> ones(source.getRank(), 1);
  Tensor part = target.slice(starts, source.getShape(), ones);
  dispatchStorage(source.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    const T *in = source.data<T>();
    T *out = part.mutableData<T>();
    int64_t stepIn = innerStride(source.getStrides());
    int64_t stepOut = innerStride(part.getStrides());
    forEachRow<2>(source.getShape(), {source.getStrides(), part.getStrides()},
                  [&](const std::array<int64_t, 2> &offsets, int64_t n) {
                    for (int64_t i = 0; i < n; ++i)
                      out[offsets[1] + i * stepOut] =
                          in[offsets[0] + i * stepIn];
                  });
  });
}

static LogicalResult evaluateConcat(Evaluation &e) {
  if (!e.has(0))
    return failure();
  const Tensor &first = *e.input(0);
  auto axis = normalizeAxis(e.node.intAttr("axis", 0), first.getRank());
  if (!axis)
    return failure();
  Shape shape(first.getShape());
  shape[*axis] = 0;
  for (const auto &input : e.inputs) {
    if (!input || input->getRank() != first.getRank() ||
        input->getElementType() != first.getElementType())
      return failure();
    for (int64_t dim = 0; dim < input->getRank(); ++dim)
      if (dim != *axis && input->getDim(dim) != first.getDim(dim))
        return failure();
    if (llvm::AddOverflow(shape[*axis], input->getDim(*axis), shape[*axis]))
      return failure();
  }
  if (!e.fits(shape))
    return failure();
  Tensor result = Tensor::allocate(first.getElementType(), shape);
  SmallVector<int64_t> starts(first.getRank(), 0);
  for (const auto &input : e.inputs) {
    insertAt(*input, result, starts);
    starts[*axis] += input->getDim(*axis);
  }
  return e.emit(result);
}

static LogicalResult evaluateSplit(Evaluation &e) {
  if (!e.has(0))
    return failure();
  const Tensor &input = *e.input(0);
  auto axis = normalizeAxis(e.node.intAttr("axis", 0), input.getRank());
  if (!axis)
    return failure();
  int64_t dim = input.getDim(*axis);
  auto sizes = e.list("split", 1);
  if (!sizes) {
    if (e.has(1) || e.node.getNumResults() == 0)
      return failure();
    sizes = splitEvenly(dim, e.node.getNumResults());
  }
  if (llvm::any_of(*sizes, [](int64_t size) { return size < 0; }) ||
      std::accumulate(sizes->begin(), sizes->end(), int64_t(0)) != dim)
    return failure();
  SmallVector<int64_t> starts(input.getRank(), 0), ones(input.getRank(), 1);
  Shape part(input.getShape());
  for (int64_t size : *sizes) {
    part[*axis] = size;
    if (failed(e.emit(input.slice(starts, part, ones))))
      return failure();
    starts[*axis] += size;
  }
  return success();
}

static LogicalResult evaluateSlice(Evaluation &e) {
  if (!e.has(0))
    return failure();
  const Tensor &input = *e.input(0);
  int64_t rank = input.getRank();
  auto starts = e.list("starts", 1), ends = e.list("ends", 2),
       axes = e.list("axes", 3), steps = e.integers(4);
  if (!starts || !ends || starts->size() != ends->size() ||
      (e.has(3) && !axes) || (e.has(4) && !steps))
    return failure();
  if (!axes) {
    axes.emplace(starts->size());
    std::iota(axes->begin(), axes->end(), 0);
  }
  auto normal = normalizeAxes(*axes, rank);
  if (!normal || normal->size() != starts->size() ||
      (steps && steps->size() != starts->size()))
    return failure();
  SmallVector<int64_t> offsets(rank, 0), strides(rank, 1);
  Shape shape(input.getShape());
  for (auto [index, axis] : llvm::enumerate(*normal)) {
    int64_t step = steps ? (*steps)[index] : 1;
    if (step == 0)
      return failure();
    SliceRange range =
        clampSlice(input.getDim(axis), (*starts)[index], (*ends)[index], step);
    offsets[axis] = range.start;
    shape[axis] = range.size;
    // A single element needs no step, and a huge one no product.
    strides[axis] = range.size > 1 ? step : 1;
  }
  return e.emit(input.slice(offsets, shape, strides));
}

static LogicalResult evaluateExpand(Evaluation &e) {
  auto target = e.integers(1);
  if (!e.has(0) || !target ||
      llvm::any_of(*target, [](int64_t size) { return size < 0; }))
    return failure();
  auto shape = broadcastShapes({e.input(0)->getShape(), *target});
  return shape && e.fits(*shape) ? e.emit(e.input(0)->broadcast(*shape))
                                 : failure();
}

static LogicalResult evaluateTile(Evaluation &e) {
  auto repeats = e.integers(1);
  if (!e.has(0) || !repeats ||
      int64_t(repeats->size()) != e.input(0)->getRank())
    return failure();
  // Each dimension becomes a pair: the repeats, and the elements.
  const Tensor &input = *e.input(0);
  Shape pairs, broad, shape;
  for (auto [size, count] : llvm::zip_equal(input.getShape(), *repeats)) {
    int64_t product;
    if (count < 0 || llvm::MulOverflow(size, count, product))
      return failure();
    pairs.append({1, size});
    broad.append({count, size});
    shape.push_back(product);
  }
  if (!e.fits(shape))
    return failure();
  return e.emit(input.reshape(pairs).broadcast(broad).reshape(shape));
}

/// Where padding finds the element of a place outside, or -1 for the constant.
static int64_t padSource(int64_t index, int64_t size, StringRef mode) {
  if (index >= 0 && index < size)
    return index;
  if (mode == "edge")
    return index < 0 ? 0 : size - 1;
  if (mode == "wrap")
    return ((index % size) + size) % size;
  if (mode == "reflect") {
    if (size == 1)
      return 0;
    int64_t period = 2 * (size - 1);
    index = ((index % period) + period) % period;
    return index < size ? index : period - index;
  }
  return -1;
}

static LogicalResult evaluatePad(Evaluation &e) {
  auto pads = e.list("pads", 1);
  if (!e.has(0) || !pads)
    return failure();
  const Tensor &input = *e.input(0);
  int64_t rank = input.getRank();
  SmallVector<int64_t> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  if (e.has(3)) {
    auto stated = e.integers(3);
    auto normal = stated ? normalizeAxes(*stated, rank) : std::nullopt;
    if (!normal)
      return failure();
    axes = *normal;
  }
  if (pads->size() != 2 * axes.size())
    return failure();
  StringRef mode = e.node.stringAttr("mode", "constant");
  SmallVector<int64_t> before(rank, 0);
  Shape shape(input.getShape());
  for (auto [index, axis] : llvm::enumerate(axes)) {
    before[axis] = (*pads)[index];
    int64_t sum;
    if (llvm::AddOverflow(shape[axis], (*pads)[index], sum) ||
        llvm::AddOverflow(sum, (*pads)[index + axes.size()], sum) || sum < 0)
      return failure();
    shape[axis] = sum;
  }
  if (!e.fits(shape))
    return failure();
  if (mode != "constant" && input.getNumElements() == 0)
    return failure();
  Tensor fill =
      Tensor::fromIntegers(IntegerType::get(e.node.getContext(), 64), {}, {0});
  fill = fill.cast(input.getElementType());
  if (const Tensor *value = e.input(2)) {
    if (value->getNumElements() != 1 ||
        value->getElementType() != input.getElementType())
      return failure();
    fill = *value;
  } else if (auto value =
                 dyn_cast_if_present<FloatAttr>(e.node.attr("value"))) {
    Tensor number = Tensor::allocate(Float64Type::get(e.node.getContext()), {});
    *number.mutableData<double>() = value.getValueAsDouble();
    fill = number.cast(input.getElementType());
  }
  Tensor result = Tensor::allocate(input.getElementType(), shape);
  if (result.getNumElements() == 0)
    return e.emit(result);
  // One table of sources per dimension.
  SmallVector<SmallVector<int64_t>> sources(rank);
  for (int64_t dim = 0; dim < rank; ++dim)
    for (int64_t i = 0; i < shape[dim]; ++i)
      sources[dim].push_back(
          padSource(i - before[dim], input.getDim(dim), mode));
  dispatchStorage(input.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    T *out = result.mutableData<T>();
    SmallVector<int64_t> index(rank, 0);
    for (int64_t i = 0, n = result.getNumElements(); i < n; ++i) {
      int64_t offset = 0;
      bool inside = true;
      for (int64_t dim = 0; dim < rank && inside; ++dim) {
        int64_t source = sources[dim][index[dim]];
        inside = source >= 0;
        offset += source * input.getStrides()[dim];
      }
      out[i] = inside ? input.data<T>()[offset] : *fill.data<T>();
      for (int64_t dim = rank - 1; dim >= 0; --dim) {
        if (++index[dim] < shape[dim])
          break;
        index[dim] = 0;
      }
    }
  });
  return e.emit(result);
}

static LogicalResult evaluateDepthToSpace(Evaluation &e) {
  int64_t block = e.node.intAttr("blocksize", 0);
  if (!e.has(0) || e.input(0)->getRank() != 4 || block <= 0 ||
      block > (1 << 20))
    return failure();
  ArrayRef<int64_t> s = e.input(0)->getShape();
  if (s[1] % (block * block) != 0)
    return failure();
  int64_t depth = s[1] / (block * block);
  bool isCRD = e.node.stringAttr("mode", "DCR") == "CRD";
  Tensor parts = isCRD ? e.input(0)
                             ->reshape({s[0], depth, block, block, s[2], s[3]})
                             .transpose({0, 1, 4, 2, 5, 3})
                       : e.input(0)
                             ->reshape({s[0], block, block, depth, s[2], s[3]})
                             .transpose({0, 3, 4, 1, 5, 2});
  return e.emit(parts.reshape({s[0], depth, s[2] * block, s[3] * block}));
}

static LogicalResult evaluateSpaceToDepth(Evaluation &e) {
  int64_t block = e.node.intAttr("blocksize", 0);
  if (!e.has(0) || e.input(0)->getRank() != 4 || block <= 0 ||
      block > (1 << 20))
    return failure();
  ArrayRef<int64_t> s = e.input(0)->getShape();
  if (s[2] % block != 0 || s[3] % block != 0)
    return failure();
  bool isCRD = e.node.stringAttr("mode", "DCR") == "CRD";
  SmallVector<int64_t> order = isCRD ? SmallVector<int64_t>{0, 1, 3, 5, 2, 4}
                                     : SmallVector<int64_t>{0, 3, 5, 1, 2, 4};
  Tensor parts =
      e.input(0)
          ->reshape({s[0], s[1], s[2] / block, block, s[3] / block, block})
          .transpose(order);
  return e.emit(
      parts.reshape({s[0], s[1] * block * block, s[2] / block, s[3] / block}));
}

void mlir::bev::onnx::addMovementEvaluations(EvaluationTable &table) {
  table["Identity"] = evaluateIdentity;
  table["Dropout"] = evaluateDropout;
  table["Reshape"] = evaluateReshape;
  table["Flatten"] = evaluateFlatten;
  table["Squeeze"] = evaluateSqueeze;
  table["Unsqueeze"] = evaluateUnsqueeze;
  table["Transpose"] = evaluateTranspose;
  table["Concat"] = evaluateConcat;
  table["Split"] = evaluateSplit;
  table["Slice"] = evaluateSlice;
  table["Expand"] = evaluateExpand;
  table["Tile"] = evaluateTile;
  table["Pad"] = evaluatePad;
  table["DepthToSpace"] = evaluateDepthToSpace;
  table["SpaceToDepth"] = evaluateSpaceToDepth;
}
