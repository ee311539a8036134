// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reductions over rows, and the ops around them that can be one kernel.

#ifndef BEV_CONVERSION_LINALGTOGPU_ROWKERNELS_H
#define BEV_CONVERSION_LINALGTOGPU_ROWKERNELS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::bev {

inline constexpr int64_t warpSize = 32;
/// Threads of a block.
inline constexpr int64_t rowBlockSize = 256;

/// How one result of a reduction adds up: the op of the payload that does it.
struct Combiner {
  Operation *op;
  arith::AtomicRMWKind kind;
};

/// Where an op that works on rows finds an element: the number of the row, and
/// for `Element` that of the column, are also the position in the memory of the
/// buffer behind all views. `Other` is anything else.
enum class RowPlace { Row, Element, Other };

/// An op of which a group of threads does a row.
struct RowOp {
  /// A number a row from all its elements, or from other numbers of the row; or
  /// all elements of a row.
  enum class Kind { Reduction, Row, Element };

  linalg::LinalgOp op;
  Kind kind;
  /// The loops over rows, and those inside a row.
  SmallVector<unsigned> rowDims, columnDims;
  /// Those of the results of a reduction.
  SmallVector<Combiner> combiners;

  RowPlace getPlace(OpOperand &operand) const;
};

/// Ops on the same rows, in program order, which can all be done where the last
/// one stands.
struct RowKernel {
  SmallVector<RowOp> ops;
  /// The number of threads for each row: a block, or a power of two up to a
  /// warp.
  int64_t group;
  /// How many elements of a row each thread has, at most, where those are few
  /// enough for registers.
  std::optional<int64_t> steps;
};

/// The kernel that the reduction `seed` on buffers is part of, or nothing where
/// a thread for each output is better.
std::optional<RowKernel> findRowKernel(linalg::LinalgOp seed);

/// What fills all of `init` with one value just before `op`, and nothing else
/// reads or writes in between: then `op` needs only the value.
linalg::LinalgOp getFill(linalg::LinalgOp op, OpOperand &init);

/// The value that such a fill writes.
Value getFilledValue(linalg::LinalgOp fill);

} // namespace mlir::bev

#endif // BEV_CONVERSION_LINALGTOGPU_ROWKERNELS_H
