// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/ToolModule.h"

#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"

using namespace mlir;
using namespace mlir::bev;

static DialectRegistry getRegistry() {
  DialectRegistry registry;
  bev::registerAllDialects(registry);
  bev::registerAllExtensions(registry);
  return registry;
}

ToolModule::ToolModule(std::unique_ptr<ModuleFile> file)
    : file(std::move(file)), context(getRegistry()),
      handler(this->file->getSourceMgr(), &context), diagnostics(&context) {
  // The source line is shown; the whole op, often the module, is too much.
  context.printOpOnDiagnostic(false);
}

llvm::Expected<std::unique_ptr<ToolModule>>
ToolModule::open(const ToolOptions &options) {
  if (llvm::Error error = parsePassManagerOptions(options.mlirOptions))
    return error;
  llvm::Expected<std::unique_ptr<ModuleFile>> file =
      ModuleFile::open(options.file, options.onnx);
  if (!file)
    return file.takeError();
  return std::unique_ptr<ToolModule>(new ToolModule(std::move(*file)));
}

OwningOpRef<ModuleOp> ToolModule::parse(bool imported) {
  FaultGuard guard(FaultGuard::Code::Compiler);
  return file->parse(context, imported);
}

int ToolModule::fail(const llvm::Twine &otherwise) const {
  return diagnostics.hasError ? kExitError : bev::fail(otherwise);
}
