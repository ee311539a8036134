// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of ONNX nodes whose inputs are constants.

#ifndef BEV_DIALECT_ONNX_IR_EVALUATION_H
#define BEV_DIALECT_ONNX_IR_EVALUATION_H

#include "bev/Dialect/ONNX/IR/ONNX.h"

namespace mlir::bev::onnx {

/// Computes the outputs of a node on constant inputs (null where an input is
/// left out). Fails silently where the operator has no evaluation, an output
/// would have more than `maxElements` elements, or the inputs contradict the
/// operator's definition (the type inference reports that).
LogicalResult evaluate(NodeOp node, ArrayRef<ElementsAttr> inputs,
                       int64_t maxElements,
                       SmallVectorImpl<ElementsAttr> &outputs);

} // namespace mlir::bev::onnx

#endif // BEV_DIALECT_ONNX_IR_EVALUATION_H
