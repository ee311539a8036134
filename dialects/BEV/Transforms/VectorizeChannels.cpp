// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVVECTORIZECHANNELSPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// Size 1 in all dimensions but a static last that one vector can hold.
static bool isRow(ShapedType type) {
  int64_t channels = type.getShape().back();
  return llvm::all_of(type.getShape().drop_back(),
                      [](int64_t size) { return size == 1; }) &&
         !ShapedType::isDynamic(channels) &&
         channels <= ScheduleAttr::kMaxLanes;
}

/// The runs of a row's channels that are used, where those are the pieces of
/// its schedule and not all of it.
static SmallVector<tensor::ExtractSliceOp>
getPieces(DestinationStyleOpInterface op) {
  std::optional<ScheduleAttr> schedule = getSchedule(op);
  if (!schedule || schedule->getPieces() == 1 || op->getNumResults() == 0)
    return {};
  int64_t lanes = schedule->getLanes() / schedule->getPieces();
  SmallVector<tensor::ExtractSliceOp> pieces;
  for (Operation *user : op->getResult(0).getUsers()) {
    auto piece = dyn_cast<tensor::ExtractSliceOp>(user);
    if (!piece || piece->getBlock() != op->getBlock() ||
        piece.getType().getRank() != piece.getSourceType().getRank() ||
        piece.getType().getShape().back() != lanes || !piece.hasUnitStride())
      return {};
    pieces.push_back(piece);
  }
  if (static_cast<int64_t>(pieces.size()) != schedule->getPieces())
    return {};
  llvm::sort(pieces, [](Operation *lhs, Operation *rhs) {
    return lhs->isBeforeInBlock(rhs);
  });
  // All are computed where the first stands.
  for (tensor::ExtractSliceOp piece : pieces)
    for (Value offset : piece.getOffsets()) {
      Operation *source = offset.getDefiningOp();
      if (source && source->getBlock() == op->getBlock() &&
          !source->isBeforeInBlock(pieces.front()))
        return {};
    }
  return pieces;
}

/// `piece` of `init`, as one slice where `init` is a row of another tensor.
static Value slicePiece(RewriterBase &rewriter, Value init,
                        tensor::ExtractSliceOp piece) {
  SmallVector<OpFoldResult> offsets = piece.getMixedOffsets();
  auto row = init.getDefiningOp<tensor::ExtractSliceOp>();
  if (row && row.hasUnitStride() &&
      row.getType().getRank() == row.getSourceType().getRank() &&
      isConstantIntValue(row.getMixedOffsets().back(), 0)) {
    OpFoldResult channel = offsets.back();
    offsets = row.getMixedOffsets();
    offsets.back() = channel;
    init = row.getSource();
  }
  return tensor::ExtractSliceOp::create(
      rewriter, piece.getLoc(), piece.getType(), init, offsets,
      piece.getMixedSizes(), piece.getMixedStrides());
}

/// Computes the pieces of a row, and nothing else of it.
static void vectorize(RewriterBase &rewriter, DestinationStyleOpInterface op,
                      ArrayRef<tensor::ExtractSliceOp> pieces) {
  rewriter.setInsertionPoint(pieces.front());
  Location loc = op.getLoc();
  ScheduleAttr schedule = *getSchedule(op);
  Value init = op.getDpsInitOperand(0)->get();

  FormulaMode mode;
  mode.lanes = schedule.getLanes();
  mode.guard = schedule.getGuard();
  for (tensor::ExtractSliceOp piece : pieces)
    mode.pieces.push_back(getValueOrCreateConstantIndexOp(
        rewriter, loc, piece.getMixedOffsets().back()));
  SmallVector<Value> origin(cast<ShapedType>(init.getType()).getRank(),
                            arith::ConstantIndexOp::create(rewriter, loc, 0));
  Value values = emitFormula(rewriter, op, /*result=*/0, origin, mode);

  int64_t lanes = schedule.getLanes() / schedule.getPieces();
  for (auto [i, piece] : llvm::enumerate(pieces)) {
    Value part = vector::ExtractStridedSliceOp::create(
        rewriter, loc, values, /*offsets=*/ArrayRef<int64_t>(i * lanes),
        /*sizes=*/ArrayRef<int64_t>(lanes), /*strides=*/ArrayRef<int64_t>(1));
    auto write = vector::TransferWriteOp::create(
        rewriter, loc, part, slicePiece(rewriter, init, piece), origin,
        ArrayRef<bool>{true});
    rewriter.replaceOp(piece, write->getResults());
  }
  rewriter.eraseOp(op);
}

static void vectorize(RewriterBase &rewriter, DestinationStyleOpInterface op) {
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  Value init = op.getDpsInitOperand(0)->get();
  auto type = cast<ShapedType>(init.getType());
  std::optional<ScheduleAttr> schedule = getSchedule(op);

  FormulaMode mode;
  mode.lanes = type.getShape().back();
  if (schedule)
    mode.guard = schedule->getGuard();
  SmallVector<Value> origin(type.getRank(),
                            arith::ConstantIndexOp::create(rewriter, loc, 0));
  Value row = emitFormula(rewriter, op, /*result=*/0, origin, mode);
  auto write = vector::TransferWriteOp::create(rewriter, loc, row, init, origin,
                                               ArrayRef<bool>{true});
  rewriter.replaceOp(op, write->getResults());
}

namespace {

struct VectorizeChannelsPass
    : bev::impl::BEVVectorizeChannelsPassBase<VectorizeChannelsPass> {
  void runOnOperation() override {
    SmallVector<DestinationStyleOpInterface> ops;
    getOperation()->walk([&](DestinationStyleOpInterface op) {
      if (hasChannels(op) &&
          isRow(cast<ShapedType>(op.getDpsInitOperand(0)->get().getType())))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (DestinationStyleOpInterface op : ops) {
      SmallVector<tensor::ExtractSliceOp> pieces = getPieces(op);
      if (pieces.empty())
        vectorize(rewriter, op);
      else
        vectorize(rewriter, op, pieces);
    }
  }
};

} // namespace
