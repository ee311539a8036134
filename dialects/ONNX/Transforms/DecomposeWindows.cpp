// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The window functions of signal processing in parts.

#include "Decompose.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// Sums of cosines of the multiples of an angle that goes once around: over all
/// elements where the window is periodic, up to the last where it is symmetric.
static LogicalResult decomposeWindow(NodeOp node, PatternRewriter &rewriter,
                                     ArrayRef<double> coefficients) {
  RankedTensorType type = getRanked(node.input(0));
  if (!type || type.getRank() != 0 || node->getNumResults() != 1 ||
      !isa<IntegerType>(type.getElementType()) || !mayChangeTypes(node))
    return failure();
  NodeBuilder b(rewriter, node);
  Type f64 = rewriter.getF64Type();
  Value size = b.castLike(node.input(0), b.scalar(rewriter.getI64Type(), 0));
  Value steps = b.countTo(b.unsqueeze(size, {0}));
  if (node.intAttr("periodic", 1) == 0)
    size = b.sub(size, b.scalar(rewriter.getI64Type(), 1));
  Value zero = b.scalar(f64, 0);
  Value turns = b.div(b.castLike(steps, zero), b.castLike(size, zero));
  constexpr double kFullTurn = 6.28318530717958647693;
  Value sum = b.scalar(f64, coefficients.front());
  for (size_t i = 1; i < coefficients.size(); ++i) {
    Value angle = b.mul(turns, b.scalar(f64, kFullTurn * double(i)));
    sum = b.add(b.mul(b.create("Cos", {angle}), b.scalar(f64, coefficients[i])),
                sum);
  }
  return replaceResults(
      rewriter, node,
      b.create("Cast", {sum},
               b.attribute("to", node.intAttr("output_datatype", 1))));
}

static LogicalResult decomposeHann(NodeOp node, PatternRewriter &rewriter) {
  return decomposeWindow(node, rewriter, {0.5, -0.5});
}

static LogicalResult decomposeHamming(NodeOp node, PatternRewriter &rewriter) {
  return decomposeWindow(node, rewriter, {25.0 / 46, 25.0 / 46 - 1});
}

static LogicalResult decomposeBlackman(NodeOp node, PatternRewriter &rewriter) {
  return decomposeWindow(node, rewriter, {0.42, -0.5, 0.08});
}

void mlir::bev::onnx::populateWindowPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<FunctionPattern>(context, "HannWindow", decomposeHann);
  patterns.add<FunctionPattern>(context, "HammingWindow", decomposeHamming);
  patterns.add<FunctionPattern>(context, "BlackmanWindow", decomposeBlackman);
}
