// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions between dialects.

#ifndef BEV_CONVERSION_PASSES_TD
#define BEV_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // BEV_CONVERSION_PASSES_TD
