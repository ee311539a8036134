// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of operators that sample images, and that select boxes.

#include "InferenceTable.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev::onnx;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

static LogicalResult inferGridSample(Inference &i) {
  auto image = i.shape(0), grid = i.shape(1);
  if (!image || !grid) {
    std::optional<Shape> shape;
    if (image || grid)
      shape = Shape(image ? image->size() : grid->size(), kDynamic);
    i.set(0, i.element(0), shape);
    return success();
  }
  if (image->size() < 3 || grid->size() != image->size())
    return i.error()
           << "expected image and grid of one rank of at least 3, but "
              "got "
           << toString(*image) << " and " << toString(*grid);
  int64_t spatial = image->size() - 2;
  if (grid->back() != spatial && !ShapedType::isDynamic(grid->back()))
    return i.error() << "expected a grid of " << spatial
                     << " coordinates in its last dim, but got "
                     << grid->back();
  int64_t batch =
      ShapedType::isDynamic(image->front()) ? grid->front() : image->front();
  if (!ShapedType::isDynamic(grid->front()) && grid->front() != batch)
    return i.error() << "expected image and grid of one batch size, but got "
                     << batch << " and " << grid->front();
  Shape shape{batch, (*image)[1]};
  llvm::append_range(shape, ArrayRef<int64_t>(*grid).slice(1, spatial));
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferAffineGrid(Inference &i) {
  auto size = i.integers(1);
  auto theta = i.shape(0);
  if (!size || (size->size() != 4 && size->size() != 5)) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  Shape shape{size->front()};
  if (ShapedType::isDynamic(shape.front()) && theta && !theta->empty())
    shape.front() = theta->front();
  llvm::append_range(shape, ArrayRef<int64_t>(*size).drop_front(2));
  shape.push_back(size->size() - 2);
  i.set(0, i.element(0), shape);
  return success();
}

/// The floats of a known small constant.
static std::optional<SmallVector<float>> getFloats(Inference &i,
                                                   unsigned index) {
  Value value = i.node.input(index);
  auto partial = value ? i.values.get(value) : std::nullopt;
  if (!partial || partial->known ||
      !isa<FloatType>(partial->values.getElementType()))
    return std::nullopt;
  SmallVector<float> result;
  for (double number : partial->values.toDoubles())
    result.push_back(number);
  return result;
}

/// The input's sizes times scales, or sizes that are stated; one per axis.
static LogicalResult resize(Inference &i,
                            const std::optional<SmallVector<float>> &scales,
                            const std::optional<SmallVector<int64_t>> &sizes) {
  auto input = i.shape(0);
  if (!input) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  int64_t rank = input->size();
  SmallVector<int64_t> axes(rank);
  for (int64_t dim = 0; dim < rank; ++dim)
    axes[dim] = dim;
  if (auto stated = i.node.intsAttr("axes")) {
    auto normal = normalizeAxes(*stated, rank);
    if (!normal)
      return i.error() << "expected distinct axes within [-" << rank << ", "
                       << rank << "), but got " << toString(*stated);
    axes = *normal;
  }
  size_t count = scales ? scales->size() : sizes ? sizes->size() : axes.size();
  if (count != axes.size())
    return i.error() << "expected " << axes.size()
                     << " scales or sizes, one per axis, but got " << count;
  Shape shape = *input;
  StringRef policy = i.node.stringAttr("keep_aspect_ratio_policy", "stretch");
  if (sizes && policy != "stretch") {
    // One scale for all axes, the least or the largest of theirs.
    std::optional<double> scale;
    bool known = true;
    for (auto [axis, size] : llvm::zip_equal(axes, *sizes)) {
      known &= !ShapedType::isDynamic(size) &&
               !ShapedType::isDynamic(shape[axis]) && shape[axis] != 0;
      if (!known)
        break;
      double next = double(size) / double(shape[axis]);
      if (!scale)
        scale = next;
      scale = policy == "not_larger" ? std::min(*scale, next)
                                     : std::max(*scale, next);
    }
    for (int64_t axis : axes)
      shape[axis] =
          known ? int64_t(std::round(*scale * double(shape[axis]))) : kDynamic;
    i.set(0, i.element(0), shape);
    return success();
  }
  for (auto [index, axis] : llvm::enumerate(axes)) {
    int64_t &size = shape[axis];
    if (sizes) {
      size = (*sizes)[index];
    } else if (scales && !ShapedType::isDynamic(size)) {
      // In f32, as the scales are.
      float scaled = std::floor(float(size) * (*scales)[index]);
      if (!(scaled >= 0 && scaled < 1e18f))
        return i.error() << "expected positive scales";
      size = int64_t(scaled);
    } else {
      size = scales && (*scales)[index] == 1.0f ? size : kDynamic;
    }
  }
  i.set(0, i.element(0), shape);
  return success();
}

/// Whether an input is known to hold no elements, as if it were left out.
static bool isEmpty(Inference &i, unsigned index) {
  auto shape = i.shape(index);
  return !i.has(index) || (shape && llvm::is_contained(*shape, 0));
}

static LogicalResult inferResize(Inference &i) {
  unsigned scalesIndex = i.version() < 11 ? 1 : 2;
  if (i.version() >= 11 && !isEmpty(i, 3))
    return resize(i, std::nullopt, i.integers(3));
  return resize(i, getFloats(i, scalesIndex), std::nullopt);
}

static LogicalResult inferUpsample(Inference &i) {
  auto scales = i.node.floatsAttr("scales");
  return resize(i, scales ? scales : getFloats(i, 1), std::nullopt);
}

static LogicalResult inferRoiAlign(Inference &i) {
  auto input = i.shape(0), boxes = i.shape(1);
  i.set(0, i.element(0),
        Shape{boxes && !boxes->empty() ? boxes->front() : kDynamic,
              input && input->size() > 1 ? (*input)[1] : kDynamic,
              i.node.intAttr("output_height", 1),
              i.node.intAttr("output_width", 1)});
  return success();
}

static LogicalResult inferMaxRoiPool(Inference &i) {
  auto input = i.shape(0), boxes = i.shape(1);
  auto pooled = i.node.intsAttr("pooled_shape");
  if (!pooled || pooled->size() != 2)
    return i.error() << "expected attribute 'pooled_shape' of 2 elements";
  i.set(0, i.element(0),
        Shape{boxes && !boxes->empty() ? boxes->front() : kDynamic,
              input && input->size() > 1 ? (*input)[1] : kDynamic, (*pooled)[0],
              (*pooled)[1]});
  return success();
}

static LogicalResult inferNonMaxSuppression(Inference &i) {
  i.set(0, i.i64(), Shape{kDynamic, 3});
  return success();
}

void mlir::bev::onnx::addSamplingInferences(InferenceTable &table) {
  table["GridSample"] = {inferGridSample, 2};
  table["AffineGrid"] = {inferAffineGrid, 2};
  table["Resize"] = {inferResize, 1};
  table["Upsample"] = {inferUpsample, 1};
  table["RoiAlign"] = {inferRoiAlign, 3};
  table["MaxRoiPool"] = {inferMaxRoiPool, 2};
  table["NonMaxSuppression"] = {inferNonMaxSuppression, 2};
}
