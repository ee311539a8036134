// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What CPU code needs from the runtime: threads and aligned memory.

#include "Error.h"
#include "OpenMP.h"

#include <cinttypes>
#include <cstdlib>

using namespace bev::rt;

static constexpr uint64_t kHostAlignment = 64;

extern "C" bevrtStatus bevrtSetNumThreads(int numThreads) {
  if (numThreads < 1)
    return setError(
        BEVRT_ERROR_INVALID_ARGUMENT,
        "expected the number of threads to be at least 1, but got %d",
        numThreads);
  if (!setNumThreads(numThreads))
    return setError(
        BEVRT_ERROR_UNAVAILABLE,
        "cannot set the number of threads: no OpenMP runtime is loaded; load "
        "libomp.so.5 first or set OMP_NUM_THREADS");
  return BEVRT_SUCCESS;
}

extern "C" void *bevrtHostAlloc(uint64_t bytes) {
  void *memory = nullptr;
  if (bytes <= UINT64_MAX - kHostAlignment) {
    uint64_t rounded =
        (bytes + kHostAlignment - 1) / kHostAlignment * kHostAlignment;
    memory =
        std::aligned_alloc(kHostAlignment, rounded ? rounded : kHostAlignment);
  }
  if (!memory)
    setError(BEVRT_ERROR_OUT_OF_MEMORY,
             "out of host memory: requested %" PRIu64
             " bytes aligned to %" PRIu64,
             bytes, kHostAlignment);
  return memory;
}

extern "C" void bevrtHostFree(void *ptr) { std::free(ptr); }
