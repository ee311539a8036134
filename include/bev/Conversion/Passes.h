// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions between dialects.

#ifndef BEV_CONVERSION_PASSES_H
#define BEV_CONVERSION_PASSES_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Pass/Pass.h"

namespace mlir::bev {

#define GEN_PASS_DECL
#include "bev/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "bev/Conversion/Passes.h.inc"

} // namespace mlir::bev

#endif // BEV_CONVERSION_PASSES_H
