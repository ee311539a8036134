// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where buffers with known lifetimes go in one block of memory.

#ifndef BEV_LIB_PIPELINES_ARENALAYOUT_H
#define BEV_LIB_PIPELINES_ARENALAYOUT_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace mlir::bev {

/// A buffer that is in use from time `begin` to time `end`, both included.
struct LiveBuffer {
  int64_t bytes;
  int64_t begin, end;
  /// Set by `layOutArena`.
  int64_t offset = 0;
};

/// Sets offsets, multiples of `alignment`, such that buffers in use at one time
/// do not overlap, and returns the size of the arena. Larger buffers are placed
/// first, each in the smallest gap that holds it.
int64_t layOutArena(llvm::MutableArrayRef<LiveBuffer> buffers,
                    int64_t alignment);

/// The most bytes, each buffer rounded up to `alignment`, that are in use at
/// one time: no layout needs less.
int64_t getArenaLowerBound(llvm::ArrayRef<LiveBuffer> buffers,
                           int64_t alignment);

} // namespace mlir::bev

#endif // BEV_LIB_PIPELINES_ARENALAYOUT_H
