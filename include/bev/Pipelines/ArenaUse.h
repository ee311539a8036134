// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the buffers of compiled code take, between the pass that places them and
// whoever reports it.

#ifndef BEV_PIPELINES_ARENAUSE_H
#define BEV_PIPELINES_ARENAUSE_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::bev {

/// The attribute that `bev-plan-memory` leaves on a function: its `ArenaUse` as
/// an array of three integers.
inline constexpr llvm::StringLiteral kArenaAttrName("bev.arena");

/// The memory of buffers whose sizes and lifetimes the compiler knows.
struct ArenaUse {
  int64_t numBuffers = 0;
  /// What is allocated for all of them.
  int64_t bytes = 0;
  /// The most that is in use at one time: no arrangement needs less.
  int64_t lowerBoundBytes = 0;
};

/// Removes the functions' attributes and returns the sum of them.
ArenaUse takeArenaUse(ModuleOp module);

} // namespace mlir::bev

#endif // BEV_PIPELINES_ARENAUSE_H
