// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Runtime/HostMemory.h"

#include <cstdlib>
#include <malloc.h>
#include <mutex>
#include <vector>

namespace {
/// Smaller blocks the allocator keeps by itself.
constexpr size_t kMinBytes = size_t(1) << 20;

struct Block {
  void *memory;
  size_t bytes;
};

/// Blocks that code has freed. All of them go when none has the size that is
/// asked for, before a new one is made: with them no more memory is taken than
/// without.
class Kept {
public:
  /// Takes a block of at least `bytes`, not much of it wasted; or null.
  void *take(size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex);
    for (Block &block : blocks) {
      if (block.bytes < bytes || block.bytes - bytes > block.bytes / 8)
        continue;
      void *memory = block.memory;
      block = blocks.back();
      blocks.pop_back();
      return memory;
    }
    freeAll();
    return nullptr;
  }

  void add(void *memory, size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex);
    blocks.push_back({memory, bytes});
  }

  void clear() {
    std::lock_guard<std::mutex> lock(mutex);
    freeAll();
  }

private:
  void freeAll() {
    for (const Block &block : blocks)
      std::free(block.memory);
    blocks.clear();
  }

  std::mutex mutex;
  std::vector<Block> blocks;
};
} // namespace

static Kept &kept() {
  // Leaked on purpose: code may run while global objects are destroyed.
  static auto *instance = new Kept();
  return *instance;
}

extern "C" void *__wrap_malloc(size_t bytes) {
  if (bytes >= kMinBytes)
    if (void *memory = kept().take(bytes))
      return memory;
  return std::malloc(bytes);
}

extern "C" void __wrap_free(void *memory) {
  size_t bytes = memory ? malloc_usable_size(memory) : 0;
  if (bytes >= kMinBytes)
    kept().add(memory, bytes);
  else
    std::free(memory);
}

extern "C" void bevrtReturnHostMemory(void) { kept().clear(); }
