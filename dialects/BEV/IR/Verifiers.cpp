// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Verifiers.h"
#include "bev/Dialect/BEV/IR/Formulas.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

LogicalResult mlir::bev::detail::verifyUniformContainers(Operation *op) {
  bool anyTensor = false, anyMemRef = false;
  for (Type type : op->getOperandTypes()) {
    anyTensor |= isa<RankedTensorType>(type);
    anyMemRef |= isa<MemRefType>(type);
  }
  if (anyTensor && anyMemRef)
    return op->emitOpError(
        "expected all operands to be tensors or all to be memrefs, but got a "
        "mix");
  return success();
}

LogicalResult mlir::bev::detail::verifyRank(Operation *op,
                                            const NamedShape &shape,
                                            int64_t rank) {
  if (shape.type.getRank() == rank)
    return success();
  return op->emitOpError() << "expected '" << shape.name << "' to have rank "
                           << rank << ", but got " << shape.type.getRank();
}

LogicalResult mlir::bev::detail::verifyDim(Operation *op, NamedDim dim,
                                           int64_t expected,
                                           const Twine &what) {
  if (ShapedType::isDynamic(dim.size()) || ShapedType::isDynamic(expected) ||
      dim.size() == expected)
    return success();
  return op->emitOpError() << "expected '" << dim.shape.name << "' dim "
                           << dim.index << " to equal " << what << " ("
                           << expected << "), but got " << dim.size();
}

LogicalResult mlir::bev::detail::verifySameDims(Operation *op, StringRef what,
                                                ArrayRef<NamedDim> dims) {
  const NamedDim *first = nullptr;
  for (const NamedDim &dim : dims) {
    if (ShapedType::isDynamic(dim.size()))
      continue;
    if (!first) {
      first = &dim;
      continue;
    }
    if (failed(verifyDim(op, dim, first->size(),
                         Twine(what) + " of '" + first->shape.name + "'")))
      return failure();
  }
  return success();
}

LogicalResult mlir::bev::detail::verifyStaticDim(Operation *op, NamedDim dim,
                                                 StringRef what) {
  if (!ShapedType::isDynamic(dim.size()) && dim.size() > 0)
    return success();
  InFlightDiagnostic diag = op->emitOpError()
                            << "expected '" << dim.shape.name << "' dim "
                            << dim.index << ", " << what
                            << ", to be static and at least 1, but got ";
  if (ShapedType::isDynamic(dim.size()))
    return diag << "a dynamic size";
  return diag << dim.size();
}

LogicalResult mlir::bev::detail::verifyPoints(Operation *op,
                                              ArrayRef<NamedDim> dims) {
  int64_t points = 1;
  for (const NamedDim &dim : dims) {
    if (dim.size() > kMaxPoints / points)
      return op->emitOpError()
             << "expected at most " << kMaxPoints
             << " points per query and head, but got more in '"
             << dim.shape.name << "'";
    points *= dim.size();
  }
  return success();
}

LogicalResult mlir::bev::detail::verifyMap(Operation *op, NamedDim height,
                                           NamedDim width) {
  int64_t cells = 1;
  for (const NamedDim &dim : {height, width}) {
    if (ShapedType::isDynamic(dim.size()))
      continue;
    if (dim.size() < 1 || dim.size() > kMaxPositions / cells)
      return op->emitOpError() << "expected '" << dim.shape.name
                               << "' to be a map of between 1 and "
                               << kMaxPositions << " cells, but got size "
                               << dim.size() << " in dim " << dim.index;
    cells *= dim.size();
  }
  return success();
}

LogicalResult
mlir::bev::detail::verifySameElementType(Operation *op, const NamedShape &shape,
                                         const NamedShape &other) {
  if (shape.type.getElementType() == other.type.getElementType())
    return success();
  return op->emitOpError() << "expected '" << shape.name
                           << "' to have the element type of '" << other.name
                           << "' (" << other.type.getElementType()
                           << "), but got " << shape.type.getElementType();
}

FailureOr<int64_t>
mlir::bev::detail::countStaticPositions(ArrayRef<int64_t> staticLevels) {
  int64_t positions = 0;
  for (size_t i = 0; i + 1 < staticLevels.size(); i += 2) {
    int64_t cells = 1;
    for (int64_t size : staticLevels.slice(i, 2)) {
      if (ShapedType::isDynamic(size)) {
        cells = 0;
        continue;
      }
      if (size < 1 || size > kMaxPositions)
        return failure();
      // At most (2^31 - 1)^2.
      cells *= size;
    }
    if (cells > kMaxPositions - positions)
      return failure();
    positions += cells;
  }
  return positions;
}

LogicalResult mlir::bev::detail::verifyLevels(Operation *op,
                                              ArrayRef<int64_t> staticLevels,
                                              size_t numDynamic, NamedDim dim) {
  if (staticLevels.empty() || staticLevels.size() % 2 != 0)
    return op->emitOpError() << "expected 'levels' to hold (H, W) pairs of at "
                                "least one level, but got "
                             << staticLevels.size() << " sizes";
  size_t sentinels = llvm::count(staticLevels, ShapedType::kDynamic);
  if (sentinels != numDynamic)
    return op->emitOpError()
           << "expected one 'levels' operand per dynamic level size ("
           << sentinels << "), but got " << numDynamic;
  for (auto [i, size] : llvm::enumerate(staticLevels))
    if (!ShapedType::isDynamic(size) && (size < 1 || size > kMaxPositions))
      return op->emitOpError()
             << "expected level sizes between 1 and " << kMaxPositions
             << ", but got " << size << " in level " << i / 2;
  FailureOr<int64_t> positions = countStaticPositions(staticLevels);
  if (failed(positions))
    return op->emitOpError() << "expected the levels to hold at most "
                             << kMaxPositions << " positions";
  if (!ShapedType::isDynamic(dim.size()) && dim.size() > kMaxPositions)
    return op->emitOpError() << "expected '" << dim.shape.name << "' dim "
                             << dim.index << " to be at most " << kMaxPositions
                             << " positions, but got " << dim.size();
  if (sentinels != 0)
    return success();
  return verifyDim(op, dim, *positions, "the sum of H * W over the levels");
}

LogicalResult mlir::bev::detail::verifySchedule(
    Operation *op, std::optional<ScheduleAttr> schedule, NamedDim channels) {
  if (!schedule || ShapedType::isDynamic(channels.size()))
    return success();
  if (channels.size() % schedule->getLanes() != 0)
    return op->emitOpError()
           << "expected schedule lanes to divide the channels ("
           << channels.size() << "), but got " << schedule->getLanes();
  if (schedule->getPacked()) {
    Type element = channels.shape.type.getElementType();
    if (!element.isF16())
      return op->emitOpError()
             << "expected f16 values for a schedule that is packed, but got "
             << element;
  }
  if (schedule->getRows() != 0 &&
      !isa<VoxelPoolOp, IntervalPoolOp, SegmentPoolOp>(op))
    return op->emitOpError()
           << "has no rows of points that its schedule could share";
  bool isOrdered = schedule->getHeads() != 0 || schedule->getWidth() != 0;
  if (!isAttention(op)) {
    if (isOrdered || schedule->getShare())
      return op->emitOpError() << "has no heads and queries whose schedule "
                                  "could say 'share', 'heads' or 'width'";
    return success();
  }
  const int64_t heads = channels.shape.dim(2);
  // A tile of one head has nothing to number.
  if (schedule->getHeads() != 0 && heads != 1 &&
      heads % schedule->getHeads() != 0)
    return op->emitOpError()
           << "expected the 'heads' of the schedule to divide the heads ("
           << heads << "), but got " << schedule->getHeads();
  if (!schedule->getShare())
    return success();
  int64_t team = channels.size() / schedule->getLanes();
  if (!llvm::isPowerOf2_64(team) || team > ScheduleAttr::kMaxTeam ||
      schedule->getThreads() % team != 0)
    return op->emitOpError()
           << "expected a schedule that shares to split the channels into a "
              "power of two up to "
           << ScheduleAttr::kMaxTeam << " that divides its threads ("
           << schedule->getThreads() << "), but got " << channels.size()
           << " channels in parts of " << schedule->getLanes();
  return success();
}
