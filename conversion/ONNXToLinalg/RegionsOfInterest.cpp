// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RoiAlign and NonMaxSuppression.

#include "Lowerings.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

static RankedTensorType typeOfTensor(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

LogicalResult mlir::bev::onnx_to_linalg::lowerRoiAlign(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0), rois = l.input(1), batches = l.input(2);
  if (typeOfTensor(x).getRank() != 4 || typeOfTensor(rois).getRank() != 2 ||
      typeOfTensor(batches).getRank() != 1)
    return l.unsupported("an input that is not a batch of images, or regions "
                         "that are not a list of boxes");
  bool isMax = l.node.stringAttr("mode", "avg") == "max";
  bool isHalfPixel = l.node.getVersion() >= 16 &&
                     l.node.stringAttr("coordinate_transformation_mode",
                                       "half_pixel") == "half_pixel";
  int64_t height = l.node.intAttr("output_height", 1),
          width = l.node.intAttr("output_width", 1),
          ratio = l.node.intAttr("sampling_ratio", 0);
  double scale = l.node.floatAttr("spatial_scale", 1);
  if (height < 1 || width < 1)
    return l.unsupported("an output without elements");
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  SmallVector<OpFoldResult> input = sizesOf(b, b.getLoc(), x);
  SmallVector<OpFoldResult> sizes{sizesOf(b, b.getLoc(), rois)[0], input[1],
                                  b.getIndexAttr(height),
                                  b.getIndexAttr(width)};
  Value batchCount = toIndexValue(b, input[0]);
  Value limits[2] = {toIndexValue(b, input[2]), toIndexValue(b, input[3])};

  l.setResult(buildGenerate(
      b, sizes, element, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        Value batch = s.max(s.min(s.toIndex(s.extract(batches, index[0])),
                                  s.sub(batchCount, s.index(1))),
                            s.index(0));
        Value zero = s.constant(type, 0), one = s.constant(type, 1);
        // Rows first: where the bin starts, its size and the samples in it.
        Value start[2], bin[2], count[2];
        for (int64_t dim = 0; dim < 2; ++dim) {
          auto edge = [&](int64_t column) {
            Value value =
                s.to(type, s.extract(rois, {index[0], s.index(column)}));
            return s.sub(s.mul(value, scale), isHalfPixel ? 0.5 : 0.0);
          };
          Value begin = edge(1 - dim), end = edge(3 - dim);
          Value extent = s.sub(end, begin);
          if (!isHalfPixel)
            extent = s.max(extent, one);
          double bins = dim == 0 ? height : width;
          bin[dim] = s.div(extent, s.constant(type, bins));
          start[dim] =
              s.add(begin, s.mul(s.to(type, index[2 + dim]), bin[dim]));
          count[dim] = ratio > 0 ? s.index(ratio) : s.toIndex(s.ceil(bin[dim]));
        }

        auto sample = [&](Scalars &s, Value y, Value x0) -> Value {
          Value places[2] = {y, x0}, low[2], high[2], fraction[2];
          Value isInside = s.boolean(true);
          for (int64_t dim = 0; dim < 2; ++dim) {
            Value limit = s.to(type, limits[dim]);
            isInside =
                s.both(isInside, s.both(s.ge(places[dim], s.constant(type, -1)),
                                        s.le(places[dim], limit)));
          }
          for (int64_t dim = 0; dim < 2; ++dim) {
            Value last = s.sub(limits[dim], s.index(1));
            Value place = s.select(isInside, s.max(places[dim], zero), zero);
            Value floor = s.toIndex(place);
            low[dim] = s.min(floor, last);
            high[dim] = s.min(s.add(floor, s.index(1)), last);
            Value isLast = s.ge(floor, last);
            fraction[dim] =
                s.select(isLast, zero, s.sub(place, s.to(type, low[dim])));
          }
          Value result;
          for (int64_t corner = 0; corner < 4; ++corner) {
            bool isDown = corner / 2, isRight = corner % 2;
            Value weight =
                s.mul(isDown ? fraction[0] : s.sub(one, fraction[0]),
                      isRight ? fraction[1] : s.sub(one, fraction[1]));
            Value value = s.to(
                type, s.extract(x, {batch, index[1], isDown ? high[0] : low[0],
                                    isRight ? high[1] : low[1]}));
            value = s.select(isInside, s.mul(weight, value), zero);
            result = !result ? value
                     : isMax ? s.max(result, value)
                             : s.add(result, value);
          }
          return result;
        };
        auto step = [&](Scalars &s, int64_t dim, Value iv) {
          Value middle = s.add(s.to(type, iv), 0.5);
          return s.add(start[dim],
                       s.div(s.mul(middle, bin[dim]), s.to(type, count[dim])));
        };
        Value init = isMax ? s.lowest(type) : zero;
        Value total =
            s.loop(s.index(0), count[0], init,
                   [&](Scalars &s, Value row, ValueRange carried) {
                     Value y = step(s, 0, row);
                     return s.loop(
                         s.index(0), count[1], carried,
                         [&](Scalars &s, Value column, ValueRange carried) {
                           Value value = sample(s, y, step(s, 1, column));
                           return SmallVector<Value>{
                               isMax ? s.max(carried.front(), value)
                                     : s.add(carried.front(), value)};
                         });
                   })
                .front();
        Value samples =
            s.mul(s.max(count[0], s.index(0)), s.max(count[1], s.index(0)));
        if (!isMax)
          return s.to(element,
                      s.div(total, s.to(type, s.max(samples, s.index(1)))));
        Value isEmpty = s.eq(samples, s.index(0));
        return s.to(element, s.select(isEmpty, zero, total));
      }));
  return success();
}

/// Whether two boxes share more than `threshold` of their union.
static Value buildOverlaps(Scalars &s, Value boxes, Value batch, Value first,
                           Value second, Value threshold, bool isCentered) {
  Type type = threshold.getType();
  // The lower and upper edge in both directions.
  auto getEdges = [&](Value box) {
    auto read = [&](int64_t i) {
      return s.to(type, s.extract(boxes, {batch, box, s.index(i)}));
    };
    SmallVector<std::pair<Value, Value>> edges;
    for (int64_t dim = 0; dim < 2; ++dim) {
      Value a = read(dim), b = read(dim + 2);
      if (isCentered) {
        Value half = s.mul(b, 0.5);
        edges.emplace_back(s.sub(a, half), s.add(a, half));
      } else {
        edges.emplace_back(s.min(a, b), s.max(a, b));
      }
    }
    return edges;
  };
  auto edgesA = getEdges(first), edgesB = getEdges(second);
  Value zero = s.constant(type, 0), one = s.constant(type, 1);
  Value shared = one, areaA = one, areaB = one;
  for (auto [a, b] : llvm::zip(edgesA, edgesB)) {
    Value low = s.max(a.first, b.first), high = s.min(a.second, b.second);
    shared = s.mul(shared, s.max(s.sub(high, low), zero));
    areaA = s.mul(areaA, s.sub(a.second, a.first));
    areaB = s.mul(areaB, s.sub(b.second, b.first));
  }
  Value united = s.sub(s.add(areaA, areaB), shared);
  Value isBox =
      s.both(s.both(s.gt(areaA, zero), s.gt(areaB, zero)), s.gt(united, zero));
  return s.both(isBox, s.gt(s.div(shared, united), threshold));
}

LogicalResult mlir::bev::onnx_to_linalg::lowerNonMaxSuppression(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Scalars s(b);
  Value boxes = l.input(0), scores = l.input(1);
  if (typeOfTensor(boxes).getRank() != 3 || typeOfTensor(scores).getRank() != 3)
    return l.unsupported("boxes or scores that are not of rank 3");
  Type type = typeOfTensor(scores).getElementType(), i64 = b.getI64Type();
  auto readScalar = [&](unsigned index) -> Value {
    Value input = l.input(index);
    if (!input)
      return Value();
    SmallVector<Value> at(typeOfTensor(input).getRank(), s.index(0));
    return s.extract(input, at);
  };
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), scores);
  Value batches = toIndexValue(b, sizes[0]),
        classes = toIndexValue(b, sizes[1]), count = toIndexValue(b, sizes[2]);
  Value most = readScalar(2);
  most = most ? s.clamp(s.toIndex(most), s.index(0), count) : s.index(0);
  Value overlap = readScalar(3), least = readScalar(4);
  if (!overlap)
    overlap = s.constant(type, 0);
  bool isCentered = l.node.intAttr("center_point_box", 0) != 0;

  Value order = buildSortedOrder(b, scores, 2, /*isDescending=*/true,
                                 /*isUnsigned=*/false);
  Value capacity = s.mul(s.mul(batches, classes), most);
  Value chosen = buildFill(b, {OpFoldResult(capacity), b.getIndexAttr(3)},
                           s.constant(i64, 0));
  // Each class of each batch: the boxes from the best score down that do not
  // overlap one that was chosen before.
  auto perBox = [&](Scalars &s, Value batch, Value classIndex, Value begin,
                    Value place, ValueRange carried) -> SmallVector<Value> {
    Value chosen = carried[0], end = carried[1];
    Value box = s.toIndex(s.extract(order, {batch, classIndex, place}));
    Value candidate = s.lt(s.sub(end, begin), most);
    if (least)
      candidate = s.both(
          candidate, s.gt(s.extract(scores, {batch, classIndex, box}), least));
    return s.branch(
        candidate,
        [&](Scalars &s) {
          Value isFree =
              s.loop(begin, end, s.boolean(true),
                     [&](Scalars &s, Value i, ValueRange isFree) {
                       Value other =
                           s.toIndex(s.extract(chosen, {i, s.index(2)}));
                       Value overlaps = buildOverlaps(
                           s, boxes, batch, box, other, overlap, isCentered);
                       return SmallVector<Value>{
                           s.both(isFree.front(), s.negate(overlaps))};
                     })
                  .front();
          return s.branch(
              isFree,
              [&](Scalars &s) {
                Value list = chosen;
                for (auto [i, value] :
                     llvm::enumerate(ArrayRef<Value>{batch, classIndex, box}))
                  list = tensor::InsertOp::create(s.b, s.to(i64, value), list,
                                                  ValueRange{end, s.index(i)});
                return SmallVector<Value>{list, s.add(end, s.index(1))};
              },
              [&](Scalars &) { return SmallVector<Value>{chosen, end}; });
        },
        [&](Scalars &) { return SmallVector<Value>{chosen, end}; });
  };
  SmallVector<Value> found = s.loop(
      s.index(0), batches, {chosen, s.index(0)},
      [&](Scalars &s, Value batch, ValueRange carried) {
        return s.loop(s.index(0), classes, carried,
                      [&](Scalars &s, Value classIndex, ValueRange carried) {
                        Value begin = carried[1];
                        return s.loop(
                            s.index(0), count, carried,
                            [&](Scalars &s, Value place, ValueRange carried) {
                              return perBox(s, batch, classIndex, begin, place,
                                            carried);
                            });
                      });
      });
  SmallVector<OpFoldResult> offsets(2, b.getIndexAttr(0)),
      strides(2, b.getIndexAttr(1));
  SmallVector<OpFoldResult> foundSizes{found[1], b.getIndexAttr(3)};
  l.setResult(tensor::ExtractSliceOp::create(b, found[0], offsets, foundSizes,
                                             strides));
  return success();
}
