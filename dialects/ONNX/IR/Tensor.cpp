// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strided views of the elements of constant tensors.

#include "Tensor.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemAlloc.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace mlir::bev::onnx;

/// Constants above this many bytes become resources, which are neither
/// uniqued nor printed by default.
static constexpr int64_t kMaxInlineBytes = 1024;
static constexpr size_t kAlignment = 64;

std::optional<int64_t> mlir::bev::onnx::countElements(ArrayRef<int64_t> shape) {
  if (llvm::is_contained(shape, 0))
    return 0;
  int64_t count = 1;
  for (int64_t size : shape)
    if (size < 0 || llvm::MulOverflow(count, size, count))
      return std::nullopt;
  // Leaves room for counting bytes.
  if (count > std::numeric_limits<int64_t>::max() / 16)
    return std::nullopt;
  return count;
}

int64_t mlir::bev::onnx::getStorageBytes(Type elementType) {
  if (auto integer = dyn_cast<IntegerType>(elementType)) {
    unsigned width = integer.getWidth();
    if (width == 1 || width == 4 || width == 8)
      return 1;
    return width == 16 || width == 32 || width == 64 ? width / 8 : 0;
  }
  if (auto number = dyn_cast<FloatType>(elementType)) {
    unsigned width = number.getWidth();
    return width == 8 || width == 16 || width == 32 || width == 64 ? width / 8
                                                                   : 0;
  }
  return 0;
}

SmallVector<int64_t>
mlir::bev::onnx::getRowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (int64_t i = shape.size() - 1; i >= 0; --i) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

Tensor Tensor::allocate(Type elementType, ArrayRef<int64_t> shape) {
  Tensor result;
  result.elementType = elementType;
  result.shape.assign(shape.begin(), shape.end());
  result.strides = getRowMajorStrides(shape);
  size_t size = std::max<int64_t>(1, *countElements(shape) *
                                         getStorageBytes(elementType));
  char *buffer = static_cast<char *>(llvm::allocate_buffer(size, kAlignment));
  result.owner = std::shared_ptr<char>(buffer, [size](char *pointer) {
    llvm::deallocate_buffer(pointer, size, kAlignment);
  });
  result.bytes = buffer;
  return result;
}

std::optional<Tensor> Tensor::get(ElementsAttr elements) {
  auto type = dyn_cast<RankedTensorType>(elements.getShapedType());
  if (!type || !type.hasStaticShape() ||
      getStorageBytes(type.getElementType()) == 0)
    return std::nullopt;
  std::optional<int64_t> count = countElements(type.getShape());
  if (!count)
    return std::nullopt;
  Type elementType = type.getElementType();
  int64_t width = getStorageBytes(elementType);

  Tensor result;
  result.elementType = elementType;
  result.shape.assign(type.getShape().begin(), type.getShape().end());
  result.strides = getRowMajorStrides(type.getShape());
  bool isNibble = elementType.isInteger(4);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || int64_t(blob->getData().size()) != *count * width)
      return std::nullopt;
    ArrayRef<char> data = blob->getData();
    result.bytes = data.data();
    // Files put data at any offset.
    if (!llvm::isAddrAligned(llvm::Align(width), data.data())) {
      Tensor copy = allocate(elementType, type.getShape());
      llvm::copy(data, copy.mutableData<char>());
      result = std::move(copy);
    }
  } else if (auto dense = dyn_cast<DenseElementsAttr>(elements)) {
    if (elementType.isInteger(1)) {
      // Its raw data may hold eight to the byte.
      Tensor unpacked = allocate(
          elementType, dense.isSplat() ? ArrayRef<int64_t>() : type.getShape());
      bool *out = unpacked.mutableData<bool>();
      if (dense.isSplat()) {
        *out = dense.getSplatValue<bool>();
        return unpacked.broadcast(type.getShape());
      }
      for (bool value : dense.getValues<bool>())
        *out++ = value;
      return unpacked;
    }
    if (dense.isSplat())
      std::fill(result.strides.begin(), result.strides.end(), 0);
    if (int64_t(dense.getRawData().size()) !=
        (dense.isSplat() ? 1 : *count) * width)
      return std::nullopt;
    result.bytes = dense.getRawData().data();
  } else {
    return std::nullopt;
  }
  if (isNibble && !elementType.isUnsignedInteger())
    return mapElements<int8_t, int8_t>(result, elementType, [](int8_t value) {
      return int8_t(uint8_t(value) << 4) >> 4;
    });
  return result;
}

Tensor Tensor::fromIntegers(Type elementType, ArrayRef<int64_t> shape,
                            ArrayRef<int64_t> values) {
  Tensor result = allocate(elementType, shape);
  dispatchType(elementType, [&](auto tag) {
    using T = decltype(tag);
    llvm::transform(values, result.mutableData<T>(),
                    [](int64_t value) { return T(value); });
  });
  return result;
}

bool Tensor::isContiguous() const {
  int64_t stride = 1;
  for (int64_t i = shape.size() - 1; i >= 0; --i) {
    if (shape[i] != 1 && strides[i] != stride)
      return false;
    stride *= shape[i];
  }
  return true;
}

Tensor Tensor::contiguous() const {
  if (isContiguous()) {
    Tensor result = *this;
    result.strides = getRowMajorStrides(shape);
    return result;
  }
  Tensor result;
  dispatchStorage(elementType, [&](auto tag) {
    using T = decltype(tag);
    result =
        mapElements<T, T>(*this, elementType, [](T value) { return value; });
  });
  return result;
}

Tensor Tensor::reshape(ArrayRef<int64_t> newShape) const {
  Tensor result = contiguous();
  result.shape.assign(newShape.begin(), newShape.end());
  result.strides = getRowMajorStrides(newShape);
  return result;
}

Tensor Tensor::transpose(ArrayRef<int64_t> permutation) const {
  Tensor result = *this;
  for (auto [index, source] : llvm::enumerate(permutation)) {
    result.shape[index] = shape[source];
    result.strides[index] = strides[source];
  }
  return result;
}

Tensor Tensor::slice(ArrayRef<int64_t> starts, ArrayRef<int64_t> sizes,
                     ArrayRef<int64_t> steps) const {
  Tensor result = *this;
  int64_t offset = 0;
  for (int64_t i = 0, rank = getRank(); i < rank; ++i) {
    offset += starts[i] * strides[i];
    result.shape[i] = sizes[i];
    result.strides[i] *= steps[i];
  }
  // An empty slice may start behind the end.
  if (result.getNumElements() != 0)
    result.bytes += offset * getStorageBytes(elementType);
  return result;
}

Tensor Tensor::broadcast(ArrayRef<int64_t> newShape) const {
  Tensor result = *this;
  result.shape.assign(newShape.begin(), newShape.end());
  result.strides.assign(newShape.size(), 0);
  int64_t lead = newShape.size() - shape.size();
  for (int64_t i = 0, rank = getRank(); i < rank; ++i)
    result.strides[lead + i] = shape[i] == 1 ? 0 : strides[i];
  return result;
}

Tensor Tensor::bitcast(Type newElementType) const {
  Tensor result = *this;
  result.elementType = newElementType;
  return result;
}

/// The float with these bits of an IEEE half.
static float halfToFloat(uint16_t half) {
  uint32_t sign = uint32_t(half & 0x8000) << 16;
  uint32_t exponent = (half >> 10) & 0x1f, mantissa = half & 0x3ff;
  if (exponent == 0) {
    float magnitude = std::ldexp(float(mantissa), -24);
    return sign ? -magnitude : magnitude;
  }
  uint32_t bits = exponent == 0x1f
                      ? sign | 0x7f800000 | mantissa << 13
                      : sign | (exponent + 112) << 23 | mantissa << 13;
  return llvm::bit_cast<float>(bits);
}

/// Shifts right, rounding to nearest even.
static uint32_t shiftRounding(uint32_t value, unsigned shift) {
  uint32_t result = value >> shift, rest = value & ((1u << shift) - 1);
  uint32_t half = 1u << (shift - 1);
  return result + (rest > half || (rest == half && (result & 1)));
}

static uint16_t floatToHalf(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  uint16_t sign = (bits >> 16) & 0x8000;
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return sign | 0x7e00;
  if (magnitude >= 0x47800000)
    return sign | 0x7c00;
  if (magnitude < 0x33000000)
    return sign;
  if (magnitude < 0x38800000) {
    uint32_t mantissa = (magnitude & 0x7fffff) | 0x800000;
    return sign | shiftRounding(mantissa, 126 - (magnitude >> 23));
  }
  // A carry out of the mantissa raises the exponent, as it should.
  return sign | shiftRounding(magnitude - 0x38000000, 13);
}

static uint16_t floatToBfloat(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return (bits >> 16) | 0x40;
  return shiftRounding(bits & 0x7fffffff, 16) | ((bits >> 16) & 0x8000);
}

static bool isNarrowFloat(Type type) {
  auto number = dyn_cast<FloatType>(type);
  return number && number.getWidth() < 32;
}

static float narrowToFloat(uint16_t bits, FloatType type) {
  if (type.isF16())
    return halfToFloat(bits);
  if (type.isBF16())
    return llvm::bit_cast<float>(uint32_t(bits) << 16);
  APFloat value(type.getFloatSemantics(), APInt(type.getWidth(), bits));
  bool losesInfo;
  value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven,
                &losesInfo);
  return value.convertToFloat();
}

/// Rounds to a float narrower than f32. Only 8-bit types saturate.
template <typename T>
static uint16_t toNarrow(T number, FloatType type, bool saturate) {
  if (std::is_same_v<T, float> && type.isF16())
    return floatToHalf(number);
  if (std::is_same_v<T, float> && type.isBF16())
    return floatToBfloat(number);
  const llvm::fltSemantics &semantics = type.getFloatSemantics();
  APFloat value(number);
  bool losesInfo;
  bool isEight = type.getWidth() == 8;
  if (isEight && value.isInfinity() && saturate) {
    APFloat largest = APFloat::getLargest(semantics, value.isNegative());
    return largest.bitcastToAPInt().getZExtValue();
  }
  bool wasFinite = value.isFinite();
  value.convert(semantics, APFloat::rmNearestTiesToEven, &losesInfo);
  if (isEight && wasFinite && !value.isFinite() && saturate)
    value = APFloat::getLargest(semantics, number < 0);
  return value.bitcastToAPInt().getZExtValue();
}

/// A float as an integer, truncated. Out of range, where C++ leaves it open,
/// as x86 does it: through the next of 32 and 64 bits, whose smallest value
/// stands for all that do not fit.
template <typename To, typename From>
static To truncateToInteger(From value) {
  using Wide =
      std::conditional_t<(sizeof(To) < 4 || std::is_same_v<To, int32_t>),
                         int32_t, int64_t>;
  if constexpr (std::is_same_v<To, uint64_t>)
    if (value >= From(9223372036854775808.0) &&
        value < From(18446744073709551616.0))
      return uint64_t(value);
  constexpr From limit =
      sizeof(Wide) == 4 ? From(2147483648.0) : From(9223372036854775808.0);
  if (!(value < limit) || value < -limit)
    return To(std::numeric_limits<Wide>::min());
  return To(Wide(value));
}

template <typename To, typename From>
static To castElement(From value) {
  if constexpr (std::is_same_v<To, bool>)
    return value != From(0);
  else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>)
    return truncateToInteger<To>(value);
  else
    return To(value);
}

Tensor Tensor::widen() const {
  if (!isNarrowFloat(elementType))
    return *this;
  return cast(Float32Type::get(elementType.getContext()));
}

Tensor Tensor::cast(Type newElementType, bool saturate) const {
  if (newElementType == elementType)
    return *this;
  if (isNarrowFloat(elementType)) {
    auto type = llvm::cast<FloatType>(elementType);
    Type f32 = Float32Type::get(elementType.getContext());
    Tensor wide;
    auto convert = [&](auto bits) { return narrowToFloat(bits, type); };
    if (type.getWidth() == 8)
      wide = mapElements<uint8_t, float>(*this, f32, convert);
    else
      wide = mapElements<uint16_t, float>(*this, f32, convert);
    return wide.cast(newElementType, saturate);
  }
  Tensor result;
  if (isNarrowFloat(newElementType)) {
    auto type = llvm::cast<FloatType>(newElementType);
    dispatchType(elementType, [&](auto tag) {
      using From = decltype(tag);
      using Number =
          std::conditional_t<std::is_same_v<From, double>, double, float>;
      auto convert = [&](From value) {
        return toNarrow(Number(value), type, saturate);
      };
      if (type.getWidth() == 8)
        result = mapElements<From, uint8_t>(*this, newElementType, convert);
      else
        result = mapElements<From, uint16_t>(*this, newElementType, convert);
    });
    return result;
  }
  dispatchType(elementType, [&](auto fromTag) {
    using From = decltype(fromTag);
    dispatchType(newElementType, [&](auto toTag) {
      using To = decltype(toTag);
      result = mapElements<From, To>(*this, newElementType, [](From value) {
        return castElement<To>(value);
      });
    });
  });
  // Four-bit integers wrap around within their byte.
  if (newElementType.isInteger(4)) {
    bool isUnsigned = newElementType.isUnsignedInteger();
    uint8_t *data = result.mutableData<uint8_t>();
    for (int64_t i = 0, e = result.getNumElements(); i < e; ++i)
      data[i] = isUnsigned ? data[i] & 0xf : uint8_t(int8_t(data[i] << 4) >> 4);
  }
  return result;
}

SmallVector<int64_t> Tensor::toIntegers() const {
  Type i64 = IntegerType::get(elementType.getContext(), 64);
  Tensor wide = cast(i64).contiguous();
  const int64_t *data = wide.data<int64_t>();
  return SmallVector<int64_t>(data, data + getNumElements());
}

SmallVector<double> Tensor::toDoubles() const {
  Type f64 = Float64Type::get(elementType.getContext());
  Tensor wide = cast(f64).contiguous();
  const double *data = wide.data<double>();
  return SmallVector<double>(data, data + getNumElements());
}

ElementsAttr Tensor::toAttr() const {
  auto type = RankedTensorType::get(shape, elementType);
  Tensor dense = contiguous();
  int64_t count = getNumElements(), width = getStorageBytes(elementType);
  ArrayRef<char> raw(dense.bytes, count * width);
  bool isSplat = count > 0;
  for (int64_t i = 1; i < count && isSplat; ++i)
    isSplat = std::memcmp(raw.data(), raw.data() + i * width, width) == 0;
  if (elementType.isInteger(1) && (isSplat || count * width <= kMaxInlineBytes))
    return DenseElementsAttr::get(
        type, ArrayRef<bool>(dense.data<bool>(), isSplat ? 1 : count));
  if (isSplat)
    return DenseElementsAttr::getFromRawBuffer(type, raw.take_front(width));
  if (int64_t(raw.size()) <= kMaxInlineBytes)
    return DenseElementsAttr::getFromRawBuffer(type, raw);
  std::shared_ptr<char> keep = dense.owner;
  // What an attribute or a larger buffer owns is copied.
  if (!keep || keep.get() != dense.bytes)
    return DenseResourceElementsAttr::get(
        type, "folded",
        HeapAsmResourceBlob::allocateAndCopyWithAlign(raw, kAlignment));
  return DenseResourceElementsAttr::get(
      type, "folded",
      AsmResourceBlob(
          raw, kAlignment,
          [keep](void *, size_t, size_t) mutable { keep.reset(); },
          /*dataIsMutable=*/false));
}
