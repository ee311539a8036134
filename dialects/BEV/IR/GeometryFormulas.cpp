// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formulas of the geometry, resampling and elementwise ops.

#include "FormulaBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

//===----------------------------------------------------------------------===//
// project_points
//===----------------------------------------------------------------------===//

/// uv at (b, n, q, z, axis); visible at (b, n, q, z).
static Value emit(FormulaBuilder &f, ProjectPointsOp op, unsigned result,
                  ValueRange index) {
  Value b = index[0], n = index[1], q = index[2], z = index[3];
  SmallVector<Value, 3> point;
  for (int64_t axis = 0; axis < 3; ++axis) {
    Value p = f.readScalar(op.getPoints(), {b, q, z, f.index(axis)});
    if (std::optional<ArrayRef<float>> range = op.getPcRange())
      p = f.fma(p, f.f32((*range)[axis + 3] - (*range)[axis]),
                f.f32((*range)[axis]));
    point.push_back(p);
  }
  auto row = [&](int64_t i) {
    Value h = f.readScalar(op.getLidar2img(), {b, n, f.index(i), f.index(3)});
    for (int64_t axis = 0; axis < 3; ++axis)
      h = f.fma(
          f.readScalar(op.getLidar2img(), {b, n, f.index(i), f.index(axis)}),
          point[axis], h);
    return h;
  };
  constexpr double kNearest = 1e-5;
  Value depth = row(2);
  // maximumf, not maxnumf: a NaN depth stays NaN.
  Value safeDepth =
      arith::MaximumFOp::create(f.b, f.loc, depth, f.f32(kNearest));
  auto normalised = [&](int64_t axis) {
    Value size = f.readScalar(op.getImageSize(), {n, f.index(1 - axis)});
    return f.div(f.div(row(axis), safeDepth), size);
  };
  if (result == 0) {
    Value isX = f.compare(arith::CmpIPredicate::eq, index[4], f.index(0));
    return f.select(isX, normalised(0), normalised(1));
  }
  Value visible = f.greater(depth, f.f32(kNearest));
  for (int64_t axis = 0; axis < 2; ++axis) {
    Value at = normalised(axis);
    visible =
        f.andI(visible, f.andI(f.greater(at, f.f32(0)), f.less(at, f.f32(1))));
  }
  return visible;
}

//===----------------------------------------------------------------------===//
// ego_shift
//===----------------------------------------------------------------------===//

/// shift at (b, axis).
static Value emit(FormulaBuilder &f, EgoShiftOp op, ValueRange index) {
  Value b = index[0];
  int64_t entries = cast<ShapedType>(op.getCanBus().getType()).getDimSize(1);
  auto entry = [&](int64_t i) {
    return f.readScalar(op.getCanBus(), {b, f.index(i)});
  };
  Value dx = entry(0), dy = entry(1), ego = entry(entries - 2);
  Value length = math::SqrtOp::create(f.b, f.loc, f.fma(dx, dx, f.mul(dy, dy)));
  auto isZero = [&](Value x) {
    return f.compare(arith::CmpFPredicate::OEQ, x, f.f32(0));
  };
  Value heading = f.select(f.andI(isZero(dx), isZero(dy)), f.f32(0),
                           math::Atan2Op::create(f.b, f.loc, dy, dx));
  Value angle = f.sub(ego, heading);
  ArrayRef<float> grid = op.getGridLength();
  ArrayRef<int64_t> size = op.getBevSize();
  Value shiftX = f.div(f.mul(length, math::SinOp::create(f.b, f.loc, angle)),
                       f.f32(double(grid[1]) * size[1]));
  Value shiftY = f.div(f.mul(length, math::CosOp::create(f.b, f.loc, angle)),
                       f.f32(double(grid[0]) * size[0]));
  Value isX = f.compare(arith::CmpIPredicate::eq, index[1], f.index(0));
  return f.select(isX, shiftX, shiftY);
}

//===----------------------------------------------------------------------===//
// reference_grid
//===----------------------------------------------------------------------===//

/// (q, axis), or (q, z, axis) with a pillar.
static Value emit(FormulaBuilder &f, ReferenceGridOp op, ValueRange index) {
  int64_t height = op.getBevSize()[0], width = op.getBevSize()[1];
  Value query = index[0], axis = index.back();
  if (op.getOrigin())
    query = f.addI(query, op.getOrigin());
  auto centre = [&](Value cell, int64_t cells) {
    return f.div(f.add(f.intToF32(f.toI32(cell)), f.f32(0.5)), f.f32(cells));
  };
  Value x =
      centre(arith::RemUIOp::create(f.b, f.loc, query, f.index(width)), width);
  Value y =
      centre(arith::DivUIOp::create(f.b, f.loc, query, f.index(width)), height);
  auto isAxis = [&](int64_t i) {
    return f.compare(arith::CmpIPredicate::eq, axis, f.index(i));
  };
  Value xy = f.select(isAxis(0), x, y);
  if (!op.getPillarHeight())
    return xy;
  double zr = op.getPillarHeight()->convertToFloat();
  int64_t anchors = cast<ShapedType>(op.getInit().getType()).getDimSize(1);
  double step = anchors > 1 ? (zr - 1) / (anchors - 1) : 0;
  Value z = f.div(f.fma(f.intToF32(f.toI32(index[1])), f.f32(step), f.f32(0.5)),
                  f.f32(zr));
  return f.select(isAxis(2), z, xy);
}

//===----------------------------------------------------------------------===//
// warp_bev
//===----------------------------------------------------------------------===//

static OpFoldResult sizeOf(FormulaBuilder &f, Value shaped, int64_t dim) {
  if (isa<MemRefType>(shaped.getType()))
    return memref::getMixedSize(f.b, f.loc, shaped, dim);
  return tensor::getMixedSize(f.b, f.loc, shaped, dim);
}

/// Any float to an i32 that is far enough outside [0, size) where it was: first
/// clamped to [-margin, size + margin], NaN to -margin.
static Value clampCoordinate(FormulaBuilder &f, Value x, Value sizeF,
                             double margin) {
  return f.minNum(f.maxNum(x, f.f32(-margin)), f.add(sizeF, f.f32(margin)));
}

static Value toInt(FormulaBuilder &f, Value x) {
  return arith::FPToSIOp::create(f.b, f.loc, f.b.getI32Type(), x);
}

static Value inside(FormulaBuilder &f, Value i, Value size) {
  return f.compare(arith::CmpIPredicate::ult, i, size);
}

/// (b, row, column, c).
static Value emit(FormulaBuilder &f, WarpBEVOp op, ValueRange index) {
  Value b = index[0], row = index[1], column = index[2], c = index[3];
  if (!op.getOrigin().empty()) {
    row = f.addI(row, op.getOrigin()[0]);
    column = f.addI(column, op.getOrigin()[1]);
  }
  SmallVector<MapShape> maps =
      f.mapShapes({sizeOf(f, op.getPrev(), 1), sizeOf(f, op.getPrev(), 2)});
  const MapShape &map = maps.front();
  Value cx, cy;
  if (std::optional<ArrayRef<float>> center = op.getCenter()) {
    cx = f.f32((*center)[0]);
    cy = f.f32((*center)[1]);
  } else {
    cx = f.mul(map.widthF, f.f32(0.5));
    cy = f.mul(map.heightF, f.f32(0.5));
  }
  constexpr double kPi = 3.14159265358979323846;
  Value radians = f.mul(f.readScalar(op.getAngle(), {b}), f.f32(kPi / 180));
  Value cosine = math::CosOp::create(f.b, f.loc, radians);
  Value sine = math::SinOp::create(f.b, f.loc, radians);
  Value half = f.f32(0.5);
  Value dx = f.sub(f.add(f.intToF32(f.toI32(column)), half), cx);
  Value dy = f.sub(f.add(f.intToF32(f.toI32(row)), half), cy);
  Value x = f.add(f.sub(f.mul(cosine, dx), f.mul(sine, dy)), f.sub(cx, half));
  Value y = f.add(f.fma(sine, dx, f.mul(cosine, dy)), f.sub(cy, half));

  ChannelSource source{
      op.getPrev(), [&](Value position) -> SmallVector<Value> {
        Value w = f.toIndex(map.width);
        return {b, arith::DivUIOp::create(f.b, f.loc, position, w),
                arith::RemUIOp::create(f.b, f.loc, position, w), c};
      }};
  Value result;
  if (op.getMode() == Interpolation::bilinear) {
    result = f.addBilinear(f.zeroChannels(), source, map, x, y, f.f32(1));
  } else {
    auto nearest = [&](Value at, Value sizeF) {
      return toInt(f, math::RoundEvenOp::create(
                          f.b, f.loc, clampCoordinate(f, at, sizeF, 1)));
    };
    Value i = nearest(x, map.widthF), j = nearest(y, map.heightF);
    Value valid = f.andI(inside(f, i, map.width), inside(f, j, map.height));
    result = f.toF32(f.readGuarded(source, valid,
                                   f.toIndex(f.addI(f.mulI(j, map.width), i))));
  }
  if (!op.getReset())
    return result;
  return f.select(f.readScalar(op.getReset(), {b}), f.zeroChannels(), result);
}

//===----------------------------------------------------------------------===//
// grid_sample
//===----------------------------------------------------------------------===//

namespace {

/// Coordinates along one axis of grid_sample's input.
class GridAxis {
public:
  GridAxis(FormulaBuilder &f, GridSampleOp op, OpFoldResult size)
      : f(f), padding(op.getPadding()), alignCorners(op.getAlignCorners()) {
    sizeI = f.toI32(size);
    sizeF = f.intToF32(sizeI);
    last = f.sub(sizeF, f.f32(1));
  }

  /// -1 ... 1 to pixels.
  Value toPixels(Value g) {
    Value shifted = f.add(g, f.f32(1));
    if (alignCorners)
      return f.mul(f.mul(shifted, f.f32(0.5)), last);
    return f.fma(f.mul(shifted, f.f32(0.5)), sizeF, f.f32(-0.5));
  }

  /// -1 ... 1 to pixels; unless outside is zeros, a finite number: pixel 0
  /// for what is not finite, and far outside for what overflows.
  Value readable(Value g) {
    Value x = toPixels(g);
    if (padding == Padding::zeros)
      return x;
    Value checked = padding == Padding::border ? g : x;
    if (padding == Padding::border)
      x = bound(x, 6);
    Value magnitude = math::AbsFOp::create(f.b, f.loc, checked);
    Value isFinite = f.compare(arith::CmpFPredicate::OLE, magnitude,
                               f.f32(std::numeric_limits<float>::max()));
    return f.select(isFinite, x, f.f32(0));
  }

  /// Brings a coordinate into the image, unless outside is zeros.
  Value pad(Value x) {
    if (padding == Padding::zeros)
      return x;
    return clampToImage(padding == Padding::reflection ? reflect(x) : x);
  }

  /// Far enough inside the integers, and as far outside the image as matters.
  Value bound(Value x, double margin) {
    return clampCoordinate(f, x, sizeF, margin);
  }

  Value sizeI, sizeF;

private:
  Value clampToImage(Value x) { return f.minNum(f.maxNum(x, f.f32(0)), last); }

  /// Mirrors at the outer pixels' centres, or edges without align_corners.
  Value reflect(Value x) {
    Value low = f.f32(alignCorners ? 0 : -0.5);
    Value span = alignCorners ? last : sizeF;
    // A span of 0 (one pixel, aligned) has one coordinate to give.
    Value isPoint = f.compare(arith::CmpFPredicate::OLE, span, f.f32(0));
    Value safeSpan = f.select(isPoint, f.f32(1), span);
    Value distance = math::AbsFOp::create(f.b, f.loc, f.sub(x, low));
    Value flips = f.floor(f.div(distance, safeSpan));
    Value extra = f.fma(flips, f.mul(safeSpan, f.f32(-1)), distance);
    Value pairs = f.floor(f.mul(flips, f.f32(0.5)));
    Value isOdd = f.greater(f.fma(pairs, f.f32(-2), flips), f.f32(0.5));
    Value mirrored = f.add(f.select(isOdd, f.sub(span, extra), extra), low);
    return f.select(isPoint, f.f32(0), mirrored);
  }

  FormulaBuilder &f;
  Padding padding;
  bool alignCorners;
  Value last;
};

} // namespace

/// Cubic convolution weights, a = -0.75, of the taps at -1, 0, 1, 2.
static SmallVector<Value, 4> cubicWeights(FormulaBuilder &f, Value t) {
  constexpr double a = -0.75;
  auto near = [&](Value x) { // |x| <= 1
    Value inner = f.fma(f.f32(a + 2), x, f.f32(-(a + 3)));
    return f.fma(f.mul(inner, x), x, f.f32(1));
  };
  auto far = [&](Value x) { // 1 < |x| < 2
    Value inner = f.fma(f.f32(a), x, f.f32(-5 * a));
    inner = f.fma(inner, x, f.f32(8 * a));
    return f.fma(inner, x, f.f32(-4 * a));
  };
  Value u = f.sub(f.f32(1), t);
  return {far(f.add(t, f.f32(1))), near(t), near(u), far(f.add(u, f.f32(1)))};
}

/// (n, c, i, j).
static Value emit(FormulaBuilder &f, GridSampleOp op, ValueRange index) {
  Value n = index[0], c = index[1];
  GridAxis vertical(f, op, sizeOf(f, op.getInput(), 2));
  GridAxis horizontal(f, op, sizeOf(f, op.getInput(), 3));
  auto coordinate = [&](GridAxis &axis, int64_t i) {
    return axis.readable(
        f.readScalar(op.getGrid(), {n, index[2], index[3], f.index(i)}));
  };
  Value x = coordinate(horizontal, 0), y = coordinate(vertical, 1);
  ChannelSource source{
      op.getInput(), [&](Value position) -> SmallVector<Value> {
        Value w = f.toIndex(horizontal.sizeI);
        return {n, c, arith::DivUIOp::create(f.b, f.loc, position, w),
                arith::RemUIOp::create(f.b, f.loc, position, w)};
      }};
  auto read = [&](Value i, Value j) {
    Value valid =
        f.andI(inside(f, i, horizontal.sizeI), inside(f, j, vertical.sizeI));
    return f.toF32(f.readGuarded(
        source, valid, f.toIndex(f.addI(f.mulI(j, horizontal.sizeI), i))));
  };

  switch (op.getMode()) {
  case Interpolation::bilinear: {
    MapShape map{vertical.sizeI, horizontal.sizeI, vertical.sizeF,
                 horizontal.sizeF, f.i32(0)};
    return f.addBilinear(f.zeroChannels(), source, map, horizontal.pad(x),
                         vertical.pad(y), f.f32(1));
  }
  case Interpolation::nearest: {
    auto nearest = [&](GridAxis &axis, Value at) {
      Value bounded = axis.bound(axis.pad(at), 1);
      return toInt(f, math::RoundEvenOp::create(f.b, f.loc, bounded));
    };
    return read(nearest(horizontal, x), nearest(vertical, y));
  }
  case Interpolation::bicubic: {
    // The taps are padded one by one, not the coordinate.
    struct Taps {
      SmallVector<Value, 4> at, weights;
    };
    auto taps = [&](GridAxis &axis, Value coordinate) {
      Value bounded = op.getPadding() == Padding::zeros
                          ? axis.bound(coordinate, 3)
                          : coordinate;
      Value lower = f.floor(bounded);
      Taps taps;
      taps.weights = cubicWeights(f, f.sub(bounded, lower));
      for (int64_t tap = -1; tap <= 2; ++tap)
        taps.at.push_back(
            toInt(f, axis.bound(axis.pad(f.add(lower, f.f32(tap))), 6)));
      return taps;
    };
    Taps columns = taps(horizontal, x), rows = taps(vertical, y);
    Value sum = f.f32(0);
    for (int64_t j = 0; j < 4; ++j) {
      Value line = f.f32(0);
      for (int64_t i = 0; i < 4; ++i)
        line = f.fma(read(columns.at[i], rows.at[j]), columns.weights[i], line);
      sum = f.fma(line, rows.weights[j], sum);
    }
    return sum;
  }
  }
  llvm_unreachable("all interpolations handled");
}

//===----------------------------------------------------------------------===//
// inverse_sigmoid
//===----------------------------------------------------------------------===//

static Value emit(FormulaBuilder &f, InverseSigmoidOp op, ValueRange index) {
  Value x = f.toF32(f.readScalar(op.getInput(), index));
  auto maximum = [&](Value a, Value b) -> Value {
    return arith::MaximumFOp::create(f.b, f.loc, a, b);
  };
  Value one = f.f32(1), eps = f.f32(op.getEps().convertToFloat());
  Value clamped =
      maximum(arith::MinimumFOp::create(f.b, f.loc, x, one), f.f32(0));
  Value numerator = maximum(clamped, eps);
  Value denominator = maximum(f.sub(one, clamped), eps);
  return math::LogOp::create(f.b, f.loc, f.div(numerator, denominator));
}

Value mlir::bev::detail::emitGeometry(FormulaBuilder &f, Operation *op,
                                      unsigned result, ValueRange index) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](ProjectPointsOp project) {
        return emit(f, project, result, index);
      })
      .Case<EgoShiftOp, ReferenceGridOp, WarpBEVOp, GridSampleOp,
            InverseSigmoidOp>([&](auto other) { return emit(f, other, index); })
      .DefaultUnreachable("not a geometry op");
}
