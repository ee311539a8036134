// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The schedules of pools.

#include "ScheduleChoice.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev;

/// Points of a pool that one work item sums on end: their reads take about as
/// long as what comes before and after them.
static constexpr int64_t kRowPoints = 16;

/// A pool on the CPU: a point is not there or all there. Vectors of a power of
/// two, where the channels have such parts: others take ten times as long,
/// since the sum is carried around a loop with a branch.
ScheduleAttr mlir::bev::selectPoolForCPU(MLIRContext *context, int64_t channels,
                                         int64_t vectorBytes) {
  ScheduleChoice choice;
  constexpr int64_t kFewLanes = 4, kManyLanes = 64;
  int64_t power = std::min(channels & -channels, kManyLanes);
  choice.lanes = power >= kFewLanes
                     ? power
                     : selectForCPU(context, channels, vectorBytes).getLanes();
  choice.guard = Guard::skip;
  choice.points = kRowPoints;
  return choice.get(context);
}

/// A pool on the GPU: accesses of 16 bytes, and blocks whose threads share the
/// points of as many rows as they would each have one of. Cells near the
/// cameras have many times the points of others: a row of its own for each
/// group of threads would let the longest set the time.
ScheduleAttr mlir::bev::selectPoolForGPU(MLIRContext *context,
                                         ShapedType type) {
  constexpr int64_t kAccessBytes = 16;
  /// Rows of a block, and the threads that are worth the reductions.
  constexpr int64_t kRows = 16;
  constexpr int64_t kThreads = 512;
  int64_t channels = type.getShape().back();
  ScheduleChoice choice;
  choice.points = kRowPoints;
  choice.lanes = kAccessBytes * 8 / type.getElementTypeBitWidth();
  while (channels % choice.lanes != 0)
    choice.lanes /= 2;
  int64_t items = channels / choice.lanes;
  int64_t rows = std::min(kRows, kThreads / items);
  if (rows < 2) {
    choice.threads = 128;
    return choice.get(context);
  }
  choice.rows = rows;
  // A large grid has blocks enough to share the work, and more features than
  // stay near: let a block's cells be neighbours that have points of the same.
  constexpr int64_t kManyRows = 1 << 15;
  constexpr int64_t kPatch = 4;
  if (type.getRank() >= 3 && type.hasStaticShape() &&
      type.getNumElements() / channels >= kManyRows &&
      rows % (kPatch * kPatch) == 0)
    choice.patch = kPatch;
  choice.threads = llvm::alignTo(rows * items, 32);
  // Left alone, the compiler of the device code takes few registers and reads
  // one row after the other: ask for those that hold four rows at once.
  constexpr int64_t kAllRegisters = 65536;
  int64_t registers = choice.lanes > 4 ? 80 : 64;
  choice.blocks = std::clamp<int64_t>(
      kAllRegisters / registers / choice.threads, 1, ScheduleAttr::kMaxBlocks);
  return choice.get(context);
}
