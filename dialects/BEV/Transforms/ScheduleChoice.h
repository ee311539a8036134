// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What bev-select-schedule chooses without search.

#ifndef BEV_DIALECTS_BEV_TRANSFORMS_SCHEDULECHOICE_H
#define BEV_DIALECTS_BEV_TRANSFORMS_SCHEDULECHOICE_H

#include "AttentionWork.h"

#include "bev/Dialect/BEV/Transforms/ScheduleSpace.h"

namespace mlir::bev {

/// The largest divisor of `channels` up to `limit`.
int64_t largestDivisor(int64_t channels, int64_t limit);

/// The schedule of an op on the CPU other than a pool: all channels share the
/// sampling arithmetic; only what would not fit the registers is split.
ScheduleAttr selectForCPU(MLIRContext *context, int64_t channels,
                          int64_t vectorBytes);

/// The schedule of an attention whose value has the element type: of those
/// worth a try the one that the cost model finds fastest on the chip.
ScheduleAttr selectAttentionForGPU(MLIRContext *context,
                                   const AttentionWork &work, Type element,
                                   StringRef chip);

/// The schedules of pools.
ScheduleAttr selectPoolForCPU(MLIRContext *context, int64_t channels,
                              int64_t vectorBytes);
ScheduleAttr selectPoolForGPU(IntervalPoolOp op, StringRef chip);

/// That of a pool of segments.
ScheduleAttr selectSegmentsForGPU(SegmentPoolOp op, StringRef chip);

/// The schedule of an op with gradients.
ScheduleAttr selectBackwardForGPU(MLIRContext *context, Operation *op);

} // namespace mlir::bev

#endif // BEV_DIALECTS_BEV_TRANSFORMS_SCHEDULECHOICE_H
