// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights that are a softmax of logits, and from their gradients to those of
// the logits.

#include "BackwardKernels.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev;

static constexpr int64_t kWarp = 32;
/// Bytes of logits that a thread reads at once.
static constexpr int64_t kAccessBytes = 16;

BackwardKernels::RowTeam BackwardKernels::rowTeam() const {
  RowTeam row;
  row.samples = all.numLevels * all.points;
  row.lanes = kAccessBytes * 8 /
              cast<MemRefType>(weights.getType()).getElementTypeBitWidth();
  while (row.samples % row.lanes != 0)
    row.lanes /= 2;
  row.team = std::min<int64_t>(kWarp, llvm::PowerOf2Ceil(row.chunks()));
  return row;
}

/// A team for each row of logits. Whole warps, so that their threads can
/// exchange values: teams beyond the last row read that one.
BackwardKernels::Job BackwardKernels::forRows(
    std::function<void(Value row, Value member, Value exists)> body) {
  const RowTeam team = rowTeam();
  Value rows = b.createOrFold<arith::DivUIOp>(numSamples, index(team.samples));
  Value threads = b.createOrFold<arith::MulIOp>(
      b.createOrFold<arith::DivUIOp>(
          b.createOrFold<arith::AddIOp>(
              b.createOrFold<arith::MulIOp>(rows, index(team.team)),
              index(kWarp - 1)),
          index(kWarp)),
      index(kWarp));
  return {threads, [=](Value at) {
            Value row = div(at, team.team);
            Value last = sub(rows, index(1));
            body(arith::MinUIOp::create(b, row, last), rem(at, team.team),
                 less(row, rows));
          }};
}

/// `body` of each chunk of a row that is the thread's: of its first sample, of
/// whether it exists (absent: it does), and of what came before.
Value BackwardKernels::overRow(
    Value member, Value start,
    llvm::function_ref<Value(Value, Value, Value)> body) {
  const RowTeam team = rowTeam();
  if (team.chunks() <= team.team) {
    Value exists =
        team.isWhole() ? Value() : less(member, index(team.chunks()));
    return body(mul(member, index(team.lanes)), exists, start);
  }
  auto loop = scf::ForOp::create(b, member, index(team.chunks()),
                                 index(team.team), start);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value so = body(mul(loop.getInductionVar(), index(team.lanes)), Value(),
                  loop.getRegionIterArg(0));
  scf::YieldOp::create(b, so);
  return loop.getResult(0);
}

/// Of the parts of a team's threads, all of which get it.
Value BackwardKernels::acrossRow(
    Value part, llvm::function_ref<Value(Value, Value)> combine) {
  for (int64_t distance = rowTeam().team / 2; distance > 0; distance /= 2)
    part = combine(part, shuffle(part, distance, gpu::ShuffleMode::XOR));
  return part;
}

Value BackwardKernels::exponential(Value logit, Value largest) {
  return math::ExpOp::create(b, arith::SubFOp::create(b, logit, largest),
                             arith::FastMathFlags::afn);
}

/// Of softmax(logits), in f32, what the logits of a row share: the largest, and
/// one over the sum of exponentials.
Value BackwardKernels::softmaxOfRow(Value row, Value member) {
  const RowTeam team = rowTeam();
  Type type = VectorType::get(
      team.lanes, cast<MemRefType>(weights.getType()).getElementType());
  Value first = add(mul(row, index(team.samples)), samplesBefore);
  auto reduce = [&](Value start,
                    llvm::function_ref<Value(Value, Value)> combine,
                    llvm::function_ref<Value(Value)> value) {
    auto chunk = [&](Value at, Value isThere, Value so) {
      Value logits = toF32(guarded(isThere, type, [&] {
        return loadVector(weights, add(first, at), team.lanes);
      }));
      for (int64_t lane = 0; lane < team.lanes; ++lane) {
        Value next = combine(so, value(extract(logits, lane)));
        so = isThere ? select(isThere, next, so) : next;
      }
      return so;
    };
    return acrossRow(overRow(member, start, chunk), combine);
  };
  // Finite, as in the forward op.
  Value largest = reduce(
      f32(std::numeric_limits<float>::lowest()),
      [&](Value x, Value y) { return arith::MaxNumFOp::create(b, x, y); },
      [](Value logit) { return logit; });
  Value sum = reduce(
      f32(0), [&](Value x, Value y) { return addF(x, y); },
      [&](Value logit) { return exponential(logit, largest); });
  Value pair[] = {largest, arith::DivFOp::create(b, f32(1), sum)};
  return vectorOf(pair);
}

BackwardKernels::Job BackwardKernels::softmaxOfLogits() {
  return forRows([this](Value row, Value member, Value exists) {
    Value pair = softmaxOfRow(row, member);
    branch(both(exists, equal(member, index(0))),
           [&] { store(pair, softmax, mul(row, index(2))); });
  });
}

/// The weights of all rows of a block of `emitSums`. All threads of a warp go
/// through it, those beyond the last row with that one.
void BackwardKernels::emitWeightsOfBlock(Value thread) {
  const RowTeam team = rowTeam();
  const int64_t threads = schedule.getThreads();
  const int64_t rows = samplesOfBlock / team.samples;
  Value before = div(toIndex(firstOfBlock), team.samples);
  Value last = sub(div(numSamples, team.samples), index(1));
  for (int64_t from = 0; from < rows * team.team; from += threads) {
    Value at = add(toIndex(thread), index(from));
    Value row = div(at, team.team), member = rem(at, team.team);
    Value own = arith::MinUIOp::create(b, add(before, row), last);
    Value pair = softmaxOfRow(own, member);
    Value exists = less(row, index(rows));
    Value first = add(mul(own, index(team.samples)), samplesBefore);
    overRow(member, f32(0), [&](Value chunk, Value isThere, Value so) {
      branch(isThere ? both(exists, isThere) : exists, [&] {
        Value logits =
            toF32(loadVector(weights, add(first, chunk), team.lanes));
        Value to = add(mul(row, index(team.samples)), chunk);
        for (int64_t lane = 0; lane < team.lanes; ++lane)
          store(mulF(exponential(extract(logits, lane), extract(pair, 0)),
                     extract(pair, 1)),
                blockWeights, add(to, index(lane)));
      });
      return so;
    });
  }
  gpu::BarrierOp::create(b);
}

/// The weight of a sample (i32), in f32.
Value BackwardKernels::weightOf(Value number) {
  if (sumsHaveRows)
    return load(blockWeights, toIndex(sub(number, firstOfBlock)));
  Value weight = toF32(load(weights, add(toIndex(number), samplesBefore)));
  if (!all.reference)
    return weight;
  Value row = toIndex(div(number, all.numLevels * all.points));
  Value shared = loadVector(softmax, mul(row, index(2)), 2);
  return mulF(exponential(weight, extract(shared, 0)), extract(shared, 1));
}

/// From the gradients of the softmax to those of the logits.
BackwardKernels::Job BackwardKernels::logitsOfSoftmax() {
  return forRows([this](Value row, Value member, Value exists) {
    const RowTeam team = rowTeam();
    Type type = cast<MemRefType>(weights.getType()).getElementType();
    Type result = cast<MemRefType>(gradWeights.getType()).getElementType();
    Value inGroup = mul(row, index(team.samples));
    Value first = add(inGroup, samplesBefore);
    Value shared = loadVector(softmax, mul(row, index(2)), 2);
    // Of a chunk: its weights and their gradients.
    auto read = [&](Value at, Value isThere) {
      Value logits =
          toF32(guarded(isThere, VectorType::get(team.lanes, type), [&] {
            return loadVector(weights, add(first, at), team.lanes);
          }));
      Value gradients =
          guarded(isThere, VectorType::get(team.lanes, b.getF32Type()), [&] {
            return loadVector(gradSoftmax, add(inGroup, at), team.lanes);
          });
      std::pair<SmallVector<Value>, SmallVector<Value>> both;
      for (int64_t lane = 0; lane < team.lanes; ++lane) {
        Value power = exponential(extract(logits, lane), extract(shared, 0));
        both.first.push_back(mulF(power, extract(shared, 1)));
        both.second.push_back(extract(gradients, lane));
      }
      return both;
    };
    Value part =
        overRow(member, f32(0), [&](Value at, Value isThere, Value so) {
          auto [some, gradients] = read(at, isThere);
          Value sum = so;
          for (auto [weight, gradient] : llvm::zip_equal(some, gradients))
            sum = fma(weight, gradient, sum);
          return isThere ? select(isThere, sum, so) : sum;
        });
    Value mean = acrossRow(part, [&](Value x, Value y) { return addF(x, y); });
    overRow(member, f32(0), [&](Value at, Value isThere, Value so) {
      auto [some, gradients] = read(at, isThere);
      SmallVector<Value> products;
      for (auto [weight, gradient] : llvm::zip_equal(some, gradients))
        products.push_back(
            mulF(weight, arith::SubFOp::create(b, gradient, mean)));
      branch(isThere ? both(exists, isThere) : exists, [&] {
        store(fromF32(vectorOf(products), result), gradWeights, add(first, at));
      });
      return so;
    });
  });
}

/// The same, of all samples of a block of `emitSums`.
void BackwardKernels::emitLogitsOfBlock(Value thread) {
  const int64_t samples = all.numLevels * all.points;
  Type element = cast<MemRefType>(gradWeights.getType()).getElementType();
  gpu::BarrierOp::create(b);
  auto each = scf::ForOp::create(b, toIndex(thread), index(samplesOfBlock),
                                 index(schedule.getThreads()));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(each.getBody());
  Value at = each.getInductionVar(), number = add(firstOfBlock, toNumber(at));
  branch(less(number, toNumber(numSamples)), [&] {
    Value first = mul(div(at, samples), index(samples));
    auto mean =
        scf::ForOp::create(b, index(0), index(samples), index(1), f32(0));
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(mean.getBody());
      Value product = load(blockProducts, add(first, mean.getInductionVar()));
      scf::YieldOp::create(b, addF(mean.getRegionIterArg(0), product));
    }
    Value gradient =
        arith::SubFOp::create(b, load(blockGradients, at), mean.getResult(0));
    store(fromF32(mulF(weightOf(number), gradient), element), gradWeights,
          add(toIndex(number), samplesBefore));
  });
}
