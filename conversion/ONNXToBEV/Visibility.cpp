// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Visibility.h"

#include "Clamps.h"
#include "Raising.h"

#include <limits>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static Type elementType(Value value) {
  return cast<ShapedType>(value.getType()).getElementType();
}

static bool isBoolean(Value value) { return elementType(value).isInteger(1); }

/// A view of a tensor as a view of what that one is a view of.
static std::optional<TensorView> traceOn(const TensorView &view) {
  return view.composeWith(trace(view.base));
}

/// A view of what a reduction gives as one of what it reduces, the reduced
/// elements at the end of the last dimension.
static std::optional<TensorView> beforeReduction(const TensorView &view,
                                                 NodeOp reduction) {
  auto type =
      dyn_cast<RankedTensorType>(reduction.getInputs().front().getType());
  auto axes = getReductionAxes(reduction);
  if (!type || !axes)
    return std::nullopt;
  bool keepsAxes = reduction.intAttr("keepdims", 1) != 0;
  TensorView result(reduction.getInputs().front());
  SmallVector<int> kept;
  for (int dim = 0; dim < type.getRank(); ++dim)
    if (keepsAxes || !llvm::is_contained(*axes, dim))
      kept.push_back(dim);
  if (kept.size() != view.offsets.size())
    return std::nullopt;
  Factors reduced;
  for (int64_t axis : *axes)
    llvm::append_range(reduced, result.dims[axis]);
  for (auto [dim, offset] : llvm::zip_equal(kept, view.offsets))
    result.offsets[dim] = offset;
  result.dims = view.dims;
  for (Factors &factors : result.dims)
    for (Factor &factor : factors)
      if (!factor.isBroadcast())
        factor.dim = kept[factor.dim];
  llvm::append_range(result.dims.back(), reduced);
  return traceOn(result);
}

/// If a boolean node compares numbers that are never negative with 0: those.
static Value matchPositive(NodeOp node) {
  auto isBetween = [](Value value, double low, bool withLow, double high,
                      bool withHigh) {
    std::optional<double> number = getSplat(value);
    return number && (*number > low || (withLow && *number == low)) &&
           (*number < high || (withHigh && *number == high));
  };
  if (node.is("Cast"))
    return node.getOperand(0);
  if (node.is("Not")) {
    auto equal = getNode(node.getOperand(0), "Equal");
    if (!equal)
      return Value();
    for (unsigned index : {0u, 1u})
      if (isSplat(equal.getOperand(index), 0.0))
        return equal.getOperand(1 - index);
    return Value();
  }
  if (node.getDomain() || node.getNumOperands() != 2)
    return Value();
  Value left = node.getOperand(0), right = node.getOperand(1);
  StringRef name = node.getOpType();
  if (name == "Greater" && isBetween(right, 0, true, 1, false))
    return left;
  if (name == "GreaterOrEqual" && isBetween(right, 0, false, 1, true))
    return left;
  if (name == "Less" && isBetween(left, 0, true, 1, false))
    return right;
  if (name == "LessOrEqual" && isBetween(left, 0, false, 1, true))
    return right;
  return Value();
}

/// The booleans of which a view of numbers tells how many are true, or whether
/// any is. Their numbers are whole, so that a comparison with anything between
/// 0 and 1 is one with 0.
static std::optional<TensorView> matchCounts(TensorView view) {
  // Casts and reductions in any order, the first cast from booleans.
  static constexpr int kMaxSteps = 8;
  for (int i = 0; i < kMaxSteps; ++i) {
    if (isBoolean(view.base))
      return view;
    auto node = view.base.getDefiningOp<NodeOp>();
    if (!node)
      return std::nullopt;
    std::optional<TensorView> next;
    if (node.is("ReduceSum") || node.is("ReduceMax")) {
      next = beforeReduction(view, node);
    } else if (node.is("Cast")) {
      view.base = node.getOperand(0);
      if (isa<RankedTensorType>(view.base.getType()))
        next = traceOn(view);
    }
    if (!next)
      return std::nullopt;
    view = std::move(*next);
  }
  return std::nullopt;
}

std::optional<TensorView>
mlir::bev::onnx_to_bev::matchAny(const TensorView &value) {
  TensorView view = value;
  view.dims.emplace_back();
  if (!isBoolean(view.base)) {
    std::optional<TensorView> counts = matchCounts(view);
    if (!counts)
      return std::nullopt;
    view = std::move(*counts);
  }
  // Booleans that are themselves whether any of others is true.
  for (;;) {
    auto node = view.base.getDefiningOp<NodeOp>();
    Value numbers = node ? matchPositive(node) : Value();
    if (!numbers || numbers.getType() != node.getInputs().front().getType() ||
        cast<ShapedType>(numbers.getType()).getShape() !=
            cast<ShapedType>(view.base.getType()).getShape())
      return view;
    TensorView next = view;
    next.base = numbers;
    std::optional<TensorView> counts = traceOn(next);
    if (counts)
      counts = matchCounts(*counts);
    if (!counts || counts->base == view.base)
      return view;
    view = std::move(*counts);
  }
}

std::optional<TensorView>
mlir::bev::onnx_to_bev::matchIndicator(const TensorView &value) {
  TensorView view = value;
  while (auto node = getNode(view.base, "Cast")) {
    view.base = node.getOperand(0);
    if (!isa<RankedTensorType>(view.base.getType()))
      return std::nullopt;
    std::optional<TensorView> next = traceOn(view);
    if (!next)
      return std::nullopt;
    view = std::move(*next);
    if (isBoolean(view.base))
      return view;
  }
  return std::nullopt;
}

/// If a node is max(x, 1): its x. An upper bound as large as any number of
/// cameras is none.
static Value matchAtLeastOne(NodeOp node) {
  Clamped clamped = matchClamps(node.getOutputs().front());
  bool isRight = clamped.inner != node.getOutputs().front() &&
                 clamped.low == 1.0 &&
                 clamped.high >= std::numeric_limits<int32_t>::max();
  return isRight ? clamped.inner : Value();
}

std::optional<ClampedCount>
mlir::bev::onnx_to_bev::matchClampedCount(Value value) {
  if (!isa<RankedTensorType>(value.getType()))
    return std::nullopt;
  SmallVector<NodeOp> passed;
  TensorView view = trace(
      value,
      [](NodeOp node) -> Value {
        if (node.is("Cast"))
          return isBoolean(node.getOperand(0)) ||
                         isBoolean(node.getOutputs().front())
                     ? Value()
                     : node.getOperand(0);
        return matchAtLeastOne(node);
      },
      &passed);
  bool isClamped = llvm::any_of(
      passed, [](NodeOp node) { return bool(matchAtLeastOne(node)); });
  auto sum = getNode(view.base, "ReduceSum");
  if (!sum)
    return std::nullopt;
  view.dims.emplace_back();
  std::optional<TensorView> counted = beforeReduction(view, sum);
  if (counted)
    counted = matchIndicator(*counted);
  if (!counted)
    return std::nullopt;
  return ClampedCount{std::move(*counted), isClamped};
}
