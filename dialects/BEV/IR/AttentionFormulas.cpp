// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formulas of the attention ops.  Index (b, q, m, d) throughout.

#include "FormulaBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

namespace {

/// The weights of the points of one level; may rescale the sum so far.
using LevelWeights =
    std::function<SmallVector<Value>(int64_t level, Value &acc)>;

/// softmax(logits) one level at a time: each level's exponentials are relative
/// to the largest logit so far, and the sum over the levels before is rescaled
/// when that grows. Only one level's weights are alive at once.
class OnlineSoftmax {
public:
  explicit OnlineSoftmax(FormulaBuilder &f) : f(f) {}

  /// Exponentials of the next logits; `acc` is rescaled to go with them.
  SmallVector<Value> next(ArrayRef<Value> logits, Value &acc) {
    Value largest = maximum;
    for (Value logit : logits)
      largest = largest ? f.maxNum(largest, logit) : logit;
    // Finite, so that a level whose logits are all -inf weighs 0.
    if (!maximum)
      largest = f.maxNum(largest, f.f32(std::numeric_limits<float>::lowest()));
    Value levelSum;
    SmallVector<Value> exponentials;
    for (Value logit : logits) {
      Value e = exponential(f.sub(logit, largest));
      exponentials.push_back(e);
      levelSum = levelSum ? f.add(levelSum, e) : e;
    }
    if (maximum) {
      Value rescale = exponential(f.sub(maximum, largest));
      acc = f.mul(acc, f.splat(rescale));
      levelSum = f.fma(sum, rescale, levelSum);
    }
    maximum = largest;
    sum = levelSum;
    return exponentials;
  }

  /// 1 / the sum of all exponentials, which the sum of samples is to be
  /// multiplied with.
  Value scale() {
    return arith::DivFOp::create(f.b, f.loc, f.f32(1), sum,
                                 arith::FastMathFlags::afn);
  }

private:
  /// Never above 1, so that the relative error of an approximation, which grows
  /// with the argument, is small against the sum.
  Value exponential(Value x) {
    return math::ExpOp::create(f.b, f.loc, x, arith::FastMathFlags::afn);
  }

  FormulaBuilder &f;
  Value maximum, sum;
};

/// Pixel coordinates of point p of level l before its offset, and what an
/// offset is worth in pixels (absent: 1).
struct Anchor {
  Value x, y, scaleX, scaleY;
};

/// What is sampled once: a value, and where each point of each level lies.
struct Samples {
  ChannelSource source;
  ArrayRef<MapShape> maps;
  int64_t points;
  std::function<Anchor(int64_t level, int64_t point)> anchor;
  /// (x, y) of all points of a level, one after the other.
  std::function<SmallVector<Value>(int64_t level)> offsets;
};

} // namespace

/// acc + sum over levels and points of weight * sample.
static Value addSamples(FormulaBuilder &f, Value acc, const Samples &samples,
                        const LevelWeights &weightsOf) {
  for (auto [level, map] : llvm::enumerate(samples.maps)) {
    SmallVector<Value> weights = weightsOf(level, acc);
    SmallVector<Value> offsets = samples.offsets(level);
    for (int64_t point = 0; point < samples.points; ++point) {
      Anchor anchor = samples.anchor(level, point);
      Value dx = offsets[2 * point], dy = offsets[2 * point + 1];
      Value x = anchor.scaleX ? f.fma(dx, anchor.scaleX, anchor.x)
                              : f.add(anchor.x, dx);
      Value y = anchor.scaleY ? f.fma(dy, anchor.scaleY, anchor.y)
                              : f.add(anchor.y, dy);
      acc = f.addBilinear(acc, samples.source, map, x, y, weights[point]);
    }
  }
  return acc;
}

/// u * size - 0.5: normalised to pixels.
static Value toPixels(FormulaBuilder &f, Value u, Value sizeF) {
  return f.fma(u, sizeF, f.f32(-0.5));
}

static int64_t anchorOf(AnchorOrder order, int64_t point, int64_t points,
                        int64_t anchors) {
  return order == AnchorOrder::mod ? point % anchors
                                   : point / (points / anchors);
}

/// Anchors at given reference points, computed once per (reference, level).
static std::function<Anchor(int64_t, int64_t)>
cachedAnchors(FormulaBuilder &f, ArrayRef<MapShape> maps,
              std::function<int64_t(int64_t, int64_t)> referenceOf,
              std::function<Anchor(int64_t, const MapShape &)> anchorAt) {
  auto cache =
      std::make_shared<DenseMap<std::pair<int64_t, int64_t>, Anchor>>();
  return [=](int64_t level, int64_t point) {
    int64_t reference = referenceOf(level, point);
    auto [it, inserted] = cache->try_emplace({reference, level});
    if (inserted)
      it->second = anchorAt(reference, maps[level]);
    return it->second;
  };
}

SmallVector<Value> mlir::bev::detail::valueIndex(ValueLayout layout,
                                                 ValueRange leading, Value row,
                                                 Value head, Value channel) {
  SmallVector<Value> index(leading);
  if (layout == ValueLayout::head_major)
    llvm::append_values(index, head, row, channel);
  else
    llvm::append_values(index, row, head, channel);
  return index;
}

static Value emit(FormulaBuilder &f, MSDeformAttnOp op, ValueRange index) {
  Value b = index[0], q = index[1], m = index[2], d = index[3];
  const ValueLayout layout = op.getValueLayout();
  int64_t points = cast<ShapedType>(op.getWeights().getType()).getDimSize(4);
  SmallVector<MapShape> maps = f.mapShapes(op.getMixedLevels());
  SmallVector<Value> weights =
      f.readScalars(op.getWeights(), {b, q, m}, 0, op.getNumLevels() * points);
  Samples samples;
  samples.source = {op.getValue(), [=](Value row) -> SmallVector<Value> {
                      return valueIndex(layout, b, row, m, d);
                    }};
  samples.maps = maps;
  samples.points = points;
  // A location is an offset in units of the map from its corner, -0.5.
  Value corner = f.f32(-0.5);
  samples.anchor = [&](int64_t level, int64_t) {
    return Anchor{corner, corner, maps[level].widthF, maps[level].heightF};
  };
  samples.offsets = [&](int64_t level) {
    return f.readScalars(op.getLocations(), {b, q, m}, level * points * 2,
                         points * 2);
  };
  return addSamples(f, f.zeroChannels(), samples, [&](int64_t level, Value &) {
    return f.readScalars(op.getWeights(), {b, q, m}, level * points, points);
  });
}

static Value emit(FormulaBuilder &f, DeformableAttentionOp op,
                  ValueRange index) {
  Value b = index[0], q = index[1], m = index[2], d = index[3];
  const ValueLayout layout = op.getValueLayout();
  int64_t points = cast<ShapedType>(op.getOffsets().getType()).getDimSize(4);
  auto referenceType = cast<ShapedType>(op.getReference().getType());
  int64_t references = referenceType.getDimSize(2);
  int64_t coordinates = referenceType.getDimSize(3);
  ReferenceKind kind = op.getReferenceKind();

  SmallVector<MapShape> maps = f.mapShapes(op.getMixedLevels());
  SmallVector<Value> reference =
      f.readScalars(op.getReference(), {b, q}, 0, references * coordinates);
  Samples samples;
  samples.source = {op.getValue(), [=](Value row) -> SmallVector<Value> {
                      return valueIndex(layout, b, row, m, d);
                    }};
  samples.maps = maps;
  samples.points = points;
  samples.anchor = cachedAnchors(
      f, maps,
      [&](int64_t level, int64_t point) -> int64_t {
        if (kind == ReferenceKind::pillar)
          return anchorOf(op.getAnchorOrder(), point, points, references);
        return references == 1 ? 0 : level;
      },
      [&](int64_t r, const MapShape &map) {
        const Value *at = &reference[r * coordinates];
        Anchor anchor{toPixels(f, at[0], map.widthF),
                      toPixels(f, at[1], map.heightF), Value(), Value()};
        if (kind == ReferenceKind::box) {
          Value half = f.f32(0.5 / points);
          anchor.scaleX = f.mul(f.mul(at[2], map.widthF), half);
          anchor.scaleY = f.mul(f.mul(at[3], map.heightF), half);
        }
        return anchor;
      });
  samples.offsets = [&](int64_t level) {
    return f.readScalars(op.getOffsets(), {b, q, m}, level * points * 2,
                         points * 2);
  };
  OnlineSoftmax softmax(f);
  Value acc =
      addSamples(f, f.zeroChannels(), samples, [&](int64_t level, Value &acc) {
        return softmax.next(
            f.readScalars(op.getLogits(), {b, q, m}, level * points, points),
            acc);
      });
  return f.mul(acc, f.splat(softmax.scale()));
}

Value mlir::bev::detail::emitHit(FormulaBuilder &f, SpatialCrossAttentionOp op,
                                 Value b, Value n, Value q) {
  Value hit;
  int64_t anchors = cast<ShapedType>(op.getVisible().getType()).getDimSize(3);
  for (int64_t z = 0; z < anchors; ++z) {
    Value visible = f.readScalar(op.getVisible(), {b, n, q, f.index(z)});
    hit = hit ? f.orI(hit, visible) : visible;
  }
  return hit;
}

static Value emit(FormulaBuilder &f, SpatialCrossAttentionOp op,
                  ValueRange index) {
  Value b = index[0], q = index[1], m = index[2], d = index[3];
  const ValueLayout layout = op.getValueLayout();
  int64_t points = cast<ShapedType>(op.getOffsets().getType()).getDimSize(4);
  int64_t anchors = cast<ShapedType>(op.getUv().getType()).getDimSize(3);
  OpBuilder &builder = f.b;
  Location loc = f.loc;

  SmallVector<MapShape> maps = f.mapShapes(op.getMixedLevels());
  // Weights and offsets are the same for every camera: computed and read
  // outside the loop.
  OnlineSoftmax softmax(f);
  Value none = f.f32(0);
  SmallVector<Value> weights = softmax.next(
      f.readScalars(op.getLogits(), {b, q, m}, 0, op.getNumLevels() * points),
      none);
  Value softmaxScale = softmax.scale();
  Value value = op.getValue();
  Value cameras =
      isa<MemRefType>(value.getType())
          ? memref::DimOp::create(builder, loc, value, 1).getResult()
          : tensor::DimOp::create(builder, loc, value, 1).getResult();
  SmallVector<SmallVector<Value>> offsets;
  for (int64_t level = 0; level < op.getNumLevels(); ++level)
    offsets.push_back(f.readScalars(op.getOffsets(), {b, q, m},
                                    level * points * 2, points * 2));

  auto loop = scf::ForOp::create(builder, loc, f.index(0), cameras, f.index(1),
                                 ValueRange{f.zeroChannels(), f.i32(0)});
  {
    OpBuilder::InsertionGuard insertion(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value n = loop.getInductionVar();
    Value acc = loop.getRegionIterArg(0), hits = loop.getRegionIterArg(1);
    auto seen = scf::IfOp::create(builder, loc,
                                  TypeRange{acc.getType(), hits.getType()},
                                  emitHit(f, op, b, n, q),
                                  /*withElseRegion=*/true);
    scf::YieldOp::create(builder, loc, seen.getResults());

    builder.setInsertionPointToStart(seen.thenBlock());
    SmallVector<Value> uv =
        f.readScalars(op.getUv(), {b, n, q}, 0, anchors * 2);
    Samples samples;
    samples.source = {value, [=](Value row) -> SmallVector<Value> {
                        return valueIndex(layout, {b, n}, row, m, d);
                      }};
    samples.maps = maps;
    samples.points = points;
    samples.anchor = cachedAnchors(
        f, maps,
        [&](int64_t, int64_t point) {
          return anchorOf(op.getAnchorOrder(), point, points, anchors);
        },
        [&](int64_t z, const MapShape &map) {
          return Anchor{toPixels(f, uv[2 * z], map.widthF),
                        toPixels(f, uv[2 * z + 1], map.heightF), Value(),
                        Value()};
        });
    samples.offsets = [&](int64_t level) { return offsets[level]; };
    scf::YieldOp::create(
        builder, loc,
        ValueRange{addSamples(f, acc, samples,
                              [&](int64_t level, Value &) {
                                return SmallVector<Value>(
                                    ArrayRef(weights).slice(level * points,
                                                            points));
                              }),
                   f.addI(hits, f.i32(1))});
    builder.setInsertionPointToStart(seen.elseBlock());
    scf::YieldOp::create(builder, loc, ValueRange{acc, hits});
  }
  // Where no camera hits the sum is 0, and 0 it stays whatever the logits are.
  Value hits = loop.getResult(1);
  Value divisor =
      f.intToF32(arith::MaxSIOp::create(builder, loc, hits, f.i32(1)));
  Value scale = f.select(f.compare(arith::CmpIPredicate::sgt, hits, f.i32(0)),
                         f.div(softmaxScale, divisor), f.f32(0));
  return f.mul(loop.getResult(0), f.splat(scale));
}

static Value emit(FormulaBuilder &f, TemporalSelfAttentionOp op,
                  ValueRange index) {
  Value b = index[0], q = index[1], m = index[2], d = index[3];
  const ValueLayout layout = op.getValueLayout();
  auto offsetsType = cast<ShapedType>(op.getOffsets().getType());
  int64_t frames = offsetsType.getDimSize(3);
  int64_t points = offsetsType.getDimSize(5);
  int64_t levels = op.getNumLevels();

  SmallVector<MapShape> maps = f.mapShapes(op.getMixedLevels());
  Value sum;
  for (int64_t frame = 0; frame < frames; ++frame) {
    Value t = f.index(frame);
    SmallVector<Value> reference =
        f.readScalars(op.getReference(), {b, t, q}, 0, levels * 2);
    Samples samples;
    samples.source = {op.getValue(), [=](Value row) -> SmallVector<Value> {
                        return valueIndex(layout, {b, t}, row, m, d);
                      }};
    samples.maps = maps;
    samples.points = points;
    samples.anchor = cachedAnchors(
        f, maps, [](int64_t level, int64_t) { return level; },
        [&](int64_t level, const MapShape &map) {
          return Anchor{toPixels(f, reference[2 * level], map.widthF),
                        toPixels(f, reference[2 * level + 1], map.heightF),
                        Value(), Value()};
        });
    samples.offsets = [&](int64_t level) {
      return f.readScalars(op.getOffsets(), {b, q, m},
                           (frame * levels + level) * points * 2, points * 2);
    };
    OnlineSoftmax softmax(f);
    Value acc = addSamples(
        f, f.zeroChannels(), samples, [&](int64_t level, Value &acc) {
          return softmax.next(f.readScalars(op.getLogits(), {b, q, m},
                                            (frame * levels + level) * points,
                                            points),
                              acc);
        });
    Value scale = f.mul(softmax.scale(), f.f32(1.0 / frames));
    sum = sum ? f.fma(acc, f.splat(scale), sum) : f.mul(acc, f.splat(scale));
  }
  return sum;
}

Value mlir::bev::detail::emitAttention(FormulaBuilder &f, Operation *op,
                                       ValueRange index) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<MSDeformAttnOp, DeformableAttentionOp, SpatialCrossAttentionOp,
            TemporalSelfAttentionOp>(
          [&](auto attention) { return emit(f, attention, index); })
      .DefaultUnreachable("not an attention op");
}
