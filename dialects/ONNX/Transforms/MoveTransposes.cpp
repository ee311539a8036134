// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Merges and cancels transpositions, through elementwise operators too.

#include "SimplifyPatterns.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

#include <numeric>

using namespace mlir;
using namespace mlir::bev::onnx;

/// The permutation of a Transpose whose rank is known.
static std::optional<SmallVector<int64_t>> getPermutation(NodeOp node) {
  if (auto stated = node.intsAttr("perm"))
    return stated;
  RankedTensorType type = getRanked(node->getResult(0));
  if (!type)
    return std::nullopt;
  SmallVector<int64_t> reversed(type.getRank());
  std::iota(reversed.rbegin(), reversed.rend(), 0);
  return reversed;
}

static Value createTranspose(OpBuilder &builder, Location loc, int64_t version,
                             Value input, ArrayRef<int64_t> permutation) {
  return createNode(
      builder, loc, "Transpose", version, {input},
      builder.getNamedAttr("perm", builder.getDenseI64ArrayAttr(permutation)));
}

/// States the permutation, where reversing is implied.
static LogicalResult statePermutation(NodeOp node, PatternRewriter &rewriter) {
  auto permutation = getPermutation(node);
  if (node.intsAttr("perm") || !permutation)
    return failure();
  return replaceNode(rewriter, node,
                     createTranspose(rewriter, node.getLoc(), node.getVersion(),
                                     node.input(0), *permutation));
}

static LogicalResult mergeTransposes(NodeOp node, PatternRewriter &rewriter) {
  NodeOp inner = getNode(node.input(0), "Transpose");
  auto outerOrder = node.intsAttr("perm");
  auto innerOrder = inner ? inner.intsAttr("perm") : std::nullopt;
  if (!outerOrder || !innerOrder || outerOrder->size() != innerOrder->size())
    return failure();
  SmallVector<int64_t> order;
  for (int64_t dim : *outerOrder)
    order.push_back((*innerOrder)[dim]);
  return replaceNode(rewriter, node,
                     createTranspose(rewriter, node.getLoc(), node.getVersion(),
                                     inner.input(0), order));
}

/// A transposition that moves dims of size 1 only is Reshape.
static LogicalResult transposeToReshape(NodeOp node,
                                        PatternRewriter &rewriter) {
  RankedTensorType input = getRanked(node.input(0)),
                   type = getRanked(node->getResult(0));
  auto order = node.intsAttr("perm");
  if (!input || !type || !order || type.getNumDynamicDims() > 1 ||
      llvm::is_contained(type.getShape(), 0))
    return failure();
  int64_t last = -1;
  bool isIdentity = true;
  for (auto [index, dim] : llvm::enumerate(*order)) {
    isIdentity &= int64_t(index) == dim;
    if (input.getDimSize(dim) == 1)
      continue;
    if (dim < last)
      return failure();
    last = dim;
  }
  if (isIdentity)
    return failure();
  Value result = createReshape(rewriter, node.getLoc(), node.getVersion(),
                               node.input(0), type);
  rewriter.replaceOp(node, result);
  return success();
}

static bool isUnaryElementwise(NodeOp node) {
  static constexpr StringRef names[] = {
      "Abs",   "Neg",    "Relu",    "Sigmoid", "Tanh",      "Exp",  "Log",
      "Sqrt",  "Floor",  "Ceil",    "Round",   "Erf",       "Sin",  "Cos",
      "Atan",  "Gelu",   "Cast",    "Clip",    "LeakyRelu", "Elu",  "Not",
      "IsNaN", "IsInf",  "Softplus", "HardSigmoid", "HardSwish",
      "Reciprocal", "Mish", "Sign"};
  return !node.getDomain() && llvm::is_contained(names, node.getOpType());
}

static bool isBinaryElementwise(NodeOp node) {
  static constexpr StringRef names[] = {
      "Add",  "Sub", "Mul", "Div", "Pow", "Min", "Max", "And", "Or",
      "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Equal"};
  return !node.getDomain() && llvm::is_contained(names, node.getOpType()) &&
         node.getInputs().size() == 2;
}

/// What a Transpose by `order` takes to the operand, which is such a Transpose
/// or a constant; null where that has no static shape.
static Value untranspose(PatternRewriter &rewriter, Value operand,
                         ArrayRef<int64_t> order, int64_t version) {
  if (NodeOp transpose = getNode(operand, "Transpose"))
    if (auto inner = transpose.intsAttr("perm"))
      if (ArrayRef<int64_t>(*inner) == order)
        return transpose.input(0);
  RankedTensorType type = getStatic(operand);
  if (!type || !operand.getDefiningOp<ConstantOp>() ||
      type.getRank() > int64_t(order.size()))
    return Value();
  // Folding then transposes the constant.
  if (type.getNumElements() == 1 && type.getRank() == 0)
    return operand;
  SmallVector<int64_t> shape(order.size() - type.getRank(), 1);
  llvm::append_range(shape, type.getShape());
  Value reshaped =
      createReshape(rewriter, operand.getLoc(), version, operand,
                    RankedTensorType::get(shape, type.getElementType()));
  SmallVector<int64_t> inverse(order.size());
  for (auto [index, dim] : llvm::enumerate(order))
    inverse[dim] = index;
  return createTranspose(rewriter, operand.getLoc(), version, reshaped,
                         inverse);
}

/// Transpose(f(Transpose(x), c)) is f(Transpose(x), c'): where a transposition
/// follows elementwise operators on another, the second is moved to the first.
/// Only where the operators in between have no other use.
static LogicalResult sinkThroughElementwise(NodeOp node,
                                            PatternRewriter &rewriter) {
  auto outer = node.intsAttr("perm");
  auto op = node.input(0) ? node.input(0).getDefiningOp<NodeOp>() : NodeOp();
  if (!outer || !op || !op->hasOneUse() || op.getNumResults() != 1)
    return failure();
  bool isUnary = isUnaryElementwise(op);
  if (!isUnary && !isBinaryElementwise(op))
    return failure();
  RankedTensorType type = getRanked(op->getResult(0));
  if (!type)
    return failure();
  unsigned count = isUnary ? 1 : 2;
  std::optional<SmallVector<int64_t>> inner;
  for (unsigned i = 0; i < count && !inner; ++i)
    if (NodeOp transpose = getNode(op.input(i), "Transpose"))
      if (transpose->hasOneUse())
        inner = transpose.intsAttr("perm");
  if (!inner || inner->size() != outer->size() ||
      int64_t(inner->size()) != type.getRank())
    return failure();
  // Every operand must be transposed by the same, or constant.
  for (unsigned i = 0; i < count; ++i) {
    NodeOp transpose = getNode(op.input(i), "Transpose");
    bool isSame = transpose && transpose.intsAttr("perm") == inner;
    bool isConstant = op.input(i) && op.input(i).getDefiningOp<ConstantOp>() &&
                      getStatic(op.input(i)) &&
                      getStatic(op.input(i)).getRank() <= type.getRank();
    if (!isSame && !isConstant)
      return failure();
  }
  rewriter.setInsertionPoint(node);
  SmallVector<Value> operands(op.getInputs());
  for (unsigned i = 0; i < count; ++i) {
    operands[i] =
        untranspose(rewriter, op.input(i), *inner, node.getVersion());
    if (!operands[i])
      return failure();
  }
  SmallVector<NamedAttribute> attributes;
  if (op.getNodeAttributes())
    llvm::append_range(attributes, *op.getNodeAttributes());
  Value result = createNode(rewriter, op.getLoc(), op.getOpType(),
                            op.getVersion(), operands, attributes);
  SmallVector<int64_t> order;
  for (int64_t dim : *outer)
    order.push_back((*inner)[dim]);
  return replaceNode(rewriter, node,
                     createTranspose(rewriter, node.getLoc(), node.getVersion(),
                                     result, order));
}

void mlir::bev::onnx::populateTransposePatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  for (auto function : {statePermutation, mergeTransposes, transposeToReshape,
                        sinkThroughElementwise})
    patterns.add<FunctionPattern>(context, "Transpose", function);
}
