// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "RuntimeTest.h"

#include <cstring>
#include <dlfcn.h>

// These need no driver.

TEST(HostTest, AlignedMemory) {
  for (uint64_t bytes : {0, 1, 63, 64, 1000}) {
    void *memory = bevrtHostAlloc(bytes);
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 64, 0u);
    std::memset(memory, 1, bytes);
    bevrtHostFree(memory);
  }
  bevrtHostFree(nullptr);
}

TEST(HostTest, OutOfMemoryNamesTheSize) {
  EXPECT_EQ(bevrtHostAlloc(UINT64_MAX), nullptr);
  EXPECT_STREQ(
      bevrtLastError(),
      "out of host memory: requested 18446744073709551615 bytes aligned to 64");
}

TEST(HostTest, ThreadsNeedAnOpenMPRuntime) {
  EXPECT_EQ(bevrtSetNumThreads(0), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(bevrtLastError(),
               "expected the number of threads to be at least 1, but got 0");
  EXPECT_EQ(bevrtSetNumThreads(2), BEVRT_ERROR_UNAVAILABLE);
  EXPECT_STREQ(bevrtLastError(), "cannot set the number of threads: no OpenMP "
                                 "runtime is loaded; load libomp.so.5 "
                                 "first or set OMP_NUM_THREADS");
}

TEST(HostTest, ThreadsReachALibraryThatWasOpenedForItself) {
  void *library = dlopen("libomp.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!library)
    GTEST_SKIP() << "libomp is not on the library path";
  EXPECT_EQ(bevrtSetNumThreads(3), BEVRT_SUCCESS);
  auto *getMaxThreads =
      reinterpret_cast<int (*)()>(dlsym(library, "omp_get_max_threads"));
  ASSERT_NE(getMaxThreads, nullptr);
  EXPECT_EQ(getMaxThreads(), 3);
}
