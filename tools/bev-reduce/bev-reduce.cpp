// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes a module that shows a problem smaller.

#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/InitAllPasses.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"

using namespace mlir;

int main(int argc, char **argv) {
  bev::registerAllPasses();
  DialectRegistry registry;
  bev::registerAllDialects(registry);
  bev::registerAllExtensions(registry);
  MLIRContext context(registry);
  return failed(mlirReduceMain(argc, argv, context));
}
