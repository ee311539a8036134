// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/ModuleFile.h"

#include "bev/Conversion/ONNXToBEV/Lint.h"
#include "bev/Import/LoadModel.h"
#include "bev/Pipelines/Pipelines.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
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

namespace {
/// Says what is wrong with an export. It shows best in the simplified graph,
/// before groups of nodes become something else.
struct WarnOfExport
    : public PassWrapper<WarnOfExport, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(WarnOfExport)

  StringRef getArgument() const override { return "onnx-warn-of-export"; }
  StringRef getDescription() const override {
    return "warn of what is wrong with an exported model";
  }
  void runOnOperation() override {
    emitLintWarnings(lintONNX(getOperation()), getOperation().getLoc());
    markAllAnalysesPreserved();
  }
};
} // namespace

/// The resources that a module's ops have as attributes, or in them.
static llvm::DenseSet<DenseResourceElementsAttr>
collectResources(ModuleOp module) {
  llvm::DenseSet<DenseResourceElementsAttr> resources;
  AttrTypeWalker walker;
  walker.addWalk(
      [&](DenseResourceElementsAttr resource) { resources.insert(resource); });
  module.walk([&](Operation *op) { walker.walk(op->getAttrDictionary()); });
  return resources;
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
  PassManager pm(&context, ModuleOp::getOperationName());
  if (failed(applyPassManagerCLOptions(pm)))
    return nullptr;
  buildONNXToModelIRPipeline(pm, pipeline, ONNXStage::Simplified);
  pm.addPass(std::make_unique<WarnOfExport>());
  buildONNXToModelIRPipeline(pm, pipeline, ONNXStage::ModelIR,
                             ONNXStage::Simplified);
  llvm::DenseSet<DenseResourceElementsAttr> imports =
      collectResources(**module);
  if (failed(pm.run(**module)))
    return nullptr;
  // Weights that others were computed from are of no use any more.
  llvm::DenseSet<AsmResourceBlob *> used;
  for (DenseResourceElementsAttr resource : collectResources(**module))
    used.insert(resource.getRawHandle().getBlob());
  for (DenseResourceElementsAttr resource : imports)
    if (!used.contains(resource.getRawHandle().getBlob()))
      resource.getRawHandle().getResource()->setBlob(AsmResourceBlob());
  return std::move(*module);
}
