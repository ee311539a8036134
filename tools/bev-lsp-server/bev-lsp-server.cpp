// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The language server for modules with bev ops.

#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

using namespace mlir;

int main(int argc, char **argv) {
  DialectRegistry registry;
  bev::registerAllDialects(registry);
  bev::registerAllExtensions(registry);
  return failed(MlirLspServerMain(argc, argv, registry));
}
