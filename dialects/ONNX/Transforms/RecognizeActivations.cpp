// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recognizes activations that are written out in parts.

#include "SimplifyPatterns.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx;

/// The first version of the operator set that has Gelu.
static constexpr int64_t kGeluVersion = 20;

/// Whether a constant is that number, but for rounding to the precision of
/// weights.
static bool isNear(std::optional<double> value, double wanted) {
  return value && std::abs(*value - wanted) <= 1e-6 * std::abs(wanted);
}

/// x of erf(x / sqrt(2)), or null.
static Value getErfArgument(Value value) {
  NodeOp erf = getNode(value, "Erf");
  if (!erf)
    return Value();
  const double root = std::sqrt(2.0);
  if (NodeOp quotient = getNode(erf.input(0), "Div"))
    return isNear(getSplat(quotient.input(1)), root) ? quotient.input(0)
                                                     : Value();
  NodeOp product = getNode(erf.input(0), "Mul");
  if (!product || !isNear(getSplat(product.input(1)), 1 / root))
    return Value();
  return product.input(0);
}

/// The factors of a product of products that have no other use.
static void getFactors(Value value, SmallVectorImpl<Value> &factors,
                       unsigned depth = 0) {
  NodeOp product = getNode(value, "Mul");
  if (!product || depth > 2 || (depth > 0 && !product->hasOneUse())) {
    factors.push_back(value);
    return;
  }
  getFactors(product.input(0), factors, depth + 1);
  getFactors(product.input(1), factors, depth + 1);
}

/// 0.5 x (1 + erf(x / sqrt(2))), in any order of the factors.
static LogicalResult recognizeGelu(NodeOp node, PatternRewriter &rewriter) {
  SmallVector<Value> factors;
  getFactors(node->getResult(0), factors);
  if (factors.size() != 3)
    return failure();
  bool hasHalf = false;
  Value x, argument;
  for (Value factor : factors) {
    NodeOp sum = getNode(factor, "Add");
    // Constants go second.
    Value inner = sum && getSplat(sum.input(1)) == 1.0
                      ? getErfArgument(sum.input(0))
                      : Value();
    if (getSplat(factor) == 0.5 && !hasHalf)
      hasHalf = true;
    else if (inner && !argument)
      argument = inner;
    else if (!x)
      x = factor;
  }
  if (!hasHalf || !x || x != argument ||
      node->getResult(0).getType() != x.getType())
    return failure();
  return replaceNode(
      rewriter, node,
      createNode(rewriter, node.getLoc(), "Gelu",
                 std::max<int64_t>(node.getVersion(), kGeluVersion), {x}));
}

void mlir::bev::onnx::populateActivationPatterns(RewritePatternSet &patterns) {
  patterns.add<FunctionPattern>(patterns.getContext(), "Mul", recognizeGelu);
}
