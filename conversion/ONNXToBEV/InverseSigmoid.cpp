// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The clamped inverse of the logistic function, as decoders apply it to their
// reference points.

#include "Clamps.h"
#include "Geometry.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

/// log(max(x, eps) / max(1 - x, eps)) for x clamped to [0, 1].
void mlir::bev::onnx_to_bev::raiseInverseSigmoid(NodeOp log,
                                                 RaiseReport &report) {
  static constexpr StringLiteral op = "bev.inverse_sigmoid";
  auto ratio = getNode(log.getOperand(0), "Div");
  if (!ratio)
    return;
  Clamped part = matchClamps(ratio.getOperand(0)),
          rest = matchClamps(ratio.getOperand(1));
  auto complement = getNode(rest.inner, "Sub");
  if (!complement || !isSplat(complement.getOperand(0), 1.0))
    return;
  Clamped inner = matchClamps(complement.getOperand(1));
  if (inner.inner != part.inner)
    return;
  // The part between the clamps is that of both.
  Value input = part.inner;
  auto type = dyn_cast<RankedTensorType>(input.getType());
  if (!type || input.getType() != log.getOutputs()[0].getType())
    return report.refused(log, op, "its shape is not that of its input");
  Type element = type.getElementType();
  if (!element.isF32() && !element.isF16() && !element.isBF16())
    return report.refused(log, op, "its input is not f32, f16 or bf16");
  if (part.high != 1.0 || inner.low != 0.0 || inner.high != 1.0 ||
      rest.high < 1.0)
    return report.refused(log, op, "its input is not clamped to 0 and 1");
  double eps = part.low;
  if (rest.low != eps || !(eps > 0.0 && eps < 1.0))
    return report.refused(log, op,
                          "its two parts are not clamped to the same least "
                          "number between 0 and 1");
  ImplicitLocOpBuilder b(log.getLoc(), log);
  SmallVector<std::pair<Value, int64_t>> sizes;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    sizes.push_back({input, dim});
  Value init = createEmpty(b, type, sizes);
  auto raised = InverseSigmoidOp::create(b, TypeRange(type), input, init,
                                         b.getF32FloatAttr(float(eps)));
  report.raised(log, op);
  log.getOutputs()[0].replaceAllUsesWith(raised->getResult(0));
}
