// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Operands.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::bev;

MemRefType mlir::bev::getViewType(MLIRContext *context, int64_t rank,
                                  bool unit) {
  SmallVector<int64_t> strides(rank, ShapedType::kDynamic);
  if (unit)
    strides.back() = 1;
  return MemRefType::get(
      SmallVector<int64_t>(rank, ShapedType::kDynamic),
      Float32Type::get(context),
      StridedLayoutAttr::get(context, ShapedType::kDynamic, strides));
}

Parts::Parts(OpBuilder &b, Location loc, Value buffer) {
  auto metadata = memref::ExtractStridedMetadataOp::create(b, loc, buffer);
  base = metadata.getBaseBuffer();
  offset = metadata.getConstifiedMixedOffset();
  sizes = metadata.getConstifiedMixedSizes();
  strides = metadata.getConstifiedMixedStrides();
}

Value mlir::bev::emitView(OpBuilder &b, Location loc, const Parts &parts,
                          ArrayRef<OpFoldResult> sizes,
                          ArrayRef<OpFoldResult> strides, bool unit) {
  // The type says what is known; the cast forgets it.
  SmallVector<int64_t> staticSizes, staticStrides;
  SmallVector<Value> dynamic;
  dispatchIndexOpFoldResults(sizes, dynamic, staticSizes);
  dispatchIndexOpFoldResults(strides, dynamic, staticStrides);
  int64_t offset =
      getConstantIntValue(parts.offset).value_or(ShapedType::kDynamic);
  auto type = MemRefType::get(
      staticSizes, b.getF32Type(),
      StridedLayoutAttr::get(b.getContext(), offset, staticStrides));
  Value view = memref::ReinterpretCastOp::create(b, loc, type, parts.base,
                                                 parts.offset, sizes, strides);
  return memref::CastOp::create(
      b, loc, getViewType(b.getContext(), sizes.size(), unit), view);
}

std::string Epilogue::getSuffix() const {
  return std::string(bias ? "_bias" : "") + (residual ? "_residual" : "") +
         (relu ? "_relu" : "");
}

static SmallVector<utils::IteratorType> parallel(int64_t rank) {
  return SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel);
}

void mlir::bev::emitInit(OpBuilder &b, Location loc, Epilogue epilogue,
                         Value bias, Value out) {
  if (!epilogue.bias) {
    Value zero = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0));
    linalg::FillOp::create(b, loc, zero, out);
    return;
  }
  int64_t rank = cast<MemRefType>(out.getType()).getRank();
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  linalg::GenericOp::create(
      b, loc, bias, out,
      ArrayRef<AffineMap>{identity.getSubMap({unsigned(rank - 1)}), identity},
      parallel(rank), [](OpBuilder &b, Location loc, ValueRange args) {
        linalg::YieldOp::create(b, loc, args[0]);
      });
}

void mlir::bev::emitFinish(OpBuilder &b, Location loc, Epilogue epilogue,
                           Value residual, Value out) {
  if (!epilogue.residual && !epilogue.relu)
    return;
  int64_t rank = cast<MemRefType>(out.getType()).getRank();
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  SmallVector<Value> inputs;
  if (epilogue.residual)
    inputs.push_back(residual);
  SmallVector<AffineMap> maps(inputs.size() + 1, identity);
  linalg::GenericOp::create(
      b, loc, inputs, ValueRange{out}, maps, parallel(rank),
      [&](OpBuilder &b, Location loc, ValueRange args) {
        Value value = args.back();
        if (epilogue.residual)
          value = arith::AddFOp::create(b, loc, value, args[0]);
        if (epilogue.relu) {
          Value zero = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0));
          value = arith::MaximumFOp::create(b, loc, value, zero);
        }
        linalg::YieldOp::create(b, loc, value);
      });
}

void mlir::bev::emitProducts(OpBuilder &b, Location loc, Value lhs, Value rhs,
                             Value out, ArrayRef<AffineMap> maps,
                             ArrayRef<utils::IteratorType> iterators) {
  linalg::GenericOp::create(
      b, loc, ValueRange{lhs, rhs}, ValueRange{out}, maps, iterators,
      [](OpBuilder &b, Location loc, ValueRange args) {
        Value product = arith::MulFOp::create(b, loc, args[0], args[1]);
        Value sum = arith::AddFOp::create(b, loc, args[2], product);
        linalg::YieldOp::create(b, loc, sum);
      });
}
