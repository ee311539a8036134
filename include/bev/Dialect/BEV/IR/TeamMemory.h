// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the teams of a block need of its shared memory.

#ifndef BEV_DIALECT_BEV_IR_TEAMMEMORY_H
#define BEV_DIALECT_BEV_IR_TEAMMEMORY_H

#include "mlir/Support/LLVM.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace mlir::bev {

/// Where each team of a block has a buffer of `shape`, in elements of `width`
/// bytes: how many teams more there is room for, so that the members of a team
/// access different banks. Rows are accessed whole, but for those of a buffer
/// of one dimension.
inline int64_t getTeamPadding(ArrayRef<int64_t> shape, int64_t width,
                              int64_t team) {
  /// Bytes that the banks deliver at once.
  constexpr int64_t kBankBytes = 128;
  const int64_t accessed = shape.size() > 1 ? width * shape.back() : width;
  return std::max<int64_t>(kBankBytes / (team * accessed), 1);
}

/// Bytes of all of them in a block of `threads`.
inline int64_t getTeamBytes(ArrayRef<int64_t> shape, int64_t width,
                            int64_t team, int64_t threads) {
  const int64_t elements = std::accumulate(
      shape.begin(), shape.end(), int64_t(1), std::multiplies<int64_t>());
  return elements * width *
         (threads / team + getTeamPadding(shape, width, team));
}

/// Logits that each member of a team reads by itself; of more, the members tell
/// each other the largest.
inline constexpr int64_t kFewLogits = 8;

/// Neighbouring samples that a member of a team takes at once, of `samples`
/// with `points` to a level: as many as have their coordinates, of
/// `coordinateBytes` each, in one wide access.
inline int64_t getSamplesAtOnce(int64_t samples, int64_t points, int64_t team,
                                int64_t coordinateBytes) {
  constexpr int64_t kAccessBytes = 16;
  int64_t size = kAccessBytes / coordinateBytes;
  while (size > 1 && (samples % (team * size) != 0 || points % size != 0))
    size /= 2;
  return size;
}

/// Samples that a record of four words has, of a member that takes `atOnce`.
/// Two where f16 says all but the position, which takes 16 bits: interpolation
/// is in f16 and what is not finite computed again (`isHalf`), since products
/// may be beyond f16.
inline int64_t getSamplesOfRecord(bool isHalf, int64_t atOnce,
                                  int64_t positions) {
  constexpr int64_t kMostPositions = 1 << 16;
  const bool isNarrow = isHalf && atOnce % 2 == 0 && positions >= 0 &&
                        positions <= kMostPositions;
  return isNarrow ? 2 : 1;
}

} // namespace mlir::bev

#endif // BEV_DIALECT_BEV_IR_TEAMMEMORY_H
