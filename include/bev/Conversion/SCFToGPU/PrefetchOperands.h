// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks bring what they or later blocks read to the second level of cache.

#ifndef BEV_CONVERSION_SCFTOGPU_PREFETCHOPERANDS_H
#define BEV_CONVERSION_SCFTOGPU_PREFETCHOPERANDS_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::bev {

/// Divides each contiguous buffer that `launch` gathers from, and does not
/// write, into as many parts as it has blocks, each of which begins by
/// prefetching one; with `streamed`, the buffers too that it reads otherwise,
/// of which each block prefetches the part of a later one, since blocks go
/// through these in order. For chips that prefetch in bulk.
void prefetchOperands(gpu::LaunchOp launch, bool streamed);

/// A buffer, and by how many parts blocks are ahead in it.
struct PrefetchedBuffer {
  Value buffer;
  int64_t ahead;
};

/// Divides each of the buffers, of those that are contiguous, into `parts`
/// (index). Block *b* of `launch` begins by having thread `thread` prefetch
/// part *b* plus those that it is to be ahead, if there is one.
void prefetchBuffers(gpu::LaunchOp launch, ArrayRef<PrefetchedBuffer> buffers,
                     Value parts, int64_t thread);

} // namespace mlir::bev

#endif // BEV_CONVERSION_SCFTOGPU_PREFETCHOPERANDS_H
