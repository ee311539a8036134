// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVSELECTSCHEDULEPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// Most channels that one CPU work item holds in registers as f32.
static constexpr int64_t kCPULanes = 64;

/// Points of a pool that one work item sums on end: their reads take about as
/// long as what comes before and after them.
static constexpr int64_t kRowPoints = 16;

/// The largest divisor of `channels` up to `limit`.
static int64_t largestDivisor(int64_t channels, int64_t limit) {
  for (int64_t lanes = std::min(channels, limit); lanes > 1; --lanes)
    if (channels % lanes == 0)
      return lanes;
  return 1;
}

/// All channels share the sampling arithmetic; only what would not fit the
/// registers is split.
static ScheduleAttr selectForCPU(MLIRContext *context, int64_t channels,
                                 int64_t vectorBytes) {
  int64_t limit = std::clamp(vectorBytes, kCPULanes, ScheduleAttr::kMaxLanes);
  return ScheduleAttr::get(context, largestDivisor(channels, limit),
                           /*threads=*/256, Guard::predicate, /*blocks=*/0,
                           /*pieces=*/1, /*rows=*/0, kRowPoints);
}

/// A pool on the CPU: a point is not there or all there. Vectors of a power of
/// two, where the channels have such parts: others take ten times as long,
/// since the sum is carried around a loop with a branch.
static ScheduleAttr selectPoolForCPU(MLIRContext *context, int64_t channels,
                                     int64_t vectorBytes) {
  constexpr int64_t kFewLanes = 4;
  int64_t power = std::min(channels & -channels, kCPULanes);
  int64_t lanes = power >= kFewLanes
                      ? power
                      : selectForCPU(context, channels, vectorBytes).getLanes();
  return ScheduleAttr::get(context, lanes, /*threads=*/256, Guard::skip,
                           /*blocks=*/0, /*pieces=*/1, /*rows=*/0, kRowPoints);
}

/// A pool on the GPU: accesses of 16 bytes, and blocks whose threads share the
/// points of as many rows as they would each have one of. Cells near the
/// cameras have many times the points of others: a row of its own for each
/// group of threads would let the longest set the time.
static ScheduleAttr selectPoolForGPU(MLIRContext *context, ShapedType type) {
  constexpr int64_t kAccessBytes = 16;
  /// Rows of a block, and the threads that are worth the reductions.
  constexpr int64_t kRows = 16;
  constexpr int64_t kThreads = 512;
  int64_t channels = type.getShape().back();
  int64_t lanes = kAccessBytes * 8 / type.getElementTypeBitWidth();
  while (channels % lanes != 0)
    lanes /= 2;
  int64_t items = channels / lanes;
  int64_t rows = std::min(kRows, kThreads / items);
  if (rows < 2)
    return ScheduleAttr::get(context, lanes, /*threads=*/128, Guard::predicate,
                             /*blocks=*/0, /*pieces=*/1, /*rows=*/0,
                             kRowPoints);
  int64_t threads = llvm::alignTo(rows * items, 32);
  // Left alone, the compiler of the device code takes few registers and reads
  // one row after the other: ask for those that hold four rows at once.
  constexpr int64_t kAllRegisters = 65536;
  int64_t registers = lanes > 4 ? 80 : 64;
  int64_t blocks = std::clamp<int64_t>(kAllRegisters / registers / threads, 1,
                                       ScheduleAttr::kMaxBlocks);
  return ScheduleAttr::get(context, lanes, threads, Guard::predicate, blocks,
                           /*pieces=*/1, rows, kRowPoints);
}

/// Points that one query samples per head and camera or frame; 0 for ops that
/// are no attention.
static int64_t getNumPoints(Operation *op) {
  return llvm::TypeSwitch<Operation *, int64_t>(op)
      .Case([](MSDeformAttnOp attention) {
        auto weights = cast<ShapedType>(attention.getWeights().getType());
        return weights.getDimSize(3) * weights.getDimSize(4);
      })
      .Case<DeformableAttentionOp, SpatialCrossAttentionOp,
            TemporalSelfAttentionOp>([](auto attention) {
        return cast<ShapedType>(attention.getLogits().getType())
            .getShape()
            .back();
      })
      .Default([](Operation *) { return 0; });
}

/// What the measurements of benchmarks/gpu say, on a GPU of 132
/// multiprocessors; docs/lowering.md has the reasons.
static ScheduleAttr selectForGPU(MLIRContext *context,
                                 DestinationStyleOpInterface op,
                                 ShapedType type) {
  /// Widest access of one instruction.
  constexpr int64_t kAccessBytes = 16;
  /// Narrowest access that does not waste one.
  constexpr int64_t kNarrowBytes = 4;
  /// What stays in the L2 cache beside everything else.
  constexpr int64_t kCachedBytes = 32 << 20;
  /// Many points: their arithmetic costs more than the accesses.
  constexpr int64_t kManyPoints = 8;
  constexpr int64_t kMultiprocessors = 132;
  /// Fewer threads than this leave multiprocessors idle.
  constexpr int64_t kEnoughThreads = kMultiprocessors * 512;
  constexpr int64_t kThreads = 128;
  /// Blocks of a multiprocessor whose threads have 64 registers each.
  constexpr int64_t kWaveBlocks = 8;
  /// Points of a query that 64 registers are enough for.
  constexpr int64_t kFewPoints = 8;
  /// Points of a query whose reads are what counts, and the blocks whose
  /// threads have registers for all four corners of a sample at once.
  constexpr int64_t kShortPoints = 4;
  constexpr int64_t kShortBlocks = 10;
  /// The same for f32 in a grid of many rounds, which is better off with more
  /// threads.
  constexpr int64_t kLongGridBlocks = 12;
  constexpr int64_t kManyRounds = 4;

  int64_t channels = type.getShape().back();
  int64_t elementBytes = type.getElementTypeBitWidth() / 8;
  bool isHalf = elementBytes < 4;
  auto value = cast<ShapedType>(op->getOperand(0).getType());
  bool isCached = value.hasStaticShape() &&
                  value.getNumElements() * elementBytes <= kCachedBytes;

  // Half-precision values convert one by one, which is most of the work: one
  // access. Others share the sampling arithmetic among twice the channels,
  // unless the accesses, then less dense, are what counts.
  int64_t points = getNumPoints(op);
  bool isShort = points > 0 && points <= kShortPoints;
  int64_t bytes = kAccessBytes;
  if (!isHalf && !isShort && (isCached || points >= kManyPoints))
    bytes *= 2;
  // Skipping samples outside pays where whole warps have them; references of a
  // level of its own lie inside, and half precision is then better off with
  // straight-line code.
  auto attention = dyn_cast<DeformableAttentionOp>(op.getOperation());
  Guard guard = isHalf && attention && attention.getNumLevels() > 1 &&
                        attention.getReferenceKind() != ReferenceKind::pillar
                    ? Guard::predicate
                    : Guard::skip;

  // What does not fill the GPU waits for memory: the narrowest accesses, and no
  // branches between them.
  bool isFew =
      type.hasStaticShape() &&
      type.getNumElements() * elementBytes / kAccessBytes < kEnoughThreads;
  if (isFew) {
    bytes = kNarrowBytes;
    guard = Guard::predicate;
  }
  int64_t lanes = bytes / elementBytes;
  while (channels % lanes != 0)
    lanes /= 2;

  // Left alone, a kernel of few registers reads corner by corner. Granted the
  // registers of so many blocks it issues the reads of a sample together. Where
  // more points need more registers, asking serves another end: blocks that
  // could all run at once must not have to wait for them; a larger grid then
  // asks for nothing.
  int64_t blocks = 0;
  if (points > 0 && !isFew) {
    // A size that is not known counts as one round.
    int64_t needed = type.hasStaticShape()
                         ? llvm::divideCeil(type.getNumElements() / lanes,
                                            kThreads * kMultiprocessors)
                         : kWaveBlocks + 1;
    if (isShort)
      blocks = !isHalf && needed > kManyRounds * kShortBlocks ? kLongGridBlocks
                                                              : kShortBlocks;
    else if (points <= kFewPoints && needed <= kWaveBlocks)
      blocks = needed;
  }
  return ScheduleAttr::get(context, lanes, kThreads, guard, blocks,
                           /*pieces=*/1, /*rows=*/0, kRowPoints);
}

namespace {

struct SelectSchedulePass
    : bev::impl::BEVSelectSchedulePassBase<SelectSchedulePass> {
  using Base::Base;

  LogicalResult initialize(MLIRContext *context) override {
    if (target == "gpu" || target == "cpu")
      return success();
    return emitError(UnknownLoc::get(context))
           << "expected target gpu or cpu, but got '" << target << "'";
  }

  void runOnOperation() override {
    getOperation()->walk([&](DestinationStyleOpInterface op) {
      if (!hasChannels(op) || getSchedule(op))
        return;
      auto type = cast<ShapedType>(op.getDpsInitOperand(0)->get().getType());
      if (isa<IntervalPoolOp>(op))
        return setSchedule(op, target == "gpu"
                                   ? selectPoolForGPU(&getContext(), type)
                                   : selectPoolForCPU(&getContext(),
                                                      type.getShape().back(),
                                                      vectorBytes));
      setSchedule(op, target == "gpu"
                          ? selectForGPU(&getContext(), op, type)
                          : selectForCPU(&getContext(), type.getShape().back(),
                                         vectorBytes));
    });
  }
};

} // namespace
