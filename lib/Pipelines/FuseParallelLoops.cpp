// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parallel loops over the same iterations become one, so that what one writes
// the next has in registers.

#include "bev/Conversion/LinalgToSCF/BufferAccesses.h"
#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::bev {
#define GEN_PASS_DEF_FUSEPARALLELLOOPSPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

namespace {

/// An index of an access: variable number `variable` of the loop (or none, -1)
/// plus `offset`. Absent where it is anything else.
struct Position {
  int64_t variable, offset;
  bool operator==(const Position &other) const {
    return variable == other.variable && offset == other.offset;
  }
};

struct Access {
  /// The buffer that is read or written, behind all views.
  Value root;
  bool isWrite;
  /// One for each dimension of the root; empty where they are not known.
  SmallVector<std::optional<Position>> positions;
};

/// What an op reads and writes.
struct Accesses {
  SmallVector<Access> all;
  /// Whether there may be others.
  bool isOpaque = false;
};

} // namespace

static std::optional<Position> getPosition(Value index, ValueRange variables) {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return Position{-1, *constant};
  auto variable = llvm::find(variables, index);
  if (variable != variables.end())
    return Position{std::distance(variables.begin(), variable), 0};
  auto apply = index.getDefiningOp<affine::AffineApplyOp>();
  if (!apply || apply.getMapOperands().size() != 1)
    return std::nullopt;
  auto sum = dyn_cast<AffineBinaryOpExpr>(apply.getAffineMap().getResult(0));
  if (!sum || sum.getKind() != AffineExprKind::Add ||
      !isa<AffineDimExpr, AffineSymbolExpr>(sum.getLHS()))
    return std::nullopt;
  auto offset = dyn_cast<AffineConstantExpr>(sum.getRHS());
  std::optional<Position> base =
      getPosition(apply.getMapOperands().front(), variables);
  if (!offset || !base)
    return std::nullopt;
  return Position{base->variable, base->offset + offset.getValue()};
}

/// What `op` and all ops in it access; positions are those of `variables`.
static Accesses getAccesses(Operation *op, ValueRange variables) {
  BufferAccesses found = getBufferAccesses(op);
  Accesses accesses;
  accesses.isOpaque = found.isOpaque;
  for (const BufferAccess &each : found.all) {
    Access access{each.root, each.isWrite, {}};
    if (each.root == each.buffer && each.indices)
      for (Value index : *each.indices)
        access.positions.push_back(getPosition(index, variables));
    accesses.all.push_back(access);
  }
  return accesses;
}

//===----------------------------------------------------------------------===//
// Fusion
//===----------------------------------------------------------------------===//

namespace {

class Fusion {
public:
  Fusion(scf::ParallelOp first, scf::ParallelOp second)
      : first(first), second(second) {}

  /// Whether both can be one loop where the second stands, and are worth it.
  bool isPossible();
  /// Moves the first loop's body in front of the second's.
  void apply();

private:
  bool hasSameIterations();
  /// Whether the first loop can do its work just before the second.
  bool canSink();
  /// Whether accesses of different iterations never meet: `before` of the
  /// first loop, `after` of the second.
  bool isLocal(const Access &before, const Access &after);

  scf::ParallelOp first, second;
};

} // namespace

bool Fusion::hasSameIterations() {
  return first.getNumResults() == 0 && second.getNumResults() == 0 &&
         llvm::equal(first.getLowerBound(), second.getLowerBound()) &&
         llvm::equal(first.getUpperBound(), second.getUpperBound()) &&
         llvm::equal(first.getStep(), second.getStep()) &&
         first->getDiscardableAttrDictionary() ==
             second->getDiscardableAttrDictionary();
}

bool Fusion::canSink() {
  BufferAccesses moved = getBufferAccesses(first);
  for (Operation *op = first->getNextNode(); op != second;
       op = op->getNextNode())
    if (mayConflict(moved, getBufferAccesses(op)))
      return false;
  return true;
}

bool Fusion::isLocal(const Access &before, const Access &after) {
  if (before.root != after.root || before.positions.empty() ||
      before.positions.size() != after.positions.size())
    return false;
  const int64_t variables = second.getNumLoops();
  SmallVector<bool> isFixed(variables, false);
  bool isSame = true;
  for (auto [x, y] : llvm::zip_equal(before.positions, after.positions)) {
    if (!x || !y) {
      isSame = false;
      continue;
    }
    isSame &= *x == *y;
    if (*x == *y && x->variable >= 0)
      isFixed[x->variable] = true;
    if (x->variable != y->variable)
      continue;
    // Elements that lie further apart than the variable ever reaches.
    int64_t distance = std::abs(x->offset - y->offset);
    if (x->variable < 0) {
      if (distance != 0)
        return true;
      continue;
    }
    std::optional<int64_t> lower = getConstantIntValue(
                               second.getLowerBound()[x->variable]),
                           upper = getConstantIntValue(
                               second.getUpperBound()[x->variable]);
    if (lower && upper && distance >= *upper - *lower)
      return true;
  }
  // The same element only in the same iteration.
  return isSame && llvm::all_of(isFixed, [](bool fixed) { return fixed; });
}

bool Fusion::isPossible() {
  if (!hasSameIterations())
    return false;
  Accesses before = getAccesses(first, first.getInductionVars());
  Accesses after = getAccesses(second, second.getInductionVars());
  if (before.isOpaque || after.isOpaque)
    return false;
  bool isProducer = false;
  for (const Access &x : before.all)
    for (const Access &y : after.all) {
      isProducer |= x.isWrite && !y.isWrite && x.root == y.root;
      if ((x.isWrite || y.isWrite) && mayBeSameBuffer(x.root, y.root) &&
          !isLocal(x, y))
        return false;
    }
  // Loops that have nothing to do with each other become one only where
  // neither takes long.
  auto hasLoop = [](scf::ParallelOp loop) {
    return loop.getBody()
        ->walk([](LoopLikeOpInterface) { return WalkResult::interrupt(); })
        .wasInterrupted();
  };
  return (isProducer || (!hasLoop(first) && !hasLoop(second))) && canSink();
}

void Fusion::apply() {
  IRMapping map;
  map.map(first.getInductionVars(), second.getInductionVars());
  OpBuilder b = OpBuilder::atBlockBegin(second.getBody());
  for (Operation &op : first.getBody()->without_terminator())
    b.clone(op, map);
  first.erase();
}

//===----------------------------------------------------------------------===//
// What an iteration has written
//===----------------------------------------------------------------------===//

/// Whether two accesses of one iteration are of the same element for sure.
static bool isSameElement(const Access &a, const Access &b) {
  return a.root == b.root && !a.positions.empty() &&
         llvm::all_of(a.positions, [](auto p) { return p.has_value(); }) &&
         a.positions == b.positions;
}

/// Whether two accesses of one iteration may be of the same element.
static bool mayBeSameElement(const Access &a, const Access &b) {
  if (!mayBeSameBuffer(a.root, b.root))
    return false;
  if (a.root != b.root || a.positions.size() != b.positions.size())
    return true;
  for (auto [x, y] : llvm::zip_equal(a.positions, b.positions))
    if (x && y && x->variable == y->variable && x->offset != y->offset)
      return false;
  return true;
}

/// Loads of what an earlier op of the same iteration has stored take it from
/// there, and stores that another one hides are dropped.
static void forwardStores(scf::ParallelOp loop) {
  struct Store {
    memref::StoreOp op;
    Access access;
    bool isRead;
  };
  SmallVector<Store> stores;
  SmallVector<Operation *> dead;
  for (Operation &op : loop.getBody()->without_terminator()) {
    Accesses accesses = getAccesses(&op, loop.getInductionVars());
    if (accesses.isOpaque) {
      stores.clear();
      continue;
    }
    if (auto load = dyn_cast<memref::LoadOp>(op)) {
      const Access *access =
          accesses.all.empty() ? nullptr : &accesses.all.front();
      auto *found = llvm::find_if(stores, [&](Store &store) {
        return access && isSameElement(store.access, *access);
      });
      if (found != stores.end()) {
        load.getResult().replaceAllUsesWith(found->op.getValueToStore());
        dead.push_back(load);
        continue;
      }
    }
    for (const Access &access : accesses.all)
      if (!access.isWrite)
        for (Store &store : stores)
          store.isRead |= mayBeSameElement(store.access, access);
    for (const Access &access : accesses.all) {
      if (!access.isWrite)
        continue;
      bool isPlain = isa<memref::StoreOp>(op);
      llvm::erase_if(stores, [&](Store &store) {
        if (isPlain && !store.isRead && isSameElement(store.access, access)) {
          dead.push_back(store.op);
          return true;
        }
        return mayBeSameElement(store.access, access);
      });
      if (isPlain)
        stores.push_back({cast<memref::StoreOp>(op), access, false});
    }
  }
  for (Operation *op : dead)
    op->erase();
}

/// Buffers that are only written are dropped with what writes them.
static void dropUnread(Operation *function) {
  SmallVector<memref::AllocOp> allocations;
  function->walk([&](memref::AllocOp op) { allocations.push_back(op); });
  for (memref::AllocOp alloc : allocations) {
    bool isUnread = llvm::all_of(alloc->getUsers(), [&](Operation *user) {
      auto store = dyn_cast<memref::StoreOp>(user);
      return isa<memref::DeallocOp>(user) ||
             (store && store.getValueToStore() != alloc.getResult());
    });
    if (!isUnread)
      continue;
    for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
      user->erase();
    alloc.erase();
  }
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Loops before one that are looked at.
static constexpr int kWindow = 8;

/// Takes loops before `loop` into it.
static bool fuseInto(scf::ParallelOp loop) {
  bool hasFused = false;
  int seen = 0;
  for (Operation *op = loop->getPrevNode(); op && seen < kWindow;) {
    Operation *previous = op->getPrevNode();
    if (auto candidate = dyn_cast<scf::ParallelOp>(op)) {
      ++seen;
      Fusion fusion(candidate, loop);
      if (fusion.isPossible()) {
        fusion.apply();
        hasFused = true;
      }
    }
    op = previous;
  }
  return hasFused;
}

namespace {

struct FuseParallelLoops
    : public bev::impl::FuseParallelLoopsPassBase<FuseParallelLoops> {
  void runOnOperation() override {
    SmallVector<scf::ParallelOp> loops;
    getOperation()->walk([&](scf::ParallelOp loop) {
      if (!loop->getParentOfType<scf::ParallelOp>() &&
          !loop->getParentOfType<scf::ForallOp>() &&
          !loop->getParentOfType<gpu::LaunchOp>())
        loops.push_back(loop);
    });
    // Only loops before are taken in, and erased.
    bool hasFused = false;
    for (scf::ParallelOp loop : loops)
      if (fuseInto(loop)) {
        forwardStores(loop);
        hasFused = true;
      }
    if (hasFused)
      dropUnread(getOperation());
  }
};

} // namespace
