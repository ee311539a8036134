// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of operators that only rearrange elements.

#include "InferenceTable.h"
#include "Tensor.h"

#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace mlir::bev::onnx;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

static bool allKnown(ArrayRef<int64_t> values) {
  return llvm::none_of(values, ShapedType::isDynamic);
}

/// A shape of that rank of which no size is known.
static Shape unknownShape(int64_t rank) { return Shape(rank, kDynamic); }

/// The number of elements of the input of rank 1 that holds a list.
static std::optional<int64_t> getListSize(Inference &i, unsigned index) {
  auto shape = i.shape(index);
  if (!shape || shape->size() != 1 || ShapedType::isDynamic(shape->front()))
    return std::nullopt;
  return shape->front();
}

static LogicalResult inferReshape(Inference &i) {
  auto target = i.list("shape", 1);
  auto input = i.shape(0);
  if (!target) {
    auto rank = getListSize(i, 1);
    // A bound that no tensor exceeds keeps hostile declarations small.
    std::optional<Shape> shape;
    if (rank && *rank <= 64)
      shape = unknownShape(*rank);
    i.set(0, i.element(0), shape);
    return success();
  }
  bool allowZero = i.node.intAttr("allowzero", 0) != 0;
  if (!input) {
    Shape shape(*target);
    for (int64_t &size : shape)
      if (size == -1 || (size == 0 && !allowZero))
        size = kDynamic;
    i.set(0, i.element(0), shape);
    return success();
  }
  auto shape = resolveReshape(*input, *target, allowZero);
  if (!shape)
    return i.error() << "expected a shape with as many elements as the input ("
                     << toString(*input) << "), but got " << toString(*target);
  i.set(0, i.element(0), shape);
  return success();
}

static int64_t multiply(ArrayRef<int64_t> sizes) {
  if (llvm::is_contained(sizes, 0))
    return 0;
  if (!allKnown(sizes))
    return kDynamic;
  return countElements(sizes).value_or(kDynamic);
}

static LogicalResult inferFlatten(Inference &i) {
  auto input = i.shape(0);
  if (!input) {
    i.set(0, i.element(0), unknownShape(2));
    return success();
  }
  int64_t rank = input->size(), axis = i.node.intAttr("axis", 1);
  if (axis < -rank || axis > rank)
    return i.error() << "expected an axis within [" << -rank << ", " << rank
                     << "], but got " << axis;
  axis = axis < 0 ? axis + rank : axis;
  ArrayRef<int64_t> sizes = *input;
  i.set(0, i.element(0),
        Shape{multiply(sizes.take_front(axis)),
              multiply(sizes.drop_front(axis))});
  return success();
}

static LogicalResult inferSqueeze(Inference &i) {
  auto input = i.shape(0);
  if (!input) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  if (i.lacksList("axes", 1)) {
    Shape shape;
    for (int64_t size : *input)
      if (size != 1)
        shape.push_back(size);
    i.set(0, i.element(0),
          allKnown(*input) ? std::optional<Shape>(shape) : std::nullopt);
    return success();
  }
  auto axes = i.list("axes", 1);
  if (!axes || !allKnown(*axes)) {
    auto count =
        axes ? std::optional<int64_t>(axes->size()) : getListSize(i, 1);
    bool fits = count && *count <= int64_t(input->size());
    i.set(0, i.element(0),
          fits ? std::optional<Shape>(unknownShape(input->size() - *count))
               : std::nullopt);
    return success();
  }
  auto normal = normalizeAxes(*axes, input->size());
  if (!normal)
    return i.error() << "expected distinct axes within [-" << input->size()
                     << ", " << input->size() << "), but got "
                     << toString(*axes);
  Shape shape;
  for (auto [index, size] : llvm::enumerate(*input)) {
    if (!llvm::is_contained(*normal, int64_t(index)))
      shape.push_back(size);
    else if (size != 1 && !ShapedType::isDynamic(size))
      return i.error() << "expected dim " << index
                       << " to be squeezed to have size 1, but got " << size;
  }
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferUnsqueeze(Inference &i) {
  auto input = i.shape(0);
  auto axes = i.list("axes", 1);
  if (!axes && i.lacksList("axes", 1))
    return i.error() << "expected axes, but got none";
  if (!input || !axes || !allKnown(*axes)) {
    auto count =
        axes ? std::optional<int64_t>(axes->size()) : getListSize(i, 1);
    i.set(0, i.element(0),
          input && count && *count <= 64
              ? std::optional<Shape>(unknownShape(input->size() + *count))
              : std::nullopt);
    return success();
  }
  int64_t rank = input->size() + axes->size();
  auto normal = normalizeAxes(*axes, rank);
  if (!normal)
    return i.error() << "expected distinct axes within [-" << rank << ", "
                     << rank << "), but got " << toString(*axes);
  Shape shape(rank, 1);
  for (int64_t index = 0, source = 0; index < rank; ++index)
    if (!llvm::is_contained(*normal, index))
      shape[index] = (*input)[source++];
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferTranspose(Inference &i) {
  auto input = i.shape(0);
  auto permutation = i.node.intsAttr("perm");
  if (permutation) {
    int64_t rank = input ? input->size() : permutation->size();
    auto normal = normalizeAxes(*permutation, rank);
    // Unlike axes, these do not count from the back.
    if (normal != permutation || int64_t(permutation->size()) != rank)
      return i.error() << "expected a permutation of " << rank
                       << " dims, but got " << toString(*permutation);
  }
  if (!input) {
    i.set(0, i.element(0),
          permutation ? std::optional<Shape>(unknownShape(permutation->size()))
                      : std::nullopt);
    return success();
  }
  if (!permutation) {
    permutation.emplace(input->size());
    std::iota(permutation->rbegin(), permutation->rend(), 0);
  }
  Shape shape;
  for (int64_t source : *permutation)
    shape.push_back((*input)[source]);
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferConcat(Inference &i) {
  SmallVector<unsigned> all(i.numInputs());
  std::iota(all.begin(), all.end(), 0);
  if (failed(i.checkSameElements(all)))
    return failure();
  Type element;
  std::optional<Shape> result;
  bool hasUnranked = false;
  for (unsigned index : all) {
    element = element ? element : i.element(index);
    auto shape = i.shape(index);
    if (!shape) {
      hasUnranked = true;
      continue;
    }
    if (!result) {
      result = shape;
      continue;
    }
    if (shape->size() != result->size())
      return i.error() << "expected inputs of one rank, but input " << index
                       << " has rank " << shape->size() << " and those before "
                       << result->size();
    auto axis = i.axis(i.node.intAttr("axis", 0), shape->size());
    if (failed(axis))
      return failure();
    for (int64_t dim = 0, rank = shape->size(); dim < rank; ++dim) {
      int64_t &size = (*result)[dim];
      int64_t other = (*shape)[dim];
      if (dim == *axis)
        size = ShapedType::isDynamic(size) || ShapedType::isDynamic(other)
                   ? kDynamic
                   : size + other;
      else if (ShapedType::isDynamic(size))
        size = other;
      else if (!ShapedType::isDynamic(other) && size != other)
        return i.error() << "expected input " << index << " to have dim " << dim
                         << " of size " << size << ", but got " << other;
    }
  }
  if (result) {
    auto axis = i.axis(i.node.intAttr("axis", 0), result->size());
    if (failed(axis))
      return failure();
    if (hasUnranked)
      (*result)[*axis] = kDynamic;
  }
  i.set(0, element, result);
  return success();
}

static LogicalResult inferSplit(Inference &i) {
  auto input = i.shape(0);
  unsigned count = i.numResults();
  if (!input) {
    for (unsigned index = 0; index < count; ++index)
      i.set(index, i.element(0), std::nullopt);
    return success();
  }
  auto axis = i.axis(i.node.intAttr("axis", 0), input->size());
  if (failed(axis))
    return failure();
  int64_t dim = (*input)[*axis];
  SmallVector<int64_t> sizes(count, kDynamic);
  if (auto stated = i.list("split", 1)) {
    if (stated->size() != count)
      return i.error() << "expected " << count
                       << " sizes, one per result, but got " << stated->size();
    sizes = *stated;
    int64_t sum = 0;
    for (int64_t size : sizes)
      if (ShapedType::isDynamic(size) || llvm::AddOverflow(sum, size, sum))
        sum = kDynamic;
    if (allKnown(sizes) && !ShapedType::isDynamic(dim) && sum != dim)
      return i.error() << "expected sizes that add up to " << dim
                       << ", but got " << sum;
  } else if (i.lacksList("split", 1) && !ShapedType::isDynamic(dim)) {
    int64_t parts = i.node.intAttr("num_outputs", count);
    if (parts != int64_t(count))
      return i.error() << "expected " << parts << " results, but got " << count;
    if (count != 0 && dim % count != 0 && i.version() < 18)
      return i.error() << "expected dim " << *axis << " of size " << dim
                       << " to split into " << count << " equal parts";
    if (count != 0)
      sizes = splitEvenly(dim, count);
  }
  for (auto [index, size] : llvm::enumerate(sizes)) {
    Shape shape = *input;
    shape[*axis] = size;
    i.set(index, i.element(0), shape);
  }
  return success();
}

static LogicalResult inferSlice(Inference &i) {
  auto input = i.shape(0);
  if (!input) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  int64_t rank = input->size();
  auto starts = i.list("starts", 1), ends = i.list("ends", 2),
       axes = i.list("axes", 3), steps = i.integers(4);
  if (!axes && i.lacksList("axes", 3)) {
    auto count =
        starts ? std::optional<int64_t>(starts->size()) : getListSize(i, 1);
    if (count && *count <= rank) {
      axes.emplace(*count);
      std::iota(axes->begin(), axes->end(), 0);
    }
  }
  if (!axes || !allKnown(*axes)) {
    i.set(0, i.element(0), unknownShape(rank));
    return success();
  }
  auto normal = normalizeAxes(*axes, rank);
  if (!normal)
    return i.error() << "expected distinct axes within [-" << rank << ", "
                     << rank << "), but got " << toString(*axes);
  size_t count = normal->size();
  if ((starts && starts->size() != count) || (ends && ends->size() != count) ||
      (steps && steps->size() != count))
    return i.error() << "expected as many starts, ends and steps as axes ("
                     << count << ")";
  Shape shape = *input;
  for (auto [index, axis] : llvm::enumerate(*normal)) {
    int64_t &size = shape[axis];
    int64_t start = starts ? (*starts)[index] : kDynamic;
    int64_t end = ends ? (*ends)[index] : kDynamic;
    int64_t step = steps ? (*steps)[index] : (i.has(4) ? kDynamic : 1);
    if (step == 0)
      return i.error() << "expected steps that are not 0";
    // The smallest integer also stands for what is not known; as an end of a
    // reversed slice it is common.
    bool endIsLowest =
        ends && end == kDynamic && (i.node.intsAttr("ends") || i.isKnown(2));
    bool known = !ShapedType::isDynamic(start) &&
                 !ShapedType::isDynamic(step) &&
                 (!ShapedType::isDynamic(end) || endIsLowest);
    if (ShapedType::isDynamic(size)) {
      // All of a dimension is as long as it.
      bool isWhole = known && step == 1 && start == 0 &&
                     end >= std::numeric_limits<int32_t>::max();
      // From the front of a dimension nothing is known; from the back of one
      // neither, as it may be shorter.
      size = isWhole ? size : kDynamic;
      if (known && step > 0 && start >= 0 && end >= 0 && end <= start)
        size = 0;
      continue;
    }
    size = known ? clampSlice(size, start, end, step).size : kDynamic;
  }
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferExpand(Inference &i) {
  auto input = i.shape(0);
  auto target = i.integers(1);
  if (!target) {
    auto count = getListSize(i, 1);
    std::optional<Shape> shape;
    if (input && count && *count <= 64)
      shape = unknownShape(std::max<int64_t>(*count, input->size()));
    i.set(0, i.element(0), shape);
    return success();
  }
  if (!input) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  for (int64_t size : *target)
    if (size < 0 && !ShapedType::isDynamic(size))
      return i.error() << "expected a shape of sizes of at least 0, but got "
                       << toString(*target);
  auto shape = broadcastShapes({*input, *target});
  if (!shape)
    return i.error() << "expected a shape that the input (" << toString(*input)
                     << ") broadcasts to, but got " << toString(*target);
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferTile(Inference &i) {
  auto input = i.shape(0);
  auto repeats = i.integers(1);
  if (!input || !repeats) {
    i.set(0, i.element(0),
          input ? std::optional<Shape>(unknownShape(input->size()))
                : std::nullopt);
    return success();
  }
  if (repeats->size() != input->size())
    return i.error() << "expected one repeat for each of the " << input->size()
                     << " dims, but got " << repeats->size();
  Shape shape = *input;
  for (auto [size, count] : llvm::zip_equal(shape, *repeats))
    if (ShapedType::isDynamic(count) || ShapedType::isDynamic(size))
      size = count == 1 ? size : kDynamic;
    else if (llvm::MulOverflow(size, count, size))
      return i.error() << "expected repeats whose result has a size";
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferPad(Inference &i) {
  auto input = i.shape(0);
  if (!input) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  int64_t rank = input->size();
  auto pads = i.list("pads", 1);
  SmallVector<int64_t> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  bool axesKnown = true;
  if (i.has(3)) {
    auto stated = i.integers(3);
    axesKnown = stated && allKnown(*stated);
    if (axesKnown) {
      auto normal = normalizeAxes(*stated, rank);
      if (!normal)
        return i.error() << "expected distinct axes within [-" << rank << ", "
                         << rank << "), but got " << toString(*stated);
      axes = *normal;
    }
  }
  if (!pads || !axesKnown) {
    i.set(0, i.element(0), unknownShape(rank));
    return success();
  }
  if (pads->size() != 2 * axes.size())
    return i.error() << "expected " << 2 * axes.size()
                     << " pads, two per dim, but got " << pads->size();
  Shape shape = *input;
  for (auto [index, axis] : llvm::enumerate(axes)) {
    int64_t before = (*pads)[index], after = (*pads)[index + axes.size()];
    int64_t &size = shape[axis];
    if (ShapedType::isDynamic(size) || ShapedType::isDynamic(before) ||
        ShapedType::isDynamic(after)) {
      size = before == 0 && after == 0 ? size : kDynamic;
      continue;
    }
    if (llvm::AddOverflow(size, before, size) ||
        llvm::AddOverflow(size, after, size))
      return i.error() << "expected pads whose result has a size";
  }
  i.set(0, i.element(0), shape);
  return success();
}

/// Blocks of pixels to channels or back.
static LogicalResult inferBlocks(Inference &i, bool toSpace) {
  auto input = i.shape(0);
  int64_t block = i.node.intAttr("blocksize", 0);
  if (block <= 0 || block > (1 << 20))
    return i.error() << "expected a positive block size, but got " << block;
  if (!input) {
    i.set(0, i.element(0), unknownShape(4));
    return success();
  }
  if (input->size() != 4)
    return i.error() << "expected an input of rank 4, but got "
                     << toString(*input);
  Shape shape = *input;
  auto scale = [&](unsigned dim, int64_t factor, bool up) -> LogicalResult {
    int64_t &size = shape[dim];
    if (ShapedType::isDynamic(size))
      return success();
    if (up ? llvm::MulOverflow(size, factor, size) : size % factor != 0)
      return i.error() << "expected dim " << dim << " of size " << size
                       << " to be a multiple of " << factor;
    if (!up)
      size /= factor;
    return success();
  };
  if (failed(scale(1, block * block, !toSpace)) ||
      failed(scale(2, block, toSpace)) || failed(scale(3, block, toSpace)))
    return failure();
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferDepthToSpace(Inference &i) {
  return inferBlocks(i, /*toSpace=*/true);
}

static LogicalResult inferSpaceToDepth(Inference &i) {
  return inferBlocks(i, /*toSpace=*/false);
}

static LogicalResult inferCenterCropPad(Inference &i) {
  auto input = i.shape(0);
  auto sizes = i.integers(1);
  if (!input || !sizes) {
    i.set(0, i.element(0),
          input ? std::optional<Shape>(unknownShape(input->size()))
                : std::nullopt);
    return success();
  }
  SmallVector<int64_t> axes(input->size());
  std::iota(axes.begin(), axes.end(), 0);
  auto normal =
      normalizeAxes(i.node.intsAttr("axes").value_or(axes), input->size());
  if (!normal || normal->size() != sizes->size())
    return i.error() << "expected one size for each axis";
  Shape shape = *input;
  for (auto [axis, size] : llvm::zip_equal(*normal, *sizes))
    shape[axis] = size;
  i.set(0, i.element(0), shape);
  return success();
}

void mlir::bev::onnx::addMovementInferences(InferenceTable &table) {
  table["Reshape"] = {inferReshape, 1};
  table["Flatten"] = {inferFlatten, 1};
  table["Squeeze"] = {inferSqueeze, 1};
  table["Unsqueeze"] = {inferUnsqueeze, 1};
  table["Transpose"] = {inferTranspose, 1};
  table["Concat"] = {inferConcat, 1};
  table["Split"] = {inferSplit, 1, kAnyNumber};
  table["Slice"] = {inferSlice, 1};
  table["Expand"] = {inferExpand, 2};
  table["Tile"] = {inferTile, 2};
  table["Pad"] = {inferPad, 1};
  table["DepthToSpace"] = {inferDepthToSpace, 1};
  table["SpaceToDepth"] = {inferSpaceToDepth, 1};
  table["CenterCropPad"] = {inferCenterCropPad, 2};
}
