// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GPU images and their kernels. Compiled modules register their image from a
// global constructor, before anyone knows whether there is a GPU or which one
// is wanted, and hold the handle for good. So a handle is the runtime's own
// record; the image is loaded into a device's context when a kernel of it is
// first asked for there, and once.

#ifndef BEV_LIB_RUNTIME_MODULECACHE_H
#define BEV_LIB_RUNTIME_MODULECACHE_H

#include "Device.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace bev::rt {

struct Module;

/// A kernel of an image, on whichever devices it was asked for.
struct Kernel {
  const char *name = nullptr; ///< Lives as long as the process.
  Module *module = nullptr;
  std::atomic<FunctionHandle> functions[kMaxDevices] = {};
  /// The dynamic shared memory that each function was allowed so far.
  std::atomic<unsigned> allowedSharedMemory[kMaxDevices] = {};
};

/// An image: PTX text, cubin or fatbin, in memory that its compiled module
/// owns.
struct Module {
  const void *data = nullptr;
  uint64_t size = 0;
  uint64_t hash = 0;
  int jitLevel =
      -1; ///< Optimisation level for PTX, or -1 for the driver's default.
  unsigned references = 0; ///< Guarded by the cache.

  std::mutex mutex; ///< Guards what follows.
  ModuleHandle handles[kMaxDevices] = {};
  /// Whether the kernels, where the image is loaded, wait for what they depend
  /// on, and may start earlier. Whoever has a function of it may read this.
  bool kernelsWait[kMaxDevices] = {};
  std::unordered_map<std::string, std::unique_ptr<Kernel>> kernels;
};

/// The record of an image; the same one for the same address, size, contents
/// and level. Touches no driver. Null, with the error set, for an empty image.
Module *acquireModule(const void *data, uint64_t size, int jitLevel);

/// Gives back what acquireModule returned. The last one unloads the image from
/// all devices.
void releaseModule(Module *module);

/// Finds a kernel and makes it ready on the current device. Null, with the
/// error set, when the image does not load there or has no such kernel.
Kernel *getKernel(const Driver &driver, const Device &device, Module *module,
                  const char *name);

/// The function of `kernel` on `device`, loading its image there when it was
/// asked for on another device only.
FunctionHandle functionOn(const Driver &driver, const Device &device,
                          Kernel *kernel);

/// Counts the images unloaded so far. What is keyed by the address of a
/// compiled module's data may be stale when it has changed.
uint64_t moduleGeneration();

/// Whether exit() is running, once an image was loaded.
bool isProcessEnding();

/// A hash of `size` bytes that tells apart what one program leaves at one
/// address one after the other. Not cryptographic.
uint64_t hashContents(const void *data, uint64_t size);

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_MODULECACHE_H
