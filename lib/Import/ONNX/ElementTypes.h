// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ONNX's element types and tensor types.

#ifndef BEV_LIB_IMPORT_ONNX_ELEMENTTYPES_H
#define BEV_LIB_IMPORT_ONNX_ELEMENTTYPES_H

#include "bev/Dialect/ONNX/IR/ONNX.h"

#include "onnx/onnx_pb.h"

#include <optional>

namespace mlir::bev::onnx {

/// ONNX's numbers of element types, up to its newest version: the library's
/// enumeration ends at the version it was built from.
namespace data_type {
enum : int32_t {
  kFloat = 1,
  kUint8,
  kInt8,
  kUint16,
  kInt16,
  kInt32,
  kInt64,
  kString,
  kBool,
  kFloat16,
  kDouble,
  kUint32,
  kUint64,
  kComplex64,
  kComplex128,
  kBfloat16,
  kFloat8E4M3FN,
  kFloat8E4M3FNUZ,
  kFloat8E5M2,
  kFloat8E5M2FNUZ,
  kUint4,
  kInt4,
  kFloat4E2M1,
  kFloat8E8M0,
  kUint2,
  kInt2,
};
} // namespace data_type

/// The type for an ONNX element type; null for a number that is none.
Type getElementType(int32_t dataType, MLIRContext *context);

/// The number of elements, or nothing where a size is negative or the sizes
/// that are not 0 have a product above 2^62.
std::optional<int64_t> getNumElements(ArrayRef<int64_t> sizes);

/// "2x3" for an error about sizes, in which any number may be.
std::string formatSizes(ArrayRef<int64_t> sizes);

/// Why a type that is not of tensors cannot be: "a sequence", "a map", ….
StringRef getKind(const ::onnx::TypeProto &type);

/// The type of values that the model says nothing of.
inline Type getUnknownType(MLIRContext *context) {
  return UnrankedTensorType::get(UnknownType::get(context));
}

} // namespace mlir::bev::onnx

#endif // BEV_LIB_IMPORT_ONNX_ELEMENTTYPES_H
