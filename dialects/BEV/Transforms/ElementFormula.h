// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What one element of a tensor is, as a sum of products of elements of other
// tensors: elementwise and reshaping ops are looked through, however the
// arithmetic is spelled.

#ifndef BEV_DIALECTS_BEV_TRANSFORMS_ELEMENTFORMULA_H
#define BEV_DIALECTS_BEV_TRANSFORMS_ELEMENTFORMULA_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mlir::bev {

/// An element of a tensor, or a scalar (no index).
struct Element {
  Value source;
  SmallVector<AffineExpr> index;

  bool operator==(const Element &other) const {
    return source == other.source && index == other.index;
  }
};

/// coefficient * product of `factors` / product of `divisors`.
struct Term {
  double coefficient = 1;
  SmallVector<Element, 2> factors, divisors;
};

using ElementFormula = SmallVector<Term, 2>;

/// The formula of `tensor` at `index`, whose expressions are constants or the
/// dimensions of a space of `numDims`. Elements for which `isLeaf` holds are
/// not looked into. Conversions between float types count as exact. Failure
/// where the formula is not a small sum of products.
FailureOr<ElementFormula>
getElementFormula(Value tensor, ArrayRef<AffineExpr> index, unsigned numDims,
                  llvm::function_ref<bool(const Element &)> isLeaf);

} // namespace mlir::bev

#endif // BEV_DIALECTS_BEV_TRANSFORMS_ELEMENTFORMULA_H
