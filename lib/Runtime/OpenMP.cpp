// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "OpenMP.h"

#include <algorithm>
#include <atomic>
#include <dlfcn.h>
#include <mutex>

using namespace bev::rt;

namespace {
struct Functions {
  void (*setNumThreads)(int) = nullptr;
  int (*getMaxThreads)() = nullptr;
  /// The entry point that compilers emit for a parallel region; LLVM's runtime
  /// has it too.
  void (*parallel)(void (*)(void *), void *, unsigned, unsigned) = nullptr;

  bool resolve(void *library) {
    auto find = [&](const char *name) { return dlsym(library, name); };
    setNumThreads =
        reinterpret_cast<void (*)(int)>(find("omp_set_num_threads"));
    getMaxThreads = reinterpret_cast<int (*)()>(find("omp_get_max_threads"));
    parallel = reinterpret_cast<decltype(parallel)>(find("GOMP_parallel"));
    return setNumThreads && getMaxThreads;
  }
};
} // namespace

struct bev::rt::GNUOpenMP : Functions {};

/// The number asked for while no OpenMP runtime was there; 0 if none.
static thread_local int pendingNumThreads = 0;

/// Finds the OpenMP runtime of generated code: LLVM's, which may have been
/// opened for itself, as JIT engines and Python do, or be part of the program.
/// Loads it only where `load` says so.
static const Functions *getOpenMP(bool load) {
  static std::mutex *mutex = new std::mutex;
  static Functions functions;
  static std::atomic<bool> found = false;
  if (found)
    return &functions;
  std::lock_guard<std::mutex> lock(*mutex);
  if (found)
    return &functions;
  auto accept = [&](void *library) {
    if (!functions.resolve(library))
      return false;
    found = true;
    return true;
  };
  for (const char *library : {"libomp.so.5", "libomp.so", "libiomp5.so"})
    // Kept: the threads are the process's.
    if (void *handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD))
      if (accept(handle))
        return &functions;
  // Another program's libgomp is no runtime for generated code.
  if (dlsym(RTLD_DEFAULT, "__kmpc_fork_call") && accept(RTLD_DEFAULT))
    return &functions;
  if (load)
    if (void *handle = dlopen("libomp.so.5", RTLD_NOW | RTLD_GLOBAL))
      if (accept(handle))
        return &functions;
  return nullptr;
}

bool bev::rt::setNumThreads(int numThreads) {
  const Functions *openMP = getOpenMP(/*load=*/false);
  if (!openMP) {
    pendingNumThreads = numThreads;
    return false;
  }
  pendingNumThreads = 0;
  openMP->setNumThreads(numThreads);
  return true;
}

int bev::rt::getNumThreads() {
  const Functions *openMP = getOpenMP(/*load=*/true);
  if (!openMP || !openMP->parallel)
    return 1;
  if (pendingNumThreads) {
    openMP->setNumThreads(pendingNumThreads);
    pendingNumThreads = 0;
  }
  return std::max(openMP->getMaxThreads(), 1);
}

namespace {
struct Loop {
  std::atomic<int64_t> next;
  int64_t count;
  const std::function<void(int64_t)> &body;

  static void run(void *data) {
    auto &loop = *static_cast<Loop *>(data);
    for (int64_t i; (i = loop.next++) < loop.count;)
      loop.body(i);
  }
};
} // namespace

void bev::rt::parallelFor(int64_t count,
                          const std::function<void(int64_t)> &body) {
  Loop loop{{0}, count, body};
  int numThreads = static_cast<int>(std::min<int64_t>(getNumThreads(), count));
  if (numThreads <= 1)
    Loop::run(&loop);
  else
    getOpenMP(/*load=*/true)
        ->parallel(Loop::run, &loop, static_cast<unsigned>(numThreads),
                   /*flags=*/0);
}

/// The OpenMP runtime that `library` was linked with.
static const GNUOpenMP *getGNUOpenMP(void *library) {
  static const GNUOpenMP *gnu = [&]() -> const GNUOpenMP * {
    auto *functions = new GNUOpenMP;
    return functions->resolve(library) ? functions : nullptr;
  }();
  return gnu;
}

SingleThread::SingleThread(void *library) : gnu(getGNUOpenMP(library)) {
  if (const Functions *openMP = getOpenMP(/*load=*/false)) {
    numLLVM = openMP->getMaxThreads();
    openMP->setNumThreads(1);
  }
  if (gnu) {
    numGNU = gnu->getMaxThreads();
    gnu->setNumThreads(1);
  }
}

SingleThread::~SingleThread() {
  // The same function where there is only one runtime: the first one counts.
  if (gnu)
    gnu->setNumThreads(numGNU);
  if (numLLVM)
    getOpenMP(/*load=*/false)->setNumThreads(numLLVM);
}
