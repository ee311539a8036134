// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The onnx dialect: its ops and types.

#ifndef BEV_DIALECT_ONNX_IR_ONNX_H
#define BEV_DIALECT_ONNX_IR_ONNX_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "bev/Dialect/ONNX/IR/ONNXDialect.h.inc"

#define GET_TYPEDEF_CLASSES
#include "bev/Dialect/ONNX/IR/ONNXTypes.h.inc"

#define GET_OP_CLASSES
#include "bev/Dialect/ONNX/IR/ONNXOps.h.inc"

#endif // BEV_DIALECT_ONNX_IR_ONNX_H
