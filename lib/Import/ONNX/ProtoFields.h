// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fields of ONNX's messages that are newer than the library's classes.

#ifndef BEV_LIB_IMPORT_ONNX_PROTOFIELDS_H
#define BEV_LIB_IMPORT_ONNX_PROTOFIELDS_H

#include "onnx/onnx_pb.h"

#include <string>
#include <vector>

namespace mlir::bev::onnx {

/// The default values of a function's attributes (since ONNX 1.13).
/// Malformed ones are left out.
std::vector<::onnx::AttributeProto>
getAttributeDefaults(const ::onnx::FunctionProto &function);

/// Which of the functions of the same name this is, or a node calls (since ONNX
/// 1.16); usually empty.
std::string getOverload(const ::onnx::FunctionProto &function);
std::string getOverload(const ::onnx::NodeProto &node);

} // namespace mlir::bev::onnx

#endif // BEV_LIB_IMPORT_ONNX_PROTOFIELDS_H
