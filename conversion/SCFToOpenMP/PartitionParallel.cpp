// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One level of parallel loops with enough work per iteration.

#include "bev/Conversion/Passes.h"
#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

#include <cmath>

namespace mlir::bev {
#define GEN_PASS_DEF_PARTITIONPARALLELPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Guess for a trip count that is not known.
constexpr int64_t unknownTrips = 64;
/// Parallel iterations beyond which more do not help to balance the load.
constexpr int64_t enoughIterations = 256;

struct Loop {
  Operation *op;
  SmallVector<OpFoldResult> lower, upper, step;
  SmallVector<Value> ivs;
  Block *body;
};

std::optional<Loop> getLoop(Operation *op) {
  Loop loop{op, {}, {}, {}, {}, nullptr};
  if (op->getNumResults() != 0)
    return std::nullopt;
  if (auto forall = dyn_cast<scf::ForallOp>(op)) {
    loop.lower = forall.getMixedLowerBound();
    loop.upper = forall.getMixedUpperBound();
    loop.step = forall.getMixedStep();
    llvm::append_range(loop.ivs, forall.getInductionVars());
    loop.body = forall.getBody();
    return loop;
  }
  if (auto parallel = dyn_cast<scf::ParallelOp>(op)) {
    loop.lower = getAsOpFoldResult(parallel.getLowerBound());
    loop.upper = getAsOpFoldResult(parallel.getUpperBound());
    loop.step = getAsOpFoldResult(parallel.getStep());
    llvm::append_range(loop.ivs, parallel.getInductionVars());
    loop.body = parallel.getBody();
    return loop;
  }
  return std::nullopt;
}

std::optional<int64_t> getTrips(OpFoldResult lower, OpFoldResult upper,
                                OpFoldResult step) {
  std::optional<int64_t> l = getConstantIntValue(lower),
                         u = getConstantIntValue(upper),
                         s = getConstantIntValue(step);
  if (!l || !u || !s || *s <= 0)
    return std::nullopt;
  return std::max<int64_t>(0, llvm::divideCeilSigned(*u - *l, *s));
}

/// An estimate of the operations that `block` executes, saturated.
double getWork(Block *block) {
  double work = 0;
  for (Operation &op : *block) {
    if (op.hasTrait<OpTrait::IsTerminator>() ||
        op.hasTrait<OpTrait::ConstantLike>())
      continue;
    double inner = 0;
    for (Region &region : op.getRegions())
      for (Block &b : region)
        inner += getWork(&b);
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      inner *=
          getTrips(loop.getLowerBound(), loop.getUpperBound(), loop.getStep())
              .value_or(unknownTrips);
    } else if (std::optional<Loop> loop = getLoop(&op)) {
      for (auto [l, u, s] :
           llvm::zip_equal(loop->lower, loop->upper, loop->step))
        inner *= getTrips(l, u, s).value_or(unknownTrips);
    }
    work += 1 + inner;
  }
  return work;
}

/// Emits `scf.for` loops for the dimensions from `first` on and moves the body
/// into them.
void emitSerial(OpBuilder &b, Loop &loop, unsigned first) {
  Location loc = loop.op->getLoc();
  for (unsigned i = first, e = loop.ivs.size(); i != e; ++i) {
    auto serial = scf::ForOp::create(
        b, loc, getValueOrCreateConstantIndexOp(b, loc, loop.lower[i]),
        getValueOrCreateConstantIndexOp(b, loc, loop.upper[i]),
        getValueOrCreateConstantIndexOp(b, loc, loop.step[i]));
    loop.ivs[i].replaceAllUsesWith(serial.getInductionVar());
    b.setInsertionPoint(serial.getBody()->getTerminator());
  }
  loop.body->getTerminator()->erase();
  b.getInsertionBlock()->getOperations().splice(b.getInsertionPoint(),
                                                loop.body->getOperations());
  loop.op->erase();
}

void serialize(Loop loop) {
  OpBuilder b(loop.op);
  emitSerial(b, loop, 0);
}

OpFoldResult getTripCount(OpBuilder &b, Location loc, OpFoldResult lower,
                          OpFoldResult upper, OpFoldResult step) {
  if (std::optional<int64_t> trips = getTrips(lower, upper, step))
    return b.getIndexAttr(*trips);
  Value l = getValueOrCreateConstantIndexOp(b, loc, lower);
  Value u = getValueOrCreateConstantIndexOp(b, loc, upper);
  Value s = getValueOrCreateConstantIndexOp(b, loc, step);
  Value trips = arith::CeilDivSIOp::create(
      b, loc, arith::SubIOp::create(b, loc, u, l), s);
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  return arith::MaxSIOp::create(b, loc, trips, zero).getResult();
}

void partition(Loop loop, int64_t minWork, int64_t blockWork) {
  double bodyWork = getWork(loop.body);
  SmallVector<std::optional<int64_t>> trips;
  double total = bodyWork;
  bool dynamic = false;
  for (auto [l, u, s] : llvm::zip_equal(loop.lower, loop.upper, loop.step)) {
    trips.push_back(getTrips(l, u, s));
    dynamic |= !trips.back();
    total *= trips.back().value_or(unknownTrips);
  }
  if (!dynamic && total < static_cast<double>(minWork))
    return serialize(loop);

  // The leading dimensions run in parallel until there are enough iterations of
  // enough work; the others stay loops that vectorize.
  unsigned outer = 0, rank = loop.ivs.size();
  double iterations = 1, perIteration = total;
  while (outer < rank && iterations < enoughIterations) {
    double count = trips[outer].value_or(unknownTrips);
    double next = perIteration / std::max(count, 1.0);
    if (outer > 0 && iterations > 1 && next < static_cast<double>(blockWork))
      break;
    iterations *= count;
    perIteration = next;
    ++outer;
  }
  // Where these are too few for many threads, such as a batch of 2, the next
  // dimension is cut into blocks.
  int64_t cut = 0;
  if (outer < rank && iterations < enoughIterations &&
      perIteration >= 2 * static_cast<double>(blockWork)) {
    double trip = perIteration /
                  std::max<int64_t>(trips[outer].value_or(unknownTrips), 1);
    cut =
        static_cast<int64_t>(std::ceil(static_cast<double>(blockWork) / trip));
    perIteration = trip * static_cast<double>(cut);
  }

  OpBuilder b(loop.op);
  Location loc = loop.op->getLoc();
  SmallVector<OpFoldResult> sizes;
  for (unsigned i = 0; i < outer; ++i)
    sizes.push_back(
        getTripCount(b, loc, loop.lower[i], loop.upper[i], loop.step[i]));
  Value cutStep;
  if (cut) {
    cutStep = getValueOrCreateConstantIndexOp(b, loc, loop.step[outer]);
    if (cut > 1)
      cutStep = b.createOrFold<arith::MulIOp>(
          loc, cutStep, arith::ConstantIndexOp::create(b, loc, cut));
    sizes.push_back(getTripCount(b, loc, loop.lower[outer], loop.upper[outer],
                                 getAsOpFoldResult(cutStep)));
  }
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value count =
      getValueOrCreateConstantIndexOp(b, loc, multiplySizes(b, loc, sizes));

  // Iterations that are too small are handed out in blocks.
  int64_t block = 1;
  if (perIteration < static_cast<double>(blockWork))
    block = static_cast<int64_t>(static_cast<double>(blockWork) /
                                 std::max(perIteration, 1.0));
  Value blockValue =
      arith::ConstantIndexOp::create(b, loc, std::max<int64_t>(block, 1));
  auto parallel =
      scf::ParallelOp::create(b, loc, ValueRange{zero}, ValueRange{count},
                              ValueRange{block > 1 ? blockValue : one});
  b.setInsertionPoint(parallel.getBody()->getTerminator());
  Value number = parallel.getInductionVars().front();
  if (block > 1) {
    Value end = arith::MinSIOp::create(
        b, loc, arith::AddIOp::create(b, loc, number, blockValue), count);
    auto serial = scf::ForOp::create(b, loc, number, end, one);
    number = serial.getInductionVar();
    b.setInsertionPoint(serial.getBody()->getTerminator());
  }
  SmallVector<Value> indices = delinearize(b, loc, number, sizes);
  for (unsigned i = 0; i < outer; ++i) {
    Value value = indices[i];
    if (!isConstantIntValue(loop.step[i], 1))
      value = arith::MulIOp::create(
          b, loc, value, getValueOrCreateConstantIndexOp(b, loc, loop.step[i]));
    if (!isConstantIntValue(loop.lower[i], 0))
      value = arith::AddIOp::create(
          b, loc, value,
          getValueOrCreateConstantIndexOp(b, loc, loop.lower[i]));
    loop.ivs[i].replaceAllUsesWith(value);
  }
  if (cut) {
    Value lower = arith::AddIOp::create(
        b, loc, arith::MulIOp::create(b, loc, indices[outer], cutStep),
        getValueOrCreateConstantIndexOp(b, loc, loop.lower[outer]));
    Value upper = arith::MinSIOp::create(
        b, loc, arith::AddIOp::create(b, loc, lower, cutStep),
        getValueOrCreateConstantIndexOp(b, loc, loop.upper[outer]));
    loop.lower[outer] = lower;
    loop.upper[outer] = upper;
  }
  emitSerial(b, loop, outer);
}

/// Moves stack slots out of serial loops, where each iteration would take new
/// stack.
void hoistStackSlots(Operation *root) {
  SmallVector<memref::AllocaOp> slots;
  root->walk([&](memref::AllocaOp slot) {
    if (slot.getType().hasStaticShape())
      slots.push_back(slot);
  });
  for (memref::AllocaOp slot : slots) {
    Operation *outermost = nullptr;
    for (Operation *parent = slot->getParentOp();
         isa<scf::ForOp, scf::IfOp, scf::WhileOp>(parent);
         parent = parent->getParentOp())
      outermost = parent;
    if (outermost)
      slot->moveBefore(outermost);
  }
}

struct PartitionParallel
    : public bev::impl::PartitionParallelPassBase<PartitionParallel> {
  using PartitionParallelPassBase::PartitionParallelPassBase;
  void runOnOperation() override {
    SmallVector<Operation *> outermost, nested;
    getOperation()->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (!getLoop(op) || !isa<scf::ParallelOp, scf::ForallOp>(op))
        return;
      bool inside = op->getParentOfType<scf::ParallelOp>() ||
                    op->getParentOfType<scf::ForallOp>();
      (inside ? nested : outermost).push_back(op);
    });
    for (Operation *op : nested)
      serialize(*getLoop(op));
    for (Operation *op : outermost)
      partition(*getLoop(op), minWork, blockWork);
    hoistStackSlots(getOperation());
  }
};

} // namespace
