// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Model files of any kind.

#ifndef BEV_IMPORT_LOADMODEL_H
#define BEV_IMPORT_LOADMODEL_H

#include "bev/Import/ONNX/ImportONNX.h"

#include <memory>

namespace llvm {
class MemoryBuffer;
class SourceMgr;
} // namespace llvm

namespace mlir::bev {

/// Whether a file is an ONNX model: its name ends in `.onnx`, or its content
/// begins as those do and MLIR's text and bytecode do not.
bool isONNXModel(llvm::StringRef path, llvm::StringRef content);

/// Reads a model, MLIR (text or bytecode) or ONNX; `path` may be "-", stdin.
/// `sourceMgr` gets the content of MLIR files, for diagnostics to show lines
/// of; resources of bytecode are not copied out of it. Emits an error where
/// there is no valid model.
FailureOr<OwningOpRef<ModuleOp>>
loadModel(llvm::StringRef path,
          const std::shared_ptr<llvm::SourceMgr> &sourceMgr,
          MLIRContext *context, const onnx::ImportOptions &options = {});

/// An ONNX model as MLIR bytecode, weights and locations included, for programs
/// that parse their input themselves. Prints diagnostics to stderr; null where
/// there is no valid model.
std::unique_ptr<llvm::MemoryBuffer>
importONNXAsBytecode(llvm::StringRef path, const DialectRegistry &registry);

} // namespace mlir::bev

#endif // BEV_IMPORT_LOADMODEL_H
