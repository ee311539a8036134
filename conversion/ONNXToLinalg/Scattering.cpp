// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that write at computed indices: ScatterND, ScatterElements.

#include "Indexing.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

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
  l.setResult(
      buildScatter(l, l.input(0), l.input(2), reduction,
                   [&](Scalars &s, ValueRange position) {
                     SmallVector<Value> indices;
                     SmallVector<Value> entry(position.take_front(outer));
                     for (int64_t i = 0; i < depth; ++i) {
                       entry.push_back(s.index(i));
                       indices.push_back(buildIndex(
                           s, s.extract(l.input(1), entry), limits[i]));
                       entry.pop_back();
                     }
                     llvm::append_range(indices, position.drop_front(outer));
                     return indices;
                   }));
  return success();
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getScatteringLowerings() {
  static const Entry entries[] = {
      {"Scatter", lowerScatterElements},
      {"ScatterElements", lowerScatterElements},
      {"ScatterND", lowerScatterND},
  };
  return entries;
}
