/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Load and run the shared objects that bev-compile writes. A program links
 * libBEVRuntime for this, and neither MLIR nor LLVM.
 *
 * Errors: functions return a bevrtStatus, BEVRT_SUCCESS or what went wrong, and
 * bevrtLastError() then says so in words. All functions may be called from any
 * thread, and one model may be run by several threads at once.
 *
 * This interface only grows: programs and models keep working with later
 * versions of the runtime. A model of a later version than the runtime's is an
 * error when it is loaded.
 */

#ifndef BEV_C_MODEL_H
#define BEV_C_MODEL_H

#include "bev-c/Tensor.h"
#include "bev/Runtime/Runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Element types. */
typedef enum BevType {
  BEV_BOOL = 0, /* one byte, 0 or 1 */
  BEV_I8 = 1,
  BEV_I16 = 2,
  BEV_I32 = 3,
  BEV_I64 = 4,
  BEV_F16 = 5,  /* the bits of an IEEE binary16 */
  BEV_BF16 = 6, /* the upper half of an F32 */
  BEV_F32 = 7,
  BEV_F64 = 8
} BevType;

/** An input or an output. */
typedef struct BevParameter {
  const char *name;
  int32_t type;         /* a BevType */
  int32_t rank;         /* at most BEV_MAX_RANK; -1 for a scalar */
  const int64_t *sizes; /* negative ones may be anything */
} BevParameter;

/** A loaded model. */
typedef struct BevModel BevModel;

/**
 * Loads a model.
 *
 * path: the shared object; without a slash it is searched as dlopen does.
 * device: "cpu", "cuda" for the calling thread's current device
 *   (bevrtSetDevice), or null for what the model was compiled for, the CPU if
 *   it has code for both.
 * model: receives the model, or null.
 */
BEVRT_EXPORT bevrtStatus bevModelLoad(const char *path, const char *device,
                                      BevModel **model);

/** Unloads a model that nobody runs any more; null is allowed. */
BEVRT_EXPORT void bevModelUnload(BevModel *model);

/** The compiled function's name. */
BEVRT_EXPORT const char *bevModelFunction(const BevModel *model);

/** What the loaded code was compiled for: "cpu", or a GPU such as "sm_90". */
BEVRT_EXPORT const char *bevModelTarget(const BevModel *model);

/** Everything that is known of the model, as JSON; see docs/deployment.md. */
BEVRT_EXPORT const char *bevModelDescription(const BevModel *model);

/** Inputs and outputs; null for an index that is out of range. */
BEVRT_EXPORT int64_t bevModelNumInputs(const BevModel *model);
BEVRT_EXPORT int64_t bevModelNumOutputs(const BevModel *model);
BEVRT_EXPORT const BevParameter *bevModelInput(const BevModel *model,
                                               int64_t index);
BEVRT_EXPORT const BevParameter *bevModelOutput(const BevModel *model,
                                                int64_t index);

/**
 * Runs the model.
 *
 * inputs: one tensor per input, with the input's rank and sizes; not written.
 *   The data of a scalar is its address in host memory, and its rank is
 *   ignored.
 * outputs: room for one tensor per output. What is received in a tensor belongs
 *   to the caller, who frees it with bevModelFreeOutput; nothing is received
 *   on an error. The data of a scalar must be set to where to store it in host
 *   memory, and is not freed.
 *
 * On CUDA the tensors are in memory of the current device, which must be the
 * one that the model was loaded for; the work is enqueued on the runtime's
 * current stream and not waited for (bevrtSynchronize).
 */
BEVRT_EXPORT bevrtStatus bevModelRun(const BevModel *model,
                                     const BevTensor *inputs,
                                     BevTensor *outputs);

/** Frees an output; on CUDA in stream order. */
BEVRT_EXPORT void bevModelFreeOutput(const BevModel *model, BevTensor *output);

/**
 * The compiled function itself, for programs that know the calling convention:
 * it takes, for each parameter of the function with a C interface that MLIR
 * makes, the address of its value, and then where to store a returned scalar.
 * Its errors go to the error handler (bevrtSetErrorHandler).
 */
typedef void (*BevModelEntry)(void **slots);
BEVRT_EXPORT BevModelEntry bevModelEntry(const BevModel *model);

#ifdef __cplusplus
}
#endif

#endif /* BEV_C_MODEL_H */
