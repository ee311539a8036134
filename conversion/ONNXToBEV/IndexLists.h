// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lists of indices, and what ScatterND nodes put where.
//
// An export of a graph that lists indices at run time may have the lengths of
// the lists as constants, from its trace, and fails where a list is longer or
// shorter. Hence a list may be taken to have as many elements as what it is
// expanded to.

#ifndef BEV_CONVERSION_ONNXTOBEV_INDEXLISTS_H
#define BEV_CONVERSION_ONNXTOBEV_INDEXLISTS_H

#include "TensorView.h"

namespace mlir::bev::onnx_to_bev {

/// Indices in order: those at which a tensor is not 0, or constants.
struct IndexList {
  Value nonZeroOf;
  SmallVector<int64_t> constants;

  bool isConstant() const { return !nonZeroOf; }
  bool operator==(const IndexList &other) const {
    return nonZeroOf == other.nonZeroOf && constants == other.constants;
  }
};

/// The elements of an integer constant of any rank; nothing for others.
std::optional<SmallVector<int64_t>> getIntegers(Value value);

/// The value whose elements, in their order, are those of `value`.
Value stripInOrder(Value value);

/// `value`, of one dimension that is not 1, as a list.
std::optional<IndexList> matchList(Value value);

/// The columns of the indices of a ScatterND: `count` numbers that are the same
/// in all rows, then a list.
bool matchColumns(Value indices, unsigned count,
                  SmallVectorImpl<int64_t> &leading, IndexList &list);

/// Whether a ScatterND sets elements, and does not add to them.
bool isAssignment(onnx::NodeOp scatter);

/// Whether all elements are 0 at compile time.
bool isZeros(Value value);

/// What lies in a box of a tensor, whatever the tensor was assembled of: the
/// operand of a Concat, or the updates of a ScatterND with constant indices,
/// that the box is all of. Null for others.
Value findPart(Value value, SmallVector<int64_t> starts,
               SmallVector<int64_t> sizes);

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_INDEXLISTS_H
