// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The module that a tool's command line names.

#ifndef BEV_TARGET_TOOLMODULE_H
#define BEV_TARGET_TOOLMODULE_H

#include "bev/Target/CommandLine.h"

#include "mlir/IR/MLIRContext.h"

namespace mlir::bev {

/// A file and the context that its module is in.  Of what is wrong with the
/// module the first error is shown, with its line of the file.
class ToolModule {
public:
  /// Opens the file, after the options of MLIR's pass manager have been taken.
  static llvm::Expected<std::unique_ptr<ToolModule>>
  open(const ToolOptions &options);

  MLIRContext &getContext() { return context; }

  /// As `ModuleFile::parse`.
  OwningOpRef<ModuleOp> parse(bool imported = false);

  /// Reports an error where none has been shown.  Returns the exit status.
  int fail(const llvm::Twine &otherwise) const;

private:
  explicit ToolModule(std::unique_ptr<ModuleFile> file);

  std::unique_ptr<ModuleFile> file;
  MLIRContext context;
  SourceMgrDiagnosticHandler handler;
  FirstErrorOnly diagnostics;
};

} // namespace mlir::bev

#endif // BEV_TARGET_TOOLMODULE_H
