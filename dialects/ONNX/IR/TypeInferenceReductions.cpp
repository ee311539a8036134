// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of operators that combine the elements along axes.

#include "InferenceTable.h"

#include <numeric>

using namespace mlir;
using namespace mlir::bev::onnx;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

static LogicalResult inferReduce(Inference &i) {
  auto input = i.shape(0);
  bool keep = i.node.intAttr("keepdims", 1) != 0;
  if (!input) {
    i.set(0, i.element(0), std::nullopt);
    return success();
  }
  int64_t rank = input->size();
  auto axes = i.list("axes", 1);
  bool unknown =
      i.has(1) && (!axes || llvm::any_of(*axes, ShapedType::isDynamic));
  if (unknown) {
    std::optional<Shape> shape;
    if (keep)
      shape = Shape(rank, kDynamic);
    else if (axes && int64_t(axes->size()) <= rank && !axes->empty())
      shape = Shape(rank - axes->size(), kDynamic);
    i.set(0, i.element(0), shape);
    return success();
  }
  if (!axes || axes->empty()) {
    if (i.node.intAttr("noop_with_empty_axes", 0) != 0)
      return i.same(0, 0);
    axes.emplace(rank);
    std::iota(axes->begin(), axes->end(), 0);
  }
  auto normal = normalizeAxes(*axes, rank);
  if (!normal)
    return i.error() << "expected distinct axes within [-" << rank << ", "
                     << rank << "), but got " << toString(*axes);
  Shape shape;
  for (auto [index, size] : llvm::enumerate(*input)) {
    if (!llvm::is_contained(*normal, int64_t(index)))
      shape.push_back(size);
    else if (keep)
      shape.push_back(1);
  }
  i.set(0, i.element(0), shape);
  return success();
}

static LogicalResult inferArg(Inference &i) {
  auto shape = i.shape(0);
  if (shape) {
    auto axis = i.axis(i.node.intAttr("axis", 0), shape->size());
    if (failed(axis))
      return failure();
    if (i.node.intAttr("keepdims", 1) != 0)
      (*shape)[*axis] = 1;
    else
      shape->erase(shape->begin() + *axis);
  }
  i.set(0, i.i64(), shape);
  return success();
}

static LogicalResult inferAlongAxis(Inference &i) {
  auto rank = i.rank(0);
  int64_t otherwise = i.version() >= 13 ? -1 : 1;
  if (rank && *rank > 0 &&
      failed(i.axis(i.node.intAttr("axis", otherwise), *rank)))
    return failure();
  return i.same(0, 0);
}

static LogicalResult inferCumulative(Inference &i) { return i.same(0, 0); }

/// Losses of scores (batch, classes, ...) and targets (batch, ...).
static LogicalResult inferLoss(Inference &i) {
  bool isReduced = i.node.stringAttr("reduction", "mean") != "none";
  i.set(0, i.element(0),
        isReduced ? std::optional<Shape>(Shape()) : i.shape(1));
  i.set(1, i.element(0), i.shape(0));
  return success();
}

void mlir::bev::onnx::addReductionInferences(InferenceTable &table) {
  for (StringRef name : {"ReduceSum", "ReduceMean", "ReduceProd", "ReduceMax",
                         "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare",
                         "ReduceLogSum", "ReduceLogSumExp"})
    table[name] = {inferReduce, 1};
  table["ArgMax"] = {inferArg, 1};
  table["ArgMin"] = {inferArg, 1};
  table["NegativeLogLikelihoodLoss"] = {inferLoss, 2};
  table["SoftmaxCrossEntropyLoss"] = {inferLoss, 2, 2};
  for (StringRef name : {"Softmax", "LogSoftmax", "Hardmax"})
    table[name] = {inferAlongAxis, 1};
  table["CumSum"] = {inferCumulative, 2};
  table["CumProd"] = {inferCumulative, 2};
}
