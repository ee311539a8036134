// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Raisings of what is not an attention, one node at a time. Each does nothing
// for nodes that are not of its kind.

#ifndef BEV_CONVERSION_ONNXTOBEV_GEOMETRY_H
#define BEV_CONVERSION_ONNXTOBEV_GEOMETRY_H

#include "Raising.h"

namespace mlir::bev::onnx_to_bev {

/// Replaces a value by a view of its shape, and what only moves its elements by
/// views of the same base. False, and nothing is changed, where the view is
/// none that nodes make.
bool replaceByView(Value value, const TensorView &view,
                   ImplicitLocOpBuilder &b);

/// A Log to bev.inverse_sigmoid.
void raiseInverseSigmoid(onnx::NodeOp log, RaiseReport &report);
/// A division by the depth to bev.project_points; `nodes` are those among which
/// its division by the image's size and its comparisons are.
void raiseProjection(onnx::NodeOp division, ArrayRef<onnx::NodeOp> nodes,
                     RaiseReport &report);
/// The cosine and one of the sines of an angle to bev.ego_shift; `concats` are
/// those among which the two parts may be joined.
void raiseEgoShift(onnx::NodeOp cosine, ArrayRef<onnx::NodeOp> sines,
                   ArrayRef<onnx::NodeOp> concats, RaiseReport &report);
/// A GridSample, or the selection of what was gathered inside of an image, to
/// bev.warp_bev.
void raiseWarp(onnx::NodeOp node, RaiseReport &report);
/// Constants to bev.reference_grid.
void raiseReferenceGrids(func::FuncOp function, RaiseReport &report);

/// Points that bev.project_points makes of pillars of bev.reference_grid.
struct Pillars {
  /// The numbers of cells (H, W).
  std::array<int64_t, 2> size;
  /// In metres.
  float height;
  /// The range of the projection.
  SmallVector<float, 6> range;
};

/// Points [Q,Z,3] in metres as pillars.
std::optional<Pillars> matchPillars(ArrayRef<float> points, int64_t queries,
                                    int64_t anchors);

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_GEOMETRY_H
