// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Geometry.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

void mlir::bev::onnx_to_bev::raiseGeometry(func::FuncOp function,
                                           RaiseReport &report) {
  SmallVector<NodeOp> logs, divisions, ofProjections;
  function.walk([&](NodeOp node) {
    static constexpr StringLiteral names[] = {"Div", "And", "Concat",
                                              "ScatterND", "ScatterElements"};
    if (node.is("Log"))
      logs.push_back(node);
    if (node.is("Div"))
      divisions.push_back(node);
    if (!node.getDomain() && llvm::is_contained(names, node.getOpType()))
      ofProjections.push_back(node);
  });
  for (NodeOp division : divisions)
    raiseProjection(division, ofProjections, report);
  for (NodeOp log : logs)
    raiseInverseSigmoid(log, report);
}
