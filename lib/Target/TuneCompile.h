// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles the candidates of a search, several at once.

#ifndef BEV_LIB_TARGET_TUNECOMPILE_H
#define BEV_LIB_TARGET_TUNECOMPILE_H

#include "bev/Target/JIT.h"
#include "bev/Target/Signature.h"

#include "mlir/IR/MLIRContext.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace mlir::bev {

/// The function `main` of a module as machine code, or what is wrong with it.
struct CompiledCandidate {
  /// Outlives the code.
  std::unique_ptr<MLIRContext> context;
  std::unique_ptr<CompiledFunction> code;
  std::string error;
};

/// Threads that compile what is asked for.
class TuneCompiler {
public:
  TuneCompiler(unsigned numThreads, const CompileOptions &options);
  ~TuneCompiler();

  /// Compiles a module; what is urgent comes before all that is not.
  std::future<CompiledCandidate> compile(std::string source, bool isUrgent);

private:
  struct Job {
    std::string source;
    std::promise<CompiledCandidate> result;
  };
  void run();

  CompileOptions options;
  int device;
  std::mutex mutex;
  std::condition_variable condition;
  std::deque<Job> urgent, other;
  bool isEnding = false;
  std::vector<std::thread> threads;
};

} // namespace mlir::bev

#endif // BEV_LIB_TARGET_TUNECOMPILE_H
