// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ONNX tensors as attributes.

#ifndef BEV_LIB_IMPORT_ONNX_TENSORS_H
#define BEV_LIB_IMPORT_ONNX_TENSORS_H

#include "ExternalData.h"
#include "RawData.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::bev::onnx {

/// Imports tensors; takes large data out of the messages instead of copying it.
class TensorImporter {
public:
  /// `rawData`: what is not in the messages; `folder`: where external data is;
  /// `alignData`: whether data is copied where code cannot be run on it.
  TensorImporter(MLIRContext *context, const RawData &rawData,
                 llvm::StringRef folder, bool alignData)
      : context(context), rawData(rawData), files(folder),
        alignData(alignData) {}

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
  /// The bytes of a tensor whose data is in typed fields, as raw data has them.
  llvm::Expected<SharedBytes> takeTypedData(::onnx::TensorProto &tensor,
                                            Type elementType);
  llvm::Expected<ElementsAttr> importStrings(const ::onnx::TensorProto &tensor,
                                             RankedTensorType type);
  ElementsAttr makeAttribute(RankedTensorType type, SharedBytes data,
                             llvm::StringRef name);

  MLIRContext *context;
  const RawData &rawData;
  ExternalFiles files;
  bool alignData;
  llvm::DenseMap<const ::onnx::TensorProto *, ElementsAttr> imported;
};

} // namespace mlir::bev::onnx

#endif // BEV_LIB_IMPORT_ONNX_TENSORS_H
