// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of convolutions and poolings.

#include "InferenceTable.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev::onnx;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

namespace {
/// The window that moves over the spatial dims, by its attributes.
struct Window {
  SmallVector<int64_t> kernel, strides, dilations, pads;
  StringRef autoPad;
  bool ceil;
};
} // namespace

/// Reads a window of that many spatial dims; unset attributes get defaults.
static FailureOr<Window> getWindow(Inference &i, int64_t rank,
                                   std::optional<SmallVector<int64_t>> kernel) {
  Window window;
  window.autoPad = i.node.stringAttr("auto_pad", "NOTSET");
  window.ceil = i.node.intAttr("ceil_mode", 0) != 0;
  auto read = [&](StringRef name, size_t size, int64_t otherwise, int64_t least,
                  SmallVector<int64_t> &list) -> LogicalResult {
    list =
        i.node.intsAttr(name).value_or(SmallVector<int64_t>(size, otherwise));
    if (list.size() != size)
      return i.error() << "expected attribute '" << name << "' to have " << size
                       << " elements, but got " << list.size();
    for (int64_t value : list)
      if (value < least || value > std::numeric_limits<int32_t>::max())
        return i.error() << "expected elements of attribute '" << name
                         << "' of at least " << least << ", but got " << value;
    return success();
  };
  if (failed(read("strides", rank, 1, 1, window.strides)) ||
      failed(read("dilations", rank, 1, 1, window.dilations)) ||
      failed(read("pads", 2 * rank, 0, std::numeric_limits<int32_t>::min(),
                  window.pads)))
    return failure();
  if (i.node.intsAttr("kernel_shape")) {
    if (failed(read("kernel_shape", rank, 1, 1, window.kernel)))
      return failure();
    for (int64_t dim = 0; kernel && dim < rank; ++dim)
      if (!ShapedType::isDynamic((*kernel)[dim]) &&
          (*kernel)[dim] != window.kernel[dim])
        return i.error() << "expected attribute 'kernel_shape' to be that of "
                            "the weights ("
                         << toString(*kernel) << "), but got "
                         << toString(window.kernel);
  } else if (kernel) {
    window.kernel = *kernel;
  } else {
    window.kernel.assign(rank, kDynamic);
  }
  return window;
}

/// How often the window fits into a dim.
static int64_t slide(const Window &window, int64_t dim, int64_t size) {
  if (ShapedType::isDynamic(size))
    return kDynamic;
  int64_t stride = window.strides[dim];
  if (window.autoPad == "SAME_UPPER" || window.autoPad == "SAME_LOWER")
    return llvm::divideCeil(size, stride);
  int64_t kernel = window.kernel[dim];
  if (ShapedType::isDynamic(kernel))
    return kDynamic;
  int64_t rank = window.kernel.size(), before = 0, after = 0;
  if (window.autoPad != "VALID") {
    before = window.pads[dim];
    after = window.pads[dim + rank];
  }
  int64_t extent = (kernel - 1) * window.dilations[dim] + 1;
  int64_t room = size + before + after - extent;
  if (room < 0)
    return llvm::divideFloorSigned(room, stride) + 1 == 0 ? 0 : -1;
  if (!window.ceil)
    return room / stride + 1;
  int64_t count = llvm::divideCeil(room, stride) + 1;
  // A window must not begin behind the input and the padding before it.
  return (count - 1) * stride >= size + before ? count - 1 : count;
}

/// A convolution of the inputs `x` and `w`.
static LogicalResult inferConvLike(Inference &i, unsigned x, unsigned w,
                                   Type element) {
  auto input = i.shape(x), weights = i.shape(w);
  if (!input) {
    std::optional<Shape> shape;
    if (weights && weights->size() >= 2) {
      shape = Shape(weights->size(), kDynamic);
      (*shape)[1] = weights->front();
    }
    i.set(0, element, shape);
    return success();
  }
  if (input->size() < 3)
    return i.error() << "expected an input of batch, channels and spatial "
                        "dims, but got "
                     << toString(*input);
  int64_t rank = input->size() - 2;
  std::optional<SmallVector<int64_t>> kernel;
  if (weights) {
    if (weights->size() != input->size())
      return i.error() << "expected weights of the rank of the input ("
                       << input->size() << "), but got " << toString(*weights);
    kernel.emplace(ArrayRef<int64_t>(*weights).drop_front(2));
    int64_t group = i.node.intAttr("group", 1), channels = (*input)[1];
    int64_t perGroup = (*weights)[1];
    int64_t expected;
    if (group <= 0)
      return i.error() << "expected a positive group, but got " << group;
    if (!ShapedType::isDynamic(channels) && !ShapedType::isDynamic(perGroup) &&
        (llvm::MulOverflow(perGroup, group, expected) || expected != channels))
      return i.error() << "expected the input's channels to be the weights' ("
                       << perGroup << ") times group (" << group
                       << "), but got " << channels;
  }
  auto window = getWindow(i, rank, kernel);
  if (failed(window))
    return failure();
  Shape shape{input->front(), weights ? weights->front() : kDynamic};
  for (int64_t dim = 0; dim < rank; ++dim)
    shape.push_back(slide(*window, dim, (*input)[dim + 2]));
  i.set(0, element, shape);
  return success();
}

static LogicalResult inferConv(Inference &i) {
  if (failed(i.checkSameElements({0, 1, 2})))
    return failure();
  return inferConvLike(i, 0, 1, i.element(0) ? i.element(0) : i.element(1));
}

static LogicalResult inferConvInteger(Inference &i) {
  return inferConvLike(i, 0, 1, IntegerType::get(i.context(), 32));
}

static LogicalResult inferQLinearConv(Inference &i) {
  return inferConvLike(i, 0, 3, i.element(7));
}

static LogicalResult inferConvTranspose(Inference &i) {
  if (failed(i.checkSameElements({0, 1, 2})))
    return failure();
  auto input = i.shape(0), weights = i.shape(1);
  if (!input || !weights) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  if (input->size() < 3 || weights->size() != input->size())
    return i.error() << "expected input and weights of one rank of at least 3, "
                        "but got "
                     << toString(*input) << " and " << toString(*weights);
  int64_t rank = input->size() - 2, group = i.node.intAttr("group", 1);
  if ((*input)[1] != (*weights)[0] && !ShapedType::isDynamic((*input)[1]) &&
      !ShapedType::isDynamic((*weights)[0]))
    return i.error() << "expected the input to have as many channels as dim 0 "
                        "of the weights ("
                     << (*weights)[0] << "), but got " << (*input)[1];
  auto window = getWindow(
      i, rank, SmallVector<int64_t>(ArrayRef<int64_t>(*weights).drop_front(2)));
  if (failed(window))
    return failure();
  int64_t channels = (*weights)[1];
  if (!ShapedType::isDynamic(channels) &&
      llvm::MulOverflow(channels, group, channels))
    return i.error() << "expected a group whose channels can be counted";
  Shape shape{input->front(), channels};
  SmallVector<int64_t> zeros(rank, 0);
  SmallVector<int64_t> extra =
      i.node.intsAttr("output_padding").value_or(zeros);
  auto stated = i.node.intsAttr("output_shape");
  if (int64_t(extra.size()) != rank ||
      (stated && int64_t(stated->size()) != rank &&
       int64_t(stated->size()) != rank + 2))
    return i.error() << "expected one element of output_padding and "
                        "output_shape for each of the "
                     << rank << " spatial dims";
  for (int64_t dim = 0; dim < rank; ++dim) {
    int64_t size = (*input)[dim + 2], kernel = window->kernel[dim];
    if (stated) {
      shape.push_back(stated->end()[dim - rank]);
      continue;
    }
    bool isSame = window->autoPad.starts_with("SAME");
    if (ShapedType::isDynamic(size) || ShapedType::isDynamic(kernel)) {
      shape.push_back(kDynamic);
      continue;
    }
    int64_t stride = window->strides[dim];
    if (isSame) {
      shape.push_back(size * stride);
      continue;
    }
    int64_t pads = window->autoPad == "VALID"
                       ? 0
                       : window->pads[dim] + window->pads[dim + rank];
    shape.push_back(stride * (size - 1) + extra[dim] +
                    (kernel - 1) * window->dilations[dim] + 1 - pads);
  }
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferPool(Inference &i) {
  auto input = i.shape(0);
  if (!input) {
    i.set(0, i.element(0), std::nullopt);
    i.set(1, i.i64(), std::nullopt);
    return success();
  }
  if (input->size() < 3)
    return i.error() << "expected an input of batch, channels and spatial "
                        "dims, but got "
                     << toString(*input);
  if (!i.node.intsAttr("kernel_shape"))
    return i.error() << "expected attribute 'kernel_shape'";
  int64_t rank = input->size() - 2;
  auto window = getWindow(i, rank, std::nullopt);
  if (failed(window))
    return failure();
  Shape shape{(*input)[0], (*input)[1]};
  for (int64_t dim = 0; dim < rank; ++dim)
    shape.push_back(slide(*window, dim, (*input)[dim + 2]));
  i.set(0, i.element(0), shape);
  i.set(1, i.i64(), shape);
  return success();
}

static LogicalResult inferGlobalPool(Inference &i) {
  auto shape = i.shape(0);
  if (shape)
    for (size_t dim = 2; dim < shape->size(); ++dim)
      (*shape)[dim] = 1;
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferMaxUnpool(Inference &i) {
  auto input = i.shape(0);
  if (!input || input->size() < 3) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  int64_t rank = input->size() - 2;
  Shape shape = *input;
  if (i.has(2)) {
    auto stated = i.integers(2);
    if (stated && int64_t(stated->size()) == rank + 2)
      shape = *stated;
    else
      std::fill(shape.begin(), shape.end(), kDynamic);
  } else {
    auto window = getWindow(i, rank, std::nullopt);
    if (failed(window))
      return failure();
    for (int64_t dim = 0; dim < rank; ++dim) {
      int64_t &size = shape[dim + 2];
      if (!ShapedType::isDynamic(size) &&
          !ShapedType::isDynamic(window->kernel[dim]))
        size = (size - 1) * window->strides[dim] + window->kernel[dim] -
               window->pads[dim] - window->pads[dim + rank];
      else
        size = kDynamic;
    }
  }
  i.set(0, i.element(0), shape);
  return success();
}

/// The image that columns of blocks make.
static LogicalResult inferCol2Im(Inference &i) {
  auto columns = i.shape(0);
  auto image = i.integers(1), block = i.integers(2);
  if (!columns || columns->size() != 3 || !image || !block) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  int64_t area = 1, channels = (*columns)[1];
  for (int64_t size : *block)
    if (ShapedType::isDynamic(size) || ShapedType::isDynamic(area) ||
        llvm::MulOverflow(area, size, area))
      area = kDynamic;
  if (ShapedType::isDynamic(area) || ShapedType::isDynamic(channels))
    channels = kDynamic;
  else if (area <= 0 || channels % area != 0)
    return i.error() << "expected dim 1 (" << channels
                     << ") to be a multiple of the block's size, but that is "
                     << area;
  else
    channels /= area;
  Shape shape{columns->front(), channels};
  llvm::append_range(shape, *image);
  i.set(0, i.element(0), shape);
  return success();
}

/// Channels (batch, channels, length), and what a kernel needs of those before.
static LogicalResult inferCausalConv(Inference &i) {
  auto input = i.shape(0), weights = i.shape(1);
  if (input && input->size() == 3) {
    Shape state = *input;
    bool isKnown = weights && weights->size() == 3 &&
                   !ShapedType::isDynamic(weights->back());
    state.back() = isKnown ? weights->back() - 1 : ShapedType::kDynamic;
    i.set(1, i.element(0), state);
  }
  return i.same(0, 0);
}

void mlir::bev::onnx::addConvolutionInferences(InferenceTable &table) {
  table["Conv"] = {inferConv, 2};
  table["ConvInteger"] = {inferConvInteger, 2};
  table["QLinearConv"] = {inferQLinearConv, 8};
  table["DeformConv"] = {inferConv, 3};
  table["ConvTranspose"] = {inferConvTranspose, 2};
  for (StringRef name : {"MaxPool", "AveragePool", "LpPool"})
    table[name] = {inferPool, 1, 2};
  for (StringRef name : {"GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool"})
    table[name] = {inferGlobalPool, 1};
  table["MaxUnpool"] = {inferMaxUnpool, 2};
  table["CausalConvWithState"] = {inferCausalConv, 2, 2};
  table["Col2Im"] = {inferCol2Im, 3};
}
