// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// AggregatedOpInterface of every op: one linalg.generic per init, whose body is
// the op's formula for one element.

#include "FormulaBuilder.h"
#include "bev/Dialect/BEV/IR/Pooling.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::bev;

bool mlir::bev::isAttention(Operation *op) {
  return isa<MSDeformAttnOp, DeformableAttentionOp, SpatialCrossAttentionOp,
             TemporalSelfAttentionOp>(op);
}

bool mlir::bev::hasChannels(Operation *op) {
  return isAttention(op) || isa<WarpBEVOp, IntervalPoolOp, SegmentPoolOp>(op);
}

std::optional<ScheduleAttr> mlir::bev::getSchedule(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<ScheduleAttr>>(op)
      .Case<MSDeformAttnOp, DeformableAttentionOp, SpatialCrossAttentionOp,
            TemporalSelfAttentionOp, WarpBEVOp, IntervalPoolOp, SegmentPoolOp,
            MSDeformAttnBackwardOp, DeformableAttentionBackwardOp>(
          [](auto channelOp) { return channelOp.getSchedule(); })
      .Default(std::nullopt);
}

void mlir::bev::setSchedule(Operation *op, ScheduleAttr schedule) {
  llvm::TypeSwitch<Operation *>(op)
      .Case<MSDeformAttnOp, DeformableAttentionOp, SpatialCrossAttentionOp,
            TemporalSelfAttentionOp, WarpBEVOp, IntervalPoolOp, SegmentPoolOp,
            MSDeformAttnBackwardOp, DeformableAttentionBackwardOp>(
          [&](auto channelOp) { channelOp.setScheduleAttr(schedule); });
}

Value mlir::bev::emitFormula(OpBuilder &builder, Operation *op, unsigned result,
                             ValueRange index, FormulaMode mode) {
  detail::FormulaBuilder f(builder, op->getLoc(), mode);
  auto emit = [&](detail::FormulaBuilder &f, ValueRange index) {
    if (isa<FrustumToVoxelOp, IntervalPoolOp, SegmentPoolOp>(op))
      return detail::emitPooling(f, op, index);
    if (isAttention(op))
      return detail::emitAttention(f, op, index);
    return detail::emitGeometry(f, op, result, index);
  };
  Value element = emit(f, index);
  if (mode.guard == Guard::speculate && hasChannels(op))
    element = f.unlessFinite(element, [&](Value again) {
      FormulaMode guarded = mode;
      guarded.guard = Guard::skip;
      detail::FormulaBuilder second(builder, op->getLoc(), guarded);
      SmallVector<Value> there(index);
      for (Value &part : there)
        part = second.addI(part, again);
      return emit(second, there);
    });
  Value init =
      cast<DestinationStyleOpInterface>(op).getDpsInitOperand(result)->get();
  Type type = cast<ShapedType>(init.getType()).getElementType();
  return isa<FloatType>(type) ? f.fromF32(element, type) : element;
}

static FailureOr<SmallVector<Value>> decompose(DestinationStyleOpInterface op,
                                               OpBuilder &b) {
  SmallVector<Value> results;
  for (auto [number, init] : llvm::enumerate(op.getDpsInitsMutable())) {
    auto type = cast<ShapedType>(init.get().getType());
    SmallVector<Type> resultTypes;
    if (isa<RankedTensorType>(type))
      resultTypes.push_back(type);
    SmallVector<utils::IteratorType> loops(type.getRank(),
                                           utils::IteratorType::parallel);
    auto generic = linalg::GenericOp::create(
        b, op.getLoc(), resultTypes, /*inputs=*/ValueRange{},
        /*outputs=*/init.get(),
        ArrayRef<AffineMap>{b.getMultiDimIdentityMap(type.getRank())}, loops,
        [&, number = number](OpBuilder &body, Location loc, ValueRange) {
          SmallVector<Value> index;
          for (int64_t dim = 0; dim < type.getRank(); ++dim)
            index.push_back(linalg::IndexOp::create(body, loc, dim));
          Value element = emitFormula(body, op, number, index, FormulaMode());
          linalg::YieldOp::create(body, loc, element);
        });
    llvm::append_range(results, generic.getResults());
  }
  return results;
}

#define BEV_AGGREGATED_INTERFACE(OpTy)                                         \
  FailureOr<SmallVector<Value>> OpTy::decomposeOperation(OpBuilder &b) {       \
    return decompose(*this, b);                                                \
  }

BEV_AGGREGATED_INTERFACE(MSDeformAttnOp)
BEV_AGGREGATED_INTERFACE(DeformableAttentionOp)
BEV_AGGREGATED_INTERFACE(SpatialCrossAttentionOp)
BEV_AGGREGATED_INTERFACE(TemporalSelfAttentionOp)
BEV_AGGREGATED_INTERFACE(ProjectPointsOp)
BEV_AGGREGATED_INTERFACE(EgoShiftOp)
BEV_AGGREGATED_INTERFACE(ReferenceGridOp)
BEV_AGGREGATED_INTERFACE(WarpBEVOp)
BEV_AGGREGATED_INTERFACE(GridSampleOp)
BEV_AGGREGATED_INTERFACE(InverseSigmoidOp)
BEV_AGGREGATED_INTERFACE(FrustumToVoxelOp)
BEV_AGGREGATED_INTERFACE(IntervalPoolOp)
BEV_AGGREGATED_INTERFACE(SegmentPoolOp)

#undef BEV_AGGREGATED_INTERFACE

/// Its tables, and the op that sums by them, which is decomposed in turn.
FailureOr<SmallVector<Value>> VoxelPoolOp::decomposeOperation(OpBuilder &b) {
  return expandVoxelPool(b, *this);
}
