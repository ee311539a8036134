// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants that are grids of reference points. A grid [Q,2] must have the bits
// that bev.reference_grid computes. Pillars are constants in metres, which the
// exporter rounded: they must be what bev.project_points makes of the op's
// pillars but for two roundings to f32 of numbers as large as the range.

#include "Geometry.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr StringLiteral kOp = "bev.reference_grid";

/// The centre of a cell, of `cells` from 0 to 1.
static float centreOf(int64_t cell, int64_t cells) {
  return (float(cell) + 0.5f) / float(cells);
}

/// The number of leading cells that have the same y: the width of the grid if
/// it has several rows and columns.
static std::optional<int64_t> matchWidth(int64_t cells,
                                         function_ref<float(int64_t)> y) {
  int64_t width = 1;
  while (width < cells && y(width) == y(0))
    ++width;
  if (width < 2 || width == cells || cells % width != 0)
    return std::nullopt;
  return width;
}

//===----------------------------------------------------------------------===//
// Pillars
//===----------------------------------------------------------------------===//

/// The decimal of the fewest digits that is near to a number.
static float findDecimal(double number, double tolerance) {
  double unit = 1.0;
  for (int digits = 0; digits < 7; ++digits, unit *= 10) {
    double rounded = std::round(number * unit) / unit;
    if (std::abs(rounded - number) <= tolerance)
      return float(rounded);
  }
  return float(number);
}

namespace {
/// Points along one axis.
struct Axis {
  float low, high;

  /// What the projection makes of a coordinate of the unit cube, in the f32
  /// arithmetic that it has.
  float scale(float unit) const { return std::fma(unit, high - low, low); }
  double getTolerance() const {
    return std::ldexp(std::max({std::abs(low), std::abs(high), high - low}),
                      -22);
  }
};
} // namespace

std::optional<Pillars>
mlir::bev::onnx_to_bev::matchPillars(ArrayRef<float> points, int64_t queries,
                                     int64_t anchors) {
  auto at = [&](int64_t query, int64_t anchor, int64_t axis) {
    return points[(query * anchors + anchor) * 3 + axis];
  };
  if (!llvm::all_of(points, [](float x) { return std::isfinite(x); }))
    return std::nullopt;
  std::optional<int64_t> width =
      matchWidth(queries, [&](int64_t query) { return at(query, 0, 1); });
  if (!width)
    return std::nullopt;
  int64_t height = queries / *width;

  // The range, from the first and the last cell of a row and of a column. The
  // pillars stand off half a metre at both ends.
  Axis axes[3];
  for (auto [axis, cells, last] : {std::tuple(0, *width, *width - 1),
                                   std::tuple(1, height, queries - 1)}) {
    double first = at(0, 0, axis), extent = at(last, 0, axis) - first,
           margin = extent / (cells - 1) / 2,
           tolerance = std::ldexp(std::abs(first) + std::abs(extent), -22);
    axes[axis] = {findDecimal(first - margin, tolerance),
                  findDecimal(first + extent + margin, tolerance)};
  }
  double low = at(0, 0, 2), high = at(0, anchors - 1, 2);
  double tolerance = std::ldexp(std::abs(low) + std::abs(high), -22);
  axes[2] = {findDecimal(low - 0.5, tolerance),
             findDecimal(high + 0.5, tolerance)};
  float pillarHeight = axes[2].high - axes[2].low;
  if (!llvm::all_of(axes, [](const Axis &a) {
        return a.high > a.low && std::isfinite(a.high - a.low);
      }))
    return std::nullopt;

  float step = anchors > 1 ? (pillarHeight - 1) / (anchors - 1) : 0;
  for (int64_t query = 0; query < queries; ++query)
    for (int64_t anchor = 0; anchor < anchors; ++anchor) {
      float unit[3] = {centreOf(query % *width, *width),
                       centreOf(query / *width, height),
                       std::fma(float(anchor), step, 0.5f) / pillarHeight};
      for (int64_t axis = 0; axis < 3; ++axis)
        if (!(std::abs(axes[axis].scale(unit[axis]) -
                       at(query, anchor, axis)) <= axes[axis].getTolerance()))
          return std::nullopt;
    }
  Pillars pillars = {{height, *width}, pillarHeight, {}};
  for (const Axis &axis : axes)
    pillars.range.push_back(axis.low);
  for (const Axis &axis : axes)
    pillars.range.push_back(axis.high);
  return pillars;
}

//===----------------------------------------------------------------------===//
// Grids
//===----------------------------------------------------------------------===//

/// The size (H, W) of the grid [H*W,2] that a constant is, whatever its shape.
static std::optional<std::array<int64_t, 2>> matchGrid(onnx::ConstantOp op) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type || !type.getElementType().isF32() || !type.hasStaticShape() ||
      type.getRank() == 0 || type.getShape().back() != 2)
    return std::nullopt;
  std::optional<SmallVector<float>> numbers = getFloats(op.getResult());
  if (!numbers || int64_t(numbers->size()) != type.getNumElements())
    return std::nullopt;
  int64_t cells = numbers->size() / 2;
  std::optional<int64_t> width =
      matchWidth(cells, [&](int64_t cell) { return (*numbers)[2 * cell + 1]; });
  if (!width)
    return std::nullopt;
  int64_t height = cells / *width;
  for (int64_t cell = 0; cell < cells; ++cell)
    if ((*numbers)[2 * cell] != centreOf(cell % *width, *width) ||
        (*numbers)[2 * cell + 1] != centreOf(cell / *width, height))
      return std::nullopt;
  return std::array<int64_t, 2>{height, *width};
}

void mlir::bev::onnx_to_bev::raiseReferenceGrids(func::FuncOp function,
                                                 RaiseReport &report) {
  SmallVector<onnx::ConstantOp> constants;
  function.walk([&](onnx::ConstantOp op) { constants.push_back(op); });
  for (onnx::ConstantOp constant : constants) {
    // Reports name nodes, which constants are not.
    auto user = llvm::find_if(constant->getUsers(), [](Operation *user) {
      return isa<NodeOp>(user);
    });
    if (user == constant->user_end())
      continue;
    std::optional<std::array<int64_t, 2>> size = matchGrid(constant);
    if (!size)
      continue;
    report.raised(cast<NodeOp>(*user), kOp);
    ImplicitLocOpBuilder b(constant.getLoc(), constant);
    auto type =
        RankedTensorType::get({(*size)[0] * (*size)[1], 2}, b.getF32Type());
    auto op = ReferenceGridOp::create(
        b, TypeRange(type), createEmpty(b, type, {}), /*origin=*/Value(),
        b.getDenseI64ArrayAttr(*size), /*pillar_height=*/FloatAttr());
    TensorView view(op->getResult(0));
    view.reshape(cast<RankedTensorType>(constant.getType()).getShape());
    replaceByView(constant.getResult(), view, b);
  }
}
