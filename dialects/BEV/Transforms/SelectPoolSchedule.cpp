// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The schedules of pools.

#include "CostModel.h"
#include "ScheduleChoice.h"

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Pooling.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev;

/// Points of a pool that one work item sums on end: their reads take about as
/// long as what comes before and after them.
static constexpr int64_t kRowPoints = 16;

/// Sums of pieces of few points need shared memory, of which this is much.
static constexpr int64_t kMuchShared = 128 << 10;

/// Bytes of one access.
static constexpr int64_t kAccessBytes = 16;

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

/// Channels of `bytes` bytes, or as many as divide them.
static int64_t getLanesOf(int64_t bytes, ShapedType type) {
  int64_t lanes = bytes * 8 / type.getElementTypeBitWidth();
  while (type.getShape().back() % lanes != 0)
    lanes /= 2;
  return lanes;
}

/// What blocks of a pool prefetch, where the second level holds it with room to
/// spare. The time of few blocks is that of a chain of reads, each of what the
/// one before says: all operands are brought there at once. Many blocks ask for
/// most before the first have ended, and gain only from the features.
static Prefetch getPrefetch(IntervalPoolOp op, const Machine &machine,
                            bool isMany) {
  if (!machine.bulkPrefetch)
    return Prefetch::none;
  const int64_t room = machine.cachedBytes / 2;
  std::optional<int64_t> features = getBytes(op.getFeat());
  if (isMany)
    return features && *features <= room ? Prefetch::value : Prefetch::none;
  SmallVector<std::optional<int64_t>> sizes = {getBytes(op.getBounds())};
  // Rows without depths are sums: as many as there are, and those of before.
  if (!op.getRanksFeat() || op.getDepth())
    sizes.push_back(features);
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
  return bytes <= room ? Prefetch::all : Prefetch::none;
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
  type = type.clone(getElementTypeOrSelf(op.getFeat()));
  constexpr int64_t kMaxLanes = 32;
  constexpr int64_t kWarp = ScheduleAttr::kMaxTeam;
  int64_t channels = type.getShape().back();
  ScheduleChoice choice;
  choice.lanes = getLanesOf(kAccessBytes, type);
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
  // Where there are many blocks to fill the device, smaller ones: the warps of
  // a block wait for its last.
  constexpr int64_t kSmall = 128, kLarge = 256, kWaves = 2, kFew = 768;
  const int64_t twoAccesses = getLanesOf(2 * kAccessBytes, type);
  type = type.clone(type.getShape().drop_back());
  const int64_t blocks =
      type.hasStaticShape() ? type.getNumElements() / choice.rows : 0;
  const bool isMany =
      blocks / (kFew / kSmall) >= kWaves * machine.multiprocessors;
  choice.threads = isMany ? kSmall : kLarge;
  // Sums of segments are few: many rows have none, and most others one.
  if (isMany && !isLifted && !op.getDepth()) {
    constexpr int64_t kThreads = 192;
    ScheduleChoice separate;
    separate.lanes = twoAccesses;
    separate.threads = kThreads;
    separate.guard = Guard::skip;
    separate.prefetch = getPrefetch(op, machine, /*isMany=*/false);
    return separate.get(context);
  }
  // Pieces of few points divide the work of few blocks best; of many, those of
  // many cost less. A batch of points that lie side by side is a whole warp's.
  // A thread has registers for the rows that it reads at once, and no more:
  // before 9.0, which is when bulk prefetches came, the compiler of device code
  // needs more of them for the same rows, and many more for f16.
  const bool isNew = machine.bulkPrefetch;
  const bool isHalf = type.getElementTypeBitWidth() == 16;
  const bool isLong = isMany || machine.sharedBytes < kMuchShared;
  int64_t resident = kFew;
  choice.points = isLong && !isLifted ? kWarp : team;
  if (!isNew) {
    choice.together = isHalf ? 2 : 1;
  } else if (isLifted) {
    choice.together = isHalf ? 10 : 5;
    resident = isMany ? kFew : 1024;
  } else if (isLong) {
    choice.together = 4;
    resident = isHalf ? 896 : 640;
  } else {
    // Blocks that are all there at once wait for the longest: the same points
    // for each where it is known how many rows have. Then pieces may be longer.
    resident = 1024;
    choice.balance =
        op.getDepth() && isKnownTable(op.getBounds()) &&
        blocks <= resident / choice.threads * machine.multiprocessors;
    if (isHalf || choice.balance)
      choice.points = 2 * team;
    choice.together = isHalf ? 4 : choice.balance ? 2 : 5;
  }
  choice.blocks = resident / choice.threads;
  choice.prefetch = getPrefetch(op, machine, isMany);
  return choice.get(context);
}

/// A work item has a few channels of neighbouring segments: of more where there
/// are more of them, since each row of features is then read for more. Blocks
/// have what neighbouring columns of the image have at some depths, so that
/// they read whole sectors of depths.
ScheduleAttr mlir::bev::selectSegmentsForGPU(SegmentPoolOp op, StringRef chip) {
  constexpr int64_t kLanes = 4, kTeams = 16, kMaxThreads = 512;
  constexpr int64_t kFewRows = 2, kManyRows = 4, kSeparateThreads = 128;
  constexpr int64_t kFewPoints = 16, kManyPoints = 32;
  const Machine &machine = Machine::of(chip);
  auto depths = cast<ShapedType>(op.getDepth().getType());
  const int64_t channels =
      cast<ShapedType>(op.getInit().getType()).getDimSize(1);
  ScheduleChoice choice;
  choice.lanes = largestDivisor(channels, kLanes);
  const int64_t items = channels / choice.lanes;
  // Those of a segment that no block holds do not share what they read.
  if (items > ScheduleAttr::kMaxThreads) {
    choice.threads = kSeparateThreads;
    return choice.get(op.getContext());
  }
  int64_t teams = kTeams;
  while (teams > 1 && teams * items > kMaxThreads)
    teams /= 2;
  constexpr int64_t kWarp = ScheduleAttr::kMaxTeam;
  choice.threads = std::min<int64_t>(llvm::alignTo(teams * items, kWarp),
                                     ScheduleAttr::kMaxThreads);
  // A segment has some 16 points. A size that is not known counts as large.
  const bool isMany =
      !depths.hasStaticShape() ||
      depths.getNumElements() / (kFewPoints * kManyRows) * items >=
          machine.multiprocessors * machine.threads;
  choice.rows = isMany ? kManyRows : kFewRows;
  choice.points = isMany ? kManyPoints : kFewPoints;
  choice.together = 4;
  std::optional<int64_t> features = getBytes(op.getFeat()),
                         points = getBytes(op.getDepth());
  if (machine.bulkPrefetch && features && points &&
      *features + *points <= machine.cachedBytes / 2)
    choice.prefetch = Prefetch::all;
  return choice.get(op.getContext());
}
