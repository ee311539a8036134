// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A CUDA driver over host memory, for tests of the runtime without a GPU. It is
// strict where a real one may be lenient: asynchronous work runs only when
// something waits for it, work that the rules of stream capture forbid fails,
// and memory that pending work uses must not be freed under it.

#ifndef BEV_TEST_UNIT_RUNTIME_FAKEDRIVER_H
#define BEV_TEST_UNIT_RUNTIME_FAKEDRIVER_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// What the tests see of the fake and tell it.
struct FakeDriver {
  /// Calls so far by function name, e.g. "cuMemAllocAsync".
  std::map<std::string, int> calls;
  /// The next call of the function returns this CUresult, once.
  std::map<std::string, int> failNext;
  /// Free device memory; allocations beyond it fail.
  uint64_t freeBytes = uint64_t(1) << 30;
  /// Part of the memory in use that the pool would give back to
  /// cuMemPoolTrimTo.
  uint64_t keptByPool = 0;
  int deviceCount = 2;
  bool poolsSupported = true;
  /// What the JIT writes to the error log of an image that starts with "bad".
  std::string jitLog = "ptxas application ptx input, line 7; error: unexpected "
                       "token\nptxas fatal: aborted\n";
  /// The release threshold that was set on the pool.
  uint64_t releaseThreshold = 0;
  /// The attributes of the last launch.
  unsigned grid[3] = {0, 0, 0}, block[3] = {0, 0, 0}, cluster[3] = {0, 0, 0},
           sharedMemory = 0;
  /// Whether the last launch need not wait for the one before it.
  bool dependentLaunch = false;
  /// Of every kernel: threads and shared memory of a block, and blocks that a
  /// multiprocessor holds.
  int threadsOfBlock = 128, staticShared = 0, activeBlocks = 8;
  /// Percent of a multiprocessor's memory that the last kernel with a wish
  /// wanted as shared memory; -1 if there was none.
  int carveout = -1;
  /// Device and pinned allocations that were not freed.
  int liveAllocations = 0;
  /// What was done against the rules of the driver API.
  std::vector<std::string> violations;
};

extern "C" FakeDriver *fakeDriver();

#endif // BEV_TEST_UNIT_RUNTIME_FAKEDRIVER_H
