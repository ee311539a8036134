// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ONNX tensors as attributes.

#ifndef BEV_LIB_IMPORT_ONNX_TENSORS_H
#define BEV_LIB_IMPORT_ONNX_TENSORS_H

#include "ExternalData.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::bev::onnx {

/// Imports tensors; takes large data out of the messages instead of copying it.
class TensorImporter {
public:
  /// `folder`: where external data is.
  TensorImporter(MLIRContext *context, llvm::StringRef folder)
      : context(context), files(folder) {}

  /// The value of a tensor: a resource called `name` where it has more than a
  /// kilobyte of numbers, a dense attribute otherwise. The message may be
  /// imported again, but loses its data.  Errors go on after the tensor's name.
  llvm::Expected<ElementsAttr> import(::onnx::TensorProto &tensor,
                                      llvm::StringRef name);

  /// The same of a sparse tensor, made dense.
  llvm::Expected<ElementsAttr> import(::onnx::SparseTensorProto &tensor,
                                      llvm::StringRef name);

private:
  /// A tensor of anything but strings as MLIR stores it: a byte or more for
  /// each element.
  llvm::Expected<SharedBytes> getElements(::onnx::TensorProto &tensor,
                                          RankedTensorType type);
  llvm::Expected<ElementsAttr> importStrings(const ::onnx::TensorProto &tensor,
                                             RankedTensorType type);
  ElementsAttr makeAttribute(RankedTensorType type, SharedBytes data,
                             llvm::StringRef name);

  MLIRContext *context;
  ExternalFiles files;
  llvm::DenseMap<const ::onnx::TensorProto *, ElementsAttr> imported;
};

} // namespace mlir::bev::onnx

#endif // BEV_LIB_IMPORT_ONNX_TENSORS_H
