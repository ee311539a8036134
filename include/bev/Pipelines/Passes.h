// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes that prepare and check the stages of the pipelines.

#ifndef BEV_PIPELINES_PASSES_H
#define BEV_PIPELINES_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::bev {

#define GEN_PASS_DECL
#include "bev/Pipelines/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "bev/Pipelines/Passes.h.inc"

} // namespace mlir::bev

#endif // BEV_PIPELINES_PASSES_H
