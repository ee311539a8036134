// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "HalfBuiltins.h"

#include "bev/Target/Array.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"

#include <cstring>

using namespace mlir::bev;

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

static float truncsfhf2(float value) { return pack(floatToHalf(value)); }
static float truncsfbf2(float value) { return pack(floatToBFloat16(value)); }
static float extendhfsf2(float value) { return halfToFloat(unpack(value)); }
static float extendbfsf2(float value) { return bfloat16ToFloat(unpack(value)); }

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

static float truncdfhf2(double value) { return truncsfhf2(narrow(value)); }
static float truncdfbf2(double value) { return truncsfbf2(narrow(value)); }

llvm::Error mlir::bev::defineHalfBuiltins(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap symbols;
  auto define = [&](llvm::StringRef name, auto *function) {
    symbols[jit.mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(function),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  define("__truncsfhf2", truncsfhf2);
  define("__truncdfhf2", truncdfhf2);
  define("__extendhfsf2", extendhfsf2);
  define("__truncsfbf2", truncsfbf2);
  define("__truncdfbf2", truncdfbf2);
  define("__extendbfsf2", extendbfsf2);
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}
