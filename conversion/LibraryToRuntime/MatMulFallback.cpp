// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generated code for matrix products where the library is absent.

#include "Operands.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::bev;

std::string MatMulFallback::getName() const {
  return "__bev_matmul" + epilogue.getSuffix() +
         (unitRhs ? "" : "_strided_rhs") + (unitOut ? "" : "_strided_out");
}

func::FuncOp MatMulFallback::build(OpBuilder &b, Location loc) const {
  MLIRContext *context = b.getContext();
  Type matrix = getViewType(context, 4), vector = getViewType(context, 1);
  Type outType = getViewType(context, 4, unitOut);
  auto type = b.getFunctionType(
      {matrix, getViewType(context, 4, unitRhs), vector, matrix, outType}, {});
  auto function = func::FuncOp::create(b, loc, getName(), type);
  function.setPrivate();
  OpBuilder::InsertionGuard guard(b);
  Block *body = function.addEntryBlock();
  b.setInsertionPointToStart(body);
  Value lhs = body->getArgument(0), rhs = body->getArgument(1),
        bias = body->getArgument(2), residual = body->getArgument(3),
        out = body->getArgument(4);

  // Columns of rhs next to each other, for vectors along them.
  Value packed;
  if (!unitRhs) {
    SmallVector<Value> sizes;
    for (int64_t i = 0; i < 4; ++i)
      sizes.push_back(memref::DimOp::create(b, loc, rhs, i));
    auto packedType = MemRefType::get(
        SmallVector<int64_t>(4, ShapedType::kDynamic), b.getF32Type());
    packed = memref::AllocOp::create(b, loc, packedType, sizes,
                                     b.getI64IntegerAttr(64));
    memref::CopyOp::create(b, loc, rhs, packed);
    rhs = packed;
  }

  emitInit(b, loc, epilogue, bias, out);
  using utils::IteratorType;
  auto map = [&](ArrayRef<unsigned> dims) {
    return AffineMap::getMultiDimMapWithTargets(5, dims, context);
  };
  emitProducts(b, loc, lhs, rhs, out,
               {map({0, 1, 2, 4}), map({0, 1, 4, 3}), map({0, 1, 2, 3})},
               {IteratorType::parallel, IteratorType::parallel,
                IteratorType::parallel, IteratorType::parallel,
                IteratorType::reduction});
  emitFinish(b, loc, epilogue, residual, out);
  if (packed)
    memref::DeallocOp::create(b, loc, packed);
  func::ReturnOp::create(b, loc);
  return function;
}
