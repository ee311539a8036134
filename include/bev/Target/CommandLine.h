// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command lines of tools that run and compile models.  These are no
// `llvm::cl` options: LLVM's shared library has registered "threads" and
// hundreds of others for itself.

#ifndef BEV_TARGET_COMMANDLINE_H
#define BEV_TARGET_COMMANDLINE_H

#include "bev/Target/ModuleFile.h"
#include "bev/Target/OutputFile.h"
#include "bev/Target/Process.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

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

/// What the command lines of all tools say.
struct ToolOptions {
  /// The only argument that begins with no dash, or is one; a path.
  std::string file;
  /// --input-shape, --dim and --no-raise.
  ModuleFileOptions onnx;
  bool help = false;
  /// Options of MLIR's pass manager (--mlir-print-ir-after-all, …).
  std::vector<const char *> mlirOptions;
};

/// What stores a text that is not empty, a number from 1 to `max`, and that an
/// option is there.
std::function<bool(llvm::StringRef)> storeText(std::string &target);
std::function<bool(llvm::StringRef)> storeNumber(int64_t &target, int64_t max);
std::function<bool(llvm::StringRef)> storeFlag(bool &target, bool value = true);

/// Parses options spelled "--name", "--name=value" or "--name value" (-o and -h
/// stand for "output" and "help"): those of a tool, and where it has none of
/// the same name, those of all tools.  `file` says what the path is, for
/// messages: "module".  Errors of the command line come before the first that a
/// value's store gives.
llvm::Error parseCommandLine(llvm::ArrayRef<const char *> arguments,
                             llvm::ArrayRef<OptionInfo> infos,
                             llvm::StringRef file, ToolOptions &options);

/// Lines of help: --mlir-... and --help; --input-shape and --dim; --no-raise.
extern const char *const kGeneralHelp;
extern const char *const kImportHelp;
extern const char *const kRaiseHelp;

/// All of these, as the end of a list of options.
void printToolHelp(llvm::raw_ostream &os);

/// Does what a command line says: runs the tool, or prints its help or what is
/// wrong with the line.  Returns the exit status.  `Options` are ToolOptions
/// with the functions `parse` and `printHelp`.
template <typename Options>
int runTool(llvm::ArrayRef<const char *> arguments,
            llvm::function_ref<int(Options &)> run) {
  llvm::Expected<Options> options = Options::parse(arguments);
  if (!options)
    return fail(options.takeError());
  int status = 0;
  if (options->help)
    Options::printHelp(llvm::outs());
  else
    status = run(*options);
  if (llvm::Error error = finishOutput(llvm::outs(), "-"))
    return fail(std::move(error));
  return status;
}

/// Registers and parses options of MLIR's pass manager.
llvm::Error parsePassManagerOptions(llvm::ArrayRef<const char *> options);

} // namespace mlir::bev

#endif // BEV_TARGET_COMMANDLINE_H
