// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// deformable_attention from its parts.  The location arithmetic is checked
// element by element, not by its spelling: every (m, l, p, c) must be the
// formula of one reference kind.

#include "ElementFormula.h"
#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

namespace mlir::bev {
#define GEN_PASS_DEF_BEVCOMPOSEATTENTIONPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// `value` before its extension to a wider float type.
static Value stripExtension(Value value) {
  if (auto extension = value.getDefiningOp<arith::ExtFOp>())
    return extension.getIn();
  auto generic = value.getDefiningOp<linalg::GenericOp>();
  if (!generic || generic.getNumDpsInputs() != 1 ||
      generic.getNumDpsInits() != 1 ||
      generic.getNumParallelLoops() != generic.getNumLoops() ||
      !llvm::all_of(generic.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isIdentity(); }))
    return value;
  auto extension = generic.getBody()
                       ->getTerminator()
                       ->getOperand(0)
                       .getDefiningOp<arith::ExtFOp>();
  if (!extension || extension.getIn() != generic.getBody()->getArgument(0))
    return value;
  return generic.getDpsInputOperand(0)->get();
}

/// The logits [B,Q,M,L*P] whose softmax `weights` [B,Q,M,L,P] is, if it is one.
static Value findLogits(Value weights) {
  auto expand = stripExtension(weights).getDefiningOp<tensor::ExpandShapeOp>();
  if (!expand)
    return {};
  auto weightsType = cast<RankedTensorType>(weights.getType());
  RankedTensorType sourceType = expand.getSrcType();
  SmallVector<ReassociationIndices, 4> groups =
      expand.getReassociationIndices();
  if (sourceType.getRank() != 4 || groups[0].size() != 1 ||
      groups[1].size() != 1 ||
      sourceType.getDimSize(2) != weightsType.getDimSize(2) ||
      sourceType.getDimSize(3) !=
          weightsType.getDimSize(3) * weightsType.getDimSize(4))
    return {};
  auto softmax =
      stripExtension(expand.getSrc()).getDefiningOp<linalg::SoftmaxOp>();
  if (!softmax || softmax.getDimension() != 3)
    return {};
  Value logits = stripExtension(softmax.getInput());
  Type element = cast<ShapedType>(logits.getType()).getElementType();
  return element.isF32() || element.isF16() || element.isBF16() ? logits
                                                                : Value();
}

//===----------------------------------------------------------------------===//
// Locations
//===----------------------------------------------------------------------===//

namespace {

/// One sampling location: the indices that are static, and the coordinate.
struct Point {
  int64_t head, level, point, axis;
};

/// Recognises the location arithmetic of one ms_deform_attn.
class LocationMatcher {
public:
  explicit LocationMatcher(MSDeformAttnOp op)
      : op(op),
        locationsType(cast<RankedTensorType>(op.getLocations().getType())),
        sizes(op.getMixedLevels()) {}

  /// Nothing where the locations have the formula of a reference kind, else why
  /// they do not.
  std::optional<StringRef> match();

  Value reference, offsets;
  ReferenceKind kind = ReferenceKind::level;
  AnchorOrder order = AnchorOrder::mod;

private:
  std::optional<StringRef> matchElement(const Point &at);
  std::optional<StringRef> matchTypes();
  std::optional<StringRef> matchReferences();
  bool isLeaf(const Element &element);
  bool isIndex(const Element &element, ArrayRef<AffineExpr> expected);
  /// The reference point that `element` is coordinate `axis` of.
  std::optional<int64_t> referenceAt(const Element &element, int64_t axis);
  /// Whether 1 / `term`, without its factors, is the size of a level along
  /// `axis`.
  bool isLevelSize(const Term &term, int64_t level, int64_t axis);

  AffineExpr number(int64_t value) {
    return getAffineConstantExpr(value, op.getContext());
  }
  AffineExpr dim(unsigned position) {
    return getAffineDimExpr(position, op.getContext());
  }
  int64_t levels() { return locationsType.getDimSize(3); }
  int64_t points() { return locationsType.getDimSize(4); }

  MSDeformAttnOp op;
  RankedTensorType locationsType;
  SmallVector<OpFoldResult> sizes;
  bool isBox = false;
  /// The reference point of (l, p), the same for every head.
  SmallVector<int64_t> references;
};

} // namespace

/// Equal up to the rounding of a reciprocal to f32.
static bool isClose(double actual, double expected) {
  return std::abs(actual - expected) <= std::abs(expected) * 0x1p-22;
}

bool LocationMatcher::isIndex(const Element &element,
                              ArrayRef<AffineExpr> expected) {
  auto type = dyn_cast<ShapedType>(element.source.getType());
  if (!type || element.index.size() != expected.size())
    return false;
  for (auto [expr, want, size] :
       llvm::zip_equal(element.index, expected, type.getShape()))
    if (expr != want && !(size == 1 && expr == number(0)))
      return false;
  return true;
}

/// References and offsets are taken as they are, however they came to be: a
/// tensor indexed by (b, q, r, c), or reshaped to (b, q, m, l, p, c).
bool LocationMatcher::isLeaf(const Element &element) {
  Operation *owner = element.source.getDefiningOp();
  ArrayRef<AffineExpr> at = element.index;
  if (at.size() == 6)
    return isa<tensor::ExpandShapeOp>(owner) &&
           isIndex(element, {dim(0), dim(1), at[2], at[3], at[4], at[5]});
  return at.size() == 4 && !isa<tensor::ExtractSliceOp>(owner) &&
         isIndex(element, {dim(0), dim(1), at[2], at[3]});
}

std::optional<int64_t> LocationMatcher::referenceAt(const Element &element,
                                                    int64_t axis) {
  if (element.index.size() != 4)
    return std::nullopt;
  auto index = dyn_cast<AffineConstantExpr>(element.index[2]);
  if (!index || !isIndex(element, {dim(0), dim(1), index, number(axis)}))
    return std::nullopt;
  if (reference && reference != element.source)
    return std::nullopt;
  reference = element.source;
  return index.getValue();
}

bool LocationMatcher::isLevelSize(const Term &term, int64_t level,
                                  int64_t axis) {
  // Sizes are (H, W), coordinates (x, y).
  OpFoldResult size = sizes[2 * level + 1 - axis];
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return term.divisors.empty() && isClose(term.coefficient, 1.0 / *constant);
  return term.coefficient == 1 && term.divisors.size() == 1 &&
         term.divisors.front() == Element{cast<Value>(size), {}};
}

std::optional<StringRef> LocationMatcher::matchElement(const Point &at) {
  FailureOr<ElementFormula> formula = getElementFormula(
      op.getLocations(),
      {dim(0), dim(1), number(at.head), number(at.level), number(at.point),
       number(at.axis)},
      /*numDims=*/2, [&](const Element &element) { return isLeaf(element); });
  if (failed(formula) || formula->size() != 2)
    return "locations are not a sum of a reference and an offset";

  // The offset is the term with an element of six indices.
  auto isOffset = [](const Element &element) {
    return element.index.size() == 6;
  };
  Term base = (*formula)[0], shift = (*formula)[1];
  if (llvm::any_of(base.factors, isOffset))
    std::swap(base, shift);
  auto *offset = llvm::find_if(shift.factors, isOffset);
  if (base.coefficient != 1 || base.factors.size() != 1 ||
      !base.divisors.empty() || offset == shift.factors.end() ||
      !isIndex(*offset, {dim(0), dim(1), number(at.head), number(at.level),
                         number(at.point), number(at.axis)}) ||
      (offsets && offsets != offset->source))
    return "locations are not a reference plus scaled offsets of one tensor "
           "[B,Q,M,L,P,2]";
  offsets = offset->source;
  shift.factors.erase(offset);

  std::optional<int64_t> point = referenceAt(base.factors.front(), at.axis);
  if (!point)
    return "references are not of one tensor [B,Q,R,2] or [B,Q,R,4]";
  references[at.level * points() + at.point] = *point;

  isBox = cast<ShapedType>(reference.getType()).getDimSize(3) == 4;
  if (!isBox) {
    if (!shift.factors.empty() || !isLevelSize(shift, at.level, at.axis))
      return "offsets are not divided by the sizes of the levels";
    return std::nullopt;
  }
  if (shift.factors.size() != 1 || !shift.divisors.empty() ||
      referenceAt(shift.factors.front(), at.axis + 2) != point ||
      !isClose(shift.coefficient, 0.5 / points()))
    return "offsets are not scaled by the box's size times 0.5 / P";
  return std::nullopt;
}

/// No operand is broadcast, and each is what the op takes.
std::optional<StringRef> LocationMatcher::matchTypes() {
  auto referenceType = cast<ShapedType>(reference.getType());
  auto offsetsType = cast<ShapedType>(offsets.getType());
  for (ShapedType type : {referenceType, offsetsType})
    for (int64_t dim : {0, 1})
      if (type.getDimSize(dim) == 1 && locationsType.getDimSize(dim) != 1)
        return "references or offsets are broadcast over the batch or queries";
  if (offsetsType.getShape().drop_front(2) !=
      locationsType.getShape().drop_front(2))
    return "offsets are not of shape [B,Q,M,L,P,2]";
  Type element = offsetsType.getElementType();
  if (!element.isF32() && !element.isF16() && !element.isBF16())
    return "offsets are not f16, bf16 or f32";
  int64_t coordinates = referenceType.getDimSize(3);
  if (!referenceType.getElementType().isF32() ||
      (coordinates != 2 && coordinates != 4))
    return "references are not f32 with 2 or 4 coordinates";
  return std::nullopt;
}

/// The reference kind from which (l, p) takes which reference point.
std::optional<StringRef> LocationMatcher::matchReferences() {
  int64_t count = cast<ShapedType>(reference.getType()).getDimSize(2);
  auto areAll = [&](function_ref<int64_t(int64_t, int64_t)> expected) {
    for (int64_t l = 0; l < levels(); ++l)
      for (int64_t p = 0; p < points(); ++p)
        if (references[l * points() + p] != expected(l, p))
          return false;
    return true;
  };
  bool isOne = count == 1;
  if (isOne ||
      (count == levels() && areAll([](int64_t l, int64_t) { return l; }))) {
    kind = isBox ? ReferenceKind::box : ReferenceKind::level;
    return std::nullopt;
  }
  if (isBox || count < 1 || points() % count != 0)
    return "references follow neither the levels nor the points";
  kind = ReferenceKind::pillar;
  if (areAll([&](int64_t, int64_t p) { return p % count; }))
    return std::nullopt;
  order = AnchorOrder::div;
  if (areAll([&](int64_t, int64_t p) { return p / (points() / count); }))
    return std::nullopt;
  return "points take the anchors of a pillar in no known order";
}

std::optional<StringRef> LocationMatcher::match() {
  references.assign(levels() * points(), -1);
  for (int64_t head = 0; head < locationsType.getDimSize(2); ++head)
    for (int64_t level = 0; level < levels(); ++level)
      for (int64_t point = 0; point < points(); ++point)
        for (int64_t axis = 0; axis < 2; ++axis) {
          int64_t before = references[level * points() + point];
          if (auto refusal = matchElement({head, level, point, axis}))
            return refusal;
          int64_t after = references[level * points() + point];
          if (before != -1 && before != after)
            return "heads or coordinates take different references";
        }
  if (auto refusal = matchTypes())
    return refusal;
  return matchReferences();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Most elements that are looked at one by one.
static constexpr int64_t kMaxElements = 1 << 14;

namespace {

struct ComposeAttention : OpRewritePattern<MSDeformAttnOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MSDeformAttnOp op,
                                PatternRewriter &rewriter) const override {
    if (op->getNumResults() != 1)
      return rewriter.notifyMatchFailure(op, "not on tensors");
    Value logits = findLogits(op.getWeights());
    if (!logits)
      return rewriter.notifyMatchFailure(
          op, "weights are no softmax over all points of a head");
    auto type = cast<RankedTensorType>(op.getLocations().getType());
    // Levels times points are at most 1024.
    if (type.getDimSize(2) * type.getDimSize(3) * type.getDimSize(4) >
        kMaxElements)
      return rewriter.notifyMatchFailure(op, "too many points");
    LocationMatcher locations(op);
    if (std::optional<StringRef> refusal = locations.match())
      return rewriter.notifyMatchFailure(op, *refusal);
    rewriter.replaceOpWithNewOp<DeformableAttentionOp>(
        op, op->getResultTypes(), op.getValue(), locations.reference,
        locations.offsets, logits, op.getInit(), op.getLevels(),
        op.getStaticLevelsAttr(),
        ReferenceKindAttr::get(getContext(), locations.kind),
        AnchorOrderAttr::get(getContext(), locations.order),
        op.getScheduleAttr(), op.getValueLayoutAttr());
    return success();
  }
};

struct ComposeAttentionPass
    : bev::impl::BEVComposeAttentionPassBase<ComposeAttentionPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ComposeAttention>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
  }
};

} // namespace
