// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes the branch of an If whose condition is known.

#include "SimplifyPatterns.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// Whether a value may stand for a result of that type, if need be under it.
static bool canReplace(Value value, Type type) {
  return isInstance(value.getType(), type) ||
         (isInstance(type, value.getType()) && value.getDefiningOp<NodeOp>());
}

static LogicalResult takeBranch(NodeOp node, PatternRewriter &rewriter) {
  std::optional<double> condition = getSplat(node.input(0));
  if (!condition || !node.getSubgraphNames())
    return failure();
  StringRef wanted = *condition != 0.0 ? "then_branch" : "else_branch";
  for (auto [name, region] :
       llvm::zip_equal(node.getSubgraphNames()->getAsRange<StringAttr>(),
                       node.getSubgraphs())) {
    if (name.getValue() != wanted)
      continue;
    Block &branch = region.front();
    auto yield = cast<YieldOp>(branch.getTerminator());
    if (branch.getNumArguments() != 0 ||
        yield.getValues().size() != node.getNumResults())
      return failure();
    for (auto [value, result] :
         llvm::zip_equal(yield.getValues(), node.getResults()))
      if (!canReplace(value, result.getType()))
        return failure();
    // The same values under more precise types: say so where they come from.
    for (auto [value, result] :
         llvm::zip_equal(yield.getValues(), node.getResults()))
      if (!isInstance(value.getType(), result.getType()))
        value.setType(result.getType());
    SmallVector<Value> values(yield.getValues());
    rewriter.eraseOp(yield);
    rewriter.inlineBlockBefore(&branch, node);
    // Regions hold one block; the emptied one goes with the node.
    rewriter.replaceOp(node, values);
    return success();
  }
  return failure();
}

void mlir::bev::onnx::populateControlFlowPatterns(RewritePatternSet &patterns) {
  patterns.add<FunctionPattern>(patterns.getContext(), "If", takeBranch);
}
