// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Iteration numbers of multi-dimensional index spaces.

#ifndef BEV_CONVERSION_SCFTOGPU_LINEARIZE_H
#define BEV_CONVERSION_SCFTOGPU_LINEARIZE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace mlir::bev {

/// The product of `sizes`, a constant where all are.
OpFoldResult multiplySizes(OpBuilder &b, Location loc,
                           ArrayRef<OpFoldResult> sizes);

/// Whether numbers below the product of `sizes`, rounded up to whole blocks,
/// are known to fit in 31 bits.
bool fitsIn31Bits(ArrayRef<OpFoldResult> sizes);

/// Takes the number `linear` (index, or i32 where the sizes are known to fit)
/// apart into one index per size, the last one fastest.
SmallVector<Value> delinearize(OpBuilder &b, Location loc, Value linear,
                               ArrayRef<OpFoldResult> sizes);

} // namespace mlir::bev

#endif // BEV_CONVERSION_SCFTOGPU_LINEARIZE_H
