// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Memory.h"
#include "Error.h"
#include "Graph.h"

#include <algorithm>
#include <cinttypes>
#include <cstring>
#include <mutex>
#include <unordered_map>

using namespace bev::rt;

namespace {
/// How an address was allocated, which decides how it is freed.
enum class AllocationKind {
  Pool,     ///< Stream-ordered, from the device's pool.
  Graph,    ///< Stream-ordered while a graph was captured: part of the graph.
  Plain,    ///< cuMemAlloc, where there are no pools.
  Managed,  ///< Addressable by host and device.
  Constant, ///< The runtime's own, for bevrtDeviceConstant.
  Unknown,  ///< Not allocated here.
};

/// The live allocations of the process.
struct AllocationTable {
  std::mutex mutex;
  std::unordered_map<DevicePtr, AllocationKind> kinds;
};

enum class Residence { PageableHost, PinnedHost, Device };
} // namespace

static AllocationTable &allocations() {
  static auto *table = new AllocationTable();
  return *table;
}

static void *remember(DevicePtr address, AllocationKind kind) {
  AllocationTable &table = allocations();
  std::lock_guard<std::mutex> lock(table.mutex);
  table.kinds[address] = kind;
  return reinterpret_cast<void *>(address);
}

static AllocationKind forget(DevicePtr address) {
  AllocationTable &table = allocations();
  std::lock_guard<std::mutex> lock(table.mutex);
  auto it = table.kinds.find(address);
  if (it == table.kinds.end())
    return AllocationKind::Unknown;
  AllocationKind kind = it->second;
  table.kinds.erase(it);
  return kind;
}

static DevicePtr toDevicePtr(const void *pointer) {
  return reinterpret_cast<DevicePtr>(pointer);
}

/// Records a failed allocation, with what was asked for and what there is.
static void setAllocationError(const Driver &driver, const Device &device,
                               Result result, uint64_t bytes) {
  if (result != kErrorOutOfMemory) {
    setDriverError(driver, result, BEVRT_ERROR_DRIVER,
                   "allocating %" PRIu64 " bytes on CUDA device %d", bytes,
                   device.ordinal);
    return;
  }
  size_t free = 0, total = 0;
  driver.memGetInfo(&free, &total);
  setError(BEVRT_ERROR_OUT_OF_MEMORY,
           "out of device memory: requested %" PRIu64
           " bytes on CUDA device %d, where %zu of %zu bytes are free; "
           "use smaller inputs or stop other programs on this device",
           bytes, device.ordinal, free, total);
}

/// Gives memory that the pool keeps back to the driver, so that an allocation
/// that just failed may be tried again.
static bool trimPool(const Driver &driver, const Device &device,
                     Stream stream) {
  if (!device.pool || !driver.memPoolTrimTo || isCapturing(driver, stream))
    return false;
  return driver.streamSynchronize(stream) == kSuccess &&
         driver.memPoolTrimTo(device.pool, 0) == kSuccess;
}

void *bev::rt::allocateOutsideStreams(const Driver &driver,
                                      const Device &device, uint64_t bytes) {
  RelaxedCaptureScope relaxed(driver);
  DevicePtr address = 0;
  size_t size = std::max<uint64_t>(bytes, 1);
  Result r = driver.memAlloc(&address, size);
  if (r == kErrorOutOfMemory && trimPool(driver, device, currentStream(device)))
    r = driver.memAlloc(&address, size);
  if (!r)
    return reinterpret_cast<void *>(address);
  setAllocationError(driver, device, r, bytes);
  return nullptr;
}

void *bev::rt::allocate(const Driver &driver, const Device &device,
                        uint64_t bytes, Stream stream, bool hostShared) {
  DevicePtr address = 0;
  size_t size = std::max<uint64_t>(bytes, 1); // The driver refuses 0.
  if (hostShared) {
    RelaxedCaptureScope relaxed(driver);
    if (Result r = driver.memAllocManaged(&address, size, kMemAttachGlobal)) {
      setAllocationError(driver, device, r, bytes);
      return nullptr;
    }
    addHostVisibleMemory(1);
    return remember(address, AllocationKind::Managed);
  }

  if (device.pool) {
    bool capturing = isCapturing(driver, stream);
    Result r = driver.memAllocAsync(&address, size, stream);
    if (r == kErrorOutOfMemory && trimPool(driver, device, stream))
      r = driver.memAllocAsync(&address, size, stream);
    if (!r)
      return remember(address,
                      capturing ? AllocationKind::Graph : AllocationKind::Pool);
    setAllocationError(driver, device, r, bytes);
    return nullptr;
  }

  void *plain = allocateOutsideStreams(driver, device, bytes);
  return plain ? remember(toDevicePtr(plain), AllocationKind::Plain) : nullptr;
}

void bev::rt::addConstantAddress(void *devicePtr) {
  remember(toDevicePtr(devicePtr), AllocationKind::Constant);
}

void bev::rt::removeConstantAddress(void *devicePtr) {
  forget(toDevicePtr(devicePtr));
}

bool bev::rt::isConstantAddress(void *devicePtr) {
  AllocationTable &table = allocations();
  std::lock_guard<std::mutex> lock(table.mutex);
  auto it = table.kinds.find(toDevicePtr(devicePtr));
  return it != table.kinds.end() && it->second == AllocationKind::Constant;
}

bevrtStatus bev::rt::release(const Driver &driver, const Device &device,
                             void *devicePtr, Stream stream) {
  if (!devicePtr)
    return BEVRT_SUCCESS;
  DevicePtr address = toDevicePtr(devicePtr);
  AllocationKind kind = forget(address);
  if (kind == AllocationKind::Constant) {
    remember(address, kind);
    return BEVRT_SUCCESS;
  }
  if (kind != AllocationKind::Graph && kind != AllocationKind::Unknown &&
      isCapturing(driver, stream)) {
    remember(address, kind);
    retainDeviceForCapture(devicePtr);
    return BEVRT_SUCCESS;
  }

  Result r = kSuccess;
  switch (kind) {
  case AllocationKind::Pool:
  case AllocationKind::Graph:
    r = driver.memFreeAsync(address, stream);
    break;
  case AllocationKind::Managed:
    addHostVisibleMemory(-1);
    [[fallthrough]];
  case AllocationKind::Plain:
    // cuMemFree does not wait for streams that do not wait for the default
    // stream.
    r = driver.streamSynchronize(stream);
    if (!r)
      r = driver.memFree(address);
    break;
  case AllocationKind::Constant: // Returned above.
    break;
  case AllocationKind::Unknown:
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "cannot free device address %p on CUDA device %d: the "
                    "runtime did not allocate it, or it was freed "
                    "before",
                    devicePtr, device.ordinal);
  }
  // While the process ends, the driver may be gone before the last free: the
  // memory is, too.
  if (r && r != kErrorDeinitialized)
    return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                          "freeing device address %p", devicePtr);
  return BEVRT_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

static Residence residenceOf(const Driver &driver, const void *pointer) {
  unsigned type = 0;
  // The driver does not know ordinary host memory.
  if (driver.pointerGetAttribute(&type, kPointerAttrMemoryType,
                                 toDevicePtr(pointer)))
    return Residence::PageableHost;
  switch (type) {
  case kMemoryTypeHost:
    return Residence::PinnedHost;
  case kMemoryTypeDevice:
  case kMemoryTypeUnified:
    return Residence::Device;
  default:
    return Residence::PageableHost;
  }
}

static bevrtStatus checkCopy(const char *what, const void *dst, const void *src,
                             uint64_t bytes) {
  if (dst && src)
    return BEVRT_SUCCESS;
  return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                  "cannot copy %" PRIu64 " bytes %s: the %s address is null",
                  bytes, what, dst ? "source" : "destination");
}

/// A copy that is captured runs later, and often: it reads from a pinned copy
/// of today's bytes.
static bevrtStatus captureHostToDevice(const Driver &driver, void *dst,
                                       const void *src, uint64_t bytes,
                                       Stream stream) {
  void *pinned = nullptr;
  {
    RelaxedCaptureScope relaxed(driver);
    if (Result r = driver.memHostAlloc(&pinned, bytes, 0))
      return setDriverError(
          driver, r, BEVRT_ERROR_DRIVER,
          "allocating %" PRIu64 " bytes of pinned host memory", bytes);
  }
  std::memcpy(pinned, src, bytes);
  retainHostForCapture(pinned);
  if (Result r =
          driver.memcpyHtoDAsync(toDevicePtr(dst), pinned, bytes, stream))
    return setDriverError(
        driver, r, BEVRT_ERROR_DRIVER,
        "capturing a copy of %" PRIu64 " bytes from host to device", bytes);
  return BEVRT_SUCCESS;
}

bevrtStatus bev::rt::copyHostToDevice(const Driver &driver, void *dst,
                                      const void *src, uint64_t bytes,
                                      Stream stream) {
  if (bytes == 0)
    return BEVRT_SUCCESS;
  if (bevrtStatus status = checkCopy("from host to device", dst, src, bytes))
    return status;
  if (isCapturing(driver, stream))
    return captureHostToDevice(driver, dst, src, bytes, stream);
  if (Result r = driver.memcpyHtoDAsync(toDevicePtr(dst), src, bytes, stream))
    return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                          "copying %" PRIu64 " bytes from host to device",
                          bytes);
  // The driver stages pageable memory before it returns; from pinned memory it
  // reads whenever the stream gets there.
  if (residenceOf(driver, src) != Residence::PageableHost)
    return synchronize(driver, stream);
  return BEVRT_SUCCESS;
}

bevrtStatus bev::rt::copyDeviceToHost(const Driver &driver, void *dst,
                                      const void *src, uint64_t bytes,
                                      Stream stream) {
  if (bytes == 0)
    return BEVRT_SUCCESS;
  if (bevrtStatus status = checkCopy("from device to host", dst, src, bytes))
    return status;
  if (isCapturing(driver, stream))
    return setError(BEVRT_ERROR_CAPTURE,
                    "cannot read %" PRIu64
                    " bytes of device memory on the host while the stream is "
                    "captured into a "
                    "graph; read them before the capture or after a launch",
                    bytes);
  if (Result r = driver.memcpyDtoHAsync(dst, toDevicePtr(src), bytes, stream))
    return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                          "copying %" PRIu64 " bytes from device to host",
                          bytes);
  return synchronize(driver, stream);
}

bevrtStatus bev::rt::copyDeviceToDevice(const Driver &driver, void *dst,
                                        const void *src, uint64_t bytes,
                                        Stream stream) {
  if (bytes == 0)
    return BEVRT_SUCCESS;
  if (bevrtStatus status =
          checkCopy("between device addresses", dst, src, bytes))
    return status;
  if (Result r = driver.memcpyDtoDAsync(toDevicePtr(dst), toDevicePtr(src),
                                        bytes, stream))
    return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                          "copying %" PRIu64 " bytes between device addresses",
                          bytes);
  return BEVRT_SUCCESS;
}

bevrtStatus bev::rt::copyAnywhere(const Driver &driver, void *dst,
                                  const void *src, uint64_t bytes,
                                  Stream stream) {
  if (bytes == 0)
    return BEVRT_SUCCESS;
  if (bevrtStatus status = checkCopy("between two addresses", dst, src, bytes))
    return status;
  bool toHost = residenceOf(driver, dst) != Residence::Device;
  bool fromHost = residenceOf(driver, src) != Residence::Device;
  if (fromHost && !toHost)
    return copyHostToDevice(driver, dst, src, bytes, stream);
  if (toHost && !fromHost)
    return copyDeviceToHost(driver, dst, src, bytes, stream);
  if (!toHost)
    return copyDeviceToDevice(driver, dst, src, bytes, stream);
  // Between host addresses: after the kernels that may still write them.
  if (bevrtStatus status = synchronize(driver, stream))
    return status;
  std::memmove(dst, src, bytes);
  return BEVRT_SUCCESS;
}

//===----------------------------------------------------------------------===//
// C API
//===----------------------------------------------------------------------===//

extern "C" void *bevrtMalloc(uint64_t bytes) {
  DeviceScope scope;
  if (!scope)
    return nullptr;
  return allocate(scope.driver(), scope.device(), bytes,
                  currentStream(scope.device()), /*hostShared=*/false);
}

extern "C" bevrtStatus bevrtFree(void *devicePtr) {
  if (!devicePtr)
    return BEVRT_SUCCESS;
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  return release(scope.driver(), scope.device(), devicePtr,
                 currentStream(scope.device()));
}

extern "C" bevrtStatus
bevrtMemcpyHostToDevice(void *deviceDst, const void *hostSrc, uint64_t bytes) {
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  return copyHostToDevice(scope.driver(), deviceDst, hostSrc, bytes,
                          currentStream(scope.device()));
}

extern "C" bevrtStatus
bevrtMemcpyDeviceToHost(void *hostDst, const void *deviceSrc, uint64_t bytes) {
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  return copyDeviceToHost(scope.driver(), hostDst, deviceSrc, bytes,
                          currentStream(scope.device()));
}

extern "C" bevrtStatus bevrtMemcpyDeviceToDevice(void *deviceDst,
                                                 const void *deviceSrc,
                                                 uint64_t bytes) {
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  return copyDeviceToDevice(scope.driver(), deviceDst, deviceSrc, bytes,
                            currentStream(scope.device()));
}

extern "C" bevrtStatus bevrtMemset(void *devicePtr, int value, uint64_t bytes) {
  if (bytes == 0)
    return BEVRT_SUCCESS;
  if (!devicePtr)
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "cannot set %" PRIu64
                    " bytes of device memory at a null address",
                    bytes);
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  if (Result r = scope.driver().memsetD8Async(
          toDevicePtr(devicePtr), static_cast<unsigned char>(value), bytes,
          currentStream(scope.device())))
    return setDriverError(scope.driver(), r, BEVRT_ERROR_DRIVER,
                          "setting %" PRIu64 " bytes of device memory", bytes);
  return BEVRT_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Called by generated code
//===----------------------------------------------------------------------===//

extern "C" void bevrtDeviceRead(void *hostDst, const void *deviceSrc,
                                uint64_t bytes) {
  reportError(bevrtMemcpyDeviceToHost(hostDst, deviceSrc, bytes));
}

extern "C" void bevrtDeviceWrite(void *deviceDst, const void *hostSrc,
                                 uint64_t bytes) {
  reportError(bevrtMemcpyHostToDevice(deviceDst, hostSrc, bytes));
}

extern "C" void bevrtDeviceCopy(void *deviceDst, const void *deviceSrc,
                                uint64_t bytes) {
  reportError(bevrtMemcpyDeviceToDevice(deviceDst, deviceSrc, bytes));
}
