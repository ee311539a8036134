// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plugin nodes of deformable attention, by their published interfaces:
//
//   value [B,S,M,D], spatial shapes [L,2] as (h, w), level starts [L],
//     locations [B,Q,M,L,P,2], weights [B,Q,M,L,P]
//       MMCVMultiScaleDeformableAttention (mmcv, mmdeploy), result [B,Q,M*D];
//       MultiscaleDeformableAttnPlugin_TRT (TensorRT), result [B,Q,M,D]
//   the same without level starts, result [B,Q,M,D], and
//   value, spatial shapes, reference points [B,Q,1,Z*2], offsets
//     [B,Q,M,L*P*2], logits [B,Q,M,L*P], result [B,Q,M,D]
//       MultiScaleDeformableAttnTRT, MultiScaleDeformableAttnTRT2

#include "Raising.h"

#include "bev/Dialect/ONNX/IR/TypeInference.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr int64_t kDynamic = ShapedType::kDynamic;
/// What the bev attention ops take at most of levels times points.
static constexpr int64_t kMaxSamples = 1024;

static bool isPlugin(NodeOp node) {
  static constexpr StringLiteral names[] = {
      "MMCVMultiScaleDeformableAttention", "MultiscaleDeformableAttnPlugin_TRT",
      "MultiScaleDeformableAttnTRT", "MultiScaleDeformableAttnTRT2"};
  return llvm::is_contained(names, node.getOpType());
}

namespace {
class PluginRaiser {
public:
  PluginRaiser(NodeOp node, RaiseReport &report)
      : node(node), report(report), b(node.getLoc(), node) {}

  bool raise();

private:
  bool refuse(const Twine &reason) {
    report.refused(node, op, reason);
    return false;
  }
  bool readLevels();
  bool isStartsInput(unsigned index);
  /// The input at that place with another shape of as many elements.
  Value reshaped(unsigned index, ArrayRef<int64_t> shape);
  bool raiseCore(unsigned locationsIndex);
  bool raiseWhole();
  bool finish(Value result);

  NodeOp node;
  RaiseReport &report;
  ImplicitLocOpBuilder b;
  StringRef op = "bev.ms_deform_attn";
  SmallVector<int64_t> levels;
  int64_t batch = 0, heads = 0, channels = 0, queries = 0;
};
} // namespace

bool PluginRaiser::readLevels() {
  auto value = cast<RankedTensorType>(node.getInputs()[0].getType());
  Type element = value.getElementType();
  if (value.getRank() != 4 || value.isDynamicDim(2) || value.isDynamicDim(3))
    return refuse("its value is not [B,S,M,D] with known M and D");
  if (!element.isF32() && !element.isF16() && !element.isBF16())
    return refuse("its value is not f32, f16 or bf16");
  batch = value.getDimSize(0);
  heads = value.getDimSize(2);
  channels = value.getDimSize(3);
  ElementsAttr shapes = onnx::getConstant(node.getInputs()[1]);
  auto dense = dyn_cast_if_present<DenseIntElementsAttr>(shapes);
  if (!dense || dense.getType().getRank() != 2 ||
      dense.getType().getDimSize(1) != 2 || dense.empty())
    return refuse("its spatial shapes are not known at compile time");
  int64_t positions = 0;
  for (const APInt &size : dense.getValues<APInt>())
    levels.push_back(size.getSExtValue());
  for (size_t l = 0; l < levels.size(); l += 2) {
    if (levels[l] < 1 || levels[l + 1] < 1)
      return refuse("its spatial shapes are not positive");
    positions += levels[l] * levels[l + 1];
  }
  if (!value.isDynamicDim(1) && value.getDimSize(1) != positions)
    return refuse("its value has " + Twine(value.getDimSize(1)) +
                  " positions, but its levels have " + Twine(positions));
  return true;
}

/// The input is where each level starts. Only levels one after the other are
/// what the bev ops read.
bool PluginRaiser::isStartsInput(unsigned index) {
  auto dense = dyn_cast_if_present<DenseIntElementsAttr>(
      onnx::getConstant(node.getInputs()[index]));
  if (!dense || dense.getNumElements() != int64_t(levels.size() / 2))
    return false;
  int64_t start = 0;
  for (auto [level, given] : llvm::enumerate(dense.getValues<APInt>())) {
    if (given.getSExtValue() != start)
      return false;
    start += levels[2 * level] * levels[2 * level + 1];
  }
  return true;
}

Value PluginRaiser::reshaped(unsigned index, ArrayRef<int64_t> shape) {
  TensorView view = trace(node.getInputs()[index]);
  return view.reshape(shape) ? view.materialize(b) : Value();
}

bool PluginRaiser::finish(Value result) {
  auto type = dyn_cast<RankedTensorType>(node.getOutputs()[0].getType());
  int64_t rank = type ? type.getRank()
                 : node.getOpType() == "MMCVMultiScaleDeformableAttention" ? 3
                                                                           : 4;
  SmallVector<int64_t> shape = {batch, queries, heads, channels};
  if (rank == 3)
    shape = {batch, queries, heads * channels};
  if (rank != 3 && rank != 4)
    return refuse("its result is neither [B,Q,M*D] nor [B,Q,M,D]");
  Value replacement = createReshape(b, result, shape);
  if (!replacement)
    return refuse("its result has more than one dynamic size");
  report.raised(node, op);
  node.getOutputs()[0].replaceAllUsesWith(replacement);
  return true;
}

bool PluginRaiser::raiseCore(unsigned locationsIndex) {
  auto locationsType =
      cast<RankedTensorType>(node.getInputs()[locationsIndex].getType());
  auto weightsType =
      cast<RankedTensorType>(node.getInputs()[locationsIndex + 1].getType());
  int64_t numLevels = levels.size() / 2;
  if (!locationsType.getElementType().isF32())
    return refuse("its sampling locations are not f32");
  if (locationsType.getRank() < 4 || weightsType.getRank() < 4)
    return refuse("its sampling locations are not [B,Q,M,L,P,2]");
  int64_t samples = 1;
  for (int64_t size : weightsType.getShape().drop_front(3))
    samples = size == kDynamic ? 0 : samples * size;
  queries = weightsType.getDimSize(1);
  if (samples == 0 || samples % numLevels != 0 || samples > kMaxSamples)
    return refuse("its weights are not those of up to " + Twine(kMaxSamples) +
                  " points on " + Twine(numLevels) + " levels");
  int64_t points = samples / numLevels;
  Value locations = reshaped(locationsIndex,
                             {batch, queries, heads, numLevels, points, 2}),
        weights = reshaped(locationsIndex + 1,
                           {batch, queries, heads, numLevels, points});
  if (!locations || !weights)
    return refuse("its sampling locations are not [B,Q,M,L,P,2] or its weights "
                  "not [B,Q,M,L,P]");
  Value value = node.getInputs()[0];
  Value init =
      createEmpty(b, typeLike(value, {batch, queries, heads, channels}),
                  {{value, 0}, {locations, 1}, {value, 2}, {value, 3}});
  auto attention = MSDeformAttnOp::create(
      b, TypeRange(init.getType()), value, locations, weights, init,
      ValueRange(), b.getDenseI64ArrayAttr(levels), ScheduleAttr());
  return finish(attention->getResult(0));
}

bool PluginRaiser::raiseWhole() {
  op = "bev.deformable_attention";
  auto referenceType = cast<RankedTensorType>(node.getInputs()[2].getType());
  auto logitsType = cast<RankedTensorType>(node.getInputs()[4].getType());
  int64_t numLevels = levels.size() / 2;
  if (!referenceType.getElementType().isF32())
    return refuse("its reference points are not f32");
  if (referenceType.getRank() != 4 || logitsType.getRank() != 4 ||
      referenceType.isDynamicDim(3) || logitsType.isDynamicDim(3) ||
      referenceType.getDimSize(2) != 1)
    return refuse("its reference points are not [B,Q,1,Z*2] or its logits not "
                  "[B,Q,M,L*P]");
  int64_t samples = logitsType.getDimSize(3),
          anchors = referenceType.getDimSize(3) / 2;
  queries = logitsType.getDimSize(1);
  if (samples < 1 || samples % numLevels != 0 || samples > kMaxSamples ||
      anchors < 1 || samples / numLevels % anchors != 0)
    return refuse("its points are not a multiple of its levels and reference "
                  "points");
  int64_t points = samples / numLevels;
  Value reference = reshaped(2, {batch, queries, anchors, 2}),
        offsets = reshaped(3, {batch, queries, heads, numLevels, points, 2}),
        logits = reshaped(4, {batch, queries, heads, samples});
  if (!reference || !offsets || !logits)
    return refuse("its offsets are not [B,Q,M,L*P*2]");
  Value value = node.getInputs()[0];
  Value init =
      createEmpty(b, typeLike(value, {batch, queries, heads, channels}),
                  {{value, 0}, {logits, 1}, {value, 2}, {value, 3}});
  auto attention = DeformableAttentionOp::create(
      b, TypeRange(init.getType()), value, reference, offsets, logits, init,
      ValueRange(), b.getDenseI64ArrayAttr(levels), ReferenceKind::pillar,
      AnchorOrder::mod, ScheduleAttr());
  return finish(attention->getResult(0));
}

bool PluginRaiser::raise() {
  unsigned count = node.getInputs().size();
  if (count != 4 && count != 5)
    return refuse("it has " + Twine(count) + " inputs, not 4 or 5");
  if (node.getOutputs().size() != 1)
    return refuse("it has more than one output");
  if (!readLevels())
    return false;
  if (count == 4)
    return raiseCore(2);
  auto third = cast<ShapedType>(node.getInputs()[2].getType());
  if (isa<FloatType>(third.getElementType()))
    return raiseWhole();
  if (!isStartsInput(2))
    return refuse("its levels do not follow each other in its value");
  return raiseCore(3);
}

void mlir::bev::onnx_to_bev::raisePlugins(func::FuncOp function,
                                          RaiseReport &report) {
  // What comes after a plugin node has no types before it is raised.
  llvm::SmallPtrSet<Operation *, 8> seen;
  for (bool hasChanged = true; hasChanged;) {
    hasChanged = false;
    SmallVector<NodeOp> nodes;
    function.walk([&](NodeOp node) {
      if (isPlugin(node) && !seen.contains(node) &&
          llvm::all_of(node.getInputs(), [](Value input) {
            return isa<RankedTensorType>(input.getType());
          }))
        nodes.push_back(node);
    });
    for (NodeOp node : nodes) {
      seen.insert(node);
      hasChanged |= PluginRaiser(node, report).raise();
    }
    if (!hasChanged)
      break;
    // A contradiction is reported by the next pass that infers types.
    (void)onnx::inferTypes(function.getBody().front());
    function.setFunctionType(FunctionType::get(
        function.getContext(), function.getArgumentTypes(),
        function.getBody().front().getTerminator()->getOperandTypes()));
  }
}
