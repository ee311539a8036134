// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions of any layout to library.convolution, channels last.

#include "Inits.h"
#include "bev/Dialect/Library/IR/Library.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Where the dimensions of a linalg convolution's operands are.
struct Layout {
  /// Positions of N, H, W, C in the image, and of N, OH, OW, F in the result.
  SmallVector<int64_t> image;
  /// Positions of F, C, KH, KW in the filter.
  SmallVector<int64_t> filter;
  /// Whether groups are a dimension of their own: before C in the image, and
  /// the first of the filter. The positions above are those after merging it.
  bool isGrouped = false;
};

std::optional<Layout> getLayout(Operation *op) {
  if (isa<linalg::Conv2DNchwFchwOp>(op))
    return Layout{{0, 2, 3, 1}, {0, 1, 2, 3}};
  if (isa<linalg::Conv2DNhwcHwcfOp>(op))
    return Layout{{0, 1, 2, 3}, {3, 2, 0, 1}};
  if (isa<linalg::Conv2DNhwcFhwcOp>(op))
    return Layout{{0, 1, 2, 3}, {0, 3, 1, 2}};
  if (isa<linalg::Conv2DNgchwGfchwOp>(op))
    return Layout{{0, 2, 3, 1}, {0, 1, 2, 3}, /*isGrouped=*/true};
  return std::nullopt;
}

Value emitTranspose(OpBuilder &b, Location loc, Value value,
                    ArrayRef<int64_t> permutation) {
  if (isIdentityPermutation(permutation))
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes =
      applyPermutation(tensor::getMixedSizes(b, loc, value), permutation);
  Value init = tensor::EmptyOp::create(b, loc, sizes, type.getElementType());
  return linalg::TransposeOp::create(b, loc, value, init, permutation)
      ->getResult(0);
}

/// Merges the groups with the channels after them: dimension `dim` and the
/// next.
Value mergeGroups(OpBuilder &b, Location loc, Value value, int64_t dim) {
  SmallVector<ReassociationIndices> groups;
  int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
  for (int64_t i = 0; i < rank; ++i) {
    groups.push_back({i});
    if (i == dim)
      groups.back().push_back(++i);
  }
  // Padding is recognized before the groups are taken apart.
  auto expand = value.getDefiningOp<tensor::ExpandShapeOp>();
  if (expand && expand.getReassociationIndices() == groups)
    return expand.getSrc();
  return tensor::CollapseShapeOp::create(b, loc, value, groups);
}

/// The image before constant padding with zeros of height and width; adds to
/// `padding` (top, left, bottom, right).
Value foldPadding(Value image, ArrayRef<int64_t> positions,
                  MutableArrayRef<int64_t> padding) {
  auto pad = image.getDefiningOp<tensor::PadOp>();
  if (!pad)
    return image;
  Value value = pad.getConstantPaddingValue();
  if (!value || !matchPattern(value, m_AnyZeroFloat()))
    return image;
  for (auto [dim, low, high] :
       llvm::zip_equal(llvm::seq<int64_t>(0, pad.getType().getRank()),
                       pad.getStaticLow(), pad.getStaticHigh())) {
    bool isSpatial = dim == positions[1] || dim == positions[2];
    bool isZero = low == 0 && high == 0;
    if (!isZero && (!isSpatial || low < 0 || high < 0 || low > INT32_MAX ||
                    high > INT32_MAX))
      return image;
  }
  for (unsigned i = 0; i < 2; ++i) {
    padding[i] += pad.getStaticLow()[positions[1 + i]];
    padding[2 + i] += pad.getStaticHigh()[positions[1 + i]];
  }
  return pad.getSource();
}

struct ConvolutionToLibrary
    : public OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<Layout> layout = getLayout(op);
    if (!layout || !op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "not a convolution of tensors");
    for (Value operand : op->getOperands())
      if (!getElementTypeOrSelf(operand.getType()).isF32())
        return rewriter.notifyMatchFailure(op, "not in f32");
    Value image = op.getDpsInputOperand(0)->get(),
          filter = op.getDpsInputOperand(1)->get(),
          init = op.getDpsInitOperand(0)->get();
    int64_t groups = 1;
    if (layout->isGrouped) {
      groups = cast<RankedTensorType>(filter.getType()).getDimSize(0);
      if (ShapedType::isDynamic(groups) || groups < 1)
        return rewriter.notifyMatchFailure(op,
                                           "the number of groups is not known");
    }

    Location loc = op.getLoc();
    auto getPair = [&](StringRef name) {
      auto attr = op->getAttrOfType<DenseIntElementsAttr>(name);
      SmallVector<int64_t> values = {1, 1};
      if (attr)
        values = llvm::to_vector(attr.getValues<int64_t>());
      return values;
    };
    Type resultType = init.getType();
    if (layout->isGrouped) {
      image = mergeGroups(rewriter, loc, image, 1);
      filter = mergeGroups(rewriter, loc, filter, 0);
    }
    SmallVector<int64_t> padding(4, 0);
    image = foldPadding(image, layout->image, padding);

    // What the sums start from.
    unsigned channelDim = layout->image[3];
    SumInit start;
    Value sums = init;
    if (!layout->isGrouped) {
      start = matchSumInit(init, channelDim);
    } else {
      start = matchSumInit(init, 2);
      // A vector along the channels of a group is not one along all channels.
      if (start.bias)
        start = {{}, init};
      if (start.residual)
        start.residual = mergeGroups(rewriter, loc, start.residual, 1);
      sums = mergeGroups(rewriter, loc, init, 1);
    }
    if (start.residual)
      start.residual =
          emitTranspose(rewriter, loc, start.residual, layout->image);

    SmallVector<OpFoldResult> sizes = applyPermutation(
        tensor::getMixedSizes(rewriter, loc, sums), layout->image);
    Value empty = tensor::EmptyOp::create(rewriter, loc, sizes,
                                          getElementTypeOrSelf(resultType));
    auto convolution = library::ConvolutionOp::create(
        rewriter, loc, empty.getType(),
        emitTranspose(rewriter, loc, image, layout->image),
        emitTranspose(rewriter, loc, filter, layout->filter), start.bias,
        start.residual, empty, getPair("strides"), getPair("dilations"),
        padding, groups, /*relu=*/false);
    Value result = emitTranspose(rewriter, loc, convolution.getResult(),
                                 invertPermutationVector(layout->image));
    if (layout->isGrouped) {
      SmallVector<ReassociationIndices> merged = {{0}, {1, 2}, {3}, {4}};
      result = tensor::ExpandShapeOp::create(
          rewriter, loc, cast<RankedTensorType>(resultType), result, merged,
          tensor::getMixedSizes(rewriter, loc, init));
    } else if (result.getType() != resultType) {
      result = tensor::CastOp::create(rewriter, loc, resultType, result);
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void mlir::bev::populateConvolutionToLibraryPatterns(
    RewritePatternSet &patterns) {
  patterns.add<ConvolutionToLibrary>(patterns.getContext());
}
