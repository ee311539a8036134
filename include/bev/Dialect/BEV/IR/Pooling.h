// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the pooling of lifted features is made of: the tables of points, and the
// sum over some of them.

#ifndef BEV_DIALECT_BEV_IR_POOLING_H
#define BEV_DIALECT_BEV_IR_POOLING_H

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Formulas.h"

namespace mlir::bev {

/// Whether it is known that there are no points, or no cells.
bool isEmptyPool(VoxelPoolOp op);

/// Emits, at the insertion point, the tables that `op` sums by, and the op that
/// sums: its bounds are those of each cell's points, which for the form with
/// cells are sorted first, stably. An empty pool is filled with zeros. Returns
/// the results; `op` stays.
SmallVector<Value> expandVoxelPool(OpBuilder &builder, VoxelPoolOp op);

/// The number of points that the tables of `op` hold.
OpFoldResult getNumPoints(OpBuilder &builder, IntervalPoolOp op);

/// A point of a sum.
struct PooledPoint {
  Value row;    ///< i32, of feat; -1: the point does not count
  Value weight; ///< f32, 0 where it does not count; absent: 1
};

/// Emits what point `at` (an index value) of the tables is.
PooledPoint emitPoint(OpBuilder &builder, IntervalPoolOp op, Value at);

/// Emits `sum` (f32) plus `mode.lanes` channels, from `channel` on, of the rows
/// of `points` times their weights. All rows are read before the first is used.
Value emitRowSum(OpBuilder &builder, IntervalPoolOp op, Value sum,
                 ArrayRef<PooledPoint> points, Value channel, FormulaMode mode);

} // namespace mlir::bev

#endif // BEV_DIALECT_BEV_IR_POOLING_H
