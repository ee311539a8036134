// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of ONNX nodes whose inputs are constants.

#include "bev/Dialect/ONNX/IR/Evaluation.h"
#include "EvaluationTable.h"

using namespace mlir;
using namespace mlir::bev::onnx;

std::optional<SmallVector<int64_t>> Evaluation::integers(unsigned index) const {
  const Tensor *tensor = input(index);
  if (!tensor || tensor->getRank() > 1 ||
      !isa<IntegerType>(tensor->getElementType()))
    return std::nullopt;
  return tensor->toIntegers();
}

std::optional<SmallVector<int64_t>> Evaluation::list(StringRef attribute,
                                                     unsigned index) const {
  if (auto values = NodeOp(node).intsAttr(attribute))
    return values;
  return integers(index);
}

LogicalResult Evaluation::emit(Tensor output) {
  if (!fits(output.getShape()))
    return failure();
  outputs.push_back(std::move(output));
  return success();
}

static const EvaluationTable &getTable() {
  static const EvaluationTable table = [] {
    EvaluationTable table;
    addElementwiseEvaluations(table);
    addMathEvaluations(table);
    addMovementEvaluations(table);
    addIndexingEvaluations(table);
    addGenerationEvaluations(table);
    addReductionEvaluations(table);
    addLinearAlgebraEvaluations(table);
    addQuantizationEvaluations(table);
    return table;
  }();
  return table;
}

LogicalResult mlir::bev::onnx::evaluateTensors(
    NodeOp node, ArrayRef<std::optional<Tensor>> inputs, int64_t maxElements,
    SmallVectorImpl<Tensor> &outputs) {
  StringRef domain = node.getDomain().value_or("");
  if (!domain.empty() && domain != "ai.onnx")
    return failure();
  auto entry = getTable().find(node.getOpType());
  if (entry == getTable().end())
    return failure();
  Evaluation evaluation{
      node, SmallVector<std::optional<Tensor>>(inputs), maxElements, {}};
  if (failed(entry->second(evaluation)) ||
      evaluation.outputs.size() < node.getNumResults())
    return failure();
  outputs.assign(evaluation.outputs.begin(),
                 evaluation.outputs.begin() + node.getNumResults());
  return success();
}

LogicalResult
mlir::bev::onnx::evaluate(NodeOp node, ArrayRef<ElementsAttr> inputs,
                          int64_t maxElements,
                          SmallVectorImpl<ElementsAttr> &outputs) {
  SmallVector<std::optional<Tensor>> tensors;
  for (ElementsAttr input : inputs) {
    if (!input) {
      tensors.emplace_back();
      continue;
    }
    tensors.push_back(Tensor::get(input));
    if (!tensors.back())
      return failure();
  }
  SmallVector<Tensor> results;
  if (failed(evaluateTensors(node, tensors, maxElements, results)))
    return failure();
  outputs.clear();
  for (const Tensor &result : results)
    outputs.push_back(result.toAttr());
  return success();
}
