// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "MappedWeights.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace bev::rt;

static constexpr size_t kBytes = size_t(16) << 20;

namespace {
/// A file of `kBytes` with known content, mapped as the loader maps weights.
class MappedFile {
public:
  MappedFile() {
    FILE *file = std::tmpfile();
    EXPECT_NE(file, nullptr);
    std::vector<uint32_t> content(kBytes / 4);
    std::iota(content.begin(), content.end(), 0);
    EXPECT_EQ(std::fwrite(content.data(), 4, content.size(), file),
              content.size());
    std::fflush(file);
    data = static_cast<char *>(
        mmap(nullptr, kBytes, PROT_READ, MAP_PRIVATE, fileno(file), 0));
    EXPECT_NE(data, MAP_FAILED);
    std::fclose(file);
  }
  ~MappedFile() { munmap(data, kBytes); }

  bool isIntact() const {
    const auto *numbers = reinterpret_cast<const uint32_t *>(data);
    for (uint32_t i = 0; i < kBytes / 4; ++i)
      if (numbers[i] != i)
        return false;
    return true;
  }

  char *data;
};
} // namespace

/// What this process has of files in memory.
static size_t getFileBytes() {
  size_t total = 0, resident = 0, ofFiles = 0;
  std::ifstream("/proc/self/statm") >> total >> resident >> ofFiles;
  return ofFiles * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

TEST(MappedWeightsTest, ReleasedMemoryIsReadAgain) {
  MappedFile file;
  addMappedWeights(file.data, kBytes);
  ASSERT_TRUE(file.isIntact());
  size_t before = getFileBytes();
  releaseMappedWeights(file.data, kBytes);
  EXPECT_LE(getFileBytes() + kBytes / 2, before);
  EXPECT_TRUE(file.isIntact());
  // Parts, at any address.
  releaseMappedWeights(file.data + 100, kBytes / 2);
  releaseMappedWeights(file.data + 5000, 10);
  releaseMappedWeights(file.data + kBytes, 0);
  EXPECT_TRUE(file.isIntact());
  removeMappedWeights(file.data);
}

TEST(MappedWeightsTest, OtherMemoryStays) {
  std::vector<uint32_t> buffer(kBytes / 4, 7);
  auto isIntact = [&] {
    return std::all_of(buffer.begin(), buffer.end(),
                       [](uint32_t number) { return number == 7; });
  };
  releaseMappedWeights(buffer.data(), kBytes);
  EXPECT_TRUE(isIntact());
  // More than was said to be mapped.
  addMappedWeights(buffer.data(), 8192);
  releaseMappedWeights(buffer.data(), kBytes);
  releaseMappedWeights(buffer.data() + 1024, kBytes / 2);
  EXPECT_TRUE(isIntact());
  removeMappedWeights(buffer.data());
  releaseMappedWeights(buffer.data(), 8192);
  EXPECT_TRUE(isIntact());
  removeMappedWeights(buffer.data());
}

TEST(MappedWeightsTest, CallsNest) {
  MappedFile file;
  addMappedWeights(file.data, kBytes);
  addMappedWeights(file.data, kBytes);
  removeMappedWeights(file.data);
  ASSERT_TRUE(file.isIntact());
  size_t before = getFileBytes();
  releaseMappedWeights(file.data, kBytes);
  EXPECT_LE(getFileBytes() + kBytes / 2, before);
  removeMappedWeights(file.data);
}

TEST(MappedWeightsTest, OthersMayReadMeanwhile) {
  MappedFile file;
  addMappedWeights(file.data, kBytes);
  std::thread reader([&] {
    for (int i = 0; i < 10; ++i)
      EXPECT_TRUE(file.isIntact());
  });
  for (int i = 0; i < 100; ++i)
    releaseMappedWeights(file.data, kBytes);
  reader.join();
  removeMappedWeights(file.data);
}
