// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stages that the pipelines of all targets begin with.

#ifndef BEV_LIB_PIPELINES_STAGES_H
#define BEV_LIB_PIPELINES_STAGES_H

#include "bev/Dialect/BEV/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"

namespace mlir::bev {

/// Model IR with its calling convention to bev ops that carry schedules.
void addScheduleStage(OpPassManager &pm,
                      const BEVSelectSchedulePassOptions &schedule);

/// Model IR to structured ops, loops and vectors on tensors, with no bev ops
/// left but gradients and what is for kernels of a GPU.
void addStructuredStage(OpPassManager &pm,
                        const BEVSelectSchedulePassOptions &schedule);

/// Tensors to buffers, with deallocations: callers own what functions return.
void addBufferStage(OpPassManager &pm);

/// Constants of at least `externalConstantBytes` leave the code, unless that is
/// 0.
void addConstantStage(OpPassManager &pm, int64_t externalConstantBytes);

/// Structured ops on buffers to loops, and vectors to loads and stores with
/// alignment; no linalg left. `contiguousInner` is that of
/// `convert-linalg-to-scf-nest`.
void addLoopStage(OpPassManager &pm, bool contiguousInner);

/// Narrow float arithmetic to f32, rounded where it is stored.
void addWidenFloatsStage(OpPassManager &pm);

} // namespace mlir::bev

#endif // BEV_LIB_PIPELINES_STAGES_H
