// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of the operators between floats and quantized integers.

#include "InferenceTable.h"

using namespace mlir;
using namespace mlir::bev::onnx;

static LogicalResult inferQuantizeLinear(Inference &i) {
  Type type = getTypeOfNumber(i.context(), i.node.intAttr("output_dtype", 0));
  if (i.has(2))
    type = i.element(2);
  else if (!type)
    type = IntegerType::get(i.context(), 8, IntegerType::Unsigned);
  i.set(0, type, i.shape(0));
  return success();
}

static LogicalResult inferDequantizeLinear(Inference &i) {
  Type type = getTypeOfNumber(i.context(), i.node.intAttr("output_dtype", 0));
  i.set(0, type ? type : i.element(1), i.shape(0));
  return success();
}

static LogicalResult inferDynamicQuantizeLinear(Inference &i) {
  Type ui8 = IntegerType::get(i.context(), 8, IntegerType::Unsigned);
  i.set(0, ui8, i.shape(0));
  i.set(1, i.f32(), Shape{});
  i.set(2, ui8, Shape{});
  return success();
}

void mlir::bev::onnx::addQuantizationInferences(InferenceTable &table) {
  table["QuantizeLinear"] = {inferQuantizeLinear, 2};
  table["DequantizeLinear"] = {inferDequantizeLinear, 2};
  table["DynamicQuantizeLinear"] = {inferDynamicQuantizeLinear, 1, 3};
}
