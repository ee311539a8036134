// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CumSum and CumProd.

#include "Lowerings.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

/// After step i every element holds what the 2^(i+1) up to it combine to: as
/// many parallel ops as the size has bits, for an axis known at run time too.
LogicalResult mlir::bev::onnx_to_linalg::lowerCumulative(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  auto type = cast<RankedTensorType>(x.getType());
  int64_t rank = type.getRank();
  if (rank == 0)
    return l.unsupported("a scalar");
  bool isSum = l.node.getOpType() == "CumSum";
  bool isExclusive = l.node.intAttr("exclusive", 0) != 0;
  bool isReverse = l.node.intAttr("reverse", 0) != 0;
  OpFoldResult axis = readIntegers(b, l.input(1), 1).front();
  std::optional<int64_t> known = getConstantIntValue(axis);
  if (known) {
    known = normalizeAxis(*known, rank);
    if (!known)
      return l.unsupported("an axis that the input does not have");
  }

  Scalars s(b);
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  SmallVector<Value> isAxis;
  Value size = s.index(1);
  for (int64_t dim = 0; dim < rank; ++dim) {
    if (known) {
      isAxis.push_back(s.boolean(dim == *known));
      if (dim == *known)
        size = toIndexValue(b, sizes[dim]);
      continue;
    }
    Value value = toIndexValue(b, axis);
    isAxis.push_back(
        s.either(s.eq(value, s.index(dim)), s.eq(value, s.index(dim - rank))));
    size = s.select(isAxis.back(), toIndexValue(b, sizes[dim]), size);
  }

  Type sumType = getSumType(type.getElementType());
  double neutral = isSum ? 0 : 1;
  // The element `distance` before an index, or the neutral element.
  auto readBefore = [&](Scalars &s, Value tensor, ValueRange index,
                        Value distance) {
    SmallVector<Value> at;
    Value isInside = s.boolean(true);
    for (int64_t dim = 0; dim < rank; ++dim) {
      if (known && dim != *known) {
        at.push_back(index[dim]);
        continue;
      }
      Value moved =
          isReverse ? s.add(index[dim], distance) : s.sub(index[dim], distance);
      if (!known)
        moved = s.select(isAxis[dim], moved, index[dim]);
      Value last = s.sub(toIndexValue(s.b, sizes[dim]), s.index(1));
      at.push_back(s.clamp(moved, s.index(0), last));
      isInside = s.both(isInside, s.eq(at.back(), moved));
    }
    Value value = s.to(sumType, s.extract(tensor, at));
    return s.select(isInside, value, s.constant(sumType, neutral));
  };

  Value sums = buildGenerate(
      b, sizes, sumType, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        return readBefore(s, x, index, s.index(isExclusive ? 1 : 0));
      });
  auto combine = [&](ImplicitLocOpBuilder &b, Value carried, Value distance) {
    return buildElementwise(
        b, carried, sizes, sumType,
        [&](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
          Scalars s(b);
          SmallVector<Value> index = getIndices(b, rank);
          Value before = readBefore(s, carried, index, distance);
          return isSum ? s.add(args[0], before) : s.mul(args[0], before);
        });
  };
  if (std::optional<int64_t> count =
          getConstantIntValue(getAsOpFoldResult(size))) {
    for (int64_t distance = 1; distance < *count; distance *= 2)
      sums = combine(b, sums, s.index(distance));
  } else {
    Type i64 = b.getI64Type();
    Value last = s.sub(s.max(size, s.index(1)), s.index(1));
    Value zeros = math::CountLeadingZerosOp::create(b, s.to(i64, last));
    Value steps = s.toIndex(s.sub(s.constant(i64, 64), zeros));
    sums = s.loop(s.index(0), steps, sums,
                  [&](Scalars &s, Value step, ValueRange carried) {
                    Value distance =
                        arith::ShLIOp::create(s.b, s.index(1), step);
                    return SmallVector<Value>{
                        combine(s.b, carried.front(), distance)};
                  })
               .front();
  }
  l.setResult(convertElements(b, sums, type.getElementType()));
  return success();
}
