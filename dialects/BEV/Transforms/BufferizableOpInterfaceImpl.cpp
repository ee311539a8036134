// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/Transforms/BufferizableOpInterfaceImpl.h"

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/DestinationStyleBufferization.h"

#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::bev;

void mlir::bev::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, BEVDialect *) {
    attachDestinationStyleModels<
        MSDeformAttnOp, DeformableAttentionOp, SpatialCrossAttentionOp,
        TemporalSelfAttentionOp, ProjectPointsOp, EgoShiftOp, ReferenceGridOp,
        WarpBEVOp, GridSampleOp, InverseSigmoidOp, FrustumToVoxelOp,
        IntervalPoolOp, SegmentPoolOp, MSDeformAttnBackwardOp,
        DeformableAttentionBackwardOp>(context);
  });
}
