/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Arrays that functions take and return.
 */

#ifndef BEV_C_TENSOR_H
#define BEV_C_TENSOR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BEV_MAX_RANK 8

/** A tensor, contiguous and row-major; for CUDA code in device memory. */
typedef struct BevTensor {
  void *data;
  int64_t rank; /* at most BEV_MAX_RANK */
  int64_t sizes[BEV_MAX_RANK];
  void *allocation; /* of a result: the memory to free; else ignored */
} BevTensor;

#ifdef __cplusplus
}
#endif

#endif /* BEV_C_TENSOR_H */
