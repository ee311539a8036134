// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Error.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <mutex>

using namespace bev::rt;

namespace {
/// What bevrtLastError returns, and its kind. Has no destructor: global
/// destructors of generated code run after those of thread-local objects.
/// Holds a driver's JIT log and what is said around it.
struct ThreadError {
  char message[12 << 10];
  bevrtStatus status;
};

struct Handler {
  bevrtErrorHandler function = nullptr;
  void *userData = nullptr;
};

constexpr int kDefaultHandlerExitStatus = 3;
} // namespace

static thread_local ThreadError threadError;
static thread_local const char *lastKernelName = nullptr;
static thread_local ErrorCapture *errorCapture = nullptr;

// Leaked, as everything of the runtime that a global destructor of generated
// code may still reach.
static std::mutex &handlerMutex() {
  static auto *mutex = new std::mutex();
  return *mutex;
}
static Handler currentHandler;

static std::string formatString(const char *format, va_list args) {
  va_list copy;
  va_copy(copy, args);
  int length = std::vsnprintf(nullptr, 0, format, copy);
  va_end(copy);
  if (length <= 0)
    return {};
  std::string text(static_cast<size_t>(length) + 1, '\0');
  std::vsnprintf(text.data(), text.size(), format, args);
  text.resize(static_cast<size_t>(length));
  return text;
}

/// Whether `result` is a fault of device code that surfaces at an unrelated
/// later call.
static bool isDeviceFault(Result result) {
  // CUDA_ERROR_ILLEGAL_ADDRESS .. CUDA_ERROR_LAUNCH_TIMEOUT, and
  // CUDA_ERROR_ASSERT .. CUDA_ERROR_LAUNCH_FAILED.
  return result == 700 || result == 702 || result == 710 ||
         (result >= 714 && result <= 719);
}

bevrtStatus bev::rt::setError(bevrtStatus status, const char *format, ...) {
  va_list args;
  va_start(args, format);
  std::vsnprintf(threadError.message, sizeof(threadError.message), format,
                 args);
  va_end(args);
  return threadError.status = status;
}

std::string bev::rt::describeResult(const Driver &driver, Result result) {
  const char *name = nullptr, *text = nullptr;
  if (driver.getErrorName(result, &name) || !name)
    return "CUDA error " + std::to_string(result);
  std::string description = name;
  if (!driver.getErrorString(result, &text) && text)
    description += std::string(" (") + text + ")";
  return description;
}

bevrtStatus bev::rt::setDriverError(const Driver &driver, Result result,
                                    bevrtStatus status, const char *format,
                                    ...) {
  va_list args;
  va_start(args, format);
  std::string message = formatString(format, args);
  va_end(args);
  message += " failed: " + describeResult(driver, result);
  if (isDeviceFault(result)) {
    if (lastKernelName)
      message += std::string("; the last kernel launched was '") +
                 lastKernelName + "'";
    message += "; run under compute-sanitizer to find the fault";
  }
  return setError(result == kErrorOutOfMemory ? BEVRT_ERROR_OUT_OF_MEMORY
                                              : status,
                  "%s", message.c_str());
}

void bev::rt::noteLaunchedKernel(const char *name) { lastKernelName = name; }

void bev::rt::reportError(bevrtStatus status) {
  if (status == BEVRT_SUCCESS)
    return;
  if (errorCapture) {
    if (errorCapture->status == BEVRT_SUCCESS) {
      errorCapture->status = status;
      errorCapture->message = threadError.message;
    }
    return;
  }
  Handler handler;
  {
    std::lock_guard<std::mutex> lock(handlerMutex());
    handler = currentHandler;
  }
  // A copy, so that the handler may call the runtime.
  std::string message = threadError.message;
  if (handler.function) {
    handler.function(status, message.c_str(), handler.userData);
    return;
  }
  std::fprintf(stderr, "bev runtime: error: %s\n", message.c_str());
  std::fflush(nullptr);
  std::_Exit(kDefaultHandlerExitStatus);
}

bev::rt::ErrorCapture::ErrorCapture() : outer(errorCapture) {
  errorCapture = this;
}

bev::rt::ErrorCapture::~ErrorCapture() { errorCapture = outer; }

bevrtStatus bev::rt::ErrorCapture::take() {
  return status == BEVRT_SUCCESS ? status
                                 : setError(status, "%s", message.c_str());
}

bevrtStatus bev::rt::lastStatus() { return threadError.status; }

void bev::rt::reportLastError() { reportError(threadError.status); }

extern "C" const char *bevrtLastError(void) { return threadError.message; }

extern "C" void bevrtSetErrorHandler(bevrtErrorHandler handler,
                                     void *userData) {
  std::lock_guard<std::mutex> lock(handlerMutex());
  currentHandler = {handler, userData};
}
