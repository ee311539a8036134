// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One row of an attention by a team of work items: first the samples are
// divided among the team, each of which becomes a record of where its
// neighbours lie and what they weigh; then the channels are, and everyone reads
// all records.

#ifndef BEV_DIALECTS_BEV_IR_SHAREDROW_H
#define BEV_DIALECTS_BEV_IR_SHAREDROW_H

#include "FormulaBuilder.h"

#include "bev/Dialect/BEV/IR/TeamMemory.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::bev::detail {

/// Pixel coordinates of a sample.
struct Pixel {
  Value x, y;
};

/// What the team passes on from one loop to the next, as tensors.
struct Records {
  /// [samples, 4] i32, of each its window: position; the bits of share, x and
  /// y or, packed, of share and the neighbours' weights (four f16). Narrow ones
  /// are [samples / 2, 4], two words of 16-bit numbers each: position and y,
  /// and the shares of the left and the right neighbours (all but the position
  /// f16).
  Value windows;
  /// [frames, team] f32: parts of the sum of exponentials. Absent where weights
  /// are given.
  Value sums;

  static constexpr int64_t kWords = 4;
};

/// What an attention is made of, for one query and head.
struct Parts {
  /// [B,S,M,D], or [B,N,S,M,D] with a dimension for frames or cameras;
  /// head-major, M before S.
  Value value;
  ValueLayout layout;
  /// Per sample, in its last dimension but for weights and logits.
  Value offsets, weightsOrLogits;
  /// The weights are given and need no softmax.
  bool hasWeights;
  SmallVector<OpFoldResult> levels;
  int64_t points;
  /// Frames whose samples are all of one loop.
  int64_t frames = 1;
};

class SharedRow {
public:
  SharedRow(OpBuilder &builder, DestinationStyleOpInterface op, int64_t team,
            FormulaMode mode, const Parts &parts)
      : f(builder, op.getLoc(), mode), b(builder), loc(op.getLoc()),
        init(op.getDpsInitOperand(0)->get()),
        rowType(cast<RankedTensorType>(init.getType())), team(team),
        zero(f.index(0)), parts(parts), frames(parts.frames),
        levels(parts.levels.size() / 2), points(parts.points),
        maps(f.mapShapes(parts.levels)) {
    auto elementOf = [](Value shaped) {
      return cast<ShapedType>(shaped.getType()).getElementType();
    };
    auto value = cast<ShapedType>(parts.value.getType());
    const int64_t behind = parts.layout == ValueLayout::head_major ? 2 : 3;
    chunk =
        getSamplesAtOnce(samples(), points, team,
                         elementOf(parts.offsets).getIntOrFloatBitWidth() / 4);
    ofRecord =
        getSamplesOfRecord(mode.packed && mode.guard == Guard::speculate, chunk,
                           value.getDimSize(value.getRank() - behind));
    narrow = ofRecord > 1;
    scaled =
        narrow && parts.hasWeights && !elementOf(parts.weightsOrLogits).isF16();
  }
  virtual ~SharedRow() = default;

  virtual Value emit() {
    shareLargest();
    return accumulate(plan(emptySums()));
  }

protected:
  /// What the ops differ in: where sample `s` of all (an index value) lies, in
  /// level `level` and frame `frame` (index values) of shape `map`, moved by
  /// (dx, dy).
  virtual Pixel pixel(Value s, Value frame, Value level, const MapShape &map,
                      Value dx, Value dy) = 0;

  int64_t records() const { return steps() * team * chunk / ofRecord; }
  /// Where the record of a sample is: those that the team writes at once are
  /// neighbours.
  int64_t recordOf(int64_t sample) const {
    const int64_t atOnce = team * chunk;
    return sample / atOnce * (atOnce / ofRecord) +
           sample % chunk / ofRecord * team + sample % atOnce / chunk;
  }

  int64_t samples() const { return frames * perFrame(); }
  int64_t perFrame() const { return levels * points; }

  /// Has each member of the team look for the largest of its own logits, where
  /// these are so many that all of them would take longer, or weights.
  void shareLargest();
  bool sharesLargest() const {
    return scaled || (!parts.hasWeights && frames == 1 && !hasFewLogits());
  }
  /// The largest logit of `thread`, or finite weight's magnitude.
  Value ownLargest(Value thread);
  /// A power of two that makes weights, the largest of which is so large, fit
  /// f16, or the inverse.
  Value scaleOf(Value largest, bool isInverse);
  /// Computes all records; the sums go to `sums`.
  Records plan(Value sums);
  /// What takes the sums, or nothing where weights are given.
  Value emptySums() {
    return parts.hasWeights ? Value() : empty({frames, team}, b.getF32Type());
  }
  /// The row, from the records of all its samples.
  Value accumulate(const Records &records);
  /// Logits of all samples, where they are few, and the largest of each frame;
  /// f32.
  struct Logits {
    SmallVector<Value> all, largest;
  };
  bool hasFewLogits() const { return samples() <= kFewLogits; }
  /// What a record says of a sample's neighbours.
  struct Sample {
    std::array<Value, 4> rows;    ///< index, positions
    SmallVector<Value> valid;     ///< i1, or empty: all are read
    std::array<Value, 4> weights; ///< f32 or, packed, f16
    Value share;                  ///< f32, absent where not packed
    Value any;                    ///< i1, whether any is in the map
  };
  /// What record `at` (an index value) says of sample number `sample`.
  Sample readRecord(const Records &records, Value at, int64_t sample,
                    Guard guard);
  /// Whether samples are added up in f16, two at a time, before f32: those of
  /// narrow records. Where they are computed again because a sum was not
  /// finite, which may be for that reason, in f32.
  bool isAddedInHalf(Guard guard) const {
    return narrow && guard == f.mode.guard;
  }
  /// The weights of the upper and of the lower neighbours of a narrow record,
  /// from those of both and y: vectors of two f16.
  std::array<Value, 2> narrowWeights(Value both, Value y);
  /// The sum of one frame's samples, from `acc` on, for the channels from
  /// `channel` on.
  Value addFrame(Value acc, const Records &records, int64_t frame,
                 Value frameIndex, Value channel);
  /// The same, guarded so; `again` (an index value or absent) is 0.
  Value addSamples(Value acc, const Records &records, int64_t frame,
                   const ChannelSource &from, Guard guard, Value again);
  /// Where the channels from `channel` on of a frame's position are.
  ChannelSource source(Value frame, Value channel) {
    bool hasFrames = cast<ShapedType>(parts.value.getType()).getRank() == 5;
    return {parts.value, [=, zero = zero, layout = parts.layout](Value row) {
              SmallVector<Value> leading = {zero};
              if (hasFrames)
                leading.push_back(frame);
              return valueIndex(layout, leading, row, zero, channel);
            }};
  }
  /// First channel of a work item.
  Value channelOf(Value thread) {
    return f.mulI(thread, f.index(f.mode.lanes));
  }
  /// Writes the channels from `channel` on of the row that the loop gives.
  void writeChannels(Value sum, Value out, Value channel) {
    SmallVector<OpFoldResult> at(rowType.getRank(), b.getIndexAttr(0));
    at.back() = channel;
    write(f.fromF32(sum, rowType.getElementType()), out, at);
  }
  /// 1 / the sum of the exponentials of a frame.
  Value softmaxScale(const Records &records, int64_t frame);

  /// A loop over the team. `body` gets the tensors that it writes parts of.
  ValueRange loop(ValueRange outs,
                  llvm::function_ref<void(Value thread, ValueRange outs)> body);
  /// Writes `part` (a scalar or a vector of the last dimension) to `out`, an
  /// output of the loop that is being built, at `index`.
  void write(Value part, Value out, ArrayRef<OpFoldResult> index);
  /// Writes `part` to `out`, an output of the loop that is being built, as
  /// number `k` of what `thread` has there: a vector to row thread + k * team,
  /// a scalar to row k of column `thread`.
  void writeOwn(Value part, Value out, Value thread, int64_t k);
  Value empty(ArrayRef<int64_t> shape, Type element) {
    return tensor::EmptyOp::create(b, loc, shape, element);
  }
  /// `count` elements of the last dimension of `tensor`, as a vector.
  Value read(Value tensor, ValueRange index, int64_t count) {
    Type element = cast<ShapedType>(tensor.getType()).getElementType();
    return vector::TransferReadOp::create(
        b, loc, VectorType::get(count, element), tensor, index,
        arith::ConstantOp::create(b, loc, b.getZeroAttr(element)),
        ArrayRef<bool>{true});
  }
  Value extract(Value vector, int64_t lane) {
    return vector::ExtractOp::create(b, loc, vector, lane);
  }
  Value divide(Value value, int64_t divisor) {
    return arith::DivUIOp::create(b, loc, value, f.index(divisor));
  }
  Value remainder(Value value, int64_t divisor) {
    return arith::RemUIOp::create(b, loc, value, f.index(divisor));
  }
  /// The same in f32, one by one.
  SmallVector<Value> readTuple(Value tensor, ValueRange index, int64_t count) {
    Value tuple = f.toF32(read(tensor, index, count));
    SmallVector<Value> scalars;
    for (int64_t lane = 0; lane < count; ++lane)
      scalars.push_back(extract(tuple, lane));
    return scalars;
  }
  /// `operand` with what a query and head have of it flattened.
  Value flat(Value operand) {
    auto type = cast<RankedTensorType>(operand.getType());
    constexpr unsigned leading = 3;
    if (type.getRank() == leading + 1)
      return operand;
    auto [it, inserted] = flattened.try_emplace(operand);
    if (inserted) {
      OpBuilder::InsertionGuard insertion(b);
      b.setInsertionPointAfterValue(operand);
      SmallVector<ReassociationIndices> groups;
      for (unsigned dim = 0; dim < leading; ++dim)
        groups.push_back({dim});
      groups.push_back(
          llvm::to_vector<2>(llvm::seq<int64_t>(leading, type.getRank())));
      it->second = tensor::CollapseShapeOp::create(b, loc, operand, groups);
    }
    return it->second;
  }
  Value toPixels(Value u, Value sizeF) { return f.fma(u, sizeF, f.f32(-0.5)); }
  /// Which anchor of a pillar sample `s` belongs to.
  Value anchorOf(Value s, AnchorOrder order, int64_t anchors) {
    // Anchors divide the points, so that level and frame do not matter.
    return order == AnchorOrder::mod
               ? remainder(s, anchors)
               : divide(remainder(s, points), points / anchors);
  }

  /// What `get` gives for s / granularity, where s is one of the team's samples
  /// from `first` on: a choice between those that differ.
  template <typename T>
  T choose(int64_t first, Value s, int64_t granularity,
           llvm::function_ref<T(int64_t)> get,
           llvm::function_ref<T(Value, T, T)> select) {
    int64_t last = std::min(first + team * chunk, samples()) - 1;
    T chosen = get(first / granularity);
    for (int64_t k = first / granularity + 1; k <= last / granularity; ++k)
      chosen = select(
          f.compare(arith::CmpIPredicate::uge, s, f.index(k * granularity)),
          get(k), chosen);
    return chosen;
  }

  FormulaBuilder f;
  OpBuilder &b;
  Location loc;
  Value init;
  RankedTensorType rowType;
  int64_t team;
  Value zero;
  Parts parts;
  int64_t frames, levels, points;
  SmallVector<MapShape> maps;
  /// Neighbouring samples that a member of the team takes at once.
  int64_t chunk;
  /// Samples of a record. Of several it is narrow, and exponentials are up to
  /// 2^kNarrowBits.
  int64_t ofRecord;
  bool narrow;
  static constexpr int64_t kNarrowBits = 3;
  /// Whether narrow records have given weights times a power of two, since f16
  /// would not hold all of them.
  bool scaled;
  /// Samples that are added up in f16.
  static constexpr int64_t kNarrowSum = 2;
  /// The frame of an op whose frames are no samples of one loop, else absent.
  Value outerFrame;
  /// [team] f32: what is largest of each member, or absent.
  Value largestOfEach;
  /// 0 (index), which no compiler knows to be the same in all iterations of a
  /// loop around the plan; or absent. What each plan reads stays out of the
  /// registers meanwhile.
  Value again;

private:
  void planChunk(Value thread, int64_t step, const Logits &logits,
                 MutableArrayRef<Value> sums, const Records &outs);
  /// What a record says of the sample with this window, as i32.
  SmallVector<Value> wordsOf(const FormulaBuilder::Window &window);
  Logits readLogits();
  Value largestOf(ArrayRef<Value> logits);
  /// The first sample of chunk `step` of work item `thread`, which is number
  /// `slot` of those of all. Beyond the last it is the last once more.
  Value firstOfChunk(Value slot, Value thread, int64_t step);
  /// Chunks of samples that a member of the team takes.
  int64_t steps() const { return llvm::divideCeil(samples(), team * chunk); }
  bool isWhole(int64_t step) const {
    return (step + 1) * team * chunk <= samples();
  }

  /// What one work item has of an output. One slice, since bufferization copies
  /// where it cannot tell that slices do not overlap.
  struct Own {
    SmallVector<OpFoldResult> offsets, sizes, strides;
    Value written;
  };
  void insert(Value written, Value out, ArrayRef<OpFoldResult> offsets,
              ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides);

  DenseMap<Value, Value> flattened;
  scf::ForallOp open;
  llvm::MapVector<Value, Own> owned;
};

} // namespace mlir::bev::detail

#endif // BEV_DIALECTS_BEV_IR_SHAREDROW_H
