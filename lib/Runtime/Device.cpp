// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Device.h"
#include "Error.h"

#include <atomic>
#include <mutex>

using namespace bev::rt;

/// The device that bevrtSetDevice chose on this thread.
static thread_local Device *selectedDevice = nullptr;

// Opened devices by ordinal; written under the mutex, read without. Leaked.
static std::atomic<Device *> openDevices[kMaxDevices];
static std::mutex &openMutex() {
  static auto *mutex = new std::mutex();
  return *mutex;
}

/// Finds the device's allocation pool and makes it keep freed memory instead of
/// returning it at every synchronisation.
static MemPool preparePool(const Driver &driver, DeviceHandle handle) {
  if (!driver.memAllocAsync || !driver.memFreeAsync ||
      !driver.deviceGetDefaultMemPool || !driver.memPoolSetAttribute)
    return nullptr;
  int supported = 0;
  MemPool pool = nullptr;
  if (driver.deviceGetAttribute(&supported, kAttrMemoryPoolsSupported,
                                handle) ||
      !supported || driver.deviceGetDefaultMemPool(&pool, handle))
    return nullptr;
  uint64_t threshold = UINT64_MAX;
  if (driver.memPoolSetAttribute(pool, kPoolAttrReleaseThreshold, &threshold))
    return nullptr;
  return pool;
}

static bevrtStatus initialiseDevice(const Driver &driver, Device &device) {
  int ordinal = device.ordinal;
  if (Result r = driver.deviceGet(&device.handle, ordinal))
    return setDriverError(driver, r, BEVRT_ERROR_NO_DEVICE,
                          "opening CUDA device %d", ordinal);
  if (Result r = driver.primaryCtxRetain(&device.context, device.handle))
    return setDriverError(driver, r, BEVRT_ERROR_NO_DEVICE,
                          "creating the context of CUDA device %d", ordinal);

  char name[256] = {0};
  if (driver.deviceGetName(name, sizeof(name) - 1, device.handle) == kSuccess)
    device.name = name;
  Result r = driver.deviceGetAttribute(
      &device.computeMajor, kAttrComputeCapabilityMajor, device.handle);
  if (!r)
    r = driver.deviceGetAttribute(&device.computeMinor,
                                  kAttrComputeCapabilityMinor, device.handle);
  if (!r)
    r = driver.deviceGetAttribute(&device.maxSharedMemory,
                                  kAttrMaxSharedMemoryPerBlockOptin,
                                  device.handle);
  if (r)
    return setDriverError(driver, r, BEVRT_ERROR_NO_DEVICE,
                          "querying CUDA device %d", ordinal);
  if (driver.deviceGetAttribute(&device.sharedMemoryOfMultiprocessor,
                                kAttrMaxSharedMemoryPerMultiprocessor,
                                device.handle))
    device.sharedMemoryOfMultiprocessor = 0;
  if (driver.deviceGetAttribute(&device.reservedSharedMemory,
                                kAttrReservedSharedMemoryPerBlock,
                                device.handle))
    device.reservedSharedMemory = 0;

  if (Result r = driver.ctxPushCurrent(device.context))
    return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                          "entering the context of CUDA device %d", ordinal);
  r = driver.streamCreate(&device.stream, kStreamNonBlocking);
  if (!r)
    r = driver.streamCreate(&device.uploadStream, kStreamNonBlocking);
  device.pool = preparePool(driver, device.handle);
  driver.ctxPopCurrent(nullptr);
  if (r)
    return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                          "creating a stream on CUDA device %d", ordinal);
  return BEVRT_SUCCESS;
}

Device *bev::rt::openDevice(const Driver &driver, int ordinal) {
  if (ordinal >= 0 && ordinal < kMaxDevices)
    if (Device *device = openDevices[ordinal].load(std::memory_order_acquire))
      return device;

  int count = 0;
  if (Result r = driver.deviceGetCount(&count)) {
    setDriverError(driver, r, BEVRT_ERROR_NO_DEVICE, "counting CUDA devices");
    return nullptr;
  }
  if (count > kMaxDevices)
    count = kMaxDevices;
  if (ordinal < 0 || ordinal >= count) {
    setError(BEVRT_ERROR_INVALID_ARGUMENT,
             "expected a CUDA device between 0 and %d, but got %d", count - 1,
             ordinal);
    if (count == 0)
      setError(BEVRT_ERROR_NO_DEVICE, "the CUDA driver lists no device; check "
                                      "CUDA_VISIBLE_DEVICES, or run with "
                                      "--device cpu");
    return nullptr;
  }

  std::lock_guard<std::mutex> lock(openMutex());
  if (Device *device = openDevices[ordinal].load(std::memory_order_acquire))
    return device;
  auto *device = new Device();
  device->ordinal = ordinal;
  if (initialiseDevice(driver, *device)) {
    delete device;
    return nullptr;
  }
  openDevices[ordinal].store(device, std::memory_order_release);
  return device;
}

/// The device of work on this thread: the one it chose, else the one whose
/// context the embedding program made current, else the first.
static Device *threadDevice(const Driver &driver, Context current) {
  if (selectedDevice)
    return selectedDevice;
  DeviceHandle handle = 0;
  if (current && driver.ctxGetDevice(&handle) == kSuccess)
    return openDevice(driver, handle); // A device's handle is its ordinal.
  return openDevice(driver, 0);
}

DeviceScope::DeviceScope() {
  drv = getDriver();
  if (!drv)
    return;
  Context current = nullptr;
  if (Result r = drv->ctxGetCurrent(&current)) {
    setDriverError(*drv, r, BEVRT_ERROR_DRIVER,
                   "asking for the current CUDA context");
    return;
  }
  Device *device = threadDevice(*drv, current);
  if (!device)
    return;
  if (current != device->context) {
    if (Result r = drv->ctxPushCurrent(device->context)) {
      setDriverError(*drv, r, BEVRT_ERROR_DRIVER,
                     "entering the context of CUDA device %d", device->ordinal);
      return;
    }
    pushed = true;
  }
  dev = device;
}

DeviceScope::~DeviceScope() {
  if (pushed)
    drv->ctxPopCurrent(nullptr);
}

extern "C" int bevrtDeviceCount(void) {
  const Driver *driver = getDriver();
  if (!driver)
    return 0;
  int count = 0;
  if (Result r = driver->deviceGetCount(&count)) {
    setDriverError(*driver, r, BEVRT_ERROR_NO_DEVICE, "counting CUDA devices");
    return 0;
  }
  if (count == 0)
    setError(BEVRT_ERROR_NO_DEVICE, "the CUDA driver lists no device; check "
                                    "CUDA_VISIBLE_DEVICES, or run with "
                                    "--device cpu");
  return count < kMaxDevices ? count : kMaxDevices;
}

extern "C" bevrtStatus bevrtSetDevice(int ordinal) {
  const Driver *driver = getDriver();
  if (!driver)
    return lastStatus();
  Device *device = openDevice(*driver, ordinal);
  if (!device)
    return lastStatus();
  if (Result r = driver->ctxSetCurrent(device->context))
    return setDriverError(*driver, r, BEVRT_ERROR_DRIVER,
                          "selecting CUDA device %d", ordinal);
  selectedDevice = device;
  return BEVRT_SUCCESS;
}

extern "C" int bevrtCurrentDevice(void) {
  DeviceScope scope;
  return scope ? scope.device().ordinal : -1;
}

extern "C" const char *bevrtDeviceName(void) {
  DeviceScope scope;
  return scope ? scope.device().name.c_str() : nullptr;
}

extern "C" bevrtStatus bevrtDeviceComputeCapability(int *major, int *minor) {
  if (!major || !minor)
    return setError(
        BEVRT_ERROR_INVALID_ARGUMENT,
        "expected bevrtDeviceComputeCapability to get two non-null pointers");
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  *major = scope.device().computeMajor;
  *minor = scope.device().computeMinor;
  return BEVRT_SUCCESS;
}

extern "C" bevrtStatus bevrtDeviceMemoryInfo(uint64_t *freeBytes,
                                             uint64_t *totalBytes) {
  if (!freeBytes || !totalBytes)
    return setError(
        BEVRT_ERROR_INVALID_ARGUMENT,
        "expected bevrtDeviceMemoryInfo to get two non-null pointers");
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  size_t free = 0, total = 0;
  if (Result r = scope.driver().memGetInfo(&free, &total))
    return setDriverError(scope.driver(), r, BEVRT_ERROR_DRIVER,
                          "asking CUDA device %d for its free memory",
                          scope.device().ordinal);
  *freeBytes = free;
  *totalBytes = total;
  return BEVRT_SUCCESS;
}
