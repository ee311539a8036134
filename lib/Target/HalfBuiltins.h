// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions of 16-bit floats that generated code may call.

#ifndef BEV_LIB_TARGET_HALFBUILTINS_H
#define BEV_LIB_TARGET_HALFBUILTINS_H

#include "llvm/Support/Error.h"

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace mlir::bev {

/// Defines the compiler-rt functions that convert from and to 16-bit floats.
/// The host's libgcc lacks those for bfloat16 before GCC 13.
llvm::Error defineHalfBuiltins(llvm::orc::LLJIT &jit);

} // namespace mlir::bev

#endif // BEV_LIB_TARGET_HALFBUILTINS_H
