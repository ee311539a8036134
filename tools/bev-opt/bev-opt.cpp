// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs passes and pipelines on modules.

#include "GroupedHelp.h"

#include "bev/Import/LoadModel.h"
#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/InitAllPasses.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

/// Diagnostics print the op they are about only when asked to: for an error at
/// the module, such as an unknown chip, that would be all of the module.
static void hideOpsInDiagnostics() {
  registerMLIRContextCLOptions();
  auto &options = llvm::cl::getRegisteredOptions();
  if (llvm::cl::Option *option = options.lookup("mlir-print-op-on-diagnostic"))
    static_cast<llvm::cl::opt<bool> *>(option)->setInitialValue(false);
}

/// Whether the input is an ONNX model; stdin is not looked into.
static bool isONNXFile(llvm::StringRef path) {
  if (path == "-")
    return false;
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> begin =
      llvm::MemoryBuffer::getFileSlice(path, /*MapSize=*/1, /*Offset=*/0);
  return bev::isONNXModel(path, begin ? (*begin)->getBuffer() : "");
}

/// Runs what the command line says on an imported ONNX model.
static LogicalResult runOnONNXModel(llvm::StringRef input,
                                    llvm::StringRef output,
                                    DialectRegistry &registry) {
  std::unique_ptr<llvm::MemoryBuffer> model =
      bev::importONNXAsBytecode(input, registry);
  if (!model)
    return failure();
  std::string message;
  std::unique_ptr<llvm::ToolOutputFile> file = openOutputFile(output, &message);
  if (!file) {
    llvm::errs() << message << "\n";
    return failure();
  }
  if (failed(MlirOptMain(file->os(), std::move(model), registry,
                         MlirOptMainConfig::createFromCLOptions())))
    return failure();
  file->keep();
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  bev::registerAllPasses();
  DialectRegistry registry;
  bev::registerAllDialects(registry);
  bev::registerAllExtensions(registry);

  for (int i = 1; i < argc; ++i) {
    llvm::StringRef argument(argv[i]);
    if (argument == "--help" || argument == "-help" || argument == "-h") {
      bev::printGroupedHelp(registry);
      return 0;
    }
  }
  hideOpsInDiagnostics();
  auto [input, output] = registerAndParseCLIOptions(
      argc, argv, "bird's-eye-view compiler driver\n", registry);
  if (isONNXFile(input))
    return asMainReturnCode(runOnONNXModel(input, output, registry));
  return asMainReturnCode(MlirOptMain(argc, argv, input, output, registry));
}
