// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How long invocations take.

#include "bev/Target/Invocation.h"

#include "bev/Runtime/Runtime.h"

#include "llvm/ADT/ScopeExit.h"

#include <algorithm>
#include <chrono>
#include <cmath>

using namespace mlir;
using namespace mlir::bev;

using Clock = std::chrono::steady_clock;

/// Runs that are not measured take at least this long, after which clocks and
/// caches are in the state of long use.
static constexpr double kWarmUpMicroseconds = 200e3;
static constexpr int kMinWarmUpRuns = 3;

/// On a device, one sample takes at least this long: a hundred times what
/// events resolve.
static constexpr double kSampleMicroseconds = 200;

static double microsecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start)
      .count();
}

double Timing::quantile(double fraction) const {
  if (samples.empty())
    return NAN;
  // Linear between the two nearest samples, as NumPy does.
  double position = fraction * (samples.size() - 1);
  size_t low = static_cast<size_t>(position);
  size_t high = std::min(low + 1, samples.size() - 1);
  return samples[low] + (position - low) * (samples[high] - samples[low]);
}

llvm::Error Invocation::runAndFree() {
  if (llvm::Error error = call())
    return error;
  return freeResults();
}

llvm::Expected<Timing> Invocation::measureOnHost(int64_t numSamples) {
  Timing timing;
  timing.method = "wall clock";
  Clock::time_point start = Clock::now();
  for (int i = 0;
       i < kMinWarmUpRuns || microsecondsSince(start) < kWarmUpMicroseconds;
       ++i)
    if (llvm::Error error = runAndFree())
      return error;
  for (int64_t i = 0; i < numSamples; ++i) {
    start = Clock::now();
    llvm::Error error = call();
    timing.samples.push_back(microsecondsSince(start));
    if (error)
      return error;
    if (llvm::Error freeError = freeResults())
      return freeError;
  }
  return timing;
}

static llvm::Error runtimeError() {
  return llvm::createStringError(StringRef(bevrtLastError()));
}

llvm::Expected<Timing> Invocation::measureOnDevice(int64_t numSamples) {
  Timing timing;
  // Once outside the capture: it loads modules and uploads constants.
  if (llvm::Error error = runAndFree())
    return error;
  if (bevrtSynchronize() != BEVRT_SUCCESS)
    return runtimeError();

  bevrtGraph graph = nullptr;
  if (bevrtGraphBeginCapture() == BEVRT_SUCCESS) {
    llvm::Error error = runAndFree();
    graph = bevrtGraphEndCapture();
    // What cannot be captured is measured by itself; errors of its own show
    // there.
    if (error) {
      llvm::consumeError(std::move(error));
      (void)bevrtGraphDestroy(graph);
      graph = nullptr;
    }
    llvm::consumeError(RuntimeErrors::take());
  }
  timing.method = graph ? "graph replays" : "events";
  bevrtEvent start = bevrtEventCreate(), stop = bevrtEventCreate();
  llvm::scope_exit cleanUp([&] {
    (void)bevrtEventDestroy(start);
    (void)bevrtEventDestroy(stop);
    (void)bevrtGraphDestroy(graph);
  });
  if (!start || !stop)
    return runtimeError();

  auto launch = [&]() -> llvm::Error {
    if (!graph)
      return runAndFree();
    return bevrtGraphLaunch(graph) == BEVRT_SUCCESS ? llvm::Error::success()
                                                    : runtimeError();
  };
  // The mean over some runs, in microseconds.
  auto sample = [&](int64_t numRuns) -> llvm::Expected<double> {
    if (bevrtEventRecord(start) != BEVRT_SUCCESS)
      return runtimeError();
    for (int64_t i = 0; i < numRuns; ++i)
      if (llvm::Error error = launch())
        return error;
    float milliseconds;
    if (bevrtEventRecord(stop) != BEVRT_SUCCESS ||
        bevrtEventElapsedMs(start, stop, &milliseconds) != BEVRT_SUCCESS)
      return runtimeError();
    return 1e3 * milliseconds / numRuns;
  };

  Clock::time_point begin = Clock::now();
  double estimate = 1;
  for (int i = 0;
       i < kMinWarmUpRuns || microsecondsSince(begin) < kWarmUpMicroseconds;
       ++i) {
    llvm::Expected<double> time = sample(10);
    if (!time)
      return time.takeError();
    estimate = std::max(*time, 0.1);
  }
  timing.runsPerSample =
      std::max<int64_t>(1, std::ceil(kSampleMicroseconds / estimate));
  for (int64_t i = 0; i < numSamples; ++i) {
    llvm::Expected<double> time = sample(timing.runsPerSample);
    if (!time)
      return time.takeError();
    timing.samples.push_back(*time);
  }
  return timing;
}

llvm::Expected<Timing> Invocation::measure(int64_t numSamples) {
  llvm::Expected<Timing> timing = space == Space::Host
                                      ? measureOnHost(numSamples)
                                      : measureOnDevice(numSamples);
  if (timing)
    llvm::sort(timing->samples);
  return timing;
}
