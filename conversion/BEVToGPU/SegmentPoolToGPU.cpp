// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks that sum neighbouring segments of a pool.

#include "KernelBuilder.h"

#include "bev/Conversion/LinalgToSCF/BufferAccesses.h"
#include "bev/Conversion/Passes.h"
#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Dialect/BEV/IR/Pooling.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTSEGMENTPOOLTOGPUPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Segments of a block, at most: their depths share its memory.
constexpr int64_t kMaxSegments = 256;
/// Rows of features that a thread reads before it uses the first, where the
/// schedule leaves that to the code.
constexpr int64_t kRowsInFlight = 4;
/// Shared memory of a block for depths: enough for as many rows as a thread
/// reads at once, of all of its segments.
constexpr int64_t kDepthBytes = 32 << 10;

/// Emits the kernel of one op.
///
/// A block has neighbours in the table, and each team of its threads, one for
/// each `lanes` channels, has a few of them, the team's segments. Where these
/// are of one column of an image, the rows that any of them has are gone
/// through once: the block's threads bring the depths of so many rows to shared
/// memory, 0 where a segment does not have the row; then each thread multiplies
/// its channels of a row by the depths of all of the team's segments. A feature
/// that is not finite times such a 0 is no number: sums that are not finite are
/// computed again, one segment after the other, as are those of teams whose
/// segments are not of one column. A sum is the same either way.
class SegmentKernel : KernelBuilder {
public:
  /// With `isReadAhead`, the kernel that follows reads what this one does not
  /// write before it waits for it.
  SegmentKernel(SegmentPoolOp op, bool bulkPrefetch, bool isReadAhead);

  /// Emits everything before the op, and erases it.
  void emit();

private:
  /// What a team knows of its segments.
  struct Team {
    /// The first row of features that is read, and how many are; i32.
    Value begin, rows;
    /// Whether the segments are of one column.
    Value isColumn;
  };

  Value f32(double value) {
    return arith::ConstantOp::create(b, b.getF32FloatAttr(value));
  }
  Value atMost(Value x, Value y) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::sle, x, y);
  }
  Value div(Value x, Value y) { return arith::DivUIOp::create(b, x, y); }
  /// Waits for all threads of the block; whether `condition` holds in any.
  Value ofAny(Value condition);

  /// Tells the block what its segments are.
  void tellSegments();
  /// Tells it which rows each team goes through, and where the depths are.
  void tellTeams();
  void tellTeam(Value team);
  /// Brings the depths of the rows from `from` on to shared memory.
  void stage(Value from);
  void stageSegment(Value segment, Value row, int64_t atOnce, Value from);
  /// The features of the next rows from `from` on.
  SmallVector<Value> readRows(const Team &rows, Value from);
  /// `sums` plus the rows that were staged, from `from` on, the first of which
  /// have these features.
  SmallVector<Value> addRows(const Team &rows, Value from, ValueRange features,
                             ValueRange sums);
  Value isFinite(ValueRange sums);
  void write(Value segment, Value sum);
  void emitBody();

  SegmentPoolOp op;
  ScheduleAttr schedule;
  Prefetch prefetched;
  bool isReadAhead;
  /// Threads of a team, teams of a block, segments of a team and of a block,
  /// rows that are staged at once, and those that a thread reads at once.
  int64_t items, teams, ofTeam, ofBlock, staged, together;

  Value numSegments, step;
  /// The block's first segment, the team's, and the thread's number; i32. The
  /// thread's first channel (index).
  Value firstOfBlock, first, thread, channel;
  /// The thread's team, i32, and whether it is one's.
  Value team, isMember;
  /// Shared by a block, in entries of four words, the last of which is there
  /// for one access alone: of each segment first what `Segment` is, then the
  /// depth of its team's first row, which it may not have, and its rows, from
  /// and to; of each team what `Team` is; and the depths of rows.
  Value table, teamTable, depths;
};

} // namespace

SegmentKernel::SegmentKernel(SegmentPoolOp op, bool bulkPrefetch,
                             bool isReadAhead)
    : KernelBuilder(op), op(op), schedule(*op.getSchedule()),
      prefetched(bulkPrefetch ? schedule.getPrefetch() : Prefetch::none),
      isReadAhead(isReadAhead) {
  const int64_t channels =
      cast<ShapedType>(op.getInit().getType()).getDimSize(1);
  items = channels / schedule.getLanes();
  ofTeam = schedule.getRows();
  teams = std::clamp<int64_t>(schedule.getThreads() / items, 1,
                              kMaxSegments / ofTeam);
  ofBlock = teams * ofTeam;
  together =
      schedule.getTogether() > 1 ? schedule.getTogether() : kRowsInFlight;
  const int64_t room = kDepthBytes / (ofBlock * sizeof(float));
  staged = std::min(llvm::alignTo(schedule.getPoints(), together),
                    llvm::alignDown(room, together));
}

Value SegmentKernel::ofAny(Value condition) {
  Type i32 = b.getI32Type();
  auto reduction = NVVM::BarrierReductionAttr::get(b.getContext(),
                                                   NVVM::BarrierReduction::OR);
  Value bits = arith::ExtUIOp::create(b, i32, condition);
  Value any =
      NVVM::BarrierOp::create(b, i32, /*barrierId=*/Value(),
                              /*numberOfThreads=*/Value(), reduction, bits)
          .getResult(0);
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, any, number(0));
}

void SegmentKernel::tellSegments() {
  Value size = toNumber(numSegments), zero = number(0);
  emitFor(thread, number(ofBlock), number(schedule.getThreads()), {},
          [&](Value i, ValueRange) {
            Value at = add(firstOfBlock, i);
            SmallVector<Value> words = emitIf(
                less(at, size),
                [&]() -> SmallVector<Value> {
                  Segment segment = emitSegment(b, op, toIndex(at));
                  return {segment.depthRank, segment.featRank, segment.length};
                },
                {zero, zero, zero});
            words.push_back(words.back());
            storeWords(table, {toIndex(i), index(0)}, words);
            return SmallVector<Value>();
          });
}

void SegmentKernel::tellTeams() {
  emitFor(thread, number(teams), number(schedule.getThreads()), {},
          [&](Value team, ValueRange) {
            tellTeam(team);
            return SmallVector<Value>();
          });
}

void SegmentKernel::tellTeam(Value team) {
  Value zero = number(0), one = number(1);
  Value begin = number(std::numeric_limits<int32_t>::max());
  Value end = number(-1), points = zero;
  SmallVector<Segment> segments;
  for (int64_t i = 0; i < ofTeam; ++i) {
    Value at = add(mul(team, number(ofTeam)), number(i));
    SmallVector<Value> words = loadWords(table, {toIndex(at), index(0)}, 4);
    Segment segment = {words[0], words[1], words[2]};
    Value isAny = less(zero, segment.length);
    Value last = add(segment.featRank, mul(sub(segment.length, one), step));
    begin = select(isAny, min(begin, segment.featRank), begin);
    end = select(isAny, max(end, last), end);
    points = add(points, segment.length);
    segments.push_back(segment);
  }
  Value isAny = atMost(begin, end);
  Value rows = select(isAny, add(div(sub(end, begin), step), one), zero);
  // Not where that is more to do.
  Value isColumn = atMost(rows, points);
  for (const Segment &segment : segments) {
    Value rest = arith::RemUIOp::create(b, sub(segment.featRank, begin), step);
    isColumn =
        both(isColumn, arith::OrIOp::create(b, equal(segment.length, zero),
                                            equal(rest, zero)));
  }
  // Whole steps of rows that there are: some more at the end, or, where the
  // features end there, at the begin.
  Value whole = mul(div(add(rows, number(together - 1)), number(together)),
                    number(together));
  Value more = sub(whole, rows);
  Value size = toNumber(getValueOrCreateConstantIndexOp(
      b, b.getLoc(), memref::getMixedSize(b, b.getLoc(), op.getFeat(), 0)));
  Value behind = div(sub(sub(size, one), end), step);
  Value before = sub(more, min(more, behind));
  isColumn =
      both(isColumn, arith::OrIOp::create(b, equal(before, zero),
                                          atMost(before, div(begin, step))));
  begin = sub(begin, mul(before, step));
  whole = select(isColumn, whole, zero);
  for (auto [i, segment] : llvm::enumerate(segments)) {
    Value distance = sub(segment.featRank, begin);
    Value from = div(distance, step);
    Value length = select(isColumn, segment.length, zero);
    Value at = add(mul(team, number(ofTeam)), number(i));
    Value depthRank = sub(segment.depthRank, distance), to = add(from, length);
    storeWords(table, {toIndex(at), index(0)}, {depthRank, from, to, to});
  }
  Value flag = toI32(isColumn);
  storeWords(teamTable, {toIndex(team), index(0)}, {begin, whole, flag, flag});
}

void SegmentKernel::stageSegment(Value segment, Value row, int64_t atOnce,
                                 Value from) {
  // Reads of several rows before any is used.
  constexpr int64_t kReads = 8;
  const int64_t turns = llvm::divideCeil(staged, atOnce);
  const bool isWhole = staged % atOnce == 0;
  Type element = cast<ShapedType>(op.getDepth().getType()).getElementType();
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(element));
  SmallVector<Value> words = loadWords(table, {toIndex(segment), index(0)}, 4);
  Value at = add(words[0], mul(add(from, row), step));
  Value place = add(mul(row, number(ofBlock)), segment);
  for (int64_t first = 0; first < turns; first += kReads) {
    const int64_t end = std::min(first + kReads, turns);
    SmallVector<Value> read;
    for (int64_t i = first; i < end; ++i) {
      Value inside = add(row, number(i * atOnce)), there = add(from, inside);
      Value isThere = both(atMost(words[1], there), less(there, words[2]));
      if (!isWhole)
        isThere = both(isThere, less(inside, number(staged)));
      read.push_back(emitIf(
          isThere,
          [&]() -> SmallVector<Value> {
            Value rank = add(at, mul(step, number(i * atOnce)));
            return {load(op.getDepth(), toIndex(rank))};
          },
          zero)[0]);
    }
    for (auto [i, depth] : llvm::enumerate(read)) {
      const int64_t turn = first + static_cast<int64_t>(i);
      Value wide = depth;
      if (!element.isF32())
        wide = arith::ExtFOp::create(b, b.getF32Type(), depth);
      auto store = [&] {
        memref::StoreOp::create(
            b, wide, depths,
            add(toIndex(place), index(turn * atOnce * ofBlock)));
      };
      if (isWhole)
        store();
      else
        emitIf(less(add(row, number(turn * atOnce)), number(staged)), store);
    }
  }
}

void SegmentKernel::stage(Value from) {
  const int64_t threads = schedule.getThreads();
  if (threads < ofBlock) {
    emitFor(thread, number(ofBlock), number(threads), {},
            [&](Value segment, ValueRange) {
              stageSegment(segment, number(0), /*atOnce=*/1, from);
              return SmallVector<Value>();
            });
    return;
  }
  const int64_t atOnce = std::min(threads / ofBlock, staged);
  Value row = div(thread, number(ofBlock));
  Value segment = sub(thread, mul(row, number(ofBlock)));
  emitIf(less(row, number(atOnce)),
         [&] { stageSegment(segment, row, atOnce, from); });
}

SmallVector<Value> SegmentKernel::readRows(const Team &rows, Value from) {
  auto type = cast<MemRefType>(op.getFeat().getType());
  Type element = type.getElementType();
  Value none = arith::ConstantOp::create(b, b.getZeroAttr(element));
  Value first = add(rows.begin, mul(from, step));
  SmallVector<Value> features;
  for (int64_t i = 0; i < together; ++i) {
    Value row = add(first, mul(step, number(i)));
    features.push_back(vector::TransferReadOp::create(
        b, VectorType::get(schedule.getLanes(), element), op.getFeat(),
        ValueRange{toIndex(row), channel}, none, ArrayRef<bool>{true}));
  }
  return features;
}

SmallVector<Value> SegmentKernel::addRows(const Team &rows, Value from,
                                          ValueRange features,
                                          ValueRange sums) {
  Value count = min(sub(rows.rows, from), number(staged));
  Value last = sub(count, number(together));
  auto weightsType = VectorType::get(ofTeam, b.getF32Type());
  auto wide = VectorType::get(schedule.getLanes(), b.getF32Type());
  const int64_t width =
      llvm::isPowerOf2_64(ofTeam) ? std::min<int64_t>(ofTeam, 4) : 1;
  SmallVector<Value> state(sums);
  llvm::append_range(state, features);
  SmallVector<Value> result = emitFor(
      number(0), count, number(together), state,
      [&](Value row, ValueRange state) {
        // The next rows are read before these are used.
        Value following = min(add(row, number(together)), last);
        SmallVector<Value> ahead = readRows(rows, add(from, following));
        SmallVector<Value> next(state.take_front(ofTeam));
        for (auto [i, read] : llvm::enumerate(state.drop_front(ofTeam))) {
          Value place = add(mul(add(row, number(i)), number(ofBlock)),
                            mul(team, number(ofTeam)));
          Value weights = vector::LoadOp::create(
              b, weightsType, depths, toIndex(place), /*nontemporal=*/false,
              llvm::MaybeAlign(width * sizeof(float)));
          Value feature = read;
          if (read.getType() != wide)
            feature = arith::ExtFOp::create(b, wide, read);
          for (int64_t k = 0; k < ofTeam; ++k) {
            Value weight = vector::BroadcastOp::create(
                b, wide, vector::ExtractOp::create(b, weights, k));
            next[k] = math::FmaOp::create(b, feature, weight, next[k]);
          }
        }
        llvm::append_range(next, ahead);
        return next;
      });
  result.resize(ofTeam);
  return result;
}

Value SegmentKernel::isFinite(ValueRange sums) {
  Value all = sums[0];
  for (Value sum : sums.drop_front())
    all = arith::AddFOp::create(b, all, sum);
  all = vector::ReductionOp::create(b, vector::CombiningKind::ADD, all);
  return arith::CmpFOp::create(b, arith::CmpFPredicate::OLT,
                               math::AbsFOp::create(b, all),
                               f32(std::numeric_limits<double>::infinity()));
}

void SegmentKernel::write(Value segment, Value sum) {
  vector::TransferWriteOp::create(b, sum, op.getInit(),
                                  ValueRange{toIndex(segment), channel},
                                  ArrayRef<bool>{true});
}

void SegmentKernel::emitBody() {
  Value width = number(items);
  Value ofThread = div(thread, width);
  isMember = less(ofThread, number(teams));
  team = min(ofThread, number(teams - 1));
  first = add(firstOfBlock, mul(team, number(ofTeam)));
  channel = toIndex(
      mul(sub(thread, mul(ofThread, width)), number(schedule.getLanes())));
  tellSegments();
  gpu::BarrierOp::create(b);
  tellTeams();
  gpu::BarrierOp::create(b);
  SmallVector<Value> words = loadWords(teamTable, {toIndex(team), index(0)}, 4);
  Team rows = {words[0], words[1], less(number(0), words[2])};

  Value none = arith::ConstantOp::create(
      b, b.getZeroAttr(VectorType::get(schedule.getLanes(), b.getF32Type())));
  SmallVector<Value> state = {number(0)}, nothing;
  state.append(ofTeam, none);
  Type element = cast<ShapedType>(op.getFeat().getType()).getElementType();
  nothing.assign(
      together,
      arith::ConstantOp::create(
          b, b.getZeroAttr(VectorType::get(schedule.getLanes(), element))));
  state = emitWhile(
      state, [&](ValueRange state) { return ofAny(less(state[0], rows.rows)); },
      [&](ValueRange state) {
        SmallVector<Value> features = emitIf(
            less(state[0], rows.rows), [&] { return readRows(rows, state[0]); },
            nothing);
        stage(state[0]);
        gpu::BarrierOp::create(b);
        SmallVector<Value> next = {add(state[0], number(staged))};
        llvm::append_range(
            next, addRows(rows, state[0], features, state.drop_front()));
        return next;
      });

  ValueRange sums = ValueRange(state).drop_front();
  Value count = min(sub(toNumber(numSegments), first), number(ofTeam));
  count = select(isMember, count, number(0));
  Value isDone = both(rows.isColumn, isFinite(sums));
  auto branch = scf::IfOp::create(b, isDone, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(branch.thenBlock()->getTerminator());
  for (int64_t i = 0; i < ofTeam; ++i)
    emitIf(less(number(i), count),
           [&] { write(add(first, number(i)), sums[i]); });
  b.setInsertionPoint(branch.elseBlock()->getTerminator());
  emitFor(number(0), count, number(1), {}, [&](Value i, ValueRange) {
    FormulaMode mode;
    mode.lanes = schedule.getLanes();
    Value segment = add(first, i);
    write(segment,
          emitFormula(b, op, /*result=*/0, {toIndex(segment), channel}, mode));
    return SmallVector<Value>();
  });
}

void SegmentKernel::emit() {
  Location loc = b.getLoc();
  OpFoldResult count = memref::getMixedSize(b, loc, op.getSegments(), 0);
  std::optional<int64_t> constant = getConstantIntValue(count);
  if (constant && *constant == 0) {
    op.erase();
    return;
  }
  numSegments = getValueOrCreateConstantIndexOp(b, loc, count);
  Value numBlocks = getValueOrCreateConstantIndexOp(
      b, loc,
      affine::makeComposedFoldedAffineApply(
          b, loc, b.getAffineSymbolExpr(0).ceilDiv(ofBlock), {count}));
  // A launch of zero blocks is an error of the driver, and no launch leaves the
  // kernel that follows nothing to wait for.
  if (!constant)
    numBlocks = max(numBlocks, index(1));
  gpu::LaunchOp launch = launchBlocks(numBlocks, schedule);
  table = shared(launch, {ofBlock, 4}, b.getI32Type());
  teamTable = shared(launch, {teams, 4}, b.getI32Type());
  depths = shared(launch, staged * ofBlock, b.getF32Type());
  firstOfBlock = mul(toNumber(launch.getBlockIds().x), number(ofBlock));
  thread = toNumber(launch.getThreadIds().x);
  step = emitSegmentStep(b, op);
  if (isReadAhead) {
    // What this one has waited for is behind the next one, too.
    NVVM::GriddepcontrolOp::create(b, NVVM::GridDepActionKind::wait);
    NVVM::GriddepcontrolOp::create(b,
                                   NVVM::GridDepActionKind::launch_dependents);
  }
  emitBody();
  if (prefetched != Prefetch::none) {
    SmallVector<Value> buffers;
    if (prefetched == Prefetch::all)
      buffers = {op.getSegments(), op.getDepth()};
    buffers.push_back(op.getFeat());
    prefetchParts(launch, buffers, /*thread=*/0);
  }
  op.erase();
}

/// The pool that follows on the device, where it reads nothing that `op` writes
/// but the sums.
static IntervalPoolOp getReader(SegmentPoolOp op) {
  // Without segments there is no kernel.
  if (cast<ShapedType>(op.getSegments().getType()).getDimSize(0) == 0)
    return nullptr;
  // Memory that is allocated is not written by that.
  Operation *next = op->getNextNode();
  while (next && (isMemoryEffectFree(next) || isa<memref::AllocOp>(next)))
    next = next->getNextNode();
  auto pool = dyn_cast_or_null<IntervalPoolOp>(next);
  if (!pool || pool.getDepth() || !pool.getRanksFeat() || !pool.getSchedule() ||
      pool.getSchedule()->getRows() == 0)
    return nullptr;
  Value sums = getRootBuffer(op.getInit());
  if (getRootBuffer(pool.getFeat()) != sums)
    return nullptr;
  for (Value table : {pool.getRanksFeat(), pool.getBounds()})
    if (mayBeSameBuffer(getRootBuffer(table), sums))
      return nullptr;
  return pool;
}

namespace {

struct ConvertSegmentPoolToGPU
    : public bev::impl::ConvertSegmentPoolToGPUPassBase<
          ConvertSegmentPoolToGPU> {
  using Base::Base;

  void runOnOperation() override {
    for (SegmentPoolOp op : getPoolsOfBlocks<SegmentPoolOp>(getOperation())) {
      IntervalPoolOp reader = overlaps ? getReader(op) : nullptr;
      if (reader)
        reader->setAttr(kReadsAhead, UnitAttr::get(&getContext()));
      SegmentKernel(op, bulkPrefetch, bool(reader)).emit();
    }
  }
};

} // namespace
