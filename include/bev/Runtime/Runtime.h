/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * The C interface of libBEVRuntime: devices, memory, streams, timing and graph
 * capture for programs that run compiled modules, and the helpers that the
 * compiled modules themselves call.
 *
 * Nothing here needs a GPU at build time or at load time. The CUDA driver is
 * opened with dlopen at the first call that needs it; without one,
 * bevrtDeviceCount returns 0 and bevrtLastError says why. The environment
 * variable BEV_CUDA_DRIVER names another driver library to open instead of
 * "libcuda.so.1".
 *
 * Units. Sizes are bytes, times are milliseconds, device ordinals count from 0
 * as `nvidia-smi` and CUDA count them (after CUDA_VISIBLE_DEVICES). Pointers
 * that are called device pointers come from bevrtMalloc, bevrtDeviceConstant or
 * a compiled module and must not be dereferenced on the host.
 *
 * Errors. Functions of the first kind (everything up to "Called by generated
 * code") return BEVRT_SUCCESS or another bevrtStatus, or NULL where they return
 * a pointer; bevrtLastError then describes the failure on the calling thread.
 * Functions of the second kind, and the mgpu* entry points, have no way to
 * return an error to the generated code that calls them: they hand it to the
 * error handler (bevrtSetErrorHandler).
 *
 * Order. All work goes to one stream per device, shared by all threads, so work
 * runs in the order in which it was submitted and nothing needs to be
 * synchronised but a read on the host. bevrtSetStream replaces that stream for
 * the calling thread. The current device and stream belong to the calling
 * thread, as in CUDA.
 *
 * Threads. All functions may be called from several threads at once.
 */
#ifndef BEV_RUNTIME_RUNTIME_H
#define BEV_RUNTIME_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define BEVRT_EXPORT __attribute__((visibility("default")))
#else
#define BEVRT_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------- errors -- */

/* What kind of failure it was. The text of bevrtLastError says which. */
typedef enum bevrtStatus {
  BEVRT_SUCCESS = 0,
  /* No CUDA driver, no usable device, or a driver that is too old. */
  BEVRT_ERROR_NO_DEVICE = 1,
  /* An argument cannot be right: a null pointer, an ordinal out of range, a
     negative grid. */
  BEVRT_ERROR_INVALID_ARGUMENT = 2,
  BEVRT_ERROR_OUT_OF_MEMORY = 3,
  /* A GPU image does not load, or lacks the kernel that was asked for. */
  BEVRT_ERROR_MODULE = 4,
  /* The call cannot be made while the current stream is being captured, or
     without a capture in progress. */
  BEVRT_ERROR_CAPTURE = 5,
  /* Something optional is missing from this process, e.g. an OpenMP runtime. */
  BEVRT_ERROR_UNAVAILABLE = 6,
  /* Any other failure that the driver reports, among them a fault of an earlier
     kernel. */
  BEVRT_ERROR_DRIVER = 7
} bevrtStatus;

/* Receives errors of functions that cannot return them. `message` is valid
   during the call. The handler may return: the entry point that failed then
   does nothing more and returns a null pointer where it returns one. */
typedef void (*bevrtErrorHandler)(bevrtStatus status, const char *message,
                                  void *userData);

/* Describes the last error on the calling thread, in one line, lower case,
   without a full stop; "" if there was none. Valid until the next call into the
   runtime on this thread. A successful call does not clear it. */
BEVRT_EXPORT const char *bevrtLastError(void);

/* Sets the process-wide handler and its user data. NULL restores the default,
   which prints "bev runtime: error: <message>" to stderr, flushes stdio and
   ends the process with exit status 3, without running destructors (they would
   find the device in the state that caused the error). */
BEVRT_EXPORT void bevrtSetErrorHandler(bevrtErrorHandler handler,
                                       void *userData);

/* --------------------------------------------------------------- devices -- */

/* The number of CUDA devices. 0 if there is none; bevrtLastError then says why.
 */
BEVRT_EXPORT int bevrtDeviceCount(void);

/* Makes `ordinal` the current device of the calling thread and its primary
   context current. A thread that never calls this uses the device of the CUDA
   context that is current on it, or else device 0. */
BEVRT_EXPORT bevrtStatus bevrtSetDevice(int ordinal);

/* The ordinal of the current device, or -1. */
BEVRT_EXPORT int bevrtCurrentDevice(void);

/* The marketing name of the current device, valid for the life of the process;
 * NULL on failure. */
BEVRT_EXPORT const char *bevrtDeviceName(void);

/* The compute capability of the current device: 9 and 0 for sm_90. */
BEVRT_EXPORT bevrtStatus bevrtDeviceComputeCapability(int *major, int *minor);

/* Free and total memory of the current device, in bytes. Memory that the
 * allocation pool keeps counts as used. */
BEVRT_EXPORT bevrtStatus bevrtDeviceMemoryInfo(uint64_t *freeBytes,
                                               uint64_t *totalBytes);

/* ---------------------------------------------------------------- memory -- */

/* Allocates device memory on the current stream, aligned to at least 256 bytes;
   0 bytes give a valid pointer too. NULL on failure; the error says what was
   asked for and what is free. Freed memory stays in a pool for later
   allocations. */
BEVRT_EXPORT void *bevrtMalloc(uint64_t bytes);

/* Frees device memory in the order of the current stream. NULL is allowed, and
   so is a pointer from bevrtDeviceConstant, which stays: compiled functions may
   return one. Any other pointer is an error. */
BEVRT_EXPORT bevrtStatus bevrtFree(void *devicePtr);

/* Copies `bytes` in the order of the current stream. When these return, host
   memory may be reused (HostToDevice) or read (DeviceToHost, which waits for
   the stream). While the stream is captured, HostToDevice records the bytes as
   they are now and DeviceToHost fails. */
BEVRT_EXPORT bevrtStatus bevrtMemcpyHostToDevice(void *deviceDst,
                                                 const void *hostSrc,
                                                 uint64_t bytes);
BEVRT_EXPORT bevrtStatus bevrtMemcpyDeviceToHost(void *hostDst,
                                                 const void *deviceSrc,
                                                 uint64_t bytes);
BEVRT_EXPORT bevrtStatus bevrtMemcpyDeviceToDevice(void *deviceDst,
                                                   const void *deviceSrc,
                                                   uint64_t bytes);

/* Sets `bytes` bytes to the low 8 bits of `value` in the order of the current
 * stream. */
BEVRT_EXPORT bevrtStatus bevrtMemset(void *devicePtr, int value,
                                     uint64_t bytes);

/* Frees the device copies that bevrtDeviceConstant made on the current device,
 * after waiting for the device. */
BEVRT_EXPORT bevrtStatus bevrtReleaseConstants(void);

/* Says that constants will be read from these bytes of host memory, which will
   not change: bevrtDeviceConstant then compares no contents. As often as it was
   registered a range has to be unregistered, by its address, before the memory
   is given up; the last time frees the device copies, after waiting for the
   device. */
BEVRT_EXPORT void bevrtRegisterConstants(const void *hostData, uint64_t bytes);
BEVRT_EXPORT void bevrtUnregisterConstants(const void *hostData);

/* --------------------------------------------------------------- streams -- */

/* Creates a stream (CUstream) that does not wait for the legacy default stream;
 * NULL on failure. */
BEVRT_EXPORT void *bevrtStreamCreate(void);

/* Destroys a stream that bevrtStreamCreate made. It must be nobody's current
 * stream any more. */
BEVRT_EXPORT bevrtStatus bevrtStreamDestroy(void *stream);

/* Makes `stream` (a CUstream or cudaStream_t of the current device) the current
   stream of the calling thread. NULL returns to the runtime's own stream; to
   name CUDA's legacy default stream pass (void *)1. */
BEVRT_EXPORT void bevrtSetStream(void *stream);

/* The stream that work of the calling thread goes to; NULL on failure. */
BEVRT_EXPORT void *bevrtCurrentStream(void);

/* Whether generated code waits for its launches. false (the default):
   mgpuStreamSynchronize on the current stream does nothing, since order comes
   from the stream and copies to the host wait by themselves; only while host
   memory is registered or shared with the device does it wait. true: it always
   waits, so that a kernel's fault is reported where it was launched. For the
   whole process. */
BEVRT_EXPORT void bevrtSetSynchronous(bool synchronous);

/* Waits for all work on the current stream and reports its faults. */
BEVRT_EXPORT bevrtStatus bevrtSynchronize(void);

/* ---------------------------------------------------------------- timing -- */

typedef struct bevrtEventImpl *bevrtEvent;

/* Creates an event that measures time; NULL on failure. */
BEVRT_EXPORT bevrtEvent bevrtEventCreate(void);
/* Records the event at this point of the current stream. */
BEVRT_EXPORT bevrtStatus bevrtEventRecord(bevrtEvent event);
/* Waits for `stop` and stores the milliseconds from `start` to `stop`;
 * resolution about 0.5 microseconds. */
BEVRT_EXPORT bevrtStatus bevrtEventElapsedMs(bevrtEvent start, bevrtEvent stop,
                                             float *milliseconds);
/* NULL is allowed. */
BEVRT_EXPORT bevrtStatus bevrtEventDestroy(bevrtEvent event);

/* ---------------------------------------------------------------- graphs -- */

typedef struct bevrtGraphImpl *bevrtGraph;

/* Starts to record the work of the calling thread's current stream instead of
   running it. Run the work once before, so that modules are loaded and
   constants uploaded. Not possible on the legacy default stream. */
BEVRT_EXPORT bevrtStatus bevrtGraphBeginCapture(void);
/* Ends the recording and returns a graph that can be launched; NULL on failure.
 * Same thread and stream as Begin. */
BEVRT_EXPORT bevrtGraph bevrtGraphEndCapture(void);
/* Launches the graph once on the current stream. Memory that the recorded work
   allocated and did not free is freed and allocated anew, at the same
   addresses, by each launch. */
BEVRT_EXPORT bevrtStatus bevrtGraphLaunch(bevrtGraph graph);
/* Waits for the current stream, then destroys the graph and what it holds. NULL
 * is allowed. */
BEVRT_EXPORT bevrtStatus bevrtGraphDestroy(bevrtGraph graph);

/* ------------------------------------------------------------------ host -- */

/* Sets the number of OpenMP threads (>= 1) for CPU code that the calling thread
   runs from now on. Fails with BEVRT_ERROR_UNAVAILABLE when the process has
   loaded no OpenMP runtime. */
BEVRT_EXPORT bevrtStatus bevrtSetNumThreads(int numThreads);

/* Why matrix products and convolutions of CPU code are not computed by oneDNN
   but by generated code: a line of text, valid for the life of the process; ""
   where they are. oneDNN is opened at the first call: "libdnnl.so.2", or the
   library that the environment variable BEV_ONEDNN names; BEV_ONEDNN=off does
   without. */
BEVRT_EXPORT const char *bevrtWhyNoOneDNN(void);

/* Allocates host memory aligned to 64 bytes, for bevrtHostFree; 0 bytes give a
 * valid pointer. NULL on failure. */
BEVRT_EXPORT void *bevrtHostAlloc(uint64_t bytes);
BEVRT_EXPORT void bevrtHostFree(void *ptr);

/* ---------------------------------------------- called by generated code -- */

/* Copies `bytes` from device to host memory and waits for it: how generated
 * host code reads a scalar or a shape. */
BEVRT_EXPORT void bevrtDeviceRead(void *hostDst, const void *deviceSrc,
                                  uint64_t bytes);
/* Copies `bytes` from host to device memory in stream order; `hostSrc` may be
 * reused at once. */
BEVRT_EXPORT void bevrtDeviceWrite(void *deviceDst, const void *hostSrc,
                                   uint64_t bytes);
/* Copies `bytes` between device addresses that do not overlap, in stream order.
 */
BEVRT_EXPORT void bevrtDeviceCopy(void *deviceDst, const void *deviceSrc,
                                  uint64_t bytes);
/* The device copy of constant host data. It is uploaded at the first call for
   this address, size and device; later calls are a look-up. The data must not
   change while the GPU modules of its compiled module are loaded; when one is
   unloaded the next call compares contents again, but for data that is
   registered (bevrtRegisterConstants). Allowed during capture. NULL
   on failure, after the handler returned. */
BEVRT_EXPORT void *bevrtDeviceConstant(const void *hostData, uint64_t bytes);

/* Frees what the runtime keeps for `count` library ops of a compiled module
   (kernels, weights in oneDNN's layouts) and clears their slots. For when the
   module is unloaded. The entry points that use the slots,
   _mlir_ciface_bevrtMatMul and _mlir_ciface_bevrtConvolution, are described in
   the pass convert-library-to-runtime. */
BEVRT_EXPORT void bevrtReleasePlans(void **plans, int64_t count);

#ifdef __cplusplus
}
#endif

#endif /* BEV_RUNTIME_RUNTIME_H */
