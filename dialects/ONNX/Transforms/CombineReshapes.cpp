// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One spelling for what changes shapes: Reshape to a constant, Expand to a
// constant.

#include "SimplifyPatterns.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// Squeeze, Unsqueeze and Flatten become Reshape, where one constant says the
/// result's shape.
static LogicalResult toReshape(NodeOp node, PatternRewriter &rewriter) {
  RankedTensorType type = getRanked(node->getResult(0));
  if (!type || !node.input(0) || type.getNumDynamicDims() > 1 ||
      (type.getNumDynamicDims() == 1 && llvm::is_contained(type.getShape(), 0)))
    return failure();
  Value result = createReshape(rewriter, node.getLoc(), node.getVersion(),
                               node.input(0), type);
  rewriter.replaceOp(node, result);
  return success();
}

/// Reshape to the shape itself in place of 0, -1 or a computed shape.
static LogicalResult stateShape(NodeOp node, PatternRewriter &rewriter) {
  RankedTensorType type = getRanked(node->getResult(0));
  if (!type || !node.input(0) || type.getNumDynamicDims() > 1 ||
      (type.getNumDynamicDims() == 1 && llvm::is_contained(type.getShape(), 0)))
    return failure();
  SmallVector<int64_t> target(type.getShape());
  for (int64_t &size : target)
    if (ShapedType::isDynamic(size))
      size = -1;
  bool hasZero = llvm::is_contained(target, 0);
  auto stated = getIntegers(node.input(1));
  bool isStated = stated && *stated == target;
  if (isStated && (node.intAttr("allowzero", 0) != 0) == hasZero &&
      (hasZero || !node.getNodeAttributes()))
    return failure();
  Value result = createReshape(rewriter, node.getLoc(), node.getVersion(),
                               node.input(0), type);
  rewriter.replaceOp(node, result);
  return success();
}

/// Reshape of Reshape is one: only the number of elements matters.
static LogicalResult mergeReshapes(NodeOp node, PatternRewriter &rewriter) {
  NodeOp inner = getNode(node.input(0), "Reshape");
  RankedTensorType type = getRanked(node->getResult(0));
  if (!inner || !inner.input(0) || !type)
    return failure();
  auto target = getIntegers(node.input(1));
  if (!target ||
      (llvm::is_contained(*target, 0) && node.intAttr("allowzero", 0) == 0))
    return failure();
  rewriter.modifyOpInPlace(node, [&] {
    node.getInputsMutable().slice(0, 1).assign(inner.input(0));
  });
  return success();
}

static LogicalResult stateExpand(NodeOp node, PatternRewriter &rewriter) {
  RankedTensorType type = getStatic(node->getResult(0));
  if (!type || !node.input(0))
    return failure();
  auto stated = getIntegers(node.input(1));
  if (stated && ArrayRef<int64_t>(*stated) == type.getShape())
    return failure();
  Value shape = createIntegers(rewriter, node.getLoc(), type.getShape());
  rewriter.modifyOpInPlace(
      node, [&] { node.getInputsMutable().slice(1, 1).assign(shape); });
  return success();
}

/// Expand of Expand is one.
static LogicalResult mergeExpands(NodeOp node, PatternRewriter &rewriter) {
  NodeOp inner = getNode(node.input(0), "Expand");
  if (!inner || !inner.input(0) || !getStatic(node->getResult(0)) ||
      !getIntegers(node.input(1)))
    return failure();
  rewriter.modifyOpInPlace(node, [&] {
    node.getInputsMutable().slice(0, 1).assign(inner.input(0));
  });
  return success();
}

/// Tile of dims of size 1 only is Expand.
static LogicalResult tileToExpand(NodeOp node, PatternRewriter &rewriter) {
  RankedTensorType input = getStatic(node.input(0)),
                   type = getStatic(node->getResult(0));
  if (!input || !type)
    return failure();
  for (auto [size, result] : llvm::zip_equal(input.getShape(), type.getShape()))
    if (size != 1 && size != result)
      return failure();
  Value shape = createIntegers(rewriter, node.getLoc(), type.getShape());
  return replaceNode(rewriter, node,
                     createNode(rewriter, node.getLoc(), "Expand",
                                node.getVersion(), {node.input(0), shape}));
}

/// Whether an elementwise operator broadcasts its inputs by numpy's rules.
static bool broadcasts(NodeOp node) {
  static constexpr StringRef names[] = {
      "Add",   "Sub",  "Mul",         "Div",     "Pow",
      "Min",   "Max",  "And",         "Or",      "Xor",
      "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual",
      "Where", "Mod"};
  return !node.getDomain() && llvm::is_contained(names, node.getOpType());
}

/// An Expand in front of an operator that broadcasts anyway is not needed, if
/// the result's shape is the same without it.
static LogicalResult removeExpandedInput(NodeOp node,
                                         PatternRewriter &rewriter) {
  RankedTensorType type = getStatic(node->getResult(0));
  if (!type || !broadcasts(node))
    return failure();
  for (auto [index, operand] : llvm::enumerate(node.getInputs())) {
    NodeOp expand = getNode(operand, "Expand");
    if (!expand || !getStatic(expand.input(0)))
      continue;
    SmallVector<int64_t> shape(type.getRank(), 1);
    bool known = true;
    for (auto [other, value] : llvm::enumerate(node.getInputs())) {
      RankedTensorType source =
          getStatic(other == index ? expand.input(0) : value);
      known &= bool(source);
      if (!known)
        break;
      int64_t lead = type.getRank() - source.getRank();
      for (int64_t dim = 0; dim < source.getRank(); ++dim)
        if (source.getDimSize(dim) != 1)
          shape[lead + dim] = source.getDimSize(dim);
    }
    if (!known || ArrayRef<int64_t>(shape) != type.getShape())
      continue;
    rewriter.modifyOpInPlace(node, [&] {
      node.getInputsMutable().slice(index, 1).assign(expand.input(0));
    });
    return success();
  }
  return failure();
}

/// Constants and what is added to a product go second, so that patterns of
/// later stages look at one place only.
static LogicalResult orderOperands(NodeOp node, PatternRewriter &rewriter) {
  if (node.getInputs().size() != 2)
    return failure();
  Value first = node.input(0), second = node.input(1);
  auto rank = [](Value value) {
    if (!value)
      return 0;
    if (value.getDefiningOp<ConstantOp>())
      return 2;
    return getNode(value, "MatMul") ? 0 : 1;
  };
  bool isProduct = node.is("Add") && rank(second) == 0 && rank(first) != 0;
  bool isConstant = rank(first) == 2 && rank(second) != 2;
  if (!isProduct && !isConstant)
    return failure();
  rewriter.modifyOpInPlace(
      node, [&] { node.getInputsMutable().assign({second, first}); });
  return success();
}

void mlir::bev::onnx::populateShapePatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  auto add = [&](StringRef name, FunctionPattern::Function function) {
    patterns.add<FunctionPattern>(context, name, function);
  };
  for (StringRef name : {"Squeeze", "Unsqueeze", "Flatten"})
    add(name, toReshape);
  add("Reshape", stateShape);
  add("Reshape", mergeReshapes);
  add("Expand", stateExpand);
  add("Expand", mergeExpands);
  add("Tile", tileToExpand);
  for (StringRef name : {"Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "And",
                         "Or", "Xor", "Equal", "Less", "LessOrEqual", "Greater",
                         "GreaterOrEqual", "Where", "Mod"})
    add(name, removeExpandedInput);
  for (StringRef name : {"Add", "Mul", "And", "Or", "Xor", "Equal"})
    add(name, orderOperands);
}
