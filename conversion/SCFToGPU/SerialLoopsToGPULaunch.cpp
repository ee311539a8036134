// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops of host code that go through buffers element by element run on the GPU.

#include "bev/Conversion/LinalgToSCF/BufferAccesses.h"
#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTSERIALLOOPSTOGPULAUNCHPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Whether a buffer is, or may be, one that stays on the host: on the stack, or
/// handed to a function.
bool mayBeOnHost(Value buffer) {
  buffer = getRootBuffer(buffer);
  if (Operation *op = buffer.getDefiningOp())
    return !isa<memref::AllocOp, memref::GetGlobalOp>(op) ||
           llvm::any_of(op->getUsers(), [](Operation *user) {
             return isa<CallOpInterface, memref::CastOp>(user);
           });
  auto function = dyn_cast<FunctionOpInterface>(
      cast<BlockArgument>(buffer).getOwner()->getParentOp());
  return !function;
}

bool isScalar(Type type) {
  return type.isIndex() ||
         (type.isIntOrFloat() && type.getIntOrFloatBitWidth() <= 64);
}

/// Whether a loop can run on the GPU, and there is a reason to: it accesses
/// buffers, by single elements. Between its iterations it carries scalars.
bool isSerialAccess(Operation *loop) {
  if (!llvm::all_of(loop->getResultTypes(), isScalar))
    return false;
  bool accesses = false;
  WalkResult result = loop->walk([&](Operation *op) {
    Value buffer;
    if (auto load = dyn_cast<memref::LoadOp>(op))
      buffer = load.getMemRef();
    else if (auto store = dyn_cast<memref::StoreOp>(op))
      buffer = store.getMemRef();
    if (buffer) {
      accesses = true;
      return mayBeOnHost(buffer) ? WalkResult::interrupt()
                                 : WalkResult::advance();
    }
    bool isAllowed =
        isa<scf::ForOp, scf::WhileOp, scf::IfOp, scf::YieldOp, scf::ConditionOp,
            memref::SubViewOp, memref::DimOp, affine::AffineApplyOp,
            affine::AffineMinOp, affine::AffineMaxOp>(op) ||
        isa<arith::ArithDialect, math::MathDialect>(op->getDialect());
    bool carriesBuffers = isa<LoopLikeOpInterface>(op) &&
                          !llvm::all_of(op->getResultTypes(), isScalar);
    return isAllowed && !carriesBuffers ? WalkResult::advance()
                                        : WalkResult::interrupt();
  });
  return accesses && !result.wasInterrupted();
}

/// Moves a loop into a launch of one thread; its results come back in buffers.
void launch(Operation *loop) {
  OpBuilder b(loop);
  Location loc = loop->getLoc();
  SmallVector<Value> slots;
  for (Type type : loop->getResultTypes())
    slots.push_back(
        memref::AllocOp::create(b, loc, MemRefType::get({1}, type)));
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  auto launch = gpu::LaunchOp::create(b, loc, one, one, one, one, one, one);
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  for (auto [result, slot] : llvm::zip_equal(loop->getResults(), slots)) {
    Value loaded = memref::LoadOp::create(b, loc, slot, zero);
    result.replaceAllUsesWith(loaded);
    memref::DeallocOp::create(b, loc, slot);
  }
  b.setInsertionPointToStart(&launch.getBody().front());
  Operation *terminator = gpu::TerminatorOp::create(b, loc);
  loop->moveBefore(terminator);
  b.setInsertionPoint(terminator);
  for (auto [result, slot] : llvm::zip_equal(loop->getResults(), slots)) {
    Value first = arith::ConstantIndexOp::create(b, loc, 0);
    memref::StoreOp::create(b, loc, result, slot, first);
  }
}

struct ConvertSerialLoopsToGPULaunch
    : public bev::impl::ConvertSerialLoopsToGPULaunchPassBase<
          ConvertSerialLoopsToGPULaunch> {
  void runOnOperation() override {
    // What the lowering of bufferization.dealloc makes works on host memory.
    auto function = dyn_cast<FunctionOpInterface>(getOperation());
    if (function && function.getName().starts_with("dealloc_helper"))
      return;
    SmallVector<Operation *> loops;
    getOperation()->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<gpu::LaunchOp, gpu::GPUModuleOp>(op))
        return WalkResult::skip();
      if (!isa<scf::ForOp, scf::WhileOp>(op) || !isSerialAccess(op))
        return WalkResult::advance();
      loops.push_back(op);
      return WalkResult::skip();
    });
    for (Operation *loop : loops)
      launch(loop);
  }
};

} // namespace
