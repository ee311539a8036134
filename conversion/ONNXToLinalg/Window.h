// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The windows that convolutions and pools slide over their input.

#ifndef BEV_CONVERSION_ONNXTOLINALG_WINDOW_H
#define BEV_CONVERSION_ONNXTOLINALG_WINDOW_H

#include "StructuredOps.h"

namespace mlir::bev::onnx_to_linalg {

/// A window of `kernel` taps that are `dilations` apart; it moves by `strides`
/// over an input with `padBegin` and `padEnd` around it, to `outputs` places.
/// One of each for every spatial dimension.
struct Window {
  SmallVector<int64_t> strides, dilations;
  SmallVector<OpFoldResult> kernel, padBegin, padEnd, outputs;

  int64_t rank() const { return strides.size(); }
  /// From the first tap to the last, both included.
  OpFoldResult extent(ImplicitLocOpBuilder &b, int64_t dim) const;
};

/// Reads strides, dilations, pads, auto_pad and ceil_mode of a node whose first
/// input has the spatial sizes `input`; nothing, after a call of `unsupported`,
/// where they contradict each other. `resultSizes` says what is known of the
/// outputs.
std::optional<Window> getWindow(Lowering &l, ArrayRef<OpFoldResult> input,
                                ArrayRef<OpFoldResult> kernel);

/// `x`, with dimensions beyond the first two padded with a scalar as far as the
/// window reads.
Value buildPadded(ImplicitLocOpBuilder &b, Value x, const Window &window,
                  Value value);

/// The convolution of `x`, padded already, with filters (F, C / groups, ...),
/// added to `init`, in the type that sums are kept in.
Value buildConvolution(ImplicitLocOpBuilder &b, Value x, Value filters,
                       Value init, const Window &window, int64_t groups);

/// A bias of F channels broadcast to (N, F, outputs ...) in `type`, or zeros
/// where there is none.
Value buildBias(ImplicitLocOpBuilder &b, Value bias, OpFoldResult batch,
                OpFoldResult channels, const Window &window, Type type);

} // namespace mlir::bev::onnx_to_linalg

#endif // BEV_CONVERSION_ONNXTOLINALG_WINDOW_H
