// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights that are mapped from files, whose memory can be given back.

#ifndef BEV_IMPORT_MAPPEDFILES_H
#define BEV_IMPORT_MAPPEDFILES_H

#include "llvm/ADT/ArrayRef.h"

namespace mlir::bev {

/// Gives back what bytes take that an importer has left in their file. They can
/// still be read: from the file again. Nothing happens to other bytes.
void releaseMappedBytes(llvm::ArrayRef<char> bytes);

} // namespace mlir::bev

#endif // BEV_IMPORT_MAPPEDFILES_H
