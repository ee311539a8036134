// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the files of elementwise operators share.

#ifndef BEV_CONVERSION_ONNXTOLINALG_ELEMENTWISE_H
#define BEV_CONVERSION_ONNXTOLINALG_ELEMENTWISE_H

#include "Lowering.h"
#include "Scalars.h"

namespace mlir::bev::onnx_to_linalg {

/// Hands in the elementwise result of `body` over inputs that are broadcast
/// against each other.
void setElementwise(
    Lowering &l, ValueRange inputs,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body);

/// The operators of one input.
ArrayRef<Entry> getUnaryLowerings(); // ElementwiseUnary.cpp

} // namespace mlir::bev::onnx_to_linalg

#endif // BEV_CONVERSION_ONNXTOLINALG_ELEMENTWISE_H
