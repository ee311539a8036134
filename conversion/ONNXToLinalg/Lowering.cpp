// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What lowerings see of a node, and the tables of lowerings.

#include "Lowering.h"

#include "NarrowTypes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

Type mlir::bev::onnx_to_linalg::convertType(Type type) {
  if (auto tensor = dyn_cast<TensorType>(type)) {
    Type element = convertType(tensor.getElementType());
    return element ? tensor.clone(element) : Type();
  }
  if (isNarrowFloat(type) || isNarrowInteger(type))
    return IntegerType::get(type.getContext(), 8);
  if (auto integer = dyn_cast<IntegerType>(type))
    return IntegerType::get(type.getContext(), integer.getWidth());
  if (isa<onnx::ONNXDialect>(type.getDialect()))
    return Type();
  return type;
}

Lowering::Lowering(onnx::NodeOp node, ValueRange operands, OpBuilder &builder,
                   InlineFunction inlineBlock)
    : node(node), b(node.getLoc(), builder), inlineBlock(inlineBlock),
      operands(operands), results(node.getOutputs().size()) {}

Value Lowering::input(unsigned index) const {
  return index < operands.size() ? operands[index] : Value();
}

RankedTensorType Lowering::onnxType(unsigned index) const {
  auto node = this->node;
  auto type = cast<RankedTensorType>(operands[index].getType());
  return type.clone(getElementTypeOrSelf(node.getInputs()[index].getType()));
}

bool Lowering::isUnsigned(unsigned index) const {
  auto node = this->node;
  return getElementTypeOrSelf(node.getInputs()[index].getType())
      .isUnsignedInteger();
}

RankedTensorType Lowering::resultType(unsigned index) const {
  auto node = this->node;
  return cast<RankedTensorType>(
      convertType(node.getOutputs()[index].getType()));
}

Type Lowering::onnxResultElementType(unsigned index) const {
  auto node = this->node;
  return getElementTypeOrSelf(node.getOutputs()[index].getType());
}

void Lowering::setResult(unsigned index, Value value) {
  results[index] = value;
}

LogicalResult Lowering::unsupported(const Twine &why) {
  reason = why.str();
  return failure();
}

Block *Lowering::subgraph(StringRef name) {
  if (ArrayAttr names = node.getSubgraphNamesAttr())
    for (auto [index, attr] : llvm::enumerate(names.getAsRange<StringAttr>()))
      if (attr.getValue() == name)
        return &node.getSubgraphs()[index].front();
  return nullptr;
}

LowerFunction mlir::bev::onnx_to_linalg::lookupLowering(StringRef opType) {
  static const llvm::StringMap<LowerFunction> table = [] {
    llvm::StringMap<LowerFunction> table;
    for (ArrayRef<Entry> entries :
         {getElementwiseLowerings(), getShapeLowerings(),
          getIndexingLowerings(), getControlFlowLowerings(),
          getReductionLowerings(), getLinearAlgebraLowerings(),
          getConvolutionLowerings(), getNormalizationLowerings(),
          getSamplingLowerings(), getQuantizationLowerings()})
      for (const Entry &entry : entries)
        table.try_emplace(entry.opType, entry.lower);
    return table;
  }();
  return table.lookup(opType);
}
