// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention and rotary embeddings in parts.

#include "Decompose.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::bev::onnx;

namespace {

/// What an Attention node is about. Queries, keys and values are of shape
/// (batch, heads, length, size).
class Attention {
public:
  Attention(NodeOp node, PatternRewriter &rewriter)
      : node(node), rewriter(rewriter), b(rewriter, node) {}
  LogicalResult decompose();

private:
  LogicalResult check();
  Value splitHeads(Value x, int64_t numHeads);
  Value getScale();
  void allow(Value condition);
  Value getMask();
  void addMasks();
  /// The product of a tensor per query head and one per key head, of which
  /// each serves as many query heads.
  Value multiply(Value x, Value y, Value xRows, Value yColumns);

  NodeOp node;
  PatternRewriter &rewriter;
  NodeBuilder b;
  Type element;
  bool isFlat = false;
  int64_t queryHeads = 0, keyHeads = 0;
  Value query, key, value;
  /// What scores are added to, and where they count at all; null for neither.
  Value bias, allowed;
};

} // namespace

LogicalResult Attention::check() {
  RankedTensorType types[3];
  for (unsigned i = 0; i < 3; ++i) {
    types[i] = getRanked(node.input(i));
    if (!types[i] || types[i].getRank() != types[0].getRank() ||
        types[i].getElementType() != types[0].getElementType())
      return failure();
  }
  element = types[0].getElementType();
  isFlat = types[0].getRank() == 3;
  if (!isa<FloatType>(element) || (!isFlat && types[0].getRank() != 4))
    return failure();
  queryHeads = isFlat ? node.intAttr("q_num_heads", 0) : types[0].getDimSize(1);
  keyHeads = isFlat ? node.intAttr("kv_num_heads", 0) : types[1].getDimSize(1);
  if (queryHeads <= 0 || keyHeads <= 0 || queryHeads % keyHeads != 0)
    return failure();
  Value past[] = {node.input(4), node.input(5)};
  for (Value tensor : past)
    if (tensor && (!getRanked(tensor) || getRanked(tensor).getRank() != 4))
      return failure();
  if (bool(past[0]) != bool(past[1]) || (past[0] && node.input(6)))
    return failure();
  if (Value mask = node.input(3); mask && !getRanked(mask))
    return failure();
  int64_t mode = node.intAttr("qk_matmul_output_mode", 0);
  return success(node->getNumResults() <= 4 && mode >= 0 && mode <= 3 &&
                 node.intAttr("left_window_size", -1) >= -1 &&
                 node.intAttr("right_window_size", -1) >= -1);
}

Value Attention::splitHeads(Value x, int64_t numHeads) {
  if (!isFlat)
    return x;
  return b.transpose(b.reshape(x, {0, 0, numHeads, -1}), {0, 2, 1, 3});
}

/// The square root of the scale: queries and keys are scaled alike, which keeps
/// narrow floats in range.
Value Attention::getScale() {
  if (auto stated = dyn_cast_if_present<FloatAttr>(node.attr("scale")))
    return b.scalar(element, std::sqrt(stated.getValueAsDouble()));
  RankedTensorType type = getRanked(query);
  if (type && !type.isDynamicDim(3))
    return b.scalar(element, std::pow(double(type.getDimSize(3)), -0.25));
  Value one = b.scalar(rewriter.getF32Type(), 1);
  Value size = b.castLike(b.squeeze(b.sizeOf(query, 3), 0), one);
  return b.castLike(
      b.create("Pow", {size, b.scalar(rewriter.getF32Type(), -0.25)}),
      b.scalar(element, 0));
}

void Attention::allow(Value condition) {
  allowed = allowed ? b.create("And", {allowed, condition}) : condition;
}

/// The mask with as many columns as there are keys: what it lacks is not
/// attended to.
Value Attention::getMask() {
  Value mask = node.input(3);
  RankedTensorType type = getRanked(mask), keys = getRanked(key);
  int64_t last = type.getRank() - 1;
  if (last < 0 || (keys && !keys.isDynamicDim(2) &&
                   keys.getDimSize(2) == type.getDimSize(last)))
    return mask;
  Value missing = b.sub(b.sizeOf(key, 2), b.sizeOf(mask, last));
  Type own = type.getElementType();
  bool isBool = own.isInteger(1);
  // Booleans are padded as integers.
  Value padded = mask;
  if (isBool)
    padded = b.castLike(mask, b.scalar(rewriter.getI32Type(), 0));
  Value filler = isBool
                     ? b.scalar(rewriter.getI32Type(), 0)
                     : b.scalar(own, -std::numeric_limits<double>::infinity());
  padded = b.create("Pad", {padded, b.concat({b.integers({0}), missing}, 0),
                            filler, b.integers({last})});
  return isBool ? b.castLike(padded, mask) : padded;
}

void Attention::addMasks() {
  if (node.input(3)) {
    Value mask = getMask();
    if (getRanked(node.input(3)).getElementType().isInteger(1))
      allow(mask);
    else
      bias = b.castLike(mask, b.scalar(element, 0));
  }
  Type i64 = rewriter.getI64Type();
  Value lengths = node.input(6);
  bool isCausal = node.intAttr("is_causal", 0) != 0;
  int64_t left = node.intAttr("left_window_size", -1),
          right = node.intAttr("right_window_size", -1);
  Value columns;
  if (isCausal || left >= 0 || right >= 0 || lengths)
    columns = b.countTo(b.sizeOf(key, 2));
  if (isCausal || left >= 0 || right >= 0) {
    // How far each query is behind each key; the last ones are at one place.
    Value rows = b.unsqueeze(b.countTo(b.sizeOf(query, 2)), {1});
    if (node.input(4))
      rows = b.add(rows, b.sizeOf(node.input(4), 2));
    else if (lengths)
      rows = b.add(rows,
                   b.unsqueeze(b.sub(lengths, b.sizeOf(query, 2)), {1, 2, 3}));
    Value distance = b.sub(rows, columns);
    if (isCausal)
      allow(b.create("GreaterOrEqual", {distance, b.scalar(i64, 0)}));
    if (left >= 0)
      allow(b.create("LessOrEqual", {distance, b.scalar(i64, left)}));
    if (right >= 0)
      allow(b.create("GreaterOrEqual", {distance, b.scalar(i64, -right)}));
  }
  if (lengths)
    allow(b.create("Less", {columns, b.unsqueeze(lengths, {1, 2, 3})}));
  if (!allowed)
    return;
  bias = b.where(allowed, bias ? bias : b.scalar(element, 0),
                 b.scalar(element, -std::numeric_limits<double>::infinity()));
}

Value Attention::multiply(Value x, Value y, Value xRows, Value yColumns) {
  if (queryHeads == keyHeads)
    return b.matmul(x, y);
  Value batch = b.sizeOf(x, 0), heads = b.integers({queryHeads});
  Value grouped = b.reshape(x, {batch, b.integers({keyHeads}),
                                b.integers({queryHeads / keyHeads}), xRows,
                                b.sizeOf(x, 3)});
  return b.reshape(b.matmul(grouped, b.unsqueeze(y, {2})),
                   {batch, heads, xRows, yColumns});
}

LogicalResult Attention::decompose() {
  if (failed(check()) || !mayChangeTypes(node))
    return failure();
  query = splitHeads(node.input(0), queryHeads);
  key = splitHeads(node.input(1), keyHeads);
  value = splitHeads(node.input(2), keyHeads);
  if (node.input(4)) {
    key = b.concat({node.input(4), key}, 2);
    value = b.concat({node.input(5), value}, 2);
  }
  Value scale = getScale(), numRows = b.sizeOf(query, 2);
  Value scores = multiply(b.mul(query, scale),
                          b.mul(b.transpose(key, {0, 1, 3, 2}), scale), numRows,
                          b.sizeOf(key, 2));
  Value shown = scores;
  int64_t mode = node.intAttr("qk_matmul_output_mode", 0);
  if (float cap = node.floatAttr("softcap", 0); cap != 0) {
    Value limit = b.scalar(element, cap);
    scores = b.mul(b.create("Tanh", {b.div(scores, limit)}), limit);
    if (mode == 1)
      shown = scores;
  }
  addMasks();
  if (bias)
    scores = b.add(scores, bias);
  if (mode == 2)
    shown = scores;
  Value weights = scores;
  if (int64_t precision = node.intAttr("softmax_precision", 0))
    weights = b.create("Cast", {weights}, b.attribute("to", precision));
  weights = b.create("Softmax", {weights}, b.attribute("axis", -1));
  weights = b.castLike(weights, b.scalar(element, 0));
  if (bias) {
    // A query that may attend to no key gets zeros.
    Value most = b.create("ReduceMax", {bias, b.integers({-1})});
    Value none = b.scalar(element, -std::numeric_limits<double>::infinity());
    weights =
        b.where(b.create("Equal", {most, none}), b.scalar(element, 0), weights);
  }
  if (mode == 3)
    shown = weights;
  Value result = multiply(weights, value, numRows, b.sizeOf(value, 3));
  if (isFlat)
    result = b.reshape(b.transpose(result, {0, 2, 1, 3}), {0, 0, -1});
  Value results[] = {result, key, value, shown};
  return replaceResults(rewriter, node,
                        ArrayRef(results).take_front(node->getNumResults()));
}

static LogicalResult decomposeAttention(NodeOp node,
                                        PatternRewriter &rewriter) {
  return Attention(node, rewriter).decompose();
}

/// Turns pairs of elements by angles whose cosines and sines are given. The
/// pairs are halves of the turned part, or neighbours where interleaved.
static LogicalResult decomposeRotaryEmbedding(NodeOp node,
                                              PatternRewriter &rewriter) {
  Value x = node.input(0), cosines = node.input(1), sines = node.input(2),
        places = node.input(3);
  RankedTensorType type = getRanked(x), table = getRanked(cosines),
                   other = getRanked(sines);
  int64_t numHeads = node.intAttr("num_heads", 0);
  bool isFlat = type && type.getRank() == 3;
  int64_t tableRank = places ? 2 : 3;
  if (!type || !table || !other || (!isFlat && type.getRank() != 4) ||
      (isFlat && numHeads <= 0) || table.getRank() != tableRank ||
      other.getRank() != tableRank || !mayChangeTypes(node) ||
      (places && (!getRanked(places) || getRanked(places).getRank() != 2)))
    return failure();
  NodeBuilder b(rewriter, node);
  // Angles are per place, heads have the same.
  int64_t headsDim = isFlat ? 2 : 1;
  auto getAngles = [&](Value values) {
    if (places)
      values = b.create("Gather", {values, places}, b.attribute("axis", 0));
    return b.unsqueeze(values, {headsDim});
  };
  cosines = getAngles(cosines);
  sines = getAngles(sines);
  Value heads = isFlat ? b.reshape(x, {0, 0, numHeads, -1}) : x;
  Value zero = b.integers({0}), half = b.sizeOf(cosines, 3),
        turned = b.mul(half, b.integers({2}));
  bool isInterleaved = node.intAttr("interleaved", 0) != 0;
  Value first, second;
  if (isInterleaved) {
    first = b.slice(heads, 3, zero, turned, 2);
    second = b.slice(heads, 3, b.integers({1}), turned, 2);
  } else {
    first = b.slice(heads, 3, zero, half);
    second = b.slice(heads, 3, half, turned);
  }
  Value real = b.sub(b.mul(cosines, first), b.mul(sines, second)),
        imaginary = b.add(b.mul(sines, first), b.mul(cosines, second));
  Value result;
  if (isInterleaved)
    result = b.reshape(
        b.concat({b.unsqueeze(real, {4}), b.unsqueeze(imaginary, {4})}, 4),
        {0, 0, 0, -1});
  else
    result = b.concat({real, imaginary}, 3);
  if (node.intAttr("rotary_embedding_dim", 0) != 0) {
    Value rest = b.slice(heads, 3, turned,
                         b.integers({std::numeric_limits<int64_t>::max()}));
    result = b.concat({result, rest}, 3);
  }
  if (isFlat)
    result = b.reshape(result, {0, 0, -1});
  return replaceResults(rewriter, node, result);
}

void mlir::bev::onnx::populateAttentionPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<FunctionPattern>(context, "Attention", decomposeAttention);
  patterns.add<FunctionPattern>(context, "RotaryEmbedding",
                                decomposeRotaryEmbedding);
}
