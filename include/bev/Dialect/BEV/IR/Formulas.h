// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formulas of the ops, emitted once for every use: as scalar arithmetic in
// the body of a linalg.generic (decomposition) or as vector arithmetic over
// neighbouring channels (vectorization).

#ifndef BEV_DIALECT_BEV_IR_FORMULAS_H
#define BEV_DIALECT_BEV_IR_FORMULAS_H

#include "bev/Dialect/BEV/IR/BEV.h"

namespace mlir::bev {

/// How a formula is emitted.
struct FormulaMode {
  /// Channels computed at once as one vector; 0 emits scalars.
  int64_t lanes = 0;
  /// How reads outside a map are kept from happening.
  Guard guard = Guard::predicate;
  /// Where the lanes lie, if they are not neighbours: the first channel of each
  /// of as many equal runs, counted from the index.
  SmallVector<Value> pieces = {};
};

/// Emits, at the insertion point, the element of init number `result` of `op`
/// at `index` (one index value per dimension of that init; with lanes, the last
/// is the first channel). Returns it in the init's element type, as a scalar or
/// as a vector of `lanes`.
///
/// Only ops with channels (`hasChannels`) can be emitted with lanes.
Value emitFormula(OpBuilder &builder, Operation *op, unsigned result,
                  ValueRange index, FormulaMode mode);

/// Whether the last dimension of the op's result is a channel dimension that
/// the formula is independent in: the attentions and warp_bev.
bool hasChannels(Operation *op);

/// The schedule of an op with channels.
std::optional<ScheduleAttr> getSchedule(Operation *op);
void setSchedule(Operation *op, ScheduleAttr schedule);

} // namespace mlir::bev

#endif // BEV_DIALECT_BEV_IR_FORMULAS_H
