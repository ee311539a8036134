// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Host code reaches device memory through calls of the runtime.

#include "bev/Conversion/Passes.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTHOSTACCESSTORUNTIMEPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// The function that the lowering of `bufferization.dealloc` makes.
constexpr llvm::StringLiteral deallocHelper = "dealloc_helper";

/// Whether an allocation is bookkeeping of the deallocation helper.
bool isBookkeeping(Value buffer) {
  for (Operation *user : buffer.getUsers()) {
    if (auto call = dyn_cast<func::CallOp>(user)) {
      if (call.getCallee().starts_with(deallocHelper))
        return true;
    } else if (auto cast = dyn_cast<memref::CastOp>(user)) {
      if (isBookkeeping(cast))
        return true;
    }
  }
  return false;
}

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

bool isOnHost(Value buffer) {
  Value root = getRoot(buffer);
  if (root.getDefiningOp<memref::AllocaOp>())
    return true;
  return root.getDefiningOp<memref::AllocOp>() && isBookkeeping(root);
}

/// Emits the calls.
class Rewriter {
public:
  explicit Rewriter(ModuleOp module)
      : module(module), converter(module.getContext()) {}

  void rewrite(Operation *op);

private:
  Type pointer() { return LLVM::LLVMPointerType::get(module.getContext()); }

  Value toI64(OpBuilder &b, Location loc, Value index) {
    return arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
  }
  Value constant(OpBuilder &b, Location loc, int64_t value) {
    return LLVM::ConstantOp::create(b, loc, b.getI64Type(),
                                    b.getI64IntegerAttr(value));
  }

  LLVM::CallOp call(OpBuilder &b, Location loc, StringRef name, Type result,
                    ValueRange operands) {
    auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
    if (!function) {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(module.getBody());
      auto type = LLVM::LLVMFunctionType::get(
          result ? result : LLVM::LLVMVoidType::get(b.getContext()),
          llvm::to_vector(operands.getTypes()));
      function = LLVM::LLVMFuncOp::create(b, module.getLoc(), name, type);
    }
    return LLVM::CallOp::create(b, loc, function, operands);
  }

  static int64_t getBytes(Type type) {
    if (auto vector = dyn_cast<VectorType>(type))
      return vector.getNumElements() * getBytes(vector.getElementType());
    if (type.isIndex())
      return 8;
    return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
  }

  /// The address of an element of `buffer`.
  Value getAddress(OpBuilder &b, Location loc, Value buffer,
                   ValueRange indices) {
    auto type = cast<MemRefType>(buffer.getType());
    Value base = toI64(
        b, loc, memref::ExtractAlignedPointerAsIndexOp::create(b, loc, buffer));
    auto [strides, offset] = type.getStridesAndOffset();
    memref::ExtractStridedMetadataOp metadata;
    auto getMetadata = [&] {
      if (!metadata)
        metadata = memref::ExtractStridedMetadataOp::create(b, loc, buffer);
      return metadata;
    };
    Value sum =
        ShapedType::isDynamic(offset)
            ? Value(getMetadata().getOffset())
            : arith::ConstantIndexOp::create(b, loc, offset).getResult();
    for (auto [i, index] : llvm::enumerate(indices)) {
      Value stride =
          ShapedType::isDynamic(strides[i])
              ? Value(getMetadata().getStrides()[i])
              : arith::ConstantIndexOp::create(b, loc, strides[i]).getResult();
      sum = arith::AddIOp::create(b, loc, sum,
                                  arith::MulIOp::create(b, loc, index, stride));
    }
    Value bytes = arith::MulIOp::create(
        b, loc, toI64(b, loc, sum),
        constant(b, loc, getBytes(type.getElementType())));
    Value address = arith::AddIOp::create(b, loc, base, bytes);
    return LLVM::IntToPtrOp::create(b, loc, pointer(), address);
  }

  /// The number of bytes of a contiguous buffer.
  Value getBufferBytes(OpBuilder &b, Location loc, Value buffer) {
    auto type = cast<MemRefType>(buffer.getType());
    int64_t fixed = getBytes(type.getElementType());
    Value bytes;
    for (int64_t i = 0, e = type.getRank(); i != e; ++i) {
      if (!type.isDynamicDim(i)) {
        fixed *= type.getDimSize(i);
        continue;
      }
      Value size = toI64(b, loc, memref::DimOp::create(b, loc, buffer, i));
      bytes =
          bytes ? arith::MulIOp::create(b, loc, bytes, size).getResult() : size;
    }
    Value result = constant(b, loc, fixed);
    return bytes ? arith::MulIOp::create(b, loc, bytes, result).getResult()
                 : result;
  }

  /// A memref of `type` with identity layout at `address`.
  Value makeMemRef(OpBuilder &b, Location loc, MemRefType type, Value address,
                   ValueRange dynamicSizes) {
    auto descriptor =
        MemRefDescriptor::poison(b, loc, converter.convertType(type));
    descriptor.setAllocatedPtr(b, loc, address);
    descriptor.setAlignedPtr(b, loc, address);
    descriptor.setConstantOffset(b, loc, 0);
    SmallVector<Value> sizes;
    unsigned next = 0;
    for (int64_t size : type.getShape())
      sizes.push_back(ShapedType::isDynamic(size)
                          ? toI64(b, loc, dynamicSizes[next++])
                          : constant(b, loc, size));
    Value stride = constant(b, loc, 1);
    for (int64_t i = type.getRank() - 1; i >= 0; --i) {
      descriptor.setSize(b, loc, i, sizes[i]);
      descriptor.setStride(b, loc, i, stride);
      if (i > 0)
        stride = arith::MulIOp::create(b, loc, stride, sizes[i]);
    }
    return UnrealizedConversionCastOp::create(b, loc, type, Value(descriptor))
        .getResult(0);
  }

  /// Of all slots: a wide vector's own may be more than the stack has.
  static constexpr unsigned slotAlignment = 16;

  /// A slot on the stack of the function that `op` is in.
  Value makeSlot(Operation *op, Type type) {
    auto function = op->getParentOfType<func::FuncOp>();
    Value &slot = slots[{function, type}];
    if (!slot) {
      OpBuilder b = OpBuilder::atBlockBegin(&function.getBody().front());
      slot =
          LLVM::AllocaOp::create(b, op->getLoc(), pointer(), type,
                                 constant(b, op->getLoc(), 1), slotAlignment);
    }
    return slot;
  }

  Type getStoredType(Type type) {
    return type.isIndex() ? Type(IntegerType::get(type.getContext(), 64))
                          : type;
  }

  void read(Operation *op, Value buffer, ValueRange indices) {
    OpBuilder b(op);
    Location loc = op->getLoc();
    Type type = op->getResult(0).getType(), stored = getStoredType(type);
    Value slot = makeSlot(op, stored);
    call(b, loc, "bevrtDeviceRead", {},
         {slot, getAddress(b, loc, buffer, indices),
          constant(b, loc, getBytes(type))});
    Value value = LLVM::LoadOp::create(b, loc, stored, slot, slotAlignment);
    if (type != stored)
      value = arith::IndexCastOp::create(b, loc, type, value);
    op->getResult(0).replaceAllUsesWith(value);
    op->erase();
  }

  void write(Operation *op, Value value, Value buffer, ValueRange indices) {
    OpBuilder b(op);
    Location loc = op->getLoc();
    int64_t bytes = getBytes(value.getType());
    Type stored = getStoredType(value.getType());
    if (value.getType() != stored)
      value = arith::IndexCastOp::create(b, loc, stored, value);
    Value slot = makeSlot(op, stored);
    LLVM::StoreOp::create(b, loc, value, slot, slotAlignment);
    call(b, loc, "bevrtDeviceWrite", {},
         {getAddress(b, loc, buffer, indices), slot, constant(b, loc, bytes)});
    op->erase();
  }

  ModuleOp module;
  LLVMTypeConverter converter;
  DenseMap<std::pair<Operation *, Type>, Value> slots;
};

void Rewriter::rewrite(Operation *op) {
  OpBuilder b(op);
  Location loc = op->getLoc();
  auto stream = [&] { return LLVM::ZeroOp::create(b, loc, pointer()); };
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    if (!isOnHost(load.getMemRef()))
      read(op, load.getMemRef(), load.getIndices());
  } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
    if (!isOnHost(store.getMemRef()))
      write(op, store.getValueToStore(), store.getMemRef(), store.getIndices());
  } else if (auto load = dyn_cast<vector::LoadOp>(op)) {
    if (!isOnHost(load.getBase()))
      read(op, load.getBase(), load.getIndices());
  } else if (auto store = dyn_cast<vector::StoreOp>(op)) {
    if (!isOnHost(store.getBase()))
      write(op, store.getValueToStore(), store.getBase(), store.getIndices());
  } else if (auto copy = dyn_cast<memref::CopyOp>(op)) {
    if (isOnHost(copy.getSource()) || isOnHost(copy.getTarget()))
      return;
    Value target = getAddress(b, loc, copy.getTarget(), {});
    Value source = getAddress(b, loc, copy.getSource(), {});
    call(b, loc, "bevrtDeviceCopy", {},
         {target, source, getBufferBytes(b, loc, copy.getTarget())});
    op->erase();
  } else if (auto alloc = dyn_cast<memref::AllocOp>(op)) {
    if (isBookkeeping(alloc))
      return;
    MemRefType type = alloc.getType();
    int64_t fixed = getBytes(type.getElementType());
    for (int64_t size : type.getShape())
      fixed *= ShapedType::isDynamic(size) ? 1 : size;
    Value bytes = constant(b, loc, fixed);
    for (Value size : alloc.getDynamicSizes())
      bytes = arith::MulIOp::create(b, loc, bytes, toI64(b, loc, size));
    Value shared =
        LLVM::ConstantOp::create(b, loc, b.getI1Type(), b.getBoolAttr(false));
    Value address =
        call(b, loc, "mgpuMemAlloc", pointer(), {bytes, stream(), shared})
            .getResult();
    alloc.replaceAllUsesWith(
        makeMemRef(b, loc, type, address, alloc.getDynamicSizes()));
    op->erase();
  } else if (auto dealloc = dyn_cast<memref::DeallocOp>(op)) {
    if (isOnHost(dealloc.getMemref()))
      return;
    // The pointer that was allocated, which views share.
    Value base = dealloc.getMemref();
    Value address = LLVM::IntToPtrOp::create(
        b, loc, pointer(),
        toI64(b, loc,
              memref::ExtractAlignedPointerAsIndexOp::create(b, loc, base)));
    call(b, loc, "mgpuMemFree", {}, {address, stream()});
    op->erase();
  } else if (auto global = dyn_cast<memref::GetGlobalOp>(op)) {
    b.setInsertionPointAfter(op);
    Value index =
        memref::ExtractAlignedPointerAsIndexOp::create(b, loc, global);
    Value host =
        LLVM::IntToPtrOp::create(b, loc, pointer(), toI64(b, loc, index));
    auto type = cast<MemRefType>(global.getType());
    int64_t bytes = type.getNumElements() * getBytes(type.getElementType());
    Value device = call(b, loc, "bevrtDeviceConstant", pointer(),
                        {host, constant(b, loc, bytes)})
                       .getResult();
    Value replacement = makeMemRef(b, loc, type, device, {});
    global.getResult().replaceAllUsesExcept(replacement, index.getDefiningOp());
  }
}

struct ConvertHostAccessToRuntime
    : public bev::impl::ConvertHostAccessToRuntimePassBase<
          ConvertHostAccessToRuntime> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    bool failed = false;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<gpu::LaunchOp, gpu::GPUModuleOp>(op))
        return WalkResult::skip();
      if (auto function = dyn_cast<func::FuncOp>(op))
        if (function.getName().starts_with(deallocHelper))
          return WalkResult::skip();
      if (isa<memref::LoadOp, memref::StoreOp, vector::LoadOp, vector::StoreOp,
              memref::CopyOp, memref::AllocOp, memref::DeallocOp,
              memref::GetGlobalOp>(op))
        ops.push_back(op);
      else if (isa<vector::TransferReadOp, vector::TransferWriteOp,
                   vector::MaskedLoadOp, vector::MaskedStoreOp,
                   vector::GatherOp, vector::ScatterOp, memref::AtomicRMWOp,
                   memref::GenericAtomicRMWOp, memref::ReallocOp>(op)) {
        op->emitError("cannot reach device memory from host code through '")
            << op->getName() << "'";
        failed = true;
      }
      return WalkResult::advance();
    });
    if (failed)
      return signalPassFailure();
    // Whether a buffer is on the host is asked of its allocation, so that
    // accesses go first.
    Rewriter rewriter(getOperation());
    for (bool sources : {false, true})
      for (Operation *&op : ops)
        if (op && isa<memref::AllocOp, memref::GetGlobalOp>(op) == sources) {
          rewriter.rewrite(op);
          if (!sources)
            op = nullptr;
        }
  }
};

} // namespace
