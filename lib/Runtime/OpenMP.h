// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads, from the OpenMP runtime that generated code uses.

#ifndef BEV_LIB_RUNTIME_OPENMP_H
#define BEV_LIB_RUNTIME_OPENMP_H

#include <cstdint>
#include <functional>

namespace bev::rt {

/// Sets the number of threads that the calling thread's work is done by from
/// now on. Returns false where no OpenMP runtime is in the process; the number
/// then holds for parallelFor only.
bool setNumThreads(int numThreads);

/// The number of threads that parallelFor would use. Loads LLVM's OpenMP
/// runtime if there is none in the process; 1 where it cannot be found.
int getNumThreads();

/// Calls `body(i)` for i in [0, count), in any order, on the threads of the
/// OpenMP runtime.
void parallelFor(int64_t count, const std::function<void(int64_t)> &body);

/// Keeps a library that uses OpenMP by itself, through LLVM's runtime or
/// through `library`'s own libgomp, to the calling thread while this lives.
class SingleThread {
public:
  /// `library`: a handle of dlopen.
  explicit SingleThread(void *library);
  ~SingleThread();
  SingleThread(const SingleThread &) = delete;

private:
  int numLLVM = 0, numGNU = 0;
  const struct GNUOpenMP *gnu;
};

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_OPENMP_H
