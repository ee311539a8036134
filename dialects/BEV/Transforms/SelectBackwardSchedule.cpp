// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The schedules of gradients.

#include "ScheduleChoice.h"

#include "bev/Dialect/BEV/IR/Backward.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev;

/// Fewer samples than that are added up sooner than they are sorted: sorting is
/// five kernels more, which take about 14 us on an H200, and saves 0.03 ns for
/// each sample.
static constexpr int64_t kSamplesWorthSorting = 1 << 19;
/// Where there are more cells, few share one.
static constexpr int64_t kFewSamplesPerCell = 2;
/// Four times the blocks that a large GPU runs at once; samples that a team
/// reads together.
static constexpr int64_t kBlocksWanted = 2048, kFewestPoints = 4;
/// Up to 128 registers, which are enough; ptxas takes some more or spills one.
/// Values in f16 need less where samples are sorted or few are read together.
static constexpr int64_t kBlocksAtOnce = 4, kBlocksOfHalves = 5;

/// Accesses of 16 bytes of the sums, which are f32, in teams that fit a warp.
/// Samples are sorted by cell where there are many, about as many as cells or
/// more: what then shares a cell is added up before it goes to memory.
/// Unsorted, teams are as many as it takes to fill a GPU.
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
  // Per head and batch row, and of the whole op, or what is known of it.
  const int64_t samples = queries * all.numLevels * all.points;
  int64_t allSamples = samples * all.heads;
  if (!offsets.isDynamicDim(0))
    allSamples *= offsets.getDimSize(0);
  choice.share = allSamples >= kSamplesWorthSorting &&
                 samples * kFewSamplesPerCell >= cells;
  const bool isHalf = value.getElementType().isF16();
  if (choice.share) {
    if (choice.lanes <= 4 && isHalf)
      choice.blocks = kBlocksOfHalves;
    return choice.get(context);
  }
  const int64_t teams =
      choice.threads /
      std::min<int64_t>(choice.threads,
                        llvm::PowerOf2Ceil(all.channels / choice.lanes));
  while (choice.points > kFewestPoints &&
         allSamples < kBlocksWanted * teams * choice.points)
    choice.points /= 2;
  if (choice.lanes <= 4)
    choice.blocks = isHalf && choice.points == kFewestPoints ? kBlocksOfHalves
                                                             : kBlocksAtOnce;
  return choice.get(context);
}
