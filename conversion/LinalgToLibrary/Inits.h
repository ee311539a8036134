// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a linalg op starts its sums from, as operands of a library op; and the
// patterns that use it.

#ifndef BEV_CONVERSION_LINALGTOLIBRARY_INITS_H
#define BEV_CONVERSION_LINALGTOLIBRARY_INITS_H

#include "mlir/IR/PatternMatch.h"

namespace mlir::bev {

/// The init of a sum: zeros (neither operand), a vector along one dimension, or
/// a tensor of its shape.
struct SumInit {
  Value bias;
  Value residual;
};

/// Recognizes `init`, whose dimension `channelDim` a bias would run along.
SumInit matchSumInit(Value init, unsigned channelDim);

/// The value that `value` is a transposition of, and where its dimensions are:
/// dimension i of `value` is dimension permutation[i] of the source. `value`
/// itself with the identity where it is none.
std::pair<Value, SmallVector<int64_t>> lookThroughTranspose(Value value);

void populateContractionToLibraryPatterns(RewritePatternSet &patterns,
                                          int64_t minWork);
void populateConvolutionToLibraryPatterns(RewritePatternSet &patterns);

} // namespace mlir::bev

#endif // BEV_CONVERSION_LINALGTOLIBRARY_INITS_H
