// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that are made of others, and what their rewrites share.

#ifndef BEV_DIALECTS_ONNX_TRANSFORMS_DECOMPOSE_H
#define BEV_DIALECTS_ONNX_TRANSFORMS_DECOMPOSE_H

#include "SimplifyPatterns.h"

namespace mlir::bev::onnx {

/// Creates the nodes that one node is made of, at its place and with its name.
class NodeBuilder {
public:
  NodeBuilder(PatternRewriter &rewriter, NodeOp node);

  /// A node of one result; an input that is null is left out.
  Value create(StringRef name, ArrayRef<Value> inputs,
               ArrayRef<NamedAttribute> attributes = {});
  /// A node whose subgraph `body` gets arguments of unknown types; `build`
  /// returns what it yields. Its types are inferred.
  NodeOp createScan(ArrayRef<Value> states, ArrayRef<Value> scanned,
                    unsigned numStacks, bool isReverse,
                    function_ref<SmallVector<Value>(ValueRange)> build);

  NamedAttribute attribute(StringRef name, int64_t value);
  NamedAttribute attribute(StringRef name, ArrayRef<int64_t> values);

  /// Integers of rank 1, and a scalar.
  Value integers(ArrayRef<int64_t> values);
  Value scalar(Type element, double value);

  Value add(Value x, Value y) { return create("Add", {x, y}); }
  Value sub(Value x, Value y) { return create("Sub", {x, y}); }
  Value mul(Value x, Value y) { return create("Mul", {x, y}); }
  Value div(Value x, Value y) { return create("Div", {x, y}); }
  Value matmul(Value x, Value y) { return create("MatMul", {x, y}); }
  Value where(Value condition, Value x, Value y) {
    return create("Where", {condition, x, y});
  }

  /// Sizes as Reshape has them: 0 for the input's own, -1 for what is left.
  Value reshape(Value x, ArrayRef<int64_t> sizes);
  Value reshape(Value x, ArrayRef<Value> sizes);
  Value transpose(Value x, ArrayRef<int64_t> permutation);
  Value squeeze(Value x, int64_t axis);
  Value unsqueeze(Value x, ArrayRef<int64_t> axes);
  Value concat(ArrayRef<Value> parts, int64_t axis);
  /// The elements from `start` up to `end`, which are integers of rank 1.
  Value slice(Value x, int64_t axis, Value start, Value end, int64_t step = 1);
  Value slice(Value x, int64_t axis, int64_t start, int64_t end,
              int64_t step = 1);
  /// The size of a dimension, as integers of rank 1.
  Value sizeOf(Value x, int64_t dim);
  /// The integers from 0 up to an integer of rank 1 and one element.
  Value countTo(Value end);
  /// The places of the elements of a list from the least to the greatest, equal
  /// ones as they come.
  Value sortedOrder(Value x);
  /// `x` with the elements of the type of `like`.
  Value castLike(Value x, Value like) { return create("CastLike", {x, like}); }

private:
  void inferTypes(NodeOp node);

  PatternRewriter &rewriter;
  Location loc;
};

/// Whether the results of a node may get more precise types: only nodes and
/// what returns values use them.
bool mayChangeTypes(NodeOp node);

/// Replaces a node's results. The values get what the results' types say more.
/// Where a result is left out its value may be null.
LogicalResult replaceResults(PatternRewriter &rewriter, NodeOp node,
                             ArrayRef<Value> values);

} // namespace mlir::bev::onnx

#endif // BEV_DIALECTS_ONNX_TRANSFORMS_DECOMPOSE_H
