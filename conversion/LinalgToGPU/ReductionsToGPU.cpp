// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A group of threads per row of a reduction and the ops around it.

#include "RowKernels.h"
#include "bev/Conversion/LinalgToSCF/BufferAccesses.h"
#include "bev/Conversion/LinalgToSCF/LinalgToSCF.h"
#include "bev/Conversion/Passes.h"
#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTLINALGREDUCTIONSTOGPUPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

constexpr int64_t warpsPerBlock = rowBlockSize / warpSize;

/// `lhs` combined with `rhs`, in their own type.
Value combine(OpBuilder &b, Location loc, const Combiner &combiner, Value lhs,
              Value rhs) {
  OperationState state(loc, combiner.op->getName());
  state.addOperands({lhs, rhs});
  state.addTypes(lhs.getType());
  return b.create(state)->getResult(0);
}

/// Combines the values of `lanes` neighbouring threads of a warp: each of them
/// gets the result, in the same order of operations.
Value reduceLanes(OpBuilder &b, Location loc, const Combiner &combiner,
                  Value value, int64_t lanes) {
  // Threads exchange 32 or 64 bits.
  auto type = dyn_cast<IntegerType>(value.getType());
  IntegerType wide;
  if (type && type.getWidth() != 32 && type.getWidth() != 64)
    wide = b.getIntegerType(type.getWidth() < 32 ? 32 : 64);
  for (int64_t offset = lanes / 2; offset > 0; offset /= 2) {
    Value sent = value;
    if (wide)
      sent = arith::ExtUIOp::create(b, loc, wide, value);
    auto shuffle = gpu::ShuffleOp::create(
        b, loc, sent, static_cast<int32_t>(offset),
        static_cast<int32_t>(warpSize), gpu::ShuffleMode::XOR);
    Value other = shuffle.getShuffleResult();
    if (wide)
      other = arith::TruncIOp::create(b, loc, type, other);
    value = combine(b, loc, combiner, value, other);
  }
  return value;
}

/// Sizes of the loops of an op.
struct Sizes {
  SmallVector<OpFoldResult> rows, columns;
};

/// Emits a kernel.
class Emitter {
public:
  explicit Emitter(RowKernel &kernel)
      : kernel(kernel), b(kernel.ops.back().op),
        loc(kernel.ops.front().op.getLoc()) {}

  void run();

private:
  /// An element that a thread has in a register. `step` is -1 where it is the
  /// same for the whole row.
  struct Known {
    Value buffer;
    /// How the buffer is read, where it is not at its row or element.
    AffineMap map;
    SmallVector<int64_t> ranges;
    int64_t step;
    Value value;
  };
  /// Where a thread is.
  struct Position {
    Value column;
    /// Whether there is such a column, where that is not sure.
    Value isInside;
    /// The number of the element in its registers, or -1 where it has none.
    int64_t step = -1;
  };

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
    return arith::CmpIOp::create(b, loc, predicate, lhs, rhs);
  }
  /// Both, where either may be absent.
  Value both(Value x, Value y) {
    if (!x || !y)
      return x ? x : y;
    return arith::AndIOp::create(b, loc, x, y);
  }
  /// The loop variables of `row` for a place in a row, or for the row alone.
  SmallVector<Value> getVariables(const RowOp &row, Value column);

  void createLaunch();
  bool isWholeInKernel(Value root);
  void emit(const RowOp &row);
  void emitReduction(const RowOp &row);
  SmallVector<Value> reduce(const RowOp &row, ValueRange partial);
  /// Runs `body` for each element of the row that the thread has.
  void forColumns(function_ref<void(const Position &)> body);
  Position getPosition(int64_t step);

  Value load(const RowOp &row, OpOperand &operand, ValueRange variables,
             int64_t step, bool keeps);
  void store(const RowOp &row, OpOperand &init, ValueRange variables,
             Value value, const Position &position);
  /// Whether nothing reads what `op` writes from memory: other ops of the
  /// kernel alone do, or a later one writes over it.
  bool isHidden(const RowOp &op, OpOperand &init);
  Known describe(const RowOp &row, OpOperand &operand, int64_t step);
  Known *find(const Known &key);
  void erase();

  RowKernel &kernel;
  OpBuilder b;
  Location loc;
  gpu::LaunchOp launch;
  llvm::SmallDenseMap<Operation *, Sizes> sizes;
  OpFoldResult rows, columns;
  Value thread, lane, row;
  /// Whether there is such a row, where threads that have none go on.
  Value hasRow;
  SmallVector<Known> known;
  /// Buffers that nothing outside the kernel reads.
  SmallVector<Value> own;
  SmallVector<linalg::LinalgOp> fills;
};

} // namespace

SmallVector<Value> Emitter::getVariables(const RowOp &op, Value column) {
  linalg::LinalgOp linalgOp = op.op;
  SmallVector<Value> variables(linalgOp.getNumLoops());
  auto takeApart = [&](ArrayRef<unsigned> dims, Value number,
                       ArrayRef<OpFoldResult> each) {
    if (fitsIn31Bits(each) && each.size() > 1)
      number = arith::IndexCastOp::create(b, loc, b.getI32Type(), number);
    for (auto [dim, variable] :
         llvm::zip_equal(dims, delinearize(b, loc, number, each)))
      variables[dim] = variable;
  };
  const Sizes &size = sizes.find(linalgOp)->second;
  takeApart(op.rowDims, row, size.rows);
  if (column)
    takeApart(op.columnDims, column, size.columns);
  return variables;
}

//===----------------------------------------------------------------------===//
// What a thread has in registers
//===----------------------------------------------------------------------===//

Emitter::Known Emitter::describe(const RowOp &op, OpOperand &operand,
                                 int64_t step) {
  linalg::LinalgOp linalgOp = op.op;
  RowPlace place = op.getPlace(operand);
  if (place == RowPlace::Row)
    return {getRootBuffer(operand.get()), {}, {}, -1, {}};
  if (place == RowPlace::Element)
    return {getRootBuffer(operand.get()), {}, {}, step, {}};
  AffineMap map = linalgOp.getMatchingIndexingMap(&operand);
  const bool isOfRow = llvm::none_of(
      op.columnDims, [&](unsigned dim) { return map.isFunctionOfDim(dim); });
  return {operand.get(),
          map,
          linalgOp.getStaticLoopRanges(),
          isOfRow ? -1 : step,
          {}};
}

Emitter::Known *Emitter::find(const Known &key) {
  auto *found = llvm::find_if(known, [&](const Known &each) {
    return each.buffer == key.buffer && each.map == key.map &&
           each.ranges == key.ranges && each.step == key.step;
  });
  return found == known.end() ? nullptr : found;
}

Value Emitter::load(const RowOp &op, OpOperand &operand, ValueRange variables,
                    int64_t step, bool keeps) {
  if (!isa<MemRefType>(operand.get().getType()))
    return operand.get();
  Known key = describe(op, operand, step);
  const bool isKept = key.step >= 0 || op.getPlace(operand) == RowPlace::Row;
  if (isKept)
    if (Known *found = find(key))
      return found->value;
  key.value = loadOperand(b, loc, op.op, operand, variables);
  if (isKept && keeps)
    known.push_back(key);
  return key.value;
}

bool Emitter::isHidden(const RowOp &op, OpOperand &init) {
  Value root = getRootBuffer(init.get());
  if (llvm::is_contained(own, root))
    return true;
  for (RowOp &later :
       MutableArrayRef<RowOp>(kernel.ops).drop_front(&op - &kernel.ops[0] + 1))
    for (OpOperand &other : later.op.getDpsInitsMutable())
      if (getRootBuffer(other.get()) == root &&
          later.getPlace(other) == op.getPlace(init))
        return true;
  return false;
}

void Emitter::store(const RowOp &op, OpOperand &init, ValueRange variables,
                    Value value, const Position &position) {
  Type type = cast<MemRefType>(init.get().getType()).getElementType();
  value = convertFloat(b, loc, value, type);
  const bool isOfRow = op.kind != RowOp::Kind::Element;
  bool isKnown = false;
  if (op.getPlace(init) != RowPlace::Other && (isOfRow || position.step >= 0)) {
    Known key = describe(op, init, position.step);
    if (Known *found = find(key)) {
      found->value = value;
    } else {
      key.value = value;
      known.push_back(key);
    }
    isKnown = true;
  }
  if (isKnown && isHidden(op, init))
    return;
  Value stores = both(hasRow, position.isInside);
  if (isOfRow)
    stores = both(stores, compare(arith::CmpIPredicate::eq, lane, index(0)));
  OpBuilder::InsertionGuard guard(b);
  if (stores) {
    auto guarded = scf::IfOp::create(b, loc, stores, /*withElseRegion=*/false);
    b.setInsertionPoint(guarded.thenBlock()->getTerminator());
  }
  storeInit(b, loc, op.op, init, variables, value);
}

//===----------------------------------------------------------------------===//
// The ops
//===----------------------------------------------------------------------===//

Emitter::Position Emitter::getPosition(int64_t step) {
  const int64_t length = *getConstantIntValue(columns);
  Value column = lane;
  if (step > 0)
    column = arith::AddIOp::create(b, loc, lane, index(step * kernel.group));
  if ((step + 1) * kernel.group <= length)
    return {column, {}, step};
  // Threads behind the end repeat the last element.
  Value isInside = compare(arith::CmpIPredicate::ult, column, index(length));
  column = arith::MinUIOp::create(b, loc, column, index(length - 1));
  return {column, isInside, step};
}

void Emitter::forColumns(function_ref<void(const Position &)> body) {
  if (kernel.steps) {
    for (int64_t step = 0; step < *kernel.steps; ++step)
      body(getPosition(step));
    return;
  }
  auto loop = scf::ForOp::create(
      b, loc, lane, getValueOrCreateConstantIndexOp(b, loc, columns),
      index(kernel.group));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(loop.getBody()->getTerminator());
  body({loop.getInductionVar(), {}, -1});
}

SmallVector<Value> Emitter::reduce(const RowOp &op, ValueRange partial) {
  SmallVector<Value> results, shared;
  const bool isBlock = kernel.group == rowBlockSize;
  Value warp, lane = thread;
  if (isBlock) {
    warp = arith::DivUIOp::create(b, loc, thread, index(warpSize));
    lane = arith::RemUIOp::create(b, loc, thread, index(warpSize));
  }
  for (auto [combiner, value] : llvm::zip_equal(op.combiners, partial)) {
    Value result =
        reduceLanes(b, loc, combiner, value, std::min(kernel.group, warpSize));
    if (isBlock) {
      auto space = gpu::AddressSpaceAttr::get(b.getContext(),
                                              gpu::AddressSpace::Workgroup);
      shared.push_back(launch.addWorkgroupAttribution(
          MemRefType::get({warpsPerBlock}, result.getType(),
                          MemRefLayoutAttrInterface(), space),
          loc));
      Value isFirst = compare(arith::CmpIPredicate::eq, lane, index(0));
      auto write = scf::IfOp::create(b, loc, isFirst, /*withElseRegion=*/false);
      OpBuilder inner(write.thenBlock()->getTerminator());
      memref::StoreOp::create(inner, loc, result, shared.back(), warp);
    }
    results.push_back(result);
  }
  if (isBlock) {
    gpu::BarrierOp::create(b, loc);
    Value slot = arith::RemUIOp::create(b, loc, lane, index(warpsPerBlock));
    for (auto [combiner, result, memory] :
         llvm::zip_equal(op.combiners, results, shared))
      result = reduceLanes(b, loc, combiner,
                           memref::LoadOp::create(b, loc, memory, slot),
                           warpsPerBlock);
  }
  return results;
}

void Emitter::emitReduction(const RowOp &op) {
  linalg::LinalgOp linalgOp = op.op;
  SmallVector<Value> partial;
  for (const Combiner &combiner : op.combiners) {
    Type type = getAccumulatorType(combiner.op->getResult(0).getType());
    partial.push_back(arith::getIdentityValue(combiner.kind, type, b, loc));
  }
  auto emitStep = [&](const Position &position, ValueRange carried) {
    SmallVector<Value> variables = getVariables(op, position.column);
    return emitPayload(b, loc, linalgOp, variables, carried,
                       [&](OpBuilder &, OpOperand &operand) {
                         return load(op, operand, variables, position.step,
                                     /*keeps=*/position.step >= 0);
                       });
  };
  if (kernel.steps) {
    for (int64_t step = 0; step < *kernel.steps; ++step) {
      Position position = getPosition(step);
      SmallVector<Value> next = emitStep(position, partial);
      if (position.isInside)
        for (auto [after, before] : llvm::zip_equal(next, partial))
          after =
              arith::SelectOp::create(b, loc, position.isInside, after, before);
      partial = next;
    }
  } else {
    auto loop = scf::ForOp::create(
        b, loc, lane, getValueOrCreateConstantIndexOp(b, loc, columns),
        index(kernel.group), partial);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> next =
          emitStep({loop.getInductionVar(), {}, -1}, loop.getRegionIterArgs());
      scf::YieldOp::create(b, loc, next);
    }
    partial.assign(loop.getResults().begin(), loop.getResults().end());
  }

  SmallVector<Value> results = reduce(op, partial);
  SmallVector<Value> variables = getVariables(op, {});
  for (auto [i, init] : llvm::enumerate(linalgOp.getDpsInitsMutable())) {
    const Combiner &combiner = op.combiners[i];
    Type type = results[i].getType();
    if (linalg::LinalgOp fill = getFill(op.op, init)) {
      Value before = convertFloat(b, loc, getFilledValue(fill), type);
      store(op, init, variables, combine(b, loc, combiner, before, results[i]),
            {});
      fills.push_back(fill);
      continue;
    }
    // One thread alone may read what it writes over.
    Value stores =
        both(hasRow, compare(arith::CmpIPredicate::eq, lane, index(0)));
    auto guarded = scf::IfOp::create(b, loc, stores, /*withElseRegion=*/false);
    OpBuilder inner(guarded.thenBlock()->getTerminator());
    Value before = convertFloat(
        inner, loc, loadOperand(inner, loc, op.op, init, variables), type);
    storeInit(inner, loc, op.op, init, variables,
              combine(inner, loc, combiner, before, results[i]));
  }
}

void Emitter::emit(const RowOp &op) {
  if (op.kind == RowOp::Kind::Reduction)
    return emitReduction(op);
  linalg::LinalgOp linalgOp = op.op;
  auto emitAt = [&](const Position &position, bool keeps) {
    SmallVector<Value> variables = getVariables(op, position.column);
    SmallVector<Value> values = emitPayload(
        b, loc, linalgOp, variables, {}, [&](OpBuilder &, OpOperand &operand) {
          return load(op, operand, variables, position.step, keeps);
        });
    for (auto [init, value] :
         llvm::zip_equal(linalgOp.getDpsInitsMutable(), values))
      store(op, init, variables, value, position);
  };
  if (op.kind == RowOp::Kind::Row)
    return emitAt({{}, {}, -1}, /*keeps=*/true);
  forColumns([&](const Position &position) {
    emitAt(position, /*keeps=*/position.step >= 0);
  });
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

void Emitter::createLaunch() {
  const int64_t group = kernel.group, perBlock = rowBlockSize / group;
  std::optional<int64_t> constantRows = getConstantIntValue(rows);
  Value rowCount = getValueOrCreateConstantIndexOp(b, loc, rows);
  if (!constantRows) {
    // A launch of zero blocks is an error of the driver.
    Value any = compare(arith::CmpIPredicate::sgt, rowCount, index(0));
    auto guard = scf::IfOp::create(b, loc, any, /*withElseRegion=*/false);
    b.setInsertionPointToStart(guard.thenBlock());
  }
  Value one = index(1), threads = index(rowBlockSize), grid = rowCount;
  if (constantRows)
    grid = index(llvm::divideCeil(*constantRows, perBlock));
  else if (perBlock != 1)
    grid = arith::CeilDivSIOp::create(b, loc, rowCount, index(perBlock));
  launch = gpu::LaunchOp::create(b, loc, grid, one, one, threads, one, one);

  b.setInsertionPointToStart(&launch.getBody().front());
  auto terminator = gpu::TerminatorOp::create(b, loc);
  b.setInsertionPoint(terminator);
  thread = launch.getThreadIds().x;
  row = launch.getBlockIds().x;
  lane = thread;
  if (group == rowBlockSize)
    return;
  lane = arith::RemUIOp::create(b, loc, thread, index(group));
  Value rowOfBlock = arith::DivUIOp::create(b, loc, thread, index(group));
  row = arith::AddIOp::create(
      b, loc, arith::MulIOp::create(b, loc, row, index(perBlock)), rowOfBlock);
  if (constantRows && *constantRows % perBlock == 0)
    return;
  Value isInside = compare(arith::CmpIPredicate::ult, row, rowCount);
  if (group == warpSize) {
    auto guard = scf::IfOp::create(b, loc, isInside, /*withElseRegion=*/false);
    b.setInsertionPoint(guard.thenBlock()->getTerminator());
    return;
  }
  // All threads of a warp must shuffle: those without a row repeat the last.
  hasRow = isInside;
  Value last = arith::SubIOp::create(b, loc, rowCount, one);
  row = arith::MinUIOp::create(b, loc, row, last);
}

/// Whether `root` is a buffer of which ops of the kernel are the only users.
bool Emitter::isWholeInKernel(Value root) {
  if (!isPrivateBuffer(root))
    return false;
  SmallVector<Operation *> inside;
  for (RowOp &op : kernel.ops) {
    inside.push_back(op.op);
    if (op.kind == RowOp::Kind::Reduction)
      for (OpOperand &init : op.op.getDpsInitsMutable())
        if (linalg::LinalgOp fill = getFill(op.op, init))
          inside.push_back(fill);
  }
  SmallVector<Value> views = {root};
  while (!views.empty())
    for (Operation *user : views.pop_back_val().getUsers()) {
      if (isa<ViewLikeOpInterface>(user))
        views.push_back(user->getResult(0));
      else if (!isa<memref::DeallocOp>(user) &&
               !llvm::is_contained(inside, user))
        return false;
    }
  return true;
}

void Emitter::run() {
  for (RowOp &op : kernel.ops) {
    SmallVector<Range> ranges = op.op.createLoopRanges(b, loc);
    auto select = [&](ArrayRef<unsigned> dims) {
      return llvm::map_to_vector(
          dims, [&](unsigned dim) { return ranges[dim].size; });
    };
    sizes[op.op] = {select(op.rowDims), select(op.columnDims)};
  }
  Operation *reduction = llvm::find_if(kernel.ops, [](const RowOp &op) {
                           return op.kind == RowOp::Kind::Reduction;
                         })->op;
  rows = multiplySizes(b, loc, sizes[reduction].rows);
  columns = multiplySizes(b, loc, sizes[reduction].columns);
  if (!isConstantIntValue(rows, 0)) {
    if (kernel.ops.size() > 1)
      for (RowOp &op : kernel.ops)
        for (OpOperand &init : op.op.getDpsInitsMutable()) {
          Value root = getRootBuffer(init.get());
          if (!llvm::is_contained(own, root) && isWholeInKernel(root))
            own.push_back(root);
        }
    createLaunch();
    for (const RowOp &op : kernel.ops)
      emit(op);
  }
  erase();
}

/// Whether a buffer has views and its end as its only users.
static bool isUnused(Value buffer) {
  return llvm::all_of(buffer.getUsers(), [](Operation *user) {
    return isa<memref::DeallocOp>(user) ||
           (isa<ViewLikeOpInterface>(user) && isUnused(user->getResult(0)));
  });
}

static void eraseWithUsers(Operation *op) {
  for (Operation *user : llvm::make_early_inc_range(op->getUsers()))
    eraseWithUsers(user);
  op->erase();
}

void Emitter::erase() {
  for (RowOp &op : kernel.ops)
    op.op->erase();
  for (linalg::LinalgOp fill : fills)
    fill->erase();
  for (Value root : own)
    if (isUnused(root))
      eraseWithUsers(root.getDefiningOp());
}

namespace {

struct ConvertLinalgReductionsToGPU
    : public bev::impl::ConvertLinalgReductionsToGPUPassBase<
          ConvertLinalgReductionsToGPU> {
  void runOnOperation() override {
    SetVector<Operation *> reductions;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (op.getNumReductionLoops() > 0 && op.hasPureBufferSemantics() &&
          !isInParallelBody(op))
        reductions.insert(op);
    });
    while (!reductions.empty()) {
      Operation *first = reductions.front();
      reductions.remove(first);
      std::optional<RowKernel> kernel =
          findRowKernel(cast<linalg::LinalgOp>(first));
      if (!kernel)
        continue;
      for (RowOp &op : kernel->ops)
        reductions.remove(op.op);
      Emitter(*kernel).run();
    }
  }
};

} // namespace
