// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrix products, batched and of any transposition, to library.matmul.

#include "Inits.h"
#include "bev/Dialect/Library/IR/Library.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Beyond two, batch dimensions are left to generated code.
constexpr unsigned maxBatchDims = 2;

/// The loops of a contraction in the order (batch.., m, n, k).
FailureOr<SmallVector<unsigned>> getLoopOrder(AffineMap lhs, AffineMap rhs,
                                              AffineMap init) {
  unsigned numLoops = init.getNumDims();
  unsigned n = init.getDimPosition(init.getNumResults() - 1);
  SmallVector<unsigned> batch;
  std::optional<unsigned> m, k;
  // The innermost loop of lhs alone is the rows'; the others count as batches
  // that rhs does not have.
  for (AffineExpr result : init.getResults().drop_back()) {
    unsigned loop = cast<AffineDimExpr>(result).getPosition();
    if (lhs.isFunctionOfDim(loop) && !rhs.isFunctionOfDim(loop)) {
      if (m)
        batch.push_back(*m);
      m = loop;
    } else {
      batch.push_back(loop);
    }
  }
  for (unsigned loop = 0; loop < numLoops; ++loop) {
    if (init.isFunctionOfDim(loop))
      continue;
    if (k || !lhs.isFunctionOfDim(loop) || !rhs.isFunctionOfDim(loop))
      return failure();
    k = loop;
  }
  if (!m || !k || lhs.isFunctionOfDim(n) || !rhs.isFunctionOfDim(n) ||
      batch.size() > maxBatchDims)
    return failure();
  llvm::sort(batch, [&](unsigned a, unsigned b) {
    return *init.getResultPosition(getAffineDimExpr(a, init.getContext())) <
           *init.getResultPosition(getAffineDimExpr(b, init.getContext()));
  });
  batch.append({*m, n, *k});
  return batch;
}

/// `map` with its loops renumbered: loop order[i] becomes i.
AffineMap reorder(AffineMap map, ArrayRef<unsigned> order) {
  SmallVector<unsigned> position(order.size());
  for (auto [to, from] : llvm::enumerate(order))
    position[from] = to;
  SmallVector<AffineExpr> results;
  for (AffineExpr result : map.getResults())
    results.push_back(getAffineDimExpr(
        position[cast<AffineDimExpr>(result).getPosition()], map.getContext()));
  return AffineMap::get(order.size(), 0, results, map.getContext());
}

/// An operand read where it lies: the source of a transposition.
std::pair<Value, AffineMap> readThrough(Value value, AffineMap map) {
  auto [source, permutation] = lookThroughTranspose(value);
  SmallVector<AffineExpr> results(map.getNumResults());
  for (auto [i, position] : llvm::enumerate(permutation))
    results[position] = map.getResult(i);
  return {source,
          AffineMap::get(map.getNumDims(), 0, results, map.getContext())};
}

struct ContractionToLibrary
    : public OpInterfaceRewritePattern<linalg::LinalgOp> {
  ContractionToLibrary(MLIRContext *context, int64_t minWork)
      : OpInterfaceRewritePattern(context), minWork(minWork) {}

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics() || !linalg::isaContractionOpInterface(op))
      return rewriter.notifyMatchFailure(op, "not a contraction of tensors");
    for (Value operand : op->getOperands())
      if (!getElementTypeOrSelf(operand.getType()).isF32())
        return rewriter.notifyMatchFailure(op, "not in f32");
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    for (AffineMap map : maps)
      if (!map.isProjectedPermutation() || map.getNumResults() == 0)
        return rewriter.notifyMatchFailure(op, "an operand is not a matrix");
    Value lhs = op.getDpsInputOperand(0)->get(),
          rhs = op.getDpsInputOperand(1)->get(),
          init = op.getDpsInitOperand(0)->get();
    AffineMap lhsMap = maps[0], rhsMap = maps[1], initMap = maps[2];
    // The innermost dimension of the result is the columns'.
    if (lhsMap.isFunctionOfDim(
            initMap.getDimPosition(initMap.getNumResults() - 1))) {
      std::swap(lhs, rhs);
      std::swap(lhsMap, rhsMap);
    }
    FailureOr<SmallVector<unsigned>> order =
        getLoopOrder(lhsMap, rhsMap, initMap);
    if (failed(order))
      return rewriter.notifyMatchFailure(op, "not a batched matrix product");
    double work = 1;
    for (int64_t size : op.getStaticLoopRanges())
      work *= ShapedType::isDynamic(size) ? 64.0 : static_cast<double>(size);
    if (work < static_cast<double>(minWork))
      return rewriter.notifyMatchFailure(op, "too little work for a call");

    Location loc = op.getLoc();
    std::tie(lhs, lhsMap) = readThrough(lhs, lhsMap);
    std::tie(rhs, rhsMap) = readThrough(rhs, rhsMap);
    auto type = cast<RankedTensorType>(init.getType());
    SumInit start = matchSumInit(init, type.getRank() - 1);
    Value empty = tensor::EmptyOp::create(
        rewriter, loc, tensor::getMixedSizes(rewriter, loc, init),
        type.getElementType());
    if (empty.getType() != type)
      empty = tensor::CastOp::create(rewriter, loc, type, empty);
    rewriter.replaceOpWithNewOp<library::MatMulOp>(
        op, type, lhs, rhs, start.bias, start.residual, empty,
        rewriter.getAffineMapArrayAttr({reorder(lhsMap, *order),
                                        reorder(rhsMap, *order),
                                        reorder(initMap, *order)}),
        /*relu=*/nullptr);
    return success();
  }

  int64_t minWork;
};

} // namespace

void mlir::bev::populateContractionToLibraryPatterns(
    RewritePatternSet &patterns, int64_t minWork) {
  patterns.add<ContractionToLibrary>(patterns.getContext(), minWork);
}
