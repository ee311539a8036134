// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Resize, GridSample.

#include "Lowering.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getSamplingLowerings() { return {}; }
