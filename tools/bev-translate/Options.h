// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of bev-translate.

#ifndef BEV_TOOLS_BEV_TRANSLATE_OPTIONS_H
#define BEV_TOOLS_BEV_TRANSLATE_OPTIONS_H

#include "bev/Import/ONNX/ImportONNX.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace mlir::bev {

/// What the command line says.
struct Options {
  // Input.
  std::string file;
  /// The file is an ONNX model, whatever its name and content.
  bool importONNX = false;
  onnx::ImportOptions import;

  // Output.
  std::string output = "-";
  bool bytecode = false;
  bool printWeights = false;
  bool printLocations = false;

  bool help = false;
  /// Options of MLIR's pass manager (--mlir-print-ir-after-all, …).
  std::vector<const char *> mlirOptions;

  static llvm::Expected<Options> parse(llvm::ArrayRef<const char *> arguments);
};

/// What --help prints.
extern const char *const kHelp;

} // namespace mlir::bev

#endif // BEV_TOOLS_BEV_TRANSLATE_OPTIONS_H
