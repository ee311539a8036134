// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "AttentionWork.h"
#include "ScheduleChoice.h"

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Backward.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"
#include "bev/Dialect/BEV/Transforms/ScheduleFile.h"

#include "llvm/Support/MathExtras.h"

#include <memory>

namespace mlir::bev {
#define GEN_PASS_DEF_BEVSELECTSCHEDULEPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// Most channels that one CPU work item holds in registers as f32.
static constexpr int64_t kCPULanes = 64;

int64_t mlir::bev::largestDivisor(int64_t channels, int64_t limit) {
  for (int64_t lanes = std::min(channels, limit); lanes > 1; --lanes)
    if (channels % lanes == 0)
      return lanes;
  return 1;
}

ScheduleAttr mlir::bev::selectForCPU(MLIRContext *context, int64_t channels,
                                     int64_t vectorBytes) {
  int64_t limit = std::clamp(vectorBytes, kCPULanes, ScheduleAttr::kMaxLanes);
  // Several registers that are not full, and no power of two, go through memory
  // at every branch: two to ten times the time of more, smaller parts.
  int64_t power =
      std::min<int64_t>(channels & -channels, llvm::bit_floor<uint64_t>(limit));
  int64_t inRegister =
      largestDivisor(channels, vectorBytes / int64_t(sizeof(float)));
  ScheduleChoice choice;
  choice.lanes = std::max(power, inRegister);
  return choice.get(context);
}

/// What the measurements of benchmarks/gpu say, on a GPU of 132
/// multiprocessors; docs/lowering.md has the reasons.
static ScheduleAttr selectForGPU(MLIRContext *context,
                                 DestinationStyleOpInterface op,
                                 ShapedType type) {
  /// Widest access of one instruction, and what the first-level cache gives at
  /// once.
  constexpr int64_t kAccessBytes = 16, kLineBytes = 128;
  constexpr int64_t kMultiprocessors = 132;
  /// Threads with the widest accesses that fill all multiprocessors; of which
  /// half precision should have half before accesses get that wide, and a
  /// quarter before they get half as wide.
  constexpr int64_t kFullThreads = kMultiprocessors * 2048;
  /// Maps of which the first-level cache holds so much that it does not matter
  /// who reads what.
  constexpr int64_t kSmallMapBytes = 512 << 10;
  /// Blocks whose threads have registers for all neighbours of a sample.
  constexpr int64_t kSharingBlocks = 8, kWarp = 32;
  /// Shared memory for the records of a block.
  constexpr int64_t kSharedBytes = 40 << 10;
  constexpr int64_t kStrip = 4;
  /// Samples whose reads may all be under way at once.
  constexpr int64_t kFewSamples = 4;
  /// And those for whose reads kSharingBlocks leaves registers.
  constexpr int64_t kSomeSamples = 8;

  ScheduleChoice choice;
  choice.threads = 128;
  choice.guard = Guard::skip;
  const int64_t channels = type.getShape().back();
  const int64_t elementBytes = type.getElementTypeBitWidth() / 8;
  const bool isHalf = elementBytes < 4;
  int64_t bytes = kAccessBytes;
  // A size that is not known counts as large.
  const int64_t threads =
      type.hasStaticShape()
          ? type.getNumElements() * elementBytes / kAccessBytes
          : kFullThreads;
  if (isHalf && threads < kFullThreads / 2)
    bytes /= threads < kFullThreads / 4 ? 4 : 2;
  choice.lanes = bytes / elementBytes;
  while (channels % choice.lanes != 0)
    choice.lanes /= 2;

  std::optional<AttentionWork> work = AttentionWork::of(op);
  if (!work)
    return choice.get(context);
  // A branch per sample keeps the reads of later samples, and their registers,
  // behind those of this one. Few threads, or few samples that lie in the map,
  // are better off with all reads under way.
  const bool isSmall = threads < kFullThreads;
  const bool isShort = work->samples <= kFewSamples;
  if (isSmall ? isHalf || work->samples <= kSomeSamples
              : isHalf && isShort && work->isInside)
    choice.guard = Guard::predicate;
  choice.packed = type.getElementType().isF16();
  const int64_t team = channels / choice.lanes;
  choice.share =
      team > 1 && llvm::isPowerOf2_64(team) && team <= ScheduleAttr::kMaxTeam;
  // Records of many samples leave room for smaller blocks only.
  int64_t divisor = 1;
  auto fits = [&] {
    return work->getSharedBytes(team, choice.threads / divisor,
                                choice.packed) <= kSharedBytes;
  };
  while (choice.share && !fits() && choice.threads / divisor > kWarp)
    divisor *= 2;
  if (choice.share && fits())
    choice.threads /= divisor;
  else
    choice.share = false;
  // Registers for all neighbours of a sample; where half precision has few
  // threads, or all have few samples, more threads are worth more.
  if (choice.share && (isSmall ? !isHalf : !isShort))
    choice.blocks = kSharingBlocks * divisor;

  // Neighbouring queries of one head read neighbouring cells, mostly the same
  // lines; with as many heads as fill a line, no two of a warp's accesses want
  // the same banks.
  const int64_t rowBytes = channels * elementBytes;
  const int64_t heads = type.getShape()[2];
  const int64_t positions = work->positions;
  if (ShapedType::isDynamic(positions) ||
      positions * heads * rowBytes > kSmallMapBytes)
    choice.heads =
        largestDivisor(heads, std::max<int64_t>(kLineBytes / rowBytes, 1));
  if (choice.heads > 1) {
    choice.width = work->getQueryGridWidth();
    choice.strip = choice.width > 0 ? kStrip : 1;
  }
  return choice.get(context);
}

namespace {

struct SelectSchedulePass
    : bev::impl::BEVSelectSchedulePassBase<SelectSchedulePass> {
  using Base::Base;

  LogicalResult initialize(MLIRContext *context) override {
    if (target != "gpu" && target != "cpu")
      return emitError(UnknownLoc::get(context))
             << "expected target gpu or cpu, but got '" << target << "'";
    file.reset();
    if (scheduleFile.empty())
      return success();
    FailureOr<ScheduleFile> read = ScheduleFile::read(scheduleFile, context);
    if (failed(read))
      return failure();
    file = std::make_shared<ScheduleFile>(std::move(*read));
    return success();
  }

  void runOnOperation() override {
    WalkResult result =
        getOperation()->walk([&](DestinationStyleOpInterface op) {
          if (!(hasChannels(op) || isBackward(op)) || getSchedule(op))
            return WalkResult::advance();
          FailureOr<bool> isInFile = selectFromFile(op);
          if (failed(isInFile))
            return WalkResult::interrupt();
          if (!*isInFile)
            select(op);
          return WalkResult::advance();
        });
    if (result.wasInterrupted())
      signalPassFailure();
  }

private:
  /// Gives the op what the file has for it; false where that is nothing.
  FailureOr<bool> selectFromFile(DestinationStyleOpInterface op) {
    if (!file)
      return false;
    const ScheduleFile::Entry *entry =
        file->lookUp(getScheduleKey(op, target == "cpu" ? target : chip));
    if (!entry)
      return false;
    std::string message;
    ScheduleSpace space(op, entry->schedule);
    if (failed(space.verify(entry->schedule, message))) {
      emitError(file->getLoc(*entry, &getContext()))
          << "expected a schedule that fits '" << op->getName()
          << "', but got '" << formatSchedule(entry->schedule)
          << "': " << message;
      return failure();
    }
    setSchedule(op, entry->schedule);
    return true;
  }

  void select(DestinationStyleOpInterface op) {
    auto type = cast<ShapedType>(op.getDpsInitOperand(0)->get().getType());
    MLIRContext *context = &getContext();
    if (target == "gpu" && isBackward(op))
      return setSchedule(op, selectBackwardForGPU(context, op));
    const int64_t channels = type.getShape().back();
    const bool isPool = isa<IntervalPoolOp>(*op);
    if (target == "gpu")
      return setSchedule(op, isPool ? selectPoolForGPU(context, type)
                                    : selectForGPU(context, op, type));
    setSchedule(op, isPool ? selectPoolForCPU(context, channels, vectorBytes)
                           : selectForCPU(context, channels, vectorBytes));
  }

  /// Shared by the clones of the pass.
  std::shared_ptr<const ScheduleFile> file;
};

} // namespace
