// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images are text that lists kernel names. Two kernels exist: "increment"
// adds 1.0f to each of `n` floats, given (float *data, int64_t n), and "fault"
// makes the stream fail. A kernel with another name does nothing. Each takes a
// microsecond a block.
//
// A program that a test starts, and cannot talk to, has failures from its
// environment: with BEV_FAKE_FAILURES="cuInit@1=100;cuMemAllocAsync@3+=2" the
// first call of cuInit returns 100 and the third and all later ones of
// cuMemAllocAsync return 2. A call that returns 0 by this has done nothing; one
// that returns 700, an illegal address, has ended all work.

#include "FakeDriver.h"

#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <sstream>

#define FAKE extern "C" __attribute__((visibility("default"))) int

namespace {
enum {
  Success = 0,
  InvalidValue = 1,
  OutOfMemory = 2,
  NoBinaryForGpu = 209,
  InvalidPtx = 218,
  NotFound = 500,
  IllegalAddress = 700,
  CaptureUnsupported = 900,
};

using Work = std::function<void()>;

struct FakeContext {
  int device;
};
struct FakeStream {
  int device = 0;
  std::vector<Work> pending;
  bool capturing = false;
  int mode = 0;
  int fault = 0;
};
struct FakeEvent {
  FakeStream *stream = nullptr;
  /// When the stream came to it, in microseconds.
  std::shared_ptr<double> time;
};
struct FakeFunction {
  std::string name;
  int maxDynamicShared = 48 << 10;
};
struct FakeModule {
  std::string text;
  std::vector<std::unique_ptr<FakeFunction>> functions;
};
struct FakeGraph {
  std::vector<Work> work;
};

struct Allocation {
  uint64_t bytes;
  bool inGraph;
};

struct LaunchAttribute {
  unsigned id;
  char pad[4];
  union {
    unsigned clusterDim[16];
    int dependentLaunch;
  };
};
struct LaunchConfig {
  unsigned grid[3], block[3], sharedMemory;
  FakeStream *stream;
  LaunchAttribute *attrs;
  unsigned numAttrs;
};
} // namespace

// Leaked: generated code unloads its modules from global destructors, which may
// run after this library's.
static FakeDriver &state = *new FakeDriver();
static auto &mutex = *new std::recursive_mutex();
static FakeContext contexts[8] = {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}};
static auto &streams = *new std::set<FakeStream *>();
static auto &modules = *new std::set<FakeModule *>();
static auto &deviceMemory = *new std::map<uint64_t, Allocation>();
/// Pinned memory: sizes by first address.
static auto &hostMemory = *new std::map<uint64_t, uint64_t>();
/// The thread's current contexts; the last one is current. Without a
/// destructor, for the same reason.
struct ContextStack {
  FakeContext *contexts[16];
  int depth;
  bool empty() const { return depth == 0; }
  FakeContext *&back() { return contexts[depth - 1]; }
  void push_back(FakeContext *context) { contexts[depth++] = context; }
  void pop_back() { --depth; }
};
static thread_local ContextStack contextStack;
static thread_local int threadCaptureMode = 0;

extern "C" __attribute__((visibility("default"))) FakeDriver *fakeDriver() {
  return &state;
}

/// What kernels have taken, in microseconds.
static double deviceTime = 0;

namespace {
struct PlannedFailure {
  std::string function;
  int first = 0, result = 0;
  bool lasts = false;
};
} // namespace

static const std::vector<PlannedFailure> &plannedFailures() {
  static const auto &planned = *[] {
    auto *failures = new std::vector<PlannedFailure>();
    const char *text = std::getenv("BEV_FAKE_FAILURES");
    std::stringstream stream(text ? text : "");
    PlannedFailure failure;
    while (std::getline(stream, failure.function, '@') &&
           stream >> failure.first) {
      failure.lasts = stream.peek() == '+';
      if (failure.lasts)
        stream.get();
      char equals = 0, semicolon = 0;
      stream >> equals >> failure.result >> semicolon;
      failures->push_back(failure);
    }
    return failures;
  }();
  return planned;
}

static int endAllWork() {
  for (FakeStream *stream : streams)
    stream->pending.clear();
  return IllegalAddress;
}

/// Counts the call, and lets the test fail it.
static std::optional<int> enter(const char *name) {
  const int number = ++state.calls[name];
  for (const PlannedFailure &failure : plannedFailures())
    if (failure.function == name &&
        (number == failure.first || (failure.lasts && number > failure.first)))
      return failure.result == IllegalAddress ? endAllWork() : failure.result;
  auto it = state.failNext.find(name);
  if (it == state.failNext.end())
    return std::nullopt;
  int result = it->second;
  state.failNext.erase(it);
  return result;
}
#define ENTER()                                                                \
  std::lock_guard<std::recursive_mutex> lock(mutex);                           \
  if (std::optional<int> injected = enter(__func__))                           \
  return *injected

/// Fails a call that a capture forbids on this thread unless its capture mode
/// is relaxed.
#define FORBIDDEN_IN_STRICT_CAPTURE()                                          \
  do {                                                                         \
    for (FakeStream *s : streams)                                              \
      if (s->capturing && s->mode != 2 && threadCaptureMode != 2)              \
        return CaptureUnsupported;                                             \
  } while (false)

static void violation(const std::string &text) {
  state.violations.push_back(text);
}

static bool hasContext() {
  if (!contextStack.empty() && contextStack.back())
    return true;
  violation("no current context");
  return false;
}

static int submit(FakeStream *stream, Work work) {
  if (!hasContext() || !streams.count(stream))
    return InvalidValue;
  stream->pending.push_back(std::move(work));
  return Success;
}

static int drain(FakeStream *stream) {
  if (stream->capturing)
    return CaptureUnsupported;
  std::vector<Work> work;
  work.swap(stream->pending);
  for (Work &w : work)
    w();
  return stream->fault;
}

/// Complains when the current device has work to do.
static void expectIdleDevice(const char *what) {
  for (FakeStream *stream : streams)
    if (hasContext() && stream->device == contextStack.back()->device &&
        !stream->pending.empty() && !stream->capturing)
      violation(std::string(what) + " under pending work");
}

static const std::pair<const uint64_t, uint64_t> *findPinned(uint64_t address) {
  auto it = hostMemory.upper_bound(address);
  if (it == hostMemory.begin())
    return nullptr;
  --it;
  return address < it->first + it->second ? &*it : nullptr;
}

static bool isDeviceAddress(uint64_t address, uint64_t bytes) {
  auto it = deviceMemory.upper_bound(address);
  if (it == deviceMemory.begin())
    return false;
  --it;
  return address + bytes <= it->first + it->second.bytes;
}

static int allocateDevice(uint64_t *out, size_t bytes, bool inGraph) {
  if (bytes == 0)
    return InvalidValue;
  if (bytes > state.freeBytes)
    return OutOfMemory;
  void *memory = std::malloc(bytes);
  *out = reinterpret_cast<uint64_t>(memory);
  deviceMemory[*out] = {bytes, inGraph};
  state.freeBytes -= bytes;
  ++state.liveAllocations;
  return Success;
}

static int freeDevice(uint64_t address) {
  auto it = deviceMemory.find(address);
  if (it == deviceMemory.end())
    return InvalidValue;
  state.freeBytes += it->second.bytes;
  --state.liveAllocations;
  std::free(reinterpret_cast<void *>(address));
  deviceMemory.erase(it);
  return Success;
}

FAKE cuInit(unsigned) {
  ENTER();
  return Success;
}
FAKE cuGetErrorName(int result, const char **name) {
  switch (result) {
  case InvalidValue:
    *name = "CUDA_ERROR_INVALID_VALUE";
    return Success;
  case OutOfMemory:
    *name = "CUDA_ERROR_OUT_OF_MEMORY";
    return Success;
  case 100:
    *name = "CUDA_ERROR_NO_DEVICE";
    return Success;
  case NoBinaryForGpu:
    *name = "CUDA_ERROR_NO_BINARY_FOR_GPU";
    return Success;
  case InvalidPtx:
    *name = "CUDA_ERROR_INVALID_PTX";
    return Success;
  case IllegalAddress:
    *name = "CUDA_ERROR_ILLEGAL_ADDRESS";
    return Success;
  default:
    return InvalidValue;
  }
}
FAKE cuGetErrorString(int, const char **text) {
  *text = "explained";
  return Success;
}
FAKE cuDeviceGetCount(int *count) {
  ENTER();
  *count = state.deviceCount;
  return Success;
}
FAKE cuDeviceGet(int *device, int ordinal) {
  ENTER();
  *device = ordinal;
  return Success;
}
FAKE cuDeviceGetName(char *name, int size, int device) {
  ENTER();
  std::strncpy(name, device == 0 ? "Fake 0" : "Fake 1",
               static_cast<size_t>(size));
  return Success;
}
FAKE cuDeviceGetAttribute(int *value, int attribute, int device) {
  ENTER();
  switch (attribute) {
  case 75:
    *value = device == 0 ? 9 : 8;
    return Success;
  case 76:
    *value = device == 0 ? 0 : 6;
    return Success;
  case 81:
    *value = 228 << 10;
    return Success;
  case 97:
    *value = 227 << 10;
    return Success;
  case 111:
    *value = 1 << 10;
    return Success;
  case 115:
    *value = state.poolsSupported && device == 0;
    return Success;
  default:
    return InvalidValue;
  }
}
FAKE cuDevicePrimaryCtxRetain(FakeContext **context, int device) {
  ENTER();
  *context = &contexts[device];
  return Success;
}
FAKE cuCtxGetCurrent(FakeContext **context) {
  *context = contextStack.empty() ? nullptr : contextStack.back();
  return Success;
}
FAKE cuCtxSetCurrent(FakeContext *context) {
  ENTER();
  if (contextStack.empty())
    contextStack.push_back(context);
  else
    contextStack.back() = context;
  return Success;
}
FAKE cuCtxPushCurrent_v2(FakeContext *context) {
  ENTER();
  contextStack.push_back(context);
  return Success;
}
FAKE cuCtxPopCurrent_v2(FakeContext **context) {
  ENTER();
  if (contextStack.empty())
    return InvalidValue;
  if (context)
    *context = contextStack.back();
  contextStack.pop_back();
  return Success;
}
FAKE cuCtxGetDevice(int *device) {
  if (!hasContext())
    return InvalidValue;
  *device = contextStack.back()->device;
  return Success;
}
FAKE cuCtxSynchronize() {
  ENTER();
  int result = Success;
  for (FakeStream *stream : streams)
    if (!stream->capturing && hasContext() &&
        stream->device == contextStack.back()->device)
      if (int r = drain(stream))
        result = r;
  return result;
}

FAKE cuModuleLoadDataEx(FakeModule **module, const void *image,
                        unsigned numOptions, int *options, void **values) {
  ENTER();
  FORBIDDEN_IN_STRICT_CAPTURE();
  if (!hasContext())
    return InvalidValue;
  std::string text = static_cast<const char *>(image);
  if (text.rfind("bad", 0) == 0) {
    char *log = nullptr;
    size_t size = 0;
    for (unsigned i = 0; i < numOptions; ++i) {
      if (options[i] == 5)
        log = static_cast<char *>(values[i]);
      if (options[i] == 6)
        size = reinterpret_cast<size_t>(values[i]);
    }
    if (log)
      std::strncpy(log, state.jitLog.c_str(), size);
    return InvalidPtx;
  }
  if (text.rfind("other-arch", 0) == 0)
    return NoBinaryForGpu;
  *module = new FakeModule{text, {}};
  modules.insert(*module);
  return Success;
}
FAKE cuModuleUnload(FakeModule *module) {
  ENTER();
  expectIdleDevice("cuModuleUnload");
  if (!modules.erase(module))
    violation("unknown module unloaded");
  delete module;
  return Success;
}
FAKE cuModuleGetFunction(FakeFunction **function, FakeModule *module,
                         const char *name) {
  ENTER();
  if (module->text.find(name) == std::string::npos)
    return NotFound;
  module->functions.push_back(std::make_unique<FakeFunction>());
  *function = module->functions.back().get();
  (*function)->name = name;
  return Success;
}
FAKE cuFuncSetAttribute(FakeFunction *function, int attribute, int value) {
  ENTER();
  if (attribute == 9) {
    state.carveout = value;
    return Success;
  }
  if (attribute != 8)
    return InvalidValue;
  function->maxDynamicShared = value;
  return Success;
}
FAKE cuFuncGetAttribute(int *value, int attribute, FakeFunction *) {
  ENTER();
  switch (attribute) {
  case 0:
    *value = state.threadsOfBlock;
    return Success;
  case 1:
    *value = state.staticShared;
    return Success;
  default:
    return InvalidValue;
  }
}
FAKE cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, FakeFunction *,
                                                 int threads, size_t) {
  ENTER();
  if (threads != state.threadsOfBlock)
    return InvalidValue;
  *blocks = state.activeBlocks;
  return Success;
}

static int launch(FakeFunction *function, const LaunchConfig &config,
                  void **params) {
  if (config.numAttrs == 0)
    state.dependentLaunch = false;
  for (int i = 0; i < 3; ++i) {
    if (config.grid[i] == 0 || config.block[i] == 0)
      return InvalidValue;
    state.grid[i] = config.grid[i];
    state.block[i] = config.block[i];
  }
  if (config.block[0] * config.block[1] * config.block[2] > 1024 ||
      config.sharedMemory > static_cast<unsigned>(function->maxDynamicShared))
    return InvalidValue;
  state.sharedMemory = config.sharedMemory;
  FakeStream *stream = config.stream;
  const double time = double(config.grid[0]) * config.grid[1] * config.grid[2];
  if (int result = submit(stream, [=] { deviceTime += time; }))
    return result;
  if (function->name == "increment") {
    float *data = *static_cast<float **>(params[0]);
    int64_t n = *static_cast<int64_t *>(params[1]);
    return submit(stream, [=] {
      if (!isDeviceAddress(reinterpret_cast<uint64_t>(data),
                           static_cast<uint64_t>(n) * 4) &&
          !findPinned(reinterpret_cast<uint64_t>(data)))
        return violation("kernel addresses memory of the host");
      for (int64_t i = 0; i < n; ++i)
        data[i] += 1.0f;
    });
  }
  if (function->name == "fault")
    return submit(stream, [=] { stream->fault = IllegalAddress; });
  return submit(stream, [] {});
}
FAKE cuLaunchKernel(FakeFunction *function, unsigned gx, unsigned gy,
                    unsigned gz, unsigned bx, unsigned by, unsigned bz,
                    unsigned sharedMemory, FakeStream *stream, void **params,
                    void **) {
  ENTER();
  return launch(function,
                {{gx, gy, gz}, {bx, by, bz}, sharedMemory, stream, nullptr, 0},
                params);
}
FAKE cuLaunchKernelEx(const LaunchConfig *config, FakeFunction *function,
                      void **params, void **) {
  ENTER();
  for (unsigned i = 0; i < config->numAttrs; ++i) {
    const LaunchAttribute &attribute = config->attrs[i];
    if (attribute.id == 4)
      std::memcpy(state.cluster, attribute.clusterDim, sizeof(state.cluster));
    else if (attribute.id == 6)
      state.dependentLaunch = attribute.dependentLaunch;
    else
      return InvalidValue;
  }
  return launch(function, *config, params);
}

FAKE cuStreamCreate(FakeStream **stream, unsigned) {
  ENTER();
  if (!hasContext())
    return InvalidValue;
  *stream = new FakeStream();
  (*stream)->device = contextStack.back()->device;
  streams.insert(*stream);
  return Success;
}
FAKE cuStreamDestroy_v2(FakeStream *stream) {
  ENTER();
  drain(stream);
  streams.erase(stream);
  delete stream;
  return Success;
}
FAKE cuStreamSynchronize(FakeStream *stream) {
  ENTER();
  if (!hasContext() || !streams.count(stream))
    return InvalidValue;
  int result = drain(stream);
  stream->fault = 0; // A real context stays broken; the tests share one.
  return result;
}
FAKE cuStreamWaitEvent(FakeStream *stream, FakeEvent *event, unsigned) {
  ENTER();
  if (!streams.count(stream))
    return InvalidValue;
  if (event->stream && event->stream != stream)
    return drain(event->stream);
  return Success;
}
FAKE cuEventCreate(FakeEvent **event, unsigned) {
  ENTER();
  *event = new FakeEvent();
  return Success;
}
FAKE cuEventDestroy_v2(FakeEvent *event) {
  ENTER();
  delete event;
  return Success;
}
FAKE cuEventRecord(FakeEvent *event, FakeStream *stream) {
  ENTER();
  if (!streams.count(stream))
    return InvalidValue;
  event->stream = stream;
  event->time = std::make_shared<double>(deviceTime);
  if (!stream->pending.empty())
    return submit(stream, [time = event->time] { *time = deviceTime; });
  return Success;
}
FAKE cuEventSynchronize(FakeEvent *event) {
  ENTER();
  return event->stream ? drain(event->stream) : Success;
}
FAKE cuEventElapsedTime(float *milliseconds, FakeEvent *start,
                        FakeEvent *stop) {
  ENTER();
  if (!start->stream || !stop->stream)
    return InvalidValue;
  *milliseconds = 1.5f + 1e-3f * float(*stop->time - *start->time);
  return Success;
}

FAKE cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  ENTER();
  FORBIDDEN_IN_STRICT_CAPTURE();
  return hasContext() ? allocateDevice(address, bytes, false) : InvalidValue;
}
FAKE cuMemFree_v2(uint64_t address) {
  ENTER();
  FORBIDDEN_IN_STRICT_CAPTURE();
  expectIdleDevice("cuMemFree");
  return freeDevice(address);
}
FAKE cuMemAllocManaged(uint64_t *address, size_t bytes, unsigned) {
  ENTER();
  return allocateDevice(address, bytes, false);
}
FAKE cuMemGetInfo_v2(size_t *free, size_t *total) {
  ENTER();
  *free = state.freeBytes;
  *total = uint64_t(1) << 30;
  return Success;
}
FAKE cuMemHostAlloc(void **memory, size_t bytes, unsigned) {
  ENTER();
  FORBIDDEN_IN_STRICT_CAPTURE();
  *memory = std::malloc(bytes);
  hostMemory[reinterpret_cast<uint64_t>(*memory)] = bytes;
  ++state.liveAllocations;
  return Success;
}
FAKE cuMemFreeHost(void *memory) {
  ENTER();
  if (!hostMemory.erase(reinterpret_cast<uint64_t>(memory)))
    return InvalidValue;
  std::free(memory);
  --state.liveAllocations;
  return Success;
}
FAKE cuMemHostRegister_v2(void *memory, size_t bytes, unsigned) {
  ENTER();
  hostMemory[reinterpret_cast<uint64_t>(memory)] = bytes;
  return Success;
}
FAKE cuMemHostUnregister(void *memory) {
  ENTER();
  return hostMemory.erase(reinterpret_cast<uint64_t>(memory)) ? Success
                                                              : InvalidValue;
}

static int copy(void *dst, const void *src, size_t bytes, FakeStream *stream) {
  return submit(stream, [=] { std::memcpy(dst, src, bytes); });
}
FAKE cuMemcpyAsync(uint64_t dst, uint64_t src, size_t bytes,
                   FakeStream *stream) {
  ENTER();
  return copy(reinterpret_cast<void *>(dst), reinterpret_cast<void *>(src),
              bytes, stream);
}
FAKE cuMemcpyHtoDAsync_v2(uint64_t dst, const void *src, size_t bytes,
                          FakeStream *stream) {
  ENTER();
  if (!isDeviceAddress(dst, bytes))
    return InvalidValue;
  if (findPinned(reinterpret_cast<uint64_t>(src)))
    return copy(reinterpret_cast<void *>(dst), src, bytes, stream);
  if (streams.count(stream) && stream->capturing)
    violation("captured copy from pageable memory");
  // Pageable memory is staged before the call returns.
  auto staged =
      std::make_shared<std::string>(static_cast<const char *>(src), bytes);
  return submit(stream, [=] {
    std::memcpy(reinterpret_cast<void *>(dst), staged->data(), bytes);
  });
}
FAKE cuMemcpyDtoHAsync_v2(void *dst, uint64_t src, size_t bytes,
                          FakeStream *stream) {
  ENTER();
  if (!isDeviceAddress(src, bytes))
    return InvalidValue;
  return copy(dst, reinterpret_cast<void *>(src), bytes, stream);
}
FAKE cuMemcpyDtoDAsync_v2(uint64_t dst, uint64_t src, size_t bytes,
                          FakeStream *stream) {
  ENTER();
  if (!isDeviceAddress(src, bytes) || !isDeviceAddress(dst, bytes))
    return InvalidValue;
  return copy(reinterpret_cast<void *>(dst), reinterpret_cast<void *>(src),
              bytes, stream);
}

template <typename Value>
static int fill(uint64_t dst, Value value, size_t count, FakeStream *stream) {
  if (!isDeviceAddress(dst, count * sizeof(Value)))
    return InvalidValue;
  return submit(stream, [=] {
    for (size_t i = 0; i < count; ++i)
      reinterpret_cast<Value *>(dst)[i] = value;
  });
}
FAKE cuMemsetD8Async(uint64_t dst, unsigned char value, size_t count,
                     FakeStream *stream) {
  ENTER();
  return fill(dst, value, count, stream);
}
FAKE cuMemsetD16Async(uint64_t dst, unsigned short value, size_t count,
                      FakeStream *stream) {
  ENTER();
  return fill(dst, value, count, stream);
}
FAKE cuMemsetD32Async(uint64_t dst, unsigned value, size_t count,
                      FakeStream *stream) {
  ENTER();
  return fill(dst, value, count, stream);
}
FAKE cuPointerGetAttribute(void *data, int attribute, uint64_t address) {
  ENTER();
  if (attribute != 2)
    return InvalidValue;
  if (findPinned(address))
    *static_cast<unsigned *>(data) = 1;
  else if (isDeviceAddress(address, 1))
    *static_cast<unsigned *>(data) = 2;
  else
    return InvalidValue;
  return Success;
}

#ifndef BEV_FAKE_OLD_DRIVER

FAKE cuDriverGetVersion(int *version) {
  ENTER();
  *version = 12040;
  return Success;
}
FAKE cuModuleGetGlobal_v2(uint64_t *address, size_t *size, FakeModule *module,
                          const char *name) {
  ENTER();
  if (module->text.find(name) == std::string::npos)
    return NotFound;
  *address = 1;
  *size = 1;
  return Success;
}
FAKE cuMemAllocAsync(uint64_t *address, size_t bytes, FakeStream *stream) {
  ENTER();
  if (!hasContext() || !streams.count(stream))
    return InvalidValue;
  return allocateDevice(address, bytes, stream->capturing);
}
FAKE cuMemFreeAsync(uint64_t address, FakeStream *stream) {
  ENTER();
  auto it = deviceMemory.find(address);
  if (it == deviceMemory.end() || !streams.count(stream))
    return InvalidValue;
  if (stream->capturing) {
    // Becomes a free node; the fake keeps the memory for the graph's next
    // launch.
    if (!it->second.inGraph)
      violation("captured free of memory that is not the graph's");
    return Success;
  }
  return submit(stream, [=] { freeDevice(address); });
}
FAKE cuDeviceGetDefaultMemPool(void **pool, int) {
  ENTER();
  *pool = &state;
  return Success;
}
FAKE cuMemPoolSetAttribute(void *, int attribute, void *value) {
  ENTER();
  if (attribute != 4)
    return InvalidValue;
  state.releaseThreshold = *static_cast<uint64_t *>(value);
  return Success;
}
FAKE cuMemPoolTrimTo(void *, size_t) {
  ENTER();
  state.freeBytes += state.keptByPool;
  state.keptByPool = 0;
  return Success;
}
FAKE cuStreamIsCapturing(FakeStream *stream, int *status) {
  ENTER();
  *status = streams.count(stream) && stream->capturing ? 1 : 0;
  return Success;
}
FAKE cuThreadExchangeStreamCaptureMode(int *mode) {
  ENTER();
  std::swap(*mode, threadCaptureMode);
  return Success;
}
FAKE cuStreamBeginCapture_v2(FakeStream *stream, int mode) {
  ENTER();
  if (stream->capturing)
    return InvalidValue;
  drain(stream);
  stream->capturing = true;
  stream->mode = mode;
  return Success;
}
FAKE cuStreamEndCapture(FakeStream *stream, FakeGraph **graph) {
  ENTER();
  if (!stream->capturing)
    return InvalidValue;
  stream->capturing = false;
  *graph = new FakeGraph();
  (*graph)->work.swap(stream->pending);
  return Success;
}
FAKE cuGraphInstantiateWithFlags(FakeGraph **exec, FakeGraph *graph,
                                 unsigned long long flags) {
  ENTER();
  if (flags != 1)
    return InvalidValue;
  *exec = new FakeGraph(*graph);
  return Success;
}
FAKE cuGraphLaunch(FakeGraph *exec, FakeStream *stream) {
  ENTER();
  for (Work &work : exec->work)
    if (int r = submit(stream, work))
      return r;
  return Success;
}
FAKE cuGraphExecDestroy(FakeGraph *exec) {
  ENTER();
  delete exec;
  return Success;
}
FAKE cuGraphDestroy(FakeGraph *graph) {
  ENTER();
  delete graph;
  return Success;
}

#endif // BEV_FAKE_OLD_DRIVER
