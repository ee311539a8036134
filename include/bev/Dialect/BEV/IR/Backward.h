// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the gradients of the two attention ops have in common.

#ifndef BEV_DIALECT_BEV_IR_BACKWARD_H
#define BEV_DIALECT_BEV_IR_BACKWARD_H

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Formulas.h"

#include <array>

namespace mlir::bev {

/// The operands of an op with gradients, whichever it is.
struct BackwardOperands {
  Value value;
  /// Absent where `offsets` are locations, and `weights` are not logits.
  Value reference;
  Value offsets, weights, gradOut;
  Value gradValue, gradOffsets, gradWeights;
  SmallVector<OpFoldResult> levels;
  ReferenceKind kind = ReferenceKind::level;
  AnchorOrder order = AnchorOrder::mod;
  bool deterministic = false;
  /// M, L, P and D.
  int64_t heads, numLevels, points, channels;
};

BackwardOperands getBackwardOperands(Operation *op);

/// Whether the op is one of these.
bool isBackward(Operation *op);

/// Whether a schedule is one for kernels of a GPU that gradients have by
/// themselves: the channels are divided among a team that fits a warp.
bool hasBackwardKernels(ScheduleAttr schedule, int64_t channels);

/// Whether its schedule is, and the op is not part of a parallel loop.
bool hasBackwardKernels(Operation *op);

/// A feature map inside a flattened value: its shape and its first position.
struct SampledMap {
  Value height, width;   ///< i32
  Value heightF, widthF; ///< f32
  Value start;           ///< i32
};
SmallVector<SampledMap> emitMaps(OpBuilder &b, Location loc,
                                 const BackwardOperands &all);

/// Where a sample lies in its map, in pixels, and what one unit of its offset
/// is worth there (absent: 1). All f32.
struct SamplePixel {
  Value x, y, scaleX, scaleY;
};
/// Of the sample (`query` is batch row and query, `level`, `point`: index
/// values) with the offset or location (dx, dy).
SamplePixel emitSamplePixel(OpBuilder &b, Location loc,
                            const BackwardOperands &all, ValueRange query,
                            Value level, Value point, const SampledMap &map,
                            Value dx, Value dy);
/// Whether a sample can touch the map, i1: not at NaN, for one.
Value emitTouches(OpBuilder &b, Location loc, const SampledMap &map, Value x,
                  Value y);

/// The four neighbours of a sample that touches the map: above left, above
/// right, below left and below right.
struct SampleCell {
  Value column, line; ///< i32, of the first, from -1 on
  Value row;          ///< i32, its position, which may not exist
  Value fx, fy;       ///< f32, where in between
  Value valid[4];     ///< i1: in the map
};
SampleCell emitCell(OpBuilder &b, Location loc, const SampledMap &map, Value x,
                    Value y);
/// Bilinear weights of the neighbours.
std::array<Value, 4> emitCornerWeights(OpBuilder &b, Location loc, Value fx,
                                       Value fy);

/// Derivatives of a bilinear sum along x and y, and the sum.
struct SampleGradient {
  Value x, y, weight;
};
/// Of the neighbours' products with grad_out, `dots`, or parts of those.
SampleGradient emitSampleGradient(OpBuilder &b, Location loc,
                                  ArrayRef<Value> dots, Value fx, Value fy);

} // namespace mlir::bev

#endif // BEV_DIALECT_BEV_IR_BACKWARD_H
