// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Geometry.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

void mlir::bev::onnx_to_bev::raiseGeometry(func::FuncOp function,
                                           RaiseReport &report) {
  SmallVector<NodeOp> logs;
  function.walk([&](NodeOp node) {
    if (node.is("Log"))
      logs.push_back(node);
  });
  for (NodeOp log : logs)
    raiseInverseSigmoid(log, report);
}
