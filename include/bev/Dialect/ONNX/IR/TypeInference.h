// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of the results of ONNX nodes before they run: types and shapes.

#ifndef BEV_DIALECT_ONNX_IR_TYPEINFERENCE_H
#define BEV_DIALECT_ONNX_IR_TYPEINFERENCE_H

#include "bev/Dialect/ONNX/IR/ONNX.h"

#include <optional>

namespace mlir::bev::onnx {

/// The elements of an integer tensor of rank 0 or 1 as far as they are known:
/// `ShapedType::kDynamic` stands for an unknown element. Follows what computes
/// shapes (Shape, Gather, Concat, Slice, arithmetic, casts ...). Nothing where
/// not even the number of elements is known, or it is above 4096.
std::optional<SmallVector<int64_t>> getPartialIntegers(Value value);

/// The constant that a value is, or null.
ElementsAttr getConstant(Value value);

/// The types of a node's results, as precise as its inputs' types and known
/// values allow; never less precise than the types the results have. Fails
/// after an error at the node where its inputs or attributes contradict the
/// operator's definition. An operator without an inference keeps its types.
LogicalResult inferResultTypes(NodeOp node, SmallVectorImpl<Type> &types);

/// Infers the types of all nodes of a block in order, those of their subgraphs
/// too, and writes them into the IR. Terminators are left as they are: what
/// contains the block may have to follow. Stops at the first contradiction.
///
/// `visit` is called for each node of the block itself once its types are
/// written, with the constant that each result is known to be (null where it
/// is not; small integers only). It may replace uses of the results and create
/// constants, but not erase anything.
LogicalResult
inferTypes(Block &block,
           function_ref<void(NodeOp, ArrayRef<ElementsAttr>)> visit = nullptr);

/// Whether there is a type inference for that operator of ONNX's own domain.
bool hasTypeInference(StringRef opType);

} // namespace mlir::bev::onnx

#endif // BEV_DIALECT_ONNX_IR_TYPEINFERENCE_H
