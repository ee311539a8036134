// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the two forms of spatial cross-attention share.

#ifndef BEV_CONVERSION_ONNXTOBEV_SPATIALCROSSATTENTION_H
#define BEV_CONVERSION_ONNXTOBEV_SPATIALCROSSATTENTION_H

#include "Raising.h"
#include "Resizing.h"

namespace mlir::bev::onnx_to_bev {

inline constexpr StringLiteral kSpatialCrossAttention =
    "bev.spatial_cross_attention";

/// A mean over cameras: what is divided, and by which node. The node is null
/// where the sum is used in another way.
struct CameraSum {
  onnx::NodeOp sum;
  onnx::NodeOp division;
};

/// How the rows of an attention's batch are rows of a batch and cameras.
struct CameraRows {
  int64_t batch = 0, cameras = 0;
  /// Whether the rows count cameras slower than the batch.
  bool isCameraMajor = false;

  /// A view [rows, ...] as [B, N, ...].
  bool split(TensorView &view) const;
  /// The parts of a dimension of rows when its cameras become one.
  SmallVector<Digit, 2> getLayout() const;
};

/// The deformable attention that a view is of, if its reference points are per
/// anchor; null otherwise.
DeformableAttentionOp getPillarAttention(const TensorView &view);

/// `counted`, what is counted for each element of a divisor, as [B,N,Q]:
/// `quotient` is the division's result as a view of the attention's result of
/// shape [B,Q,M,D]. Nothing where it is not of that form.
std::optional<TensorView> countedByCamera(const TensorView &counted,
                                          const TensorView &quotient,
                                          ArrayRef<int64_t> resultShape,
                                          int64_t cameras);

/// `visible` [B,N,Q,1 or Z] with `anchors` anchors; nothing for other sizes.
std::optional<TensorView> spreadOverAnchors(TensorView visible,
                                            int64_t anchors);

/// Creates the op; `uv`, `visible`, `offsets` and `logits` have the shapes that
/// it takes.
SpatialCrossAttentionOp createSpatialCrossAttention(
    ImplicitLocOpBuilder &b, DeformableAttentionOp attention, Value value,
    Value uv, Value visible, Value offsets, Value logits);

/// Raises a ReduceSum over cameras; does nothing for others.
void raiseMaskForm(const CameraSum &candidate, RaiseReport &report);
/// Raises the last ScatterND of a sum over cameras; does nothing for others.
void raiseRebatchedForm(const CameraSum &candidate, RaiseReport &report);

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_SPATIALCROSSATTENTION_H
