// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bufferization of ops that overwrite their inits.

#ifndef BEV_DIALECT_DESTINATIONSTYLEBUFFERIZATION_H
#define BEV_DIALECT_DESTINATIONSTYLEBUFFERIZATION_H

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"

namespace mlir::bev {

/// The model of an op in destination-passing style, on tensors or memrefs, that
/// reads its inputs and overwrites its inits without reading them.
template <typename OpTy>
struct DestinationStyleModel
    : bufferization::DstBufferizableOpInterfaceExternalModel<
          DestinationStyleModel<OpTy>, OpTy> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const bufferization::AnalysisState &) const {
    return !cast<DestinationStyleOpInterface>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const bufferization::BufferizationOptions &options,
                          bufferization::BufferizationState &state) const {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(op);
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      if (!isa<RankedTensorType>(operand.getType())) {
        operands.push_back(operand);
        continue;
      }
      FailureOr<Value> buffer =
          bufferization::getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      operands.push_back(*buffer);
    }
    SmallVector<Value> results;
    for (OpOperand &init :
         cast<DestinationStyleOpInterface>(op).getDpsInitsMutable())
      results.push_back(operands[init.getOperandNumber()]);
    clone(rewriter, op, /*newResultTypes=*/TypeRange{}, operands);
    bufferization::replaceOpWithBufferizedValues(rewriter, op, results);
    return success();
  }
};

/// Attaches the model to ops whose dialect is loaded.
template <typename... OpTys>
void attachDestinationStyleModels(MLIRContext *context) {
  (OpTys::template attachInterface<DestinationStyleModel<OpTys>>(*context),
   ...);
}

} // namespace mlir::bev

#endif // BEV_DIALECT_DESTINATIONSTYLEBUFFERIZATION_H
