// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "TensorView.h"

#include "bev/Dialect/ONNX/IR/TypeInference.h"

#include <numeric>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

//===----------------------------------------------------------------------===//
// Factors
//===----------------------------------------------------------------------===//

/// The product of extents; dynamic if one is.
static int64_t product(ArrayRef<Factor> factors) {
  int64_t size = 1;
  for (const Factor &factor : factors) {
    if (factor.extent == kDynamic)
      return kDynamic;
    size *= factor.extent;
  }
  return size;
}

/// Drops factors of extent 1 and joins neighbours that step evenly.
static Factors normalize(ArrayRef<Factor> factors) {
  Factors result;
  for (Factor factor : factors) {
    if (factor.extent == 1)
      continue;
    if (factor.isBroadcast())
      factor.stride = 0;
    if (!result.empty() && result.back().dim == factor.dim &&
        factor.extent != kDynamic &&
        result.back().stride == factor.stride * factor.extent) {
      int64_t outer = result.back().extent;
      result.back() = {outer == kDynamic ? kDynamic : outer * factor.extent,
                       factor.dim, factor.stride};
      continue;
    }
    result.push_back(factor);
  }
  return result;
}

/// Takes the fastest elements, `size` of them, off the end of `factors`.
static bool takeFastest(SmallVectorImpl<Factor> &factors, int64_t size,
                        Factors &taken) {
  SmallVector<Factor> reversed;
  while (size > 1) {
    if (factors.empty())
      return false;
    Factor factor = factors.pop_back_val();
    if (factor.extent != kDynamic && size % factor.extent == 0) {
      reversed.push_back(factor);
      size /= factor.extent;
      continue;
    }
    // A dynamic dimension that is reshaped into static ones is a multiple of
    // their product.
    if (factor.extent != kDynamic && factor.extent % size != 0)
      return false;
    reversed.push_back({size, factor.dim, factor.stride});
    factors.push_back(
        {factor.extent == kDynamic ? kDynamic : factor.extent / size,
         factor.dim, factor.stride * size});
    size = 1;
  }
  taken.assign(reversed.rbegin(), reversed.rend());
  return true;
}

/// Takes the slowest elements, `size` of them, off the front of `factors`.
static bool takeSlowest(SmallVectorImpl<Factor> &factors, int64_t size,
                        Factors &taken) {
  while (size > 1) {
    if (factors.empty() || factors.front().extent == kDynamic)
      return false;
    Factor factor = factors.front();
    factors.erase(factors.begin());
    if (size % factor.extent == 0) {
      taken.push_back(factor);
      size /= factor.extent;
      continue;
    }
    if (factor.extent % size != 0)
      return false;
    int64_t inner = factor.extent / size;
    taken.push_back({size, factor.dim, factor.stride * inner});
    factors.insert(factors.begin(), {inner, factor.dim, factor.stride});
    size = 1;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// TensorView
//===----------------------------------------------------------------------===//

TensorView::TensorView(Value base) : base(base) {
  auto type = cast<RankedTensorType>(base.getType());
  offsets.assign(type.getRank(), 0);
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    dims.emplace_back();
    if (size != 1)
      dims.back().push_back({size, int(dim), 1});
  }
}

int64_t TensorView::getSize(unsigned dim) const { return product(dims[dim]); }

SmallVector<int64_t> TensorView::getShape() const {
  SmallVector<int64_t> shape;
  for (unsigned dim = 0; dim < dims.size(); ++dim)
    shape.push_back(getSize(dim));
  return shape;
}

bool TensorView::reshape(ArrayRef<int64_t> shape) {
  SmallVector<Factor> factors;
  for (const Factors &dim : dims)
    llvm::append_range(factors, dim);
  if (llvm::any_of(factors, [](Factor f) { return f.extent == 0; }))
    return false;
  SmallVector<Factors> result(shape.size());

  // Static sizes from the back up to a dynamic one, then from the front; the
  // dynamic size between them is what is left.
  size_t last = shape.size();
  for (; last > 0 && shape[last - 1] != kDynamic; --last)
    if (!takeFastest(factors, shape[last - 1], result[last - 1]))
      return false;
  size_t first = 0;
  for (; first < last && shape[first] != kDynamic; ++first)
    if (!takeSlowest(factors, shape[first], result[first]))
      return false;
  // Several dynamic sizes: each is one of the factors.
  while (last - first > 1) {
    if (factors.empty())
      return false;
    if (shape[first] == kDynamic) {
      if (factors.front().extent != kDynamic)
        return false;
      result[first].push_back(factors.front());
      factors.erase(factors.begin());
    } else if (!takeSlowest(factors, shape[first], result[first])) {
      return false;
    }
    ++first;
  }
  if (first < last)
    result[first].assign(factors.begin(), factors.end());
  else if (!factors.empty())
    return false;
  // What is left of a dynamic size has a size of its own.
  if (llvm::count_if(factors, [](Factor f) { return f.extent == kDynamic; }) >
      1)
    return false;

  dims.clear();
  for (const Factors &dim : result)
    dims.push_back(normalize(dim));
  return true;
}

bool TensorView::transpose(ArrayRef<int64_t> permutation) {
  if (permutation.size() != dims.size())
    return false;
  SmallVector<Factors> result;
  SmallVector<bool> seen(dims.size(), false);
  for (int64_t source : permutation) {
    if (source < 0 || source >= int64_t(dims.size()) || seen[source])
      return false;
    seen[source] = true;
    result.push_back(dims[source]);
  }
  dims = std::move(result);
  return true;
}

bool TensorView::slice(unsigned dim, int64_t start, int64_t count,
                       int64_t step) {
  int64_t size = getSize(dim);
  if (start == 0 && step == 1 && count == size)
    return true;
  if (dim >= dims.size() || size == kDynamic || count < 1 || start < 0 ||
      step < 1 || start + (count - 1) * step >= size)
    return false;
  if (dims[dim].empty())
    return true;
  // Whole steps of the slowest factor, or any part of the only one.
  Factors factors = dims[dim];
  int64_t inner = product(ArrayRef(factors).drop_front());
  if (inner != 1 && count == 1 && dims[dim].size() > 1) {
    // One element: an index of every factor.
    SmallVector<int64_t> moved = offsets;
    for (const Factor &factor : llvm::reverse(factors)) {
      if (!factor.isBroadcast())
        moved[factor.dim] += start % factor.extent * factor.stride;
      start /= factor.extent;
    }
    offsets = std::move(moved);
    dims[dim].clear();
    return true;
  }
  if (start % inner != 0 || count % inner != 0 || (inner != 1 && step != 1))
    return false;
  Factor &slowest = factors.front();
  if (!slowest.isBroadcast()) {
    offsets[slowest.dim] += start / inner * slowest.stride;
    slowest.stride *= step;
  }
  slowest.extent = count / inner;
  dims[dim] = normalize(factors);
  return true;
}

bool TensorView::broadcast(ArrayRef<int64_t> shape) {
  if (shape.size() < dims.size())
    return false;
  SmallVector<Factors> result(shape.size() - dims.size());
  llvm::append_range(result, dims);
  for (auto [factors, size] : llvm::zip_equal(result, shape)) {
    int64_t own = product(factors);
    if (own == size)
      continue;
    // A dynamic size against another may be 1 when it runs.
    if (!factors.empty() || size == kDynamic)
      return false;
    factors.push_back({size, Factor::kBroadcast, 0});
  }
  dims = std::move(result);
  return true;
}

void TensorView::repeat(unsigned dim, int64_t count) {
  Factors &factors = dims[dim];
  factors.insert(factors.begin(), {count, Factor::kBroadcast, 0});
  factors = normalize(factors);
}

SmallVector<int64_t> TensorView::locate(ArrayRef<int64_t> index) const {
  SmallVector<int64_t> place = offsets;
  for (auto [factors, position] : llvm::zip_equal(dims, index)) {
    int64_t rest = position;
    for (const Factor &factor : llvm::reverse(factors)) {
      int64_t step = factor.extent == kDynamic ? rest : rest % factor.extent;
      if (!factor.isBroadcast())
        place[factor.dim] += step * factor.stride;
      rest = factor.extent == kDynamic ? 0 : rest / factor.extent;
    }
  }
  return place;
}

//===----------------------------------------------------------------------===//
// Creating nodes
//===----------------------------------------------------------------------===//

/// The operator set that created nodes are of.
static constexpr int64_t kVersion = 21;

Value mlir::bev::onnx_to_bev::createNode(ImplicitLocOpBuilder &b,
                                         StringRef opType, ValueRange inputs,
                                         Type resultType,
                                         ArrayRef<NamedAttribute> attributes) {
  DictionaryAttr dictionary;
  if (!attributes.empty())
    dictionary = b.getDictionaryAttr(attributes);
  return NodeOp::create(b, TypeRange(resultType), b.getStringAttr(opType),
                        StringAttr(), b.getI64IntegerAttr(kVersion), dictionary,
                        ArrayAttr(), inputs, /*subgraphsCount=*/0)
      .getOutputs()
      .front();
}

Value mlir::bev::onnx_to_bev::createIntegers(ImplicitLocOpBuilder &b,
                                             ArrayRef<int64_t> values) {
  return onnx::ConstantOp::create(
      b, b.getI64TensorAttr(values).getType(),
      cast<ElementsAttr>(Attribute(b.getI64TensorAttr(values))));
}

static Value withShape(ImplicitLocOpBuilder &b, StringRef opType, Value value,
                       ValueRange inputs, ArrayRef<int64_t> shape,
                       ArrayRef<NamedAttribute> attributes = {}) {
  SmallVector<Value> all = {value};
  llvm::append_range(all, inputs);
  auto type = cast<RankedTensorType>(value.getType());
  return createNode(b, opType, all, type.clone(shape), attributes);
}

Value mlir::bev::onnx_to_bev::createReshape(ImplicitLocOpBuilder &b,
                                            Value value,
                                            ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getShape() == shape && llvm::count(shape, kDynamic) <= 1)
    return value;
  // Leading dynamic sizes that stay are copied, another one is deduced.
  SmallVector<int64_t> target(shape);
  bool isDeduced = false;
  for (auto [dim, size] : llvm::enumerate(target)) {
    if (size != kDynamic)
      continue;
    bool isCopied =
        int64_t(dim) < type.getRank() &&
        type.getShape().take_front(dim + 1) == shape.take_front(dim + 1);
    if (isCopied) {
      size = 0;
    } else {
      if (isDeduced)
        return Value();
      isDeduced = true;
      size = -1;
    }
  }
  return withShape(b, "Reshape", value, createIntegers(b, target), shape);
}

namespace {
/// A part of a dimension of the base, as a dimension of its own.
struct Piece {
  int64_t size;   ///< Before slicing.
  int64_t start;  ///< The first step that is read.
  int64_t extent; ///< The number of steps that are read.
  /// The factor that it is; none where a fixed step is read.
  std::optional<Factor> factor;
};
} // namespace

/// Splits one dimension of the base into pieces, the slowest first.
/// `sliceStart` and `sliceCount` are what to cut out of the dimension before.
static bool splitDimension(int64_t size, int64_t offset,
                           SmallVector<Factor> factors,
                           SmallVectorImpl<Piece> &pieces, int64_t &sliceStart,
                           int64_t &sliceCount) {
  llvm::sort(factors, [](const Factor &lhs, const Factor &rhs) {
    return lhs.stride > rhs.stride;
  });
  sliceStart = 0;
  sliceCount = size;
  if (factors.empty()) {
    pieces.push_back({size, offset, 1, std::nullopt});
    return size != kDynamic;
  }
  // All steps of a contiguous range.
  bool isDense = factors.back().stride == 1;
  for (size_t i = 0; i + 1 < factors.size(); ++i)
    isDense &=
        factors[i + 1].extent != kDynamic &&
        factors[i].stride == factors[i + 1].stride * factors[i + 1].extent;
  if (isDense) {
    int64_t count = product(factors);
    if (count != size || offset != 0) {
      if (count == kDynamic || size == kDynamic)
        return false;
      sliceStart = offset;
      sliceCount = count;
    }
    for (const Factor &factor : factors)
      pieces.push_back({factor.extent, 0, factor.extent, factor});
    return true;
  }
  // Digits of a mixed radix.
  if (size == kDynamic)
    return false;
  int64_t above = size;
  for (const Factor &factor : factors) {
    if (factor.stride <= 0 || above % factor.stride != 0)
      return false;
    int64_t digits = above / factor.stride;
    int64_t start = offset / factor.stride;
    if (start + factor.extent > digits)
      return false;
    pieces.push_back({digits, start, factor.extent, factor});
    offset %= factor.stride;
    above = factor.stride;
  }
  if (above != 1)
    pieces.push_back({above, offset, 1, std::nullopt});
  return true;
}

namespace {
/// Makes a view of nodes.
class NodeSteps {
public:
  NodeSteps(ImplicitLocOpBuilder &b, Value value) : b(b), value(value) {}

  bool slice(ArrayRef<int64_t> axes, ArrayRef<int64_t> starts,
             ArrayRef<int64_t> ends, ArrayRef<int64_t> shape) {
    value = withShape(b, "Slice", value,
                      {createIntegers(b, starts), createIntegers(b, ends),
                       createIntegers(b, axes)},
                      shape);
    return true;
  }
  bool reshape(ArrayRef<int64_t> shape) {
    value = createReshape(b, value, shape);
    return bool(value);
  }
  bool transpose(ArrayRef<int64_t> permutation, ArrayRef<int64_t> shape) {
    value =
        withShape(b, "Transpose", value, {}, shape,
                  b.getNamedAttr("perm", b.getDenseI64ArrayAttr(permutation)));
    return true;
  }
  bool expand(ArrayRef<int64_t> shape) {
    // A size of 1 in the target leaves a dynamic size as it is.
    SmallVector<int64_t> target;
    for (int64_t size : shape)
      target.push_back(size == kDynamic ? 1 : size);
    value = withShape(b, "Expand", value, createIntegers(b, target), shape);
    return true;
  }

  ImplicitLocOpBuilder &b;
  Value value;
};

/// Makes a view of a view.
class ViewSteps {
public:
  explicit ViewSteps(const TensorView &view) : view(view) {}

  bool slice(ArrayRef<int64_t> axes, ArrayRef<int64_t> starts,
             ArrayRef<int64_t> ends, ArrayRef<int64_t> shape) {
    for (auto [axis, start, end] : llvm::zip_equal(axes, starts, ends))
      if (!view.slice(axis, start, end - start))
        return false;
    return true;
  }
  bool reshape(ArrayRef<int64_t> shape) { return view.reshape(shape); }
  bool transpose(ArrayRef<int64_t> permutation, ArrayRef<int64_t> shape) {
    return view.transpose(permutation);
  }
  bool expand(ArrayRef<int64_t> shape) { return view.broadcast(shape); }

  TensorView view;
};
} // namespace

/// Takes the steps from the base of a view, of that shape, to the view.
template <typename Steps>
static bool build(const TensorView &view, ArrayRef<int64_t> baseShape,
                  Steps &steps) {
  unsigned rank = baseShape.size();
  SmallVector<SmallVector<Factor>> perDimension(rank);
  for (const Factors &dim : view.dims)
    for (const Factor &factor : dim)
      if (!factor.isBroadcast())
        perDimension[factor.dim].push_back(factor);

  SmallVector<Piece> pieces;
  SmallVector<int64_t> starts, ends, axes, cut(baseShape);
  for (unsigned dim = 0; dim < rank; ++dim) {
    int64_t start, count;
    if (!splitDimension(baseShape[dim], view.offsets[dim], perDimension[dim],
                        pieces, start, count))
      return false;
    if (start != 0 || count != baseShape[dim]) {
      starts.push_back(start);
      ends.push_back(start + count);
      axes.push_back(dim);
      cut[dim] = count;
    }
  }
  auto slice = [&](ArrayRef<int64_t> shape) {
    bool isDone = axes.empty() || steps.slice(axes, starts, ends, shape);
    starts.clear();
    ends.clear();
    axes.clear();
    return isDone;
  };
  if (!slice(cut))
    return false;

  SmallVector<int64_t> whole, sliced;
  for (auto [index, piece] : llvm::enumerate(pieces)) {
    whole.push_back(piece.size);
    sliced.push_back(piece.extent);
    if (piece.extent != piece.size) {
      starts.push_back(piece.start);
      ends.push_back(piece.start + piece.extent);
      axes.push_back(index);
    }
  }
  if (!steps.reshape(whole) || !slice(sliced))
    return false;

  // Pieces in the order of the view, those that are fixed at the end.
  SmallVector<int64_t> permutation, permuted, spread, spreadTo;
  SmallVector<bool> isUsed(pieces.size(), false);
  for (const Factors &dim : view.dims)
    for (const Factor &factor : dim) {
      if (factor.isBroadcast()) {
        spread.push_back(1);
        spreadTo.push_back(factor.extent);
        continue;
      }
      for (auto [index, piece] : llvm::enumerate(pieces)) {
        if (isUsed[index] || !piece.factor || !(*piece.factor == factor))
          continue;
        isUsed[index] = true;
        permutation.push_back(index);
        permuted.push_back(piece.extent);
        break;
      }
      spread.push_back(factor.extent);
      spreadTo.push_back(factor.extent);
    }
  for (auto [index, used] : llvm::enumerate(isUsed)) {
    if (used)
      continue;
    permutation.push_back(index);
    permuted.push_back(1);
  }
  // Pieces of size 1 move freely: only the others decide whether there is
  // anything to transpose.
  SmallVector<int64_t> order;
  for (auto [index, size] : llvm::zip_equal(permutation, permuted))
    if (size != 1)
      order.push_back(index);
  if (!llvm::is_sorted(order) && !steps.transpose(permutation, permuted))
    return false;
  if (spread != spreadTo && (!steps.reshape(spread) || !steps.expand(spreadTo)))
    return false;
  return steps.reshape(view.getShape());
}

Value TensorView::materialize(ImplicitLocOpBuilder &b) const {
  NodeSteps steps(b, base);
  auto type = cast<RankedTensorType>(base.getType());
  return build(*this, type.getShape(), steps) ? steps.value : Value();
}

std::optional<TensorView>
TensorView::composeWith(const TensorView &inner) const {
  ViewSteps steps(inner);
  if (!build(*this, inner.getShape(), steps))
    return std::nullopt;
  return steps.view;
}

std::optional<TensorView>
mlir::bev::onnx_to_bev::reindex(const TensorView &view, const TensorView &index,
                                ArrayRef<int64_t> baseShape) {
  SmallVector<Factor> factors;
  for (const Factors &dim : index.dims)
    llvm::append_range(factors, dim);
  // Each element of the base once: per dimension the digits of its positions.
  SmallVector<int64_t> extents, permutation;
  for (const Factor &factor : factors) {
    if (factor.isBroadcast())
      return std::nullopt;
    extents.push_back(factor.extent);
  }
  if (llvm::any_of(index.offsets, [](int64_t offset) { return offset != 0; }))
    return std::nullopt;
  for (auto [dim, size] : llvm::enumerate(baseShape)) {
    SmallVector<int64_t> own;
    for (auto [place, factor] : llvm::enumerate(factors))
      if (factor.dim == int(dim))
        own.push_back(place);
    llvm::sort(own, [&](int64_t lhs, int64_t rhs) {
      return factors[lhs].stride > factors[rhs].stride;
    });
    int64_t covered = 1;
    for (int64_t place : llvm::reverse(own)) {
      if (factors[place].stride != covered || covered == kDynamic)
        return std::nullopt;
      covered = factors[place].extent == kDynamic
                    ? kDynamic
                    : covered * factors[place].extent;
    }
    if (covered != size)
      return std::nullopt;
    llvm::append_range(permutation, own);
  }
  TensorView result = view;
  if (view.getShape() != index.getShape() || !result.reshape(extents) ||
      !result.transpose(permutation) || !result.reshape(baseShape))
    return std::nullopt;
  return result;
}

std::optional<TensorView>
mlir::bev::onnx_to_bev::stack(ArrayRef<TensorView> views) {
  TensorView result = views.front();
  Factors steps;
  for (auto [i, view] : llvm::enumerate(views)) {
    if (view.base != result.base || view.dims != result.dims)
      return std::nullopt;
    for (auto [dim, first, offset] :
         llvm::enumerate(result.offsets, view.offsets)) {
      int64_t distance = offset - first;
      if (i == 1 && distance > 0 && steps.empty()) {
        steps.push_back({int64_t(views.size()), int(dim), distance});
        continue;
      }
      bool isStepped = !steps.empty() && steps.front().dim == int(dim);
      if (distance != (isStepped ? int64_t(i) * steps.front().stride : 0))
        return std::nullopt;
    }
  }
  if (steps.empty() && views.size() > 1)
    steps.push_back({int64_t(views.size()), Factor::kBroadcast, 0});
  result.dims.insert(result.dims.begin(), steps);
  return result;
}
