// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Model IR to the llvm dialect for the CPU.

#include "Stages.h"
#include "bev/Conversion/Passes.h"
#include "bev/Pipelines/Passes.h"
#include "bev/Pipelines/Pipelines.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::bev;

void mlir::bev::buildLowerToLLVMPipeline(OpPassManager &pm,
                                         const LowerToLLVMOptions &options) {
  // 1. Structured ops, parallel loops and vectors on tensors; no bev ops but
  //    gradients.
  BEVSelectSchedulePassOptions schedule;
  schedule.target = "cpu";
  schedule.vectorBytes = options.vectorBytes;
  schedule.scheduleFile = options.scheduleFile;
  addStructuredStage(pm, schedule);

  // 2. Buffers with owners; no tensors, and no gradients.
  addBufferStage(pm);
  addConstantStage(pm, options.externalConstantBytes);
  pm.addPass(createBEVDecomposePass());

  //    Those of known size are in one arena; dense products and convolutions
  //    are calls.
  pm.addNestedPass<func::FuncOp>(createPlanMemoryPass());
  pm.addPass(createConvertLibraryToRuntimePass());

  // 3. Loops: linalg is gone, vectors are loaded and stored with alignment.
  addLoopStage(pm, /*contiguousInner=*/true);

  // 4. At most one level of parallel loops, with work for a thread.
  pm.addNestedPass<func::FuncOp>(createPartitionParallelPass());

  // 5. No arithmetic on floats narrower than f32.
  addWidenFloatsStage(pm);
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addPass(createCSEPass());

  // 6. Parallel loops are OpenMP regions.
  pm.addPass(createConvertSCFToOpenMPPass());
  pm.addNestedPass<func::FuncOp>(createInlineAllocaScopesPass());

  // 7. Math is arithmetic, LLVM intrinsics or calls of the C library.
  pm.addNestedPass<func::FuncOp>(createConvertMathToArithPass());
  pm.addPass(createExpandIntegerDivisionPass());
  pm.addPass(memref::createExpandOpsPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());

  // 8. Only the llvm dialect and OpenMP.
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertOpenMPToLLVMPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
