// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables of voxel_pool's forms, made when compiling.

#ifndef BEV_DIALECTS_BEV_IR_CONSTANTTABLES_H
#define BEV_DIALECTS_BEV_IR_CONSTANTTABLES_H

#include "bev/Dialect/BEV/IR/BEV.h"

namespace mlir::bev::detail {

/// Begin and end of each cell's points, [cells, 2]: those of the intervals, of
/// which such that have no point, cell or length do not count. Of several of
/// one cell the last does.
SmallVector<int32_t> boundsOfIntervals(ArrayRef<int32_t> ranksBEV,
                                       ArrayRef<int32_t> starts,
                                       ArrayRef<int32_t> lengths,
                                       int64_t numCells);

/// Sizes of frustums; `image` is H * W.
struct FrustumSizes {
  int64_t batch, cameras, depths, image;
};

/// The points that have a cell, by cell and, of one cell, in their order; and
/// the bounds of each cell of all batch rows, [batch * cells, 2].
struct SortedPoints {
  SmallVector<int32_t> ranksDepth, ranksFeat, bounds;
};

/// `cells` are [batch, cameras, depths, image], each in its batch row or none.
SortedPoints sortCells(ArrayRef<int32_t> cells, const FrustumSizes &sizes,
                       int64_t cellsPerRow);

} // namespace mlir::bev::detail

#endif // BEV_DIALECTS_BEV_IR_CONSTANTTABLES_H
