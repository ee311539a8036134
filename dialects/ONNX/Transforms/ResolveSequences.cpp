// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sequences of tensors whose number is known, and optional tensors that are
// known to be there: what is taken of them is the tensor itself.

#include "Decompose.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// The most parts that a tensor is split into.
static constexpr int64_t kMaxParts = 1024;

/// The tensors of a sequence.
static std::optional<SmallVector<Value>> getParts(Value sequence) {
  NodeOp made = getNode(sequence, "SequenceConstruct");
  if (!made)
    return std::nullopt;
  return SmallVector<Value>(made.getInputs());
}

/// The known place that an input says, counted from the front, in a sequence of
/// `size`; `otherwise` where it is left out.
static std::optional<int64_t> getPlace(NodeOp node, unsigned index,
                                       int64_t size, int64_t otherwise) {
  Value input = node.input(index);
  if (!input)
    return otherwise;
  auto places = getIntegers(input);
  if (!places || places->size() != 1)
    return std::nullopt;
  int64_t place = places->front();
  return place < 0 ? place + size : place;
}

static LogicalResult resolveEmpty(NodeOp node, PatternRewriter &rewriter) {
  NodeBuilder b(rewriter, node);
  return replaceNode(rewriter, node, b.create("SequenceConstruct", {}));
}

static LogicalResult resolveInsert(NodeOp node, PatternRewriter &rewriter) {
  auto parts = getParts(node.input(0));
  if (!parts || !node.input(1))
    return failure();
  int64_t size = parts->size();
  auto place = getPlace(node, 2, size, size);
  if (!place || *place < 0 || *place > size)
    return failure();
  parts->insert(parts->begin() + *place, node.input(1));
  NodeBuilder b(rewriter, node);
  return replaceNode(rewriter, node, b.create("SequenceConstruct", *parts));
}

static LogicalResult resolveErase(NodeOp node, PatternRewriter &rewriter) {
  auto parts = getParts(node.input(0));
  if (!parts)
    return failure();
  int64_t size = parts->size();
  auto place = getPlace(node, 1, size, size - 1);
  if (!place || *place < 0 || *place >= size)
    return failure();
  parts->erase(parts->begin() + *place);
  NodeBuilder b(rewriter, node);
  return replaceNode(rewriter, node, b.create("SequenceConstruct", *parts));
}

static LogicalResult resolveAt(NodeOp node, PatternRewriter &rewriter) {
  auto parts = getParts(node.input(0));
  if (!parts)
    return failure();
  int64_t size = parts->size();
  auto place = getPlace(node, 1, size, size);
  if (!place || *place < 0 || *place >= size)
    return failure();
  return replaceNode(rewriter, node, (*parts)[*place]);
}

static LogicalResult resolveLength(NodeOp node, PatternRewriter &rewriter) {
  auto parts = getParts(node.input(0));
  if (!parts || !mayChangeTypes(node) || node->getNumResults() != 1)
    return failure();
  NodeBuilder b(rewriter, node);
  Value size = b.scalar(rewriter.getI64Type(), double(parts->size()));
  rewriter.replaceOp(node, size);
  return success();
}

static LogicalResult resolveConcat(NodeOp node, PatternRewriter &rewriter) {
  auto parts = getParts(node.input(0));
  if (!parts || parts->empty() || !node.attr("axis"))
    return failure();
  int64_t axis = node.intAttr("axis", 0);
  NodeBuilder b(rewriter, node);
  if (node.intAttr("new_axis", 0) != 0)
    for (Value &part : *parts)
      part = b.unsqueeze(part, {axis});
  return replaceNode(rewriter, node,
                     b.create("Concat", *parts, b.attribute("axis", axis)));
}

/// Parts of one size, parts of the sizes that are stated, or single ones.
static LogicalResult resolveSplit(NodeOp node, PatternRewriter &rewriter) {
  Value x = node.input(0), split = node.input(1);
  RankedTensorType type = getRanked(x);
  if (!type)
    return failure();
  int64_t axis = node.intAttr("axis", 0);
  axis = axis < 0 ? axis + type.getRank() : axis;
  if (axis < 0 || axis >= type.getRank())
    return failure();
  int64_t size = type.getDimSize(axis);
  SmallVector<int64_t> sizes;
  auto stated = getIntegers(split);
  if (split && (!stated || !getRanked(split)))
    return failure();
  if (split && getRanked(split).getRank() == 1) {
    sizes = *stated;
  } else {
    int64_t step = split ? stated->front() : 1;
    if (ShapedType::isDynamic(size) || step < 1 || size / step >= kMaxParts)
      return failure();
    for (int64_t start = 0; start < size; start += step)
      sizes.push_back(std::min(step, size - start));
  }
  int64_t total = 0;
  for (int64_t part : sizes)
    if (part < 0 || llvm::AddOverflow(total, part, total))
      return failure();
  if ((!ShapedType::isDynamic(size) && total != size) ||
      int64_t(sizes.size()) > kMaxParts)
    return failure();
  NodeBuilder b(rewriter, node);
  SmallVector<Value> parts;
  int64_t start = 0;
  for (int64_t part : sizes) {
    parts.push_back(b.slice(x, axis, start, start + part));
    start += part;
    if (!split && node.intAttr("keepdims", 1) == 0)
      parts.back() = b.squeeze(parts.back(), axis);
  }
  return replaceNode(rewriter, node, b.create("SequenceConstruct", parts));
}

/// Whether an optional tensor is there, which may be the tensor itself, and the
/// tensor; nothing where that is not known.
static std::optional<Value> getOptional(Value value) {
  if (!value)
    return Value();
  if (NodeOp made = getNode(value, "Optional"))
    return made.input(0);
  return getRanked(value) ? std::optional<Value>(value) : std::nullopt;
}

static LogicalResult resolveGetElement(NodeOp node, PatternRewriter &rewriter) {
  std::optional<Value> tensor = getOptional(node.input(0));
  return tensor && *tensor ? replaceNode(rewriter, node, *tensor) : failure();
}

static LogicalResult resolveHasElement(NodeOp node, PatternRewriter &rewriter) {
  std::optional<Value> tensor = getOptional(node.input(0));
  if (!tensor || !mayChangeTypes(node) || node->getNumResults() != 1)
    return failure();
  NodeBuilder b(rewriter, node);
  rewriter.replaceOp(node, b.scalar(rewriter.getI1Type(), *tensor ? 1 : 0));
  return success();
}

void mlir::bev::onnx::populateTensorSequencePatterns(
    RewritePatternSet &patterns) {
  auto add = [&](StringRef name, FunctionPattern::Function function) {
    patterns.add<FunctionPattern>(patterns.getContext(), name, function);
  };
  add("SequenceEmpty", resolveEmpty);
  add("SequenceInsert", resolveInsert);
  add("SequenceErase", resolveErase);
  add("SequenceAt", resolveAt);
  add("SequenceLength", resolveLength);
  add("ConcatFromSequence", resolveConcat);
  add("SplitToSequence", resolveSplit);
  add("OptionalGetElement", resolveGetElement);
  add("OptionalHasElement", resolveHasElement);
}
