// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of evaluations, by operator name, and what its entries work with.

#ifndef BEV_DIALECTS_ONNX_IR_EVALUATIONTABLE_H
#define BEV_DIALECTS_ONNX_IR_EVALUATIONTABLE_H

#include "ShapeRules.h"
#include "Tensor.h"

#include "llvm/ADT/StringMap.h"

namespace mlir::bev::onnx {

/// One evaluation of a node: its inputs, and its outputs as they come.
struct Evaluation {
  NodeOp node;
  SmallVector<std::optional<Tensor>> inputs;
  int64_t maxElements;
  SmallVector<Tensor> outputs;

  /// The input, or null where it is left out.
  const Tensor *input(unsigned index) const {
    return index < inputs.size() && inputs[index] ? &*inputs[index] : nullptr;
  }
  bool has(unsigned index) const { return input(index) != nullptr; }
  unsigned numInputs() const { return inputs.size(); }
  int64_t version() const { return NodeOp(node).getVersion(); }

  /// Whether a result of that shape may be computed.
  bool fits(ArrayRef<int64_t> shape) const {
    std::optional<int64_t> count = countElements(shape);
    return count && *count <= maxElements;
  }
  /// The integers of an input of rank 0 or 1; nothing where it is left out.
  std::optional<SmallVector<int64_t>> integers(unsigned index) const;
  /// A list that is an attribute in old versions and an input in new ones.
  std::optional<SmallVector<int64_t>> list(StringRef attribute,
                                           unsigned index) const;

  /// Appends an output. Fails where it is too large.
  LogicalResult emit(Tensor output);
};

using EvaluateFn = LogicalResult (*)(Evaluation &);
using EvaluationTable = llvm::StringMap<EvaluateFn>;

void addElementwiseEvaluations(EvaluationTable &table);
void addMathEvaluations(EvaluationTable &table);
void addMovementEvaluations(EvaluationTable &table);
void addIndexingEvaluations(EvaluationTable &table);
void addGenerationEvaluations(EvaluationTable &table);
void addReductionEvaluations(EvaluationTable &table);
void addLinearAlgebraEvaluations(EvaluationTable &table);
void addQuantizationEvaluations(EvaluationTable &table);

/// Computes the outputs on tensors; as `evaluate`, which works on attributes.
LogicalResult evaluateTensors(NodeOp node,
                              ArrayRef<std::optional<Tensor>> inputs,
                              int64_t maxElements,
                              SmallVectorImpl<Tensor> &outputs);

} // namespace mlir::bev::onnx

#endif // BEV_DIALECTS_ONNX_IR_EVALUATIONTABLE_H
