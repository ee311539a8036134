// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Messages without the large data of their tensors.

#ifndef BEV_LIB_IMPORT_ONNX_RAWDATA_H
#define BEV_LIB_IMPORT_ONNX_RAWDATA_H

#include "MappedFile.h"

#include "onnx/onnx_pb.h"
#include "llvm/ADT/SmallVector.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace mlir::bev::onnx {

/// Parses models such that large data of tensors stays where it is: protobuf's
/// classes would copy it. In the message numbers stand for it.
class RawData {
public:
  /// The fields of tensors that are bytes as attributes have them.
  enum class Field { Raw, Floats, Doubles };

  /// Parses a model that is in memory, which need not stay there: data is
  /// copied when it is taken.
  bool parse(llvm::StringRef content, ::onnx::ModelProto &model);

  /// Parses a model's file; large data is not read.
  bool parse(std::shared_ptr<MappedFile> file, ::onnx::ModelProto &model);

  /// How many pieces of a field were left out of a tensor's message; more than
  /// one where the message has the field several times.
  static unsigned count(const ::onnx::TensorProto &tensor, Field field);

  /// The data that was left out of a tensor's message.
  SharedBytes get(const ::onnx::TensorProto &tensor, Field field) const;

private:
  std::shared_ptr<MappedFile> file;
  std::vector<llvm::StringRef> pieces;
};

} // namespace mlir::bev::onnx

#endif // BEV_LIB_IMPORT_ONNX_RAWDATA_H
