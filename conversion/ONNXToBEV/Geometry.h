// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Raisings of what is not an attention, one node at a time. Each does nothing
// for nodes that are not of its kind.

#ifndef BEV_CONVERSION_ONNXTOBEV_GEOMETRY_H
#define BEV_CONVERSION_ONNXTOBEV_GEOMETRY_H

#include "Raising.h"

namespace mlir::bev::onnx_to_bev {

/// A Log to bev.inverse_sigmoid.
void raiseInverseSigmoid(onnx::NodeOp log, RaiseReport &report);
/// A division by the depth to bev.project_points; `nodes` are those among which
/// its division by the image's size and its comparisons are.
void raiseProjection(onnx::NodeOp division, ArrayRef<onnx::NodeOp> nodes,
                     RaiseReport &report);

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_GEOMETRY_H
