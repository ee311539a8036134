// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/ModuleFile.h"

#include "bev/Conversion/ONNXToBEV/Lint.h"
#include "bev/Import/LoadModel.h"
#include "bev/Pipelines/Pipelines.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"

using namespace mlir;
using namespace mlir::bev;

llvm::Expected<std::unique_ptr<ModuleFile>>
ModuleFile::open(llvm::StringRef path, const ModuleFileOptions &options) {
  auto file = std::make_unique<ModuleFile>();
  file->path = path.str();
  file->options = options;
  file->sourceMgr = std::make_shared<llvm::SourceMgr>();
  // The importer maps files by itself, and the data that they refer to.
  bool isNamedONNX = options.isONNX || isONNXModel(path, "");
  if (isNamedONNX && path != "-") {
    file->options.isONNX = true;
    return file;
  }
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(path, &message);
  if (!buffer)
    return llvm::createStringError(message);
  if (isNamedONNX || isONNXModel(path, buffer->getBuffer())) {
    file->options.isONNX = true;
    if (path == "-")
      file->standardInput = std::move(buffer);
    return file;
  }
  const std::pair<const char *, bool> given[] = {
      {"--input-shape", !options.import.inputShapes.empty()},
      {"--dim", !options.import.dims.empty()},
      {"--no-raise", !options.raise}};
  for (auto [name, isGiven] : given)
    if (isGiven)
      return llvm::createStringError("'" + llvm::Twine(name) +
                                     "' applies to ONNX models, and '" + path +
                                     "' is none");
  file->sourceMgr->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  return file;
}

OwningOpRef<ModuleOp> ModuleFile::parse(MLIRContext &context, bool imported) {
  if (!options.isONNX)
    return parseSourceFile<ModuleOp>(sourceMgr, ParserConfig(&context));
  FailureOr<OwningOpRef<ModuleOp>> module =
      standardInput ? onnx::importONNX(standardInput->getMemBufferRef(),
                                       &context, options.import)
                    : onnx::importONNX(path, &context, options.import);
  standardInput.reset();
  if (failed(module))
    return nullptr;
  if (imported)
    return std::move(*module);
  ONNXToModelIROptions pipeline;
  pipeline.raise = options.raise;
  // What is wrong with an export shows best in the simplified graph.
  PassManager simplify(&context, ModuleOp::getOperationName());
  buildONNXToModelIRPipeline(simplify, pipeline, ONNXStage::Simplified);
  if (failed(simplify.run(**module)))
    return nullptr;
  emitLintWarnings(lintONNX(**module), (*module)->getLoc());

  PassManager pm(&context, ModuleOp::getOperationName());
  if (failed(applyPassManagerCLOptions(pm)))
    return nullptr;
  buildONNXToModelIRPipeline(pm, pipeline);
  if (failed(pm.run(**module)))
    return nullptr;
  return std::move(*module);
}
