// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Process.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <unistd.h>

using namespace mlir::bev;

static const char *toolName = "bev";

static void reportFatalError(void *, const char *reason, bool) {
  std::fprintf(stderr, "%s: error: the compiler failed: %s\n", toolName,
               reason);
  std::fflush(nullptr);
  _exit(kExitError);
}

void mlir::bev::installFatalErrorHandlers(const char *tool) {
  toolName = tool;
  llvm::install_fatal_error_handler(reportFatalError);
  llvm::install_bad_alloc_error_handler(reportFatalError);
}

int mlir::bev::fail(const llvm::Twine &message, int status) {
  llvm::outs().flush();
  llvm::errs() << toolName << ": error: " << message << "\n";
  return status;
}

int mlir::bev::fail(llvm::Error error, int status) {
  return fail(llvm::toString(std::move(error)), status);
}

static constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
static struct sigaction previousActions[std::size(kFaults)];

static volatile bool compilerRuns = false;

static void reportFault(int signal) {
  // Only what may be called in a signal handler.
  const char *message =
      compilerRuns ? "error: the compiler crashed on this module; "
                     "--mlir-print-ir-before-all shows the pass\n"
      : signal == SIGSEGV || signal == SIGBUS
          ? "error: the compiled function accessed invalid memory; "
            "check that the inputs' shapes agree with each other\n"
      : signal == SIGFPE ? "error: the compiled function divided by zero\n"
                         : "error: the compiled function executed an illegal "
                           "instruction\n";
  for (const char *part : {toolName, ": ", message}) {
    ssize_t ignored = write(STDERR_FILENO, part, std::strlen(part));
    (void)ignored;
  }
  _exit(kExitError);
}

FirstErrorOnly::FirstErrorOnly(mlir::MLIRContext *context)
    : ScopedDiagnosticHandler(context) {
  setHandler([this](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return failure();
    bool isFirst = !hasError;
    hasError = true;
    return failure(isFirst);
  });
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

void mlir::bev::returnFreedMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

Progress::Progress(std::string message) {
  thread = std::thread([this, message = std::move(message)] {
    std::unique_lock<std::mutex> lock(mutex);
    if (!condition.wait_for(lock, std::chrono::seconds(2),
                            [&] { return isDone; }))
      std::fprintf(stderr, "%s: %s ...\n", toolName, message.c_str());
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
