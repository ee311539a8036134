// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which stream work goes to, and what may be done to it while it is captured
// into a graph.

#ifndef BEV_LIB_RUNTIME_STREAM_H
#define BEV_LIB_RUNTIME_STREAM_H

#include "Device.h"

namespace bev::rt {

/// The stream that the calling thread's work goes to.
Stream currentStream(const Device &device);

/// `stream`, or the current one for null: generated code passes null where it
/// was given none.
Stream streamOrCurrent(const Device &device, void *stream);

/// Whether `stream` is being captured into a graph. Then nothing may wait for
/// it, and memory that is allocated on it belongs to the graph.
bool isCapturing(const Driver &driver, Stream stream);

/// Waits for `stream`, unless it is captured, where order is the graph's
/// business.
bevrtStatus synchronize(const Driver &driver, Stream stream);

/// Lets this thread allocate outside stream order, load modules and wait for
/// other streams although a capture is in progress, for the life of the object.
class RelaxedCaptureScope {
public:
  explicit RelaxedCaptureScope(const Driver &driver);
  ~RelaxedCaptureScope();
  RelaxedCaptureScope(const RelaxedCaptureScope &) = delete;
  RelaxedCaptureScope &operator=(const RelaxedCaptureScope &) = delete;

private:
  const Driver &drv;
  int savedMode;
  bool active;
};

/// Counts memory that both host and device address: registered host memory and
/// managed memory. While there is any, the host may read what a kernel wrote
/// without a copy, so generated code's waits must be real.
void addHostVisibleMemory(int delta);

/// Waits for `stream` on behalf of generated code: really when the process
/// asked for synchronous execution or memory is shared with the host, not at
/// all otherwise (see bevrtSetSynchronous).
bevrtStatus synchronizeForGeneratedCode(const Driver &driver,
                                        const Device &device, Stream stream);

/// Whether generated code's waits on the current stream are real now.
bool waitsAreReal();

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_STREAM_H
