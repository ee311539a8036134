// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compiled model written by hand: y = 2 * x in new memory, x itself, and the
// number of elements; with a weight that it reads on the device. A negative
// scale makes it fail.

#include "bev/Runtime/ModelFormat.h"

#include <cstdlib>
#include <cstring>

extern "C" void *mgpuMemAlloc(uint64_t sizeBytes, void *stream,
                              bool isHostShared);

namespace {
struct Matrix {
  float *allocated, *aligned;
  int64_t offset, sizes[2], strides[2];
};

struct Results {
  Matrix doubled, same;
  int64_t count;
};

alignas(64) const float weights[16] = {2};

Results &run(void **slots, Matrix *&x, int32_t &scale) {
  x = *static_cast<Matrix **>(slots[1]);
  scale = *static_cast<int32_t *>(slots[2]);
  return **static_cast<Results **>(slots[0]);
}

void runOnHost(void **slots) {
  Matrix *x;
  int32_t scale;
  Results &results = run(slots, x, scale);
  if (scale < 0) {
    bevrtDeviceConstant(nullptr, 4); // Reports an error.
    return;
  }
  int64_t count = x->sizes[0] * x->sizes[1];
  results.doubled = *x;
  results.doubled.allocated = static_cast<float *>(std::malloc(count * 4 + 64));
  results.doubled.aligned = results.doubled.allocated + 4;
  for (int64_t i = 0; i < count; ++i)
    results.doubled.aligned[i] = scale * x->aligned[i];
  results.same = *x;
  results.count = count;
}

void runOnDevice(void **slots) {
  Matrix *x;
  int32_t scale;
  Results &results = run(slots, x, scale);
  int64_t count = x->sizes[0] * x->sizes[1];
  results.doubled = *x;
  results.doubled.allocated = results.doubled.aligned =
      static_cast<float *>(mgpuMemAlloc(count * 4, nullptr, false));
  bevrtDeviceCopy(results.doubled.aligned, x->aligned, count * 4);
  // A constant, which nobody may get hold of.
  results.same = *x;
  results.same.sizes[0] = 1;
  results.same.allocated = results.same.aligned =
      static_cast<float *>(bevrtDeviceConstant(weights, sizeof weights));
  results.count = count;
}

const int64_t sizes[] = {-1, 3};
const BevParameter inputs[] = {{"x", BEV_F32, 2, sizes},
                               {"scale", BEV_I32, -1, nullptr}};
const BevParameter outputs[] = {{"doubled", BEV_F32, 2, sizes},
                                {"same", BEV_F32, 2, sizes},
                                {"count", BEV_I64, -1, nullptr}};
#ifndef BEV_FAKE_EXTENSIONS
#define BEV_FAKE_EXTENSIONS ""
#endif

const BevModelTarget targets[] = {{"cpu", BEV_FAKE_EXTENSIONS, runOnHost},
                                  {"sm_75", "", runOnDevice},
                                  {"sm_80", "", runOnDevice},
                                  {"sm_999", "", runOnDevice}};
} // namespace

#ifndef BEV_FAKE_VERSION
#define BEV_FAKE_VERSION BEV_MODEL_VERSION
#endif

extern "C" BEVRT_EXPORT const BevModelDescriptor bevModelDescriptor;
const BevModelDescriptor bevModelDescriptor = {BEV_MODEL_MAGIC,
                                               BEV_FAKE_VERSION,
                                               sizeof(BevModelDescriptor),
                                               "main",
                                               "{}",
                                               2,
                                               inputs,
                                               3,
                                               outputs,
                                               4,
                                               targets,
                                               sizeof weights,
                                               weights};
