// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expansions of math ops to arithmetic that this conversion is made of.

#ifndef BEV_CONVERSION_MATHTONVVM_EXPANSIONS_H
#define BEV_CONVERSION_MATHTONVVM_EXPANSIONS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::bev {

/// `like` with the element type `element`.
inline Type withElementType(Type like, Type element) {
  if (auto shaped = dyn_cast<ShapedType>(like))
    return shaped.clone(element);
  return element;
}

/// The float constant `value` as a `type`, a splat for vectors.
inline Value createFloat(ImplicitLocOpBuilder &b, Type type, double value) {
  auto element = cast<FloatType>(getElementTypeOrSelf(type));
  llvm::APFloat number(value);
  bool inexact;
  number.convert(element.getFloatSemantics(),
                 llvm::APFloat::rmNearestTiesToEven, &inexact);
  TypedAttr attr = FloatAttr::get(element, number);
  if (auto shaped = dyn_cast<ShapedType>(type))
    attr = DenseElementsAttr::get(shaped, cast<Attribute>(attr));
  return arith::ConstantOp::create(b, attr);
}

/// The integer constant `value` as a `type`, a splat for vectors.
inline Value createInt(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  TypedAttr attr = IntegerAttr::get(getElementTypeOrSelf(type), value);
  if (auto shaped = dyn_cast<ShapedType>(type))
    attr = DenseElementsAttr::get(shaped, cast<Attribute>(attr));
  return arith::ConstantOp::create(b, attr);
}

/// sin, cos and tan in f32, with the argument reduced in f64.
void populateTrigonometricExpansion(RewritePatternSet &patterns);

/// atan, atan2 and sinh in f32.
void populateArcTangentExpansion(RewritePatternSet &patterns);

/// powf in f32, through log2 and exp2 in f64.
void populatePowerExpansion(RewritePatternSet &patterns);

} // namespace mlir::bev

#endif // BEV_CONVERSION_MATHTONVVM_EXPANSIONS_H
