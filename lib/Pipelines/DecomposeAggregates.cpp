// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Upstream aggregate ops to structured ones.

#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::bev {
#define GEN_PASS_DEF_DECOMPOSEAGGREGATESPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

/// `source` with its elements converted into the elements of `init`.
Value convertElements(OpBuilder &b, Location loc, Value source, Value init) {
  auto type = cast<RankedTensorType>(init.getType());
  AffineMap identity = b.getMultiDimIdentityMap(type.getRank());
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             b, loc, type, source, init,
             ArrayRef<AffineMap>{identity, identity}, iterators,
             [](OpBuilder &b, Location loc, ValueRange args) {
               Value in = args[0];
               Type to = args[1].getType();
               Value out =
                   to.getIntOrFloatBitWidth() >
                           in.getType().getIntOrFloatBitWidth()
                       ? arith::ExtFOp::create(b, loc, to, in).getResult()
                       : arith::TruncFOp::create(b, loc, to, in).getResult();
               linalg::YieldOp::create(b, loc, out);
             })
      .getResult(0);
}

struct WidenSoftmax : public OpRewritePattern<linalg::SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::SoftmaxOp op,
                                PatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getInput().getType());
    if (!type || !isa<Float16Type, BFloat16Type>(type.getElementType()))
      return rewriter.notifyMatchFailure(op,
                                         "expected a tensor of f16 or bf16");
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, op.getInput());
    auto empty = [&]() -> Value {
      return tensor::EmptyOp::create(rewriter, loc, sizes,
                                     rewriter.getF32Type());
    };
    Value wide = convertElements(rewriter, loc, op.getInput(), empty());
    Value init = empty();
    auto softmax =
        linalg::SoftmaxOp::create(rewriter, loc, TypeRange{init.getType()},
                                  wide, init, op.getDimension());
    rewriter.replaceOp(op, convertElements(rewriter, loc, softmax->getResult(0),
                                           op.getOutput()));
    return success();
  }
};

struct DecomposeAggregate
    : public OpInterfaceRewritePattern<linalg::AggregatedOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(linalg::AggregatedOpInterface op,
                                PatternRewriter &rewriter) const override {
    if (!isa<linalg::LinalgDialect>(op->getDialect()))
      return rewriter.notifyMatchFailure(op, "not an upstream op");
    FailureOr<SmallVector<Value>> results = op.decomposeOperation(rewriter);
    if (failed(results))
      return rewriter.notifyMatchFailure(op, "cannot be decomposed");
    rewriter.replaceOp(op, *results);
    return success();
  }
};

struct DecomposeAggregates
    : public bev::impl::DecomposeAggregatesPassBase<DecomposeAggregates> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<WidenSoftmax>(&getContext(), /*benefit=*/2);
    patterns.add<DecomposeAggregate>(&getContext());
    tensor::populateDecomposeTensorConcatPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
