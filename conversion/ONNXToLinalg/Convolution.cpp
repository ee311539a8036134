// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conv, ConvTranspose and Col2Im; the table has the pools too.

#include "Lowerings.h"
#include "Window.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

namespace {

RankedTensorType typeOfTensor(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

LogicalResult lowerConv(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0), filters = l.input(1);
  int64_t rank = typeOfTensor(x).getRank();
  int64_t groups = l.node.intAttr("group", 1);
  if (rank < 3 || typeOfTensor(filters).getRank() != rank)
    return l.unsupported("an input without spatial dimensions or filters of "
                         "another rank");
  if (groups < 1)
    return l.unsupported("less than one group");
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x),
                            taps = sizesOf(b, b.getLoc(), filters);
  std::optional<Window> window =
      getWindow(l, ArrayRef(sizes).drop_front(2), ArrayRef(taps).drop_front(2));
  if (!window)
    return failure();
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  Value padded = buildPadded(b, x, *window, Scalars(b).constant(element, 0));
  Value init = buildBias(b, l.input(2), sizes[0], taps[0], *window, type);
  l.setResult(convertElements(
      b, buildConvolution(b, padded, filters, init, *window, groups), element));
  return success();
}

/// A transposed convolution is a convolution with the mirrored filters over the
/// input with `stride - 1` zeros between its elements.
LogicalResult lowerConvTranspose(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0), filters = l.input(1);
  int64_t rank = typeOfTensor(x).getRank(), spatial = rank - 2;
  int64_t groups = l.node.intAttr("group", 1);
  if (rank < 3 || typeOfTensor(filters).getRank() != rank)
    return l.unsupported("an input without spatial dimensions or filters of "
                         "another rank");
  if (groups < 1)
    return l.unsupported("less than one group");
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x),
                            taps = sizesOf(b, b.getLoc(), filters);
  SmallVector<int64_t> ones(spatial, 1), zeros(spatial, 0);
  SmallVector<int64_t> strides = l.node.intsAttr("strides").value_or(ones),
                       dilations = l.node.intsAttr("dilations").value_or(ones),
                       outputPadding =
                           l.node.intsAttr("output_padding").value_or(zeros),
                       pads = l.node.intsAttr("pads").value_or(
                           SmallVector<int64_t>(2 * spatial, 0));
  std::optional<SmallVector<int64_t>> outputShape =
      l.node.intsAttr("output_shape");
  auto has = [](ArrayRef<int64_t> list, size_t size) {
    return list.size() == size;
  };
  if (!has(strides, spatial) || !has(dilations, spatial) ||
      !has(outputPadding, spatial) || !has(pads, 2 * spatial) ||
      (outputShape && !has(*outputShape, spatial)))
    return l.unsupported(
        "strides, dilations, pads or output sizes that are not "
        "one for each of the " +
        Twine(spatial) + " spatial dimensions");
  auto isPositive = [](int64_t value) { return value > 0; };
  if (!llvm::all_of(strides, isPositive) ||
      !llvm::all_of(dilations, isPositive))
    return l.unsupported("strides or dilations that are not positive");
  StringRef mode = l.node.stringAttr("auto_pad", "NOTSET");
  bool isSame = mode == "SAME_UPPER" || mode == "SAME_LOWER";

  // The window of the convolution that the node is: strides are one.
  Window window;
  window.strides = ones;
  window.dilations = dilations;
  window.kernel = llvm::to_vector(ArrayRef(taps).drop_front(2));
  AffineExpr in = b.getAffineDimExpr(0), extent = b.getAffineDimExpr(1),
             out = b.getAffineDimExpr(2);
  SmallVector<OpFoldResult> begins;
  for (int64_t dim = 0; dim < spatial; ++dim) {
    OpFoldResult reach = window.extent(b, dim);
    AffineExpr full = (in - 1) * strides[dim] + extent + outputPadding[dim];
    OpFoldResult output, begin = b.getIndexAttr(pads[dim]);
    if (outputShape || isSame) {
      output = outputShape ? OpFoldResult(b.getIndexAttr((*outputShape)[dim]))
                           : applySizes(b, in * strides[dim], {sizes[dim + 2]});
      OpFoldResult total =
          applySizes(b, full - out, {sizes[dim + 2], reach, output});
      AffineExpr half = mode == "SAME_UPPER" ? in.floorDiv(2) : in.ceilDiv(2);
      if (!l.node.intsAttr("pads") || isSame)
        begin = applySizes(b, half, {total});
    } else {
      output = applySizes(b, full - (pads[dim] + pads[spatial + dim]),
                          {sizes[dim + 2], reach});
    }
    window.outputs.push_back(atLeast(b, output, 0));
    begins.push_back(begin);
  }

  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  SmallVector<OpFoldResult> spread{sizes[0], sizes[1]};
  for (int64_t dim = 0; dim < spatial; ++dim)
    spread.push_back(addSizes(b, window.outputs[dim],
                              applySizes(b, in - 1, {window.extent(b, dim)})));
  // The place of the first element: extent - 1 - begin.
  SmallVector<Value> first, limits;
  for (int64_t dim = 0; dim < spatial; ++dim) {
    first.push_back(
        toIndexValue(b, applySizes(b, in - 1 - extent,
                                   {window.extent(b, dim), begins[dim]})));
    limits.push_back(toIndexValue(b, sizes[dim + 2]));
  }
  Value spreadInput = buildGenerate(
      b, spread, element, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        SmallVector<Value> at{index[0], index[1]};
        Value isInside = s.boolean(true);
        for (int64_t dim = 0; dim < spatial; ++dim) {
          Value distance = s.sub(index[dim + 2], first[dim]);
          Value stride = s.index(strides[dim]);
          Value place = s.floorDiv(distance, stride);
          Value last = s.sub(limits[dim], s.index(1));
          Value inner = s.clamp(place, s.index(0), last);
          isInside = s.both(isInside, s.eq(s.mul(inner, stride), distance));
          at.push_back(inner);
        }
        Value zero = s.constant(element, 0);
        Value any = isInside;
        return s
            .branch(
                any,
                [&](Scalars &s) {
                  return SmallVector<Value>{s.extract(x, at)};
                },
                [&](Scalars &) { return SmallVector<Value>{zero}; })
            .front();
      });

  // Filters (C, F / groups, ...) to (F, C / groups, ...), mirrored.
  OpFoldResult channels = multiplySizes(b, taps[1], b.getIndexAttr(groups));
  SmallVector<OpFoldResult> mirroredSizes{
      channels, applySizes(b, in.floorDiv(groups), {taps[0]})};
  llvm::append_range(mirroredSizes, window.kernel);
  Value perGroup = toIndexValue(b, taps[1]),
        inputsPerGroup = toIndexValue(b, mirroredSizes[1]);
  Value mirrored = buildGenerate(
      b, mirroredSizes, typeOfTensor(filters).getElementType(),
      [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        Value group = s.floorDiv(index[0], perGroup);
        SmallVector<Value> at{s.add(s.mul(group, inputsPerGroup), index[1]),
                              s.sub(index[0], s.mul(group, perGroup))};
        for (int64_t dim = 0; dim < spatial; ++dim) {
          Value last = s.sub(toIndexValue(b, window.kernel[dim]), s.index(1));
          at.push_back(s.sub(last, index[dim + 2]));
        }
        return s.extract(filters, at);
      });
  Value init = buildBias(b, l.input(2), sizes[0], channels, window, type);
  l.setResult(convertElements(
      b, buildConvolution(b, spreadInput, mirrored, init, window, groups),
      element));
  return success();
}

/// Each element is the sum of the elements of columns that lie on it.
LogicalResult lowerCol2Im(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  int64_t rank = l.resultType().getRank() - 2;
  auto isList = [&](Value list) {
    RankedTensorType type = typeOfTensor(list);
    return type.getRank() == 1 &&
           (type.isDynamicDim(0) || type.getDimSize(0) == rank);
  };
  if (typeOfTensor(x).getRank() != 3 || rank < 1 || !isList(l.input(1)) ||
      !isList(l.input(2)))
    return l.unsupported("sizes of images and blocks that are not one for each "
                         "dimension of an image");
  SmallVector<OpFoldResult> image = readIntegers(b, l.input(1), rank),
                            block = readIntegers(b, l.input(2), rank);
  SmallVector<int64_t> ones(rank, 1);
  SmallVector<int64_t> strides = l.node.intsAttr("strides").value_or(ones),
                       dilations = l.node.intsAttr("dilations").value_or(ones),
                       pads = l.node.intsAttr("pads").value_or(
                           SmallVector<int64_t>(2 * rank, 0));
  if (strides.size() != size_t(rank) || dilations.size() != size_t(rank) ||
      pads.size() != size_t(2 * rank) ||
      llvm::any_of(strides, [](int64_t stride) { return stride < 1; }))
    return l.unsupported("strides, dilations or pads that are not one for each "
                         "dimension of an image");

  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  AffineExpr in = b.getAffineDimExpr(0), taps = b.getAffineDimExpr(1);
  SmallVector<Value> counts, blocks;
  for (int64_t dim = 0; dim < rank; ++dim) {
    counts.push_back(
        toIndexValue(b, applySizes(b,
                                   (in + pads[dim] + pads[rank + dim] -
                                    (taps - 1) * dilations[dim] - 1)
                                           .floorDiv(strides[dim]) +
                                       1,
                                   {image[dim], block[dim]})));
    blocks.push_back(toIndexValue(b, block[dim]));
  }
  Scalars s(b);
  Value blockSize = toIndexValue(b, productOf(b, block));
  Value channels = s.div(toIndexValue(b, sizes[1]), blockSize);
  SmallVector<OpFoldResult> resultSizes{sizes[0], channels};
  llvm::append_range(resultSizes, image);
  resultSizes = refineSizes(b, resultSizes, l.resultType());
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  l.setResult(buildGenerate(
      b, resultSizes, element, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        // Over all taps: the column whose tap lies here, where there is one.
        std::function<Value(Scalars &, int64_t, Value, Value, Value, Value)>
            nest = [&](Scalars &s, int64_t dim, Value isInside, Value tap,
                       Value column, Value sum) -> Value {
          if (dim == rank) {
            SmallVector<Value> at{
                index[0], s.add(s.mul(index[1], blockSize), tap), column};
            Value value =
                s.branch(
                     isInside,
                     [&](Scalars &s) {
                       return SmallVector<Value>{s.to(type, s.extract(x, at))};
                     },
                     [&](Scalars &s) {
                       return SmallVector<Value>{s.constant(type, 0)};
                     })
                    .front();
            return s.add(sum, value);
          }
          return s
              .loop(s.index(0), blocks[dim], sum,
                    [&](Scalars &s, Value iv, ValueRange carried) {
                      Value distance =
                          s.sub(s.add(index[dim + 2], s.index(pads[dim])),
                                s.mul(iv, s.index(dilations[dim])));
                      Value stride = s.index(strides[dim]);
                      Value place = s.floorDiv(distance, stride);
                      Value fits = s.both(s.eq(s.mul(place, stride), distance),
                                          s.both(s.ge(place, s.index(0)),
                                                 s.lt(place, counts[dim])));
                      return SmallVector<Value>{
                          nest(s, dim + 1, s.both(isInside, fits),
                               s.add(s.mul(tap, blocks[dim]), iv),
                               s.add(s.mul(column, counts[dim]), place),
                               carried.front())};
                    })
              .front();
        };
        Scalars s(b);
        Value sum = nest(s, 0, s.boolean(true), s.index(0), s.index(0),
                         s.constant(type, 0));
        return s.to(element, sum);
      }));
  return success();
}

} // namespace

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getConvolutionLowerings() {
  static const Entry entries[] = {
      {"AveragePool", lowerAveragePool},
      {"Col2Im", lowerCol2Im},
      {"Conv", lowerConv},
      {"ConvTranspose", lowerConvTranspose},
      {"DeformConv", lowerDeformConv},
      {"GlobalAveragePool", lowerGlobalPool},
      {"GlobalLpPool", lowerGlobalPool},
      {"GlobalMaxPool", lowerGlobalPool},
      {"LpPool", lowerLpPool},
      {"MaxPool", lowerMaxPool},
  };
  return entries;
}
