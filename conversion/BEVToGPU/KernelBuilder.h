// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What kernels of pools are written in.

#ifndef BEV_CONVERSION_BEVTOGPU_KERNELBUILDER_H
#define BEV_CONVERSION_BEVTOGPU_KERNELBUILDER_H

#include "bev/Dialect/BEV/IR/BEV.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::bev {

/// Of a pool whose tables the kernel before does not write, and starts it only
/// when what is before that one has ended.
constexpr llvm::StringLiteral kReadsAhead = "bev.reads_ahead";

/// The pools in `root` that their schedule, which has rows, wants blocks for.
template <typename OpTy>
SmallVector<OpTy> getPoolsOfBlocks(Operation *root) {
  SmallVector<OpTy> ops;
  root->walk([&](OpTy op) {
    std::optional<ScheduleAttr> schedule = op.getSchedule();
    bool isNested = op->template getParentOfType<scf::ForallOp>() ||
                    op->template getParentOfType<scf::ParallelOp>() ||
                    op->template getParentOfType<gpu::LaunchOp>();
    if (schedule && schedule->getRows() != 0 && op->getNumResults() == 0 &&
        !isNested)
      ops.push_back(op);
  });
  return ops;
}

/// Emits arithmetic and control flow at its insertion point.
class KernelBuilder {
protected:
  explicit KernelBuilder(Operation *op) : b(op->getLoc(), op) {}

  // Arithmetic on i32.
  Value number(int64_t value) {
    return arith::ConstantOp::create(b, b.getI32IntegerAttr(value));
  }
  Value toNumber(Value x) {
    return arith::IndexCastOp::create(b, b.getI32Type(), x);
  }
  Value toIndex(Value x) {
    return arith::IndexCastOp::create(b, b.getIndexType(), x);
  }
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubIOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulIOp::create(b, x, y); }
  Value min(Value x, Value y) { return arith::MinSIOp::create(b, x, y); }
  Value max(Value x, Value y) { return arith::MaxSIOp::create(b, x, y); }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
  Value less(Value x, Value y) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x, y);
  }
  Value equal(Value x, Value y) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, y);
  }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, condition, x, y);
  }
  Value hasBit(Value bits, Value bit) {
    return equal(both(arith::ShRUIOp::create(b, bits, bit), number(1)),
                 number(1));
  }
  Value toI32(Value x) { return arith::ExtUIOp::create(b, b.getI32Type(), x); }

  // Memory.
  Value load(Value table, ValueRange at) {
    return memref::LoadOp::create(b, table, at);
  }
  /// Neighbouring words (i32) of a table, from `at` on, in one access.
  SmallVector<Value> loadWords(Value table, ValueRange at, int64_t count);
  void storeWords(Value table, ValueRange at, ValueRange words);

  // Structure.
  void emitIf(Value condition, function_ref<void()> body);
  SmallVector<Value> emitIf(Value condition,
                            function_ref<SmallVector<Value>()> body,
                            ValueRange otherwise);
  SmallVector<Value>
  emitFor(Value from, Value to, Value step, ValueRange init,
          function_ref<SmallVector<Value>(Value, ValueRange)> body);
  SmallVector<Value>
  emitWhile(ValueRange init, function_ref<Value(ValueRange)> condition,
            function_ref<SmallVector<Value>(ValueRange)> body);

  /// Launches `blocks` (index), whose threads are as `schedule` says, and goes
  /// on inside.
  gpu::LaunchOp launchBlocks(Value blocks, ScheduleAttr schedule);
  Value shared(gpu::LaunchOp launch, ArrayRef<int64_t> shape, Type element);

  /// Has the first blocks of `launch` begin by prefetching a part each of the
  /// buffers, by thread `thread`.
  void prefetchParts(gpu::LaunchOp launch, ValueRange buffers, int64_t thread);

  ImplicitLocOpBuilder b;
};

} // namespace mlir::bev

#endif // BEV_CONVERSION_BEVTOGPU_KERNELBUILDER_H
