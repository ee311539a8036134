// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rewrites of onnx-simplify, and what they share.

#ifndef BEV_DIALECTS_ONNX_TRANSFORMS_SIMPLIFYPATTERNS_H
#define BEV_DIALECTS_ONNX_TRANSFORMS_SIMPLIFYPATTERNS_H

#include "bev/Dialect/ONNX/IR/ONNX.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::bev::onnx {

/// Whether a node is inside an If whose condition is known. Its branches are
/// about to go, and what is in them may be invalid.
bool isInDeadBranch(NodeOp node);

/// Rewrites nodes of one operator of ONNX's own domain.
class NodePattern : public OpRewritePattern<NodeOp> {
public:
  NodePattern(MLIRContext *context, StringRef name, PatternBenefit benefit = 1)
      : OpRewritePattern(context, benefit), name(name) {}

  LogicalResult matchAndRewrite(NodeOp node,
                                PatternRewriter &rewriter) const final {
    return node.is(name) && !isInDeadBranch(node) ? rewrite(node, rewriter)
                                                  : failure();
  }
  virtual LogicalResult rewrite(NodeOp node,
                                PatternRewriter &rewriter) const = 0;

private:
  StringRef name;
};

/// A pattern that is a function.
class FunctionPattern : public NodePattern {
public:
  using Function = LogicalResult (*)(NodeOp, PatternRewriter &);
  FunctionPattern(MLIRContext *context, StringRef name, Function function,
                  PatternBenefit benefit = 1)
      : NodePattern(context, name, benefit), function(function) {}
  LogicalResult rewrite(NodeOp node, PatternRewriter &rewriter) const override {
    return function(node, rewriter);
  }

private:
  Function function;
};

/// A node of ONNX's own domain with one result, whose type is inferred.
Value createNode(OpBuilder &builder, Location loc, StringRef name,
                 int64_t version, ValueRange inputs,
                 ArrayRef<NamedAttribute> attributes = {});

/// Constants of int64 of rank 1 and of one float.
Value createIntegers(OpBuilder &builder, Location loc,
                     ArrayRef<int64_t> values);
Value createSplat(OpBuilder &builder, Location loc, RankedTensorType type,
                  double value);

/// Whether every value of type `precise` also is of type `general`.
bool isInstance(Type precise, Type general);

/// Replaces a node's only result. What the old type said more than the new is
/// kept; fails, changing nothing, where that is not possible.
LogicalResult replaceNode(PatternRewriter &rewriter, NodeOp node, Value value);

/// The node of that operator that computes a value, or null.
NodeOp getNode(Value value, StringRef name);

/// The elements of a constant of integers of rank 0 or 1.
std::optional<SmallVector<int64_t>> getIntegers(Value value);
/// A list that is an attribute in some versions and an input in others;
/// nothing where it is not constant or not there.
std::optional<SmallVector<int64_t>> getList(NodeOp node, StringRef attribute,
                                            unsigned index);
/// The value that all elements of a constant have.
std::optional<double> getSplat(Value value);

/// The type of a value, if its shape is known but for sizes.
RankedTensorType getRanked(Value value);
/// The type of a value if all of its shape is known.
RankedTensorType getStatic(Value value);

/// A Reshape to a type of at most one dynamic size; null if there are more, or
/// a size of 0 beside it.
Value createReshape(OpBuilder &builder, Location loc, int64_t version,
                    Value input, RankedTensorType type);

void populateNoOpPatterns(RewritePatternSet &patterns);
void populateShapePatterns(RewritePatternSet &patterns);
void populateTransposePatterns(RewritePatternSet &patterns);
void populateSlicePatterns(RewritePatternSet &patterns);
void populateScatterPatterns(RewritePatternSet &patterns);
void populateWeightPatterns(RewritePatternSet &patterns);
void populateNormalizationPatterns(RewritePatternSet &patterns);
void populateActivationPatterns(RewritePatternSet &patterns);
void populateControlFlowPatterns(RewritePatternSet &patterns);
void populateAttentionPatterns(RewritePatternSet &patterns);
void populateRecurrentPatterns(RewritePatternSet &patterns);
void populateLossPatterns(RewritePatternSet &patterns);
void populateSequencePatterns(RewritePatternSet &patterns);
void populateWindowPatterns(RewritePatternSet &patterns);
void populateDeterminantPatterns(RewritePatternSet &patterns);
void populateUniquePatterns(RewritePatternSet &patterns);
void populateUnpoolingPatterns(RewritePatternSet &patterns);
void populateTensorSequencePatterns(RewritePatternSet &patterns);

} // namespace mlir::bev::onnx

#endif // BEV_DIALECTS_ONNX_TRANSFORMS_SIMPLIFYPATTERNS_H
