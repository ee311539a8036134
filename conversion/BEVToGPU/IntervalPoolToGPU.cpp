// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Teams of a warp's lanes that share the points of several rows of a pool.

#include "PoolKernel.h"

#include "bev/Conversion/LinalgToSCF/BufferAccesses.h"
#include "bev/Conversion/Passes.h"
#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTINTERVALPOOLTOGPUPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Bytes of one access.
constexpr int64_t kAccessBytes = 16;
/// Bytes of rows that a thread reads before it uses the first.
constexpr int64_t kBytesInFlight = 64;
/// Lanes of a team, at least: each reads the ranks of a point at once. Points
/// without ranks lie side by side, and are read as long a stretch at a time as
/// a whole warp can.
constexpr int64_t kTeam = 8;
/// Points of a row for whose sums there is shared memory, and bytes of it: all
/// that a block has without being asked, and for ranks.
constexpr int64_t kRowPoints = 32, kSharedBytes = 47 << 10,
                  kExchangedBytes = 16 << 10;
/// Points of a lane in a batch, at most: what comes with a batch, and the wait
/// for its depths, is the same for one.
constexpr int64_t kMaxOfLane = 4;
/// Bytes of a word.
constexpr int64_t kWordBytes = 4;

} // namespace

PoolKernel::PoolKernel(IntervalPoolOp op, bool bulkPrefetch, bool overlaps,
                       SymbolTable &symbols)
    : KernelBuilder(op), op(op), symbols(symbols), schedule(*op.getSchedule()),
      prefetched(bulkPrefetch ? schedule.getPrefetch() : Prefetch::none),
      overlaps(overlaps),
      ahead(op->hasAttr(kReadsAhead) ? Ahead::ranks : Ahead::nothing),
      type(cast<MemRefType>(op.getInit().getType())) {
  const int64_t channels = type.getShape().back();
  auto feat = cast<MemRefType>(op.getFeat().getType());
  const int64_t bytes = feat.getElementTypeBitWidth() / 8;
  items = channels / schedule.getLanes();
  groups = op.getRanksFeat()
               ? llvm::divideCeil(std::min(kTeam, kWarp / items * items), items)
               : kWarp / items;
  team = groups * items;
  teams = kWarp / team;
  pointWords = op.getDepth() ? 2 : 1;
  allTeams = schedule.getThreads() / kWarp * teams;
  width = std::min(schedule.getLanes(), kAccessBytes / bytes);
  while (schedule.getLanes() % width != 0)
    --width;
  inFlight = schedule.getTogether() > 1
                 ? schedule.getTogether()
                 : kBytesInFlight / bytes / schedule.getLanes();
  inFlight = std::max<int64_t>(inFlight, 1);
  // A batch has whole steps: other points are not the team's.
  int64_t exchangedBytes = 0;
  if (op.getRanksFeat()) {
    const int64_t ofLane = allTeams * team * pointWords * kWordBytes;
    ofLanes =
        std::clamp<int64_t>(llvm::divideCeil(schedule.getPoints(), team), 1,
                            std::min(kMaxOfLane, kExchangedBytes / ofLane));
    batchSize = team * ofLanes;
    exchangedBytes = ofLane * ofLanes;
    inFlight = std::min(inFlight, batchSize / groups);
    while (batchSize % (groups * inFlight) != 0)
      --inFlight;
  } else {
    ofLanes = 0;
    batchSize = llvm::alignTo(schedule.getPoints(), groups * inFlight);
  }
  // Beside the sums of two rows that go on in the next round, and four words
  // each of the header and of a piece.
  constexpr int64_t kEntry = 4 * kWordBytes;
  const int64_t row = channels * kWordBytes;
  const int64_t left = kSharedBytes - exchangedBytes - 2 * row - kEntry -
                       schedule.getRows() * (2 * kEntry + sizeof(int64_t));
  waiting = std::clamp<int64_t>(schedule.getRows() * kRowPoints /
                                    schedule.getPoints(),
                                1, left / (row + kEntry));
}

//===----------------------------------------------------------------------===//
// Points
//===----------------------------------------------------------------------===//

SmallVector<Value> PoolKernel::readPiece(Value slot, int64_t first,
                                         int64_t count) {
  return loadWords(pieces, {toIndex(slot), index(first)}, count);
}

PoolKernel::Batch PoolKernel::readRanks(Value slot, Value begin, Value left) {
  Batch batch = {slot, begin, left, {}, {}};
  Value none = number(-1), rest = sub(left, member);
  Value first = toIndex(add(begin, member));
  for (int64_t i = 0; i < ofLanes; ++i) {
    SmallVector<Value> ranks =
        emitIf(less(number(i * team), rest),
               [&]() -> SmallVector<Value> {
                 auto [rank, depthRank] =
                     emitRanks(b, op, add(first, index(i * team)));
                 return {rank, depthRank ? depthRank : rank};
               },
               {none, none});
    batch.ranks.push_back(ranks[0]);
    batch.depthRanks.push_back(ranks[1]);
  }
  return batch;
}

PoolKernel::Batch PoolKernel::findBatch(Value slot, Value condition,
                                        ValueRange otherwise) {
  SmallVector<Value> points =
      emitIf(condition, [&] { return readPiece(slot, 0, 2); }, otherwise);
  return readRanks(slot, points[0], points[1]);
}

SmallVector<Value> PoolKernel::addGroups(ValueRange sum) {
  SmallVector<Value> result;
  for (Value part : sum) {
    int64_t left = groups;
    auto below = [&](Value value, int64_t distance) {
      SmallVector<Value> lanes;
      for (int64_t i = 0; i < width; ++i) {
        Value one = vector::ExtractOp::create(b, value, i);
        lanes.push_back(gpu::ShuffleOp::create(b, one, distance * items, kWarp,
                                               gpu::ShuffleMode::DOWN)
                            .getShuffleResult());
      }
      return vector::FromElementsOp::create(
          b, cast<VectorType>(value.getType()), lanes);
    };
    for (; left % 2 == 0; left /= 2)
      part = arith::AddFOp::create(b, part, below(part, left / 2));
    Value all = part;
    for (int64_t distance = 1; distance < left; ++distance)
      all = arith::AddFOp::create(b, all, below(part, distance));
    result.push_back(all);
  }
  return result;
}

Value PoolKernel::addPackedRows(Value sum, ValueRange rows,
                                ValueRange weights) {
  auto type = cast<VectorType>(rows.front().getType());
  Value packed;
  for (auto [row, bits] : llvm::zip_equal(rows, weights)) {
    Value weight = arith::TruncIOp::create(b, b.getI16Type(), bits);
    weight = arith::BitcastOp::create(b, type.getElementType(), weight);
    weight = vector::BroadcastOp::create(b, type, weight);
    packed = packed ? Value(vector::FMAOp::create(b, row, weight, packed))
                    : Value(arith::MulFOp::create(b, row, weight));
  }
  return arith::AddFOp::create(b, sum,
                               arith::ExtFOp::create(b, sum.getType(), packed));
}

Value PoolKernel::wordOf(Value point, int64_t more) {
  // What is constant is added last: it is part of an access.
  Value before = add(mul(ofTeam, number(batchSize)), point);
  return add(toIndex(mul(before, number(pointWords))),
             index(more * pointWords));
}

Value PoolKernel::exchange(const Batch &batch, function_ref<void()> meanwhile) {
  SmallVector<Value> exists, depths;
  Value complete, rest = sub(batch.left, member);
  for (auto [i, rank, depthRank] :
       llvm::enumerate(batch.ranks, batch.depthRanks)) {
    exists.push_back(emitRanksExist(b, op, rank, depthRank));
    if (op.getDepth())
      depths.push_back(emitDepth(b, op, exists.back(), depthRank));
    Value isBehind = less(rest, number(static_cast<int64_t>(i) * team + 1));
    Value isRight = arith::OrIOp::create(b, exists.back(), isBehind);
    complete = complete ? both(complete, isRight) : isRight;
  }
  meanwhile();
  if (!complete)
    return arith::ConstantIntOp::create(b, 1, 1);
  // The others have read what is there.
  NVVM::SyncWarpOp::create(b, number(-1));
  auto tell = [&] {
    for (auto [i, rank, exist] : llvm::enumerate(batch.ranks, exists)) {
      SmallVector<Value> words = {select(exist, rank, number(-1))};
      if (op.getDepth())
        words.push_back(toBits(depths[i]));
      storeWords(exchanged, wordOf(member, static_cast<int64_t>(i) * team),
                 words);
    }
  };
  if (teams * team == kWarp)
    tell();
  else
    emitIf(isMember, tell);
  NVVM::SyncWarpOp::create(b, number(-1));
  return complete;
}

std::pair<SmallVector<Value>, SmallVector<Value>>
PoolKernel::readPoints(const Batch &batch, Value first) {
  SmallVector<Value> ranks, depths;
  if (!op.getRanksFeat()) {
    for (int64_t i = 0; i < inFlight; ++i)
      ranks.push_back(
          add(add(add(batch.begin, first), group), number(i * groups)));
    return {ranks, depths};
  }
  // Two neighbours in one access.
  const int64_t atOnce = groups == 1 && inFlight % 2 == 0 ? 2 : 1;
  auto type = VectorType::get(atOnce * pointWords, b.getI32Type());
  for (int64_t i = 0; i < inFlight; i += atOnce) {
    Value all = vector::LoadOp::create(
        b, type, exchanged, wordOf(add(first, group), i * groups),
        /*nontemporal=*/false,
        llvm::MaybeAlign(atOnce * pointWords * kWordBytes));
    for (int64_t j = 0; j < atOnce; ++j) {
      ranks.push_back(vector::ExtractOp::create(b, all, j * pointWords));
      if (op.getDepth())
        depths.push_back(vector::ExtractOp::create(b, all, j * pointWords + 1));
    }
  }
  return {ranks, depths};
}

SmallVector<Value> PoolKernel::addPoints(const Batch &batch, Value first,
                                         ValueRange sum, bool guarded) {
  FormulaMode mode;
  mode.lanes = width;
  mode.guard = schedule.getGuard();
  const int64_t accesses = schedule.getLanes() / width;
  SmallVector<Value> exists(inFlight), rows, result(sum);
  auto [ranks, weights] = readPoints(batch, first);
  for (int64_t i = 0; guarded && i < inFlight; ++i) {
    Value point = add(add(first, group), number(i * groups));
    exists[i] = op.getRanksFeat() ? less(number(-1), ranks[i])
                                  : less(point, batch.left);
  }
  // Not both accesses of a point behind one branch: a predicated load has one.
  for (int64_t access = 0; access < accesses; ++access)
    for (int64_t i = 0; i < inFlight; ++i)
      rows.push_back(
          emitPooledRow(b, op, ranks[i], exists[i], channelOf(access), mode));
  // Depths of points that do not exist are zero.
  for (int64_t access = 0; access < accesses; ++access) {
    ArrayRef<Value> parts = ArrayRef(rows).slice(access * inFlight, inFlight);
    if (op.getDepth() && schedule.getPacked()) {
      result[access] = addPackedRows(result[access], parts, weights);
      continue;
    }
    for (int64_t i = 0; i < inFlight; ++i) {
      Value weight;
      if (op.getDepth())
        weight = arith::BitcastOp::create(b, b.getF32Type(), weights[i]);
      result[access] =
          emitWeightedRow(b, op, result[access], parts[i], weight, mode);
    }
  }
  return result;
}

SmallVector<Value> PoolKernel::addBatch(const Batch &batch, Value complete,
                                        ValueRange sum) {
  // Reads need no guards in steps of which all teams have all points, and there
  // are none behind the last that any has.
  const int64_t step = groups * inFlight;
  Value zero = number(0);
  Value count = min(batch.left, number(batchSize));
  Value whole = select(ofAll(complete), count, zero);
  SmallVector<Value> state = {zero};
  llvm::append_range(state, sum);
  for (bool guarded : {false, true})
    state = emitWhile(
        state,
        [&](ValueRange state) {
          if (guarded)
            return ofAny(less(state[0], count));
          return ofAll(less(add(state[0], number(step - 1)), whole));
        },
        [&](ValueRange state) {
          SmallVector<Value> next = {add(state[0], number(step))};
          llvm::append_range(
              next, addPoints(batch, state[0], state.drop_front(), guarded));
          return next;
        });
  state.erase(state.begin());
  return state;
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

void PoolKernel::writeRow(Value row, ValueRange sum) {
  SmallVector<Value> at = positionOf(load(numbers, toIndex(row)));
  at.emplace_back();
  for (auto [access, part] : llvm::enumerate(sum)) {
    at.back() = channelOf(access);
    Value narrow = part;
    if (!type.getElementType().isF32())
      narrow = arith::TruncFOp::create(
          b, VectorType::get(width, type.getElementType()), part);
    vector::TransferWriteOp::create(b, narrow, init, at, ArrayRef<bool>{true});
  }
}

void PoolKernel::keepSum(Value slot, ValueRange sum) {
  for (auto [access, part] : llvm::enumerate(sum))
    vector::StoreOp::create(b, part, sums,
                            ValueRange{toIndex(slot), channelOf(access)});
}

void PoolKernel::collectRow(Value row, Value from, Value to, Value parity) {
  Row found = readRow(row);
  Value last = add(found.before, found.count);
  Value begin = max(found.before, from), end = min(last, to);
  emitIf(both(less(begin, end), isFirst), [&] {
    auto vectorType = VectorType::get(width, b.getF32Type());
    SmallVector<Value> channels, sum;
    for (int64_t i = 0; i < schedule.getLanes() / width; ++i)
      channels.push_back(channelOf(i));
    auto read = [&](Value memory, Value at) {
      SmallVector<Value> parts;
      for (Value channel : channels)
        parts.push_back(vector::LoadOp::create(b, vectorType, memory,
                                               ValueRange{at, channel}));
      return parts;
    };
    Value none = arith::ConstantOp::create(b, b.getZeroAttr(vectorType));
    sum = emitIf(
        less(found.before, from),
        [&] { return read(carried, toIndex(sub(number(1), parity))); },
        SmallVector<Value>(channels.size(), none));
    sum = emitFor(begin, end, number(1), sum, [&](Value piece, ValueRange sum) {
      SmallVector<Value> result;
      for (auto [before, part] :
           llvm::zip_equal(sum, read(sums, toIndex(sub(piece, from)))))
        result.push_back(arith::AddFOp::create(b, before, part));
      return result;
    });
    Value isWhole = equal(end, last);
    emitIf(isWhole, [&] { writeRow(row, sum); });
    emitIf(less(end, last), [&] {
      for (auto [channel, part] : llvm::zip_equal(channels, sum))
        vector::StoreOp::create(b, part, carried,
                                ValueRange{toIndex(parity), channel});
    });
  });
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

SmallVector<Value> PoolKernel::zeroSum() {
  Value none = arith::ConstantOp::create(
      b, b.getZeroAttr(VectorType::get(width, b.getF32Type())));
  return SmallVector<Value>(schedule.getLanes() / width, none);
}

SmallVector<Value> PoolKernel::emitBatch(const Batch &batch, ValueRange sum,
                                         Value count) {
  // The ranks of the next are read before the features of this one.
  Value size = number(batchSize), zero = number(0);
  Value goesOn = less(size, batch.left);
  Value left = sub(batch.left, size);
  Value slot = select(goesOn, batch.slot, add(batch.slot, number(allTeams)));
  Value isOther = both(less(left, number(1)), less(slot, count));
  SmallVector<Value> next;
  Value complete = exchange(batch, [&] {
    next = findBatch(slot, isOther, {add(batch.begin, size), left}).values();
  });

  SmallVector<Value> result = addBatch(batch, complete, sum);
  SmallVector<Value> whole = addGroups(result);
  Value isEnd = both(less(zero, batch.left), less(left, number(1)));
  llvm::append_range(
      next, emitIf(
                isEnd,
                [&] {
                  emitIf(isFirst, [&] { finishPiece(batch.slot, whole); });
                  return zeroSum();
                },
                result));
  return next;
}

void PoolKernel::finishPiece(Value slot, ValueRange sum) {
  SmallVector<Value> piece = readPiece(slot, 2, 2);
  auto branch = scf::IfOp::create(b, less(number(0), piece[1]),
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  keepSum(slot, sum);
  b.setInsertionPointToStart(branch.elseBlock());
  writeRow(piece[0], sum);
}

void PoolKernel::writeEmptyRows() {
  Value isNone = load(header, index(1));
  emitFor(ofTeam, number(schedule.getRows()), number(allTeams), {},
          [&](Value row, ValueRange) {
            emitIf(both(hasBit(isNone, row), isFirst),
                   [&] { writeRow(row, zeroSum()); });
            return SmallVector<Value>();
          });
}

void PoolKernel::emitBody() {
  Value zero = number(0), warpSize = number(kWarp);
  lane = arith::RemUIOp::create(b, warp, warpSize);
  warp = arith::DivUIOp::create(b, warp, warpSize);
  // Lanes that are left over do what the last one does.
  Value size = number(team), width = number(items);
  Value inWarp = min(arith::DivUIOp::create(b, lane, size), number(teams - 1));
  ofTeam = add(mul(warp, number(teams)), inWarp);
  member = min(sub(lane, mul(inWarp, size)), number(team - 1));
  Value inTeam = arith::DivUIOp::create(b, member, width);
  item = sub(member, mul(inTeam, width));
  group = inTeam;
  isMember = less(lane, number(teams * team));
  isFirst = both(equal(inTeam, zero), isMember);

  Value isTelling = equal(warp, zero);
  emitIf(isTelling, [&] { tellRows(); });
  gpu::BarrierOp::create(b);
  Value total = load(header, index(0));
  Value several = load(header, index(2));
  Value roundSize = roundSizeFor(load(header, index(3)));
  auto findFirst = [&](Value count) {
    return findBatch(ofTeam, less(ofTeam, count), {zero, zero}).values();
  };
  if (ahead == Ahead::order)
    NVVM::GriddepcontrolOp::create(b, NVVM::GridDepActionKind::wait);
  SmallVector<Value> first = findFirst(min(total, roundSize));
  if (ahead == Ahead::ranks)
    NVVM::GriddepcontrolOp::create(b, NVVM::GridDepActionKind::wait);
  writeEmptyRows();

  // Where sums are that go on: each second round has one place.
  first.push_back(zero);
  emitFor(zero, total, roundSize, first, [&](Value from, ValueRange args) {
    ValueRange batch = args.drop_back();
    Value parity = args.back();
    Value rest = sub(total, from), count = min(rest, roundSize);
    SmallVector<Value> state(batch);
    llvm::append_range(state, zeroSum());
    emitWhile(
        state,
        [&](ValueRange state) {
          Value any = ballot(
              less(zero, Batch::of(state.take_front(batch.size())).left));
          return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, any, zero);
        },
        [&](ValueRange state) {
          return emitBatch(Batch::of(state.take_front(batch.size())),
                           state.drop_front(batch.size()), count);
        });
    // Pieces of rows of several, and those of the next round.
    Value goesOn = less(roundSize, rest);
    Value isAny =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ne, several, zero);
    SmallVector<Value> following = emitIf(
        arith::OrIOp::create(b, isAny, goesOn),
        [&] {
          gpu::BarrierOp::create(b);
          Value next = add(from, roundSize);
          Value tells = both(isTelling, less(lane, number(schedule.getRows())));
          emitIf(both(goesOn, tells),
                 [&] { tellPieces(readRow(lane), next, roundSize); });
          emitFor(ofTeam, number(schedule.getRows()), number(allTeams), {},
                  [&](Value row, ValueRange) {
                    emitIf(hasBit(several, row), [&] {
                      collectRow(row, from, add(from, count), parity);
                    });
                    return SmallVector<Value>();
                  });
          return emitIf(
              goesOn,
              [&] {
                gpu::BarrierOp::create(b);
                return findFirst(min(sub(total, next), roundSize));
              },
              batch);
        },
        batch);
    following.push_back(sub(number(1), parity));
    return following;
  });
}

void PoolKernel::prefetch(gpu::LaunchOp launch) {
  SmallVector<Value> buffers;
  auto add = [&](Value buffer) {
    // Not more than what is read where that can be told.
    if (buffer && !cast<MemRefType>(buffer.getType()).getLayout().isIdentity())
      buffer = getRootBuffer(buffer);
    if (buffer)
      buffers.push_back(buffer);
  };
  if (prefetched == Prefetch::all) {
    // In the order in which they are read.
    add(order ? order : op.getBounds());
    add(op.getRanksFeat());
    add(op.getRanksDepth());
    add(op.getDepth());
  }
  // Not what the kernel before may be writing.
  if (!op->hasAttr(kReadsAhead))
    add(op.getFeat());
  // Not of the first warp, for which the others wait.
  prefetchParts(launch, buffers, (schedule.getThreads() - 1) / kWarp * kWarp);
}

void PoolKernel::emit() {
  Location loc = b.getLoc();
  sizes = memref::getMixedSizes(b, loc, op.getInit());
  sizes.pop_back();
  OpFoldResult count = multiplySizes(b, loc, sizes);
  std::optional<int64_t> constant = getConstantIntValue(count);
  if (constant && *constant == 0) {
    op.erase();
    return;
  }
  numRows = getValueOrCreateConstantIndexOp(b, loc, count);
  if (constant) {
    numBlocks = index(llvm::divideCeil(*constant, schedule.getRows()));
  } else {
    // A launch of zero blocks is an error of the driver.
    auto guard = scf::IfOp::create(b, less(index(0), numRows),
                                   /*withElseRegion=*/false);
    b.setInsertionPoint(guard.thenBlock()->getTerminator());
    numBlocks =
        arith::CeilDivUIOp::create(b, numRows, index(schedule.getRows()));
  }
  if (constant && schedule.getBalance())
    order = createRowOrder(b, op, schedule.getRows(), symbols);
  if (order && overlaps && ahead == Ahead::nothing) {
    auto isKnown = [](Value ranks) { return !ranks || isKnownTable(ranks); };
    ahead = isKnown(op.getRanksFeat()) && isKnown(op.getRanksDepth())
                ? Ahead::ranks
                : Ahead::order;
  }
  init = op.getInit();
  bounds = op.getBounds();
  auto isFlat = [](Value x) {
    auto table = cast<MemRefType>(x.getType());
    if (table.getLayout().isIdentity())
      return true;
    // Views of a table that has more rows are flat, too.
    return memref::isStaticShapeAndContiguousRowMajor(table) &&
           table.getStridesAndOffset().second == 0;
  };
  if (type.getRank() > 2 && isFlat(init) && isFlat(bounds)) {
    init = viewRows(init, count);
    bounds = viewRows(bounds, count);
  }
  gpu::LaunchOp launch = launchBlocks(numBlocks, schedule);
  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  const int64_t channels = type.getShape().back();
  header = shared(launch, 4, i32);
  table = shared(launch, {schedule.getRows(), 4}, i32);
  numbers = shared(launch, schedule.getRows(), b.getIndexType());
  pieces = shared(launch, {waiting + schedule.getRows(), 4}, i32);
  sums = shared(launch, {waiting, channels}, f32);
  carried = shared(launch, {2, channels}, f32);
  if (op.getRanksFeat())
    exchanged = shared(launch, allTeams * batchSize * pointWords, i32);
  block = launch.getBlockIds().x;
  warp = toNumber(launch.getThreadIds().x);
  if (ahead != Ahead::nothing)
    NVVM::GriddepcontrolOp::create(b,
                                   NVVM::GridDepActionKind::launch_dependents);
  emitBody();
  if (prefetched != Prefetch::none)
    prefetch(launch);
  op.erase();
}

namespace {

struct ConvertIntervalPoolToGPU
    : public bev::impl::ConvertIntervalPoolToGPUPassBase<
          ConvertIntervalPoolToGPU> {
  using Base::Base;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (IntervalPoolOp op : getPoolsOfBlocks<IntervalPoolOp>(getOperation()))
      PoolKernel(op, bulkPrefetch, overlaps, symbols).emit();
  }
};

} // namespace
