// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Malformed containers are tested with bev-run, where Python can make them.

#include "bev/Target/NPZ.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"

#include <cstring>
#include <fstream>
#include <numeric>

using namespace mlir::bev;

namespace {
class NPZTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("bev-npz", directory));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(directory); }

  std::string getPath(llvm::StringRef name) const {
    llvm::SmallString<128> path = directory;
    llvm::sys::path::append(path, name);
    return path.str().str();
  }

  llvm::SmallString<128> directory;
};
} // namespace

static Array makeIota(DType type, llvm::ArrayRef<int64_t> shape) {
  Array array = llvm::cantFail(Array::create(type, shape));
  std::iota(array.getData(), array.getData() + array.getNumBytes(), 0);
  return array;
}

TEST_F(NPZTest, RoundTrips) {
  Array a = makeIota(DType::F32, {3, 5}), b = makeIota(DType::Bool, {0, 4}),
        c = makeIota(DType::I64, {}), d = makeIota(DType::BF16, {7});
  std::string path = getPath("a.npz");
  ASSERT_FALSE(
      bool(writeNPZ(path, {{"a", &a}, {"b c", &b}, {"d/e", &c}, {"bf", &d}})));
  llvm::Expected<std::unique_ptr<NPZReader>> reader = NPZReader::open(path);
  ASSERT_TRUE(bool(reader)) << llvm::toString(reader.takeError());
  EXPECT_EQ((*reader)->getNames(),
            llvm::ArrayRef<std::string>({"a", "b c", "d/e", "bf"}));
  for (auto [name, array] :
       {std::pair("a", &a), std::pair("b c", &b), std::pair("d/e", &c)}) {
    llvm::Expected<Array> read = (*reader)->read(name);
    ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
    EXPECT_EQ(read->getType(), array->getType());
    EXPECT_EQ(read->getShape(), array->getShape());
    EXPECT_EQ(
        std::memcmp(read->getData(), array->getData(), array->getNumBytes()),
        0);
  }
  EXPECT_EQ((*reader)->readHeader("bf")->type, DType::U16);
  llvm::Expected<Array> missing = (*reader)->read("x");
  ASSERT_FALSE(bool(missing));
  EXPECT_EQ(llvm::toString(missing.takeError()),
            "'" + path + "': array 'x' does not exist");
}

TEST_F(NPZTest, ReplacesAnExistingFile) {
  Array a = makeIota(DType::F32, {3}), b = makeIota(DType::F32, {4});
  std::string path = getPath("a.npz");
  ASSERT_FALSE(bool(writeNPZ(path, {{"a", &a}})));
  ASSERT_FALSE(bool(writeNPZ(path, {{"b", &b}})));
  auto reader = llvm::cantFail(NPZReader::open(path));
  EXPECT_EQ(reader->getNames(), llvm::ArrayRef<std::string>({"b"}));
}

TEST_F(NPZTest, WritesOnlyRegularFiles) {
  Array a = makeIota(DType::F32, {3});
  EXPECT_EQ(
      llvm::toString(writeNPZ("/dev/null", {{"a", &a}})),
      "'/dev/null': cannot be written: it exists and is not a regular file");
  std::string path = getPath("missing/a.npz");
  EXPECT_NE(
      llvm::toString(writeNPZ(path, {{"a", &a}})).find("cannot be written: "),
      std::string::npos);
  EXPECT_NE(llvm::toString(writeNPZ(getPath("b.npz"), {})).find("no arrays"),
            std::string::npos);
}

TEST_F(NPZTest, AllOfATruncatedFileIsRefused) {
  Array a = makeIota(DType::F32, {3});
  std::string path = getPath("a.npz"), cut = getPath("cut.npz");
  ASSERT_FALSE(bool(writeNPZ(path, {{"a", &a}})));
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)),
                    std::istreambuf_iterator<char>());
  for (size_t length = 0; length < bytes.size(); ++length) {
    std::ofstream(cut, std::ios::binary) << bytes.substr(0, length);
    llvm::Expected<std::unique_ptr<NPZReader>> reader = NPZReader::open(cut);
    EXPECT_FALSE(bool(reader)) << length;
    llvm::consumeError(reader.takeError());
  }
}

TEST_F(NPZTest, EveryFlippedBitIsHandled) {
  // Damaged files are refused, or give the array that was written: the checksum
  // guards the data.
  Array a = makeIota(DType::F32, {3});
  std::string path = getPath("a.npz"), damaged = getPath("damaged.npz");
  ASSERT_FALSE(bool(writeNPZ(path, {{"a", &a}})));
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)),
                    std::istreambuf_iterator<char>());
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string changed = bytes;
    changed[bit / 8] ^= 1 << bit % 8;
    std::ofstream(damaged, std::ios::binary) << changed;
    llvm::Expected<std::unique_ptr<NPZReader>> reader =
        NPZReader::open(damaged);
    if (!reader) {
      llvm::consumeError(reader.takeError());
      continue;
    }
    for (const std::string &name : (*reader)->getNames()) {
      llvm::Expected<Array> read = (*reader)->read(name);
      if (!read) {
        llvm::consumeError(read.takeError());
        continue;
      }
      EXPECT_EQ(std::memcmp(read->getData(), a.getData(), a.getNumBytes()), 0)
          << bit;
    }
  }
}
