// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buffers of known size share one allocation.

#include "ArenaLayout.h"
#include "bev/Pipelines/ArenaUse.h"
#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// As large as a cache line, and as vectors.
constexpr int64_t arenaAlignment = 64;

/// An allocation of known size that its own block frees.
struct Planned {
  memref::AllocOp alloc;
  memref::DeallocOp dealloc;
};

/// The bytes of a buffer; none where they are not known or it is not plain.
std::optional<int64_t> getBytes(MemRefType type) {
  Type element = type.getElementType();
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      type.getMemorySpace() || !(element.isIntOrFloat() || element.isIndex()))
    return std::nullopt;
  int64_t bytes = element.isIndex()
                      ? 8
                      : int64_t(llvm::PowerOf2Ceil(llvm::divideCeil(
                            element.getIntOrFloatBitWidth(), 8)));
  for (int64_t size : type.getShape())
    if (llvm::MulOverflow(bytes, size, bytes))
      return std::nullopt;
  constexpr int64_t largest = int64_t(1) << 46;
  if (bytes == 0 || bytes > largest)
    return std::nullopt;
  return bytes;
}

class BlockPlanner {
public:
  BlockPlanner(Block &block, const BufferViewFlowAnalysis &aliases)
      : block(block), aliases(aliases) {
    for (auto [number, op] : llvm::enumerate(block))
      numbers[&op] = number;
  }

  /// Finds the allocations and their lifetimes.
  void collect();
  /// Replaces them; returns the arena's size.
  int64_t rewrite();

  SmallVector<LiveBuffer> buffers;

private:
  std::optional<LiveBuffer> getLifetime(memref::AllocOp alloc,
                                        memref::DeallocOp &dealloc);

  Block &block;
  const BufferViewFlowAnalysis &aliases;
  DenseMap<Operation *, int64_t> numbers;
  SmallVector<Planned> planned;
};

} // namespace

std::optional<LiveBuffer>
BlockPlanner::getLifetime(memref::AllocOp alloc, memref::DeallocOp &dealloc) {
  std::optional<int64_t> bytes = getBytes(alloc.getType());
  if (!bytes || alloc.getAlignment().value_or(1) > uint64_t(arenaAlignment))
    return std::nullopt;
  LiveBuffer buffer{*bytes, INT64_MAX, -1};
  BufferViewFlowAnalysis::ValueSetT all = aliases.resolve(alloc.getResult());
  for (Value alias : all) {
    for (Operation *user : alias.getUsers()) {
      if (auto free = dyn_cast<memref::DeallocOp>(user)) {
        // Freed once, by name, at the end of its life.
        if (dealloc || alias != alloc.getResult() || user->getBlock() != &block)
          return std::nullopt;
        dealloc = free;
        continue;
      }
      Operation *ancestor = block.findAncestorOpInBlock(*user);
      // It leaves the block.
      if (!ancestor || ancestor->hasTrait<OpTrait::IsTerminator>())
        return std::nullopt;
      // Nothing is known of where a pointer goes, or a result that the analysis
      // does not follow.
      if (isa<memref::ExtractAlignedPointerAsIndexOp>(user) ||
          llvm::any_of(user->getResults(), [&](Value result) {
            return isa<BaseMemRefType>(result.getType()) && !all.count(result);
          }))
        return std::nullopt;
      int64_t number = numbers.lookup(ancestor);
      buffer.begin = std::min(buffer.begin, number);
      buffer.end = std::max(buffer.end, number);
    }
  }
  if (!dealloc || buffer.end < 0)
    return std::nullopt;
  return buffer;
}

void BlockPlanner::collect() {
  for (auto alloc : block.getOps<memref::AllocOp>()) {
    memref::DeallocOp dealloc;
    std::optional<LiveBuffer> buffer = getLifetime(alloc, dealloc);
    if (!buffer)
      continue;
    planned.push_back({alloc, dealloc});
    buffers.push_back(*buffer);
  }
}

int64_t BlockPlanner::rewrite() {
  int64_t size = layOutArena(buffers, arenaAlignment);
  OpBuilder b(planned.front().alloc);
  Location loc = planned.front().alloc.getLoc();
  auto type = MemRefType::get({size}, b.getI8Type());
  Value arena = memref::AllocOp::create(b, loc, type,
                                        b.getI64IntegerAttr(arenaAlignment));
  for (auto [plan, buffer] : llvm::zip_equal(planned, buffers)) {
    b.setInsertionPoint(plan.alloc);
    Value offset =
        arith::ConstantIndexOp::create(b, plan.alloc.getLoc(), buffer.offset);
    Value view =
        memref::ViewOp::create(b, plan.alloc.getLoc(), plan.alloc.getType(),
                               arena, offset, ValueRange{});
    plan.dealloc.erase();
    plan.alloc.replaceAllUsesWith(view);
    plan.alloc.erase();
  }
  b.setInsertionPoint(block.getTerminator());
  memref::DeallocOp::create(b, loc, arena);
  return size;
}

ArenaUse mlir::bev::takeArenaUse(ModuleOp module) {
  ArenaUse sum;
  for (Operation &op : *module.getBody()) {
    auto attribute = dyn_cast_or_null<DenseI64ArrayAttr>(
        op.removeDiscardableAttr(kArenaAttrName));
    // A wrapper for C has the attributes of what it calls.
    if (!attribute || attribute.size() != 3 ||
        SymbolTable::getSymbolName(&op).strref().starts_with("_mlir_ciface_"))
      continue;
    sum.numBuffers += attribute[0];
    sum.bytes += attribute[1];
    sum.lowerBoundBytes += attribute[2];
  }
  return sum;
}

namespace {
struct PlanMemory : public bev::impl::PlanMemoryPassBase<PlanMemory> {
  using PlanMemoryPassBase::PlanMemoryPassBase;
  void runOnOperation() override {
    // Bodies of loops and branches plan for themselves; those of parallel loops
    // have been dealt with.
    SmallVector<Block *> blocks;
    getOperation()->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<scf::ParallelOp, scf::ForallOp>(op))
        return WalkResult::skip();
      if (op == getOperation() ||
          isa<scf::ForOp, scf::IfOp, scf::WhileOp, scf::IndexSwitchOp>(op))
        for (Region &region : op->getRegions())
          if (region.hasOneBlock())
            blocks.push_back(&region.front());
      return WalkResult::advance();
    });
    ArenaUse use;
    for (Block *block : blocks) {
      BufferViewFlowAnalysis aliases(getOperation());
      BlockPlanner planner(*block, aliases);
      planner.collect();
      if (planner.buffers.size() < 2)
        continue;
      int64_t bound = getArenaLowerBound(planner.buffers, arenaAlignment);
      int64_t sum = 0;
      for (const LiveBuffer &buffer : planner.buffers)
        sum += buffer.bytes;
      size_t count = planner.buffers.size();
      int64_t size = planner.rewrite();
      use.numBuffers += count;
      use.bytes += size;
      use.lowerBoundBytes += bound;
      if (report)
        mlir::emitRemark(getOperation()->getLoc())
            << "an arena of " << size << " bytes for " << count
            << " buffers of " << sum << " bytes, of which at least " << bound
            << " bytes are in use at one time";
    }
    if (use.numBuffers == 0)
      return;
    numBuffers += use.numBuffers;
    arenaBytes += use.bytes;
    lowerBoundBytes += use.lowerBoundBytes;
    getOperation()->setDiscardableAttr(
        kArenaAttrName,
        DenseI64ArrayAttr::get(
            &getContext(), {use.numBuffers, use.bytes, use.lowerBoundBytes}));
  }
};
} // namespace
