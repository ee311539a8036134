// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that write at computed indices: ScatterND, ScatterElements,
// TensorScatter.

#include "Indexing.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

/// What a node does with two values for one element.
static LogicalResult getReduction(Lowering &l, StringRef &reduction) {
  reduction = l.node.stringAttr("reduction", "none");
  if (!llvm::is_contained({"none", "add", "mul", "min", "max"}, reduction))
    return l.unsupported("its reduction '" + reduction + "' is not supported");
  return success();
}

static Value combine(Scalars &s, StringRef reduction, Value old, Value update) {
  bool isBool = old.getType().isInteger(1);
  if (reduction == "none")
    return update;
  if (reduction == "add")
    return isBool ? s.either(old, update) : s.add(old, update);
  if (reduction == "mul")
    return isBool ? s.both(old, update) : s.mul(old, update);
  return reduction == "min" ? s.min(old, update) : s.max(old, update);
}

/// Writes into `data`, one after the other, what `locate` says about each
/// element of `updates`: updates of the same element must not race.
static Value buildScatter(
    Lowering &l, Value data, Value updates, StringRef reduction,
    llvm::function_ref<SmallVector<Value>(Scalars &, ValueRange)> locate) {
  ImplicitLocOpBuilder &b = l.b;
  bool isUnsigned = l.isUnsigned(0);
  Scalars outer(b, isUnsigned);
  SmallVector<Value> sizes;
  for (OpFoldResult size : sizesOf(b, b.getLoc(), updates))
    sizes.push_back(toIndexValue(b, size));
  SmallVector<Value> position;
  std::function<Value(Scalars &, Value)> nest = [&](Scalars &s,
                                                    Value target) -> Value {
    if (position.size() == sizes.size()) {
      SmallVector<Value> indices = locate(s, position);
      Value value = s.extract(updates, position);
      if (reduction != "none")
        value = combine(s, reduction, s.extract(target, indices), value);
      return tensor::InsertOp::create(s.b, value, target, indices);
    }
    return s
        .loop(s.index(0), sizes[position.size()], target,
              [&](Scalars &inner, Value index, ValueRange carried) {
                Scalars s(inner.b, isUnsigned);
                position.push_back(index);
                Value result = nest(s, carried.front());
                position.pop_back();
                return SmallVector<Value>{result};
              })
        .front();
  };
  return nest(outer, data);
}

static LogicalResult lowerScatterElements(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  StringRef reduction;
  if (failed(getReduction(l, reduction)))
    return failure();
  RankedTensorType type = l.onnxType(0);
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", 0), type.getRank());
  if (!axis || l.onnxType(1).getRank() != type.getRank() ||
      l.onnxType(2).getRank() != type.getRank())
    return l.unsupported("its axis is out of range, or its inputs differ in "
                         "rank");
  SmallVector<Value> limits;
  for (OpFoldResult size : sizesOf(b, b.getLoc(), l.input(0)))
    limits.push_back(toIndexValue(b, size));
  l.setResult(buildScatter(l, l.input(0), l.input(2), reduction,
                           [&](Scalars &s, ValueRange position) {
                             SmallVector<Value> indices(position);
                             indices[*axis] =
                                 buildIndex(s, s.extract(l.input(1), position),
                                            limits[*axis]);
                             return indices;
                           }));
  return success();
}

/// ScatterND whose updates are slices and replace what is there. One after the
/// other is only which update is the last of each place; what has most elements
/// is then chosen in parallel. `locate` gives the indices of the update at a
/// position in the first `outer` dimensions of `updates`.
static Value buildSliceScatter(
    ImplicitLocOpBuilder &b, Value data, Value updates, int64_t outer,
    int64_t depth,
    llvm::function_ref<SmallVector<Value>(Scalars &, ValueRange)> locate) {
  Scalars s(b);
  Type i64 = b.getI64Type();
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), data),
                            updateSizes = sizesOf(b, b.getLoc(), updates);
  SmallVector<Value> counts;
  for (OpFoldResult size : ArrayRef(updateSizes).take_front(outer))
    counts.push_back(toIndexValue(b, size));
  Value total =
      toIndexValue(b, productOf(b, ArrayRef(updateSizes).take_front(outer)));
  auto getPosition = [&](Scalars &s, Value number) {
    SmallVector<Value> position(outer);
    for (int64_t dim = outer; dim-- > 0;) {
      position[dim] = arith::RemSIOp::create(s.b, number, counts[dim]);
      number = arith::DivSIOp::create(s.b, number, counts[dim]);
    }
    return position;
  };
  Value last =
      buildFill(b, ArrayRef(sizes).take_front(depth), s.constant(i64, -1));
  last = s.loop(s.index(0), total, last,
                [&](Scalars &s, Value number, ValueRange carried) {
                  Value entry = arith::IndexCastOp::create(s.b, i64, number);
                  Value changed = tensor::InsertOp::create(
                      s.b, entry, carried.front(),
                      locate(s, getPosition(s, number)));
                  return SmallVector<Value>{changed};
                })
             .front();
  return buildGenerate(
      b, sizes, getElementTypeOrSelf(data.getType()),
      [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        Value entry = s.extract(last, index.take_front(depth));
        return s
            .branch(
                s.ge(entry, s.constant(i64, 0)),
                [&](Scalars &s) -> SmallVector<Value> {
                  SmallVector<Value> source = getPosition(s, s.toIndex(entry));
                  llvm::append_range(source, index.drop_front(depth));
                  return {s.extract(updates, source)};
                },
                [&](Scalars &s) -> SmallVector<Value> {
                  return {s.extract(data, index)};
                })
            .front();
      });
}

static LogicalResult lowerScatterND(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  StringRef reduction;
  if (failed(getReduction(l, reduction)))
    return failure();
  RankedTensorType type = l.onnxType(0), indexType = l.onnxType(1);
  int64_t outer = indexType.getRank() - 1;
  // The number of indices of one update, which the ranks give away.
  int64_t depth = outer + type.getRank() - l.onnxType(2).getRank();
  if (outer < 0 || depth < 0 || depth > type.getRank() ||
      (!indexType.isDynamicDim(outer) && indexType.getDimSize(outer) != depth))
    return l.unsupported("the ranks of its inputs do not fit");
  SmallVector<Value> limits;
  for (OpFoldResult size : sizesOf(b, b.getLoc(), l.input(0)))
    limits.push_back(toIndexValue(b, size));
  auto locate = [&](Scalars &s, ValueRange position) {
    SmallVector<Value> indices;
    SmallVector<Value> entry(position.take_front(outer));
    for (int64_t i = 0; i < depth; ++i) {
      entry.push_back(s.index(i));
      indices.push_back(buildIndex(s, s.extract(l.input(1), entry), limits[i]));
      entry.pop_back();
    }
    llvm::append_range(indices, position.drop_front(outer));
    return indices;
  };
  bool hasSlices = llvm::any_of(type.getShape().drop_front(depth),
                                [](int64_t size) { return size != 1; });
  l.setResult(
      hasSlices && reduction == "none"
          ? buildSliceScatter(b, l.input(0), l.input(2), outer, depth, locate)
          : buildScatter(l, l.input(0), l.input(2), reduction, locate));
  return success();
}

/// Writes the updates of each batch element into a cache, along an axis from a
/// place of the element's own on; around its end where circular.
static LogicalResult lowerTensorScatter(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  RankedTensorType type = l.onnxType(0);
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", -2), type.getRank());
  Value places = l.input(2);
  StringRef mode = l.node.stringAttr("mode", "linear");
  if (!axis || *axis == 0 || l.onnxType(1).getRank() != type.getRank() ||
      (places && l.onnxType(2).getRank() != 1))
    return l.unsupported("its axis is out of range or 0, or the ranks of its "
                         "inputs do not fit");
  if (mode != "linear" && mode != "circular")
    return l.unsupported("its mode '" + mode + "' is not supported");
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), l.input(0));
  Value limit = toIndexValue(b, sizes[*axis]);
  Value count = toIndexValue(b, sizesOf(b, b.getLoc(), l.input(1))[*axis]);
  l.setResult(buildGenerate(
      b, sizes, convertType(type.getElementType()),
      [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        Value start =
            places ? s.toIndex(s.extract(places, index[0])) : s.index(0);
        Value offset = s.sub(index[*axis], start);
        if (mode == "circular") {
          offset = arith::RemSIOp::create(b, offset, limit);
          offset =
              s.select(s.lt(offset, s.index(0)), s.add(offset, limit), offset);
        }
        Value isInside = s.both(s.ge(offset, s.index(0)), s.lt(offset, count));
        return s
            .branch(
                isInside,
                [&](Scalars &s) -> SmallVector<Value> {
                  SmallVector<Value> source(index);
                  source[*axis] = offset;
                  return {s.extract(l.input(1), source)};
                },
                [&](Scalars &s) -> SmallVector<Value> {
                  return {s.extract(l.input(0), index)};
                })
            .front();
      }));
  return success();
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getScatteringLowerings() {
  static const Entry entries[] = {
      {"Scatter", lowerScatterElements},
      {"ScatterElements", lowerScatterElements},
      {"ScatterND", lowerScatterND},
      {"TensorScatter", lowerTensorScatter},
  };
  return entries;
}
