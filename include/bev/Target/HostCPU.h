// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The CPUs that host code is generated for.

#ifndef BEV_TARGET_HOSTCPU_H
#define BEV_TARGET_HOSTCPU_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mlir::bev {

/// A CPU of the host's architecture, as LLVM describes it.
struct HostCPU {
  std::string name;
  std::string features;
  /// The width in bytes of the widest vectors: 64 with AVX-512, 32 with AVX2,
  /// else 16.
  int64_t vectorBytes = 16;

  /// The CPU that this process runs on.
  static HostCPU detect();

  /// The CPU called `name`, with the features that LLVM knows it to have;
  /// "native" is the one that this process runs on.
  static llvm::Expected<HostCPU> get(llvm::StringRef name);

  /// The instruction-set extensions that code for this CPU may use, as the
  /// runtime checks them (bev/Runtime/ModelFormat.h).
  std::vector<std::string> getRequiredExtensions() const;
};

} // namespace mlir::bev

#endif // BEV_TARGET_HOSTCPU_H
