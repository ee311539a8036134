// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks of threads that share the points of several rows of a pool.

#include "bev/Conversion/Passes.h"
#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "bev/Dialect/BEV/IR/Pooling.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTINTERVALPOOLTOGPUPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Points whose rows are read before the first is used.
constexpr int64_t kInFlight = 4;

/// Emits the kernel of one op.
///
/// The threads of a block are groups, each of as many threads as a row has work
/// items.  The rows of a block, one per group at most and in patches that are
/// far from each other in the result, are cut into pieces of a few points.  In
/// each round every group sums one piece: its threads read a point each, then
/// all of them add up the rows of all.  Then the groups that own rows add up
/// what is theirs, in order. What a row's sum is thus depends on nothing but
/// its points.
///
/// Numbers are i32, which more pieces than a block could ever sum do not fit:
/// they would be left out, but nothing else be read.
class PoolKernel {
public:
  PoolKernel(IntervalPoolOp op)
      : b(op.getLoc(), op), op(op), schedule(*op.getSchedule()),
        type(cast<MemRefType>(op.getInit().getType())) {
    items = type.getShape().back() / schedule.getLanes();
    groups = schedule.getThreads() / items;
    slots = llvm::alignTo(schedule.getPoints(), kInFlight);
  }

  void emit();

private:
  // Arithmetic on i32.
  Value number(int64_t value) {
    return arith::ConstantOp::create(b, b.getI32IntegerAttr(value));
  }
  Value toNumber(Value x) {
    return arith::IndexCastOp::create(b, b.getI32Type(), x);
  }
  Value toIndex(Value x) {
    return arith::IndexCastOp::create(b, b.getIndexType(), x);
  }
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubIOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulIOp::create(b, x, y); }
  Value min(Value x, Value y) { return arith::MinSIOp::create(b, x, y); }
  Value max(Value x, Value y) { return arith::MaxSIOp::create(b, x, y); }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
  Value less(Value x, Value y) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x, y);
  }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, condition, x, y);
  }
  Value load(Value table, ValueRange at) {
    return memref::LoadOp::create(b, table, at);
  }

  Value shared(gpu::LaunchOp launch, ArrayRef<int64_t> shape, Type element);
  Value numPoints() {
    return toNumber(
        getValueOrCreateConstantIndexOp(b, b.getLoc(), getNumPoints(b, op)));
  }
  /// The indices of number `number` (an index) of as many as `sizes` say.
  SmallVector<Value> positionOf(Value number, ArrayRef<OpFoldResult> sizes);
  /// Finds the row of the group: its `position`, and whether there is one.
  Value findRow(gpu::LaunchOp launch);
  /// The bounds of the row, cut to the points there are; i32.
  std::pair<Value, Value> readBounds();
  /// Begin and end of piece `piece` of the block.
  std::pair<Value, Value> findPiece(Value piece);
  /// Shares the points of the group's piece.
  void readPoints(Value begin, Value end);
  /// The sum of the group's piece.
  Value sumPoints(Value begin, Value end);
  void emitRound(scf::ForOp rounds, Value total, Value before, Value count);
  void emitBody(gpu::LaunchOp launch);

  ImplicitLocOpBuilder b;
  IntervalPoolOp op;
  ScheduleAttr schedule;
  MemRefType type;
  /// Threads of a group, groups of a block, points that a group shares.
  int64_t items, groups, slots;

  /// Sizes of the result without channels, and of the grid of its patches.
  SmallVector<OpFoldResult> sizes, patches;
  Value numPatches, numBlocks;
  /// Of the group's row: its indices in the result, without channels.
  SmallVector<Value> position;
  /// Of the thread: its group, its number there (i32) and its first channel.
  Value group, item, channel;
  /// Shared by a block: of each of its rows, the number of pieces and the
  /// bounds; of each group, the points of a piece and their sum.
  Value pieces, begins, ends, rows, weights, sums;
};

} // namespace

Value PoolKernel::shared(gpu::LaunchOp launch, ArrayRef<int64_t> shape,
                         Type element) {
  auto space =
      gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  return launch.addWorkgroupAttribution(
      MemRefType::get(shape, element, MemRefLayoutAttrInterface(), space),
      b.getLoc());
}

SmallVector<Value> PoolKernel::positionOf(Value number,
                                          ArrayRef<OpFoldResult> sizes) {
  if (fitsIn31Bits(sizes) && sizes.size() > 1)
    number = toNumber(number);
  return delinearize(b, b.getLoc(), number, sizes);
}

Value PoolKernel::findRow(gpu::LaunchOp launch) {
  // Long rows are neighbours: the patches of a block are spread over the
  // result.
  const int64_t patch = schedule.getPatch();
  Value block = launch.getBlockIds().x;
  Value exists = less(group, number(schedule.getRows()));
  auto patchOf = [&](Value ofBlock) {
    Value number = arith::AddIOp::create(
        b, arith::MulIOp::create(b, toIndex(ofBlock), numBlocks), block);
    exists = both(exists, less(number, numPatches));
    return positionOf(number, patches);
  };
  if (patch == 1) {
    position = patchOf(group);
    return exists;
  }
  Value area = number(patch * patch), side = number(patch);
  position = patchOf(arith::DivUIOp::create(b, group, area));
  Value inPatch = arith::RemUIOp::create(b, group, area);
  Value offsets[] = {arith::DivUIOp::create(b, inPatch, side),
                     arith::RemUIOp::create(b, inPatch, side)};
  for (int64_t axis : {0, 1}) {
    size_t dim = position.size() - 2 + axis;
    Value first = arith::MulIOp::create(b, position[dim], index(patch));
    position[dim] = arith::AddIOp::create(b, first, toIndex(offsets[axis]));
    Value size = getValueOrCreateConstantIndexOp(b, b.getLoc(), sizes[dim]);
    exists = both(exists, less(position[dim], size));
  }
  return exists;
}

std::pair<Value, Value> PoolKernel::readBounds() {
  SmallVector<Value> at(position);
  at.push_back(index(0));
  Value begin = load(op.getBounds(), at);
  at.back() = index(1);
  Value end = load(op.getBounds(), at);
  begin = max(begin, number(0));
  // Not below begin: there is no negative number of points.
  return {begin, max(min(end, numPoints()), begin)};
}

std::pair<Value, Value> PoolKernel::findPiece(Value piece) {
  Value zero = number(0);
  auto search = scf::ForOp::create(b, index(0), index(schedule.getRows()),
                                   index(1), ValueRange{zero, zero, zero});
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(search.getBody());
    Value row = search.getInductionVar(), before = search.getRegionIterArg(0);
    Value count = load(pieces, row);
    // Unsigned: a number below 0 is too large.
    Value isHere = arith::CmpIOp::create(b, arith::CmpIPredicate::ult,
                                         sub(piece, before), count);
    scf::YieldOp::create(
        b, ValueRange{add(before, count),
                      select(isHere, toNumber(row), search.getRegionIterArg(1)),
                      select(isHere, before, search.getRegionIterArg(2))});
  }
  Value row = toIndex(search.getResult(1));
  Value length = number(schedule.getPoints());
  Value begin =
      add(load(begins, row), mul(sub(piece, search.getResult(2)), length));
  // Their distance, not their sum, fits.
  Value rest = sub(load(ends, row), begin);
  return {begin, add(begin, min(rest, length))};
}

void PoolKernel::readPoints(Value begin, Value end) {
  auto loop = scf::ForOp::create(b, toIndex(item), index(slots), index(items));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value slot = loop.getInductionVar();
  Value point = add(begin, toNumber(slot));
  auto branch = scf::IfOp::create(b, TypeRange{b.getI32Type(), b.getF32Type()},
                                  less(toNumber(slot), sub(end, begin)),
                                  /*withElseRegion=*/true);
  b.setInsertionPointToStart(branch.thenBlock());
  PooledPoint read = emitPoint(b, op, toIndex(point));
  scf::YieldOp::create(b, ValueRange{read.row, read.weight});
  b.setInsertionPointToStart(branch.elseBlock());
  Value none = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
  scf::YieldOp::create(b, ValueRange{number(-1), none});
  b.setInsertionPointAfter(branch);
  memref::StoreOp::create(b, branch.getResult(0), rows,
                          ValueRange{toIndex(group), slot});
  memref::StoreOp::create(b, branch.getResult(1), weights,
                          ValueRange{toIndex(group), slot});
}

Value PoolKernel::sumPoints(Value begin, Value end) {
  FormulaMode mode;
  mode.lanes = schedule.getLanes();
  mode.guard = schedule.getGuard();
  Value none = arith::ConstantOp::create(
      b, b.getZeroAttr(VectorType::get(mode.lanes, b.getF32Type())));
  Value count = sub(end, begin);
  auto loop =
      scf::ForOp::create(b, index(0), toIndex(count), index(kInFlight), none);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value slot = loop.getInductionVar();
  SmallVector<PooledPoint> points;
  if (rows) {
    auto read = [&](Value table, Type element) -> Value {
      return vector::LoadOp::create(b, VectorType::get(kInFlight, element),
                                    table, ValueRange{toIndex(group), slot});
    };
    Value row = read(rows, b.getI32Type());
    Value weight = read(weights, b.getF32Type());
    for (int64_t i = 0; i < kInFlight; ++i)
      points.push_back({vector::ExtractOp::create(b, row, i),
                        vector::ExtractOp::create(b, weight, i)});
  } else {
    for (int64_t i = 0; i < kInFlight; ++i) {
      Value at = add(toNumber(slot), number(i));
      points.push_back(
          {select(less(at, count), add(begin, at), number(-1)), {}});
    }
  }
  scf::YieldOp::create(
      b, emitRowSum(b, op, loop.getRegionIterArg(0), points, channel, mode));
  return loop.getResult(0);
}

/// `total`, `before` and `count` are the pieces of the block, and of them those
/// before the group's row and those of it.
void PoolKernel::emitRound(scf::ForOp rounds, Value total, Value before,
                           Value count) {
  b.setInsertionPointToStart(rounds.getBody());
  Value round = rounds.getInductionVar(), numGroups = number(groups);
  Value piece = add(round, group), zero = number(0);
  Value works = less(piece, total);
  // Threads that are left over when all have a group.
  if (groups * items != schedule.getThreads())
    works = both(works, less(group, numGroups));
  auto find = scf::IfOp::create(b, TypeRange{zero.getType(), zero.getType()},
                                works, /*withElseRegion=*/true);
  b.setInsertionPointToStart(find.elseBlock());
  scf::YieldOp::create(b, ValueRange{zero, zero});
  b.setInsertionPointToStart(find.thenBlock());
  auto [begin, end] = findPiece(piece);
  if (rows)
    readPoints(begin, end);
  scf::YieldOp::create(b, ValueRange{begin, end});
  b.setInsertionPointAfter(find);
  if (rows)
    gpu::BarrierOp::create(b);

  auto work = scf::IfOp::create(b, works, /*withElseRegion=*/false);
  b.setInsertionPoint(work.thenBlock()->getTerminator());
  vector::StoreOp::create(b, sumPoints(find.getResult(0), find.getResult(1)),
                          sums, ValueRange{toIndex(group), channel});
  b.setInsertionPointAfter(work);
  gpu::BarrierOp::create(b);

  Value from = max(sub(before, round), zero);
  Value to = min(sub(add(before, count), round), numGroups);
  auto collect = scf::ForOp::create(b, toIndex(from), toIndex(to), index(1),
                                    rounds.getRegionIterArg(0));
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(collect.getBody());
    Value part = vector::LoadOp::create(
        b, cast<VectorType>(collect.getResult(0).getType()), sums,
        ValueRange{collect.getInductionVar(), channel});
    Value sum = arith::AddFOp::create(b, collect.getRegionIterArg(0), part);
    scf::YieldOp::create(b, sum);
  }
  // With points to share, the next round's barrier comes before its sums.
  if (!rows)
    gpu::BarrierOp::create(b);
  scf::YieldOp::create(b, collect.getResult(0));
}

void PoolKernel::emitBody(gpu::LaunchOp launch) {
  const int64_t rowsOfBlock = schedule.getRows(), lanes = schedule.getLanes();
  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  pieces = shared(launch, rowsOfBlock, i32);
  begins = shared(launch, rowsOfBlock, i32);
  ends = shared(launch, rowsOfBlock, i32);
  sums = shared(launch, {groups, items * lanes}, f32);
  if (op.getRanksFeat()) {
    rows = shared(launch, {groups, slots}, i32);
    weights = shared(launch, {groups, slots}, f32);
  }

  b.setInsertionPointToStart(&launch.getBody().front());
  auto terminator = gpu::TerminatorOp::create(b);
  b.setInsertionPoint(terminator);
  Value thread = toNumber(launch.getThreadIds().x);
  Value zero = number(0);
  group = arith::DivUIOp::create(b, thread, number(items));
  item = arith::RemUIOp::create(b, thread, number(items));
  channel = toIndex(mul(item, number(lanes)));

  Value owns = findRow(launch);
  auto bounds = scf::IfOp::create(b, TypeRange{i32, i32}, owns,
                                  /*withElseRegion=*/true);
  b.setInsertionPointToStart(bounds.thenBlock());
  auto [first, last] = readBounds();
  scf::YieldOp::create(b, ValueRange{first, last});
  b.setInsertionPointToStart(bounds.elseBlock());
  scf::YieldOp::create(b, ValueRange{zero, zero});
  b.setInsertionPointAfter(bounds);
  Value begin = bounds.getResult(0), end = bounds.getResult(1);
  Value count = arith::CeilDivUIOp::create(b, sub(end, begin),
                                           number(schedule.getPoints()));
  Value isFirst =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, item, zero);
  Value hasRow = less(group, number(rowsOfBlock));
  auto tell = scf::IfOp::create(b, both(hasRow, isFirst),
                                /*withElseRegion=*/false);
  b.setInsertionPoint(tell.thenBlock()->getTerminator());
  for (auto [value, table] : {std::pair(count, pieces),
                              std::pair(begin, begins), std::pair(end, ends)})
    memref::StoreOp::create(b, value, table, toIndex(group));
  b.setInsertionPointAfter(tell);
  gpu::BarrierOp::create(b);

  // The pieces of the block, and those of the rows before this group's.
  auto counting = scf::ForOp::create(b, index(0), index(rowsOfBlock), index(1),
                                     ValueRange{zero, zero});
  b.setInsertionPointToStart(counting.getBody());
  Value other = load(pieces, counting.getInductionVar());
  Value isBefore = less(toNumber(counting.getInductionVar()), group);
  scf::YieldOp::create(b, ValueRange{add(counting.getRegionIterArg(0), other),
                                     add(counting.getRegionIterArg(1),
                                         select(isBefore, other, zero))});
  b.setInsertionPointAfter(counting);
  Value total = counting.getResult(0), before = counting.getResult(1);

  Value none =
      arith::ConstantOp::create(b, b.getZeroAttr(VectorType::get(lanes, f32)));
  auto rounds = scf::ForOp::create(b, zero, total, number(groups), none);
  emitRound(rounds, total, before, count);

  b.setInsertionPointAfter(rounds);
  auto write = scf::IfOp::create(b, owns, /*withElseRegion=*/false);
  b.setInsertionPoint(write.thenBlock()->getTerminator());
  Value result = rounds.getResult(0);
  if (!type.getElementType().isF32())
    result = arith::TruncFOp::create(
        b, VectorType::get(lanes, type.getElementType()), result);
  SmallVector<Value> at(position);
  at.push_back(channel);
  vector::TransferWriteOp::create(b, result, op.getInit(), at,
                                  ArrayRef<bool>{true});
}

void PoolKernel::emit() {
  Location loc = b.getLoc();
  sizes = memref::getMixedSizes(b, loc, op.getInit());
  sizes.pop_back();
  const int64_t patch = schedule.getPatch();
  const int64_t perBlock = schedule.getRows() / (patch * patch);
  patches = sizes;
  if (patch != 1)
    for (OpFoldResult &size : MutableArrayRef(patches).take_back(2))
      size = affine::makeComposedFoldedAffineApply(
          b, loc, b.getAffineSymbolExpr(0).ceilDiv(patch), {size});
  OpFoldResult count = multiplySizes(b, loc, patches);
  std::optional<int64_t> constant = getConstantIntValue(count);
  if (constant && *constant == 0) {
    op.erase();
    return;
  }
  numPatches = getValueOrCreateConstantIndexOp(b, loc, count);
  Value one = index(1), threads = index(schedule.getThreads());
  if (constant) {
    numBlocks = index(llvm::divideCeil(*constant, perBlock));
  } else {
    // A launch of zero blocks is an error of the driver.
    auto guard = scf::IfOp::create(b, less(index(0), numPatches),
                                   /*withElseRegion=*/false);
    b.setInsertionPoint(guard.thenBlock()->getTerminator());
    numBlocks = arith::CeilDivUIOp::create(b, numPatches, index(perBlock));
  }
  auto launch =
      gpu::LaunchOp::create(b, numBlocks, one, one, threads, one, one);
  if (schedule.getBlocks() != 0)
    launch->setAttr("bev.blocks", b.getI64IntegerAttr(schedule.getBlocks()));
  emitBody(launch);
  op.erase();
}

namespace {

struct ConvertIntervalPoolToGPU
    : public bev::impl::ConvertIntervalPoolToGPUPassBase<
          ConvertIntervalPoolToGPU> {
  void runOnOperation() override {
    SmallVector<IntervalPoolOp> ops;
    getOperation()->walk([&](IntervalPoolOp op) {
      std::optional<ScheduleAttr> schedule = op.getSchedule();
      bool isNested = op->getParentOfType<scf::ForallOp>() ||
                      op->getParentOfType<scf::ParallelOp>() ||
                      op->getParentOfType<gpu::LaunchOp>();
      if (schedule && schedule->getRows() != 0 && op->getNumResults() == 0 &&
          !isNested)
        ops.push_back(op);
    });
    for (IntervalPoolOp op : ops)
      PoolKernel(op).emit();
  }
};

} // namespace
