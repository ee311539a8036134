// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stages that the pipelines share, and their registration.

#include "bev/Pipelines/Pipelines.h"
#include "Stages.h"
#include "bev/Conversion/Passes.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"
#include "bev/Dialect/Library/Transforms/Passes.h"
#include "bev/Pipelines/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::bev;

/// Matrix products and convolutions to library ops, images channels last.
static void addLibraryPlacement(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLibraryPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createLibraryPropagateChannelsLastPass());
  pm.addPass(createCanonicalizerPass());
}

void mlir::bev::addScheduleStage(OpPassManager &pm,
                                 const BEVSelectSchedulePassOptions &schedule) {
  // 1. Public functions have their calling convention; inputs are read-only.
  pm.addPass(createPrepareEntryPointsPass());
  pm.addPass(createVerifyModelIRPass());

  // 2. Every bev op with channels carries a schedule; pools have their tables.
  pm.addPass(
      createBEVExpandPoolingPass({/*manyThreads=*/schedule.target == "gpu"}));
  pm.addPass(createBEVSelectSchedulePass(schedule));
  pm.addPass(createVerifyScheduledIRPass());
}

void mlir::bev::addStructuredStage(
    OpPassManager &pm, const BEVSelectSchedulePassOptions &schedule) {
  addScheduleStage(pm, schedule);
  StringRef target = schedule.target;

  // 3. Scheduled ops are parallel loops of vectors; other bev ops are linalg.
  BEVTileToForallPassOptions tiling;
  tiling.keepRows = tiling.points = target == "gpu";
  pm.addPass(createBEVTileToForallPass(tiling));
  if (target == "gpu")
    pm.addPass(createBEVShareSamplingPass());
  pm.addPass(createBEVVectorizeChannelsPass());
  BEVDecomposePassOptions decomposition;
  decomposition.keepBackward = true;
  pm.addPass(createBEVDecomposePass(decomposition));

  // 4. Everything else is linalg.generic, elementwise chains fused.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createDecomposeAggregatesPass());
  pm.addPass(createConvertElementwiseToLinalgPass());
  if (target == "cpu")
    addLibraryPlacement(pm);
  FuseElementwisePassOptions fusion;
  fusion.recompute = target == "gpu";
  pm.addNestedPass<func::FuncOp>(createFuseElementwisePass(fusion));
  if (target == "cpu")
    pm.addNestedPass<func::FuncOp>(createLibraryFuseEpiloguesPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void mlir::bev::addBufferStage(OpPassManager &pm) {
  // 1. No tensors.
  pm.addNestedPass<func::FuncOp>(createUnshareFillsPass());
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  bufferize.unknownTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  bufferize.allowReturnAllocsFromLoops = true;
  bufferize.bufferAlignment = 64;
  pm.addPass(bufferization::createOneShotBufferizePass(bufferize));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());

  // 2. Bodies of parallel loops do not allocate where it can be helped.
  pm.addNestedPass<func::FuncOp>(createPromoteScratchBuffersPass());

  // 3. Every buffer has one owner, and that frees it.
  pm.addPass(memref::createExpandReallocPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(bufferization::createOwnershipBasedBufferDeallocationPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(bufferization::createBufferDeallocationSimplificationPass());
  pm.addPass(bufferization::createLowerDeallocationsPass());
  pm.addPass(createCSEPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createConvertBufferizationToMemRefPass());

  // 4. Expansions have at most one dynamic size per group.
  pm.addNestedPass<func::FuncOp>(createExpandDynamicReshapesPass());
}

void mlir::bev::addConstantStage(OpPassManager &pm,
                                 int64_t externalConstantBytes) {
  if (externalConstantBytes <= 0)
    return;
  pm.addPass(createSymbolDCEPass());
  pm.addPass(createExternalizeConstantsPass({externalConstantBytes}));
}

void mlir::bev::addLoopStage(OpPassManager &pm, bool contiguousInner) {
  ConvertLinalgToSCFNestPassOptions nests;
  nests.contiguousInner = contiguousInner;
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToSCFNestPass(nests));
  pm.addNestedPass<func::FuncOp>(createLowerVectorTransfersPass());
  pm.addPass(createConvertVectorToSCFPass());
  pm.addNestedPass<func::FuncOp>(createFlattenGathersPass());
  pm.addPass(memref::createFoldMemRefAliasOpsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createAnnotateAlignmentPass());
  pm.addPass(createVerifyLoopIRPass());
}

void mlir::bev::addWidenFloatsStage(OpPassManager &pm) {
  arith::ArithEmulateUnsupportedFloatsOptions arithmetic;
  arithmetic.sourceTypeStrs = {"f16", "bf16"};
  arithmetic.targetTypeStr = "f32";
  pm.addPass(arith::createArithEmulateUnsupportedFloats(arithmetic));
  pm.addPass(math::createMathExtendToSupportedTypes());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void mlir::bev::registerPipelines() {
  registerBEVPipelinesPasses();
  PassPipelineRegistration<ONNXToModelIROptions>(
      "onnx-to-model-ir", "lower an imported ONNX graph to model IR",
      [](OpPassManager &pm, const ONNXToModelIROptions &options) {
        buildONNXToModelIRPipeline(pm, options);
      });
  PassPipelineRegistration<LowerToLLVMOptions>(
      "lower-to-llvm", "lower model IR to the llvm dialect for the CPU",
      buildLowerToLLVMPipeline);
  PassPipelineRegistration<LowerToNVVMOptions>(
      "lower-to-nvvm",
      "lower model IR to device code for an NVIDIA GPU and llvm-dialect host "
      "code",
      buildLowerToNVVMPipeline);
}
