// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernels that compute the gradients of an attention.

#ifndef BEV_CONVERSION_BEVTOGPU_BACKWARDKERNELS_H
#define BEV_CONVERSION_BEVTOGPU_BACKWARDKERNELS_H

#include "bev/Dialect/BEV/IR/Backward.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <functional>

namespace mlir::bev {

/// Emits the kernels of one op, and the host code around them.
///
/// Samples are numbered as they lie in `offsets`. Where they are sorted, each
/// one that touches its map becomes a record, ordered by batch row, head and
/// cell: the cells of a map are those that a sample's first neighbour can be,
/// (H + 1) x (W + 1) of them. A team of threads then takes the next few
/// records, and adds up what they give to the neighbours they share before it
/// goes to memory. Batch rows come in groups, so that the tables do not outgrow
/// memory.
///
/// Numbers and positions are i32, but for offsets into memory.
class BackwardKernels {
public:
  /// With `vectorReductions`, four f32 are added to memory at once. With
  /// `overlaps`, kernels say where they wait for those before them.
  BackwardKernels(Operation *op, bool vectorReductions, bool overlaps);

  /// Emits everything before the op, and erases it.
  void emit();

private:
  /// A sample's record in the tables, of two times four words.
  struct Record {
    Value sample; ///< i32, number in its group
    Value key;    ///< i32, number of (batch row, head, cell)
    Value fx, fy; ///< f32, where between its neighbours
    Value weight; ///< f32
    Value row;    ///< i32, batch row and head
    Value first;  ///< i32, position of the first neighbour, which may not exist
    Value valid;  ///< i32, a bit for each neighbour in the map
  };
  static constexpr int64_t kRecordWords = 8;

  /// What a sample's number says.
  struct Sample {
    Value number;  ///< i32, in its group
    Value index;   ///< number in the whole op (index)
    Value row;     ///< i32, batch row in the group and head
    Value touches; ///< i1
    Value level;   ///< i32
    SampledMap map;
    Value x, y, scaleX, scaleY;
  };

  /// What a team has of the neighbours of a cell. Their values only where
  /// records are sorted, and sums unless those are for `emitCells`.
  struct Cell {
    Value key;       ///< i32
    Value valid;     ///< i32
    Value first;     ///< index, of the first neighbour's channel in grad_value
    Value line;      ///< index, from there to the neighbour below
    Value values[4]; ///< vectors of f32
    Value sums[4];
    SmallVector<Value> all() const;
    /// The same, of what all() gives.
    Cell with(ValueRange every) const;
  };

  /// What a thread does for each number below `count` (index). One launch can
  /// have several.
  struct Job {
    Value count;
    std::function<void(Value)> body;
    /// Numbers of a thread.
    int64_t perThread = 1;
  };

  /// How threads read the logits of a row: `lanes` at once, `team` threads of a
  /// warp side by side, and as often as it takes.
  struct RowTeam {
    int64_t samples, lanes, team;
    int64_t chunks() const { return samples / lanes; }
    bool isWhole() const { return chunks() == team; }
  };

  // Arithmetic.
  Value number(int64_t value) {
    return arith::ConstantOp::create(b, b.getI32IntegerAttr(value));
  }
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value f32(double value) {
    return arith::ConstantOp::create(b, b.getF32FloatAttr(value));
  }
  Value toNumber(Value x) {
    return arith::IndexCastOp::create(b, b.getI32Type(), x);
  }
  Value toIndex(Value x) {
    return arith::IndexCastOp::create(b, b.getIndexType(), x);
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubIOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulIOp::create(b, x, y); }
  Value div(Value x, int64_t y) {
    return y == 1 ? x
                  : arith::DivUIOp::create(b, x, sameType(y, x)).getResult();
  }
  Value rem(Value x, int64_t y) {
    return arith::RemUIOp::create(b, x, sameType(y, x));
  }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
  Value either(Value x, Value y) { return arith::OrIOp::create(b, x, y); }
  Value less(Value x, Value y) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ult, x, y);
  }
  Value equal(Value x, Value y) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, y);
  }
  Value select(Value condition, Value x, Value y) {
    return x == y ? x : arith::SelectOp::create(b, condition, x, y).getResult();
  }
  Value fma(Value x, Value y, Value z);
  Value mulF(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value addF(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value bits(Value x) { return arith::BitcastOp::create(b, b.getI32Type(), x); }
  Value fromBits(Value x) {
    return arith::BitcastOp::create(b, b.getF32Type(), x);
  }
  Value sameType(int64_t value, Value like) {
    return arith::ConstantOp::create(b,
                                     b.getIntegerAttr(like.getType(), value));
  }
  Value bit(Value word, int64_t position);
  Value extract(Value vector, int64_t lane);
  Value vectorOf(ValueRange scalars);
  Value splat(Value scalar, int64_t lanes);
  Value zeros(int64_t lanes);
  /// From any float to f32, and back.
  Value toF32(Value x);
  Value fromF32(Value x, Type element);
  Value shuffle(Value value, int64_t offset, gpu::ShuffleMode mode);

  // Memory.
  Value load(Value buffer, ValueRange at);
  Value loadVector(Value buffer, ValueRange at, int64_t count);
  void store(Value value, Value buffer, ValueRange at);
  /// What `read` gives where `condition`, else zeros.
  Value guarded(Value condition, Type type, llvm::function_ref<Value()> read);
  /// Byte address of element `at` (index) of a buffer of rank 1, i64.
  Value addressOf(Value buffer, Value at);
  /// Adds 1 to an i32; what was there before.
  Value count(Value buffer, Value at);
  /// Adds a vector of f32 to the elements from `at` on.
  void reduce(Value vector, Value buffer, Value at);
  Value allocate(Value size, Type element);
  /// `buffer`, or a copy of it, with the dimensions of `groups` as one each.
  Value flatten(Value buffer, ArrayRef<ReassociationIndices> groups,
                bool isOutput);

  /// Launches `threads` threads for each of `blocks` (index) blocks; nothing
  /// for none.
  void launch(
      Value blocks, int64_t threads,
      llvm::function_ref<void(gpu::LaunchOp, Value block, Value thread)> body);
  /// A thread for each number below `count` (index).
  void forEach(Value count, llvm::function_ref<void(Value)> body);
  /// All of them in one launch, each thread after `before`.
  void run(ArrayRef<Job> jobs, llvm::function_ref<void()> before = {});
  void branch(Value condition, llvm::function_ref<void()> body);
  Value sharedMemory(gpu::LaunchOp launch, int64_t size, Type element);

  // Tables: BackwardTables.cpp.
  Job zero(Value buffer);
  RowTeam rowTeam() const;
  Job forRows(std::function<void(Value row, Value member, Value exists)> body);
  Value
  overRow(Value member, Value start,
          llvm::function_ref<Value(Value first, Value exists, Value so)> body);
  Value acrossRow(Value part, llvm::function_ref<Value(Value, Value)> combine);
  Value softmaxOfRow(Value row, Value member);
  Job softmaxOfLogits();
  void emitWeightsOfBlock(Value thread);
  Job logitsOfSoftmax();
  Value exponential(Value logit, Value largest);
  Value weightOf(Value number);
  Job narrow();
  void emitTouched();
  void emitCount();
  void emitOffsets();
  void emitRecords();
  void emitOrder();
  Value sumOfBlock(Value part, Value thread, Value shared);
  SampledMap mapOf(Value level);
  Sample sampleOf(Value number);
  Value keyOf(Value row, Value level, const SampledMap &map, Value line,
              Value column);
  Record recordOf(const Sample &sample);
  void storeRecord(const Record &record, Value at);
  Record loadRecord(Value at, Value condition);
  void storeOffsets(Value sample, Value x, Value y);
  void storeWeight(Value sample, Value gradient);

  // The order of all: BackwardToGPU.cpp.
  bool isSparse() const;
  bool canReadAhead() const;
  void startDependents();
  void waitForKernels();
  int64_t samplesOfTeam() const;
  void emitGroup();

  // Sums: BackwardSums.cpp.
  void emitSums();
  void emitRecordsOfTeam(Value first, Value end, Cell &cell);
  void emitLogitsOfBlock(Value thread);
  void emitCells();
  void emitCellSum(Value row);
  Record readRecord(Value at, Value end, Value &writes, Value &isThere);
  Value readGradOut(const Record &record, Value condition);
  Value productOf(Value gradOut, Value value);
  void addRecord(const Record &record, Value isThere, Value gradOut,
                 ArrayRef<Value> products, Cell &cell,
                 SmallVectorImpl<Value> &results);
  Value widthOf(const Record &record);
  Cell moveTo(const Record &record, const Cell &from);
  Value readValue(const Record &record, Value width, int corner);
  void addToMemory(const Cell &cell, int corner);
  void writeResults(ArrayRef<Record> records, ArrayRef<Value> writes,
                    SmallVector<Value> values);
  void writeSample(ArrayRef<Record> records, ArrayRef<Value> writes,
                   Value which, Value condition,
                   llvm::function_ref<void(Value sample, Value weight)> write);
  void storeWeightOf(Value sample, Value weight, Value gradient);
  void storeScaled(Value sample, Value x, Value y);

  ImplicitLocOpBuilder b;
  Operation *op;
  BackwardOperands all;
  ScheduleAttr schedule;
  bool vectorReductions, overlaps;
  bool sorts;
  /// Channels of a thread, threads that have some, and threads of a team.
  int64_t lanes, members, team;
  /// Samples that a block of `emitSums` has, and whether those are all of each
  /// row of logits, in order.
  int64_t samplesOfBlock;
  bool sumsHaveRows;
  /// Whether kernels read what the op has from outside before the zeros that
  /// they add to are there.
  bool readsAhead = false;

  // Of the host: sizes (index) of the whole op and of a group.
  Value batches, queries, positions, groupBatches, groupStart;
  /// Samples of a group and those before it; cells of all heads of a group.
  Value numSamples, samplesBefore, numCells;
  /// Rows of offsets of a query; i32.
  Value queriesNumber, cellsOfHead;
  SmallVector<SampledMap> maps;
  /// First cell of each level, i32.
  SmallVector<Value> cellStarts;

  // Buffers, flattened: grad_out [B*Q*M,D], offsets [n,2], weights [n] and
  // their gradients, grad_value [B*S*M*D], in f32 where it is added to.
  Value gradOut, offsets, weights, gradOffsets, gradWeights, gradValue;
  /// The result where that is not `gradValue`, since it is narrower; and for
  /// each of its rows, of D elements, whether `gradValue` has it (i32; absent:
  /// it has all).
  Value narrowValue, touched;
  /// Of logits: of each row the largest and one over the sum of exponentials
  /// [rows * 2]; and the gradient of their softmax. Absent where the blocks of
  /// `emitSums` have whole rows.
  Value softmax, gradSoftmax;
  /// [cells + 1] first record of each cell, [blocks] sums of those, [samples]
  /// place of a sample in its cell, [samples * 8] records.
  Value starts, blockSums, places, records;
  /// The records again, each cell's in the order of their samples.
  Value orderedRecords;
  SmallVector<std::pair<Value, Value>> copiesBack;
  SmallVector<Value> allocations;

  /// Of a thread: first channel (index), number in its team (i32), whether it
  /// has channels (i1, absent: always).
  Value channel, member, active;
  /// First sample of a block of `emitSums` (i32). Where it has whole rows, in
  /// shared memory: their weights, and the gradients of those, alone and times
  /// the weights.
  Value firstOfBlock, blockWeights, blockGradients, blockProducts;
};

} // namespace mlir::bev

#endif // BEV_CONVERSION_BEVTOGPU_BACKWARDKERNELS_H
