// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The programs of the CUDA toolkit that device code is made with.

#ifndef BEV_CONVERSION_GPUTONVVM_TOOLKIT_H
#define BEV_CONVERSION_GPUTONVVM_TOOLKIT_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace mlir::bev {

/// The programs that a format ("isa", "bin" or "fatbin") needs and that are
/// neither on PATH nor in a toolkit's folder.
llvm::SmallVector<llvm::StringRef> findMissingTools(llvm::StringRef format);

} // namespace mlir::bev

#endif // BEV_CONVERSION_GPUTONVVM_TOOLKIT_H
