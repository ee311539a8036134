// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Removes nodes that give back their input, and casts in between.

#include "SimplifyPatterns.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx;

/// Whether a result has the static type of the first input.
static bool keepsType(NodeOp node) {
  RankedTensorType type = getStatic(node->getResult(0));
  return type && node.input(0) && node.input(0).getType() == type;
}

static LogicalResult removeIdentity(NodeOp node, PatternRewriter &rewriter) {
  if (!node.input(0))
    return failure();
  return replaceNode(rewriter, node, node.input(0));
}

static LogicalResult removeDropout(NodeOp node, PatternRewriter &rewriter) {
  // In training it is random.
  if (node.input(2) && getSplat(node.input(2)) != 0.0)
    return failure();
  if (!node.input(0) || node.isOutputUsed(1) ||
      node->getResult(0).use_empty() ||
      node->getResult(0).getType() != node.input(0).getType())
    return failure();
  rewriter.replaceAllUsesWith(node->getResult(0), node.input(0));
  if (isOpTriviallyDead(node))
    rewriter.eraseOp(node);
  return success();
}

/// Operators that only rearrange, and so change nothing where the type stays:
/// with at most one size unknown there is one way to have the same elements.
static LogicalResult removeSameShape(NodeOp node, PatternRewriter &rewriter) {
  RankedTensorType type = getRanked(node->getResult(0));
  if (!type || !node.input(0) || node.input(0).getType() != type ||
      type.getNumDynamicDims() > 1)
    return failure();
  // Other sizes may be anything where there are no elements.
  if (type.getNumDynamicDims() == 1 && llvm::is_contained(type.getShape(), 0))
    return failure();
  return replaceNode(rewriter, node, node.input(0));
}

static LogicalResult removeSameType(NodeOp node, PatternRewriter &rewriter) {
  return keepsType(node) ? replaceNode(rewriter, node, node.input(0))
                         : failure();
}

static LogicalResult removeTranspose(NodeOp node, PatternRewriter &rewriter) {
  auto permutation = node.intsAttr("perm");
  if (!permutation)
    return failure();
  for (auto [index, source] : llvm::enumerate(*permutation))
    if (int64_t(index) != source)
      return failure();
  return replaceNode(rewriter, node, node.input(0));
}

static LogicalResult removeSlice(NodeOp node, PatternRewriter &rewriter) {
  if (node.input(4)) {
    auto steps = getIntegers(node.input(4));
    if (!steps || llvm::any_of(*steps, [](int64_t step) { return step != 1; }))
      return failure();
  }
  return removeSameType(node, rewriter);
}

static LogicalResult removePad(NodeOp node, PatternRewriter &rewriter) {
  auto pads = getList(node, "pads", 1);
  if (!pads || llvm::any_of(*pads, [](int64_t pad) { return pad != 0; }))
    return failure();
  return replaceNode(rewriter, node, node.input(0));
}

/// A Concat of one input, and inputs without elements along the axis.
static LogicalResult shortenConcat(NodeOp node, PatternRewriter &rewriter) {
  if (node.getInputs().size() == 1)
    return replaceNode(rewriter, node, node.input(0));
  RankedTensorType type = getRanked(node->getResult(0));
  if (!type)
    return failure();
  int64_t axis = node.intAttr("axis", 0);
  axis = axis < 0 ? axis + type.getRank() : axis;
  SmallVector<Value> kept;
  for (Value input : node.getInputs()) {
    RankedTensorType inputType = getRanked(input);
    if (!inputType || axis < 0 || axis >= inputType.getRank() ||
        inputType.getDimSize(axis) != 0)
      kept.push_back(input);
  }
  if (kept.empty() || kept.size() == node.getInputs().size())
    return failure();
  rewriter.modifyOpInPlace(node, [&] { node.getInputsMutable().assign(kept); });
  return success();
}

static LogicalResult removeSplit(NodeOp node, PatternRewriter &rewriter) {
  return node.getNumResults() == 1 ? removeSameType(node, rewriter) : failure();
}

/// The element types that a cast turns into without a loss, so that a cast
/// behind it gives what it gives on the input.
static bool isLossless(Type from, Type to) {
  if (from == to)
    return true;
  auto a = dyn_cast<IntegerType>(from), b = dyn_cast<IntegerType>(to);
  if (auto number = dyn_cast<FloatType>(to)) {
    if (a)
      return a.getWidth() < number.getFPMantissaWidth();
    auto source = dyn_cast<FloatType>(from);
    return source && source.getWidth() < number.getWidth() &&
           number.getWidth() >= 32 && source.getWidth() >= 16;
  }
  if (!a || !b)
    return false;
  if (a.getWidth() == 1)
    return true;
  // Of one width only the sign differs, which a cast behind reads.
  return a.getWidth() < b.getWidth() && (a.isUnsigned() || !b.isUnsigned());
}

static LogicalResult removeCast(NodeOp node, PatternRewriter &rewriter) {
  Value input = node.input(0);
  auto type = dyn_cast<TensorType>(node->getResult(0).getType());
  auto inputType = input ? dyn_cast<TensorType>(input.getType()) : TensorType();
  if (!type || !inputType)
    return failure();
  if (inputType.getElementType() == type.getElementType())
    return replaceNode(rewriter, node, input);
  NodeOp inner = getNode(input, "Cast");
  if (!inner || !node.is("Cast"))
    return failure();
  auto source = dyn_cast<TensorType>(inner.getInputs()[0].getType());
  if (!source || isa<UnknownType>(source.getElementType()) ||
      !isLossless(source.getElementType(), inputType.getElementType()))
    return failure();
  rewriter.modifyOpInPlace(
      node, [&] { node.getInputsMutable().assign(inner.getInputs()[0]); });
  return success();
}

static LogicalResult simplifyCastLike(NodeOp node, PatternRewriter &rewriter) {
  auto type = dyn_cast<TensorType>(node->getResult(0).getType());
  auto input = dyn_cast<TensorType>(node.getInputs()[0].getType());
  if (!type || !input || input.getElementType() != type.getElementType())
    return failure();
  return replaceNode(rewriter, node, node.input(0));
}

/// x op c where all of c is neutral. Adding 0 to floats is not: it changes the
/// sign of -0.
static LogicalResult removeNeutral(NodeOp node, PatternRewriter &rewriter) {
  StringRef name = node.getOpType();
  RankedTensorType type = getRanked(node->getResult(0));
  if (!type || node.getInputs().size() != 2)
    return failure();
  bool isInteger = isa<IntegerType>(type.getElementType());
  bool commutes =
      name == "Add" || name == "Mul" || name == "And" || name == "Or";
  for (unsigned side = 0; side < (commutes ? 2u : 1u); ++side) {
    Value kept = node.input(side);
    std::optional<double> other = getSplat(node.input(1 - side));
    if (!other || !kept || kept.getType() != type)
      continue;
    // A splat may still broadcast dims whose size is not known.
    RankedTensorType otherType = getRanked(node.input(1 - side));
    bool fits = otherType.getRank() <= type.getRank();
    for (int64_t dim = 0; fits && dim < otherType.getRank(); ++dim) {
      int64_t size = otherType.getDimSize(dim);
      fits = size == 1 || size == type.getDimSize(type.getRank() -
                                                  otherType.getRank() + dim);
    }
    if (!fits)
      continue;
    bool isNeutral;
    if (name == "Mul" || name == "Div" || name == "Pow" || name == "And")
      isNeutral = *other == 1.0;
    else if (name == "Sub")
      isNeutral = *other == 0.0 && (isInteger || !std::signbit(*other));
    else if (name == "Add")
      isNeutral = *other == 0.0 && (isInteger || std::signbit(*other));
    else
      isNeutral = *other == 0.0;
    if (isNeutral)
      return replaceNode(rewriter, node, kept);
  }
  return failure();
}

/// Where whose branches are one value, or whose condition is known.
static LogicalResult simplifyWhere(NodeOp node, PatternRewriter &rewriter) {
  Type type = node->getResult(0).getType();
  if (!getStatic(node->getResult(0)) || node.getInputs().size() != 3)
    return failure();
  Value yes = node.input(1), no = node.input(2);
  if (yes == no && yes && yes.getType() == type)
    return replaceNode(rewriter, node, yes);
  std::optional<double> condition = getSplat(node.input(0));
  if (!condition)
    return failure();
  Value chosen = *condition != 0.0 ? yes : no;
  if (!chosen || chosen.getType() != type)
    return failure();
  return replaceNode(rewriter, node, chosen);
}

/// Not of Not, and functions that change nothing a second time.
static LogicalResult removeTwice(NodeOp node, PatternRewriter &rewriter) {
  NodeOp inner = getNode(node.input(0), node.getOpType());
  if (!inner)
    return failure();
  bool isInverse = node.is("Not") || node.is("Neg");
  return replaceNode(rewriter, node,
                     isInverse ? inner.input(0) : Value(inner->getResult(0)));
}

void mlir::bev::onnx::populateNoOpPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  auto add = [&](StringRef name, FunctionPattern::Function function) {
    patterns.add<FunctionPattern>(context, name, function);
  };
  add("Identity", removeIdentity);
  add("Dropout", removeDropout);
  for (StringRef name : {"Reshape", "Flatten", "Squeeze", "Unsqueeze"})
    add(name, removeSameShape);
  for (StringRef name : {"Expand", "Tile"})
    add(name, removeSameType);
  add("Transpose", removeTranspose);
  add("Slice", removeSlice);
  add("Pad", removePad);
  add("Concat", shortenConcat);
  add("Split", removeSplit);
  add("Cast", removeCast);
  add("CastLike", simplifyCastLike);
  for (StringRef name : {"Add", "Sub", "Mul", "Div", "Pow", "And", "Or"})
    add(name, removeNeutral);
  add("Where", simplifyWhere);
  for (StringRef name : {"Not", "Neg", "Relu", "Abs", "Floor", "Ceil", "Round"})
    add(name, removeTwice);
}
