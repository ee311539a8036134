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
  /// What a function writes.
  struct Result {
    DType type;
    SmallVector<int64_t> shape;
  };

  /// For functions of tensors like `inputs` and a buffer for each result.
  static llvm::Expected<std::unique_ptr<TuneBench>>
  create(std::vector<Array> inputs, ArrayRef<Result> results);
  ~TuneBench();

  /// Runs the function on the first copy, whose results held NaN.
  llvm::Error run(EntryPoint function);

  /// Keeps those results, to compare others with.
  llvm::Error keepResults();

  /// How far those results are from the kept ones.
  struct Difference {
    /// The largest relative L2 difference of parts of a result.
    double relativeL2 = 0;
    /// Whether all are as far apart as the order of sums explains.
    bool isRounding = true;
  };
  /// Compares all parts, or some.
  llvm::Expected<Difference> compareResults(bool all);

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

  /// One of the results: where it is in a copy, and what is kept of it.
  struct Kept {
    DType type;
    int64_t bytes;
    void *data;
  };
  void *resultOf(const Copy &copy, size_t result) const {
    return copy.data[copy.data.size() - kept.size() + result];
  }
  /// The largest relative L2 difference of parts of a result.
  llvm::Expected<double> compareResult(size_t result, bool all);

  std::vector<Copy> copies;
  std::vector<Kept> kept;
};

} // namespace mlir::bev

#endif // BEV_LIB_TARGET_TUNEMEASURE_H
