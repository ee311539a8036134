// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An opt tool of somebody else's, with the bev dialect in it.

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/InitAllPasses.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::bev::registerAllPasses();
  mlir::DialectRegistry registry;
  mlir::bev::registerAllDialects(registry);
  mlir::bev::registerAllExtensions(registry);
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "an opt tool that embeds the bev dialect\n", registry));
}
