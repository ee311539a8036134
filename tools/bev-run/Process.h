// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the process behaves while others' code runs in it.

#ifndef BEV_TOOLS_BEV_RUN_PROCESS_H
#define BEV_TOOLS_BEV_RUN_PROCESS_H

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace mlir::bev {

/// The exit status for bad usage and bad input.
constexpr int kExitError = 2;

/// Makes fatal errors inside LLVM end the process with a diagnostic and
/// `kExitError`.
void installFatalErrorHandlers();

/// While it lives, faults of the code that runs end the process with a
/// diagnostic and `kExitError`.
class FaultGuard {
public:
  /// Whose code runs: the compiler's or the compiled function's.
  enum class Code { Compiler, Compiled };

  explicit FaultGuard(Code code);
  ~FaultGuard();
};

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

#endif // BEV_TOOLS_BEV_RUN_PROCESS_H
