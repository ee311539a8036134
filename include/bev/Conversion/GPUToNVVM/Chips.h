// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The GPUs that code can be generated for.

#ifndef BEV_CONVERSION_GPUTONVVM_CHIPS_H
#define BEV_CONVERSION_GPUTONVVM_CHIPS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace mlir::bev {

/// A GPU architecture and the PTX version that its code is written in.
struct Chip {
  llvm::StringLiteral name;
  /// What LLVM's NVPTX target calls the version, e.g. "+ptx81".
  llvm::StringLiteral features;
};

/// All chips, oldest first.
llvm::ArrayRef<Chip> getKnownChips();

/// The chip called `name`, or null.
const Chip *lookUpChip(llvm::StringRef name);

/// Whether the chip of that name adds four f32 to memory with one instruction.
bool hasVectorReductions(llvm::StringRef name);

/// Whether kernels of the chip of that name can start while what they depend on
/// still runs, and wait for it themselves.
bool hasDependentLaunches(llvm::StringRef name);

/// Whether the chip of that name prefetches any number of bytes with one
/// instruction.
bool hasBulkPrefetch(llvm::StringRef name);

/// The names of all chips, for messages.
std::string listKnownChips();

/// Asks the CUDA driver for the chip of its device 0: "sm_90". The driver is
/// opened here; without one, or without a device, the error says so.
llvm::Expected<std::string> detectNativeChip();

} // namespace mlir::bev

#endif // BEV_CONVERSION_GPUTONVVM_CHIPS_H
