// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of the CUDA driver API that the runtime uses, declared here because
// the CUDA toolkit's headers need not be installed where the runtime is built,
// and found at run time by dlopen because the driver need not be installed
// where it runs. Names and values follow NVIDIA's driver API reference.

#ifndef BEV_LIB_RUNTIME_DRIVERAPI_H
#define BEV_LIB_RUNTIME_DRIVERAPI_H

#include <cstddef>
#include <cstdint>

namespace bev::rt {

using Result = int;
using DeviceHandle = int;
using DevicePtr = uint64_t;
using Context = struct OpaqueContext *;
using ModuleHandle = struct OpaqueModule *;
using FunctionHandle = struct OpaqueFunction *;
using Stream = struct OpaqueStream *;
using Event = struct OpaqueEvent *;
using MemPool = struct OpaqueMemPool *;
using Graph = struct OpaqueGraph *;
using GraphExec = struct OpaqueGraphExec *;

// CUresult
constexpr Result kSuccess = 0;
constexpr Result kErrorInvalidValue = 1;
constexpr Result kErrorOutOfMemory = 2;
constexpr Result kErrorDeinitialized = 4;
constexpr Result kErrorNoDevice = 100;
constexpr Result kErrorNoBinaryForGpu = 209;
constexpr Result kErrorUnsupportedPtxVersion = 222;
constexpr Result kErrorNotFound = 500;

// CUdevice_attribute
constexpr int kAttrComputeCapabilityMajor = 75;
constexpr int kAttrComputeCapabilityMinor = 76;
constexpr int kAttrMaxSharedMemoryPerBlockOptin = 97;
constexpr int kAttrMaxSharedMemoryPerMultiprocessor = 81;
constexpr int kAttrReservedSharedMemoryPerBlock = 111;
constexpr int kAttrMemoryPoolsSupported = 115;

// CUfunction_attribute, CUmemPool_attribute, CUpointer_attribute, CUmemorytype
constexpr int kFuncAttrMaxThreadsPerBlock = 0;
constexpr int kFuncAttrSharedSize = 1;
constexpr int kFuncAttrMaxDynamicSharedSize = 8;
constexpr int kFuncAttrPreferredSharedCarveout = 9;
constexpr int kPoolAttrReleaseThreshold = 4;
constexpr int kPointerAttrMemoryType = 2;
constexpr unsigned kMemoryTypeHost = 1;
constexpr unsigned kMemoryTypeDevice = 2;
constexpr unsigned kMemoryTypeUnified = 4;

// Flags
constexpr unsigned kStreamNonBlocking = 1;
constexpr unsigned kEventDefault = 0;
constexpr unsigned kEventDisableTiming = 2;
constexpr unsigned kMemAttachGlobal = 1;
constexpr int kCaptureModeRelaxed = 2;
constexpr int kCaptureStatusNone = 0;
constexpr unsigned long long kGraphAutoFreeOnLaunch = 1;

// CUjit_option
constexpr int kJitErrorLogBuffer = 5;
constexpr int kJitErrorLogBufferSizeBytes = 6;
constexpr int kJitOptimizationLevel = 7;

/// CUlaunchAttribute, for the two attributes that are used.
struct LaunchAttribute {
  unsigned id;
  char pad[4];
  union {
    char reserved[64];
    unsigned clusterDim[3];
    int dependentLaunch;
  } value;
};
constexpr unsigned kLaunchAttrClusterDimension = 4;
constexpr unsigned kLaunchAttrDependentLaunch = 6;

/// The first version of the driver that captures dependent launches.
constexpr int kDependentLaunchVersion = 12030;

/// CUlaunchConfig.
struct LaunchConfig {
  unsigned gridDim[3];
  unsigned blockDim[3];
  unsigned sharedMemBytes;
  Stream stream;
  LaunchAttribute *attrs;
  unsigned numAttrs;
};

// X(member, symbol, parameter list). The symbol is the versioned name that
// cuda.h maps the plain one to.
#define BEV_CUDA_REQUIRED_FUNCTIONS(X)                                         \
  X(init, cuInit, (unsigned flags))                                            \
  X(getErrorName, cuGetErrorName, (Result, const char **))                     \
  X(getErrorString, cuGetErrorString, (Result, const char **))                 \
  X(deviceGetCount, cuDeviceGetCount, (int *))                                 \
  X(deviceGet, cuDeviceGet, (DeviceHandle *, int ordinal))                     \
  X(deviceGetName, cuDeviceGetName, (char *, int size, DeviceHandle))          \
  X(deviceGetAttribute, cuDeviceGetAttribute,                                  \
    (int *, int attribute, DeviceHandle))                                      \
  X(primaryCtxRetain, cuDevicePrimaryCtxRetain, (Context *, DeviceHandle))     \
  X(ctxGetCurrent, cuCtxGetCurrent, (Context *))                               \
  X(ctxSetCurrent, cuCtxSetCurrent, (Context))                                 \
  X(ctxPushCurrent, cuCtxPushCurrent_v2, (Context))                            \
  X(ctxPopCurrent, cuCtxPopCurrent_v2, (Context *))                            \
  X(ctxGetDevice, cuCtxGetDevice, (DeviceHandle *))                            \
  X(ctxSynchronize, cuCtxSynchronize, ())                                      \
  X(moduleLoadDataEx, cuModuleLoadDataEx,                                      \
    (ModuleHandle *, const void *image, unsigned numOptions, int *options,     \
     void **values))                                                           \
  X(moduleUnload, cuModuleUnload, (ModuleHandle))                              \
  X(moduleGetFunction, cuModuleGetFunction,                                    \
    (FunctionHandle *, ModuleHandle, const char *))                            \
  X(funcSetAttribute, cuFuncSetAttribute,                                      \
    (FunctionHandle, int attribute, int value))                                \
  X(launchKernel, cuLaunchKernel,                                              \
    (FunctionHandle, unsigned gridX, unsigned gridY, unsigned gridZ,           \
     unsigned blockX, unsigned blockY, unsigned blockZ,                        \
     unsigned sharedMemBytes, Stream, void **params, void **extra))            \
  X(streamCreate, cuStreamCreate, (Stream *, unsigned flags))                  \
  X(streamDestroy, cuStreamDestroy_v2, (Stream))                               \
  X(streamSynchronize, cuStreamSynchronize, (Stream))                          \
  X(streamWaitEvent, cuStreamWaitEvent, (Stream, Event, unsigned flags))       \
  X(eventCreate, cuEventCreate, (Event *, unsigned flags))                     \
  X(eventDestroy, cuEventDestroy_v2, (Event))                                  \
  X(eventRecord, cuEventRecord, (Event, Stream))                               \
  X(eventSynchronize, cuEventSynchronize, (Event))                             \
  X(eventElapsedTime, cuEventElapsedTime, (float *, Event start, Event stop))  \
  X(memAlloc, cuMemAlloc_v2, (DevicePtr *, size_t))                            \
  X(memFree, cuMemFree_v2, (DevicePtr))                                        \
  X(memAllocManaged, cuMemAllocManaged, (DevicePtr *, size_t, unsigned flags)) \
  X(memGetInfo, cuMemGetInfo_v2, (size_t *free, size_t *total))                \
  X(memHostAlloc, cuMemHostAlloc, (void **, size_t, unsigned flags))           \
  X(memFreeHost, cuMemFreeHost, (void *))                                      \
  X(memHostRegister, cuMemHostRegister_v2, (void *, size_t, unsigned flags))   \
  X(memHostUnregister, cuMemHostUnregister, (void *))                          \
  X(memcpyAsync, cuMemcpyAsync,                                                \
    (DevicePtr dst, DevicePtr src, size_t, Stream))                            \
  X(memcpyHtoDAsync, cuMemcpyHtoDAsync_v2,                                     \
    (DevicePtr dst, const void *src, size_t, Stream))                          \
  X(memcpyDtoHAsync, cuMemcpyDtoHAsync_v2,                                     \
    (void *dst, DevicePtr src, size_t, Stream))                                \
  X(memcpyDtoDAsync, cuMemcpyDtoDAsync_v2,                                     \
    (DevicePtr dst, DevicePtr src, size_t, Stream))                            \
  X(memsetD8Async, cuMemsetD8Async,                                            \
    (DevicePtr, unsigned char, size_t count, Stream))                          \
  X(memsetD16Async, cuMemsetD16Async,                                          \
    (DevicePtr, unsigned short, size_t count, Stream))                         \
  X(memsetD32Async, cuMemsetD32Async,                                          \
    (DevicePtr, unsigned, size_t count, Stream))                               \
  X(pointerGetAttribute, cuPointerGetAttribute,                                \
    (void *data, int attribute, DevicePtr))

// Null when the driver is older than the feature; whoever uses one checks it.
#define BEV_CUDA_OPTIONAL_FUNCTIONS(X)                                         \
  X(launchKernelEx, cuLaunchKernelEx,                                          \
    (const LaunchConfig *, FunctionHandle, void **params, void **extra))       \
  X(funcGetAttribute, cuFuncGetAttribute,                                      \
    (int *, int attribute, FunctionHandle))                                    \
  X(maxActiveBlocks, cuOccupancyMaxActiveBlocksPerMultiprocessor,              \
    (int *, FunctionHandle, int threads, size_t dynamicSharedBytes))           \
  X(driverGetVersion, cuDriverGetVersion, (int *))                             \
  X(moduleGetGlobal, cuModuleGetGlobal_v2,                                     \
    (DevicePtr *, size_t *, ModuleHandle, const char *))                       \
  X(memAllocAsync, cuMemAllocAsync, (DevicePtr *, size_t, Stream))             \
  X(memFreeAsync, cuMemFreeAsync, (DevicePtr, Stream))                         \
  X(deviceGetDefaultMemPool, cuDeviceGetDefaultMemPool,                        \
    (MemPool *, DeviceHandle))                                                 \
  X(memPoolSetAttribute, cuMemPoolSetAttribute,                                \
    (MemPool, int attribute, void *value))                                     \
  X(memPoolTrimTo, cuMemPoolTrimTo, (MemPool, size_t minBytesToKeep))          \
  X(streamIsCapturing, cuStreamIsCapturing, (Stream, int *status))             \
  X(threadExchangeCaptureMode, cuThreadExchangeStreamCaptureMode, (int *mode)) \
  X(streamBeginCapture, cuStreamBeginCapture_v2, (Stream, int mode))           \
  X(streamEndCapture, cuStreamEndCapture, (Stream, Graph *))                   \
  X(graphInstantiate, cuGraphInstantiateWithFlags,                             \
    (GraphExec *, Graph, unsigned long long flags))                            \
  X(graphLaunch, cuGraphLaunch, (GraphExec, Stream))                           \
  X(graphExecDestroy, cuGraphExecDestroy, (GraphExec))                         \
  X(graphDestroy, cuGraphDestroy, (Graph))

/// The driver's functions, resolved.
struct Driver {
#define BEV_DECLARE(member, symbol, params) Result(*member) params = nullptr;
  BEV_CUDA_REQUIRED_FUNCTIONS(BEV_DECLARE)
  BEV_CUDA_OPTIONAL_FUNCTIONS(BEV_DECLARE)
#undef BEV_DECLARE
};

/// The initialised driver, or null with the thread's last error set. Loads it
/// at the first call; a failure is remembered, as neither a driver nor a device
/// appears while a process runs.
const Driver *getDriver();

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_DRIVERAPI_H
