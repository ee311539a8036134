// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Unique as sorting and what follows from it.

#include "Decompose.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// The most columns that rows are compared by: each is a sort of its own.
static constexpr int64_t kMaxColumns = 16;

/// The order of the rows (number, columns) that sorts them, equal ones as they
/// come: by the last column first, as sorting keeps the order of equals.
static Value buildOrder(NodeBuilder &b, Value rows, int64_t numColumns) {
  Value order = b.countTo(b.sizeOf(rows, 0));
  for (int64_t column = numColumns; column-- > 0;) {
    Value values = b.squeeze(b.slice(rows, 1, column, column + 1), 1);
    Value places = b.sortedOrder(
        b.create("Gather", {values, order}, b.attribute("axis", 0)));
    order = b.create("Gather", {order, places}, b.attribute("axis", 0));
  }
  return order;
}

static LogicalResult decomposeUnique(NodeOp node, PatternRewriter &rewriter) {
  Value x = node.input(0);
  RankedTensorType type = getRanked(x);
  if (!type || !type.getElementType().isIntOrFloat() ||
      node->getNumResults() > 4 || !mayChangeTypes(node))
    return failure();
  int64_t rank = type.getRank(), axis = 0, numColumns = 1;
  bool hasAxis = bool(node.attr("axis"));
  if (hasAxis) {
    axis = node.intAttr("axis", 0);
    axis = axis < 0 ? axis + rank : axis;
    if (axis < 0 || axis >= rank)
      return failure();
    for (int64_t dim = 0; dim < rank; ++dim) {
      int64_t size = dim == axis ? 1 : type.getDimSize(dim);
      if (size < 1 || size > kMaxColumns)
        return failure();
      numColumns *= size;
    }
    if (numColumns > kMaxColumns)
      return failure();
  }
  NodeBuilder b(rewriter, node);
  auto gather = [&](Value values, Value places) {
    return b.create("Gather", {values, places}, b.attribute("axis", 0));
  };
  // Slices along the axis as rows, or single elements.
  SmallVector<int64_t> toFront, back(rank), shape = {-1};
  Value rows = x;
  if (hasAxis) {
    toFront.push_back(axis);
    for (int64_t dim = 0; dim < rank; ++dim)
      if (dim != axis) {
        toFront.push_back(dim);
        shape.push_back(type.getDimSize(dim));
      }
    for (auto [place, dim] : llvm::enumerate(toFront))
      back[dim] = place;
    rows = b.transpose(x, toFront);
  }
  rows = b.reshape(rows, {-1, numColumns});

  Value order = buildOrder(b, rows, numColumns), sorted = gather(rows, order);
  Value count = b.sizeOf(rows, 0), zero = b.integers({0}),
        one = b.integers({1});
  // A row that differs from the one before is the first of its kind.
  Value same = b.create(
      "Equal", {b.slice(sorted, 0, one, count), b.slice(sorted, 0, 0, -1)});
  Type i64 = rewriter.getI64Type();
  Value differs = b.castLike(b.create("Not", {same}), b.scalar(i64, 0));
  differs = b.create("ReduceMax", {differs, one}, b.attribute("keepdims", 0));
  // No rows, no first one.
  Value isFirst = b.concat(
      {b.create("Expand", {one, b.create("Min", {count, one})}), differs}, 0);
  Value starts = b.squeeze(b.create("NonZero", {isFirst}), 0);
  Value values = gather(sorted, starts), places = gather(order, starts);
  Value ends =
      b.concat({b.slice(starts, 0, one, b.sizeOf(starts, 0)), count}, 0);
  // Nothing has no end either.
  ends = b.slice(ends, 0, zero, b.sizeOf(starts, 0));
  Value counts = b.sub(ends, starts);
  Value kinds = b.sub(b.create("CumSum", {isFirst, b.scalar(i64, 0)}), one);
  auto invert = [&](Value order, Value values) {
    return b.create("ScatterElements", {order, order, values});
  };
  Value inverse = invert(order, kinds);
  if (node.intAttr("sorted", 1) == 0) {
    // In the order in which they come.
    Value shown = b.sortedOrder(places);
    values = gather(values, shown);
    places = gather(places, shown);
    counts = gather(counts, shown);
    inverse = gather(invert(shown, b.countTo(b.sizeOf(shown, 0))), inverse);
  }
  values = b.reshape(values, shape);
  if (hasAxis)
    values = b.transpose(values, back);
  Value results[] = {values, places, inverse, counts};
  return replaceResults(rewriter, node,
                        ArrayRef(results).take_front(node->getNumResults()));
}

void mlir::bev::onnx::populateUniquePatterns(RewritePatternSet &patterns) {
  patterns.add<FunctionPattern>(patterns.getContext(), "Unique",
                                decomposeUnique);
}
