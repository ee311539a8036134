// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers of sequence models in parts: linear attention, causal convolution,
// gated units.

#include "Decompose.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx;

/// Swish(a) b.
static LogicalResult decomposeSwiGLU(NodeOp node, PatternRewriter &rewriter) {
  if (!getRanked(node.input(0)) || node->getNumResults() != 1 ||
      getRanked(node.input(0)).getElementType() !=
          cast<TensorType>(node.input(1).getType()).getElementType() ||
      !mayChangeTypes(node))
    return failure();
  NodeBuilder b(rewriter, node);
  NamedAttribute alpha = rewriter.getNamedAttr(
      "alpha", rewriter.getF32FloatAttr(node.floatAttr("alpha", 1)));
  Value gate = b.create("Swish", {node.input(0)}, alpha);
  return replaceResults(rewriter, node, b.mul(gate, node.input(1)));
}

/// A convolution of each channel of (batch, channels, length) by itself, over
/// the elements up to each place; those before the first are a state.
static LogicalResult decomposeCausalConv(NodeOp node,
                                         PatternRewriter &rewriter) {
  RankedTensorType input = getRanked(node.input(0)),
                   weights = getRanked(node.input(1));
  StringRef activation = node.stringAttr("activation", "none");
  if (!input || !weights || input.getRank() != 3 || weights.getRank() != 3 ||
      weights.isDynamicDim(0) || weights.isDynamicDim(2) ||
      weights.getDimSize(2) < 1 ||
      (activation != "none" && activation != "silu" && activation != "swish") ||
      node->getNumResults() > 2 || !mayChangeTypes(node))
    return failure();
  NodeBuilder b(rewriter, node);
  int64_t size = weights.getDimSize(2);
  Value padded = node.input(0);
  if (Value past = node.input(3))
    padded = b.concat({past, padded}, 2);
  else
    padded =
        b.create("Pad", {padded, b.integers({size - 1, 0}),
                         b.scalar(input.getElementType(), 0), b.integers({2})});
  SmallVector<Value> operands = {padded, node.input(1)};
  if (node.input(2))
    operands.push_back(node.input(2));
  int64_t kernel[] = {size};
  Value result =
      b.create("Conv", operands,
               {b.attribute("group", weights.getDimSize(0)),
                b.attribute("kernel_shape", ArrayRef<int64_t>(kernel))});
  if (activation != "none")
    result = b.create("Swish", {result});
  Value length = b.sizeOf(padded, 2);
  Value state =
      b.slice(padded, 2, b.sub(length, b.integers({size - 1})), length);
  Value results[] = {result, state};
  return replaceResults(rewriter, node,
                        ArrayRef(results).take_front(node->getNumResults()));
}

/// A state (keys by values, for each head) that each place of a sequence
/// decays, corrects and adds its key and value to, and that its query reads.
static LogicalResult decomposeLinearAttention(NodeOp node,
                                              PatternRewriter &rewriter) {
  Value past = node.input(3), decay = node.input(4), beta = node.input(5);
  RankedTensorType query = getRanked(node.input(0));
  StringRef rule = node.stringAttr("update_rule", "gated_delta");
  bool decays = rule == "gated" || rule == "gated_delta",
       corrects = rule == "delta" || rule == "gated_delta";
  int64_t queryHeads = node.intAttr("q_num_heads", 0),
          keyHeads = node.intAttr("kv_num_heads", 0);
  if ((!decays && !corrects && rule != "linear") || decays != bool(decay) ||
      corrects != bool(beta) || queryHeads <= 0 || keyHeads <= 0 ||
      queryHeads % keyHeads != 0 || node->getNumResults() > 2 ||
      !mayChangeTypes(node))
    return failure();
  for (Value tensor :
       {node.input(0), node.input(1), node.input(2), decay, beta})
    if (tensor && (!getRanked(tensor) || getRanked(tensor).getRank() != 3))
      return failure();
  if (past && (!getRanked(past) || getRanked(past).getRank() != 4))
    return failure();
  double scale = node.floatAttr("scale", 0);
  if (scale == 0) {
    if (query.isDynamicDim(2) || query.getDimSize(2) < queryHeads)
      return failure();
    scale = 1 / std::sqrt(double(query.getDimSize(2) / queryHeads));
  }

  // Sums are kept in f32. Scan goes along the first dimension.
  NodeBuilder b(rewriter, node);
  Value wide = b.scalar(rewriter.getF32Type(), 0);
  auto prepare = [&](Value x, ArrayRef<int64_t> heads) {
    SmallVector<int64_t> shape = {0, 0}, order = {1, 0};
    llvm::append_range(shape, heads);
    for (int64_t dim = 2, rank = shape.size(); dim < rank; ++dim)
      order.push_back(dim);
    return b.transpose(b.reshape(b.castLike(x, wide), shape), order);
  };
  Value queries =
      b.mul(prepare(node.input(0), {keyHeads, queryHeads / keyHeads, -1}),
            b.scalar(rewriter.getF32Type(), scale));
  Value keys = prepare(node.input(1), {keyHeads, -1}),
        values = prepare(node.input(2), {keyHeads, -1});
  SmallVector<Value> scanned = {queries, keys, values};
  if (decays)
    scanned.push_back(b.create("Exp", {prepare(decay, {keyHeads, -1})}));
  if (corrects)
    scanned.push_back(prepare(beta, {-1, 1}));
  Value start =
      past
          ? b.castLike(past, wide)
          : b.create("Expand",
                     {wide, b.concat({b.sizeOf(keys, 1), b.integers({keyHeads}),
                                      b.sizeOf(keys, 3), b.sizeOf(values, 3)},
                                     0)});
  NodeOp scan = b.createScan(
      start, scanned, /*numStacks=*/1, /*isReverse=*/false,
      [&](ValueRange arguments) -> SmallVector<Value> {
        Value state = arguments[0], query = arguments[1], key = arguments[2],
              value = arguments[3];
        if (decays)
          state = b.mul(state, b.unsqueeze(arguments[4], {3}));
        if (corrects) {
          Value known = b.squeeze(b.matmul(b.unsqueeze(key, {2}), state), 2);
          value = b.mul(arguments.back(), b.sub(value, known));
        }
        Value added = b.mul(b.unsqueeze(key, {3}), b.unsqueeze(value, {2}));
        state = b.add(state, added);
        return {state, b.matmul(query, state)};
      });
  Value result =
      b.reshape(b.transpose(scan->getResult(1), {1, 0, 2, 3, 4}), {0, 0, -1});
  Value narrow = b.scalar(query.getElementType(), 0);
  Value results[] = {b.castLike(result, narrow),
                     b.castLike(scan->getResult(0), past ? past : narrow)};
  return replaceResults(rewriter, node,
                        ArrayRef(results).take_front(node->getNumResults()));
}

void mlir::bev::onnx::populateSequencePatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<FunctionPattern>(context, "SwiGLU", decomposeSwiGLU);
  patterns.add<FunctionPattern>(context, "CausalConvWithState",
                                decomposeCausalConv);
  patterns.add<FunctionPattern>(context, "LinearAttention",
                                decomposeLinearAttention);
}
