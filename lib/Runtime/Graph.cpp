// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Graph.h"
#include "Error.h"
#include "Memory.h"

#include <vector>

using namespace bev::rt;

/// A graph ready to launch, and what it needs to stay alive.
struct bevrtGraphImpl {
  GraphExec exec = nullptr;
  std::vector<void *> pinnedMemory;
  std::vector<void *> deviceMemory;
};

/// The capture that this thread began with bevrtGraphBeginCapture.
static thread_local bevrtGraphImpl *captureInProgress = nullptr;
static thread_local Stream capturedStream = nullptr;

void bev::rt::retainHostForCapture(void *pinned) {
  if (captureInProgress)
    captureInProgress->pinnedMemory.push_back(pinned);
}

void bev::rt::retainDeviceForCapture(void *devicePtr) {
  if (captureInProgress)
    captureInProgress->deviceMemory.push_back(devicePtr);
}

/// Frees a graph that no launch uses any more. Returns the first failure.
static bevrtStatus destroyGraph(const DeviceScope &scope,
                                bevrtGraphImpl *graph) {
  const Driver &driver = scope.driver();
  bevrtStatus status = BEVRT_SUCCESS;
  if (graph->exec)
    if (Result r = driver.graphExecDestroy(graph->exec))
      status =
          setDriverError(driver, r, BEVRT_ERROR_DRIVER, "destroying a graph");
  for (void *pinned : graph->pinnedMemory)
    driver.memFreeHost(pinned);
  for (void *memory : graph->deviceMemory) {
    bevrtStatus released =
        release(driver, scope.device(), memory, currentStream(scope.device()));
    if (!status)
      status = released;
  }
  delete graph;
  return status;
}

extern "C" bevrtStatus bevrtGraphBeginCapture(void) {
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  const Driver &driver = scope.driver();
  if (captureInProgress)
    return setError(BEVRT_ERROR_CAPTURE,
                    "a graph capture is in progress on this thread already");
  if (!driver.streamBeginCapture || !driver.streamEndCapture ||
      !driver.streamIsCapturing || !driver.graphInstantiate ||
      !driver.graphLaunch || !driver.graphExecDestroy || !driver.graphDestroy)
    return setError(
        BEVRT_ERROR_UNAVAILABLE,
        "this CUDA driver cannot capture graphs; update the NVIDIA driver");
  Stream stream = currentStream(scope.device());
  // Relaxed: a module that is loaded late or a constant that is uploaded late
  // must not invalidate the capture.
  if (Result r = driver.streamBeginCapture(stream, kCaptureModeRelaxed))
    return setDriverError(driver, r, BEVRT_ERROR_CAPTURE,
                          "beginning a graph capture");
  captureInProgress = new bevrtGraphImpl();
  capturedStream = stream;
  return BEVRT_SUCCESS;
}

extern "C" bevrtGraph bevrtGraphEndCapture(void) {
  if (!captureInProgress) {
    setError(BEVRT_ERROR_CAPTURE, "no graph capture is in progress on this "
                                  "thread; call bevrtGraphBeginCapture first");
    return nullptr;
  }
  DeviceScope scope;
  if (!scope)
    return nullptr;
  const Driver &driver = scope.driver();
  bevrtGraphImpl *result = captureInProgress;
  captureInProgress = nullptr;

  Graph graph = nullptr;
  Result r = driver.streamEndCapture(capturedStream, &graph);
  if (r || !graph) {
    destroyGraph(scope, result);
    setDriverError(driver, r, BEVRT_ERROR_CAPTURE, "ending a graph capture");
    return nullptr;
  }
  r = driver.graphInstantiate(&result->exec, graph, kGraphAutoFreeOnLaunch);
  driver.graphDestroy(graph);
  if (r) {
    result->exec = nullptr;
    destroyGraph(scope, result);
    setDriverError(driver, r, BEVRT_ERROR_CAPTURE,
                   "instantiating a captured graph");
    return nullptr;
  }
  return result;
}

extern "C" bevrtStatus bevrtGraphLaunch(bevrtGraph graph) {
  if (!graph)
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "expected bevrtGraphLaunch to get a graph, but got null");
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  if (Result r = scope.driver().graphLaunch(graph->exec,
                                            currentStream(scope.device())))
    return setDriverError(scope.driver(), r, BEVRT_ERROR_DRIVER,
                          "launching a graph");
  return BEVRT_SUCCESS;
}

extern "C" bevrtStatus bevrtGraphDestroy(bevrtGraph graph) {
  if (!graph)
    return BEVRT_SUCCESS;
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  bevrtStatus status =
      synchronize(scope.driver(), currentStream(scope.device()));
  bevrtStatus destroyed = destroyGraph(scope, graph);
  return status ? status : destroyed;
}
