// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gradients of an attention as kernels: the host code around them, and what
// all of them are written in.

#include "BackwardKernels.h"

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTATTENTIONBACKWARDTOGPUPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// Samples whose tables are in memory at once, unless a batch row has more: up
/// to 40 bytes each.
static constexpr int64_t kGroupSamples = 1 << 24;
static constexpr int64_t kWarp = 32, kThreads = 256;
/// Samples of a block whose gradients are in shared memory, 8 bytes each, and
/// the part of its threads that may be left without some.
static constexpr int64_t kSharedSamples = 2048, kMostIdle = 8;
/// Counts of cells are read and added up in blocks of so many.
static constexpr int64_t kCellsOfBlock = 4096;

//===----------------------------------------------------------------------===//
// Host
//===----------------------------------------------------------------------===//

BackwardKernels::BackwardKernels(Operation *op, bool vectorReductions,
                                 bool overlaps)
    : b(op->getLoc(), op), op(op), all(getBackwardOperands(op)),
      schedule(*getSchedule(op)), vectorReductions(vectorReductions),
      overlaps(overlaps) {
  sorts = schedule.getShare() || all.deterministic;
  lanes = schedule.getLanes();
  members = all.channels / lanes;
  team = llvm::PowerOf2Ceil(members);
  samplesOfBlock = schedule.getThreads() / team * samplesOfTeam();
  const int64_t row = all.numLevels * all.points;
  const int64_t whole = samplesOfBlock / row * row;
  sumsHaveRows = all.reference && !sorts && samplesOfBlock <= kSharedSamples &&
                 samplesOfBlock - whole <= samplesOfBlock / kMostIdle;
  if (sumsHaveRows)
    samplesOfBlock = whole;
}

Value BackwardKernels::allocate(Value size, Type element) {
  std::optional<int64_t> constant = getConstantIntValue(size);
  auto type =
      MemRefType::get({constant.value_or(ShapedType::kDynamic)}, element);
  Value buffer = memref::AllocOp::create(
      b, type, constant ? ValueRange() : ValueRange(size));
  allocations.push_back(buffer);
  return buffer;
}

Value BackwardKernels::flatten(Value buffer,
                               ArrayRef<ReassociationIndices> groups,
                               bool isOutput) {
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.getLayout().isIdentity()) {
    auto contiguous = MemRefType::get(type.getShape(), type.getElementType());
    SmallVector<Value> sizes;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (type.isDynamicDim(dim))
        sizes.push_back(memref::DimOp::create(b, buffer, dim));
    Value copy = memref::AllocOp::create(b, contiguous, sizes);
    allocations.push_back(copy);
    if (isOutput)
      copiesBack.push_back({copy, buffer});
    else
      memref::CopyOp::create(b, buffer, copy);
    buffer = copy;
  }
  return memref::CollapseShapeOp::create(b, buffer, groups);
}

void BackwardKernels::emit() {
  Location loc = b.getLoc();
  const int64_t perQuery = all.heads * all.numLevels * all.points;
  batches = b.createOrFold<memref::DimOp>(all.value, 0);
  queries = b.createOrFold<memref::DimOp>(all.offsets, 1);
  positions = b.createOrFold<memref::DimOp>(all.value, 1);
  queriesNumber = toNumber(queries);
  maps = emitMaps(b, loc, all);

  gradOut = flatten(all.gradOut, {{0, 1, 2}, {3}}, /*isOutput=*/false);
  offsets = flatten(all.offsets, {{0, 1, 2, 3, 4}, {5}}, /*isOutput=*/false);
  SmallVector<ReassociationIndices> samples(1);
  int64_t rank = cast<ShapedType>(all.weights.getType()).getRank();
  llvm::append_range(samples[0], llvm::seq<int64_t>(0, rank));
  weights = flatten(all.weights, samples, /*isOutput=*/false);
  gradValue = flatten(all.gradValue, {{0, 1, 2, 3}}, /*isOutput=*/true);
  if (!cast<MemRefType>(gradValue.getType()).getElementType().isF32() &&
      !all.deterministic) {
    narrowValue = gradValue;
    gradValue =
        allocate(b.createOrFold<memref::DimOp>(narrowValue, 0), b.getF32Type());
    if (isSparse())
      touched = allocate(b.createOrFold<arith::MulIOp>(
                             b.createOrFold<arith::MulIOp>(batches, positions),
                             index(all.heads)),
                         b.getI32Type());
  }
  gradOffsets =
      flatten(all.gradOffsets, {{0, 1, 2, 3, 4}, {5}}, /*isOutput=*/true);
  gradWeights = flatten(all.gradWeights, samples, /*isOutput=*/true);

  // Cells of a head, level after level.
  cellsOfHead = number(0);
  for (const SampledMap &map : maps) {
    cellStarts.push_back(cellsOfHead);
    Value one = number(1);
    cellsOfHead = b.createOrFold<arith::AddIOp>(
        cellsOfHead, b.createOrFold<arith::MulIOp>(
                         b.createOrFold<arith::AddIOp>(map.height, one),
                         b.createOrFold<arith::AddIOp>(map.width, one)));
  }

  Value perBatch = b.createOrFold<arith::MulIOp>(queries, index(perQuery));
  // At least one batch row, at most all.
  Value some = b.createOrFold<arith::DivUIOp>(
      index(kGroupSamples), b.createOrFold<arith::MaxUIOp>(perBatch, index(1)));
  Value group = b.createOrFold<arith::MinUIOp>(
      b.createOrFold<arith::MaxUIOp>(some, index(1)),
      b.createOrFold<arith::MaxUIOp>(batches, index(1)));
  Value most = b.createOrFold<arith::MulIOp>(group, perBatch);
  Value mostCells = b.createOrFold<arith::MulIOp>(
      b.createOrFold<arith::MulIOp>(group, index(all.heads)),
      b.createOrFold<arith::IndexCastOp>(b.getIndexType(), cellsOfHead));
  if (all.reference && !sumsHaveRows) {
    Value rows =
        b.createOrFold<arith::DivUIOp>(most, index(all.numLevels * all.points));
    softmax =
        allocate(b.createOrFold<arith::MulIOp>(rows, index(2)), b.getF32Type());
    gradSoftmax = allocate(most, b.getF32Type());
  }
  if (sorts) {
    // Room for the number of all records behind those of each cell.
    Value blocks = b.createOrFold<arith::AddIOp>(
        b.createOrFold<arith::DivUIOp>(mostCells, index(kCellsOfBlock)),
        index(1));
    starts =
        allocate(b.createOrFold<arith::MulIOp>(blocks, index(kCellsOfBlock)),
                 b.getI32Type());
    blockSums = allocate(blocks, b.getI32Type());
    places = allocate(most, b.getI32Type());
    records = allocate(b.createOrFold<arith::MulIOp>(most, index(kRecordWords)),
                       b.getI32Type());
    if (all.deterministic)
      orderedRecords =
          allocate(b.createOrFold<arith::MulIOp>(most, index(kRecordWords)),
                   b.getI32Type());
  }

  auto emitFrom = [&](Value start, Value count) {
    groupStart = start;
    groupBatches = count;
    samplesBefore = b.createOrFold<arith::MulIOp>(start, perBatch);
    numSamples = b.createOrFold<arith::MulIOp>(count, perBatch);
    numCells = b.createOrFold<arith::MulIOp>(
        b.createOrFold<arith::MulIOp>(count, index(all.heads)),
        b.createOrFold<arith::IndexCastOp>(b.getIndexType(), cellsOfHead));
    emitGroup();
  };
  std::optional<int64_t> allBatches = getConstantIntValue(batches);
  if (allBatches && getConstantIntValue(group) == allBatches) {
    readsAhead = canReadAhead();
    emitFrom(index(0), batches);
  } else {
    auto loop = scf::ForOp::create(b, index(0), batches, group);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(loop.getBody()->getTerminator());
    Value start = loop.getInductionVar();
    emitFrom(start, arith::MinUIOp::create(b, sub(batches, start), group));
  }
  for (auto [copy, buffer] : copiesBack)
    memref::CopyOp::create(b, copy, buffer);
  for (Value buffer : allocations)
    memref::DeallocOp::create(b, buffer);
  op->erase();
}

/// Few enough samples that most rows of grad_value stay 0.
bool BackwardKernels::isSparse() const {
  auto value = cast<MemRefType>(all.value.getType());
  auto offsets = cast<MemRefType>(all.offsets.getType());
  if (sorts || value.isDynamicDim(1) || offsets.isDynamicDim(1))
    return false;
  constexpr int64_t kNeighbours = 4;
  return kNeighbours * offsets.getDimSize(1) * all.numLevels * all.points <
         value.getDimSize(1);
}

/// Whether the kernels that zero are launched, whatever the sizes, and write
/// nothing else that those after them read before they add.
bool BackwardKernels::canReadAhead() const {
  auto isSome = [](Value size) {
    std::optional<int64_t> constant = getConstantIntValue(size);
    return constant && *constant > 0;
  };
  return overlaps && !sorts && !softmax && isSome(batches) && isSome(queries) &&
         isSome(positions);
}

/// Lets the next kernel start. A kernel that has waited has all before it
/// behind it: what the next one reads before it waits need only not be written
/// by this one.
void BackwardKernels::startDependents() {
  if (readsAhead)
    NVVM::GriddepcontrolOp::create(b,
                                   NVVM::GridDepActionKind::launch_dependents);
}

/// Waits until the kernel before has ended.
void BackwardKernels::waitForKernels() {
  if (readsAhead)
    NVVM::GriddepcontrolOp::create(b, NVVM::GridDepActionKind::wait);
}

void BackwardKernels::emitGroup() {
  SmallVector<Job> first;
  if (sorts)
    first.push_back(zero(starts));
  if (softmax)
    first.push_back(softmaxOfLogits());
  if (touched)
    first.push_back(zero(touched));
  else if (!all.deterministic)
    first.push_back(zero(gradValue));
  run(first, [&] {
    waitForKernels();
    startDependents();
  });
  if (touched)
    emitTouched();
  if (sorts) {
    emitCount();
    emitOffsets();
    emitRecords();
    if (all.deterministic)
      emitOrder();
  }
  emitSums();
  if (all.deterministic)
    emitCells();
  SmallVector<Job> last;
  if (gradSoftmax)
    last.push_back(logitsOfSoftmax());
  if (narrowValue)
    last.push_back(narrow());
  run(last);
}

void BackwardKernels::launch(
    Value blocks, int64_t threads,
    llvm::function_ref<void(gpu::LaunchOp, Value, Value)> body) {
  OpBuilder::InsertionGuard guard(b);
  std::optional<int64_t> constant = getConstantIntValue(blocks);
  if (constant && *constant == 0)
    return;
  if (!constant) {
    // A launch of zero blocks is an error of the driver.
    auto any = scf::IfOp::create(b, less(index(0), blocks),
                                 /*withElseRegion=*/false);
    b.setInsertionPoint(any.thenBlock()->getTerminator());
  }
  Value one = index(1);
  auto launch =
      gpu::LaunchOp::create(b, blocks, one, one, index(threads), one, one);
  b.setInsertionPointToStart(&launch.getBody().front());
  auto terminator = gpu::TerminatorOp::create(b);
  b.setInsertionPoint(terminator);
  body(launch, launch.getBlockIds().x, toNumber(launch.getThreadIds().x));
}

void BackwardKernels::run(ArrayRef<Job> all,
                          llvm::function_ref<void()> before) {
  SmallVector<Job> jobs(llvm::make_filter_range(
      all, [](const Job &job) { return !isConstantIntValue(job.count, 0); }));
  if (jobs.empty())
    return;
  // Of each job: blocks up to its end.
  SmallVector<Value> ends;
  Value blocks = index(0);
  for (const Job &job : jobs) {
    const int64_t perBlock = kThreads * job.perThread;
    blocks = b.createOrFold<arith::AddIOp>(
        blocks,
        b.createOrFold<arith::DivUIOp>(
            b.createOrFold<arith::AddIOp>(job.count, index(perBlock - 1)),
            index(perBlock)));
    ends.push_back(blocks);
  }
  launch(blocks, kThreads, [&](gpu::LaunchOp, Value block, Value thread) {
    if (before)
      before();
    auto emit = [&](const Job &job, Value own) {
      for (int64_t i = 0; i < job.perThread; ++i) {
        Value part = add(mul(own, index(job.perThread)), index(i));
        Value at = add(mul(part, index(kThreads)), toIndex(thread));
        branch(less(at, job.count), [&] { job.body(at); });
      }
    };
    OpBuilder::InsertionGuard guard(b);
    for (size_t i = 0; i + 1 < jobs.size(); ++i) {
      auto choice = scf::IfOp::create(b, less(block, ends[i]),
                                      /*withElseRegion=*/true);
      b.setInsertionPoint(choice.thenBlock()->getTerminator());
      emit(jobs[i], i == 0 ? block : sub(block, ends[i - 1]));
      b.setInsertionPoint(choice.elseBlock()->getTerminator());
    }
    emit(jobs.back(),
         jobs.size() == 1 ? block : sub(block, ends[jobs.size() - 2]));
  });
}

void BackwardKernels::forEach(Value count,
                              llvm::function_ref<void(Value)> body) {
  run(Job{count, [=](Value at) { body(at); }});
}

/// Of a buffer of grad_value's rows, those of the group; else all of it. In
/// many blocks: the next kernel, which may read ahead, then starts with the
/// last of them. Beside all of them it takes the memory from them.
BackwardKernels::Job BackwardKernels::zero(Value buffer) {
  constexpr int64_t kStoresOfThread = 4;
  auto type = cast<MemRefType>(buffer.getType());
  Value first = index(0), size = b.createOrFold<memref::DimOp>(buffer, 0);
  int64_t wide = 4;
  if (buffer == gradValue) {
    Value row = b.createOrFold<arith::MulIOp>(positions,
                                              index(all.heads * all.channels));
    first = b.createOrFold<arith::MulIOp>(groupStart, row);
    size = b.createOrFold<arith::MulIOp>(groupBatches, row);
  } else if (buffer == touched) {
    Value row = b.createOrFold<arith::MulIOp>(positions, index(all.heads));
    first = b.createOrFold<arith::MulIOp>(groupStart, row);
    size = b.createOrFold<arith::MulIOp>(groupBatches, row);
  }
  const int64_t factor = buffer == gradValue ? all.heads * all.channels
                         : buffer == touched ? all.heads
                                             : wide;
  while (factor % wide != 0)
    wide /= 2;
  Value part = arith::ConstantOp::create(
      b, b.getZeroAttr(VectorType::get(wide, type.getElementType())));
  Value count = b.createOrFold<arith::DivUIOp>(size, index(wide));
  return {
      count,
      [=](Value at) { store(part, buffer, add(mul(at, index(wide)), first)); },
      kStoresOfThread};
}

//===----------------------------------------------------------------------===//
// Vocabulary
//===----------------------------------------------------------------------===//

Value BackwardKernels::fma(Value x, Value y, Value z) {
  return math::FmaOp::create(b, x, y, z);
}
Value BackwardKernels::bit(Value word, int64_t position) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ne,
                               both(word, number(int64_t(1) << position)),
                               number(0));
}
Value BackwardKernels::extract(Value vector, int64_t lane) {
  return vector::ExtractOp::create(b, vector, lane);
}
Value BackwardKernels::vectorOf(ValueRange scalars) {
  return vector::FromElementsOp::create(
      b, VectorType::get(scalars.size(), scalars[0].getType()), scalars);
}
Value BackwardKernels::splat(Value scalar, int64_t lanes) {
  return vector::BroadcastOp::create(
      b, VectorType::get(lanes, scalar.getType()), scalar);
}
Value BackwardKernels::zeros(int64_t lanes) {
  return arith::ConstantOp::create(
      b, b.getZeroAttr(VectorType::get(lanes, b.getF32Type())));
}

static Type withElement(Type type, Type element) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.clone(element);
  return element;
}

Value BackwardKernels::toF32(Value x) {
  if (getElementTypeOrSelf(x).isF32())
    return x;
  return arith::ExtFOp::create(b, withElement(x.getType(), b.getF32Type()), x);
}
Value BackwardKernels::fromF32(Value x, Type element) {
  if (element.isF32())
    return x;
  return arith::TruncFOp::create(b, withElement(x.getType(), element), x);
}
Value BackwardKernels::shuffle(Value value, int64_t offset,
                               gpu::ShuffleMode mode) {
  return gpu::ShuffleOp::create(b, value, offset, kWarp, mode)
      .getShuffleResult();
}

Value BackwardKernels::load(Value buffer, ValueRange at) {
  return memref::LoadOp::create(b, buffer, at);
}
Value BackwardKernels::loadVector(Value buffer, ValueRange at, int64_t count) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  return vector::TransferReadOp::create(
      b, VectorType::get(count, element), buffer, at,
      arith::ConstantOp::create(b, b.getZeroAttr(element)),
      ArrayRef<bool>{true});
}
void BackwardKernels::store(Value value, Value buffer, ValueRange at) {
  if (isa<VectorType>(value.getType()))
    vector::TransferWriteOp::create(b, value, buffer, at, ArrayRef<bool>{true});
  else
    memref::StoreOp::create(b, value, buffer, at);
}

Value BackwardKernels::guarded(Value condition, Type type,
                               llvm::function_ref<Value()> read) {
  if (!condition)
    return read();
  // As words: LLVM takes vectors of 16-bit elements apart in branches.
  auto vector = cast<VectorType>(type);
  Type words = type;
  if (vector.getElementTypeBitWidth() == 16 && vector.getNumElements() % 2 == 0)
    words = VectorType::get(vector.getNumElements() / 2, b.getI32Type());
  auto recast = [&](Value value, Type to) -> Value {
    if (value.getType() == to)
      return value;
    return vector::BitCastOp::create(b, to, value);
  };
  auto choice = scf::IfOp::create(b, words, condition, /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(choice.thenBlock());
    scf::YieldOp::create(b, recast(read(), words));
    b.setInsertionPointToStart(choice.elseBlock());
    scf::YieldOp::create(
        b, arith::ConstantOp::create(b, b.getZeroAttr(words)).getResult());
  }
  return recast(choice.getResult(0), type);
}

Value BackwardKernels::addressOf(Value buffer, Value at) {
  auto type = cast<MemRefType>(buffer.getType());
  Value base = memref::ExtractAlignedPointerAsIndexOp::create(b, buffer);
  Value bytes = mul(at, index(type.getElementTypeBitWidth() / 8));
  return arith::IndexCastOp::create(b, b.getI64Type(), add(base, bytes));
}

static Value emitAssembly(ImplicitLocOpBuilder &b, Type result,
                          ValueRange operands, StringRef text,
                          StringRef constraints) {
  auto code = LLVM::InlineAsmOp::create(
      b, result ? TypeRange(result) : TypeRange(), operands, text, constraints,
      /*has_side_effects=*/true, /*is_align_stack=*/false,
      LLVM::TailCallKind::None, /*asm_dialect=*/LLVM::AsmDialectAttr(),
      /*operand_attrs=*/ArrayAttr());
  return result ? code.getResult(0) : Value();
}

Value BackwardKernels::count(Value buffer, Value at) {
  return emitAssembly(b, b.getI32Type(), addressOf(buffer, at),
                      "atom.relaxed.gpu.global.add.u32 $0, [$1], 1;",
                      "=r,l,~{memory}");
}

void BackwardKernels::reduce(Value vector, Value buffer, Value at) {
  int64_t count = cast<VectorType>(vector.getType()).getNumElements();
  int64_t width = 1;
  if (vectorReductions)
    width = count % 4 == 0 ? 4 : count % 2 == 0 ? 2 : 1;
  Value address = addressOf(buffer, at);
  constexpr int64_t kBytes = 4;
  for (int64_t first = 0; first < count; first += width) {
    std::string text = "red.relaxed.gpu.global.add.", constraints = "l";
    if (width > 1)
      text += "v" + std::to_string(width) + ".";
    text += "f32 [$0";
    if (first != 0)
      text += "+" + std::to_string(first * kBytes);
    text += "], ";
    SmallVector<Value> operands = {address};
    std::string list;
    for (int64_t lane = 0; lane < width; ++lane) {
      list += (lane ? ", $" : "$") + std::to_string(lane + 1);
      constraints += ",f";
      operands.push_back(extract(vector, first + lane));
    }
    text += width > 1 ? "{" + list + "};" : list + ";";
    emitAssembly(b, Type(), operands, text, constraints + ",~{memory}");
  }
}

void BackwardKernels::branch(Value condition, llvm::function_ref<void()> body) {
  auto choice = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(choice.thenBlock()->getTerminator());
  body();
}

Value BackwardKernels::sharedMemory(gpu::LaunchOp launch, int64_t size,
                                    Type element) {
  auto space =
      gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  return launch.addWorkgroupAttribution(
      MemRefType::get({size}, element, MemRefLayoutAttrInterface(), space),
      b.getLoc());
}

namespace {

struct ConvertAttentionBackwardToGPU
    : public bev::impl::ConvertAttentionBackwardToGPUPassBase<
          ConvertAttentionBackwardToGPU> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (hasBackwardKernels(op) && op->getNumResults() == 0 &&
          !op->getParentOfType<gpu::LaunchOp>())
        ops.push_back(op);
    });
    for (Operation *op : ops)
      BackwardKernels(op, vectorReductions, overlapLaunches).emit();
  }
};

} // namespace
