// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "ArenaLayout.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <vector>

using namespace mlir::bev;

static constexpr int64_t kAlignment = 64;

using Buffers = std::vector<LiveBuffer>;

/// Lays out and checks what every layout must fulfil; returns the size.
static int64_t layOut(Buffers &buffers) {
  int64_t size = layOutArena(buffers, kAlignment);
  for (size_t i = 0; i < buffers.size(); ++i) {
    const LiveBuffer &a = buffers[i];
    EXPECT_EQ(a.offset % kAlignment, 0);
    EXPECT_GE(a.offset, 0);
    EXPECT_LE(a.offset + a.bytes, size);
    for (size_t j = 0; j < i; ++j) {
      const LiveBuffer &b = buffers[j];
      bool sharesTime = a.begin <= b.end && b.begin <= a.end;
      bool sharesPlace =
          a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
      EXPECT_FALSE(sharesTime && sharesPlace) << i << " and " << j;
    }
  }
  EXPECT_GE(size, getArenaLowerBound(buffers, kAlignment));
  return size;
}

/// The most bytes at one time, counted time by time.
static int64_t countLive(const Buffers &buffers, int64_t lastTime) {
  int64_t most = 0;
  for (int64_t time = 0; time <= lastTime; ++time) {
    int64_t live = 0;
    for (const LiveBuffer &buffer : buffers)
      if (buffer.begin <= time && time <= buffer.end)
        live += (buffer.bytes + kAlignment - 1) / kAlignment * kAlignment;
    most = std::max(most, live);
  }
  return most;
}

TEST(ArenaLayoutTest, NothingTakesNothing) {
  Buffers none;
  EXPECT_EQ(layOut(none), 0);
  EXPECT_EQ(getArenaLowerBound(none, kAlignment), 0);
}

TEST(ArenaLayoutTest, LifetimesIncludeBothEnds) {
  Buffers apart = {{100, 0, 1}, {100, 2, 3}};
  EXPECT_EQ(layOut(apart), 128);
  Buffers touching = {{100, 0, 2}, {100, 2, 3}};
  EXPECT_EQ(layOut(touching), 256);
}

TEST(ArenaLayoutTest, SmallOnesGoIntoGaps) {
  // The second frees the place for two small ones while the first is in use.
  Buffers buffers = {{1024, 0, 9}, {512, 0, 3}, {256, 4, 9}, {256, 5, 9}};
  EXPECT_EQ(layOut(buffers), 1536);
  EXPECT_EQ(getArenaLowerBound(buffers, kAlignment), 1536);
}

TEST(ArenaLayoutTest, LargeSizesDoNotOverflow) {
  constexpr int64_t large = int64_t(1) << 46;
  Buffers buffers = {{large, 0, 1}, {large, 1, 2}, {large, 2, 3}, {1, 0, 3}};
  EXPECT_EQ(layOut(buffers), 2 * large + kAlignment);
}

TEST(ArenaLayoutTest, LowerBoundIsTheMostAtOneTime) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    Buffers buffers(1 + random() % 40);
    for (LiveBuffer &buffer : buffers) {
      buffer.bytes = 1 + random() % 5000;
      buffer.begin = random() % 50;
      buffer.end = buffer.begin + random() % 20;
    }
    EXPECT_EQ(getArenaLowerBound(buffers, kAlignment), countLive(buffers, 70));
  }
}

/// Lifetimes like those of a network's intermediate results: most end soon
/// after they begin, some are skip connections, and sizes are of few kinds.
static Buffers makeNetwork(std::mt19937_64 &random, int64_t count) {
  Buffers buffers(count);
  int64_t kinds[6];
  for (int64_t &bytes : kinds)
    bytes = 64 << random() % 16;
  for (int64_t i = 0; i < count; ++i) {
    int64_t length = random() % 8 ? 1 + random() % 3 : 1 + random() % count;
    buffers[i] = {kinds[random() % 6], i, std::min(i + length, count)};
  }
  return buffers;
}

TEST(ArenaLayoutTest, RandomLifetimes) {
  std::mt19937_64 random(2);
  double worst = 1;
  for (int round = 0; round < 300; ++round) {
    Buffers buffers(2 + random() % 120);
    int64_t times = 1 + random() % 100;
    for (LiveBuffer &buffer : buffers) {
      buffer.bytes = 1 + random() % (1 << (1 + random() % 20));
      buffer.begin = random() % times;
      buffer.end = buffer.begin + random() % times;
    }
    int64_t size = layOut(buffers);
    worst =
        std::max(worst, double(size) / getArenaLowerBound(buffers, kAlignment));
  }
  std::printf("any lifetimes: at most %.3f times the lower bound\n", worst);
  EXPECT_LE(worst, 1.3);
}

TEST(ArenaLayoutTest, NetworksStayNearTheLowerBound) {
  std::mt19937_64 random(3);
  double worst = 1;
  for (int round = 0; round < 300; ++round) {
    Buffers buffers = makeNetwork(random, 10 + random() % 400);
    int64_t size = layOut(buffers);
    worst =
        std::max(worst, double(size) / getArenaLowerBound(buffers, kAlignment));
  }
  std::printf("networks: at most %.3f times the lower bound\n", worst);
  EXPECT_LE(worst, 1.3);
}
