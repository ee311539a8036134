// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One GPU thread, or a team of neighbouring threads, per iteration of outermost
// parallel loops.

#include "bev/Conversion/LinalgToSCF/LinalgToSCF.h"
#include "bev/Conversion/Passes.h"
#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "bev/Conversion/SCFToGPU/PrefetchOperands.h"
#include "bev/Dialect/BEV/IR/TeamMemory.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTPARALLELTOGPULAUNCHPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// The largest buffer that a thread may keep to itself, in bytes.
constexpr int64_t maxPrivateBytes = 1024;

/// Blocks that keep a large GPU's processors busy.
constexpr int64_t wantedBlocks = 132;

constexpr int64_t warpSize = 32;

/// Shared memory that a block has on every chip, in bytes.
constexpr int64_t maxSharedBytes = 48 << 10;

/// The common part of scf.parallel and scf.forall.
struct ParallelLoop {
  Operation *op;
  SmallVector<OpFoldResult> lower, upper, step;
  SmallVector<Value> ivs;
  Block *body;
};

std::optional<ParallelLoop> getParallelLoop(Operation *op) {
  ParallelLoop loop{op, {}, {}, {}, {}, nullptr};
  if (auto forall = dyn_cast<scf::ForallOp>(op)) {
    if (forall.getNumResults() != 0)
      return std::nullopt;
    loop.lower = forall.getMixedLowerBound();
    loop.upper = forall.getMixedUpperBound();
    loop.step = forall.getMixedStep();
    llvm::append_range(loop.ivs, forall.getInductionVars());
    loop.body = forall.getBody();
    return loop;
  }
  if (auto parallel = dyn_cast<scf::ParallelOp>(op)) {
    if (parallel.getNumResults() != 0)
      return std::nullopt;
    loop.lower = getAsOpFoldResult(parallel.getLowerBound());
    loop.upper = getAsOpFoldResult(parallel.getUpperBound());
    loop.step = getAsOpFoldResult(parallel.getStep());
    llvm::append_range(loop.ivs, parallel.getInductionVars());
    loop.body = parallel.getBody();
    return loop;
  }
  return std::nullopt;
}

OpFoldResult getTripCount(OpBuilder &b, Location loc, OpFoldResult lower,
                          OpFoldResult upper, OpFoldResult step) {
  AffineExpr l, u, s;
  bindSymbols(b.getContext(), l, u, s);
  std::optional<int64_t> constantStep = getConstantIntValue(step);
  if (constantStep)
    return affine::makeComposedFoldedAffineApply(
        b, loc, (u - l).ceilDiv(*constantStep), {lower, upper});
  Value distance = getValueOrCreateConstantIndexOp(
      b, loc,
      affine::makeComposedFoldedAffineApply(b, loc, u - l, {lower, upper}));
  return arith::CeilDivSIOp::create(
             b, loc, distance, getValueOrCreateConstantIndexOp(b, loc, step))
      .getResult();
}

/// Runs a parallel loop that is inside another one serially.
void serialize(ParallelLoop &loop) {
  OpBuilder b(loop.op);
  Location loc = loop.op->getLoc();
  SmallVector<Value> ivs;
  for (auto [lower, upper, step] :
       llvm::zip_equal(loop.lower, loop.upper, loop.step)) {
    auto serial = scf::ForOp::create(
        b, loc, getValueOrCreateConstantIndexOp(b, loc, lower),
        getValueOrCreateConstantIndexOp(b, loc, upper),
        getValueOrCreateConstantIndexOp(b, loc, step));
    ivs.push_back(serial.getInductionVar());
    b.setInsertionPoint(serial.getBody()->getTerminator());
  }
  loop.body->getTerminator()->erase();
  for (auto [old, iv] : llvm::zip_equal(loop.ivs, ivs))
    old.replaceAllUsesWith(iv);
  Block *target = b.getInsertionBlock();
  target->getOperations().splice(b.getInsertionPoint(),
                                 loop.body->getOperations());
  loop.op->erase();
}

/// Merges `scf.parallel` loops that are directly inside into the outer one.
void mergePerfectNest(scf::ParallelOp outer) {
  while (true) {
    Block *body = outer.getBody();
    auto inner = dyn_cast<scf::ParallelOp>(body->front());
    if (!inner || inner.getNumResults() != 0 ||
        inner->getNextNode() != body->getTerminator())
      return;
    auto invariant = [&](Value value) {
      return value.getParentBlock() != body;
    };
    if (!llvm::all_of(inner.getOperands(), invariant))
      return;
    OpBuilder b(outer);
    SmallVector<Value> lower(outer.getLowerBound()),
        upper(outer.getUpperBound()), step(outer.getStep());
    llvm::append_range(lower, inner.getLowerBound());
    llvm::append_range(upper, inner.getUpperBound());
    llvm::append_range(step, inner.getStep());
    auto merged =
        scf::ParallelOp::create(b, outer.getLoc(), lower, upper, step);
    merged->setDiscardableAttrs(outer->getDiscardableAttrDictionary());
    unsigned split = outer.getNumLoops();
    for (auto [i, iv] : llvm::enumerate(outer.getInductionVars()))
      iv.replaceAllUsesWith(merged.getInductionVars()[i]);
    for (auto [i, iv] : llvm::enumerate(inner.getInductionVars()))
      iv.replaceAllUsesWith(merged.getInductionVars()[split + i]);
    inner.getBody()->getTerminator()->erase();
    merged.getBody()->getOperations().splice(
        merged.getBody()->getTerminator()->getIterator(),
        inner.getBody()->getOperations());
    outer.erase();
    outer = merged;
  }
}

/// Bytes of a buffer, where they are known.
std::optional<int64_t> getBytes(MemRefType type) {
  if (!type.hasStaticShape() || !type.getElementType().isIntOrFloat())
    return std::nullopt;
  int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  for (int64_t size : type.getShape())
    if (llvm::MulOverflow(bytes, size, bytes))
      return std::nullopt;
  return bytes;
}

/// Makes allocations inside `op` of up to `maxBytes` private; others are
/// errors.
LogicalResult privatizeAllocations(Operation *op, int64_t maxBytes) {
  SmallVector<memref::AllocOp> allocations;
  op->walk([&](memref::AllocOp alloc) { allocations.push_back(alloc); });
  for (memref::AllocOp alloc : allocations) {
    MemRefType type = alloc.getType();
    std::optional<int64_t> bytes = getBytes(type);
    if (!bytes || *bytes > maxBytes)
      return alloc.emitError("cannot allocate ")
             << type
             << " inside a GPU kernel: expected a static size of at most "
             << maxBytes << " bytes";
    OpBuilder b(alloc);
    auto scratch = memref::AllocaOp::create(b, alloc.getLoc(), type,
                                            alloc.getAlignmentAttr());
    for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
      if (isa<memref::DeallocOp>(user))
        user->erase();
    alloc.replaceAllUsesWith(scratch.getResult());
    alloc.erase();
  }
  return success();
}

/// The loops inside `op`, whose iterations are those of `team` threads each,
/// that the team runs together.
SmallVector<scf::ForallOp> getTeamLoops(Operation *op, int64_t team) {
  SmallVector<scf::ForallOp> loops;
  op->walk<WalkOrder::PreOrder>([&](Operation *inner) {
    if (inner == op || !isa<scf::ForallOp, scf::ParallelOp>(inner))
      return WalkResult::advance();
    auto loop = dyn_cast<scf::ForallOp>(inner);
    if (loop && loop.getRank() == 1 && loop.getNumResults() == 0 &&
        loop.isNormalized() &&
        isConstantIntValue(loop.getMixedUpperBound()[0], team))
      loops.push_back(loop);
    return WalkResult::skip();
  });
  return loops;
}

/// Buffers of a team's own that are used inside its loops.
SmallVector<memref::AllocaOp> getTeamBuffers(ArrayRef<scf::ForallOp> loops) {
  SetVector<Operation *> buffers;
  for (scf::ForallOp loop : loops)
    loop->walk([&](Operation *op) {
      for (Value operand : op->getOperands())
        if (auto buffer = operand.getDefiningOp<memref::AllocaOp>())
          if (!loop->isAncestor(buffer))
            buffers.insert(buffer);
    });
  return llvm::map_to_vector(buffers.getArrayRef(), [](Operation *op) {
    return cast<memref::AllocaOp>(op);
  });
}

/// Whether `index` is `iv` times `size`.
bool isMultiple(Value index, Value iv, int64_t size) {
  if (size == 1)
    return index == iv;
  auto product = index.getDefiningOp<arith::MulIOp>();
  return product && product.getLhs() == iv &&
         isConstantIntValue(product.getRhs(), size);
}

/// The vector type of a part of `buffer`, where each iteration of
/// the loops has a part of its own: all accesses are of vectors at the
/// iteration times the vector's size.
VectorType getPart(memref::AllocaOp buffer, ArrayRef<scf::ForallOp> loops) {
  VectorType part;
  if (buffer.getType().getRank() != 1)
    return {};
  for (Operation *user : buffer->getUsers()) {
    VectorType type;
    Value index;
    if (auto load = dyn_cast<vector::LoadOp>(user)) {
      type = load.getVectorType();
      index = load.getIndices().front();
    } else if (auto store = dyn_cast<vector::StoreOp>(user)) {
      type = store.getVectorType();
      index = store.getIndices().front();
    } else {
      return {};
    }
    const auto *loop = llvm::find_if(
        loops, [&](scf::ForallOp loop) { return loop->isAncestor(user); });
    if (loop == loops.end() || (part && part != type) || type.getRank() != 1)
      return {};
    scf::ForallOp owner = *loop;
    if (!isMultiple(index, owner.getInductionVar(0), type.getDimSize(0)))
      return {};
    part = type;
  }
  return part;
}

/// Gives each thread its part of `buffer` alone, which then need not be memory.
void privatizePart(memref::AllocaOp buffer, VectorType part,
                   gpu::LaunchOp launch) {
  OpBuilder b = OpBuilder::atBlockBegin(&launch.getBody().front());
  Value own = memref::AllocaOp::create(
      b, buffer.getLoc(),
      MemRefType::get(part.getShape(), part.getElementType()),
      b.getI64IntegerAttr(16));
  Value zero = arith::ConstantIndexOp::create(b, buffer.getLoc(), 0);
  for (Operation *user : llvm::make_early_inc_range(buffer->getUsers())) {
    if (auto load = dyn_cast<vector::LoadOp>(user))
      load.getIndicesMutable().assign(zero);
    else
      cast<vector::StoreOp>(user).getIndicesMutable().assign(zero);
    user->replaceUsesOfWith(buffer, own);
  }
  buffer.erase();
}

/// Makes `buffer` the part of the block's shared `memory` from `offset` on,
/// where each team has its own: one dimension more, before the last if that is
/// accessed as vectors, so that the teams of a warp access neighbouring words.
/// `padding` teams that do not exist make the members of a team, too, access
/// different banks.
LogicalResult shareBuffer(memref::AllocaOp buffer, Value memory, int64_t offset,
                          Value teamNumber, int64_t teams, int64_t padding) {
  MemRefType type = buffer.getType();
  int64_t rank = type.getRank();
  bool hasVectors = false;
  for (Operation *user : buffer->getUsers()) {
    if (!isa<memref::LoadOp, memref::StoreOp, vector::LoadOp, vector::StoreOp>(
            user))
      return user->emitError("cannot use a buffer of several threads of a GPU "
                             "but by loads and stores");
    hasVectors |= isa<vector::LoadOp, vector::StoreOp>(user);
  }
  int64_t at = hasVectors && rank > 0 ? rank - 1 : rank;
  SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin() + at, teams + padding);
  OpBuilder b = OpBuilder::atBlockBegin(memory.getParentBlock());
  Value shared = memref::ViewOp::create(
      b, buffer.getLoc(),
      MemRefType::get(shape, type.getElementType(), MemRefLayoutAttrInterface(),
                      cast<MemRefType>(memory.getType()).getMemorySpace()),
      memory, arith::ConstantIndexOp::create(b, buffer.getLoc(), offset),
      ValueRange());
  for (OpOperand &use : llvm::make_early_inc_range(buffer->getUses())) {
    Operation *user = use.getOwner();
    SmallVector<Value> operands(user->getOperands());
    use.set(shared);
    operands[use.getOperandNumber()] = shared;
    // The indices follow the buffer.
    operands.insert(operands.begin() + use.getOperandNumber() + 1 + at,
                    teamNumber);
    user->setOperands(operands);
  }
  buffer.erase();
  return success();
}

/// Gives each team its part of the block's shared memory for each of `buffers`,
/// and each thread for itself what only it uses. All parts are of one memory:
/// a register has the address of all.
LogicalResult shareBuffers(ArrayRef<memref::AllocaOp> buffers,
                           ArrayRef<scf::ForallOp> loops, gpu::LaunchOp launch,
                           Value teamNumber, int64_t team, int64_t threads) {
  constexpr int64_t kAlignment = 16;
  int64_t bytes = 0;
  SmallVector<std::pair<memref::AllocaOp, int64_t>> shared;
  for (memref::AllocaOp buffer : buffers) {
    if (VectorType part = getPart(buffer, loops)) {
      privatizePart(buffer, part, launch);
      continue;
    }
    MemRefType type = buffer.getType();
    std::optional<int64_t> own = getBytes(type);
    if (!own || *own > maxSharedBytes || !type.getLayout().isIdentity())
      return buffer.emitError("cannot share ")
             << type
             << " among the threads of a GPU: expected a static shape of "
                "integers or floats of at most "
             << maxSharedBytes << " bytes";
    const int64_t width = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    shared.push_back({buffer, bytes});
    bytes += llvm::alignTo(getTeamBytes(type.getShape(), width, team, threads),
                           kAlignment);
    if (bytes > maxSharedBytes)
      return buffer.emitError("cannot allocate more than ")
             << maxSharedBytes << " bytes for a block of " << threads
             << " threads on a GPU: choose a schedule with fewer 'threads' or "
                "without 'share'";
  }
  if (shared.empty())
    return success();
  MLIRContext *context = launch.getContext();
  auto space =
      gpu::AddressSpaceAttr::get(context, gpu::AddressSpace::Workgroup);
  Value memory = launch.addWorkgroupAttribution(
      MemRefType::get(bytes, IntegerType::get(context, 8),
                      MemRefLayoutAttrInterface(), space),
      launch.getLoc());
  for (auto [buffer, offset] : shared) {
    MemRefType type = buffer.getType();
    const int64_t width = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    if (failed(shareBuffer(buffer, memory, offset, teamNumber, threads / team,
                           getTeamPadding(type.getShape(), width, team))))
      return failure();
  }
  return success();
}

/// Runs the loops of a team together: `member` is the number of the thread in
/// it, `thread` that in the block.
LogicalResult runAsTeam(ArrayRef<scf::ForallOp> loops, gpu::LaunchOp launch,
                        int64_t team, Value member, Value thread) {
  Location loc = launch.getLoc();
  int64_t threads = *getConstantIntValue(launch.getBlockSizeX());
  OpBuilder b = OpBuilder::atBlockBegin(&launch.getBody().front());
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  Value number = arith::DivUIOp::create(b, loc, thread, constant(team));
  if (failed(shareBuffers(getTeamBuffers(loops), loops, launch, number, team,
                          threads)))
    return failure();

  // The threads of a team are neighbours of one warp. Where its teams may go
  // different ways, each waits for its own threads only; else for all, which
  // tells the compiler of the device code that they go the same way.
  auto members = [&](uint32_t bits) -> Value {
    return arith::ConstantOp::create(
        b, loc, b.getI32IntegerAttr(static_cast<int32_t>(bits)));
  };
  Value all = members(~uint32_t(0)), own = all;
  if (team < warpSize) {
    Value first = arith::MulIOp::create(
        b, loc,
        arith::DivUIOp::create(
            b, loc, arith::RemUIOp::create(b, loc, thread, constant(warpSize)),
            constant(team)),
        constant(team));
    own = arith::ShLIOp::create(
        b, loc, members((uint32_t(1) << team) - 1),
        arith::IndexCastOp::create(b, loc, b.getI32Type(), first));
  }
  for (scf::ForallOp loop : loops) {
    loop.getInductionVar(0).replaceAllUsesWith(member);
    loop.getBody()->getTerminator()->erase();
    Block *target = loop->getBlock();
    target->getOperations().splice(loop->getIterator(),
                                   loop.getBody()->getOperations());
    b.setInsertionPoint(loop);
    // What one loop writes the next reads, and the other way round.
    bool isNested = loop->getBlock() != member.getParentBlock();
    if (loop != loops.back() || isNested)
      NVVM::SyncWarpOp::create(b, loc, isNested ? own : all);
    loop.erase();
  }
  return success();
}

LogicalResult launch(ParallelLoop loop, bool bulkPrefetch) {
  OpBuilder b(loop.op);
  Location loc = loop.op->getLoc();
  int64_t team = 1;
  SmallVector<scf::ForallOp> teamLoops;
  if (auto attr = loop.op->getAttrOfType<IntegerAttr>("bev.team")) {
    team = attr.getInt();
    if (!llvm::isPowerOf2_64(team) || team > warpSize)
      return loop.op->emitError("expected 'bev.team' to be a power of two up "
                                "to ")
             << warpSize << ", but got " << team;
    teamLoops = getTeamLoops(loop.op, team);
    if (teamLoops.empty())
      team = 1;
  }
  if (failed(privatizeAllocations(loop.op,
                                  team > 1 ? maxSharedBytes : maxPrivateBytes)))
    return failure();

  SmallVector<OpFoldResult> sizes;
  for (auto [lower, upper, step] :
       llvm::zip_equal(loop.lower, loop.upper, loop.step))
    sizes.push_back(getTripCount(b, loc, lower, upper, step));
  if (team > 1)
    sizes.push_back(b.getIndexAttr(team));
  OpFoldResult total = multiplySizes(b, loc, sizes);
  std::optional<int64_t> constantTotal = getConstantIntValue(total);
  if (constantTotal && *constantTotal <= 0) {
    loop.op->erase();
    return success();
  }

  int64_t threads = 256;
  if (auto attr = loop.op->getAttrOfType<IntegerAttr>("bev.threads")) {
    threads = attr.getInt();
    if (threads < 1 || threads > 1024)
      return loop.op->emitError(
                 "expected 'bev.threads' between 1 and 1024, but got ")
             << threads;
    if (threads % team != 0)
      return loop.op->emitError("expected 'bev.threads' to be a multiple of "
                                "'bev.team' (")
             << team << "), but got " << threads;
  }
  if (constantTotal)
    while (threads > 64 && threads / 2 % team == 0 &&
           llvm::divideCeil(*constantTotal, threads) < wantedBlocks)
      threads /= 2;

  bool narrow = fitsIn31Bits(sizes);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value blockSize = arith::ConstantIndexOp::create(b, loc, threads);
  Value totalValue = getValueOrCreateConstantIndexOp(b, loc, total);
  Value grid;
  if (constantTotal) {
    grid = arith::ConstantIndexOp::create(
        b, loc, llvm::divideCeil(*constantTotal, threads));
  } else {
    // A launch of zero blocks is an error of the driver.
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value any = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt,
                                      totalValue, zero);
    auto guard = scf::IfOp::create(b, loc, any, /*withElseRegion=*/false);
    b.setInsertionPointToStart(guard.thenBlock());
    grid = arith::CeilDivSIOp::create(b, loc, totalValue, blockSize);
  }

  auto launchOp =
      gpu::LaunchOp::create(b, loc, grid, one, one, blockSize, one, one);
  if (Attribute blocks = loop.op->getAttr("bev.blocks"))
    launchOp->setAttr("bev.blocks", blocks);
  b.setInsertionPointToStart(&launchOp.getBody().front());
  Value block = launchOp.getBlockIds().x, thread = launchOp.getThreadIds().x;
  Type type = narrow ? b.getI32Type() : Type(b.getIndexType());
  auto toNumber = [&](Value value) -> Value {
    return narrow ? arith::IndexCastOp::create(b, loc, type, value).getResult()
                  : value;
  };
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
  };
  Value number = arith::AddIOp::create(
      b, loc, arith::MulIOp::create(b, loc, toNumber(block), constant(threads)),
      toNumber(thread));
  bool tail = !constantTotal || *constantTotal % threads != 0;
  if (tail) {
    Value limit = constantTotal ? constant(*constantTotal) : totalValue;
    Value inside =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, number, limit);
    auto ifOp = scf::IfOp::create(b, loc, inside, /*withElseRegion=*/false);
    b.setInsertionPointAfter(ifOp);
    gpu::TerminatorOp::create(b, loc);
    b.setInsertionPoint(ifOp.thenBlock()->getTerminator());
  } else {
    auto terminator = gpu::TerminatorOp::create(b, loc);
    b.setInsertionPoint(terminator);
  }

  SmallVector<Value> indices = delinearize(b, loc, number, sizes);
  Value member;
  if (team > 1)
    member = indices.pop_back_val();
  for (auto [iv, index, lower, step] :
       llvm::zip_equal(loop.ivs, indices, loop.lower, loop.step)) {
    Value value = index;
    if (!isConstantIntValue(step, 1))
      value = arith::MulIOp::create(
          b, loc, value, getValueOrCreateConstantIndexOp(b, loc, step));
    if (!isConstantIntValue(lower, 0))
      value = arith::AddIOp::create(
          b, loc, value, getValueOrCreateConstantIndexOp(b, loc, lower));
    iv.replaceAllUsesWith(value);
  }
  loop.body->getTerminator()->erase();
  b.getInsertionBlock()->getOperations().splice(b.getInsertionPoint(),
                                                loop.body->getOperations());
  auto prefetched = loop.op->getAttrOfType<StringAttr>("bev.prefetch");
  loop.op->erase();
  if (prefetched && bulkPrefetch)
    prefetchOperands(launchOp, /*streamed=*/prefetched == "all");
  if (team > 1 && failed(runAsTeam(teamLoops, launchOp, team, member, thread)))
    return failure();

  SmallVector<Operation *> nested;
  launchOp.walk([&](Operation *op) {
    if (isa<scf::ParallelOp, scf::ForallOp>(op))
      nested.push_back(op);
  });
  for (Operation *op : nested) {
    std::optional<ParallelLoop> inner = getParallelLoop(op);
    if (!inner)
      return op->emitError(
          "cannot run a parallel loop with results inside a GPU kernel");
    serialize(*inner);
  }
  return success();
}

struct ConvertParallelToGPULaunch
    : public bev::impl::ConvertParallelToGPULaunchPassBase<
          ConvertParallelToGPULaunch> {
  using ConvertParallelToGPULaunchPassBase::ConvertParallelToGPULaunchPassBase;

  void runOnOperation() override {
    SmallVector<scf::ParallelOp> nests;
    getOperation()->walk<WalkOrder::PreOrder>([&](scf::ParallelOp op) {
      if (!isInParallelBody(op))
        nests.push_back(op);
      return WalkResult::skip();
    });
    for (scf::ParallelOp op : nests)
      mergePerfectNest(op);

    SmallVector<Operation *> loops;
    getOperation()->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<gpu::LaunchOp, gpu::GPUModuleOp>(op))
        return WalkResult::skip();
      if (!isa<scf::ParallelOp, scf::ForallOp>(op))
        return WalkResult::advance();
      if (op->getNumResults() == 0)
        loops.push_back(op);
      return WalkResult::skip();
    });
    for (Operation *op : loops)
      if (failed(launch(*getParallelLoop(op), bulkPrefetch)))
        return signalPassFailure();
  }
};

} // namespace
