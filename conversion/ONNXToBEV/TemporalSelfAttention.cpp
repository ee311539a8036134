// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Temporal self-attention: a deformable attention whose batch holds the frames,
// followed by the mean over them.

#include "Raising.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr int64_t kDynamic = ShapedType::kDynamic;
/// What the bev attention ops take at most of frames, levels and points.
static constexpr int64_t kMaxSamples = 1024;
static constexpr StringLiteral kOp = "bev.temporal_self_attention";

/// `operand` [N, ...] as [B, T, ...]; `isFrameMajor` if N counts frames slower
/// than batch rows.
static bool splitFrames(TensorView &view, int64_t batch, int64_t frames,
                        bool isFrameMajor) {
  SmallVector<int64_t> shape = view.getShape(), permutation;
  ArrayRef<int64_t> rest = ArrayRef(shape).drop_front();
  SmallVector<int64_t> split = {isFrameMajor ? frames : batch,
                                isFrameMajor ? batch : frames};
  llvm::append_range(split, rest);
  if (!view.reshape(split))
    return false;
  if (!isFrameMajor)
    return true;
  permutation = llvm::to_vector(llvm::seq<int64_t>(0, split.size()));
  std::swap(permutation[0], permutation[1]);
  return view.transpose(permutation);
}

static void raise(NodeOp mean, RaiseReport &report) {
  auto inputType =
      dyn_cast<RankedTensorType>(mean.getInputs().front().getType());
  auto resultType =
      dyn_cast<RankedTensorType>(mean.getOutputs().front().getType());
  auto axes = getReductionAxes(mean);
  if (!inputType || !resultType || !axes || axes->size() != 1)
    return;
  TensorView attended = trace(mean.getInputs().front());
  auto attention = attended.base.getDefiningOp<DeformableAttentionOp>();
  if (!attention || attention.getValueLayout() != ValueLayout::position_major)
    return;
  auto refuse = [&](const Twine &reason) { report.refused(mean, kOp, reason); };

  // The mean runs over a part of the attention's batch.
  Factors reduced = attended.dims[axes->front()];
  if (reduced.size() != 1 || reduced.front().dim != 0 ||
      llvm::any_of(attended.offsets, [](int64_t offset) { return offset; }))
    return refuse("the mean is not over rows of the attention's batch");
  int64_t frames = reduced.front().extent, stride = reduced.front().stride;
  auto valueType = cast<RankedTensorType>(attention.getValue().getType());
  int64_t rows = valueType.getDimSize(0);
  if (frames == kDynamic)
    return refuse("the number of frames is not known at compile time");
  if (rows != kDynamic && rows % frames != 0)
    return refuse("the mean is not over all rows of the attention's batch");
  int64_t batch = rows == kDynamic ? kDynamic : rows / frames;
  bool isFrameMajor = stride != 1;
  if (isFrameMajor && stride != batch)
    return refuse("the mean is not over all rows of the attention's batch");
  if (attention.getReferenceKind() != ReferenceKind::level)
    return refuse("its reference points are not per level");
  int64_t levels = attention.getNumLevels();
  auto offsetsType = cast<RankedTensorType>(attention.getOffsets().getType());
  int64_t points = offsetsType.getDimSize(4);
  if (frames * levels * points > kMaxSamples)
    return refuse("it has more than " + Twine(kMaxSamples) +
                  " samples per query and head");

  TensorView value = trace(attention.getValue()),
             reference = trace(attention.getReference()),
             offsets = trace(attention.getOffsets()),
             logits = trace(attention.getLogits());
  int64_t queries = offsetsType.getDimSize(1);
  ImplicitLocOpBuilder b(mean.getLoc(), mean);
  if (!splitFrames(value, batch, frames, isFrameMajor) ||
      !splitFrames(reference, batch, frames, isFrameMajor) ||
      !splitFrames(offsets, batch, frames, isFrameMajor) ||
      !splitFrames(logits, batch, frames, isFrameMajor) ||
      !reference.broadcast({batch, frames, queries, levels, 2}) ||
      !offsets.transpose({0, 2, 3, 1, 4, 5, 6}) ||
      !logits.transpose({0, 2, 3, 1, 4}))
    return refuse("its operands have more than one dynamic size");

  // The result without the frames.
  TensorView result = attended;
  result.dims[axes->front()].clear();
  for (Factors &factors : result.dims)
    for (Factor &factor : factors)
      if (factor.dim == 0 && !isFrameMajor) {
        if (factor.stride % frames != 0)
          return refuse("the mean is not over all rows of the attention's "
                        "batch");
        factor.stride /= frames;
      }

  Value operands[4];
  for (auto [operand, view] :
       llvm::zip_equal(operands, ArrayRef<const TensorView *>{
                                     &value, &reference, &offsets, &logits})) {
    operand = view->materialize(b);
    if (!operand)
      return refuse("its operands have more than one dynamic size");
  }
  RankedTensorType type =
      typeLike(operands[0], {batch, queries, valueType.getDimSize(2),
                             valueType.getDimSize(3)});
  Value init = createEmpty(
      b, type,
      {{operands[0], 0}, {operands[2], 1}, {operands[0], 3}, {operands[0], 4}});
  auto op = TemporalSelfAttentionOp::create(
      b, TypeRange(type), operands[0], operands[1], operands[2], operands[3],
      init, ValueRange(), attention.getStaticLevelsAttr(), ScheduleAttr());
  result.base = op->getResult(0);
  Value replacement;
  if (result.reshape(resultType.getShape()))
    replacement = result.materialize(b);
  if (!replacement) {
    op.erase();
    return refuse("its result has more than one dynamic size");
  }
  report.absorbed(attention.getLoc(), "bev.deformable_attention");
  report.raised(mean, kOp);
  mean.getOutputs()[0].replaceAllUsesWith(replacement);
}

void mlir::bev::onnx_to_bev::raiseTemporalSelfAttention(func::FuncOp function,
                                                        RaiseReport &report) {
  SmallVector<NodeOp> means;
  function.walk([&](NodeOp node) {
    if (node.is("ReduceMean"))
      means.push_back(node);
  });
  for (NodeOp mean : means)
    raise(mean, report);
}
