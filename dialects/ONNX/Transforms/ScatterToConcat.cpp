// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recognizes the ScatterND that frameworks export assignments to slices as:
// constant indices that count through a box of the data in order. And the
// ScatterElements that leaves nothing of the data.

#include "AxisParts.h"
#include "SimplifyPatterns.h"
#include "bev/Dialect/ONNX/IR/Resources.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using namespace mlir::bev::onnx;

namespace {
/// A box within the leading dims of the data.
struct Box {
  SmallVector<int64_t> starts, sizes;
};
} // namespace

/// All elements of an integer constant in order.
static std::optional<SmallVector<int64_t>> readIndices(ElementsAttr indices) {
  SmallVector<int64_t> values;
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(indices)) {
    if (!indices.getElementType().isSignlessInteger(64))
      return std::nullopt;
    return copyElements<int64_t>(resource);
  }
  auto dense = dyn_cast<DenseIntElementsAttr>(indices);
  if (!dense)
    return std::nullopt;
  for (const APInt &value : dense)
    values.push_back(value.getSExtValue());
  return values;
}

/// The box that rows of `depth` indices count through, the last dim fastest.
static std::optional<Box> getBox(ArrayRef<int64_t> indices, int64_t depth,
                                 ArrayRef<int64_t> dataShape) {
  if (depth <= 0 || indices.empty() || depth > int64_t(dataShape.size()))
    return std::nullopt;
  int64_t rows = indices.size() / depth;
  auto at = [&](int64_t row, int64_t dim) {
    int64_t index = indices[row * depth + dim];
    return index < 0 ? index + dataShape[dim] : index;
  };
  // The first row is the lowest corner and the last the highest.
  Box box;
  int64_t volume = 1;
  for (int64_t dim = 0; dim < depth; ++dim) {
    int64_t start = at(0, dim), size = at(rows - 1, dim) - start + 1;
    if (start < 0 || size <= 0 || start + size > dataShape[dim] || size > rows)
      return std::nullopt;
    box.starts.push_back(start);
    box.sizes.push_back(size);
    volume *= size;
    if (volume > rows)
      return std::nullopt;
  }
  if (volume != rows)
    return std::nullopt;
  for (int64_t row = 0; row < rows; ++row) {
    int64_t rest = row;
    for (int64_t dim = depth - 1; dim >= 0; --dim) {
      if (at(row, dim) != box.starts[dim] + rest % box.sizes[dim])
        return std::nullopt;
      rest /= box.sizes[dim];
    }
  }
  return box;
}

static Value slice(PatternRewriter &rewriter, NodeOp node, Value value,
                   int64_t axis, int64_t start, int64_t end) {
  return createSlice(rewriter, node.getLoc(), node.getVersion(),
                     Part{value, axis, start, end - start});
}

/// The data with the box replaced: along the first axis where the box is a
/// part, what lies before it, the box's slab (the rest inserted into), and
/// what lies behind.
static Value insert(PatternRewriter &rewriter, NodeOp node, Value data,
                    Value updates, const Box &box, int64_t axis) {
  ArrayRef<int64_t> shape = getRanked(data).getShape();
  int64_t depth = box.starts.size();
  while (axis < depth && box.starts[axis] == 0 &&
         box.sizes[axis] == shape[axis])
    ++axis;
  if (axis == depth)
    return updates;
  int64_t start = box.starts[axis], end = start + box.sizes[axis];
  Value slab = slice(rewriter, node, data, axis, start, end);
  SmallVector<Value> parts;
  if (start > 0)
    parts.push_back(slice(rewriter, node, data, axis, 0, start));
  parts.push_back(insert(rewriter, node, slab, updates, box, axis + 1));
  if (end < shape[axis])
    parts.push_back(slice(rewriter, node, data, axis, end, shape[axis]));
  return createNode(
      rewriter, node.getLoc(), "Concat", node.getVersion(), parts,
      rewriter.getNamedAttr("axis", rewriter.getI64IntegerAttr(axis)));
}

static LogicalResult scatterToConcat(NodeOp node, PatternRewriter &rewriter) {
  RankedTensorType data = getStatic(node.input(0));
  RankedTensorType updates = getStatic(node.input(2));
  ElementsAttr constant = getConstant(node.input(1));
  if (!data || !updates || !constant ||
      node.stringAttr("reduction", "none") != "none")
    return failure();
  auto type = dyn_cast<RankedTensorType>(constant.getType());
  if (!type || type.getRank() == 0 || !type.hasStaticShape())
    return failure();
  auto indices = readIndices(constant);
  int64_t depth = type.getShape().back();
  auto box = indices ? getBox(*indices, depth, data.getShape()) : std::nullopt;
  if (!box)
    return failure();
  SmallVector<int64_t> shape(box->sizes);
  llvm::append_range(shape, data.getShape().drop_front(depth));
  // Updates of one element per row lie in the order of the box.
  Value source = node.input(2);
  if (ArrayRef<int64_t>(shape) != updates.getShape())
    source =
        createReshape(rewriter, node.getLoc(), node.getVersion(), source,
                      RankedTensorType::get(shape, updates.getElementType()));
  return replaceNode(rewriter, node,
                     insert(rewriter, node, node.input(0), source, *box, 0));
}

/// Each update goes to its own place.
static LogicalResult scatterToUpdates(NodeOp node, PatternRewriter &rewriter) {
  RankedTensorType data = getStatic(node.input(0));
  RankedTensorType updates = getStatic(node.input(2));
  ElementsAttr constant = getConstant(node.input(1));
  if (!data || data != updates || !constant ||
      node.stringAttr("reduction", "none") != "none")
    return failure();
  int64_t axis = node.intAttr("axis", 0);
  axis += axis < 0 ? data.getRank() : 0;
  auto indices = readIndices(constant);
  if (axis < 0 || axis >= data.getRank() || !indices ||
      int64_t(indices->size()) != data.getNumElements())
    return failure();
  int64_t size = data.getDimSize(axis), inner = 1;
  for (int64_t behind : data.getShape().drop_front(axis + 1))
    inner *= behind;
  for (auto [place, index] : llvm::enumerate(*indices))
    if ((index < 0 ? index + size : index) != int64_t(place) / inner % size)
      return failure();
  return replaceNode(rewriter, node, node.input(2));
}

void mlir::bev::onnx::populateScatterPatterns(RewritePatternSet &patterns) {
  patterns.add<FunctionPattern>(patterns.getContext(), "ScatterND",
                                scatterToConcat);
  patterns.add<FunctionPattern>(patterns.getContext(), "ScatterElements",
                                scatterToUpdates);
}
