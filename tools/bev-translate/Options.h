// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of bev-translate.

#ifndef BEV_TOOLS_BEV_TRANSLATE_OPTIONS_H
#define BEV_TOOLS_BEV_TRANSLATE_OPTIONS_H

#include "bev/Pipelines/Pipelines.h"
#include "bev/Target/CommandLine.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace mlir::bev {

/// What the command line says.
struct Options : ToolOptions {
  // Conversion.
  /// None to print what the file has.
  std::optional<ONNXStage> stage;
  /// As that of `ModuleFileOptions`, of MLIR too.
  bool raise = true;
  bool raiseReport = false;
  /// Print what is wrong with the export, in place of the model.
  bool lint = false;

  // Output.
  std::string output = "-";
  bool bytecode = false;
  bool printWeights = false;
  bool printLocations = false;

  static llvm::Expected<Options> parse(llvm::ArrayRef<const char *> arguments);
  static void printHelp(llvm::raw_ostream &os);
};

} // namespace mlir::bev

#endif // BEV_TOOLS_BEV_TRANSLATE_OPTIONS_H
