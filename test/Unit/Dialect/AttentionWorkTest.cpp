// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "AttentionWork.h"

#include "bev/Dialect/BEV/IR/TeamMemory.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

AttentionWork work(int64_t samples, bool hasSoftmax) {
  AttentionWork work{};
  work.samples = samples;
  work.hasSoftmax = hasSoftmax;
  work.cameras = work.frames = work.levels = 1;
  work.coordinateBytes = 8;
  return work;
}

TEST(TeamMemory, membersAccessDifferentBanks) {
  // Eight members that read 16 bytes each have all banks.
  EXPECT_EQ(getTeamPadding({32, 4}, 4, 8), 1);
  EXPECT_EQ(getTeamPadding({32, 4}, 4, 2), 4);
  EXPECT_EQ(getTeamPadding({8}, 4, 8), 4);
  EXPECT_EQ(getTeamBytes({8}, 4, 8, 64), 12 * 8 * 4);
  EXPECT_EQ(getTeamBytes({32, 4}, 4, 8, 64), 32 * 9 * 16);
}

// What convert-parallel-to-gpu-launch allocates.
TEST(AttentionWork, sharedMemoryOfRecords) {
  EXPECT_EQ(work(32, false).getSharedBytes(8, 64, false), 32 * 9 * 16);
  // As many for each member.
  EXPECT_EQ(work(5, false).getSharedBytes(4, 128, false), 8 * 34 * 16);
}

// Packed records of f16 are half as large, where two neighbouring samples are
// one's and positions are few.
TEST(AttentionWork, narrowRecords) {
  AttentionWork half = work(32, true);
  half.levels = 4;
  half.coordinateBytes = 4;
  half.positions = 1 << 16;
  EXPECT_EQ(half.getRecordSamples(4, true), 2);
  EXPECT_EQ(half.getRecordSamples(4, false), 1);
  EXPECT_EQ(half.getSharedBytes(4, 128, true),
            16 * 34 * 16 + 4 * 34 * 4 + 4 * 40 * 4);
  auto changed = [&](auto change) {
    AttentionWork other = half;
    change(other);
    return other.getRecordSamples(4, true);
  };
  EXPECT_EQ(changed([](AttentionWork &w) { w.positions += 1; }), 1);
  EXPECT_EQ(
      changed([](AttentionWork &w) { w.positions = ShapedType::kDynamic; }), 1);
  // A sample for each member, three points to a level.
  EXPECT_EQ(changed([](AttentionWork &w) { w.samples = 4; }), 1);
  EXPECT_EQ(changed([](AttentionWork &w) { w.samples = 12; }), 1);
  // f32 offsets come two at a time, f64 ones would not.
  EXPECT_EQ(changed([](AttentionWork &w) { w.coordinateBytes = 8; }), 2);
  EXPECT_EQ(changed([](AttentionWork &w) { w.coordinateBytes = 16; }), 1);
}

// Members tell each other the largest of given weights, unless all fit f16.
TEST(AttentionWork, sharedMemoryOfScaledWeights) {
  AttentionWork given = work(16, false);
  const int64_t wide = 16 * 34 * 16, narrow = 8 * 34 * 16;
  EXPECT_EQ(given.getSharedBytes(4, 128, false), wide);
  EXPECT_EQ(given.getSharedBytes(4, 128, true), narrow + 4 * 40 * 4);
  given.hasHalfWeights = true;
  EXPECT_EQ(given.getSharedBytes(4, 128, true), narrow);
}

TEST(AttentionWork, sharedMemoryOfLogits) {
  // Few logits are read by all; of many each member finds its largest.
  EXPECT_EQ(work(8, true).getSharedBytes(8, 64, false), 8 * 9 * 16 + 8 * 9 * 4);
  EXPECT_EQ(work(32, true).getSharedBytes(8, 64, false),
            32 * 9 * 16 + 8 * 9 * 4 + 8 * 12 * 4);
  AttentionWork frames = work(16, true);
  frames.frames = 2;
  EXPECT_EQ(frames.getSharedBytes(8, 64, false), 16 * 9 * 16 + 2 * 8 * 9 * 4);
}

TEST(AttentionWork, sharedMemoryOfCameras) {
  AttentionWork cameras = work(8, true);
  cameras.cameraBytes = 9;
  const int64_t without = 8 * 9 * 16 + 8 * 9 * 4, list = 8 * 12 * 4;
  cameras.cameras = 6;
  EXPECT_EQ(cameras.getSharedBytes(8, 64, false), without + list);
  // A member for each channel passes its sum on in memory.
  cameras.channels = 8;
  EXPECT_EQ(cameras.getSharedBytes(8, 64, false), without + 2 * list);
  cameras.channels = 32;
  // Too many to list, or nobody knows how many.
  cameras.cameras = 32;
  EXPECT_EQ(cameras.getSharedBytes(8, 64, false), without);
  cameras.cameras = ShapedType::kDynamic;
  EXPECT_EQ(cameras.getSharedBytes(8, 64, false), without);
}

} // namespace
