// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernel of a pool of intervals.

#ifndef BEV_CONVERSION_BEVTOGPU_POOLKERNEL_H
#define BEV_CONVERSION_BEVTOGPU_POOLKERNEL_H

#include "KernelBuilder.h"
#include "PoolOrder.h"

#include "bev/Dialect/BEV/IR/Pooling.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace mlir::bev {

/// Emits the kernel of one op.
///
/// A block has some rows of the result, far from each other. The points of each
/// row are cut into pieces, those of rows of several pieces before others, and
/// the lanes of each warp are teams that take the next piece, whichever row it
/// is of. A team goes through its piece in batches of up to four points for
/// each lane, which reads their ranks and depths, and leaves them in shared
/// memory for the others. Its lanes are groups of as many as a row has work
/// items, mostly one, but of points without ranks as many as a warp has; groups
/// take point after point, and are added up in the end. The teams of a warp
/// make each step at once, but of pieces of their own. The sum of a row of one
/// piece goes to the result. Those of rows of several go to shared memory, and
/// are added up in order when all are there: at once where they fit, else in
/// rounds of as many pieces as do. What a row's sum is thus depends on nothing
/// but its points.
class PoolKernel : KernelBuilder {
public:
  /// With `bulkPrefetch` blocks prefetch what the schedule says, with
  /// `overlaps` they read constants before they wait. Tables are added to the
  /// `symbols` of the op's module.
  PoolKernel(IntervalPoolOp op, bool bulkPrefetch, bool overlaps,
             SymbolTable &symbols);

  /// Emits everything before the op, and erases it.
  void emit();

private:
  static constexpr int64_t kWarp = 32;
  /// Pieces of a row, at most, so that those of a block can be counted; the
  /// last has all the points that are left.
  static constexpr int64_t kMaxPieces = (1 << 25) - 1;

  /// Points that a team is to sum: the number of their piece in the round, the
  /// first of them, and how many there are from there to the end of the piece,
  /// none if there is no piece; of the lane's points, the ranks.
  struct Batch {
    Value slot, begin, left;
    SmallVector<Value> ranks, depthRanks;

    SmallVector<Value> values() const {
      SmallVector<Value> values = {slot, begin, left};
      llvm::append_range(values, ranks);
      llvm::append_range(values, depthRanks);
      return values;
    }
    static Batch of(ValueRange values) {
      ValueRange ranks = values.drop_front(3);
      const size_t count = ranks.size() / 2;
      return {values[0], values[1], values[2],
              SmallVector<Value>(ranks.take_front(count)),
              SmallVector<Value>(ranks.take_back(count))};
    }
  };

  /// What a block knows of one of its rows: its first point, its end, the
  /// pieces before its own, and how many are its own.
  struct Row {
    Value begin, end, before, count;
  };

  /// A depth as the bits that lanes exchange: those of an f32, or, where rows
  /// are multiplied in their own type, of that.
  Value toBits(Value depth) {
    Type i32 = b.getI32Type(), f32 = b.getF32Type();
    unsigned width = depth.getType().getIntOrFloatBitWidth();
    if (schedule.getPacked() && width < 32)
      return toI32(arith::BitcastOp::create(b, b.getIntegerType(width), depth));
    if (width < 32)
      depth = arith::ExtFOp::create(b, f32, depth);
    return arith::BitcastOp::create(b, i32, depth);
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
  /// Whether `condition` holds in all lanes, and in any.
  Value ofAll(Value condition) {
    return NVVM::VoteSyncOp::create(b, b.getI1Type(), number(-1), condition,
                                    NVVM::VoteSyncKind::all);
  }
  Value ofAny(Value condition) {
    return NVVM::VoteSyncOp::create(b, b.getI1Type(), number(-1), condition,
                                    NVVM::VoteSyncKind::any);
  }

  // Structure.
  Value numPoints() {
    return toNumber(
        getValueOrCreateConstantIndexOp(b, b.getLoc(), getNumPoints(b, op)));
  }
  /// `table`, whose rows lie side by side, as `count` rows.
  Value viewRows(Value table, OpFoldResult count);
  /// Which row of the result (an index) row `row` (i32) of the block is: as far
  /// apart as there are blocks.
  Value findRow(Value row);
  /// The indices of that row in the result and in the bounds.
  SmallVector<Value> positionOf(Value number);
  /// Bounds cut to the points there are; i32.
  std::pair<Value, Value> cut(Value begin, Value end);
  /// The row of the result (an index) that a lane of the block's first warp
  /// has, whether it has one, and the row's bounds.
  struct OwnRow {
    Value row, exists, begin, end;
  };
  OwnRow readRowOfLane();
  /// Has the first warp tell the block what its rows are.
  void tellRows();
  Row readRow(Value row);
  /// Has a lane tell the block where the pieces are that its row has among
  /// the `size` of the round that begins with `from`.
  void tellPieces(const Row &row, Value from, Value size);
  /// Pieces of a round of a block that has `several` of rows of several.
  Value roundSizeFor(Value several);
  /// The first batch of piece `slot` of the round if `condition` holds, else
  /// that of these points.
  Batch findBatch(Value slot, Value condition, ValueRange otherwise);
  Batch readRanks(Value slot, Value begin, Value left);
  /// Entries of piece `slot` of the round, from `first` on.
  SmallVector<Value> readPiece(Value slot, int64_t first, int64_t count);
  /// Has the team's lanes leave the ranks and depths of a batch for each other,
  /// -1 for points that do not exist. `meanwhile` goes between reads and their
  /// use. Gives whether all points exist that the lane was to read.
  Value exchange(const Batch &batch, function_ref<void()> meanwhile);
  /// `sum` plus the points of a batch; `complete`: what `exchange` gave.
  SmallVector<Value> addBatch(const Batch &batch, Value complete,
                              ValueRange sum);
  /// Where the team leaves what it exchanges of a batch's point, the `more`-th
  /// behind `point`.
  Value wordOf(Value point, int64_t more);
  /// Ranks and depths (bits) of the points that the group reads at once, from
  /// `first` of the batch on.
  std::pair<SmallVector<Value>, SmallVector<Value>>
  readPoints(const Batch &batch, Value first);
  /// `sum` plus those points, which all exist unless `guarded`.
  SmallVector<Value> addPoints(const Batch &batch, Value first, ValueRange sum,
                               bool guarded);
  /// `sum` plus the sum of rows times weights (bits), in the rows' own type.
  Value addPackedRows(Value sum, ValueRange rows, ValueRange weights);
  /// Complete in the first group.
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
  SmallVector<Value> zeroSum();
  /// Sums a batch of a round of `count` pieces, and gives the values of the
  /// team's next and the sum so far.
  SmallVector<Value> emitBatch(const Batch &batch, ValueRange sum, Value count);
  /// Keeps or writes the sum of piece `slot` of the round.
  void finishPiece(Value slot, ValueRange sum);
  void writeEmptyRows();
  void emitBody();
  /// Has blocks begin by prefetching operands.
  void prefetch(gpu::LaunchOp launch);

  IntervalPoolOp op;
  SymbolTable &symbols;
  ScheduleAttr schedule;
  Prefetch prefetched;
  /// What a block reads before it waits for what it depends on.
  enum class Ahead { nothing, order, ranks };
  bool overlaps;
  Ahead ahead;
  MemRefType type;
  /// Threads of a group, groups of a team, its threads, teams of a warp and of
  /// a block, points of a lane and of a team in a batch, channels of an access,
  /// points that a group reads at once, pieces whose sums can wait, and words
  /// of a point that lanes exchange.
  int64_t items, groups, team, teams, allTeams, ofLanes, batchSize, width,
      inFlight, waiting, pointWords;

  /// The result and the bounds, with their rows in one dimension where they lie
  /// side by side.
  Value init, bounds;
  /// The rows of all blocks with their bounds, or absent.
  Value order;
  /// Sizes of the result without channels.
  SmallVector<OpFoldResult> sizes;
  Value numRows, numBlocks;
  Value block;
  /// Of the thread, i32: its warp, its number there, its team, its number
  /// there, that of its group in the team, its number there, and whether it is
  /// of its team's first group; whether it is a team's at all.
  Value warp, lane, ofTeam, member, group, item, isFirst, isMember;
  /// Shared by a block: its number of pieces, the rows, a bit each, that have
  /// none and that have several, and the pieces of the latter; of each row what
  /// `Row` is, and which of the result's it is; of each piece of the round its
  /// first point and length, its row and whether that has others; sums of
  /// pieces; sums that go on in the next round; of each team the ranks and
  /// depths (bits) of its batch.
  Value header, table, numbers, pieces, sums, carried, exchanged;
};

} // namespace mlir::bev

#endif // BEV_CONVERSION_BEVTOGPU_POOLKERNEL_H
