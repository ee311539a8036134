// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of recurrent layers.

#include "InferenceTable.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// Outputs Y [length, directions, batch, hidden] and the last states
/// [directions, batch, hidden]; batch first where `layout` is 1.
static LogicalResult inferRecurrent(Inference &i) {
  auto input = i.shape(0), weights = i.shape(2);
  constexpr int64_t kDynamic = ShapedType::kDynamic;
  bool batchFirst = i.node.intAttr("layout", 0) != 0;
  int64_t length = kDynamic, batch = kDynamic;
  if (input) {
    if (input->size() != 3)
      return i.error() << "expected an input of rank 3, but got "
                       << toString(*input);
    length = (*input)[batchFirst];
    batch = (*input)[!batchFirst];
  }
  int64_t directions =
      i.node.stringAttr("direction", "forward") == "bidirectional" ? 2 : 1;
  int64_t hidden = i.node.intAttr("hidden_size", kDynamic);
  if (ShapedType::isDynamic(hidden) && weights && weights->size() == 3)
    hidden = weights->back();
  Type element = i.element(0);
  Shape all{length, directions, batch, hidden};
  Shape last{directions, batch, hidden};
  if (batchFirst) {
    all = {batch, length, directions, hidden};
    last = {batch, directions, hidden};
  }
  i.set(0, element, all);
  i.set(1, element, last);
  i.set(2, element, last);
  return success();
}

void mlir::bev::onnx::addRecurrentInferences(InferenceTable &table) {
  for (StringRef name : {"RNN", "GRU", "LSTM"})
    table[name] = {inferRecurrent, 3, 3};
}
