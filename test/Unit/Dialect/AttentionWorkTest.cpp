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
  work.cameras = work.frames = 1;
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
  EXPECT_EQ(work(32, false).getSharedBytes(8, 64), 32 * 9 * 16);
  // As many for each member.
  EXPECT_EQ(work(5, false).getSharedBytes(4, 128), 8 * 34 * 16);
}

TEST(AttentionWork, sharedMemoryOfLogits) {
  // Few logits are read by all; of many each member finds its largest.
  EXPECT_EQ(work(8, true).getSharedBytes(8, 64), 8 * 9 * 16 + 8 * 9 * 4);
  EXPECT_EQ(work(32, true).getSharedBytes(8, 64),
            32 * 9 * 16 + 8 * 9 * 4 + 8 * 12 * 4);
  AttentionWork frames = work(16, true);
  frames.frames = 2;
  EXPECT_EQ(frames.getSharedBytes(8, 64), 16 * 9 * 16 + 2 * 8 * 9 * 4);
}

TEST(AttentionWork, sharedMemoryOfCameras) {
  AttentionWork cameras = work(8, true);
  cameras.cameraBytes = 9;
  const int64_t without = 8 * 9 * 16 + 8 * 9 * 4, list = 8 * 12 * 4;
  cameras.cameras = 6;
  EXPECT_EQ(cameras.getSharedBytes(8, 64), without + list);
  // A member for each channel passes its sum on in memory.
  cameras.channels = 8;
  EXPECT_EQ(cameras.getSharedBytes(8, 64), without + 2 * list);
  cameras.channels = 32;
  // Too many to list, or nobody knows how many.
  cameras.cameras = 32;
  EXPECT_EQ(cameras.getSharedBytes(8, 64), without);
  cameras.cameras = ShapedType::kDynamic;
  EXPECT_EQ(cameras.getSharedBytes(8, 64), without);
}

} // namespace
