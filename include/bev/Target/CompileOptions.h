// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a function is compiled for, and how.

#ifndef BEV_TARGET_COMPILEOPTIONS_H
#define BEV_TARGET_COMPILEOPTIONS_H

#include "mlir/Pass/PassManager.h"

#include <functional>
#include <string>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace mlir::bev {

/// What to compile for.
struct CompileOptions {
  /// The GPU ("sm_90") to generate device code for; empty for the CPU.
  std::string chip;
  /// What device code is made: "isa" (PTX, which the driver compiles), "bin" or
  /// "fatbin".
  std::string format = "isa";
  /// A file of schedules that come before those chosen otherwise, or empty.
  std::string scheduleFile;
  /// Where to write the host's assembly, if anywhere.
  llvm::raw_ostream *assembly = nullptr;
  /// Sets up the pass manager, as a tool's command line asks for.
  std::function<LogicalResult(PassManager &)> configurePasses;
};

} // namespace mlir::bev

#endif // BEV_TARGET_COMPILEOPTIONS_H
