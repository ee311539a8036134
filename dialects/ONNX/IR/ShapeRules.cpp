// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arithmetic on shapes that type inference and evaluation share.

#include "ShapeRules.h"
#include "Tensor.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev::onnx;

static bool isUnknown(int64_t size) { return ShapedType::isDynamic(size); }

std::optional<int64_t> mlir::bev::onnx::normalizeAxis(int64_t axis,
                                                      int64_t rank) {
  if (axis < -rank || axis >= rank)
    return std::nullopt;
  return axis < 0 ? axis + rank : axis;
}

std::optional<SmallVector<int64_t>>
mlir::bev::onnx::normalizeAxes(ArrayRef<int64_t> axes, int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    std::optional<int64_t> normal = normalizeAxis(axis, rank);
    if (!normal || llvm::is_contained(result, *normal))
      return std::nullopt;
    result.push_back(*normal);
  }
  return result;
}

std::optional<Shape>
mlir::bev::onnx::broadcastShapes(ArrayRef<ArrayRef<int64_t>> shapes) {
  size_t rank = 0;
  for (ArrayRef<int64_t> shape : shapes)
    rank = std::max(rank, shape.size());
  Shape result(rank, 1);
  for (ArrayRef<int64_t> shape : shapes) {
    size_t lead = rank - shape.size();
    for (auto [index, size] : llvm::enumerate(shape)) {
      int64_t &known = result[lead + index];
      if (size == 1 || size == known)
        continue;
      if (known == 1)
        known = size;
      else if (isUnknown(known))
        known = size;
      else if (!isUnknown(size))
        return std::nullopt;
    }
  }
  return result;
}

std::optional<Shape> mlir::bev::onnx::resolveReshape(ArrayRef<int64_t> input,
                                                     ArrayRef<int64_t> target,
                                                     bool allowZero) {
  Shape result(target);
  // What is left of input and result without the dimensions that a 0 copies:
  // their sizes need not be known.
  Shape rest(input), stated;
  std::optional<size_t> open;
  unsigned numUnknown = 0;
  for (auto [index, size] : llvm::enumerate(target)) {
    if (size == 0 && !allowZero) {
      if (index >= input.size())
        return std::nullopt;
      result[index] = input[index];
      rest[index] = 1;
    } else if (size == -1 || isUnknown(size)) {
      if (size == -1 && open && target[*open] == -1)
        return std::nullopt;
      ++numUnknown;
      open = index;
      result[index] = ShapedType::kDynamic;
    } else if (size < 0) {
      return std::nullopt;
    } else {
      stated.push_back(size);
    }
  }
  std::optional<int64_t> total = countElements(rest);
  std::optional<int64_t> known = countElements(stated);
  if (!known)
    return std::nullopt;
  // An empty input of unknown sizes may become any empty shape.
  bool isStatic = llvm::none_of(rest, isUnknown);
  if (isStatic && !total)
    return std::nullopt;
  if (!isStatic)
    return result;
  if (numUnknown == 0) {
    bool sameCount = *total == *known;
    // A copied dimension of size 0 makes both sides empty.
    if (!sameCount && !llvm::is_contained(result, 0))
      return std::nullopt;
    return result;
  }
  if (numUnknown == 1) {
    if (*known == 0)
      // Any size fits; -1 is then taken as 0 where the input is empty.
      return *total == 0 ? (result[*open] = 0, result) : std::optional<Shape>();
    if (*total % *known != 0)
      return std::nullopt;
    result[*open] = *total / *known;
  }
  return result;
}

SliceRange mlir::bev::onnx::clampSlice(int64_t dim, int64_t start, int64_t end,
                                       int64_t step) {
  if (start < 0)
    start = start < -dim ? -1 : start + dim;
  if (end < 0)
    end = end < -dim ? -1 : end + dim;
  if (step > 0) {
    start = std::clamp<int64_t>(start, 0, dim);
    end = std::clamp<int64_t>(end, 0, dim);
    int64_t length = std::max<int64_t>(0, end - start);
    // Rounds up without forming length + step, which may overflow.
    return {start, length == 0 ? 0 : (length - 1) / step + 1};
  }
  start = std::clamp<int64_t>(start, -1, dim - 1);
  end = std::clamp<int64_t>(end, -1, dim - 1);
  int64_t length = std::max<int64_t>(0, start - end);
  // The negation of the smallest integer is unsigned's own.
  uint64_t stride = uint64_t(0) - uint64_t(step);
  return {start, length == 0 ? 0 : int64_t(uint64_t(length - 1) / stride) + 1};
}

SmallVector<int64_t> mlir::bev::onnx::splitEvenly(int64_t dim, int64_t parts) {
  int64_t size = (dim + parts - 1) / parts;
  SmallVector<int64_t> result;
  for (int64_t i = 0; i < parts; ++i)
    result.push_back(std::clamp<int64_t>(dim - i * size, 0, size));
  return result;
}
