// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A warp or a block of threads per output of a long reduction.

#include "bev/Conversion/LinalgToSCF/LinalgToSCF.h"
#include "bev/Conversion/Passes.h"
#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTLINALGREDUCTIONSTOGPUPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

constexpr int64_t warpSize = 32;
constexpr int64_t warpsPerBlock = 8;
constexpr int64_t blockSize = warpSize * warpsPerBlock;

/// Outputs below which a whole block works on each.
constexpr int64_t fewOutputs = 512;
/// Reduction length from which that pays.
constexpr int64_t longReduction = 2048;

/// One accumulator of the reduction.
struct Combiner {
  Operation *op;
  arith::AtomicRMWKind kind;
};

std::optional<arith::AtomicRMWKind> getKind(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<arith::AtomicRMWKind>>(op)
      .Case([](arith::AddFOp) { return arith::AtomicRMWKind::addf; })
      .Case([](arith::MulFOp) { return arith::AtomicRMWKind::mulf; })
      .Case([](arith::AddIOp) { return arith::AtomicRMWKind::addi; })
      .Case([](arith::MulIOp) { return arith::AtomicRMWKind::muli; })
      .Case([](arith::MaximumFOp) { return arith::AtomicRMWKind::maximumf; })
      .Case([](arith::MinimumFOp) { return arith::AtomicRMWKind::minimumf; })
      .Case([](arith::MaxNumFOp) { return arith::AtomicRMWKind::maxnumf; })
      .Case([](arith::MinNumFOp) { return arith::AtomicRMWKind::minnumf; })
      .Case([](arith::MaxSIOp) { return arith::AtomicRMWKind::maxs; })
      .Case([](arith::MinSIOp) { return arith::AtomicRMWKind::mins; })
      .Case([](arith::MaxUIOp) { return arith::AtomicRMWKind::maxu; })
      .Case([](arith::MinUIOp) { return arith::AtomicRMWKind::minu; })
      .Case([](arith::OrIOp) { return arith::AtomicRMWKind::ori; })
      .Case([](arith::AndIOp) { return arith::AtomicRMWKind::andi; })
      .Default([](Operation *) { return std::nullopt; });
}

/// The combiners of `op`, or nothing where they are not simple ones.
std::optional<SmallVector<Combiner>> getCombiners(linalg::LinalgOp op) {
  SmallVector<Combiner> combiners;
  for (unsigned i = 0, e = op.getNumDpsInits(); i != e; ++i) {
    SmallVector<Operation *> ops;
    if (!matchReduction(op.getRegionOutputArgs(), i, ops) || ops.size() != 1 ||
        ops.front()->getNumOperands() != 2 ||
        !op.getRegionOutputArgs()[i].hasOneUse())
      return std::nullopt;
    std::optional<arith::AtomicRMWKind> kind = getKind(ops.front());
    Type type = ops.front()->getResult(0).getType();
    if (!kind || !type.isIntOrFloat() || type.isInteger(1))
      return std::nullopt;
    combiners.push_back({ops.front(), *kind});
  }
  return combiners;
}

/// The number of threads per output, or 0 where one thread does it best.
int64_t chooseGroup(linalg::LinalgOp op) {
  SmallVector<unsigned> parallel, reduction;
  op.getParallelDims(parallel);
  op.getReductionDims(reduction);
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  auto multiply = [&](ArrayRef<unsigned> dims) -> std::optional<int64_t> {
    int64_t product = 1;
    for (unsigned dim : dims) {
      if (ShapedType::isDynamic(ranges[dim]))
        return std::nullopt;
      product *= ranges[dim];
    }
    return product;
  };
  std::optional<int64_t> outputs = multiply(parallel),
                         length = multiply(reduction);
  if (length && *length < warpSize)
    return 0;
  bool few = outputs && *outputs <= fewOutputs &&
             (!length || *length >= longReduction);
  if (few)
    return blockSize;

  // Neighbouring steps of the reduction must read neighbouring elements in
  // every input that depends on them; otherwise neighbouring outputs do.
  bool any = false;
  AffineExpr innermost = getAffineDimExpr(reduction.back(), op.getContext());
  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    bool depends = llvm::any_of(
        reduction, [&](unsigned dim) { return map.isFunctionOfDim(dim); });
    if (!depends)
      continue;
    if (map.getResults().back() != innermost)
      return outputs && *outputs * warpSize < (int64_t(1) << 16) && length &&
                     *length >= 256
                 ? warpSize
                 : 0;
    any = true;
  }
  return any ? warpSize : 0;
}

/// `lhs` combined with `rhs`, in their own type.
Value combine(OpBuilder &b, Location loc, const Combiner &combiner, Value lhs,
              Value rhs) {
  OperationState state(loc, combiner.op->getName());
  state.addOperands({lhs, rhs});
  state.addTypes(lhs.getType());
  return b.create(state)->getResult(0);
}

Value createIndex(OpBuilder &b, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(b, loc, value);
}

/// Combines the values of the 32 threads of a warp: every thread gets the
/// result, in the same order of operations.
Value reduceWarp(OpBuilder &b, Location loc, const Combiner &combiner,
                 Value value, int64_t lanes = warpSize) {
  for (int64_t offset = lanes / 2; offset > 0; offset /= 2) {
    auto shuffle = gpu::ShuffleOp::create(
        b, loc, value, static_cast<int32_t>(offset),
        static_cast<int32_t>(warpSize), gpu::ShuffleMode::XOR);
    value = combine(b, loc, combiner, value, shuffle.getShuffleResult());
  }
  return value;
}

/// What fills all of `init` with one value just before `op`, and nothing else
/// reads or writes in between: then `op` needs only the value.
linalg::LinalgOp getFill(linalg::LinalgOp op, OpOperand &init) {
  Value buffer = init.get();
  if (!buffer.getDefiningOp<memref::AllocOp>())
    return {};
  linalg::LinalgOp fill;
  for (Operation *user : buffer.getUsers()) {
    // What is not of this block may come at any time, and so may views.
    if (isa<ViewLikeOpInterface>(user) || user->getBlock() != op->getBlock())
      return {};
    if (user == op || !user->isBeforeInBlock(op))
      continue;
    if (!fill || fill->isBeforeInBlock(user))
      fill = dyn_cast<linalg::LinalgOp>(user);
    if (!fill)
      return {};
  }
  if (!fill || llvm::count(op->getOperands(), buffer) != 1 ||
      fill->getNumOperands() != fill.getNumDpsInputs() + 1 ||
      fill.getDpsInits()[0] != buffer ||
      !fill.getIndexingMapsArray().back().isPermutation() ||
      !fill.getBlock()->without_terminator().empty())
    return {};
  Value filled = fill.getBlock()->getTerminator()->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(filled);
  if (!argument || argument.getOwner() != fill.getBlock())
    return fill;
  OpOperand *operand = fill.getMatchingOpOperand(argument);
  return isa<ShapedType>(operand->get().getType()) ? linalg::LinalgOp() : fill;
}

/// The value that `fill` writes.
Value getFilledValue(linalg::LinalgOp fill) {
  Value filled = fill.getBlock()->getTerminator()->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(filled);
  return argument && argument.getOwner() == fill.getBlock()
             ? fill.getMatchingOpOperand(argument)->get()
             : filled;
}

void lower(linalg::LinalgOp op, ArrayRef<Combiner> combiners, int64_t group) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  SmallVector<unsigned> parallel, reduction;
  op.getParallelDims(parallel);
  op.getReductionDims(reduction);
  SmallVector<Range> ranges = op.createLoopRanges(b, loc);
  auto select = [&](ArrayRef<unsigned> dims) {
    SmallVector<OpFoldResult> sizes;
    for (unsigned dim : dims)
      sizes.push_back(ranges[dim].size);
    return sizes;
  };
  SmallVector<OpFoldResult> outputSizes = select(parallel),
                            reductionSizes = select(reduction);
  OpFoldResult outputs = multiplySizes(b, loc, outputSizes);
  OpFoldResult length = multiplySizes(b, loc, reductionSizes);
  std::optional<int64_t> constantOutputs = getConstantIntValue(outputs);
  if (constantOutputs && *constantOutputs == 0) {
    op->erase();
    return;
  }
  Value outputsValue = getValueOrCreateConstantIndexOp(b, loc, outputs);
  Value lengthValue = getValueOrCreateConstantIndexOp(b, loc, length);
  int64_t perBlock = blockSize / group;

  if (!constantOutputs) {
    Value any = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt,
                                      outputsValue, createIndex(b, loc, 0));
    auto guard = scf::IfOp::create(b, loc, any, /*withElseRegion=*/false);
    b.setInsertionPointToStart(guard.thenBlock());
  }
  Value one = createIndex(b, loc, 1), threads = createIndex(b, loc, blockSize);
  Value grid = outputsValue;
  if (constantOutputs)
    grid = createIndex(b, loc, llvm::divideCeil(*constantOutputs, perBlock));
  else if (perBlock != 1)
    grid = arith::CeilDivSIOp::create(b, loc, outputsValue,
                                      createIndex(b, loc, perBlock));
  auto launch =
      gpu::LaunchOp::create(b, loc, grid, one, one, threads, one, one);
  SmallVector<Value> shared;
  if (group == blockSize) {
    auto space = gpu::AddressSpaceAttr::get(b.getContext(),
                                            gpu::AddressSpace::Workgroup);
    for (const Combiner &combiner : combiners) {
      Type type = getAccumulatorType(combiner.op->getResult(0).getType());
      shared.push_back(launch.addWorkgroupAttribution(
          MemRefType::get({warpsPerBlock}, type, MemRefLayoutAttrInterface(),
                          space),
          loc));
    }
  }

  b.setInsertionPointToStart(&launch.getBody().front());
  auto terminator = gpu::TerminatorOp::create(b, loc);
  b.setInsertionPoint(terminator);
  Value thread = launch.getThreadIds().x, output = launch.getBlockIds().x;
  Value warp =
      arith::DivUIOp::create(b, loc, thread, createIndex(b, loc, warpSize));
  Value lane =
      arith::RemUIOp::create(b, loc, thread, createIndex(b, loc, warpSize));
  if (group == warpSize) {
    output = arith::AddIOp::create(
        b, loc,
        arith::MulIOp::create(b, loc, output, createIndex(b, loc, perBlock)),
        warp);
    Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                         output, outputsValue);
    auto guard = scf::IfOp::create(b, loc, inside, /*withElseRegion=*/false);
    b.setInsertionPoint(guard.thenBlock()->getTerminator());
  }

  auto takeApart = [&](OpBuilder &b, Value number,
                       ArrayRef<OpFoldResult> sizes) {
    if (fitsIn31Bits(sizes) && sizes.size() > 1)
      number = arith::IndexCastOp::create(b, loc, b.getI32Type(), number);
    return delinearize(b, loc, number, sizes);
  };
  SmallVector<Value> ivs(ranges.size());
  for (auto [dim, iv] :
       llvm::zip_equal(parallel, takeApart(b, output, outputSizes)))
    ivs[dim] = iv;

  SmallVector<Value> neutral;
  for (const Combiner &combiner : combiners) {
    Type type = getAccumulatorType(combiner.op->getResult(0).getType());
    neutral.push_back(arith::getIdentityValue(combiner.kind, type, b, loc));
  }
  auto loop = scf::ForOp::create(
      b, loc, group == warpSize ? lane : thread, lengthValue,
      createIndex(b, loc, group), neutral,
      [&](OpBuilder &b, Location, Value number, ValueRange carried) {
        for (auto [dim, iv] :
             llvm::zip_equal(reduction, takeApart(b, number, reductionSizes)))
          ivs[dim] = iv;
        scf::YieldOp::create(b, loc, emitPayload(b, loc, op, ivs, carried));
      });

  SmallVector<Value> results;
  for (auto [i, partial] : llvm::enumerate(loop.getResults())) {
    Value result = reduceWarp(b, loc, combiners[i], partial);
    if (group == blockSize) {
      Value isFirst = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                            lane, createIndex(b, loc, 0));
      auto store = scf::IfOp::create(b, loc, isFirst, /*withElseRegion=*/false);
      OpBuilder inner(store.thenBlock()->getTerminator());
      memref::StoreOp::create(inner, loc, result, shared[i], warp);
    }
    results.push_back(result);
  }
  if (group == blockSize) {
    gpu::BarrierOp::create(b, loc);
    Value slot = arith::RemUIOp::create(b, loc, lane,
                                        createIndex(b, loc, warpsPerBlock));
    for (auto [i, result] : llvm::enumerate(results))
      result = reduceWarp(b, loc, combiners[i],
                          memref::LoadOp::create(b, loc, shared[i], slot),
                          warpsPerBlock);
  }
  Value writer = group == warpSize ? lane : thread;
  Value writes = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, writer,
                                       createIndex(b, loc, 0));
  auto write = scf::IfOp::create(b, loc, writes, /*withElseRegion=*/false);
  b.setInsertionPoint(write.thenBlock()->getTerminator());
  SmallVector<linalg::LinalgOp> fills;
  for (auto [i, init] : llvm::enumerate(op.getDpsInitsMutable())) {
    linalg::LinalgOp fill = getFill(op, init);
    Value before =
        fill ? getFilledValue(fill) : loadOperand(b, loc, op, init, ivs);
    before = convertFloat(b, loc, before, results[i].getType());
    storeInit(b, loc, op, init, ivs,
              combine(b, loc, combiners[i], before, results[i]));
    if (fill)
      fills.push_back(fill);
  }
  op->erase();
  for (linalg::LinalgOp fill : fills)
    fill->erase();
}

struct ConvertLinalgReductionsToGPU
    : public bev::impl::ConvertLinalgReductionsToGPUPassBase<
          ConvertLinalgReductionsToGPU> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (op.getNumReductionLoops() > 0 && op.hasPureBufferSemantics() &&
          !isInParallelBody(op))
        ops.push_back(op);
    });
    for (linalg::LinalgOp op : ops) {
      int64_t group = chooseGroup(op);
      if (group == 0)
        continue;
      SmallVector<unsigned> reduction;
      op.getReductionDims(reduction);
      bool reduced =
          llvm::any_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
            return llvm::any_of(reduction, [&](unsigned dim) {
              return op.getMatchingIndexingMap(&init).isFunctionOfDim(dim);
            });
          });
      if (reduced)
        continue;
      if (std::optional<SmallVector<Combiner>> combiners = getCombiners(op))
        lower(op, *combiners, group);
    }
  }
};

} // namespace
