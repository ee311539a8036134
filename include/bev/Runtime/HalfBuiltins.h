/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The conversions of 16-bit floats that LLVM calls where the CPU has no
 * instructions for them. A compiler's own library has them under their plain
 * names; these are called what the linker's option --wrap looks for, so that
 * the runtime takes nobody's place. They take and return the bits in the low
 * half of a float, which is how the ABIs of x86-64 and AArch64 pass 16-bit
 * floats.
 */
#ifndef BEV_RUNTIME_HALFBUILTINS_H
#define BEV_RUNTIME_HALFBUILTINS_H

#include "bev/Runtime/Runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

BEVRT_EXPORT float __wrap___truncsfhf2(float value);
BEVRT_EXPORT float __wrap___truncdfhf2(double value);
BEVRT_EXPORT float __wrap___extendhfsf2(float value);
BEVRT_EXPORT float __wrap___truncsfbf2(float value);
BEVRT_EXPORT float __wrap___truncdfbf2(double value);
BEVRT_EXPORT float __wrap___extendbfsf2(float value);

/* The plain names of all. */
#define BEV_HALF_BUILTINS(X)                                                   \
  X(__truncsfhf2)                                                              \
  X(__truncdfhf2)                                                              \
  X(__extendhfsf2)                                                             \
  X(__truncsfbf2)                                                              \
  X(__truncdfbf2)                                                              \
  X(__extendbfsf2)

#ifdef __cplusplus
}
#endif

#endif /* BEV_RUNTIME_HALFBUILTINS_H */
