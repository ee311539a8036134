// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The attentions for a team of work items that computes one row: first the
// samples are divided among the team, each of which becomes a record of where
// its neighbours lie and what they weigh; then the channels are, and everyone
// reads all records.

#include "FormulaBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

namespace {

/// Pixel coordinates of a sample.
struct Pixel {
  Value x, y;
};

/// What the team passes on from one loop to the next, as tensors.
struct Records {
  /// [samples, 4] f32: the neighbours' weights, with the sample's own; packed:
  /// [samples, 4] i32: position, weight of the sample (bits), the neighbours'
  /// weights (two words of two f16).
  Value weights;
  /// [samples, 2] i32: position, and a bit for each valid neighbour. Absent
  /// where packed.
  Value rows;
  /// [frames, team] f32: parts of the sum of exponentials. Absent where weights
  /// are given.
  Value sums;
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
        maps(f.mapShapes(parts.levels)), chunk(chunkSize()) {}
  virtual ~SharedRow() = default;

  virtual Value emit() { return accumulate(plan(emptySums())); }

protected:
  /// What the ops differ in: where sample `s` of all (an index value) lies, in
  /// level `level` and frame `frame` (index values) of shape `map`, moved by
  /// (dx, dy).
  virtual Pixel pixel(Value s, Value frame, Value level, const MapShape &map,
                      Value dx, Value dy) = 0;

  /// As many samples as have their offsets in one wide access, of one level.
  int64_t chunkSize() const {
    constexpr int64_t kAccessBits = 128;
    auto type = cast<ShapedType>(parts.offsets.getType());
    int64_t size = kAccessBits / (2 * type.getElementTypeBitWidth());
    while (size > 1 && (samples() % (team * size) != 0 || points % size != 0))
      size /= 2;
    return size;
  }
  /// Where the record of a sample is: those that the team writes at once are
  /// neighbours.
  int64_t recordOf(int64_t sample) const {
    int64_t atOnce = team * chunk;
    return sample / atOnce * atOnce + sample % chunk * team +
           sample % atOnce / chunk;
  }

  int64_t samples() const { return frames * perFrame(); }
  int64_t perFrame() const { return levels * points; }

  /// Computes all records; the sums go to `sums`.
  Records plan(Value sums);
  /// What takes the sums, or nothing where weights are given.
  Value emptySums() {
    return parts.hasWeights ? Value() : empty({frames, team}, b.getF32Type());
  }
  /// The row, from the records of all its samples.
  Value accumulate(const Records &records);
  /// Logits of all samples, and the largest of each frame; f32.
  struct Logits {
    SmallVector<Value> all, largest;
  };
  /// What a record says of a sample's neighbours.
  struct Sample {
    std::array<Value, 4> rows;    ///< index, positions
    std::array<Value, 4> valid;   ///< i1
    std::array<Value, 4> weights; ///< f32 or, packed, f16
    Value share;                  ///< f32, absent where not packed
    Value any;                    ///< i1, whether any is valid
  };
  Sample readRecord(const Records &records, int64_t number,
                    const MapShape &map);
  /// The sum of one frame's samples, from `acc` on, for the channels from
  /// `channel` on.
  Value addFrame(Value acc, const Records &records, int64_t frame,
                 Value frameIndex, Value channel);
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
  Value bitcast(Value value, Type type) {
    return arith::BitcastOp::create(b, loc, type, value);
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
      if (Operation *owner = operand.getDefiningOp())
        b.setInsertionPointAfter(owner);
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
  /// The frame of an op whose frames are no samples of one loop, else absent.
  Value outerFrame;
  /// 0 (index), which no compiler knows to be the same in all iterations of a
  /// loop around the plan; or absent. What each plan reads stays out of the
  /// registers meanwhile.
  Value again;

private:
  void planChunk(Value thread, int64_t step, const Logits &logits,
                 MutableArrayRef<Value> sums, const Records &outs);
  void writeRecord(const FormulaBuilder::Neighbours &all, Value thread,
                   int64_t k, const Records &outs);
  Logits readLogits();

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

} // namespace

ValueRange
SharedRow::loop(ValueRange outs,
                llvm::function_ref<void(Value thread, ValueRange outs)> body) {
  OpBuilder::InsertionGuard insertion(b);
  open = scf::ForallOp::create(
      b, loc, ArrayRef<OpFoldResult>{b.getIndexAttr(team)}, outs,
      /*mapping=*/std::nullopt);
  b.setInsertionPoint(open.getTerminator());
  body(open.getInductionVar(0), open.getRegionIterArgs());
  for (auto &[out, own] : owned)
    insert(own.written, out, own.offsets, own.sizes, own.strides);
  owned.clear();
  return open.getResults();
}

void SharedRow::insert(Value written, Value out, ArrayRef<OpFoldResult> offsets,
                       ArrayRef<OpFoldResult> sizes,
                       ArrayRef<OpFoldResult> strides) {
  OpBuilder::InsertionGuard insertion(b);
  b.setInsertionPointToEnd(open.getTerminator().getBody());
  tensor::ParallelInsertSliceOp::create(b, loc, written, out, offsets, sizes,
                                        strides);
}

void SharedRow::writeOwn(Value part, Value out, Value thread, int64_t k) {
  auto type = cast<RankedTensorType>(out.getType());
  bool isVector = isa<VectorType>(part.getType());
  auto [it, inserted] = owned.try_emplace(out);
  Own &own = it->second;
  if (inserted) {
    int64_t rows = isVector ? type.getDimSize(0) / team : type.getDimSize(0);
    int64_t columns = isVector ? type.getDimSize(1) : 1;
    Attribute first = b.getIndexAttr(0);
    own.offsets = isVector ? SmallVector<OpFoldResult>{thread, first}
                           : SmallVector<OpFoldResult>{first, thread};
    own.sizes = {b.getIndexAttr(rows), b.getIndexAttr(columns)};
    own.strides = {b.getIndexAttr(isVector ? team : 1), b.getIndexAttr(1)};
    own.written = tensor::ExtractSliceOp::create(
        b, loc, RankedTensorType::get({rows, columns}, type.getElementType()),
        out, own.offsets, own.sizes, own.strides);
  }
  Value at[] = {f.index(k), zero};
  own.written =
      isVector
          ? vector::TransferWriteOp::create(b, loc, part, own.written, at,
                                            ArrayRef<bool>{true})
                .getResult()
          : tensor::InsertOp::create(b, loc, part, own.written, at).getResult();
}

void SharedRow::write(Value part, Value out, ArrayRef<OpFoldResult> index) {
  auto type = cast<RankedTensorType>(out.getType());
  SmallVector<OpFoldResult> sizes(type.getRank(), b.getIndexAttr(1)),
      strides(type.getRank(), b.getIndexAttr(1));
  SmallVector<int64_t> shape(type.getRank(), 1);
  auto vector = dyn_cast<VectorType>(part.getType());
  if (vector) {
    shape.back() = vector.getDimSize(0);
    sizes.back() = b.getIndexAttr(shape.back());
  }
  auto partType = RankedTensorType::get(shape, type.getElementType());
  Value slice = tensor::ExtractSliceOp::create(b, loc, partType, out, index,
                                               sizes, strides);
  SmallVector<Value> origin(type.getRank(), zero);
  Value written =
      vector
          ? vector::TransferWriteOp::create(b, loc, part, slice, origin,
                                            ArrayRef<bool>{true})
                .getResult()
          : tensor::InsertOp::create(b, loc, part, slice, origin).getResult();
  insert(written, out, index, sizes, strides);
}

/// All logits and the largest of each frame, finite: every work item computes
/// these.
SharedRow::Logits SharedRow::readLogits() {
  Logits logits;
  logits.all =
      f.readScalars(parts.weightsOrLogits, {zero, zero, zero}, 0, samples());
  for (int64_t frame = 0; frame < frames; ++frame) {
    Value maximum = f.f32(std::numeric_limits<float>::lowest());
    for (Value logit :
         ArrayRef(logits.all).slice(frame * perFrame(), perFrame()))
      maximum = f.maxNum(maximum, logit);
    logits.largest.push_back(maximum);
  }
  return logits;
}

void SharedRow::writeRecord(const FormulaBuilder::Neighbours &all, Value thread,
                            int64_t k, const Records &outs) {
  if (f.mode.packed) {
    SmallVector<Value> halves;
    for (auto [part, valid] : llvm::zip_equal(all.weights, all.valid))
      halves.push_back(
          f.fromF32(f.select(valid, part, f.f32(0)), b.getF16Type()));
    Value pairs = vector::BitCastOp::create(
        b, loc, VectorType::get(2, b.getI32Type()),
        vector::FromElementsOp::create(
            b, loc, VectorType::get(4, b.getF16Type()), halves));
    Value words[] = {all.row, bitcast(all.share, b.getI32Type()),
                     extract(pairs, 0), extract(pairs, 1)};
    writeOwn(vector::FromElementsOp::create(
                 b, loc, VectorType::get(4, b.getI32Type()), words),
             outs.weights, thread, k);
    return;
  }
  writeOwn(vector::FromElementsOp::create(
               b, loc, VectorType::get(4, b.getF32Type()), all.weights),
           outs.weights, thread, k);
  Value bits = f.i32(0);
  for (auto [corner, valid] : llvm::enumerate(all.valid))
    bits = f.orI(bits, f.select(valid, f.i32(1 << corner), f.i32(0)));
  Value words[] = {all.row, bits};
  writeOwn(vector::FromElementsOp::create(
               b, loc, VectorType::get(2, b.getI32Type()), words),
           outs.rows, thread, k);
}

/// A chunk of work item `thread`, number `step` of its own.
void SharedRow::planChunk(Value thread, int64_t step, const Logits &logits,
                          MutableArrayRef<Value> sums, const Records &outs) {
  const int64_t first = step * team * chunk;
  const int64_t last = std::min(first + team * chunk, samples()) - 1;
  bool isWhole = last == first + team * chunk - 1;
  Value slot = f.addI(thread, f.index(first));
  Value s = chunk == 1 ? slot
                       : f.addI(f.mulI(thread, f.index(chunk)), f.index(first));
  if (again)
    s = f.addI(s, again);
  // Beyond the last, the last once more: no one reads its record.
  if (!isWhole)
    s = arith::MinUIOp::create(b, loc, s, f.index(samples() - 1));
  auto selectValue = [&](Value condition, Value x, Value y) {
    return x == y ? x : f.select(condition, x, y);
  };

  // Of few logits, all of which are there, choosing is cheaper than reading,
  // unless they would have to stay there.
  constexpr int64_t kFewLogits = 8;
  SmallVector<Value> weights;
  if (parts.hasWeights || samples() > kFewLogits || again)
    weights =
        readTuple(flat(parts.weightsOrLogits), {zero, zero, zero, s}, chunk);
  else
    for (int64_t part = 0; part < chunk; ++part)
      weights.push_back(choose<Value>(
          first, s, chunk,
          [&](int64_t k) { return logits.all[k * chunk + part]; },
          selectValue));
  if (!parts.hasWeights) {
    Value largest = choose<Value>(
        first, s, perFrame(),
        [&](int64_t frame) { return logits.largest[frame]; }, selectValue);
    Value all;
    for (Value &weight : weights) {
      // Never above 1, so that the relative error of an approximation, which
      // grows with the argument, is small against the sum.
      weight = math::ExpOp::create(b, loc, f.sub(weight, largest),
                                   arith::FastMathFlags::afn);
      all = all ? f.add(all, weight) : weight;
    }
    int64_t firstFrame = first / perFrame(), lastFrame = last / perFrame();
    for (int64_t frame = firstFrame; frame <= lastFrame; ++frame) {
      Value part = all;
      if (firstFrame != lastFrame)
        part = f.select(f.compare(arith::CmpIPredicate::eq,
                                  divide(s, perFrame()), f.index(frame)),
                        part, f.f32(0));
      if (!isWhole)
        part = f.select(
            f.compare(arith::CmpIPredicate::ult, slot, f.index(samples())),
            part, f.f32(0));
      sums[frame] = sums[frame] ? f.add(sums[frame], part) : part;
    }
  }
  MapShape map = choose<MapShape>(
      first, s, points, [&](int64_t k) { return maps[k % levels]; },
      [&](Value condition, MapShape x, MapShape y) {
        return MapShape{selectValue(condition, x.height, y.height),
                        selectValue(condition, x.width, y.width),
                        selectValue(condition, x.heightF, y.heightF),
                        selectValue(condition, x.widthF, y.widthF),
                        selectValue(condition, x.start, y.start)};
      });
  bool isOneLevel = first / points == last / points;
  Value level = isOneLevel ? f.index(first / points % levels)
                           : remainder(divide(s, points), levels);
  Value frame = outerFrame    ? outerFrame
                : frames == 1 ? zero
                : isOneLevel  ? f.index(first / perFrame())
                              : divide(s, perFrame());
  SmallVector<Value> offsets =
      readTuple(flat(parts.offsets), {zero, zero, zero, f.mulI(s, f.index(2))},
                2 * chunk);
  for (int64_t part = 0; part < chunk; ++part) {
    Pixel at = pixel(part ? f.addI(s, f.index(part)) : s, frame, level, map,
                     offsets[2 * part], offsets[2 * part + 1]);
    writeRecord(f.neighbours(map, at.x, at.y, weights[part],
                             /*scaled=*/!f.mode.packed),
                thread, step * chunk + part, outs);
  }
}

Records SharedRow::plan(Value sums) {
  int64_t steps = llvm::divideCeil(samples(), team * chunk);
  Type f32 = b.getF32Type(), i32 = b.getI32Type();
  bool packed = f.mode.packed;
  SmallVector<Value> outs;
  if (sums)
    outs.push_back(sums);
  outs.push_back(empty({steps * team * chunk, 4}, packed ? i32 : f32));
  if (!packed)
    outs.push_back(empty({steps * team * chunk, 2}, i32));
  auto split = [&](ValueRange tensors) {
    Records records;
    if (!parts.hasWeights) {
      records.sums = tensors.front();
      tensors = tensors.drop_front();
    }
    records.weights = tensors.front();
    if (tensors.size() > 1)
      records.rows = tensors.back();
    return records;
  };
  return split(loop(outs, [&](Value thread, ValueRange written) {
    Records outputs = split(written);
    SmallVector<Value> sums(frames);
    Logits logits;
    if (!parts.hasWeights)
      logits = readLogits();
    for (int64_t step = 0; step < steps; ++step)
      planChunk(thread, step, logits, sums, outputs);
    if (!parts.hasWeights)
      for (auto [frame, sum] : llvm::enumerate(sums))
        writeOwn(sum, outputs.sums, thread, frame);
  }));
}

Value SharedRow::softmaxScale(const Records &records, int64_t frame) {
  Value partial = read(records.sums, {f.index(frame), zero}, team);
  Value sum = extract(partial, 0);
  for (int64_t lane = 1; lane < team; ++lane)
    sum = f.add(sum, extract(partial, lane));
  return arith::DivFOp::create(b, loc, f.f32(1), sum,
                               arith::FastMathFlags::afn);
}

SharedRow::Sample SharedRow::readRecord(const Records &records, int64_t number,
                                        const MapShape &map) {
  Value at = f.index(recordOf(number));
  Value first = read(records.weights, {at, zero}, 4), row;
  Sample sample;
  if (f.mode.packed) {
    row = extract(first, 0);
    sample.share = bitcast(extract(first, 1), b.getF32Type());
    Value left = extract(first, 2), right = extract(first, 3);
    sample.any =
        f.compare(arith::CmpIPredicate::ne, f.orI(left, right), f.i32(0));
    Value halves = vector::BitCastOp::create(
        b, loc, VectorType::get(8, b.getF16Type()), first);
    for (int64_t corner = 0; corner < 4; ++corner) {
      // The weights are 0 or positive: as integers they compare the same.
      Value word = corner < 2 ? left : right;
      Value mask = f.i32(corner % 2 ? ~int64_t(0xffff) : 0xffff);
      sample.weights[corner] = extract(halves, 4 + corner);
      sample.valid[corner] =
          f.compare(arith::CmpIPredicate::ne, f.andI(word, mask), f.i32(0));
    }
  } else {
    Value second = read(records.rows, {at, zero}, 2);
    row = extract(second, 0);
    Value bits = extract(second, 1);
    sample.any = f.compare(arith::CmpIPredicate::ne, bits, f.i32(0));
    for (int64_t corner = 0; corner < 4; ++corner) {
      sample.weights[corner] = extract(first, corner);
      sample.valid[corner] = f.compare(
          arith::CmpIPredicate::ne, f.andI(bits, f.i32(1 << corner)), f.i32(0));
    }
  }
  sample.rows = f.rowsFrom(
      map, arith::IndexCastOp::create(b, loc, b.getIndexType(), row));
  return sample;
}

Value SharedRow::addFrame(Value acc, const Records &records, int64_t frame,
                          Value frameIndex, Value channel) {
  ChannelSource from = source(frameIndex, channel);
  for (int64_t first = 0; first < perFrame(); first += f.mode.together) {
    SmallVector<Sample> group;
    Value any;
    for (int64_t sample = first;
         sample < std::min(first + f.mode.together, perFrame()); ++sample) {
      group.push_back(readRecord(records, frame * perFrame() + sample,
                                 maps[sample / points]));
      Value here = group.back().any;
      any = any ? f.orI(any, here) : here;
    }
    auto add = [&]() {
      // All reads before the first use.
      SmallVector<std::array<Value, 4>> reads;
      for (const Sample &sample : group)
        reads.push_back(f.readNeighbours(from, sample.valid, sample.rows));
      Value sum = acc;
      for (auto [sample, neighbours] : llvm::zip_equal(group, reads))
        sum = f.addNeighbours(sum, neighbours, sample.weights, sample.share);
      return sum;
    };
    if (f.mode.guard != Guard::skip) {
      acc = add();
      continue;
    }
    auto branch = scf::IfOp::create(b, loc, acc.getType(), any,
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard insertion(b);
    b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(b, loc, add());
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, loc, acc);
    acc = branch.getResult(0);
  }
  return acc;
}

Value SharedRow::accumulate(const Records &records) {
  auto body = [&](Value thread, ValueRange outs) {
    Value channel = channelOf(thread), sum;
    for (int64_t frame = 0; frame < frames; ++frame) {
      Value acc =
          addFrame(f.zeroChannels(), records, frame, f.index(frame), channel);
      if (parts.hasWeights) {
        sum = acc;
        continue;
      }
      // The mean over the frames.
      Value scale = softmaxScale(records, frame);
      if (frames != 1)
        scale = f.mul(scale, f.f32(1.0 / frames));
      sum = sum ? f.fma(acc, f.splat(scale), sum) : f.mul(acc, f.splat(scale));
    }
    writeChannels(sum, outs.front(), channel);
  };
  return loop(init, body).front();
}

static int64_t getDim(Value shaped, int64_t dim) {
  return cast<ShapedType>(shaped.getType()).getDimSize(dim);
}

namespace {

class SharedMSDeformAttn final : public SharedRow {
public:
  /// A location is an offset in units of the map from its corner.
  SharedMSDeformAttn(OpBuilder &b, MSDeformAttnOp op, int64_t team,
                     FormulaMode mode)
      : SharedRow(b, op, team, mode,
                  {op.getValue(), op.getValueLayout(), op.getLocations(),
                   op.getWeights(),
                   /*hasWeights=*/true, op.getMixedLevels(),
                   getDim(op.getWeights(), 4)}) {}

private:
  Pixel pixel(Value, Value, Value, const MapShape &map, Value dx,
              Value dy) override {
    return {toPixels(dx, map.widthF), toPixels(dy, map.heightF)};
  }
};

class SharedDeformableAttention final : public SharedRow {
public:
  SharedDeformableAttention(OpBuilder &b, DeformableAttentionOp op,
                            int64_t team, FormulaMode mode)
      : SharedRow(b, op, team, mode,
                  {op.getValue(), op.getValueLayout(), op.getOffsets(),
                   op.getLogits(),
                   /*hasWeights=*/false, op.getMixedLevels(),
                   getDim(op.getOffsets(), 4)}),
        attention(op) {}

private:
  Pixel pixel(Value s, Value, Value level, const MapShape &map, Value dx,
              Value dy) override {
    Value reference = attention.getReference();
    const int64_t references = getDim(reference, 2);
    ReferenceKind kind = attention.getReferenceKind();
    Value which = references == 1 ? zero : level;
    if (kind == ReferenceKind::pillar)
      which = anchorOf(s, attention.getAnchorOrder(), references);
    SmallVector<Value> at =
        readTuple(reference, {zero, zero, which, zero}, getDim(reference, 3));
    Value x = toPixels(at[0], map.widthF), y = toPixels(at[1], map.heightF);
    if (kind != ReferenceKind::box)
      return {f.add(x, dx), f.add(y, dy)};
    Value half = f.f32(0.5 / points);
    return {f.fma(dx, f.mul(f.mul(at[2], map.widthF), half), x),
            f.fma(dy, f.mul(f.mul(at[3], map.heightF), half), y)};
  }

  DeformableAttentionOp attention;
};

class SharedTemporalSelfAttention final : public SharedRow {
public:
  SharedTemporalSelfAttention(OpBuilder &b, TemporalSelfAttentionOp op,
                              int64_t team, FormulaMode mode)
      : SharedRow(b, op, team, mode,
                  {op.getValue(), op.getValueLayout(), op.getOffsets(),
                   op.getLogits(),
                   /*hasWeights=*/false, op.getMixedLevels(),
                   getDim(op.getOffsets(), 5), getDim(op.getOffsets(), 3)}),
        reference(op.getReference()) {}

private:
  Pixel pixel(Value, Value frame, Value level, const MapShape &map, Value dx,
              Value dy) override {
    SmallVector<Value> at =
        readTuple(reference, {zero, frame, zero, level, zero}, 2);
    return {f.add(toPixels(at[0], map.widthF), dx),
            f.add(toPixels(at[1], map.heightF), dy)};
  }

  Value reference;
};

class SharedSpatialCrossAttention final : public SharedRow {
public:
  SharedSpatialCrossAttention(OpBuilder &b, SpatialCrossAttentionOp op,
                              int64_t team, FormulaMode mode)
      : SharedRow(b, op, team, mode,
                  {op.getValue(), op.getValueLayout(), op.getOffsets(),
                   op.getLogits(),
                   /*hasWeights=*/false, op.getMixedLevels(),
                   getDim(op.getOffsets(), 4)}),
        attention(op) {}

  /// One camera after the other; the sum goes from one to the next in memory of
  /// the team.
  Value emit() override {
    int64_t channels = rowType.getShape().back();
    auto clear = [&](Value thread, ValueRange outs) {
      write(f.zeroChannels(), outs.front(), {OpFoldResult(channelOf(thread))});
    };
    Value none = loop(empty({channels}, b.getF32Type()), clear).front();
    // What a list of the cameras that see the query has bits for: theirs are
    // the loop's iterations. Else it visits all.
    const int64_t count = getDim(attention.getValue(), 1);
    Value seen, hits, end;
    if (!ShapedType::isDynamic(count) && count <= kMaxListed) {
      seen = listCameras(count);
      hits = math::CtPopOp::create(b, loc, seen);
      end = f.toIndex(hits);
    } else {
      end = tensor::DimOp::create(b, loc, attention.getValue(), 1);
    }
    auto sum = scf::ForOp::create(
        b, loc, zero, end, f.index(1),
        ValueRange{none, emptySums(), seen ? seen : f.i32(0)});
    {
      OpBuilder::InsertionGuard insertion(b);
      b.setInsertionPointToStart(sum.getBody());
      if (seen)
        visitListed(sum);
      else
        visit(sum);
    }
    if (!seen)
      hits = sum.getResult(2);
    // Every camera's plan gives the same sums.
    Records softmax;
    softmax.sums = sum.getResult(1);
    auto finish = [&](Value thread, ValueRange outs) {
      // Where no camera hits the sum is 0, and 0 it stays whatever the logits
      // are.
      Value divisor =
          f.intToF32(arith::MaxSIOp::create(b, loc, hits, f.i32(1)));
      Value scale =
          f.select(f.compare(arith::CmpIPredicate::sgt, hits, f.i32(0)),
                   f.div(softmaxScale(softmax, 0), divisor), f.f32(0));
      Value channel = channelOf(thread);
      Value acc = read(sum.getResult(0), channel, f.mode.lanes);
      writeChannels(f.mul(acc, f.splat(scale)), outs.front(), channel);
    };
    return loop(init, finish).front();
  }

private:
  /// A bit for each of `count` cameras that sees the query: each member of the
  /// team looks at some.
  Value listCameras(int64_t count) {
    auto look = [&](Value thread, ValueRange outs) {
      Value bits = f.i32(0);
      for (int64_t first = 0; first < count; first += team) {
        Value n = f.addI(thread, f.index(first));
        // Beyond the last, the last once more.
        if (first + team > count)
          n = arith::MinUIOp::create(b, loc, n, f.index(count - 1));
        Value bit = arith::ShLIOp::create(b, loc, f.i32(1), f.toI32(n));
        bits = f.orI(bits, f.select(emitHit(f, attention, zero, n, zero), bit,
                                    f.i32(0)));
      }
      write(bits, outs.front(), {OpFoldResult(thread)});
    };
    Value parts =
        read(loop(empty({team}, b.getI32Type()), look).front(), zero, team);
    Value all = extract(parts, 0);
    for (int64_t member = 1; member < team; ++member)
      all = f.orI(all, extract(parts, member));
    return all;
  }

  /// The body of the loop over the cameras of a list: the first of those left.
  void visitListed(scf::ForOp sum) {
    Value left = sum.getRegionIterArg(2);
    // The list ends before its highest bit. Most queries have one camera.
    again = f.mulI(f.toIndex(arith::ShRUIOp::create(b, loc, left, f.i32(31))),
                   f.index(samples()));
    Value n = f.toIndex(math::CountTrailingZerosOp::create(b, loc, left));
    SmallVector<Value> next = addCamera(sum.getRegionIterArgs(), n);
    next.push_back(f.andI(left, f.addI(left, f.i32(-1))));
    scf::YieldOp::create(b, loc, next);
  }

  /// The body of the loop over all cameras, which counts those that see the
  /// query.
  void visit(scf::ForOp sum) {
    Value n = sum.getInductionVar();
    auto seen = scf::IfOp::create(b, loc, sum.getResultTypes(),
                                  emitHit(f, attention, zero, n, zero),
                                  /*withElseRegion=*/true);
    scf::YieldOp::create(b, loc, seen.getResults());
    b.setInsertionPointToStart(seen.elseBlock());
    scf::YieldOp::create(b, loc, sum.getRegionIterArgs());
    b.setInsertionPointToStart(seen.thenBlock());
    SmallVector<Value> next = addCamera(sum.getRegionIterArgs(), n);
    next.push_back(f.addI(sum.getRegionIterArg(2), f.i32(1)));
    scf::YieldOp::create(b, loc, next);
  }

  /// The sum with the samples of camera `n`, and the sums of exponentials; from
  /// those `before`.
  SmallVector<Value> addCamera(ValueRange before, Value n) {
    outerFrame = n;
    Records records = plan(before[1]);
    auto add = [&](Value thread, ValueRange outs) {
      Value channel = channelOf(thread);
      Value acc = read(outs.front(), channel, f.mode.lanes);
      write(addFrame(acc, records, /*frame=*/0, n, channel), outs.front(),
            {OpFoldResult(channel)});
    };
    return {loop(before[0], add).front(), records.sums};
  }

  Pixel pixel(Value s, Value frame, Value, const MapShape &map, Value dx,
              Value dy) override {
    Value anchor =
        anchorOf(s, attention.getAnchorOrder(), getDim(attention.getUv(), 3));
    SmallVector<Value> at =
        readTuple(attention.getUv(), {zero, frame, zero, anchor, zero}, 2);
    return {f.add(toPixels(at[0], map.widthF), dx),
            f.add(toPixels(at[1], map.heightF), dy)};
  }

  /// Cameras that have a bit in the list.
  static constexpr int64_t kMaxListed = 31;

  SpatialCrossAttentionOp attention;
};

} // namespace

Value mlir::bev::emitSharedRow(OpBuilder &builder,
                               DestinationStyleOpInterface op, int64_t team,
                               FormulaMode mode) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](MSDeformAttnOp attention) {
        return SharedMSDeformAttn(builder, attention, team, mode).emit();
      })
      .Case([&](DeformableAttentionOp attention) {
        return SharedDeformableAttention(builder, attention, team, mode).emit();
      })
      .Case([&](SpatialCrossAttentionOp attention) {
        return SharedSpatialCrossAttention(builder, attention, team, mode)
            .emit();
      })
      .Case([&](TemporalSelfAttentionOp attention) {
        return SharedTemporalSelfAttention(builder, attention, team, mode)
            .emit();
      })
      .DefaultUnreachable("not an attention op");
}
