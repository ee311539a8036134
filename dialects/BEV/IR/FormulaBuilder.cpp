// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "FormulaBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace mlir::bev;
using mlir::bev::detail::FormulaBuilder;
using mlir::bev::detail::MapShape;

/// Widest read that a GPU thread makes at once.
static constexpr int64_t kReadBytes = 16;

//===----------------------------------------------------------------------===//
// Constants and conversions
//===----------------------------------------------------------------------===//

Value FormulaBuilder::f32(double value) {
  return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(value));
}
Value FormulaBuilder::i32(int64_t value) {
  return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
}
Value FormulaBuilder::index(int64_t value) {
  return arith::ConstantIndexOp::create(b, loc, value);
}

Value FormulaBuilder::zeroChannels() { return splat(f32(0)); }

Value FormulaBuilder::fma(Value x, Value y, Value z) {
  return math::FmaOp::create(b, loc, x, y, z);
}
Value FormulaBuilder::floor(Value x) {
  return math::FloorOp::create(b, loc, x);
}

Value FormulaBuilder::splat(Value x) {
  if (mode.lanes == 0 || isa<VectorType>(x.getType()))
    return x;
  return vector::BroadcastOp::create(
      b, loc, VectorType::get(mode.lanes, x.getType()), x);
}

/// `element`, or a vector of it in the shape of `like`.
static Type withShapeOf(Type element, Type like) {
  if (auto vector = dyn_cast<VectorType>(like))
    return VectorType::get(vector.getShape(), element);
  return element;
}

Value FormulaBuilder::toF32(Value x) {
  if (getElementTypeOrSelf(x.getType()).isF32())
    return x;
  return arith::ExtFOp::create(b, loc, withShapeOf(b.getF32Type(), x.getType()),
                               x);
}
Value FormulaBuilder::fromF32(Value x, Type element) {
  if (element.isF32())
    return x;
  return arith::TruncFOp::create(b, loc, withShapeOf(element, x.getType()), x);
}

Value FormulaBuilder::toIndex(Value x) {
  return arith::IndexCastOp::create(b, loc, b.getIndexType(), x);
}
Value FormulaBuilder::toI32(Value x) {
  return arith::IndexCastOp::create(b, loc, b.getI32Type(), x);
}
Value FormulaBuilder::toI32(OpFoldResult x) {
  if (std::optional<int64_t> constant = getConstantIntValue(x))
    return i32(*constant);
  return toI32(cast<Value>(x));
}
Value FormulaBuilder::intToF32(Value x) {
  return arith::SIToFPOp::create(b, loc, b.getF32Type(), x);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value FormulaBuilder::readScalar(Value shaped, ValueRange index) {
  if (isa<MemRefType>(shaped.getType()))
    return memref::LoadOp::create(b, loc, shaped, index);
  return tensor::ExtractOp::create(b, loc, shaped, index);
}

/// `shaped` with all dimensions from `leading` on flattened into one; nothing
/// where a memref's layout does not allow that.
static Value flattenTrailing(OpBuilder &b, Location loc, Value shaped,
                             unsigned leading) {
  auto type = cast<ShapedType>(shaped.getType());
  unsigned rank = type.getRank();
  if (rank == leading + 1)
    return shaped;
  SmallVector<ReassociationIndices> groups;
  for (unsigned dim = 0; dim < leading; ++dim)
    groups.push_back({dim});
  groups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(leading, rank)));
  if (auto memref = dyn_cast<MemRefType>(type)) {
    if (!memref::CollapseShapeOp::isGuaranteedCollapsible(memref, groups))
      return {};
    return memref::CollapseShapeOp::create(b, loc, shaped, groups);
  }
  return tensor::CollapseShapeOp::create(b, loc, shaped, groups);
}

SmallVector<Value> FormulaBuilder::readScalars(Value shaped, ValueRange leading,
                                               int64_t start, int64_t count) {
  auto type = cast<ShapedType>(shaped.getType());
  Type element = type.getElementType();
  SmallVector<Value> scalars;

  Value flat;
  if (mode.lanes != 0) {
    auto [it, inserted] =
        flattened.try_emplace({shaped, unsigned(leading.size())});
    if (inserted) {
      // The first use may stand inside a loop or branch, later ones outside.
      OpBuilder::InsertionGuard insertion(b);
      if (Operation *owner = shaped.getDefiningOp())
        b.setInsertionPointAfter(owner);
      else
        b.setInsertionPointToStart(cast<BlockArgument>(shaped).getOwner());
      it->second = flattenTrailing(b, loc, shaped, leading.size());
    }
    flat = it->second;
  }
  if (flat) {
    int64_t widest = kReadBytes * 8 / element.getIntOrFloatBitWidth();
    SmallVector<Value> at(leading);
    at.push_back({});
    for (int64_t done = 0; done < count;) {
      int64_t width =
          std::min<int64_t>(widest, llvm::bit_floor<uint64_t>(count - done));
      at.back() = index(start + done);
      done += width;
      if (width == 1) {
        scalars.push_back(toF32(readScalar(flat, at)));
        continue;
      }
      Value part = vector::TransferReadOp::create(
          b, loc, VectorType::get(width, element), flat, at,
          arith::ConstantOp::create(b, loc, b.getZeroAttr(element)),
          ArrayRef<bool>{true});
      part = toF32(part);
      for (int64_t lane = 0; lane < width; ++lane)
        scalars.push_back(vector::ExtractOp::create(b, loc, part, lane));
    }
    return scalars;
  }

  ArrayRef<int64_t> trailing = type.getShape().drop_front(leading.size());
  for (int64_t element = start; element < start + count; ++element) {
    SmallVector<Value> at(trailing.size());
    int64_t rest = element;
    for (int64_t dim = trailing.size() - 1; dim >= 0; --dim) {
      at[dim] = index(dim == 0 ? rest : rest % trailing[dim]);
      rest /= trailing[dim];
    }
    SmallVector<Value> all(leading);
    llvm::append_range(all, at);
    scalars.push_back(toF32(readScalar(shaped, all)));
  }
  return scalars;
}

Value FormulaBuilder::readChannels(Value shaped, ValueRange index,
                                   int64_t lanes) {
  if (lanes == 0)
    return readScalar(shaped, index);
  Type element = cast<ShapedType>(shaped.getType()).getElementType();
  return vector::TransferReadOp::create(
      b, loc, VectorType::get(lanes, element), shaped, index,
      arith::ConstantOp::create(b, loc, b.getZeroAttr(element)),
      ArrayRef<bool>{true});
}

//===----------------------------------------------------------------------===//
// The sampling rule
//===----------------------------------------------------------------------===//

SmallVector<MapShape> FormulaBuilder::mapShapes(ArrayRef<OpFoldResult> levels) {
  SmallVector<MapShape> maps;
  Value start = i32(0);
  std::optional<int64_t> constantStart = 0;
  for (size_t i = 0; i < levels.size(); i += 2) {
    MapShape map;
    map.height = toI32(levels[i]);
    map.width = toI32(levels[i + 1]);
    std::optional<int64_t> h = getConstantIntValue(levels[i]);
    std::optional<int64_t> w = getConstantIntValue(levels[i + 1]);
    map.heightF = h ? f32(*h) : intToF32(map.height);
    map.widthF = w ? f32(*w) : intToF32(map.width);
    map.start = start;
    maps.push_back(map);
    if (constantStart && h && w) {
      *constantStart += *h * *w;
      start = i32(*constantStart);
    } else {
      constantStart.reset();
      start = addI(start, mulI(map.height, map.width));
    }
  }
  return maps;
}

/// The coordinate is first clamped to [-1, size], with NaN to -1: there, and
/// only there, both neighbours are outside the map or have weight 0, so that
/// any float is a safe coordinate and gives exact zeros outside.
FormulaBuilder::Axis FormulaBuilder::axis(Value coordinate, Value size,
                                          Value sizeF) {
  Value clamped = minNum(maxNum(coordinate, f32(-1)), sizeF);
  Value lowerF = floor(clamped);
  Axis axis;
  axis.upperWeight = sub(clamped, lowerF);
  axis.lowerWeight = sub(f32(1), axis.upperWeight);
  axis.lower = arith::FPToSIOp::create(b, loc, b.getI32Type(), lowerF);
  Value upper = addI(axis.lower, i32(1));
  axis.lowerValid = compare(arith::CmpIPredicate::ult, axis.lower, size);
  axis.upperValid = andI(compare(arith::CmpIPredicate::ult, upper, size),
                         greater(axis.upperWeight, f32(0)));
  return axis;
}

/// The type in which a guarded read travels through selects and branches: whole
/// words, since LLVM takes vectors of 16-bit elements apart there.
static Type wordsOf(Type channels) {
  auto vector = dyn_cast<VectorType>(channels);
  if (!vector || vector.getElementTypeBitWidth() != 16 ||
      vector.getNumElements() % 2 != 0)
    return channels;
  return VectorType::get(vector.getNumElements() / 2,
                         IntegerType::get(channels.getContext(), 32));
}

Value FormulaBuilder::readGuarded(const ChannelSource &source, Value valid,
                                  Value row) {
  Type channels = cast<ShapedType>(source.shaped.getType()).getElementType();
  if (mode.lanes != 0)
    channels = VectorType::get(mode.lanes, channels);
  Type words = wordsOf(channels);
  auto recast = [&](Value value, Type type) -> Value {
    if (value.getType() == type)
      return value;
    return vector::BitCastOp::create(b, loc, type, value);
  };
  auto read = [&](Value at) {
    return recast(readChannels(source.shaped, source.indexOf(at), mode.lanes),
                  words);
  };
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(words));

  if (mode.guard == Guard::select) {
    Value safe = select(valid, row, index(0));
    return recast(select(valid, read(safe), zero), channels);
  }
  auto branch = scf::IfOp::create(b, loc, words, valid,
                                  /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard insertion(b);
    b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(b, loc, read(row));
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, loc, zero);
  }
  return recast(branch.getResult(0), channels);
}

FormulaBuilder::Neighbours FormulaBuilder::neighbours(const MapShape &map,
                                                      Value xAt, Value yAt,
                                                      Value weight,
                                                      bool scaled) {
  Axis x = axis(xAt, map.width, map.widthF);
  Axis y = axis(yAt, map.height, map.heightF);
  Neighbours all;
  // Out of the map, out of the sum: also where the weight is NaN.
  Value inside =
      andI(orI(x.lowerValid, x.upperValid), orI(y.lowerValid, y.upperValid));
  all.share = select(inside, weight, f32(0));
  all.row = addI(addI(mulI(y.lower, map.width), x.lower), map.start);
  const Value xValid[] = {x.lowerValid, x.upperValid},
              yValid[] = {y.lowerValid, y.upperValid},
              xWeight[] = {x.lowerWeight, x.upperWeight};
  Value yWeight[] = {y.lowerWeight, y.upperWeight};
  if (scaled)
    for (Value &part : yWeight)
      part = mul(part, all.share);
  for (int corner = 0; corner < 4; ++corner) {
    all.valid[corner] = andI(xValid[corner % 2], yValid[corner / 2]);
    all.weights[corner] = mul(xWeight[corner % 2], yWeight[corner / 2]);
  }
  return all;
}

Value FormulaBuilder::widthOf(const MapShape &map) {
  std::optional<int64_t> constant = getConstantIntValue(map.width);
  return constant ? index(*constant) : toIndex(map.width);
}

std::array<Value, 4> FormulaBuilder::rowsFrom(const MapShape &map, Value row) {
  Value next = addI(row, widthOf(map));
  return {row, addI(row, index(1)), next, addI(next, index(1))};
}

std::array<Value, 4> FormulaBuilder::readNeighbours(const ChannelSource &source,
                                                    ArrayRef<Value> valid,
                                                    ArrayRef<Value> rows) {
  std::array<Value, 4> reads;
  for (auto [number, row] : llvm::enumerate(rows))
    reads[number] =
        valid.empty()
            ? readChannels(source.shaped, source.indexOf(row), mode.lanes)
            : readGuarded(source, valid[number], row);
  return reads;
}

Value FormulaBuilder::addNeighbours(Value acc, ArrayRef<Value> neighbours,
                                    ArrayRef<Value> weights, Value share) {
  if (!share) {
    for (auto [read, weight] : llvm::zip_equal(neighbours, weights))
      acc = fma(toF32(read), splat(weight), acc);
    return acc;
  }
  // vector.fma, not math.fma: arithmetic that is meant to be in f16.
  Value sum = arith::ConstantOp::create(
      b, loc, b.getZeroAttr(neighbours.front().getType()));
  for (auto [read, weight] : llvm::zip_equal(neighbours, weights))
    sum = vector::FMAOp::create(b, loc, read, splat(weight), sum);
  return fma(toF32(sum), splat(share), acc);
}

Value FormulaBuilder::addIf(Value condition, Value acc,
                            llvm::function_ref<Value()> add) {
  auto branch = scf::IfOp::create(b, loc, acc.getType(), condition,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard insertion(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, loc, add());
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, loc, acc);
  return branch.getResult(0);
}

Value FormulaBuilder::addSample(Value acc, const ChannelSource &source,
                                const MapShape &map, Value x, Value y,
                                Value weight) {
  bool packed = mode.packed && mode.lanes != 0;
  Neighbours all = neighbours(map, x, y, weight, /*scaled=*/!packed);
  // All reads before the first use: four in flight.
  std::array<Value, 4> reads =
      readNeighbours(source, all.valid, rowsFrom(map, toIndex(all.row)));
  if (!packed)
    return addNeighbours(acc, reads, all.weights);
  for (Value &part : all.weights)
    part = fromF32(part, b.getF16Type());
  return addNeighbours(acc, reads, all.weights, all.share);
}

/// Smallest and largest of the constants that an integer is chosen from.
static std::optional<std::pair<int64_t, int64_t>> getRange(Value x) {
  if (std::optional<int64_t> constant = getConstantIntValue(x))
    return std::pair(*constant, *constant);
  auto choice = x.getDefiningOp<arith::SelectOp>();
  if (!choice)
    return std::nullopt;
  auto range = getRange(choice.getTrueValue()),
       other = getRange(choice.getFalseValue());
  if (!range || !other)
    return std::nullopt;
  return std::pair(std::min(range->first, other->first),
                   std::max(range->second, other->second));
}

FormulaBuilder::Window FormulaBuilder::window(const MapShape &map, Value xAt,
                                              Value yAt, Value weight) {
  struct Moved {
    Value lower, upperWeight, share, isInside;
  };
  auto move = [&](Value at, Value size, Value sizeF) -> Moved {
    // The last position that has another behind it, if there is one.
    auto range = getRange(size);
    Value one = f32(1), zero = f32(0);
    Value last = sub(sizeF, f32(2)), most = one;
    if (!range || range->first < 2) {
      last = maxNum(last, zero);
      most = minNum(maxNum(sub(sizeF, one), zero), one);
    }
    // Any float is safe: NaN and infinities are at an end here, and outside.
    Value lowerF = floor(minNum(maxNum(at, zero), last));
    Value rest = sub(at, lowerF);
    Value upperWeight = minNum(maxNum(rest, zero), most);
    Value outside = math::AbsFOp::create(b, loc, sub(rest, upperWeight));
    Value share = sub(one, outside);
    Value isInside = greater(share, zero);
    if (!range || range->first < 1)
      isInside =
          andI(isInside, compare(arith::CmpIPredicate::sgt, size, i32(0)));
    Value lower = arith::FPToSIOp::create(b, loc, b.getI32Type(), lowerF);
    // A size that f32 has not may have been rounded up.
    constexpr int64_t kLargestExact = 1 << 24;
    if (!range || range->second > kLargestExact)
      lower = arith::MaxSIOp::create(
          b, loc, i32(0),
          arith::MinSIOp::create(b, loc, lower, addI(size, i32(-2))));
    return {lower, upperWeight, share, isInside};
  };
  Moved x = move(xAt, map.width, map.widthF);
  Moved y = move(yAt, map.height, map.heightF);
  Value inside = andI(x.isInside, y.isInside);
  Value row = addI(addI(mulI(y.lower, map.width), x.lower), map.start);
  // Out of the map, out of the sum: also where the weight is NaN.
  return {row, x.upperWeight, y.upperWeight,
          select(inside, mul(weight, mul(x.share, y.share)), f32(0)), inside};
}

std::array<Value, 4> FormulaBuilder::windowWeights(Value x, Value y,
                                                   Value share) {
  // Differences instead of 1 - x and 1 - y: exact at 0 and 1 as well.
  Value below = mul(share, y), above = sub(share, below);
  Value aboveRight = mul(above, x), belowRight = mul(below, x);
  return {sub(above, aboveRight), aboveRight, sub(below, belowRight),
          belowRight};
}

std::array<Value, 4> FormulaBuilder::windowRows(const MapShape &map,
                                                Value row) {
  // No step in an empty map either.
  auto stepOf = [&](Value size, Value other, Value step) -> Value {
    std::optional<int64_t> along = getConstantIntValue(size),
                           across = getConstantIntValue(other);
    if (along && across)
      return *along > 1 && *across > 0 ? step : index(0);
    Value exists = andI(compare(arith::CmpIPredicate::sgt, size, i32(1)),
                        compare(arith::CmpIPredicate::sgt, other, i32(0)));
    return select(exists, step, index(0));
  };
  Value right = stepOf(map.width, map.height, index(1));
  Value next = addI(row, stepOf(map.height, map.width, widthOf(map)));
  return {row, addI(row, right), next, addI(next, right)};
}

Value FormulaBuilder::unlessFinite(
    Value sum, llvm::function_ref<Value(Value again)> guarded) {
  Value all = sum;
  if (isa<VectorType>(sum.getType()))
    all = vector::ReductionOp::create(b, loc, vector::CombiningKind::ADD, sum);
  Value infinity = f32(std::numeric_limits<double>::infinity());
  Value isFinite = less(math::AbsFOp::create(b, loc, all), infinity);
  auto branch = scf::IfOp::create(b, loc, sum.getType(), isFinite,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard insertion(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, loc, sum);
  b.setInsertionPointToStart(branch.elseBlock());
  // The exponent of what is not finite has all of its bits.
  constexpr int64_t kExponent = 0x7f800000;
  Value exponent = andI(bitcast(all, b.getI32Type()), i32(kExponent));
  Value again =
      toIndex(arith::XOrIOp::create(b, loc, exponent, i32(kExponent)));
  scf::YieldOp::create(b, loc, guarded(again));
  return branch.getResult(0);
}

Value FormulaBuilder::addWindow(Value acc, const ChannelSource &source,
                                const MapShape &map, Value x, Value y,
                                Value weight) {
  Window at = window(map, x, y, weight);
  auto add = [&](Value row) {
    std::array<Value, 4> reads =
        readNeighbours(source, /*valid=*/{}, windowRows(map, toIndex(row)));
    if (!mode.packed || mode.lanes == 0)
      return addNeighbours(acc, reads, windowWeights(at.x, at.y, at.share));
    std::array<Value, 4> weights = windowWeights(at.x, at.y, f32(1));
    for (Value &part : weights)
      part = fromF32(part, b.getF16Type());
    return addNeighbours(acc, reads, weights, at.share);
  };
  // Where there is any position, that of a sample outside may be the first.
  auto isThere = [](Value size) {
    auto range = getRange(size);
    return range && range->first > 0;
  };
  if (isThere(map.width) && isThere(map.height))
    return add(select(at.inside, at.row, i32(0)));
  return addIf(at.inside, acc, [&] { return add(at.row); });
}

Value FormulaBuilder::touches(const MapShape &map, Value x, Value y) {
  auto within = [&](Value at, Value size) {
    return andI(greater(at, f32(-1)), less(at, size));
  };
  return andI(within(x, map.widthF), within(y, map.heightF));
}

Value FormulaBuilder::addBilinear(Value acc, const ChannelSource &source,
                                  const MapShape &map, Value x, Value y,
                                  Value weight) {
  if (mode.guard == Guard::speculate)
    return addWindow(acc, source, map, x, y, weight);
  if (mode.guard != Guard::skip)
    return addSample(acc, source, map, x, y, weight);
  return addIf(touches(map, x, y), acc,
               [&] { return addSample(acc, source, map, x, y, weight); });
}
