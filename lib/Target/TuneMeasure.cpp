// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "TuneMeasure.h"

#include "bev/Runtime/Runtime.h"
#include "bev/Target/Compare.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace mlir::bev;

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

static thread_local std::string threadError;

static void recordError(bevrtStatus, const char *message, void *) {
  if (threadError.empty())
    threadError = message && *message ? message : "unknown error";
}

ThreadErrors::ThreadErrors() { bevrtSetErrorHandler(recordError, nullptr); }

ThreadErrors::~ThreadErrors() { bevrtSetErrorHandler(nullptr, nullptr); }

llvm::Error ThreadErrors::take() {
  if (threadError.empty())
    return llvm::Error::success();
  llvm::Error error = llvm::createStringError(threadError);
  threadError.clear();
  return error;
}

static llvm::Error runtimeError() {
  return llvm::createStringError(StringRef(bevrtLastError()));
}

static llvm::Error check(bevrtStatus status) {
  return status == BEVRT_SUCCESS ? llvm::Error::success() : runtimeError();
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// More than the last cache of any GPU holds.
static constexpr int64_t kRotatedBytes = 256 << 20;
static constexpr int64_t kMaxCopies = 24;

llvm::Expected<std::unique_ptr<TuneBench>>
TuneBench::create(std::vector<Array> inputs, ArrayRef<Result> results) {
  std::unique_ptr<TuneBench> bench(new TuneBench);
  int64_t bytes = 0;
  for (const Result &result : results) {
    Kept kept = {result.type,
                 getByteSize(result.type, result.shape).value_or(0), nullptr};
    bytes += kept.bytes;
    kept.data = bevrtMalloc(kept.bytes);
    if (!kept.data)
      return runtimeError();
    bench->kept.push_back(kept);
  }
  for (const Array &input : inputs)
    bytes += input.getNumBytes();
  int64_t numCopies =
      std::clamp<int64_t>((kRotatedBytes + bytes - 1) / bytes, 1, kMaxCopies);
  bench->copies.resize(numCopies);
  for (Copy &copy : bench->copies) {
    auto add = [&](int64_t bytes, ArrayRef<int64_t> shape) -> void * {
      void *data = bevrtMalloc(bytes);
      if (data) {
        copy.data.push_back(data);
        copy.descriptors.push_back(makeDescriptor(data, shape));
      }
      return data;
    };
    for (auto [index, input] : llvm::enumerate(inputs)) {
      void *data = add(input.getNumBytes(), input.getShape());
      if (!data)
        return runtimeError();
      bool isFirst = &copy == &bench->copies.front();
      if (llvm::Error error =
              check(isFirst ? bevrtMemcpyHostToDevice(data, input.getData(),
                                                      input.getNumBytes())
                            : bevrtMemcpyDeviceToDevice(
                                  data, bench->copies.front().data[index],
                                  input.getNumBytes())))
        return error;
    }
    for (auto [result, kept] : llvm::zip_equal(results, bench->kept))
      if (!add(kept.bytes, result.shape))
        return runtimeError();
    for (Descriptor &descriptor : copy.descriptors)
      copy.pointers.push_back(descriptor.data());
    for (void *&pointer : copy.pointers)
      copy.slots.push_back(&pointer);
  }
  return bench;
}

TuneBench::~TuneBench() {
  for (Copy &copy : copies)
    for (void *data : copy.data)
      (void)bevrtFree(data);
  for (const Kept &result : kept)
    (void)bevrtFree(result.data);
}

llvm::Error TuneBench::call(EntryPoint function, Copy &copy) {
  function(copy.slots.data());
  return ThreadErrors::take();
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

llvm::Error TuneBench::run(EntryPoint function) {
  Copy &copy = copies.front();
  // All bits set are NaN in every float type.
  for (size_t i = 0; i < kept.size(); ++i)
    if (llvm::Error error =
            check(bevrtMemset(resultOf(copy, i), 0xff, kept[i].bytes)))
      return error;
  if (llvm::Error error = call(function, copy))
    return error;
  return check(bevrtSynchronize());
}

llvm::Error TuneBench::keepResults() {
  for (size_t i = 0; i < kept.size(); ++i)
    if (llvm::Error error = check(bevrtMemcpyDeviceToDevice(
            kept[i].data, resultOf(copies.front(), i), kept[i].bytes)))
      return error;
  return llvm::Error::success();
}

/// How far results may lie apart that differ in the order of sums alone.
static double getTolerance(DType type) {
  return type == DType::F32 ? 1e-5 : type == DType::F16 ? 1e-3 : 1e-2;
}

llvm::Expected<TuneBench::Difference> TuneBench::compareResults(bool all) {
  Difference difference;
  for (size_t i = 0; i < kept.size(); ++i) {
    llvm::Expected<double> ofResult = compareResult(i, all);
    if (!ofResult)
      return ofResult.takeError();
    difference.relativeL2 = std::max(difference.relativeL2, *ofResult);
    difference.isRounding &= *ofResult <= getTolerance(kept[i].type);
  }
  return difference;
}

llvm::Expected<double> TuneBench::compareResult(size_t result, bool all) {
  constexpr int64_t kPartBytes = 64 << 10;
  constexpr int64_t kFewParts = 16;
  const int64_t elementBytes = getByteWidth(kept[result].type);
  const int64_t numParts = llvm::divideCeil(kept[result].bytes, kPartBytes);
  const int64_t count = all ? numParts : std::min(numParts, kFewParts);
  double worst = 0;
  for (int64_t i = 0; i < count; ++i) {
    int64_t begin =
        (count == 1 ? 0 : i * (numParts - 1) / (count - 1)) * kPartBytes;
    int64_t bytes = std::min(kPartBytes, kept[result].bytes - begin);
    Array parts[2];
    for (auto [source, part] :
         {std::pair<void *, Array *>(resultOf(copies.front(), result),
                                     &parts[0]),
          std::pair<void *, Array *>(kept[result].data, &parts[1])}) {
      llvm::Expected<Array> array =
          Array::create(kept[result].type, {bytes / elementBytes});
      if (!array)
        return array.takeError();
      if (llvm::Error error = check(bevrtMemcpyDeviceToHost(
              array->getData(), static_cast<char *>(source) + begin, bytes)))
        return error;
      *part = std::move(*array);
    }
    Comparison comparison = compare(parts[0], parts[1]);
    if (comparison.differingNaNs != 0)
      return INFINITY;
    worst = std::max(worst, comparison.relativeL2);
  }
  return worst;
}

//===----------------------------------------------------------------------===//
// Times
//===----------------------------------------------------------------------===//

namespace {
struct Events {
  bevrtEvent start = bevrtEventCreate(), stop = bevrtEventCreate();
  ~Events() {
    (void)bevrtEventDestroy(start);
    (void)bevrtEventDestroy(stop);
  }

  /// Microseconds of the work that a function submits.
  llvm::Expected<double> time(llvm::function_ref<llvm::Error()> submit) {
    float milliseconds = 0;
    if (!start || !stop || bevrtEventRecord(start) != BEVRT_SUCCESS)
      return runtimeError();
    if (llvm::Error error = submit())
      return error;
    if (bevrtEventRecord(stop) != BEVRT_SUCCESS ||
        bevrtEventElapsedMs(start, stop, &milliseconds) != BEVRT_SUCCESS)
      return runtimeError();
    return 1e3 * milliseconds;
  }
};
} // namespace

llvm::Expected<double> TuneBench::measure(EntryPoint function,
                                          int64_t samples) {
  /// A replay takes at least this long, a thousand times what events resolve,
  /// but for calls that are launched faster than that.
  constexpr double kReplayMicroseconds = 1000;
  constexpr int64_t kMaxCalls = 240;
  constexpr int kWarmUpReplays = 2;
  const int64_t numCopies = copies.size();
  Events events;
  auto callAll = [&](int64_t rounds) -> llvm::Error {
    for (int64_t i = 0; i < rounds; ++i)
      for (Copy &copy : copies)
        if (llvm::Error error = call(function, copy))
          return error;
    return llvm::Error::success();
  };
  llvm::Expected<double> estimate = events.time([&] { return callAll(1); });
  if (!estimate)
    return estimate;
  int64_t rounds = std::max<int64_t>(
      std::ceil(kReplayMicroseconds / std::max(*estimate, 1.0)), 1);
  rounds = std::min(rounds, std::max<int64_t>(kMaxCalls / numCopies, 1));

  if (llvm::Error error = check(bevrtGraphBeginCapture()))
    return error;
  llvm::Error captureError = callAll(rounds);
  bevrtGraph graph = bevrtGraphEndCapture();
  llvm::scope_exit cleanUp([&] { (void)bevrtGraphDestroy(graph); });
  if (captureError)
    return captureError;
  if (!graph)
    return runtimeError();
  auto replay = [&] { return check(bevrtGraphLaunch(graph)); };
  for (int i = 0; i < kWarmUpReplays; ++i)
    if (llvm::Error error = replay())
      return error;
  std::vector<double> times;
  for (int64_t i = 0; i < samples; ++i) {
    llvm::Expected<double> time = events.time(replay);
    if (!time)
      return time;
    times.push_back(*time / (rounds * numCopies));
  }
  std::nth_element(times.begin(), times.begin() + times.size() / 2,
                   times.end());
  return times[times.size() / 2];
}
