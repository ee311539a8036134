// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls of compiled functions on arrays, on the CPU and on CUDA devices.

#ifndef BEV_TARGET_INVOCATION_H
#define BEV_TARGET_INVOCATION_H

#include "bev/Target/Descriptor.h"
#include "bev/Target/JIT.h"
#include "bev/Target/Signature.h"

#include <memory>
#include <vector>

namespace mlir::bev {

/// Collects, while it lives, the errors that the runtime's entry points report
/// when generated code calls them.  There is at most one at a time.
class RuntimeErrors {
public:
  RuntimeErrors();
  ~RuntimeErrors();
  RuntimeErrors(const RuntimeErrors &) = delete;
  RuntimeErrors &operator=(const RuntimeErrors &) = delete;

  /// The first error since the last call.
  static llvm::Error take();
};

/// How long runs took, in microseconds per run, sorted.
struct Timing {
  std::vector<double> samples;
  /// How it was measured: "wall clock", "graph replays", "events".
  std::string method;
  /// Each sample is the mean over as many runs back to back.
  int64_t runsPerSample = 1;

  /// The sample below which the given fraction of the samples lies.
  double quantile(double fraction) const;
};

/// A compiled function with its arguments.
class Invocation {
public:
  /// Where arguments and results live: in memory of the host or of the current
  /// CUDA device.
  enum class Space { Host, Device };

  /// Copies the arguments to where they are needed.  Their types must be those
  /// of the signature, and their shapes compatible with it; the code must
  /// outlive the invocation.
  static llvm::Expected<std::unique_ptr<Invocation>>
  create(EntryPoint function, const Signature &signature,
         std::vector<Array> arguments, Space space);
  ~Invocation();

  /// Runs the function and waits for it.  Returns its results.
  llvm::Expected<std::vector<Array>> run();

  /// Runs the function as often as asked for, after some runs that are not
  /// measured.  On a device, replays of a CUDA graph where the function can be
  /// captured.
  llvm::Expected<Timing> measure(int64_t numSamples);

private:
  Invocation(EntryPoint function, const Signature &signature, Space space);

  llvm::Error prepareArguments();
  void prepareResults();

  /// Calls the function; the results are in `resultBuffer` afterwards.
  llvm::Error call();
  /// Gives the memory of the results back.
  llvm::Error freeResults();
  llvm::Expected<Array> readResult(const Parameter &parameter, size_t offset);
  llvm::Error runAndFree();
  llvm::Expected<Timing> measureOnHost(int64_t numSamples);
  llvm::Expected<Timing> measureOnDevice(int64_t numSamples);

  EntryPoint function;
  const Signature &signature;
  Space space;
  /// Scalars, and tensors on the host.
  std::vector<Array> arguments;
  /// The tensors' data, null for scalars.
  std::vector<void *> argumentData;
  /// Memref descriptors of the tensor arguments.
  std::vector<Descriptor> descriptors;
  std::vector<void *> descriptorPointers;
  /// All results, laid out as the fields of a C struct.
  std::vector<int64_t> resultBuffer;
  std::vector<size_t> resultOffsets;
  void *resultPointer = nullptr;
  /// Addresses of the values of the parameters, for `CompiledFunction::call`.
  std::vector<void *> slots;
  bool hasResults = false;
};

} // namespace mlir::bev

#endif // BEV_TARGET_INVOCATION_H
