// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rotation of a map: an image sampled at its own pixels, turned about a
// center. Whatever computes the places, they are evaluated at compile time as
// numbers times the cosine and the sine of one angle, and compared with those
// that bev.warp_bev reads, pixel by pixel.

#include "Clamps.h"
#include "Geometry.h"
#include "LinearForm.h"
#include "RotationGrid.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr StringLiteral kOp = "bev.warp_bev";
static constexpr double kPi = 3.14159265358979323846;

namespace {
/// One rotation, from the node that samples.
class WarpMatcher {
public:
  WarpMatcher(NodeOp node, RaiseReport &report)
      : node(node), report(report), b(node.getLoc(), node) {}

  void raiseGridSample();
  void raiseGather();

private:
  bool matchRotation(const Rotations &x, const Rotations &y);
  Value buildAngle();
  Value buildMap(Value image);
  void raise(Value image, bool isNearest);

  bool refuse(const Twine &reason) {
    report.refused(node, kOp, reason);
    return false;
  }

  NodeOp node;
  RaiseReport &report;
  ImplicitLocOpBuilder b;

  RotationEvaluator evaluator;
  int64_t batch = 0, channels = 0, height = 0, width = 0;
  double centerX = 0, centerY = 0;
  /// The angle of the op is this times that of the evaluator.
  double direction = 0;
  /// Which of the angles each row of the batch has.
  SmallVector<int> angleOf;
};
} // namespace

//===----------------------------------------------------------------------===//
// Rotations
//===----------------------------------------------------------------------===//

/// Whether the pixels (x, y), in row-major order for each row of the batch, are
/// x = cos * dx - sin * dy + cx - 0.5, y = sin * dx + cos * dy + cy - 0.5 with
/// (dx, dy) = (column + 0.5 - cx, row + 0.5 - cy).
bool WarpMatcher::matchRotation(const Rotations &x, const Rotations &y) {
  int64_t pixels = height * width;
  centerX = 0.5 - x.elements.front().cosine;
  centerY = 0.5 - y.elements.front().cosine;
  // Sixteen roundings to f32 of numbers as large as the largest coordinate.
  double tolerance =
      1e-6 * std::max({double(height), double(width), std::abs(centerX),
                       std::abs(centerY), 1.0});
  // So far away nothing is known of the pixels.
  if (!(tolerance <= 0.01))
    return refuse("the center of its rotation is too far from the map");
  auto isNear = [&](double number, double expected) {
    return std::abs(number - expected) <= tolerance;
  };
  // Centers are written as whole or half pixels.
  for (double *center : {&centerX, &centerY})
    if (double rounded = std::round(*center * 2) / 2; isNear(*center, rounded))
      *center = rounded;
  // The sign of the sine, where it is clearest: in the corner that is farthest
  // from the center.
  int64_t row = centerY > height * 0.5 ? 0 : height - 1;
  double sine = x.elements[row * width].sine * (row + 0.5 - centerY);
  direction = sine > 0 ? -1.0 : 1.0;
  for (int64_t i = 0, e = batch * pixels; i < e; ++i) {
    double dx = i % width + 0.5 - centerX,
           dy = i % pixels / width + 0.5 - centerY;
    const Rotation &atX = x.elements[i], &atY = y.elements[i];
    if (!isNear(atX.cosine, dx) || !isNear(atX.sine, -direction * dy) ||
        !isNear(atX.number, centerX - 0.5) || !isNear(atY.cosine, dy) ||
        !isNear(atY.sine, direction * dx) || !isNear(atY.number, centerY - 0.5))
      return refuse("its grid is no rotation about one center");
    if (atX.angle != atY.angle || atX.angle != x.elements[i - i % pixels].angle)
      return refuse("its grid has several angles for one image");
  }
  for (int64_t row = 0; row < batch; ++row)
    angleOf.push_back(x.elements[row * pixels].angle);
  return true;
}

/// The angle [B] in degrees; null where the rows have others than one each in
/// order, or the same.
Value WarpMatcher::buildAngle() {
  Value angles = evaluator.getAngles(), angle;
  int64_t count = cast<RankedTensorType>(angles.getType()).getNumElements();
  bool isSame = llvm::all_equal(angleOf) && angleOf.front() != Rotation::kNone;
  if (!isSame && !llvm::equal(angleOf, llvm::seq<int>(0, count)))
    return Value();
  // Of what it is a view of, or of itself.
  for (TensorView view : {trace(angles), TensorView(angles)}) {
    view.reshape({count});
    if (isSame) {
      view.slice(0, angleOf.front(), 1);
      view.broadcast({batch});
    }
    angle = view.materialize(b);
    if (angle)
      break;
  }
  double factor = evaluator.getScale() * direction * 180.0 / kPi;
  if (isClose(factor, 1.0))
    return angle;
  if (isClose(factor, -1.0))
    factor = -1.0;
  auto type = RankedTensorType::get({}, b.getF32Type());
  Value constant = onnx::ConstantOp::create(
      b, type, cast<ElementsAttr>(DenseElementsAttr::get(type, float(factor))));
  return createNode(b, "Mul", {angle, constant}, angle.getType());
}

/// The image, of B * C * H * W elements in this order, as [B,H,W,C].
Value WarpMatcher::buildMap(Value image) {
  // Of what it is a view of, or of itself.
  for (TensorView view : {trace(image), TensorView(image)}) {
    view.reshape({batch, channels, height, width});
    view.transpose({0, 2, 3, 1});
    if (Value map = view.materialize(b))
      return map;
  }
  return Value();
}

/// Replaces the node's result, which has the elements of the image in another
/// place but in the same order.
void WarpMatcher::raise(Value image, bool isNearest) {
  Type element = cast<ShapedType>(image.getType()).getElementType();
  auto angleType = cast<RankedTensorType>(evaluator.getAngles().getType());
  if (!angleType.getElementType().isF32() ||
      !(element.isF32() || element.isF16() || element.isBF16()))
    return (void)refuse(
        "its angle is not f32, or its image not f32, f16 or bf16");
  Value angle = buildAngle();
  if (!angle)
    return (void)refuse("its angles are not one for each image, in order");
  Value map = buildMap(image);
  DenseF32ArrayAttr center;
  if (centerX != width * 0.5 || centerY != height * 0.5)
    center = b.getDenseF32ArrayAttr({float(centerX), float(centerY)});
  Value init =
      createEmpty(b, typeLike(map, {batch, height, width, channels}), {});
  auto op = WarpBEVOp::create(
      b, TypeRange(init.getType()), map, angle, /*reset=*/Value(), init,
      /*origin=*/ValueRange(),
      isNearest ? Interpolation::nearest : Interpolation::bilinear, center,
      ScheduleAttr());
  Value replaced = node.getOutputs()[0];
  TensorView result(op->getResult(0));
  result.transpose({0, 3, 1, 2});
  result.reshape(cast<RankedTensorType>(replaced.getType()).getShape());
  replaceByView(replaced, result, b);
  report.raised(node, kOp);
}

//===----------------------------------------------------------------------===//
// GridSample
//===----------------------------------------------------------------------===//

void WarpMatcher::raiseGridSample() {
  auto gridType = dyn_cast<RankedTensorType>(node.getOperand(1).getType()),
       type = dyn_cast<RankedTensorType>(node.getOutputs()[0].getType());
  if (!gridType || !type || type.getRank() != 4 || !type.hasStaticShape() ||
      node.getOperand(0).getType() != type ||
      !gridType.getElementType().isF32())
    return;
  batch = type.getDimSize(0);
  channels = type.getDimSize(1);
  height = type.getDimSize(2);
  width = type.getDimSize(3);
  if (gridType.getShape() != ArrayRef<int64_t>{batch, height, width, 2})
    return;
  const Rotations *grid = evaluator.evaluate(node.getOperand(1));
  if (!evaluator.getAngles())
    return;
  if (!grid)
    return (void)refuse("its grid is not linear in the cosine and the sine of "
                        "one angle");
  StringRef mode = node.stringAttr("mode", "linear"),
            padding = node.stringAttr("padding_mode", "zeros");
  bool isNearest = mode == "nearest";
  if (!isNearest && mode != "bilinear" && mode != "linear")
    return (void)refuse("it samples with mode '" + mode + "'");
  if (padding != "zeros")
    return (void)refuse("it is padded by '" + padding + "'");
  // From -1..1 to pixels.
  bool alignCorners = node.intAttr("align_corners", 0) != 0;
  Rotations pixels[2];
  for (auto [i, element] : llvm::enumerate(grid->elements)) {
    double size = i % 2 == 0 ? width : height,
           scale = (alignCorners ? size - 1 : size) / 2;
    pixels[i % 2].elements.push_back({element.number * scale + (size - 1) / 2,
                                      element.cosine * scale,
                                      element.sine * scale, element.angle});
  }
  if (matchRotation(pixels[0], pixels[1]))
    raise(node.getOperand(0), isNearest);
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

/// If `value` is a rounded coordinate as an index, clamped to [0, size) before
/// or after it became an integer: the Round.
static NodeOp matchClampedIndex(Value value, int64_t size) {
  Clamped index = matchClamps(stripShape(value));
  auto cast = getNode(stripShape(index.inner), "Cast");
  if (!cast)
    return NodeOp();
  Clamped rounded = matchClamps(stripShape(cast.getOperand(0)));
  if (std::max(index.low, rounded.low) != 0.0 ||
      std::min(index.high, rounded.high) != size - 1)
    return NodeOp();
  return getNode(stripShape(rounded.inner), "Round");
}

/// Bounds that a condition sets to whole numbers.
struct Bounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// Takes a conjunction of comparisons of x and y with numbers apart.
static bool matchBounds(Value condition, Value x, Value y, Bounds &ofX,
                        Bounds &ofY, unsigned depth = 0) {
  constexpr unsigned kMaxDepth = 4;
  auto node = stripShape(condition).getDefiningOp<NodeOp>();
  if (!node || node.getDomain() || node.getNumOperands() != 2 ||
      depth > kMaxDepth)
    return false;
  if (node.is("And"))
    return node.getOperand(0).getType() == node.getOperand(1).getType() &&
           matchBounds(node.getOperand(0), x, y, ofX, ofY, depth + 1) &&
           matchBounds(node.getOperand(1), x, y, ofX, ofY, depth + 1);
  std::optional<double> bound = getSplat(node.getOperand(1));
  Value compared = stripShape(node.getOperand(0));
  if (!bound || (compared != x && compared != y))
    return false;
  Bounds &bounds = compared == x ? ofX : ofY;
  StringRef name = node.getOpType();
  if (name == "Greater")
    bounds.low = std::max(bounds.low, std::floor(*bound) + 1);
  else if (name == "GreaterOrEqual")
    bounds.low = std::max(bounds.low, std::ceil(*bound));
  else if (name == "Less")
    bounds.high = std::min(bounds.high, std::ceil(*bound) - 1);
  else if (name == "LessOrEqual")
    bounds.high = std::min(bounds.high, std::floor(*bound));
  else
    return false;
  return true;
}

/// Where(inside, Gather(image [C,H*W], index [H*W], axis 1), 0), with the index
/// round(y) * W + round(x), each clamped to the image.
void WarpMatcher::raiseGather() {
  auto type = dyn_cast<RankedTensorType>(node.getOutputs()[0].getType());
  auto gather = getNode(node.getOperand(1), "Gather");
  if (!type || !type.hasStaticShape() || type.getRank() != 2 || !gather ||
      node.getOperand(1).getType() != type ||
      gather.getOperand(0).getType() != type ||
      !isSplat(node.getOperand(2), 0.0) ||
      !isa<RankedTensorType>(gather.getOperand(1).getType()) ||
      !isa<RankedTensorType>(node.getOperand(0).getType()))
    return;
  int64_t axis = gather.intAttr("axis", 0);
  LinearForm index = matchLinear(gather.getOperand(1));
  if ((axis != 1 && axis != -1) || index.terms.size() != 2 ||
      index.addend != 0.0)
    return;
  channels = type.getDimSize(0);
  int64_t pixels = type.getDimSize(1);
  auto [column, row] = std::pair(index.terms[0], index.terms[1]);
  if (column.factor != 1.0)
    std::swap(column, row);
  if (column.factor != 1.0 || !(row.factor > 1.0 && row.factor <= pixels) ||
      row.factor != std::floor(row.factor))
    return;
  batch = 1;
  width = int64_t(row.factor);
  height = pixels / width;
  if (height * width != pixels)
    return;
  NodeOp x = matchClampedIndex(column.value, width),
         y = matchClampedIndex(row.value, height);
  if (!x || !y)
    return;
  const Rotations *atX = evaluator.evaluate(x.getOperand(0)),
                  *atY = evaluator.evaluate(y.getOperand(0));
  if (!evaluator.getAngles())
    return;
  if (!atX || !atY || int64_t(atX->elements.size()) != pixels ||
      int64_t(atY->elements.size()) != pixels)
    return (void)refuse("its pixels are not linear in the cosine and the sine "
                        "of one angle");
  // The condition [H*W], the same for all channels.
  TensorView inside = trace(node.getOperand(0));
  Bounds ofX, ofY;
  TensorView whole(inside.base);
  if (!inside.broadcast(type.getShape()) || !inside.slice(0, 0, 1) ||
      !whole.reshape({1, pixels}) || !(inside == whole) ||
      !matchBounds(inside.base, x.getOutputs()[0], y.getOutputs()[0], ofX,
                   ofY) ||
      ofX.low != 0 || ofX.high != width - 1 || ofY.low != 0 ||
      ofY.high != height - 1)
    return (void)refuse("it is not 0 exactly where a pixel is outside of the "
                        "image");
  if (matchRotation(*atX, *atY))
    raise(gather.getOperand(0), /*isNearest=*/true);
}

void mlir::bev::onnx_to_bev::raiseWarp(NodeOp node, RaiseReport &report) {
  if (node.is("GridSample") && node.getNumOperands() == 2)
    WarpMatcher(node, report).raiseGridSample();
  else if (node.is("Where") && node.getNumOperands() == 3)
    WarpMatcher(node, report).raiseGather();
}
