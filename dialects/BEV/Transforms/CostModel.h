// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How long an attention takes on a GPU with a schedule, as a formula.
// docs/cost-model.md has it in words, and where its constants come from.

#ifndef BEV_DIALECTS_BEV_TRANSFORMS_COSTMODEL_H
#define BEV_DIALECTS_BEV_TRANSFORMS_COSTMODEL_H

#include "AttentionWork.h"

#include "bev/Dialect/BEV/Transforms/ScheduleSpace.h"

namespace mlir::bev {

/// What the formula knows of a GPU. Rates are of one multiprocessor, except
/// that of the memory.
struct Machine {
  int64_t multiprocessors;
  /// Threads and shared memory that a multiprocessor holds.
  int64_t threads, sharedBytes;
  double gigahertz;
  /// Bytes that the first-level cache gives, and that come from the second
  /// level, in a cycle.
  double firstLevelBytes, secondLevelBytes;
  /// Terabytes a second of the memory.
  double memory;
  /// What the second-level cache keeps from one call to the next.
  int64_t cachedBytes;
  /// Whether one instruction prefetches any number of bytes.
  bool bulkPrefetch;

  /// A common GPU of the chip, such as "sm_90"; of another chip the nearest
  /// before it.
  static const Machine &of(StringRef chip);
};

class CostModel {
public:
  /// Registers of a multiprocessor.
  static constexpr int64_t kRegisters = 65536;

  /// Sizes that are not known count as large.
  CostModel(const AttentionWork &work, const Machine &machine);

  /// Whether a multiprocessor holds the blocks that the schedule asks for, and
  /// their threads have the registers that they cannot do without.
  bool fits(const ScheduleChoice &choice) const;

  /// Microseconds.
  double estimate(const ScheduleChoice &choice) const;

  /// Whether there is more of the value than samples read.
  bool readsLittle() const;

  /// Whether teams have records of several samples: see
  /// AttentionWork::getRecordSamples.
  bool isNarrow(const ScheduleChoice &choice) const;

  /// Whether there are so many blocks that small ones pay.
  bool hasManyWaves(const ScheduleChoice &choice) const;

  /// What blocks should prefetch with an otherwise chosen schedule.
  Prefetch getPrefetch(const ScheduleChoice &choice) const;

private:
  /// Whether teams read less than a thread can at a time, of rows that are
  /// parts of lines.
  bool hasPartialReads(const ScheduleChoice &choice) const;

  /// Of a thread.
  struct Registers {
    /// Those beside what is read, and those of the neighbours of a sample.
    double base, sample;
    /// Samples whose reads the code would like to have under way.
    double wanted;
    /// What the compiler of the device code may give at most, and gives.
    double limit, given;
  };
  Registers getRegisters(const ScheduleChoice &choice) const;
  /// Blocks that a multiprocessor holds.
  double getResidentBlocks(const ScheduleChoice &choice,
                           const Registers &registers) const;
  /// Instructions of a thread.
  double getInstructions(const ScheduleChoice &choice) const;
  /// Microseconds of throughput that a block takes of a multiprocessor.
  double getWork(const ScheduleChoice &choice) const;
  /// Microseconds that a block takes with a multiprocessor of its own.
  double getLatency(const ScheduleChoice &choice,
                    const Registers &registers) const;
  /// Blocks of the grid for each multiprocessor.
  double getBlocks(const ScheduleChoice &choice) const;
  /// Bytes of the value.
  double getValueBytes() const;
  /// Bytes of the operands that blocks go through in order.
  double getStreamedBytes() const;
  /// Microseconds of the memory.
  double getMemoryTime() const;
  /// Of the samples, those that the code reads.
  double getReadShare(const ScheduleChoice &choice) const;
  double getSeenCameras() const;
  bool isShared(const ScheduleChoice &choice) const;
  /// Whether samples are too many for the plans of all to be in registers.
  bool hasMany() const;

  AttentionWork work;
  const Machine &machine;
};

} // namespace mlir::bev

#endif // BEV_DIALECTS_BEV_TRANSFORMS_COSTMODEL_H
