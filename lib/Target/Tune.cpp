// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Tune.h"

#include "TuneCompile.h"
#include "TuneMeasure.h"
#include "TuneSearch.h"

#include "bev/Runtime/Runtime.h"

#include "llvm/Support/Format.h"

#include <chrono>
#include <cmath>
#include <map>

using namespace mlir;
using namespace mlir::bev;

using Clock = std::chrono::steady_clock;

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

static constexpr StringLiteral kDiffers = "its result differs";

static DType getResultType(Type type) {
  return type.isF16() ? DType::F16 : type.isBF16() ? DType::BF16 : DType::F32;
}

namespace {

/// The search for one problem.
class Tuner {
public:
  Tuner(TuneProblem &problem, const TuneOptions &options,
        TuneCompiler &compiler, Clock::time_point begin)
      : problem(problem), options(options), compiler(compiler), begin(begin),
        space(problem.op, problem.start),
        search(space, problem.start, options.limit) {
    result.key = problem.key;
  }

  /// Begins to compile what is measured first.
  llvm::Error prefetch();

  llvm::Expected<TuneResult> run(raw_ostream &os);

private:
  void request(ScheduleAttr schedule, bool isUrgent);
  /// The error with the schedule that has it.
  llvm::Error explain(ScheduleAttr schedule, llvm::Error error) const;
  llvm::Error measureAll(ArrayRef<ScheduleAttr> schedules);
  llvm::Error measure(TuneCandidate &candidate);
  /// Measures the best once more, when nothing else goes on.
  llvm::Error compareBest();
  bool isOverBudget() const {
    return options.budget > 0 && secondsSince(begin) > options.budget;
  }

  TuneProblem &problem;
  const TuneOptions &options;
  TuneCompiler &compiler;
  Clock::time_point begin;
  ScheduleSpace space;
  TuneSearch search;
  SmallVector<ScheduleAttr> first;
  /// What is being compiled or has been.
  llvm::DenseMap<ScheduleAttr, std::future<CompiledCandidate>> requested;
  llvm::DenseMap<ScheduleAttr, CompiledCandidate> compiled;
  std::unique_ptr<TuneBench> bench;
  TuneResult result;
};

} // namespace

void Tuner::request(ScheduleAttr schedule, bool isUrgent) {
  if (!requested.contains(schedule))
    requested[schedule] = compiler.compile(problem.print(schedule), isUrgent);
}

llvm::Error Tuner::explain(ScheduleAttr schedule, llvm::Error error) const {
  if (!error)
    return error;
  return llvm::createStringError(
      "the schedule '" + formatSchedule(schedule) + "' of '" + problem.key +
      "' fails: " + llvm::toString(std::move(error)));
}

llvm::Error Tuner::prefetch() {
  if (options.candidates.empty()) {
    first = search.next();
  } else {
    first.push_back(problem.start);
    for (const std::string &text : options.candidates) {
      std::string message;
      FailureOr<ScheduleAttr> schedule =
          parseSchedule(text, problem.op->getContext(), message);
      if (failed(schedule))
        return llvm::createStringError(
            "expected a schedule, such as 'lanes = 8, threads = 128', but got "
            "'" +
            text + "': " + message);
      if (llvm::is_contained(first, *schedule))
        continue;
      if (succeeded(space.verify(*schedule, message))) {
        first.push_back(*schedule);
        continue;
      }
      TuneCandidate candidate;
      candidate.schedule = *schedule;
      candidate.failure = message;
      result.candidates.push_back(candidate);
    }
  }
  for (ScheduleAttr schedule : first)
    request(schedule, /*isUrgent=*/false);
  return llvm::Error::success();
}

llvm::Error Tuner::measure(TuneCandidate &candidate) {
  CompiledCandidate code = requested[candidate.schedule].get();
  if (!code.code) {
    candidate.failure = code.error;
    return llvm::Error::success();
  }
  constexpr int64_t kSamples = 7;
  EntryPoint entry = code.code->getEntryPoint();
  auto fails = [&](llvm::Error error) -> llvm::Error {
    candidate.failure = llvm::toString(std::move(error));
    // After a fault nothing runs on the device any more.
    if (bevrtSynchronize() == BEVRT_SUCCESS)
      return llvm::Error::success();
    return explain(candidate.schedule,
                   llvm::createStringError(candidate.failure));
  };
  if (llvm::Error error = bench->run(entry))
    return fails(std::move(error));
  const bool isStart = candidate.schedule == problem.start;
  if (isStart) {
    if (llvm::Error error = bench->keepResults())
      return explain(candidate.schedule, std::move(error));
  } else {
    llvm::Expected<TuneBench::Difference> difference =
        bench->compareResults(/*all=*/false);
    if (!difference)
      return fails(difference.takeError());
    candidate.difference = difference->relativeL2;
    if (!difference->isRounding)
      candidate.failure = kDiffers.str();
  }
  llvm::Expected<double> time = bench->measure(entry, kSamples);
  if (!time)
    return fails(time.takeError());
  candidate.microseconds = *time;
  compiled[candidate.schedule] = std::move(code);
  return llvm::Error::success();
}

llvm::Error Tuner::measureAll(ArrayRef<ScheduleAttr> schedules) {
  for (ScheduleAttr schedule : schedules)
    request(schedule, /*isUrgent=*/true);
  for (ScheduleAttr schedule : schedules) {
    if (schedule != problem.start && isOverBudget()) {
      result.isCut = true;
      return llvm::Error::success();
    }
    TuneCandidate candidate;
    candidate.schedule = schedule;
    if (llvm::Error error = measure(candidate))
      return error;
    bool counts = candidate.failure.empty();
    search.report(schedule, counts ? std::optional(candidate.microseconds)
                                   : std::nullopt);
    if (schedule == problem.start) {
      if (!counts) {
        result.failure = candidate.failure;
        return llvm::Error::success();
      }
      result.startMicroseconds = candidate.microseconds;
    }
    result.candidates.push_back(std::move(candidate));
  }
  return llvm::Error::success();
}

llvm::Error Tuner::compareBest() {
  constexpr int64_t kSamples = 9;
  constexpr int kRepetitions = 3;
  SmallVector<TuneCandidate *> best;
  TuneCandidate *start = nullptr;
  for (TuneCandidate &candidate : result.candidates) {
    if (candidate.schedule == problem.start)
      start = &candidate;
    else if (candidate.failure.empty())
      best.push_back(&candidate);
  }
  llvm::sort(best, [](const TuneCandidate *a, const TuneCandidate *b) {
    return a->microseconds < b->microseconds;
  });
  best.resize(std::min<size_t>(best.size(), options.top));
  best.push_back(start);
  // In turns, so that what changes with time, such as clocks, changes for all.
  std::vector<std::vector<double>> times(best.size());
  for (int i = 0; i < kRepetitions; ++i)
    for (auto [candidate, samples] : llvm::zip_equal(best, times)) {
      llvm::Expected<double> time = bench->measure(
          compiled[candidate->schedule].code->getEntryPoint(), kSamples);
      if (!time)
        return explain(candidate->schedule, time.takeError());
      samples.push_back(*time);
    }
  for (auto [candidate, samples] : llvm::zip_equal(best, times)) {
    llvm::sort(samples);
    candidate->finalMicroseconds = samples[samples.size() / 2];
  }
  // What is hardly better than the schedule without search is noise.
  constexpr double kNoise = 0.99;
  TuneCandidate *chosen = start;
  llvm::sort(best, [](const TuneCandidate *a, const TuneCandidate *b) {
    return a->finalMicroseconds < b->finalMicroseconds;
  });
  for (TuneCandidate *candidate : best) {
    if (candidate == start ||
        candidate->finalMicroseconds >= kNoise * start->finalMicroseconds)
      break;
    if (llvm::Error error =
            bench->run(compiled[candidate->schedule].code->getEntryPoint()))
      return explain(candidate->schedule, std::move(error));
    llvm::Expected<TuneBench::Difference> difference =
        bench->compareResults(/*all=*/true);
    if (!difference)
      return explain(candidate->schedule, difference.takeError());
    candidate->difference =
        std::max(candidate->difference, difference->relativeL2);
    if (difference->isRounding) {
      chosen = candidate;
      break;
    }
    candidate->failure = kDiffers.str();
  }
  result.best = chosen->schedule;
  result.microseconds = chosen->finalMicroseconds;
  result.startMicroseconds = start->finalMicroseconds;
  return llvm::Error::success();
}

llvm::Expected<TuneResult> Tuner::run(raw_ostream &os) {
  llvm::Expected<std::vector<Array>> inputs =
      makeTuneInputs(problem.op, options.placement);
  if (!inputs)
    return inputs.takeError();
  SmallVector<TuneBench::Result> results;
  for (Value init : problem.op.getDpsInits()) {
    auto type = cast<ShapedType>(init.getType());
    results.push_back({getResultType(type.getElementType()),
                       llvm::to_vector(type.getShape())});
  }
  // What does not fit one GPU's memory is no reason to stop.
  if (llvm::Error error =
          TuneBench::create(std::move(*inputs), results).moveInto(bench)) {
    result.failure = llvm::toString(std::move(error));
    first.clear();
  }
  for (SmallVector<ScheduleAttr> schedules = first; !schedules.empty();
       schedules = search.next()) {
    if (llvm::Error error = measureAll(schedules))
      return error;
    if (!options.candidates.empty() || result.isCut || !result.failure.empty())
      break;
  }
  if (!result.failure.empty()) {
    os << "  not tuned: " << result.failure << "\n";
    return std::move(result);
  }
  if (llvm::Error error = compareBest())
    return error;
  os << llvm::format("%8.2f us, %8.2f by default, %3zu measured",
                     result.microseconds, result.startMicroseconds,
                     result.candidates.size())
     << (result.isCut ? " (out of time)" : "") << "\n  "
     << formatSchedule(result.best) << "\n";
  bench.reset();
  compiled.clear();
  return std::move(result);
}

llvm::Error
mlir::bev::tune(std::vector<TuneProblem> &problems, const TuneOptions &options,
                raw_ostream &os,
                llvm::function_ref<llvm::Error(const TuneResult &)> report) {
  Clock::time_point begin = Clock::now();
  ThreadErrors errors;
  CompileOptions compile;
  compile.chip = options.chip;
  compile.format = options.format;
  unsigned threads = options.threads
                         ? options.threads
                         : std::max(1u, std::thread::hardware_concurrency());
  TuneCompiler compiler(threads, compile);
  // While one problem's candidates are measured, those of the next are
  // compiled.
  std::vector<std::unique_ptr<Tuner>> tuners;
  constexpr size_t kAhead = 2;
  for (size_t i = 0; i < problems.size(); ++i) {
    for (; tuners.size() < std::min(i + 1 + kAhead, problems.size());) {
      tuners.push_back(std::make_unique<Tuner>(problems[tuners.size()], options,
                                               compiler, begin));
      if (llvm::Error error = tuners.back()->prefetch())
        return error;
    }
    if (options.budget > 0 && secondsSince(begin) > options.budget) {
      os << "out of time: " << problems.size() - i << " of " << problems.size()
         << " ops are not tuned\n";
      break;
    }
    os << "[" << i + 1 << "/" << problems.size() << "] " << problems[i].key
       << "\n";
    os.flush();
    llvm::Expected<TuneResult> result = tuners[i]->run(os);
    tuners[i].reset();
    if (!result)
      return result.takeError();
    if (llvm::Error error = report(*result))
      return error;
  }
  return llvm::Error::success();
}

llvm::json::Value mlir::bev::toJSON(const TuneResult &result) {
  llvm::json::Array candidates;
  for (const TuneCandidate &candidate : result.candidates) {
    llvm::json::Object object{{"schedule", formatSchedule(candidate.schedule)}};
    if (candidate.microseconds >= 0) {
      object["us"] = candidate.microseconds;
      // JSON has no infinity.
      if (std::isfinite(candidate.difference))
        object["difference"] = candidate.difference;
    }
    if (candidate.finalMicroseconds >= 0)
      object["final_us"] = candidate.finalMicroseconds;
    if (!candidate.failure.empty())
      object["failure"] = candidate.failure;
    candidates.push_back(std::move(object));
  }
  if (!result.failure.empty())
    return llvm::json::Object{{"key", result.key}, {"failure", result.failure}};
  return llvm::json::Object{
      {"key", result.key},         {"best", formatSchedule(result.best)},
      {"us", result.microseconds}, {"default_us", result.startMicroseconds},
      {"cut", result.isCut},       {"candidates", std::move(candidates)}};
}
