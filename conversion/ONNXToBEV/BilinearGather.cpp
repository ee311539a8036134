// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Raising.h"

using namespace mlir;
using namespace mlir::bev;

void mlir::bev::onnx_to_bev::raiseBilinearGathers(func::FuncOp function,
                                                  RaiseReport &report) {}
