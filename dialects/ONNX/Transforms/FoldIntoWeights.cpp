// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moves affine functions of channels into the constant weights of the product
// before them. The arithmetic on weights is written as nodes, which folding
// then computes.

#include "SimplifyPatterns.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// A convolution or Gemm with constant weights and no other use, whose output
/// channels are known.
static NodeOp getWeightedProducer(Value value, int64_t &channels,
                                  int64_t &weightAxis) {
  auto node = value ? value.getDefiningOp<NodeOp>() : NodeOp();
  if (!node || !value.hasOneUse())
    return NodeOp();
  RankedTensorType weights = getStatic(node.input(1));
  if (!weights || !getConstant(node.input(1)) ||
      (node.input(2) &&
       (!getConstant(node.input(2)) || !getStatic(node.input(2)))) ||
      !isa<FloatType>(weights.getElementType()))
    return NodeOp();
  if (node.is("Conv"))
    weightAxis = 0;
  else if (node.is("ConvTranspose") && node.intAttr("group", 1) == 1)
    weightAxis = 1;
  else if (node.is("Gemm") && weights.getRank() == 2 &&
           node.floatAttr("alpha", 1) == 1 && node.floatAttr("beta", 1) == 1)
    weightAxis = node.intAttr("transB", 0) ? 0 : 1;
  else
    return NodeOp();
  channels = weights.getDimSize(weightAxis);
  return node;
}

static RankedTensorType vectorType(int64_t size, Type element) {
  return RankedTensorType::get({size}, element);
}

/// The producer's bias as a vector; zeros where it has none. Null where it has
/// another shape.
static Value getBias(PatternRewriter &rewriter, NodeOp producer,
                     int64_t channels, Type element) {
  Value bias = producer.input(2);
  if (!bias)
    return createSplat(rewriter, producer.getLoc(),
                       vectorType(channels, element), 0);
  RankedTensorType type = getStatic(bias);
  if (type.getNumElements() != channels)
    return Value();
  // Gemm's may be a row; a column is one element per row of the result.
  for (int64_t dim = 0; dim + 1 < type.getRank(); ++dim)
    if (type.getDimSize(dim) != 1)
      return Value();
  if (type.getRank() == 1)
    return bias;
  return createReshape(rewriter, producer.getLoc(), producer.getVersion(), bias,
                       vectorType(channels, element));
}

/// `node` computes factor * product + shift per channel (no factor: 1);
/// replaces it by a copy of the producer that does.
static LogicalResult absorb(PatternRewriter &rewriter, NodeOp node,
                            NodeOp producer, int64_t channels,
                            int64_t weightAxis, Value factor, Value shift,
                            Value center) {
  Location loc = producer.getLoc();
  int64_t version = producer.getVersion();
  RankedTensorType weights = getStatic(producer.input(1));
  Type element = weights.getElementType();
  Value bias = getBias(rewriter, producer, channels, element);
  if (!bias)
    return failure();
  auto arithmetic = [&](StringRef name, Value lhs, Value rhs) {
    return createNode(rewriter, loc, name, version, {lhs, rhs});
  };
  Value kernel = producer.input(1);
  if (center)
    bias = arithmetic("Sub", bias, center);
  if (factor) {
    SmallVector<int64_t> shape(weights.getRank(), 1);
    shape[weightAxis] = channels;
    Value scale = createReshape(rewriter, loc, version, factor,
                                RankedTensorType::get(shape, element));
    kernel = arithmetic("Mul", kernel, scale);
    bias = arithmetic("Mul", bias, factor);
  }
  if (shift)
    bias = arithmetic("Add", bias, shift);
  SmallVector<NamedAttribute> attributes;
  if (producer.getNodeAttributes())
    llvm::append_range(attributes, *producer.getNodeAttributes());
  return replaceNode(rewriter, node,
                     createNode(rewriter, loc, producer.getOpType(), version,
                                {producer.input(0), kernel, bias}, attributes));
}

static LogicalResult foldBatchNormalization(NodeOp node,
                                            PatternRewriter &rewriter) {
  if (node.intAttr("training_mode", 0) != 0 || node.getInputs().size() != 5 ||
      llvm::any_of(node.getResults().drop_front(),
                   [](Value result) { return !result.use_empty(); }))
    return failure();
  int64_t channels, axis;
  NodeOp producer = getWeightedProducer(node.input(0), channels, axis);
  if (!producer)
    return failure();
  Type element = getStatic(producer.input(1)).getElementType();
  for (unsigned i = 1; i < 5; ++i)
    if (!getConstant(node.input(i)) ||
        node.input(i).getType() != vectorType(channels, element))
      return failure();
  if (node.getNumResults() != 1)
    return failure();
  Location loc = node.getLoc();
  int64_t version = node.getVersion();
  Value epsilon = createSplat(rewriter, loc, RankedTensorType::get({}, element),
                              node.floatAttr("epsilon", 1e-5f));
  Value variance =
      createNode(rewriter, loc, "Add", version, {node.input(4), epsilon});
  Value deviation = createNode(rewriter, loc, "Sqrt", version, {variance});
  Value factor =
      createNode(rewriter, loc, "Div", version, {node.input(1), deviation});
  return absorb(rewriter, node, producer, channels, axis, factor, node.input(2),
                node.input(3));
}

/// A constant of one element per channel of a result of that rank, as a
/// vector; or one element, for all.
static Value getPerChannel(PatternRewriter &rewriter, Value value, int64_t rank,
                           int64_t channelAxis, int64_t channels) {
  RankedTensorType type = getStatic(value);
  if (!type || !getConstant(value) || type.getRank() > rank)
    return Value();
  int64_t lead = rank - type.getRank();
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    int64_t size = type.getDimSize(dim);
    if (size != 1 && (lead + dim != channelAxis || size != channels))
      return Value();
  }
  int64_t count = type.getNumElements();
  auto vector = vectorType(count, type.getElementType());
  Value flat = type == vector
                   ? value
                   : createReshape(rewriter, value.getLoc(), 13, value, vector);
  if (count == channels)
    return flat;
  return createNode(
      rewriter, value.getLoc(), "Expand", 13,
      {flat, createIntegers(rewriter, value.getLoc(), {channels})});
}

/// Add and Mul of constants per channel behind a convolution.
static LogicalResult foldChannelArithmetic(NodeOp node,
                                           PatternRewriter &rewriter) {
  for (unsigned side = 0; side < 2 && node.getInputs().size() == 2; ++side) {
    int64_t channels, axis;
    NodeOp producer = getWeightedProducer(node.input(side), channels, axis);
    RankedTensorType type = getRanked(node.input(side));
    if (!producer || !type || node->getResult(0).getType() != type)
      continue;
    int64_t channelAxis = producer.is("Gemm") ? type.getRank() - 1 : 1;
    Value operand = getPerChannel(rewriter, node.input(1 - side),
                                  type.getRank(), channelAxis, channels);
    if (!operand)
      continue;
    bool isAdd = node.is("Add");
    return absorb(rewriter, node, producer, channels, axis,
                  isAdd ? Value() : operand, isAdd ? operand : Value(),
                  Value());
  }
  return failure();
}

/// Gemm's constant weights in the order of MatMul's.
static LogicalResult transposeGemmWeights(NodeOp node,
                                          PatternRewriter &rewriter) {
  RankedTensorType weights = getStatic(node.input(1));
  if (node.intAttr("transB", 0) == 0 || !weights ||
      !getConstant(node.input(1)) || weights.getRank() != 2)
    return failure();
  Value transposed = createNode(
      rewriter, node.getLoc(), "Transpose", node.getVersion(), {node.input(1)},
      rewriter.getNamedAttr("perm", rewriter.getDenseI64ArrayAttr({1, 0})));
  NamedAttrList attributes(*node.getNodeAttributes());
  attributes.erase("transB");
  rewriter.modifyOpInPlace(node, [&] {
    node.getInputsMutable().slice(1, 1).assign(transposed);
    if (attributes.empty())
      node.removeNodeAttributesAttr();
    else
      node.setNodeAttributesAttr(
          attributes.getDictionary(rewriter.getContext()));
  });
  return success();
}

void mlir::bev::onnx::populateWeightPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<FunctionPattern>(context, "BatchNormalization",
                                foldBatchNormalization);
  patterns.add<FunctionPattern>(context, "Add", foldChannelArithmetic);
  patterns.add<FunctionPattern>(context, "Mul", foldChannelArithmetic);
  patterns.add<FunctionPattern>(context, "Gemm", transposeGemmWeights);
}
