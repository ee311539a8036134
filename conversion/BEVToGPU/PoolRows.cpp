// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which rows and pieces a block of a pool has.

#include "PoolKernel.h"

#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::bev;

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

Value PoolKernel::findRow(Value row) {
  // Most of the long rows are in the middle of the result. Where the parts of
  // the result meet there, the first blocks take begins and ends of parts, else
  // what is in their middle.
  const bool isOdd = schedule.getRows() % 2 != 0;
  // Long rows are neighbours: those of a block are spread over the result, each
  // so many further to the right that they form no column.
  OpFoldResult shift = affine::makeComposedFoldedAffineApply(
      b, b.getLoc(), (b.getAffineSymbolExpr(0) * 19).floorDiv(64),
      {sizes.back()});
  auto order = [&](Value block, Value blocks, Value one) {
    Value half = arith::ShRUIOp::create(b, block, one);
    Value middle = arith::ShRUIOp::create(b, blocks, one);
    Value isBefore = arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                                           both(block, one), one);
    Value before = sub(sub(isOdd ? middle : blocks, one), half);
    return select(isBefore, before, isOdd ? add(middle, half) : half);
  };
  if (fitsIn31Bits(sizes)) {
    // The compiler of device code keeps parts of a division by a constant in
    // registers, twice as many for 64 bits.
    const int64_t blocks = *getConstantIntValue(numBlocks);
    Value count = number(blocks);
    // Less than a turn further, no unsigned sum wraps.
    Value further = mul(row, number(*getConstantIntValue(shift) % blocks));
    further = add(further, order(toNumber(block), count, number(1)));
    Value found =
        add(mul(row, count), arith::RemUIOp::create(b, further, count));
    return arith::IndexCastUIOp::create(b, b.getIndexType(), found);
  }
  Value far = toIndex(row);
  Value further =
      mul(far, getValueOrCreateConstantIndexOp(b, b.getLoc(), shift));
  further = add(further, order(block, numBlocks, index(1)));
  return add(mul(far, numBlocks),
             arith::RemUIOp::create(b, further, numBlocks));
}

SmallVector<Value> PoolKernel::positionOf(Value number) {
  if (cast<MemRefType>(init.getType()).getRank() == 2)
    return {number};
  if (fitsIn31Bits(sizes))
    number = toNumber(number);
  return delinearize(b, b.getLoc(), number, sizes);
}

std::pair<Value, Value> PoolKernel::cut(Value begin, Value end) {
  begin = max(begin, number(0));
  // Not below begin: there is no negative number of points.
  return {begin, max(min(end, numPoints()), begin)};
}

PoolKernel::OwnRow PoolKernel::readRowOfLane() {
  Value zero = number(0), rows = number(schedule.getRows());
  Value isOne = less(lane, rows);
  if (order) {
    Value slot = add(mul(toNumber(block), rows), lane);
    SmallVector<Value> found =
        emitIf(isOne,
               [&]() -> SmallVector<Value> {
                 SmallVector<Value> words =
                     loadWords(order, {toIndex(slot), index(0)}, kOrderWords);
                 auto [begin, end] = cut(words[1], words[2]);
                 return {words[0], begin, end};
               },
               {number(-1), zero, zero});
    Value exists =
        arith::CmpIOp::create(b, arith::CmpIPredicate::sge, found[0], zero);
    return {toIndex(found[0]), exists, found[1], found[2]};
  }
  Value row = findRow(lane);
  Value exists = both(isOne, less(row, numRows));
  SmallVector<Value> found = emitIf(exists,
                                    [&]() -> SmallVector<Value> {
                                      SmallVector<Value> at = positionOf(row);
                                      at.push_back(index(0));
                                      Value begin = load(bounds, at);
                                      at.back() = index(1);
                                      auto [from, to] =
                                          cut(begin, load(bounds, at));
                                      return {from, to};
                                    },
                                    {zero, zero});
  return {row, exists, found[0], found[1]};
}

void PoolKernel::tellRows() {
  Value zero = number(0), one = number(1);
  Value points = number(schedule.getPoints());
  const OwnRow own = readRowOfLane();
  Value row = own.row, exists = own.exists, begin = own.begin, end = own.end;
  Value count = min(arith::CeilDivUIOp::create(b, sub(end, begin), points),
                    number(kMaxPieces));
  // Rows of several pieces come first: their pieces are the longest, and those
  // whose sums wait.
  Value hasSeveral = less(one, count);
  Value counted = select(hasSeveral, count, zero), sum = counted;
  for (int64_t distance = 1; distance < kWarp; distance *= 2) {
    auto below =
        gpu::ShuffleOp::create(b, sum, distance, kWarp, gpu::ShuffleMode::UP);
    Value there = less(number(distance - 1), lane);
    sum = add(sum, select(there, below.getShuffleResult(), zero));
  }
  Value ofSeveral = ofLane(sum, number(kWarp - 1));
  Value none = ballot(both(exists, equal(count, zero)));
  Value several = ballot(hasSeveral), single = ballot(equal(count, one));
  auto countBits = [&](Value bits) {
    return math::CtPopOp::create(b, bits).getResult();
  };
  Value below = sub(arith::ShLIOp::create(b, one, lane), one);
  Value before = select(hasSeveral, sub(sum, counted),
                        add(ofSeveral, countBits(both(single, below))));
  emitIf(equal(lane, zero), [&] {
    storeWords(header, index(0),
               ValueRange{add(ofSeveral, countBits(single)), none, several,
                          ofSeveral});
  });
  emitIf(less(lane, number(schedule.getRows())), [&] {
    storeWords(table, {toIndex(lane), index(0)}, {begin, end, before, count});
    memref::StoreOp::create(b, row, numbers, toIndex(lane));
  });
  tellPieces({begin, end, before, count}, zero, roundSizeFor(ofSeveral));
}

PoolKernel::Row PoolKernel::readRow(Value row) {
  SmallVector<Value> words = loadWords(table, {toIndex(row), index(0)}, 4);
  return {words[0], words[1], words[2], words[3]};
}

Value PoolKernel::roundSizeFor(Value several) {
  // With no more than one piece for each other row, all are in one round.
  return select(less(number(waiting), several), number(waiting),
                number(waiting + schedule.getRows()));
}

void PoolKernel::tellPieces(const Row &row, Value from, Value size) {
  Value one = number(1), points = number(schedule.getPoints());
  Value hasOthers = toI32(less(one, row.count));
  Value first = max(sub(row.before, from), number(0));
  Value last = min(sub(add(row.before, row.count), from), size);
  emitFor(first, last, one, {}, [&](Value slot, ValueRange) {
    Value piece = add(sub(from, row.before), slot);
    Value begin = add(row.begin, mul(piece, points));
    Value isLast = equal(add(piece, one), row.count);
    Value length = select(isLast, sub(row.end, begin), points);
    storeWords(pieces, {toIndex(slot), index(0)},
               {begin, length, lane, hasOthers});
    return SmallVector<Value>();
  });
}
