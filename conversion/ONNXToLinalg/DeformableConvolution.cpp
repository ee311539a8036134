// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// DeformConv.

#include "Lowerings.h"
#include "Window.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

static RankedTensorType typeOfTensor(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

/// The value of image `at` (its last two indices are replaced) between pixels:
/// linear, and zero outside.
static Value buildSample(Scalars &s, Value image, SmallVector<Value> at,
                         Value y, Value x, ArrayRef<Value> limits, Type type) {
  Value top = s.floor(y), left = s.floor(x);
  Value down = s.sub(y, top), right = s.sub(x, left);
  Value one = s.constant(type, 1);
  Value sum = s.constant(type, 0);
  // Places far outside, infinite or NaN do not fit an integer.
  auto fits = [&](Value place, Value limit) {
    return s.both(s.ge(place, s.constant(type, -1)),
                  s.le(place, s.to(type, limit)));
  };
  Value isNear = s.both(fits(y, limits[0]), fits(x, limits[1]));
  Value row = s.toIndex(s.select(isNear, top, s.constant(type, 0))),
        column = s.toIndex(s.select(isNear, left, s.constant(type, 0)));
  for (int64_t corner = 0; corner < 4; ++corner) {
    Value ownRow = s.add(row, s.index(corner / 2)),
          ownColumn = s.add(column, s.index(corner % 2));
    Value weight = s.mul(corner / 2 ? down : s.sub(one, down),
                         corner % 2 ? right : s.sub(one, right));
    auto clampTo = [&](Value place, Value limit) {
      return s.clamp(place, s.index(0), s.sub(limit, s.index(1)));
    };
    Value clampedRow = clampTo(ownRow, limits[0]),
          clampedColumn = clampTo(ownColumn, limits[1]);
    Value isInside = s.both(isNear, s.both(s.eq(clampedRow, ownRow),
                                           s.eq(clampedColumn, ownColumn)));
    at[at.size() - 2] = clampedRow;
    at[at.size() - 1] = clampedColumn;
    Value value = s.mul(weight, s.to(type, s.extract(image, at)));
    sum = s.add(sum, s.select(isInside, value, s.constant(type, 0)));
  }
  return sum;
}

/// Samples all taps into columns, then a convolution of one tap.
LogicalResult mlir::bev::onnx_to_linalg::lowerDeformConv(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0), filters = l.input(1), offsets = l.input(2),
        bias = l.input(3), mask = l.input(4);
  if (typeOfTensor(x).getRank() != 4 || typeOfTensor(filters).getRank() != 4)
    return l.unsupported("an input that is not a batch of images");
  int64_t groups = l.node.intAttr("group", 1),
          offsetGroups = l.node.intAttr("offset_group", 1);
  if (groups < 1 || offsetGroups < 1)
    return l.unsupported("less than one group");
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x),
                            taps = sizesOf(b, b.getLoc(), filters);
  std::optional<Window> window =
      getWindow(l, ArrayRef(sizes).drop_front(2), ArrayRef(taps).drop_front(2));
  if (!window)
    return failure();
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);

  // Columns (N, C * taps, outputs), taps innermost.
  OpFoldResult numTaps = multiplySizes(b, taps[2], taps[3]);
  SmallVector<OpFoldResult> columnSizes{sizes[0],
                                        multiplySizes(b, sizes[1], numTaps),
                                        window->outputs[0], window->outputs[1]};
  Value tapCount = toIndexValue(b, numTaps), width = toIndexValue(b, taps[3]);
  Value channelsPerGroup = toIndexValue(
      b,
      applySizes(b, b.getAffineDimExpr(0).floorDiv(offsetGroups), {sizes[1]}));
  SmallVector<Value> limits{toIndexValue(b, sizes[2]),
                            toIndexValue(b, sizes[3])};
  SmallVector<Value> begins{toIndexValue(b, window->padBegin[0]),
                            toIndexValue(b, window->padBegin[1])};
  Value columns = buildGenerate(
      b, columnSizes, element, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        Value channel = s.div(index[1], tapCount);
        Value tap = s.sub(index[1], s.mul(channel, tapCount));
        Value group = s.div(channel, channelsPerGroup);
        Value place = s.add(s.mul(group, tapCount), tap);
        Value row = s.div(tap, width);
        Value column = s.sub(tap, s.mul(row, width));
        auto position = [&](int64_t dim, Value kernel) {
          Value fixed =
              s.sub(s.add(s.mul(index[2 + dim], s.index(window->strides[dim])),
                          s.mul(kernel, s.index(window->dilations[dim]))),
                    begins[dim]);
          Value offset = s.extract(
              offsets, {index[0], s.add(s.mul(place, s.index(2)), s.index(dim)),
                        index[2], index[3]});
          return s.add(s.to(type, fixed), s.to(type, offset));
        };
        Value y = position(0, row), x0 = position(1, column);
        Value value = buildSample(s, x, {index[0], channel, Value(), Value()},
                                  y, x0, limits, type);
        if (mask)
          value =
              s.mul(value, s.to(type, s.extract(mask, {index[0], place,
                                                       index[2], index[3]})));
        return s.to(element, value);
      });
  // The filters of one tap that are as many as there were taps.
  Value flat = collapseShape(b, filters, {{0}, {1, 2, 3}});
  SmallVector<OpFoldResult> flatSizes = sizesOf(b, b.getLoc(), flat);
  flatSizes.append(2, b.getIndexAttr(1));
  flat = expandShape(b, flat, {{0}, {1, 2, 3}}, flatSizes);
  Window point = *window;
  point.strides = {1, 1};
  point.dilations = {1, 1};
  Value init = buildBias(b, bias, sizes[0], taps[0], *window, type);
  l.setResult(convertElements(
      b, buildConvolution(b, columns, flat, init, point, groups), element));
  return success();
}
