// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The vocabulary of the verifiers: each check names the operand, the dimension,
// and expected against actual.

#ifndef BEV_DIALECTS_BEV_IR_VERIFIERS_H
#define BEV_DIALECTS_BEV_IR_VERIFIERS_H

#include "bev/Dialect/BEV/IR/BEV.h"

namespace mlir::bev::detail {

/// An operand under the name its op declares it with.
struct NamedShape {
  NamedShape(StringRef name, Value value)
      : name(name), type(cast<ShapedType>(value.getType())) {}
  int64_t dim(int64_t i) const { return type.getDimSize(i); }

  StringRef name;
  ShapedType type;
};

/// One dimension of one operand.
struct NamedDim {
  const NamedShape &shape;
  int64_t index;
  int64_t size() const { return shape.dim(index); }
};

/// All operands are tensors, or all are memrefs.
LogicalResult verifyUniformContainers(Operation *op);

/// `shape` has rank `rank`.
LogicalResult verifyRank(Operation *op, const NamedShape &shape, int64_t rank);

/// The dimension is `expected`, which is `what` in words, where both are
/// static.
LogicalResult verifyDim(Operation *op, NamedDim dim, int64_t expected,
                        const Twine &what);

/// All dimensions that are static agree with the first that is.
LogicalResult verifySameDims(Operation *op, StringRef what,
                             ArrayRef<NamedDim> dims);

/// The dimension is static and at least 1.
LogicalResult verifyStaticDim(Operation *op, NamedDim dim, StringRef what);

/// `shape` has the element type of `other`.
LogicalResult verifySameElementType(Operation *op, const NamedShape &shape,
                                    const NamedShape &other);

/// What 32-bit position arithmetic can count: the most cells of a map, and the
/// most positions of all levels.
constexpr int64_t kMaxPositions = std::numeric_limits<int32_t>::max();
/// Points are unrolled when an op is lowered.
constexpr int64_t kMaxPoints = 1024;

/// The sum of H * W over the levels that are static; failure where a size is
/// not between 1 and kMaxPositions or the sum is above it.
FailureOr<int64_t> countStaticPositions(ArrayRef<int64_t> staticLevels);

/// The product of the dimensions, all static and at least 1, is at most
/// kMaxPoints.
LogicalResult verifyPoints(Operation *op, ArrayRef<NamedDim> dims);

/// The cells of a map, `height` times `width`, are between 1 and kMaxPositions,
/// where static.
LogicalResult verifyMap(Operation *op, NamedDim height, NamedDim width);

/// The level shapes are well formed, and dimension `dim` of value is the sum of
/// H * W where all of these are static.
LogicalResult verifyLevels(Operation *op, ArrayRef<int64_t> staticLevels,
                           size_t numDynamic, NamedDim dim);

/// The reference points of a deformable attention with `points` points are what
/// their kind says.
LogicalResult verifyReference(Operation *op, ReferenceKind kind,
                              AnchorOrder order, int64_t numLevels,
                              int64_t points, const NamedShape &reference);

/// `schedule`, if there is one, can be obeyed: its lanes divide the channel
/// dimension of the init, into a team that can share where it asks for that.
LogicalResult verifySchedule(Operation *op,
                             std::optional<ScheduleAttr> schedule,
                             NamedDim channels);

} // namespace mlir::bev::detail

#endif // BEV_DIALECTS_BEV_IR_VERIFIERS_H
