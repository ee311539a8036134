// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How one ONNX node becomes linalg, tensor, arith and math ops.

#ifndef BEV_CONVERSION_ONNXTOLINALG_LOWERING_H
#define BEV_CONVERSION_ONNXTOLINALG_LOWERING_H

#include "bev/Dialect/ONNX/IR/ONNX.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <string>

namespace mlir::bev::onnx_to_linalg {

/// Integers lose their signedness, `tensor<2xui8>` becomes `tensor<2xi8>`;
/// floats and integers of less than a byte or floats of one become bytes.
/// Everything else stays. Null for what cannot be lowered (strings).
Type convertType(Type type);

/// Emits the lowered ops of a subgraph's block at the builder, with `arguments`
/// in place of the block's, and returns what the block yields. Each block is
/// inlined at most once. Nodes in it that cannot be lowered are reported by
/// the pass; stand-ins take their place.
using InlineFunction = llvm::function_ref<SmallVector<Value>(
    Block &block, ValueRange arguments, OpBuilder &builder)>;

/// One node on its way to other dialects. The original IR stays as it is while
/// nodes are lowered: `node` still has its onnx operands.
class Lowering {
public:
  Lowering(onnx::NodeOp node, ValueRange operands, OpBuilder &builder,
           InlineFunction inlineBlock);

  onnx::NodeOp node;
  ImplicitLocOpBuilder b;

  /// The converted input at that place; null where it is left out.
  Value input(unsigned index) const;
  /// Its shape, and its element type as ONNX has it, with signedness.
  RankedTensorType onnxType(unsigned index) const;
  bool isUnsigned(unsigned index) const;
  unsigned numInputs() const { return operands.size(); }

  /// The converted type of a result; its element type with signedness.
  RankedTensorType resultType(unsigned index = 0) const;
  Type onnxResultElementType(unsigned index = 0) const;

  /// Hands in a result. Its type may be more precise than, or a cast away from,
  /// `resultType(index)`; a null value stands for an unused output.
  void setResult(unsigned index, Value value);
  void setResult(Value value) { setResult(0, value); }

  /// Says why this use of the operator is not supported: one clause, lower
  /// case, no full stop. Returns failure.
  LogicalResult unsupported(const Twine &reason);

  /// The block of the subgraph of that name; null where there is none.
  Block *subgraph(StringRef name);

  /// Emits a subgraph (see InlineFunction).
  InlineFunction inlineBlock;

  StringRef getReason() const { return reason; }
  ArrayRef<Value> getResults() const { return results; }

private:
  SmallVector<Value> operands;
  SmallVector<Value> results;
  std::string reason;
};

/// Lowers a node whose result types are ranked. Creates ops at `b` and hands in
/// results, or calls `unsupported` before it has created any.
using LowerFunction = LogicalResult (*)(Lowering &);

/// An operator of ONNX's own domain and its lowering.
struct Entry {
  StringRef opType;
  LowerFunction lower;
};

// One table for each file of lowerings. An operator is in one table only.
ArrayRef<Entry> getElementwiseLowerings(); // Elementwise.cpp
ArrayRef<Entry> getShapeLowerings();       // Shape.cpp: Reshape, Concat ...
ArrayRef<Entry> getIndexingLowerings();    // Indexing.cpp: Gather ...
ArrayRef<Entry> getControlFlowLowerings(); // ControlFlow.cpp: If, Loop
ArrayRef<Entry> getReductionLowerings();   // Reductions.cpp: ReduceX, TopK ...
ArrayRef<Entry> getLinearAlgebraLowerings(); // LinearAlgebra.cpp: MatMul ...
ArrayRef<Entry> getConvolutionLowerings();   // Convolution.cpp: Conv, pools
ArrayRef<Entry> getNormalizationLowerings(); // Normalization.cpp
ArrayRef<Entry> getSamplingLowerings();      // Sampling.cpp: Resize, GridSample
ArrayRef<Entry> getQuantizationLowerings();  // Quantization.cpp

/// The lowering of an operator of ONNX's own domain, or null.
LowerFunction lookupLowering(StringRef opType);

/// Why a node is left over whose operator onnx-simplify makes of others; empty
/// for other operators (Decomposed.cpp).
StringRef getUndecomposedReason(StringRef opType);

// What lowerings share (Broadcast.cpp). --------------------------------------

/// The dynamic sizes of `type`, taken from `sizes` (one value or attribute for
/// each dimension), for ops such as tensor.empty.
SmallVector<Value> dynamicSizes(OpBuilder &b, Location loc,
                                ArrayRef<OpFoldResult> sizes);
/// The sizes of a tensor: attributes where static. Looks through what computed
/// the tensor, so that tensors of one shape tend to have the same values.
SmallVector<OpFoldResult> sizesOf(OpBuilder &b, Location loc, Value tensor);
/// The sizes of tensors broadcast against each other as NumPy does.
SmallVector<OpFoldResult> broadcastSizes(ImplicitLocOpBuilder &b,
                                         ValueRange tensors);
/// Whether two sizes are known to be the same.
bool isSameSize(OpFoldResult a, OpFoldResult b);
/// The static type of a tensor of these sizes.
RankedTensorType typeOf(ArrayRef<OpFoldResult> sizes, Type elementType);
/// A linalg.generic over an iteration space of `sizes` whose inputs are
/// broadcast to it. Inputs whose size in a dimension may turn out to be 1 at
/// run time are read through their own index. `body` gets the scalars.
Value buildElementwise(
    ImplicitLocOpBuilder &b, ValueRange inputs, ArrayRef<OpFoldResult> sizes,
    Type elementType,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body);
/// A tensor of `sizes` filled with a scalar.
Value buildFill(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes,
                Value scalar);
/// A tensor with element (i, j, ...) = body(i, j, ...).
Value buildGenerate(
    ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes, Type elementType,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange indices)> body);
/// The tensor without the dimensions marked in `drop`, which have size 1.
Value dropUnitDims(ImplicitLocOpBuilder &b, Value tensor, ArrayRef<bool> drop);
/// Converts a scalar as ONNX's Cast does, whose attributes `saturate` and
/// `round_mode` the last arguments are. What ONNX leaves open: a float beyond
/// the integers saturates, and NaN becomes 0; integers of less than 8 bits
/// wrap.
Value buildCast(ImplicitLocOpBuilder &b, Value scalar, Type onnxFrom,
                Type onnxTo, bool saturate = true, StringRef roundMode = "up");
/// A scalar constant of a (signless) element type.
Value buildScalar(ImplicitLocOpBuilder &b, Type type, double value);
/// The scalars of a small tensor that is a constant or made of scalars, as
/// shape computations are; nothing for others.
std::optional<SmallVector<Value>> getElements(ImplicitLocOpBuilder &b,
                                              Value tensor);
/// The integers of a rank-1 or rank-0 integer tensor as index values:
/// attributes where they are known at compile time. `count` is their number.
SmallVector<OpFoldResult> readIntegers(ImplicitLocOpBuilder &b, Value tensor,
                                       int64_t count);

} // namespace mlir::bev::onnx_to_linalg

#endif // BEV_CONVERSION_ONNXTOLINALG_LOWERING_H
