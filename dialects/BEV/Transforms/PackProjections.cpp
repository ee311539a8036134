// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Offsets and logits of an attention from one product.

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVPACKPROJECTIONSPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// `input` times `weight`, and a bias for each column.
struct LinearLayer {
  Value input, weight;
  /// The product: [rows, columns].
  Value product;
  /// One for each column; absent where nothing is added.
  Value bias;
  /// The product as the bias is added to it, and the sum; absent where the
  /// product begins with its bias.
  Value summand;
  linalg::GenericOp addition;
  /// The layer's result.
  Value result;

  int64_t columns() const {
    return cast<ShapedType>(product.getType()).getDimSize(1);
  }
  /// What takes the product's rows apart before the bias is added, or none.
  tensor::ExpandShapeOp split() const {
    return summand ? summand.getDefiningOp<tensor::ExpandShapeOp>()
                   : tensor::ExpandShapeOp();
  }
};

} // namespace

/// The vector whose elements are the columns of all rows of `matrix`.
static Value getSpreadVector(Value matrix) {
  if (auto broadcast = matrix.getDefiningOp<linalg::BroadcastOp>())
    return broadcast.getDimensions() == ArrayRef<int64_t>{0} &&
                   cast<ShapedType>(broadcast.getInput().getType()).getRank() ==
                       1
               ? broadcast.getInput()
               : Value();
  return {};
}

static bool isZeros(Value matrix) {
  auto fill = matrix.getDefiningOp<linalg::FillOp>();
  return fill && matchPattern(fill.getInputs().front(), m_PosZeroFloat());
}

/// Whether `op` adds a vector to the last dimension of its first operand.
static bool isBiasAddition(linalg::GenericOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      op.getNumReductionLoops() != 0 || !op.hasPureTensorSemantics())
    return false;
  const unsigned loops = op.getNumLoops();
  MLIRContext *context = op.getContext();
  AffineMap identity = AffineMap::getMultiDimIdentityMap(loops, context);
  AffineMap last =
      AffineMap::get(loops, 0, getAffineDimExpr(loops - 1, context));
  if (op.getIndexingMapsArray() !=
      SmallVector<AffineMap>{identity, last, identity})
    return false;
  Block &body = op.getRegion().front();
  auto sum = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  return sum && llvm::hasSingleElement(body.without_terminator()) &&
         ((sum.getLhs() == body.getArgument(0) &&
           sum.getRhs() == body.getArgument(1)) ||
          (sum.getLhs() == body.getArgument(1) &&
           sum.getRhs() == body.getArgument(0)));
}

/// The layer that computes `operand` but for what takes its columns apart.
static std::optional<LinearLayer> getLayer(Value operand) {
  while (auto expand = operand.getDefiningOp<tensor::ExpandShapeOp>())
    operand = expand.getSrc();
  LinearLayer layer;
  layer.result = layer.product = operand;
  layer.addition = operand.getDefiningOp<linalg::GenericOp>();
  if (layer.addition) {
    if (!isBiasAddition(layer.addition))
      return std::nullopt;
    layer.bias = layer.addition.getInputs()[1];
    layer.product = layer.summand = layer.addition.getInputs()[0];
    if (tensor::ExpandShapeOp split = layer.split()) {
      layer.product = split.getSrc();
      if (split.getReassociationIndices().back().size() != 1)
        return std::nullopt;
    }
    // Nobody else wants the product without its bias.
    if (!layer.summand.hasOneUse() || !layer.product.hasOneUse())
      return std::nullopt;
  }
  auto product = layer.product.getDefiningOp<linalg::MatmulOp>();
  if (!product || product.hasUserDefinedMaps() ||
      ShapedType::isDynamic(layer.columns()))
    return std::nullopt;
  layer.input = product.getInputs()[0];
  layer.weight = product.getInputs()[1];
  Value init = product.getOutputs()[0];
  if (!layer.addition)
    layer.bias = getSpreadVector(init);
  if ((layer.addition || !layer.bias) && !isZeros(init))
    return std::nullopt;
  return layer;
}

/// `parts` behind each other in the last dimension, of constants a constant.
static Value concatenate(OpBuilder &b, Location loc, ArrayRef<Value> parts) {
  auto firstType = cast<RankedTensorType>(parts.front().getType());
  SmallVector<int64_t> shape(firstType.getShape());
  shape.back() = 0;
  SmallVector<ArrayRef<char>> bytes;
  const int64_t elementBytes = firstType.getElementTypeBitWidth() / 8;
  for (Value part : parts) {
    auto type = cast<RankedTensorType>(part.getType());
    shape.back() += type.getShape().back();
    ElementsAttr elements;
    if (!matchPattern(part, m_Constant(&elements)))
      continue;
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
      if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
        bytes.push_back(blob->getData());
    } else if (auto dense = dyn_cast<DenseElementsAttr>(elements)) {
      bytes.push_back(dense.getRawData());
    }
  }
  const int64_t dim = shape.size() - 1;
  auto type = firstType.clone(shape);
  auto fitsOrSplat = [&](auto pair) {
    auto [part, data] = pair;
    int64_t count = cast<ShapedType>(part.getType()).getNumElements();
    return int64_t(data.size()) == count * elementBytes ||
           int64_t(data.size()) == elementBytes;
  };
  if (bytes.size() != parts.size() ||
      !llvm::all_of(llvm::zip(parts, bytes), fitsOrSplat))
    return tensor::ConcatOp::create(b, loc, type, dim, parts);

  int64_t rows = 1;
  for (int64_t size : ArrayRef(shape).drop_back())
    rows *= size;
  std::vector<char> data;
  data.reserve(type.getNumElements() * elementBytes);
  for (int64_t row = 0; row < rows; ++row)
    for (auto [part, source] : llvm::zip_equal(parts, bytes)) {
      const int64_t columns =
          cast<ShapedType>(part.getType()).getShape().back();
      if (int64_t(source.size()) == elementBytes) {
        for (int64_t column = 0; column < columns; ++column)
          data.insert(data.end(), source.begin(), source.end());
        continue;
      }
      ArrayRef<char> slice =
          source.slice(row * columns * elementBytes, columns * elementBytes);
      data.insert(data.end(), slice.begin(), slice.end());
    }
  return arith::ConstantOp::create(
      b, loc, DenseElementsAttr::getFromRawBuffer(type, data));
}

/// Bytes of an input that is worth putting weights side by side at run time: as
/// much as a cache holds is read a second time in less than that takes.
static constexpr int64_t kLargeInputBytes = 32 << 20;

static bool isConstant(Value value) {
  return matchPattern(value, m_Constant());
}

static Block *getBlock(const LinearLayer &layer) {
  Value product = layer.product;
  return product.getParentBlock();
}

/// Whether both layers can be one.
static bool arePackable(const LinearLayer &x, const LinearLayer &y) {
  if (x.product == y.product || x.input != y.input || !x.bias != !y.bias ||
      !x.addition != !y.addition || getBlock(x) != getBlock(y))
    return false;
  auto haveSameElements = [](Value a, Value b) {
    return !a || getElementTypeOrSelf(a) == getElementTypeOrSelf(b);
  };
  auto isStatic = [](Value value) {
    return !value || cast<ShapedType>(value.getType()).hasStaticShape();
  };
  if (!haveSameElements(x.weight, y.weight) ||
      !haveSameElements(x.product, y.product) ||
      !haveSameElements(x.bias, y.bias) ||
      !haveSameElements(x.result, y.result) || !isStatic(x.weight) ||
      !isStatic(y.weight) || !isStatic(x.bias) || !isStatic(y.bias))
    return false;
  if (isConstant(x.weight) && isConstant(y.weight))
    return true;
  auto type = cast<ShapedType>(x.input.getType());
  return type.hasStaticShape() &&
         type.getNumElements() * type.getElementTypeBitWidth() / 8 >=
             kLargeInputBytes;
}

/// Where one layer can stand for both: before the first op that reads either
/// result. Null where something that it takes is not there yet.
static Operation *getInsertionPoint(ArrayRef<LinearLayer> layers) {
  Block *block = getBlock(layers.front());
  Operation *first = nullptr;
  for (const LinearLayer &layer : layers)
    for (Operation *user : layer.result.getUsers()) {
      Operation *ancestor = block->findAncestorOpInBlock(*user);
      if (!ancestor)
        return nullptr;
      if (!first || ancestor->isBeforeInBlock(first))
        first = ancestor;
    }
  if (!first)
    return nullptr;
  DominanceInfo dominance;
  auto isThere = [&](Value value) {
    return !value || dominance.properlyDominates(value, first);
  };
  for (const LinearLayer &layer : layers) {
    if (!isThere(layer.input) || !isThere(layer.weight) || !isThere(layer.bias))
      return nullptr;
    if (tensor::ExpandShapeOp split = layer.split())
      if (!llvm::all_of(split.getOutputShape(), isThere))
        return nullptr;
  }
  return first;
}

/// Replaces the layers by one and slices of its result.
static void pack(OpBuilder &b, ArrayRef<LinearLayer> layers) {
  const LinearLayer &first = layers.front();
  Location loc = first.product.getLoc();
  SmallVector<Value> weights, biases;
  for (const LinearLayer &layer : layers) {
    weights.push_back(layer.weight);
    if (layer.bias)
      biases.push_back(layer.bias);
  }
  Value weight = concatenate(b, loc, weights);
  Value bias = biases.empty() ? Value() : concatenate(b, loc, biases);
  OpFoldResult rows = tensor::getMixedSize(b, loc, first.input, 0);
  OpFoldResult columns =
      b.getIndexAttr(cast<ShapedType>(weight.getType()).getDimSize(1));
  auto createEmpty = [&](Value like) -> Value {
    return tensor::EmptyOp::create(b, loc,
                                   ArrayRef<OpFoldResult>{rows, columns},
                                   getElementTypeOrSelf(like));
  };

  Value init = createEmpty(first.product);
  if (bias && !first.addition) {
    init = linalg::BroadcastOp::create(b, loc, bias, init, ArrayRef<int64_t>{0})
               ->getResult(0);
  } else {
    Value zero = arith::ConstantOp::create(
        b, loc, b.getZeroAttr(getElementTypeOrSelf(init)));
    init = linalg::FillOp::create(b, loc, ValueRange{zero}, ValueRange{init})
               .getResult(0);
  }
  Value packed = linalg::MatmulOp::create(b, loc, TypeRange{init.getType()},
                                          ValueRange{first.input, weight},
                                          ValueRange{init})
                     ->getResult(0);
  if (linalg::GenericOp addition = first.addition) {
    AffineMap identity = b.getMultiDimIdentityMap(2);
    SmallVector<AffineMap> maps = {
        identity, AffineMap::get(2, 0, b.getAffineDimExpr(1)), identity};
    SmallVector<utils::IteratorType> loops(2, utils::IteratorType::parallel);
    Value empty = createEmpty(first.result);
    auto sum = linalg::GenericOp::create(b, loc, TypeRange{empty.getType()},
                                         ValueRange{packed, bias},
                                         ValueRange{empty}, maps, loops);
    b.cloneRegionBefore(addition.getRegion(), sum.getRegion(),
                        sum.getRegion().begin());
    packed = sum.getResult(0);
  }

  int64_t column = 0;
  for (const LinearLayer &layer : layers) {
    SmallVector<OpFoldResult> offsets = {b.getIndexAttr(0),
                                         b.getIndexAttr(column)},
                              sizes = {rows, b.getIndexAttr(layer.columns())},
                              strides(2, b.getIndexAttr(1));
    Value part =
        tensor::ExtractSliceOp::create(b, loc, packed, offsets, sizes, strides);
    if (tensor::ExpandShapeOp split = layer.split())
      part = tensor::ExpandShapeOp::create(b, loc, layer.result.getType(), part,
                                           split.getReassociationIndices(),
                                           split.getMixedOutputShape());
    Value result = layer.result;
    result.replaceAllUsesWith(part);
    column += layer.columns();
  }
}

namespace {

struct PackProjectionsPass
    : bev::impl::BEVPackProjectionsPassBase<PackProjectionsPass> {
  void runOnOperation() override {
    SmallVector<std::pair<Value, Value>> pairs;
    getOperation()->walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case<DeformableAttentionOp, SpatialCrossAttentionOp,
                TemporalSelfAttentionOp>([&](auto attention) {
            if (isa<RankedTensorType>(attention.getOffsets().getType()))
              pairs.push_back({attention.getOffsets(), attention.getLogits()});
          });
    });
    for (auto [offsets, logits] : pairs) {
      std::optional<LinearLayer> x = getLayer(offsets), y = getLayer(logits);
      if (!x || !y || !arePackable(*x, *y))
        continue;
      Operation *at = getInsertionPoint({*x, *y});
      if (!at)
        continue;
      OpBuilder b(at);
      pack(b, {*x, *y});
    }
  }
};

} // namespace
