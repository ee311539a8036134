// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Model IR to device code for an NVIDIA GPU and llvm-dialect host code.

#include "Stages.h"
#include "bev/Conversion/GPUToNVVM/Chips.h"
#include "bev/Conversion/Passes.h"
#include "bev/Pipelines/Passes.h"
#include "bev/Pipelines/Pipelines.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::bev;

/// What schedules depend on.
static BEVSelectSchedulePassOptions
getScheduleOptions(const LowerToNVVMOptions &options) {
  BEVSelectSchedulePassOptions schedule;
  schedule.target = "gpu";
  schedule.chip = options.chip;
  schedule.scheduleFile = options.scheduleFile;
  // Where there is none, bev-attach-nvvm-target says why.
  if (options.chip == "native") {
    llvm::Expected<std::string> chip = detectNativeChip();
    if (chip)
      schedule.chip = *chip;
    else
      llvm::consumeError(chip.takeError());
  }
  return schedule;
}

/// Model IR to model IR with fewer and larger products, and values in the order
/// that they are read in.
static void addModelStage(OpPassManager &pm,
                          const LowerToNVVMOptions &options) {
  pm.addPass(createBEVPackProjectionsPass());
  pm.addPass(createBEVPropagateValueLayoutPass({options.headMajorValues}));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void mlir::bev::buildScheduleForNVVMPipeline(
    OpPassManager &pm, const LowerToNVVMOptions &options) {
  addModelStage(pm, options);
  addScheduleStage(pm, getScheduleOptions(options));
}

void mlir::bev::buildLowerToNVVMPipeline(OpPassManager &pm,
                                         const LowerToNVVMOptions &options) {
  const BEVSelectSchedulePassOptions schedule = getScheduleOptions(options);

  // 1. Structured ops, parallel loops and vectors on tensors; no bev ops.
  addModelStage(pm, options);
  addStructuredStage(pm, schedule);

  // 2. Buffers with owners; no tensors.
  addBufferStage(pm);

  // 3. Loops: linalg is gone, vectors are loaded and stored with alignment.
  //    Large constants, tables that kernels were given among them, are symbols
  //    without data.
  const bool overlaps =
      options.overlapLaunches && hasDependentLaunches(schedule.chip);
  pm.addNestedPass<func::FuncOp>(createConvertSegmentPoolToGPUPass(
      {hasBulkPrefetch(schedule.chip), overlaps}));
  pm.addPass(createConvertIntervalPoolToGPUPass(
      {hasBulkPrefetch(schedule.chip), overlaps}));
  addConstantStage(pm, options.externalConstantBytes);
  pm.addNestedPass<func::FuncOp>(createConvertAttentionBackwardToGPUPass(
      {hasVectorReductions(schedule.chip), overlaps}));
  pm.addPass(createBEVDecomposePass());
  pm.addNestedPass<func::FuncOp>(createConvertLinalgReductionsToGPUPass());
  addLoopStage(pm, /*contiguousInner=*/false);
  pm.addNestedPass<func::FuncOp>(createFuseParallelLoopsPass());

  // 4. Parallel loops are kernels; no arithmetic on floats narrower than f32
  // but
  //    what schedules ask for.
  pm.addNestedPass<func::FuncOp>(
      createConvertParallelToGPULaunchPass({hasBulkPrefetch(schedule.chip)}));
  pm.addNestedPass<func::FuncOp>(createConvertSerialLoopsToGPULaunchPass());
  pm.addNestedPass<func::FuncOp>(createConvertPackedArithmeticToNVVMPass());
  addWidenFloatsStage(pm);
  pm.addPass(createLoopInvariantCodeMotionPass());

  // 5. All buffers live in device memory; the host reaches them through the
  //    runtime.
  pm.addPass(memref::createExpandOpsPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createConvertHostAccessToRuntimePass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());

  // 6. Kernels are functions of bare pointers and scalars.
  pm.addPass(createGpuLaunchSinkIndexComputationsPass());
  pm.addNestedPass<func::FuncOp>(createFlattenLaunchCapturesPass());
  pm.addPass(createOutlineKernelsPass());
  pm.addPass(createAnnotateKernelArgumentsPass());

  // 7. Kernels are nvvm and call nothing; the chip is known to exist.
  pm.addPass(createAttachNVVMTargetPass({options.chip}));
  OpPassManager &kernels = pm.nest<gpu::GPUModuleOp>();
  kernels.addPass(createCanonicalizerPass());
  kernels.addPass(createCSEPass());
  kernels.addNestedPass<gpu::GPUFuncOp>(createConvertGuardedLoadsToNVVMPass());
  kernels.addPass(createConvertMathToNVVMIntrinsicsPass());
  kernels.addPass(memref::createExpandStridedMetadataPass());
  kernels.addPass(createExpandIntegerDivisionPass());
  kernels.addPass(createLowerAffinePass());
  kernels.addPass(createSCFToControlFlowPass());
  ConvertGpuOpsToNVVMOpsOptions nvvm;
  nvvm.useBarePtrCallConv = true;
  nvvm.indexBitwidth = 64;
  kernels.addPass(createConvertGpuOpsToNVVMOps(nvvm));
  kernels.addPass(createConvertNVVMToLLVMPass());
  kernels.addPass(createReconcileUnrealizedCastsPass());
  kernels.addPass(createWidenBooleanLoadsPass());
  kernels.addPass(createCanonicalizerPass());
  kernels.addPass(createCSEPass());
  if (options.overlapLaunches)
    kernels.addPass(createOverlapLaunchesPass());
  pm.addPass(createVerifyDeviceCodePass());

  // 8. Host code is the llvm dialect.
  pm.addNestedPass<func::FuncOp>(createConvertMathToArithPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addNestedPass<func::FuncOp>(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(arith::createArithExpandOpsPass());
  pm.addPass(createConvertVectorToLLVMPass());
  GpuToLLVMConversionPassOptions host;
  host.kernelBarePtrCallConv = true;
  pm.addPass(createGpuToLLVMConversionPass(host));
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());

  // 9. Kernels are what `format` says.
  pm.addPass(createSerializeDeviceCodePass({options.format}));
}
