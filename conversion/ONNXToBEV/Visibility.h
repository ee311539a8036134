// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which cameras see which queries, in the spellings of exporters.

#ifndef BEV_CONVERSION_ONNXTOBEV_VISIBILITY_H
#define BEV_CONVERSION_ONNXTOBEV_VISIBILITY_H

#include "TensorView.h"

namespace mlir::bev::onnx_to_bev {

/// `value`, a view of booleans or numbers, is true or not 0 where any is true
/// of a line of booleans: those lines, in a last dimension of size 1 where the
/// values are booleans themselves. Follows casts, comparisons with 0 and sums
/// of booleans. Nothing for other numbers.
std::optional<TensorView> matchAny(const TensorView &value);

/// The booleans of which a view of numbers has 1 where they are true and 0
/// where they are not.
std::optional<TensorView> matchIndicator(const TensorView &value);

/// A number of booleans that are true, at least 1.
struct ClampedCount {
  /// What is counted, along the last dimension.
  TensorView counted;
  /// Whether it is clamped to at least 1.
  bool isClamped;
};

/// Matches `value` with such a number.
std::optional<ClampedCount> matchClampedCount(Value value);

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_VISIBILITY_H
