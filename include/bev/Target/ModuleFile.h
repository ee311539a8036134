// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The files that modules come from.

#ifndef BEV_TARGET_MODULEFILE_H
#define BEV_TARGET_MODULEFILE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

#include <memory>

namespace mlir::bev {

/// A file with a model, in any format that the tools read: MLIR's text or
/// bytecode, or ONNX.
class ModuleFile {
public:
  /// Opens a file; "-" is stdin.
  static llvm::Expected<std::unique_ptr<ModuleFile>> open(llvm::StringRef path);

  /// The file's text, for diagnostics to show lines of.
  llvm::SourceMgr &getSourceMgr() { return *sourceMgr; }

  /// Makes a module of the file, in model IR.  Errors are emitted as
  /// diagnostics.  Resources of bytecode are not copied: the file stays mapped
  /// as long as the context lives.  Once only: the file is given up.
  OwningOpRef<ModuleOp> parse(MLIRContext &context);

private:
  std::string path;
  std::shared_ptr<llvm::SourceMgr> sourceMgr;
  /// The content of an ONNX model; null for MLIR.
  std::unique_ptr<llvm::MemoryBuffer> onnxModel;
};

} // namespace mlir::bev

#endif // BEV_TARGET_MODULEFILE_H
