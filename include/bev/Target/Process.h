// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a tool's process behaves while others' code runs in it, and what it
// reports.

#ifndef BEV_TARGET_PROCESS_H
#define BEV_TARGET_PROCESS_H

#include "mlir/IR/Diagnostics.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace mlir::bev {

/// The exit status for bad usage and bad input.
constexpr int kExitError = 2;

/// Makes fatal errors inside LLVM end the process with a diagnostic and
/// `kExitError`.  The tool's name begins all messages of this file.
void installFatalErrorHandlers(const char *tool);

/// Reports an error, after what the tool has printed.  Returns the exit status.
int fail(const llvm::Twine &message, int status = kExitError);
int fail(llvm::Error error, int status = kExitError);

/// Passes the first error of a stage on to the handlers before it and drops
/// those that follow from it.
class FirstErrorOnly : public ScopedDiagnosticHandler {
public:
  explicit FirstErrorOnly(MLIRContext *context);

  bool hasError = false;
};

/// While it lives, faults of the code that runs end the process with a
/// diagnostic and `kExitError`.
class FaultGuard {
public:
  /// Whose code runs: the compiler's or the compiled function's.
  enum class Code { Compiler, Compiled };

  explicit FaultGuard(Code code);
  ~FaultGuard();
};

/// Gives memory back that has been freed, such as a compiler's before what it
/// has compiled runs: the allocator keeps it otherwise.
void returnFreedMemory();

/// Says on stderr what goes on, if that takes longer than two seconds.
class Progress {
public:
  explicit Progress(std::string message);
  ~Progress();

private:
  std::mutex mutex;
  std::condition_variable condition;
  bool isDone = false;
  std::thread thread;
};

} // namespace mlir::bev

#endif // BEV_TARGET_PROCESS_H
