// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Merges and cancels Slice, Split, Concat and Gather along one axis.

#include "AxisParts.h"
#include "SimplifyPatterns.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

using namespace mlir;
using namespace mlir::bev::onnx;

std::optional<int64_t> mlir::bev::onnx::getAxis(NodeOp node, int64_t rank) {
  int64_t axis = node.intAttr("axis", 0);
  if (axis < -rank || axis >= rank)
    return std::nullopt;
  return axis < 0 ? axis + rank : axis;
}

std::optional<Part> mlir::bev::onnx::getPart(Value value) {
  auto node = value ? value.getDefiningOp<NodeOp>() : NodeOp();
  RankedTensorType type = getRanked(value);
  if (!node || !type || node.getDomain())
    return std::nullopt;
  RankedTensorType source = getRanked(node.input(0));
  if (!source || source.getRank() != type.getRank())
    return std::nullopt;
  if (node.is("Split")) {
    auto axis = getAxis(node, type.getRank());
    if (!axis)
      return std::nullopt;
    int64_t start = 0;
    for (Value result : node.getResults()) {
      RankedTensorType part = getRanked(result);
      if (!part || part.isDynamicDim(*axis))
        return std::nullopt;
      if (result == value)
        return Part{node.input(0), *axis, start, part.getDimSize(*axis)};
      start += part.getDimSize(*axis);
    }
  }
  if (!node.is("Slice"))
    return std::nullopt;
  auto starts = getList(node, "starts", 1), ends = getList(node, "ends", 2),
       axes = getList(node, "axes", 3), steps = getIntegers(node.input(4));
  bool hasAxes = node.attr("axes") || node.input(3);
  if (!starts || !ends || starts->size() != 1 || ends->size() != 1 ||
      (hasAxes && (!axes || axes->size() != 1)) ||
      (node.input(4) && (!steps || steps->size() != 1 || steps->front() != 1)))
    return std::nullopt;
  int64_t axis = hasAxes ? axes->front() : 0;
  axis = axis < 0 ? axis + type.getRank() : axis;
  if (axis < 0 || axis >= type.getRank() || source.isDynamicDim(axis) ||
      type.isDynamicDim(axis))
    return std::nullopt;
  int64_t dim = source.getDimSize(axis), start = starts->front();
  start = std::clamp<int64_t>(
      start < 0 ? std::max<int64_t>(start, -dim) + dim : start, 0, dim);
  return Part{node.input(0), axis, start, type.getDimSize(axis)};
}

Value mlir::bev::onnx::createSlice(OpBuilder &builder, Location loc,
                                   int64_t version, const Part &part) {
  Value starts = createIntegers(builder, loc, {part.start});
  Value ends = createIntegers(builder, loc, {part.start + part.size});
  Value axes = createIntegers(builder, loc, {part.axis});
  return createNode(builder, loc, "Slice", std::max<int64_t>(version, 10),
                    {part.source, starts, ends, axes});
}

/// Neighbouring parts of one value are one part; all parts are the value.
static LogicalResult mergeConcat(NodeOp node, PatternRewriter &rewriter) {
  RankedTensorType type = getRanked(node->getResult(0));
  auto axis = type ? getAxis(node, type.getRank()) : std::nullopt;
  if (!axis)
    return failure();
  SmallVector<Value> inputs;
  std::optional<Part> last;
  bool merged = false;
  for (Value input : node.getInputs()) {
    // A Concat along the same axis with no other use is taken apart.
    NodeOp inner = getNode(input, "Concat");
    if (inner && inner->hasOneUse() && getAxis(inner, type.getRank()) == axis) {
      llvm::append_range(inputs, inner.getInputs());
      merged = true;
      last.reset();
      continue;
    }
    std::optional<Part> part = getPart(input);
    if (part && part->axis != *axis)
      part.reset();
    if (part && last && part->source == last->source &&
        part->start == last->start + last->size) {
      last->size += part->size;
      RankedTensorType source = getRanked(part->source);
      bool isWhole = last->start == 0 && last->size == source.getDimSize(*axis);
      inputs.back() = isWhole ? part->source
                              : createSlice(rewriter, node.getLoc(),
                                            node.getVersion(), *last);
      merged = true;
      continue;
    }
    inputs.push_back(input);
    last = part;
  }
  if (!merged)
    return failure();
  rewriter.modifyOpInPlace(node,
                           [&] { node.getInputsMutable().assign(inputs); });
  return success();
}

/// A part of a part is a part; a part of a Concat that lies in one input is a
/// part of that.
static LogicalResult sliceThrough(NodeOp node, PatternRewriter &rewriter) {
  std::optional<Part> part = getPart(node->getResult(0));
  if (!part)
    return failure();
  if (std::optional<Part> inner = getPart(part->source))
    if (inner->axis == part->axis && getNode(part->source, "Slice")) {
      inner->start += part->start;
      inner->size = part->size;
      return replaceNode(
          rewriter, node,
          createSlice(rewriter, node.getLoc(), node.getVersion(), *inner));
    }
  NodeOp concat = getNode(part->source, "Concat");
  RankedTensorType type = getRanked(node->getResult(0));
  if (!concat || getAxis(concat, type.getRank()) != part->axis)
    return failure();
  int64_t offset = 0;
  for (Value input : concat.getInputs()) {
    RankedTensorType inputType = getRanked(input);
    if (!inputType || inputType.isDynamicDim(part->axis))
      return failure();
    int64_t size = inputType.getDimSize(part->axis);
    if (part->start >= offset && part->start + part->size <= offset + size) {
      part->source = input;
      part->start -= offset;
      return replaceNode(
          rewriter, node,
          createSlice(rewriter, node.getLoc(), node.getVersion(), *part));
    }
    offset += size;
  }
  return failure();
}

/// Split of a Concat of inputs of those sizes.
static LogicalResult splitConcat(NodeOp node, PatternRewriter &rewriter) {
  NodeOp concat = getNode(node.input(0), "Concat");
  RankedTensorType type = getRanked(node.input(0));
  if (!concat || !type || concat.getInputs().size() != node.getNumResults())
    return failure();
  auto axis = getAxis(node, type.getRank());
  if (!axis || getAxis(concat, type.getRank()) != axis)
    return failure();
  for (auto [input, result] :
       llvm::zip_equal(concat.getInputs(), node.getResults()))
    if (input.getType() != result.getType() || !getRanked(input) ||
        getRanked(input).isDynamicDim(*axis))
      return failure();
  SmallVector<Value> values(concat.getInputs());
  rewriter.replaceOp(node, values);
  return success();
}

/// Gather of consecutive constant indices is Slice.
static LogicalResult gatherToSlice(NodeOp node, PatternRewriter &rewriter) {
  RankedTensorType type = getRanked(node.input(0));
  RankedTensorType where = getStatic(node.input(1));
  auto axis = type ? getAxis(node, type.getRank()) : std::nullopt;
  auto indices = getIntegers(node.input(1));
  if (!axis || !indices || where.getRank() != 1 || indices->empty() ||
      type.isDynamicDim(*axis))
    return failure();
  int64_t dim = type.getDimSize(*axis);
  for (int64_t &index : *indices)
    index = index < 0 ? index + dim : index;
  for (auto [offset, index] : llvm::enumerate(*indices))
    if (index < 0 || index >= dim ||
        index != indices->front() + int64_t(offset))
      return failure();
  return replaceNode(rewriter, node,
                     createSlice(rewriter, node.getLoc(), node.getVersion(),
                                 Part{node.input(0), *axis, indices->front(),
                                      int64_t(indices->size())}));
}

void mlir::bev::onnx::populateSlicePatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<FunctionPattern>(context, "Concat", mergeConcat);
  patterns.add<FunctionPattern>(context, "Slice", sliceThrough);
  patterns.add<FunctionPattern>(context, "Split", splitConcat);
  patterns.add<FunctionPattern>(context, "Gather", gatherToSlice);
}
