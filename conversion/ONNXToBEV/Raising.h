// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the raisings share: matching of constants, and the report.

#ifndef BEV_CONVERSION_ONNXTOBEV_RAISING_H
#define BEV_CONVERSION_ONNXTOBEV_RAISING_H

#include "TensorView.h"
#include "bev/Conversion/ONNXToBEV/RaiseReport.h"
#include "bev/Dialect/BEV/IR/BEV.h"

namespace mlir::bev::onnx_to_bev {

/// Raises what it finds in a function. Values that are replaced lose their
/// uses; dead nodes are left to the pass.
using Raising = void (*)(func::FuncOp, RaiseReport &);

// In the order in which they run; each builds on those before. --------------

/// mmcv's bilinear interpolation by Gather to GridSample nodes.
void raiseBilinearGathers(func::FuncOp function, RaiseReport &report);
/// Plugin nodes of deformable attention to bev.ms_deform_attn.
void raisePlugins(func::FuncOp function, RaiseReport &report);
/// Weighted sums of GridSample to bev.ms_deform_attn, and those to
/// bev.deformable_attention.
void raiseDeformableAttention(func::FuncOp function, RaiseReport &report);
/// The mean over frames to bev.temporal_self_attention.
void raiseTemporalSelfAttention(func::FuncOp function, RaiseReport &report);
/// The mean over the cameras that see a query, in mask form and in rebatched
/// form, to bev.spatial_cross_attention.
void raiseSpatialCrossAttention(func::FuncOp function, RaiseReport &report);
/// Projection, ego motion, rotation and inverse sigmoid.
void raiseGeometry(func::FuncOp function, RaiseReport &report);

// Constants. -----------------------------------------------------------------

/// The number that all elements of a float or integer constant are.
std::optional<double> getSplat(Value value);
bool isSplat(Value value, double number);
/// All elements of a float constant; nothing for others.
std::optional<SmallVector<float>> getFloats(Value value);

// Nodes. ---------------------------------------------------------------------

/// The node of ONNX's own domain and that name that defines the value, or null.
onnx::NodeOp getNode(Value value, StringRef opType);
/// The other input of a commutative node of two; null if `value` is none of
/// them.
Value getOther(onnx::NodeOp node, Value value);
/// The axes of a reduction in its attribute or its input, non-negative and
/// sorted; nothing where they are not known.
std::optional<SmallVector<int64_t>> getReductionAxes(onnx::NodeOp node);

/// A scaling and a shift by constants: factor * x + addend.
struct AffineScalar {
  double factor = 1.0, addend = 0.0;
};
/// If the node is x + c, x - c, c - x, x * c or x / c with a splat c, its x and
/// the function; else null.
Value matchAffine(onnx::NodeOp node, AffineScalar &function);

/// The type of a tensor with that shape and the element type of `like`.
RankedTensorType typeLike(Value like, ArrayRef<int64_t> shape);
/// An uninitialised destination. Dynamic sizes are those of `sizesFrom` at the
/// same place: for each dimension a tensor and a dimension of it.
Value createEmpty(ImplicitLocOpBuilder &b, RankedTensorType type,
                  ArrayRef<std::pair<Value, int64_t>> sizesFrom);

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_RAISING_H
