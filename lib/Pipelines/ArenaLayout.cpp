// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "ArenaLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"

#include <map>
#include <optional>

using namespace mlir::bev;

static int64_t roundUp(int64_t bytes, int64_t alignment) {
  return static_cast<int64_t>(
      llvm::alignTo(static_cast<uint64_t>(bytes), alignment));
}

int64_t mlir::bev::layOutArena(llvm::MutableArrayRef<LiveBuffer> buffers,
                               int64_t alignment) {
  llvm::SmallVector<LiveBuffer *> order;
  for (LiveBuffer &buffer : buffers)
    order.push_back(&buffer);
  llvm::stable_sort(order, [](const LiveBuffer *a, const LiveBuffer *b) {
    return a->bytes > b->bytes;
  });
  int64_t size = 0;
  // By offset.
  llvm::SmallVector<LiveBuffer *> placed;
  for (LiveBuffer *buffer : order) {
    int64_t bytes = roundUp(buffer->bytes, alignment);
    int64_t end = 0, bestGap = 0;
    std::optional<int64_t> best;
    for (const LiveBuffer *other : placed) {
      if (other->end < buffer->begin || buffer->end < other->begin)
        continue;
      int64_t gap = other->offset - end;
      if (gap >= bytes && (!best || gap < bestGap)) {
        best = end;
        bestGap = gap;
      }
      end = std::max(end, other->offset + roundUp(other->bytes, alignment));
    }
    buffer->offset = best.value_or(end);
    size = std::max(size, buffer->offset + bytes);
    placed.insert(
        llvm::upper_bound(placed, buffer,
                          [](const LiveBuffer *a, const LiveBuffer *b) {
                            return a->offset < b->offset;
                          }),
        buffer);
  }
  return size;
}

int64_t mlir::bev::getArenaLowerBound(llvm::ArrayRef<LiveBuffer> buffers,
                                      int64_t alignment) {
  std::map<int64_t, int64_t> changes;
  for (const LiveBuffer &buffer : buffers) {
    int64_t bytes = roundUp(buffer.bytes, alignment);
    changes[buffer.begin] += bytes;
    changes[buffer.end + 1] -= bytes;
  }
  int64_t live = 0, most = 0;
  for (auto [time, change] : changes) {
    live += change;
    most = std::max(most, live);
  }
  return most;
}
