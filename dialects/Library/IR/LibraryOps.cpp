// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers, result shapes and effects of the library ops.

#include "bev/Dialect/Library/IR/Library.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::bev::library;

static LogicalResult reifyFromInit(Value init, Location loc, OpBuilder &builder,
                                   ReifiedRankedShapedTypeDims &shapes) {
  if (!isa<RankedTensorType>(init.getType()))
    return failure();
  shapes.push_back(tensor::getMixedSizes(builder, loc, init));
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

LogicalResult MatMulOp::reifyResultShapes(OpBuilder &builder,
                                          ReifiedRankedShapedTypeDims &shapes) {
  return reifyFromInit(getInit(), getLoc(), builder, shapes);
}

void MatMulOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, effects);
}

LogicalResult
ConvolutionOp::reifyResultShapes(OpBuilder &builder,
                                 ReifiedRankedShapedTypeDims &shapes) {
  return reifyFromInit(getInit(), getLoc(), builder, shapes);
}

void ConvolutionOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, effects);
}

static ShapedType shaped(Value value) {
  return cast<ShapedType>(value.getType());
}

/// Whether two sizes can be the same.
static bool compatible(int64_t a, int64_t b) {
  return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) || a == b;
}

/// Checks what the ops have in common: tensors or memrefs throughout, a result
/// for tensors only, a bias for the channels and a residual like init.
static LogicalResult verifyCommon(Operation *op, Value bias, Value residual,
                                  Value init, unsigned channelDim,
                                  StringRef prefix) {
  bool onTensors = isa<TensorType>(init.getType());
  for (Value operand : op->getOperands())
    if (isa<TensorType>(operand.getType()) != onTensors)
      return op->emitOpError("expected all operands to be tensors or all to be "
                             "memrefs");
  if (op->getNumResults() != (onTensors ? 1u : 0u))
    return op->emitOpError("expected ")
           << (onTensors ? "a result" : "no result") << " with an init of type "
           << init.getType();
  if (onTensors && op->getResult(0).getType() != init.getType())
    return op->emitOpError("expected the result's type to be init's (")
           << init.getType() << "), but got " << op->getResult(0).getType();
  if (bias && (shaped(bias).getRank() != 1 ||
               !compatible(shaped(bias).getDimSize(0),
                           shaped(init).getDimSize(channelDim))))
    return op->emitOpError("(")
           << prefix
           << ") expected 'bias' to have one dimension, of the size of init's "
              "dim "
           << channelDim << ", but got " << bias.getType();
  if (residual &&
      failed(verifyCompatibleShape(residual.getType(), init.getType())))
    return op->emitOpError("(")
           << prefix << ") expected 'residual' to have init's shape "
           << init.getType() << ", but got " << residual.getType();
  return success();
}

LogicalResult MatMulOp::verify() {
  if (getIndexingMaps().size() != 3)
    return emitOpError("(mm_c1) expected 3 'indexing_maps', but got ")
           << getIndexingMaps().size();
  unsigned numDims = getMap(2).getNumDims();
  if (numDims < 3 || numDims > 5)
    return emitOpError("(mm_c1) expected maps of 3 to 5 dimensions, but got ")
           << numDims;
  unsigned m = numDims - 3, n = numDims - 2, k = numDims - 1;
  const unsigned needed[3][2] = {{m, k}, {k, n}, {m, n}};
  const unsigned excluded[3] = {n, m, k};
  Value operands[] = {getLhs(), getRhs(), getInit()};
  SmallVector<int64_t> sizes(numDims, ShapedType::kDynamic);
  for (unsigned i = 0; i < 3; ++i) {
    AffineMap map = getMap(i);
    StringRef name = i == 0 ? "lhs" : i == 1 ? "rhs" : "init";
    bool isInit = i == 2;
    auto isRight = [&] {
      if (map.getNumDims() != numDims || map.getNumSymbols() != 0 ||
          !map.isProjectedPermutation() ||
          map.getNumResults() != unsigned(shaped(operands[i]).getRank()) ||
          !map.isFunctionOfDim(needed[i][0]) ||
          !map.isFunctionOfDim(needed[i][1]) ||
          map.isFunctionOfDim(excluded[i]))
        return false;
      return !isInit ||
             (map.getNumResults() == numDims - 1 &&
              map.getResults().back() == getAffineDimExpr(n, getContext()));
    };
    if (!isRight())
      return emitOpError("(mm_c2) expected the map of ")
             << name << " to be a permutation of its dimensions among (b.., m, "
             << "n, k)" << (isInit ? " with n last" : "") << ", but got "
             << AffineMapAttr::get(map) << " for " << operands[i].getType();
    for (auto [position, size] :
         llvm::enumerate(shaped(operands[i]).getShape())) {
      unsigned dim = map.getDimPosition(position);
      if (!compatible(sizes[dim], size))
        return emitOpError("(mm_c3) expected dim ")
               << position << " of " << name << " to equal " << sizes[dim]
               << ", but got " << size;
      if (ShapedType::isDynamic(sizes[dim]))
        sizes[dim] = size;
    }
  }
  return verifyCommon(*this, getBias(), getResidual(), getInit(),
                      getChannelDim(), "mm_c3");
}

LogicalResult ConvolutionOp::verify() {
  if (shaped(getInput()).getRank() != 4 || shaped(getFilter()).getRank() != 4 ||
      shaped(getInit()).getRank() != 4)
    return emitOpError("(conv_c1) expected 'input', 'filter' and 'init' of "
                       "rank 4");
  auto isBelow = [](ArrayRef<int64_t> values, int64_t bound) {
    return llvm::any_of(values, [&](int64_t v) { return v < bound; });
  };
  if (getStrides().size() != 2 || isBelow(getStrides(), 1) ||
      getDilations().size() != 2 || isBelow(getDilations(), 1) ||
      getPadding().size() != 4 || isBelow(getPadding(), 0) ||
      static_cast<int64_t>(getGroups()) < 1)
    return emitOpError("(conv_c2) expected 2 positive 'strides', 2 positive "
                       "'dilations', 4 non-negative 'padding' and positive "
                       "'groups'");
  ArrayRef<int64_t> input = shaped(getInput()).getShape(),
                    filter = shaped(getFilter()).getShape(),
                    init = shaped(getInit()).getShape();
  int64_t groups = getGroups();
  bool channels = ShapedType::isDynamic(input[3]) ||
                  ShapedType::isDynamic(filter[1]) ||
                  (input[3] % groups == 0 && input[3] / groups == filter[1]);
  if (!channels ||
      (!ShapedType::isDynamic(filter[0]) && filter[0] % groups != 0))
    return emitOpError("(conv_c3) expected ")
           << groups << " groups of the input's channels and of the filters, "
           << "but got " << getInput().getType() << " and "
           << getFilter().getType();
  if (!compatible(filter[0], init[3]))
    return emitOpError("(conv_c4) expected dim 3 of 'init' to equal the number "
                       "of filters (")
           << filter[0] << "), but got " << init[3];
  if (!compatible(input[0], init[0]))
    return emitOpError(
               "(conv_c4) expected dim 0 of 'init' to equal the batch (")
           << input[0] << "), but got " << init[0];
  for (unsigned i = 0; i < 2; ++i) {
    int64_t size = input[1 + i], taps = filter[2 + i], out = init[1 + i];
    if (ShapedType::isDynamic(size) || ShapedType::isDynamic(taps) ||
        ShapedType::isDynamic(out))
      continue;
    // Sizes are bounded so that none of this overflows.
    constexpr int64_t limit = int64_t(1) << 31;
    int64_t before = getPadding()[i], after = getPadding()[2 + i];
    int64_t dilation = getDilations()[i], stride = getStrides()[i];
    if (std::max({size, taps, before, after, dilation, stride}) >= limit)
      return emitOpError("(conv_c2) expected sizes, 'padding', 'strides' and "
                         "'dilations' below 2^31");
    int64_t room = size + before + after - (taps - 1) * dilation - 1;
    int64_t expected = room < 0 || taps < 1 ? 0 : room / stride + 1;
    if (out != expected)
      return emitOpError("(conv_c5) expected dim ")
             << 1 + i << " of 'init' to equal " << expected << ", but got "
             << out;
  }
  return verifyCommon(*this, getBias(), getResidual(), getInit(),
                      getChannelDim(), "conv_c4");
}

#define GET_OP_CLASSES
#include "bev/Dialect/Library/IR/LibraryOps.cpp.inc"
