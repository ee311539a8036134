// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Reduce operators.

#include "Lowerings.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

namespace {

enum class Combine { Add, Mul, Max, Min };
enum class Before { Nothing, Abs, Square, Exp };
enum class After { Nothing, Divide, Sqrt, Log };

/// What a Reduce operator computes: after(combine(before(x) ...)).
struct Formula {
  Combine combine;
  Before before = Before::Nothing;
  After after = After::Nothing;
};

Formula getFormula(StringRef opType) {
  return llvm::StringSwitch<Formula>(opType)
      .Case("ReduceSum", {Combine::Add})
      .Case("ReduceMean", {Combine::Add, Before::Nothing, After::Divide})
      .Case("ReduceProd", {Combine::Mul})
      .Case("ReduceMax", {Combine::Max})
      .Case("ReduceMin", {Combine::Min})
      .Case("ReduceL1", {Combine::Add, Before::Abs})
      .Case("ReduceL2", {Combine::Add, Before::Square, After::Sqrt})
      .Case("ReduceSumSquare", {Combine::Add, Before::Square})
      .Case("ReduceLogSum", {Combine::Add, Before::Nothing, After::Log})
      .Case("ReduceLogSumExp", {Combine::Add, Before::Exp, After::Log});
}

/// The type that a formula is computed in.
Type getComputeType(Formula formula, Type type) {
  bool needsFloat = formula.before == Before::Exp ||
                    formula.after == After::Sqrt || formula.after == After::Log;
  if (needsFloat && !isa<FloatType>(type))
    return Float64Type::get(type.getContext());
  if (formula.combine == Combine::Max || formula.combine == Combine::Min)
    return type;
  return getSumType(type);
}

Value getStart(Scalars &s, Formula formula, Type type) {
  switch (formula.combine) {
  case Combine::Add:
    return s.constant(type, 0);
  case Combine::Mul:
    return s.constant(type, 1);
  case Combine::Max:
    return s.lowest(type);
  case Combine::Min:
    return s.highest(type);
  }
  llvm_unreachable("all combiners are covered");
}

Value applyBefore(Scalars &s, Formula formula, Value x) {
  switch (formula.before) {
  case Before::Nothing:
    return x;
  case Before::Abs:
    return s.abs(x);
  case Before::Square:
    return s.mul(x, x);
  case Before::Exp:
    return s.exp(x);
  }
  llvm_unreachable("all functions are covered");
}

Value applyCombine(Scalars &s, Formula formula, Value x, Value y) {
  switch (formula.combine) {
  case Combine::Add:
    return s.accumulate(x, y);
  case Combine::Mul:
    return s.mul(x, y);
  case Combine::Max:
    return s.max(x, y);
  case Combine::Min:
    return s.min(x, y);
  }
  llvm_unreachable("all combiners are covered");
}

/// `count` is the number of elements that were reduced, as an index.
Value applyAfter(Scalars &s, Formula formula, Value x, Value count) {
  switch (formula.after) {
  case After::Nothing:
    return x;
  case After::Divide:
    return s.div(x, s.to(x.getType(), count));
  case After::Sqrt:
    return s.sqrt(x);
  case After::Log:
    return s.log(x);
  }
  llvm_unreachable("all functions are covered");
}

/// What exponents are taken relative to: the maximum where it is finite.
Value getShift(Scalars &s, Value max) {
  Value zero = s.constant(max.getType(), 0);
  return s.select(s.lt(s.abs(max), s.highest(max.getType())), max, zero);
}

/// The reduction over dimensions that are known.
Value reduceKnown(Lowering &l, Formula formula,
                  const llvm::SmallBitVector &reduced, bool keepDims) {
  ImplicitLocOpBuilder &b = l.b;
  bool isUnsigned = l.isUnsigned(0);
  Scalars s(b, isUnsigned);
  Value x = l.input(0);
  Type type = getElementTypeOrSelf(x.getType()),
       compute = getComputeType(formula, type);
  SmallVector<Value> shifts;
  if (formula.before == Before::Exp)
    shifts.push_back(
        buildReduction(b, x, {}, reduced, s.lowest(compute),
                       [&](ImplicitLocOpBuilder &b, ValueRange args) {
                         Scalars s(b, isUnsigned);
                         return s.max(s.to(compute, args[0]), args[1]);
                       }));
  Value sum =
      buildReduction(b, x, shifts, reduced, getStart(s, formula, compute),
                     [&](ImplicitLocOpBuilder &b, ValueRange args) {
                       Scalars s(b, isUnsigned);
                       Value value = s.to(compute, args[0]);
                       if (!shifts.empty())
                         value = s.sub(value, getShift(s, args[1]));
                       return applyCombine(s, formula, args.back(),
                                           applyBefore(s, formula, value));
                     });
  if (formula.after != After::Nothing || compute != type) {
    SmallVector<OpFoldResult> counted;
    for (auto [dim, size] : llvm::enumerate(sizesOf(b, b.getLoc(), x)))
      if (reduced[dim])
        counted.push_back(size);
    Value count = toIndexValue(b, productOf(b, counted));
    SmallVector<Value> inputs{sum};
    llvm::append_range(inputs, shifts);
    sum = buildElementwise(b, inputs, sizesOf(b, b.getLoc(), sum), type,
                           [&](ImplicitLocOpBuilder &b, ValueRange args) {
                             Scalars s(b, isUnsigned);
                             Value value =
                                 applyAfter(s, formula, args[0], count);
                             if (!shifts.empty())
                               value = s.add(value, getShift(s, args[1]));
                             return s.to(type, value);
                           });
  }
  return keepDims ? insertUnitDims(b, sum, reduced) : sum;
}

/// The reduction over dimensions that are known at run time only: a loop nest
/// for each output, over one index where a dimension is kept.
Value reduceUnknown(Lowering &l, Formula formula, Value axes, bool keepDims) {
  ImplicitLocOpBuilder &b = l.b;
  bool isUnsigned = l.isUnsigned(0);
  Scalars s(b, isUnsigned);
  Value x = l.input(0);
  Type type = getElementTypeOrSelf(x.getType()),
       compute = getComputeType(formula, type);
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  int64_t rank = sizes.size(), resultRank = l.resultType().getRank();
  SmallVector<Value> isReduced, upper;
  Value zero = s.index(0), one = s.index(1), count = one;
  RankedTensorType axesType = cast<RankedTensorType>(axes.getType());
  Value numAxes = axesType.getRank() == 0
                      ? one
                      : toIndexValue(b, sizesOf(b, b.getLoc(), axes).front());
  // Without axes all dimensions are reduced, or none.
  bool isNoop = l.node.intAttr("noop_with_empty_axes", 0) != 0;
  Value none = isNoop ? s.boolean(false) : s.eq(numAxes, zero);
  for (int64_t dim = 0; dim < rank; ++dim) {
    Value any =
        s.loop(zero, numAxes, none,
               [&](Scalars &s, Value i, ValueRange carried) {
                 SmallVector<Value> at(axesType.getRank(), i);
                 Value axis = s.toIndex(s.extract(axes, at));
                 Value is = s.either(s.eq(axis, s.index(dim)),
                                     s.eq(axis, s.index(dim - rank)));
                 return SmallVector<Value>{s.either(carried.front(), is)};
               })
            .front();
    isReduced.push_back(any);
    upper.push_back(toIndexValue(b, sizes[dim]));
    count = s.mul(count, s.select(any, upper.back(), one));
  }

  // The place of each dimension among the outputs'.
  SmallVector<Value> places;
  Value place = zero;
  for (int64_t dim = 0; dim < rank; ++dim) {
    places.push_back(keepDims ? s.index(dim) : place);
    place = s.select(isReduced[dim], place, s.add(place, one));
  }
  SmallVector<OpFoldResult> resultSizes;
  for (int64_t i = 0; i < resultRank; ++i) {
    Value size = one;
    for (int64_t dim = 0; dim < rank; ++dim)
      size = s.select(
          s.both(s.eq(places[dim], s.index(i)), s.negate(isReduced[dim])),
          upper[dim], size);
    resultSizes.push_back(size);
  }
  resultSizes = refineSizes(b, resultSizes, l.resultType());

  return buildGenerate(
      b, resultSizes, type, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b, isUnsigned);
        SmallVector<Value> begins, ends, ivs(rank);
        for (int64_t dim = 0; dim < rank; ++dim) {
          Value own = s.index(0);
          for (auto [i, value] : llvm::enumerate(index))
            own = s.select(s.eq(places[dim], s.index(i)), value, own);
          begins.push_back(s.select(isReduced[dim], s.index(0), own));
          ends.push_back(
              s.select(isReduced[dim], upper[dim], s.add(own, s.index(1))));
        }
        using Body = llvm::function_ref<Value(Scalars &, Value, Value)>;
        std::function<Value(Scalars &, int64_t, Value, Body)> nest =
            [&](Scalars &s, int64_t dim, Value carried, Body body) -> Value {
          if (dim == rank)
            return body(s, s.to(compute, s.extract(x, ivs)), carried);
          return s
              .loop(begins[dim], ends[dim], carried,
                    [&](Scalars &s, Value iv, ValueRange inner) {
                      ivs[dim] = iv;
                      return SmallVector<Value>{
                          nest(s, dim + 1, inner.front(), body)};
                    })
              .front();
        };
        Value shift;
        if (formula.before == Before::Exp)
          shift = getShift(s, nest(s, 0, s.lowest(compute),
                                   [](Scalars &s, Value x, Value carried) {
                                     return s.max(x, carried);
                                   }));
        Value sum = nest(s, 0, getStart(s, formula, compute),
                         [&](Scalars &s, Value x, Value carried) {
                           if (shift)
                             x = s.sub(x, shift);
                           return applyCombine(s, formula, carried,
                                               applyBefore(s, formula, x));
                         });
        sum = applyAfter(s, formula, sum, count);
        if (shift)
          sum = s.add(sum, shift);
        return s.to(type, sum);
      });
}

LogicalResult lowerReduce(Lowering &l) {
  auto type = cast<RankedTensorType>(l.input(0).getType());
  int64_t rank = type.getRank();
  if (type.getElementType().isInteger(1) && l.node.getOpType() != "ReduceMax" &&
      l.node.getOpType() != "ReduceMin")
    return l.unsupported("an input of booleans");
  bool keepDims = l.node.intAttr("keepdims", 1) != 0;
  Formula formula = getFormula(l.node.getOpType());

  SmallVector<OpFoldResult> axes;
  if (std::optional<SmallVector<int64_t>> list = l.node.intsAttr("axes")) {
    axes = getAsIndexOpFoldResult(l.b.getContext(), *list);
  } else if (Value input = l.input(1)) {
    auto axesType = cast<RankedTensorType>(input.getType());
    if (axesType.getRank() > 1)
      return l.unsupported("axes that are not a list");
    if (axesType.hasStaticShape())
      axes = readIntegers(l.b, input, axesType.getNumElements());
    if (!axesType.hasStaticShape() || !asConstants(axes)) {
      l.setResult(reduceUnknown(l, formula, input, keepDims));
      return success();
    }
  }
  if (axes.empty()) {
    if (l.node.intAttr("noop_with_empty_axes", 0)) {
      // Nothing is reduced, but what is done to each element is still done.
      l.setResult(reduceKnown(l, formula, llvm::SmallBitVector(rank), true));
      return success();
    }
    l.setResult(
        reduceKnown(l, formula, llvm::SmallBitVector(rank, true), keepDims));
    return success();
  }
  llvm::SmallBitVector reduced(rank);
  for (int64_t axis : *asConstants(axes)) {
    std::optional<int64_t> normal = normalizeAxis(axis, rank);
    if (!normal)
      return l.unsupported("axis " + Twine(axis) + " of a tensor of rank " +
                           Twine(rank));
    reduced.set(*normal);
  }
  l.setResult(reduceKnown(l, formula, reduced, keepDims));
  return success();
}

} // namespace

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getReductionLowerings() {
  static const Entry entries[] = {
      {"ArgMax", lowerArgExtreme},      {"ArgMin", lowerArgExtreme},
      {"CumProd", lowerCumulative},     {"CumSum", lowerCumulative},
      {"Hardmax", lowerHardmax},        {"ReduceL1", lowerReduce},
      {"ReduceL2", lowerReduce},        {"ReduceLogSum", lowerReduce},
      {"ReduceLogSumExp", lowerReduce}, {"ReduceMax", lowerReduce},
      {"ReduceMean", lowerReduce},      {"ReduceMin", lowerReduce},
      {"ReduceProd", lowerReduce},      {"ReduceSum", lowerReduce},
      {"ReduceSumSquare", lowerReduce}, {"TopK", lowerTopK},
  };
  return entries;
}
