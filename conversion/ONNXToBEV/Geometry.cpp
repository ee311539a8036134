// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Geometry.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

bool mlir::bev::onnx_to_bev::replaceByView(Value value, const TensorView &view,
                                           ImplicitLocOpBuilder &b) {
  Value replacement = view.materialize(b);
  if (!replacement)
    return false;
  // From the value down to where it is used for more than moving it.
  SmallVector<std::pair<Value, TensorView>> pending = {{value, view}};
  while (!pending.empty()) {
    auto [moved, own] = pending.pop_back_val();
    bool isUsed = false;
    for (Operation *user : moved.getUsers()) {
      auto node = dyn_cast<NodeOp>(user);
      std::optional<TensorView> next;
      if (node && node.getOutputs().size() == 1 &&
          isa<RankedTensorType>(node.getOutputs()[0].getType())) {
        TensorView traced = trace(node.getOutputs()[0]);
        if (traced.base == value)
          next = traced.composeWith(view);
      }
      if (next)
        pending.push_back({node.getOutputs()[0], std::move(*next)});
      else
        isUsed = true;
    }
    if (moved == value || !isUsed)
      continue;
    if (Value direct = own.materialize(b))
      moved.replaceAllUsesWith(direct);
  }
  value.replaceAllUsesWith(replacement);
  return true;
}

void mlir::bev::onnx_to_bev::raiseGeometry(func::FuncOp function,
                                           RaiseReport &report) {
  SmallVector<NodeOp> logs, divisions, ofProjections, cosines, sines, concats,
      samplings;
  function.walk([&](NodeOp node) {
    static constexpr StringLiteral names[] = {"Div", "And", "Concat",
                                              "ScatterND", "ScatterElements"};
    if (node.is("Log"))
      logs.push_back(node);
    if (node.is("Div"))
      divisions.push_back(node);
    if (node.is("Cos"))
      cosines.push_back(node);
    if (node.is("Sin"))
      sines.push_back(node);
    if (node.is("Concat"))
      concats.push_back(node);
    if (node.is("GridSample") || node.is("Where"))
      samplings.push_back(node);
    if (!node.getDomain() && llvm::is_contained(names, node.getOpType()))
      ofProjections.push_back(node);
  });
  for (NodeOp division : divisions)
    raiseProjection(division, ofProjections, report);
  for (NodeOp cosine : cosines)
    raiseEgoShift(cosine, sines, concats, report);
  for (NodeOp sampling : samplings)
    raiseWarp(sampling, report);
  for (NodeOp log : logs)
    raiseInverseSigmoid(log, report);
  // Last: the others look for constants.
  raiseReferenceGrids(function, report);
}
