// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Imported ONNX graphs to model IR.

#include "bev/Conversion/Passes.h"
#include "bev/Dialect/ONNX/Transforms/Passes.h"
#include "bev/Pipelines/Pipelines.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::bev;

void mlir::bev::buildONNXToModelIRPipeline(OpPassManager &pm,
                                           const ONNXToModelIROptions &options,
                                           ONNXStage last, ONNXStage first) {
  auto isNeeded = [&](ONNXStage stage) {
    return first < stage && stage <= last;
  };
  // 1. Every value has a ranked type; what is constant is folded.
  if (isNeeded(ONNXStage::Simplified))
    pm.addNestedPass<func::FuncOp>(onnx::createONNXSimplifyPass());

  // 2. What spells a bev op is one; the reshapes around it cancel.
  if (isNeeded(ONNXStage::Raised) && options.raise) {
    pm.addPass(createConvertONNXToBEVPass());
    pm.addNestedPass<func::FuncOp>(onnx::createONNXSimplifyPass());
  }

  // 3. No onnx ops.
  if (!isNeeded(ONNXStage::ModelIR))
    return;
  pm.addPass(createConvertONNXToLinalgPass());

  // 4. What was computed of shapes is constants.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
