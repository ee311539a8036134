// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constraints of the ops of lift-splat models; the names fv_c1 ... are those of
// the op documentation.

#include "Verifiers.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

/// The product of the dimensions that are static fits 32-bit positions.
static LogicalResult verifyCountable(Operation *op, StringRef what,
                                     ArrayRef<NamedDim> dims) {
  int64_t count = 1;
  for (const NamedDim &dim : dims) {
    if (ShapedType::isDynamic(dim.size()) || dim.size() == 0)
      continue;
    if (dim.size() > kMaxPositions / count)
      return op->emitOpError()
             << "expected at most " << kMaxPositions << " " << what
             << ", but got more in '" << dim.shape.name << "'";
    count *= dim.size();
  }
  return success();
}

/// What has entries of `size` numbers each.
static LogicalResult verifyEntries(Operation *op, const NamedDim &dim,
                                   int64_t size, const char *what) {
  return failure(failed(verifyStaticDim(op, dim, what)) ||
                 failed(verifyDim(op, dim, size, what)));
}

/// The schedule, if there is one, fits `channels` in its block, and `feat` and
/// `depth`, which may be absent, where it is packed: their products are.
static LogicalResult verifyPoolSchedule(Operation *op,
                                        std::optional<ScheduleAttr> schedule,
                                        NamedDim channels, Value feat,
                                        Value depth) {
  if (schedule && schedule->getShare())
    return op->emitOpError(
        "has no sampling arithmetic that its schedule could share");
  if (failed(verifySchedule(op, schedule, channels)))
    return failure();
  if (schedule && schedule->getPacked() && depth)
    for (auto [shaped, what] :
         {std::pair(feat, "values"), std::pair(depth, "depths")}) {
      Type element = cast<ShapedType>(shaped.getType()).getElementType();
      if (!element.isF16())
        return op->emitOpError()
               << "expected f16 " << what
               << " for a schedule that is packed, but got " << element;
    }
  if (!schedule || schedule->getRows() == 0)
    return success();
  int64_t items = channels.size() / schedule->getLanes();
  if (items > ScheduleAttr::kMaxTeam)
    return op->emitOpError()
           << "expected a schedule with rows to have at most "
           << ScheduleAttr::kMaxTeam
           << " work items for the channels of one, but got " << items;
  if (schedule->getThreads() % ScheduleAttr::kMaxTeam != 0)
    return op->emitOpError()
           << "expected a schedule with rows to have whole warps of "
           << ScheduleAttr::kMaxTeam << " threads, but got "
           << schedule->getThreads();
  if (channels.size() > ScheduleAttr::kMaxPooledChannels)
    return op->emitOpError()
           << "expected at most " << ScheduleAttr::kMaxPooledChannels
           << " channels for a schedule with rows, whose sums share memory, "
              "but got "
           << channels.size();
  return success();
}

//===----------------------------------------------------------------------===//
// frustum_to_voxel
//===----------------------------------------------------------------------===//

/// The last two dimensions of a matrix operand.
static LogicalResult verifyMatrix(Operation *op, const NamedShape &matrix,
                                  int64_t size) {
  int64_t rank = matrix.type.getRank();
  struct Side {
    int64_t dim;
    const char *what;
  };
  for (const Side &side : {Side{rank - 2, "the rows of a matrix"},
                           Side{rank - 1, "the columns of a matrix"}})
    if (failed(verifyEntries(op, {matrix, side.dim}, size, side.what)))
      return failure();
  return success();
}

LogicalResult FrustumToVoxelOp::verify() {
  Operation *op = getOperation();
  NamedShape depths("depths", getDepths()),
      intrinsics("intrinsics", getIntrinsics()),
      ego("camera_to_ego", getCameraToEgo()), init("init", getInit());
  if (failed(verifyUniformContainers(op)) ||
      // fv_c1
      failed(verifyRank(op, depths, 1)) ||
      failed(verifyRank(op, intrinsics, 4)) || failed(verifyRank(op, ego, 4)) ||
      failed(verifyRank(op, init, 5)) ||
      // fv_c2
      failed(verifySameDims(op, "the batch (B)",
                            {{intrinsics, 0}, {ego, 0}, {init, 0}})) ||
      failed(verifySameDims(op, "the cameras (N)",
                            {{intrinsics, 1}, {ego, 1}, {init, 1}})) ||
      failed(verifySameDims(op, "the depths (Dd)", {{depths, 0}, {init, 2}})) ||
      // fv_c3
      failed(verifyMatrix(op, intrinsics, 3)) ||
      failed(verifyMatrix(op, ego, 4)))
    return failure();
  if (getImageAugmentation()) {
    NamedShape image("image_augmentation", getImageAugmentation());
    if (failed(verifyRank(op, image, 4)) ||
        failed(verifySameDims(op, "the batch (B)", {{init, 0}, {image, 0}})) ||
        failed(
            verifySameDims(op, "the cameras (N)", {{init, 1}, {image, 1}})) ||
        failed(verifyMatrix(op, image, 4)))
      return failure();
  }
  if (getBevAugmentation()) {
    NamedShape bev("bev_augmentation", getBevAugmentation());
    if (failed(verifyRank(op, bev, 3)) ||
        failed(verifySameDims(op, "the batch (B)", {{init, 0}, {bev, 0}})) ||
        failed(verifyMatrix(op, bev, 4)))
      return failure();
  }
  // fv_c4
  constexpr int64_t kMaxPixels = 1 << 24;
  if (getImageSize().size() != 2 ||
      !llvm::all_of(getImageSize(), [](int64_t size) {
        return size >= 1 && size <= kMaxPixels;
      }))
    return emitOpError() << "expected 'image_size' to be two sizes (H, W) "
                            "between 1 and "
                         << kMaxPixels;
  // fv_c5
  if (getLower().size() != 3 ||
      !llvm::all_of(getLower(), [](float x) { return std::isfinite(x); }))
    return emitOpError(
        "expected 'lower' to be three finite coordinates (x, y, z)");
  if (getCellSize().size() != 3 || !llvm::all_of(getCellSize(), [](float x) {
        return x > 0 && std::isfinite(x);
      }))
    return emitOpError(
        "expected 'cell_size' to be three positive finite lengths (x, y, z)");
  // fv_c6
  int64_t room = kMaxPositions;
  for (int64_t size : getGridSize())
    room = size < 1 ? 0 : room / size;
  if (getGridSize().size() != 3 || room == 0)
    return emitOpError() << "expected 'grid_size' to be three sizes (Z, Y, X) "
                            "of between 1 and "
                         << kMaxPositions << " cells in all";
  // fv_c7
  if (!getOrigin().empty() && getOrigin().size() != 2)
    return emitOpError()
           << "expected 'origin' to be a row and a column, but got "
           << getOrigin().size() << " operands";
  if (getFeatureSize().size() != getOrigin().size())
    return emitOpError() << "expected as many 'feature_size' operands as "
                            "'origin' has ("
                         << getOrigin().size() << "), but got "
                         << getFeatureSize().size();
  return success();
}

//===----------------------------------------------------------------------===//
// voxel_pool
//===----------------------------------------------------------------------===//

/// [S,3].
static LogicalResult verifySegments(Operation *op, const NamedShape &table) {
  return failure(
      failed(verifyRank(op, table, 2)) ||
      failed(verifyEntries(op, {table, 1}, 3,
                           "rank of depth, rank of feat and length")) ||
      failed(verifyCountable(op, "segments", {{table, 0}})));
}

LogicalResult VoxelPoolOp::verify() {
  Operation *op = getOperation();
  // vp_c2
  const bool depth = bool(getDepth()), points = bool(getRanksDepth()),
             intervals = bool(getRanksBev()), cells = bool(getCells()),
             segments = bool(getSegments());
  if (points != bool(getRanksFeat()) ||
      intervals != bool(getIntervalStarts()) ||
      intervals != bool(getIntervalLengths()) ||
      segments != bool(getRanksSegment()) || segments != bool(getBounds()) ||
      depth != (points || cells || segments) ||
      intervals + cells + segments != 1 || (points && !intervals))
    return emitOpError("expected 'depth', 'points' and 'intervals', only "
                       "'intervals', 'depth' and 'cells', or 'depth', "
                       "'segments' and 'bounds'");
  // vp_c1
  NamedShape feat("feat", getFeat()), init("init", getInit());
  int64_t rank = depth ? 5 : 2;
  if (failed(verifyRank(op, feat, rank)) || failed(verifyRank(op, init, 5)) ||
      // vp_c3
      failed(verifySameDims(op, "the channels (C)",
                            {{feat, rank - 1}, {init, 4}})) ||
      // vp_c6
      failed(verifyStaticDim(op, {feat, rank - 1}, "the channels (C)")) ||
      failed(verifyStaticDim(op, {init, 4}, "the channels (C)")) ||
      // vp_c5
      failed(verifySameElementType(op, init, feat)) ||
      // vp_c7
      failed(verifyCountable(op, "cells",
                             {{init, 0}, {init, 1}, {init, 2}, {init, 3}})))
    return failure();

  if (depth) {
    NamedShape depths("depth", getDepth());
    auto verifyFrustum = [&](const NamedShape &shape) {
      return failure(
          failed(verifyRank(op, shape, 5)) ||
          failed(verifySameDims(op, "the batch (B)",
                                {{feat, 0}, {shape, 0}, {init, 0}})) ||
          failed(
              verifySameDims(op, "the cameras (N)", {{feat, 1}, {shape, 1}})) ||
          failed(
              verifySameDims(op, "the height (H)", {{feat, 2}, {shape, 3}})) ||
          failed(
              verifySameDims(op, "the width (W)", {{feat, 3}, {shape, 4}})) ||
          failed(verifyCountable(
              op, "points",
              {{shape, 0}, {shape, 1}, {shape, 2}, {shape, 3}, {shape, 4}})));
    };
    if (failed(verifyFrustum(depths)))
      return failure();
    if (cells) {
      NamedShape table("cells", getCells());
      if (failed(verifyFrustum(table)) ||
          failed(
              verifySameDims(op, "the depths (Dd)", {{depths, 2}, {table, 2}})))
        return failure();
    }
  }
  if (intervals) {
    NamedShape ranks("ranks_bev", getRanksBev()),
        starts("interval_starts", getIntervalStarts()),
        lengths("interval_lengths", getIntervalLengths());
    if (failed(verifyRank(op, ranks, 1)) || failed(verifyRank(op, starts, 1)) ||
        failed(verifyRank(op, lengths, 1)) ||
        // vp_c4
        failed(verifySameDims(op, "the intervals (I)",
                              {{starts, 0}, {lengths, 0}})) ||
        failed(verifyCountable(op, "points", {{ranks, 0}})) ||
        failed(verifyCountable(op, "intervals", {{starts, 0}})))
      return failure();
    if (!points) {
      if (failed(
              verifySameDims(op, "the points (P)", {{feat, 0}, {ranks, 0}})) ||
          failed(verifyCountable(op, "points", {{feat, 0}})))
        return failure();
    } else {
      NamedShape depthRanks("ranks_depth", getRanksDepth()),
          featRanks("ranks_feat", getRanksFeat());
      if (failed(verifyRank(op, depthRanks, 1)) ||
          failed(verifyRank(op, featRanks, 1)) ||
          failed(verifySameDims(op, "the points (P)",
                                {{depthRanks, 0}, {featRanks, 0}, {ranks, 0}})))
        return failure();
    }
  }
  if (segments) {
    NamedShape table("segments", getSegments()),
        ranks("ranks_segment", getRanksSegment()),
        bounds("bounds", getBounds());
    if (failed(verifySegments(op, table)) || failed(verifyRank(op, ranks, 1)) ||
        failed(verifyRank(op, bounds, 5)) ||
        failed(verifyCountable(op, "ranks", {{ranks, 0}})))
      return failure();
    for (int64_t dim = 0; dim < 4; ++dim)
      if (failed(verifySameDims(op, "the size", {{bounds, dim}, {init, dim}})))
        return failure();
    // vp_c9
    if (failed(verifyEntries(op, {bounds, 4}, 2, "begin and end")))
      return failure();
  }
  // vp_c8
  return verifyPoolSchedule(op, getSchedule(), {init, 4}, getFeat(),
                            getDepth());
}

//===----------------------------------------------------------------------===//
// interval_pool
//===----------------------------------------------------------------------===//

LogicalResult IntervalPoolOp::verify() {
  Operation *op = getOperation();
  NamedShape feat("feat", getFeat()), bounds("bounds", getBounds()),
      init("init", getInit());
  int64_t rank = init.type.getRank();
  if (failed(verifyUniformContainers(op)) || failed(verifyRank(op, feat, 2)))
    return failure();
  // ip_c1
  if (rank < 2)
    return emitOpError() << "expected 'init' to have at least rank 2, but got "
                         << rank;
  if (failed(verifyRank(op, bounds, rank)))
    return failure();
  // ip_c2
  const bool depth = bool(getDepth()), points = bool(getRanksFeat());
  if (depth != bool(getRanksDepth()) || (depth && !points))
    return emitOpError("expected 'depth' and two ranks of each of the "
                       "'points', only one rank of each, or none of them");
  // ip_c3
  SmallVector<NamedDim> rows;
  for (int64_t dim = 0; dim < rank - 1; ++dim) {
    if (failed(verifySameDims(op, "the size", {{bounds, dim}, {init, dim}})))
      return failure();
    rows.push_back({init, dim});
  }
  if (failed(verifySameDims(op, "the channels (C)",
                            {{feat, 1}, {init, rank - 1}})) ||
      // ip_c4
      failed(verifyEntries(op, {bounds, rank - 1}, 2, "begin and end")) ||
      // ip_c5
      (!feat.type.getElementType().isF32() &&
       failed(verifySameElementType(op, init, feat))) ||
      // ip_c6
      failed(verifyStaticDim(op, {feat, 1}, "the channels (C)")) ||
      failed(verifyStaticDim(op, {init, rank - 1}, "the channels (C)")) ||
      // ip_c7
      failed(verifyCountable(op, "rows", rows)) ||
      failed(verifyCountable(op, "rows", {{feat, 0}})))
    return failure();
  if (points) {
    NamedShape featRanks("ranks_feat", getRanksFeat());
    if (failed(verifyRank(op, featRanks, 1)))
      return failure();
    if (depth) {
      NamedShape depths("depth", getDepth()),
          depthRanks("ranks_depth", getRanksDepth());
      if (failed(verifyRank(op, depths, 1)) ||
          failed(verifyRank(op, depthRanks, 1)) ||
          failed(verifySameDims(op, "the points (P)",
                                {{depthRanks, 0}, {featRanks, 0}})) ||
          failed(verifyCountable(op, "points", {{depths, 0}})) ||
          failed(verifyCountable(op, "points", {{depthRanks, 0}})))
        return failure();
    }
    if (failed(verifyCountable(op, "points", {{featRanks, 0}})))
      return failure();
  }
  // ip_c8
  return verifyPoolSchedule(op, getSchedule(), {init, rank - 1}, getFeat(),
                            getDepth());
}

//===----------------------------------------------------------------------===//
// segment_pool
//===----------------------------------------------------------------------===//

LogicalResult SegmentPoolOp::verify() {
  Operation *op = getOperation();
  NamedShape feat("feat", getFeat()), depth("depth", getDepth()),
      segments("segments", getSegments()), init("init", getInit());
  if (failed(verifyUniformContainers(op)) ||
      // sp_c1
      failed(verifyRank(op, feat, 2)) || failed(verifyRank(op, depth, 1)) ||
      failed(verifyRank(op, init, 2)) ||
      // sp_c3
      failed(verifySegments(op, segments)) ||
      // sp_c2
      failed(
          verifySameDims(op, "the segments (S)", {{segments, 0}, {init, 0}})) ||
      failed(verifySameDims(op, "the channels (C)", {{feat, 1}, {init, 1}})) ||
      // sp_c4
      failed(verifyStaticDim(op, {feat, 1}, "the channels (C)")) ||
      failed(verifyStaticDim(op, {init, 1}, "the channels (C)")) ||
      // sp_c5
      failed(verifyCountable(op, "rows", {{feat, 0}})) ||
      failed(verifyCountable(op, "points", {{depth, 0}})))
    return failure();
  // sp_c6
  std::optional<ScheduleAttr> schedule = getSchedule();
  const int64_t rows = schedule ? schedule->getRows() : 0;
  if (rows > ScheduleAttr::kMaxSegments)
    return emitOpError() << "expected a schedule of at most "
                         << ScheduleAttr::kMaxSegments
                         << " rows for a work item, but got " << rows;
  if (failed(verifySchedule(op, schedule, {init, 1})))
    return failure();
  const int64_t items = schedule ? init.dim(1) / schedule->getLanes() : 0;
  if (rows != 0 && items > schedule->getThreads())
    return emitOpError() << "expected a schedule with rows to have a thread "
                            "for each of the "
                         << items << " work items of a segment, but got "
                         << schedule->getThreads() << " threads";
  return success();
}
