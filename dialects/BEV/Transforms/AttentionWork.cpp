// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "AttentionWork.h"

#include "bev/Dialect/BEV/IR/TeamMemory.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;

static ShapedType getShaped(Value value) {
  return cast<ShapedType>(value.getType());
}

static int64_t getBytes(Value value) {
  return getShaped(value).getElementTypeBitWidth() / 8;
}

/// The product of the sizes from a dimension on.
static int64_t countFrom(Value value, int64_t first) {
  return ShapedType::getNumElements(
      getShaped(value).getShape().drop_front(first));
}

std::optional<AttentionWork> AttentionWork::of(Operation *op) {
  auto common = [](auto attention) {
    ArrayRef<int64_t> result = getShaped(attention.getInit()).getShape();
    AttentionWork work;
    work.batch = result[0];
    work.queries = result[1];
    work.heads = result[2];
    work.channels = result[3];
    work.positions =
        getShaped(attention.getValue()).getDimSize(attention.getPositionDim());
    work.staticLevels = attention.getStaticLevels();
    work.levels = work.staticLevels.size() / 2;
    work.valueBytes = getBytes(attention.getValue());
    work.isHeadMajor = attention.getValueLayout() == ValueLayout::head_major;
    return work;
  };
  auto fromLogits = [&](auto attention) {
    AttentionWork work = common(attention);
    work.samples = countFrom(attention.getLogits(), 3);
    work.weightBytes = getBytes(attention.getLogits());
    work.coordinateBytes = 2 * getBytes(attention.getOffsets());
    work.hasSoftmax = true;
    work.hasHalfWeights = false;
    work.isInside = true;
    return work;
  };
  return llvm::TypeSwitch<Operation *, std::optional<AttentionWork>>(op)
      .Case([&](MSDeformAttnOp attention) {
        AttentionWork work = common(attention);
        work.samples = countFrom(attention.getWeights(), 3);
        work.weightBytes = getBytes(attention.getWeights());
        work.coordinateBytes = 2 * getBytes(attention.getLocations());
        work.hasSoftmax = false;
        work.hasHalfWeights =
            getShaped(attention.getWeights()).getElementType().isF16();
        work.isInside = false;
        return work;
      })
      .Case([&](DeformableAttentionOp attention) {
        AttentionWork work = fromLogits(attention);
        work.isInside = attention.getReferenceKind() != ReferenceKind::pillar;
        return work;
      })
      .Case([&](TemporalSelfAttentionOp attention) {
        AttentionWork work = fromLogits(attention);
        work.frames = getShaped(attention.getValue()).getDimSize(1);
        return work;
      })
      .Case([&](SpatialCrossAttentionOp attention) {
        // Only cameras that see the query are sampled.
        AttentionWork work = fromLogits(attention);
        work.cameras = getShaped(attention.getValue()).getDimSize(1);
        work.cameraBytes =
            std::max<int64_t>(getShaped(attention.getUv()).getDimSize(3), 1) *
            (2 * getBytes(attention.getUv()) + /*visible=*/1);
        return work;
      })
      .Default([](Operation *) { return std::nullopt; });
}

int64_t AttentionWork::getQueryGridWidth() const {
  if (ShapedType::isDynamic(queries))
    return 0;
  if (queries == positions)
    return std::max<int64_t>(staticLevels[1], 0);
  int64_t side = std::llround(std::sqrt(double(queries)));
  return side * side == queries ? side : 0;
}

int64_t AttentionWork::getRecordSamples(int64_t team, bool isHalf) const {
  const int64_t points = samples / std::max<int64_t>(frames * levels, 1);
  return getSamplesOfRecord(
      isHalf, getSamplesAtOnce(samples, points, team, coordinateBytes),
      positions);
}

int64_t AttentionWork::getSharedBytes(int64_t team, int64_t threads,
                                      bool isHalf) const {
  constexpr int64_t kWordBytes = 4, kMostListed = 31;
  int64_t bytes = 0;
  auto add = [&](ArrayRef<int64_t> shape) {
    bytes += getTeamBytes(shape, kWordBytes, team, threads);
  };
  const int64_t ofRecord = getRecordSamples(team, isHalf);
  add({int64_t(llvm::alignTo(samples, team)) / ofRecord, 4});
  // Parts of the sums of exponentials, and the largest logit or weight of each
  // member.
  if (hasSoftmax)
    add({frames, team});
  if (hasSoftmax ? frames == 1 && samples > kFewLogits
                 : ofRecord > 1 && !hasHalfWeights)
    add({team});
  // The cameras that each member has found to see the query.
  if (cameraBytes > 0 && !ShapedType::isDynamic(cameras) &&
      cameras <= kMostListed)
    add({team});
  // The sum over the cameras, which single channels do not keep in registers.
  if (cameraBytes > 0 && team == channels)
    add({channels});
  return bytes;
}
