// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recognizes layer normalization and softmax that are written out in parts.

#include "SimplifyPatterns.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// The first version of the operator set that has LayerNormalization.
static constexpr int64_t kLayerNormVersion = 17;

/// The axes of a reduction that keeps them with size 1, from the front and in
/// order; nothing where they are not known or not kept.
static std::optional<SmallVector<int64_t>> getKeptAxes(NodeOp node) {
  RankedTensorType type = getRanked(node.input(0));
  auto axes = getList(node, "axes", 1);
  if (!type || !axes || axes->empty() || node.intAttr("keepdims", 1) == 0)
    return std::nullopt;
  for (int64_t &axis : *axes) {
    axis = axis < 0 ? axis + type.getRank() : axis;
    if (axis < 0 || axis >= type.getRank())
      return std::nullopt;
  }
  llvm::sort(*axes);
  return axes;
}

/// Whether the axes are the last ones.
static bool areTrailing(ArrayRef<int64_t> axes, int64_t rank) {
  for (auto [index, axis] : llvm::enumerate(axes))
    if (axis != rank - int64_t(axes.size()) + int64_t(index))
      return false;
  return true;
}

/// The value whose square this is, or null.
static Value getSquared(Value value) {
  if (NodeOp power = getNode(value, "Pow"))
    return getSplat(power.input(1)) == 2.0 ? power.input(0) : Value();
  NodeOp product = getNode(value, "Mul");
  return product && product.input(0) == product.input(1) ? product.input(0)
                                                         : Value();
}

/// x - mean(x) over its last axes: the mean's node, or null.
static NodeOp getMeanOfDifference(Value difference) {
  NodeOp sub = getNode(difference, "Sub");
  NodeOp mean = sub ? getNode(sub.input(1), "ReduceMean") : NodeOp();
  return mean && sub.input(0) == mean.input(0) ? mean : NodeOp();
}

/// (x - mean) / sqrt(mean((x - mean)^2) + epsilon), with a scale of one.
static LogicalResult recognizeLayerNorm(NodeOp node,
                                        PatternRewriter &rewriter) {
  Value difference = node.input(0);
  NodeOp root = getNode(node.input(1), "Sqrt");
  NodeOp sum = root ? getNode(root.input(0), "Add") : NodeOp();
  NodeOp mean = getMeanOfDifference(difference);
  if (!sum || !mean)
    return failure();
  // Constants go second.
  NodeOp variance = getNode(sum.input(0), "ReduceMean");
  std::optional<double> epsilon = getSplat(sum.input(1));
  if (!variance || !epsilon)
    return failure();
  // A difference computed twice is as good.
  Value squared = getSquared(variance.input(0));
  if (squared != difference) {
    NodeOp otherMean = squared ? getMeanOfDifference(squared) : NodeOp();
    if (!otherMean || otherMean.input(0) != mean.input(0) ||
        getKeptAxes(otherMean) != getKeptAxes(mean))
      return failure();
  }
  Value x = mean.input(0);
  RankedTensorType type = getRanked(x);
  auto axes = getKeptAxes(mean);
  if (!type || !axes || axes != getKeptAxes(variance) ||
      !areTrailing(*axes, type.getRank()) ||
      node->getResult(0).getType() != type)
    return failure();
  SmallVector<int64_t> sizes(type.getShape().drop_front(axes->front()));
  if (llvm::any_of(sizes, ShapedType::isDynamic) ||
      !isa<FloatType>(type.getElementType()))
    return failure();
  Value scale =
      createSplat(rewriter, node.getLoc(),
                  RankedTensorType::get(sizes, type.getElementType()), 1);
  return replaceNode(
      rewriter, node,
      createNode(
          rewriter, node.getLoc(), "LayerNormalization",
          std::max<int64_t>(node.getVersion(), kLayerNormVersion), {x, scale},
          {rewriter.getNamedAttr("axis", rewriter.getI64IntegerAttr(
                                             axes->front() - type.getRank())),
           rewriter.getNamedAttr("epsilon",
                                 rewriter.getF32FloatAttr(float(*epsilon)))}));
}

/// A LayerNormalization without other uses and without unusual outputs.
static NodeOp getPlainLayerNorm(Value value) {
  NodeOp norm = getNode(value, "LayerNormalization");
  return norm && norm.getNumResults() == 1 && norm->hasOneUse() ? norm
                                                                : NodeOp();
}

/// The value as a scale or bias of a normalization: of the normalized dims
/// exactly, leading dims of size 1 aside.
static Value asParameter(PatternRewriter &rewriter, Value value,
                         RankedTensorType wanted) {
  RankedTensorType type = getStatic(value);
  if (!type || type.getElementType() != wanted.getElementType() ||
      type.getRank() < wanted.getRank())
    return Value();
  int64_t lead = type.getRank() - wanted.getRank();
  if (type.getShape().drop_front(lead) != wanted.getShape() ||
      llvm::any_of(type.getShape().take_front(lead),
                   [](int64_t size) { return size != 1; }))
    return Value();
  return lead == 0 ? value
                   : createReshape(rewriter, value.getLoc(), 13, value, wanted);
}

static NodeOp rebuild(PatternRewriter &rewriter, NodeOp norm, Location loc,
                      ArrayRef<Value> inputs) {
  SmallVector<NamedAttribute> attributes;
  if (norm.getNodeAttributes())
    llvm::append_range(attributes, *norm.getNodeAttributes());
  return createNode(rewriter, loc, "LayerNormalization", norm.getVersion(),
                    inputs, attributes)
      .getDefiningOp<NodeOp>();
}

/// A product with the scale behind a normalization whose own scale is one.
static LogicalResult absorbScale(NodeOp node, PatternRewriter &rewriter) {
  for (unsigned side = 0; side < 2 && node.getInputs().size() == 2; ++side) {
    NodeOp norm = getPlainLayerNorm(node.input(side));
    if (!norm || norm.input(2) || getSplat(norm.input(1)) != 1.0 ||
        node->getResult(0).getType() != norm->getResult(0).getType())
      continue;
    Value scale =
        asParameter(rewriter, node.input(1 - side), getStatic(norm.input(1)));
    if (!scale)
      continue;
    return replaceNode(
        rewriter, node,
        rebuild(rewriter, norm, node.getLoc(), {norm.input(0), scale})
            ->getResult(0));
  }
  return failure();
}

/// A sum with the bias behind a normalization that has none.
static LogicalResult absorbBias(NodeOp node, PatternRewriter &rewriter) {
  for (unsigned side = 0; side < 2 && node.getInputs().size() == 2; ++side) {
    NodeOp norm = getPlainLayerNorm(node.input(side));
    RankedTensorType wanted =
        norm ? getStatic(norm.input(1)) : RankedTensorType();
    if (!wanted || norm.input(2) ||
        node->getResult(0).getType() != norm->getResult(0).getType())
      continue;
    // Something computed may itself depend on more than the channels.
    Value bias = asParameter(rewriter, node.input(1 - side), wanted);
    if (!bias)
      continue;
    return replaceNode(rewriter, node,
                       rebuild(rewriter, norm, node.getLoc(),
                               {norm.input(0), norm.input(1), bias})
                           ->getResult(0));
  }
  return failure();
}

/// exp(x - max(x)) over its sum along the same axis.
static LogicalResult recognizeSoftmax(NodeOp node, PatternRewriter &rewriter) {
  NodeOp exponential = getNode(node.input(0), "Exp");
  NodeOp sum = getNode(node.input(1), "ReduceSum");
  if (!exponential || !sum || sum.input(0) != node.input(0))
    return failure();
  NodeOp shifted = getNode(exponential.input(0), "Sub");
  NodeOp most = shifted ? getNode(shifted.input(1), "ReduceMax") : NodeOp();
  if (!most || most.input(0) != shifted.input(0))
    return failure();
  auto axes = getKeptAxes(sum);
  Value x = shifted.input(0);
  if (!axes || axes->size() != 1 || getKeptAxes(most) != axes ||
      node->getResult(0).getType() != x.getType())
    return failure();
  return replaceNode(
      rewriter, node,
      createNode(rewriter, node.getLoc(), "Softmax",
                 std::max<int64_t>(node.getVersion(), 13), {x},
                 rewriter.getNamedAttr(
                     "axis", rewriter.getI64IntegerAttr(axes->front()))));
}

void mlir::bev::onnx::populateNormalizationPatterns(
    RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<FunctionPattern>(context, "Div", recognizeLayerNorm);
  patterns.add<FunctionPattern>(context, "Mul", absorbScale);
  patterns.add<FunctionPattern>(context, "Add", absorbBias);
  patterns.add<FunctionPattern>(context, "Div", recognizeSoftmax);
}
