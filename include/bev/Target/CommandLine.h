// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command lines of tools that run and compile models.  These are no
// `llvm::cl` options: LLVM's shared library has registered "threads" and
// hundreds of others for itself.

#ifndef BEV_TARGET_COMMANDLINE_H
#define BEV_TARGET_COMMANDLINE_H

#include "bev/Target/ModuleFile.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace mlir::bev {

/// How an option takes its value.
enum class ValueKind { None, Optional, Required };

struct OptionInfo {
  llvm::StringRef name;
  ValueKind kind;
  /// Stores the value; false where it is malformed, or an error that says
  /// itself what is expected.
  std::function<llvm::Expected<bool>(llvm::StringRef)> store;
  /// What a value is, for messages.
  const char *expected = "a value";
  bool mayRepeat = false;
};

/// What is no option of `infos`.
struct OtherArguments {
  /// The only argument that begins with no dash, or is one; a path.
  std::string file;
  /// Options of MLIR's pass manager (--mlir-print-ir-after-all, …).
  std::vector<const char *> mlirOptions;
};

/// What stores a text that is not empty, a number from 1 to `max`, and that an
/// option is there.
std::function<bool(llvm::StringRef)> storeText(std::string &target);
std::function<bool(llvm::StringRef)> storeNumber(int64_t &target, int64_t max);
std::function<bool(llvm::StringRef)> storeFlag(bool &target, bool value = true);

/// --input-shape and --dim, of all tools that import ONNX models.
std::array<OptionInfo, 2> getImportOptions(onnx::ImportOptions &import);

/// Parses options spelled "--name", "--name=value" or "--name value" (-o and -h
/// stand for "output" and "help").  `file` says what the path is, for messages:
/// "module".  Errors of the command line come before the first that a value's
/// store gives.
llvm::Expected<OtherArguments>
parseCommandLine(llvm::ArrayRef<const char *> arguments,
                 llvm::ArrayRef<OptionInfo> infos, llvm::StringRef file);

/// Registers and parses options of MLIR's pass manager.
llvm::Error parsePassManagerOptions(const char *tool,
                                    llvm::ArrayRef<const char *> options);

} // namespace mlir::bev

#endif // BEV_TARGET_COMMANDLINE_H
