// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formulas of the ops of lift-splat models.

#include "FormulaBuilder.h"
#include "bev/Dialect/BEV/IR/Pooling.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <array>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

static OpFoldResult sizeOf(OpBuilder &b, Location loc, Value shaped,
                           int64_t dim) {
  if (isa<MemRefType>(shaped.getType()))
    return memref::getMixedSize(b, loc, shaped, dim);
  return tensor::getMixedSize(b, loc, shaped, dim);
}

static Value sizeValue(FormulaBuilder &f, Value shaped, int64_t dim) {
  return getValueOrCreateConstantIndexOp(f.b, f.loc,
                                         sizeOf(f.b, f.loc, shaped, dim));
}

//===----------------------------------------------------------------------===//
// frustum_to_voxel
//===----------------------------------------------------------------------===//

namespace {

using Vector3 = std::array<Value, 3>;

/// Arithmetic on points and matrices in three dimensions.
class Geometry {
public:
  explicit Geometry(FormulaBuilder &f) : f(f) {}

  /// Column `column` of the matrix at `leading`, its first three rows.
  Vector3 column(Value matrix, ValueRange leading, int64_t column) {
    Vector3 entries;
    for (int64_t row = 0; row < 3; ++row) {
      SmallVector<Value> at(leading);
      at.push_back(f.index(row));
      at.push_back(f.index(column));
      entries[row] = f.readScalar(matrix, at);
    }
    return entries;
  }

  Value dot(const Vector3 &x, const Vector3 &y) {
    return f.fma(x[0], y[0], f.fma(x[1], y[1], f.mul(x[2], y[2])));
  }
  Vector3 cross(const Vector3 &x, const Vector3 &y) {
    Vector3 product;
    for (int i = 0; i < 3; ++i) {
      int j = (i + 1) % 3, k = (i + 2) % 3;
      product[i] = f.sub(f.mul(x[j], y[k]), f.mul(x[k], y[j]));
    }
    return product;
  }

  /// The point that the matrix's columns 0 to 2 take to `point`: Cramer's rule.
  Vector3 solve(Value matrix, ValueRange leading, const Vector3 &point) {
    Vector3 columns[3];
    for (int64_t i = 0; i < 3; ++i)
      columns[i] = column(matrix, leading, i);
    Value scale;
    Vector3 solution;
    for (int i = 0; i < 3; ++i) {
      Vector3 normal = cross(columns[(i + 1) % 3], columns[(i + 2) % 3]);
      if (i == 0)
        scale = dot(columns[0], normal);
      solution[i] = f.div(dot(point, normal), scale);
    }
    return solution;
  }

  /// R point + t of a 4 x 4 matrix.
  Vector3 transform(Value matrix, ValueRange leading, const Vector3 &point) {
    Vector3 result = column(matrix, leading, 3);
    for (int64_t i = 0; i < 3; ++i) {
      Vector3 axis = column(matrix, leading, i);
      for (int row = 0; row < 3; ++row)
        result[row] = f.fma(axis[row], point[i], result[row]);
    }
    return result;
  }

private:
  FormulaBuilder &f;
};

} // namespace

/// The pixel of the image that feature `i` of `size` stands for.
static Value toPixel(FormulaBuilder &f, Value i, OpFoldResult size,
                     int64_t pixels) {
  Value at = f.intToF32(f.toI32(i));
  if (std::optional<int64_t> constant = getConstantIntValue(size)) {
    if (*constant <= 1)
      return f.f32(0);
    return f.div(f.mul(at, f.f32(pixels - 1)), f.f32(*constant - 1));
  }
  // i is 0 where there is one.
  Value steps = f.sub(f.intToF32(f.toI32(size)), f.f32(1));
  return f.div(f.mul(at, f.f32(pixels - 1)), f.maxNum(steps, f.f32(1)));
}

/// (b, n, d, h, w).
static Value emit(FormulaBuilder &f, FrustumToVoxelOp op, ValueRange index) {
  Geometry geometry(f);
  Value b = index[0], row = index[3], column = index[4];
  ValueRange camera = index.take_front(2);
  OpFoldResult height = sizeOf(f.b, f.loc, op.getInit(), 3),
               width = sizeOf(f.b, f.loc, op.getInit(), 4);
  if (!op.getOrigin().empty()) {
    row = f.addI(row, op.getOrigin()[0]);
    column = f.addI(column, op.getOrigin()[1]);
    height = op.getFeatureSize()[0];
    width = op.getFeatureSize()[1];
  }
  Value depth = f.readScalar(op.getDepths(), index[2]);
  Vector3 point = {toPixel(f, column, width, op.getImageSize()[1]),
                   toPixel(f, row, height, op.getImageSize()[0]), depth};
  if (Value image = op.getImageAugmentation()) {
    Vector3 shift = geometry.column(image, camera, 3);
    for (int i = 0; i < 3; ++i)
      point[i] = f.sub(point[i], shift[i]);
    point = geometry.solve(image, camera, point);
  }
  point = {f.mul(point[0], point[2]), f.mul(point[1], point[2]), point[2]};
  point = geometry.solve(op.getIntrinsics(), camera, point);
  point = geometry.transform(op.getCameraToEgo(), camera, point);
  if (Value bev = op.getBevAugmentation())
    point = geometry.transform(bev, b, point);

  // z, y, x. Comparisons are false for NaN, and come before conversions.
  Value cell = f.i32(0), valid;
  for (int axis = 2; axis >= 0; --axis) {
    int64_t size = op.getGridSize()[2 - axis];
    Value g = f.div(f.sub(point[axis], f.f32(op.getLower()[axis])),
                    f.f32(op.getCellSize()[axis]));
    if (op.getFloor())
      g = f.floor(g);
    Value inside = f.andI(f.greater(g, f.f32(-1)), f.less(g, f.f32(size)));
    valid = valid ? f.andI(valid, inside) : inside;
    Value i = arith::FPToSIOp::create(f.b, f.loc, f.b.getI32Type(),
                                      f.select(inside, g, f.f32(0)));
    // A size that f32 rounds up would let one cell too many pass.
    if (size > (1 << 24))
      valid =
          f.andI(valid, f.compare(arith::CmpIPredicate::slt, i, f.i32(size)));
    cell = f.addI(f.mulI(cell, f.i32(size)), i);
  }
  return f.select(valid, cell, f.i32(-1));
}

//===----------------------------------------------------------------------===//
// interval_pool
//===----------------------------------------------------------------------===//

/// Points whose features are read before the first is used.
static constexpr int64_t kPointsInFlight = 4;

OpFoldResult mlir::bev::getNumPoints(OpBuilder &b, IntervalPoolOp op) {
  Value table = op.getRanksFeat() ? op.getRanksFeat() : op.getFeat();
  return sizeOf(b, op.getLoc(), table, 0);
}

namespace {

/// A point of a sum.
struct PooledPoint {
  Value row;    ///< i32, of feat; -1: the point does not count
  Value weight; ///< f32, 0 where it does not count; absent: 1
};

} // namespace

std::pair<Value, Value> mlir::bev::emitRanks(OpBuilder &builder,
                                             IntervalPoolOp op, Value at) {
  FormulaBuilder f(builder, op.getLoc(), FormulaMode());
  Value row = f.readScalar(op.getRanksFeat(), at);
  return {row, op.getDepth() ? f.readScalar(op.getRanksDepth(), at) : Value()};
}

Value mlir::bev::emitRanksExist(OpBuilder &builder, IntervalPoolOp op,
                                Value row, Value depthRank) {
  FormulaBuilder f(builder, op.getLoc(), FormulaMode());
  // Unsigned comparisons: a negative rank is too large.
  auto isRow = [&](Value rank, Value shaped) {
    return f.compare(arith::CmpIPredicate::ult, f.toIndex(rank),
                     sizeValue(f, shaped, 0));
  };
  Value isFeature = isRow(row, op.getFeat());
  return op.getDepth() ? f.andI(isFeature, isRow(depthRank, op.getDepth()))
                       : isFeature;
}

Value mlir::bev::emitDepth(OpBuilder &builder, IntervalPoolOp op, Value exists,
                           Value depthRank) {
  FormulaBuilder f(builder, op.getLoc(), FormulaMode());
  Type type = cast<ShapedType>(op.getDepth().getType()).getElementType();
  auto branch = scf::IfOp::create(f.b, f.loc, type, exists,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard insertion(f.b);
  f.b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(f.b, f.loc,
                       f.readScalar(op.getDepth(), f.toIndex(depthRank)));
  f.b.setInsertionPointToStart(branch.elseBlock());
  Value none = arith::ConstantOp::create(f.b, f.loc, f.b.getZeroAttr(type));
  scf::YieldOp::create(f.b, f.loc, none);
  return branch.getResult(0);
}

Value mlir::bev::emitPooledRow(OpBuilder &builder, IntervalPoolOp op, Value row,
                               Value exists, Value channel, FormulaMode mode) {
  FormulaBuilder f(builder, op.getLoc(), mode);
  ChannelSource source{op.getFeat(), [&](Value row) -> SmallVector<Value> {
                         return {row, channel};
                       }};
  if (exists)
    return f.readGuarded(source, exists, f.toIndex(row));
  return f.readChannels(op.getFeat(), source.indexOf(f.toIndex(row)),
                        mode.lanes);
}

Value mlir::bev::emitWeightedRow(OpBuilder &builder, IntervalPoolOp op,
                                 Value sum, Value row, Value weight,
                                 FormulaMode mode) {
  FormulaBuilder f(builder, op.getLoc(), mode);
  return weight ? f.fma(f.toF32(row), f.splat(weight), sum)
                : f.add(sum, f.toF32(row));
}

static PooledPoint readPoint(FormulaBuilder &f, IntervalPoolOp op, Value at) {
  if (!op.getRanksFeat())
    return {f.toI32(at), {}};
  auto [row, depthRank] = emitRanks(f.b, op, at);
  Value exists = emitRanksExist(f.b, op, row, depthRank);
  Value present = f.select(exists, row, f.i32(-1));
  if (!op.getDepth())
    return {present, {}};
  return {present, f.toF32(emitDepth(f.b, op, exists, depthRank))};
}

/// `sum` plus the rows of `points` times their weights, all rows read before
/// the first is used.
static Value addRows(FormulaBuilder &f, IntervalPoolOp op, Value sum,
                     ArrayRef<PooledPoint> points, Value channel) {
  SmallVector<Value> rows;
  for (const PooledPoint &point : points) {
    Value exists = f.compare(arith::CmpIPredicate::sge, point.row, f.i32(0));
    rows.push_back(emitPooledRow(f.b, op, point.row, exists, channel, f.mode));
  }
  // Rows that were not read are zero, and so are their weights.
  for (auto [point, row] : llvm::zip_equal(points, rows))
    sum = emitWeightedRow(f.b, op, sum, row, point.weight, f.mode);
  return sum;
}

/// One point after the other, behind a branch.
static Value sumPoints(FormulaBuilder &f, IntervalPoolOp op, Value begin,
                       Value end, Value channel) {
  auto loop =
      scf::ForOp::create(f.b, f.loc, begin, end, f.index(1), f.zeroChannels());
  OpBuilder::InsertionGuard insertion(f.b);
  f.b.setInsertionPointToStart(loop.getBody());
  Value at = loop.getInductionVar(), sum = loop.getRegionIterArg(0);
  auto readRow = [&](Value row) {
    return f.toF32(f.readChannels(op.getFeat(), {row, channel}, f.mode.lanes));
  };
  if (!op.getRanksFeat()) {
    scf::YieldOp::create(f.b, f.loc, f.add(sum, readRow(at)));
    return loop.getResult(0);
  }
  auto [row, depthRank] = emitRanks(f.b, op, at);
  Value exists = emitRanksExist(f.b, op, row, depthRank);
  Value next = f.addIf(exists, sum, [&, row = row, depthRank = depthRank] {
    if (!op.getDepth())
      return f.add(sum, readRow(f.toIndex(row)));
    Value depth = f.readScalar(op.getDepth(), f.toIndex(depthRank));
    return f.fma(readRow(f.toIndex(row)), f.splat(f.toF32(depth)), sum);
  });
  scf::YieldOp::create(f.b, f.loc, next);
  return loop.getResult(0);
}

/// Several points at once, all reads of rows before the arithmetic.
static Value sumPointsTogether(FormulaBuilder &f, IntervalPoolOp op,
                               Value begin, Value end, Value channel) {
  auto loop = scf::ForOp::create(f.b, f.loc, begin, end,
                                 f.index(kPointsInFlight), f.zeroChannels());
  OpBuilder::InsertionGuard insertion(f.b);
  f.b.setInsertionPointToStart(loop.getBody());
  Value first = loop.getInductionVar();
  Value last = arith::SubIOp::create(f.b, f.loc, end, f.index(1));
  SmallVector<PooledPoint> points;
  for (int64_t i = 0; i < kPointsInFlight; ++i) {
    Value at = i == 0 ? first : f.addI(first, f.index(i));
    Value there = f.compare(arith::CmpIPredicate::slt, at, end);
    PooledPoint point = readPoint(
        f, op, i == 0 ? at : arith::MinSIOp::create(f.b, f.loc, at, last));
    if (i != 0) {
      point.row = f.select(there, point.row, f.i32(-1));
      if (point.weight)
        point.weight = f.select(there, point.weight, f.f32(0));
    }
    points.push_back(point);
  }
  scf::YieldOp::create(
      f.b, f.loc, addRows(f, op, loop.getRegionIterArg(0), points, channel));
  return loop.getResult(0);
}

/// (..., c).
static Value emit(FormulaBuilder &f, IntervalPoolOp op, ValueRange index) {
  SmallVector<Value> at(index);
  auto bound = [&](int64_t i) {
    at.back() = f.index(i);
    return f.toIndex(f.readScalar(op.getBounds(), at));
  };
  Value begin = bound(0), end = bound(1);
  Value points =
      getValueOrCreateConstantIndexOp(f.b, f.loc, getNumPoints(f.b, op));
  begin = arith::MaxSIOp::create(f.b, f.loc, begin, f.index(0));
  end = arith::MinSIOp::create(f.b, f.loc, end, points);
  if (f.mode.guard == Guard::skip || f.mode.lanes == 0)
    return sumPoints(f, op, begin, end, index.back());
  return sumPointsTogether(f, op, begin, end, index.back());
}

//===----------------------------------------------------------------------===//
// segment_pool
//===----------------------------------------------------------------------===//

Value mlir::bev::emitSegmentStep(OpBuilder &builder, SegmentPoolOp op) {
  FormulaBuilder f(builder, op.getLoc(), FormulaMode());
  Value step =
      builder.createOrFold<arith::MaxSIOp>(f.loc, op.getStep(), f.index(1));
  return f.toI32(builder.createOrFold<arith::MinSIOp>(
      f.loc, step, f.index(std::numeric_limits<int32_t>::max())));
}

Segment mlir::bev::emitSegment(OpBuilder &builder, SegmentPoolOp op, Value at) {
  FormulaBuilder f(builder, op.getLoc(), FormulaMode());
  auto entry = [&](int64_t i) {
    return f.readScalar(op.getSegments(), {at, f.index(i)});
  };
  Segment segment = {entry(0), entry(1), entry(2)};
  Value zero = f.i32(0), one = f.i32(1), step = emitSegmentStep(builder, op);
  auto sub = [&](Value x, Value y) {
    return arith::SubIOp::create(f.b, f.loc, x, y);
  };
  // Points that there are from each begin on; unsigned comparisons: a negative
  // rank is too large.
  for (auto [rank, shaped] : {std::pair(segment.depthRank, op.getDepth()),
                              std::pair(segment.featRank, op.getFeat())}) {
    Value size = f.toI32(sizeValue(f, shaped, 0));
    Value isRow = f.compare(arith::CmpIPredicate::ult, rank, size);
    Value points =
        arith::DivUIOp::create(f.b, f.loc, sub(sub(size, one), rank), step);
    points = f.select(isRow, f.addI(points, one), zero);
    segment.length = arith::MinSIOp::create(f.b, f.loc, segment.length, points);
  }
  segment.length = arith::MaxSIOp::create(f.b, f.loc, segment.length, zero);
  return segment;
}

/// `sum` plus the points of a segment from `from` to `to` (i32), `together` of
/// them read before the first is used.
static Value addPoints(FormulaBuilder &f, SegmentPoolOp op,
                       const Segment &segment, Value channel, Value sum,
                       Value from, Value to, int64_t together) {
  Value step = emitSegmentStep(f.b, op);
  auto loop = scf::ForOp::create(f.b, f.loc, from, to, f.i32(together), sum);
  OpBuilder::InsertionGuard insertion(f.b);
  f.b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> depths, rows;
  for (int64_t i = 0; i < together; ++i) {
    Value distance = f.mulI(f.addI(loop.getInductionVar(), f.i32(i)), step);
    auto at = [&](Value rank) { return f.toIndex(f.addI(rank, distance)); };
    depths.push_back(f.readScalar(op.getDepth(), at(segment.depthRank)));
    rows.push_back(f.readChannels(op.getFeat(), {at(segment.featRank), channel},
                                  f.mode.lanes));
  }
  Value next = loop.getRegionIterArg(0);
  for (auto [depth, row] : llvm::zip_equal(depths, rows))
    next = f.fma(f.toF32(row), f.splat(f.toF32(depth)), next);
  scf::YieldOp::create(f.b, f.loc, next);
  return loop.getResult(0);
}

/// (s, c).
static Value emit(FormulaBuilder &f, SegmentPoolOp op, ValueRange index) {
  Segment segment = emitSegment(f.b, op, index[0]);
  Value left = arith::RemUIOp::create(f.b, f.loc, segment.length,
                                      f.i32(kPointsInFlight));
  Value whole = arith::SubIOp::create(f.b, f.loc, segment.length, left);
  Value sum = addPoints(f, op, segment, index[1], f.zeroChannels(), f.i32(0),
                        whole, kPointsInFlight);
  return addPoints(f, op, segment, index[1], sum, whole, segment.length, 1);
}

Value mlir::bev::detail::emitPooling(FormulaBuilder &f, Operation *op,
                                     ValueRange index) {
  if (auto frustum = dyn_cast<FrustumToVoxelOp>(op))
    return emit(f, frustum, index);
  if (auto segments = dyn_cast<SegmentPoolOp>(op))
    return emit(f, segments, index);
  return emit(f, cast<IntervalPoolOp>(op), index);
}
