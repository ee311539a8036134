// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The library dialect and its ops.

#ifndef BEV_DIALECT_LIBRARY_IR_LIBRARY_H
#define BEV_DIALECT_LIBRARY_IR_LIBRARY_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "bev/Dialect/Library/IR/LibraryDialect.h.inc"

#define GET_OP_CLASSES
#include "bev/Dialect/Library/IR/LibraryOps.h.inc"

#endif // BEV_DIALECT_LIBRARY_IR_LIBRARY_H
