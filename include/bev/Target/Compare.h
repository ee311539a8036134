// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far one array is from another.

#ifndef BEV_TARGET_COMPARE_H
#define BEV_TARGET_COMPARE_H

#include "bev/Target/Array.h"

namespace mlir::bev {

/// The differences between an array and the expected one.
struct Comparison {
  /// max |actual - expected| over the elements where neither is NaN.
  double maxAbs = 0;
  /// ||actual - expected||_2 / ||expected||_2 over the same elements; 0 where
  /// both norms are zero.  Infinities of the same sign count as equal, and
  /// contribute to neither norm; any other infinity makes it infinite.
  double relativeL2 = 0;
  /// Row-major position of the worst element, -1 where all are equal: the first
  /// at which just one of the two is NaN, else the first with `maxAbs`.
  int64_t worst = -1;
  int64_t actualNaNs = 0;
  int64_t expectedNaNs = 0;
  /// Elements at which just one of the two is NaN.
  int64_t differingNaNs = 0;

  /// Whether the relative L2 is within the tolerance and NaNs are at the same
  /// places.
  bool isWithin(double tolerance) const {
    return differingNaNs == 0 && relativeL2 <= tolerance;
  }
};

/// Compares two arrays of the same shape; their element types may differ.
Comparison compare(const Array &actual, const Array &expected);

/// The multi-dimensional index of a row-major position.
llvm::SmallVector<int64_t, 6> delinearize(int64_t position,
                                          llvm::ArrayRef<int64_t> shape);

} // namespace mlir::bev

#endif // BEV_TARGET_COMPARE_H
