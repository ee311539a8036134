// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The schedules that an op can have on a GPU, for those who choose among them.

#ifndef BEV_DIALECT_BEV_TRANSFORMS_SCHEDULESPACE_H
#define BEV_DIALECT_BEV_TRANSFORMS_SCHEDULESPACE_H

#include "bev/Dialect/BEV/IR/BEV.h"

namespace mlir::bev {

/// The parameters of a schedule, with their defaults.
struct ScheduleChoice {
  int64_t lanes = 1;
  int64_t threads = 256;
  Guard guard = Guard::predicate;
  int64_t blocks = 0;
  bool share = false, packed = false;
  int64_t together = 1, heads = 0, strip = 1, width = 0;
  Prefetch prefetch = Prefetch::none;
  int64_t rows = 0, points = 16;
  bool balance = false;

  static ScheduleChoice of(ScheduleAttr schedule);

  /// Whether f16 is added up in f16, and what is not finite computed again.
  bool isHalf() const { return packed && guard == Guard::speculate; }

  /// The attribute; null where the parameters contradict each other.
  ScheduleAttr get(MLIRContext *context) const;
};

/// The schedules of one op that compute the same, up to the order of sums.
class ScheduleSpace {
public:
  /// `start` is a schedule of the op. Results are rounded as its results are:
  /// what adds up in f16 keeps doing so, and nothing else begins to.
  ScheduleSpace(DestinationStyleOpInterface op, ScheduleAttr start);

  /// What can be varied, in the order in which it is worth trying.
  unsigned getNumParameters() const;
  StringRef getName(unsigned parameter) const;

  /// The legal schedules that differ from `schedule` in one parameter, and in
  /// what has to follow it.
  SmallVector<ScheduleAttr> vary(ScheduleAttr schedule,
                                 unsigned parameter) const;

  /// `schedule` with a parameter as `other` has it; null where that is none of
  /// the space.
  ScheduleAttr combine(ScheduleAttr schedule, ScheduleAttr other,
                       unsigned parameter) const;

  /// Whether the op can have the schedule, and it is worth a try.
  bool contains(ScheduleAttr schedule) const;

  /// The same schedule without what makes no difference for this op; null for
  /// one that is no schedule.
  ScheduleAttr normalize(ScheduleChoice choice) const;

  /// Whether the op can carry the schedule; its message otherwise.
  LogicalResult verify(ScheduleAttr schedule, std::string &message) const;

private:
  DestinationStyleOpInterface op;
  ScheduleAttr start;
};

} // namespace mlir::bev

#endif // BEV_DIALECT_BEV_TRANSFORMS_SCHEDULESPACE_H
