// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bilinear interpolation spelled out with GatherElements, as mmcv's
// bilinear_grid_sample exports below opset 16, to GridSample nodes.
//
// The image is padded by a pixel of zeros on each side and flattened; four
// corners are gathered at clamped indices and weighted by their distances.

#include "Raising.h"

#include "bev/Dialect/ONNX/IR/TypeInference.h"

#include <array>
#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr int64_t kDynamic = ShapedType::kDynamic;
static constexpr StringLiteral kOp = "GridSample";

namespace {

/// floor(coordinate) + steps.
struct Neighbour {
  Value coordinate;
  int64_t steps;
};

/// One of the four terms: the padded image, and which corner it reads.
struct Corner {
  Value image; ///< The flattened, padded image.
  Value x, y;  ///< Pixel coordinates.
  bool isRight, isLower;
};

class InterpolationMatcher {
public:
  InterpolationMatcher(NodeOp sum, RaiseReport &report)
      : sum(sum), report(report), b(sum.getLoc(), sum) {}

  void raise();

private:
  bool collectTerms(Value value, SmallVectorImpl<NodeOp> &terms);
  bool matchPad(Value flattened);
  bool matchCorner(NodeOp term, Corner &corner, std::string &reason);
  bool matchIndex(Value indices, Neighbour &x, Neighbour &y);
  Value buildGrid(const Corner &corner, std::string &reason);

  void refuse(const Twine &reason) { report.refused(sum, kOp, reason); }

  NodeOp sum;
  RaiseReport &report;
  ImplicitLocOpBuilder b;

  Value image; ///< [N, C, H, W], without the padding.
  int64_t images = 0, channels = 0, height = 0, width = 0, samples = 0;
};

} // namespace

/// The leaves of a tree of Adds, all of which weigh a GatherElements.
bool InterpolationMatcher::collectTerms(Value value,
                                        SmallVectorImpl<NodeOp> &terms) {
  if (auto add = getNode(value, "Add")) {
    return terms.size() < 4 && collectTerms(add.getOperand(0), terms) &&
           collectTerms(add.getOperand(1), terms);
  }
  auto product = getNode(value, "Mul");
  if (!product || terms.size() == 4 ||
      (!getNode(product.getOperand(0), "GatherElements") &&
       !getNode(product.getOperand(1), "GatherElements")))
    return false;
  terms.push_back(product);
  return true;
}

bool InterpolationMatcher::matchPad(Value flattened) {
  TensorView view = trace(flattened);
  auto pad = getNode(view.base, "Pad");
  if (!pad)
    return false;
  auto padded = dyn_cast<RankedTensorType>(view.base.getType());
  auto type = dyn_cast<RankedTensorType>(pad.getInputs().front().getType());
  auto flat = cast<RankedTensorType>(flattened.getType());
  if (!padded || !type || type.getRank() != 4 || flat.getRank() != 3 ||
      type.isDynamicDim(1) || type.isDynamicDim(2) || type.isDynamicDim(3))
    return false;
  images = type.getDimSize(0);
  channels = type.getDimSize(1);
  height = type.getDimSize(2);
  width = type.getDimSize(3);
  TensorView whole(view.base);
  if (!whole.reshape({images, channels, (height + 2) * (width + 2)}) ||
      !(whole == view))
    return false;
  if (pad.stringAttr("mode", "constant") != "constant" || pad.input(3) ||
      (pad.input(2) && !isSplat(pad.input(2), 0.0)) ||
      pad.floatAttr("value", 0.0f) != 0.0f ||
      padded.getShape() !=
          ArrayRef<int64_t>{images, channels, height + 2, width + 2})
    return false;
  // One pixel on each side; the sizes leave no other way but an uneven one.
  std::optional<SmallVector<int64_t>> pads = pad.intsAttr("pads");
  if (Value input = pad.input(1))
    pads = onnx::getPartialIntegers(input);
  image = pad.getInputs().front();
  return pads && *pads == SmallVector<int64_t>{0, 0, 1, 1, 0, 0, 1, 1};
}

/// floor(x) + constant, in floats or cast to integers.
static bool matchNeighbour(Value value, Neighbour &neighbour) {
  double steps = 0;
  for (int depth = 0; depth < 8; ++depth) {
    auto node = value.getDefiningOp<NodeOp>();
    if (!node)
      return false;
    AffineScalar function;
    if (Value inner = matchAffine(node, function)) {
      if (function.factor != 1.0)
        return false;
      steps += function.addend;
      value = inner;
      continue;
    }
    if (node.is("Cast")) {
      // Of a whole number, to f32 or to integers that hold every index.
      Type to = cast<ShapedType>(value.getType()).getElementType();
      if (!to.isF32() && !to.isInteger(64) && !to.isInteger(32))
        return false;
      value = node.getInputs().front();
      continue;
    }
    if (!node.is("Floor") || steps != std::floor(steps))
      return false;
    neighbour = {node.getInputs().front(), int64_t(steps)};
    return true;
  }
  return false;
}

/// min(max(value, 0), limit), in the spellings of exporters.
static Value matchClamp(Value value, int64_t limit) {
  auto matchBound = [](Value value, StringRef comparison, StringRef nary,
                       double bound) -> Value {
    if (auto where = getNode(value, "Where")) {
      auto compare = getNode(where.getOperand(0), comparison);
      Value inner = where.getOperand(2);
      if (compare && isSplat(where.getOperand(1), bound) &&
          compare.getOperand(0) == inner &&
          isSplat(compare.getOperand(1), bound) &&
          inner.getType() == value.getType())
        return inner;
      return Value();
    }
    auto node = getNode(value, nary);
    if (!node || node.getNumOperands() != 2)
      return Value();
    for (unsigned index : {0u, 1u})
      if (isSplat(node.getOperand(index), bound) &&
          node.getOperand(1 - index).getType() == value.getType())
        return node.getOperand(1 - index);
    return Value();
  };
  if (auto clip = getNode(value, "Clip"))
    return clip.input(1) && clip.input(2) && isSplat(clip.input(1), 0) &&
                   isSplat(clip.input(2), limit)
               ? clip.getInputs().front()
               : Value();
  if (Value upper = matchBound(value, "Greater", "Min", limit))
    return matchBound(upper, "Less", "Max", 0);
  if (Value lower = matchBound(value, "Less", "Max", 0))
    return matchBound(lower, "Greater", "Min", limit);
  return Value();
}

/// The flattened index of a corner, all channels alike: clamp(x0 + dx + 1) +
/// clamp(y0 + dy + 1) * (W + 2).
bool InterpolationMatcher::matchIndex(Value indices, Neighbour &x,
                                      Neighbour &y) {
  auto add = getNode(indices, "Add");
  if (!add)
    return false;
  for (unsigned index : {0u, 1u}) {
    auto row = getNode(add.getOperand(index), "Mul");
    AffineScalar function;
    Value rows = row ? matchAffine(row, function) : Value();
    if (!rows || function.factor != double(width + 2))
      continue;
    Value clampedY = matchClamp(rows, height + 1),
          clampedX = matchClamp(add.getOperand(1 - index), width + 1);
    return clampedX && clampedY && matchNeighbour(clampedX, x) &&
           matchNeighbour(clampedY, y);
  }
  return false;
}

/// One distance: coordinate - floor (to the right) or floor + 1 - coordinate.
static bool matchDistance(Value value, Value &coordinate, bool &isRight) {
  auto difference = getNode(value, "Sub");
  if (!difference)
    return false;
  Neighbour neighbour;
  if (matchNeighbour(difference.getOperand(1), neighbour) &&
      neighbour.coordinate == difference.getOperand(0) &&
      neighbour.steps == 0) {
    coordinate = neighbour.coordinate;
    isRight = true;
    return true;
  }
  if (matchNeighbour(difference.getOperand(0), neighbour) &&
      neighbour.coordinate == difference.getOperand(1) &&
      neighbour.steps == 1) {
    coordinate = neighbour.coordinate;
    isRight = false;
    return true;
  }
  return false;
}

/// `value` [N, C or 1, samples] read alike for all channels, from [N, samples].
static Value matchPerSample(Value value) {
  TensorView view = trace(value);
  if (view.dims.size() != 3 ||
      llvm::any_of(view.dims[1],
                   [](const Factor &factor) { return !factor.isBroadcast(); }))
    return Value();
  TensorView whole(view.base);
  if (!whole.reshape({view.getSize(0), view.getSize(2)}) ||
      whole.offsets != view.offsets || whole.dims[0] != view.dims[0] ||
      whole.dims[1] != view.dims[2])
    return Value();
  return view.base;
}

bool InterpolationMatcher::matchCorner(NodeOp term, Corner &corner,
                                       std::string &reason) {
  unsigned side = getNode(term.getOperand(0), "GatherElements") ? 0 : 1;
  auto gather = getNode(term.getOperand(side), "GatherElements");
  int64_t axis = gather.intAttr("axis", 0);
  auto type = dyn_cast<RankedTensorType>(gather.getOutputs()[0].getType());
  if (!type || type.getRank() != 3 || (axis != 2 && axis != -1)) {
    reason = "it does not gather from flattened images";
    return false;
  }
  corner.image = gather.getInputs()[0];
  if (!image && !matchPad(corner.image)) {
    reason = "the images are not padded by one pixel of zeros on each side";
    return false;
  }
  samples = type.getDimSize(2);
  Value indices = matchPerSample(gather.getInputs()[1]);
  Neighbour x, y;
  if (!indices || !matchIndex(indices, x, y) || x.steps < 1 || x.steps > 2 ||
      y.steps < 1 || y.steps > 2) {
    reason = "a corner's index is not that of a neighbouring pixel, clamped "
             "to the padded image";
    return false;
  }
  corner.x = x.coordinate;
  corner.y = y.coordinate;
  corner.isRight = x.steps == 2;
  corner.isLower = y.steps == 2;
  Value weight = matchPerSample(term.getOperand(1 - side));
  auto product = getNode(weight, "Mul");
  Value first, second;
  bool isFirstFar, isSecondFar;
  if (!product || !matchDistance(product.getOperand(0), first, isFirstFar) ||
      !matchDistance(product.getOperand(1), second, isSecondFar)) {
    reason = "a corner's weight is not a product of distances";
    return false;
  }
  if (first != corner.x) {
    std::swap(first, second);
    std::swap(isFirstFar, isSecondFar);
  }
  if (first != corner.x || second != corner.y || isFirstFar != corner.isRight ||
      isSecondFar != corner.isLower) {
    reason = "a corner's weight is not that of its pixel";
    return false;
  }
  return true;
}

/// The pixel coordinates as views of one tensor of grid coordinates.
Value InterpolationMatcher::buildGrid(const Corner &corner,
                                      std::string &reason) {
  auto traceCoordinate = [&](Value coordinate, double size) {
    AffineScalar total;
    auto isDone = [&] {
      return std::abs(total.factor - size / 2) < 1e-9 &&
             std::abs(total.addend - (size - 1) / 2) < 1e-9;
    };
    auto pass = [&](NodeOp node) -> Value {
      AffineScalar function;
      Value inner = isDone() ? Value() : matchAffine(node, function);
      if (inner) {
        total.addend += total.factor * function.addend;
        total.factor *= function.factor;
      }
      return inner;
    };
    SmallVector<NodeOp> passed;
    TensorView view = trace(coordinate, pass, &passed);
    total = {};
    for (NodeOp node : passed)
      pass(node);
    return isDone() ? std::optional(view) : std::nullopt;
  };
  std::optional<TensorView> x = traceCoordinate(corner.x, width),
                            y = traceCoordinate(corner.y, height);
  reason = "the pixel coordinates are not those of a grid without "
           "align_corners";
  if (!x || !y)
    return Value();
  reason = "the coordinates x and y do not come from one grid";
  if (x->base != y->base || x->dims != y->dims)
    return Value();
  Factors coordinate;
  for (auto [dim, first, second] : llvm::enumerate(x->offsets, y->offsets)) {
    if (first == second)
      continue;
    if (!coordinate.empty() || second < first)
      return Value();
    coordinate.push_back({2, int(dim), second - first});
  }
  if (coordinate.empty())
    return Value();
  // Samples as queries by points, as those who use them see them.
  int64_t points = 1;
  for (Operation *user : sum.getOutputs()[0].getUsers()) {
    auto type = user->getNumResults() == 1
                    ? dyn_cast<RankedTensorType>(user->getResult(0).getType())
                    : RankedTensorType();
    if (getNode(type ? user->getResult(0) : Value(), "Reshape") &&
        type.getRank() > 3 && type.getDimSize(2) != kDynamic &&
        samples != kDynamic && samples % type.getDimSize(2) == 0) {
      points = samples / type.getDimSize(2);
      break;
    }
  }
  int64_t queries = samples == kDynamic ? kDynamic : samples / points;
  reason = "its grid has more than one dynamic size";
  if (!x->reshape({images, queries, points}))
    return Value();
  x->dims.push_back(coordinate);
  return x->materialize(b);
}

void InterpolationMatcher::raise() {
  SmallVector<NodeOp> products;
  if (!collectTerms(sum.getOutputs()[0], products) || products.size() != 4)
    return;
  std::string reason;
  std::array<std::array<bool, 2>, 2> isSeen = {};
  Corner first;
  for (auto [index, product] : llvm::enumerate(products)) {
    Corner corner;
    if (!matchCorner(product, corner, reason))
      return refuse(reason);
    if (index == 0)
      first = corner;
    if (corner.image != first.image || corner.x != first.x ||
        corner.y != first.y || isSeen[corner.isRight][corner.isLower])
      return refuse("its terms are not the four corners of one sample");
    isSeen[corner.isRight][corner.isLower] = true;
  }
  if (!cast<ShapedType>(first.x.getType()).getElementType().isF32())
    return refuse("its coordinates are not f32");
  Value grid = buildGrid(first, reason);
  if (!grid)
    return refuse(reason);
  auto gridType = cast<RankedTensorType>(grid.getType());
  Value sample =
      createNode(b, kOp, {image, grid},
                 typeLike(image, {images, channels, gridType.getDimSize(1),
                                  gridType.getDimSize(2)}),
                 {b.getNamedAttr("mode", b.getStringAttr("linear")),
                  b.getNamedAttr("padding_mode", b.getStringAttr("zeros")),
                  b.getNamedAttr("align_corners", b.getI64IntegerAttr(0))});
  auto type = cast<RankedTensorType>(sum.getOutputs()[0].getType());
  Value flat = createReshape(b, sample, type.getShape());
  if (!flat)
    return refuse("its result has more than one dynamic size");
  report.raised(sum, kOp);
  sum.getOutputs()[0].replaceAllUsesWith(flat);
}

void mlir::bev::onnx_to_bev::raiseBilinearGathers(func::FuncOp function,
                                                  RaiseReport &report) {
  // The last Add of each tree.
  SmallVector<NodeOp> sums;
  function.walk([&](NodeOp node) {
    if (node.is("Add") && llvm::none_of(node->getUsers(), [](Operation *user) {
          auto other = dyn_cast<NodeOp>(user);
          return other && other.is("Add") && other.getNumOperands() == 2 &&
                 other.getOutputs()[0].getType() ==
                     other.getOperand(0).getType() &&
                 (getNode(other.getOperand(0), "Mul") ||
                  getNode(other.getOperand(1), "Mul"));
        }))
      sums.push_back(node);
  });
  for (NodeOp sum : sums)
    InterpolationMatcher(sum, report).raise();
}
