// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The schedules of pools.

#include "CostModel.h"
#include "ScheduleChoice.h"

#include "bev/Dialect/BEV/IR/BEV.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev;

/// Points of a pool that one work item sums on end: their reads take about as
/// long as what comes before and after them.
static constexpr int64_t kRowPoints = 16;

/// Sums of pieces of few points need shared memory, of which this is much.
static constexpr int64_t kMuchShared = 128 << 10;

/// Bytes of an operand, those of the first `size` of its elements where it is
/// not known how many it has.
static std::optional<int64_t> getBytes(Value operand,
                                       std::optional<int64_t> size = {}) {
  auto type = cast<ShapedType>(operand.getType());
  if (type.hasStaticShape())
    size = type.getNumElements();
  if (!size)
    return std::nullopt;
  return *size * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

/// What blocks of a pool prefetch. The time of few blocks is that of a chain of
/// reads, each of what the one before says: where the second level holds all
/// operands with room to spare, all are brought there at once.
static Prefetch getPrefetch(IntervalPoolOp op, const Machine &machine,
                            bool isMany) {
  if (!machine.bulkPrefetch || isMany)
    return Prefetch::none;
  SmallVector<std::optional<int64_t>> sizes = {getBytes(op.getFeat()),
                                               getBytes(op.getBounds())};
  if (Value depth = op.getDepth()) {
    // Mostly, no more points than there are depths.
    auto type = cast<ShapedType>(depth.getType());
    std::optional<int64_t> points;
    if (type.hasStaticShape())
      points = type.getNumElements();
    sizes.append({getBytes(depth), getBytes(op.getRanksFeat(), points),
                  getBytes(op.getRanksDepth(), points)});
  }
  int64_t bytes = 0;
  for (std::optional<int64_t> size : sizes) {
    if (!size)
      return Prefetch::none;
    bytes += *size;
  }
  return bytes <= machine.cachedBytes / 2 ? Prefetch::all : Prefetch::none;
}

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

/// A pool on the GPU: accesses of 16 bytes, as many for a work item as let the
/// items of one row, or of several, use most lanes of a warp; and blocks whose
/// warps share the points of several rows. Cells near the cameras have many
/// times the points of others: a row of its own for each work item would let
/// the longest set the time.
ScheduleAttr mlir::bev::selectPoolForGPU(IntervalPoolOp op, StringRef chip) {
  MLIRContext *context = op.getContext();
  auto type = cast<ShapedType>(op.getInit().getType());
  constexpr int64_t kAccessBytes = 16, kMaxLanes = 32;
  constexpr int64_t kWarp = ScheduleAttr::kMaxTeam;
  int64_t channels = type.getShape().back();
  ScheduleChoice choice;
  choice.lanes = kAccessBytes * 8 / type.getElementTypeBitWidth();
  while (channels % choice.lanes != 0)
    choice.lanes /= 2;
  int64_t most = 0;
  for (int64_t lanes = choice.lanes;
       lanes <= kMaxLanes && channels % lanes == 0; lanes *= 2) {
    int64_t items = channels / lanes, used = kWarp / items * items;
    if (used > most) {
      choice.lanes = lanes;
      most = used;
    }
  }
  if (most == 0 || channels > ScheduleAttr::kMaxPooledChannels) {
    choice.threads = 128;
    return choice.get(context);
  }
  choice.rows = 32;
  const Machine &machine = Machine::of(chip);
  constexpr int64_t kTeam = 8;
  const int64_t items = channels / choice.lanes;
  const bool isLifted = !op.getRanksFeat();
  const int64_t team =
      isLifted ? most : llvm::alignTo(std::min(kTeam, most), items);
  // Registers for the rows that a thread reads at once, and no more: before
  // 9.0, which is when bulk prefetches came, the compiler of device code needs
  // more of them for the same rows, and many more for f16.
  const bool isNew = machine.bulkPrefetch;
  const bool isHalf = type.getElementTypeBitWidth() == 16;
  // Where there are many blocks to fill the device, smaller ones: the warps of
  // a block wait for its last.
  constexpr int64_t kSmall = 128, kLarge = 256, kWaves = 2, kFew = 768;
  type = type.clone(type.getShape().drop_back());
  const int64_t blocks =
      type.hasStaticShape() ? type.getNumElements() / choice.rows : 0;
  const bool isMany =
      blocks / (kFew / kSmall) >= kWaves * machine.multiprocessors;
  choice.threads = isMany ? kSmall : kLarge;
  // Pieces of one batch of a team divide the points of few blocks best; of
  // many, those of several batches cost less. A batch of points that lie side
  // by side is a whole warp's.
  const bool isLong = isMany || machine.sharedBytes < kMuchShared;
  choice.points = isLong && !isLifted ? kWarp : team;
  // Pieces of several points of a lane have more ranks in registers.
  const int64_t ofPieces = choice.points > team ? 896 : 1024;
  const int64_t threads = isNew && !(isLifted && isMany) ? ofPieces : kFew;
  choice.blocks = threads / choice.threads;
  if (isNew && (isLifted || !isMany))
    choice.together = isHalf && isLifted ? 10 : 5;
  else if (!isNew && isHalf)
    choice.together = 2;
  choice.prefetch = getPrefetch(op, machine, isMany);
  return choice.get(context);
}
