// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Devices and their primary contexts. A device is opened at its first use and
// stays open.

#ifndef BEV_LIB_RUNTIME_DEVICE_H
#define BEV_LIB_RUNTIME_DEVICE_H

#include "DriverAPI.h"
#include "bev/Runtime/Runtime.h"

#include <string>

namespace bev::rt {

/// Bounds the tables that are indexed by device ordinal.
constexpr int kMaxDevices = 64;

/// An opened device. Immutable once published, so it is read without locks.
struct Device {
  int ordinal = 0;
  DeviceHandle handle = 0;
  Context context = nullptr;
  /// The stream that all threads share unless they set one.
  Stream stream = nullptr;
  /// For uploads that must happen now although `stream` may be under capture.
  Stream uploadStream = nullptr;
  /// The pool of stream-ordered allocation; null when the device or driver has
  /// none.
  MemPool pool = nullptr;
  int computeMajor = 0;
  int computeMinor = 0;
  int maxSharedMemory = 0; ///< Of a block.
  /// Of a multiprocessor, and what the driver takes of it for each block; 0
  /// where it does not say.
  int sharedMemoryOfMultiprocessor = 0;
  int reservedSharedMemory = 0;
  std::string name;
};

/// Opens device `ordinal`; null, with the error set, when that fails.
Device *openDevice(const Driver &driver, int ordinal);

/// Makes the calling thread's device current for the life of the object, and
/// gives access to the driver. False, with the error set, when there is no
/// driver or device.
class DeviceScope {
public:
  DeviceScope();
  ~DeviceScope();
  DeviceScope(const DeviceScope &) = delete;
  DeviceScope &operator=(const DeviceScope &) = delete;

  explicit operator bool() const { return dev != nullptr; }
  const Driver &driver() const { return *drv; }
  Device &device() const { return *dev; }

private:
  const Driver *drv = nullptr;
  Device *dev = nullptr;
  bool pushed = false;
};

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_DEVICE_H
