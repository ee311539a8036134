// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Views that merge dimensions stay views where they are read at rows that were
// themselves read.

#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::bev {
#define GEN_PASS_DEF_FLATTENGATHERSPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

/// Whether `index` is made of anything but constants, arguments, sizes and loop
/// variables. What a loop carries is: a pool reads ranks a step ahead.
bool isComputed(Value index, int depth = 0) {
  Operation *op = index.getDefiningOp();
  if (auto argument = dyn_cast<BlockArgument>(index))
    if (auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp()))
      return argument != loop.getInductionVar();
  if (!op || isa<memref::DimOp>(op) || op->hasTrait<OpTrait::ConstantLike>())
    return false;
  bool isArithmetic =
      isa<affine::AffineDialect, arith::ArithDialect>(op->getDialect());
  constexpr int deepest = 16;
  if (!isArithmetic || depth == deepest)
    return true;
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    return isComputed(operand, depth + 1);
  });
}

/// Whether `view`, or a part of it, is read at a computed position.
bool isGathered(Value view) {
  for (Operation *user : view.getUsers()) {
    if (isa<ViewLikeOpInterface>(user)) {
      for (Value result : user->getResults())
        if (isa<MemRefType>(result.getType()) && isGathered(result))
          return true;
      continue;
    }
    ValueRange indices;
    if (auto load = dyn_cast<memref::LoadOp>(user))
      indices = load.getIndices();
    else if (auto load = dyn_cast<vector::LoadOp>(user))
      indices = load.getIndices();
    else if (auto read = dyn_cast<vector::TransferReadOp>(user))
      indices = read.getIndices();
    if (llvm::any_of(indices, [](Value index) { return isComputed(index); }))
      return true;
  }
  return false;
}

/// The same view from the source's base.
void flatten(memref::CollapseShapeOp op) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> sizes, strides;
  for (ArrayRef<int64_t> group : op.getReassociationIndices()) {
    AffineExpr product = b.getAffineConstantExpr(1);
    SmallVector<OpFoldResult> parts;
    for (auto [i, dim] : llvm::enumerate(group)) {
      product = product * b.getAffineSymbolExpr(i);
      parts.push_back(memref::getMixedSize(b, loc, op.getSrc(), dim));
    }
    sizes.push_back(
        affine::makeComposedFoldedAffineApply(b, loc, product, parts));
  }
  OpFoldResult stride = b.getIndexAttr(1);
  AffineExpr s0, s1;
  bindSymbols(b.getContext(), s0, s1);
  for (OpFoldResult size : llvm::reverse(sizes)) {
    strides.insert(strides.begin(), stride);
    stride =
        affine::makeComposedFoldedAffineApply(b, loc, s0 * s1, {stride, size});
  }
  // Sizes that the type has are constants in the op, too, and no others.
  MemRefType type = op.getResultType();
  auto [typeStrides, typeOffset] = type.getStridesAndOffset();
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!type.isDynamicDim(dim))
      sizes[dim] = b.getIndexAttr(type.getDimSize(dim));
    if (!ShapedType::isDynamic(typeStrides[dim]))
      strides[dim] = b.getIndexAttr(typeStrides[dim]);
  }
  Value cast = memref::ReinterpretCastOp::create(
      b, loc, type, op.getSrc(), b.getIndexAttr(0), sizes, strides);
  op.replaceAllUsesWith(cast);
  op.erase();
}

struct FlattenGathers
    : public bev::impl::FlattenGathersPassBase<FlattenGathers> {
  void runOnOperation() override {
    SmallVector<memref::CollapseShapeOp> ops;
    getOperation()->walk([&](memref::CollapseShapeOp op) {
      if (op.getSrcType().getLayout().isIdentity() &&
          op.getResultType().getLayout().isIdentity() &&
          isGathered(op.getResult()))
        ops.push_back(op);
    });
    for (memref::CollapseShapeOp op : ops)
      flatten(op);
  }
};

} // namespace
