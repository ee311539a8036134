/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Compile a module in memory and call one of its functions, from C or from
 * anything that can call C.
 *
 * Errors are strings that the caller frees with bevStringFree; success is a
 * null error. All functions may be called from any thread, one call per
 * function object at a time.
 */

#ifndef BEV_C_JIT_H
#define BEV_C_JIT_H

#include "bev-c/Tensor.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A compiled function. */
typedef struct BevFunction BevFunction;

/**
 * Compiles one function of a module.
 *
 * source, length: the module as MLIR text; need not end in a null character.
 * function: its name; null for the only public one, or `main`.
 * chip: the GPU to compile for, such as "sm_90", whose device must be the
 *   runtime's current one (bevrtSetDevice); null or "" for the CPU.
 * error: receives null, or what is wrong.
 *
 * Returns null on error. Parameters of the function must be tensors, which it
 * does not write, or memrefs with identity layout, which it may: such a buffer
 * must not overlap with any other argument.
 */
BevFunction *bevFunctionCompile(const char *source, size_t length,
                                const char *function, const char *chip,
                                char **error);

/** How to compile. Fields that are zero stand for the defaults. */
typedef struct BevCompileOptions {
  size_t size; /* sizeof(BevCompileOptions): later versions may have more */
  const char *function;     /* as bevFunctionCompile's */
  const char *chip;         /* as bevFunctionCompile's */
  const char *scheduleFile; /* the path of a file that bev-tune has written; its
                               schedules come before those that the compiler
                               chooses, for ops and chips that it has */
} BevCompileOptions;

/**
 * Compiles one function of a module as bevFunctionCompile does, with options.
 *
 * What is wrong with a schedule file is an error that begins with its path,
 * line and column; what is wrong with the module, with "source" and those.
 */
BevFunction *bevFunctionCompileWithOptions(const char *source, size_t length,
                                           const BevCompileOptions *options,
                                           char **error);

void bevFunctionDestroy(BevFunction *function);

/** Number of arguments and of results. */
int64_t bevFunctionNumArguments(const BevFunction *function);
int64_t bevFunctionNumResults(const BevFunction *function);

/**
 * Calls the function. The results' memory belongs to the caller: bevTensorFree
 * gives it back. On CUDA the work is enqueued on the runtime's current stream
 * (bevrtSetStream) and not waited for.
 *
 * Returns null, or what is wrong; sizes that contradict the function's static
 * sizes are an error.
 */
char *bevFunctionCall(const BevFunction *function, const BevTensor *arguments,
                      BevTensor *results);

/** Frees a result of `function`; on CUDA in stream order. */
void bevTensorFree(const BevFunction *function, BevTensor *tensor);

void bevStringFree(char *string);

#ifdef __cplusplus
}
#endif

#endif /* BEV_C_JIT_H */
