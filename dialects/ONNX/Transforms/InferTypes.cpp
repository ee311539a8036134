// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "FunctionTypes.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"
#include "bev/Dialect/ONNX/Transforms/Passes.h"

namespace mlir::bev::onnx {
#define GEN_PASS_DEF_ONNXINFERTYPESPASS
#include "bev/Dialect/ONNX/Transforms/Passes.h.inc"
} // namespace mlir::bev::onnx

using namespace mlir;
using namespace mlir::bev::onnx;

LogicalResult mlir::bev::onnx::inferFunctionTypes(func::FuncOp function) {
  for (Block &block : function.getBody())
    if (failed(inferTypes(block)))
      return failure();
  if (!function.getBody().hasOneBlock())
    return success();
  Operation *terminator = function.getBody().front().getTerminator();
  function.setFunctionType(FunctionType::get(
      function.getContext(), function.getFunctionType().getInputs(),
      terminator->getOperandTypes()));
  return success();
}

namespace {
struct InferTypes : mlir::bev::onnx::impl::ONNXInferTypesPassBase<InferTypes> {
  void runOnOperation() override {
    if (failed(inferFunctionTypes(getOperation())))
      signalPassFailure();
  }
};
} // namespace
