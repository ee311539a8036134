// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Inference over whole functions.

#ifndef BEV_DIALECTS_ONNX_TRANSFORMS_FUNCTIONTYPES_H
#define BEV_DIALECTS_ONNX_TRANSFORMS_FUNCTIONTYPES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::bev::onnx {

/// Infers the types of all values of a function, and gives it the types of what
/// it returns where nothing calls it. Fails after an error at a node.
LogicalResult inferFunctionTypes(func::FuncOp function);

} // namespace mlir::bev::onnx

#endif // BEV_DIALECTS_ONNX_TRANSFORMS_FUNCTIONTYPES_H
