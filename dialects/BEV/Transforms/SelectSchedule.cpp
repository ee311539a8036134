// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "AttentionWork.h"
#include "CostModel.h"
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

/// Ops other than attentions: where half precision has few threads, more of
/// them are worth more than wide accesses.
static ScheduleAttr selectSamplingForGPU(MLIRContext *context, ShapedType type,
                                         const Machine &machine) {
  /// Widest access of one instruction.
  constexpr int64_t kAccessBytes = 16;
  /// Threads with the widest accesses that fill all multiprocessors; of which
  /// half precision should have half before accesses get that wide, and a
  /// quarter before they get half as wide.
  const int64_t fullThreads = machine.multiprocessors * machine.threads;

  ScheduleChoice choice;
  choice.threads = 128;
  choice.guard = Guard::skip;
  const int64_t elementBytes = type.getElementTypeBitWidth() / 8;
  int64_t bytes = kAccessBytes;
  // A size that is not known counts as large.
  const int64_t threads =
      type.hasStaticShape()
          ? type.getNumElements() * elementBytes / kAccessBytes
          : fullThreads;
  if (elementBytes < 4 && threads < fullThreads / 2)
    bytes /= threads < fullThreads / 4 ? 4 : 2;
  choice.lanes = bytes / elementBytes;
  while (type.getShape().back() % choice.lanes != 0)
    choice.lanes /= 2;
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
    auto pool = dyn_cast<IntervalPoolOp>(*op);
    auto segments = dyn_cast<SegmentPoolOp>(*op);
    if (target == "gpu" && segments)
      return setSchedule(op, selectSegmentsForGPU(segments, chip));
    std::optional<AttentionWork> attention = AttentionWork::of(op);
    if (target == "gpu" && attention)
      return setSchedule(op,
                         selectAttentionForGPU(context, *attention,
                                               type.getElementType(), chip));
    if (target == "gpu")
      return setSchedule(
          op, pool ? selectPoolForGPU(pool, chip)
                   : selectSamplingForGPU(context, type, Machine::of(chip)));
    setSchedule(op, pool ? selectPoolForCPU(context, channels, vectorBytes)
                         : selectForCPU(context, channels, vectorBytes));
  }

  /// Shared by the clones of the pass.
  std::shared_ptr<const ScheduleFile> file;
};

} // namespace
