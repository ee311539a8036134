// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Merges and cancels transpositions, through elementwise operators too.

#include "AxisParts.h"
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

/// Whether a transposition of that shape leaves the elements in their order:
/// it moves sizes of 1 only.
static bool keepsOrder(ArrayRef<int64_t> shape, ArrayRef<int64_t> permutation) {
  int64_t last = -1;
  for (int64_t dim : permutation) {
    if (shape[dim] == 1)
      continue;
    if (dim < last)
      return false;
    last = dim;
  }
  return true;
}

static SmallVector<int64_t> invert(ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> inverse(permutation.size());
  for (auto [index, dim] : llvm::enumerate(permutation))
    inverse[dim] = index;
  return inverse;
}

/// A transposition that moves dims of size 1 only is Reshape.
static LogicalResult transposeToReshape(NodeOp node,
                                        PatternRewriter &rewriter) {
  RankedTensorType input = getRanked(node.input(0)),
                   type = getRanked(node->getResult(0));
  auto order = node.intsAttr("perm");
  if (!input || !type || !order || type.getNumDynamicDims() > 1 ||
      llvm::is_contained(type.getShape(), 0) ||
      !keepsOrder(input.getShape(), *order))
    return failure();
  Value result = createReshape(rewriter, node.getLoc(), node.getVersion(),
                               node.input(0), type);
  rewriter.replaceOp(node, result);
  return success();
}

static bool isUnaryElementwise(NodeOp node) {
  static constexpr StringRef names[] = {
      "Abs",         "Neg",       "Relu",       "Sigmoid", "Tanh",  "Exp",
      "Log",         "Sqrt",      "Floor",      "Ceil",    "Round", "Erf",
      "Sin",         "Cos",       "Atan",       "Gelu",    "Cast",  "Clip",
      "LeakyRelu",   "Elu",       "Not",        "IsNaN",   "IsInf", "Softplus",
      "HardSigmoid", "HardSwish", "Reciprocal", "Mish",    "Sign"};
  return !node.getDomain() && llvm::is_contained(names, node.getOpType());
}

static bool isBinaryElementwise(NodeOp node) {
  static constexpr StringRef names[] = {"Add",
                                        "Sub",
                                        "Mul",
                                        "Div",
                                        "Pow",
                                        "Min",
                                        "Max",
                                        "And",
                                        "Or",
                                        "Less",
                                        "LessOrEqual",
                                        "Greater",
                                        "GreaterOrEqual",
                                        "Equal"};
  return !node.getDomain() && llvm::is_contained(names, node.getOpType()) &&
         node.getInputs().size() == 2;
}

/// More nodes than this are not looked through at once.
static constexpr unsigned kMaxDepth = 16;

/// A Transpose among the operands that a value is computed from, through
/// operators that do not mind the order of dims; null where there is none.
static NodeOp findTranspose(Value value, unsigned depth = 0) {
  auto node = value.getDefiningOp<NodeOp>();
  if (!node || depth > kMaxDepth)
    return NodeOp();
  if (node.is("Transpose"))
    return node;
  if (!isUnaryElementwise(node) && !isBinaryElementwise(node) &&
      !node.is("Concat") && !node.is("Slice"))
    return NodeOp();
  unsigned count = isUnaryElementwise(node) || node.is("Slice")
                       ? 1
                       : node.getInputs().size();
  for (unsigned i = 0; i < count; ++i)
    if (Value input = node.input(i))
      if (NodeOp found = findTranspose(input, depth + 1))
        return found;
  return NodeOp();
}

/// Whether a value is a Transpose by `order`, of sizes for which that is a
/// Reshape, or computed from such and constants only by operators that nothing
/// else uses.
static bool isTransposed(Value value, ArrayRef<int64_t> order,
                         unsigned depth = 0) {
  RankedTensorType type = getRanked(value);
  int64_t rank = order.size();
  if (!type || depth > kMaxDepth || type.getRank() > rank)
    return false;
  if (value.getDefiningOp<ConstantOp>())
    return type.hasStaticShape();
  auto node = value.getDefiningOp<NodeOp>();
  if (type.getRank() != rank)
    return false;
  if (!node)
    return type.hasStaticShape() && keepsOrder(type.getShape(), invert(order));
  if (node.is("Transpose")) {
    auto inner = node.intsAttr("perm");
    if (inner && ArrayRef<int64_t>(*inner) == order)
      return true;
  }
  if (type.hasStaticShape() && keepsOrder(type.getShape(), invert(order)))
    return true;
  if (!value.hasOneUse() || node.getNumResults() != 1)
    return false;
  if (node.is("Slice")) {
    std::optional<Part> part = getPart(value);
    return part && isTransposed(part->source, order, depth + 1);
  }
  bool isConcat = node.is("Concat") && getAxis(node, rank);
  bool isUnary = isUnaryElementwise(node);
  if (!isConcat && !isUnary && !isBinaryElementwise(node))
    return false;
  size_t count = isUnary ? 1 : node.getInputs().size();
  for (Value input : node.getInputs().take_front(count)) {
    if (isa<NoneType>(input.getType()) ||
        !isTransposed(input, order, depth + 1))
      return false;
    if (isConcat && getRanked(input).getRank() != rank)
      return false;
  }
  return true;
}

/// What a Transpose by `order` takes to the value, for which `isTransposed`
/// holds.
static Value untranspose(PatternRewriter &rewriter, Value value,
                         ArrayRef<int64_t> order, int64_t version) {
  RankedTensorType type = getRanked(value);
  if (value.getDefiningOp<ConstantOp>()) {
    if (type.getRank() == 0)
      return value;
    // Folding then transposes the constant.
    SmallVector<int64_t> shape(order.size() - type.getRank(), 1);
    llvm::append_range(shape, type.getShape());
    Value reshaped =
        createReshape(rewriter, value.getLoc(), version, value,
                      RankedTensorType::get(shape, type.getElementType()));
    return createTranspose(rewriter, value.getLoc(), version, reshaped,
                           invert(order));
  }
  auto node = value.getDefiningOp<NodeOp>();
  if (node && node.is("Transpose") &&
      node.intsAttr("perm") == SmallVector<int64_t>(order))
    return node.input(0);
  SmallVector<int64_t> inverse = invert(order);
  if (type.hasStaticShape() && keepsOrder(type.getShape(), inverse)) {
    SmallVector<int64_t> shape;
    for (int64_t dim : inverse)
      shape.push_back(type.getDimSize(dim));
    return createReshape(rewriter, value.getLoc(), version, value,
                         RankedTensorType::get(shape, type.getElementType()));
  }
  if (node.is("Slice")) {
    Part part = *getPart(value);
    part.source = untranspose(rewriter, part.source, order, version);
    part.axis = order[part.axis];
    return createSlice(rewriter, node.getLoc(), node.getVersion(), part);
  }
  SmallVector<Value> operands(node.getInputs());
  unsigned count = isUnaryElementwise(node) ? 1 : operands.size();
  for (unsigned i = 0; i < count; ++i)
    operands[i] = untranspose(rewriter, operands[i], order, version);
  NamedAttrList attributes;
  if (node.getNodeAttributes())
    attributes.append(*node.getNodeAttributes());
  if (node.is("Concat"))
    attributes.set("axis", rewriter.getI64IntegerAttr(
                               order[*getAxis(node, order.size())]));
  return createNode(rewriter, node.getLoc(), node.getOpType(),
                    node.getVersion(), operands, attributes.getAttrs());
}

/// Where a transposition follows operators that do not mind the order of dims
/// on other transpositions, all by the same permutation, the operators move in
/// front of those, and the transpositions meet.
static LogicalResult sinkTransposes(NodeOp node, PatternRewriter &rewriter) {
  auto outer = node.intsAttr("perm");
  Value input = node.input(0);
  if (!outer || !input || getNode(input, "Transpose"))
    return failure();
  NodeOp found = findTranspose(input);
  auto inner = found ? found.intsAttr("perm") : std::nullopt;
  if (!inner || inner->size() != outer->size() || !isTransposed(input, *inner))
    return failure();
  rewriter.setInsertionPoint(node);
  Value result = untranspose(rewriter, input, *inner, node.getVersion());
  SmallVector<int64_t> order;
  for (int64_t dim : *outer)
    order.push_back((*inner)[dim]);
  return replaceNode(rewriter, node,
                     createTranspose(rewriter, node.getLoc(), node.getVersion(),
                                     result, order));
}

void mlir::bev::onnx::populateTransposePatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  for (auto function :
       {statePermutation, mergeTransposes, transposeToReshape, sinkTransposes})
    patterns.add<FunctionPattern>(context, "Transpose", function);
}
