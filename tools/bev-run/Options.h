// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of bev-run.

#ifndef BEV_TOOLS_BEV_RUN_OPTIONS_H
#define BEV_TOOLS_BEV_RUN_OPTIONS_H

#include "bev/Target/CommandLine.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mlir::bev {

/// What the command line says.
struct Options : ToolOptions {
  std::string function;
  std::string device = "cpu";
  std::string inputs;
  std::string output;
  std::string expected;
  double tolerance = 1e-4;
  /// The number of measured runs; 0 for none.
  int64_t benchmark = 0;
  /// 0 for the default.
  int64_t threads = 0;
  std::optional<uint64_t> randomInputs;
  /// Empty for the device's.
  std::string chip;
  std::string format = "isa";
  /// A file of schedules, or empty.
  std::string scheduleFile;
  std::string dumpAssembly;
  /// A file of command lines, all of which are run.
  std::string batch;
  /// Whether to print what memory the code takes.
  bool stats = false;

  static llvm::Expected<Options> parse(llvm::ArrayRef<const char *> arguments);
  static void printHelp(llvm::raw_ostream &os);
};

} // namespace mlir::bev

#endif // BEV_TOOLS_BEV_RUN_OPTIONS_H
