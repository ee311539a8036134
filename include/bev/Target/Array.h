// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dense arrays on the host: what .npz files hold and functions take and return.

#ifndef BEV_TARGET_ARRAY_H
#define BEV_TARGET_ARRAY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

namespace mlir::bev {

/// Element types of arrays.  `BF16` has no NumPy counterpart and is stored
/// there as the bit patterns in `uint16`.
enum class DType {
  Bool,
  I8,
  I16,
  I32,
  I64,
  U8,
  U16,
  U32,
  U64,
  F16,
  BF16,
  F32,
  F64
};

/// Bytes of one element.
int64_t getByteWidth(DType type);

/// The name NumPy gives the type ("float32"); "bfloat16" for BF16.
llvm::StringRef getName(DType type);

/// Whether the type is a floating-point type.
bool isFloat(DType type);

/// The value of a binary16 or bfloat16 bit pattern, and the nearest such bit
/// pattern (ties to even; NaNs stay NaNs) of a value.
float halfToFloat(uint16_t bits);
float bfloat16ToFloat(uint16_t bits);
uint16_t floatToHalf(float value);
uint16_t floatToBFloat16(float value);

/// "2x3x4" for a shape; "scalar" for rank 0; dynamic sizes (negative) as "?".
std::string formatShape(llvm::ArrayRef<int64_t> shape);

/// An index as "[1, 2, 3]".
std::string formatIndex(llvm::ArrayRef<int64_t> index);

/// The number of bytes of an array, or none when it does not fit into 63 bits
/// or a size is negative.
std::optional<int64_t> getByteSize(DType type, llvm::ArrayRef<int64_t> shape);

/// A contiguous row-major array whose data is aligned to 64 bytes.
class Array {
public:
  Array() = default;

  /// An array of indeterminate contents; fails where the memory cannot be had.
  static llvm::Expected<Array> create(DType type,
                                      llvm::ArrayRef<int64_t> shape);

  DType getType() const { return type; }
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getNumElements() const { return numElements; }
  int64_t getNumBytes() const { return numElements * getByteWidth(type); }
  char *getData() { return data.get(); }
  const char *getData() const { return data.get(); }

  /// Element `index` of the row-major order, as the widest type that holds
  /// every 64-bit integer and every double exactly.
  long double getValue(int64_t index) const;

  /// Says that the bits are of another type of the same width.
  void reinterpret(DType newType);

private:
  struct Free {
    void operator()(char *pointer) const { std::free(pointer); }
  };

  DType type = DType::F32;
  llvm::SmallVector<int64_t, 6> shape;
  int64_t numElements = 0;
  std::unique_ptr<char, Free> data;
};

} // namespace mlir::bev

#endif // BEV_TARGET_ARRAY_H
