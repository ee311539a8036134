// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Imported ONNX graphs to model IR.

#include "bev/Conversion/Passes.h"
#include "bev/Pipelines/Pipelines.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::bev;

void mlir::bev::buildONNXToModelIRPipeline(
    OpPassManager &pm, const ONNXToModelIROptions &options) {
  // 1. No onnx ops.
  pm.addPass(createConvertONNXToLinalgPass());

  // 2. What was computed of shapes is constants.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
