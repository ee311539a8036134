// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Array.h"

#include "bev/Runtime/HalfFloat.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>
#include <new>

using namespace mlir::bev;

int64_t mlir::bev::getByteWidth(DType type) {
  switch (type) {
  case DType::Bool:
  case DType::I8:
  case DType::U8:
    return 1;
  case DType::I16:
  case DType::U16:
  case DType::F16:
  case DType::BF16:
    return 2;
  case DType::I32:
  case DType::U32:
  case DType::F32:
    return 4;
  case DType::I64:
  case DType::U64:
  case DType::F64:
    return 8;
  }
  llvm_unreachable("unknown element type");
}

llvm::StringRef mlir::bev::getName(DType type) {
  switch (type) {
  case DType::Bool:
    return "bool";
  case DType::I8:
    return "int8";
  case DType::I16:
    return "int16";
  case DType::I32:
    return "int32";
  case DType::I64:
    return "int64";
  case DType::U8:
    return "uint8";
  case DType::U16:
    return "uint16";
  case DType::U32:
    return "uint32";
  case DType::U64:
    return "uint64";
  case DType::F16:
    return "float16";
  case DType::BF16:
    return "bfloat16";
  case DType::F32:
    return "float32";
  case DType::F64:
    return "float64";
  }
  llvm_unreachable("unknown element type");
}

bool mlir::bev::isFloat(DType type) {
  return type == DType::F16 || type == DType::BF16 || type == DType::F32 ||
         type == DType::F64;
}

float mlir::bev::halfToFloat(uint16_t bits) {
  return ::bev::rt::halfToFloat(bits);
}

float mlir::bev::bfloat16ToFloat(uint16_t bits) {
  return ::bev::rt::bfloat16ToFloat(bits);
}

uint16_t mlir::bev::floatToHalf(float value) {
  return ::bev::rt::floatToHalf(value);
}

uint16_t mlir::bev::floatToBFloat16(float value) {
  return ::bev::rt::floatToBFloat16(value);
}

std::string mlir::bev::formatShape(llvm::ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(
      shape, os, [&](int64_t size) { size < 0 ? os << '?' : os << size; }, "x");
  return text;
}

std::string mlir::bev::formatIndex(llvm::ArrayRef<int64_t> index) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(index, os);
  os << ']';
  return text;
}

std::optional<int64_t> mlir::bev::getByteSize(DType type,
                                              llvm::ArrayRef<int64_t> shape) {
  // An array with a zero size holds nothing, however large its other sizes are.
  int64_t size = getByteWidth(type);
  for (int64_t dim : shape)
    if (dim < 0)
      return std::nullopt;
  if (llvm::is_contained(shape, 0))
    return 0;
  for (int64_t dim : shape)
    if (llvm::MulOverflow(size, dim, size))
      return std::nullopt;
  return size;
}

llvm::Expected<Array> Array::create(DType type, llvm::ArrayRef<int64_t> shape) {
  std::optional<int64_t> numBytes = getByteSize(type, shape);
  // The size is rounded up to whole 64-byte lines.
  if (!numBytes || *numBytes > INT64_MAX - 64)
    return llvm::createStringError(
        "an array of %s x %s is too large for the address space",
        formatShape(shape).c_str(), getName(type).str().c_str());
  Array array;
  array.type = type;
  array.shape.assign(shape.begin(), shape.end());
  array.numElements = *numBytes / getByteWidth(type);
  array.data.reset(static_cast<char *>(std::aligned_alloc(
      64, std::max<size_t>(64, llvm::alignTo(uint64_t(*numBytes), 64)))));
  if (!array.data)
    return llvm::createStringError(
        "out of memory: cannot allocate %lld bytes for an array of %s",
        static_cast<long long>(*numBytes), formatShape(shape).c_str());
  return array;
}

template <typename T>
static T load(const char *data, int64_t index) {
  T value;
  std::memcpy(&value, data + index * sizeof(T), sizeof(T));
  return value;
}

long double Array::getValue(int64_t index) const {
  const char *base = data.get();
  switch (type) {
  case DType::Bool:
    return load<uint8_t>(base, index) != 0;
  case DType::I8:
    return load<int8_t>(base, index);
  case DType::I16:
    return load<int16_t>(base, index);
  case DType::I32:
    return load<int32_t>(base, index);
  case DType::I64:
    return load<int64_t>(base, index);
  case DType::U8:
    return load<uint8_t>(base, index);
  case DType::U16:
    return load<uint16_t>(base, index);
  case DType::U32:
    return load<uint32_t>(base, index);
  case DType::U64:
    return load<uint64_t>(base, index);
  case DType::F16:
    return halfToFloat(load<uint16_t>(base, index));
  case DType::BF16:
    return bfloat16ToFloat(load<uint16_t>(base, index));
  case DType::F32:
    return load<float>(base, index);
  case DType::F64:
    return load<double>(base, index);
  }
  llvm_unreachable("unknown element type");
}

void Array::reinterpret(DType newType) {
  assert(getByteWidth(newType) == getByteWidth(type) &&
         "expected the same width");
  type = newType;
}
