// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The schedules of gradients.

#include "ScheduleChoice.h"

#include "bev/Dialect/BEV/IR/Backward.h"

using namespace mlir;
using namespace mlir::bev;

/// Accesses of 16 bytes of the sums, which are f32, in teams that fit a warp.
/// Samples are sorted by cell where there are about as many as cells or more:
/// what then shares a cell is added up before it goes to memory.
ScheduleAttr mlir::bev::selectBackwardForGPU(MLIRContext *context,
                                             Operation *op) {
  BackwardOperands all = getBackwardOperands(op);
  ScheduleChoice choice;
  choice.threads = 128;
  choice.lanes = 4;
  while (all.channels % choice.lanes != 0)
    choice.lanes /= 2;
  while (all.channels / choice.lanes > ScheduleAttr::kMaxTeam) {
    int64_t wider = choice.lanes + 1;
    while (all.channels % wider != 0)
      ++wider;
    choice.lanes = wider;
  }
  choice.share = true;
  choice.points = 16;
  auto offsets = cast<ShapedType>(all.offsets.getType());
  auto value = cast<ShapedType>(all.value.getType());
  const int64_t queries = offsets.getDimSize(1), cells = value.getDimSize(1);
  if (ShapedType::isDynamic(queries) || ShapedType::isDynamic(cells))
    return choice.get(context);
  // Per head and batch row.
  const int64_t samples = queries * all.numLevels * all.points;
  constexpr int64_t kFewSamplesPerCell = 2;
  choice.share = samples * kFewSamplesPerCell >= cells;
  return choice.get(context);
}
