// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How failures travel. Internals record a failure on the calling thread and
// return a status. Functions of the C API hand that status on; entry points
// that generated code calls pass it to the error handler, holding no lock.

#ifndef BEV_LIB_RUNTIME_ERROR_H
#define BEV_LIB_RUNTIME_ERROR_H

#include "DriverAPI.h"
#include "bev/Runtime/Runtime.h"

#include <string>

namespace bev::rt {

/// Records a failure, printf-style, and returns `status`.
[[gnu::format(printf, 2, 3)]] bevrtStatus setError(bevrtStatus status,
                                                   const char *format, ...);

/// Records that the driver returned `result` from what `format` describes:
/// "<what> failed: CUDA_ERROR_X (explanation)". Adds the last kernel launched
/// when the result is a fault that a kernel left behind. Returns `status`, or
/// BEVRT_ERROR_OUT_OF_MEMORY where the driver says so.
[[gnu::format(printf, 4, 5)]] bevrtStatus
setDriverError(const Driver &driver, Result result, bevrtStatus status,
               const char *format, ...);

/// The kind of the failure last recorded on this thread.
bevrtStatus lastStatus();

/// "CUDA_ERROR_X (explanation)".
std::string describeResult(const Driver &driver, Result result);

/// Remembers the name of the kernel this thread launched last, for the message
/// about a later fault. The name must live as long as the process.
void noteLaunchedKernel(const char *name);

/// Hands a failure that setError recorded on this thread to the error handler.
/// Does nothing for BEVRT_SUCCESS.
void reportError(bevrtStatus status);

/// While it lives, failures of entry points on the calling thread are kept
/// instead of handed to the error handler.
class ErrorCapture {
public:
  ErrorCapture();
  ~ErrorCapture();
  ErrorCapture(const ErrorCapture &) = delete;
  ErrorCapture &operator=(const ErrorCapture &) = delete;

  /// Records the first failure anew, so that bevrtLastError describes it, and
  /// returns its status.
  bevrtStatus take();

private:
  friend void reportError(bevrtStatus status);

  ErrorCapture *outer;
  bevrtStatus status = BEVRT_SUCCESS;
  std::string message;
};

/// Hands over the failure last recorded on this thread, for callers that got a
/// null pointer instead of a status.
void reportLastError();

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_ERROR_H
