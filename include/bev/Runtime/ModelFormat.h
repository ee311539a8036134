/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What bev-compile puts into a shared object for the runtime to find. Programs
 * use bev-c/Model.h.
 */
#ifndef BEV_RUNTIME_MODELFORMAT_H
#define BEV_RUNTIME_MODELFORMAT_H

#include "bev-c/Model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The only symbol that a compiled model exports: a BevModelDescriptor. */
#define BEV_MODEL_SYMBOL "bevModelDescriptor"

/* The section with the description in JSON. */
#define BEV_MODEL_DESCRIPTION_SECTION ".bev.description"

/* The section with the constants, aligned to 64 bytes. */
#define BEV_MODEL_WEIGHTS_SECTION ".bev.weights"

#define BEV_MODEL_MAGIC "BEVMODL"

/* Goes up when a runtime that knows only the old layout would go wrong. */
#define BEV_MODEL_VERSION 1

/* Code for one target. */
typedef struct BevModelTarget {
  /* "cpu", or the GPU: "sm_90". */
  const char *name;
  /* The extensions of the CPU that the code needs, separated by commas. */
  const char *extensions;
  BevModelEntry entry;
} BevModelTarget;

typedef struct BevModelDescriptor {
  char magic[8];
  uint32_t version;
  uint32_t size; /* of this struct: later fields may follow */
  const char *function;
  const char *description;
  uint64_t numInputs;
  const BevParameter *inputs;
  uint64_t numOutputs;
  const BevParameter *outputs;
  /* GPUs from old to new. */
  uint64_t numTargets;
  const BevModelTarget *targets;
  /* Never written to, also not by the dynamic linker: memory that they take may
     be given back, and they are read from the file again. */
  uint64_t weightBytes;
  const void *weights;
} BevModelDescriptor;

/* The extensions of x86 that are checked before code runs, as LLVM and
   __builtin_cpu_supports name them. */
#define BEV_MODEL_X86_EXTENSIONS(X)                                            \
  X("sse3")                                                                    \
  X("ssse3")                                                                   \
  X("sse4.1")                                                                  \
  X("sse4.2")                                                                  \
  X("popcnt")                                                                  \
  X("avx")                                                                     \
  X("avx2")                                                                    \
  X("bmi")                                                                     \
  X("bmi2")                                                                    \
  X("fma")                                                                     \
  X("f16c")                                                                    \
  X("lzcnt")                                                                   \
  X("avx512f")                                                                 \
  X("avx512bw")                                                                \
  X("avx512cd")                                                                \
  X("avx512dq")                                                                \
  X("avx512vl")                                                                \
  X("avx512ifma")                                                              \
  X("avx512vbmi")                                                              \
  X("avx512vbmi2")                                                             \
  X("avx512vnni")                                                              \
  X("avx512bitalg")                                                            \
  X("avx512vpopcntdq")                                                         \
  X("avx512bf16")

#ifdef __cplusplus
}
#endif

#endif /* BEV_RUNTIME_MODELFORMAT_H */
