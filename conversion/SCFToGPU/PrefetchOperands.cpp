// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks bring what they or later blocks read to the second level of cache.

#include "bev/Conversion/SCFToGPU/PrefetchOperands.h"
#include "bev/Conversion/LinalgToSCF/BufferAccesses.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::bev;

/// What a prefetch's address and size are multiples of, in bytes.
static constexpr int64_t kGranule = 16;

/// What blocks prefetch in, in bytes.
static constexpr int64_t kLineBytes = 128;

/// By how many blocks to be ahead in buffers that blocks go through in order.
static constexpr int64_t kAhead = 64;

/// Whether `value` is computed from what the same iteration has read.
static bool dependsOnReads(Value value, gpu::LaunchOp launch,
                           DenseMap<Value, bool> &known) {
  Operation *op = value.getDefiningOp();
  if (!op || !launch->isAncestor(op))
    return false;
  auto [it, inserted] = known.try_emplace(value, false);
  if (!inserted)
    return it->second;
  bool depends = !isMemoryEffectFree(op);
  for (Value operand : op->getOperands())
    depends = depends || dependsOnReads(operand, launch, known);
  return known[value] = depends;
}

/// Buffers from outside of the launch that it reads and does not write; whether
/// it gathers from them, that is, reads at places that depend on what it has
/// read.
static llvm::MapVector<Value, bool> getReadBuffers(gpu::LaunchOp launch) {
  llvm::MapVector<Value, bool> read;
  DenseSet<Value> written;
  DenseMap<Value, bool> known;
  launch.getBody().walk([&](MemoryEffectOpInterface op) {
    for (Value operand : op->getOperands()) {
      if (!isa<MemRefType>(operand.getType()))
        continue;
      Value root = getRootBuffer(operand);
      if (launch->isAncestor(root.getParentBlock()->getParentOp()))
        continue;
      if (op.getEffectOnValue<MemoryEffects::Write>(operand))
        written.insert(root);
      if (op.getEffectOnValue<MemoryEffects::Read>(operand))
        read[root] |= llvm::any_of(op->getOperands(), [&](Value index) {
          return dependsOnReads(index, launch, known);
        });
    }
  });
  read.remove_if(
      [&](const auto &entry) { return written.contains(entry.first); });
  return read;
}

void mlir::bev::prefetchOperands(gpu::LaunchOp launch, bool streamed) {
  SmallVector<PrefetchedBuffer> buffers;
  for (auto [root, isGathered] : getReadBuffers(launch))
    if (isGathered || streamed)
      buffers.push_back({root, isGathered ? 0 : kAhead});
  prefetchBuffers(launch, buffers, launch.getGridSizeX(), /*thread=*/0);
}

void mlir::bev::prefetchBuffers(gpu::LaunchOp launch,
                                ArrayRef<PrefetchedBuffer> buffers, Value parts,
                                int64_t thread) {
  Location loc = launch.getLoc();
  OpBuilder host(launch);
  OpBuilder b = OpBuilder::atBlockBegin(&launch.getBody().front());
  auto constant = [&](OpBuilder &at, int64_t value) -> Value {
    return arith::ConstantIndexOp::create(at, loc, value);
  };
  scf::IfOp one;
  for (auto [buffer, ahead] : buffers) {
    auto type = cast<MemRefType>(buffer.getType());
    if (type.getRank() == 0 || !type.getLayout().isIdentity() ||
        type.getMemorySpace() || !type.getElementType().isIntOrFloat())
      continue;
    // The part of a block, whole lines.
    Value bytes =
        constant(host, llvm::divideCeil(type.getElementTypeBitWidth(), 8));
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      bytes = host.createOrFold<arith::MulIOp>(
          loc, bytes, host.createOrFold<memref::DimOp>(loc, buffer, dim));
    Value part = host.createOrFold<arith::MulIOp>(
        loc,
        host.createOrFold<arith::CeilDivUIOp>(
            loc, host.createOrFold<arith::CeilDivUIOp>(loc, bytes, parts),
            constant(host, kLineBytes)),
        constant(host, kLineBytes));
    Value address =
        memref::ExtractAlignedPointerAsIndexOp::create(host, loc, buffer);

    if (!one) {
      Value isOne =
          arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                launch.getThreadIds().x, constant(b, thread));
      one = scf::IfOp::create(b, loc, isOne, /*withElseRegion=*/false);
      b.setInsertionPoint(one.thenBlock()->getTerminator());
    }
    Value block = launch.getBlockIds().x;
    if (ahead != 0)
      block = arith::AddIOp::create(b, loc, block, constant(b, ahead));
    OpBuilder::InsertionGuard guard(b);
    Value start = arith::MulIOp::create(b, loc, block, part);
    Value rest = arith::SubIOp::create(b, loc, bytes, start);
    Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sge,
                                         rest, constant(b, kGranule));
    auto any = scf::IfOp::create(b, loc, inside, /*withElseRegion=*/false);
    b.setInsertionPoint(any.thenBlock()->getTerminator());
    Value mask = constant(b, -kGranule);
    Value size = arith::AndIOp::create(
        b, loc, arith::MinSIOp::create(b, loc, part, rest), mask);
    Value from = arith::AndIOp::create(
        b, loc, arith::AddIOp::create(b, loc, address, start), mask);
    auto pointerType = LLVM::LLVMPointerType::get(
        b.getContext(), static_cast<unsigned>(NVVM::NVVMMemorySpace::Global));
    Value bits =
        arith::IndexCastOp::create(b, loc, b.getI64Type(), from).getResult();
    Value pointer = LLVM::IntToPtrOp::create(b, loc, pointerType, bits);
    Value size32 =
        arith::IndexCastOp::create(b, loc, b.getI32Type(), size).getResult();
    NVVM::CpAsyncBulkPrefetchOp::create(b, loc, pointer, size32,
                                        /*l2CacheHint=*/Value());
  }
}
