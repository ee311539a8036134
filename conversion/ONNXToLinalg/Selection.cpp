// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators whose number of results depends on the data: NonZero, Compress.

#include "Indexing.h"
#include "Reshape.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

/// The positions at which `isChosen` holds, in order, as a list of i64 with as
/// many entries as there are; and their number.
static Value
buildPositions(ImplicitLocOpBuilder &b, OpFoldResult size,
               llvm::function_ref<Value(Scalars &, Value)> isChosen) {
  Scalars s(b);
  Type i64 = b.getI64Type();
  Value all = buildEmpty(b, {size}, i64);
  // Nothing can be cut out of nothing, not even nothing.
  if (isConstantIntValue(size, 0))
    return all;
  SmallVector<Value> found = s.loop(
      s.index(0), toIndexValue(b, size), {all, s.index(0)},
      [&](Scalars &s, Value position, ValueRange carried) {
        return s.branch(
            isChosen(s, position),
            [&](Scalars &s) -> SmallVector<Value> {
              Value entry =
                  arith::IndexCastOp::create(s.b, s.b.getI64Type(), position);
              return {
                  tensor::InsertOp::create(s.b, entry, carried[0], carried[1]),
                  s.add(carried[1], s.index(1))};
            },
            [&](Scalars &) -> SmallVector<Value> {
              return {carried[0], carried[1]};
            });
      });
  return tensor::ExtractSliceOp::create(
      b, found[0], ArrayRef<OpFoldResult>{b.getIndexAttr(0)},
      ArrayRef<OpFoldResult>{found[1]},
      ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
}

static LogicalResult lowerNonZero(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value data = l.input(0);
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), data);
  OpFoldResult count = productOf(b, sizes);
  Value flat = buildReshape(b, data, {count});
  Value positions =
      buildPositions(b, count, [&](Scalars &s, Value position) -> Value {
        Value element = s.extract(flat, position);
        if (element.getType().isInteger(1))
          return element;
        Value zero = s.constant(element.getType(), 0);
        if (isa<FloatType>(element.getType()))
          return arith::CmpFOp::create(s.b, arith::CmpFPredicate::UNE, element,
                                       zero);
        return s.negate(s.eq(element, zero));
      });
  // Row d of the result is coordinate d of the positions.
  SmallVector<Value> extents;
  for (OpFoldResult size : sizes)
    extents.push_back(toIndexValue(b, size));
  SmallVector<Value> strides(extents.size());
  Scalars s(b);
  Value stride = s.index(1);
  for (size_t dim = extents.size(); dim-- > 0;) {
    strides[dim] = stride;
    stride = s.mul(stride, extents[dim]);
  }
  SmallVector<OpFoldResult> resultSizes{
      b.getIndexAttr(sizes.size()), sizesOf(b, b.getLoc(), positions).front()};
  l.setResult(buildGenerate(
      b, resultSizes, b.getI64Type(),
      [&](ImplicitLocOpBuilder &b, ValueRange index) -> Value {
        Scalars s(b);
        Value position = s.toIndex(s.extract(positions, index[1]));
        Value result = s.index(0);
        for (size_t dim = 0; dim < extents.size(); ++dim) {
          Value coordinate = arith::RemSIOp::create(
              b, arith::DivSIOp::create(b, position, strides[dim]),
              extents[dim]);
          result = s.select(s.eq(index[0], s.index(dim)), coordinate, result);
        }
        return arith::IndexCastOp::create(b, b.getI64Type(), result);
      }));
  return success();
}

static LogicalResult lowerCompress(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value data = l.input(0), condition = l.input(1);
  if (l.onnxType(1).getRank() != 1)
    return l.unsupported("its condition is not a list");
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), data);
  int64_t axis = 0;
  if (l.node.attr("axis")) {
    std::optional<int64_t> normal =
        normalizeAxis(l.node.intAttr("axis", 0), sizes.size());
    if (!normal)
      return l.unsupported("its axis is out of range");
    axis = *normal;
  } else {
    OpFoldResult count = productOf(b, sizes);
    data = buildReshape(b, data, {count});
    sizes = {count};
  }
  // The condition may be shorter than the axis.
  Scalars s(b);
  Value limit = toIndexValue(b, sizes[axis]);
  Value length =
      s.min(toIndexValue(b, sizesOf(b, b.getLoc(), condition).front()), limit);
  Value positions = buildPositions(b, getAsOpFoldResult(length),
                                   [&](Scalars &s, Value position) {
                                     return s.extract(condition, position);
                                   });
  sizes[axis] = sizesOf(b, b.getLoc(), positions).front();
  l.setResult(buildGenerate(b, sizes, getElementTypeOrSelf(data.getType()),
                            [&](ImplicitLocOpBuilder &b, ValueRange index) {
                              Scalars s(b);
                              SmallVector<Value> source(index);
                              source[axis] =
                                  s.toIndex(s.extract(positions, index[axis]));
                              return s.extract(data, source);
                            }));
  return success();
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getSelectionLowerings() {
  static const Entry entries[] = {
      {"Compress", lowerCompress},
      {"NonZero", lowerNonZero},
  };
  return entries;
}
