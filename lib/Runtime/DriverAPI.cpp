// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "DriverAPI.h"
#include "Error.h"

#include <cstdlib>
#include <dlfcn.h>
#include <mutex>
#include <string>

using namespace bev::rt;

namespace {
struct LoadedDriver {
  Driver functions;
  bool usable = false;
  std::string error;

  LoadedDriver() { usable = load(); }

private:
  bool load() {
    const char *path = std::getenv("BEV_CUDA_DRIVER");
    if (!path || !*path)
      path = "libcuda.so.1";
    // Never closed: the driver keeps threads and exit handlers of its own.
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      const char *reason = dlerror();
      error = std::string("no CUDA driver found: ") + (reason ? reason : path) +
              "; install the NVIDIA driver or run with --device cpu";
      return false;
    }

    const char *missing = nullptr;
#define BEV_RESOLVE(member, symbol, params)                                    \
  functions.member =                                                           \
      reinterpret_cast<Result(*) params>(dlsym(library, #symbol));
#define BEV_RESOLVE_REQUIRED(member, symbol, params)                           \
  BEV_RESOLVE(member, symbol, params)                                          \
  if (!functions.member && !missing)                                           \
    missing = #symbol;
    BEV_CUDA_REQUIRED_FUNCTIONS(BEV_RESOLVE_REQUIRED)
    BEV_CUDA_OPTIONAL_FUNCTIONS(BEV_RESOLVE)
#undef BEV_RESOLVE_REQUIRED
#undef BEV_RESOLVE
    if (missing) {
      error = std::string("CUDA driver '") + path + "' lacks the function '" +
              missing + "'; update the NVIDIA driver or run with --device cpu";
      return false;
    }

    if (Result result = functions.init(0)) {
      error =
          std::string("CUDA driver '") + path +
          "' does not start: " + describeResult(functions, result) +
          "; check that nvidia-smi lists a device, or run with --device cpu";
      return false;
    }
    return true;
  }
};
} // namespace

const Driver *bev::rt::getDriver() {
  // Leaked on purpose: generated code unloads its modules from global
  // destructors, in no known order.
  static const LoadedDriver *driver = new LoadedDriver();
  if (driver->usable)
    return &driver->functions;
  setError(BEVRT_ERROR_NO_DEVICE, "%s", driver->error.c_str());
  return nullptr;
}
