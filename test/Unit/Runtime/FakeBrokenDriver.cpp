// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A library that opens, but lacks most functions of a CUDA driver.

extern "C" __attribute__((visibility("default"))) int cuInit(unsigned) {
  return 0;
}
