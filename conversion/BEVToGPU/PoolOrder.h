// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which rows of a pool a block takes where the points of all rows are known.

#ifndef BEV_CONVERSION_BEVTOGPU_POOLORDER_H
#define BEV_CONVERSION_BEVTOGPU_POOLORDER_H

#include "bev/Dialect/BEV/IR/BEV.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::bev {

/// Words of a row's entry: the row, its begin, its end, and one that is not
/// used. The row is -1 where a block has fewer than others.
constexpr int64_t kOrderWords = 4;

/// Divides rows, of which row v has the points from bounds[2v] to bounds[2v+1],
/// among blocks of up to `ofBlock` that have about as many points each, but for
/// those of a row that has more alone, which come first. Gives the entries of
/// all blocks, [blocks * ofBlock, kOrderWords].
SmallVector<int32_t> orderRows(ArrayRef<int32_t> bounds, int64_t ofBlock);

/// A table of that, as a constant of the module, in memory; null where the
/// bounds of `op` are no constant. Created before the op.
Value createRowOrder(OpBuilder &b, IntervalPoolOp op, int64_t ofBlock,
                     SymbolTable &symbols);

} // namespace mlir::bev

#endif // BEV_CONVERSION_BEVTOGPU_POOLORDER_H
