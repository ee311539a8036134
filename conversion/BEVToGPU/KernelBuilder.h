// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What kernels of pools are written in.

#ifndef BEV_CONVERSION_BEVTOGPU_KERNELBUILDER_H
#define BEV_CONVERSION_BEVTOGPU_KERNELBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::bev {

/// Of a pool whose tables the kernel before does not write, and starts it only
/// when what is before that one has ended.
constexpr llvm::StringLiteral kReadsAhead = "bev.reads_ahead";

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
  Value load(Value table, ValueRange at) {
    return memref::LoadOp::create(b, table, at);
  }

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

  Value shared(gpu::LaunchOp launch, ArrayRef<int64_t> shape, Type element);

  /// Has the first blocks of `launch` begin by prefetching a part each of the
  /// buffers, by thread `thread`.
  void prefetchParts(gpu::LaunchOp launch, ValueRange buffers, int64_t thread);

  ImplicitLocOpBuilder b;
};

} // namespace mlir::bev

#endif // BEV_CONVERSION_BEVTOGPU_KERNELBUILDER_H
