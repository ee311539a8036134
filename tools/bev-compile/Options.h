// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of bev-compile.

#ifndef BEV_TOOLS_BEV_COMPILE_OPTIONS_H
#define BEV_TOOLS_BEV_COMPILE_OPTIONS_H

#include "bev/Target/CommandLine.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace mlir::bev {

/// What the command line says.
struct Options : ToolOptions {
  std::string function;
  bool forCPU = false;
  /// GPUs, from old to new.
  std::vector<std::string> chips;
  std::string cpu = "native";
  /// Empty to choose.
  std::string format;
  /// A file of schedules, or empty.
  std::string scheduleFile;
  std::string output;
  std::string header;
  /// Empty to search for one.
  std::string linker;
  /// Whether to print what memory the code takes.
  bool stats = false;
  bool inspect = false;
  bool inspectAsJSON = false;

  static llvm::Expected<Options> parse(llvm::ArrayRef<const char *> arguments);
  static void printHelp(llvm::raw_ostream &os);
};

} // namespace mlir::bev

#endif // BEV_TOOLS_BEV_COMPILE_OPTIONS_H
