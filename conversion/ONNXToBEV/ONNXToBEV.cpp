// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Raises ONNX nodes to bev ops, one kind after the other.

#include "Raising.h"
#include "bev/Conversion/Passes.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTONNXTOBEVPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;

void mlir::bev::raiseONNXToBEV(ModuleOp module, RaiseReport &report) {
  static constexpr Raising raisings[] = {
      raiseBilinearGathers,       raisePlugins,
      raiseDeformableAttention,   raiseTemporalSelfAttention,
      raiseSpatialCrossAttention, raiseGeometry};
  IRRewriter rewriter(module.getContext());
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    for (Raising raising : raisings) {
      raising(function, report);
      (void)runRegionDCE(rewriter, function->getRegions());
    }
  }
}

/// What follows takes nodes to have the inputs that their operators have, and
/// ranks that can be known to be known.
static LogicalResult checkNode(onnx::NodeOp node) {
  SmallVector<Type> types;
  if (failed(onnx::inferResultTypes(node, types)))
    return failure();
  for (auto [index, result] : llvm::enumerate(node.getOutputs()))
    if (isa<UnrankedTensorType>(result.getType()) &&
        isa<RankedTensorType>(types[index]))
      return node.emitError("the type of result ")
             << index << " is not inferred; run onnx-infer-types first";
  return success();
}

namespace {
struct ConvertONNXToBEVPass
    : public bev::impl::ConvertONNXToBEVPassBase<ConvertONNXToBEVPass> {
  using ConvertONNXToBEVPassBase::ConvertONNXToBEVPassBase;

  void runOnOperation() override {
    WalkResult result = getOperation().walk(
        [](onnx::NodeOp node) { return WalkResult(checkNode(node)); });
    if (result.wasInterrupted())
      return signalPassFailure();
    RaiseReport report;
    raiseONNXToBEV(getOperation(), report);
    for (const RaiseReport::Entry &entry : report.getEntries()) {
      if (entry.reason.empty())
        ++numRaised;
      else
        ++numRefused;
    }
    if (printReport)
      report.print(llvm::errs());
  }
};
} // namespace
