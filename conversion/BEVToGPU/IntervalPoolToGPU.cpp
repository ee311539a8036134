// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Warps that share the points of several rows of a pool.

#include "bev/Conversion/Passes.h"
#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "bev/Dialect/BEV/IR/Pooling.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"
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

constexpr int64_t kWarp = 32;
/// Bytes of one access.
constexpr int64_t kAccessBytes = 16;
/// Bytes of rows that a thread reads before it uses the first.
constexpr int64_t kBytesInFlight = 64;
/// Shared memory for sums of pieces, and pieces of a round for each warp.
constexpr int64_t kSumBytes = 16384;
constexpr int64_t kPiecesOfWarp = 8;

/// Emits the kernel of one op.
///
/// A block has some rows of the result, far from each other. The points of each
/// row are cut into pieces, and warp after warp takes the next piece, whichever
/// row it is of: each lane reads the ranks of one point, and hands them to the
/// others of its warp when their turn comes. The lanes of a warp are groups of
/// as many as a row has work items; the groups take point after point, and are
/// added up in the end. The sum of a row of one piece goes to the result. Those
/// of rows of several go to shared memory, a number of pieces in each round,
/// and are added up in order after that. What a row's sum is thus depends on
/// nothing but its points.
///
/// Numbers are i32, which more pieces than a block could ever sum do not fit:
/// they would be left out, but nothing else be read.
class PoolKernel {
public:
  PoolKernel(IntervalPoolOp op)
      : b(op.getLoc(), op), op(op), schedule(*op.getSchedule()),
        type(cast<MemRefType>(op.getInit().getType())) {
    const int64_t channels = type.getShape().back();
    const int64_t bytes = type.getElementTypeBitWidth() / 8;
    items = channels / schedule.getLanes();
    groups = kWarp / items;
    warps = schedule.getThreads() / kWarp;
    width = std::min(schedule.getLanes(), kAccessBytes / bytes);
    while (schedule.getLanes() % width != 0)
      --width;
    inFlight = std::clamp<int64_t>(kBytesInFlight / bytes / schedule.getLanes(),
                                   1, kWarp / groups);
    slots =
        std::clamp<int64_t>(kSumBytes / 4 / channels, 1, warps * kPiecesOfWarp);
    taking = std::min(warps, slots);
    slots -= slots % taking;
  }

  void emit();

private:
  /// A piece that a warp is to sum: the number of its row in the block, its
  /// length, and of the lane's point, the ranks.
  struct Piece {
    Value row, length, rank, depthRank;

    SmallVector<Value> values() const { return {row, length, rank, depthRank}; }
    static Piece of(ValueRange values) {
      return {values[0], values[1], values[2], values[3]};
    }
  };

  /// What a block knows of one of its rows: where its first piece would begin
  /// if it were the block's first, its end, the pieces of the rows before it,
  /// and its own.
  struct Row {
    Value begin, end, before, count;
  };

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
  Value equal(Value x, Value y) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, y);
  }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, condition, x, y);
  }
  Value hasBit(Value bits, Value bit) {
    return equal(both(arith::ShRUIOp::create(b, bits, bit), number(1)),
                 number(1));
  }
  Value load(Value table, ValueRange at) {
    return memref::LoadOp::create(b, table, at);
  }

  Value toI32(Value x) { return arith::ExtUIOp::create(b, b.getI32Type(), x); }
  /// A depth as an i32, and as f32 of that: lanes exchange 32 bits.
  Value toBits(Value depth) {
    unsigned width = depth.getType().getIntOrFloatBitWidth();
    Value bits = arith::BitcastOp::create(b, b.getIntegerType(width), depth);
    return width < 32 ? toI32(bits) : bits;
  }
  Value ofBits(Value bits) {
    Type element = cast<MemRefType>(op.getDepth().getType()).getElementType();
    unsigned width = element.getIntOrFloatBitWidth();
    if (width < 32)
      bits = arith::TruncIOp::create(b, b.getIntegerType(width), bits);
    Value depth = arith::BitcastOp::create(b, element, bits);
    if (width == 32)
      return depth;
    return arith::ExtFOp::create(b, b.getF32Type(), depth);
  }

  // Warps.
  /// Of a value that all lanes have, that of lane `lane`.
  Value ofLane(Value value, Value lane) {
    return gpu::ShuffleOp::create(b, value, lane, number(kWarp),
                                  gpu::ShuffleMode::IDX)
        .getShuffleResult();
  }
  /// The lanes where `condition` holds, a bit each.
  Value ballot(Value condition) {
    return NVVM::VoteSyncOp::create(b, b.getI32Type(), number(-1), condition,
                                    NVVM::VoteSyncKind::ballot);
  }

  // Structure.
  void emitIf(Value condition, function_ref<void()> body);
  SmallVector<Value> emitIf(Value condition,
                            function_ref<SmallVector<Value>()> body,
                            ValueRange otherwise);
  SmallVector<Value>
  emitFor(Value from, Value to, Value step, ValueRange init,
          function_ref<SmallVector<Value>(Value, ValueRange)> body);

  Value shared(gpu::LaunchOp launch, ArrayRef<int64_t> shape, Type element);
  Value numPoints() {
    return toNumber(
        getValueOrCreateConstantIndexOp(b, b.getLoc(), getNumPoints(b, op)));
  }
  /// `table`, whose rows lie side by side, as `count` rows.
  Value viewRows(Value table, OpFoldResult count);
  /// Which row of the result (an index) row `row` (i32) of the block is.
  Value findRow(Value row);
  /// The indices of that row in the result and in the bounds.
  SmallVector<Value> positionOf(Value number);
  /// The bounds of the row at `position`, cut to the points there are; i32.
  std::pair<Value, Value> readBounds(ValueRange position);
  /// Has the first warp tell the block what its rows are.
  void tellRows();
  Row readRow(Value row);
  /// Piece `piece` of the block, which may be none.
  Piece findPiece(Value piece);
  Piece readRanks(Value row, Value begin, Value length);
  /// The sum of a piece, as vectors of one access; complete in the first group.
  SmallVector<Value> sumPiece(const Piece &piece);
  SmallVector<Value> addGroups(ValueRange sum);
  /// Where access `access` of the item's channels begins.
  Value channelOf(int64_t access) {
    return add(toIndex(mul(item, number(width))),
               index(access * items * width));
  }
  void writeRow(Value row, ValueRange sum);
  void keepSum(Value slot, ValueRange sum);
  /// Adds up what the pieces from `from` to `to` are of row `row`.
  void collectRow(Value row, Value from, Value to, Value parity);
  /// Piece `number` of the block, in the round that begins with `from`: sums it
  /// and gives the values of the warp's next. `several` are the rows of
  /// several.
  SmallVector<Value> emitPiece(Value number, const Piece &piece, Value from,
                               Value several);
  void emitBody();

  ImplicitLocOpBuilder b;
  IntervalPoolOp op;
  ScheduleAttr schedule;
  MemRefType type;
  /// Threads of a group, groups of a warp, warps of a block, channels of an
  /// access, points that a group reads at once, pieces of a round, and the
  /// warps that take them.
  int64_t items, groups, warps, width, inFlight, slots, taking;

  /// The result and the bounds, with their rows in one dimension where they lie
  /// side by side.
  Value init, bounds;
  /// Sizes of the result without channels.
  SmallVector<OpFoldResult> sizes;
  Value numRows, numBlocks;
  Value block;
  /// Of the thread, i32: its warp, its number there, its group, its number
  /// there, and whether it is of the first group.
  Value warp, lane, group, item, isFirst;
  /// Of the lane's row: the pieces up to its end.
  Value upTo;
  /// Shared by a block: its number of pieces and the rows, a bit each, that
  /// have no pieces and that have several; of each row what `Row` is; pieces up
  /// to the end of each row; sums of pieces; sums that go on in the next round.
  Value header, table, ends, sums, carried;
};

} // namespace

void PoolKernel::emitIf(Value condition, function_ref<void()> body) {
  auto branch = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(branch.thenBlock()->getTerminator());
  body();
}

SmallVector<Value> PoolKernel::emitIf(Value condition,
                                      function_ref<SmallVector<Value>()> body,
                                      ValueRange otherwise) {
  auto branch = scf::IfOp::create(b, otherwise.getTypes(), condition,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, body());
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, otherwise);
  return SmallVector<Value>(branch.getResults());
}

SmallVector<Value>
PoolKernel::emitFor(Value from, Value to, Value step, ValueRange init,
                    function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(b, from, to, step, init);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next =
      body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!init.empty())
    scf::YieldOp::create(b, next);
  return SmallVector<Value>(loop.getResults());
}

Value PoolKernel::shared(gpu::LaunchOp launch, ArrayRef<int64_t> shape,
                         Type element) {
  auto space =
      gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  return launch.addWorkgroupAttribution(
      MemRefType::get(shape, element, MemRefLayoutAttrInterface(), space),
      b.getLoc());
}

//===----------------------------------------------------------------------===//
// Rows of a block
//===----------------------------------------------------------------------===//

Value PoolKernel::findRow(Value row) {
  // Long rows are neighbours: those of a block are spread over the result, each
  // so many further to the right that they form no column.
  OpFoldResult shift = affine::makeComposedFoldedAffineApply(
      b, b.getLoc(), (b.getAffineSymbolExpr(0) * 19).floorDiv(64),
      {sizes.back()});
  if (fitsIn31Bits(sizes)) {
    // The compiler of device code keeps parts of a division by a constant in
    // registers, twice as many for 64 bits. Less than a turn further, no sum
    // wraps.
    const int64_t blocks = *getConstantIntValue(numBlocks);
    Value count = number(blocks);
    Value further = mul(row, number(*getConstantIntValue(shift) % blocks));
    Value found =
        add(mul(row, count),
            arith::RemUIOp::create(b, add(toNumber(block), further), count));
    return arith::IndexCastUIOp::create(b, b.getIndexType(), found);
  }
  Value far = toIndex(row);
  Value further =
      mul(far, getValueOrCreateConstantIndexOp(b, b.getLoc(), shift));
  return add(mul(far, numBlocks),
             arith::RemUIOp::create(b, add(block, further), numBlocks));
}

SmallVector<Value> PoolKernel::positionOf(Value number) {
  if (cast<MemRefType>(init.getType()).getRank() == 2)
    return {number};
  if (fitsIn31Bits(sizes))
    number = toNumber(number);
  return delinearize(b, b.getLoc(), number, sizes);
}

std::pair<Value, Value> PoolKernel::readBounds(ValueRange position) {
  SmallVector<Value> at(position);
  at.push_back(index(0));
  Value begin = load(bounds, at);
  at.back() = index(1);
  Value end = load(bounds, at);
  begin = max(begin, number(0));
  // Not below begin: there is no negative number of points.
  return {begin, max(min(end, numPoints()), begin)};
}

void PoolKernel::tellRows() {
  Value zero = number(0), points = number(schedule.getPoints());
  Value row = findRow(lane);
  Value exists =
      both(less(lane, number(schedule.getRows())), less(row, numRows));
  SmallVector<Value> bounds = emitIf(exists,
                                     [&]() -> SmallVector<Value> {
                                       auto [begin, end] =
                                           readBounds(positionOf(row));
                                       return {begin, end};
                                     },
                                     {zero, zero});
  Value begin = bounds[0], end = bounds[1];
  Value count = arith::CeilDivUIOp::create(b, sub(end, begin), points);
  Value sum = count;
  for (int64_t distance = 1; distance < kWarp; distance *= 2) {
    auto below =
        gpu::ShuffleOp::create(b, sum, distance, kWarp, gpu::ShuffleMode::UP);
    Value there = less(number(distance - 1), lane);
    sum = add(sum, select(there, below.getShuffleResult(), zero));
  }
  Value before = sub(sum, count);
  memref::StoreOp::create(b, sum, ends, toIndex(lane));
  Value none = ballot(both(exists, equal(count, zero)));
  Value several = ballot(less(number(1), count));
  auto tell = [&](Value memory, ValueRange at, ArrayRef<Value> values) {
    Value all = vector::FromElementsOp::create(
        b, VectorType::get(values.size(), b.getI32Type()), values);
    vector::StoreOp::create(b, all, memory, at);
  };
  emitIf(equal(lane, number(kWarp - 1)),
         [&] { tell(header, index(0), {sum, none, several, zero}); });
  emitIf(less(lane, number(schedule.getRows())), [&] {
    tell(table, {toIndex(lane), index(0)},
         {sub(begin, mul(before, points)), end, before, count});
  });
}

PoolKernel::Row PoolKernel::readRow(Value row) {
  Value all = vector::LoadOp::create(b, VectorType::get(4, b.getI32Type()),
                                     table, {toIndex(row), index(0)});
  auto entry = [&](int64_t i) { return vector::ExtractOp::create(b, all, i); };
  return {entry(0), entry(1), entry(2), entry(3)};
}

//===----------------------------------------------------------------------===//
// Pieces of rows
//===----------------------------------------------------------------------===//

PoolKernel::Piece PoolKernel::readRanks(Value row, Value begin, Value length) {
  Value none = number(-1), at = add(begin, lane);
  if (!op.getRanksFeat())
    return {row, length, select(less(lane, length), at, none), none};
  SmallVector<Value> ranks = emitIf(less(lane, length),
                                    [&]() -> SmallVector<Value> {
                                      auto [rank, depthRank] =
                                          emitRanks(b, op, toIndex(at));
                                      return {rank, depthRank};
                                    },
                                    {none, none});
  return {row, length, ranks[0], ranks[1]};
}

PoolKernel::Piece PoolKernel::findPiece(Value piece) {
  Value zero = number(0), none = number(-1);
  Value total = load(header, index(0));
  return Piece::of(emitIf(less(piece, total),
                          [&] {
                            // Rows whose pieces are all before this one.
                            Value passed = ballot(arith::CmpIOp::create(
                                b, arith::CmpIPredicate::sle, upTo, piece));
                            Value row = math::CtPopOp::create(b, passed);
                            Row found = readRow(row);
                            Value points = number(schedule.getPoints());
                            Value begin = add(found.begin, mul(piece, points));
                            // Their distance, not their sum, fits.
                            Value length = min(sub(found.end, begin), points);
                            return readRanks(row, begin, length).values();
                          },
                          {zero, zero, none, none}));
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

SmallVector<Value> PoolKernel::sumPiece(const Piece &piece) {
  FormulaMode mode;
  mode.lanes = width;
  mode.guard = schedule.getGuard();
  const int64_t accesses = schedule.getLanes() / width;
  Value zero = number(0), step = number(groups * inFlight);
  // Reads need no guards where all points exist, but for the last few.
  Value whole =
      sub(piece.length, arith::RemUIOp::create(b, piece.length, step));
  Value rank = piece.rank, depth;
  if (op.getRanksFeat()) {
    Value here = less(lane, piece.length);
    Value exists = emitRanksExist(b, op, piece.rank, piece.depthRank);
    Value missing = ballot(less(toI32(exists), toI32(here)));
    whole = select(equal(missing, zero), whole, zero);
    rank = select(exists, rank, number(-1));
    depth = toBits(emitDepth(b, op, exists, piece.depthRank));
  }

  auto addPoints = [&](Value first, ValueRange sum, bool guarded) {
    SmallVector<Value> at, there, exists, ranks, rows;
    for (int64_t i = 0; i < inFlight; ++i) {
      at.push_back(add(add(first, number(i * groups)), group));
      ranks.push_back(ofLane(rank, at.back()));
      there.push_back(guarded ? less(at.back(), piece.length) : Value());
      exists.push_back(guarded
                           ? both(there.back(), less(number(-1), ranks.back()))
                           : Value());
    }
    // Not both accesses of a point behind one branch: a predicated load has
    // one.
    for (int64_t access = 0; access < accesses; ++access)
      for (int64_t i = 0; i < inFlight; ++i)
        rows.push_back(
            emitPooledRow(b, op, ranks[i], exists[i], channelOf(access), mode));
    SmallVector<Value> result(sum);
    for (int64_t i = 0; i < inFlight; ++i) {
      Value weight;
      if (depth) {
        // What is not in the piece may be infinite.
        Value bits = ofLane(depth, at[i]);
        weight = ofBits(guarded ? select(there[i], bits, zero) : bits);
      }
      for (int64_t access = 0; access < accesses; ++access)
        result[access] = emitWeightedRow(
            b, op, result[access], rows[access * inFlight + i], weight, mode);
    }
    return result;
  };
  SmallVector<Value> sum(
      accesses, arith::ConstantOp::create(
                    b, b.getZeroAttr(VectorType::get(width, b.getF32Type()))));
  sum = emitFor(zero, whole, step, sum, [&](Value first, ValueRange sum) {
    return addPoints(first, sum, /*guarded=*/false);
  });
  sum =
      emitFor(whole, piece.length, step, sum, [&](Value first, ValueRange sum) {
        return addPoints(first, sum, /*guarded=*/true);
      });
  return addGroups(sum);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

void PoolKernel::writeRow(Value row, ValueRange sum) {
  SmallVector<Value> at = positionOf(findRow(row));
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

SmallVector<Value> PoolKernel::emitPiece(Value number, const Piece &piece,
                                         Value from, Value several) {
  // The ranks of the next are read before the features of this one.
  Piece next = findPiece(add(number, this->number(taking)));
  SmallVector<Value> sum = sumPiece(piece);
  Value hasSeveral = hasBit(several, piece.row);
  emitIf(isFirst, [&] {
    auto branch = scf::IfOp::create(b, hasSeveral, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    keepSum(sub(number, from), sum);
    b.setInsertionPointToStart(branch.elseBlock());
    writeRow(piece.row, sum);
  });
  return next.values();
}

void PoolKernel::emitBody() {
  Value zero = number(0), warpSize = number(kWarp);
  lane = arith::RemUIOp::create(b, warp, warpSize);
  warp = arith::DivUIOp::create(b, warp, warpSize);
  // Lanes that are left over do what the last one does.
  Value size = number(items);
  group = min(arith::DivUIOp::create(b, lane, size), number(groups - 1));
  item = min(sub(lane, mul(group, size)), number(items - 1));
  isFirst = less(lane, size);

  emitIf(equal(warp, zero), [&] { tellRows(); });
  gpu::BarrierOp::create(b);
  upTo = load(ends, toIndex(lane));
  Value total = load(header, index(0));
  Value several = load(header, index(2));
  Value numWarps = number(warps);
  Piece first = findPiece(warp);

  Value isNone = load(header, index(1));
  Value rows = number(schedule.getRows());
  emitFor(warp, rows, numWarps, {}, [&](Value row, ValueRange) {
    emitIf(both(hasBit(isNone, row), isFirst), [&] {
      Value none = arith::ConstantOp::create(
          b, b.getZeroAttr(VectorType::get(width, b.getF32Type())));
      writeRow(row, SmallVector<Value>(schedule.getLanes() / width, none));
    });
    return SmallVector<Value>();
  });

  Value stride = number(taking);
  emitFor(zero, total, number(slots), first.values(),
          [&](Value from, ValueRange state) {
            Value to = min(add(from, number(slots)), total);
            SmallVector<Value> next = emitFor(
                add(from, warp), to, stride, state,
                [&](Value piece, ValueRange values) {
                  return emitPiece(piece, Piece::of(values), from, several);
                });
            Value isAny = arith::CmpIOp::create(b, arith::CmpIPredicate::ne,
                                                several, zero);
            emitIf(isAny, [&] {
              gpu::BarrierOp::create(b);
              Value round = arith::DivUIOp::create(b, from, number(slots));
              Value parity = both(round, number(1));
              emitFor(warp, rows, numWarps, {}, [&](Value row, ValueRange) {
                emitIf(hasBit(several, row),
                       [&] { collectRow(row, from, to, parity); });
                return SmallVector<Value>();
              });
              gpu::BarrierOp::create(b);
            });
            return next;
          });
}

Value PoolKernel::viewRows(Value table, OpFoldResult count) {
  // Not a view that merges dimensions: its users would divide rows into indices
  // again.
  auto flat = cast<MemRefType>(table.getType());
  const int64_t size = flat.getShape().back();
  const int64_t rows =
      getConstantIntValue(count).value_or(ShapedType::kDynamic);
  auto view =
      MemRefType::get({rows, size}, flat.getElementType(),
                      MemRefLayoutAttrInterface(), flat.getMemorySpace());
  return memref::ReinterpretCastOp::create(
      b, view, table, b.getIndexAttr(0),
      ArrayRef<OpFoldResult>{count, b.getIndexAttr(size)},
      ArrayRef<OpFoldResult>{b.getIndexAttr(size), b.getIndexAttr(1)});
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
  Value one = index(1), threads = index(schedule.getThreads());
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
  auto launch =
      gpu::LaunchOp::create(b, numBlocks, one, one, threads, one, one);
  if (schedule.getBlocks() != 0)
    launch->setAttr("bev.blocks", b.getI64IntegerAttr(schedule.getBlocks()));

  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  const int64_t channels = type.getShape().back();
  header = shared(launch, 4, i32);
  table = shared(launch, {schedule.getRows(), 4}, i32);
  ends = shared(launch, kWarp, i32);
  sums = shared(launch, {slots, channels}, f32);
  carried = shared(launch, {2, channels}, f32);
  b.setInsertionPointToStart(&launch.getBody().front());
  auto terminator = gpu::TerminatorOp::create(b);
  b.setInsertionPoint(terminator);
  block = launch.getBlockIds().x;
  warp = toNumber(launch.getThreadIds().x);
  emitBody();
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
