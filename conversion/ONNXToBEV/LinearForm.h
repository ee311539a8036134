// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values as sums of other values times numbers.

#ifndef BEV_CONVERSION_ONNXTOBEV_LINEARFORM_H
#define BEV_CONVERSION_ONNXTOBEV_LINEARFORM_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

namespace mlir::bev::onnx_to_bev {

/// sum(factor * value) + addend, element by element in row-major order. The
/// values have as many elements as the whole.
struct LinearForm {
  struct Term {
    Value value;
    double factor;
  };
  SmallVector<Term> terms;
  double addend = 0.0;

  /// Whether both are the same but for the rounding of constants to f32.
  bool isClose(const LinearForm &other) const;
};

/// Takes `value`, a ranked tensor, apart: sums, differences, negations,
/// multiplications and divisions by constants that are the same for all
/// elements, and changes of shape. No two terms have the same value.
LinearForm matchLinear(Value value);

/// Whether two tensors are combined element by element in row-major order.
bool isElementwise(Value lhs, Value rhs);

/// The value before all changes of shape that keep the order of the elements.
Value stripShape(Value value);

/// Whether a number that was computed with constants of f32 is `expected`.
bool isClose(double number, double expected);

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_LINEARFORM_H
