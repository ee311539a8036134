// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bev dialect: its ops, attributes and enumerations.

#ifndef BEV_DIALECT_BEV_IR_BEV_H
#define BEV_DIALECT_BEV_IR_BEV_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/TilingInterface.h"

#include "bev/Dialect/BEV/IR/BEVDialect.h.inc"

#include "bev/Dialect/BEV/IR/BEVEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "bev/Dialect/BEV/IR/BEVAttributes.h.inc"

#define GET_OP_CLASSES
#include "bev/Dialect/BEV/IR/BEVOps.h.inc"

#endif // BEV_DIALECT_BEV_IR_BEV_H
