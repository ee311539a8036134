// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memref descriptors, as which compiled functions take and return tensors: the
// allocated and the aligned pointer, an offset, sizes and strides, in words of
// 64 bits.

#ifndef BEV_TARGET_DESCRIPTOR_H
#define BEV_TARGET_DESCRIPTOR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>

namespace mlir::bev {

/// The words of a descriptor, in place up to rank 8.
using Descriptor = llvm::SmallVector<int64_t, 3 + 2 * 8>;

/// How many words the descriptor of a tensor has.
constexpr size_t getDescriptorWords(size_t rank) { return 3 + 2 * rank; }

/// What constants that a function returns have for their allocated pointer, in
/// place of one to free.
constexpr int64_t kNotAllocated = 0xdeadbeef;

/// The descriptor of a contiguous row-major array.
Descriptor makeDescriptor(void *data, llvm::ArrayRef<int64_t> shape);

} // namespace mlir::bev

#endif // BEV_TARGET_DESCRIPTOR_H
