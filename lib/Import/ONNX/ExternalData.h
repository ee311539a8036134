// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The files beside a model that hold data of its tensors.

#ifndef BEV_LIB_IMPORT_ONNX_EXTERNALDATA_H
#define BEV_LIB_IMPORT_ONNX_EXTERNALDATA_H

#include "MappedFile.h"

#include "mlir/Support/LLVM.h"
#include "onnx/onnx_pb.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace mlir::bev::onnx {

/// Maps external data files, each once.
class ExternalFiles {
public:
  /// `folder`: what paths are relative to; the files must lie in it.
  explicit ExternalFiles(llvm::StringRef folder) : folder(folder) {}

  /// The data of a tensor whose data is external.
  llvm::Expected<SharedBytes> getData(const ::onnx::TensorProto &tensor);

private:
  using Mapping = std::shared_ptr<MappedFile>;

  /// The file's real path: inside the folder after all links are followed.
  llvm::Expected<std::string> resolve(llvm::StringRef location);
  llvm::Expected<Mapping> map(llvm::StringRef location);

  std::string folder;
  llvm::StringMap<Mapping> mappings;
};

} // namespace mlir::bev::onnx

#endif // BEV_LIB_IMPORT_ONNX_EXTERNALDATA_H
