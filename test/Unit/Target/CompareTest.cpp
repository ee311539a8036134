// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Compare.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace mlir::bev;

static const float kInf = std::numeric_limits<float>::infinity();
static const float kNaN = std::numeric_limits<float>::quiet_NaN();

template <typename T>
static Array makeArray(DType type, std::initializer_list<T> values) {
  Array array = llvm::cantFail(Array::create(type, {int64_t(values.size())}));
  // An empty list may begin at a null pointer.
  if (values.size() > 0)
    std::memcpy(array.getData(), values.begin(), values.size() * sizeof(T));
  return array;
}

static Comparison compareFloats(std::initializer_list<float> actual,
                                std::initializer_list<float> expected) {
  return compare(makeArray(DType::F32, actual),
                 makeArray(DType::F32, expected));
}

TEST(CompareTest, EqualArrays) {
  Comparison c = compareFloats({1, -2, 0}, {1, -2, -0.0f});
  EXPECT_EQ(c.maxAbs, 0);
  EXPECT_EQ(c.relativeL2, 0);
  EXPECT_EQ(c.worst, -1);
  EXPECT_TRUE(c.isWithin(0));
}

TEST(CompareTest, RelativeL2) {
  Comparison c = compareFloats({3, 4.5, 1}, {3, 4, 0});
  EXPECT_EQ(c.maxAbs, 1);
  EXPECT_EQ(c.worst, 2);
  EXPECT_DOUBLE_EQ(c.relativeL2, std::sqrt(1.25) / 5);
  EXPECT_FALSE(c.isWithin(0.2));
  EXPECT_TRUE(c.isWithin(0.3));
}

TEST(CompareTest, EmptyArrays) {
  Comparison c = compareFloats({}, {});
  EXPECT_TRUE(c.isWithin(0));
  EXPECT_EQ(c.worst, -1);
}

TEST(CompareTest, ZeroReference) {
  EXPECT_TRUE(compareFloats({0, 0}, {0, 0}).isWithin(0));
  EXPECT_EQ(compareFloats({0, 1e-30f}, {0, 0}).relativeL2, kInf);
}

TEST(CompareTest, EqualNaNsAreIgnored) {
  Comparison c = compareFloats({kNaN, 4, 3}, {kNaN, 4, 3});
  EXPECT_EQ(c.actualNaNs, 1);
  EXPECT_EQ(c.expectedNaNs, 1);
  EXPECT_TRUE(c.isWithin(0));
}

TEST(CompareTest, NaNsAtOtherPlacesDiffer) {
  // The counts agree, the places do not; a larger difference elsewhere does not
  // hide the place.
  Comparison c = compareFloats({9, kNaN, 1}, {1, 1, kNaN});
  EXPECT_EQ(c.actualNaNs, 1);
  EXPECT_EQ(c.expectedNaNs, 1);
  EXPECT_EQ(c.differingNaNs, 2);
  EXPECT_EQ(c.worst, 1);
  EXPECT_FALSE(c.isWithin(kInf));
}

TEST(CompareTest, Infinities) {
  EXPECT_TRUE(compareFloats({kInf, -kInf, 1}, {kInf, -kInf, 1}).isWithin(0));
  EXPECT_EQ(compareFloats({kInf, -kInf, 1}, {kInf, -kInf, 2}).relativeL2, 0.5);
  EXPECT_EQ(compareFloats({kInf}, {-kInf}).relativeL2, kInf);
  EXPECT_EQ(compareFloats({1}, {kInf}).relativeL2, kInf);
  EXPECT_EQ(compareFloats({kInf}, {1}).relativeL2, kInf);
}

TEST(CompareTest, LargeAndSmallValues) {
  Comparison c = compare(makeArray(DType::F64, {1e300, 1e300}),
                         makeArray(DType::F64, {1e300, 0.0}));
  EXPECT_DOUBLE_EQ(c.relativeL2, 1);
  c = compare(makeArray(DType::F64, {3e-200}), makeArray(DType::F64, {2e-200}));
  EXPECT_DOUBLE_EQ(c.relativeL2, 0.5);
}

TEST(CompareTest, MixedTypes) {
  Array bf16 = makeArray<uint16_t>(DType::BF16, {0x3f80, 0xc000, 0x7f80});
  EXPECT_TRUE(compare(bf16, makeArray(DType::F64, {1.0, -2.0, double(kInf)}))
                  .isWithin(0));
  Array half = makeArray<uint16_t>(DType::F16, {0x3c00, 0xc000, 0x7c00});
  EXPECT_TRUE(compare(half, bf16).isWithin(0));
  Array flags = makeArray<uint8_t>(DType::Bool, {1, 0});
  EXPECT_TRUE(
      compare(flags, makeArray<int64_t>(DType::I64, {1, 0})).isWithin(0));
}

TEST(CompareTest, Delinearize) {
  EXPECT_EQ(formatIndex(delinearize(23, {2, 3, 4})), "[1, 2, 3]");
  EXPECT_EQ(formatIndex(delinearize(5, {2, 3, 4})), "[0, 1, 1]");
  EXPECT_EQ(formatIndex(delinearize(0, {})), "[]");
}
