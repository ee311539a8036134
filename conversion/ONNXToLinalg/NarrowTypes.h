// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Floats of 8 and 4 bits, and integers of 4 and 2, which are kept in bytes.

#ifndef BEV_CONVERSION_ONNXTOLINALG_NARROWTYPES_H
#define BEV_CONVERSION_ONNXTOLINALG_NARROWTYPES_H

#include "Lowering.h"

namespace mlir::bev::onnx_to_linalg {

/// Floats of at most 8 bits; integers of less than 8 that are not bool.
bool isNarrowFloat(Type type);
bool isNarrowInteger(Type type);

/// Whether an operator may have elements of these types: it only moves them, or
/// its lowering knows about them.
bool mayBeNarrow(onnx::NodeOp node);

/// A byte's float as f32.
Value decodeNarrowFloat(ImplicitLocOpBuilder &b, Value byte, Type onnxType);
/// The byte of the float that is nearest to an f32. One that is too large
/// becomes the greatest where `saturate`, else infinity or, without one, NaN.
/// `roundMode` is that of types which are exponents alone.
Value encodeNarrowFloat(ImplicitLocOpBuilder &b, Value x, Type onnxType,
                        bool saturate, StringRef roundMode);
/// The integer in the low bits of a byte as i8.
Value extendNarrowInteger(ImplicitLocOpBuilder &b, Value byte, Type onnxType);
/// Constants of narrow types as bytes.
DenseElementsAttr asBytes(DenseElementsAttr elements);

} // namespace mlir::bev::onnx_to_linalg

#endif // BEV_CONVERSION_ONNXTOLINALG_NARROWTYPES_H
