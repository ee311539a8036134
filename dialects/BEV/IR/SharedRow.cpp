// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the attentions of a team have in common.

#include "SharedRow.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

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

/// Finite, whatever the logits are.
Value SharedRow::largestOf(ArrayRef<Value> logits) {
  Value maximum = f.f32(std::numeric_limits<float>::lowest());
  for (Value logit : logits)
    maximum = f.maxNum(maximum, logit);
  return maximum;
}

Value SharedRow::firstOfChunk(Value slot, Value thread, int64_t step) {
  Value s = chunk == 1 ? slot
                       : f.addI(f.mulI(thread, f.index(chunk)),
                                f.index(step * team * chunk));
  if (again)
    s = f.addI(s, again);
  if (!isWhole(step))
    s = arith::MinUIOp::create(b, loc, s, f.index(samples() - 1));
  return s;
}

void SharedRow::shareLargest() {
  if (parts.hasWeights || frames != 1 || hasFewLogits())
    return;
  auto look = [&](Value thread, ValueRange outs) {
    SmallVector<Value> logits;
    for (int64_t step = 0; step < steps(); ++step) {
      Value slot = f.addI(thread, f.index(step * team * chunk));
      Value s = firstOfChunk(slot, thread, step);
      llvm::append_range(logits, readTuple(flat(parts.weightsOrLogits),
                                           {zero, zero, zero, s}, chunk));
    }
    write(largestOf(logits), outs.front(), {OpFoldResult(thread)});
  };
  largestLogits = loop(empty({team}, b.getF32Type()), look).front();
}

/// What every work item needs of the logits.
SharedRow::Logits SharedRow::readLogits() {
  if (largestLogits)
    return {{}, {largestOf(readTuple(largestLogits, zero, team))}};
  Logits logits;
  logits.all =
      f.readScalars(parts.weightsOrLogits, {zero, zero, zero}, 0, samples());
  for (int64_t frame = 0; frame < frames; ++frame)
    logits.largest.push_back(
        largestOf(ArrayRef(logits.all).slice(frame * perFrame(), perFrame())));
  return logits;
}

void SharedRow::writeRecord(const FormulaBuilder::Window &window, Value thread,
                            int64_t k, const Records &outs) {
  Type i32 = b.getI32Type();
  Value words[] = {window.row, f.bitcast(window.share, i32), {}, {}};
  if (f.mode.packed) {
    SmallVector<Value> halves;
    for (Value part : f.windowWeights(window.x, window.y, f.f32(1)))
      halves.push_back(f.fromF32(part, b.getF16Type()));
    Value pairs = vector::BitCastOp::create(
        b, loc, VectorType::get(2, i32),
        vector::FromElementsOp::create(
            b, loc, VectorType::get(4, b.getF16Type()), halves));
    for (int64_t word = 0; word < 2; ++word) {
      words[2 + word] = extract(pairs, word);
      // Who asks for what has a weight asks for nothing else.
      if (f.mode.guard != Guard::speculate)
        words[2 + word] = f.select(window.inside, words[2 + word], f.i32(0));
    }
  } else {
    words[2] = f.bitcast(window.x, i32);
    words[3] = f.bitcast(window.y, i32);
  }
  writeOwn(
      vector::FromElementsOp::create(b, loc, VectorType::get(4, i32), words),
      outs.windows, thread, k);
}

/// A chunk of work item `thread`, number `step` of its own.
void SharedRow::planChunk(Value thread, int64_t step, const Logits &logits,
                          MutableArrayRef<Value> sums, const Records &outs) {
  const int64_t first = step * team * chunk;
  const int64_t last = std::min(first + team * chunk, samples()) - 1;
  Value slot = f.addI(thread, f.index(first));
  // No one reads the record of what is beyond the last.
  Value s = firstOfChunk(slot, thread, step);
  auto selectValue = [&](Value condition, Value x, Value y) {
    return x == y ? x : f.select(condition, x, y);
  };

  // Of few logits, all of which are there, choosing is cheaper than reading,
  // unless they would have to stay there.
  SmallVector<Value> weights;
  if (parts.hasWeights || !hasFewLogits() || again)
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
      if (!isWhole(step))
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
    writeRecord(f.window(map, at.x, at.y, weights[part]), thread,
                step * chunk + part, outs);
  }
}

Records SharedRow::plan(Value sums) {
  SmallVector<Value> outs;
  if (sums)
    outs.push_back(sums);
  outs.push_back(empty({steps() * team * chunk, 4}, b.getI32Type()));
  auto split = [&](ValueRange tensors) {
    Records records;
    if (!parts.hasWeights)
      records.sums = tensors.front();
    records.windows = tensors.back();
    return records;
  };
  return split(loop(outs, [&](Value thread, ValueRange written) {
    Records outputs = split(written);
    SmallVector<Value> sums(frames);
    Logits logits;
    if (!parts.hasWeights)
      logits = readLogits();
    for (int64_t step = 0; step < steps(); ++step)
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

SharedRow::Sample SharedRow::readRecord(const Records &records, Value at,
                                        const MapShape &map, Guard guard) {
  Value words = read(records.windows, {at, zero}, 4);
  Value row = extract(words, 0);
  Value share = f.bitcast(extract(words, 1), b.getF32Type());
  Sample sample;
  sample.any = f.compare(arith::CmpIPredicate::sge, row, f.i32(0));
  // Of some that are read with one branch, another may be in the map.
  if (f.mode.together > 1)
    row = arith::MaxSIOp::create(b, loc, row, f.i32(0));
  sample.rows = f.windowRows(
      map, arith::IndexCastOp::create(b, loc, b.getIndexType(), row));

  Value x, y;
  if (f.mode.packed) {
    sample.share = share;
    Value halves = vector::BitCastOp::create(
        b, loc, VectorType::get(8, b.getF16Type()), words);
    for (int64_t corner = 0; corner < 4; ++corner)
      sample.weights[corner] = extract(halves, 4 + corner);
  } else {
    x = f.bitcast(extract(words, 2), b.getF32Type());
    y = f.bitcast(extract(words, 3), b.getF32Type());
    sample.weights = f.windowWeights(x, y, share);
  }
  if (guard == Guard::speculate)
    return sample;

  for (int64_t corner = 0; corner < 4; ++corner) {
    Value valid;
    if (f.mode.packed) {
      // The weights are 0 or positive: as integers they compare the same.
      Value mask = f.i32(corner % 2 ? ~int64_t(0xffff) : 0xffff);
      Value word = extract(words, corner < 2 ? 2 : 3);
      valid = f.compare(arith::CmpIPredicate::ne, f.andI(word, mask), f.i32(0));
    } else {
      auto weighs = [&](Value second, bool isSecond) {
        return f.compare(arith::CmpFPredicate::ONE, second,
                         f.f32(isSecond ? 0 : 1));
      };
      valid = f.andI(weighs(x, corner % 2), weighs(y, corner / 2));
    }
    if (!f.mode.packed || f.mode.guard == Guard::speculate)
      valid = f.andI(valid, sample.any);
    sample.valid.push_back(valid);
  }
  return sample;
}

Value SharedRow::addSamples(Value acc, const Records &records, int64_t frame,
                            const ChannelSource &from, Guard guard,
                            Value again) {
  for (int64_t first = 0; first < perFrame(); first += f.mode.together) {
    SmallVector<Sample> group;
    Value any;
    for (int64_t sample = first;
         sample < std::min(first + f.mode.together, perFrame()); ++sample) {
      Value at = f.index(recordOf(frame * perFrame() + sample));
      if (again)
        at = f.addI(at, again);
      group.push_back(readRecord(records, at, maps[sample / points], guard));
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
    const bool asks = guard != Guard::predicate && guard != Guard::select;
    acc = asks ? f.addIf(any, acc, add) : add();
  }
  return acc;
}

Value SharedRow::addFrame(Value acc, const Records &records, int64_t frame,
                          Value frameIndex, Value channel) {
  ChannelSource from = source(frameIndex, channel);
  Value sum = addSamples(acc, records, frame, from, f.mode.guard, Value());
  if (f.mode.guard != Guard::speculate)
    return sum;
  return f.unlessFinite(sum, [&](Value again) {
    return addSamples(acc, records, frame, from, Guard::skip, again);
  });
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
