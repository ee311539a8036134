// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Stream.h"
#include "Error.h"

#include <atomic>

using namespace bev::rt;

/// The stream that bevrtSetStream chose on this thread; null for the device's
/// own.
static thread_local Stream selectedStream = nullptr;

static std::atomic<bool> synchronousMode{false};
static std::atomic<int> hostVisibleCount{0};

Stream bev::rt::currentStream(const Device &device) {
  return selectedStream ? selectedStream : device.stream;
}

Stream bev::rt::streamOrCurrent(const Device &device, void *stream) {
  return stream ? static_cast<Stream>(stream) : currentStream(device);
}

bool bev::rt::isCapturing(const Driver &driver, Stream stream) {
  int status = kCaptureStatusNone;
  return driver.streamIsCapturing &&
         driver.streamIsCapturing(stream, &status) == kSuccess &&
         status != kCaptureStatusNone;
}

bevrtStatus bev::rt::synchronize(const Driver &driver, Stream stream) {
  if (isCapturing(driver, stream))
    return BEVRT_SUCCESS;
  if (Result r = driver.streamSynchronize(stream))
    return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                          "waiting for the work on the stream");
  return BEVRT_SUCCESS;
}

RelaxedCaptureScope::RelaxedCaptureScope(const Driver &driver)
    : drv(driver), savedMode(kCaptureModeRelaxed) {
  active = drv.threadExchangeCaptureMode &&
           drv.threadExchangeCaptureMode(&savedMode) == kSuccess;
}

RelaxedCaptureScope::~RelaxedCaptureScope() {
  if (active)
    drv.threadExchangeCaptureMode(&savedMode);
}

void bev::rt::addHostVisibleMemory(int delta) {
  hostVisibleCount.fetch_add(delta);
}

bool bev::rt::waitsAreReal() {
  return synchronousMode.load() || hostVisibleCount.load() > 0;
}

bevrtStatus bev::rt::synchronizeForGeneratedCode(const Driver &driver,
                                                 const Device &device,
                                                 Stream stream) {
  bool ownOrder = stream == currentStream(device) || stream == device.stream;
  if (ownOrder && !waitsAreReal())
    return BEVRT_SUCCESS;
  return synchronize(driver, stream);
}

extern "C" void *bevrtStreamCreate(void) {
  DeviceScope scope;
  if (!scope)
    return nullptr;
  Stream stream = nullptr;
  if (Result r = scope.driver().streamCreate(&stream, kStreamNonBlocking)) {
    setDriverError(scope.driver(), r, BEVRT_ERROR_DRIVER, "creating a stream");
    return nullptr;
  }
  return stream;
}

extern "C" bevrtStatus bevrtStreamDestroy(void *stream) {
  if (!stream)
    return BEVRT_SUCCESS;
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  if (stream == scope.device().stream || stream == scope.device().uploadStream)
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "expected a stream from bevrtStreamCreate, but got one "
                    "that belongs to the runtime");
  if (stream == selectedStream)
    selectedStream = nullptr;
  if (Result r = scope.driver().streamDestroy(static_cast<Stream>(stream)))
    return setDriverError(scope.driver(), r, BEVRT_ERROR_DRIVER,
                          "destroying a stream");
  return BEVRT_SUCCESS;
}

extern "C" void bevrtSetStream(void *stream) {
  selectedStream = static_cast<Stream>(stream);
}

extern "C" void *bevrtCurrentStream(void) {
  if (selectedStream)
    return selectedStream;
  DeviceScope scope;
  return scope ? scope.device().stream : nullptr;
}

extern "C" void bevrtSetSynchronous(bool synchronous) {
  synchronousMode.store(synchronous);
}

extern "C" bevrtStatus bevrtSynchronize(void) {
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  Stream stream = currentStream(scope.device());
  if (isCapturing(scope.driver(), stream))
    return setError(
        BEVRT_ERROR_CAPTURE,
        "cannot wait for a stream while it is captured into a graph; call "
        "bevrtGraphEndCapture first");
  return synchronize(scope.driver(), stream);
}
