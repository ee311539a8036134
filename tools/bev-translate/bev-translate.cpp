// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads models and prints them as MLIR.

#include "Options.h"

#include "bev/Import/LoadModel.h"
#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/Target/CommandLine.h"
#include "bev/Target/Process.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Support/FileUtilities.h"

#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mlir::bev;

/// What is printed of a constant without --print-weights; longer ones are
/// elided.
static constexpr int64_t kMaxPrintedElements = 32;

static int fail(const Twine &message) {
  llvm::outs().flush();
  llvm::errs() << "bev-translate: error: " << message << "\n";
  return kExitError;
}

static int fail(llvm::Error error) {
  return fail(llvm::toString(std::move(error)));
}

static FailureOr<OwningOpRef<ModuleOp>>
load(const Options &options, const std::shared_ptr<llvm::SourceMgr> &sourceMgr,
     MLIRContext &context) {
  if (!options.importONNX || options.file == "-") {
    if (!options.importONNX)
      return loadModel(options.file, sourceMgr, &context, options.import);
    std::string message;
    std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile("-", &message);
    if (!buffer)
      return emitError(UnknownLoc::get(&context), message);
    return onnx::importONNX(buffer->getMemBufferRef(), &context,
                            options.import);
  }
  return onnx::importONNX(options.file, &context, options.import);
}

static LogicalResult write(const Options &options, ModuleOp module,
                           raw_ostream &os) {
  if (options.bytecode)
    return writeBytecodeToFile(module, os);
  OpPrintingFlags flags;
  if (!options.printWeights)
    flags.elideLargeElementsAttrs(kMaxPrintedElements)
        .elideLargeResourceString(0);
  if (options.printLocations)
    flags.enableDebugInfo(/*enable=*/true, /*prettyForm=*/false);
  module.print(os, flags);
  return success();
}

int main(int argc, char **argv) {
  installFatalErrorHandlers("bev-translate");
  llvm::Expected<Options> parsed =
      Options::parse(llvm::ArrayRef<const char *>(argv + 1, argc - 1));
  if (!parsed)
    return fail(parsed.takeError());
  const Options &options = *parsed;
  if (options.help) {
    llvm::outs() << kHelp;
    return 0;
  }
  if (llvm::Error error =
          parsePassManagerOptions("bev-translate", options.mlirOptions))
    return fail(std::move(error));

  DialectRegistry registry;
  bev::registerAllDialects(registry);
  bev::registerAllExtensions(registry);
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  auto sourceMgr = std::make_shared<llvm::SourceMgr>();
  SourceMgrDiagnosticHandler handler(*sourceMgr, &context);
  FailureOr<OwningOpRef<ModuleOp>> module = load(options, sourceMgr, context);
  if (failed(module) || failed(verify(**module)))
    return kExitError;

  std::string message;
  std::unique_ptr<llvm::ToolOutputFile> output =
      openOutputFile(options.output, &message);
  if (!output)
    return fail(message);
  if (failed(write(options, **module, output->os())))
    return kExitError;
  output->os().flush();
  if (output->os().has_error())
    return fail("'" + options.output +
                "' cannot be written: " + output->os().error().message());
  output->keep();
  return 0;
}
