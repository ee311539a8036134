// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dynamic memrefs that kernels use become a base pointer and sizes.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::bev {
#define GEN_PASS_DEF_FLATTENLAUNCHCAPTURESPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

bool isBarePointer(MemRefType type) {
  return type.hasStaticShape() && type.getLayout().isIdentity();
}

/// Sizes of dynamic memrefs as results of `extract_strided_metadata`: outlining
/// would otherwise move a `memref.dim`, and with it the whole memref, into the
/// kernel.
void replaceDims(Operation *root) {
  SmallVector<memref::DimOp> dims;
  root->walk([&](memref::DimOp dim) { dims.push_back(dim); });
  for (memref::DimOp dim : dims) {
    auto type = dyn_cast<MemRefType>(dim.getSource().getType());
    std::optional<int64_t> index = dim.getConstantIndex();
    if (!type || !index || *index < 0 || *index >= type.getRank())
      continue;
    OpBuilder b(dim);
    Value size;
    if (type.isDynamicDim(*index))
      size = memref::ExtractStridedMetadataOp::create(b, dim.getLoc(),
                                                      dim.getSource())
                 .getSizes()[*index];
    else
      size = arith::ConstantIndexOp::create(b, dim.getLoc(),
                                            type.getDimSize(*index));
    dim.replaceAllUsesWith(size);
    dim.erase();
  }
}

void flatten(gpu::LaunchOp launch) {
  llvm::SetVector<Value> captures;
  getUsedValuesDefinedAbove(launch.getBody(), captures);
  for (Value capture : captures) {
    auto type = dyn_cast<MemRefType>(capture.getType());
    if (!type || isBarePointer(type))
      continue;
    OpBuilder b(launch);
    Location loc = launch.getLoc();
    auto metadata = memref::ExtractStridedMetadataOp::create(b, loc, capture);
    auto [strides, offset] = type.getStridesAndOffset();
    auto mix = [&](ArrayRef<int64_t> known, ValueRange values) {
      SmallVector<OpFoldResult> mixed;
      for (auto [constant, value] : llvm::zip_equal(known, values))
        mixed.push_back(ShapedType::isDynamic(constant)
                            ? OpFoldResult(value)
                            : b.getIndexAttr(constant));
      return mixed;
    };
    SmallVector<OpFoldResult> sizes = mix(type.getShape(), metadata.getSizes());
    SmallVector<OpFoldResult> mixedStrides =
        mix(strides, metadata.getStrides());
    OpFoldResult mixedOffset = ShapedType::isDynamic(offset)
                                   ? OpFoldResult(metadata.getOffset())
                                   : b.getIndexAttr(offset);
    b.setInsertionPointToStart(&launch.getBody().front());
    Value rebuilt = memref::ReinterpretCastOp::create(
        b, loc, type, metadata.getBaseBuffer(), mixedOffset, sizes,
        mixedStrides);
    replaceAllUsesInRegionWith(capture, rebuilt, launch.getBody());
  }
}

struct FlattenLaunchCaptures
    : public bev::impl::FlattenLaunchCapturesPassBase<FlattenLaunchCaptures> {
  void runOnOperation() override {
    replaceDims(getOperation());
    SmallVector<gpu::LaunchOp> launches;
    getOperation()->walk(
        [&](gpu::LaunchOp launch) { launches.push_back(launch); });
    for (gpu::LaunchOp launch : launches)
      flatten(launch);
  }
};

} // namespace
