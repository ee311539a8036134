// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors whose elements are linear in the cosine and the sine of an angle,
// evaluated at compile time whatever nodes compute them.

#ifndef BEV_CONVERSION_ONNXTOBEV_ROTATIONGRID_H
#define BEV_CONVERSION_ONNXTOBEV_ROTATIONGRID_H

#include "TensorView.h"

#include <memory>
#include <vector>

namespace mlir::bev::onnx_to_bev {

/// number + cosine * cos(t) + sine * sin(t).
struct Rotation {
  static constexpr int kNone = -1;

  double number = 0.0, cosine = 0.0, sine = 0.0;
  /// Which element of the angles t is; `kNone` for a number.
  int angle = kNone;
};

/// The elements in row-major order.
struct Rotations {
  SmallVector<int64_t> shape;
  std::vector<Rotation> elements;
};

/// Evaluates tensors of one graph, all in the same angles.
class RotationEvaluator {
public:
  /// Nothing for what is not linear in cosines and sines of the same angles, is
  /// not of static shape, or has too many elements. The result lives as long as
  /// the evaluator.
  const Rotations *evaluate(Value value);

  /// What t is, as scale * angles, in radians; null where all are numbers.
  Value getAngles() const { return angles; }
  double getScale() const { return scale; }

private:
  using Result = std::optional<Rotations>;

  Result compute(Value value);
  Result computeAngle(onnx::NodeOp node);
  Result computeElementwise(onnx::NodeOp node, ArrayRef<int64_t> shape);
  Result computeConcat(onnx::NodeOp node, ArrayRef<int64_t> shape);
  Result computeProduct(onnx::NodeOp node, ArrayRef<int64_t> shape);
  Result computeSum(onnx::NodeOp node, ArrayRef<int64_t> shape);
  Result computeAffineGrid(onnx::NodeOp node, ArrayRef<int64_t> shape);

  llvm::DenseMap<Value, std::unique_ptr<Rotations>> known;
  unsigned depth = 0;
  Value angles;
  double scale = 0.0;
};

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_ROTATIONGRID_H
