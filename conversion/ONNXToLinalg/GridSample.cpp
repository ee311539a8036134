// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GridSample and AffineGrid.

#include "Lowerings.h"
#include "StructuredOps.h"

#include "bev/Dialect/BEV/IR/BEV.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

namespace {

RankedTensorType typeOfTensor(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

struct Method {
  Interpolation mode;
  Padding padding;
  bool alignCorners;
};

/// The pixels along one dimension that a sample is taken from.
struct AxisTaps {
  SmallVector<Value> indices, weights, isInside;
};

/// `x` mirrored at `low` and `high` until it is between them.
Value buildReflected(Scalars &s, Value x, Value low, Value high) {
  Type type = x.getType();
  Value zero = s.constant(type, 0);
  Value range = s.sub(high, low);
  Value safe = s.select(s.gt(range, zero), range, s.constant(type, 1));
  Value distance = s.abs(s.sub(x, low));
  Value turns = s.floor(s.div(distance, safe));
  Value rest = s.sub(distance, s.mul(turns, safe));
  Value isOdd = s.gt(s.sub(turns, s.mul(s.floor(s.mul(turns, 0.5)), 2)), zero);
  Value mirrored = s.select(isOdd, s.sub(high, rest), s.add(low, rest));
  return s.select(s.gt(range, zero), mirrored, low);
}

/// The weight of a pixel at a distance: bicubic with a = -0.75.
Value buildCubicWeight(Scalars &s, Value distance) {
  Type type = distance.getType();
  Value x = s.abs(distance), one = s.constant(type, 1);
  auto horner = [&](ArrayRef<double> coefficients) {
    Value sum = s.constant(type, 0);
    for (double coefficient : coefficients)
      sum = s.add(s.mul(sum, x), coefficient);
    return sum;
  };
  return s.select(s.le(x, one), horner({1.25, -2.25, 0, 1}),
                  horner({-0.75, 3.75, -6, 3}));
}

/// `coordinate` is from -1 to 1 across `size` pixels.
AxisTaps buildTaps(Scalars &s, const Method &method, Value coordinate,
                   Value size) {
  Type type = coordinate.getType();
  Value length = s.to(type, size), zero = s.constant(type, 0),
        one = s.constant(type, 1);
  Value last = s.sub(length, one), moved = s.add(coordinate, one);
  Value place = method.alignCorners
                    ? s.mul(s.mul(moved, 0.5), last)
                    : s.mul(s.sub(s.mul(moved, length), one), 0.5);
  Value low = method.alignCorners ? zero : s.constant(type, -0.5);
  Value high = method.alignCorners ? last : s.sub(length, 0.5);

  // What is not near the image, infinite or NaN does not fit an integer.
  Value isNear =
      s.both(s.ge(place, s.constant(type, -4)), s.le(place, s.add(length, 4)));
  bool isZeros = method.padding == Padding::zeros;
  if (method.padding == Padding::border)
    place = s.select(s.isNaN(place), zero, s.clamp(place, zero, last));
  if (method.padding == Padding::reflection) {
    Value isFinite = s.lt(s.abs(place), s.highest(type));
    place = s.select(isFinite, buildReflected(s, place, low, high), zero);
  }
  if (isZeros)
    place = s.select(isNear, place, zero);

  AxisTaps taps;
  auto addTap = [&](Value pixel, Value weight) {
    Value lastIndex = s.sub(size, s.index(1));
    if (method.padding == Padding::reflection)
      pixel = s.clamp(buildReflected(s, pixel, low, high), zero, last);
    Value index = s.toIndex(pixel);
    Value clamped = s.clamp(index, s.index(0), lastIndex);
    taps.indices.push_back(clamped);
    taps.weights.push_back(weight);
    taps.isInside.push_back(isZeros ? s.both(isNear, s.eq(index, clamped))
                                    : s.boolean(true));
  };
  if (method.mode == Interpolation::nearest) {
    addTap(s.roundEven(place), one);
    return taps;
  }
  Value floor = s.floor(place);
  Value fraction = s.sub(place, floor);
  if (method.mode == Interpolation::bilinear) {
    addTap(floor, s.sub(one, fraction));
    addTap(s.add(floor, one), fraction);
    return taps;
  }
  for (int64_t tap = -1; tap <= 2; ++tap)
    addTap(s.add(floor, double(tap)),
           buildCubicWeight(s, s.sub(fraction, double(tap))));
  return taps;
}

/// Samples for any number of dimensions and any float types.
Value buildSamples(Lowering &l, const Method &method) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0), grid = l.input(1);
  int64_t spatial = typeOfTensor(x).getRank() - 2;
  Type element = typeOfTensor(x).getElementType();
  Type type = isa<FloatType>(element) ? getSumType(element) : b.getF32Type();
  if (typeOfTensor(grid).getElementType().isF64())
    type = b.getF64Type();
  SmallVector<OpFoldResult> input = sizesOf(b, b.getLoc(), x),
                            places = sizesOf(b, b.getLoc(), grid), sizes;
  sizes.append({input[0], input[1]});
  sizes.append(places.begin() + 1, places.end() - 1);
  SmallVector<Value> lengths;
  for (OpFoldResult size : ArrayRef(input).drop_front(2))
    lengths.push_back(toIndexValue(b, size));
  return buildGenerate(
      b, sizes, element, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        SmallVector<AxisTaps> axes;
        for (int64_t dim = 0; dim < spatial; ++dim) {
          // The grid has x first.
          SmallVector<Value> at{index[0]};
          llvm::append_range(at, index.drop_front(2));
          at.push_back(s.index(spatial - 1 - dim));
          axes.push_back(buildTaps(s, method, s.to(type, s.extract(grid, at)),
                                   lengths[dim]));
        }
        SmallVector<Value> at{index[0], index[1]};
        at.resize(2 + spatial);
        std::function<Value(int64_t, Value)> sum = [&](int64_t dim,
                                                       Value isInside) {
          if (dim == spatial) {
            Value value = s.to(type, s.extract(x, at));
            return s.select(isInside, value, s.constant(type, 0));
          }
          Value total;
          const AxisTaps &taps = axes[dim];
          for (size_t tap = 0; tap < taps.indices.size(); ++tap) {
            at[2 + dim] = taps.indices[tap];
            Value value = sum(dim + 1, s.both(isInside, taps.isInside[tap]));
            if (method.mode != Interpolation::nearest)
              value = s.mul(value, taps.weights[tap]);
            total = total ? s.add(total, value) : value;
          }
          return total;
        };
        return s.to(element, sum(0, s.boolean(true)));
      });
}

} // namespace

LogicalResult mlir::bev::onnx_to_linalg::lowerGridSample(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0), grid = l.input(1);
  RankedTensorType type = typeOfTensor(x), gridType = typeOfTensor(grid);
  int64_t rank = type.getRank();
  if (rank < 3 || gridType.getRank() != rank ||
      (!gridType.isDynamicDim(rank - 1) &&
       gridType.getDimSize(rank - 1) != rank - 2))
    return l.unsupported("a grid that does not have a coordinate for each "
                         "spatial dimension of the input");
  StringRef mode = l.node.stringAttr("mode", "linear");
  StringRef padding = l.node.stringAttr("padding_mode", "zeros");
  Method method;
  if (mode == "linear" || mode == "bilinear")
    method.mode = Interpolation::bilinear;
  else if (mode == "nearest")
    method.mode = Interpolation::nearest;
  else if (mode == "cubic" || mode == "bicubic")
    method.mode = Interpolation::bicubic;
  else
    return l.unsupported("mode '" + mode + "'");
  std::optional<Padding> knownPadding = symbolizePadding(padding);
  if (!knownPadding)
    return l.unsupported("padding_mode '" + padding + "'");
  method.padding = *knownPadding;
  method.alignCorners = l.node.intAttr("align_corners", 0) != 0;
  Type element = type.getElementType();
  if (!isa<FloatType>(element) && method.mode != Interpolation::nearest)
    return l.unsupported("interpolation between integers");

  bool isPlain = rank == 4 &&
                 isa<Float16Type, BFloat16Type, Float32Type>(element) &&
                 !gridType.getElementType().isF64() &&
                 type.getDimSize(2) != 0 && type.getDimSize(3) != 0;
  if (!isPlain) {
    l.setResult(buildSamples(l, method));
    return success();
  }
  grid = convertElements(b, grid, b.getF32Type());
  if (gridType.isDynamicDim(3)) {
    SmallVector<int64_t> shape(gridType.getShape());
    shape[3] = 2;
    grid = tensor::CastOp::create(
        b, RankedTensorType::get(shape, b.getF32Type()), grid);
  }
  SmallVector<OpFoldResult> input = sizesOf(b, b.getLoc(), x),
                            places = sizesOf(b, b.getLoc(), grid);
  Value init =
      buildEmpty(b, {input[0], input[1], places[1], places[2]}, element);
  auto sample =
      GridSampleOp::create(b, TypeRange{init.getType()}, x, grid, init,
                           InterpolationAttr::get(b.getContext(), method.mode),
                           PaddingAttr::get(b.getContext(), method.padding),
                           method.alignCorners ? b.getUnitAttr() : UnitAttr());
  l.setResult(sample->getResult(0));
  return success();
}

LogicalResult mlir::bev::onnx_to_linalg::lowerAffineGrid(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value theta = l.input(0);
  int64_t spatial = l.resultType().getRank() - 2;
  if (typeOfTensor(theta).getRank() != 3 || (spatial != 2 && spatial != 3) ||
      typeOfTensor(l.input(1)).getRank() != 1)
    return l.unsupported("a grid that is not of two or three dimensions");
  bool alignCorners = l.node.intAttr("align_corners", 0) != 0;
  SmallVector<OpFoldResult> target = readIntegers(b, l.input(1), spatial + 2);
  SmallVector<OpFoldResult> sizes{target[0]};
  sizes.append(target.begin() + 2, target.end());
  sizes.push_back(b.getIndexAttr(spatial));
  sizes = refineSizes(b, sizes, l.resultType());
  Type element = typeOfTensor(theta).getElementType(),
       type = getSumType(element);
  SmallVector<Value> lengths;
  for (int64_t dim = 0; dim < spatial; ++dim)
    lengths.push_back(toIndexValue(b, sizes[1 + dim]));
  l.setResult(buildGenerate(
      b, sizes, element, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        auto read = [&](int64_t column) {
          return s.to(type, s.extract(theta, {index[0], index.back(),
                                              s.index(column)}));
        };
        Value sum = read(spatial), one = s.constant(type, 1);
        for (int64_t dim = 0; dim < spatial; ++dim) {
          Value place = s.to(type, index[1 + dim]),
                length = s.to(type, lengths[dim]);
          Value last = s.max(s.sub(length, one), one);
          Value base =
              alignCorners
                  ? s.sub(s.div(s.mul(place, 2), last), one)
                  : s.sub(s.div(s.add(s.mul(place, 2), one), length), one);
          // Theta has x first.
          sum = s.add(sum, s.mul(read(spatial - 1 - dim), base));
        }
        return s.to(element, sum);
      }));
  return success();
}
