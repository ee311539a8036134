// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that read at computed indices: Gather and its kin, OneHot,
// ReverseSequence. Those that write at them are in Scattering.cpp, those whose
// number of results depends on the data in Selection.cpp.

#include "Indexing.h"
#include "Scalars.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

Value mlir::bev::onnx_to_linalg::buildIndex(Scalars &s, Value index,
                                            Value size) {
  ImplicitLocOpBuilder &b = s.b;
  if (!index.getType().isIndex())
    index = b.createOrFold<arith::IndexCastOp>(b.getIndexType(), index);
  Value zero = s.index(0);
  Value wrapped = s.select(s.lt(index, zero), s.add(index, size), index);
  return s.clamp(wrapped, zero, s.sub(size, s.index(1)));
}

/// Constant indices that count up by one.
static std::optional<int64_t> getRunStart(Value indices, int64_t size) {
  DenseIntElementsAttr constant;
  if (!matchPattern(indices, m_Constant(&constant)) ||
      constant.getNumElements() == 0)
    return std::nullopt;
  std::optional<int64_t> start, next;
  for (const APInt &value : constant.getValues<APInt>()) {
    int64_t index = value.getSExtValue();
    if (index < 0)
      index += size;
    if (index < 0 || index >= size || (next && index != *next))
      return std::nullopt;
    if (!start)
      start = index;
    next = index + 1;
  }
  return start;
}

/// A scalar or list from a list that is made of scalars, as shapes are.
static Value tryGatherScalars(ImplicitLocOpBuilder &b, Value data,
                              Value indices) {
  auto type = cast<RankedTensorType>(data.getType());
  auto indexType = cast<RankedTensorType>(indices.getType());
  DenseIntElementsAttr constant;
  if (type.getRank() != 1 || indexType.getRank() > 1 ||
      !type.getElementType().isSignlessInteger() ||
      !matchPattern(indices, m_Constant(&constant)) ||
      constant.getNumElements() > 32)
    return Value();
  std::optional<SmallVector<Value>> elements = getElements(b, data);
  if (!elements || elements->empty())
    return Value();
  SmallVector<Value> gathered;
  for (const APInt &value : constant.getValues<APInt>()) {
    int64_t index = value.getSExtValue(), size = elements->size();
    index = std::clamp<int64_t>(index < 0 ? index + size : index, 0, size - 1);
    gathered.push_back((*elements)[index]);
  }
  return tensor::FromElementsOp::create(
      b, indexType.clone(type.getElementType()), gathered);
}

/// One value for each entry of `indices`, taken by `body` from its position.
/// The indices' dimensions are `dims` of the result's.
static Value
buildIndexed(ImplicitLocOpBuilder &b, Value indices, ArrayRef<int64_t> dims,
             ArrayRef<OpFoldResult> sizes, Type elementType,
             llvm::function_ref<Value(Scalars &, Value, ValueRange)> body) {
  int64_t rank = sizes.size();
  SmallVector<AffineExpr> read;
  for (int64_t dim : dims)
    read.push_back(b.getAffineDimExpr(dim));
  return buildGeneric(b, indices, buildEmpty(b, sizes, elementType),
                      {AffineMap::get(rank, 0, read, b.getContext()),
                       b.getMultiDimIdentityMap(rank)},
                      SmallVector<utils::IteratorType>(
                          rank, utils::IteratorType::parallel),
                      [&](ImplicitLocOpBuilder &b, ValueRange args) {
                        Scalars s(b);
                        return SmallVector<Value>{
                            body(s, args.front(), getIndices(b, rank))};
                      })
      .front();
}

static LogicalResult lowerGather(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value data = l.input(0), indices = l.input(1);
  RankedTensorType type = l.onnxType(0), indexType = l.onnxType(1);
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", 0), type.getRank());
  if (!axis)
    return l.unsupported("its axis is out of range");
  if (Value scalars = tryGatherScalars(b, data, indices)) {
    l.setResult(scalars);
    return success();
  }
  SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), data);
  std::optional<int64_t> start;
  if (!type.isDynamicDim(*axis) && indexType.getRank() <= 1)
    start = getRunStart(indices, type.getDimSize(*axis));
  if (start) {
    SmallVector<OpFoldResult> offsets(own.size(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(own.size(), b.getIndexAttr(1));
    SmallVector<OpFoldResult> sizes(own);
    offsets[*axis] = b.getIndexAttr(*start);
    sizes[*axis] = b.getIndexAttr(indexType.getNumElements());
    Value slice =
        tensor::ExtractSliceOp::create(b, data, offsets, sizes, strides);
    if (indexType.getRank() == 0) {
      SmallVector<bool> drop(own.size(), false);
      drop[*axis] = true;
      slice = dropUnitDims(b, slice, drop);
    }
    l.setResult(slice);
    return success();
  }
  // Result: the dimensions before the axis, the indices', those after it.
  SmallVector<OpFoldResult> sizes(own.begin(), own.begin() + *axis);
  llvm::append_range(sizes, sizesOf(b, b.getLoc(), indices));
  sizes.append(own.begin() + *axis + 1, own.end());
  SmallVector<int64_t> dims;
  for (int64_t i = 0; i < indexType.getRank(); ++i)
    dims.push_back(*axis + i);
  Value size = toIndexValue(b, own[*axis]);
  l.setResult(buildIndexed(
      b, indices, dims, sizes, convertType(type.getElementType()),
      [&](Scalars &s, Value index, ValueRange position) {
        SmallVector<Value> source(position.take_front(*axis));
        source.push_back(buildIndex(s, index, size));
        llvm::append_range(source,
                           position.drop_front(*axis + indexType.getRank()));
        return s.extract(data, source);
      }));
  return success();
}

static LogicalResult lowerGatherElements(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value data = l.input(0), indices = l.input(1);
  RankedTensorType type = l.onnxType(0);
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", 0), type.getRank());
  if (!axis || l.onnxType(1).getRank() != type.getRank())
    return l.unsupported("its axis is out of range, or its inputs differ in "
                         "rank");
  SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), data);
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), indices);
  SmallVector<Value> limits;
  for (OpFoldResult size : own)
    limits.push_back(toIndexValue(b, size));
  l.setResult(buildIndexed(
      b, indices, llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())), sizes,
      convertType(type.getElementType()),
      [&](Scalars &s, Value index, ValueRange position) {
        SmallVector<Value> source(position);
        source[*axis] = buildIndex(s, index, limits[*axis]);
        return s.extract(data, source);
      }));
  return success();
}

static LogicalResult lowerGatherND(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value data = l.input(0), indices = l.input(1);
  RankedTensorType type = l.onnxType(0), indexType = l.onnxType(1);
  int64_t batch = l.node.intAttr("batch_dims", 0);
  int64_t indexRank = indexType.getRank();
  // The number of indices of one element, which the ranks give away.
  int64_t depth =
      type.getRank() + indexRank - 1 - batch - l.resultType().getRank();
  if (batch < 0 || batch >= indexRank || depth < 0 ||
      batch + depth > type.getRank() ||
      (!indexType.isDynamicDim(indexRank - 1) &&
       indexType.getDimSize(indexRank - 1) != depth))
    return l.unsupported("the ranks of its inputs do not fit");
  SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), data);
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), indices);
  sizes.pop_back();
  int64_t outer = sizes.size();
  sizes.append(own.begin() + batch + depth, own.end());
  SmallVector<Value> limits;
  for (OpFoldResult size : own)
    limits.push_back(toIndexValue(b, size));
  l.setResult(buildGenerate(
      b, sizes, convertType(type.getElementType()),
      [&](ImplicitLocOpBuilder &b, ValueRange position) {
        Scalars s(b);
        SmallVector<Value> source(position.take_front(batch));
        SmallVector<Value> entry(position.take_front(outer));
        for (int64_t i = 0; i < depth; ++i) {
          entry.push_back(s.index(i));
          Value index = s.extract(indices, entry);
          entry.pop_back();
          source.push_back(buildIndex(s, index, limits[batch + i]));
        }
        llvm::append_range(source, position.drop_front(outer));
        return s.extract(data, source);
      }));
  return success();
}

static LogicalResult lowerOneHot(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  RankedTensorType indexType = l.onnxType(0), type = l.resultType();
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", -1), type.getRank());
  if (!axis || l.onnxType(2).getRank() != 1 || l.onnxType(1).getRank() > 1)
    return l.unsupported("its axis, depth or values have the wrong shape");
  Scalars s(b);
  Value given = l.input(1);
  Type depthType = l.onnxType(1).getElementType();
  OpFoldResult depth;
  if (isa<FloatType>(depthType)) {
    SmallVector<Value> zeros(l.onnxType(1).getRank(), s.index(0));
    Value number = s.extract(given, zeros);
    depth = getAsOpFoldResult(b.createOrFold<arith::IndexCastOp>(
        b.getIndexType(), buildCast(b, number, depthType, b.getI64Type())));
  } else {
    depth = readIntegers(b, given, 1).front();
  }
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), l.input(0));
  sizes.insert(sizes.begin() + *axis, atLeast(b, depth, 0));
  sizes = refineSizes(b, sizes, type);
  Value size = toIndexValue(b, sizes[*axis]);
  Value off = s.extract(l.input(2), s.index(0));
  Value on = s.extract(l.input(2), s.index(1));
  SmallVector<int64_t> dims;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (dim != *axis)
      dims.push_back(dim);
  Type onnxIndex = indexType.getElementType();
  l.setResult(buildIndexed(
      b, l.input(0), dims, sizes, type.getElementType(),
      [&](Scalars &s, Value index, ValueRange position) {
        Value integer = buildCast(s.b, index, onnxIndex, s.b.getI64Type());
        Value hot =
            arith::IndexCastOp::create(s.b, s.b.getIndexType(), integer);
        // Beyond the depth nothing is hot.
        hot = s.select(s.lt(hot, s.index(0)), s.add(hot, size), hot);
        return s.select(s.eq(hot, position[*axis]), on, off);
      }));
  return success();
}

static LogicalResult lowerReverseSequence(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  RankedTensorType type = l.onnxType(0);
  int64_t time = l.node.intAttr("time_axis", 0);
  int64_t batch = l.node.intAttr("batch_axis", 1);
  if (type.getRank() < 2 || time + batch != 1 || time * batch != 0)
    return l.unsupported("its axes are not 0 and 1");
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), l.input(0));
  Value size = toIndexValue(b, sizes[time]);
  l.setResult(buildIndexed(
      b, l.input(1), {batch}, sizes, convertType(type.getElementType()),
      [&](Scalars &s, Value length, ValueRange position) {
        Value count =
            arith::IndexCastOp::create(s.b, s.b.getIndexType(), length);
        count = s.clamp(count, s.index(0), size);
        SmallVector<Value> source(position);
        Value reversed = s.sub(s.sub(count, s.index(1)), position[time]);
        source[time] =
            s.select(s.lt(position[time], count), reversed, position[time]);
        return s.extract(l.input(0), source);
      }));
  return success();
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getIndexingLowerings() {
  static const SmallVector<Entry> entries = [] {
    SmallVector<Entry> entries{
        {"Gather", lowerGather},
        {"GatherElements", lowerGatherElements},
        {"GatherND", lowerGatherND},
        {"OneHot", lowerOneHot},
        {"ReverseSequence", lowerReverseSequence},
    };
    llvm::append_range(entries, getScatteringLowerings());
    llvm::append_range(entries, getSelectionLowerings());
    return entries;
  }();
  return entries;
}
