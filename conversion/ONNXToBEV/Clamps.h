// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bounds on values, in the spellings of exporters: Clip, Min and Max, and
// selections after comparisons.

#ifndef BEV_CONVERSION_ONNXTOBEV_CLAMPS_H
#define BEV_CONVERSION_ONNXTOBEV_CLAMPS_H

#include "mlir/IR/Value.h"

namespace mlir::bev::onnx_to_bev {

/// min(max(inner, low), high) elementwise; infinite where there is no bound.
struct Clamped {
  Value inner;
  double low, high;
};

/// `value` as all clamps that its elements pass by constants, as one.
Clamped matchClamps(Value value);

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_CLAMPS_H
