// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "PoolOrder.h"
#include "gtest/gtest.h"

#include <limits>
#include <random>

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Bounds of rows with so many points each.
std::vector<int32_t> boundsOf(ArrayRef<int64_t> counts) {
  std::vector<int32_t> bounds;
  int32_t begin = 0;
  for (int64_t count : counts) {
    const auto end = static_cast<int32_t>(begin + count);
    bounds.insert(bounds.end(), {begin, end});
    begin = end;
  }
  return bounds;
}

/// The rows of each block. Every row is in one of them, with its bounds.
std::vector<std::vector<int32_t>> divide(ArrayRef<int32_t> bounds,
                                         int64_t ofBlock) {
  SmallVector<int32_t> entries = orderRows(bounds, ofBlock);
  EXPECT_EQ(entries, orderRows(bounds, ofBlock));
  const auto numRows = static_cast<int64_t>(bounds.size()) / 2;
  const auto slots = static_cast<int64_t>(entries.size()) / kOrderWords;
  EXPECT_EQ(slots,
            static_cast<int64_t>(llvm::divideCeil(numRows, ofBlock) * ofBlock));
  std::vector<std::vector<int32_t>> blocks(slots / ofBlock);
  std::vector<int> seen(numRows, 0);
  for (int64_t slot = 0; slot < slots; ++slot) {
    const int32_t *entry = &entries[slot * kOrderWords];
    if (entry[0] == -1)
      continue;
    EXPECT_GE(entry[0], 0);
    EXPECT_LT(entry[0], numRows);
    EXPECT_EQ(entry[1], bounds[2 * entry[0]]);
    EXPECT_EQ(entry[2], bounds[2 * entry[0] + 1]);
    ++seen[entry[0]];
    blocks[slot / ofBlock].push_back(entry[0]);
  }
  for (int64_t row = 0; row < numRows; ++row)
    EXPECT_EQ(seen[row], 1) << "row " << row;
  return blocks;
}

TEST(PoolOrderTest, NoRowsAndOne) {
  EXPECT_TRUE(orderRows({}, 8).empty());
  EXPECT_EQ(divide({3, 5}, 8).size(), 1u);
}

TEST(PoolOrderTest, RowsThatFillNoBlock) {
  auto blocks = divide(boundsOf({5, 1, 1, 1, 1}), 2);
  ASSERT_EQ(blocks.size(), 3u);
  // The longest has a block to itself.
  EXPECT_EQ(blocks[0], std::vector<int32_t>({0}));
}

TEST(PoolOrderTest, BlocksHaveAboutTheSame) {
  // As cells around a vehicle: few have hundreds of points.
  std::mt19937 random(0);
  std::vector<int64_t> counts;
  for (int64_t row = 0; row < 4000; ++row) {
    const double distance = 1 + random() % 100;
    counts.push_back(static_cast<int64_t>(400 / distance));
  }
  std::vector<int32_t> bounds = boundsOf(counts);
  constexpr int64_t kRows = 32;
  auto blocks = divide(bounds, kRows);
  const double mean =
      double(bounds.back()) / static_cast<double>(blocks.size());
  for (const std::vector<int32_t> &block : blocks) {
    EXPECT_EQ(block.size(), size_t(kRows));
    int64_t points = 0;
    for (int32_t row : block)
      points += counts[row];
    EXPECT_NEAR(static_cast<double>(points), mean, 0.1 * mean);
  }
}

TEST(PoolOrderTest, BoundsThatSayNonsense) {
  constexpr int32_t kLeast = std::numeric_limits<int32_t>::min(),
                    kMost = std::numeric_limits<int32_t>::max();
  std::vector<int32_t> bounds = {kLeast, kMost, kMost,  kLeast, 0,     kMost,
                                 -1,     -1,    kLeast, kLeast, kMost, kMost};
  for (int64_t ofBlock : {1, 2, 5, 32})
    divide(bounds, ofBlock);
}

} // namespace
