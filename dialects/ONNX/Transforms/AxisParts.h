// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts of values along one axis, however they are spelled.

#ifndef BEV_DIALECTS_ONNX_TRANSFORMS_AXISPARTS_H
#define BEV_DIALECTS_ONNX_TRANSFORMS_AXISPARTS_H

#include "bev/Dialect/ONNX/IR/ONNX.h"

#include <optional>

namespace mlir::bev::onnx {

/// A part of a value along one axis, in steps of 1.
struct Part {
  Value source;
  int64_t axis, start, size;
};

/// The `axis` attribute (0 where it is not there) counted from the front;
/// nothing where it is outside.
std::optional<int64_t> getAxis(NodeOp node, int64_t rank);

/// The value as a part of another, if it is one along a single axis.
std::optional<Part> getPart(Value value);

/// A Slice that takes a part.
Value createSlice(OpBuilder &builder, Location loc, int64_t version,
                  const Part &part);

} // namespace mlir::bev::onnx

#endif // BEV_DIALECTS_ONNX_TRANSFORMS_AXISPARTS_H
