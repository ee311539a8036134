// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of bev-tune.

#ifndef BEV_TOOLS_BEV_TUNE_OPTIONS_H
#define BEV_TOOLS_BEV_TUNE_OPTIONS_H

#include "bev/Target/CommandLine.h"
#include "bev/Target/Tune.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace mlir::bev {

/// What the command line says.
struct Options : ToolOptions {
  std::string output;
  std::string json;
  /// Print signatures and schedules without search.
  bool list = false;
  /// With an empty `chip` and `format`, what fits this machine.
  TuneOptions tune;

  static llvm::Expected<Options> parse(llvm::ArrayRef<const char *> arguments);
  static void printHelp(llvm::raw_ostream &os);
};

} // namespace mlir::bev

#endif // BEV_TOOLS_BEV_TUNE_OPTIONS_H
