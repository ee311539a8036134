// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Runtime/HostMemory.h"
#include "gtest/gtest.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>
#include <unistd.h>
#include <vector>

static constexpr size_t kLarge = size_t(64) << 20;

/// What this process has in memory.
static size_t getResidentBytes() {
  size_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

/// A block of which every page is in memory.
static void *allocate(size_t bytes) {
  void *memory = __wrap_malloc(bytes);
  EXPECT_NE(memory, nullptr);
  std::memset(memory, 1, bytes);
  return memory;
}

TEST(HostMemoryTest, LargeBlocksComeBack) {
  void *first = allocate(kLarge), *second = allocate(kLarge / 2);
  __wrap_free(first);
  __wrap_free(second);
  EXPECT_EQ(__wrap_malloc(kLarge / 2), second);
  // A little less is the same block.
  EXPECT_EQ(__wrap_malloc(kLarge - 4096), first);
  __wrap_free(first);
  __wrap_free(second);
  bevrtReturnHostMemory();
}

TEST(HostMemoryTest, AnotherSizeTakesThePlace) {
  void *block = allocate(kLarge);
  size_t before = getResidentBytes();
  __wrap_free(block);
  void *smaller = __wrap_malloc(kLarge / 2);
  EXPECT_LE(getResidentBytes() + kLarge / 2, before);
  __wrap_free(smaller);
  bevrtReturnHostMemory();
}

TEST(HostMemoryTest, WhatIsKeptIsReturned) {
  size_t before = getResidentBytes();
  __wrap_free(allocate(kLarge));
  EXPECT_GE(getResidentBytes(), before + kLarge / 2);
  bevrtReturnHostMemory();
  EXPECT_LE(getResidentBytes(), before + kLarge / 2);
  bevrtReturnHostMemory();
}

TEST(HostMemoryTest, BlocksAreThoseOfMalloc) {
  __wrap_free(nullptr);
  __wrap_free(std::malloc(100));
  std::free(__wrap_malloc(100));
  void *block = std::malloc(kLarge);
  __wrap_free(block);
  EXPECT_EQ(__wrap_malloc(kLarge), block);
  std::free(block);
  std::free(__wrap_malloc(0));
}

TEST(HostMemoryTest, TooMuchIsNull) {
  // Read at run time, so that compilers do not warn of it.
  volatile size_t bytes = ~size_t(0) / 2;
  EXPECT_EQ(__wrap_malloc(bytes), nullptr);
}

TEST(HostMemoryTest, ThreadsDoNotShareBlocks) {
  std::vector<std::thread> threads;
  for (char thread = 0; thread < 4; ++thread)
    threads.emplace_back([thread] {
      for (size_t i = 0; i < 200; ++i) {
        size_t bytes = kLarge / 64 * (1 + i % 3);
        auto *memory = static_cast<char *>(__wrap_malloc(bytes));
        std::memset(memory, thread, bytes);
        EXPECT_EQ(memory[0], thread);
        EXPECT_EQ(memory[bytes / 2], thread);
        EXPECT_EQ(memory[bytes - 1], thread);
        __wrap_free(memory);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  bevrtReturnHostMemory();
}
