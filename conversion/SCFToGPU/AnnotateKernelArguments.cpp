// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which kernel arguments nothing else in the kernel writes.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::bev {
#define GEN_PASS_DEF_ANNOTATEKERNELARGUMENTSPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Where every buffer starts, in bytes.
constexpr int64_t kBufferAlignment = 16;

/// The buffer that `value` is a view of.
Value getRoot(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto metadata = dyn_cast<memref::ExtractStridedMetadataOp>(op))
      value = metadata.getSource();
    else if (auto view = dyn_cast<ViewLikeOpInterface>(op))
      value = view.getViewSource();
    else
      break;
  }
  return value;
}

enum class Kind { Fresh, Input, Unknown };

/// The function whose result `descriptor`, an LLVM memref descriptor, was made
/// of.
StringRef getAllocator(Value descriptor) {
  while (auto insert = descriptor.getDefiningOp<LLVM::InsertValueOp>()) {
    if (auto call = insert.getValue().getDefiningOp<LLVM::CallOp>())
      return call.getCallee().value_or("");
    descriptor = insert.getContainer();
  }
  return "";
}

Kind getKind(Value root) {
  if (Operation *op = root.getDefiningOp()) {
    if (isa<memref::AllocOp>(op))
      return Kind::Fresh;
    if (auto cast = dyn_cast<UnrealizedConversionCastOp>(op)) {
      StringRef allocator = getAllocator(cast.getOperand(0));
      if (allocator == "mgpuMemAlloc")
        return Kind::Fresh;
      if (allocator == "bevrtDeviceConstant")
        return Kind::Input;
      return Kind::Unknown;
    }
    if (isa<memref::GetGlobalOp>(op))
      return Kind::Input;
    return Kind::Unknown;
  }
  auto arg = cast<BlockArgument>(root);
  auto function = dyn_cast<func::FuncOp>(arg.getOwner()->getParentOp());
  if (function && arg.getOwner()->isEntryBlock() && function.isPublic())
    return Kind::Input;
  return Kind::Unknown;
}

/// Whether `value` or a view of it is read only; anything unknown counts as a
/// write.
bool isOnlyRead(Value value) {
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isa<ViewLikeOpInterface, memref::ExtractStridedMetadataOp>(user)) {
      for (Value result : user->getResults())
        if (isa<MemRefType>(result.getType()) && !isOnlyRead(result))
          return false;
      continue;
    }
    if (isa<memref::DimOp>(user))
      continue;
    auto effects = dyn_cast<MemoryEffectOpInterface>(user);
    if (!effects || effects.getEffectOnValue<MemoryEffects::Write>(value) ||
        effects.getEffectOnValue<MemoryEffects::Free>(value) ||
        !effects.getEffectOnValue<MemoryEffects::Read>(value))
      return false;
  }
  return true;
}

void annotate(gpu::LaunchFuncOp launch, gpu::GPUFuncOp kernel) {
  struct Argument {
    unsigned index;
    Value root;
    Kind kind;
    bool read;
  };
  SmallVector<Argument> arguments;
  for (auto [i, operand] : llvm::enumerate(launch.getKernelOperands())) {
    auto type = dyn_cast<MemRefType>(operand.getType());
    if (!type)
      continue;
    if (type.getLayout().isIdentity())
      kernel.setArgAttr(
          i, LLVM::LLVMDialect::getAlignAttrName(),
          IntegerAttr::get(IntegerType::get(launch.getContext(), 64),
                           kBufferAlignment));
    Value root = getRoot(operand);
    arguments.push_back({static_cast<unsigned>(i), root, getKind(root),
                         isOnlyRead(kernel.getArgument(i))});
  }
  UnitAttr unit = UnitAttr::get(launch.getContext());
  for (const Argument &argument : arguments) {
    auto apart = [&](const Argument &other) {
      if (&other == &argument)
        return true;
      // Two reads of one buffer do not conflict.
      if (argument.read && other.read)
        return true;
      // Buffers of the caller that a function writes overlap with none of its
      // other arguments: that is the calling convention.
      return argument.root != other.root && argument.kind != Kind::Unknown &&
             other.kind != Kind::Unknown;
    };
    if (!llvm::all_of(arguments, apart))
      continue;
    kernel.setArgAttr(argument.index, LLVM::LLVMDialect::getNoAliasAttrName(),
                      unit);
    if (argument.read)
      kernel.setArgAttr(argument.index,
                        LLVM::LLVMDialect::getReadonlyAttrName(), unit);
  }
}

struct AnnotateKernelArguments
    : public bev::impl::AnnotateKernelArgumentsPassBase<
          AnnotateKernelArguments> {
  void runOnOperation() override {
    SymbolTableCollection symbols;
    DenseMap<Operation *, SmallVector<gpu::LaunchFuncOp>> launches;
    getOperation().walk([&](gpu::LaunchFuncOp launch) {
      auto kernel = symbols.lookupNearestSymbolFrom<gpu::GPUFuncOp>(
          launch, launch.getKernel());
      if (kernel)
        launches[kernel].push_back(launch);
    });
    for (auto &[kernel, calls] : launches)
      if (calls.size() == 1)
        annotate(calls.front(), cast<gpu::GPUFuncOp>(kernel));
  }
};

} // namespace
