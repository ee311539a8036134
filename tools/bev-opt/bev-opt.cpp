// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs passes and pipelines on modules.

#include "GroupedHelp.h"

#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/InitAllPasses.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/CommandLine.h"

using namespace mlir;

/// Diagnostics print the op they are about only when asked to: for an error at
/// the module, such as an unknown chip, that would be all of the module.
static void hideOpsInDiagnostics() {
  registerMLIRContextCLOptions();
  auto &options = llvm::cl::getRegisteredOptions();
  if (llvm::cl::Option *option = options.lookup("mlir-print-op-on-diagnostic"))
    static_cast<llvm::cl::opt<bool> *>(option)->setInitialValue(false);
}

int main(int argc, char **argv) {
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
  return asMainReturnCode(
      MlirOptMain(argc, argv, "bird's-eye-view compiler driver\n", registry));
}
