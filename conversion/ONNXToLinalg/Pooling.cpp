// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MaxPool, AveragePool, LpPool and the global pools.

#include "Lowerings.h"
#include "Window.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

static RankedTensorType typeOfTensor(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

/// Reads the kernel and the window of a pool.
static std::optional<Window> getPoolWindow(Lowering &l) {
  Value x = l.input(0);
  if (typeOfTensor(x).getRank() < 3) {
    (void)l.unsupported("an input without spatial dimensions");
    return std::nullopt;
  }
  std::optional<SmallVector<int64_t>> kernel = l.node.intsAttr("kernel_shape");
  if (!kernel || llvm::any_of(*kernel, [](int64_t size) { return size < 1; })) {
    (void)l.unsupported("a kernel_shape that is absent or not positive");
    return std::nullopt;
  }
  SmallVector<OpFoldResult> sizes = sizesOf(l.b, l.b.getLoc(), x);
  return getWindow(l, ArrayRef(sizes).drop_front(2),
                   getAsIndexOpFoldResult(l.b.getContext(), *kernel));
}

/// The sizes of the result of a pool.
static SmallVector<OpFoldResult> getResultSizes(ImplicitLocOpBuilder &b,
                                                Value x, const Window &window) {
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  sizes.truncate(2);
  llvm::append_range(sizes, window.outputs);
  return sizes;
}

/// A linalg.generic over (N, C, outputs ... | taps ...) that reads the padded
/// input and carries `inits`.
static SmallVector<Value> buildPool(
    ImplicitLocOpBuilder &b, Value padded, const Window &window,
    ValueRange inits,
    llvm::function_ref<SmallVector<Value>(ImplicitLocOpBuilder &, ValueRange)>
        body) {
  int64_t rank = window.rank(), numDims = 2 + 2 * rank;
  SmallVector<AffineExpr> read, write, taps;
  for (int64_t dim = 0; dim < 2 + rank; ++dim)
    write.push_back(b.getAffineDimExpr(dim));
  read.append({write[0], write[1]});
  for (int64_t dim = 0; dim < rank; ++dim) {
    taps.push_back(b.getAffineDimExpr(2 + rank + dim));
    read.push_back(write[2 + dim] * window.strides[dim] +
                   taps.back() * window.dilations[dim]);
  }
  auto map = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(numDims, 0, exprs, b.getContext());
  };
  SmallVector<AffineMap> maps{map(read), map(taps)};
  maps.append(inits.size(), map(write));
  SmallVector<utils::IteratorType> iterators(numDims,
                                             utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), 2 + rank, utils::IteratorType::parallel);
  // Only the shape of the second input counts: it is that of the window.
  Type type = typeOfTensor(padded).getElementType();
  return buildGeneric(b, {padded, buildEmpty(b, window.kernel, type)}, inits,
                      maps, iterators, body);
}

/// The sums over windows of a padded input, added to `init`.
static Value buildSumPool(ImplicitLocOpBuilder &b, Value padded,
                          const Window &window, Value init) {
  if (window.rank() != 2)
    return buildPool(b, padded, window, init,
                     [&](ImplicitLocOpBuilder &b, ValueRange args) {
                       Scalars s(b);
                       return SmallVector<Value>{s.accumulate(
                           args[2], s.to(args[2].getType(), args[0]))};
                     })
        .front();
  Value taps =
      buildEmpty(b, window.kernel, typeOfTensor(padded).getElementType());
  return linalg::PoolingNchwSumOp::create(
             b, TypeRange{init.getType()}, ValueRange{padded, taps},
             ValueRange{init}, b.getI64TensorAttr(window.strides),
             b.getI64TensorAttr(window.dilations))
      .getResult(0);
}

LogicalResult mlir::bev::onnx_to_linalg::lowerMaxPool(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  std::optional<Window> window = getPoolWindow(l);
  if (!window)
    return failure();
  Value x = l.input(0);
  bool isUnsigned = l.isUnsigned(0);
  Type element = typeOfTensor(x).getElementType();
  Scalars s(b, isUnsigned);
  Value lowest = s.lowest(element);
  Value padded = buildPadded(b, x, *window, lowest);
  SmallVector<OpFoldResult> sizes = getResultSizes(b, x, *window);
  Value init = buildFill(b, sizes, lowest);

  if (!l.node.isOutputUsed(1)) {
    if (window->rank() == 2 && !isUnsigned) {
      Value taps = buildEmpty(b, window->kernel, element);
      l.setResult(0, linalg::PoolingNchwMaxOp::create(
                         b, TypeRange{init.getType()}, ValueRange{padded, taps},
                         ValueRange{init}, b.getI64TensorAttr(window->strides),
                         b.getI64TensorAttr(window->dilations))
                         .getResult(0));
      return success();
    }
    l.setResult(0,
                buildPool(b, padded, *window, init,
                          [&](ImplicitLocOpBuilder &b, ValueRange args) {
                            Scalars s(b, isUnsigned);
                            return SmallVector<Value>{s.max(args[2], args[0])};
                          })
                    .front());
    return success();
  }

  // With the place of each maximum in the flat input: the first of them. Where
  // nothing is greater than the least value, that is the first tap inside.
  Type i64 = b.getI64Type();
  Value places = buildFill(b, sizes, s.constant(i64, -1));
  bool isColumnMajor = l.node.intAttr("storage_order", 0) != 0;
  SmallVector<Value> input, begins;
  for (OpFoldResult size : sizesOf(b, b.getLoc(), x))
    input.push_back(toIndexValue(b, size));
  for (OpFoldResult begin : window->padBegin)
    begins.push_back(toIndexValue(b, begin));
  int64_t rank = window->rank();
  SmallVector<Value> results = buildPool(
      b, padded, *window, {init, places},
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b, isUnsigned);
        SmallVector<Value> index = getIndices(b, 2 + 2 * rank);
        Value isInside = s.boolean(true);
        SmallVector<Value> at;
        for (int64_t dim = 0; dim < rank; ++dim) {
          Value tap = s.add(
              s.mul(index[2 + dim], s.index(window->strides[dim])),
              s.mul(index[2 + rank + dim], s.index(window->dilations[dim])));
          at.push_back(s.sub(tap, begins[dim]));
          isInside = s.both(isInside, s.both(s.ge(at.back(), s.index(0)),
                                             s.lt(at.back(), input[2 + dim])));
        }
        Value place = s.add(s.mul(index[0], input[1]), index[1]);
        Value inner = s.index(0);
        for (int64_t i = 0; i < rank; ++i) {
          int64_t dim = isColumnMajor ? rank - 1 - i : i;
          inner = s.add(s.mul(inner, input[2 + dim]), at[dim]);
          place = s.mul(place, input[2 + dim]);
        }
        place = s.to(i64, s.add(place, inner));
        Value isFirst = s.lt(args[3], s.constant(i64, 0));
        Value isBetter =
            s.both(isInside, s.either(isFirst, s.gt(args[0], args[2])));
        return SmallVector<Value>{s.select(isBetter, args[0], args[2]),
                                  s.select(isBetter, place, args[3])};
      });
  l.setResult(0, results[0]);
  l.setResult(1, results[1]);
  return success();
}

LogicalResult mlir::bev::onnx_to_linalg::lowerAveragePool(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  std::optional<Window> window = getPoolWindow(l);
  if (!window)
    return failure();
  Value x = l.input(0);
  int64_t rank = window->rank();
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  bool includesPads = l.node.intAttr("count_include_pad", 0) != 0;
  SmallVector<OpFoldResult> input = sizesOf(b, b.getLoc(), x),
                            sizes = getResultSizes(b, x, *window);
  Value padded = buildPadded(b, x, *window, Scalars(b).constant(element, 0));
  Value sums = buildSumPool(b, padded, *window,
                            buildFill(b, sizes, Scalars(b).constant(type, 0)));

  // Taps count from `begin` to before `end`, in places of the padded input.
  SmallVector<Value> begins, ends, taps;
  bool countsAll = true;
  for (int64_t dim = 0; dim < rank; ++dim) {
    OpFoldResult begin =
        includesPads ? OpFoldResult(b.getIndexAttr(0)) : window->padBegin[dim];
    OpFoldResult end = addSizes(b, input[dim + 2], window->padBegin[dim]);
    if (includesPads)
      end = addSizes(b, end, window->padEnd[dim]);
    // Whether the last window ends inside.
    OpFoldResult spare =
        applySizes(b,
                   b.getAffineDimExpr(0) -
                       (b.getAffineDimExpr(1) - 1) * window->strides[dim] -
                       b.getAffineDimExpr(2),
                   {end, window->outputs[dim], window->extent(b, dim)});
    std::optional<int64_t> known = getConstantIntValue(spare);
    countsAll &= known && *known >= 0 && getConstantIntValue(begin) == 0;
    begins.push_back(toIndexValue(b, begin));
    ends.push_back(toIndexValue(b, end));
    taps.push_back(toIndexValue(b, window->kernel[dim]));
  }
  l.setResult(buildElementwise(
      b, sums, sizes, element, [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        Value count = s.index(1);
        SmallVector<Value> index = getIndices(b, 2 + rank);
        for (int64_t dim = 0; dim < rank; ++dim) {
          if (countsAll) {
            count = s.mul(count, taps[dim]);
            continue;
          }
          Value first = s.mul(index[2 + dim], s.index(window->strides[dim]));
          Value step = s.index(window->dilations[dim]);
          Value low =
              s.max(s.ceilDiv(s.sub(begins[dim], first), step), s.index(0));
          Value high =
              s.min(s.ceilDiv(s.sub(ends[dim], first), step), taps[dim]);
          count = s.mul(count, s.max(s.sub(high, low), s.index(0)));
        }
        return s.to(element, s.div(args[0], s.to(type, count)));
      }));
  return success();
}

/// |x|^p, or the p-th root.
static Value buildPower(Scalars &s, Value x, int64_t p, bool isRoot) {
  if (p == 1)
    return isRoot ? x : s.abs(x);
  if (p == 2)
    return isRoot ? s.sqrt(x) : s.mul(x, x);
  Value power = s.constant(x.getType(), isRoot ? 1.0 / p : p);
  return s.pow(isRoot ? x : s.abs(x), power);
}

/// |x|^p of every element, in the type that sums are kept in.
static Value buildPowers(ImplicitLocOpBuilder &b, Value x, int64_t p) {
  Type type = getSumType(typeOfTensor(x).getElementType());
  return buildElementwise(b, x, sizesOf(b, b.getLoc(), x), type,
                          [&](ImplicitLocOpBuilder &b, ValueRange args) {
                            Scalars s(b);
                            return buildPower(s, s.to(type, args[0]), p, false);
                          });
}

/// The p-th root of every element.
static Value buildRoots(ImplicitLocOpBuilder &b, Value x, int64_t p,
                        Type element) {
  return buildElementwise(b, x, sizesOf(b, b.getLoc(), x), element,
                          [&](ImplicitLocOpBuilder &b, ValueRange args) {
                            Scalars s(b);
                            return s.to(element,
                                        buildPower(s, args[0], p, true));
                          });
}

LogicalResult mlir::bev::onnx_to_linalg::lowerLpPool(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  int64_t p = l.node.intAttr("p", 2);
  if (p < 1)
    return l.unsupported("norm " + Twine(p));
  std::optional<Window> window = getPoolWindow(l);
  if (!window)
    return failure();
  Value x = l.input(0);
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  Value zero = Scalars(b).constant(type, 0);
  Value padded = buildPadded(b, buildPowers(b, x, p), *window, zero);
  Value sums = buildSumPool(b, padded, *window,
                            buildFill(b, getResultSizes(b, x, *window), zero));
  l.setResult(buildRoots(b, sums, p, element));
  return success();
}

LogicalResult mlir::bev::onnx_to_linalg::lowerGlobalPool(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  int64_t rank = typeOfTensor(x).getRank(), p = l.node.intAttr("p", 2);
  if (rank < 3)
    return l.unsupported("an input without spatial dimensions");
  bool isMax = l.node.getOpType() == "GlobalMaxPool",
       isLp = l.node.getOpType() == "GlobalLpPool";
  if (isLp && p < 1)
    return l.unsupported("norm " + Twine(p));
  Type element = typeOfTensor(x).getElementType(),
       type = isMax ? element : getSumType(element);
  llvm::SmallBitVector reduced(rank, true);
  reduced.reset(0, 2);
  Scalars s(b);
  Value result = buildReduction(
      b, x, {}, reduced, isMax ? s.lowest(type) : s.constant(type, 0),
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        Value value = s.to(type, args[0]);
        if (isMax)
          return s.max(args[1], value);
        return s.accumulate(args[1],
                            isLp ? buildPower(s, value, p, false) : value);
      });
  if (isLp) {
    result = buildRoots(b, result, p, element);
  } else if (!isMax) {
    SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
    Value count = toIndexValue(b, productOf(b, ArrayRef(sizes).drop_front(2)));
    result = buildElementwise(
        b, result, sizesOf(b, b.getLoc(), result), element,
        [&](ImplicitLocOpBuilder &b, ValueRange args) {
          Scalars s(b);
          return s.to(element, s.div(args[0], s.to(type, count)));
        });
  }
  l.setResult(insertUnitDims(b, result, reduced));
  return success();
}
