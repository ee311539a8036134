// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which buffers ops read and write, behind views.

#include "bev/Conversion/LinalgToSCF/BufferAccesses.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::bev;

Value mlir::bev::getRootBuffer(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>())
    buffer = view.getViewSource();
  return buffer;
}

bool mlir::bev::isPrivateBuffer(Value root) {
  if (!root.getDefiningOp<memref::AllocOp>())
    return false;
  SmallVector<Value> views = {root};
  while (!views.empty())
    for (Operation *user : views.pop_back_val().getUsers()) {
      const bool isReturn = user->hasTrait<OpTrait::ReturnLike>() &&
                            isa<FunctionOpInterface>(user->getParentOp());
      if (isa<CallOpInterface>(user) ||
          (user->hasTrait<OpTrait::IsTerminator>() && !isReturn))
        return false;
      for (Value result : user->getResults()) {
        if (!isa<BaseMemRefType>(result.getType()))
          continue;
        if (!isa<ViewLikeOpInterface>(user))
          return false;
        views.push_back(result);
      }
    }
  return true;
}

bool mlir::bev::mayBeSameBuffer(Value a, Value b) {
  return a == b || !(isPrivateBuffer(a) || isPrivateBuffer(b));
}

BufferAccesses mlir::bev::getBufferAccesses(Operation *op) {
  BufferAccesses accesses;
  auto add = [&](Value buffer, bool isWrite,
                 std::optional<OperandRange> indices) {
    BufferAccess access{buffer, getRootBuffer(buffer), isWrite, indices};
    if (Operation *owner = access.root.getDefiningOp())
      if (op->isAncestor(owner))
        return; // The op's own.
    accesses.all.push_back(access);
  };
  op->walk([&](Operation *inner) {
    if (auto load = dyn_cast<memref::LoadOp>(inner))
      return add(load.getMemRef(), /*isWrite=*/false, load.getIndices());
    if (auto store = dyn_cast<memref::StoreOp>(inner))
      return add(store.getMemRef(), /*isWrite=*/true, store.getIndices());
    if (isa<gpu::LaunchOp, gpu::BarrierOp>(inner) ||
        inner->hasTrait<OpTrait::IsTerminator>())
      return;
    auto interface = dyn_cast<MemoryEffectOpInterface>(inner);
    if (!interface) {
      // What those have inside is looked at by itself.
      if (inner->hasTrait<OpTrait::HasRecursiveMemoryEffects>())
        return;
      accesses.isOpaque = true;
      return;
    }
    SmallVector<MemoryEffects::EffectInstance> effects;
    interface.getEffects(effects);
    for (const MemoryEffects::EffectInstance &effect : effects) {
      if (isa<MemoryEffects::Allocate>(effect.getEffect()))
        continue;
      Value value = effect.getValue();
      if (!value || !isa<BaseMemRefType>(value.getType())) {
        accesses.isOpaque = true;
        continue;
      }
      add(value, !isa<MemoryEffects::Read>(effect.getEffect()), std::nullopt);
    }
  });
  return accesses;
}

bool mlir::bev::mayConflict(const BufferAccesses &a, const BufferAccesses &b) {
  if (a.isOpaque || b.isOpaque)
    return true;
  for (const BufferAccess &x : a.all)
    for (const BufferAccess &y : b.all)
      if ((x.isWrite || y.isWrite) && mayBeSameBuffer(x.root, y.root))
        return true;
  return false;
}
