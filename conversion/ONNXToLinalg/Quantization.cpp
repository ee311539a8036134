// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantized operators.

#include "Lowering.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getQuantizationLowerings() {
  return {};
}
