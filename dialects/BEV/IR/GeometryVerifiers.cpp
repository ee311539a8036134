// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constraints of the geometry, resampling and elementwise ops; the names pp_c1
// ... are those of the op documentation.

#include "Verifiers.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

LogicalResult ProjectPointsOp::verify() {
  Operation *op = getOperation();
  NamedShape points("points", getPoints()), matrix("lidar2img", getLidar2img()),
      size("image_size", getImageSize()), uv("uv", getUv()),
      visible("visible", getVisible());
  if (failed(verifyUniformContainers(op)) ||
      // pp_c1
      failed(verifyRank(op, points, 4)) || failed(verifyRank(op, matrix, 4)) ||
      failed(verifyRank(op, size, 2)) || failed(verifyRank(op, uv, 5)) ||
      failed(verifyRank(op, visible, 4)) ||
      // pp_c2
      failed(
          verifySameDims(op, "the batch (B)",
                         {{points, 0}, {matrix, 0}, {uv, 0}, {visible, 0}})) ||
      failed(verifySameDims(op, "the cameras (N)",
                            {{matrix, 1}, {size, 0}, {uv, 1}, {visible, 1}})) ||
      failed(verifySameDims(op, "the queries (Q)",
                            {{points, 1}, {uv, 2}, {visible, 2}})) ||
      failed(verifySameDims(op, "the anchors (Z)",
                            {{points, 2}, {uv, 3}, {visible, 3}})) ||
      // pp_c5
      failed(verifyStaticDim(op, {points, 2}, "the anchors (Z)")) ||
      failed(verifyStaticDim(op, {uv, 3}, "the anchors (Z)")) ||
      failed(verifyStaticDim(op, {visible, 3}, "the anchors (Z)")))
    return failure();
  // pp_c3
  struct Fixed {
    NamedDim dim;
    int64_t size;
    const char *what;
  };
  for (const Fixed &fixed :
       {Fixed{{points, 3}, 3, "the coordinates (x, y, z)"},
        Fixed{{matrix, 2}, 4, "the rows of a projection matrix"},
        Fixed{{matrix, 3}, 4, "the columns of a projection matrix"},
        Fixed{{size, 1}, 2, "the image size (h, w)"},
        Fixed{{uv, 4}, 2, "the coordinates (u, v)"}})
    if (failed(verifyStaticDim(op, fixed.dim, fixed.what)) ||
        failed(verifyDim(op, fixed.dim, fixed.size, fixed.what)))
      return failure();
  // pp_c4
  if (std::optional<ArrayRef<float>> range = getPcRange()) {
    if (range->size() != 6)
      return emitOpError() << "expected 'pc_range' to have 6 entries, but got "
                           << range->size();
    for (int axis = 0; axis < 3; ++axis)
      if (!std::isfinite((*range)[axis]) ||
          !std::isfinite((*range)[axis + 3]) ||
          !((*range)[axis] < (*range)[axis + 3]))
        return emitOpError()
               << "expected 'pc_range' entry " << axis + 3
               << ", the maximum, to be finite and above entry " << axis << " ("
               << (*range)[axis] << "), but got " << (*range)[axis + 3];
  }
  return success();
}

LogicalResult EgoShiftOp::verify() {
  Operation *op = getOperation();
  NamedShape canBus("can_bus", getCanBus()), init("init", getInit());
  if (failed(verifyUniformContainers(op)) ||
      // es_c1
      failed(verifyRank(op, canBus, 2)) || failed(verifyRank(op, init, 2)) ||
      // es_c2
      failed(verifySameDims(op, "the batch (B)", {{canBus, 0}, {init, 0}})) ||
      failed(verifyStaticDim(op, {init, 1}, "the shift (x, y)")) ||
      failed(verifyDim(op, {init, 1}, 2, "the shift (x, y)")) ||
      // es_c3
      failed(verifyStaticDim(op, {canBus, 1}, "the can bus entries (K)")))
    return failure();
  if (canBus.dim(1) < 4)
    return emitOpError()
           << "expected 'can_bus' dim 1 to be at least 4, but got "
           << canBus.dim(1);
  // es_c4
  if (getGridLength().size() != 2 ||
      !llvm::all_of(getGridLength(), [](float length) {
        return length > 0 && std::isfinite(length);
      }))
    return emitOpError(
        "expected 'grid_length' to be two positive finite lengths (y, x)");
  if (getBevSize().size() != 2 || getBevSize()[0] < 1 || getBevSize()[1] < 1)
    return emitOpError("expected 'bev_size' to be two positive sizes (H, W)");
  return success();
}

LogicalResult ReferenceGridOp::verify() {
  Operation *op = getOperation();
  NamedShape init("init", getInit());
  bool pillar = getPillarHeight().has_value();
  // rg_c1
  if (failed(verifyRank(op, init, pillar ? 3 : 2)))
    return failure();
  // rg_c4
  if (getBevSize().size() != 2 || !llvm::all_of(getBevSize(), [](int64_t size) {
        return size >= 1 && size <= kMaxPositions;
      }))
    return emitOpError() << "expected 'bev_size' to be two sizes (H, W) "
                            "between 1 and "
                         << kMaxPositions;
  if (pillar && (!std::isfinite(getPillarHeight()->convertToFloat()) ||
                 !(getPillarHeight()->convertToFloat() > 0)))
    return emitOpError() << "expected 'pillar_height' to be positive and "
                            "finite, but got "
                         << getPillarHeight()->convertToFloat();
  // rg_c2
  int64_t queries = getBevSize()[0] * getBevSize()[1];
  if (!getOrigin()) {
    if (failed(verifyDim(op, {init, 0}, queries, "H * W of 'bev_size'")))
      return failure();
  } else if (init.dim(0) > queries) {
    return emitOpError() << "expected 'init' dim 0 to be at most H * W of "
                            "'bev_size' ("
                         << queries << "), but got " << init.dim(0);
  }
  // rg_c3
  int64_t last = pillar ? 2 : 1;
  if (failed(verifyStaticDim(op, {init, last}, "the coordinates")) ||
      failed(verifyDim(op, {init, last}, pillar ? 3 : 2, "the coordinates")))
    return failure();
  // rg_c5
  return pillar ? verifyStaticDim(op, {init, 1}, "the anchors (Z)") : success();
}

LogicalResult WarpBEVOp::verify() {
  Operation *op = getOperation();
  NamedShape prev("prev", getPrev()), angle("angle", getAngle()),
      init("init", getInit());
  if (failed(verifyUniformContainers(op)) ||
      // wb_c1
      failed(verifyRank(op, prev, 4)) || failed(verifyRank(op, angle, 1)) ||
      failed(verifyRank(op, init, 4)) ||
      // wb_c2
      failed(verifySameDims(op, "the batch (B)",
                            {{prev, 0}, {angle, 0}, {init, 0}})) ||
      failed(verifySameDims(op, "the channels (C)", {{prev, 3}, {init, 3}})))
    return failure();
  if (getReset()) {
    NamedShape reset("reset", getReset());
    if (failed(verifyRank(op, reset, 1)) ||
        failed(verifySameDims(op, "the batch (B)", {{prev, 0}, {reset, 0}})))
      return failure();
  }
  if (!getOrigin().empty() && getOrigin().size() != 2)
    return emitOpError() << "expected 'origin' to be a row and a column, but "
                            "got "
                         << getOrigin().size() << " operands";
  if (getOrigin().empty() &&
      (failed(verifySameDims(op, "the height (H)", {{prev, 1}, {init, 1}})) ||
       failed(verifySameDims(op, "the width (W)", {{prev, 2}, {init, 2}}))))
    return failure();
  // wb_c8
  if (failed(verifyMap(op, {prev, 1}, {prev, 2})))
    return failure();
  // wb_c3
  if (getMode() == Interpolation::bicubic)
    return emitOpError("expected mode nearest or bilinear, but got bicubic");
  // wb_c4
  if (std::optional<ArrayRef<float>> center = getCenter())
    if (center->size() != 2 || !std::isfinite((*center)[0]) ||
        !std::isfinite((*center)[1]))
      return emitOpError("expected 'center' to be two finite coordinates "
                         "(x, y)");
  if (
      // wb_c5
      failed(verifySameElementType(op, init, prev)) ||
      // wb_c7
      failed(verifyStaticDim(op, {prev, 3}, "the channels (C)")) ||
      failed(verifyStaticDim(op, {init, 3}, "the channels (C)")))
    return failure();
  // wb_c6
  return verifySchedule(op, getSchedule(), {init, 3});
}

LogicalResult GridSampleOp::verify() {
  Operation *op = getOperation();
  NamedShape input("input", getInput()), grid("grid", getGrid()),
      init("init", getInit());
  if (failed(verifyUniformContainers(op)) ||
      // gs_c1
      failed(verifyRank(op, input, 4)) || failed(verifyRank(op, grid, 4)) ||
      failed(verifyRank(op, init, 4)) ||
      // gs_c2
      failed(verifySameDims(op, "the batch (N)",
                            {{input, 0}, {grid, 0}, {init, 0}})) ||
      failed(verifySameDims(op, "the channels (C)", {{input, 1}, {init, 1}})) ||
      failed(verifySameDims(op, "the output height (Ho)",
                            {{grid, 1}, {init, 2}})) ||
      failed(verifySameDims(op, "the output width (Wo)",
                            {{grid, 2}, {init, 3}})) ||
      // gs_c3
      failed(verifyStaticDim(op, {grid, 3}, "the coordinates (x, y)")) ||
      failed(verifyDim(op, {grid, 3}, 2, "the coordinates (x, y)")))
    return failure();
  // gs_c5
  if (failed(verifyMap(op, {input, 2}, {input, 3})))
    return failure();
  // gs_c4
  return verifySameElementType(op, init, input);
}

LogicalResult InverseSigmoidOp::verify() {
  Operation *op = getOperation();
  NamedShape input("input", getInput()), init("init", getInit());
  // is_c1
  if (failed(verifyUniformContainers(op)) ||
      failed(verifyRank(op, init, input.type.getRank())) ||
      failed(verifySameElementType(op, init, input)))
    return failure();
  for (int64_t dim = 0; dim < input.type.getRank(); ++dim)
    if (failed(verifySameDims(op, "the size", {{input, dim}, {init, dim}})))
      return failure();
  // is_c2
  float eps = getEps().convertToFloat();
  if (!(eps > 0) || !(eps < 1))
    return emitOpError() << "expected 'eps' between 0 and 1, but got " << eps;
  return success();
}
