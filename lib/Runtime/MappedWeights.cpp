// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "MappedWeights.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>

using namespace bev::rt;

namespace {
struct Range {
  size_t bytes = 0;
  unsigned references = 0;
};

struct Table {
  std::mutex mutex;
  /// By address.
  std::map<uintptr_t, Range> ranges;
};
} // namespace

static Table &table() {
  // Leaked on purpose: models may be unloaded by global destructors.
  static auto *instance = new Table();
  return *instance;
}

void bev::rt::addMappedWeights(const void *data, size_t bytes) {
  Table &all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  Range &range = all.ranges[reinterpret_cast<uintptr_t>(data)];
  range.bytes = bytes;
  ++range.references;
}

void bev::rt::removeMappedWeights(const void *data) {
  Table &all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  auto it = all.ranges.find(reinterpret_cast<uintptr_t>(data));
  if (it != all.ranges.end() && --it->second.references == 0)
    all.ranges.erase(it);
}

void bev::rt::releaseMappedWeights(const void *data, size_t bytes) {
  static const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  auto begin = reinterpret_cast<uintptr_t>(data);
  Table &all = table();
  // Held until the end: the memory must not become somebody else's.
  std::lock_guard<std::mutex> lock(all.mutex);
  auto it = all.ranges.upper_bound(begin);
  if (it == all.ranges.begin())
    return;
  --it;
  if (begin - it->first + bytes > it->second.bytes)
    return;
  // Pages that others have a part in stay.
  uintptr_t first = (begin + page - 1) / page * page,
            last = (begin + bytes) / page * page;
  if (first < last)
    (void)madvise(reinterpret_cast<void *>(first), last - first, MADV_DONTNEED);
}
