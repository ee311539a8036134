// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVSELECTSCHEDULEPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// Widest access of one GPU thread.
static constexpr int64_t kGPUBytes = 16;
/// Most channels that one CPU work item holds in registers as f32.
static constexpr int64_t kCPULanes = 64;

static int64_t selectLanes(int64_t channels, int64_t elementBytes, bool isGPU,
                           int64_t vectorBytes) {
  if (!isGPU) {
    // All channels share the sampling arithmetic; only what would not fit the
    // registers is split.
    int64_t limit = std::clamp(vectorBytes, kCPULanes, ScheduleAttr::kMaxLanes);
    for (int64_t lanes = std::min(channels, limit); lanes > 1; --lanes)
      if (channels % lanes == 0)
        return lanes;
    return 1;
  }
  int64_t lanes = kGPUBytes / elementBytes;
  while (channels % lanes != 0)
    lanes /= 2;
  return lanes;
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
      int64_t channels = type.getShape().back();
      int64_t bytes = type.getElementTypeBitWidth() / 8;
      setSchedule(op,
                  ScheduleAttr::get(&getContext(),
                                    selectLanes(channels, bytes,
                                                target == "gpu", vectorBytes),
                                    /*threads=*/256, Guard::predicate));
    });
  }
};

} // namespace
