// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What all ops of the dialect share: level syntax, result shapes, effects.

#include "bev/Dialect/BEV/IR/BEV.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::bev;

//===----------------------------------------------------------------------===//
// custom<Levels>: [H, W], [%h, %w], ...
//===----------------------------------------------------------------------===//

static ParseResult
parseLevels(OpAsmParser &parser,
            SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands,
            DenseI64ArrayAttr &staticLevels) {
  SmallVector<int64_t> sizes;
  auto parseSize = [&]() -> ParseResult {
    OpAsmParser::UnresolvedOperand operand;
    OptionalParseResult parsed = parser.parseOptionalOperand(operand);
    if (parsed.has_value()) {
      if (failed(*parsed))
        return failure();
      operands.push_back(operand);
      sizes.push_back(ShapedType::kDynamic);
      return success();
    }
    return parser.parseInteger(sizes.emplace_back());
  };
  auto parseLevel = [&]() -> ParseResult {
    return failure(parser.parseLSquare() || parseSize() ||
                   parser.parseComma() || parseSize() || parser.parseRSquare());
  };
  if (parser.parseCommaSeparatedList(parseLevel))
    return failure();
  staticLevels = parser.getBuilder().getDenseI64ArrayAttr(sizes);
  return success();
}

static void printLevels(OpAsmPrinter &printer, Operation *,
                        OperandRange operands, DenseI64ArrayAttr staticLevels) {
  unsigned next = 0;
  ArrayRef<int64_t> sizes = staticLevels.asArrayRef();
  for (size_t i = 0; i < sizes.size(); ++i) {
    printer << (i % 2 == 0 ? (i ? ", [" : "[") : ", ");
    // Too few operands: an op that was not verified.
    if (ShapedType::isDynamic(sizes[i]) && next < operands.size())
      printer.printOperand(operands[next++]);
    else
      printer << sizes[i];
    if (i % 2 == 1)
      printer << "]";
  }
}

//===----------------------------------------------------------------------===//
// Syntax of points
//===----------------------------------------------------------------------===//

using OptionalOperand = std::optional<OpAsmParser::UnresolvedOperand>;

/// Ranks of depths, which may be absent, and of features.
static ParseResult parsePointRanks(OpAsmParser &parser,
                                   OptionalOperand &ranksDepth,
                                   OptionalOperand &ranksFeat, Type &depthType,
                                   Type &featType) {
  OpAsmParser::UnresolvedOperand first, second;
  if (parser.parseOperand(first))
    return failure();
  const bool hasDepth = succeeded(parser.parseOptionalComma());
  if (hasDepth && parser.parseOperand(second))
    return failure();
  if (parser.parseColon())
    return failure();
  if (hasDepth && (parser.parseType(depthType) || parser.parseComma()))
    return failure();
  if (hasDepth)
    ranksDepth = first;
  ranksFeat = hasDepth ? second : first;
  return parser.parseType(featType);
}

static void printPointRanks(OpAsmPrinter &printer, Operation *,
                            Value ranksDepth, Value ranksFeat, Type depthType,
                            Type featType) {
  if (ranksDepth)
    printer << ranksDepth << ", ";
  printer << ranksFeat << " : ";
  if (ranksDepth)
    printer << depthType << ", ";
  printer << featType;
}

//===----------------------------------------------------------------------===//
// Interfaces with one answer for every op
//===----------------------------------------------------------------------===//

static LogicalResult reifyFromInits(DestinationStyleOpInterface op,
                                    OpBuilder &builder,
                                    ReifiedRankedShapedTypeDims &shapes) {
  for (OpOperand &init : op.getDpsInitsMutable()) {
    if (!isa<RankedTensorType>(init.get().getType()))
      return failure();
    shapes.push_back(tensor::getMixedSizes(builder, op.getLoc(), init.get()));
  }
  return success();
}

static void
addEffects(DestinationStyleOpInterface op,
           SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
               &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    MemoryEffects::Effect *effect =
        op.isDpsInit(&operand)
            ? static_cast<MemoryEffects::Effect *>(MemoryEffects::Write::get())
            : MemoryEffects::Read::get();
    effects.emplace_back(effect, &operand, /*stage=*/0,
                         /*effectOnFullRegion=*/true,
                         SideEffects::DefaultResource::get());
  }
}

#define BEV_COMMON_INTERFACES(OpTy)                                            \
  LogicalResult OpTy::reifyResultShapes(OpBuilder &builder,                    \
                                        ReifiedRankedShapedTypeDims &shapes) { \
    return reifyFromInits(*this, builder, shapes);                             \
  }                                                                            \
  void OpTy::getEffects(                                                       \
      SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>      \
          &effects) {                                                          \
    addEffects(*this, effects);                                                \
  }

BEV_COMMON_INTERFACES(MSDeformAttnOp)
BEV_COMMON_INTERFACES(DeformableAttentionOp)
BEV_COMMON_INTERFACES(SpatialCrossAttentionOp)
BEV_COMMON_INTERFACES(TemporalSelfAttentionOp)
BEV_COMMON_INTERFACES(ProjectPointsOp)
BEV_COMMON_INTERFACES(EgoShiftOp)
BEV_COMMON_INTERFACES(ReferenceGridOp)
BEV_COMMON_INTERFACES(WarpBEVOp)
BEV_COMMON_INTERFACES(GridSampleOp)
BEV_COMMON_INTERFACES(InverseSigmoidOp)
BEV_COMMON_INTERFACES(FrustumToVoxelOp)
BEV_COMMON_INTERFACES(VoxelPoolOp)
BEV_COMMON_INTERFACES(IntervalPoolOp)
BEV_COMMON_INTERFACES(SegmentPoolOp)
BEV_COMMON_INTERFACES(MSDeformAttnBackwardOp)
BEV_COMMON_INTERFACES(DeformableAttentionBackwardOp)

#undef BEV_COMMON_INTERFACES

#define GET_OP_CLASSES
#include "bev/Dialect/BEV/IR/BEVOps.cpp.inc"
