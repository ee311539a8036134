// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Clamps.h"

#include "Raising.h"

#include <limits>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One clamp, if the node is one.
static std::optional<Clamped> matchClamp(NodeOp node) {
  if (node.is("Clip")) {
    auto bound = [&](unsigned index, StringRef attribute, double otherwise) {
      if (Value input = node.input(index))
        return getSplat(input);
      auto number = dyn_cast_if_present<FloatAttr>(node.attr(attribute));
      return std::optional(number ? number.getValueAsDouble() : otherwise);
    };
    std::optional<double> low = bound(1, "min", -kInfinity),
                          high = bound(2, "max", kInfinity);
    if (!low || !high)
      return std::nullopt;
    return Clamped{node.getInputs().front(), *low, *high};
  }
  bool isMax = node.is("Max");
  if (isMax || node.is("Min")) {
    if (node.getNumOperands() != 2)
      return std::nullopt;
    for (unsigned index : {0u, 1u})
      if (std::optional<double> bound = getSplat(node.getOperand(index)))
        return Clamped{node.getOperand(1 - index), isMax ? *bound : -kInfinity,
                       isMax ? kInfinity : *bound};
    return std::nullopt;
  }
  if (!node.is("Where"))
    return std::nullopt;
  // x < bound ? bound : x, and the same for a greater one.
  auto compare = node.getOperand(0).getDefiningOp<NodeOp>();
  Value inner = node.getOperand(2);
  std::optional<double> bound = getSplat(node.getOperand(1));
  if (!compare || !bound || compare.getNumOperands() != 2 ||
      compare.getOperand(0) != inner || !isSplat(compare.getOperand(1), *bound))
    return std::nullopt;
  if (compare.is("Less") || compare.is("LessOrEqual"))
    return Clamped{inner, *bound, kInfinity};
  if (compare.is("Greater") || compare.is("GreaterOrEqual"))
    return Clamped{inner, -kInfinity, *bound};
  return std::nullopt;
}

Clamped mlir::bev::onnx_to_bev::matchClamps(Value value) {
  Clamped result = {value, -kInfinity, kInfinity};
  while (auto node = result.inner.getDefiningOp<NodeOp>()) {
    std::optional<Clamped> clamp = matchClamp(node);
    // The bounds must not be what gives the result its shape.
    if (!clamp || clamp->inner.getType() != result.inner.getType() ||
        clamp->low > clamp->high)
      break;
    auto bound = [&](double number) {
      return std::min(std::max(number, result.low), result.high);
    };
    result = {clamp->inner, bound(clamp->low), bound(clamp->high)};
  }
  return result;
}
