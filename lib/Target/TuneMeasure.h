// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Measures functions of one signature on the same inputs.

#ifndef BEV_LIB_TARGET_TUNEMEASURE_H
#define BEV_LIB_TARGET_TUNEMEASURE_H

#include "bev/Target/Array.h"
#include "bev/Target/Descriptor.h"
#include "bev/Target/JIT.h"

namespace mlir::bev {

/// Collects, while it lives, what the runtime reports when generated code calls
/// it, by thread.
class ThreadErrors {
public:
  ThreadErrors();
  ~ThreadErrors();
  ThreadErrors(const ThreadErrors &) = delete;
  ThreadErrors &operator=(const ThreadErrors &) = delete;

  /// The first error of this thread since the last call.
  static llvm::Error take();
};

/// Arguments on the device, in as many copies as it takes for them not to stay
/// in the cache from call to call.
class TuneBench {
public:
  /// For functions of tensors like `inputs` and a buffer for the result.
  static llvm::Expected<std::unique_ptr<TuneBench>>
  create(std::vector<Array> inputs, DType resultType,
         ArrayRef<int64_t> resultShape);
  ~TuneBench();

  /// Runs the function on the first copy, whose result held NaN.
  llvm::Error run(EntryPoint function);

  /// Keeps that result, to compare others with.
  llvm::Error keepResult();

  /// The largest relative L2 difference of that result from the kept one, over
  /// parts of it; of all parts, or of some.
  llvm::Expected<double> compareResult(bool all);

  /// Microseconds of a call: the median of graph replays, which go through all
  /// copies.
  llvm::Expected<double> measure(EntryPoint function, int64_t samples);

private:
  struct Copy {
    std::vector<void *> data;
    std::vector<Descriptor> descriptors;
    std::vector<void *> pointers, slots;
  };

  TuneBench() = default;
  llvm::Error call(EntryPoint function, Copy &copy);

  std::vector<Copy> copies;
  DType resultType = DType::F32;
  int64_t resultBytes = 0;
  void *kept = nullptr;
};

} // namespace mlir::bev

#endif // BEV_LIB_TARGET_TUNEMEASURE_H
