// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builders of reshapes, and the tables behind that of Shape.cpp.

#ifndef BEV_CONVERSION_ONNXTOLINALG_RESHAPE_H
#define BEV_CONVERSION_ONNXTOLINALG_RESHAPE_H

#include "Lowering.h"

namespace mlir::bev::onnx_to_linalg {

/// The elements of `tensor` in their order as a tensor of `sizes`, which has as
/// many. Collapses and expands no more dimensions than it must.
Value buildReshape(ImplicitLocOpBuilder &b, Value tensor,
                   ArrayRef<OpFoldResult> sizes);
/// Dimension i of the result is dimension `permutation[i]` of the tensor.
Value buildTranspose(ImplicitLocOpBuilder &b, Value tensor,
                     ArrayRef<int64_t> permutation);

ArrayRef<Entry> getReshapeLowerings(); // Reshape.cpp
ArrayRef<Entry> getSlicingLowerings(); // Slicing.cpp: Concat, Slice, Pad ...

} // namespace mlir::bev::onnx_to_linalg

#endif // BEV_CONVERSION_ONNXTOLINALG_RESHAPE_H
