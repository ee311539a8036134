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
  /// f16 values are interpolated in f16: see #bev.schedule.
  bool packed = false;
  /// Samples whose neighbours are read before any of them is used, where the
  /// arithmetic is shared.
  int64_t together = 1;
};

/// Emits, at the insertion point, the element of init number `result` of `op`
/// at `index` (one index value per dimension of that init; with lanes, the last
/// is the first channel). Returns it in the init's element type, as a scalar or
/// as a vector of `lanes`.
///
/// Only ops with channels (`hasChannels`) can be emitted with lanes.
Value emitFormula(OpBuilder &builder, Operation *op, unsigned result,
                  ValueRange index, FormulaMode mode);

/// Emits the row of all channels that the attention `op` on tensors computes
/// (size 1 in all dimensions but the last), in place of its init, as loops over
/// a team of `team` work items: in one, each computes where some of the samples
/// lie and what they weigh; in the next, each adds all samples up for
/// `mode.lanes` channels. Returns the row.
///
/// An scf.forall inside stands for the team; what is outside of those every
/// work item may do for itself.
Value emitSharedRow(OpBuilder &builder, DestinationStyleOpInterface op,
                    int64_t team, FormulaMode mode);

/// Whether the last dimension of the op's result is a channel dimension that
/// the formula is independent in: the attentions and warp_bev.
bool hasChannels(Operation *op);

/// Whether the op's result is [B,Q,M,D]: an attention.
bool isAttention(Operation *op);

/// The schedule of an op with channels.
std::optional<ScheduleAttr> getSchedule(Operation *op);
void setSchedule(Operation *op, ScheduleAttr schedule);

} // namespace mlir::bev

#endif // BEV_DIALECT_BEV_IR_FORMULAS_H
