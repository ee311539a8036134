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
    constexpr int64_t kMaxBytes = 16, kMinBytes = 4;
    for (int64_t bytes = kMaxBytes; bytes >= kMinBytes; bytes /= 2) {
      int64_t lanes = std::max<int64_t>(bytes / work.valueBytes, 1);
      while (work.channels % lanes != 0)
        lanes /= 2;
      tryLanes(lanes);
    }
    return best;
  }

private:
  void tryLanes(int64_t lanes) {
    constexpr int64_t kThreads = 128, kWarp = 32;
    /// Shared memory for the records of a block.
    constexpr int64_t kSharedBytes = 40 << 10;
    ScheduleChoice choice;
    choice.lanes = lanes;
    choice.threads = kThreads;
    choice.packed = isPacked;
    const int64_t team = work.channels / lanes;
    if (team > 1 && team <= ScheduleAttr::kMaxTeam &&
        llvm::isPowerOf2_64(team)) {
      // Records of many samples leave room for smaller blocks only.
      auto fits = [&] {
        return work.getSharedBytes(team, choice.threads) <= kSharedBytes;
      };
      while (!fits() && choice.threads > kWarp)
        choice.threads /= 2;
      choice.share = fits();
    }
    canShare = choice.share;
    if (canShare)
      tryHeads(choice, kThreads / choice.threads);
    choice.share = false;
    choice.threads = kThreads;
    tryHeads(choice, 1);
  }

  /// As many heads as fill a line and more of them; `parts` blocks have the
  /// registers of one of the usual size.
  void tryHeads(ScheduleChoice choice, int64_t parts) {
    constexpr int64_t kLineBytes = 128;
    const int64_t rowBytes = work.channels * work.valueBytes;
    int64_t previous = 0;
    for (int64_t heads = std::max<int64_t>(kLineBytes / rowBytes, 1);
         previous < work.heads; heads *= 2) {
      int64_t divisor = largestDivisor(work.heads, heads);
      if (divisor == previous)
        continue;
      previous = divisor;
      choice.heads = divisor == work.heads ? 0 : divisor;
      tryStrips(choice, parts);
    }
  }

  void tryStrips(ScheduleChoice choice, int64_t parts) {
    constexpr int64_t kStrip = 4;
    tryGuards(choice, parts);
    choice.width = work.getQueryGridWidth();
    choice.strip = kStrip;
    if (choice.width > 0)
      tryGuards(choice, parts);
  }

  void tryGuards(ScheduleChoice choice, int64_t parts) {
    /// Without branches the code reads all samples before it uses any, as far
    /// as registers go; of more samples than this it spills what it has read.
    constexpr int64_t kMaxUnguarded = 8;
    // So does a loop over cameras.
    const bool canKeepAll = work.cameras <= 1;
    if (work.samples <= kMaxUnguarded && canKeepAll) {
      choice.guard = Guard::predicate;
      tryBlocks(choice, parts);
    }
    // Behind a branch, the arithmetic of a sample waits for that of the last.
    if (!choice.share && canShare)
      return;
    choice.guard = Guard::skip;
    const bool few = work.samples <= kMaxUnguarded;
    // Few samples that wait for each other in each camera take time that more
    // blocks do not fill.
    const bool canJoin = choice.share && work.samples > 1;
    const int64_t least = few && canJoin && work.cameras > 1 ? 2 : 1;
    for (int64_t together = least; together <= (few ? 4 : 2); together *= 2) {
      if (together > 1 && (!canJoin || together > work.samples))
        break;
      choice.together = together;
      tryBlocks(choice, parts);
    }
  }

  void tryBlocks(ScheduleChoice choice, int64_t parts) {
    if (!canShare) {
      // What a thread of many samples computes takes registers that depend on
      // far more than those.
      choice.blocks = 0;
      return tryOne(choice);
    }
    for (int64_t blocks : {5, 6, 7, 8, 9, 10, 12, 16}) {
      choice.blocks = blocks * parts;
      if (choice.blocks <= ScheduleAttr::kMaxBlocks &&
          model.fitsRegisters(choice))
        tryOne(choice);
    }
  }

  void tryOne(const ScheduleChoice &choice) {
    /// Of schedules that look alike, the one that leaves the compiler of the
    /// device code more registers.
    constexpr double kTightness = 1e-3;
    double time =
        model.estimate(choice) *
        (1 + kTightness * double(choice.blocks * choice.threads) / 128);
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
  /// Whether the channels of a row can be those of a team.
  bool canShare = false;
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
