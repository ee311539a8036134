// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs passes and pipelines on modules.

#include "GroupedHelp.h"

#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/InitAllPasses.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

#include "llvm/ADT/StringRef.h"

using namespace mlir;

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
  return asMainReturnCode(
      MlirOptMain(argc, argv, "bird's-eye-view compiler driver\n", registry));
}
