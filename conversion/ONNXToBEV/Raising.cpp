// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Raising.h"

#include "bev/Dialect/ONNX/IR/Resources.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

std::optional<SmallVector<float>>
mlir::bev::onnx_to_bev::getFloats(Value value) {
  ElementsAttr elements = value ? onnx::getConstant(value) : ElementsAttr();
  if (!elements)
    return std::nullopt;
  Type type = elements.getElementType();
  if (auto dense = dyn_cast<DenseElementsAttr>(elements)) {
    if (!isa<FloatType>(type))
      return std::nullopt;
    SmallVector<float> numbers;
    for (const APFloat &number : dense.getValues<APFloat>()) {
      APFloat single = number;
      bool isLossy;
      single.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven,
                     &isLossy);
      numbers.push_back(single.convertToFloat());
    }
    return numbers;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(elements);
  if (!resource || !type.isF32())
    return std::nullopt;
  return onnx::copyElements<float>(resource);
}

std::optional<double> mlir::bev::onnx_to_bev::getSplat(Value value) {
  ElementsAttr elements = value ? onnx::getConstant(value) : ElementsAttr();
  if (auto resource =
          dyn_cast_if_present<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || !resource.getElementType().isF32())
      return std::nullopt;
    ArrayRef<char> data = blob->getData();
    float number;
    if (data.size() < sizeof number ||
        data.drop_front(sizeof number) != data.drop_back(sizeof number))
      return std::nullopt;
    std::memcpy(&number, data.data(), sizeof number);
    return number;
  }
  auto dense = dyn_cast_if_present<DenseElementsAttr>(elements);
  if (!dense || dense.empty())
    return std::nullopt;
  // Elements may be the same without being stored as one.
  ArrayRef<char> data = dense.getRawData();
  size_t size = data.size() / dense.getNumElements();
  if (!dense.isSplat() &&
      (size == 0 || data.drop_front(size) != data.drop_back(size)))
    return std::nullopt;
  if (isa<FloatType>(dense.getElementType()))
    return (*dense.value_begin<APFloat>()).convertToDouble();
  if (auto type = dyn_cast<IntegerType>(dense.getElementType())) {
    APInt number = *dense.value_begin<APInt>();
    return type.isUnsigned() || type.getWidth() == 1
               ? number.roundToDouble()
               : number.signedRoundToDouble();
  }
  return std::nullopt;
}

bool mlir::bev::onnx_to_bev::isSplat(Value value, double number) {
  std::optional<double> splat = getSplat(value);
  return splat && *splat == number;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

NodeOp mlir::bev::onnx_to_bev::getNode(Value value, StringRef opType) {
  auto node = value ? value.getDefiningOp<NodeOp>() : NodeOp();
  return node && node.is(opType) ? node : NodeOp();
}

Value mlir::bev::onnx_to_bev::getOther(NodeOp node, Value value) {
  if (node.getNumOperands() != 2)
    return Value();
  if (node.getOperand(0) == value)
    return node.getOperand(1);
  return node.getOperand(1) == value ? node.getOperand(0) : Value();
}

std::optional<SmallVector<int64_t>>
mlir::bev::onnx_to_bev::getReductionAxes(NodeOp node) {
  auto type = dyn_cast<RankedTensorType>(node.getInputs().front().getType());
  if (!type)
    return std::nullopt;
  std::optional<SmallVector<int64_t>> axes = node.intsAttr("axes");
  if (Value input = node.input(1)) {
    axes = onnx::getPartialIntegers(input);
    if (!axes || llvm::is_contained(*axes, ShapedType::kDynamic))
      return std::nullopt;
  }
  if (!axes || axes->empty()) {
    if (node.intAttr("noop_with_empty_axes", 0))
      return SmallVector<int64_t>();
    return llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  }
  for (int64_t &axis : *axes) {
    axis += axis < 0 ? type.getRank() : 0;
    if (axis < 0 || axis >= type.getRank())
      return std::nullopt;
  }
  llvm::sort(*axes);
  return axes;
}

Value mlir::bev::onnx_to_bev::matchAffine(NodeOp node, AffineScalar &function) {
  if (node.getDomain() || node.getNumOperands() != 2)
    return Value();
  auto left = getSplat(node.getOperand(0)),
       right = getSplat(node.getOperand(1));
  if (bool(left) == bool(right))
    return Value();
  double number = left ? *left : *right;
  Value other = node.getOperand(left ? 1 : 0);
  // The constant must not be what gives the result its shape.
  if (other.getType() != node.getOutputs().front().getType())
    return Value();
  StringRef name = node.getOpType();
  if (name == "Add")
    function = {1.0, number};
  else if (name == "Mul")
    function = {number, 0.0};
  else if (name == "Sub")
    function = left ? AffineScalar{-1.0, number} : AffineScalar{1.0, -number};
  else if (name == "Div" && right && number != 0.0)
    function = {1.0 / number, 0.0};
  else
    return Value();
  return other;
}

RankedTensorType mlir::bev::onnx_to_bev::typeLike(Value like,
                                                  ArrayRef<int64_t> shape) {
  return RankedTensorType::get(
      shape, cast<ShapedType>(like.getType()).getElementType());
}

Value mlir::bev::onnx_to_bev::createEmpty(
    ImplicitLocOpBuilder &b, RankedTensorType type,
    ArrayRef<std::pair<Value, int64_t>> sizesFrom) {
  SmallVector<Value> sizes;
  for (auto [dim, size] : llvm::enumerate(type.getShape()))
    if (size == ShapedType::kDynamic)
      sizes.push_back(tensor::DimOp::create(b, sizesFrom[dim].first,
                                            sizesFrom[dim].second));
  return tensor::EmptyOp::create(b, type, sizes);
}
