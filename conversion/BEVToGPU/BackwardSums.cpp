// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernels that add up gradients: teams that go through samples.

#include "BackwardKernels.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev;

/// Records that a team reads before it uses the first, and the results of each:
/// derivatives along x and y, weight, nothing.
static constexpr int64_t kAtOnce = 4, kResults = 4;
static constexpr int64_t kWarp = 32;

/// Lanes of threads that have registers for the neighbours of so many records.
static constexpr int64_t kLanesAtOnce = 4;
/// Of no cell: one before it would be -3, and the one after is none either.
static constexpr int64_t kNoKey = -2;

SmallVector<Value> BackwardKernels::Cell::all() const {
  SmallVector<Value> every = {key, valid, first, line};
  if (values[0])
    llvm::append_range(every, values);
  if (sums[0])
    llvm::append_range(every, sums);
  return every;
}

BackwardKernels::Cell BackwardKernels::Cell::with(ValueRange every) const {
  Cell cell;
  cell.key = every[0];
  cell.valid = every[1];
  cell.first = every[2];
  cell.line = every[3];
  every = every.drop_front(4);
  if (values[0]) {
    llvm::copy(every.take_front(4), cell.values);
    every = every.drop_front(4);
  }
  if (sums[0])
    llvm::copy(every, cell.sums);
  return cell;
}

int64_t BackwardKernels::samplesOfTeam() const {
  return llvm::alignTo(schedule.getPoints(), kAtOnce);
}

/// Unsorted, a sample that touches no map is of no cell.
BackwardKernels::Record BackwardKernels::readRecord(Value at, Value end,
                                                    Value &writes,
                                                    Value &isThere) {
  writes = less(at, end);
  if (sorts) {
    isThere = writes;
    return loadRecord(at, writes);
  }
  Sample sample = sampleOf(arith::MinUIOp::create(b, at, sub(end, number(1))));
  isThere = both(writes, sample.touches);
  Record record = recordOf(sample);
  record.key = select(isThere, record.key, number(kNoKey));
  record.valid = select(isThere, record.valid, number(0));
  return record;
}

Value BackwardKernels::widthOf(const Record &record) {
  Value level = all.numLevels == 1
                    ? number(0)
                    : rem(div(record.sample, all.points), all.numLevels);
  return mapOf(level).width;
}

/// The thread's channels of grad_out, zeros unless `condition` (absent: there
/// is something to read).
Value BackwardKernels::readGradOut(const Record &record, Value condition) {
  Type element = cast<MemRefType>(gradOut.getType()).getElementType();
  const int64_t samples = all.numLevels * all.points;
  return toF32(guarded(condition, VectorType::get(lanes, element), [&] {
    Value before =
        b.createOrFold<arith::DivUIOp>(samplesBefore, index(samples));
    Value row = toIndex(div(record.sample, samples));
    return loadVector(gradOut, {add(row, before), channel}, lanes);
  }));
}

/// Of the thread's channels.
Value BackwardKernels::productOf(Value gradOut, Value value) {
  Value product;
  for (int64_t lane = 0; lane < lanes; ++lane) {
    Value x = extract(gradOut, lane), y = extract(value, lane);
    product = product ? fma(x, y, product) : mulF(x, y);
  }
  return product;
}

Value BackwardKernels::readValue(const Record &record, Value width,
                                 int corner) {
  Value valid = bit(record.valid, corner);
  Type element = cast<MemRefType>(all.value.getType()).getElementType();
  return toF32(guarded(valid, VectorType::get(lanes, element), [&] {
    Value batch = add(toIndex(div(record.row, all.heads)), groupStart);
    Value head = toIndex(rem(record.row, all.heads));
    Value position = add(record.first, number(corner % 2));
    if (corner / 2)
      position = add(position, width);
    return loadVector(all.value, {batch, toIndex(position), head, channel},
                      lanes);
  }));
}

void BackwardKernels::addToMemory(const Cell &cell, int corner) {
  branch(bit(cell.valid, corner), [&] {
    Value at = cell.first;
    if (corner % 2)
      at = add(at, index(all.heads * all.channels));
    if (corner / 2)
      at = add(at, cell.line);
    reduce(cell.sums[corner], gradValue, at);
  });
}

/// The cell of a record that lies in another than the one before. The right
/// neighbours of a cell are the left ones of the next: at the end of a line
/// both are outside the map.
BackwardKernels::Cell BackwardKernels::moveTo(const Record &record,
                                              const Cell &from) {
  const bool hasValues = bool(from.values[0]), hasSums = bool(from.sums[0]);
  Cell cell;
  cell.key = record.key;
  cell.valid = record.valid;
  Value width = widthOf(record);
  Value batch = add(toIndex(div(record.row, all.heads)), groupStart);
  Value head = toIndex(rem(record.row, all.heads));
  Value row = add(mul(batch, positions), toIndex(record.first));
  cell.first = add(
      mul(add(mul(row, index(all.heads)), head), index(all.channels)), channel);
  cell.line = mul(toIndex(width), index(all.heads * all.channels));
  if (hasSums)
    for (int corner : {0, 2})
      addToMemory(from, corner);

  SmallVector<Value> kept;
  if (hasValues)
    kept.append({from.values[1], from.values[3]});
  if (hasSums)
    kept.append({from.sums[1], from.sums[3]});
  auto next = scf::IfOp::create(b, TypeRange(ValueRange(kept)),
                                equal(record.key, add(from.key, number(1))),
                                /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(next.thenBlock());
    scf::YieldOp::create(b, kept);
    b.setInsertionPointToStart(next.elseBlock());
    if (hasSums)
      for (int corner : {1, 3})
        addToMemory(from, corner);
    SmallVector<Value> fresh;
    if (hasValues)
      fresh.append({readValue(record, width, 0), readValue(record, width, 2)});
    if (hasSums)
      fresh.append({zeros(lanes), zeros(lanes)});
    scf::YieldOp::create(b, fresh);
  }
  ValueRange left = next.getResults();
  if (hasValues) {
    cell.values[0] = left[0];
    cell.values[2] = left[1];
    cell.values[1] = readValue(record, width, 1);
    cell.values[3] = readValue(record, width, 3);
  }
  if (hasSums) {
    cell.sums[0] = left.take_back(2)[0];
    cell.sums[2] = left.take_back(2)[1];
    cell.sums[1] = cell.sums[3] = zeros(lanes);
  }
  return cell;
}

/// One record of the team's: `gradOut` are the thread's channels, and
/// `products` those with each neighbour (empty: with what the cell has).
void BackwardKernels::addRecord(const Record &record, Value isThere,
                                Value gradOut, ArrayRef<Value> products,
                                Cell &cell, SmallVectorImpl<Value> &results) {
  Location loc = b.getLoc();
  Value moves =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ne, record.key, cell.key);
  if (sorts)
    moves = both(isThere, moves);
  SmallVector<Value> before = cell.all();
  auto choice = scf::IfOp::create(b, TypeRange(ValueRange(before)), moves,
                                  /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(choice.thenBlock());
    scf::YieldOp::create(b, moveTo(record, cell).all());
    b.setInsertionPointToStart(choice.elseBlock());
    scf::YieldOp::create(b, before);
  }
  cell = cell.with(choice.getResults());

  std::array<Value, 4> parts = emitCornerWeights(b, loc, record.fx, record.fy);
  SmallVector<Value> dots(products);
  for (int corner = 0; corner < 4; ++corner) {
    if (products.empty())
      dots.push_back(productOf(gradOut, cell.values[corner]));
    if (cell.sums[0])
      cell.sums[corner] = fma(splat(mulF(parts[corner], record.weight), lanes),
                              gradOut, cell.sums[corner]);
  }
  SampleGradient gradient =
      emitSampleGradient(b, loc, dots, record.fx, record.fy);
  SmallVector<Value> own = {mulF(gradient.x, record.weight),
                            mulF(gradient.y, record.weight), gradient.weight};
  // What touches no map has none, whatever grad_out is.
  if (!sorts)
    for (Value &result : own)
      result = select(isThere, result, f32(0));
  results.append(own);
  results.push_back(f32(0));
}

/// A team for each few records. All threads of a warp run the same loop, which
/// is what lets them exchange their parts of products.
void BackwardKernels::emitSums() {
  const int64_t threads = schedule.getThreads(), length = samplesOfTeam();
  Value blocks = b.createOrFold<arith::DivUIOp>(
      b.createOrFold<arith::AddIOp>(numSamples, index(samplesOfBlock - 1)),
      index(samplesOfBlock));
  launch(blocks, threads, [&](gpu::LaunchOp launch, Value block, Value thread) {
    if (schedule.getBlocks() != 0)
      launch->setAttr("bev.blocks", b.getI64IntegerAttr(schedule.getBlocks()));
    startDependents();
    firstOfBlock = mul(toNumber(block), number(samplesOfBlock));
    Value end = sorts ? load(starts, numCells) : toNumber(numSamples);
    if (sumsHaveRows) {
      end = arith::MinUIOp::create(b, end,
                                   add(firstOfBlock, number(samplesOfBlock)));
      blockWeights = sharedMemory(launch, samplesOfBlock, b.getF32Type());
      blockGradients = sharedMemory(launch, samplesOfBlock, b.getF32Type());
      blockProducts = sharedMemory(launch, samplesOfBlock, b.getF32Type());
      emitWeightsOfBlock(thread);
    }
    Value ofWarp = add(firstOfBlock,
                       mul(div(thread, kWarp), number(kWarp / team * length)));
    branch(less(ofWarp, end), [&] {
      member = rem(thread, team);
      active = members == team ? Value() : less(member, number(members));
      // Threads without channels read none, but those of others.
      Value owner = active
                        ? arith::MinUIOp::create(b, member, number(members - 1))
                              .getResult()
                        : member;
      channel = toIndex(mul(owner, number(lanes)));
      Value first = add(firstOfBlock, mul(div(thread, team), number(length)));
      Cell cell;
      cell.key = number(kNoKey);
      cell.valid = number(0);
      cell.first = cell.line = index(0);
      for (int corner = 0; corner < 4; ++corner) {
        cell.values[corner] = sorts ? zeros(lanes) : Value();
        cell.sums[corner] = all.deterministic ? Value() : zeros(lanes);
      }
      auto loop = scf::ForOp::create(b, index(0), index(length), index(kAtOnce),
                                     cell.all());
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(loop.getBody());
        cell = cell.with(loop.getRegionIterArgs());
        emitRecordsOfTeam(add(first, toNumber(loop.getInductionVar())), end,
                          cell);
        scf::YieldOp::create(b, cell.all());
      }
      cell = cell.with(loop.getResults());
      if (!all.deterministic)
        for (int corner = 0; corner < 4; ++corner)
          addToMemory(cell, corner);
    });
    waitForKernels();
    if (sumsHaveRows)
      emitLogitsOfBlock(thread);
  });
}

void BackwardKernels::emitRecordsOfTeam(Value first, Value end, Cell &cell) {
  SmallVector<Record> some;
  SmallVector<Value> writes, exist, gradients, results;
  for (int64_t i = 0; i < kAtOnce; ++i) {
    Value writesThis, exists;
    some.push_back(readRecord(add(first, number(i)), end, writesThis, exists));
    writes.push_back(writesThis);
    if (active)
      exists = both(exists, active);
    exist.push_back(exists);
    if (active)
      some.back().valid = select(active, some.back().valid, number(0));
  }
  // Unsorted, records in a row are often of one row of samples.
  const bool share = !sorts && all.numLevels * all.points % kAtOnce == 0;
  for (int64_t i = 0; i < kAtOnce; ++i)
    gradients.push_back(share && i > 0
                            ? gradients.front()
                            : readGradOut(some[i], sorts ? exist[i] : Value()));
  // Few of them share neighbours: those of all are read, which takes as long
  // as to read one's, before memory is added to.
  SmallVector<SmallVector<Value>> products(kAtOnce);
  if (!sorts) {
    const int64_t step = lanes <= kLanesAtOnce ? kAtOnce : 1;
    for (int64_t from = 0; from < kAtOnce; from += step) {
      SmallVector<Value> values;
      for (int64_t i = from; i < from + step; ++i)
        for (int corner = 0; corner < 4; ++corner)
          values.push_back(readValue(some[i], widthOf(some[i]), corner));
      for (auto [i, value] : llvm::enumerate(values))
        products[from + i / 4].push_back(
            productOf(gradients[from + i / 4], value));
    }
  }
  waitForKernels();
  for (int64_t i = 0; i < kAtOnce; ++i)
    addRecord(some[i], exist[i], gradients[i], products[i], cell, results);
  writeResults(some, writes, results);
}

/// Adds up the parts of all threads of the team, each in the end with its share
/// of the results, and writes those.
void BackwardKernels::writeResults(ArrayRef<Record> records,
                                   ArrayRef<Value> writes,
                                   SmallVector<Value> values) {
  int64_t spread = team;
  for (int64_t distance = team / 2; distance > 0; distance /= 2) {
    const int64_t half = values.size() / 2;
    if (half == 0) {
      values[0] =
          addF(values[0], shuffle(values[0], distance, gpu::ShuffleMode::XOR));
      continue;
    }
    spread /= 2;
    Value isUpper = bit(member, llvm::Log2_64(distance));
    SmallVector<Value> kept;
    for (int64_t i = 0; i < half; ++i) {
      Value given = select(isUpper, values[i], values[i + half]);
      Value own = select(isUpper, values[i + half], values[i]);
      kept.push_back(
          addF(own, shuffle(given, distance, gpu::ShuffleMode::XOR)));
    }
    values = std::move(kept);
  }

  const int64_t count = values.size();
  // Threads that have the same results, of which one writes.
  Value share = div(member, spread);
  if (count >= kResults) {
    const int64_t whole = count / kResults;
    for (int64_t i = 0; i < whole; ++i) {
      Value which = add(mul(share, number(whole)), number(i));
      writeSample(
          records, writes, which, Value(), [&](Value sample, Value weight) {
            storeScaled(sample, values[i * kResults], values[i * kResults + 1]);
            storeWeightOf(sample, weight, values[i * kResults + 2]);
          });
    }
    return;
  }
  Value isFirst = spread == 1 ? Value() : equal(rem(member, spread), number(0));
  if (count == 2) {
    writeSample(records, writes, div(share, 2), isFirst,
                [&](Value sample, Value weight) {
                  auto choice = scf::IfOp::create(b, bit(share, 0),
                                                  /*withElseRegion=*/true);
                  OpBuilder::InsertionGuard guard(b);
                  b.setInsertionPoint(choice.thenBlock()->getTerminator());
                  storeWeightOf(sample, weight, values[0]);
                  b.setInsertionPoint(choice.elseBlock()->getTerminator());
                  storeScaled(sample, values[0], values[1]);
                });
    return;
  }
  // One each: the one with the derivative along x takes that along y.
  Value other = shuffle(values[0], spread, gpu::ShuffleMode::XOR);
  Value what = rem(share, kResults);
  writeSample(records, writes, div(share, kResults), isFirst,
              [&](Value sample, Value weight) {
                branch(equal(what, number(0)),
                       [&] { storeScaled(sample, values[0], other); });
                branch(equal(what, number(2)),
                       [&] { storeWeightOf(sample, weight, values[0]); });
              });
}

void BackwardKernels::writeSample(
    ArrayRef<Record> records, ArrayRef<Value> writes, Value which,
    Value condition, llvm::function_ref<void(Value, Value)> write) {
  Value sample = records.front().sample, weight = records.front().weight;
  Value isWritten = writes.front();
  for (int64_t i = 1; i < kAtOnce; ++i) {
    Value isThis = equal(which, number(i));
    sample = select(isThis, records[i].sample, sample);
    weight = select(isThis, records[i].weight, weight);
    isWritten = select(isThis, writes[i], isWritten);
  }
  branch(condition ? both(isWritten, condition) : isWritten,
         [&] { write(sample, weight); });
}

void BackwardKernels::storeWeightOf(Value sample, Value weight,
                                    Value gradient) {
  if (!sumsHaveRows)
    return storeWeight(sample, gradient);
  Value at = toIndex(sub(sample, firstOfBlock));
  store(gradient, blockGradients, at);
  store(mulF(gradient, weight), blockProducts, at);
}

/// From derivatives in pixels to those in units of the offsets.
void BackwardKernels::storeScaled(Value sample, Value x, Value y) {
  if (!all.reference) {
    Value level = all.numLevels == 1
                      ? number(0)
                      : rem(div(sample, all.points), all.numLevels);
    SampledMap map = mapOf(level);
    return storeOffsets(sample, mulF(x, map.widthF), mulF(y, map.heightF));
  }
  if (all.kind != ReferenceKind::box)
    return storeOffsets(sample, x, y);
  Sample at = sampleOf(sample);
  storeOffsets(sample, mulF(x, at.scaleX), mulF(y, at.scaleY));
}

/// A team for each position and head: the sum of the records of the four cells
/// whose neighbour it is, in order.
void BackwardKernels::emitCells() {
  const int64_t threads = schedule.getThreads(), teams = threads / team;
  Value rows = b.createOrFold<arith::MulIOp>(
      b.createOrFold<arith::MulIOp>(groupBatches, positions), index(all.heads));
  Value blocks = b.createOrFold<arith::DivUIOp>(
      b.createOrFold<arith::AddIOp>(rows, index(teams - 1)), index(teams));
  launch(blocks, threads, [&](gpu::LaunchOp, Value block, Value thread) {
    Value row = add(mul(block, index(teams)), toIndex(div(thread, team)));
    member = rem(thread, team);
    Value isThere = less(row, rows);
    if (members != team)
      isThere = both(isThere, less(member, number(members)));
    branch(isThere, [&] { emitCellSum(row); });
  });
}

void BackwardKernels::emitCellSum(Value row) {
  channel = toIndex(mul(member, number(lanes)));
  Value head = rem(row, all.heads);
  Value rest = div(row, all.heads);
  Value position = toNumber(arith::RemUIOp::create(b, rest, positions));
  Value batch = arith::DivUIOp::create(b, rest, positions);
  Value tableRow = add(mul(toNumber(batch), number(all.heads)), toNumber(head));
  Value level = number(0);
  for (int64_t l = 1; l < all.numLevels; ++l)
    level = select(less(position, maps[l].start), level, number(l));
  SampledMap map = mapOf(level);
  Value inMap = sub(position, map.start);
  Value line = arith::DivUIOp::create(b, inMap, map.width);
  Value column = arith::RemUIOp::create(b, inMap, map.width);
  Type element = cast<MemRefType>(gradOut.getType()).getElementType();
  Value before = b.createOrFold<arith::DivUIOp>(
      samplesBefore, index(all.numLevels * all.points));

  Value sum = zeros(lanes);
  for (int corner = 0; corner < 4; ++corner) {
    Value key = keyOf(tableRow, level, map, sub(line, number(corner / 2)),
                      sub(column, number(corner % 2)));
    Value first = load(starts, toIndex(key));
    Value last = load(starts, toIndex(add(key, number(1))));
    auto loop =
        scf::ForOp::create(b, toIndex(first), toIndex(last), index(1), sum);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Record record = loadRecord(toNumber(loop.getInductionVar()), Value());
    Value query =
        add(toIndex(div(record.sample, all.numLevels * all.points)), before);
    Value gradient =
        toF32(guarded(Value(), VectorType::get(lanes, element), [&] {
          return loadVector(gradOut, {query, channel}, lanes);
        }));
    Value part =
        mulF(emitCornerWeights(b, b.getLoc(), record.fx, record.fy)[corner],
             record.weight);
    scf::YieldOp::create(
        b, fma(splat(part, lanes), gradient, loop.getRegionIterArg(0)));
    sum = loop.getResult(0);
  }
  Value inGroup = add(row, mul(mul(groupStart, positions), index(all.heads)));
  Type result = cast<MemRefType>(gradValue.getType()).getElementType();
  store(fromF32(sum, result), gradValue,
        add(mul(inGroup, index(all.channels)), channel));
}
