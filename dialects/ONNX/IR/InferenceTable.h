// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of type inferences, by operator name, and what its entries work
// with.

#ifndef BEV_DIALECTS_ONNX_IR_INFERENCETABLE_H
#define BEV_DIALECTS_ONNX_IR_INFERENCETABLE_H

#include "PartialValues.h"
#include "ShapeRules.h"

#include "llvm/ADT/StringMap.h"

namespace mlir::bev::onnx {

/// One inference of a node's result types. What is not known stays so: shapes
/// of unknown rank are `nullopt`, unknown sizes `ShapedType::kDynamic`, unknown
/// element types null.
struct Inference {
  NodeOp node;
  PartialValues &values;
  SmallVector<Type> types;
  /// A result that would have negative sizes, and its shape.
  std::optional<std::pair<unsigned, Shape>> negative;

  MLIRContext *context() { return node.getContext(); }
  int64_t version() { return node.getVersion(); }
  unsigned numInputs() { return node.getInputs().size(); }
  unsigned numResults() { return node.getNumResults(); }
  bool has(unsigned index) { return bool(node.input(index)); }

  std::optional<Shape> shape(unsigned index);
  std::optional<int64_t> rank(unsigned index);
  Type element(unsigned index);
  /// The integers of an input of rank 0 or 1 as far as they are known.
  std::optional<SmallVector<int64_t>> integers(unsigned index);
  /// A list that is an attribute in some versions and an input in others.
  std::optional<SmallVector<int64_t>> list(StringRef attribute, unsigned index);
  /// Whether that list is stated nowhere.
  bool lacksList(StringRef attribute, unsigned index);
  /// Whether all elements of a small input are known.
  bool isKnown(unsigned index);
  /// The only element of an input, where it is known.
  std::optional<int64_t> integer(unsigned index);

  /// States the type of a result, where the node has that many.
  void set(unsigned index, Type element, std::optional<Shape> shape);
  /// The result of that index has the type of an input.
  LogicalResult same(unsigned result, unsigned input);

  /// An error at the node.
  InFlightDiagnostic error() { return node.emitNodeError(); }
  /// Checks that inputs (where present and known) have one element type.
  LogicalResult checkSameElements(ArrayRef<unsigned> inputs);
  /// An axis attribute counted from the front.
  FailureOr<int64_t> axis(int64_t stated, int64_t rank);

  Type i1() { return IntegerType::get(context(), 1); }
  Type i64() { return IntegerType::get(context(), 64); }
  Type f32() { return Float32Type::get(context()); }
};

/// The element type of that number in ONNX's enumeration, or null.
Type getTypeOfNumber(MLIRContext *context, int64_t number);

/// A shape as diagnostics print it: `2x?x3`.
std::string toString(ArrayRef<int64_t> shape);

/// The most precise type that both are instances of.
Type joinTypes(Type lhs, Type rhs);

using InferFn = LogicalResult (*)(Inference &);
/// An inference, the fewest inputs that it may be called with, and the most
/// results that the operator has.
struct InferenceEntry {
  InferFn infer;
  unsigned minInputs;
  unsigned maxResults = 1;
};
inline constexpr unsigned kAnyNumber = ~0u;
using InferenceTable = llvm::StringMap<InferenceEntry>;

void addElementwiseInferences(InferenceTable &table);
void addMovementInferences(InferenceTable &table);
void addIndexingInferences(InferenceTable &table);
void addGenerationInferences(InferenceTable &table);
void addReductionInferences(InferenceTable &table);
void addLinearAlgebraInferences(InferenceTable &table);
void addConvolutionInferences(InferenceTable &table);
void addNormalizationInferences(InferenceTable &table);
void addSamplingInferences(InferenceTable &table);
void addRecurrentInferences(InferenceTable &table);
void addQuantizationInferences(InferenceTable &table);
void addControlFlowInferences(InferenceTable &table);

/// The types of a node's results; see `inferResultTypes`.
LogicalResult inferNode(NodeOp node, PartialValues &values,
                        SmallVectorImpl<Type> &types);
/// Infers and updates the types in a subgraph, in order.
LogicalResult inferBlock(Block &block, PartialValues &values);

} // namespace mlir::bev::onnx

#endif // BEV_DIALECTS_ONNX_IR_INFERENCETABLE_H
