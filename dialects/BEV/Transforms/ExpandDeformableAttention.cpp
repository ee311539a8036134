// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// deformable_attention in its parts: softmax, location arithmetic and
// ms_deform_attn.

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVEXPANDATTENTIONPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// A tensor and the loops of the location arithmetic that its dimensions
/// follow.
struct Operand {
  Value tensor;
  SmallVector<AffineExpr> index;
};

/// Emits the parts of one deformable_attention.
class Expansion {
public:
  Expansion(RewriterBase &b, DeformableAttentionOp op)
      : b(b), op(op), loc(op.getLoc()),
        offsetsType(cast<RankedTensorType>(op.getOffsets().getType())),
        referenceType(cast<RankedTensorType>(op.getReference().getType())) {}

  Value weights();
  Value locations();

private:
  /// `source` in f32, through an elementwise linalg.generic.
  Value toF32(Value source);
  Value empty(ArrayRef<OpFoldResult> sizes) {
    return tensor::EmptyOp::create(b, loc, sizes, b.getF32Type());
  }
  /// [L,2]: (W, H) of each level.
  Value levelSizes();
  /// [B,Q,R,2]: a pair of the reference's coordinates.
  Value referencePair(int64_t first);
  /// Splits or merges dimension 4 of `source`, the points, with 5.
  SmallVector<ReassociationIndices> splitPoints() {
    return {{0}, {1}, {2}, {3}, {4, 5}, {6}};
  }
  /// An f32 tensor of `sizes`, one element from one element of each operand.
  Value elementwise(ArrayRef<OpFoldResult> sizes, ArrayRef<Operand> operands,
                    function_ref<Value(OpBuilder &, ValueRange)> formula);

  RewriterBase &b;
  DeformableAttentionOp op;
  Location loc;
  RankedTensorType offsetsType, referenceType;
};

} // namespace

Value Expansion::elementwise(
    ArrayRef<OpFoldResult> sizes, ArrayRef<Operand> operands,
    function_ref<Value(OpBuilder &, ValueRange)> formula) {
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  for (const Operand &operand : operands) {
    inputs.push_back(operand.tensor);
    maps.push_back(AffineMap::get(sizes.size(), /*symbolCount=*/0,
                                  operand.index, b.getContext()));
  }
  maps.push_back(b.getMultiDimIdentityMap(sizes.size()));
  Value init = empty(sizes);
  SmallVector<utils::IteratorType> loops(sizes.size(),
                                         utils::IteratorType::parallel);
  auto body = [&](OpBuilder &nested, Location, ValueRange elements) {
    SmallVector<Value> extended;
    for (Value element : elements.drop_back())
      extended.push_back(element.getType().isF32()
                             ? element
                             : arith::ExtFOp::create(
                                   nested, loc, nested.getF32Type(), element));
    linalg::YieldOp::create(nested, loc, formula(nested, extended));
  };
  return linalg::GenericOp::create(b, loc, init.getType(), inputs, init, maps,
                                   loops, body)
      .getResult(0);
}

Value Expansion::toF32(Value source) {
  auto type = cast<RankedTensorType>(source.getType());
  if (type.getElementType().isF32())
    return source;
  SmallVector<AffineExpr> identity;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    identity.push_back(b.getAffineDimExpr(dim));
  return elementwise(tensor::getMixedSizes(b, loc, source),
                     {{source, identity}},
                     [](OpBuilder &, ValueRange x) { return x[0]; });
}

Value Expansion::weights() {
  // The softmax of deformable_attention is in f32 whatever the logits are.
  Value logits = toF32(op.getLogits());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, logits);
  Value softmax = linalg::SoftmaxOp::create(b, loc, logits.getType(), logits,
                                            empty(sizes), /*dimension=*/3)
                      ->getResult(0);
  sizes.back() = b.getIndexAttr(offsetsType.getDimSize(3));
  sizes.push_back(b.getIndexAttr(offsetsType.getDimSize(4)));
  auto type =
      RankedTensorType::get(decomposeMixedValues(sizes).first, b.getF32Type());
  return tensor::ExpandShapeOp::create(
      b, loc, type, softmax,
      SmallVector<ReassociationIndices>{{0}, {1}, {2}, {3, 4}}, sizes);
}

Value Expansion::levelSizes() {
  SmallVector<OpFoldResult> levels = op.getMixedLevels();
  auto type = RankedTensorType::get({op.getNumLevels(), 2}, b.getF32Type());
  SmallVector<float> constants;
  SmallVector<Value> values;
  for (size_t level = 0; level < levels.size(); level += 2)
    for (OpFoldResult size : {levels[level + 1], levels[level]}) {
      std::optional<int64_t> constant = getConstantIntValue(size);
      if (constant)
        constants.push_back(*constant);
      if (op.getLevels().empty())
        continue;
      if (constant) {
        values.push_back(
            arith::ConstantOp::create(b, loc, b.getF32FloatAttr(*constant)));
        continue;
      }
      Value integer =
          arith::IndexCastOp::create(b, loc, b.getI32Type(), cast<Value>(size));
      values.push_back(
          arith::SIToFPOp::create(b, loc, b.getF32Type(), integer));
    }
  if (op.getLevels().empty())
    return arith::ConstantOp::create(
        b, loc, DenseElementsAttr::get(type, ArrayRef<float>(constants)));
  return tensor::FromElementsOp::create(b, loc, type, values);
}

Value Expansion::referencePair(int64_t first) {
  SmallVector<OpFoldResult> offsets(4, b.getIndexAttr(0)),
      strides(4, b.getIndexAttr(1)),
      sizes = tensor::getMixedSizes(b, loc, op.getReference());
  offsets[3] = b.getIndexAttr(first);
  sizes[3] = b.getIndexAttr(2);
  return tensor::ExtractSliceOp::create(b, loc, op.getReference(), offsets,
                                        sizes, strides);
}

Value Expansion::locations() {
  const int64_t points = offsetsType.getDimSize(4);
  const int64_t references = referenceType.getDimSize(2);
  Value offsets = op.getOffsets();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, offsets);
  auto dims = [&](ArrayRef<unsigned> positions) {
    return llvm::map_to_vector(positions, [&](unsigned position) {
      return b.getAffineDimExpr(position);
    });
  };
  // The location of (b, q, m, l, p, c).
  SmallVector<AffineExpr> point = dims({0, 1, 2, 3, 4, 5});
  SmallVector<AffineExpr> reference = dims({0, 1, 3, 5});
  SmallVector<AffineExpr> level = dims({3, 5});

  if (op.getReferenceKind() == ReferenceKind::pillar) {
    // Points become two dimensions, of which one counts the anchors.
    bool mod = op.getAnchorOrder() == AnchorOrder::mod;
    sizes[4] = b.getIndexAttr(mod ? points / references : references);
    sizes.insert(sizes.begin() + 5,
                 b.getIndexAttr(mod ? references : points / references));
    auto type = RankedTensorType::get(decomposeMixedValues(sizes).first,
                                      offsetsType.getElementType());
    offsets = tensor::ExpandShapeOp::create(b, loc, type, offsets,
                                            splitPoints(), sizes);
    point = dims({0, 1, 2, 3, 4, 5, 6});
    reference = dims({0, 1, mod ? 5u : 4u, 6});
    level = dims({3, 6});
  } else if (references == 1) {
    reference[2] = b.getAffineConstantExpr(0);
  }

  if (op.getReferenceKind() == ReferenceKind::box)
    return elementwise(
        sizes,
        {{offsets, point},
         {referencePair(0), reference},
         {referencePair(2), reference}},
        [&](OpBuilder &body, ValueRange element) -> Value {
          auto constant = [&](double value) -> Value {
            return arith::ConstantOp::create(body, loc,
                                             body.getF32FloatAttr(value));
          };
          Value share =
              arith::DivFOp::create(body, loc, element[0], constant(points));
          Value extent = arith::MulFOp::create(body, loc, share, element[2]);
          Value half = arith::MulFOp::create(body, loc, extent, constant(0.5));
          return arith::AddFOp::create(body, loc, element[1], half);
        });

  Value locations = elementwise(
      sizes,
      {{offsets, point}, {op.getReference(), reference}, {levelSizes(), level}},
      [&](OpBuilder &body, ValueRange element) -> Value {
        Value scaled = arith::DivFOp::create(body, loc, element[0], element[2]);
        return arith::AddFOp::create(body, loc, element[1], scaled);
      });
  if (op.getReferenceKind() == ReferenceKind::pillar)
    locations =
        tensor::CollapseShapeOp::create(b, loc, locations, splitPoints());
  return locations;
}

namespace {

struct ExpandAttention : OpRewritePattern<DeformableAttentionOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DeformableAttentionOp op,
                                PatternRewriter &rewriter) const override {
    if (op->getNumResults() != 1)
      return rewriter.notifyMatchFailure(op, "not on tensors");
    Expansion expansion(rewriter, op);
    Value locations = expansion.locations();
    Value weights = expansion.weights();
    rewriter.replaceOpWithNewOp<MSDeformAttnOp>(
        op, op->getResultTypes(), op.getValue(), locations, weights,
        op.getInit(), op.getLevels(), op.getStaticLevelsAttr(),
        op.getScheduleAttr(), op.getValueLayoutAttr());
    return success();
  }
};

struct ExpandAttentionPass
    : bev::impl::BEVExpandAttentionPassBase<ExpandAttentionPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandAttention>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
