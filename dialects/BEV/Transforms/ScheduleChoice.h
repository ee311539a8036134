// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What bev-select-schedule chooses.

#ifndef BEV_DIALECTS_BEV_TRANSFORMS_SCHEDULECHOICE_H
#define BEV_DIALECTS_BEV_TRANSFORMS_SCHEDULECHOICE_H

#include "bev/Dialect/BEV/IR/BEV.h"

namespace mlir::bev {

/// The parameters of a schedule, with their defaults.
struct ScheduleChoice {
  int64_t lanes = 1;
  int64_t threads = 256;
  Guard guard = Guard::predicate;
  int64_t blocks = 0;
  bool share = false, packed = false;
  int64_t heads = 0, strip = 1, width = 0;
  int64_t rows = 0, points = 16, patch = 1;

  ScheduleAttr get(MLIRContext *context) const {
    return ScheduleAttr::get(context, lanes, threads, guard, blocks, share,
                             packed, heads, strip, width, rows, points, patch);
  }
};

/// The largest divisor of `channels` up to `limit`.
int64_t largestDivisor(int64_t channels, int64_t limit);

/// The schedule of an op on the CPU other than a pool: all channels share the
/// sampling arithmetic; only what would not fit the registers is split.
ScheduleAttr selectForCPU(MLIRContext *context, int64_t channels,
                          int64_t vectorBytes);

/// The schedules of pools whose result has the type.
ScheduleAttr selectPoolForCPU(MLIRContext *context, int64_t channels,
                              int64_t vectorBytes);
ScheduleAttr selectPoolForGPU(MLIRContext *context, ShapedType type);

} // namespace mlir::bev

#endif // BEV_DIALECTS_BEV_TRANSFORMS_SCHEDULECHOICE_H
