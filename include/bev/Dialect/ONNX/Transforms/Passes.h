// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes from the onnx dialect to the onnx dialect.

#ifndef BEV_DIALECT_ONNX_TRANSFORMS_PASSES_H
#define BEV_DIALECT_ONNX_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::bev::onnx {

#define GEN_PASS_DECL
#include "bev/Dialect/ONNX/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "bev/Dialect/ONNX/Transforms/Passes.h.inc"

} // namespace mlir::bev::onnx

#endif // BEV_DIALECT_ONNX_TRANSFORMS_PASSES_H
