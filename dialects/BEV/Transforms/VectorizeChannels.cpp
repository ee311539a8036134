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

static void vectorize(RewriterBase &rewriter, DestinationStyleOpInterface op) {
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  Value init = op.getDpsInitOperand(0)->get();
  auto type = cast<ShapedType>(init.getType());
  std::optional<ScheduleAttr> schedule = getSchedule(op);

  FormulaMode mode;
  mode.lanes = type.getShape().back();
  if (schedule) {
    mode.guard = schedule->getGuard();
    mode.packed = schedule->getPacked();
  }
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
    for (DestinationStyleOpInterface op : ops)
      vectorize(rewriter, op);
  }
};

} // namespace
