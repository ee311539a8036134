// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions between 16-bit floats and binary32: of the bits, to the nearest,
// ties to even; NaNs stay NaNs.  The C++ compilers that the project supports do
// not all have such types.

#ifndef BEV_RUNTIME_HALFFLOAT_H
#define BEV_RUNTIME_HALFFLOAT_H

#include <cstdint>
#include <cstring>

namespace bev::rt {

inline uint32_t bitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float floatOf(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline float halfToFloat(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16;
  uint32_t exponent = (bits >> 10) & 0x1f;
  uint32_t mantissa = bits & 0x3ff;
  if (exponent == 0) {
    // Zero and subnormals: mantissa * 2^-24 is exact in binary32.
    float magnitude = float(mantissa) * 0x1p-24f;
    return floatOf(sign | bitsOf(magnitude));
  }
  if (exponent == 31)
    return floatOf(sign | 0x7f800000u | (mantissa << 13));
  return floatOf(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

inline float bfloat16ToFloat(uint16_t bits) {
  return floatOf(uint32_t(bits) << 16);
}

inline uint16_t floatToHalf(float value) {
  uint32_t bits = bitsOf(value);
  uint16_t sign = (bits >> 16) & 0x8000;
  bits &= 0x7fffffffu;
  if (bits > 0x7f800000u)
    return sign | 0x7e00 | ((bits >> 13) & 0x1ff);
  // From 65520 up, the nearest representable value would be 65536.
  if (bits >= 0x477ff000u)
    return sign | 0x7c00;
  if (bits < 0x38800000u) {
    // Adding 0.5 leaves, in the lowest bits of the mantissa, the value in units
    // of 2^-24, rounded to nearest even by the addition.
    return sign | uint16_t(bitsOf(floatOf(bits) + 0.5f) - bitsOf(0.5f));
  }
  bits += 0xfffu + ((bits >> 13) & 1);
  return sign | uint16_t((bits - (112u << 23)) >> 13);
}

inline uint16_t floatToBFloat16(float value) {
  uint32_t bits = bitsOf(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u)
    return uint16_t(bits >> 16) | 0x40;
  return uint16_t((bits + 0x7fffu + ((bits >> 16) & 1)) >> 16);
}

} // namespace bev::rt

#endif // BEV_RUNTIME_HALFFLOAT_H
