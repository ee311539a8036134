// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constraints of the attention ops; the names msda_c1 ... are those of the op
// documentation.

#include "Verifiers.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

/// What ends the checks of every attention: its maps fill the value, M and D
/// are static, the result is of the value's type, and the schedule fits.
template <typename OpTy>
static LogicalResult verifyValueAndInit(OpTy op, const NamedShape &value,
                                        const NamedShape &init) {
  if (failed(verifyStaticDim(op, {value, op.getHeadDim()}, "the heads (M)")) ||
      failed(verifyStaticDim(op, {value, value.type.getRank() - 1},
                             "the channels (D)")) ||
      failed(verifyStaticDim(op, {init, 2}, "the heads (M)")) ||
      failed(verifyStaticDim(op, {init, 3}, "the channels (D)")) ||
      failed(verifySameElementType(op, init, value)))
    return failure();
  return verifySchedule(op, op.getSchedule(), {init, 3});
}

LogicalResult MSDeformAttnOp::verify() {
  Operation *op = getOperation();
  NamedShape value("value", getValue()), locations("locations", getLocations()),
      weights("weights", getWeights()), init("init", getInit());
  if (failed(verifyUniformContainers(op)) ||
      // msda_c1
      failed(verifyRank(op, value, 4)) ||
      failed(verifyRank(op, locations, 6)) ||
      failed(verifyRank(op, weights, 5)) || failed(verifyRank(op, init, 4)) ||
      // msda_c2
      failed(verifySameDims(
          op, "the batch (B)",
          {{value, 0}, {locations, 0}, {weights, 0}, {init, 0}})) ||
      failed(verifySameDims(op, "the queries (Q)",
                            {{locations, 1}, {weights, 1}, {init, 1}})) ||
      failed(verifySameDims(
          op, "the heads (M)",
          {{value, getHeadDim()}, {locations, 2}, {weights, 2}, {init, 2}})) ||
      failed(verifySameDims(op, "the channels (D)", {{value, 3}, {init, 3}})) ||
      failed(verifySameDims(op, "the points (P)",
                            {{locations, 4}, {weights, 4}})) ||
      // msda_c3
      failed(verifyDim(op, {locations, 3}, getNumLevels(),
                       "the number of levels")) ||
      failed(verifyDim(op, {weights, 3}, getNumLevels(),
                       "the number of levels")) ||
      // msda_c4
      failed(verifyDim(op, {locations, 5}, 2, "the coordinates (x, y)")) ||
      // msda_c5
      failed(verifyLevels(op, getStaticLevels(), getLevels().size(),
                          {value, getPositionDim()})) ||
      // msda_c6
      failed(verifyStaticDim(op, {locations, 2}, "the heads (M)")) ||
      failed(verifyStaticDim(op, {locations, 3}, "the levels (L)")) ||
      failed(verifyStaticDim(op, {locations, 4}, "the points (P)")) ||
      failed(verifyStaticDim(op, {locations, 5}, "the coordinates")) ||
      failed(verifyStaticDim(op, {weights, 2}, "the heads (M)")) ||
      failed(verifyStaticDim(op, {weights, 3}, "the levels (L)")) ||
      failed(verifyStaticDim(op, {weights, 4}, "the points (P)")) ||
      // msda_c9
      failed(verifyPoints(op, {{locations, 3}, {locations, 4}})))
    return failure();
  // msda_c6, msda_c7, msda_c8
  return verifyValueAndInit(*this, value, init);
}

/// What deformable_attention and spatial_cross_attention share: offsets and
/// logits per query, without frames.
static LogicalResult verifyOffsetsAndLogits(Operation *op, int64_t numLevels,
                                            const NamedShape &offsets,
                                            const NamedShape &logits,
                                            int64_t firstPointDim) {
  const int64_t level = firstPointDim;
  if (failed(
          verifyDim(op, {offsets, level}, numLevels, "the number of levels")) ||
      failed(
          verifyDim(op, {offsets, level + 2}, 2, "the coordinates (x, y)")) ||
      failed(verifyStaticDim(op, {offsets, 2}, "the heads (M)")) ||
      failed(verifyStaticDim(op, {offsets, level}, "the levels (L)")) ||
      failed(verifyStaticDim(op, {offsets, level + 1}, "the points (P)")) ||
      failed(verifyStaticDim(op, {offsets, level + 2}, "the coordinates")) ||
      failed(verifyStaticDim(op, {logits, 2}, "the heads (M)")) ||
      failed(verifyStaticDim(op, {logits, level}, "levels times points")) ||
      // da_c12, sca_c11
      failed(verifyPoints(op, {{offsets, level}, {offsets, level + 1}})))
    return failure();
  return verifyDim(op, {logits, level}, numLevels * offsets.dim(level + 1),
                   "levels times points of 'offsets'");
}

LogicalResult mlir::bev::detail::verifyReference(
    Operation *op, ReferenceKind kind, AnchorOrder order, int64_t numLevels,
    int64_t points, const NamedShape &reference) {
  const bool box = kind == ReferenceKind::box;
  if (failed(verifyStaticDim(op, {reference, 3}, "the coordinates")) ||
      failed(verifyDim(op, {reference, 3}, box ? 4 : 2,
                       box ? "the box coordinates (cx, cy, w, h)"
                           : "the coordinates (x, y)")) ||
      failed(verifyStaticDim(op, {reference, 2}, "the reference points (R)")))
    return failure();
  const int64_t references = reference.dim(2);
  if (kind == ReferenceKind::pillar) {
    if (points % references != 0)
      return op->emitOpError()
             << "expected 'reference' dim 2, the anchors of a "
                "pillar (Z), to divide the points (P = "
             << points << "), but got " << references;
  } else if (references != 1 && references != numLevels) {
    return op->emitOpError() << "expected 'reference' dim 2 to equal 1 or the "
                                "number of levels ("
                             << numLevels << "), but got " << references;
  }
  if (order != AnchorOrder::mod && kind != ReferenceKind::pillar)
    return op->emitOpError("expected 'anchor_order' only with reference kind "
                           "pillar");
  return success();
}

LogicalResult DeformableAttentionOp::verify() {
  Operation *op = getOperation();
  NamedShape value("value", getValue()), reference("reference", getReference()),
      offsets("offsets", getOffsets()), logits("logits", getLogits()),
      init("init", getInit());
  if (failed(verifyUniformContainers(op)) ||
      // da_c1
      failed(verifyRank(op, value, 4)) ||
      failed(verifyRank(op, reference, 4)) ||
      failed(verifyRank(op, offsets, 6)) || failed(verifyRank(op, logits, 4)) ||
      failed(verifyRank(op, init, 4)) ||
      // da_c2
      failed(verifySameDims(op, "the batch (B)",
                            {{value, 0},
                             {reference, 0},
                             {offsets, 0},
                             {logits, 0},
                             {init, 0}})) ||
      failed(verifySameDims(
          op, "the queries (Q)",
          {{reference, 1}, {offsets, 1}, {logits, 1}, {init, 1}})) ||
      failed(verifySameDims(
          op, "the heads (M)",
          {{value, getHeadDim()}, {offsets, 2}, {logits, 2}, {init, 2}})) ||
      failed(verifySameDims(op, "the channels (D)", {{value, 3}, {init, 3}})) ||
      // da_c3, da_c4, da_c5
      failed(verifyOffsetsAndLogits(op, getNumLevels(), offsets, logits, 3)))
    return failure();
  // da_c6, da_c7
  if (failed(verifyReference(op, getReferenceKind(), getAnchorOrder(),
                             getNumLevels(), offsets.dim(4), reference)) ||
      // da_c8
      failed(verifyLevels(op, getStaticLevels(), getLevels().size(),
                          {value, getPositionDim()})))
    return failure();
  // da_c9, da_c10, da_c11
  return verifyValueAndInit(*this, value, init);
}

LogicalResult SpatialCrossAttentionOp::verify() {
  Operation *op = getOperation();
  NamedShape value("value", getValue()), uv("uv", getUv()),
      visible("visible", getVisible()), offsets("offsets", getOffsets()),
      logits("logits", getLogits()), init("init", getInit());
  if (failed(verifyUniformContainers(op)) ||
      // sca_c1
      failed(verifyRank(op, value, 5)) || failed(verifyRank(op, uv, 5)) ||
      failed(verifyRank(op, visible, 4)) ||
      failed(verifyRank(op, offsets, 6)) || failed(verifyRank(op, logits, 4)) ||
      failed(verifyRank(op, init, 4)) ||
      // sca_c2
      failed(verifySameDims(op, "the batch (B)",
                            {{value, 0},
                             {uv, 0},
                             {visible, 0},
                             {offsets, 0},
                             {logits, 0},
                             {init, 0}})) ||
      failed(verifySameDims(op, "the cameras (N)",
                            {{value, 1}, {uv, 1}, {visible, 1}})) ||
      failed(verifySameDims(
          op, "the queries (Q)",
          {{uv, 2}, {visible, 2}, {offsets, 1}, {logits, 1}, {init, 1}})) ||
      failed(verifySameDims(op, "the anchors (Z)", {{uv, 3}, {visible, 3}})) ||
      failed(verifySameDims(
          op, "the heads (M)",
          {{value, getHeadDim()}, {offsets, 2}, {logits, 2}, {init, 2}})) ||
      failed(verifySameDims(op, "the channels (D)", {{value, 4}, {init, 3}})) ||
      // sca_c4
      failed(verifyDim(op, {uv, 4}, 2, "the coordinates (x, y)")) ||
      failed(verifyStaticDim(op, {uv, 4}, "the coordinates")) ||
      // sca_c3, sca_c4, sca_c5
      failed(verifyOffsetsAndLogits(op, getNumLevels(), offsets, logits, 3)) ||
      failed(verifyStaticDim(op, {uv, 3}, "the anchors (Z)")) ||
      failed(verifyStaticDim(op, {visible, 3}, "the anchors (Z)")))
    return failure();
  // sca_c6
  if (offsets.dim(4) % uv.dim(3) != 0)
    return emitOpError() << "expected 'uv' dim 3, the anchors (Z), to divide "
                            "the points (P = "
                         << offsets.dim(4) << "), but got " << uv.dim(3);
  // sca_c7
  if (failed(verifyLevels(op, getStaticLevels(), getLevels().size(),
                          {value, getPositionDim()})))
    return failure();
  // sca_c8, sca_c9, sca_c10
  return verifyValueAndInit(*this, value, init);
}

LogicalResult TemporalSelfAttentionOp::verify() {
  Operation *op = getOperation();
  NamedShape value("value", getValue()), reference("reference", getReference()),
      offsets("offsets", getOffsets()), logits("logits", getLogits()),
      init("init", getInit());
  if (failed(verifyUniformContainers(op)) ||
      // tsa_c1
      failed(verifyRank(op, value, 5)) ||
      failed(verifyRank(op, reference, 5)) ||
      failed(verifyRank(op, offsets, 7)) || failed(verifyRank(op, logits, 5)) ||
      failed(verifyRank(op, init, 4)) ||
      // tsa_c2
      failed(verifySameDims(op, "the batch (B)",
                            {{value, 0},
                             {reference, 0},
                             {offsets, 0},
                             {logits, 0},
                             {init, 0}})) ||
      failed(verifySameDims(
          op, "the frames (T)",
          {{value, 1}, {reference, 1}, {offsets, 3}, {logits, 3}})) ||
      failed(verifySameDims(
          op, "the queries (Q)",
          {{reference, 2}, {offsets, 1}, {logits, 1}, {init, 1}})) ||
      failed(verifySameDims(
          op, "the heads (M)",
          {{value, getHeadDim()}, {offsets, 2}, {logits, 2}, {init, 2}})) ||
      failed(verifySameDims(op, "the channels (D)", {{value, 4}, {init, 3}})) ||
      // tsa_c3, tsa_c4
      failed(verifyDim(op, {reference, 3}, getNumLevels(),
                       "the number of levels")) ||
      failed(verifyDim(op, {reference, 4}, 2, "the coordinates (x, y)")) ||
      failed(verifyStaticDim(op, {reference, 3}, "the levels (L)")) ||
      failed(verifyStaticDim(op, {reference, 4}, "the coordinates")) ||
      // tsa_c3, tsa_c4, tsa_c5
      failed(verifyOffsetsAndLogits(op, getNumLevels(), offsets, logits, 4)) ||
      // tsa_c6
      failed(verifyLevels(op, getStaticLevels(), getLevels().size(),
                          {value, getPositionDim()})) ||
      // tsa_c7
      failed(verifyStaticDim(op, {value, 1}, "the frames (T)")) ||
      failed(verifyStaticDim(op, {reference, 1}, "the frames (T)")) ||
      failed(verifyStaticDim(op, {offsets, 3}, "the frames (T)")) ||
      failed(verifyStaticDim(op, {logits, 3}, "the frames (T)")) ||
      // tsa_c10
      failed(verifyPoints(op, {{offsets, 3}, {offsets, 4}, {offsets, 5}})))
    return failure();
  // tsa_c7, tsa_c8, tsa_c9
  return verifyValueAndInit(*this, value, init);
}
