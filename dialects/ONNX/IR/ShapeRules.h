// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arithmetic on shapes that type inference and evaluation share. Unknown
// sizes are `ShapedType::kDynamic`.

#ifndef BEV_DIALECTS_ONNX_IR_SHAPERULES_H
#define BEV_DIALECTS_ONNX_IR_SHAPERULES_H

#include "bev/Dialect/ONNX/IR/ONNX.h"

#include <optional>

namespace mlir::bev::onnx {

using Shape = SmallVector<int64_t>;

/// An axis counted from the front; nothing where it is outside [-rank, rank).
std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank);

/// Axes counted from the front; nothing where one is outside or twice there.
std::optional<SmallVector<int64_t>> normalizeAxes(ArrayRef<int64_t> axes,
                                                  int64_t rank);

/// Numpy's broadcast of the shapes; nothing where they are incompatible.
std::optional<Shape> broadcastShapes(ArrayRef<ArrayRef<int64_t>> shapes);

/// The shape that Reshape gives. Elements of `target` may be unknown. Nothing
/// where the target contradicts the input.
std::optional<Shape> resolveReshape(ArrayRef<int64_t> input,
                                    ArrayRef<int64_t> target, bool allowZero);

/// A start and a number of elements along one dimension of known size.
struct SliceRange {
  int64_t start, size;
};

/// What Slice takes of a dimension. The step is not 0.
SliceRange clampSlice(int64_t dim, int64_t start, int64_t end, int64_t step);

/// The sizes of the parts that Split makes of a dimension of known size where
/// none are stated: equal, but for a smaller last one.
SmallVector<int64_t> splitEvenly(int64_t dim, int64_t parts);

/// Whether Squeeze, Unsqueeze, ReduceSum, Split and Pad take what used to be
/// attributes as inputs in that version of the operator set.
inline bool axesAreInputs(NodeOp node) {
  StringRef name = node.getOpType();
  if (name == "Squeeze" || name == "Unsqueeze" || name == "ReduceSum" ||
      name == "Split")
    return node.getVersion() >= 13;
  return node.getVersion() >= 18;
}

} // namespace mlir::bev::onnx

#endif // BEV_DIALECTS_ONNX_IR_SHAPERULES_H
