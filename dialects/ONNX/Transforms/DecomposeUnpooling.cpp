// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MaxUnpool as ScatterElements.

#include "Decompose.h"

#include <limits>

using namespace mlir;
using namespace mlir::bev::onnx;

/// Puts each element where MaxPool has found it. Places are counted in the
/// tensor that the pool had, or would have had without padding at its end: that
/// is the first part of the one that is asked for.
static LogicalResult decomposeMaxUnpool(NodeOp node,
                                        PatternRewriter &rewriter) {
  Value x = node.input(0), places = node.input(1), target = node.input(2);
  RankedTensorType type = getRanked(x);
  auto kernel = node.intsAttr("kernel_shape");
  if (!type || type.getRank() < 3 || !kernel || !getRanked(places) ||
      node->getNumResults() != 1 || !mayChangeTypes(node))
    return failure();
  size_t spatial = type.getRank() - 2;
  auto strides =
      node.intsAttr("strides").value_or(SmallVector<int64_t>(spatial, 1));
  auto pads =
      node.intsAttr("pads").value_or(SmallVector<int64_t>(2 * spatial, 0));
  if (kernel->size() != spatial || strides.size() != spatial ||
      pads.size() != 2 * spatial)
    return failure();
  auto isSize = [](int64_t value) {
    return value >= 0 && value <= std::numeric_limits<int32_t>::max();
  };
  if (!llvm::all_of(*kernel, isSize) || !llvm::all_of(strides, isSize) ||
      !llvm::all_of(pads, isSize))
    return failure();
  NodeBuilder b(rewriter, node);
  SmallVector<Value> sizes = {b.sizeOf(x, 0), b.sizeOf(x, 1)};
  for (size_t dim = 0; dim < spatial; ++dim) {
    int64_t extent =
        (*kernel)[dim] - strides[dim] - pads[dim] - pads[dim + spatial];
    sizes.push_back(
        b.add(b.mul(b.sizeOf(x, dim + 2), b.integers({strides[dim]})),
              b.integers({extent})));
  }
  Value shape = b.concat(sizes, 0);
  Value count = b.create("ReduceProd", {shape, b.integers({0})});
  Value zeros = b.create("Expand", {b.scalar(type.getElementType(), 0), count});
  Value result = b.create("ScatterElements",
                          {zeros, b.reshape(places, {-1}), b.reshape(x, {-1})});
  result = b.reshape(result, sizes);
  if (target) {
    SmallVector<int64_t> none(type.getRank(), 0);
    Value missing = b.sub(target, shape);
    result = b.create("Pad", {result, b.concat({b.integers(none), missing}, 0),
                              b.scalar(type.getElementType(), 0)});
  }
  return replaceResults(rewriter, node, result);
}

void mlir::bev::onnx::populateUnpoolingPatterns(RewritePatternSet &patterns) {
  patterns.add<FunctionPattern>(patterns.getContext(), "MaxUnpool",
                                decomposeMaxUnpool);
}
