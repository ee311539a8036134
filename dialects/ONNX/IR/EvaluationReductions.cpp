// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluation of operators that combine the elements along axes.

#include "EvaluationTable.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace mlir::bev::onnx;

/// The reduced axes of a Reduce operator; nothing where they are not known.
/// Empty where there is nothing to reduce.
static std::optional<SmallVector<int64_t>> getReducedAxes(Evaluation &e) {
  int64_t rank = e.input(0)->getRank();
  auto axes = e.list("axes", 1);
  if (!axes && e.has(1))
    return std::nullopt;
  if (!axes || axes->empty()) {
    SmallVector<int64_t> all;
    if (e.node.intAttr("noop_with_empty_axes", 0) == 0) {
      all.resize(rank);
      std::iota(all.begin(), all.end(), 0);
    }
    return all;
  }
  return normalizeAxes(*axes, rank);
}

/// The input with the reduced axes last, as rows of them.
static Tensor gatherRows(const Tensor &input, ArrayRef<int64_t> axes,
                         Shape &kept, Shape &keptWithOnes) {
  SmallVector<int64_t> permutation;
  int64_t size = 1;
  for (int64_t dim = 0; dim < input.getRank(); ++dim)
    if (!llvm::is_contained(axes, dim)) {
      permutation.push_back(dim);
      kept.push_back(input.getDim(dim));
      keptWithOnes.push_back(input.getDim(dim));
    } else {
      keptWithOnes.push_back(1);
    }
  for (int64_t dim = 0; dim < input.getRank(); ++dim)
    if (llvm::is_contained(axes, dim)) {
      permutation.push_back(dim);
      size *= input.getDim(dim);
    }
  int64_t rows = *countElements(kept);
  return input.transpose(permutation).reshape({rows, size});
}

namespace {

/// What a reduction does with the elements: `start`, `add(sum, x)` and
/// `finish(sum, n)`, in the type it accumulates in.
struct SumReduction {
  template <typename T>
  static T start(const T *) {
    return T(0);
  }
  template <typename T>
  static T add(T sum, T x) {
    if constexpr (std::is_integral_v<T>)
      return T(uint64_t(sum) + uint64_t(x));
    else
      return sum + x;
  }
  template <typename T>
  static T finish(T sum, int64_t) {
    return sum;
  }
};

struct MeanReduction : SumReduction {
  template <typename T>
  static T finish(T sum, int64_t n) {
    return n == 0 ? sum : T(sum / T(n));
  }
};

struct ProdReduction {
  template <typename T>
  static T start(const T *) {
    return T(1);
  }
  template <typename T>
  static T add(T sum, T x) {
    if constexpr (std::is_integral_v<T>)
      return T(uint64_t(sum) * uint64_t(x));
    else
      return sum * x;
  }
  template <typename T>
  static T finish(T sum, int64_t) {
    return sum;
  }
};

struct MaxReduction {
  template <typename T>
  static T start(const T *first) {
    return *first;
  }
  template <typename T>
  static T add(T best, T x) {
    return best != best || best > x ? best : x;
  }
  template <typename T>
  static T finish(T best, int64_t) {
    return best;
  }
};

struct MinReduction : MaxReduction {
  template <typename T>
  static T add(T best, T x) {
    return best != best || best < x ? best : x;
  }
};

struct L1Reduction : SumReduction {
  template <typename T>
  static T add(T sum, T x) {
    return SumReduction::add(sum, x < T(0) ? T(-x) : x);
  }
};

struct SumSquareReduction : SumReduction {
  template <typename T>
  static T add(T sum, T x) {
    if constexpr (std::is_integral_v<T>)
      return T(uint64_t(sum) + uint64_t(x) * uint64_t(x));
    else
      return sum + x * x;
  }
};

struct L2Reduction : SumSquareReduction {
  template <typename T>
  static T finish(T sum, int64_t) {
    return T(std::sqrt(sum));
  }
};

struct LogSumReduction : SumReduction {
  template <typename T>
  static T finish(T sum, int64_t) {
    return T(std::log(sum));
  }
};

} // namespace

template <typename R>
static constexpr bool kNeedsElements =
    std::is_same_v<R, MaxReduction> || std::is_same_v<R, MinReduction>;

template <typename R>
static LogicalResult reduce(Evaluation &e) {
  if (!e.has(0))
    return failure();
  auto axes = getReducedAxes(e);
  if (!axes || !e.fits(e.input(0)->getShape()))
    return failure();
  Type type = e.input(0)->getElementType();
  // Nothing to reduce: the function of each element still applies, except
  // where `noop` says that the input itself is the result.
  bool isNoop = axes->empty() && e.node.intAttr("noop_with_empty_axes", 0) != 0;
  if (isNoop)
    return std::is_base_of_v<SumReduction, R> &&
                   !std::is_same_v<R, SumReduction> &&
                   !std::is_same_v<R, MeanReduction>
               ? failure()
               : e.emit(*e.input(0));
  Shape kept, withOnes;
  Tensor rows = gatherRows(e.input(0)->widen(), *axes, kept, withOnes);
  bool isBool = type.isInteger(1);
  if (isBool && !kNeedsElements<R>)
    return failure();
  if (isBool)
    rows = rows.cast(IntegerType::get(e.node.getContext(), 8));
  int64_t count = rows.getDim(0), size = rows.getDim(1);
  if (size == 0 && kNeedsElements<R>)
    return failure();
  Tensor result = Tensor::allocate(rows.getElementType(), {count});
  dispatchType(rows.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, bool>) {
      const T *in = rows.data<T>();
      for (int64_t row = 0; row < count; ++row, in += size) {
        T sum = R::start(in);
        for (int64_t i = 0; i < size; ++i)
          sum = R::add(sum, in[i]);
        result.mutableData<T>()[row] = R::finish(sum, size);
      }
    }
  });
  bool keep = e.node.intAttr("keepdims", 1) != 0;
  return e.emit(result.cast(type).reshape(keep ? withOnes : kept));
}

/// Shifted by the largest, so that no exponential overflows.
static LogicalResult evaluateLogSumExp(Evaluation &e) {
  if (!e.has(0) || !isa<FloatType>(e.input(0)->getElementType()))
    return failure();
  auto axes = getReducedAxes(e);
  if (!axes || axes->empty() || !e.fits(e.input(0)->getShape()))
    return failure();
  Shape kept, withOnes;
  Tensor rows = gatherRows(e.input(0)->widen(), *axes, kept, withOnes);
  int64_t count = rows.getDim(0), size = rows.getDim(1);
  Tensor result = Tensor::allocate(rows.getElementType(), {count});
  dispatchType(rows.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_floating_point_v<T>) {
      const T *in = rows.data<T>();
      for (int64_t row = 0; row < count; ++row, in += size) {
        T most = size == 0 ? T(0) : *std::max_element(in, in + size);
        most = std::isfinite(most) ? most : T(0);
        T sum = 0;
        for (int64_t i = 0; i < size; ++i)
          sum += std::exp(in[i] - most);
        result.mutableData<T>()[row] = std::log(sum) + most;
      }
    }
  });
  bool keep = e.node.intAttr("keepdims", 1) != 0;
  return e.emit(result.cast(e.input(0)->getElementType())
                    .reshape(keep ? withOnes : kept));
}

template <bool kLargest>
static LogicalResult evaluateArg(Evaluation &e) {
  if (!e.has(0))
    return failure();
  Tensor input = e.input(0)->widen();
  auto axis = normalizeAxis(e.node.intAttr("axis", 0), input.getRank());
  if (!axis || input.getDim(*axis) == 0 || !e.fits(input.getShape()))
    return failure();
  bool last = e.node.intAttr("select_last_index", 0) != 0;
  Shape kept, withOnes;
  Tensor rows = gatherRows(input, {*axis}, kept, withOnes);
  int64_t count = rows.getDim(0), size = rows.getDim(1);
  SmallVector<int64_t> values;
  bool ordered = true;
  dispatchType(rows.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    const T *in = rows.data<T>();
    for (int64_t row = 0; row < count; ++row, in += size) {
      int64_t best = 0;
      for (int64_t i = 0; i < size; ++i) {
        ordered &= in[i] == in[i];
        bool better = kLargest ? in[i] > in[best] : in[i] < in[best];
        if (better || (last && in[i] == in[best]))
          best = i;
      }
      values.push_back(best);
    }
  });
  if (!ordered)
    return failure();
  bool keep = e.node.intAttr("keepdims", 1) != 0;
  return e.emit(Tensor::fromIntegers(IntegerType::get(e.node.getContext(), 64),
                                     keep ? withOnes : kept, values));
}

static LogicalResult evaluateCumSum(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || e.input(1)->getNumElements() != 1 ||
      !e.fits(e.input(0)->getShape()))
    return failure();
  Tensor input = e.input(0)->widen().contiguous();
  auto axis = normalizeAxis(e.input(1)->toIntegers().front(), input.getRank());
  if (!axis || input.getElementType().isInteger(1))
    return failure();
  bool exclusive = e.node.intAttr("exclusive", 0) != 0;
  bool reverse = e.node.intAttr("reverse", 0) != 0;
  Tensor result = Tensor::allocate(input.getElementType(), input.getShape());
  int64_t dim = input.getDim(*axis);
  int64_t inner = *countElements(input.getShape().drop_front(*axis + 1));
  int64_t outer = *countElements(input.getShape().take_front(*axis));
  dispatchType(input.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    for (int64_t row = 0; row < outer * inner; ++row) {
      int64_t base = row / inner * dim * inner + row % inner;
      T sum = T(0);
      for (int64_t i = 0; i < dim; ++i) {
        int64_t at = base + (reverse ? dim - 1 - i : i) * inner;
        T next = SumReduction::add(sum, input.data<T>()[at]);
        result.mutableData<T>()[at] = exclusive ? sum : next;
        sum = next;
      }
    }
  });
  return e.emit(result.cast(e.input(0)->getElementType()));
}

/// Softmax and its logarithm: along one axis from version 13 on, over all
/// dimensions from the axis on before.
template <bool kLog>
static LogicalResult evaluateSoftmax(Evaluation &e) {
  if (!e.has(0) || !isa<FloatType>(e.input(0)->getElementType()) ||
      !e.fits(e.input(0)->getShape()))
    return failure();
  Tensor input = e.input(0)->widen();
  bool isNew = e.version() >= 13;
  auto axis =
      normalizeAxis(e.node.intAttr("axis", isNew ? -1 : 1), input.getRank());
  if (!axis)
    return failure();
  int64_t rank = input.getRank();
  SmallVector<int64_t> order;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!isNew || dim != *axis)
      order.push_back(dim);
  if (isNew)
    order.push_back(*axis);
  Tensor moved = input.transpose(order).contiguous();
  Shape shape(moved.getShape());
  int64_t size = isNew ? input.getDim(*axis)
                       : *countElements(input.getShape().drop_front(*axis));
  Tensor result = Tensor::allocate(moved.getElementType(), shape);
  int64_t total = moved.getNumElements();
  dispatchType(moved.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_floating_point_v<T>) {
      for (int64_t base = 0; base < total; base += size) {
        const T *in = moved.data<T>() + base;
        T *out = result.mutableData<T>() + base;
        T most = *std::max_element(in, in + size), sum = 0;
        for (int64_t i = 0; i < size; ++i)
          sum += out[i] = std::exp(in[i] - most);
        for (int64_t i = 0; i < size; ++i)
          out[i] = kLog ? in[i] - most - std::log(sum) : out[i] / sum;
      }
    }
  });
  SmallVector<int64_t> back(rank);
  for (auto [index, dim] : llvm::enumerate(order))
    back[dim] = index;
  return e.emit(result.transpose(back).cast(e.input(0)->getElementType()));
}

void mlir::bev::onnx::addReductionEvaluations(EvaluationTable &table) {
  table["ReduceSum"] = reduce<SumReduction>;
  table["ReduceMean"] = reduce<MeanReduction>;
  table["ReduceProd"] = reduce<ProdReduction>;
  table["ReduceMax"] = reduce<MaxReduction>;
  table["ReduceMin"] = reduce<MinReduction>;
  table["ReduceL1"] = reduce<L1Reduction>;
  table["ReduceL2"] = reduce<L2Reduction>;
  table["ReduceSumSquare"] = reduce<SumSquareReduction>;
  table["ReduceLogSum"] = reduce<LogSumReduction>;
  table["ReduceLogSumExp"] = evaluateLogSumExp;
  table["ArgMax"] = evaluateArg<true>;
  table["ArgMin"] = evaluateArg<false>;
  table["CumSum"] = evaluateCumSum;
  table["Softmax"] = evaluateSoftmax<false>;
  table["LogSoftmax"] = evaluateSoftmax<true>;
}
