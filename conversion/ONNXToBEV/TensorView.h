// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors as strided views of other tensors, whatever chain of reshapes,
// transposes, slices, splits and broadcasts lies between.

#ifndef BEV_CONVERSION_ONNXTOBEV_TENSORVIEW_H
#define BEV_CONVERSION_ONNXTOBEV_TENSORVIEW_H

#include "bev/Dialect/ONNX/IR/ONNX.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <optional>

namespace mlir::bev::onnx_to_bev {

/// A loop over elements of one dimension of the base.
struct Factor {
  static constexpr int kBroadcast = -1;

  /// The number of steps; dynamic at most where it is all of a dimension.
  int64_t extent;
  /// The dimension of the base that it steps through; `kBroadcast` where every
  /// step reads the same.
  int dim;
  /// The step in elements of that dimension.
  int64_t stride;

  bool isBroadcast() const { return dim == kBroadcast; }
  bool operator==(const Factor &other) const {
    return extent == other.extent && dim == other.dim && stride == other.stride;
  }
};

/// The factors of one dimension of a view, the slowest first. None where its
/// size is 1.
using Factors = SmallVector<Factor, 2>;

/// A tensor that reads `base` at, for each dimension d of it,
/// offsets[d] + sum over the factors of d of index * stride.
///
/// Factors of extent 1 do not exist and neighbours that together step evenly
/// are one, so that two views of one base are the same if and only if they are
/// equal.
class TensorView {
public:
  Value base;
  SmallVector<int64_t> offsets;
  SmallVector<Factors> dims;

  /// The base as it is. Its type must be ranked.
  explicit TensorView(Value base);

  /// The sizes of the view, dynamic where not known.
  SmallVector<int64_t> getShape() const;
  /// The number of elements of one dimension, dynamic where not known.
  int64_t getSize(unsigned dim) const;

  // Each returns false, and leaves the view as it was, where the result is no
  // view of this kind or the arguments do not fit.
  bool reshape(ArrayRef<int64_t> shape);
  bool transpose(ArrayRef<int64_t> permutation);
  bool slice(unsigned dim, int64_t start, int64_t count, int64_t step = 1);
  /// As ONNX's Expand and broadcasting do; `shape` is the result's.
  bool broadcast(ArrayRef<int64_t> shape);
  /// Repeats a dimension as a whole, as ONNX's Tile does.
  void repeat(unsigned dim, int64_t count);

  /// The place in the base of an element, given its index in each dimension.
  SmallVector<int64_t> locate(ArrayRef<int64_t> index) const;

  /// Creates ONNX nodes (Reshape, Slice, Transpose, Expand) that compute the
  /// view from its base; none where it is the base. Null where that takes more
  /// than one dynamic size in a Reshape.
  Value materialize(ImplicitLocOpBuilder &b) const;

  /// What the view reads of `inner`, the tensor that its base stands for;
  /// nothing where that is no view.
  std::optional<TensorView> composeWith(const TensorView &inner) const;

  bool operator==(const TensorView &other) const {
    return base == other.base && offsets == other.offsets && dims == other.dims;
  }
};

/// `view` by the places of the base of `index`, a view of the same shape: the
/// result has the shape of that base. Nothing where `index` does not read each
/// element of its base once.
std::optional<TensorView> reindex(const TensorView &view,
                                  const TensorView &index,
                                  ArrayRef<int64_t> baseShape);

/// The views one after the other in a new first dimension; nothing where that
/// is no view.
std::optional<TensorView> stack(ArrayRef<TensorView> views);

/// Picks the operand through which a trace goes on from the result of an op
/// that works element by element; null where it ends.
using Passage = llvm::function_ref<Value(onnx::NodeOp)>;

/// `value` as a view of the tensor farthest up that it is a view of, passing by
/// what elementwise ops compute. `passed` gets the ops that were passed between
/// the base and `value`, the nearest to `value` first.
TensorView trace(Value value, Passage passage = nullptr,
                 SmallVectorImpl<onnx::NodeOp> *passed = nullptr);

/// Creates a Reshape to sizes of which one at most is dynamic; null otherwise.
Value createReshape(ImplicitLocOpBuilder &b, Value value,
                    ArrayRef<int64_t> shape);
/// Creates a node of ONNX's own domain with a result of that type.
Value createNode(ImplicitLocOpBuilder &b, StringRef opType, ValueRange inputs,
                 Type resultType, ArrayRef<NamedAttribute> attributes = {});
Value createIntegers(ImplicitLocOpBuilder &b, ArrayRef<int64_t> values);

} // namespace mlir::bev::onnx_to_bev

#endif // BEV_CONVERSION_ONNXTOBEV_TENSORVIEW_H
