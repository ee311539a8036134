/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Memory of the buffers of code on the CPU. The blocks are malloc's, so that
 * either side may free what the other has allocated; large ones that code frees
 * are kept for its next call, which would have to have every page made anew.
 * The names are those that the linker's option --wrap looks for.
 */
#ifndef BEV_RUNTIME_HOSTMEMORY_H
#define BEV_RUNTIME_HOSTMEMORY_H

#include "bev/Runtime/Runtime.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

BEVRT_EXPORT void *__wrap_malloc(size_t bytes);
BEVRT_EXPORT void __wrap_free(void *memory);

/* Frees what is kept. */
BEVRT_EXPORT void bevrtReturnHostMemory(void);

/* The plain names of the functions that take the place of others. */
#define BEV_HOST_MEMORY(X)                                                     \
  X(malloc)                                                                    \
  X(free)

#ifdef __cplusplus
}
#endif

#endif /* BEV_RUNTIME_HOSTMEMORY_H */
