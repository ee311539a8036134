// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ONNX models as files among others.

#ifndef BEV_IMPORT_LOADMODEL_H
#define BEV_IMPORT_LOADMODEL_H

#include "bev/Import/ONNX/ImportONNX.h"

#include <memory>

namespace llvm {
class MemoryBuffer;
} // namespace llvm

namespace mlir::bev {

/// Whether a file is an ONNX model: its name ends in `.onnx`, or its content
/// begins as those do and MLIR's text and bytecode do not.
bool isONNXModel(llvm::StringRef path, llvm::StringRef content);

/// An ONNX model as MLIR bytecode, weights and locations included, for programs
/// that parse their input themselves. Prints diagnostics to stderr; null where
/// there is no valid model.
std::unique_ptr<llvm::MemoryBuffer>
importONNXAsBytecode(llvm::StringRef path, const DialectRegistry &registry);

} // namespace mlir::bev

#endif // BEV_IMPORT_LOADMODEL_H
