// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "ModuleCache.h"
#include "Error.h"
#include "Stream.h"

#include <algorithm>
#include <cinttypes>
#include <cstdlib>
#include <cstring>
#include <unordered_set>
#include <vector>

using namespace bev::rt;

namespace {
/// All live images. There are few, and they are registered rarely: a list does.
struct Cache {
  std::mutex mutex;
  std::vector<std::unique_ptr<Module>> modules;
  std::unordered_set<std::string> names; ///< Kernel names, kept for good.
};
} // namespace

static Cache &cache() {
  static auto *instance = new Cache();
  return *instance;
}

static std::atomic<uint64_t> unloadedModules{0};

uint64_t bev::rt::moduleGeneration() { return unloadedModules.load(); }

uint64_t bev::rt::hashContents(const void *data, uint64_t size) {
  // Multiply-and-rotate over 8-byte words in four lanes, so that weights hash
  // at memory speed.
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15;
  const auto *bytes = static_cast<const unsigned char *>(data);
  uint64_t lanes[4] = {size, ~size, size * kMultiplier, 1};
  auto mix = [](uint64_t lane, uint64_t word) {
    lane = (lane ^ word) * kMultiplier;
    return lane ^ (lane >> 29);
  };
  uint64_t i = 0;
  for (; size - i >= 32; i += 32) {
    uint64_t words[4];
    std::memcpy(words, bytes + i, 32);
    for (int lane = 0; lane < 4; ++lane)
      lanes[lane] = mix(lanes[lane], words[lane]);
  }
  for (; i < size; ++i)
    lanes[0] = mix(lanes[0], bytes[i]);
  uint64_t hash = 0;
  for (uint64_t lane : lanes)
    hash = mix(hash, lane);
  return hash;
}

Module *bev::rt::acquireModule(const void *data, uint64_t size, int jitLevel) {
  if (!data || size == 0) {
    setError(BEVRT_ERROR_MODULE, "cannot load a GPU image: it is empty");
    return nullptr;
  }
  uint64_t hash = hashContents(data, size);
  Cache &all = cache();
  std::lock_guard<std::mutex> lock(all.mutex);
  for (auto &module : all.modules) {
    if (module->data == data && module->size == size && module->hash == hash &&
        module->jitLevel == jitLevel) {
      ++module->references;
      return module.get();
    }
  }
  auto module = std::make_unique<Module>();
  module->data = data;
  module->size = size;
  module->hash = hash;
  module->jitLevel = jitLevel;
  module->references = 1;
  all.modules.push_back(std::move(module));
  return all.modules.back().get();
}

/// Whether exit() is running: global destructors of generated code then unload
/// modules from a driver that may be gone, and what is loaded goes with the
/// process.
static std::atomic<bool> processEnds{false};

bool bev::rt::isProcessEnding() { return processEnds.load(); }

/// Unloads an image from every device that it was loaded on, after the kernels
/// that may still run there. Failures are ignored, as nothing can be done about
/// them.
static void unload(Module &module) {
  if (processEnds.load())
    return;
  const Driver *driver = nullptr;
  for (int ordinal = 0; ordinal < kMaxDevices; ++ordinal) {
    if (!module.handles[ordinal])
      continue;
    if (!driver)
      driver = getDriver();
    Device *device = openDevice(*driver, ordinal); // Open already.
    if (driver->ctxPushCurrent(device->context))
      continue;
    RelaxedCaptureScope relaxed(*driver);
    driver->ctxSynchronize();
    driver->moduleUnload(module.handles[ordinal]);
    driver->ctxPopCurrent(nullptr);
  }
}

void bev::rt::releaseModule(Module *module) {
  if (!module)
    return;
  std::unique_ptr<Module> last;
  {
    Cache &all = cache();
    std::lock_guard<std::mutex> lock(all.mutex);
    auto it = std::find_if(
        all.modules.begin(), all.modules.end(),
        [&](const std::unique_ptr<Module> &m) { return m.get() == module; });
    if (it == all.modules.end() || --module->references > 0)
      return;
    last = std::move(*it);
    all.modules.erase(it);
  }
  unload(*last);
  unloadedModules.fetch_add(1);
}

static const char *internName(const char *name) {
  Cache &all = cache();
  std::lock_guard<std::mutex> lock(all.mutex);
  return all.names.insert(name).first->c_str();
}

/// Puts a log of the driver on one line, without the blanks and line ends
/// around it.
static std::string oneLine(const char *log) {
  std::string line;
  for (const char *c = log; *c; ++c) {
    if (*c != '\n' && *c != '\r') {
      line += *c;
      continue;
    }
    if (!line.empty() && line.back() != ' ')
      line += "; ";
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == ';'))
    line.pop_back();
  return line;
}

static const char *loadFailureHint(Result result) {
  switch (result) {
  case kErrorNoBinaryForGpu:
    return "; compile for this device's architecture, or embed PTX";
  case kErrorUnsupportedPtxVersion:
    return "; update the NVIDIA driver, or compile to an older PTX version or "
           "to a cubin";
  default:
    return "";
  }
}

/// Whether all kernels of the image wait for what they depend on, and the
/// driver can start them before that has ended.
static bool kernelsWait(const Driver &driver, const Device &device,
                        ModuleHandle handle) {
  int version = 0;
  DevicePtr marker = 0;
  size_t size = 0;
  return device.computeMajor >= 9 && driver.launchKernelEx &&
         driver.driverGetVersion && driver.moduleGetGlobal &&
         driver.driverGetVersion(&version) == kSuccess &&
         version >= kDependentLaunchVersion &&
         driver.moduleGetGlobal(&marker, &size, handle, "bevrt_kernels_wait") ==
             kSuccess;
}

/// Loads the image on `device` if it is not there yet. Expects the module's
/// mutex.
static ModuleHandle loadOn(const Driver &driver, const Device &device,
                           Module &module) {
  ModuleHandle &handle = module.handles[device.ordinal];
  if (handle)
    return handle;
  static const int registered = std::atexit([] { processEnds.store(true); });
  (void)registered;

  char log[8192] = {0};
  int options[] = {kJitErrorLogBuffer, kJitErrorLogBufferSizeBytes,
                   kJitOptimizationLevel};
  void *values[] = {
      log, reinterpret_cast<void *>(sizeof(log) - 1),
      reinterpret_cast<void *>(static_cast<intptr_t>(module.jitLevel))};
  unsigned numOptions = module.jitLevel < 0 ? 2 : 3;
  RelaxedCaptureScope relaxed(driver);
  Result r = driver.moduleLoadDataEx(&handle, module.data, numOptions, options,
                                     values);
  if (!r) {
    module.kernelsWait[device.ordinal] = kernelsWait(driver, device, handle);
    return handle;
  }
  handle = nullptr;
  std::string driverLog = oneLine(log);
  setError(r == kErrorOutOfMemory ? BEVRT_ERROR_OUT_OF_MEMORY
                                  : BEVRT_ERROR_MODULE,
           "loading a GPU image of %" PRIu64
           " bytes on CUDA device %d ('%s', sm_%d%d) failed: %s%s%s%s",
           module.size, device.ordinal, device.name.c_str(),
           device.computeMajor, device.computeMinor,
           describeResult(driver, r).c_str(), loadFailureHint(r),
           driverLog.empty() ? "" : "; the driver's log: ", driverLog.c_str());
  return nullptr;
}

/// Leaves to the first-level cache what the blocks of `function` that fit a
/// multiprocessor do not take of its shared memory; the driver alone may set
/// more apart. A wish: what fails is ignored.
static void preferCache(const Driver &driver, const Device &device,
                        FunctionHandle function) {
  const int64_t all = device.sharedMemoryOfMultiprocessor;
  int shared = 0, threads = 0, blocks = 0;
  if (!driver.funcGetAttribute || !driver.maxActiveBlocks || all <= 0 ||
      driver.funcGetAttribute(&shared, kFuncAttrSharedSize, function) ||
      driver.funcGetAttribute(&threads, kFuncAttrMaxThreadsPerBlock,
                              function) ||
      shared <= 0 || driver.maxActiveBlocks(&blocks, function, threads, 0))
    return;
  const int64_t taken =
      int64_t(blocks) * (shared + device.reservedSharedMemory);
  // The sizes that there are, of which a chip has some. The driver takes the
  // next one that is no smaller than what is asked for, in percent.
  for (int64_t kilobytes : {8, 16, 32, 64, 100, 132, 164, 196, 228})
    if (int64_t size = kilobytes << 10; size >= taken && size <= all) {
      driver.funcSetAttribute(function, kFuncAttrPreferredSharedCarveout,
                              static_cast<int>(size * 100 / all));
      return;
    }
}

/// Resolves `kernel` on `device`. Expects the module's mutex.
static FunctionHandle resolve(const Driver &driver, const Device &device,
                              Kernel &kernel) {
  if (FunctionHandle function =
          kernel.functions[device.ordinal].load(std::memory_order_acquire))
    return function;
  ModuleHandle handle = loadOn(driver, device, *kernel.module);
  if (!handle)
    return nullptr;
  FunctionHandle function = nullptr;
  if (Result r = driver.moduleGetFunction(&function, handle, kernel.name)) {
    if (r == kErrorNotFound)
      setError(BEVRT_ERROR_MODULE,
               "the GPU image of %" PRIu64 " bytes has no kernel '%s'",
               kernel.module->size, kernel.name);
    else
      setDriverError(driver, r, BEVRT_ERROR_MODULE, "looking up kernel '%s'",
                     kernel.name);
    return nullptr;
  }
  preferCache(driver, device, function);
  kernel.functions[device.ordinal].store(function, std::memory_order_release);
  return function;
}

Kernel *bev::rt::getKernel(const Driver &driver, const Device &device,
                           Module *module, const char *name) {
  if (!module || !name) {
    setError(BEVRT_ERROR_INVALID_ARGUMENT,
             "cannot look up kernel '%s': %s is null", name ? name : "",
             name ? "its module" : "the name");
    return nullptr;
  }
  std::lock_guard<std::mutex> lock(module->mutex);
  auto it = module->kernels.find(name);
  if (it == module->kernels.end()) {
    auto kernel = std::make_unique<Kernel>();
    kernel->name = internName(name);
    kernel->module = module;
    if (!resolve(driver, device, *kernel))
      return nullptr;
    it = module->kernels.emplace(name, std::move(kernel)).first;
  }
  return resolve(driver, device, *it->second) ? it->second.get() : nullptr;
}

FunctionHandle bev::rt::functionOn(const Driver &driver, const Device &device,
                                   Kernel *kernel) {
  if (FunctionHandle function =
          kernel->functions[device.ordinal].load(std::memory_order_acquire))
    return function;
  std::lock_guard<std::mutex> lock(kernel->module->mutex);
  return resolve(driver, device, *kernel);
}
