// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that compare the elements of a line: ArgMax, ArgMin, Hardmax, TopK.

#include "Lowerings.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

/// The index of the greatest (or least) element of each line along `axis`,
/// without that dimension.
static Value buildArgExtreme(ImplicitLocOpBuilder &b, Value x, int64_t axis,
                             bool wantsMax, bool wantsLast, bool isUnsigned) {
  auto type = cast<RankedTensorType>(x.getType());
  llvm::SmallBitVector reduced(type.getRank());
  reduced.set(axis);
  SmallVector<OpFoldResult> kept =
      getKeptSizes(sizesOf(b, b.getLoc(), x), reduced);
  Scalars s(b, isUnsigned);
  Type element = type.getElementType();
  Value extreme =
      buildFill(b, kept, wantsMax ? s.lowest(element) : s.highest(element));
  Value place = buildFill(b, kept, s.constant(b.getI64Type(), 0));
  AffineMap keptMap = getKeptMap(b.getContext(), reduced);
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  iterators[axis] = utils::IteratorType::reduction;
  return buildGeneric(
             b, x, {extreme, place},
             {b.getMultiDimIdentityMap(type.getRank()), keptMap, keptMap},
             iterators,
             [&](ImplicitLocOpBuilder &b, ValueRange args) {
               Scalars s(b, isUnsigned);
               Value now = args[0], best = args[1];
               Value isBetter =
                   wantsMax ? (wantsLast ? s.ge(now, best) : s.gt(now, best))
                            : (wantsLast ? s.le(now, best) : s.lt(now, best));
               Value index =
                   s.to(b.getI64Type(), linalg::IndexOp::create(b, axis));
               return SmallVector<Value>{s.select(isBetter, now, best),
                                         s.select(isBetter, index, args[2])};
             })
      .back();
}

LogicalResult mlir::bev::onnx_to_linalg::lowerArgExtreme(Lowering &l) {
  auto type = cast<RankedTensorType>(l.input(0).getType());
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", 0), type.getRank());
  if (!axis)
    return l.unsupported("an axis that the input does not have");
  Value place = buildArgExtreme(
      l.b, l.input(0), *axis, l.node.getOpType() == "ArgMax",
      l.node.intAttr("select_last_index", 0) != 0, l.isUnsigned(0));
  llvm::SmallBitVector reduced(type.getRank());
  reduced.set(*axis);
  l.setResult(l.node.intAttr("keepdims", 1)
                  ? insertUnitDims(l.b, place, reduced)
                  : place);
  return success();
}

LogicalResult mlir::bev::onnx_to_linalg::lowerHardmax(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  auto type = cast<RankedTensorType>(x.getType());
  // Before version 13 the dimensions from the axis on are one.
  bool isFlat = l.node.getVersion() < 13;
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", isFlat ? 1 : -1), type.getRank());
  if (!axis)
    return l.unsupported("an axis that the input does not have");
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  isFlat &= *axis != type.getRank() - 1;
  int64_t dim = *axis;
  if (isFlat) {
    x = flattenAround(b, x, *axis);
    dim = 1;
  }
  Value place = buildArgExtreme(b, x, dim, /*wantsMax=*/true,
                                /*wantsLast=*/false, /*isUnsigned=*/false);
  llvm::SmallBitVector reduced(cast<RankedTensorType>(x.getType()).getRank());
  reduced.set(dim);
  Type element = type.getElementType();
  Value result =
      buildApply(b, x, place, reduced, {}, {}, element,
                 [&](ImplicitLocOpBuilder &b, ValueRange args) {
                   Scalars s(b);
                   Value index =
                       s.to(b.getI64Type(), linalg::IndexOp::create(b, dim));
                   return s.select(s.eq(index, args[1]), s.constant(element, 1),
                                   s.constant(element, 0));
                 });
  l.setResult(isFlat ? unflattenAround(b, result, *axis, sizes) : result);
  return success();
}

/// Sorts the places of each line with a network of compare-and-exchange steps
/// (bitonic sort): every step is one parallel op, for any size of the line.
/// Lines are padded to a power of two with places behind the end, which are
/// greater than all others.
Value mlir::bev::onnx_to_linalg::buildSortedOrder(ImplicitLocOpBuilder &b,
                                                  Value tensor, int64_t axis,
                                                  bool isDescending,
                                                  bool isUnsigned) {
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), tensor),
                            padded = sizes;
  Scalars s(b);
  Type i64 = b.getI64Type();
  Value size = toIndexValue(b, sizes[axis]), one = s.index(1);
  Value steps;
  if (std::optional<int64_t> known = getConstantIntValue(sizes[axis])) {
    int64_t log = llvm::Log2_64_Ceil(std::max<int64_t>(*known, 1));
    steps = s.index(log);
    padded[axis] = b.getIndexAttr(int64_t(1) << log);
  } else {
    // 64 less the leading zeros of size - 1.
    Value last = s.sub(s.max(size, one), one);
    Value zeros = math::CountLeadingZerosOp::create(b, s.to(i64, last));
    Value log = s.sub(s.constant(i64, 64), zeros);
    steps = s.toIndex(log);
    padded[axis] = arith::ShLIOp::create(b, one, steps).getResult();
  }

  Value places = buildGenerate(
      b, padded, i64, [&](ImplicitLocOpBuilder &b, ValueRange index) -> Value {
        return Scalars(b).to(i64, index[axis]);
      });
  // Whether the element at place x comes before that at y.
  auto comesBefore = [&](Scalars &s, ValueRange index, Value x, Value y) {
    SmallVector<Value> at(index);
    Value last = s.sub(size, s.index(1));
    auto read = [&](Value place) {
      at[axis] = s.max(s.min(s.toIndex(place), last), s.index(0));
      return s.extract(tensor, at);
    };
    Scalars compare(s.b, isUnsigned);
    Value valueX = read(x), valueY = read(y);
    Value greaterX = compare.gt(valueX, valueY),
          greaterY = compare.gt(valueY, valueX);
    if (isa<FloatType>(valueX.getType())) {
      Value isNaNX = s.isNaN(valueX), isNaNY = s.isNaN(valueY);
      greaterX = s.either(greaterX, s.both(isNaNX, s.negate(isNaNY)));
      greaterY = s.either(greaterY, s.both(isNaNY, s.negate(isNaNX)));
    }
    Value first = isDescending ? greaterX : greaterY,
          second = isDescending ? greaterY : greaterX;
    Value inside = s.both(s.lt(s.toIndex(x), size), s.lt(s.toIndex(y), size));
    Value isEarlier = s.lt(x, y);
    Value byValue = s.either(first, s.both(s.negate(second), isEarlier));
    return s.select(inside, byValue, isEarlier);
  };

  auto exchange = [&](Scalars &s, Value stage, Value step, Value carried) {
    // Runs of 2^(stage + 1) become sorted, every other one backwards; partners
    // are 2^step apart.
    Value distance = arith::ShLIOp::create(s.b, s.index(1), step);
    Value run = arith::ShLIOp::create(s.b, s.index(2), stage);
    return buildGenerate(
        s.b, padded, i64, [&](ImplicitLocOpBuilder &b, ValueRange index) {
          Scalars s(b);
          Value own = index[axis];
          Value partner = arith::XOrIOp::create(b, own, distance);
          SmallVector<Value> at(index);
          Value mine = s.extract(carried, at);
          at[axis] = partner;
          Value other = s.extract(carried, at);
          Value isLower = s.lt(own, partner);
          Value isBackwards =
              s.negate(s.eq(arith::AndIOp::create(b, own, run), s.index(0)));
          // Both partners decide alike: whether the lower's element is later.
          Value low = s.select(isLower, mine, other),
                high = s.select(isLower, other, mine);
          Value isSorted = comesBefore(s, index, low, high);
          Value swaps = s.eq(isSorted, isBackwards);
          return s.select(swaps, other, mine);
        });
  };
  places =
      s.loop(s.index(0), steps, places,
             [&](Scalars &s, Value stage, ValueRange carried) {
               return s.loop(s.index(0), s.add(stage, s.index(1)), carried,
                             [&](Scalars &s, Value i, ValueRange carried) {
                               return SmallVector<Value>{exchange(
                                   s, stage, s.sub(stage, i), carried.front())};
                             });
             })
          .front();
  SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0)),
      strides(sizes.size(), b.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(b, places, offsets, sizes, strides);
}

LogicalResult mlir::bev::onnx_to_linalg::lowerTopK(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  auto type = cast<RankedTensorType>(x.getType());
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", -1), type.getRank());
  if (!axis)
    return l.unsupported("an axis that the input does not have");
  OpFoldResult count;
  if (Value k = l.input(1)) {
    if (cast<RankedTensorType>(k.getType()).getRank() > 1)
      return l.unsupported("a K that is not one number");
    count = readIntegers(b, k, 1).front();
  } else {
    count = b.getIndexAttr(l.node.intAttr("k", 0));
  }
  Value order = buildSortedOrder(b, x, *axis, l.node.intAttr("largest", 1) != 0,
                                 l.isUnsigned(0));
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  std::optional<int64_t> knownCount = getConstantIntValue(count),
                         knownSize = getConstantIntValue(sizes[*axis]);
  if (!knownCount || !knownSize || *knownCount < 0 ||
      *knownCount > *knownSize) {
    // There are no more elements than there are.
    Scalars s(b);
    count = getAsOpFoldResult(s.clamp(toIndexValue(b, count), s.index(0),
                                      toIndexValue(b, sizes[*axis])));
  }
  sizes[*axis] = count;
  sizes = refineSizes(b, sizes, l.resultType());
  // A copy, not a slice: a result of the model has no gaps.
  Value places = buildGenerate(b, sizes, b.getI64Type(),
                               [&](ImplicitLocOpBuilder &b, ValueRange index) {
                                 return Scalars(b).extract(order, index);
                               });
  Value values = buildElementwise(
      b, places, sizes, type.getElementType(),
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        SmallVector<Value> index;
        for (int64_t dim = 0; dim < type.getRank(); ++dim)
          index.push_back(dim == *axis ? s.toIndex(args.front())
                                       : linalg::IndexOp::create(b, dim));
        return s.extract(x, index);
      });
  l.setResult(0, values);
  if (l.node.getNumResults() > 1)
    l.setResult(1, places);
  return success();
}
