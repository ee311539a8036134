// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the rewrites of onnx-simplify share.

#include "SimplifyPatterns.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

using namespace mlir;
using namespace mlir::bev::onnx;

bool mlir::bev::onnx::isInDeadBranch(NodeOp node) {
  for (auto parent = node->getParentOfType<NodeOp>(); parent;
       parent = parent->getParentOfType<NodeOp>())
    if (parent.is("If") && parent.input(0) && getConstant(parent.input(0)))
      return true;
  return false;
}

Value mlir::bev::onnx::createNode(OpBuilder &builder, Location loc,
                                  StringRef name, int64_t version,
                                  ValueRange inputs,
                                  ArrayRef<NamedAttribute> attributes) {
  MLIRContext *context = builder.getContext();
  Type unknown = UnrankedTensorType::get(UnknownType::get(context));
  auto node = NodeOp::create(
      builder, loc, TypeRange{unknown}, builder.getStringAttr(name),
      /*domain=*/StringAttr(), builder.getI64IntegerAttr(version),
      attributes.empty() ? DictionaryAttr()
                         : builder.getDictionaryAttr(attributes),
      /*subgraph_names=*/ArrayAttr(), inputs, /*subgraphsCount=*/0);
  SmallVector<Type> types;
  if (succeeded(inferResultTypes(node, types)))
    node->getResult(0).setType(types.front());
  return node->getResult(0);
}

Value mlir::bev::onnx::createIntegers(OpBuilder &builder, Location loc,
                                      ArrayRef<int64_t> values) {
  auto type =
      RankedTensorType::get({int64_t(values.size())}, builder.getI64Type());
  return ConstantOp::create(builder, loc, type,
                            DenseElementsAttr::get(type, values));
}

Value mlir::bev::onnx::createSplat(OpBuilder &builder, Location loc,
                                   RankedTensorType type, double value) {
  Attribute element;
  if (isa<FloatType>(type.getElementType()))
    element = builder.getFloatAttr(type.getElementType(), value);
  else
    element = builder.getIntegerAttr(type.getElementType(), int64_t(value));
  return ConstantOp::create(builder, loc, type,
                            DenseElementsAttr::get(type, element));
}

bool mlir::bev::onnx::isInstance(Type precise, Type general) {
  if (precise == general)
    return true;
  auto a = dyn_cast<TensorType>(precise), b = dyn_cast<TensorType>(general);
  if (!a || !b ||
      (a.getElementType() != b.getElementType() &&
       !isa<UnknownType>(b.getElementType())))
    return false;
  if (!b.hasRank())
    return true;
  if (!a.hasRank() || a.getRank() != b.getRank())
    return false;
  for (auto [size, other] : llvm::zip_equal(a.getShape(), b.getShape()))
    if (size != other && !ShapedType::isDynamic(other))
      return false;
  return true;
}

LogicalResult mlir::bev::onnx::replaceNode(PatternRewriter &rewriter,
                                           NodeOp node, Value value) {
  if (node.getNumResults() != 1)
    return failure();
  Type type = node->getResult(0).getType();
  if (!isInstance(value.getType(), type)) {
    // The same value under a more precise type: say so where it comes from.
    if (!isInstance(type, value.getType()) || !value.getDefiningOp<NodeOp>())
      return failure();
    value.setType(type);
  }
  // Others use what they were given, whatever its type; these keep theirs.
  if (value.getType() != type)
    for (Operation *user : node->getResult(0).getUsers())
      if (!isa<NodeOp, YieldOp>(user) && !user->hasTrait<OpTrait::ReturnLike>())
        return failure();
  rewriter.replaceOp(node, value);
  return success();
}

NodeOp mlir::bev::onnx::getNode(Value value, StringRef name) {
  auto node = value ? value.getDefiningOp<NodeOp>() : NodeOp();
  return node && node.is(name) ? node : NodeOp();
}

std::optional<SmallVector<int64_t>> mlir::bev::onnx::getIntegers(Value value) {
  if (!value || !getConstant(value))
    return std::nullopt;
  return getPartialIntegers(value);
}

std::optional<SmallVector<int64_t>>
mlir::bev::onnx::getList(NodeOp node, StringRef attribute, unsigned index) {
  if (auto stated = node.intsAttr(attribute))
    return stated;
  return getIntegers(node.input(index));
}

std::optional<double> mlir::bev::onnx::getSplat(Value value) {
  auto constant = dyn_cast_if_present<DenseElementsAttr>(
      value ? getConstant(value) : ElementsAttr());
  if (!constant || !constant.isSplat())
    return std::nullopt;
  Type element = constant.getElementType();
  if (isa<FloatType>(element))
    return constant.getSplatValue<APFloat>().convertToDouble();
  auto integer = dyn_cast<IntegerType>(element);
  if (!integer || integer.getWidth() > 64)
    return std::nullopt;
  APInt bits = constant.getSplatValue<APInt>();
  bool isUnsigned = integer.isUnsigned() || integer.getWidth() == 1;
  return isUnsigned ? double(bits.getZExtValue()) : double(bits.getSExtValue());
}

RankedTensorType mlir::bev::onnx::getRanked(Value value) {
  return value ? dyn_cast<RankedTensorType>(value.getType())
               : RankedTensorType();
}

RankedTensorType mlir::bev::onnx::getStatic(Value value) {
  RankedTensorType type = getRanked(value);
  return type && type.hasStaticShape() ? type : RankedTensorType();
}

Value mlir::bev::onnx::createReshape(OpBuilder &builder, Location loc,
                                     int64_t version, Value input,
                                     RankedTensorType type) {
  SmallVector<int64_t> target(type.getShape());
  bool hasZero = llvm::is_contained(target, 0);
  int64_t numDynamic = type.getNumDynamicDims();
  if (numDynamic > 1 || (numDynamic == 1 && hasZero))
    return Value();
  for (int64_t &size : target)
    if (ShapedType::isDynamic(size))
      size = -1;
  SmallVector<NamedAttribute> attributes;
  if (hasZero) {
    // A 0 is a size, which only newer versions can say.
    attributes.push_back(
        builder.getNamedAttr("allowzero", builder.getI64IntegerAttr(1)));
    version = std::max<int64_t>(version, 14);
  }
  Value shape = createIntegers(builder, loc, target);
  Value result =
      createNode(builder, loc, "Reshape", version, {input, shape}, attributes);
  if (getRanked(result))
    result.setType(type);
  return result;
}
