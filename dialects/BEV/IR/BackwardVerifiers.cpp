// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constraints of the gradients of the attention ops; the names msdab_c1 ... are
// those of the op documentation.

#include "Verifiers.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

/// Dimension `i` of all `shapes` is the same, and static where `isStatic`.
static LogicalResult verifyDims(Operation *op, int64_t i, StringRef what,
                                ArrayRef<const NamedShape *> shapes,
                                bool isStatic = false) {
  SmallVector<NamedDim> dims;
  for (const NamedShape *shape : shapes)
    dims.push_back({*shape, i});
  if (isStatic)
    for (const NamedDim &dim : dims)
      if (failed(verifyStaticDim(op, dim, what)))
        return failure();
  return verifySameDims(op, what, dims);
}

static LogicalResult verifyRanks(Operation *op, int64_t rank,
                                 ArrayRef<const NamedShape *> shapes) {
  for (const NamedShape *shape : shapes)
    if (failed(verifyRank(op, *shape, rank)))
      return failure();
  return success();
}

/// The schedule, if there is one, divides the channels among a team.
static LogicalResult
verifyBackwardSchedule(Operation *op, std::optional<ScheduleAttr> schedule,
                       NamedDim channels) {
  if (!schedule)
    return success();
  if (channels.size() % schedule->getLanes() != 0)
    return op->emitOpError()
           << "expected schedule lanes to divide the channels ("
           << channels.size() << "), but got " << schedule->getLanes();
  if (schedule->getPacked() || schedule->getRows() != 0 ||
      schedule->getHeads() != 0 || schedule->getWidth() != 0)
    return op->emitOpError("has no heads, rows or packed arithmetic that its "
                           "schedule could ask for");
  return success();
}

/// All samples of a batch row can be counted, where their number is known.
static LogicalResult verifySamples(Operation *op, const NamedShape &offsets) {
  int64_t samples = 1;
  for (int64_t dim = 1; dim < 5; ++dim) {
    int64_t size = offsets.dim(dim);
    if (ShapedType::isDynamic(size) || size == 0)
      continue;
    if (size > kMaxPositions / samples)
      return op->emitOpError() << "expected at most " << kMaxPositions
                               << " samples per batch row, but got more in '"
                               << offsets.name << "'";
    samples *= size;
  }
  return success();
}

/// grad_value is as precise as its sums, or as value.
static LogicalResult verifyGradValueType(Operation *op,
                                         const NamedShape &gradValue,
                                         const NamedShape &value) {
  Type type = gradValue.type.getElementType();
  if (type.isF32() || type == value.type.getElementType())
    return success();
  return op->emitOpError() << "expected '" << gradValue.name
                           << "' to have element type 'f32' or that of '"
                           << value.name << "' (" << value.type.getElementType()
                           << "), but got " << type;
}

LogicalResult MSDeformAttnBackwardOp::verify() {
  Operation *op = getOperation();
  NamedShape value("value", getValue()), locations("locations", getLocations()),
      weights("weights", getWeights()), gradOut("grad_out", getGradOut()),
      gradValue("grad_value", getGradValue()),
      gradLocations("grad_locations", getGradLocations()),
      gradWeights("grad_weights", getGradWeights());
  if (failed(verifyUniformContainers(op)) ||
      // msdab_c1
      failed(verifyRanks(op, 4, {&value, &gradOut, &gradValue})) ||
      failed(verifyRanks(op, 6, {&locations, &gradLocations})) ||
      failed(verifyRanks(op, 5, {&weights, &gradWeights})) ||
      // msdab_c2
      failed(verifyDims(op, 0, "the batch (B)",
                        {&value, &locations, &weights, &gradOut, &gradValue,
                         &gradLocations, &gradWeights})) ||
      failed(verifyDims(
          op, 1, "the queries (Q)",
          {&locations, &weights, &gradOut, &gradLocations, &gradWeights})) ||
      failed(verifyDims(op, 1, "the positions (S)", {&value, &gradValue})) ||
      // msdab_c2, msdab_c6
      failed(verifyDims(op, 2, "the heads (M)",
                        {&value, &locations, &weights, &gradOut, &gradValue,
                         &gradLocations, &gradWeights},
                        /*isStatic=*/true)) ||
      failed(verifyDims(op, 3, "the channels (D)",
                        {&value, &gradOut, &gradValue}, /*isStatic=*/true)) ||
      failed(verifyDims(op, 3, "the levels (L)",
                        {&locations, &weights, &gradLocations, &gradWeights},
                        /*isStatic=*/true)) ||
      failed(verifyDims(op, 4, "the points (P)",
                        {&locations, &weights, &gradLocations, &gradWeights},
                        /*isStatic=*/true)) ||
      failed(verifyDims(op, 5, "the coordinates", {&locations, &gradLocations},
                        /*isStatic=*/true)) ||
      // msdab_c3
      failed(verifyDim(op, {locations, 3}, getNumLevels(),
                       "the number of levels")) ||
      // msdab_c4
      failed(verifyDim(op, {locations, 5}, 2, "the coordinates (x, y)")) ||
      // msdab_c5
      failed(verifyLevels(op, getStaticLevels(), getLevels().size(),
                          {value, getPositionDim()})) ||
      // msdab_c9
      failed(verifyPoints(op, {{locations, 3}, {locations, 4}})) ||
      // msdab_c10
      failed(verifySamples(op, locations)) ||
      // msdab_c7
      failed(verifySameElementType(op, gradOut, value)) ||
      failed(verifyGradValueType(op, gradValue, value)) ||
      failed(verifySameElementType(op, gradWeights, weights)))
    return failure();
  // msdab_c8
  return verifyBackwardSchedule(op, getSchedule(), {value, 3});
}

LogicalResult DeformableAttentionBackwardOp::verify() {
  Operation *op = getOperation();
  NamedShape value("value", getValue()), reference("reference", getReference()),
      offsets("offsets", getOffsets()), logits("logits", getLogits()),
      gradOut("grad_out", getGradOut()),
      gradValue("grad_value", getGradValue()),
      gradOffsets("grad_offsets", getGradOffsets()),
      gradLogits("grad_logits", getGradLogits());
  if (failed(verifyUniformContainers(op)) ||
      // dab_c1
      failed(verifyRanks(
          op, 4,
          {&value, &reference, &logits, &gradOut, &gradValue, &gradLogits})) ||
      failed(verifyRanks(op, 6, {&offsets, &gradOffsets})) ||
      // dab_c2
      failed(verifyDims(op, 0, "the batch (B)",
                        {&value, &reference, &offsets, &logits, &gradOut,
                         &gradValue, &gradOffsets, &gradLogits})) ||
      failed(verifyDims(op, 1, "the queries (Q)",
                        {&reference, &offsets, &logits, &gradOut, &gradOffsets,
                         &gradLogits})) ||
      failed(verifyDims(op, 1, "the positions (S)", {&value, &gradValue})) ||
      // dab_c2, dab_c9
      failed(verifyDims(op, 2, "the heads (M)",
                        {&value, &offsets, &logits, &gradOut, &gradValue,
                         &gradOffsets, &gradLogits},
                        /*isStatic=*/true)) ||
      failed(verifyDims(op, 3, "the channels (D)",
                        {&value, &gradOut, &gradValue}, /*isStatic=*/true)) ||
      failed(verifyDims(op, 3, "the levels (L)", {&offsets, &gradOffsets},
                        /*isStatic=*/true)) ||
      failed(verifyDims(op, 4, "the points (P)", {&offsets, &gradOffsets},
                        /*isStatic=*/true)) ||
      failed(verifyDims(op, 5, "the coordinates", {&offsets, &gradOffsets},
                        /*isStatic=*/true)) ||
      failed(verifyDims(op, 3, "levels times points", {&logits, &gradLogits},
                        /*isStatic=*/true)) ||
      failed(verifyDims(op, 2, "the reference points (R)", {&reference},
                        /*isStatic=*/true)) ||
      failed(verifyDims(op, 3, "the coordinates", {&reference},
                        /*isStatic=*/true)) ||
      // dab_c3
      failed(verifyDim(op, {offsets, 3}, getNumLevels(),
                       "the number of levels")) ||
      // dab_c4
      failed(verifyDim(op, {offsets, 5}, 2, "the coordinates (x, y)")) ||
      // dab_c12
      failed(verifyPoints(op, {{offsets, 3}, {offsets, 4}})) ||
      // dab_c5
      failed(verifyDim(op, {logits, 3}, offsets.dim(3) * offsets.dim(4),
                       "levels times points of 'offsets'")) ||
      // dab_c6, dab_c7
      failed(verifyReference(op, getReferenceKind(), getAnchorOrder(),
                             getNumLevels(), offsets.dim(4), reference)) ||
      // dab_c8
      failed(verifyLevels(op, getStaticLevels(), getLevels().size(),
                          {value, getPositionDim()})) ||
      // dab_c13
      failed(verifySamples(op, offsets)) ||
      // dab_c10
      failed(verifySameElementType(op, gradOut, value)) ||
      failed(verifyGradValueType(op, gradValue, value)) ||
      failed(verifySameElementType(op, gradOffsets, offsets)) ||
      failed(verifySameElementType(op, gradLogits, logits)))
    return failure();
  // dab_c11
  return verifyBackwardSchedule(op, getSchedule(), {value, 3});
}
