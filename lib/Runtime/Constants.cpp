// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Device copies of constant host data, uploaded once per device.
//
// Constants inside of code are freed with it, and nobody says so: what the
// address of one means is known by a hash of the bytes, taken again when any
// code was unloaded. That is too slow for a model's weights, which are
// registered instead, and then never hashed.

#include "Error.h"
#include "Memory.h"
#include "ModuleCache.h"

#include <algorithm>
#include <cinttypes>
#include <map>
#include <mutex>
#include <unordered_map>

using namespace bev::rt;

namespace {
struct ConstantKey {
  const void *data;
  uint64_t bytes;
  int ordinal;
  bool operator==(const ConstantKey &other) const {
    return data == other.data && bytes == other.bytes &&
           ordinal == other.ordinal;
  }
};

struct ConstantKeyHash {
  size_t operator()(const ConstantKey &key) const {
    return hashContents(&key.data, sizeof(key.data)) ^
           (key.bytes * 31 + static_cast<unsigned>(key.ordinal));
  }
};

struct Constant {
  void *devicePtr = nullptr;
  uint64_t hash = 0;       ///< Of the bytes on the device.
  uint64_t generation = 0; ///< moduleGeneration() when the host bytes were last
                           ///< seen to have that hash.
};

/// Host data that does not change or go away before it is unregistered.
struct RegisteredRange {
  uint64_t bytes = 0;
  unsigned references = 0;
};

struct ConstantTable {
  std::mutex mutex;
  std::unordered_map<ConstantKey, Constant, ConstantKeyHash> constants;
  /// By address. Ranges that begin at one address are as long as the longest.
  std::map<uintptr_t, RegisteredRange> ranges;

  /// Whether the bytes lie in a registered range. Expects the mutex.
  bool isRegistered(const void *data, uint64_t bytes) const {
    auto address = reinterpret_cast<uintptr_t>(data);
    auto it = ranges.upper_bound(address);
    if (it == ranges.begin())
      return false;
    --it;
    return address - it->first + bytes <= it->second.bytes;
  }
};
} // namespace

static ConstantTable &table() {
  static auto *instance = new ConstantTable();
  return *instance;
}

/// Copies `bytes` to a new device address. Complete on return, on a stream of
/// its own, so that it is right for every stream and during a capture.
static void *upload(const Driver &driver, const Device &device,
                    const void *data, uint64_t bytes) {
  void *devicePtr = allocateOutsideStreams(driver, device, bytes);
  if (!devicePtr || bytes == 0)
    return devicePtr;
  RelaxedCaptureScope relaxed(driver);
  auto address = reinterpret_cast<DevicePtr>(devicePtr);
  Result r = driver.memcpyHtoDAsync(address, data, bytes, device.uploadStream);
  if (!r)
    r = driver.streamSynchronize(device.uploadStream);
  if (!r)
    return devicePtr;
  setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                 "uploading a constant of %" PRIu64 " bytes", bytes);
  driver.memFree(address);
  return nullptr;
}

/// Frees the device copy of a constant that nothing uses any more.
static void discard(const Driver &driver, const Constant &constant) {
  removeConstantAddress(constant.devicePtr);
  driver.memFree(reinterpret_cast<DevicePtr>(constant.devicePtr));
}

static void *findOrUpload(const Driver &driver, const Device &device,
                          const void *data, uint64_t bytes) {
  ConstantTable &all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  uint64_t generation = moduleGeneration();
  ConstantKey key{data, bytes, device.ordinal};
  auto it = all.constants.find(key);
  if (it != all.constants.end()) {
    Constant &constant = it->second;
    if (constant.generation == generation || all.isRegistered(data, bytes))
      return constant.devicePtr;
    // A compiled module was unloaded since: another one's data may lie at this
    // address now.
    uint64_t hash = hashContents(data, bytes);
    if (hash == constant.hash) {
      constant.generation = generation;
      return constant.devicePtr;
    }
    RelaxedCaptureScope relaxed(driver);
    driver.ctxSynchronize();
    discard(driver, constant);
    all.constants.erase(it);
  }
  void *devicePtr = upload(driver, device, data, bytes);
  if (!devicePtr)
    return nullptr;
  addConstantAddress(devicePtr);
  uint64_t hash = all.isRegistered(data, bytes) ? 0 : hashContents(data, bytes);
  all.constants[key] = {devicePtr, hash, generation};
  return devicePtr;
}

/// Frees the device copies of what lies in a range of host memory. Expects the
/// table's mutex.
static void discardRange(ConstantTable &all, uintptr_t begin, uint64_t bytes) {
  for (auto it = all.constants.begin(); it != all.constants.end();) {
    auto address = reinterpret_cast<uintptr_t>(it->first.data);
    if (address < begin || address - begin >= bytes) {
      ++it;
      continue;
    }
    const Driver *driver = getDriver(); // Open already, as is the device.
    Device *device = openDevice(*driver, it->first.ordinal);
    if (!driver->ctxPushCurrent(device->context)) {
      RelaxedCaptureScope relaxed(*driver);
      driver->ctxSynchronize();
      discard(*driver, it->second);
      driver->ctxPopCurrent(nullptr);
    }
    it = all.constants.erase(it);
  }
}

extern "C" void bevrtRegisterConstants(const void *hostData, uint64_t bytes) {
  auto begin = reinterpret_cast<uintptr_t>(hostData);
  ConstantTable &all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  RegisteredRange &range = all.ranges[begin];
  // Something else may have been at this address, and is not looked at again.
  if (range.references++ == 0)
    discardRange(all, begin, bytes);
  range.bytes = std::max(range.bytes, bytes);
}

extern "C" void bevrtUnregisterConstants(const void *hostData) {
  auto begin = reinterpret_cast<uintptr_t>(hostData);
  ConstantTable &all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  auto range = all.ranges.find(begin);
  if (range == all.ranges.end() || --range->second.references > 0)
    return;
  // At the end of the process the driver may be gone before its memory.
  if (!isProcessEnding())
    discardRange(all, begin, range->second.bytes);
  all.ranges.erase(range);
}

extern "C" void *bevrtDeviceConstant(const void *hostData, uint64_t bytes) {
  if (!hostData && bytes != 0) {
    reportError(setError(BEVRT_ERROR_INVALID_ARGUMENT,
                         "cannot upload a constant of %" PRIu64
                         " bytes: its address is "
                         "null",
                         bytes));
    return nullptr;
  }
  void *devicePtr = nullptr;
  {
    DeviceScope scope;
    if (scope)
      devicePtr = findOrUpload(scope.driver(), scope.device(), hostData, bytes);
  }
  if (!devicePtr)
    reportLastError();
  return devicePtr;
}

extern "C" bevrtStatus bevrtReleaseConstants(void) {
  DeviceScope scope;
  if (!scope)
    return lastStatus();
  const Driver &driver = scope.driver();
  if (isCapturing(driver, currentStream(scope.device())))
    return setError(
        BEVRT_ERROR_CAPTURE,
        "cannot free constants while the stream is captured into a graph");
  if (Result r = driver.ctxSynchronize())
    return setDriverError(driver, r, BEVRT_ERROR_DRIVER,
                          "waiting for CUDA device %d", scope.device().ordinal);
  ConstantTable &all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  for (auto it = all.constants.begin(); it != all.constants.end();) {
    if (it->first.ordinal != scope.device().ordinal) {
      ++it;
      continue;
    }
    discard(driver, it->second);
    it = all.constants.erase(it);
  }
  return BEVRT_SUCCESS;
}
