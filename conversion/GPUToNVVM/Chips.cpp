// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The GPUs that code can be generated for.

#include "bev/Conversion/GPUToNVVM/Chips.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cstdlib>
#include <dlfcn.h>

using namespace mlir::bev;

/// The lowest PTX version that has the chip and everything that the lowerings
/// use; a low one runs on more drivers.
static constexpr Chip chips[] = {
    {"sm_75", "+ptx70"},  {"sm_80", "+ptx70"},  {"sm_86", "+ptx71"},
    {"sm_87", "+ptx74"},  {"sm_89", "+ptx78"},  {"sm_90", "+ptx81"},
    {"sm_100", "+ptx86"}, {"sm_103", "+ptx88"}, {"sm_110", "+ptx90"},
    {"sm_120", "+ptx87"}, {"sm_121", "+ptx88"},
};

llvm::ArrayRef<Chip> mlir::bev::getKnownChips() { return chips; }

const Chip *mlir::bev::lookUpChip(llvm::StringRef name) {
  const Chip *chip =
      llvm::find_if(chips, [&](const Chip &chip) { return chip.name == name; });
  return chip == std::end(chips) ? nullptr : chip;
}

static bool isAtLeast(llvm::StringRef name, unsigned firstVersion) {
  unsigned version;
  return lookUpChip(name) && name.consume_front("sm_") &&
         !name.getAsInteger(10, version) && version >= firstVersion;
}

bool mlir::bev::hasVectorReductions(llvm::StringRef name) {
  return isAtLeast(name, 90);
}

bool mlir::bev::hasDependentLaunches(llvm::StringRef name) {
  return isAtLeast(name, 90);
}

bool mlir::bev::hasBulkPrefetch(llvm::StringRef name) {
  return isAtLeast(name, 90);
}

std::string mlir::bev::listKnownChips() {
  return llvm::join(
      llvm::map_range(chips, [](const Chip &chip) { return chip.name.str(); }),
      ", ");
}

llvm::Expected<std::string> mlir::bev::detectNativeChip() {
  auto fail = [](const llvm::Twine &reason) {
    return llvm::createStringError("cannot find out the native chip: " +
                                   reason);
  };
  const char *other = std::getenv("BEV_CUDA_DRIVER");
  void *driver = dlopen(other ? other : "libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!driver)
    return fail("no CUDA driver found");
  // The driver's own types: CUresult and CUdevice are ints.
  using Init = int (*)(unsigned);
  using DeviceGet = int (*)(int *, int);
  using GetAttribute = int (*)(int *, int, int);
  auto init = reinterpret_cast<Init>(dlsym(driver, "cuInit"));
  auto deviceGet = reinterpret_cast<DeviceGet>(dlsym(driver, "cuDeviceGet"));
  auto getAttribute =
      reinterpret_cast<GetAttribute>(dlsym(driver, "cuDeviceGetAttribute"));
  if (!init || !deviceGet || !getAttribute)
    return fail("the CUDA driver lacks the expected functions");
  int device = 0, major = 0, minor = 0;
  constexpr int computeCapabilityMajor = 75, computeCapabilityMinor = 76;
  if (init(0) != 0 || deviceGet(&device, 0) != 0)
    return fail("the CUDA driver reports no device");
  if (getAttribute(&major, computeCapabilityMajor, device) != 0 ||
      getAttribute(&minor, computeCapabilityMinor, device) != 0)
    return fail(
        "the CUDA driver does not tell the device's compute capability");
  return "sm_" + std::to_string(major) + std::to_string(minor);
}
