// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mgpu* functions that MLIR's gpu-to-llvm lowering and its GPU module
// translation call. Their names and parameters are given by upstream,
// version 22. They cannot return errors: each hands its failure to the error
// handler, after it has left the device's context.

#include "Error.h"
#include "Memory.h"
#include "ModuleCache.h"
#include "Stream.h"

#include <cinttypes>
#include <cstring>

using namespace bev::rt;

namespace {
/// A memref descriptor of some rank, as generated code passes it by pointer:
/// the sizes are followed by as many strides.
struct MemRefDescriptor {
  void *allocated;
  char *aligned;
  int64_t offset;
  int64_t sizesAndStrides[];
};

/// The launch shape as generated code passes it.
struct LaunchShape {
  intptr_t grid[3];
  intptr_t block[3];
  int32_t sharedMemory;
};
} // namespace

/// Runs `body(driver, device)` with the device's context current and reports
/// the status that it returns.
template <typename Body>
static void onDevice(Body body) {
  bevrtStatus status;
  {
    DeviceScope scope;
    status = scope ? body(scope.driver(), scope.device()) : lastStatus();
  }
  reportError(status);
}

//===----------------------------------------------------------------------===//
// Modules and kernels
//===----------------------------------------------------------------------===//

extern "C" BEVRT_EXPORT void *mgpuModuleLoad(void *data, size_t size) {
  Module *module = acquireModule(data, size, /*jitLevel=*/-1);
  if (!module)
    reportLastError();
  return module;
}

// Later versions of MLIR pass the text's size as a third argument. The text
// ends with a null character in both, so that it is not needed.
extern "C" BEVRT_EXPORT void *mgpuModuleLoadJIT(void *data, int optLevel) {
  uint64_t size = data ? std::strlen(static_cast<const char *>(data)) : 0;
  int level = optLevel < 0   ? 0
              : optLevel > 4 ? 4
                             : optLevel; // What the driver accepts.
  Module *module = acquireModule(data, size, level);
  if (!module)
    reportLastError();
  return module;
}

extern "C" BEVRT_EXPORT void mgpuModuleUnload(void *module) {
  releaseModule(static_cast<Module *>(module));
}

extern "C" BEVRT_EXPORT void *mgpuModuleGetFunction(void *module,
                                                    const char *name) {
  if (!module)
    return nullptr; // Reported when it was loaded.
  Kernel *kernel = nullptr;
  onDevice([&](const Driver &driver, const Device &device) {
    kernel = getKernel(driver, device, static_cast<Module *>(module), name);
    return kernel ? BEVRT_SUCCESS : lastStatus();
  });
  return kernel;
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

/// Allows `kernel` as much dynamic shared memory as the launch wants; beyond 48
/// KiB the driver wants to be asked.
static bevrtStatus allowSharedMemory(const Driver &driver, const Device &device,
                                     Kernel &kernel, FunctionHandle function,
                                     int32_t wanted) {
  if (wanted < 0 || wanted > device.maxSharedMemory)
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "cannot launch kernel '%s': it wants %d bytes of dynamic "
                    "shared memory, but CUDA device %d ('%s') "
                    "has %d per block; choose smaller tiles",
                    kernel.name, wanted, device.ordinal, device.name.c_str(),
                    device.maxSharedMemory);
  std::atomic<unsigned> &allowed = kernel.allowedSharedMemory[device.ordinal];
  if (static_cast<unsigned>(wanted) <= allowed.load())
    return BEVRT_SUCCESS;
  if (Result r = driver.funcSetAttribute(function,
                                         kFuncAttrMaxDynamicSharedSize, wanted))
    return setDriverError(
        driver, r, BEVRT_ERROR_DRIVER,
        "allowing kernel '%s' %d bytes of dynamic shared memory", kernel.name,
        wanted);
  allowed.store(static_cast<unsigned>(wanted));
  return BEVRT_SUCCESS;
}

/// Whether the driver's parameter type holds the shape. What else it must
/// satisfy, the driver checks.
static bool isRepresentable(const LaunchShape &shape) {
  for (int i = 0; i < 3; ++i)
    if (shape.grid[i] < 0 || shape.grid[i] > INT32_MAX || shape.block[i] < 1 ||
        shape.block[i] > INT32_MAX)
      return false;
  return true;
}

static bevrtStatus launch(const Driver &driver, const Device &device,
                          Kernel &kernel, const LaunchShape &shape,
                          const unsigned *cluster, void *stream, void **params,
                          void **extra) {
  bool representable = isRepresentable(shape);
  // An empty tensor gives an empty grid: nothing to do, and an error to the
  // driver.
  if (representable &&
      (shape.grid[0] == 0 || shape.grid[1] == 0 || shape.grid[2] == 0))
    return BEVRT_SUCCESS;
  FunctionHandle function = functionOn(driver, device, &kernel);
  if (!function)
    return lastStatus();
  if (shape.sharedMemory != 0)
    if (bevrtStatus status = allowSharedMemory(driver, device, kernel, function,
                                               shape.sharedMemory))
      return status;

  Result r = kErrorInvalidValue;
  if (representable) {
    LaunchConfig config = {};
    for (int i = 0; i < 3; ++i) {
      config.gridDim[i] = static_cast<unsigned>(shape.grid[i]);
      config.blockDim[i] = static_cast<unsigned>(shape.block[i]);
    }
    config.sharedMemBytes = static_cast<unsigned>(shape.sharedMemory);
    config.stream = streamOrCurrent(device, stream);
    noteLaunchedKernel(kernel.name);
    LaunchAttribute attributes[2] = {};
    config.attrs = attributes;
    if (cluster) {
      LaunchAttribute &attribute = attributes[config.numAttrs++];
      attribute.id = kLaunchAttrClusterDimension;
      std::memcpy(attribute.value.clusterDim, cluster,
                  sizeof(attribute.value.clusterDim));
    }
    if (kernel.module->kernelsWait[device.ordinal]) {
      LaunchAttribute &attribute = attributes[config.numAttrs++];
      attribute.id = kLaunchAttrDependentLaunch;
      attribute.value.dependentLaunch = 1;
    }
    if (config.numAttrs > 0)
      r = driver.launchKernelEx(&config, function, params, extra);
    else
      r = driver.launchKernel(
          function, config.gridDim[0], config.gridDim[1], config.gridDim[2],
          config.blockDim[0], config.blockDim[1], config.blockDim[2],
          config.sharedMemBytes, config.stream, params, extra);
  }
  if (!r)
    return BEVRT_SUCCESS;
  return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                        "launching kernel '%s' with grid (%" PRIdPTR
                        ", %" PRIdPTR ", %" PRIdPTR ") and block "
                        "(%" PRIdPTR ", %" PRIdPTR ", %" PRIdPTR ")",
                        kernel.name, shape.grid[0], shape.grid[1],
                        shape.grid[2], shape.block[0], shape.block[1],
                        shape.block[2]);
}

extern "C" BEVRT_EXPORT void
mgpuLaunchKernel(void *function, intptr_t gridX, intptr_t gridY, intptr_t gridZ,
                 intptr_t blockX, intptr_t blockY, intptr_t blockZ,
                 int32_t smem, void *stream, void **params, void **extra,
                 size_t /*paramsCount*/) {
  if (!function)
    return; // Reported when it was looked up.
  LaunchShape shape = {{gridX, gridY, gridZ}, {blockX, blockY, blockZ}, smem};
  onDevice([&](const Driver &driver, const Device &device) {
    return launch(driver, device, *static_cast<Kernel *>(function), shape,
                  /*cluster=*/nullptr, stream, params, extra);
  });
}

extern "C" BEVRT_EXPORT void
mgpuLaunchClusterKernel(void *function, intptr_t clusterX, intptr_t clusterY,
                        intptr_t clusterZ, intptr_t gridX, intptr_t gridY,
                        intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                        intptr_t blockZ, int32_t smem, void *stream,
                        void **params, void **extra, size_t /*paramsCount*/) {
  if (!function)
    return; // Reported when it was looked up.
  LaunchShape shape = {{gridX, gridY, gridZ}, {blockX, blockY, blockZ}, smem};
  unsigned cluster[3] = {static_cast<unsigned>(clusterX),
                         static_cast<unsigned>(clusterY),
                         static_cast<unsigned>(clusterZ)};
  onDevice([&](const Driver &driver, const Device &device) {
    Kernel &kernel = *static_cast<Kernel *>(function);
    if (device.computeMajor < 9 || !driver.launchKernelEx)
      return setError(BEVRT_ERROR_UNAVAILABLE,
                      "cannot launch kernel '%s' in clusters: that takes an "
                      "sm_90 device and a CUDA 12 driver, but CUDA "
                      "device %d ('%s') is sm_%d%d%s",
                      kernel.name, device.ordinal, device.name.c_str(),
                      device.computeMajor, device.computeMinor,
                      driver.launchKernelEx ? "" : " and its driver is older");
    return launch(driver, device, kernel, shape, cluster, stream, params,
                  extra);
  });
}

//===----------------------------------------------------------------------===//
// Streams and events
//===----------------------------------------------------------------------===//

extern "C" BEVRT_EXPORT void *mgpuStreamCreate() {
  void *stream = bevrtCurrentStream();
  if (!stream)
    reportLastError();
  return stream;
}

// Streams come from mgpuStreamCreate, which creates none.
extern "C" BEVRT_EXPORT void mgpuStreamDestroy(void * /*stream*/) {}

extern "C" BEVRT_EXPORT void mgpuStreamSynchronize(void *stream) {
  onDevice([&](const Driver &driver, const Device &device) {
    return synchronizeForGeneratedCode(driver, device,
                                       streamOrCurrent(device, stream));
  });
}

extern "C" BEVRT_EXPORT void mgpuStreamWaitEvent(void *stream, void *event) {
  onDevice([&](const Driver &driver, const Device &device) {
    if (Result r = driver.streamWaitEvent(streamOrCurrent(device, stream),
                                          static_cast<Event>(event), 0))
      return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                            "making a stream wait for an event");
    return BEVRT_SUCCESS;
  });
}

extern "C" BEVRT_EXPORT void *mgpuEventCreate() {
  Event event = nullptr;
  onDevice([&](const Driver &driver, const Device &) {
    if (Result r = driver.eventCreate(&event, kEventDisableTiming))
      return setDriverError(driver, r, BEVRT_ERROR_DRIVER, "creating an event");
    return BEVRT_SUCCESS;
  });
  return event;
}

extern "C" BEVRT_EXPORT void mgpuEventDestroy(void *event) {
  if (event)
    reportError(bevrtEventDestroy(static_cast<bevrtEvent>(event)));
}

extern "C" BEVRT_EXPORT void mgpuEventSynchronize(void *event) {
  onDevice([&](const Driver &driver, const Device &device) {
    // Unless waits are real, later work of this thread waits in the host's
    // stead.
    Stream stream = currentStream(device);
    Result r =
        waitsAreReal() && !isCapturing(driver, stream)
            ? driver.eventSynchronize(static_cast<Event>(event))
            : driver.streamWaitEvent(stream, static_cast<Event>(event), 0);
    return r ? setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                              "waiting for an event")
             : BEVRT_SUCCESS;
  });
}

extern "C" BEVRT_EXPORT void mgpuEventRecord(void *event, void *stream) {
  onDevice([&](const Driver &driver, const Device &device) {
    if (Result r = driver.eventRecord(static_cast<Event>(event),
                                      streamOrCurrent(device, stream)))
      return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                            "recording an event");
    return BEVRT_SUCCESS;
  });
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

extern "C" BEVRT_EXPORT void *mgpuMemAlloc(uint64_t sizeBytes, void *stream,
                                           bool isHostShared) {
  void *memory = nullptr;
  onDevice([&](const Driver &driver, const Device &device) {
    memory = allocate(driver, device, sizeBytes,
                      streamOrCurrent(device, stream), isHostShared);
    return memory ? BEVRT_SUCCESS : lastStatus();
  });
  return memory;
}

extern "C" BEVRT_EXPORT void mgpuMemFree(void *ptr, void *stream) {
  if (!ptr)
    return;
  onDevice([&](const Driver &driver, const Device &device) {
    return release(driver, device, ptr, streamOrCurrent(device, stream));
  });
}

extern "C" BEVRT_EXPORT void mgpuMemcpy(void *dst, void *src, size_t sizeBytes,
                                        void *stream) {
  onDevice([&](const Driver &driver, const Device &device) {
    return copyAnywhere(driver, dst, src, sizeBytes,
                        streamOrCurrent(device, stream));
  });
}

/// Fills `count` elements of `elementBytes` bytes with the driver's function
/// for that width.
template <typename Value>
static void fill(void *dst, Value value, size_t count, void *stream,
                 Result (*Driver::*function)(DevicePtr, Value, size_t,
                                             Stream)) {
  if (count == 0)
    return;
  onDevice([&](const Driver &driver, const Device &device) {
    if (Result r = (driver.*function)(reinterpret_cast<DevicePtr>(dst), value,
                                      count, streamOrCurrent(device, stream)))
      return setDriverError(
          driver, r, BEVRT_ERROR_DRIVER,
          "setting %zu elements of %zu bytes at device address %p", count,
          sizeof(Value), dst);
    return BEVRT_SUCCESS;
  });
}

extern "C" BEVRT_EXPORT void mgpuMemset32(void *dst, unsigned value,
                                          size_t count, void *stream) {
  fill(dst, value, count, stream, &Driver::memsetD32Async);
}

extern "C" BEVRT_EXPORT void mgpuMemset16(void *dst, unsigned short value,
                                          size_t count, void *stream) {
  fill(dst, value, count, stream, &Driver::memsetD16Async);
}

extern "C" BEVRT_EXPORT void mgpuMemHostRegister(void *ptr,
                                                 uint64_t sizeBytes) {
  if (sizeBytes == 0)
    return;
  onDevice([&](const Driver &driver, const Device &) {
    if (Result r = driver.memHostRegister(ptr, sizeBytes, 0))
      return setDriverError(
          driver, r, BEVRT_ERROR_DRIVER,
          "registering %" PRIu64 " bytes of host memory at %p", sizeBytes, ptr);
    addHostVisibleMemory(1);
    return BEVRT_SUCCESS;
  });
}

extern "C" BEVRT_EXPORT void mgpuMemHostUnregister(void *ptr) {
  onDevice([&](const Driver &driver, const Device &device) {
    // Kernels may still use it, and the host reads it next.
    if (bevrtStatus status = synchronize(driver, currentStream(device)))
      return status;
    if (Result r = driver.memHostUnregister(ptr))
      return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                            "unregistering host memory at %p", ptr);
    addHostVisibleMemory(-1);
    return BEVRT_SUCCESS;
  });
}

/// The first byte of a memref, and in `bytes` how many lie between it and the
/// end of its last element; 0 for an empty one and -1 for a stride that is
/// negative.
static void *extentOf(int64_t rank, const MemRefDescriptor &memref,
                      int64_t elementBytes, int64_t &bytes) {
  int64_t lastElement = 0;
  bool empty = false, negative = false;
  for (int64_t i = 0; i < rank; ++i) {
    int64_t size = memref.sizesAndStrides[i],
            stride = memref.sizesAndStrides[rank + i];
    empty |= size == 0;
    negative |= size > 1 && stride < 0;
    lastElement += (size - 1) * stride;
  }
  bytes = empty ? 0 : negative ? -1 : (lastElement + 1) * elementBytes;
  return memref.aligned + memref.offset * elementBytes;
}

extern "C" BEVRT_EXPORT void
mgpuMemHostRegisterMemRef(int64_t rank, void *descriptor,
                          int64_t elementSizeBytes) {
  int64_t bytes = 0;
  void *begin = extentOf(rank, *static_cast<MemRefDescriptor *>(descriptor),
                         elementSizeBytes, bytes);
  if (bytes < 0)
    reportError(
        setError(BEVRT_ERROR_INVALID_ARGUMENT,
                 "cannot register a host memref with a negative stride"));
  else
    mgpuMemHostRegister(begin, static_cast<uint64_t>(bytes));
}

extern "C" BEVRT_EXPORT void
mgpuMemHostUnregisterMemRef(int64_t rank, void *descriptor,
                            int64_t elementSizeBytes) {
  int64_t bytes = 0;
  void *begin = extentOf(rank, *static_cast<MemRefDescriptor *>(descriptor),
                         elementSizeBytes, bytes);
  if (bytes > 0)
    mgpuMemHostUnregister(begin);
}

extern "C" BEVRT_EXPORT void mgpuSetDefaultDevice(int32_t device) {
  reportError(bevrtSetDevice(device));
}
