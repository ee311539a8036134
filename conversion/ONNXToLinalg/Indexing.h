// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the files of operators with computed indices share.

#ifndef BEV_CONVERSION_ONNXTOLINALG_INDEXING_H
#define BEV_CONVERSION_ONNXTOLINALG_INDEXING_H

#include "Lowering.h"
#include "Scalars.h"

namespace mlir::bev::onnx_to_linalg {

/// An index that may count from the end as one in [0, size). One beyond either
/// end becomes the nearest: ONNX leaves it undefined, and no access may leave
/// the tensor.
Value buildIndex(Scalars &s, Value index, Value size);

ArrayRef<Entry> getScatteringLowerings(); // Scattering.cpp
ArrayRef<Entry> getSelectionLowerings();  // Selection.cpp

} // namespace mlir::bev::onnx_to_linalg

#endif // BEV_CONVERSION_ONNXTOLINALG_INDEXING_H
