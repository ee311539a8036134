// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gradients of an attention as kernels: the host code around them, and the one
// that adds up.

#include "BackwardKernels.h"

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
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
/// Records that a team reads before it uses the first, and the results of each:
/// derivatives along x and y, weight, nothing.
static constexpr int64_t kAtOnce = 4, kResults = 4;
static constexpr int64_t kWarp = 32, kThreads = 256;
/// Counts of cells are read and added up in blocks of so many.
static constexpr int64_t kCellsOfBlock = 4096;

//===----------------------------------------------------------------------===//
// Host
//===----------------------------------------------------------------------===//

BackwardKernels::BackwardKernels(Operation *op, bool vectorReductions)
    : b(op->getLoc(), op), op(op), all(getBackwardOperands(op)),
      schedule(*getSchedule(op)), vectorReductions(vectorReductions) {
  sorts = schedule.getShare() || all.deterministic;
  lanes = schedule.getLanes();
  members = all.channels / lanes;
  team = llvm::PowerOf2Ceil(members);
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
  gradOffsets =
      flatten(all.gradOffsets, {{0, 1, 2, 3, 4}, {5}}, /*isOutput=*/true);
  gradWeights = flatten(all.gradWeights, samples, /*isOutput=*/true);
  if (!all.deterministic)
    zero(gradValue);

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
  if (all.reference) {
    softmax = allocate(most, b.getF32Type());
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

void BackwardKernels::emitGroup() {
  if (all.reference)
    emitSoftmax();
  if (sorts) {
    zero(starts);
    emitCount();
    emitOffsets();
    emitRecords();
    if (all.deterministic)
      emitOrder();
  }
  emitSums();
  if (all.deterministic)
    emitCells();
  if (all.reference)
    emitLogits();
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

void BackwardKernels::forEach(Value count,
                              llvm::function_ref<void(Value)> body) {
  Value blocks = b.createOrFold<arith::DivUIOp>(
      b.createOrFold<arith::AddIOp>(count, index(kThreads - 1)),
      index(kThreads));
  launch(blocks, kThreads, [&](gpu::LaunchOp, Value block, Value thread) {
    Value at = add(mul(block, index(kThreads)), toIndex(thread));
    branch(less(at, count), [&] { body(at); });
  });
}

void BackwardKernels::zero(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  Value size = b.createOrFold<memref::DimOp>(buffer, 0);
  Value part =
      arith::ConstantOp::create(b, b.getZeroAttr(type.getElementType()));
  // The elements of grad_value are so many times D.
  constexpr int64_t kWide = 4;
  if (buffer == gradValue && all.channels % kWide != 0)
    return forEach(size, [&](Value at) { store(part, buffer, at); });
  Value count = b.createOrFold<arith::DivUIOp>(size, index(kWide));
  Value wide = arith::ConstantOp::create(
      b, b.getZeroAttr(VectorType::get(kWide, type.getElementType())));
  forEach(count, [&](Value at) { store(wide, buffer, mul(at, index(kWide))); });
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

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

SmallVector<Value> BackwardKernels::Cell::all() const {
  SmallVector<Value> every = {key, valid, first, line};
  llvm::append_range(every, values);
  if (sums[0])
    llvm::append_range(every, sums);
  return every;
}

BackwardKernels::Cell BackwardKernels::Cell::of(ValueRange every) {
  Cell cell;
  cell.key = every[0];
  cell.valid = every[1];
  cell.first = every[2];
  cell.line = every[3];
  for (int corner = 0; corner < 4; ++corner) {
    cell.values[corner] = every[4 + corner];
    cell.sums[corner] = every.size() > 8 ? every[8 + corner] : Value();
  }
  return cell;
}

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
  return recordOf(sample);
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
  const bool hasSums = bool(from.sums[0]);
  Cell cell;
  cell.key = record.key;
  cell.valid = record.valid;
  Value level = all.numLevels == 1
                    ? number(0)
                    : rem(div(record.sample, all.points), all.numLevels);
  Value width = mapOf(level).width;
  Value batch = add(toIndex(div(record.row, all.heads)), groupStart);
  Value head = toIndex(rem(record.row, all.heads));
  Value row = add(mul(batch, positions), toIndex(record.first));
  cell.first = add(
      mul(add(mul(row, index(all.heads)), head), index(all.channels)), channel);
  cell.line = mul(toIndex(width), index(all.heads * all.channels));
  if (hasSums)
    for (int corner : {0, 2})
      addToMemory(from, corner);

  SmallVector<Type> types(hasSums ? 4 : 2, from.values[0].getType());
  auto next =
      scf::IfOp::create(b, types, equal(record.key, add(from.key, number(1))),
                        /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(next.thenBlock());
    SmallVector<Value> kept = {from.values[1], from.values[3]};
    if (hasSums)
      kept.append({from.sums[1], from.sums[3]});
    scf::YieldOp::create(b, kept);
    b.setInsertionPointToStart(next.elseBlock());
    if (hasSums)
      for (int corner : {1, 3})
        addToMemory(from, corner);
    SmallVector<Value> fresh = {readValue(record, width, 0),
                                readValue(record, width, 2)};
    if (hasSums)
      fresh.append({zeros(lanes), zeros(lanes)});
    scf::YieldOp::create(b, fresh);
  }
  cell.values[0] = next.getResult(0);
  cell.values[2] = next.getResult(1);
  cell.values[1] = readValue(record, width, 1);
  cell.values[3] = readValue(record, width, 3);
  if (hasSums) {
    cell.sums[0] = next.getResult(2);
    cell.sums[2] = next.getResult(3);
    cell.sums[1] = cell.sums[3] = zeros(lanes);
  }
  return cell;
}

/// One record of the team's: `gradOut` are the thread's channels.
void BackwardKernels::addRecord(const Record &record, Value isThere,
                                Value gradOut, Cell &cell,
                                SmallVectorImpl<Value> &results) {
  Location loc = b.getLoc();
  Value moves = both(isThere, arith::CmpIOp::create(b, arith::CmpIPredicate::ne,
                                                    record.key, cell.key));
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
  cell = Cell::of(choice.getResults());

  std::array<Value, 4> parts = emitCornerWeights(b, loc, record.fx, record.fy);
  SmallVector<Value> dots;
  for (int corner = 0; corner < 4; ++corner) {
    Value dot;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      Value x = extract(gradOut, lane), y = extract(cell.values[corner], lane);
      dot = dot ? fma(x, y, dot) : mulF(x, y);
    }
    dots.push_back(dot);
    if (cell.sums[0])
      cell.sums[corner] = fma(splat(mulF(parts[corner], record.weight), lanes),
                              gradOut, cell.sums[corner]);
  }
  SampleGradient gradient =
      emitSampleGradient(b, loc, dots, record.fx, record.fy);
  results.append({mulF(gradient.x, record.weight),
                  mulF(gradient.y, record.weight), gradient.weight, f32(0)});
}

/// A team for each few records. All threads of a warp run the same loop, which
/// is what lets them exchange their parts of products.
void BackwardKernels::emitSums() {
  const int64_t threads = schedule.getThreads(), teams = threads / team;
  const int64_t length = llvm::alignTo(schedule.getPoints(), kAtOnce);
  Value blocks = b.createOrFold<arith::DivUIOp>(
      b.createOrFold<arith::AddIOp>(numSamples, index(teams * length - 1)),
      index(teams * length));
  launch(blocks, threads, [&](gpu::LaunchOp launch, Value block, Value thread) {
    if (schedule.getBlocks() != 0)
      launch->setAttr("bev.blocks", b.getI64IntegerAttr(schedule.getBlocks()));
    Value end = sorts ? load(starts, numCells) : toNumber(numSamples);
    Value firstTeam = mul(toNumber(block), number(teams));
    Value ofWarp =
        add(firstTeam, mul(div(thread, kWarp), number(kWarp / team)));
    branch(less(mul(ofWarp, number(length)), end), [&] {
      member = rem(thread, team);
      active = members == team ? Value() : less(member, number(members));
      // Threads without channels read none, but those of others.
      Value owner = active
                        ? arith::MinUIOp::create(b, member, number(members - 1))
                              .getResult()
                        : member;
      channel = toIndex(mul(owner, number(lanes)));
      Value first = mul(add(firstTeam, div(thread, team)), number(length));
      Cell cell;
      cell.key = number(-2);
      cell.valid = number(0);
      cell.first = cell.line = index(0);
      for (int corner = 0; corner < 4; ++corner) {
        cell.values[corner] = zeros(lanes);
        cell.sums[corner] = all.deterministic ? Value() : zeros(lanes);
      }
      auto loop = scf::ForOp::create(b, index(0), index(length), index(kAtOnce),
                                     cell.all());
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(loop.getBody());
        cell = Cell::of(loop.getRegionIterArgs());
        emitRecordsOfTeam(add(first, toNumber(loop.getInductionVar())), end,
                          cell);
        scf::YieldOp::create(b, cell.all());
      }
      cell = Cell::of(loop.getResults());
      if (!all.deterministic)
        for (int corner = 0; corner < 4; ++corner)
          addToMemory(cell, corner);
    });
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
  Type element = cast<MemRefType>(gradOut.getType()).getElementType();
  for (auto [record, exists] : llvm::zip_equal(some, exist))
    gradients.push_back(
        toF32(guarded(exists, VectorType::get(lanes, element), [&] {
          Value before = b.createOrFold<arith::DivUIOp>(
              samplesBefore, index(all.numLevels * all.points));
          Value row = toIndex(div(record.sample, all.numLevels * all.points));
          return loadVector(gradOut, {add(row, before), channel}, lanes);
        })));
  for (int64_t i = 0; i < kAtOnce; ++i)
    addRecord(some[i], exist[i], gradients[i], cell, results);
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
      writeSample(records, writes, which, Value(), [&](Value sample) {
        storeScaled(sample, values[i * kResults], values[i * kResults + 1]);
        storeWeight(sample, values[i * kResults + 2]);
      });
    }
    return;
  }
  Value isFirst = spread == 1 ? Value() : equal(rem(member, spread), number(0));
  if (count == 2) {
    writeSample(records, writes, div(share, 2), isFirst, [&](Value sample) {
      auto choice = scf::IfOp::create(b, bit(share, 0),
                                      /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPoint(choice.thenBlock()->getTerminator());
      storeWeight(sample, values[0]);
      b.setInsertionPoint(choice.elseBlock()->getTerminator());
      storeScaled(sample, values[0], values[1]);
    });
    return;
  }
  // One each: the one with the derivative along x takes that along y.
  Value other = shuffle(values[0], spread, gpu::ShuffleMode::XOR);
  Value what = rem(share, kResults);
  writeSample(
      records, writes, div(share, kResults), isFirst, [&](Value sample) {
        branch(equal(what, number(0)),
               [&] { storeScaled(sample, values[0], other); });
        branch(equal(what, number(2)), [&] { storeWeight(sample, values[0]); });
      });
}

void BackwardKernels::writeSample(ArrayRef<Record> records,
                                  ArrayRef<Value> writes, Value which,
                                  Value condition,
                                  llvm::function_ref<void(Value)> write) {
  Value sample = records.front().sample, isWritten = writes.front();
  for (int64_t i = 1; i < kAtOnce; ++i) {
    Value isThis = equal(which, number(i));
    sample = select(isThis, records[i].sample, sample);
    isWritten = select(isThis, writes[i], isWritten);
  }
  branch(condition ? both(isWritten, condition) : isWritten,
         [&] { write(sample); });
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
  store(sum, gradValue, add(mul(inGroup, index(all.channels)), channel));
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
      BackwardKernels(op, vectorReductions).emit();
  }
};

} // namespace
