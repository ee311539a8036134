// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The elements of large constants, which are where a file has them.

#ifndef BEV_DIALECT_ONNX_IR_RESOURCES_H
#define BEV_DIALECT_ONNX_IR_RESOURCES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstring>
#include <optional>

namespace mlir::bev::onnx {

/// Copies the elements of a resource of element type T: its bytes may be at any
/// address. None where the data is missing or of another size.
template <typename T>
std::optional<SmallVector<T>> copyElements(DenseResourceElementsAttr resource) {
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  size_t count = resource.getNumElements();
  if (!blob || blob->getData().size() != count * sizeof(T))
    return std::nullopt;
  SmallVector<T> elements(count);
  if (count != 0)
    std::memcpy(elements.data(), blob->getData().data(), count * sizeof(T));
  return elements;
}

} // namespace mlir::bev::onnx

#endif // BEV_DIALECT_ONNX_IR_RESOURCES_H
