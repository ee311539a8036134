// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Determinants of small matrices in parts.

#include "Decompose.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// The number of products grows as the factorial of the size.
static constexpr int64_t kMaxSize = 4;

/// The determinant of the rows from `row` on and the columns in `columns`,
/// along the first of these rows.
static Value
buildDeterminant(NodeBuilder &b, int64_t row, ArrayRef<int64_t> columns,
                 function_ref<Value(int64_t, int64_t)> getElement) {
  if (columns.size() == 1)
    return getElement(row, columns.front());
  Value sum;
  for (auto [place, column] : llvm::enumerate(columns)) {
    SmallVector<int64_t> others(columns);
    others.erase(others.begin() + place);
    Value product = b.mul(getElement(row, column),
                          buildDeterminant(b, row + 1, others, getElement));
    sum = !sum             ? product
          : place % 2 == 0 ? b.add(sum, product)
                           : b.sub(sum, product);
  }
  return sum;
}

static LogicalResult decomposeDet(NodeOp node, PatternRewriter &rewriter) {
  Value x = node.input(0);
  RankedTensorType type = getRanked(x);
  if (!type || type.getRank() < 2 || node->getNumResults() != 1 ||
      !mayChangeTypes(node))
    return failure();
  int64_t rank = type.getRank(), size = type.getDimSize(rank - 1);
  if (size != type.getDimSize(rank - 2) || size < 1 || size > kMaxSize)
    return failure();
  NodeBuilder b(rewriter, node);
  auto take = [&](Value tensor, int64_t index, int64_t axis) {
    return b.create("Gather", {tensor, b.scalar(rewriter.getI64Type(), index)},
                    b.attribute("axis", axis));
  };
  auto getElement = [&](int64_t row, int64_t column) {
    return take(take(x, row, rank - 2), column, rank - 2);
  };
  auto columns = llvm::to_vector(llvm::seq<int64_t>(0, size));
  return replaceResults(rewriter, node,
                        buildDeterminant(b, 0, columns, getElement));
}

void mlir::bev::onnx::populateDeterminantPatterns(RewritePatternSet &patterns) {
  patterns.add<FunctionPattern>(patterns.getContext(), "Det", decomposeDet);
}
