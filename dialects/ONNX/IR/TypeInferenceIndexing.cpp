// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of operators that pick and place elements by index.

#include "InferenceTable.h"

using namespace mlir;
using namespace mlir::bev::onnx;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

static LogicalResult inferGather(Inference &i) {
  auto data = i.shape(0), indices = i.shape(1);
  if (!data) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  auto axis = i.axis(i.node.intAttr("axis", 0), data->size());
  if (failed(axis))
    return failure();
  if (!indices) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  Shape shape(ArrayRef<int64_t>(*data).take_front(*axis));
  llvm::append_range(shape, *indices);
  llvm::append_range(shape, ArrayRef<int64_t>(*data).drop_front(*axis + 1));
  i.set(0, i.element(0), shape);
  return success();
}

/// Whether two sizes are known, and the first is greater.
static bool exceeds(int64_t size, int64_t limit) {
  return !ShapedType::isDynamic(size) && !ShapedType::isDynamic(limit) &&
         size > limit;
}

/// Indices of single elements along one axis: of the data's rank, and no more
/// than it has along the others.
static LogicalResult checkElementIndices(Inference &i) {
  auto data = i.shape(0), indices = i.shape(1);
  if (data && indices && data->size() != indices->size())
    return i.error() << "expected indices of the rank of the data ("
                     << data->size() << "), but got " << toString(*indices);
  if (!data)
    return success();
  auto axis = i.axis(i.node.intAttr("axis", 0), data->size());
  if (failed(axis))
    return failure();
  for (int64_t dim = 0, rank = data->size(); indices && dim < rank; ++dim)
    if (dim != *axis && exceeds((*indices)[dim], (*data)[dim]))
      return i.error() << "expected at most " << (*data)[dim]
                       << " indices in dim " << dim
                       << ", which is not the axis, but got "
                       << (*indices)[dim];
  return success();
}

static LogicalResult inferGatherElements(Inference &i) {
  if (failed(checkElementIndices(i)))
    return failure();
  i.set(0, i.element(0), i.shape(1));
  return success();
}

static LogicalResult inferGatherND(Inference &i) {
  auto data = i.shape(0), indices = i.shape(1);
  if (!data || !indices || indices->empty() ||
      ShapedType::isDynamic(indices->back())) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  int64_t batch = i.node.intAttr("batch_dims", 0), depth = indices->back();
  int64_t rank = data->size();
  if (batch < 0 || batch >= int64_t(indices->size()) || depth < 0 ||
      batch + depth > rank)
    return i.error() << "expected batch_dims (" << batch << ") and indices of "
                     << depth << " elements to fit the data ("
                     << toString(*data) << ")";
  Shape shape(ArrayRef<int64_t>(*indices).drop_back());
  llvm::append_range(shape, ArrayRef<int64_t>(*data).drop_front(batch + depth));
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferScatter(Inference &i) {
  if (failed(i.checkSameElements({0, 2})))
    return failure();
  return i.same(0, 0);
}

static LogicalResult inferScatterElements(Inference &i) {
  if (failed(checkElementIndices(i)))
    return failure();
  auto indices = i.shape(1), updates = i.shape(2);
  bool differ = indices && updates && indices->size() != updates->size();
  for (size_t dim = 0; indices && updates && !differ && dim < indices->size();
       ++dim)
    differ = exceeds((*updates)[dim], (*indices)[dim]) ||
             exceeds((*indices)[dim], (*updates)[dim]);
  if (differ)
    return i.error() << "expected updates of the shape of the indices ("
                     << toString(*indices) << "), but got "
                     << toString(*updates);
  return inferScatter(i);
}

static LogicalResult inferScatterND(Inference &i) {
  auto data = i.shape(0), indices = i.shape(1), updates = i.shape(2);
  if (data && indices && updates && !indices->empty() &&
      !ShapedType::isDynamic(indices->back())) {
    int64_t depth = indices->back();
    if (depth < 0 || depth > int64_t(data->size()))
      return i.error() << "expected indices of at most " << data->size()
                       << " elements, but got " << depth;
    Shape expected(ArrayRef<int64_t>(*indices).drop_back());
    llvm::append_range(expected, ArrayRef<int64_t>(*data).drop_front(depth));
    bool fits = expected.size() == updates->size();
    for (size_t dim = 0; fits && dim < expected.size(); ++dim)
      fits = expected[dim] == (*updates)[dim] ||
             ShapedType::isDynamic(expected[dim]) ||
             ShapedType::isDynamic((*updates)[dim]);
    if (!fits)
      return i.error() << "expected updates of shape " << toString(expected)
                       << ", but got " << toString(*updates);
  }
  return inferScatter(i);
}

static LogicalResult inferNonZero(Inference &i) {
  auto rank = i.rank(0);
  int64_t rows = rank ? std::max<int64_t>(1, *rank) : kDynamic;
  i.set(0, i.i64(), Shape{rows, kDynamic});
  return success();
}

static LogicalResult inferSame(Inference &i) { return i.same(0, 0); }

static LogicalResult inferCompress(Inference &i) {
  if (!i.node.attr("axis")) {
    i.set(0, i.element(0), Shape{kDynamic});
    return success();
  }
  auto shape = i.shape(0);
  if (shape) {
    auto axis = i.axis(i.node.intAttr("axis", 0), shape->size());
    if (failed(axis))
      return failure();
    (*shape)[*axis] = kDynamic;
  }
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferTopK(Inference &i) {
  auto shape = i.shape(0);
  if (shape) {
    auto axis = i.axis(i.node.intAttr("axis", -1), shape->size());
    if (failed(axis))
      return failure();
    int64_t &size = (*shape)[*axis];
    std::optional<int64_t> k = i.integer(1);
    if (!i.has(1) && i.node.attr("k"))
      k = i.node.intAttr("k", 0);
    if (k && !ShapedType::isDynamic(size) && (*k < 0 || *k > size))
      return i.error() << "expected k within [0, " << size << "], but got "
                       << *k;
    size = k.value_or(kDynamic);
  }
  i.set(0, i.element(0), shape);
  i.set(1, i.i64(), shape);
  return success();
}

static LogicalResult inferUnique(Inference &i) {
  auto shape = i.shape(0);
  if (!i.node.attr("axis")) {
    i.set(0, i.element(0), Shape{kDynamic});
  } else if (shape) {
    auto axis = i.axis(i.node.intAttr("axis", 0), shape->size());
    if (failed(axis))
      return failure();
    (*shape)[*axis] = kDynamic;
    i.set(0, i.element(0), shape);
  } else {
    i.set(0, i.element(0), std::nullopt);
  }
  for (unsigned index = 1; index < 4; ++index)
    i.set(index, i.i64(), Shape{kDynamic});
  return success();
}

void mlir::bev::onnx::addIndexingInferences(InferenceTable &table) {
  table["Gather"] = {inferGather, 2};
  table["GatherElements"] = {inferGatherElements, 2};
  table["GatherND"] = {inferGatherND, 2};
  table["Scatter"] = {inferScatterElements, 3};
  table["ScatterElements"] = {inferScatterElements, 3};
  table["ScatterND"] = {inferScatterND, 3};
  table["TensorScatter"] = {inferSame, 2};
  table["NonZero"] = {inferNonZero, 1};
  table["Trilu"] = {inferSame, 1};
  table["ReverseSequence"] = {inferSame, 2};
  table["Compress"] = {inferCompress, 2};
  table["TopK"] = {inferTopK, 1, 2};
  table["Unique"] = {inferUnique, 1, 4};
}
