// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The windows that convolutions and pools slide over their input.

#include "Window.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

OpFoldResult Window::extent(ImplicitLocOpBuilder &b, int64_t dim) const {
  AffineExpr taps = b.getAffineDimExpr(0);
  return applySizes(b, (taps - 1) * dilations[dim] + 1, {kernel[dim]});
}

/// Pads such that there are ceil(input / stride) outputs.
static void padToSame(ImplicitLocOpBuilder &b, Window &window,
                      ArrayRef<OpFoldResult> input, bool isUpper) {
  AffineExpr x = b.getAffineDimExpr(0), y = b.getAffineDimExpr(1);
  for (int64_t dim = 0; dim < window.rank(); ++dim) {
    int64_t stride = window.strides[dim];
    OpFoldResult needed =
        applySizes(b, (x.ceilDiv(stride) - 1) * stride + y - x,
                   {input[dim], window.extent(b, dim)});
    OpFoldResult total = atLeast(b, needed, 0);
    OpFoldResult lower = applySizes(b, x.floorDiv(2), {total}),
                 upper = applySizes(b, x.ceilDiv(2), {total});
    window.padBegin.push_back(isUpper ? lower : upper);
    window.padEnd.push_back(isUpper ? upper : lower);
  }
}

std::optional<Window>
mlir::bev::onnx_to_linalg::getWindow(Lowering &l, ArrayRef<OpFoldResult> input,
                                     ArrayRef<OpFoldResult> kernel) {
  ImplicitLocOpBuilder &b = l.b;
  size_t rank = input.size();
  Window window;
  window.kernel = llvm::to_vector(kernel);
  SmallVector<int64_t> ones(rank, 1);
  window.strides = l.node.intsAttr("strides").value_or(ones);
  window.dilations = l.node.intsAttr("dilations").value_or(ones);
  SmallVector<int64_t> pads =
      l.node.intsAttr("pads").value_or(SmallVector<int64_t>(2 * rank, 0));
  auto isPositive = [](int64_t value) { return value > 0; };
  if (kernel.size() != rank || window.strides.size() != rank ||
      window.dilations.size() != rank || pads.size() != 2 * rank) {
    (void)l.unsupported("a kernel, strides, dilations or pads that are not one "
                        "for each of the " +
                        Twine(rank) + " spatial dimensions");
    return std::nullopt;
  }
  if (!llvm::all_of(window.strides, isPositive) ||
      !llvm::all_of(window.dilations, isPositive)) {
    (void)l.unsupported("strides or dilations that are not positive");
    return std::nullopt;
  }
  StringRef mode = l.node.stringAttr("auto_pad", "NOTSET");
  if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
    padToSame(b, window, input, mode == "SAME_UPPER");
  } else if (mode == "NOTSET" || mode == "VALID" || mode.empty()) {
    if (mode == "VALID")
      pads.assign(2 * rank, 0);
    if (llvm::any_of(pads, [](int64_t pad) { return pad < 0; })) {
      (void)l.unsupported("negative pads");
      return std::nullopt;
    }
    for (size_t dim = 0; dim < rank; ++dim) {
      window.padBegin.push_back(b.getIndexAttr(pads[dim]));
      window.padEnd.push_back(b.getIndexAttr(pads[rank + dim]));
    }
  } else {
    (void)l.unsupported("auto_pad '" + mode + "'");
    return std::nullopt;
  }

  bool isCeil = l.node.intAttr("ceil_mode", 0) != 0;
  AffineExpr in = b.getAffineDimExpr(0), begin = b.getAffineDimExpr(1),
             end = b.getAffineDimExpr(2), extent = b.getAffineDimExpr(3);
  RankedTensorType resultType = l.resultType();
  for (size_t dim = 0; dim < rank; ++dim) {
    int64_t stride = window.strides[dim];
    AffineExpr room = in + begin + end - extent;
    OpFoldResult count = applySizes(
        b, (isCeil ? room.ceilDiv(stride) : room.floorDiv(stride)) + 1,
        {input[dim], window.padBegin[dim], window.padEnd[dim],
         window.extent(b, dim)});
    if (isCeil) {
      // A window that would begin behind the input is left out.
      OpFoldResult most = applySizes(b, (in + begin - 1).floorDiv(stride) + 1,
                                     {input[dim], window.padBegin[dim]});
      std::optional<int64_t> known = getConstantIntValue(count),
                             knownMost = getConstantIntValue(most);
      if (known && knownMost)
        count = b.getIndexAttr(std::min(*known, *knownMost));
      else
        count = Scalars(b).min(toIndexValue(b, count), toIndexValue(b, most));
    }
    count = atLeast(b, count, 0);
    if (resultType.getRank() == static_cast<int64_t>(rank) + 2 &&
        !resultType.isDynamicDim(dim + 2))
      count = b.getIndexAttr(resultType.getDimSize(dim + 2));
    window.outputs.push_back(count);
  }
  return window;
}

Value mlir::bev::onnx_to_linalg::buildPadded(ImplicitLocOpBuilder &b, Value x,
                                             const Window &window,
                                             Value value) {
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  SmallVector<OpFoldResult> low(2, b.getIndexAttr(0)), high = low;
  AffineExpr outputs = b.getAffineDimExpr(0), extent = b.getAffineDimExpr(1),
             in = b.getAffineDimExpr(2), begin = b.getAffineDimExpr(3);
  for (int64_t dim = 0; dim < window.rank(); ++dim) {
    low.push_back(window.padBegin[dim]);
    OpFoldResult needed =
        applySizes(b, (outputs - 1) * window.strides[dim] + extent - in - begin,
                   {window.outputs[dim], window.extent(b, dim), sizes[dim + 2],
                    window.padBegin[dim]});
    // The last window may end before the padding does.
    high.push_back(atLeast(b, needed, 0));
  }
  auto isZero = [](OpFoldResult pad) { return getConstantIntValue(pad) == 0; };
  if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero))
    return x;
  return tensor::PadOp::create(b, Type(), x, low, high, value);
}

Value mlir::bev::onnx_to_linalg::buildBias(ImplicitLocOpBuilder &b, Value bias,
                                           OpFoldResult batch,
                                           OpFoldResult channels,
                                           const Window &window, Type type) {
  SmallVector<OpFoldResult> sizes{batch, channels};
  llvm::append_range(sizes, window.outputs);
  if (!bias)
    return buildFill(b, sizes, Scalars(b).constant(type, 0));
  int64_t rank = sizes.size();
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return buildGeneric(b, bias, buildEmpty(b, sizes, type),
                      {AffineMap::get(rank, 0, b.getAffineDimExpr(1)),
                       b.getMultiDimIdentityMap(rank)},
                      iterators,
                      [&](ImplicitLocOpBuilder &b, ValueRange args) {
                        return SmallVector<Value>{
                            Scalars(b).to(type, args.front())};
                      })
      .front();
}

/// The convolution as a linalg.generic over (N, G, F, outputs ... | C, taps
/// ...); `x` is (N, G, C, ...), filters (G, F, C, ...), init (N, G, F, ...).
static Value buildGroupedGeneric(ImplicitLocOpBuilder &b, Value x,
                                 Value filters, Value init,
                                 const Window &window) {
  int64_t rank = window.rank(), numDims = 4 + 2 * rank;
  auto dim = [&](int64_t i) { return b.getAffineDimExpr(i); };
  AffineExpr n = dim(0), g = dim(1), f = dim(2), c = dim(3 + rank);
  SmallVector<AffineExpr> read{n, g, c}, tap{g, f, c}, write{n, g, f};
  for (int64_t i = 0; i < rank; ++i) {
    AffineExpr output = dim(3 + i), k = dim(4 + rank + i);
    read.push_back(output * window.strides[i] + k * window.dilations[i]);
    tap.push_back(k);
    write.push_back(output);
  }
  SmallVector<utils::IteratorType> iterators(numDims,
                                             utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), 3 + rank, utils::IteratorType::parallel);
  auto map = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(numDims, 0, exprs, b.getContext());
  };
  return buildGeneric(
             b, {x, filters}, init, {map(read), map(tap), map(write)},
             iterators,
             [&](ImplicitLocOpBuilder &b, ValueRange args) {
               Scalars s(b);
               Type type = args[2].getType();
               return SmallVector<Value>{s.accumulate(
                   args[2], s.mul(s.to(type, args[0]), s.to(type, args[1])))};
             })
      .front();
}

/// `tensor` with dimension `dim` split into `groups` and the rest.
static Value splitGroups(ImplicitLocOpBuilder &b, Value tensor, int64_t dim,
                         int64_t groups) {
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), tensor);
  SmallVector<ReassociationIndices> reassociation;
  int64_t next = 0;
  for (int64_t i = 0, rank = sizes.size(); i < rank; ++i) {
    reassociation.emplace_back();
    reassociation.back().push_back(next++);
    if (i == dim)
      reassociation.back().push_back(next++);
  }
  OpFoldResult rest =
      applySizes(b, b.getAffineDimExpr(0).floorDiv(groups), {sizes[dim]});
  sizes[dim] = b.getIndexAttr(groups);
  sizes.insert(sizes.begin() + dim + 1, rest);
  return expandShape(b, tensor, reassociation, sizes);
}

Value mlir::bev::onnx_to_linalg::buildConvolution(ImplicitLocOpBuilder &b,
                                                  Value x, Value filters,
                                                  Value init,
                                                  const Window &window,
                                                  int64_t groups) {
  Attribute strides = b.getI64TensorAttr(window.strides),
            dilations = b.getI64TensorAttr(window.dilations);
  auto create = [&](auto op, Value x, Value filters, Value init) -> Value {
    return decltype(op)::create(b, TypeRange{init.getType()},
                                ValueRange{x, filters}, ValueRange{init},
                                strides, dilations)
        .getResult(0);
  };
  if (groups == 1 && window.rank() == 1)
    return create(linalg::Conv1DNcwFcwOp(), x, filters, init);
  if (groups == 1 && window.rank() == 2)
    return create(linalg::Conv2DNchwFchwOp(), x, filters, init);
  if (groups == 1 && window.rank() == 3)
    return create(linalg::Conv3DNcdhwFcdhwOp(), x, filters, init);

  Value split = splitGroups(b, init, 1, groups);
  x = splitGroups(b, x, 1, groups);
  filters = splitGroups(b, filters, 0, groups);
  Value result = window.rank() == 2
                     ? create(linalg::Conv2DNgchwGfchwOp(), x, filters, split)
                     : buildGroupedGeneric(b, x, filters, split, window);
  SmallVector<ReassociationIndices> reassociation{{0}, {1, 2}};
  for (int64_t dim = 0; dim < window.rank(); ++dim)
    reassociation.push_back({3 + dim});
  return collapseShape(b, result, reassociation);
}
