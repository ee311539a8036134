// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TilingInterface of every op.  An op is described by one table: for each
// operand, which loop of the iteration domain each of its dimensions follows.

#include "bev/Dialect/BEV/IR/BEV.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

/// A dimension that a tile takes whole.
constexpr int kWhole = -1;

/// Loop of the iteration domain that each dimension of an operand follows.
using OperandMap = SmallVector<int, 6>;

struct TileMaps {
  unsigned numLoops;
  /// One entry per operand, in operand order; operands without shape are left
  /// out at the end.
  SmallVector<OperandMap, 6> operands;
};

} // namespace

/// The map of an attention's value, with the dimensions of its layout.
template <typename OpTy>
static OperandMap getValueMap(OpTy op) {
  OperandMap map(cast<ShapedType>(op.getValue().getType()).getRank(), kWhole);
  map.front() = 0;
  map[op.getHeadDim()] = 2;
  map.back() = 3;
  return map;
}

/// The loops are the dimensions of the result: [B,Q,M,D] for the attentions.
static TileMaps getTileMaps(Operation *op) {
  constexpr int W = kWhole;
  return llvm::TypeSwitch<Operation *, TileMaps>(op)
      .Case([](MSDeformAttnOp op) {
        return TileMaps{4,
                        {getValueMap(op),    // value
                         {0, 1, 2, W, W, W}, // locations
                         {0, 1, 2, W, W},    // weights
                         {0, 1, 2, 3}}};     // init
      })
      .Case([](DeformableAttentionOp op) {
        return TileMaps{4,
                        {getValueMap(op),    // value
                         {0, 1, W, W},       // reference
                         {0, 1, 2, W, W, W}, // offsets
                         {0, 1, 2, W},       // logits
                         {0, 1, 2, 3}}};     // init
      })
      .Case([](SpatialCrossAttentionOp op) {
        return TileMaps{4,
                        {getValueMap(op),    // value
                         {0, W, 1, W, W},    // uv
                         {0, W, 1, W},       // visible
                         {0, 1, 2, W, W, W}, // offsets
                         {0, 1, 2, W},       // logits
                         {0, 1, 2, 3}}};     // init
      })
      .Case([](TemporalSelfAttentionOp op) {
        return TileMaps{4,
                        {getValueMap(op),       // value
                         {0, W, 1, W, W},       // reference
                         {0, 1, 2, W, W, W, W}, // offsets
                         {0, 1, 2, W, W},       // logits
                         {0, 1, 2, 3}}};        // init
      })
      .Case([](ProjectPointsOp) {
        return TileMaps{4,
                        {{0, 2, 3, W},    // points
                         {0, 1, W, W},    // lidar2img
                         {1, W},          // image_size
                         {0, 1, 2, 3, W}, // uv
                         {0, 1, 2, 3}}};  // visible
      })
      .Case([](EgoShiftOp) { return TileMaps{1, {{0, W}, {0, W}}}; })
      .Case([](ReferenceGridOp grid) {
        OperandMap init = {0, W};
        if (grid.getPillarHeight())
          init.push_back(W);
        return TileMaps{1, {init}};
      })
      .Case([](WarpBEVOp warp) {
        TileMaps maps{4, {{0, W, W, 3}, {0}}};
        if (warp.getReset())
          maps.operands.push_back({0});
        maps.operands.push_back({0, 1, 2, 3});
        return maps;
      })
      .Case([](GridSampleOp) {
        return TileMaps{4, {{0, 1, W, W}, {0, 2, 3, W}, {0, 1, 2, 3}}};
      })
      .Case([](FrustumToVoxelOp frustum) {
        TileMaps maps{5, {{2}, {0, 1, W, W}, {0, 1, W, W}}};
        if (frustum.getImageAugmentation())
          maps.operands.push_back({0, 1, W, W});
        if (frustum.getBevAugmentation())
          maps.operands.push_back({0, W, W});
        maps.operands.push_back({0, 1, 2, 3, 4});
        return maps;
      })
      .Case([](VoxelPoolOp pool) {
        // Any point may be of any cell: only the channels are loops.
        TileMaps maps{1, {}};
        for (Value operand : pool->getOperands()) {
          int64_t rank = cast<ShapedType>(operand.getType()).getRank();
          OperandMap map(rank, kWhole);
          if (operand == pool.getFeat() || operand == pool.getInit())
            map.back() = 0;
          maps.operands.push_back(map);
        }
        return maps;
      })
      .Case([](IntervalPoolOp pool) {
        int rank = cast<ShapedType>(pool.getInit().getType()).getRank();
        auto identity = llvm::to_vector<6>(llvm::seq<int>(0, rank));
        TileMaps maps{unsigned(rank), {{W, rank - 1}}};
        for (Value table :
             {pool.getDepth(), pool.getRanksDepth(), pool.getRanksFeat()})
          if (table)
            maps.operands.push_back({W});
        OperandMap bounds = identity;
        bounds.back() = W;
        maps.operands.push_back(bounds);
        maps.operands.push_back(identity);
        return maps;
      })
      .Case([](SegmentPoolOp) {
        return TileMaps{2, {{W, 1}, {W}, {0, W}, {}, {0, 1}}};
      })
      .Case([](InverseSigmoidOp sigmoid) {
        unsigned rank = cast<ShapedType>(sigmoid.getInit().getType()).getRank();
        auto identity = llvm::to_vector<6>(llvm::seq<int>(0, rank));
        return TileMaps{rank, {identity, identity}};
      })
      .DefaultUnreachable("every op of the dialect has a tile map");
}

static OpFoldResult sizeOf(OpBuilder &b, Location loc, Value operand,
                           int64_t dim) {
  if (isa<MemRefType>(operand.getType()))
    return memref::getMixedSize(b, loc, operand, dim);
  return tensor::getMixedSize(b, loc, operand, dim);
}

static SmallVector<Range> iterationDomain(DestinationStyleOpInterface op,
                                          OpBuilder &b) {
  TileMaps maps = getTileMaps(op);
  SmallVector<Range> domain(maps.numLoops);
  // The last init has every loop in its dimensions, for every op.
  OpOperand *init = op.getDpsInitOperand(op.getNumDpsInits() - 1);
  const OperandMap &map = maps.operands[init->getOperandNumber()];
  for (auto [dim, loop] : llvm::enumerate(map)) {
    if (loop == kWhole)
      continue;
    OpFoldResult size = sizeOf(b, op.getLoc(), init->get(), dim);
    domain[loop] = Range{b.getIndexAttr(0), size, b.getIndexAttr(1)};
  }
  return domain;
}

/// Offsets and sizes of the part of `operand` that a tile touches.
static void operandTile(OpBuilder &b, Location loc, Value operand,
                        const OperandMap &map, ArrayRef<OpFoldResult> offsets,
                        ArrayRef<OpFoldResult> sizes,
                        SmallVectorImpl<OpFoldResult> &tileOffsets,
                        SmallVectorImpl<OpFoldResult> &tileSizes) {
  for (auto [dim, loop] : llvm::enumerate(map)) {
    if (loop != kWhole) {
      tileOffsets.push_back(offsets[loop]);
      tileSizes.push_back(sizes[loop]);
      continue;
    }
    tileOffsets.push_back(b.getIndexAttr(0));
    tileSizes.push_back(sizeOf(b, loc, operand, dim));
  }
}

static Operation *slice(OpBuilder &b, Location loc, Value operand,
                        ArrayRef<OpFoldResult> offsets,
                        ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> strides(offsets.size(), b.getIndexAttr(1));
  // Upstream takes no slices of nothing.
  auto tensor = dyn_cast<RankedTensorType>(operand.getType());
  if (tensor && llvm::is_contained(tensor.getShape(), 0))
    return tensor::EmptyOp::create(b, loc, sizes, tensor.getElementType());
  if (isa<MemRefType>(operand.getType()))
    return memref::SubViewOp::create(b, loc, operand, offsets, sizes, strides);
  return tensor::ExtractSliceOp::create(b, loc, operand, offsets, sizes,
                                        strides);
}

/// `base` (a constant 0 where absent) plus `offset`.
static Value shiftOrigin(OpBuilder &b, Location loc, Value base,
                         OpFoldResult offset) {
  Value shift = getValueOrCreateConstantIndexOp(b, loc, offset);
  if (!base)
    return shift;
  AffineExpr sum = b.getAffineDimExpr(0) + b.getAffineDimExpr(1);
  return getValueOrCreateConstantIndexOp(
      b, loc,
      affine::makeComposedFoldedAffineApply(b, loc, sum,
                                            {OpFoldResult(base), shift}));
}

static FailureOr<TilingResult> tile(DestinationStyleOpInterface op,
                                    OpBuilder &b,
                                    ArrayRef<OpFoldResult> offsets,
                                    ArrayRef<OpFoldResult> sizes) {
  TileMaps maps = getTileMaps(op);
  Location loc = op.getLoc();
  SmallVector<Value> operands(op->getOperands());
  SmallVector<Operation *> slices;
  for (auto [number, map] : llvm::enumerate(maps.operands)) {
    // A scalar.
    if (map.empty())
      continue;
    SmallVector<OpFoldResult> tileOffsets, tileSizes;
    operandTile(b, loc, operands[number], map, offsets, sizes, tileOffsets,
                tileSizes);
    Operation *part = slice(b, loc, operands[number], tileOffsets, tileSizes);
    operands[number] = part->getResult(0);
    slices.push_back(part);
  }
  SmallVector<Type> resultTypes;
  for (OpOperand &init : op.getDpsInitsMutable())
    if (isa<RankedTensorType>(init.get().getType()))
      resultTypes.push_back(operands[init.getOperandNumber()].getType());

  Operation *tiled = mlir::clone(b, op, resultTypes, operands);
  // A tile of these ops must know where in the whole result it lies.
  if (auto grid = dyn_cast<ReferenceGridOp>(tiled)) {
    grid.getOriginMutable().assign(
        shiftOrigin(b, loc, grid.getOrigin(), offsets[0]));
    tiled->moveBefore(b.getInsertionBlock(), b.getInsertionPoint());
  } else if (auto warp = dyn_cast<WarpBEVOp>(tiled)) {
    OperandRange origin = warp.getOrigin();
    Value row =
        shiftOrigin(b, loc, origin.empty() ? Value() : origin[0], offsets[1]);
    Value column =
        shiftOrigin(b, loc, origin.empty() ? Value() : origin[1], offsets[2]);
    warp.getOriginMutable().assign({row, column});
    tiled->moveBefore(b.getInsertionBlock(), b.getInsertionPoint());
  }
  if (auto frustum = dyn_cast<FrustumToVoxelOp>(tiled)) {
    auto whole = cast<FrustumToVoxelOp>(op.getOperation());
    OperandRange origin = whole.getOrigin();
    SmallVector<Value> shifted, sizes(whole.getFeatureSize());
    for (int64_t axis : {0, 1}) {
      shifted.push_back(shiftOrigin(
          b, loc, origin.empty() ? Value() : origin[axis], offsets[3 + axis]));
      if (origin.empty())
        sizes.push_back(getValueOrCreateConstantIndexOp(
            b, loc, sizeOf(b, loc, whole.getInit(), 3 + axis)));
    }
    frustum.getOriginMutable().assign(shifted);
    frustum.getFeatureSizeMutable().assign(sizes);
    tiled->moveBefore(b.getInsertionBlock(), b.getInsertionPoint());
  }
  return TilingResult{{tiled}, SmallVector<Value>(tiled->getResults()), slices};
}

static LogicalResult resultTile(DestinationStyleOpInterface op, OpBuilder &b,
                                unsigned resultNumber,
                                ArrayRef<OpFoldResult> offsets,
                                ArrayRef<OpFoldResult> sizes,
                                SmallVector<OpFoldResult> &resultOffsets,
                                SmallVector<OpFoldResult> &resultSizes) {
  OpOperand *init = op.getDpsInitOperand(resultNumber);
  TileMaps maps = getTileMaps(op);
  operandTile(b, op.getLoc(), init->get(),
              maps.operands[init->getOperandNumber()], offsets, sizes,
              resultOffsets, resultSizes);
  return success();
}

static FailureOr<TilingResult> tileForResult(TilingInterface op, OpBuilder &b,
                                             unsigned resultNumber,
                                             ArrayRef<OpFoldResult> offsets,
                                             ArrayRef<OpFoldResult> sizes) {
  auto dps = cast<DestinationStyleOpInterface>(op.getOperation());
  OpOperand *init = dps.getDpsInitOperand(resultNumber);
  TileMaps maps = getTileMaps(op);
  SmallVector<Range> domain = op.getIterationDomain(b);
  SmallVector<OpFoldResult> loopOffsets, loopSizes;
  for (const Range &range : domain) {
    loopOffsets.push_back(range.offset);
    loopSizes.push_back(range.size);
  }
  for (auto [dim, loop] :
       llvm::enumerate(maps.operands[init->getOperandNumber()])) {
    if (loop == kWhole) {
      // A part of what tiles take whole: not by this op.
      std::optional<int64_t> size = getConstantIntValue(sizes[dim]);
      if (!isConstantIntValue(offsets[dim], 0) || !size ||
          *size != cast<ShapedType>(init->get().getType()).getDimSize(dim))
        return failure();
      continue;
    }
    loopOffsets[loop] = offsets[dim];
    loopSizes[loop] = sizes[dim];
  }
  FailureOr<TilingResult> tiled =
      op.getTiledImplementation(b, loopOffsets, loopSizes);
  if (failed(tiled))
    return failure();
  return TilingResult{tiled->tiledOps,
                      {tiled->tiledValues[resultNumber]},
                      tiled->generatedSlices};
}

#define BEV_TILING_INTERFACE(OpTy)                                             \
  SmallVector<utils::IteratorType> OpTy::getLoopIteratorTypes() {              \
    return SmallVector<utils::IteratorType>(getTileMaps(*this).numLoops,       \
                                            utils::IteratorType::parallel);    \
  }                                                                            \
  SmallVector<Range> OpTy::getIterationDomain(OpBuilder &b) {                  \
    return iterationDomain(*this, b);                                          \
  }                                                                            \
  FailureOr<TilingResult> OpTy::getTiledImplementation(                        \
      OpBuilder &b, ArrayRef<OpFoldResult> offsets,                            \
      ArrayRef<OpFoldResult> sizes) {                                          \
    return tile(*this, b, offsets, sizes);                                     \
  }                                                                            \
  LogicalResult OpTy::getResultTilePosition(                                   \
      OpBuilder &b, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,     \
      ArrayRef<OpFoldResult> sizes, SmallVector<OpFoldResult> &resultOffsets,  \
      SmallVector<OpFoldResult> &resultSizes) {                                \
    return resultTile(*this, b, resultNumber, offsets, sizes, resultOffsets,   \
                      resultSizes);                                            \
  }                                                                            \
  FailureOr<TilingResult> OpTy::generateResultTileValue(                       \
      OpBuilder &b, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,     \
      ArrayRef<OpFoldResult> sizes) {                                          \
    return tileForResult(*this, b, resultNumber, offsets, sizes);              \
  }

BEV_TILING_INTERFACE(MSDeformAttnOp)
BEV_TILING_INTERFACE(DeformableAttentionOp)
BEV_TILING_INTERFACE(SpatialCrossAttentionOp)
BEV_TILING_INTERFACE(TemporalSelfAttentionOp)
BEV_TILING_INTERFACE(ProjectPointsOp)
BEV_TILING_INTERFACE(EgoShiftOp)
BEV_TILING_INTERFACE(ReferenceGridOp)
BEV_TILING_INTERFACE(WarpBEVOp)
BEV_TILING_INTERFACE(GridSampleOp)
BEV_TILING_INTERFACE(InverseSigmoidOp)
BEV_TILING_INTERFACE(FrustumToVoxelOp)
BEV_TILING_INTERFACE(VoxelPoolOp)
BEV_TILING_INTERFACE(IntervalPoolOp)
BEV_TILING_INTERFACE(SegmentPoolOp)

#undef BEV_TILING_INTERFACE
