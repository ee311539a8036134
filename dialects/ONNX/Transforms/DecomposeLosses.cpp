// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The losses of classifications in parts.

#include "Decompose.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// The negative logarithms of the probabilities of the target classes, each by
/// its class's weight. Null where the attributes say something unknown.
static Value buildLoss(NodeBuilder &b, NodeOp node, Value logarithms,
                       Value target, Value weights) {
  StringRef reduction = node.stringAttr("reduction", "mean");
  Type element = getRanked(logarithms).getElementType();
  Value ignored;
  if (node.attr("ignore_index"))
    ignored = b.create(
        "Equal",
        {target,
         b.castLike(b.integers({node.intAttr("ignore_index", 0)}), target)});
  // Ignored targets may be no class at all.
  Value classes = target;
  if (ignored)
    classes = b.where(ignored, b.castLike(b.integers({0}), target), target);
  Value picked = b.squeeze(b.create("GatherElements",
                                    {logarithms, b.unsqueeze(classes, {1})},
                                    b.attribute("axis", 1)),
                           1);
  Value losses = b.create("Neg", {picked}), zero = b.scalar(element, 0), scale;
  if (weights)
    scale = b.create("Gather", {weights, classes}, b.attribute("axis", 0));
  else if (ignored)
    scale = b.scalar(element, 1);
  if (ignored)
    scale = b.where(ignored, zero, scale);
  if (weights)
    losses = b.mul(losses, scale);
  if (ignored)
    losses = b.where(ignored, zero, losses);
  if (reduction == "none")
    return losses;
  auto reduce = [&](StringRef name, Value values) {
    return b.create(name, {values}, b.attribute("keepdims", 0));
  };
  if (reduction == "sum")
    return reduce("ReduceSum", losses);
  if (!scale)
    return reduce("ReduceMean", losses);
  return b.div(reduce("ReduceSum", losses), reduce("ReduceSum", scale));
}

/// Whether the targets may be one for each place of the scores (batch, classes,
/// ...).
static bool fitTarget(RankedTensorType scores, RankedTensorType target) {
  for (int64_t dim = 0; dim < target.getRank(); ++dim) {
    int64_t size = scores.getDimSize(dim == 0 ? 0 : dim + 1),
            other = target.getDimSize(dim);
    if (size != other && !ShapedType::isDynamic(size) &&
        !ShapedType::isDynamic(other))
      return false;
  }
  return true;
}

static LogicalResult decomposeLoss(NodeOp node, PatternRewriter &rewriter) {
  Value scores = node.input(0), target = node.input(1);
  RankedTensorType type = getRanked(scores);
  StringRef reduction = node.stringAttr("reduction", "mean");
  if (!type || type.getRank() < 2 || !getRanked(target) ||
      !isa<FloatType>(type.getElementType()) ||
      getRanked(target).getRank() != type.getRank() - 1 ||
      !fitTarget(type, getRanked(target)) ||
      (reduction != "none" && reduction != "sum" && reduction != "mean") ||
      node->getNumResults() > 2 || !mayChangeTypes(node))
    return failure();
  NodeBuilder b(rewriter, node);
  if (node.is("NegativeLogLikelihoodLoss"))
    return replaceResults(rewriter, node,
                          buildLoss(b, node, scores, target, node.input(2)));
  Value logarithms = b.create("LogSoftmax", {scores}, b.attribute("axis", 1));
  Value results[] = {buildLoss(b, node, logarithms, target, node.input(2)),
                     logarithms};
  return replaceResults(rewriter, node,
                        ArrayRef(results).take_front(node->getNumResults()));
}

void mlir::bev::onnx::populateLossPatterns(RewritePatternSet &patterns) {
  for (StringRef name :
       {"NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"})
    patterns.add<FunctionPattern>(patterns.getContext(), name, decomposeLoss);
}
