// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Process.h"

#include "llvm/Support/ErrorHandling.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <unistd.h>

using namespace mlir::bev;

static void reportFatalError(void *, const char *reason, bool) {
  std::fprintf(stderr, "bev-run: error: the compiler failed: %s\n", reason);
  std::fflush(nullptr);
  _exit(kExitError);
}

void mlir::bev::installFatalErrorHandlers() {
  llvm::install_fatal_error_handler(reportFatalError);
  llvm::install_bad_alloc_error_handler(reportFatalError);
}

static constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
static struct sigaction previousActions[std::size(kFaults)];

static volatile bool compilerRuns = false;

static void reportFault(int signal) {
  // Only what may be called in a signal handler.
  const char *message =
      compilerRuns ? "bev-run: error: the compiler crashed on this module; "
                     "--mlir-print-ir-before-all shows the pass\n"
      : signal == SIGSEGV || signal == SIGBUS
          ? "bev-run: error: the compiled function accessed invalid memory; "
            "check that the inputs' shapes agree with each other\n"
      : signal == SIGFPE
          ? "bev-run: error: the compiled function divided by zero\n"
          : "bev-run: error: the compiled function executed an illegal "
            "instruction\n";
  ssize_t ignored = write(STDERR_FILENO, message, std::strlen(message));
  (void)ignored;
  _exit(kExitError);
}

FaultGuard::FaultGuard(Code code) {
  compilerRuns = code == Code::Compiler;
  struct sigaction action;
  std::memset(&action, 0, sizeof action);
  action.sa_handler = reportFault;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < std::size(kFaults); ++i)
    sigaction(kFaults[i], &action, &previousActions[i]);
}

FaultGuard::~FaultGuard() {
  for (size_t i = 0; i < std::size(kFaults); ++i)
    sigaction(kFaults[i], &previousActions[i], nullptr);
}

Progress::Progress(std::string message) {
  thread = std::thread([this, message = std::move(message)] {
    std::unique_lock<std::mutex> lock(mutex);
    if (!condition.wait_for(lock, std::chrono::seconds(2),
                            [&] { return isDone; }))
      std::fprintf(stderr, "bev-run: %s ...\n", message.c_str());
  });
}

Progress::~Progress() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    isDone = true;
  }
  condition.notify_one();
  thread.join();
}
