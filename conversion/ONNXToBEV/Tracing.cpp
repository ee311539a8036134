// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which ONNX nodes only move elements, and what views they make.

#include "TensorView.h"

#include "bev/Dialect/ONNX/IR/TypeInference.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

static std::optional<SmallVector<int64_t>> constantIntegers(Value value) {
  if (!value)
    return std::nullopt;
  std::optional<SmallVector<int64_t>> integers =
      onnx::getPartialIntegers(value);
  if (integers && llvm::is_contained(*integers, kDynamic))
    return std::nullopt;
  return integers;
}

/// Applies a Slice with constant bounds.
static bool applySlice(NodeOp node, TensorView &view) {
  auto get = [&](unsigned index, StringRef attribute) {
    if (auto attr = node.intsAttr(attribute))
      return attr;
    return constantIntegers(node.input(index));
  };
  auto starts = get(1, "starts"), ends = get(2, "ends");
  auto axes = get(3, "axes");
  auto steps = constantIntegers(node.input(4));
  if (!starts || !ends || starts->size() != ends->size() ||
      (node.input(3) && !axes) || (node.input(4) && !steps))
    return false;
  int64_t rank = view.dims.size();
  for (size_t i = 0; i < starts->size(); ++i) {
    int64_t axis = axes ? (*axes)[i] : int64_t(i);
    axis += axis < 0 ? rank : 0;
    int64_t step = steps ? (*steps)[i] : 1;
    if (axis < 0 || axis >= rank || step < 1)
      return false;
    int64_t size = view.getSize(axis), start = (*starts)[i], end = (*ends)[i];
    if (size == kDynamic) {
      if (start == 0 && step == 1 && end >= std::numeric_limits<int32_t>::max())
        continue;
      return false;
    }
    auto clamp = [&](int64_t bound) {
      return std::clamp<int64_t>(bound < 0 ? bound + size : bound, 0, size);
    };
    start = clamp(start);
    int64_t count = llvm::divideCeil(std::max<int64_t>(clamp(end) - start, 0),
                                     uint64_t(step));
    if (!view.slice(axis, start, count, step))
      return false;
  }
  return true;
}

/// Applies one part of a Split.
static bool applySplit(NodeOp node, unsigned part, TensorView &view) {
  int64_t axis = node.intAttr("axis", 0);
  axis += axis < 0 ? int64_t(view.dims.size()) : 0;
  if (axis < 0 || axis >= int64_t(view.dims.size()))
    return false;
  int64_t start = 0;
  for (unsigned i = 0; i < part; ++i) {
    auto type = dyn_cast<RankedTensorType>(node.getOutputs()[i].getType());
    if (!type || type.isDynamicDim(axis))
      return false;
    start += type.getDimSize(axis);
  }
  auto type = dyn_cast<RankedTensorType>(node.getOutputs()[part].getType());
  return type && !type.isDynamicDim(axis) &&
         view.slice(axis, start, type.getDimSize(axis));
}

/// Applies a Gather of one constant index.
static bool applyGather(NodeOp node, RankedTensorType result,
                        TensorView &view) {
  int64_t axis = node.intAttr("axis", 0);
  axis += axis < 0 ? int64_t(view.dims.size()) : 0;
  auto indices = constantIntegers(node.input(1));
  if (axis < 0 || axis >= int64_t(view.dims.size()) || !indices ||
      indices->empty())
    return false;
  int64_t size = view.getSize(axis), start = indices->front();
  if (size == kDynamic)
    return false;
  for (int64_t &index : *indices)
    index += index < 0 ? size : 0;
  start = indices->front();
  int64_t count = indices->size();
  int64_t step = count > 1 ? (*indices)[1] - start : 1;
  for (int64_t i = 0; i < count; ++i)
    if ((*indices)[i] != start + i * step)
      return false;
  return view.slice(axis, start, count, step) &&
         view.reshape(result.getShape());
}

/// Applies a Tile with constant repeats.
static bool applyTile(NodeOp node, TensorView &view) {
  auto repeats = constantIntegers(node.input(1));
  if (!repeats || repeats->size() != view.dims.size())
    return false;
  for (auto [dim, count] : llvm::enumerate(*repeats)) {
    if (count < 1)
      return false;
    view.repeat(dim, count);
  }
  return true;
}

/// Applies a Concat of one tensor with itself.
static bool applyConcat(NodeOp node, TensorView &view) {
  int64_t axis = node.intAttr("axis", 0);
  axis += axis < 0 ? int64_t(view.dims.size()) : 0;
  int64_t count = node.getInputs().size();
  if (axis < 0 || axis >= int64_t(view.dims.size()) ||
      !llvm::all_equal(node.getInputs()))
    return false;
  view.repeat(axis, count);
  return true;
}

/// Applies the op to a view of its first input, if it is one that only moves
/// elements.
static bool applyNode(NodeOp node, unsigned part, RankedTensorType result,
                      TensorView &view) {
  if (node.getDomain())
    return false;
  StringRef name = node.getOpType();
  if (name == "Reshape" || name == "Flatten" || name == "Squeeze" ||
      name == "Unsqueeze")
    return view.reshape(result.getShape());
  if (name == "Identity")
    return true;
  if (name == "Transpose") {
    SmallVector<int64_t> reversed =
        llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, view.dims.size())));
    return view.transpose(node.intsAttr("perm").value_or(reversed));
  }
  if (name == "Slice")
    return applySlice(node, view);
  if (name == "Split")
    return applySplit(node, part, view);
  if (name == "Gather")
    return applyGather(node, result, view);
  if (name == "Expand")
    return view.broadcast(result.getShape());
  if (name == "Tile")
    return applyTile(node, view);
  if (name == "Concat")
    return applyConcat(node, view);
  return false;
}

TensorView mlir::bev::onnx_to_bev::trace(Value value, Passage passage,
                                         SmallVectorImpl<NodeOp> *passed) {
  static constexpr StringLiteral movers[] = {
      "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Transpose",
      "Slice",   "Split",   "Gather",  "Expand",    "Tile",     "Concat"};
  // From `value` up to where no further step is possible, then down again: a
  // step that turns out to be no view makes its result the base.
  struct Step {
    Value value;
    bool isPassed;
  };
  SmallVector<Step> chain = {{value, false}};
  while (auto node = chain.back().value.getDefiningOp<NodeOp>()) {
    Value next = passage ? passage(node) : Value();
    chain.back().isPassed = bool(next);
    if (!next && !node.getDomain() && node.getNumOperands() > 0 &&
        llvm::is_contained(movers, node.getOpType()))
      next = node.input(0);
    if (!next || !isa<RankedTensorType>(next.getType()) ||
        !isa<RankedTensorType>(chain.back().value.getType()))
      break;
    chain.push_back({next, false});
  }
  TensorView view(chain.back().value);
  SmallVector<NodeOp> kept;
  for (const Step &step : llvm::drop_begin(llvm::reverse(chain))) {
    auto node = step.value.getDefiningOp<NodeOp>();
    auto type = cast<RankedTensorType>(step.value.getType());
    unsigned part = cast<OpResult>(step.value).getResultNumber();
    TensorView next = view;
    bool isView = step.isPassed ? next.broadcast(type.getShape())
                                : applyNode(node, part, type, next);
    if (!isView) {
      kept.clear();
      view = TensorView(step.value);
      continue;
    }
    if (step.isPassed)
      kept.push_back(node);
    view = std::move(next);
  }
  if (passed)
    passed->assign(kept.rbegin(), kept.rend());
  return view;
}
