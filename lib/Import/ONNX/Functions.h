// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions that a model defines.

#ifndef BEV_LIB_IMPORT_ONNX_FUNCTIONS_H
#define BEV_LIB_IMPORT_ONNX_FUNCTIONS_H

#include "mlir/IR/Diagnostics.h"
#include "onnx/onnx_pb.h"
#include "llvm/ADT/StringMap.h"

#include <vector>

namespace mlir::bev::onnx {

/// Versions of operator sets by domain; ONNX's own domain is "".
using OperatorSets = llvm::StringMap<int64_t>;

/// The domain as this compiler writes it: "" for "ai.onnx" too.
llvm::StringRef normalizeDomain(llvm::StringRef domain);

/// Reads the operator sets that a model or function imports. Emits an error
/// where one is imported twice, or a version of ONNX's own is below 9.
LogicalResult getOperatorSets(
    const google::protobuf::RepeatedPtrField<::onnx::OperatorSetIdProto>
        &imports,
    Location loc, llvm::StringRef what, OperatorSets &sets);

/// A function and what is derived from it.
struct LocalFunction {
  ::onnx::FunctionProto *proto;
  OperatorSets operatorSets;
  /// The values of attributes that a call leaves out.
  std::vector<::onnx::AttributeProto> defaults;
};

/// The functions by domain, name and overload.
class FunctionTable {
public:
  /// Takes the functions of a model. Emits an error where two are the same.
  LogicalResult add(::onnx::ModelProto &model, Location loc);

  /// The function that a node calls, or null.
  LocalFunction *find(const ::onnx::NodeProto &node);

private:
  llvm::StringMap<LocalFunction> functions;
};

} // namespace mlir::bev::onnx

#endif // BEV_LIB_IMPORT_ONNX_FUNCTIONS_H
