// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of small tensors of which only some elements may be known, as they
// occur where graphs compute shapes.

#ifndef BEV_DIALECTS_ONNX_IR_PARTIALVALUES_H
#define BEV_DIALECTS_ONNX_IR_PARTIALVALUES_H

#include "Tensor.h"
#include "bev/Dialect/ONNX/IR/ONNX.h"

#include "llvm/ADT/DenseMap.h"

namespace mlir::bev::onnx {

/// A tensor of which the elements are known where `known` (of bool) holds; all
/// are where it is absent. Unknown elements have any value.
struct PartialTensor {
  Tensor values;
  std::optional<Tensor> known;
};

/// Follows the nodes that compute shapes, and remembers what it found. Forget
/// it all when types of values change that were looked at.
class PartialValues {
public:
  /// Nothing where not even the shape is known, or the tensor is large.
  std::optional<PartialTensor> get(Value value);
  void forget() { found.clear(); }

  static constexpr int64_t kMaxElements = 4096;

private:
  std::optional<PartialTensor> follow(Value value);
  std::optional<PartialTensor> followNode(NodeOp node, unsigned result);

  DenseMap<Value, std::optional<PartialTensor>> found;
  unsigned depth = 0;
};

} // namespace mlir::bev::onnx

#endif // BEV_DIALECTS_ONNX_IR_PARTIALVALUES_H
