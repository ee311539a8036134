// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which buffers ops read and write, behind views.

#ifndef BEV_CONVERSION_LINALGTOSCF_BUFFERACCESSES_H
#define BEV_CONVERSION_LINALGTOSCF_BUFFERACCESSES_H

#include "mlir/IR/Operation.h"

namespace mlir::bev {

/// The buffer that `buffer` is a view of, or itself.
Value getRootBuffer(Value buffer);

/// Whether no other buffer can be the same memory as what the allocation
/// `root` makes: nothing passes it on.
bool isPrivateBuffer(Value root);

/// Whether two buffers, neither of which is a view, may share memory.
bool mayBeSameBuffer(Value a, Value b);

struct BufferAccess {
  /// What is read or written, and the buffer behind all views of it.
  Value buffer, root;
  bool isWrite;
  /// The indices of a single element; absent where more may be accessed.
  std::optional<OperandRange> indices;
};

/// What an op, with all ops in it, reads and writes.
struct BufferAccesses {
  SmallVector<BufferAccess> all;
  /// Whether there may be others.
  bool isOpaque = false;
};

/// Buffers that are allocated inside `op` are left out.
BufferAccesses getBufferAccesses(Operation *op);

/// Whether what one accesses the other may write, so that their order counts.
bool mayConflict(const BufferAccesses &a, const BufferAccesses &b);

} // namespace mlir::bev

#endif // BEV_CONVERSION_LINALGTOSCF_BUFFERACCESSES_H
