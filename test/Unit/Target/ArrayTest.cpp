// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Array.h"
#include "llvm/ADT/APFloat.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstring>

using namespace mlir::bev;
using llvm::APFloat;
using llvm::APInt;

static float convert(const llvm::fltSemantics &semantics, uint16_t bits) {
  APFloat value(semantics, APInt(16, bits));
  bool losesInfo;
  value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven,
                &losesInfo);
  return value.convertToFloat();
}

static uint16_t round(const llvm::fltSemantics &semantics, float value) {
  APFloat result(value);
  bool losesInfo;
  result.convert(semantics, APFloat::rmNearestTiesToEven, &losesInfo);
  return result.bitcastToAPInt().getZExtValue();
}

TEST(ArrayTest, AllHalfPatternsConvert) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    float half = convert(APFloat::IEEEhalf(), bits),
          bf16 = convert(APFloat::BFloat(), bits);
    if (std::isnan(half)) {
      EXPECT_TRUE(std::isnan(halfToFloat(bits))) << bits;
    } else {
      EXPECT_EQ(halfToFloat(bits), half) << bits;
      EXPECT_EQ(std::signbit(halfToFloat(bits)), std::signbit(half)) << bits;
      EXPECT_EQ(floatToHalf(half), bits);
    }
    if (std::isnan(bf16)) {
      EXPECT_TRUE(std::isnan(bfloat16ToFloat(bits))) << bits;
    } else {
      EXPECT_EQ(bfloat16ToFloat(bits), bf16) << bits;
      EXPECT_EQ(floatToBFloat16(bf16), bits);
    }
  }
}

TEST(ArrayTest, FloatsRoundToNearestEven) {
  // Floats of all exponents, with mantissas around the ties of both formats.
  for (uint32_t high = 0; high < 0x10000; ++high) {
    for (uint32_t low : {0x0000u, 0x0001u, 0x0fffu, 0x1000u, 0x1001u, 0x7fffu,
                         0x8000u, 0x8001u, 0xf000u, 0xffffu}) {
      uint32_t bits = high << 16 | low;
      float value;
      std::memcpy(&value, &bits, sizeof value);
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(halfToFloat(floatToHalf(value)))) << bits;
        EXPECT_TRUE(std::isnan(bfloat16ToFloat(floatToBFloat16(value))))
            << bits;
        continue;
      }
      ASSERT_EQ(floatToHalf(value), round(APFloat::IEEEhalf(), value)) << value;
      ASSERT_EQ(floatToBFloat16(value), round(APFloat::BFloat(), value))
          << value;
    }
  }
}

TEST(ArrayTest, ByteSize) {
  EXPECT_EQ(getByteSize(DType::F32, {}), 4);
  EXPECT_EQ(getByteSize(DType::F32, {2, 3}), 24);
  EXPECT_EQ(getByteSize(DType::F32, {INT64_MAX, 0, INT64_MAX}), 0);
  EXPECT_EQ(getByteSize(DType::F32, {INT64_MAX}), std::nullopt);
  EXPECT_EQ(getByteSize(DType::F64, {int64_t(1) << 31, int64_t(1) << 31}),
            std::nullopt);
  EXPECT_EQ(getByteSize(DType::F32, {-1}), std::nullopt);
}

TEST(ArrayTest, DataIsAligned) {
  for (int64_t size : {0, 1, 15, 17, 1000}) {
    llvm::Expected<Array> array = Array::create(DType::F32, {size});
    ASSERT_TRUE(bool(array));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(array->getData()) % 64, 0u);
    EXPECT_EQ(array->getNumBytes(), size * 4);
  }
}

TEST(ArrayTest, TooLargeIsAnError) {
  llvm::Expected<Array> array = Array::create(DType::F32, {int64_t(1) << 62});
  ASSERT_FALSE(bool(array));
  EXPECT_EQ(llvm::toString(array.takeError()),
            "an array of 4611686018427387904 x float32 is too large for the "
            "address space");
}

TEST(ArrayTest, Formats) {
  EXPECT_EQ(formatShape({}), "scalar");
  EXPECT_EQ(formatShape({2, -1, 4}), "2x?x4");
  EXPECT_EQ(formatIndex({1, 2}), "[1, 2]");
  EXPECT_EQ(formatIndex({}), "[]");
}
