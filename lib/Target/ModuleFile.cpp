// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/ModuleFile.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"

using namespace mlir;
using namespace mlir::bev;

llvm::Expected<std::unique_ptr<ModuleFile>>
ModuleFile::open(llvm::StringRef path) {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(path, &message);
  if (!buffer)
    return llvm::createStringError(message);
  auto file = std::make_unique<ModuleFile>();
  file->sourceMgr = std::make_shared<llvm::SourceMgr>();
  file->sourceMgr->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  return file;
}

OwningOpRef<ModuleOp> ModuleFile::parse(MLIRContext &context) {
  return parseSourceFile<ModuleOp>(sourceMgr, ParserConfig(&context));
}
