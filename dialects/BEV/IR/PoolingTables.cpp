// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables that voxel_pool sums by.  Those that are known are constants.
// Else intervals are written at their cells; cells of points are first sorted
// by a radix sort that keeps their order: chunks of points are counted, counts
// added up, and every point moved to the place that is left for it.  Each place
// is written once, by one work item.
//
// Work items are chunks, each of which counts and places its points one after
// the other; or, for devices with threads enough, the counts of one digit in a
// chunk, and points, each of which counts those before it in its chunk.

#include "ConstantTables.h"

#include "bev/Dialect/BEV/IR/Pooling.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Bits of a key that one round sorts by, at most.
constexpr int64_t kDigitBits = 8, kManyThreadsDigitBits = 6;
/// Points that are counted and placed together.
constexpr int64_t kChunk = 512, kManyThreadsChunk = 64;
/// Chunks whose counts are added up before those of others.
constexpr int64_t kGroup = 32, kManyThreadsGroup = 16;
/// Cells whose bounds may be a constant.
constexpr int64_t kMaxKnown = 1 << 26;
/// Times that sums are added up in groups where their number is not known.
constexpr int64_t kLevels = 2;

class TableBuilder {
public:
  TableBuilder(OpBuilder &builder, VoxelPoolOp op, bool manyThreads)
      : b(op.getLoc(), builder), op(op), manyThreads(manyThreads) {
    auto type = cast<RankedTensorType>(op.getInit().getType());
    for (int64_t dim = 0; dim < 4; ++dim)
      grid.push_back(tensor::getMixedSize(b, b.getLoc(), op.getInit(), dim));
    ArrayRef<int64_t> shape = type.getShape().drop_back();
    gridShape.assign(shape.begin(), shape.end());
    numCells = multiply(grid);
    i32 = b.getI32Type();
    chunkSize = manyThreads ? kManyThreadsChunk : kChunk;
    digitBits = manyThreads ? kManyThreadsDigitBits : kDigitBits;
    groupSize = manyThreads ? kManyThreadsGroup : kGroup;
    // Digits of the largest key, the number of cells, are alike.
    if (std::optional<int64_t> largest = getConstantIntValue(numCells))
      if (int64_t bits = llvm::Log2_64(*largest) + 1; manyThreads)
        digitBits = llvm::divideCeil(bits, llvm::divideCeil(bits, digitBits));
    numDigits = int64_t(1) << digitBits;
  }

  IntervalPoolOp build();

private:
  IntervalPoolOp buildOfSegments();

  // Arithmetic.
  Value index(int64_t value) { return b.create<arith::ConstantIndexOp>(value); }
  Value constant(int64_t value) {
    return arith::ConstantOp::create(b, b.getI32IntegerAttr(value));
  }
  Value toValue(OpFoldResult x) {
    return getValueOrCreateConstantIndexOp(b, b.getLoc(), x);
  }
  Value toIndex(Value x) {
    return arith::IndexCastOp::create(b, b.getIndexType(), x);
  }
  Value toI32(Value x) { return arith::IndexCastOp::create(b, i32, x); }
  Value add(Value x, Value y) { return b.createOrFold<arith::AddIOp>(x, y); }
  Value mul(Value x, Value y) { return b.createOrFold<arith::MulIOp>(x, y); }
  Value less(Value x, Value y) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x, y);
  }
  /// 0 <= x < size, of signed numbers.
  Value within(Value x, Value size) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ult, x, size);
  }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, condition, x, y);
  }
  Value min(Value x, Value y) { return b.createOrFold<arith::MinSIOp>(x, y); }
  OpFoldResult multiply(ArrayRef<OpFoldResult> sizes);
  OpFoldResult ceilDiv(OpFoldResult x, int64_t divisor);
  Value read(Value table, ValueRange at) {
    return tensor::ExtractOp::create(b, table, at);
  }

  // Tensors.
  Value empty(ArrayRef<OpFoldResult> sizes) {
    return tensor::EmptyOp::create(b, sizes, i32);
  }
  /// All dimensions but the last `keep` as one.
  Value collapse(Value value, int64_t keep);
  using Element = function_ref<Value(ValueRange index)>;
  /// A table of i32, element by element.
  Value tabulate(ArrayRef<OpFoldResult> sizes, Element element);
  /// The sum (i32) of `term` over an index.
  Value sum(Value lower, Value upper, function_ref<Value(Value)> term);
  /// The same over at most `most` indices below `size`. With many threads a
  /// loop of so many, whose reads do not wait for each other.
  Value sum(Value lower, Value upper, int64_t most, Value size,
            function_ref<Value(Value)> term);

  // Tables that are known.
  Value table(ArrayRef<int32_t> numbers, ArrayRef<int64_t> shape);
  /// [B,Z,Y,X,2].
  Value tableOfBounds(ArrayRef<int32_t> bounds);
  /// Bounds of intervals that are constants, else null.
  Value knownBoundsOfIntervals();
  /// The same of cells, and the ranks of their points.
  struct KnownPoints {
    Value ranksDepth, ranksFeat, bounds;
  };
  std::optional<KnownPoints> knownPointsOfCells();

  // Other tables.
  Value boundsOfIntervals();
  Value keysOfCells(OpFoldResult numPoints);
  /// Sorts keys and the points they belong to by one digit.
  SmallVector<Value> sortByDigit(ValueRange keysAndPoints,
                                 OpFoldResult numPoints, Value shift);
  Value countDigit(Value keys, Value begin, Value end, Value digit,
                   Value shift);
  Value countDigits(Value keys, Value numPoints, OpFoldResult chunks,
                    Value shift);
  /// [rows, digits] of counts [rows, digits]: for each row and digit, the sum
  /// of all that have a smaller digit, and of those of the digit before the
  /// row. Rows are added up in groups first, so many times.
  Value startsOfDigits(Value counts, OpFoldResult rows, int64_t levels);
  /// Where the points go that have digits with such starts, per chunk.
  Value placeOfPoint(Value keys, Value starts, Value point, Value shift);
  Value placesOfChunks(Value keys, Value starts, OpFoldResult numPoints,
                       OpFoldResult chunks, Value shift);
  Value boundsOfKeys(Value keys, OpFoldResult numPoints);
  Value digitOf(Value key, Value shift);

  ImplicitLocOpBuilder b;
  VoxelPoolOp op;
  Type i32;
  SmallVector<OpFoldResult> grid;
  SmallVector<int64_t> gridShape;
  OpFoldResult numCells;
  bool manyThreads;
  int64_t chunkSize, digitBits, numDigits, groupSize;
};

} // namespace

//===----------------------------------------------------------------------===//
// Arithmetic and tensors
//===----------------------------------------------------------------------===//

OpFoldResult TableBuilder::multiply(ArrayRef<OpFoldResult> sizes) {
  AffineExpr product = b.getAffineConstantExpr(1);
  for (size_t i = 0; i < sizes.size(); ++i)
    product = product * b.getAffineSymbolExpr(i);
  return affine::makeComposedFoldedAffineApply(b, b.getLoc(), product, sizes);
}

OpFoldResult TableBuilder::ceilDiv(OpFoldResult x, int64_t divisor) {
  return affine::makeComposedFoldedAffineApply(
      b, b.getLoc(), b.getAffineSymbolExpr(0).ceilDiv(divisor), {x});
}

Value TableBuilder::collapse(Value value, int64_t keep) {
  int64_t rank = cast<ShapedType>(value.getType()).getRank();
  SmallVector<ReassociationIndices> groups;
  groups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(0, rank - keep)));
  for (int64_t dim = rank - keep; dim < rank; ++dim)
    groups.push_back({dim});
  return tensor::CollapseShapeOp::create(b, value, groups);
}

Value TableBuilder::tabulate(ArrayRef<OpFoldResult> sizes, Element element) {
  SmallVector<utils::IteratorType> loops(sizes.size(),
                                         utils::IteratorType::parallel);
  Value init = empty(sizes);
  auto generic = linalg::GenericOp::create(
      b, init.getType(), /*inputs=*/ValueRange{}, init,
      ArrayRef<AffineMap>{b.getMultiDimIdentityMap(sizes.size())}, loops,
      [&](OpBuilder &body, Location loc, ValueRange) {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(body.getInsertionBlock());
        SmallVector<Value> at;
        for (size_t dim = 0; dim < sizes.size(); ++dim)
          at.push_back(linalg::IndexOp::create(b, dim));
        linalg::YieldOp::create(b, element(at));
      });
  return generic.getResult(0);
}

Value TableBuilder::sum(Value lower, Value upper,
                        function_ref<Value(Value)> term) {
  auto loop = scf::ForOp::create(b, lower, upper, index(1), constant(0));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  scf::YieldOp::create(
      b, add(loop.getRegionIterArg(0), term(loop.getInductionVar())));
  return loop.getResult(0);
}

Value TableBuilder::sum(Value lower, Value upper, int64_t most, Value size,
                        function_ref<Value(Value)> term) {
  if (!manyThreads)
    return sum(lower, upper, term);
  Value last = b.createOrFold<arith::SubIOp>(size, index(1));
  return sum(index(0), index(most), [&](Value i) {
    Value at = add(lower, i);
    return select(less(at, upper), term(min(at, last)), constant(0));
  });
}

//===----------------------------------------------------------------------===//
// Tables that are known
//===----------------------------------------------------------------------===//

Value TableBuilder::table(ArrayRef<int32_t> numbers, ArrayRef<int64_t> shape) {
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(RankedTensorType::get(shape, i32), numbers));
}

Value TableBuilder::tableOfBounds(ArrayRef<int32_t> bounds) {
  SmallVector<int64_t> shape(gridShape);
  shape.push_back(2);
  return table(bounds, shape);
}

Value TableBuilder::knownBoundsOfIntervals() {
  std::optional<int64_t> cells = getConstantIntValue(numCells);
  if (!cells || *cells > kMaxKnown)
    return {};
  std::optional<SmallVector<int32_t>> ranks = getTable(op.getRanksBev()),
                                      starts = getTable(op.getIntervalStarts()),
                                      lengths =
                                          getTable(op.getIntervalLengths());
  if (!ranks || !starts || !lengths)
    return {};
  return tableOfBounds(
      bev::detail::boundsOfIntervals(*ranks, *starts, *lengths, *cells));
}

std::optional<TableBuilder::KnownPoints> TableBuilder::knownPointsOfCells() {
  auto type = cast<ShapedType>(op.getCells().getType());
  std::optional<int64_t> numCells = getConstantIntValue(this->numCells);
  if (!type.hasStaticShape() || !numCells || *numCells > kMaxKnown)
    return std::nullopt;
  std::optional<SmallVector<int32_t>> cells = getTable(op.getCells());
  if (!cells)
    return std::nullopt;
  ArrayRef<int64_t> shape = type.getShape();
  bev::detail::SortedPoints points = bev::detail::sortCells(
      *cells, {shape[0], shape[1], shape[2], shape[3] * shape[4]},
      *numCells / shape[0]);
  // A table without points would be no buffer: one has a point of no cell.
  for (SmallVector<int32_t> *ranks : {&points.ranksDepth, &points.ranksFeat})
    if (ranks->empty())
      ranks->push_back(0);
  const auto count = static_cast<int64_t>(points.ranksDepth.size());
  return KnownPoints{table(points.ranksDepth, count),
                     table(points.ranksFeat, count),
                     tableOfBounds(points.bounds)};
}

//===----------------------------------------------------------------------===//
// Other tables
//===----------------------------------------------------------------------===//

/// [cells, 2]. Intervals that do not count go to a row behind the cells.
Value TableBuilder::boundsOfIntervals() {
  Value starts = op.getIntervalStarts(), ranks = op.getRanksBev();
  Value cells = toValue(numCells);
  AffineExpr next = b.getAffineSymbolExpr(0) + 1;
  OpFoldResult rows =
      affine::makeComposedFoldedAffineApply(b, b.getLoc(), next, {numCells});
  OpFoldResult one = b.getIndexAttr(1), two = b.getIndexAttr(2),
               zero = b.getIndexAttr(0);
  Value none =
      linalg::FillOp::create(b, constant(0), empty({rows, two})).getResult(0);
  Value numPoints = toI32(b.createOrFold<tensor::DimOp>(ranks, 0));
  auto loop = scf::ForallOp::create(
      b, {tensor::getMixedSize(b, b.getLoc(), starts, 0)}, none,
      /*mapping=*/std::nullopt);
  b.setInsertionPointToStart(loop.getBody());
  Value i = loop.getInductionVar(0), out = loop.getRegionIterArgs()[0];

  Value start = read(starts, i), length = read(op.getIntervalLengths(), i);
  Value isPoint = within(start, numPoints);
  auto branch = scf::IfOp::create(b, i32, isPoint, /*withElseRegion=*/true);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, read(ranks, toIndex(start)));
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, constant(-1));
  b.setInsertionPointAfter(branch);
  Value cell = toIndex(branch.getResult(0));
  Value counts = arith::AndIOp::create(
      b, arith::AndIOp::create(b, isPoint, less(constant(0), length)),
      within(cell, cells));
  Value row = select(counts, cell, cells);
  // The sum of start and length may not fit: the rest of the points does.
  Value rest = arith::SubIOp::create(b, numPoints, start);
  Value end = add(start, min(length, rest));

  SmallVector<OpFoldResult> offsets = {row, zero}, sizes = {one, two},
                            strides = {one, one};
  Value slice = tensor::ExtractSliceOp::create(b, out, offsets, sizes, strides);
  slice = tensor::InsertOp::create(b, select(counts, start, constant(0)), slice,
                                   ValueRange{index(0), index(0)});
  slice = tensor::InsertOp::create(b, select(counts, end, constant(0)), slice,
                                   ValueRange{index(0), index(1)});
  b.setInsertionPointToStart(loop.getTerminator().getBody());
  tensor::ParallelInsertSliceOp::create(b, slice, out, offsets, sizes, strides);
  b.setInsertionPointAfter(loop);
  return tensor::ExtractSliceOp::create(
      b, loop.getResult(0), ArrayRef<OpFoldResult>{zero, zero},
      ArrayRef<OpFoldResult>{numCells, two}, strides);
}

/// [points]: the cell of each point among those of all batch rows, or the
/// number of cells.
Value TableBuilder::keysOfCells(OpFoldResult numPoints) {
  Value cells = collapse(op.getCells(), 0);
  Value perRow = toI32(toValue(multiply(ArrayRef(grid).drop_front())));
  Value all = toI32(toValue(numCells));
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(b, b.getLoc(), op.getCells());
  Value rowPoints = toValue(multiply(ArrayRef(sizes).drop_front()));
  return tabulate({numPoints}, [&](ValueRange at) {
    Value cell = read(cells, at);
    Value batch = toI32(arith::DivUIOp::create(b, at[0], rowPoints));
    return select(within(cell, perRow), add(mul(batch, perRow), cell), all);
  });
}

/// An index.
Value TableBuilder::digitOf(Value key, Value shift) {
  Value digit = arith::AndIOp::create(b, arith::ShRUIOp::create(b, key, shift),
                                      constant(numDigits - 1));
  return toIndex(digit);
}

/// How many keys of a chunk, from position `begin` to `end`, have such a digit.
Value TableBuilder::countDigit(Value keys, Value begin, Value end, Value digit,
                               Value shift) {
  return sum(begin, end, [&](Value point) -> Value {
    Value same = arith::CmpIOp::create(
        b, arith::CmpIPredicate::eq, digitOf(read(keys, point), shift), digit);
    return arith::ExtUIOp::create(b, i32, same);
  });
}

/// [chunks, digits].
Value TableBuilder::countDigits(Value keys, Value numPoints,
                                OpFoldResult chunks, Value shift) {
  OpFoldResult one = b.getIndexAttr(1), zero = b.getIndexAttr(0),
               digits = b.getIndexAttr(numDigits);
  if (manyThreads)
    return tabulate({chunks, digits}, [&](ValueRange at) {
      Value begin = mul(at[0], index(chunkSize));
      return countDigit(keys, begin,
                        min(add(begin, index(chunkSize)), numPoints), at[1],
                        shift);
    });
  auto loop = scf::ForallOp::create(b, {chunks}, empty({chunks, digits}),
                                    /*mapping=*/std::nullopt);
  b.setInsertionPointToStart(loop.getBody());
  Value chunk = loop.getInductionVar(0), out = loop.getRegionIterArgs()[0];
  SmallVector<OpFoldResult> offsets = {chunk, zero}, sizes = {one, digits},
                            strides = {one, one};
  Value row = tensor::ExtractSliceOp::create(b, out, offsets, sizes, strides);
  row = linalg::FillOp::create(b, constant(0), row).getResult(0);
  Value begin = mul(chunk, index(chunkSize));
  Value end = min(add(begin, index(chunkSize)), numPoints);
  auto counting = scf::ForOp::create(b, begin, end, index(1), row);
  b.setInsertionPointToStart(counting.getBody());
  Value counts = counting.getRegionIterArg(0);
  SmallVector<Value> at = {
      index(0), digitOf(read(keys, counting.getInductionVar()), shift)};
  counts = tensor::InsertOp::create(b, add(read(counts, at), constant(1)),
                                    counts, at);
  scf::YieldOp::create(b, counts);
  b.setInsertionPointToStart(loop.getTerminator().getBody());
  tensor::ParallelInsertSliceOp::create(b, counting.getResult(0), out, offsets,
                                        sizes, strides);
  b.setInsertionPointAfter(loop);
  return loop.getResult(0);
}

Value TableBuilder::startsOfDigits(Value counts, OpFoldResult rows,
                                   int64_t levels) {
  OpFoldResult digits = b.getIndexAttr(numDigits);
  Value numRows = toValue(rows), zero = index(0), size = index(groupSize);
  // Rows that are added up at once: a group's, or all.
  int64_t most = groupSize;
  if (std::optional<int64_t> all = getConstantIntValue(rows); all && !levels)
    most = *all;
  auto sumOfRows = [&](Value begin, Value end, Value digit) {
    auto term = [&](Value row) { return read(counts, {row, digit}); };
    // Where their number is not known there may be any.
    if (levels == 0 && !getConstantIntValue(rows))
      return sum(begin, end, term);
    return sum(begin, end, most, numRows, term);
  };
  if (levels == 0) {
    Value totals = tabulate({digits}, [&](ValueRange at) {
      return sumOfRows(zero, numRows, at[0]);
    });
    return tabulate({rows, digits}, [&](ValueRange at) {
      Value below = sum(zero, at[1], numDigits, index(numDigits),
                        [&](Value digit) { return read(totals, digit); });
      return add(below, sumOfRows(zero, at[0], at[1]));
    });
  }
  OpFoldResult groups = ceilDiv(rows, groupSize);
  Value sums = tabulate({groups, digits}, [&](ValueRange at) {
    Value begin = mul(at[0], size);
    return sumOfRows(begin, min(add(begin, size), numRows), at[1]);
  });
  Value starts = startsOfDigits(sums, groups, levels - 1);
  return tabulate({rows, digits}, [&](ValueRange at) {
    Value group = arith::DivUIOp::create(b, at[0], size);
    return add(read(starts, {group, at[1]}),
               sumOfRows(mul(group, size), at[0], at[1]));
  });
}

/// An i32: those before it in its chunk go before it.
Value TableBuilder::placeOfPoint(Value keys, Value starts, Value point,
                                 Value shift) {
  Value size = index(chunkSize);
  Value chunk = arith::DivUIOp::create(b, point, size);
  Value digit = digitOf(read(keys, point), shift);
  return add(read(starts, {chunk, digit}),
             countDigit(keys, mul(chunk, size), point, digit, shift));
}

/// [points]: each chunk gives its points their places, in order.
Value TableBuilder::placesOfChunks(Value keys, Value starts,
                                   OpFoldResult numPoints, OpFoldResult chunks,
                                   Value shift) {
  OpFoldResult one = b.getIndexAttr(1), zero = b.getIndexAttr(0),
               digits = b.getIndexAttr(numDigits);
  auto placing =
      scf::ForallOp::create(b, {chunks}, ValueRange{starts, empty({numPoints})},
                            /*mapping=*/std::nullopt);
  b.setInsertionPointToStart(placing.getBody());
  Value chunk = placing.getInductionVar(0);
  Value begin = mul(chunk, index(chunkSize));
  Value count = min(index(chunkSize),
                    b.createOrFold<arith::SubIOp>(toValue(numPoints), begin));
  SmallVector<OpFoldResult> rowOffsets = {chunk, zero},
                            rowSizes = {one, digits}, rowStrides = {one, one};
  Value row = tensor::ExtractSliceOp::create(b, placing.getRegionIterArgs()[0],
                                             rowOffsets, rowSizes, rowStrides);
  Value part = tensor::ExtractSliceOp::create(
      b, placing.getRegionIterArgs()[1], ArrayRef<OpFoldResult>{begin},
      ArrayRef<OpFoldResult>{count}, ArrayRef<OpFoldResult>{one});
  auto loop =
      scf::ForOp::create(b, index(0), count, index(1), ValueRange{row, part});
  b.setInsertionPointToStart(loop.getBody());
  Value i = loop.getInductionVar(), next = loop.getRegionIterArg(0);
  SmallVector<Value> at = {index(0), digitOf(read(keys, add(begin, i)), shift)};
  Value place = read(next, at);
  next = tensor::InsertOp::create(b, add(place, constant(1)), next, at);
  Value placed =
      tensor::InsertOp::create(b, place, loop.getRegionIterArg(1), i);
  scf::YieldOp::create(b, ValueRange{next, placed});
  b.setInsertionPointToStart(placing.getTerminator().getBody());
  tensor::ParallelInsertSliceOp::create(b, loop.getResult(0),
                                        placing.getRegionIterArgs()[0],
                                        rowOffsets, rowSizes, rowStrides);
  tensor::ParallelInsertSliceOp::create(
      b, loop.getResult(1), placing.getRegionIterArgs()[1],
      ArrayRef<OpFoldResult>{begin}, ArrayRef<OpFoldResult>{count},
      ArrayRef<OpFoldResult>{one});
  b.setInsertionPointAfter(placing);
  return placing.getResult(1);
}

SmallVector<Value> TableBuilder::sortByDigit(ValueRange keysAndPoints,
                                             OpFoldResult numPoints,
                                             Value shift) {
  OpFoldResult one = b.getIndexAttr(1), chunks = ceilDiv(numPoints, chunkSize);
  Value keys = keysAndPoints[0];
  int64_t levels = 1;
  if (manyThreads) {
    // No sum is longer than a group.
    std::optional<int64_t> rows = getConstantIntValue(chunks);
    for (levels = rows ? 0 : kLevels; rows && *rows > groupSize; ++levels)
      rows = llvm::divideCeil(*rows, groupSize);
  }
  Value starts = startsOfDigits(
      countDigits(keys, toValue(numPoints), chunks, shift), chunks, levels);
  Value places;
  if (!manyThreads)
    places = placesOfChunks(keys, starts, numPoints, chunks, shift);

  auto moving = scf::ForallOp::create(
      b, {numPoints}, ValueRange{empty({numPoints}), empty({numPoints})},
      /*mapping=*/std::nullopt);
  b.setInsertionPointToStart(moving.getBody());
  Value point = moving.getInductionVar(0);
  OpFoldResult target = toIndex(
      places ? read(places, point) : placeOfPoint(keys, starts, point, shift));
  SmallVector<Value> moved;
  for (auto [table, out] :
       llvm::zip_equal(keysAndPoints, moving.getRegionIterArgs())) {
    Value slot = tensor::ExtractSliceOp::create(
        b, out, ArrayRef<OpFoldResult>{target}, ArrayRef<OpFoldResult>{one},
        ArrayRef<OpFoldResult>{one});
    moved.push_back(
        tensor::InsertOp::create(b, read(table, point), slot, index(0)));
  }
  b.setInsertionPointToStart(moving.getTerminator().getBody());
  for (auto [slot, out] : llvm::zip_equal(moved, moving.getRegionIterArgs()))
    tensor::ParallelInsertSliceOp::create(
        b, slot, out, ArrayRef<OpFoldResult>{target},
        ArrayRef<OpFoldResult>{one}, ArrayRef<OpFoldResult>{one});
  b.setInsertionPointAfter(moving);
  return SmallVector<Value>(moving.getResults());
}

/// [B,Z,Y,X,2]: between which positions the sorted keys are those of the cell.
Value TableBuilder::boundsOfKeys(Value keys, OpFoldResult numPoints) {
  SmallVector<OpFoldResult> sizes(grid);
  sizes.push_back(b.getIndexAttr(2));
  Value size = toValue(numPoints);
  SmallVector<Value> extents;
  for (OpFoldResult extent : grid)
    extents.push_back(toValue(extent));
  return tabulate(sizes, [&](ValueRange at) {
    Value cell = at[0];
    for (int64_t dim = 1; dim < 4; ++dim)
      cell = add(mul(cell, extents[dim]), at[dim]);
    Value key = toI32(add(cell, at[4]));
    // The first position whose key is not below.
    auto search = scf::WhileOp::create(
        b, TypeRange{b.getIndexType(), b.getIndexType()},
        ValueRange{index(0), size},
        [&](OpBuilder &body, Location loc, ValueRange range) {
          Value open = arith::CmpIOp::create(
              body, loc, arith::CmpIPredicate::ult, range[0], range[1]);
          scf::ConditionOp::create(body, loc, open, range);
        },
        [&](OpBuilder &body, Location loc, ValueRange range) {
          OpBuilder::InsertionGuard guard(b);
          b.setInsertionPointToStart(body.getInsertionBlock());
          Value middle =
              arith::DivUIOp::create(b, add(range[0], range[1]), index(2));
          Value below = less(read(keys, middle), key);
          scf::YieldOp::create(
              b, ValueRange{select(below, add(middle, index(1)), range[0]),
                            select(below, range[1], middle)});
        });
    return toI32(search.getResult(0));
  });
}

//===----------------------------------------------------------------------===//
// The forms
//===----------------------------------------------------------------------===//

/// The sum of each segment, and the sum of those of each cell.
IntervalPoolOp TableBuilder::buildOfSegments() {
  Value segments = op.getSegments();
  Value feat = collapse(op.getFeat(), 1), depth = collapse(op.getDepth(), 0);
  auto type = cast<RankedTensorType>(segments.getType());
  const int64_t channels = cast<ShapedType>(feat.getType()).getDimSize(1);
  auto sumsType =
      RankedTensorType::get({type.getDimSize(0), channels}, b.getF32Type());
  Value init = tensor::EmptyOp::create(
      b,
      ArrayRef<OpFoldResult>{tensor::getMixedSize(b, b.getLoc(), segments, 0),
                             b.getIndexAttr(channels)},
      b.getF32Type());
  Value width = toValue(tensor::getMixedSize(b, b.getLoc(), op.getFeat(), 3));
  auto sums = SegmentPoolOp::create(b, TypeRange(sumsType), feat, depth,
                                    segments, width, init, ScheduleAttr());
  SmallVector<Type> resultTypes(op->getResultTypes());
  return IntervalPoolOp::create(
      b, resultTypes, sums.getResult(0), /*depth=*/Value(),
      /*ranks_depth=*/Value(), op.getRanksSegment(), op.getBounds(),
      op.getInit(), op.getScheduleAttr());
}

IntervalPoolOp TableBuilder::build() {
  if (op.getSegments())
    return buildOfSegments();
  Value feat = op.getFeat(), depth = op.getDepth();
  Value ranksDepth = op.getRanksDepth(), ranksFeat = op.getRanksFeat();
  if (depth) {
    feat = collapse(feat, 1);
    depth = collapse(depth, 0);
  }

  Value bounds;
  std::optional<KnownPoints> known;
  if (op.getCells())
    known = knownPointsOfCells();
  else
    bounds = knownBoundsOfIntervals();
  if (known) {
    ranksDepth = known->ranksDepth;
    ranksFeat = known->ranksFeat;
    bounds = known->bounds;
  } else if (op.getCells()) {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(b, b.getLoc(), op.getCells());
    OpFoldResult numPoints = multiply(sizes);
    SmallVector<Value> sorted = {
        keysOfCells(numPoints),
        tabulate({numPoints}, [&](ValueRange at) { return toI32(at[0]); })};
    // As many rounds as the largest key, the number of cells, has digits.
    if (std::optional<int64_t> largest = getConstantIntValue(numCells)) {
      for (int64_t shift = 0; shift < 32 && *largest >> shift != 0;
           shift += digitBits)
        sorted = sortByDigit(sorted, numPoints, constant(shift));
    } else {
      Value cells = toValue(numCells), bits = index(0);
      for (int64_t shift = 0; shift < 32; shift += digitBits)
        bits = select(less(cells, index(int64_t(1) << shift)), bits,
                      index(shift + digitBits));
      auto rounds =
          scf::ForOp::create(b, index(0), bits, index(digitBits), sorted);
      b.setInsertionPointToStart(rounds.getBody());
      scf::YieldOp::create(b, sortByDigit(rounds.getRegionIterArgs(), numPoints,
                                          toI32(rounds.getInductionVar())));
      b.setInsertionPointAfter(rounds);
      sorted.assign(rounds.result_begin(), rounds.result_end());
    }
    bounds = boundsOfKeys(sorted[0], numPoints);
    ranksDepth = sorted[1];
    // (b, n, d, h, w) to (b, n, h, w).
    Value image = toValue(multiply({sizes[3], sizes[4]}));
    Value camera = mul(toValue(sizes[2]), image);
    Value points = sorted[1];
    ranksFeat = tabulate({numPoints}, [&](ValueRange at) {
      Value point = toIndex(read(points, at));
      Value row = mul(arith::DivUIOp::create(b, point, camera), image);
      return toI32(add(row, arith::RemUIOp::create(b, point, image)));
    });
  } else if (!bounds) {
    SmallVector<OpFoldResult> sizes(grid);
    sizes.push_back(b.getIndexAttr(2));
    SmallVector<int64_t> shape(gridShape);
    shape.push_back(2);
    SmallVector<ReassociationIndices> groups = {{0, 1, 2, 3}, {4}};
    bounds = tensor::ExpandShapeOp::create(b, RankedTensorType::get(shape, i32),
                                           boundsOfIntervals(), groups, sizes);
  }
  SmallVector<Type> resultTypes(op->getResultTypes());
  return IntervalPoolOp::create(b, resultTypes, feat, depth, ranksDepth,
                                ranksFeat, bounds, op.getInit(),
                                op.getScheduleAttr());
}

bool mlir::bev::isEmptyPool(VoxelPoolOp op) {
  return llvm::any_of(op->getOperandTypes(), [](Type type) {
    return llvm::is_contained(cast<RankedTensorType>(type).getShape(), 0);
  });
}

SmallVector<Value> mlir::bev::expandVoxelPool(OpBuilder &builder,
                                              VoxelPoolOp op,
                                              bool manyThreads) {
  if (!isEmptyPool(op))
    return SmallVector<Value>(
        TableBuilder(builder, op, manyThreads).build()->getResults());
  Type element = cast<ShapedType>(op.getInit().getType()).getElementType();
  Value zero = arith::ConstantOp::create(builder, op.getLoc(),
                                         builder.getZeroAttr(element));
  return {linalg::FillOp::create(builder, op.getLoc(), zero, op.getInit())
              .getResult(0)};
}
