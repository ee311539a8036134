// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One GPU thread per iteration of outermost parallel loops.

#include "bev/Conversion/LinalgToSCF/LinalgToSCF.h"
#include "bev/Conversion/Passes.h"
#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
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

/// Makes small allocations inside `op` private; others are errors.
LogicalResult privatizeAllocations(Operation *op) {
  SmallVector<memref::AllocOp> allocations;
  op->walk([&](memref::AllocOp alloc) { allocations.push_back(alloc); });
  for (memref::AllocOp alloc : allocations) {
    MemRefType type = alloc.getType();
    int64_t bytes = -1;
    if (type.hasStaticShape() && type.getElementType().isIntOrFloat())
      bytes = type.getNumElements() *
              llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    if (bytes < 0 || bytes > maxPrivateBytes)
      return alloc.emitError("cannot allocate ")
             << type
             << " inside a GPU kernel: expected a static size of at most "
             << maxPrivateBytes << " bytes";
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

LogicalResult launch(ParallelLoop loop) {
  OpBuilder b(loop.op);
  Location loc = loop.op->getLoc();
  if (failed(privatizeAllocations(loop.op)))
    return failure();

  SmallVector<OpFoldResult> sizes;
  for (auto [lower, upper, step] :
       llvm::zip_equal(loop.lower, loop.upper, loop.step))
    sizes.push_back(getTripCount(b, loc, lower, upper, step));
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
  }
  if (constantTotal)
    while (threads > 64 &&
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
  loop.op->erase();

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
      if (failed(launch(*getParallelLoop(op))))
        return signalPassFailure();
  }
};

} // namespace
