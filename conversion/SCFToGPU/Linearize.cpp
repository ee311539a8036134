// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Iteration numbers of multi-dimensional index spaces.

#include "bev/Conversion/SCFToGPU/Linearize.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::bev;

OpFoldResult mlir::bev::multiplySizes(OpBuilder &b, Location loc,
                                      ArrayRef<OpFoldResult> sizes) {
  int64_t constant = 1;
  Value product;
  for (OpFoldResult size : sizes) {
    if (std::optional<int64_t> value = getConstantIntValue(size)) {
      constant *= *value;
      continue;
    }
    Value value = cast<Value>(size);
    product = product
                  ? arith::MulIOp::create(b, loc, product, value).getResult()
                  : value;
  }
  if (!product || constant == 0)
    return b.getIndexAttr(constant);
  if (constant == 1)
    return product;
  Value factor = arith::ConstantIndexOp::create(b, loc, constant);
  return arith::MulIOp::create(b, loc, product, factor).getResult();
}

bool mlir::bev::fitsIn31Bits(ArrayRef<OpFoldResult> sizes) {
  int64_t product = 1;
  for (OpFoldResult size : sizes) {
    std::optional<int64_t> value = getConstantIntValue(size);
    if (!value || *value > (int64_t(1) << 31))
      return false;
    product *= *value;
    // A block has at most 1024 threads.
    if (product > (int64_t(1) << 31) - 1024)
      return false;
  }
  return true;
}

SmallVector<Value> mlir::bev::delinearize(OpBuilder &b, Location loc,
                                          Value linear,
                                          ArrayRef<OpFoldResult> sizes) {
  Type type = linear.getType();
  Type indexType = b.getIndexType();
  SmallVector<Value> indices(sizes.size());
  Value rest = linear;
  for (int64_t i = static_cast<int64_t>(sizes.size()) - 1; i >= 0; --i) {
    Value index = rest;
    std::optional<int64_t> constant = getConstantIntValue(sizes[i]);
    if (constant && *constant == 1) {
      indices[i] = arith::ConstantIndexOp::create(b, loc, 0);
      continue;
    }
    // Whatever is left belongs to the first dimension.
    bool last = llvm::all_of(sizes.take_front(i), [](OpFoldResult size) {
      return isConstantIntValue(size, 1);
    });
    if (!last) {
      Value size;
      if (constant)
        size = arith::ConstantOp::create(b, loc,
                                         b.getIntegerAttr(type, *constant));
      else
        size = cast<Value>(sizes[i]);
      index = arith::RemUIOp::create(b, loc, rest, size);
      rest = arith::DivUIOp::create(b, loc, rest, size);
    } else {
      rest = arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, 0));
    }
    indices[i] = type == indexType
                     ? index
                     : arith::IndexCastUIOp::create(b, loc, indexType, index)
                           .getResult();
  }
  return indices;
}
