// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "CostModel.h"
#include "ScheduleChoice.h"

#include "llvm/Support/MathExtras.h"

#include <limits>

using namespace mlir;
using namespace mlir::bev;

namespace {

/// The schedules among which the cost model decides: a few hundred.
class Candidates {
public:
  Candidates(MLIRContext *context, const AttentionWork &work, Type element,
             const CostModel &model)
      : context(context), work(work), isPacked(element.isF16()), model(model) {}

  ScheduleAttr getBest() {
    /// Widest and narrowest access of a thread.
    constexpr int64_t kMaxBytes = 16, kMinBytes = 8;
    for (int64_t bytes = kMaxBytes; bytes >= kMinBytes; bytes /= 2) {
      int64_t lanes = std::max<int64_t>(bytes / work.valueBytes, 1);
      while (work.channels % lanes != 0)
        lanes /= 2;
      tryLanes(lanes);
    }
    return best;
  }

private:
  /// Threads of a block, and bytes of shared memory for its records.
  static constexpr int64_t kThreads = 128, kWarp = 32, kSharedBytes = 40 << 10;

  bool hasRecords(int64_t lanes, int64_t threads) const {
    return work.getSharedBytes(work.channels / lanes, threads, isPacked) <=
           kSharedBytes;
  }

  /// Whether the channels of a row can be those of a team.
  bool canShare(int64_t lanes) const {
    const int64_t team = work.channels / lanes;
    return team > 1 && team <= ScheduleAttr::kMaxTeam &&
           llvm::isPowerOf2_64(team) && hasRecords(lanes, kWarp);
  }

  void tryLanes(int64_t lanes) {
    ScheduleChoice choice;
    choice.lanes = lanes;
    choice.threads = kThreads;
    choice.packed = isPacked;
    // Teams find out whether samples lie in the map before they read any.
    const bool shares = canShare(lanes);
    if (shares) {
      // Records of many samples leave room for smaller blocks only.
      while (!hasRecords(lanes, choice.threads))
        choice.threads /= 2;
      choice.share = true;
      choice.guard = Guard::speculate;
      tryHeads(choice);
    }
    // Without branches the code reads all samples before it uses any, as far
    // as registers go; of more samples than this, or of several cameras, it
    // spills what it has read.
    constexpr int64_t kMaxUnguarded = 8;
    const bool canKeepAll = work.samples <= kMaxUnguarded && work.cameras <= 1;
    if (shares && !canKeepAll)
      return;
    choice.share = false;
    choice.threads = kThreads;
    choice.guard = canKeepAll ? Guard::predicate : Guard::skip;
    tryHeads(choice);
  }

  /// As many heads as fill a line and more of them.
  void tryHeads(ScheduleChoice choice) {
    // Where hardly any two samples read the same row, no neighbour of the same
    // head has read what one needs; the heads of a query begin together.
    if (model.readsLittle())
      return tryStrips(choice);
    constexpr int64_t kLineBytes = 128;
    const int64_t rowBytes = work.channels * work.valueBytes;
    int64_t previous = 0;
    const int64_t least =
        work.isHeadMajor ? 1 : std::max<int64_t>(kLineBytes / rowBytes, 1);
    for (int64_t heads = least; previous < work.heads; heads *= 2) {
      int64_t divisor = largestDivisor(work.heads, heads);
      if (divisor == previous)
        continue;
      previous = divisor;
      choice.heads = divisor == work.heads ? 0 : divisor;
      tryStrips(choice);
    }
  }

  void tryStrips(ScheduleChoice choice) {
    tryTogether(choice);
    choice.width = work.getQueryGridWidth();
    if (choice.width == 0)
      return;
    for (int64_t strip : {4, 2}) {
      choice.strip = strip;
      tryTogether(choice);
    }
  }

  void tryTogether(ScheduleChoice choice) {
    tryBlocks(choice);
    constexpr int64_t kMostTogether = 4;
    const int64_t most = model.isNarrow(choice)             ? kMostTogether
                         : choice.share && work.samples > 1 ? 2
                                                            : 1;
    for (choice.together = 2; choice.together <= most; choice.together *= 2)
      tryBlocks(choice);
  }

  void tryBlocks(ScheduleChoice choice) {
    if (!canShare(choice.lanes)) {
      // What a thread of many samples computes takes registers that depend on
      // far more than those.
      choice.blocks = 0;
      return tryOne(choice);
    }
    // Where rows are lines, larger blocks hide what teams compute before they
    // read, unless registers hold little else. Their queries are a square of
    // strips twice as high.
    constexpr int64_t kSingleBytes = 4, kMaxSamples = 16;
    ScheduleChoice large = choice;
    large.threads = 2 * kThreads;
    large.strip = 2 * choice.strip;
    const bool canBeLarge =
        choice.share && choice.strip > 1 && work.valueBytes == kSingleBytes &&
        work.samples <= kMaxSamples && hasRecords(large.lanes, large.threads);
    // Of several cameras, some queries have more than others: the warps of a
    // block wait for each other. What shares lines where the rows of a head are
    // side by side is in one warp.
    ScheduleChoice small = choice;
    small.threads = work.isHeadMajor ? kWarp : kThreads / 2;
    small.strip = std::max<int64_t>(choice.strip / 2, 1);
    const bool canBeSmall =
        model.isNarrow(choice) && work.cameras > 1 && choice.strip > 1;
    // Teams' code takes all the registers that fewer blocks leave, and then no
    // more of them fit, either.
    constexpr int64_t kLeastShared = 5;
    for (int64_t blocks : {4, 5, 6, 7, 8, 9, 10, 12, 16}) {
      if (choice.share && blocks < kLeastShared)
        continue;
      choice.blocks = blocks * (kThreads / choice.threads);
      tryFitting(choice);
      large.blocks = blocks / 2;
      if (canBeLarge && blocks % 2 == 0)
        tryFitting(large);
      small.blocks = blocks * (kThreads / small.threads);
      if (canBeSmall && model.hasManyWaves(small))
        tryFitting(small);
    }
  }

  void tryFitting(const ScheduleChoice &choice) {
    if (choice.blocks <= ScheduleAttr::kMaxBlocks && model.fits(choice))
      tryOne(choice);
  }

  void tryOne(const ScheduleChoice &choice) {
    /// Of schedules that look alike, the one that leaves the compiler of the
    /// device code more registers.
    constexpr double kTightness = 1e-3;
    double time =
        model.estimate(choice) *
        (1 + kTightness * double(choice.blocks * choice.threads) / kThreads);
    if (time >= least)
      return;
    ScheduleChoice whole = choice;
    whole.prefetch = model.getPrefetch(choice);
    if (ScheduleAttr schedule = whole.get(context)) {
      least = time;
      best = schedule;
    }
  }

  MLIRContext *context;
  const AttentionWork &work;
  bool isPacked;
  const CostModel &model;
  double least = std::numeric_limits<double>::infinity();
  ScheduleAttr best;
};

} // namespace

ScheduleAttr mlir::bev::selectAttentionForGPU(MLIRContext *context,
                                              const AttentionWork &work,
                                              Type element, StringRef chip) {
  CostModel model(work, Machine::of(chip));
  return Candidates(context, work, element, model).getBest();
}
