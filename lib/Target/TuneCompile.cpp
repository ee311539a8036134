// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "TuneCompile.h"

#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/Runtime/Runtime.h"

#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::bev;

static CompiledCandidate compileNow(StringRef source,
                                    const CompileOptions &options) {
  CompiledCandidate candidate;
  DialectRegistry registry;
  bev::registerAllDialects(registry);
  bev::registerAllExtensions(registry);
  candidate.context =
      std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  ScopedDiagnosticHandler handler(
      candidate.context.get(), [&](Diagnostic &diagnostic) {
        if (candidate.error.empty() &&
            diagnostic.getSeverity() == DiagnosticSeverity::Error)
          candidate.error = StringRef(diagnostic.str()).rtrim().str();
        return success();
      });
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(
      source, ParserConfig(candidate.context.get()));
  if (!module)
    return candidate;
  FailureOr<std::unique_ptr<CompiledFunction>> code =
      CompiledFunction::compile(*module, "main", options);
  if (failed(code)) {
    if (candidate.error.empty())
      candidate.error = "it cannot be compiled";
    return candidate;
  }
  candidate.error.clear();
  candidate.code = std::move(*code);
  return candidate;
}

TuneCompiler::TuneCompiler(unsigned numThreads, const CompileOptions &options)
    : options(options), device(bevrtCurrentDevice()) {
  for (unsigned i = 0; i < numThreads; ++i)
    threads.emplace_back([this] { run(); });
}

TuneCompiler::~TuneCompiler() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    isEnding = true;
    urgent.clear();
    other.clear();
  }
  condition.notify_all();
  for (std::thread &thread : threads)
    thread.join();
}

std::future<CompiledCandidate> TuneCompiler::compile(std::string source,
                                                     bool isUrgent) {
  Job job;
  job.source = std::move(source);
  std::future<CompiledCandidate> result = job.result.get_future();
  {
    std::lock_guard<std::mutex> lock(mutex);
    (isUrgent ? urgent : other).push_back(std::move(job));
  }
  condition.notify_one();
  return result;
}

void TuneCompiler::run() {
  (void)bevrtSetDevice(device);
  while (true) {
    Job job;
    {
      std::unique_lock<std::mutex> lock(mutex);
      condition.wait(
          lock, [&] { return isEnding || !urgent.empty() || !other.empty(); });
      if (isEnding)
        return;
      std::deque<Job> &queue = urgent.empty() ? other : urgent;
      job = std::move(queue.front());
      queue.pop_front();
    }
    job.result.set_value(compileNow(job.source, options));
  }
}
