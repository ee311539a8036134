// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalar arithmetic that is spelled alike for floats, integers and indices.

#ifndef BEV_CONVERSION_ONNXTOLINALG_SCALARS_H
#define BEV_CONVERSION_ONNXTOLINALG_SCALARS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mlir::bev::onnx_to_linalg {

/// f32 for f16 and bf16, and for every other type itself: what sums of a type
/// are kept in.
Type getSumType(Type type);

/// Emits scalar operations; what they are is up to the operands' type. Operands
/// of an operation have the same type.
class Scalars {
public:
  /// Integers other than indices are unsigned where `isUnsigned`.
  explicit Scalars(ImplicitLocOpBuilder &b, bool isUnsigned = false)
      : b(b), isUnsigned(isUnsigned) {}

  Value constant(Type type, double value);
  Value index(int64_t value);
  Value boolean(bool value);
  /// The least and greatest value of a type: infinities for floats.
  Value lowest(Type type);
  Value highest(Type type);
  Value infinity(Type type, bool isNegative);

  Value add(Value x, Value y);
  /// A sum of many: the order is free, so that lanes can add up their own.
  Value accumulate(Value sum, Value x);
  Value sub(Value x, Value y);
  Value mul(Value x, Value y);
  /// Integers: towards zero.
  Value div(Value x, Value y);
  /// Integers and indices only: towards minus infinity, towards plus infinity.
  Value floorDiv(Value x, Value y);
  Value ceilDiv(Value x, Value y);
  /// NaN where one of them is.
  Value max(Value x, Value y);
  Value min(Value x, Value y);
  Value clamp(Value x, Value low, Value high);
  Value neg(Value x);
  Value abs(Value x);

  Value add(Value x, double y) { return add(x, constant(x.getType(), y)); }
  Value sub(Value x, double y) { return sub(x, constant(x.getType(), y)); }
  Value mul(Value x, double y) { return mul(x, constant(x.getType(), y)); }

  /// Ordered comparisons: false where an operand is NaN.
  Value lt(Value x, Value y);
  Value le(Value x, Value y);
  Value gt(Value x, Value y) { return lt(y, x); }
  Value ge(Value x, Value y) { return le(y, x); }
  Value eq(Value x, Value y);
  Value isNaN(Value x);

  Value both(Value x, Value y);
  Value either(Value x, Value y);
  Value negate(Value condition);
  Value select(Value condition, Value x, Value y);

  Value sqrt(Value x);
  Value exp(Value x);
  Value log(Value x);
  Value pow(Value x, Value y);
  Value floor(Value x);
  Value ceil(Value x);
  Value roundEven(Value x);

  /// Any of float, integer and index to any other. Floats are truncated to
  /// integers; the value must fit.
  Value to(Type type, Value x);
  Value toIndex(Value x);

  /// A loop from `lower` to `upper` by one that carries `inits` through `body`.
  SmallVector<Value>
  loop(Value lower, Value upper, ValueRange inits,
       llvm::function_ref<SmallVector<Value>(Scalars &, Value, ValueRange)>
           body);
  /// `then` where the condition holds, `otherwise` where not.
  SmallVector<Value>
  branch(Value condition,
         llvm::function_ref<SmallVector<Value>(Scalars &)> then,
         llvm::function_ref<SmallVector<Value>(Scalars &)> otherwise);
  /// The element of a tensor at `indices`.
  Value extract(Value tensor, ValueRange indices);

  ImplicitLocOpBuilder &b;

private:
  bool isUnsigned;
};

} // namespace mlir::bev::onnx_to_linalg

#endif // BEV_CONVERSION_ONNXTOLINALG_SCALARS_H
