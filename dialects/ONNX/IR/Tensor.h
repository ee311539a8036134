// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strided views of the elements of constant tensors: what evaluation computes
// with.

#ifndef BEV_DIALECTS_ONNX_IR_TENSOR_H
#define BEV_DIALECTS_ONNX_IR_TENSOR_H

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

namespace mlir::bev::onnx {

/// The number of elements of a shape; nothing where that is not representable.
std::optional<int64_t> countElements(ArrayRef<int64_t> shape);

/// The bytes that one element takes in a `Tensor`, 0 for types without storage:
/// bool and 4-bit integers take one byte each.
int64_t getStorageBytes(Type elementType);

/// The strides of a contiguous tensor in elements.
SmallVector<int64_t> getRowMajorStrides(ArrayRef<int64_t> shape);

/// A view of elements in memory that it may share with others. Strides are in
/// elements and may be 0 or negative.
class Tensor {
public:
  Tensor() = default;

  /// Uninitialized elements of its own. The shape must be countable.
  static Tensor allocate(Type elementType, ArrayRef<int64_t> shape);
  /// The elements of a constant; nothing where they are not in memory or of a
  /// type without storage.
  static std::optional<Tensor> get(ElementsAttr elements);
  static Tensor fromIntegers(Type elementType, ArrayRef<int64_t> shape,
                             ArrayRef<int64_t> values);

  /// A constant with these elements. Equal elements become a splat; many
  /// become a resource.
  ElementsAttr toAttr() const;

  Type getElementType() const { return elementType; }
  ArrayRef<int64_t> getShape() const { return shape; }
  ArrayRef<int64_t> getStrides() const { return strides; }
  int64_t getRank() const { return shape.size(); }
  int64_t getDim(int64_t index) const { return shape[index]; }
  int64_t getNumElements() const { return *countElements(shape); }
  bool isContiguous() const;

  /// The first element.
  template <typename T>
  const T *data() const {
    return reinterpret_cast<const T *>(bytes);
  }
  /// The first element of a tensor just allocated.
  template <typename T>
  T *mutableData() {
    return reinterpret_cast<T *>(const_cast<char *>(bytes));
  }

  /// The same elements in row-major order without gaps.
  Tensor contiguous() const;
  /// A contiguous tensor with the same elements and another shape.
  Tensor reshape(ArrayRef<int64_t> newShape) const;
  /// Views that share the elements.
  Tensor transpose(ArrayRef<int64_t> permutation) const;
  Tensor slice(ArrayRef<int64_t> starts, ArrayRef<int64_t> sizes,
               ArrayRef<int64_t> steps) const;
  /// Numpy's broadcast to a shape that it must be compatible with.
  Tensor broadcast(ArrayRef<int64_t> newShape) const;
  /// The same bytes read as another type of the same storage.
  Tensor bitcast(Type newElementType) const;

  /// The same values as another type, by ONNX's rules for Cast: rounding to
  /// nearest even, and infinities or, where `saturate`, the largest value
  /// for floats out of the range of an 8-bit float.
  Tensor cast(Type newElementType, bool saturate = true) const;
  /// Floats narrower than f32 as f32; others as they are.
  Tensor widen() const;

  /// All elements as 64-bit integers (or doubles), for tensors of integers.
  SmallVector<int64_t> toIntegers() const;
  /// All elements as doubles.
  SmallVector<double> toDoubles() const;

private:
  Type elementType;
  SmallVector<int64_t> shape, strides;
  const char *bytes = nullptr;
  std::shared_ptr<char> owner;
};

/// Calls `f` with a value of the C++ type that computes with `elementType`;
/// fails for those without one (floats narrower than f32: widen first).
template <typename F>
bool dispatchType(Type elementType, F f) {
  if (elementType.isF32())
    return f(float()), true;
  if (elementType.isF64())
    return f(double()), true;
  auto integer = dyn_cast<IntegerType>(elementType);
  if (!integer)
    return false;
  if (integer.getWidth() == 1)
    return f(bool()), true;
  bool isUnsigned = integer.isUnsigned();
  switch (integer.getWidth()) {
  case 4:
  case 8:
    isUnsigned ? f(uint8_t()) : f(int8_t());
    return true;
  case 16:
    isUnsigned ? f(uint16_t()) : f(int16_t());
    return true;
  case 32:
    isUnsigned ? f(uint32_t()) : f(int32_t());
    return true;
  case 64:
    isUnsigned ? f(uint64_t()) : f(int64_t());
    return true;
  default:
    return false;
  }
}

/// Calls `f` with an unsigned integer as wide as the storage of the type.
template <typename F>
bool dispatchStorage(Type elementType, F f) {
  switch (getStorageBytes(elementType)) {
  case 1:
    return f(uint8_t()), true;
  case 2:
    return f(uint16_t()), true;
  case 4:
    return f(uint32_t()), true;
  case 8:
    return f(uint64_t()), true;
  default:
    return false;
  }
}

/// Visits a shape row by row: `f(offsets, n)` is called for each run along the
/// last dimension with the offsets that the strides give its first element.
template <size_t N, typename F>
void forEachRow(ArrayRef<int64_t> shape,
                const std::array<ArrayRef<int64_t>, N> &strides, F f) {
  for (int64_t size : shape)
    if (size == 0)
      return;
  std::array<int64_t, N> offsets{};
  if (shape.empty())
    return f(offsets, int64_t(1));
  int64_t rank = shape.size();
  SmallVector<int64_t> index(rank, 0);
  while (true) {
    f(offsets, shape[rank - 1]);
    int64_t dim = rank - 2;
    for (; dim >= 0; --dim) {
      for (size_t i = 0; i < N; ++i)
        offsets[i] += strides[i][dim];
      if (++index[dim] < shape[dim])
        break;
      for (size_t i = 0; i < N; ++i)
        offsets[i] -= strides[i][dim] * shape[dim];
      index[dim] = 0;
    }
    if (dim < 0)
      return;
  }
}

/// The innermost of strides, 0 for scalars.
inline int64_t innerStride(ArrayRef<int64_t> strides) {
  return strides.empty() ? 0 : strides.back();
}

/// Applies `f` to every element.
template <typename In, typename Out, typename F>
Tensor mapElements(const Tensor &input, Type outType, F f) {
  Tensor result = Tensor::allocate(outType, input.getShape());
  Out *out = result.mutableData<Out>();
  const In *in = input.data<In>();
  int64_t step = innerStride(input.getStrides());
  forEachRow<1>(input.getShape(), {input.getStrides()},
                [&](const std::array<int64_t, 1> &offsets, int64_t n) {
                  const In *row = in + offsets[0];
                  for (int64_t i = 0; i < n; ++i, row += step)
                    *out++ = Out(f(*row));
                });
  return result;
}

/// Applies `f` to the pairs of elements of two tensors of the same shape.
template <typename In, typename Out, typename F>
Tensor zipElements(const Tensor &lhs, const Tensor &rhs, Type outType, F f) {
  Tensor result = Tensor::allocate(outType, lhs.getShape());
  Out *out = result.mutableData<Out>();
  const In *a = lhs.data<In>(), *b = rhs.data<In>();
  int64_t stepA = innerStride(lhs.getStrides());
  int64_t stepB = innerStride(rhs.getStrides());
  forEachRow<2>(lhs.getShape(), {lhs.getStrides(), rhs.getStrides()},
                [&](const std::array<int64_t, 2> &offsets, int64_t n) {
                  const In *rowA = a + offsets[0], *rowB = b + offsets[1];
                  for (int64_t i = 0; i < n; ++i, rowA += stepA, rowB += stepB)
                    *out++ = Out(f(*rowA, *rowB));
                });
  return result;
}

} // namespace mlir::bev::onnx

#endif // BEV_DIALECTS_ONNX_IR_TENSOR_H
