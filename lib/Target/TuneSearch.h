// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which schedules are worth measuring next, after what has been measured.

#ifndef BEV_LIB_TARGET_TUNESEARCH_H
#define BEV_LIB_TARGET_TUNESEARCH_H

#include "bev/Dialect/BEV/Transforms/ScheduleSpace.h"

#include "llvm/ADT/MapVector.h"

namespace mlir::bev {

/// A search in rounds: first what differs from the start in one parameter; then
/// combinations of what was better than the start; then what differs from the
/// best in one parameter, until nothing is better.
class TuneSearch {
public:
  TuneSearch(ScheduleSpace space, ScheduleAttr start, int64_t limit)
      : space(space), start(start), best(start), limit(limit) {}

  /// What to measure next, once all of before has been reported; nothing when
  /// the search is over.
  SmallVector<ScheduleAttr> next();

  /// Says how long a schedule took, or that it does not count.
  void report(ScheduleAttr schedule, std::optional<double> microseconds);

  ScheduleAttr getBest() const { return best; }

private:
  SmallVector<ScheduleAttr> vary(ScheduleAttr schedule);
  SmallVector<ScheduleAttr> combine();
  /// Those that have not been asked for, up to the limit.
  SmallVector<ScheduleAttr> takeNew(ArrayRef<ScheduleAttr> schedules);
  double getTime(ScheduleAttr schedule) const;

  ScheduleSpace space;
  ScheduleAttr start, best;
  int64_t limit;
  unsigned round = 0;
  /// What the last round of variations began with.
  ScheduleAttr varied;
  /// All that were asked for; infinity until they are reported.
  llvm::MapVector<ScheduleAttr, double> times;
};

} // namespace mlir::bev

#endif // BEV_LIB_TARGET_TUNESEARCH_H
