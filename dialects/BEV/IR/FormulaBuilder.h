// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arithmetic that the formulas are written in, and the one sampling rule.

#ifndef BEV_DIALECTS_BEV_IR_FORMULABUILDER_H
#define BEV_DIALECTS_BEV_IR_FORMULABUILDER_H

#include "bev/Dialect/BEV/IR/Formulas.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

namespace mlir::bev::detail {

/// A feature map inside a flattened value: its shape and its first row.
struct MapShape {
  Value height, width;   ///< i32
  Value heightF, widthF; ///< f32
  Value start;           ///< i32, index of position (0, 0)
};

/// Where the channels of a flattened map position are read.
struct ChannelSource {
  Value shaped;
  /// Index of the first channel of position `row` (an index value).
  std::function<SmallVector<Value>(Value row)> indexOf;
};

class FormulaBuilder {
public:
  FormulaBuilder(OpBuilder &b, Location loc, FormulaMode mode)
      : b(b), loc(loc), mode(mode) {}

  OpBuilder &b;
  Location loc;
  FormulaMode mode;

  // Constants.
  Value f32(double value);
  Value i32(int64_t value);
  Value index(int64_t value);
  /// Zero in f32, of as many lanes as are computed at once.
  Value zeroChannels();

  // f32 arithmetic, on scalars or vectors alike.
  Value add(Value x, Value y) { return arith::AddFOp::create(b, loc, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, loc, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, loc, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, loc, x, y); }
  Value fma(Value x, Value y, Value z);
  Value floor(Value x);
  /// The other operand where one is NaN.
  Value minNum(Value x, Value y) {
    return arith::MinNumFOp::create(b, loc, x, y);
  }
  Value maxNum(Value x, Value y) {
    return arith::MaxNumFOp::create(b, loc, x, y);
  }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, loc, condition, x, y);
  }
  /// `x` as a vector of all lanes; `x` itself when scalars are emitted.
  Value splat(Value x);
  /// From any float type to f32, and back.
  Value toF32(Value x);
  Value fromF32(Value x, Type element);

  // Integers and comparisons.
  Value addI(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }
  Value mulI(Value x, Value y) { return arith::MulIOp::create(b, loc, x, y); }
  Value andI(Value x, Value y) { return arith::AndIOp::create(b, loc, x, y); }
  Value orI(Value x, Value y) { return arith::OrIOp::create(b, loc, x, y); }
  Value less(Value x, Value y) {
    return compare(arith::CmpFPredicate::OLT, x, y);
  }
  Value greater(Value x, Value y) {
    return compare(arith::CmpFPredicate::OGT, x, y);
  }
  Value compare(arith::CmpFPredicate predicate, Value x, Value y) {
    return arith::CmpFOp::create(b, loc, predicate, x, y);
  }
  Value compare(arith::CmpIPredicate predicate, Value x, Value y) {
    return arith::CmpIOp::create(b, loc, predicate, x, y);
  }
  Value toIndex(Value x);
  Value toI32(Value x);
  Value toI32(OpFoldResult x);
  Value intToF32(Value x);
  Value bitcast(Value x, Type type) {
    return arith::BitcastOp::create(b, loc, type, x);
  }

  // Memory. All read a tensor or a memref.
  Value readScalar(Value shaped, ValueRange index);
  /// `count` neighbouring elements, from element `start` of the trailing
  /// dimensions flattened, at `leading` indices of the others. In f32.
  SmallVector<Value> readScalars(Value shaped, ValueRange leading,
                                 int64_t start, int64_t count);
  /// One channel, or a vector of `lanes` neighbours, in the element type.
  Value readChannels(Value shaped, ValueRange index, int64_t lanes);

  // The sampling rule.
  /// The maps of a value with several levels.
  SmallVector<MapShape> mapShapes(ArrayRef<OpFoldResult> levels);
  /// acc + weight * bilin0(map, x, y), f32; (x, y) in pixels, any float.
  Value addBilinear(Value acc, const ChannelSource &source, const MapShape &map,
                    Value x, Value y, Value weight);
  /// Reads `row` (an index) of the source where `valid`, else gives zeros; in
  /// the element type.
  Value readGuarded(const ChannelSource &source, Value valid, Value row);

  /// The four neighbours of a sample: above left, above right, below left and
  /// below right.
  struct Neighbours {
    Value row;        ///< i32, position of the first, which may not exist
    Value share;      ///< f32, weight of the sample; 0 where all are outside
    Value valid[4];   ///< i1: in the map, with a weight
    Value weights[4]; ///< f32, bilinear
  };
  /// With `scaled`, the bilinear weights are multiplied with the share.
  Neighbours neighbours(const MapShape &map, Value x, Value y, Value weight,
                        bool scaled);
  /// The neighbours, which are `rows` (index values), where they are valid,
  /// else zeros; in the element type. Without `valid`, all are.
  std::array<Value, 4> readNeighbours(const ChannelSource &source,
                                      ArrayRef<Value> valid,
                                      ArrayRef<Value> rows);
  /// acc + sum of weights * neighbours, as readNeighbours gives them. The
  /// weights include the attention's, unless that is `share`: then they are in
  /// the element type, and so is their sum.
  Value addNeighbours(Value acc, ArrayRef<Value> neighbours,
                      ArrayRef<Value> weights, Value share = {});
  /// What `add` gives if `condition` holds, else `acc`.
  Value addIf(Value condition, Value acc, llvm::function_ref<Value()> add);

  /// A sample's neighbours as four that are all in the map: those of an axis
  /// are moved into it, where one of them has weight 0. A map of one row or
  /// column is read there twice.
  struct Window {
    Value row;  ///< i32, position of the first
    Value x, y; ///< f32, weight of the second of an axis, 1 - that of the first
    Value share;  ///< f32, weight of the sample and of what is in the map; or 0
    Value inside; ///< i1, whether any has been in the map where it was
  };
  Window window(const MapShape &map, Value x, Value y, Value weight);
  /// The bilinear weights of a window times `share`.
  std::array<Value, 4> windowWeights(Value x, Value y, Value share);
  /// Positions (index values) of the four neighbours of the window at `row`.
  std::array<Value, 4> windowRows(const MapShape &map, Value row);

  /// `sum`, computed without asking which neighbours have a weight, if it is
  /// finite: 0 times what was read then is 0. Else what `guarded` computes,
  /// where an index value that is 0 is to be part of its addresses: no compiler
  /// knows that it is, and keeps what was read for this in registers.
  Value unlessFinite(Value sum, llvm::function_ref<Value(Value again)> guarded);

private:
  /// What one axis of a sample says: see addBilinear.
  struct Axis {
    Value lower;                    ///< i32, the neighbour below
    Value lowerWeight, upperWeight; ///< f32
    Value lowerValid, upperValid;   ///< i1: in the map, with a weight
  };
  Axis axis(Value coordinate, Value size, Value sizeF);
  Value addSample(Value acc, const ChannelSource &source, const MapShape &map,
                  Value x, Value y, Value weight);
  /// The same for `Guard::speculate`, but that the sum may be of more than
  /// that.
  Value addWindow(Value acc, const ChannelSource &source, const MapShape &map,
                  Value x, Value y, Value weight);
  /// An index value: addresses of neighbours are then one plus a constant.
  Value widthOf(const MapShape &map);
  /// Positions (index values) of the four neighbours whose first is `row`.
  std::array<Value, 4> rowsFrom(const MapShape &map, Value row);
  /// Whether a sample can touch the map: (x, y) in (-1, W) x (-1, H), i1.
  Value touches(const MapShape &map, Value x, Value y);

  /// Shaped values with their trailing dimensions flattened, by source.
  DenseMap<std::pair<Value, unsigned>, Value> flattened;
};

/// Formulas by family; emitFormula dispatches.
Value emitAttention(FormulaBuilder &f, Operation *op, ValueRange index);
/// Where channel `channel` of position `row` and head `head` is in the value of
/// an attention, whose dimensions before those are at `leading`.
SmallVector<Value> valueIndex(ValueLayout layout, ValueRange leading, Value row,
                              Value head, Value channel);
/// Where camera `n` sees any of the anchors of query `q`, i1.
Value emitHit(FormulaBuilder &f, SpatialCrossAttentionOp op, Value b, Value n,
              Value q);
Value emitGeometry(FormulaBuilder &f, Operation *op, unsigned result,
                   ValueRange index);
Value emitPooling(FormulaBuilder &f, Operation *op, ValueRange index);

} // namespace mlir::bev::detail

#endif // BEV_DIALECTS_BEV_IR_FORMULABUILDER_H
