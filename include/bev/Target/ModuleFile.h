// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The files that modules come from.

#ifndef BEV_TARGET_MODULEFILE_H
#define BEV_TARGET_MODULEFILE_H

#include "bev/Import/ONNX/ImportONNX.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

#include <memory>

namespace mlir::bev {

/// What is made of ONNX models; other files have none of it.
struct ModuleFileOptions {
  /// The file is an ONNX model, whatever its name and content.
  bool isONNX = false;
  onnx::ImportOptions import;
  /// Whether groups of nodes become the bev ops that they spell.
  bool raise = true;
};

/// A file with a model, in any format that the tools read: MLIR's text or
/// bytecode, or ONNX.
class ModuleFile {
public:
  /// Opens a file; "-" is stdin. Options other than the defaults are an error
  /// where the file is no ONNX model.
  static llvm::Expected<std::unique_ptr<ModuleFile>>
  open(llvm::StringRef path, const ModuleFileOptions &options = {});

  /// The file's text, for diagnostics to show lines of.
  llvm::SourceMgr &getSourceMgr() { return *sourceMgr; }

  /// Makes a module of the file, in model IR, or with `imported` in the onnx
  /// dialect where that is what the file has.  Errors are emitted as
  /// diagnostics.  Resources of bytecode are not copied: the file stays mapped
  /// as long as the context lives.  Once only: the file is given up.
  OwningOpRef<ModuleOp> parse(MLIRContext &context, bool imported = false);

private:
  std::string path;
  ModuleFileOptions options;
  std::shared_ptr<llvm::SourceMgr> sourceMgr;
  /// The ONNX model that stdin has been read for; null for files and MLIR.
  std::unique_ptr<llvm::MemoryBuffer> standardInput;
};

} // namespace mlir::bev

#endif // BEV_TARGET_MODULEFILE_H
