// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/ModuleFile.h"

#include "bev/Import/LoadModel.h"
#include "bev/Pipelines/Pipelines.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
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
  file->path = path.str();
  file->sourceMgr = std::make_shared<llvm::SourceMgr>();
  if (isONNXModel(path, buffer->getBuffer())) {
    file->onnxModel = std::move(buffer);
    return file;
  }
  file->sourceMgr->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  return file;
}

OwningOpRef<ModuleOp> ModuleFile::parse(MLIRContext &context) {
  if (!onnxModel)
    return parseSourceFile<ModuleOp>(sourceMgr, ParserConfig(&context));
  // The importer maps files by itself, and the data that they refer to.
  FailureOr<OwningOpRef<ModuleOp>> imported =
      path == "-" ? onnx::importONNX(onnxModel->getMemBufferRef(), &context)
                  : onnx::importONNX(path, &context);
  onnxModel.reset();
  if (failed(imported))
    return nullptr;
  PassManager pm(&context, ModuleOp::getOperationName());
  if (failed(applyPassManagerCLOptions(pm)))
    return nullptr;
  buildONNXToModelIRPipeline(pm, {});
  if (failed(pm.run(**imported)))
    return nullptr;
  return std::move(*imported);
}
