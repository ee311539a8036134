// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Events that measure time on the device.

#include "Error.h"
#include "Stream.h"

using namespace bev::rt;

static Event unwrap(bevrtEvent event) { return reinterpret_cast<Event>(event); }

extern "C" bevrtEvent bevrtEventCreate(void) {
  DeviceScope scope;
  if (!scope)
    return nullptr;
  Event event = nullptr;
  if (Result r = scope.driver().eventCreate(&event, kEventDefault)) {
    setDriverError(scope.driver(), r, BEVRT_ERROR_DRIVER, "creating an event");
    return nullptr;
  }
  return reinterpret_cast<bevrtEvent>(event);
}

extern "C" bevrtStatus bevrtEventRecord(bevrtEvent event) {
  if (!event)
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "expected bevrtEventRecord to get an event, but got null");
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  if (Result r = scope.driver().eventRecord(unwrap(event),
                                            currentStream(scope.device())))
    return setDriverError(scope.driver(), r, BEVRT_ERROR_DRIVER,
                          "recording an event");
  return BEVRT_SUCCESS;
}

extern "C" bevrtStatus bevrtEventElapsedMs(bevrtEvent start, bevrtEvent stop,
                                           float *milliseconds) {
  if (!start || !stop || !milliseconds)
    return setError(
        BEVRT_ERROR_INVALID_ARGUMENT,
        "expected bevrtEventElapsedMs to get two events and a result "
        "pointer, but one is null");
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  if (Result r = scope.driver().eventSynchronize(unwrap(stop)))
    return setDriverError(scope.driver(), r, BEVRT_ERROR_DRIVER,
                          "waiting for an event");
  if (Result r = scope.driver().eventElapsedTime(milliseconds, unwrap(start),
                                                 unwrap(stop)))
    return setDriverError(
        scope.driver(), r, BEVRT_ERROR_DRIVER,
        "measuring the time between two events (were both recorded?)");
  return BEVRT_SUCCESS;
}

extern "C" bevrtStatus bevrtEventDestroy(bevrtEvent event) {
  if (!event)
    return BEVRT_SUCCESS;
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  if (Result r = scope.driver().eventDestroy(unwrap(event)))
    return setDriverError(scope.driver(), r, BEVRT_ERROR_DRIVER,
                          "destroying an event");
  return BEVRT_SUCCESS;
}
