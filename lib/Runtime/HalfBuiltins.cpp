// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Runtime/HalfBuiltins.h"

#include "bev/Runtime/HalfFloat.h"

using namespace bev::rt;

// The ABIs of x86-64 and AArch64 pass 16-bit floats in the low bits of the
// register that a float is passed in, which is how these pass them: not all
// supported host compilers have such types.
static float pack(uint16_t bits) {
  uint32_t word = bits;
  float value;
  std::memcpy(&value, &word, sizeof value);
  return value;
}

static uint16_t unpack(float value) {
  uint32_t word;
  std::memcpy(&word, &value, sizeof word);
  return uint16_t(word);
}

/// Rounds to odd, after which rounding to a much narrower type gives the same
/// as rounding to that type at once.
static float narrow(double value) {
  float rounded = static_cast<float>(value);
  if (static_cast<double>(rounded) == value || value != value)
    return rounded;
  uint32_t bits;
  std::memcpy(&bits, &rounded, sizeof bits);
  // Toward zero, then the lowest bit says that something was cut off.  Rounding
  // up to infinity comes back as the largest finite value.
  double magnitude = value < 0 ? -value : value;
  double roundedMagnitude = rounded < 0 ? -rounded : rounded;
  if (roundedMagnitude > magnitude)
    --bits;
  bits |= 1;
  std::memcpy(&rounded, &bits, sizeof rounded);
  return rounded;
}

extern "C" float __wrap___truncsfhf2(float value) {
  return pack(floatToHalf(value));
}

extern "C" float __wrap___truncdfhf2(double value) {
  return pack(floatToHalf(narrow(value)));
}

extern "C" float __wrap___extendhfsf2(float value) {
  return halfToFloat(unpack(value));
}

extern "C" float __wrap___truncsfbf2(float value) {
  return pack(floatToBFloat16(value));
}

extern "C" float __wrap___truncdfbf2(double value) {
  return pack(floatToBFloat16(narrow(value)));
}

extern "C" float __wrap___extendbfsf2(float value) {
  return bfloat16ToFloat(unpack(value));
}
