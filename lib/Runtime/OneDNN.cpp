// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "OneDNN.h"

#include "bev/Runtime/Runtime.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>

using namespace bev::rt;

namespace {
struct LoadedOneDNN {
  OneDNN functions;
  bool usable = false;
  std::string error;

  LoadedOneDNN() { usable = load(); }

private:
  bool load() {
    const char *choice = std::getenv("BEV_ONEDNN");
    if (choice && std::strcmp(choice, "off") == 0) {
      error = "oneDNN is switched off by BEV_ONEDNN";
      return false;
    }
    const char *path = choice && *choice ? choice : "libdnnl.so.2";
    // Never closed: kernels stay until the process ends.
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      const char *reason = dlerror();
      error = std::string("no oneDNN found: ") + (reason ? reason : path) +
              "; install libdnnl2";
      return false;
    }
    functions.library = library;
    const char *missing = nullptr;
#define BEV_RESOLVE(name)                                                      \
  functions.name = reinterpret_cast<decltype(functions.name)>(                 \
      dlsym(library, "dnnl_" #name));                                          \
  if (!functions.name && !missing)                                             \
    missing = "dnnl_" #name;
    BEV_ONEDNN_FUNCTIONS(BEV_RESOLVE)
#undef BEV_RESOLVE
    if (missing) {
      error = std::string("oneDNN '") + path + "' lacks the function '" +
              missing + "'; install libdnnl2";
      return false;
    }
    // The descriptors are structs, whose layout a major version keeps.
    const dnnl_version_t *version = functions.version();
    if (version->major != DNNL_VERSION_MAJOR ||
        version->minor < DNNL_VERSION_MINOR) {
      error = std::string("oneDNN '") + path + "' is version " +
              std::to_string(version->major) + "." +
              std::to_string(version->minor) + ", but this runtime needs " +
              std::to_string(DNNL_VERSION_MAJOR) + "." +
              std::to_string(DNNL_VERSION_MINOR) + "; install libdnnl2";
      return false;
    }
    if (functions.engine_create(&functions.engine, dnnl_cpu, 0) !=
        dnnl_success) {
      error = std::string("oneDNN '") + path + "' has no engine for the CPU";
      return false;
    }
    return true;
  }
};
} // namespace

static const LoadedOneDNN &getLoaded() {
  // Leaked on purpose: generated code releases its plans from global
  // destructors, in no known order.
  static const LoadedOneDNN *loaded = new LoadedOneDNN();
  return *loaded;
}

const OneDNN *bev::rt::getOneDNN() {
  const LoadedOneDNN &loaded = getLoaded();
  return loaded.usable ? &loaded.functions : nullptr;
}

const char *bev::rt::whyNoOneDNN() { return getLoaded().error.c_str(); }

extern "C" const char *bevrtWhyNoOneDNN(void) { return whyNoOneDNN(); }
