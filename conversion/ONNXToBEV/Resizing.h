// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computing a tensor again with other sizes: linear layers that run on copies
// of their input, or on a selection of its rows, run on the input itself.

#ifndef BEV_CONVERSION_ONNXTOBEV_RESIZING_H
#define BEV_CONVERSION_ONNXTOBEV_RESIZING_H

#include "TensorView.h"

namespace mlir::bev::onnx_to_bev {

/// A part of a dimension: its size, and the size that it is to have.
struct Digit {
  int64_t extent;
  int64_t newExtent;
  /// Whether the part changes, be it to the same size.
  bool isResized = false;

  bool operator==(const Digit &other) const {
    return extent == other.extent && newExtent == other.newExtent &&
           isResized == other.isResized;
  }
};

/// The parts of each dimension of a tensor, the slowest first. A dimension of
/// size 1 has none.
using Layout = SmallVector<SmallVector<Digit, 2>>;

/// A layout that leaves a tensor of that shape as it is.
Layout keepLayout(ArrayRef<int64_t> shape);
/// The shape that a tensor gets.
SmallVector<int64_t> getNewShape(const Layout &layout);

/// Follows computations that work on each index of the resized parts by itself
/// (elementwise ops, matrix products with weights, softmax over other
/// dimensions) and every movement of elements, up to where the resized parts
/// begin to be: a broadcast, whose copies become `newExtent` ones, or what
/// `Leaf` knows. Then creates the computations anew.
class Resizing {
public:
  /// Gives the resized tensor for one whose resized parts begin here; null for
  /// all others.
  using Leaf = llvm::function_ref<Value(Value, const Layout &)>;

  explicit Resizing(ImplicitLocOpBuilder &b, Leaf leaf = nullptr)
      : b(b), leaf(leaf) {}

  /// The resized tensor; null where some computation is none of those above.
  Value resize(Value value, const Layout &layout);

private:
  Value resizeNode(Value value, const Layout &layout);
  Value resizeView(const TensorView &view, const Layout &layout);
  Value resizeElementwise(onnx::NodeOp node, const Layout &layout);
  Value resizeProduct(onnx::NodeOp node, const Layout &layout);
  Value resizeGemm(onnx::NodeOp node, const Layout &layout);
  Value resizeAlongAxes(onnx::NodeOp node, int64_t firstAxis, int64_t endAxis,
                        const Layout &layout);
  Value resizeConcat(onnx::NodeOp node, const Layout &layout);
  Value resizeConstant(Value value, const Layout &layout);
  Value resizeOperand(Value operand, const Layout &layout);
  Value recreate(onnx::NodeOp node, ArrayRef<Value> operands,
                 const Layout &layout);

  ImplicitLocOpBuilder &b;
  Leaf leaf;
  struct Known {
    Value value;
    Layout layout;
    Value resized;
  };
  std::vector<Known> known;
  unsigned depth = 0;
};

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_RESIZING_H
