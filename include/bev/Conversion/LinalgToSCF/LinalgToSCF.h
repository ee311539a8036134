// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the lowerings of linalg on buffers share.

#ifndef BEV_CONVERSION_LINALGTOSCF_LINALGTOSCF_H
#define BEV_CONVERSION_LINALGTOSCF_LINALGTOSCF_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::bev {

/// The type in which a sum of `type` is carried: f32 for narrower floats.
Type getAccumulatorType(Type type);

/// `value` as `type`, by extension or truncation that may be folded away.
Value convertFloat(OpBuilder &b, Location loc, Value value, Type type);

/// Loads the element of `operand` (a memref or scalar operand of `op`) that the
/// iteration `ivs` accesses.
Value loadOperand(OpBuilder &b, Location loc, linalg::LinalgOp op,
                  OpOperand &operand, ValueRange ivs);

/// Stores `value` where the iteration `ivs` of `op` writes its `init` operand.
void storeInit(OpBuilder &b, Location loc, linalg::LinalgOp op, OpOperand &init,
               ValueRange ivs, Value value);

/// Gives the element of an operand that an iteration accesses.
using OperandLoader = llvm::function_ref<Value(OpBuilder &, OpOperand &)>;

/// Emits the payload of `op` for the iteration `ivs` and returns what it
/// yields. With `accumulators` (one per init, of getAccumulatorType) those
/// stand for the inits' elements and the results have their types; without, the
/// inits' elements are loaded where the payload uses them. `load` stands for
/// loadOperand where there is one.
SmallVector<Value> emitPayload(OpBuilder &b, Location loc, linalg::LinalgOp op,
                               ValueRange ivs, ValueRange accumulators,
                               OperandLoader load = {});

/// True in the body of a loop or kernel that runs iterations in parallel.
bool isInParallelBody(Operation *op);

} // namespace mlir::bev

#endif // BEV_CONVERSION_LINALGTOSCF_LINALGTOSCF_H
