// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowerings of single operators that have files of their own, for the tables.

#ifndef BEV_CONVERSION_ONNXTOLINALG_LOWERINGS_H
#define BEV_CONVERSION_ONNXTOLINALG_LOWERINGS_H

#include "Lowering.h"

namespace mlir::bev::onnx_to_linalg {

LogicalResult lowerArgExtreme(Lowering &l); // ArgMax, ArgMin, Hardmax
LogicalResult lowerHardmax(Lowering &l);
LogicalResult lowerCumulative(Lowering &l); // CumSum, CumProd
LogicalResult lowerTopK(Lowering &l);

LogicalResult lowerMaxPool(Lowering &l);
LogicalResult lowerAveragePool(Lowering &l);
LogicalResult lowerLpPool(Lowering &l);
LogicalResult lowerGlobalPool(Lowering &l); // average, max and Lp
LogicalResult lowerDeformConv(Lowering &l);

LogicalResult lowerResize(Lowering &l); // and Upsample
LogicalResult lowerGridSample(Lowering &l);
LogicalResult lowerAffineGrid(Lowering &l);
LogicalResult lowerRoiAlign(Lowering &l);
LogicalResult lowerNonMaxSuppression(Lowering &l);

/// The matrix product of two tensors as NumPy's matmul, in the type that sums
/// are kept in.
Value buildMatMul(ImplicitLocOpBuilder &b, Value x, Value y);

/// For every line along `axis` the order of its elements: a tensor of the shape
/// of `tensor` whose element at place i of a line is the i64 index of the
/// element that is i-th. Equal elements keep their order; NaN is greatest.
Value buildSortedOrder(ImplicitLocOpBuilder &b, Value tensor, int64_t axis,
                       bool isDescending, bool isUnsigned);

} // namespace mlir::bev::onnx_to_linalg

#endif // BEV_CONVERSION_ONNXTOLINALG_LOWERINGS_H
