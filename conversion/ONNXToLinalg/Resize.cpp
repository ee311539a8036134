// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Resize and Upsample: tables of places and weights along each resized
// dimension, then one gather or weighted sum for each.

#include "Lowerings.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

namespace {

RankedTensorType typeOfTensor(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

enum class Mode { Nearest, Linear, Cubic };
enum class Coordinates {
  HalfPixel,
  HalfPixelSymmetric,
  HalfPixelForNearest,
  PytorchHalfPixel,
  AlignCorners,
  Asymmetric,
  CropAndResize
};
/// `Simple` is that of versions before 11: up where the input shrinks, else
/// down.
enum class Rounding { PreferFloor, PreferCeil, Floor, Ceil, Simple };

/// How all dimensions are resized.
struct Method {
  Mode mode;
  Coordinates coordinates;
  Rounding rounding;
  bool antialias, excludeOutside;
  double cubicCoefficient, extrapolation;
};

/// One resized dimension. Scalars are f64.
struct Axis {
  int64_t dim;
  OpFoldResult input, output;
  Value scale;
  std::optional<double> knownScale;
  /// Where the region of interest starts and ends; only for CropAndResize.
  Value roiBegin, roiEnd;
};

std::optional<Method> getMethod(Lowering &l) {
  Method method;
  bool isOld = l.node.getOpType() == "Upsample" || l.node.getVersion() < 11;
  auto mode = llvm::StringSwitch<std::optional<Mode>>(
                  l.node.stringAttr("mode", "nearest"))
                  .Case("nearest", Mode::Nearest)
                  .Cases({"linear", "bilinear"}, Mode::Linear)
                  .Case("cubic", Mode::Cubic)
                  .Default(std::nullopt);
  auto coordinates =
      llvm::StringSwitch<std::optional<Coordinates>>(
          l.node.stringAttr("coordinate_transformation_mode",
                            isOld ? "asymmetric" : "half_pixel"))
          .Case("half_pixel", Coordinates::HalfPixel)
          .Case("half_pixel_symmetric", Coordinates::HalfPixelSymmetric)
          .Case("tf_half_pixel_for_nn", Coordinates::HalfPixelForNearest)
          .Case("pytorch_half_pixel", Coordinates::PytorchHalfPixel)
          .Case("align_corners", Coordinates::AlignCorners)
          .Case("asymmetric", Coordinates::Asymmetric)
          .Case("tf_crop_and_resize", Coordinates::CropAndResize)
          .Default(std::nullopt);
  auto rounding =
      llvm::StringSwitch<std::optional<Rounding>>(
          l.node.stringAttr("nearest_mode",
                            isOld ? "simple" : "round_prefer_floor"))
          .Case("round_prefer_floor", Rounding::PreferFloor)
          .Case("round_prefer_ceil", Rounding::PreferCeil)
          .Case("floor", Rounding::Floor)
          .Case("ceil", Rounding::Ceil)
          .Case("simple", Rounding::Simple)
          .Default(std::nullopt);
  if (!mode || !coordinates || !rounding) {
    (void)l.unsupported(
        "a mode, coordinate_transformation_mode or nearest_mode "
        "that ONNX does not define");
    return std::nullopt;
  }
  method.mode = *mode;
  method.coordinates = *coordinates;
  method.rounding = *rounding;
  method.antialias = l.node.intAttr("antialias", 0) != 0;
  method.excludeOutside = l.node.intAttr("exclude_outside", 0) != 0;
  method.cubicCoefficient = l.node.floatAttr("cubic_coeff_a", -0.75f);
  method.extrapolation = l.node.floatAttr("extrapolation_value", 0);
  if (method.antialias && method.mode == Mode::Nearest) {
    (void)l.unsupported("antialias with mode 'nearest'");
    return std::nullopt;
  }
  return method;
}

/// Element `index` of a tensor of floats as f64.
Value readFloat(ImplicitLocOpBuilder &b, Value tensor, int64_t index) {
  Scalars s(b);
  return s.to(b.getF64Type(), s.extract(tensor, s.index(index)));
}

std::optional<double> getKnownFloat(Value tensor, int64_t index) {
  DenseFPElementsAttr constant;
  if (!matchPattern(tensor, m_Constant(&constant)) ||
      constant.getNumElements() <= index)
    return std::nullopt;
  return (*(constant.begin() + index)).convertToDouble();
}

/// Rounds an f64 that is not negative down to an index.
OpFoldResult toSize(ImplicitLocOpBuilder &b, Value value) {
  return getAsOpFoldResult(Scalars(b).toIndex(value));
}

/// The dimensions that are resized; nothing after a call of `unsupported`.
std::optional<SmallVector<Axis>> getAxes(Lowering &l, const Method &method) {
  ImplicitLocOpBuilder &b = l.b;
  Scalars s(b);
  Type f64 = b.getF64Type();
  Value x = l.input(0);
  int64_t rank = typeOfTensor(x).getRank();
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  SmallVector<int64_t> dims = l.node.intsAttr("axes").value_or(
      llvm::to_vector(llvm::seq<int64_t>(0, rank)));
  for (int64_t &dim : dims) {
    std::optional<int64_t> normal = normalizeAxis(dim, rank);
    if (!normal) {
      (void)l.unsupported("axis " + Twine(dim) + " of a tensor of rank " +
                          Twine(rank));
      return std::nullopt;
    }
    dim = *normal;
  }
  // An input that is not meant is left out or empty.
  auto present = [&](Value input) {
    if (!input || typeOfTensor(input).getRank() != 1)
      return Value();
    int64_t size = typeOfTensor(input).getDimSize(0);
    return ShapedType::isDynamic(size) ||
                   size == static_cast<int64_t>(dims.size())
               ? input
               : Value();
  };
  bool isOld = l.node.getOpType() == "Upsample" || l.node.getVersion() < 11;
  Value scales = present(l.input(isOld ? 1 : 2)),
        outputs = isOld ? Value() : present(l.input(3));
  if (scales && outputs) {
    (void)l.unsupported("both scales and sizes");
    return std::nullopt;
  }
  std::optional<SmallVector<float>> listed = l.node.floatsAttr("scales");
  if (listed && listed->size() != dims.size())
    listed.reset();
  if (!scales && !outputs && !listed) {
    (void)l.unsupported("scales or sizes that are not one for each of the " +
                        Twine(dims.size()) + " resized dimensions");
    return std::nullopt;
  }
  Value roi;
  if (method.coordinates == Coordinates::CropAndResize) {
    roi = l.input(1);
    if (!roi || typeOfTensor(roi).getRank() != 1) {
      (void)l.unsupported("tf_crop_and_resize without a region");
      return std::nullopt;
    }
  }

  StringRef policy = l.node.stringAttr("keep_aspect_ratio_policy", "stretch");
  SmallVector<OpFoldResult> targets;
  Value common;
  if (outputs) {
    targets = readIntegers(b, outputs, dims.size());
    if (policy != "stretch")
      for (auto [dim, target] : llvm::zip_equal(dims, targets)) {
        Value ratio = s.div(s.to(f64, toIndexValue(b, target)),
                            s.to(f64, toIndexValue(b, sizes[dim])));
        common = !common                  ? ratio
                 : policy == "not_larger" ? s.min(common, ratio)
                                          : s.max(common, ratio);
      }
  }

  SmallVector<Axis> axes;
  RankedTensorType resultType = l.resultType();
  for (auto [i, dim] : llvm::enumerate(dims)) {
    Axis axis;
    axis.dim = dim;
    axis.input = sizes[dim];
    Value inputSize = s.to(f64, toIndexValue(b, sizes[dim]));
    if (outputs) {
      axis.output =
          common ? toSize(b, s.add(s.mul(common, inputSize), 0.5)) : targets[i];
    } else {
      axis.knownScale = listed ? std::optional<double>((*listed)[i])
                               : getKnownFloat(scales, i);
      axis.scale = axis.knownScale ? s.constant(f64, *axis.knownScale)
                                   : readFloat(b, scales, i);
      if (axis.knownScale == 1.0) {
        axis.output = axis.input;
      } else {
        // In f32, as ONNX defines it.
        Type f32 = b.getF32Type();
        axis.output =
            toSize(b, s.to(f64, s.floor(s.mul(s.to(f32, inputSize),
                                              s.to(f32, axis.scale)))));
      }
    }
    if (!resultType.isDynamicDim(dim))
      axis.output = b.getIndexAttr(resultType.getDimSize(dim));
    if (outputs) {
      std::optional<int64_t> known = getConstantIntValue(axis.output),
                             knownInput = getConstantIntValue(axis.input);
      if (common)
        axis.scale = common;
      else if (isSameSize(axis.input, axis.output))
        axis.knownScale = 1.0;
      else if (known && knownInput && *knownInput)
        axis.knownScale = double(*known) / *knownInput;
      if (axis.knownScale)
        axis.scale = s.constant(f64, *axis.knownScale);
      if (!axis.scale)
        axis.scale = s.div(s.to(f64, toIndexValue(b, axis.output)), inputSize);
    }
    if (roi) {
      axis.roiBegin = readFloat(b, roi, i);
      axis.roiEnd = readFloat(b, roi, dims.size() + i);
    } else if (axis.knownScale == 1.0) {
      continue;
    }
    axes.push_back(axis);
  }
  return axes;
}

/// The place in the input, as f64, that output `index` is taken from.
Value buildPlace(Scalars &s, const Method &method, const Axis &axis,
                 Value index) {
  Type f64 = s.b.getF64Type();
  Value x = s.to(f64, index);
  Value input = s.to(f64, toIndexValue(s.b, axis.input));
  Value zero = s.constant(f64, 0), one = s.constant(f64, 1);
  // The size of the output before it is rounded to an integer.
  Value exact = s.mul(axis.scale, input);
  Value isOne = s.eq(exact, one);
  Value spread = s.select(isOne, one, s.sub(exact, one));
  Value half = s.sub(s.div(s.add(x, 0.5), axis.scale), 0.5);
  switch (method.coordinates) {
  case Coordinates::HalfPixel:
    return half;
  case Coordinates::HalfPixelSymmetric: {
    Value output = s.to(f64, toIndexValue(s.b, axis.output));
    Value adjustment = s.div(output, exact);
    Value offset = s.mul(s.mul(input, 0.5), s.sub(one, adjustment));
    return s.add(offset, half);
  }
  case Coordinates::HalfPixelForNearest:
    return s.div(s.add(x, 0.5), axis.scale);
  case Coordinates::PytorchHalfPixel:
    return s.select(isOne, s.constant(f64, -0.5), half);
  case Coordinates::AlignCorners:
    return s.select(isOne, zero, s.div(s.mul(x, s.sub(input, one)), spread));
  case Coordinates::Asymmetric:
    return s.div(x, axis.scale);
  case Coordinates::CropAndResize: {
    Value last = s.sub(input, one);
    Value extent = s.mul(s.sub(axis.roiEnd, axis.roiBegin), last);
    Value inside =
        s.select(isOne, s.mul(extent, 0.5), s.div(s.mul(x, extent), spread));
    return s.add(inside, s.mul(axis.roiBegin, last));
  }
  }
  llvm_unreachable("all coordinates are covered");
}

Value clampToInput(Scalars &s, const Axis &axis, Value index) {
  Value last = s.sub(toIndexValue(s.b, axis.input), s.index(1));
  return s.max(s.min(index, last), s.index(0));
}

/// The index that each output of mode nearest is read from.
Value buildNearestTable(ImplicitLocOpBuilder &b, const Method &method,
                        const Axis &axis) {
  return buildGenerate(
      b, axis.output, b.getI64Type(),
      [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        Value place = buildPlace(s, method, axis, index.front());
        switch (method.rounding) {
        case Rounding::PreferFloor:
          place = s.ceil(s.sub(place, 0.5));
          break;
        case Rounding::PreferCeil:
          place = s.floor(s.add(place, 0.5));
          break;
        case Rounding::Floor:
          place = s.floor(place);
          break;
        case Rounding::Ceil:
          place = s.ceil(place);
          break;
        case Rounding::Simple:
          place = s.select(s.lt(axis.scale, s.constant(b.getF64Type(), 1)),
                           s.ceil(place), s.floor(place));
          break;
        }
        return s.to(b.getI64Type(), clampToInput(s, axis, s.toIndex(place)));
      });
}

/// The places and weights, (outputs, taps) each, of one dimension.
struct Taps {
  Value places, weights;
  OpFoldResult count;
};

/// The cubic convolution kernel.
Value buildCubic(Scalars &s, Value distance, double a) {
  Type type = distance.getType();
  Value x = s.abs(distance);
  auto horner = [&](ArrayRef<double> coefficients) {
    Value sum = s.constant(type, coefficients.front());
    for (double coefficient : coefficients.drop_front())
      sum = s.add(s.mul(sum, x), coefficient);
    return sum;
  };
  Value near = horner({a + 2, -(a + 3), 0, 1}),
        far = horner({a, -5 * a, 8 * a, -4 * a});
  Value one = s.constant(type, 1), two = s.constant(type, 2);
  return s.select(s.le(x, one), near,
                  s.select(s.lt(x, two), far, s.constant(type, 0)));
}

Taps buildTaps(ImplicitLocOpBuilder &b, const Method &method, const Axis &axis,
               Type type) {
  Type f64 = b.getF64Type();
  Scalars s(b);
  // A kernel reaches so far to each side; where the input shrinks, an
  // antialiasing kernel is stretched by as much.
  int64_t reach = method.mode == Mode::Cubic ? 2 : 1;
  Taps taps;
  taps.count = b.getIndexAttr(2 * reach);
  Value shrink = s.constant(f64, 1);
  Value side = s.index(reach);
  if (method.antialias) {
    shrink = s.min(axis.scale, shrink);
    if (axis.knownScale) {
      double known = std::min(*axis.knownScale, 1.0);
      int64_t begin = static_cast<int64_t>(std::floor(-reach / known)) + 1;
      taps.count = b.getIndexAttr(2 - 2 * begin);
      side = s.index(1 - begin);
    } else {
      Value begin = s.floor(s.div(s.constant(f64, -double(reach)), shrink));
      side = s.sub(s.index(0), s.toIndex(begin));
      taps.count = s.mul(side, s.index(2));
    }
  }
  // Taps are counted from `side - 1` before the element left of the place.
  auto getTap = [&](Scalars &s, ValueRange index, Value &fraction) {
    Value place = buildPlace(s, method, axis, index[0]);
    Value left = s.sub(s.ceil(place), 1.0);
    fraction = s.sub(place, left);
    Value offset = s.sub(index[1], s.sub(side, s.index(1)));
    fraction = s.sub(s.to(f64, offset), fraction);
    return s.add(s.toIndex(left), offset);
  };
  SmallVector<OpFoldResult> sizes{axis.output, taps.count};
  taps.places = buildGenerate(
      b, sizes, b.getI64Type(), [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        Value fraction;
        Value tap = getTap(s, index, fraction);
        return s.to(b.getI64Type(), clampToInput(s, axis, tap));
      });
  taps.weights = buildGenerate(
      b, sizes, type, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        Value distance;
        Value tap = getTap(s, index, distance);
        distance = s.mul(distance, shrink);
        Value zero = s.constant(f64, 0), weight;
        if (method.mode == Mode::Cubic)
          weight = buildCubic(s, distance, method.cubicCoefficient);
        else
          weight = s.max(s.sub(s.constant(f64, 1), s.abs(distance)), zero);
        if (method.excludeOutside) {
          Value isInside = s.eq(clampToInput(s, axis, tap), tap);
          weight = s.select(isInside, weight, zero);
        }
        return s.to(type, weight);
      });
  if (!method.antialias && !method.excludeOutside)
    return taps;

  llvm::SmallBitVector reduced(2);
  reduced.set(1);
  Value sums = buildReduction(b, taps.weights, {}, reduced, s.constant(type, 0),
                              [&](ImplicitLocOpBuilder &b, ValueRange args) {
                                return Scalars(b).add(args[0], args[1]);
                              });
  taps.weights = buildApply(
      b, taps.weights, sums, reduced, {}, {}, type,
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        Value isZero = s.eq(args[1], s.constant(type, 0));
        return s.div(args[0], s.select(isZero, s.constant(type, 1), args[1]));
      });
  return taps;
}

/// Resizes one dimension by weighted sums.
Value buildWeighted(ImplicitLocOpBuilder &b, Value x, const Axis &axis,
                    const Taps &taps, Type type) {
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  int64_t rank = sizes.size();
  sizes[axis.dim] = axis.output;
  Value init = buildFill(b, sizes, Scalars(b).constant(type, 0));
  AffineMap table = AffineMap::get(
      rank + 1, 0, {b.getAffineDimExpr(axis.dim), b.getAffineDimExpr(rank)},
      b.getContext());
  AffineMap result = b.getMultiDimIdentityMap(rank + 1).getMajorSubMap(rank);
  SmallVector<utils::IteratorType> iterators(rank + 1,
                                             utils::IteratorType::parallel);
  iterators.back() = utils::IteratorType::reduction;
  return buildGeneric(b, {taps.places, taps.weights}, init,
                      {table, table, result}, iterators,
                      [&](ImplicitLocOpBuilder &b, ValueRange args) {
                        Scalars s(b);
                        SmallVector<Value> at = getIndices(b, rank);
                        at[axis.dim] = s.toIndex(args[0]);
                        Value value = s.to(type, s.extract(x, at));
                        return SmallVector<Value>{
                            s.accumulate(args[2], s.mul(args[1], value))};
                      })
      .front();
}

/// Puts the extrapolation value where a place is outside the input.
Value buildExtrapolated(ImplicitLocOpBuilder &b, Value x, const Method &method,
                        ArrayRef<Axis> axes) {
  Type element = typeOfTensor(x).getElementType(), f64 = b.getF64Type();
  int64_t rank = typeOfTensor(x).getRank();
  SmallVector<Value> outside;
  SmallVector<AffineMap> maps;
  for (const Axis &axis : axes) {
    outside.push_back(buildGenerate(
        b, axis.output, b.getI1Type(),
        [&](ImplicitLocOpBuilder &b, ValueRange index) {
          Scalars s(b);
          Value place = buildPlace(s, method, axis, index.front());
          Value last = s.sub(s.to(f64, toIndexValue(b, axis.input)), 1.0);
          return s.either(s.lt(place, s.constant(f64, 0)), s.gt(place, last));
        }));
    maps.push_back(AffineMap::get(rank, 0, b.getAffineDimExpr(axis.dim)));
  }
  return buildApply(b, x, {}, llvm::SmallBitVector(rank), outside, maps,
                    element, [&](ImplicitLocOpBuilder &b, ValueRange args) {
                      Scalars s(b);
                      Value any = s.boolean(false);
                      for (Value arg : args.drop_front())
                        any = s.either(any, arg);
                      return s.select(any,
                                      s.constant(element, method.extrapolation),
                                      args.front());
                    });
}

} // namespace

LogicalResult mlir::bev::onnx_to_linalg::lowerResize(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  std::optional<Method> method = getMethod(l);
  if (!method)
    return failure();
  std::optional<SmallVector<Axis>> axes = getAxes(l, *method);
  if (!axes)
    return failure();
  Value x = l.input(0);
  Type element = typeOfTensor(x).getElementType();
  int64_t rank = typeOfTensor(x).getRank();
  if (axes->empty()) {
    l.setResult(x);
    return success();
  }
  Value result = x;
  if (method->mode == Mode::Nearest) {
    SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
    SmallVector<Value> tables;
    SmallVector<AffineMap> maps;
    for (const Axis &axis : *axes) {
      sizes[axis.dim] = axis.output;
      tables.push_back(buildNearestTable(b, *method, axis));
      maps.push_back(AffineMap::get(rank, 0, b.getAffineDimExpr(axis.dim)));
    }
    maps.push_back(b.getMultiDimIdentityMap(rank));
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    result =
        buildGeneric(b, tables, buildEmpty(b, sizes, element), maps, iterators,
                     [&](ImplicitLocOpBuilder &b, ValueRange args) {
                       Scalars s(b);
                       SmallVector<Value> at = getIndices(b, rank);
                       for (auto [axis, arg] : llvm::zip(*axes, args))
                         at[axis.dim] = s.toIndex(arg);
                       return SmallVector<Value>{s.extract(x, at)};
                     })
            .front();
  } else {
    Type type = isa<FloatType>(element) ? getSumType(element) : b.getF32Type();
    if (isa<IntegerType>(element)) {
      Type onnxElement = l.onnxType(0).getElementType();
      result = buildElementwise(b, x, sizesOf(b, b.getLoc(), x), type,
                                [&](ImplicitLocOpBuilder &b, ValueRange args) {
                                  return buildCast(b, args.front(), onnxElement,
                                                   type);
                                });
    }
    for (const Axis &axis : *axes)
      result = buildWeighted(b, result, axis, buildTaps(b, *method, axis, type),
                             type);
    Type onnxElement = l.onnxResultElementType();
    if (type != element)
      result = buildElementwise(
          b, result, sizesOf(b, b.getLoc(), result), element,
          [&](ImplicitLocOpBuilder &b, ValueRange args) {
            return buildCast(b, args.front(), type, onnxElement);
          });
  }
  if (method->coordinates == Coordinates::CropAndResize)
    result = buildExtrapolated(b, result, *method, *axes);
  l.setResult(result);
  return success();
}
