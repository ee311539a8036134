// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the attentions of a team have in common.

#include "SharedRow.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

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
  if (!sharesLargest())
    return;
  auto look = [&](Value thread, ValueRange outs) {
    write(ownLargest(thread), outs.front(), {OpFoldResult(thread)});
  };
  largestOfEach = loop(empty({team}, b.getF32Type()), look).front();
}

Value SharedRow::ownLargest(Value thread) {
  SmallVector<Value> own;
  for (int64_t step = 0; step < steps(); ++step) {
    Value slot = f.addI(thread, f.index(step * team * chunk));
    Value s = firstOfChunk(slot, thread, step);
    llvm::append_range(own, readTuple(flat(parts.weightsOrLogits),
                                      {zero, zero, zero, s}, chunk));
  }
  if (scaled)
    for (Value &weight : own) {
      weight = math::AbsFOp::create(b, loc, weight);
      Value isFinite = f.compare(arith::CmpFPredicate::OLE, weight,
                                 f.f32(std::numeric_limits<float>::max()));
      weight = f.select(isFinite, weight, f.f32(0));
    }
  return largestOf(own);
}

Value SharedRow::scaleOf(Value largest, bool isInverse) {
  constexpr uint32_t kDigits = 23, kLeast = kNarrowBits, kBias = 127;
  auto exponent = [&](uint32_t biased) {
    return f.i32(int32_t(biased << kDigits));
  };
  // The largest below 2^kNarrowBits, as far as there are such powers.
  Value own = f.andI(f.bitcast(largest, b.getI32Type()), exponent(0xff));
  own = arith::MaxSIOp::create(b, loc, own, exponent(kLeast));
  Value power =
      isInverse ? arith::SubIOp::create(b, loc, own, exponent(kNarrowBits - 1))
                : arith::SubIOp::create(
                      b, loc, exponent(2 * kBias + kNarrowBits - 1), own);
  return f.bitcast(power, b.getF32Type());
}

/// What every work item needs of the logits.
SharedRow::Logits SharedRow::readLogits() {
  if (largestOfEach)
    return {{}, {largestOf(readTuple(largestOfEach, zero, team))}};
  Logits logits;
  logits.all =
      f.readScalars(parts.weightsOrLogits, {zero, zero, zero}, 0, samples());
  for (int64_t frame = 0; frame < frames; ++frame)
    logits.largest.push_back(
        largestOf(ArrayRef(logits.all).slice(frame * perFrame(), perFrame())));
  return logits;
}

SmallVector<Value> SharedRow::wordsOf(const FormulaBuilder::Window &window) {
  Type i16 = b.getI16Type(), i32 = b.getI32Type();
  // Of two numbers of 16 bits.
  auto pair = [&](Value low, Value high) {
    auto type = VectorType::get(2, low.getType());
    Value both =
        vector::FromElementsOp::create(b, loc, type, ValueRange{low, high});
    return extract(
        vector::BitCastOp::create(b, loc, VectorType::get(1, i32), both), 0);
  };
  auto toHalf = [&](Value x) { return f.fromF32(x, b.getF16Type()); };

  if (narrow) {
    // y is from 0 to 1, whose sign is free to say that all are outside.
    Value row = arith::TruncIOp::create(b, loc, i16, window.row);
    Value word = pair(row, f.bitcast(toHalf(window.y), i16));
    Value outside = f.i32(std::numeric_limits<int32_t>::min());
    Value right = f.mul(window.share, window.x);
    Value left = f.sub(window.share, right);
    return {f.select(window.inside, word, outside),
            pair(toHalf(left), toHalf(right))};
  }
  SmallVector<Value> words = {f.select(window.inside, window.row, f.i32(-1)),
                              f.bitcast(window.share, i32)};
  if (!f.mode.packed) {
    words.push_back(f.bitcast(window.x, i32));
    words.push_back(f.bitcast(window.y, i32));
    return words;
  }
  std::array<Value, 4> weights = f.windowWeights(window.x, window.y, f.f32(1));
  for (int64_t first : {0, 2}) {
    Value word = pair(toHalf(weights[first]), toHalf(weights[first + 1]));
    // Who asks for what has a weight asks for nothing else.
    if (f.mode.guard != Guard::speculate)
      word = f.select(window.inside, word, f.i32(0));
    words.push_back(word);
  }
  return words;
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
    // What is small against the largest still has all its digits in f16.
    if (narrow)
      largest = f.sub(largest, f.f32(kNarrowBits * llvm::numbers::ln2));
    // e^(x - y), as 2^(x log2(e) - y log2(e)) where no product is beyond f32:
    // an operation less.
    const bool isHalf = getElementTypeOrSelf(parts.weightsOrLogits).isF16();
    Value log2e = f.f32(llvm::numbers::log2e), less;
    if (isHalf)
      less = arith::NegFOp::create(b, loc, f.mul(largest, log2e));
    auto exponential = [&](Value x) -> Value {
      constexpr auto kApproximate = arith::FastMathFlags::afn;
      if (isHalf)
        return math::Exp2Op::create(b, loc, f.fma(x, log2e, less),
                                    kApproximate);
      return math::ExpOp::create(b, loc, f.sub(x, largest), kApproximate);
    };
    Value all;
    for (Value &weight : weights) {
      // Never far above 1, so that the relative error of an approximation,
      // which grows with the argument, is small against the sum.
      weight = exponential(weight);
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
  if (scaled) {
    Value scale = scaleOf(logits.largest.front(), /*isInverse=*/false);
    for (Value &weight : weights)
      weight = f.mul(weight, scale);
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
  auto type = VectorType::get(Records::kWords, b.getI32Type());
  SmallVector<Value> words;
  for (int64_t part = 0; part < chunk; ++part) {
    Pixel at = pixel(part ? f.addI(s, f.index(part)) : s, frame, level, map,
                     offsets[2 * part], offsets[2 * part + 1]);
    llvm::append_range(words,
                       wordsOf(f.window(map, at.x, at.y, weights[part])));
    if (words.size() != Records::kWords)
      continue;
    writeOwn(vector::FromElementsOp::create(b, loc, type, words), outs.windows,
             thread, (step * chunk + part) / ofRecord);
    words.clear();
  }
}

Records SharedRow::plan(Value sums) {
  SmallVector<Value> outs;
  if (sums)
    outs.push_back(sums);
  outs.push_back(empty({records(), Records::kWords}, b.getI32Type()));
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
    if (!parts.hasWeights || scaled)
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

std::array<Value, 2> SharedRow::narrowWeights(Value both, Value y) {
  // vector.fma, not math.fma: arithmetic that is meant to be in f16. Exact
  // where y is 0 or 1.
  auto type = cast<VectorType>(both.getType());
  auto splat = [&](Value half) {
    return vector::BroadcastOp::create(b, loc, type, half);
  };
  auto constant = [&](float number) {
    return splat(arith::ConstantOp::create(b, loc, b.getF16FloatAttr(number)));
  };
  Value below = vector::FMAOp::create(b, loc, both, splat(y), constant(0));
  Value above = vector::FMAOp::create(b, loc, below, constant(-1), both);
  return {above, below};
}

SharedRow::Sample SharedRow::readRecord(const Records &records, Value at,
                                        int64_t number, Guard guard) {
  Value words = read(records.windows, {at, zero}, Records::kWords);
  const int64_t first = number % ofRecord * (Records::kWords / ofRecord);
  auto word = [&](int64_t i) { return extract(words, first + i); };
  /// Word `i` as two f16.
  auto pair = [&](int64_t i) -> Value {
    Value one = vector::BroadcastOp::create(
        b, loc, VectorType::get(1, b.getI32Type()), word(i));
    return vector::BitCastOp::create(b, loc, VectorType::get(2, b.getF16Type()),
                                     one);
  };

  Sample sample;
  sample.any = f.compare(arith::CmpIPredicate::sge, word(0), f.i32(0));
  Value row = word(0);
  // Of some that are read with one branch, another may be in the map. Of what
  // lies outside, narrow records say position 0.
  if (narrow)
    row = f.andI(row, f.i32(0xffff));
  else if (f.mode.together > 1)
    row = arith::MaxSIOp::create(b, loc, row, f.i32(0));
  sample.rows = f.windowRows(maps[number / points % levels], f.toIndex(row));

  Value x, y;
  // Of the neighbours above and below, two f16 each.
  std::array<Value, 2> pairs;
  if (f.mode.packed) {
    if (narrow) {
      pairs = narrowWeights(pair(1), extract(pair(0), 1));
    } else {
      pairs = {pair(2), pair(3)};
      sample.share = f.bitcast(word(1), b.getF32Type());
    }
    for (int64_t corner = 0; corner < 4; ++corner) {
      Value weight = extract(pairs[corner / 2], corner % 2);
      sample.weights[corner] =
          isAddedInHalf(guard) || !narrow ? weight : f.toF32(weight);
    }
  } else {
    x = f.bitcast(word(2), b.getF32Type());
    y = f.bitcast(word(3), b.getF32Type());
    sample.weights = f.windowWeights(x, y, f.bitcast(word(1), b.getF32Type()));
  }
  if (guard == Guard::speculate)
    return sample;

  for (int64_t corner = 0; corner < 4; ++corner) {
    Value valid;
    if (f.mode.packed) {
      // What is 0 is so as an integer, but for its sign.
      Value bits = extract(
          vector::BitCastOp::create(b, loc, VectorType::get(1, b.getI32Type()),
                                    pairs[corner / 2]),
          0);
      bits = f.andI(bits, f.i32(corner % 2 ? 0x7fff0000 : 0x7fff));
      valid = f.compare(arith::CmpIPredicate::ne, bits, f.i32(0));
    } else {
      auto weighs = [&](Value second, bool isSecond) {
        return f.compare(arith::CmpFPredicate::ONE, second,
                         f.f32(isSecond ? 0 : 1));
      };
      valid = f.andI(weighs(x, corner % 2), weighs(y, corner / 2));
    }
    if (!f.mode.packed || narrow || f.mode.guard == Guard::speculate)
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
      const int64_t number = frame * perFrame() + sample;
      Value at = f.index(recordOf(number));
      if (again)
        at = f.addI(at, again);
      group.push_back(readRecord(records, at, number, guard));
      Value here = group.back().any;
      any = any ? f.orI(any, here) : here;
    }
    auto add = [&]() {
      // All reads before the first use.
      SmallVector<std::array<Value, 4>> reads;
      for (const Sample &sample : group)
        reads.push_back(f.readNeighbours(from, sample.valid, sample.rows));
      Value sum = acc, halves;
      for (auto [k, sample] : llvm::enumerate(group)) {
        if (!isAddedInHalf(guard)) {
          sum = f.addNeighbours(sum, reads[k], sample.weights, sample.share);
          continue;
        }
        if (k % kNarrowSum == 0)
          halves = arith::ConstantOp::create(
              b, loc, b.getZeroAttr(reads[k].front().getType()));
        for (auto [read, weight] : llvm::zip_equal(reads[k], sample.weights))
          halves = vector::FMAOp::create(b, loc, read, f.splat(weight), halves);
        if ((k + 1) % kNarrowSum == 0 || k + 1 == group.size())
          sum = f.add(sum, f.toF32(halves));
      }
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
        if (scaled)
          sum = f.mul(sum, f.splat(scaleOf(readLogits().largest.front(),
                                           /*isInverse=*/true)));
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
