// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of normalizations.

#include "InferenceTable.h"

using namespace mlir;
using namespace mlir::bev::onnx;

static LogicalResult inferSame(Inference &i) { return i.same(0, 0); }

static LogicalResult inferBatchNormalization(Inference &i) {
  auto input = i.shape(0);
  for (unsigned index = 1; index < 5; ++index) {
    auto shape = i.shape(index);
    if (!input || input->size() < 2 || !shape)
      continue;
    if (shape->size() != 1 ||
        ((*input)[1] != shape->front() && !ShapedType::isDynamic((*input)[1]) &&
         !ShapedType::isDynamic(shape->front())))
      return i.error() << "expected input " << index << " to have one element "
                       << "per channel (" << toString({(*input)[1]})
                       << "), but got " << toString(*shape);
  }
  for (unsigned index = 1; index < i.numResults(); ++index)
    i.set(index, i.element(3), i.shape(3));
  return i.same(0, 0);
}

static LogicalResult inferLayerNormalization(Inference &i) {
  auto shape = i.shape(0);
  if (shape) {
    auto axis = i.axis(i.node.intAttr("axis", -1), shape->size());
    if (failed(axis))
      return failure();
    for (size_t dim = *axis; dim < shape->size(); ++dim)
      (*shape)[dim] = 1;
  }
  Type stash = getTypeOfNumber(i.context(), i.node.intAttr("stash_type", 1));
  i.set(1, stash, shape);
  i.set(2, stash, shape);
  return i.same(0, 0);
}

void mlir::bev::onnx::addNormalizationInferences(InferenceTable &table) {
  table["BatchNormalization"] = {inferBatchNormalization, 5, 5};
  table["LayerNormalization"] = {inferLayerNormalization, 2, 3};
  table["InstanceNormalization"] = {inferSame, 3};
  table["GroupNormalization"] = {inferSame, 3};
  table["RMSNormalization"] = {inferSame, 2};
  for (StringRef name : {"LRN", "LpNormalization", "MeanVarianceNormalization"})
    table[name] = {inferSame, 1};
}
