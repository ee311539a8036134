// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes from the library dialect to the library dialect.

#ifndef BEV_DIALECT_LIBRARY_TRANSFORMS_PASSES_H
#define BEV_DIALECT_LIBRARY_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::bev {

#define GEN_PASS_DECL
#include "bev/Dialect/Library/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "bev/Dialect/Library/Transforms/Passes.h.inc"

} // namespace mlir::bev

#endif // BEV_DIALECT_LIBRARY_TRANSFORMS_PASSES_H
