// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables that gradients are computed by: samples sorted by the cells that
// they lie in; and the rows of a gradient that they touch.

#include "BackwardKernels.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::bev;

/// Threads of a block, and those that run together.
static constexpr int64_t kThreads = 256, kWarp = 32;
/// Cells that a thread counts up, and reads at once.
static constexpr int64_t kCellsOfThread = 16, kCellsAtOnce = 4;

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

SampledMap BackwardKernels::mapOf(Value level) {
  SampledMap map = maps.front();
  for (int64_t l = 1; l < all.numLevels; ++l) {
    Value isLevel = equal(level, number(l));
    map.height = select(isLevel, maps[l].height, map.height);
    map.width = select(isLevel, maps[l].width, map.width);
    map.heightF = select(isLevel, maps[l].heightF, map.heightF);
    map.widthF = select(isLevel, maps[l].widthF, map.widthF);
    map.start = select(isLevel, maps[l].start, map.start);
  }
  return map;
}

BackwardKernels::Sample BackwardKernels::sampleOf(Value n) {
  Sample sample;
  sample.number = n;
  sample.index = add(toIndex(n), samplesBefore);
  Value point = rem(n, all.points);
  Value rest = div(n, all.points);
  sample.level = all.numLevels == 1 ? number(0) : rem(rest, all.numLevels);
  rest = div(rest, all.numLevels);
  Value head = rem(rest, all.heads);
  rest = div(rest, all.heads);
  Value query = arith::RemUIOp::create(b, rest, queriesNumber);
  Value batch = arith::DivUIOp::create(b, rest, queriesNumber);
  sample.row = add(mul(batch, number(all.heads)), head);
  sample.map = mapOf(sample.level);
  Value offset = toF32(loadVector(offsets, {sample.index, index(0)}, 2));
  SamplePixel at = emitSamplePixel(
      b, b.getLoc(), all, {add(toIndex(batch), groupStart), toIndex(query)},
      toIndex(sample.level), toIndex(point), sample.map, extract(offset, 0),
      extract(offset, 1));
  sample.x = at.x;
  sample.y = at.y;
  sample.scaleX = at.scaleX;
  sample.scaleY = at.scaleY;
  sample.touches = emitTouches(b, b.getLoc(), sample.map, at.x, at.y);
  return sample;
}

Value BackwardKernels::keyOf(Value row, Value level, const SampledMap &map,
                             Value line, Value column) {
  Value start = cellStarts.front();
  for (int64_t l = 1; l < all.numLevels; ++l)
    start = select(equal(level, number(l)), cellStarts[l], start);
  Value one = number(1);
  Value inMap = add(mul(add(line, one), add(map.width, one)), add(column, one));
  return add(add(mul(row, cellsOfHead), start), inMap);
}

BackwardKernels::Record BackwardKernels::recordOf(const Sample &sample) {
  Location loc = b.getLoc();
  // Of a sample that touches no map, coordinates might not be numbers.
  Value x = select(sample.touches, sample.x, f32(-1));
  Value y = select(sample.touches, sample.y, f32(-1));
  SampleCell cell = emitCell(b, loc, sample.map, x, y);
  Record record;
  record.sample = sample.number;
  record.key =
      keyOf(sample.row, sample.level, sample.map, cell.line, cell.column);
  record.fx = cell.fx;
  record.fy = cell.fy;
  record.weight = select(sample.touches, weightOf(sample.number), f32(0));
  record.row = sample.row;
  record.first = cell.row;
  record.valid = number(0);
  for (auto [corner, isValid] : llvm::enumerate(cell.valid))
    record.valid =
        either(record.valid, select(isValid, number(1 << corner), number(0)));
  return record;
}

void BackwardKernels::storeRecord(const Record &record, Value at) {
  Value word = mul(toIndex(at), index(kRecordWords));
  Value first[] = {record.sample, record.key, bits(record.fx), bits(record.fy)};
  Value second[] = {bits(record.weight), record.row, record.first,
                    record.valid};
  store(vectorOf(first), records, word);
  store(vectorOf(second), records, add(word, index(4)));
}

BackwardKernels::Record BackwardKernels::loadRecord(Value at, Value condition) {
  Type type = VectorType::get(4, b.getI32Type());
  auto read = [&](int64_t from) {
    return guarded(condition, type, [&] {
      return loadVector(
          records, add(mul(toIndex(at), index(kRecordWords)), index(from)), 4);
    });
  };
  Value first = read(0), second = read(4);
  Record record;
  record.sample = extract(first, 0);
  record.key = extract(first, 1);
  record.fx = fromBits(extract(first, 2));
  record.fy = fromBits(extract(first, 3));
  record.weight = fromBits(extract(second, 0));
  record.row = extract(second, 1);
  record.first = extract(second, 2);
  record.valid = extract(second, 3);
  return record;
}

void BackwardKernels::storeOffsets(Value sample, Value x, Value y) {
  Type element = cast<MemRefType>(gradOffsets.getType()).getElementType();
  Value pair[] = {fromF32(x, element), fromF32(y, element)};
  store(vectorOf(pair), gradOffsets,
        {add(toIndex(sample), samplesBefore), index(0)});
}

void BackwardKernels::storeWeight(Value sample, Value gradient) {
  if (gradSoftmax)
    return store(gradient, gradSoftmax, toIndex(sample));
  Type element = cast<MemRefType>(gradWeights.getType()).getElementType();
  store(fromF32(gradient, element), gradWeights,
        add(toIndex(sample), samplesBefore));
}

//===----------------------------------------------------------------------===//
// Sorting by cell
//===----------------------------------------------------------------------===//

/// How many samples lie in each cell, and which of them each sample is: -1 for
/// one that lies in none, whose gradients are 0.
void BackwardKernels::emitCount() {
  forEach(numSamples, [&](Value at) {
    Value n = toNumber(at);
    Sample sample = sampleOf(n);
    auto choice = scf::IfOp::create(b, b.getI32Type(), sample.touches,
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(choice.thenBlock());
    SampleCell cell = emitCell(b, b.getLoc(), sample.map, sample.x, sample.y);
    Value key =
        keyOf(sample.row, sample.level, sample.map, cell.line, cell.column);
    scf::YieldOp::create(b, count(starts, toIndex(key)));
    b.setInsertionPointToStart(choice.elseBlock());
    storeOffsets(n, f32(0), f32(0));
    storeWeight(n, f32(0));
    scf::YieldOp::create(b, number(-1));
    b.setInsertionPointAfter(choice);
    store(choice.getResult(0), places, at);
  });
}

/// The sum of all threads' parts.
Value BackwardKernels::sumOfBlock(Value part, Value thread, Value shared) {
  for (int64_t distance = kWarp / 2; distance > 0; distance /= 2)
    part = add(part, shuffle(part, distance, gpu::ShuffleMode::XOR));
  branch(equal(rem(thread, kWarp), number(0)),
         [&] { store(part, shared, toIndex(div(thread, kWarp))); });
  gpu::BarrierOp::create(b);
  Value sum = number(0);
  for (int64_t warp = 0; warp < kThreads / kWarp; ++warp)
    sum = add(sum, load(shared, index(warp)));
  return sum;
}

/// From counts to the number of records before each cell.
void BackwardKernels::emitOffsets() {
  constexpr int64_t perBlock = kThreads * kCellsOfThread;
  Type i32 = b.getI32Type();
  Value blocks = b.createOrFold<arith::DivUIOp>(
      memref::DimOp::create(b, starts, 0), index(perBlock));
  auto cellsOf = [&](Value block, Value thread) {
    Value first = add(mul(block, index(perBlock)),
                      mul(toIndex(thread), index(kCellsOfThread)));
    SmallVector<Value> counts;
    for (int64_t i = 0; i < kCellsOfThread; i += kCellsAtOnce) {
      Value part = loadVector(starts, add(first, index(i)), kCellsAtOnce);
      for (int64_t lane = 0; lane < kCellsAtOnce; ++lane)
        counts.push_back(extract(part, lane));
    }
    return std::pair(first, counts);
  };
  auto sumOf = [&](ArrayRef<Value> counts) {
    Value sum = counts.front();
    for (Value count : counts.drop_front())
      sum = add(sum, count);
    return sum;
  };

  launch(
      blocks, kThreads, [&](gpu::LaunchOp launch, Value block, Value thread) {
        Value shared = sharedMemory(launch, kThreads / kWarp, i32);
        Value sum =
            sumOfBlock(sumOf(cellsOf(block, thread).second), thread, shared);
        branch(equal(thread, number(0)), [&] { store(sum, blockSums, block); });
      });

  launch(
      blocks, kThreads, [&](gpu::LaunchOp launch, Value block, Value thread) {
        Value sharedBefore = sharedMemory(launch, kThreads / kWarp, i32);
        Value sharedWarps = sharedMemory(launch, kThreads / kWarp, i32);
        auto loop = scf::ForOp::create(b, toIndex(thread), block,
                                       index(kThreads), number(0));
        {
          OpBuilder::InsertionGuard guard(b);
          b.setInsertionPointToStart(loop.getBody());
          Value other = load(blockSums, loop.getInductionVar());
          scf::YieldOp::create(b, add(loop.getRegionIterArg(0), other));
        }
        Value before = sumOfBlock(loop.getResult(0), thread, sharedBefore);

        auto [first, counts] = cellsOf(block, thread);
        Value own = sumOf(counts), upTo = own;
        Value lane = rem(thread, kWarp), warp = div(thread, kWarp);
        for (int64_t distance = 1; distance < kWarp; distance *= 2) {
          Value lower = shuffle(upTo, distance, gpu::ShuffleMode::UP);
          upTo = select(less(lane, number(distance)), upTo, add(upTo, lower));
        }
        branch(equal(lane, number(kWarp - 1)),
               [&] { store(upTo, sharedWarps, toIndex(warp)); });
        gpu::BarrierOp::create(b);
        for (int64_t other = 0; other < kThreads / kWarp; ++other)
          before =
              add(before, select(less(number(other), warp),
                                 load(sharedWarps, index(other)), number(0)));
        Value running = add(before, sub(upTo, own));
        for (int64_t i = 0; i < kCellsOfThread; i += kCellsAtOnce) {
          SmallVector<Value> part;
          for (int64_t cell = i; cell < i + kCellsAtOnce; ++cell) {
            part.push_back(running);
            running = add(running, counts[cell]);
          }
          store(vectorOf(part), starts, add(first, index(i)));
        }
      });
}

void BackwardKernels::emitRecords() {
  forEach(numSamples, [&](Value at) {
    Value place = load(places, at);
    Value exists =
        arith::CmpIOp::create(b, arith::CmpIPredicate::sge, place, number(0));
    branch(exists, [&] {
      Record record = recordOf(sampleOf(toNumber(at)));
      storeRecord(record, add(load(starts, toIndex(record.key)), place));
    });
  });
}

/// The records of each cell in the order of their samples: what `places` says
/// depends on which thread came first. Each record counts those before it.
void BackwardKernels::emitOrder() {
  Value unordered = records;
  forEach(numSamples, [&](Value at) {
    branch(less(toNumber(at), load(starts, numCells)), [&] {
      Record record = loadRecord(toNumber(at), Value());
      Value first = load(starts, toIndex(record.key));
      Value last = load(starts, toIndex(add(record.key, number(1))));
      auto loop =
          scf::ForOp::create(b, toIndex(first), toIndex(last), index(1), first);
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(loop.getBody());
        Value other =
            load(records, mul(loop.getInductionVar(), index(kRecordWords)));
        Value place = loop.getRegionIterArg(0);
        scf::YieldOp::create(b, select(less(other, record.sample),
                                       add(place, number(1)), place));
      }
      records = orderedRecords;
      storeRecord(record, loop.getResult(0));
      records = unordered;
    });
  });
  records = orderedRecords;
}

//===----------------------------------------------------------------------===//
// Sums narrower than f32
//===----------------------------------------------------------------------===//

/// Zeros where samples have neighbours, and nowhere else: a thread for each
/// sample and part of its channels.
void BackwardKernels::emitTouched() {
  Value count = b.createOrFold<arith::MulIOp>(numSamples, index(members));
  forEach(count, [&](Value at) {
    Sample sample = sampleOf(toNumber(div(at, members)));
    waitForKernels();
    startDependents();
    branch(sample.touches, [&] {
      SampleCell cell = emitCell(b, b.getLoc(), sample.map, sample.x, sample.y);
      Value part = rem(at, members);
      Value batch = add(toIndex(div(sample.row, all.heads)), groupStart);
      Value head = toIndex(rem(sample.row, all.heads));
      for (int corner = 0; corner < 4; ++corner)
        branch(cell.valid[corner], [&] {
          Value position = add(cell.row, number(corner % 2));
          if (corner / 2)
            position = add(position, sample.map.width);
          Value row = add(mul(add(mul(batch, positions), toIndex(position)),
                              index(all.heads)),
                          head);
          store(zeros(lanes), gradValue,
                add(mul(row, index(all.channels)), mul(part, index(lanes))));
          branch(equal(part, index(0)),
                 [&] { store(number(1), touched, row); });
        });
    });
  });
}

/// From sums in f32 to the type of the result.
BackwardKernels::Job BackwardKernels::narrow() {
  int64_t wide = 8;
  while (all.channels % wide != 0)
    wide /= 2;
  Value row =
      b.createOrFold<arith::MulIOp>(positions, index(all.heads * all.channels));
  Value first = b.createOrFold<arith::MulIOp>(groupStart, row);
  Value size = b.createOrFold<arith::MulIOp>(groupBatches, row);
  Type element = cast<MemRefType>(narrowValue.getType()).getElementType();
  auto body = [=](Value at) {
    Value from = add(mul(at, index(wide)), first);
    Value exists;
    if (touched)
      exists = arith::CmpIOp::create(b, arith::CmpIPredicate::ne,
                                     load(touched, div(from, all.channels)),
                                     number(0));
    Value sum = guarded(exists, VectorType::get(wide, b.getF32Type()),
                        [&] { return loadVector(gradValue, from, wide); });
    store(fromF32(sum, element), narrowValue, from);
  };
  return {b.createOrFold<arith::DivUIOp>(size, index(wide)), body};
}
