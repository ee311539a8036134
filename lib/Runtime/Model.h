// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loaded shared object of bev-compile.

#ifndef BEV_LIB_RUNTIME_MODEL_H
#define BEV_LIB_RUNTIME_MODEL_H

#include "bev/Runtime/ModelFormat.h"

struct BevModel {
  /// The handle of dlopen.
  void *library = nullptr;
  const BevModelDescriptor *descriptor = nullptr;
  const BevModelTarget *target = nullptr;
  /// The device that the code was chosen for; negative for the CPU.
  int ordinal = -1;

  bool isOnDevice() const { return ordinal >= 0; }
};

#endif // BEV_LIB_RUNTIME_MODEL_H
