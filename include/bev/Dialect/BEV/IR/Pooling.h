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
/// the results; `op` stays. With `manyThreads` the sort has about as many work
/// items as there are points, and more to do in all.
SmallVector<Value> expandVoxelPool(OpBuilder &builder, VoxelPoolOp op,
                                   bool manyThreads = false);

/// The numbers of a table of i32 where it is a constant: a tensor, or a buffer
/// that is a constant of the module.
std::optional<SmallVector<int32_t>> getTable(Value table);

/// Whether it is one.
bool isKnownTable(Value table);

/// The number of points that the tables of `op` hold.
OpFoldResult getNumPoints(OpBuilder &builder, IntervalPoolOp op);

/// Emits the ranks of point `at` (an index value) of the tables: its row of
/// feat, and that of depth; i32.
std::pair<Value, Value> emitRanks(OpBuilder &builder, IntervalPoolOp op,
                                  Value at);

/// Emits whether there are such rows.
Value emitRanksExist(OpBuilder &builder, IntervalPoolOp op, Value row,
                     Value depthRank);

/// Emits the depth of a point, in its own type: 0 unless `exists`.
Value emitDepth(OpBuilder &builder, IntervalPoolOp op, Value exists,
                Value depthRank);

/// Emits `mode.lanes` channels, from `channel` on, of row `row` (i32) of feat,
/// zeros unless `exists`; without `exists` it does.
Value emitPooledRow(OpBuilder &builder, IntervalPoolOp op, Value row,
                    Value exists, Value channel, FormulaMode mode);

/// Emits `sum` (f32) plus channels that were read, times `weight` (f32) if
/// there is one.
Value emitWeightedRow(OpBuilder &builder, IntervalPoolOp op, Value sum,
                      Value row, Value weight, FormulaMode mode);

/// Points that follow each other, as many as have rows; i32.
struct Segment {
  Value depthRank, featRank, length;
};

/// Emits segment `at` (an index value) of the table.
Segment emitSegment(OpBuilder &builder, SegmentPoolOp op, Value at);

/// Emits how many rows its points are apart; i32, at least 1.
Value emitSegmentStep(OpBuilder &builder, SegmentPoolOp op);

} // namespace mlir::bev

#endif // BEV_DIALECT_BEV_IR_POOLING_H
