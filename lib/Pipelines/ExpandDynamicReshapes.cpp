// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// memref.expand_shape with several dynamic sizes in one group.

#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_EXPANDDYNAMICRESHAPESPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

/// Whether a group of result dimensions has more than one dynamic size.
bool isUnderdetermined(memref::ExpandShapeOp op) {
  MemRefType type = op.getResultType();
  return llvm::any_of(op.getReassociationIndices(),
                      [&](ArrayRef<int64_t> group) {
                        return llvm::count_if(group, [&](int64_t dim) {
                                 return type.isDynamicDim(dim);
                               }) > 1;
                      });
}

/// The same view from the source's base, with the sizes that the op states.
void expand(memref::ExpandShapeOp op) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  auto source = memref::ExtractStridedMetadataOp::create(b, loc, op.getSrc());
  SmallVector<OpFoldResult> sizes = op.getMixedOutputShape();
  SmallVector<OpFoldResult> strides(sizes.size());
  SmallVector<OpFoldResult> sourceStrides = source.getConstifiedMixedStrides();
  for (auto [index, group] : llvm::enumerate(op.getReassociationIndices())) {
    OpFoldResult stride = sourceStrides[index];
    for (int64_t dim : llvm::reverse(group)) {
      strides[dim] = stride;
      AffineExpr s0, s1;
      bindSymbols(b.getContext(), s0, s1);
      if (dim != group.front())
        stride = affine::makeComposedFoldedAffineApply(b, loc, s0 * s1,
                                                       {stride, sizes[dim]});
    }
  }
  // Sizes and strides that the type has are constants in the op, too.
  MemRefType type = op.getResultType();
  auto [typeStrides, typeOffset] = type.getStridesAndOffset();
  for (size_t dim = 0; dim < sizes.size(); ++dim)
    if (!ShapedType::isDynamic(typeStrides[dim]))
      strides[dim] = b.getIndexAttr(typeStrides[dim]);
  OpFoldResult offset = source.getConstifiedMixedOffset();
  if (!ShapedType::isDynamic(typeOffset))
    offset = b.getIndexAttr(typeOffset);
  Value cast = memref::ReinterpretCastOp::create(
      b, loc, type, source.getBaseBuffer(), offset, sizes, strides);
  op.replaceAllUsesWith(cast);
  op.erase();
}

struct ExpandDynamicReshapes
    : public bev::impl::ExpandDynamicReshapesPassBase<ExpandDynamicReshapes> {
  void runOnOperation() override {
    SmallVector<memref::ExpandShapeOp> ops;
    getOperation()->walk([&](memref::ExpandShapeOp op) {
      if (isUnderdetermined(op))
        ops.push_back(op);
    });
    llvm::for_each(ops, expand);
  }
};

} // namespace
