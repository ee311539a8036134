// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// linalg contractions and convolutions on tensors to library ops.

#include "Inits.h"
#include "bev/Conversion/Passes.h"
#include "bev/Dialect/Library/IR/Library.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTLINALGTOLIBRARYPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// Whether every element of `value` is +0 or -0.
static bool isZero(Value value) {
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    return matchPattern(fill.getInputs()[0], m_AnyZeroFloat());
  if (auto generic = value.getDefiningOp<linalg::GenericOp>())
    if (std::optional<Value> filled = linalg::isaFillOpInterface(generic))
      return matchPattern(*filled, m_AnyZeroFloat());
  DenseElementsAttr elements;
  return matchPattern(value, m_Constant(&elements)) && elements.isSplat() &&
         elements.getSplatValue<APFloat>().isZero();
}

/// The vector that `value` repeats in all dimensions but `dim`, or null.
static Value getBroadcastVector(Value value, unsigned dim) {
  auto isVector = [](Value source) {
    auto type = dyn_cast<RankedTensorType>(source.getType());
    return type && type.getRank() == 1 && type.getElementType().isF32();
  };
  if (auto broadcast = value.getDefiningOp<linalg::BroadcastOp>()) {
    if (isVector(broadcast.getInput()) &&
        !llvm::is_contained(broadcast.getDimensions(), int64_t(dim)))
      return broadcast.getInput();
    return {};
  }
  auto generic = value.getDefiningOp<linalg::GenericOp>();
  if (!generic || generic.getNumDpsInputs() != 1 ||
      generic->getNumResults() != 1 ||
      generic.getNumLoops() != generic.getNumParallelLoops() ||
      !isVector(generic.getDpsInputOperand(0)->get()))
    return {};
  AffineMap read = generic.getIndexingMapsArray()[0],
            written = generic.getIndexingMapsArray()[1];
  if (!written.isPermutation() || read.getResult(0) != written.getResult(dim) ||
      generic.getBody()->getTerminator()->getOperand(0) !=
          generic.getBody()->getArgument(0))
    return {};
  return generic.getDpsInputOperand(0)->get();
}

SumInit mlir::bev::matchSumInit(Value init, unsigned channelDim) {
  if (isZero(init))
    return {};
  if (Value vector = getBroadcastVector(init, channelDim))
    return {vector, {}};
  return {{}, init};
}

std::pair<Value, SmallVector<int64_t>>
mlir::bev::lookThroughTranspose(Value value) {
  if (auto transpose = value.getDefiningOp<linalg::TransposeOp>())
    return {transpose.getInput(), llvm::to_vector(transpose.getPermutation())};
  int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
  SmallVector<int64_t> permutation =
      llvm::to_vector(llvm::seq<int64_t>(0, rank));
  auto generic = value.getDefiningOp<linalg::GenericOp>();
  if (!generic || generic.getNumDpsInputs() != 1 ||
      generic->getNumResults() != 1 ||
      generic.getNumLoops() != generic.getNumParallelLoops() ||
      generic.getBody()->getTerminator()->getOperand(0) !=
          generic.getBody()->getArgument(0))
    return {value, permutation};
  AffineMap read = generic.getIndexingMapsArray()[0],
            written = generic.getIndexingMapsArray()[1];
  if (!read.isPermutation() || !written.isPermutation())
    return {value, permutation};
  for (int64_t i = 0; i < rank; ++i)
    for (int64_t j = 0; j < rank; ++j)
      if (written.getResult(i) == read.getResult(j))
        permutation[i] = j;
  return {generic.getDpsInputOperand(0)->get(), permutation};
}

namespace {
struct ConvertLinalgToLibrary
    : public bev::impl::ConvertLinalgToLibraryPassBase<ConvertLinalgToLibrary> {
  using ConvertLinalgToLibraryPassBase::ConvertLinalgToLibraryPassBase;
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateContractionToLibraryPatterns(patterns, minWork);
    populateConvolutionToLibraryPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
