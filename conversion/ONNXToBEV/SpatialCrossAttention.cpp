// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spatial cross-attention: finds sums over cameras of a deformable attention,
// and raises the mask form, a sum of products with a mask of 0 and 1.

#include "SpatialCrossAttention.h"

#include "Visibility.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr int64_t kDynamic = ShapedType::kDynamic;
static constexpr StringLiteral kOp = kSpatialCrossAttention;

//===----------------------------------------------------------------------===//
// What both forms need
//===----------------------------------------------------------------------===//

bool CameraRows::split(TensorView &view) const {
  SmallVector<int64_t> shape = view.getShape();
  SmallVector<int64_t> sizes = {isCameraMajor ? cameras : batch,
                                isCameraMajor ? batch : cameras};
  llvm::append_range(sizes, ArrayRef(shape).drop_front());
  if (!view.reshape(sizes))
    return false;
  if (!isCameraMajor)
    return true;
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, sizes.size()));
  std::swap(permutation[0], permutation[1]);
  return view.transpose(permutation);
}

SmallVector<Digit, 2> CameraRows::getLayout() const {
  SmallVector<Digit, 2> digits;
  if (cameras != 1)
    digits.push_back({cameras, 1, /*isResized=*/true});
  if (batch != 1)
    digits.insert(isCameraMajor ? digits.end() : digits.begin(),
                  {batch, batch});
  return digits;
}

DeformableAttentionOp
mlir::bev::onnx_to_bev::getPillarAttention(const TensorView &view) {
  auto attention = view.base.getDefiningOp<DeformableAttentionOp>();
  if (!attention || attention.getValueLayout() != ValueLayout::position_major)
    return DeformableAttentionOp();
  auto reference = cast<RankedTensorType>(attention.getReference().getType());
  // One point for all levels is one anchor.
  bool isOnePoint = attention.getReferenceKind() == ReferenceKind::level &&
                    reference.getDimSize(2) == 1;
  return isOnePoint || attention.getReferenceKind() == ReferenceKind::pillar
             ? attention
             : DeformableAttentionOp();
}

/// Whether all elements along a dimension are the same.
static bool isSame(ArrayRef<Factor> factors) {
  return llvm::all_of(
      factors, [](const Factor &factor) { return factor.isBroadcast(); });
}

std::optional<TensorView> mlir::bev::onnx_to_bev::countedByCamera(
    const TensorView &counted, const TensorView &quotient,
    ArrayRef<int64_t> resultShape, int64_t cameras) {
  if (counted.getSize(counted.dims.size() - 1) != cameras)
    return std::nullopt;
  TensorView perElement = counted;
  Factors perCamera = perElement.dims.pop_back_val();
  if (!perElement.broadcast(quotient.getShape()))
    return std::nullopt;
  perElement.dims.push_back(perCamera);
  // The cameras are one more dimension of the result.
  TensorView index = quotient;
  SmallVector<int64_t> shape(resultShape);
  index.dims.emplace_back();
  if (cameras != 1)
    index.dims.back().push_back({cameras, int(shape.size()), 1});
  index.offsets.push_back(0);
  shape.push_back(cameras);
  std::optional<TensorView> result = reindex(perElement, index, shape);
  if (!result || !isSame(result->dims[2]) || !isSame(result->dims[3]))
    return std::nullopt;
  result->dims = {result->dims[0], result->dims[4], result->dims[1]};
  return result;
}

std::optional<TensorView>
mlir::bev::onnx_to_bev::spreadOverAnchors(TensorView visible, int64_t anchors) {
  int64_t size = visible.getSize(3);
  if (size == anchors)
    return visible;
  if (size != 1)
    return std::nullopt;
  visible.dims[3].assign({{anchors, Factor::kBroadcast, 0}});
  return visible;
}

SpatialCrossAttentionOp mlir::bev::onnx_to_bev::createSpatialCrossAttention(
    ImplicitLocOpBuilder &b, DeformableAttentionOp attention, Value value,
    Value uv, Value visible, Value offsets, Value logits) {
  auto valueType = cast<RankedTensorType>(value.getType());
  auto offsetsType = cast<RankedTensorType>(offsets.getType());
  RankedTensorType type =
      typeLike(value, {offsetsType.getDimSize(0), offsetsType.getDimSize(1),
                       valueType.getDimSize(3), valueType.getDimSize(4)});
  Value init = createEmpty(
      b, type, {{offsets, 0}, {offsets, 1}, {value, 3}, {value, 4}});
  return SpatialCrossAttentionOp::create(
      b, TypeRange(type), value, uv, visible, offsets, logits, init,
      ValueRange(), attention.getStaticLevelsAttr(), attention.getAnchorOrder(),
      ScheduleAttr());
}

//===----------------------------------------------------------------------===//
// The mask form
//===----------------------------------------------------------------------===//

namespace {
class MaskForm {
public:
  MaskForm(const CameraSum &candidate, RaiseReport &report)
      : sum(candidate.sum), division(candidate.division), report(report),
        b(sum.getLoc(), sum) {
    if (division)
      b.setInsertionPoint(division);
  }

  void raise();

private:
  bool findAttention();
  bool findRows();
  bool findMask();
  bool findQuotient();

  bool refuse(const Twine &reason) {
    report.refused(sum, kOp, reason);
    return false;
  }

  NodeOp sum, division;
  RaiseReport &report;
  ImplicitLocOpBuilder b;

  DeformableAttentionOp attention;
  /// The summands, and the mask that they are multiplied by, in the shape of
  /// what is summed.
  std::optional<TensorView> attended, mask;
  int64_t axis = 0;
  CameraRows rows;
  SmallVector<int64_t> resultShape;
  /// Whether a camera sees a query [B,N,Q], and the same by anchor [B,N,Q,Z].
  std::optional<TensorView> hit, visible;
  /// The division's result as a view of the attention's.
  std::optional<TensorView> quotient;
};
} // namespace

/// The input of the sum is a product of the attention with something.
bool MaskForm::findAttention() {
  Value input = sum.getInputs().front();
  if (!isa<RankedTensorType>(input.getType()) ||
      !isa<RankedTensorType>(sum.getOutputs()[0].getType()))
    return false;
  auto product = trace(input).base.getDefiningOp<NodeOp>();
  if (!product || (!product.is("Mul") && !product.is("Where")))
    return false;
  auto follow = [&](Value operand) {
    return trace(input, [&](NodeOp node) -> Value {
      return node == product ? operand : Value();
    });
  };
  // x * mask, or mask ? x : 0.
  bool isSelection = product.is("Where");
  for (unsigned index : {0u, 1u}) {
    unsigned side = isSelection ? 1 : index,
             other = isSelection ? 0 : 1 - index;
    TensorView view = follow(product.getOperand(side));
    attention = getPillarAttention(view);
    if (!attention || (isSelection && !isSplat(product.getOperand(2), 0.0)))
      continue;
    attended = view;
    mask = follow(product.getOperand(other));
    if (!isSelection)
      mask = matchIndicator(*mask);
    else if (!cast<ShapedType>(mask->base.getType())
                  .getElementType()
                  .isInteger(1))
      mask = std::nullopt;
    return true;
  }
  return false;
}

/// The sum runs over a part of the attention's batch.
bool MaskForm::findRows() {
  auto axes = getReductionAxes(sum);
  if (!axes || axes->size() != 1)
    return refuse("the sum is not over one dimension");
  axis = axes->front();
  if (axis >= int64_t(attended->dims.size()))
    return refuse("the sum is not over one dimension");
  ArrayRef<Factor> summed = attended->dims[axis];
  auto type = cast<RankedTensorType>(attention->getResult(0).getType());
  if (summed.size() > 1 || (!summed.empty() && summed.front().dim != 0) ||
      llvm::any_of(attended->offsets, [](int64_t offset) { return offset; }))
    return refuse("the sum is not over rows of the attention's batch");
  int64_t total = type.getDimSize(0);
  rows.cameras = summed.empty() ? 1 : summed.front().extent;
  int64_t stride = summed.empty() ? 1 : summed.front().stride;
  if (rows.cameras == kDynamic)
    return refuse("the number of cameras is not known at compile time");
  if (total != kDynamic && total % rows.cameras != 0)
    return refuse("the sum is not over rows of the attention's batch");
  rows.batch = total == kDynamic ? kDynamic : total / rows.cameras;
  rows.isCameraMajor = stride != 1;
  if (rows.isCameraMajor && stride != rows.batch)
    return refuse("the sum is not over rows of the attention's batch");
  resultShape = {rows.batch, type.getDimSize(1), type.getDimSize(2),
                 type.getDimSize(3)};
  return true;
}

/// The mask has one boolean for each camera and query.
bool MaskForm::findMask() {
  static constexpr StringLiteral reason =
      "what the attention is multiplied by is not a mask of the cameras that "
      "see a query";
  auto type = cast<RankedTensorType>(attention->getResult(0).getType());
  if (!mask)
    return refuse(reason);
  std::optional<TensorView> perRow = reindex(*mask, *attended, type.getShape());
  if (!perRow || !isSame(perRow->dims[2]) || !isSame(perRow->dims[3]))
    return refuse(reason);
  perRow->dims.pop_back_n(2);
  if (!rows.split(*perRow))
    return refuse(reason);
  hit = perRow;
  visible = matchAny(*hit);
  return true;
}

/// The sum is divided by the number of cameras that hit.
bool MaskForm::findQuotient() {
  // The sum as a view of the attention's result without cameras.
  TensorView result = *attended;
  auto sumType = cast<RankedTensorType>(sum.getOutputs()[0].getType());
  result.dims[axis].clear();
  for (Factors &factors : result.dims)
    for (Factor &factor : factors)
      if (factor.dim == 0 && !rows.isCameraMajor) {
        if (factor.stride % rows.cameras != 0)
          return refuse("the sum is not over rows of the attention's batch");
        factor.stride /= rows.cameras;
      }
  if (!result.reshape(sumType.getShape()))
    return refuse("its result has more than one dynamic size");
  if (!division)
    return refuse("the sum is not divided by the number of cameras that see a "
                  "query");
  auto type = cast<RankedTensorType>(division.getOutputs()[0].getType());
  TensorView dividend = trace(division.getOperand(0));
  if (dividend.broadcast(type.getShape()))
    quotient = dividend.composeWith(result);
  std::optional<ClampedCount> count = matchClampedCount(division.getOperand(1));
  std::optional<TensorView> counted;
  if (quotient && count)
    counted =
        countedByCamera(count->counted, *quotient, resultShape, rows.cameras);
  if (counted)
    counted = matchAny(*counted);
  if (!counted || !(*counted == *visible))
    return refuse("the sum is not divided by the number of cameras that see a "
                  "query");
  if (!count->isClamped)
    return refuse("the number of cameras that see a query is not clamped to at "
                  "least 1");
  return true;
}

void MaskForm::raise() {
  if (!findAttention() || !findRows() || !findMask() || !findQuotient())
    return;
  auto referenceType =
      cast<RankedTensorType>(attention.getReference().getType());
  std::optional<TensorView> perAnchor =
      spreadOverAnchors(*visible, referenceType.getDimSize(2));
  if (!perAnchor) {
    hit->dims.emplace_back();
    perAnchor = spreadOverAnchors(*hit, referenceType.getDimSize(2));
  }
  Layout layout = keepLayout(
      cast<RankedTensorType>(attention.getOffsets().getType()).getShape());
  layout[0] = rows.getLayout();
  Resizing resizing(b);
  Value offsets = resizing.resize(attention.getOffsets(), layout);
  if (!offsets)
    return (void)refuse("its offsets depend on the camera");
  layout = keepLayout(
      cast<RankedTensorType>(attention.getLogits().getType()).getShape());
  layout[0] = rows.getLayout();
  Value logits = resizing.resize(attention.getLogits(), layout);
  if (!logits)
    return (void)refuse("its attention weights depend on the camera");

  TensorView value = trace(attention.getValue()),
             uv = trace(attention.getReference());
  Value operands[3];
  if (rows.split(value) && rows.split(uv))
    for (auto [operand, view] : llvm::zip_equal(
             operands, ArrayRef<const TensorView *>{&value, &uv, &*perAnchor}))
      operand = view->materialize(b);
  if (llvm::is_contained(operands, Value()))
    return (void)refuse("its operands have more than one dynamic size");
  auto op = createSpatialCrossAttention(b, attention, operands[0], operands[1],
                                        operands[2], offsets, logits);
  quotient->base = op->getResult(0);
  Value replacement = quotient->materialize(b);
  if (!replacement) {
    op.erase();
    return (void)refuse("its result has more than one dynamic size");
  }
  report.absorbed(attention.getLoc(), "bev.deformable_attention");
  report.raised(sum, kOp);
  division.getOutputs()[0].replaceAllUsesWith(replacement);
}

void mlir::bev::onnx_to_bev::raiseMaskForm(const CameraSum &candidate,
                                           RaiseReport &report) {
  MaskForm(candidate, report).raise();
}

//===----------------------------------------------------------------------===//
// Candidates
//===----------------------------------------------------------------------===//

void mlir::bev::onnx_to_bev::raiseSpatialCrossAttention(func::FuncOp function,
                                                        RaiseReport &report) {
  llvm::SmallMapVector<Operation *, CameraSum, 8> candidates;
  function.walk([&](NodeOp node) {
    if (node.is("ReduceSum") || node.is("ScatterND"))
      candidates[node] = {node, NodeOp()};
    if (!node.is("Div") ||
        !isa<RankedTensorType>(node.getOperand(0).getType()) ||
        !isa<RankedTensorType>(node.getOutputs()[0].getType()))
      return;
    auto found =
        candidates.find(trace(node.getOperand(0)).base.getDefiningOp());
    if (found != candidates.end())
      found->second.division = node;
  });
  for (auto &[op, candidate] : candidates) {
    if (candidate.sum.is("ReduceSum"))
      raiseMaskForm(candidate, report);
    else
      raiseRebatchedForm(candidate, report);
  }
}
