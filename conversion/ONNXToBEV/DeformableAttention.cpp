// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Deformable attention from the chain that exporters write for it: per level a
// GridSample of the value with heads folded into the batch, all of them times
// the attention weights, summed over levels and points.
//
// Nothing here depends on how the chain spells its reshapes and transposes: all
// of them are traced as views, and the operands of the bev op are views of the
// same tensors.  What computes (align_corners, the map from locations to the
// grid, normalizers, the softmax's axis) is checked.

#include "Raising.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr int64_t kDynamic = ShapedType::kDynamic;
/// What the bev attention ops take at most of levels times points.
static constexpr int64_t kMaxSamples = 1024;
/// What ONNX calls f32.
static constexpr int64_t kONNXFloat = 1;

namespace {

/// One attention on its way to a bev op. Letters as in the bev dialect.
class AttentionMatcher {
public:
  AttentionMatcher(NodeOp sum, RaiseReport &report)
      : sum(sum), report(report), b(sum.getLoc(), sum) {}

  void raise();

private:
  /// A level's GridSample.
  struct Level {
    NodeOp sample;
    int64_t height, width;
  };
  /// Which operand to follow at an op that is passed by.
  using Choices = llvm::SmallDenseMap<Operation *, Value, 4>;

  void refuse(StringRef op, const Twine &reason) {
    report.refused(sum, op, reason);
  }

  bool findProduct();
  bool findLevels();
  bool findLevels(Value samples);
  bool checkLevel(NodeOp sample);
  bool splitHeads();
  Value buildValue();
  std::optional<TensorView> traceGrids(const Choices &choices);
  std::optional<TensorView> traceWeights();
  Value buildLocations();
  Value materializeGrid(unsigned level);
  Value narrow(Value coordinates);

  bool matchWeights(const TensorView &weights, TensorView &logits);
  bool matchLocations(Value &reference, Value &offsets, ReferenceKind &kind,
                      AnchorOrder &order, std::string &reason);
  bool matchNormalizedOffsets(NodeOp add, Value term, TensorView &offsets,
                              std::string &reason);
  bool matchReference(TensorView view, TensorView &reference,
                      ReferenceKind &kind, AnchorOrder &order);
  bool matchBox(NodeOp add, Value &reference, Value &offsets);

  bool raiseWhole(Value value, const TensorView &weights);
  void raiseCore(Value value, const TensorView &weights);
  void finish(Value result, StringRef op);
  Value createInit(Value value, Value perQuery);

  NodeOp sum;
  RaiseReport &report;
  ImplicitLocOpBuilder b;

  NodeOp product;
  Value weights;
  SmallVector<Level> levels;
  /// N * M, D, Q, P: the sizes of a GridSample.
  int64_t images = 0, channels = 0, queries = 0, points = 0;
  int64_t batch = 0, heads = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// The chain
//===----------------------------------------------------------------------===//

/// sum = ReduceSum(samples * weights, last axis).
bool AttentionMatcher::findProduct() {
  product = getNode(sum.getInputs().front(), "Mul");
  auto type = dyn_cast<RankedTensorType>(sum.getInputs().front().getType());
  if (!product || !type || type.getRank() != 4)
    return false;
  auto axes = getReductionAxes(sum);
  return axes && *axes == SmallVector<int64_t>{3};
}

bool AttentionMatcher::checkLevel(NodeOp sample) {
  static constexpr StringLiteral op = "bev.ms_deform_attn";
  auto image = dyn_cast<RankedTensorType>(sample.getInputs()[0].getType());
  auto grid = dyn_cast<RankedTensorType>(sample.getInputs()[1].getType());
  auto type = dyn_cast<RankedTensorType>(sample.getOutputs()[0].getType());
  if (!image || !grid || !type || image.getRank() != 4 || grid.getRank() != 4)
    return refuse(op, "its samples are not those of 2-D maps"), false;
  StringRef mode = sample.stringAttr("mode", "bilinear");
  if (mode != "bilinear" && mode != "linear")
    return refuse(op,
                  "its samples are taken in mode '" + mode + "', not bilinear"),
           false;
  if (sample.stringAttr("padding_mode", "zeros") != "zeros")
    return refuse(op, "its samples are padded by '" +
                          sample.stringAttr("padding_mode", "") +
                          "', not by zeros"),
           false;
  if (sample.intAttr("align_corners", 0) != 0)
    return refuse(op, "its samples are taken with align_corners"), false;
  if (!grid.getElementType().isF32() && !grid.getElementType().isF64())
    return refuse(op, "its sampling grid is neither f32 nor f64"), false;
  Type element = image.getElementType();
  if (!element.isF32() && !element.isF16() && !element.isBF16())
    return refuse(op, "its value is not f32, f16 or bf16"), false;
  if (image.isDynamicDim(1) || image.isDynamicDim(2) || image.isDynamicDim(3) ||
      grid.isDynamicDim(2))
    return refuse(op, "the channels, level sizes or points are not known at "
                      "compile time"),
           false;
  levels.push_back({sample, image.getDimSize(2), image.getDimSize(3)});
  if (levels.size() == 1) {
    images = type.getDimSize(0);
    channels = type.getDimSize(1);
    queries = type.getDimSize(2);
    points = type.getDimSize(3);
    return true;
  }
  if (type.getShape() != ArrayRef{images, channels, queries, points})
    return refuse(op, "its levels are sampled at unequal numbers of points"),
           false;
  return true;
}

/// The operand of the product that is samples, by level.
bool AttentionMatcher::findLevels(Value samples) {
  TensorView view = trace(samples);
  SmallVector<NodeOp> found;
  if (auto sample = getNode(view.base, "GridSample")) {
    found.push_back(sample);
  } else if (auto concat = getNode(view.base, "Concat")) {
    for (Value operand : concat.getInputs()) {
      TensorView part = trace(operand);
      auto sample = getNode(part.base, "GridSample");
      if (!sample)
        return false;
      TensorView whole(part.base);
      if (!whole.reshape(part.getShape()) || !(whole == part))
        return false;
      found.push_back(sample);
    }
    // Levels side by side along the last dimension, or one before the last.
    auto type = cast<RankedTensorType>(concat.getOutputs()[0].getType());
    int64_t axis = concat.intAttr("axis", 0);
    axis += axis < 0 ? type.getRank() : 0;
    auto part = dyn_cast<RankedTensorType>(concat.getOperand(0).getType());
    bool isLast = part && type.getRank() == 4 && axis == 3;
    bool isBefore =
        part && type.getRank() == 5 && axis == 3 && part.getDimSize(3) == 1;
    if (!isLast && !isBefore)
      return false;
  } else {
    return false;
  }
  TensorView whole(view.base);
  if (!whole.reshape(cast<RankedTensorType>(samples.getType()).getShape()) ||
      !(whole == view))
    return false;
  levels.clear();
  return llvm::all_of(found, [&](NodeOp sample) { return checkLevel(sample); });
}

bool AttentionMatcher::findLevels() {
  for (unsigned index : {0u, 1u}) {
    levels.clear();
    if (findLevels(product.getOperand(index))) {
      weights = product.getOperand(1 - index);
      return true;
    }
    if (!levels.empty())
      return false;
  }
  return false;
}

/// Any split of the images into batch and heads is right, as it only names
/// them; the one that the value was made with needs no transpose.
bool AttentionMatcher::splitHeads() {
  TensorView image = trace(levels.front().sample.getInputs()[0]);
  ArrayRef<Factor> factors = image.dims[0];
  heads = 1;
  if (factors.empty() || factors.back().extent == kDynamic) {
    batch = images;
    return true;
  }
  const Factor &last = factors.back();
  bool isHead = factors.size() > 1 || last.dim != 0;
  if (isHead)
    heads = last.extent;
  batch = images == kDynamic ? kDynamic : images / heads;
  return true;
}

/// The value [N,S,M,D].
Value AttentionMatcher::buildValue() {
  SmallVector<TensorView> views;
  for (Level &level : levels) {
    TensorView view = trace(level.sample.getInputs()[0]);
    if (!view.reshape({batch, heads, channels, level.height * level.width}) ||
        !view.transpose({0, 3, 1, 2}))
      return Value();
    views.push_back(std::move(view));
  }
  // Levels that follow each other in one tensor are all of it, or a part.
  TensorView whole = views.front();
  bool isOne = true;
  for (size_t i = 1; i < views.size() && isOne; ++i) {
    const TensorView &next = views[i];
    isOne = next.base == whole.base && whole.dims[1].size() == 1 &&
            next.dims[1].size() == 1;
    if (!isOne)
      break;
    Factor &done = whole.dims[1].front();
    const Factor &more = next.dims[1].front();
    SmallVector<int64_t> expected = whole.offsets;
    if (!done.isBroadcast())
      expected[done.dim] += done.extent * done.stride;
    isOne = !done.isBroadcast() && done.dim == more.dim &&
            done.stride == more.stride && next.offsets == expected &&
            next.dims[0] == whole.dims[0] && next.dims[2] == whole.dims[2] &&
            next.dims[3] == whole.dims[3];
    done.extent += more.extent;
  }
  if (isOne)
    return whole.materialize(b);
  SmallVector<Value> parts;
  int64_t positions = 0;
  for (const TensorView &view : views) {
    parts.push_back(view.materialize(b));
    if (!parts.back())
      return Value();
    positions += view.getSize(1);
  }
  return createNode(
      b, "Concat", parts,
      typeLike(parts.front(), {batch, positions, heads, channels}),
      b.getNamedAttr("axis", b.getI64IntegerAttr(1)));
}

//===----------------------------------------------------------------------===//
// Locations and weights as views
//===----------------------------------------------------------------------===//

/// The locations [N,Q,M,L,P,2] as a view of one tensor: from the grids by way
/// of 2 * x - 1, then by way of `choices`.
std::optional<TensorView> AttentionMatcher::traceGrids(const Choices &choices) {
  SmallVector<TensorView> views;
  for (Level &level : levels) {
    AffineScalar total;
    auto isDone = [&] { return total.factor == 2.0 && total.addend == -1.0; };
    auto combine = [&](AffineScalar inner) {
      total.addend += total.factor * inner.addend;
      total.factor *= inner.factor;
    };
    SmallVector<NodeOp> passed;
    TensorView view = trace(
        level.sample.getInputs()[1],
        [&](NodeOp node) -> Value {
          if (isDone())
            return choices.lookup(node);
          AffineScalar function;
          Value inner = matchAffine(node, function);
          if (inner)
            combine(function);
          return inner;
        },
        &passed);
    total = {};
    for (NodeOp node : passed) {
      AffineScalar function;
      if (!isDone() && matchAffine(node, function))
        combine(function);
    }
    if (!isDone() || !view.reshape({batch, heads, queries, points, 2}))
      return std::nullopt;
    views.push_back(std::move(view));
  }
  // Levels differ by one step in one dimension of the base.
  TensorView stacked = views.front();
  Factors steps;
  for (size_t i = 1; i < views.size(); ++i) {
    const TensorView &view = views[i];
    if (view.base != stacked.base || view.dims != stacked.dims)
      return std::nullopt;
    for (auto [dim, first, offset] :
         llvm::enumerate(stacked.offsets, view.offsets)) {
      int64_t distance = offset - first;
      if (i == 1 && distance > 0 && steps.empty()) {
        steps.push_back({int64_t(views.size()), int(dim), distance});
        continue;
      }
      bool isStepped = !steps.empty() && steps.front().dim == int(dim);
      if (distance != (isStepped ? int64_t(i) * steps.front().stride : 0))
        return std::nullopt;
    }
  }
  if (steps.empty() && views.size() > 1)
    steps.push_back({int64_t(views.size()), Factor::kBroadcast, 0});
  stacked.dims.insert(stacked.dims.begin() + 3, steps);
  stacked.transpose({0, 2, 1, 3, 4, 5});
  return stacked;
}

/// The weights [N,Q,M,L*P].
std::optional<TensorView> AttentionMatcher::traceWeights() {
  TensorView view = trace(weights);
  int64_t samples = points * levels.size();
  if (view.getShape() != SmallVector<int64_t>{images, 1, queries, samples} ||
      !view.reshape({batch, heads, queries, samples}) ||
      !view.transpose({0, 2, 1, 3}))
    return std::nullopt;
  return view;
}

/// Coordinates in f64, which come of shapes or constants that were f64, in f32.
Value AttentionMatcher::narrow(Value coordinates) {
  if (!coordinates)
    return Value();
  auto type = cast<RankedTensorType>(coordinates.getType());
  if (!type.getElementType().isF64())
    return coordinates;
  return createNode(b, "Cast", coordinates, type.clone(b.getF32Type()),
                    b.getNamedAttr("to", b.getI64IntegerAttr(kONNXFloat)));
}

/// One level's locations [N,Q,M,1,P,2] from its grid.
Value AttentionMatcher::materializeGrid(unsigned level) {
  Value grid = narrow(levels[level].sample.getInputs()[1]);
  auto scalar = [&](float number) -> Value {
    auto type = RankedTensorType::get({}, b.getF32Type());
    return onnx::ConstantOp::create(
        b, type, cast<ElementsAttr>(DenseElementsAttr::get(type, number)));
  };
  Value shifted = createNode(b, "Add", {grid, scalar(1.0f)}, grid.getType());
  Value scaled = createNode(b, "Mul", {shifted, scalar(0.5f)}, grid.getType());
  TensorView view(scaled);
  if (!view.reshape({batch, heads, queries, 1, points, 2}) ||
      !view.transpose({0, 2, 1, 3, 4, 5}))
    return Value();
  return view.materialize(b);
}

Value AttentionMatcher::buildLocations() {
  if (std::optional<TensorView> view = traceGrids(Choices()))
    if (Value locations = narrow(view->materialize(b)))
      return locations;
  SmallVector<Value> parts;
  for (unsigned level = 0; level < levels.size(); ++level) {
    parts.push_back(materializeGrid(level));
    if (!parts.back())
      return Value();
  }
  if (parts.size() == 1)
    return parts.front();
  return createNode(
      b, "Concat", parts,
      typeLike(parts.front(),
               {batch, queries, heads, int64_t(levels.size()), points, 2}),
      b.getNamedAttr("axis", b.getI64IntegerAttr(3)));
}

//===----------------------------------------------------------------------===//
// From locations and weights to references, offsets and logits
//===----------------------------------------------------------------------===//

/// The weights are a softmax over levels and points: its logits as a view.
bool AttentionMatcher::matchWeights(const TensorView &weights,
                                    TensorView &logits) {
  auto softmax = getNode(weights.base, "Softmax");
  if (!softmax)
    return false;
  auto type = cast<RankedTensorType>(weights.base.getType());
  int64_t axis = softmax.intAttr("axis", softmax.getVersion() < 13 ? 1 : -1);
  axis += axis < 0 ? type.getRank() : 0;
  // Before version 13 it is taken over all dimensions from `axis` on.
  if (axis != type.getRank() - 1 && softmax.getVersion() < 13)
    return false;
  int64_t samples = points * levels.size();
  Factors expected;
  if (samples != 1)
    expected.push_back({samples, int(axis), 1});
  if (type.getDimSize(axis) != samples || weights.dims[3] != expected ||
      weights.offsets[axis] != 0)
    return false;
  logits = weights;
  logits.base = softmax.getInputs().front();
  return isa<RankedTensorType>(logits.base.getType());
}

/// Calls `check` for every element of a view that reads more than one place.
/// Dimensions that only broadcast, or are dynamic, are taken at index 0.
static bool checkAll(const TensorView &view,
                     llvm::function_ref<bool(ArrayRef<int64_t>)> check) {
  SmallVector<int64_t> sizes, index(view.dims.size(), 0);
  int64_t count = 1;
  for (const Factors &factors : view.dims) {
    bool isSame = llvm::all_of(
        factors, [](const Factor &factor) { return factor.isBroadcast(); });
    int64_t size = 1;
    if (!isSame)
      for (const Factor &factor : factors) {
        if (factor.extent == kDynamic)
          return false;
        size *= factor.extent;
      }
    sizes.push_back(size);
    count *= size;
  }
  for (int64_t i = 0; i < count; ++i) {
    if (!check(index))
      return false;
    for (size_t dim = index.size(); dim-- > 0;) {
      if (++index[dim] < sizes[dim])
        break;
      index[dim] = 0;
    }
  }
  return true;
}

/// The element that a view of a constant reads.
static float lookUp(const TensorView &view, ArrayRef<float> elements,
                    ArrayRef<int64_t> index) {
  auto shape = cast<RankedTensorType>(view.base.getType()).getShape();
  int64_t position = 0;
  for (auto [size, place] : llvm::zip_equal(shape, view.locate(index)))
    position = position * size + place;
  return elements[elements.size() == 1 ? 0 : position];
}

/// Whether f32 numbers only become f64.
static bool isWidening(NodeOp node) {
  return node && node.is("Cast") &&
         getElementTypeOrSelf(node.getOperand(0)).isF32() &&
         getElementTypeOrSelf(node.getOutputs()[0]).isF64();
}

/// `term`, an operand of `add`, is offsets / (W_l, H_l).
bool AttentionMatcher::matchNormalizedOffsets(NodeOp add, Value term,
                                              TensorView &offsets,
                                              std::string &reason) {
  // The division may lie behind reshapes of its result.
  Choices choices;
  choices[add] = term;
  std::optional<TensorView> view = traceGrids(choices);
  while (view) {
    auto cast = view->base.getDefiningOp<NodeOp>();
    if (!isWidening(cast))
      break;
    choices[cast] = cast.getOperand(0);
    view = traceGrids(choices);
  }
  if (!view)
    return false;
  auto node = view->base.getDefiningOp<NodeOp>();
  bool isDivision = node && node.is("Div"), isProduct = node && node.is("Mul");
  if (!isDivision && !isProduct)
    return false;
  for (unsigned index : {1u, 0u}) {
    if (isDivision && index == 0)
      break;
    std::optional<SmallVector<float>> constants =
        getFloats(node.getOperand(index));
    if (!constants)
      continue;
    choices[node] = node.getOperand(index);
    std::optional<TensorView> divisors = traceGrids(choices);
    if (!divisors || divisors->base != node.getOperand(index))
      return false;
    // Dimensions that repeat, such as size-1 levels, are compared at every
    // level and coordinate.
    bool isRight = true;
    for (int64_t l = 0; l < int64_t(levels.size()) && isRight; ++l)
      for (int64_t c = 0; c < 2 && isRight; ++c)
        isRight = checkAll(*divisors, [&](ArrayRef<int64_t> index) {
          SmallVector<int64_t> place(index);
          place[3] = l;
          place[5] = c;
          float size = float(c == 0 ? levels[l].width : levels[l].height);
          return lookUp(*divisors, *constants, place) ==
                 (isDivision ? size : 1.0f / size);
        });
    if (!isRight) {
      reason = "the offsets are not divided by the width and height of their "
               "level";
      return false;
    }
    choices[node] = node.getOperand(1 - index);
    std::optional<TensorView> numerators = traceGrids(choices);
    if (!numerators)
      return false;
    offsets = *numerators;
    return true;
  }
  reason = "the divisor of the offsets is not known at compile time";
  return false;
}

/// References do not depend on the head, and are per level or per anchor.
bool AttentionMatcher::matchReference(TensorView view, TensorView &reference,
                                      ReferenceKind &kind, AnchorOrder &order) {
  auto isSame = [](ArrayRef<Factor> factors) {
    return llvm::all_of(
        factors, [](const Factor &factor) { return factor.isBroadcast(); });
  };
  if (!isSame(view.dims[2]))
    return false;
  Factors anchors;
  order = AnchorOrder::mod;
  if (isSame(view.dims[4])) {
    kind = ReferenceKind::level;
    if (!isSame(view.dims[3]))
      anchors = view.dims[3];
  } else {
    kind = ReferenceKind::pillar;
    if (!isSame(view.dims[3]))
      return false;
    Factors factors = view.dims[4];
    if (factors.front().isBroadcast()) {
      factors.erase(factors.begin());
    } else if (factors.back().isBroadcast()) {
      factors.pop_back();
      order = AnchorOrder::div;
    }
    if (llvm::any_of(factors, [](const Factor &f) { return f.isBroadcast(); }))
      return false;
    anchors = factors;
  }
  reference = view;
  reference.dims = {view.dims[0], view.dims[1], anchors, view.dims[5]};
  return true;
}

/// reference.xy + offsets / P * reference.wh * 0.5.
bool AttentionMatcher::matchBox(NodeOp add, Value &reference, Value &offsets) {
  for (unsigned index : {0u, 1u}) {
    Choices choices;
    choices[add] = add.getOperand(index);
    std::optional<TensorView> center = traceGrids(choices);
    if (!center ||
        cast<RankedTensorType>(center->base.getType()).getShape().empty() ||
        cast<RankedTensorType>(center->base.getType()).getShape().back() != 4)
      continue;
    TensorView centerReference = *center;
    ReferenceKind kind;
    AnchorOrder order;
    if (!matchReference(*center, centerReference, kind, order) ||
        kind != ReferenceKind::level)
      continue;
    // A product of the offsets, the box's size and constants.
    Value term = add.getOperand(1 - index);
    choices[add] = term;
    float scale = 1.0f;
    bool hasSize = false;
    std::optional<TensorView> view;
    for (;;) {
      view = traceGrids(choices);
      if (!view)
        break;
      auto node = view->base.getDefiningOp<NodeOp>();
      if (!node || (!node.is("Mul") && !node.is("Div")) ||
          node.getNumOperands() != 2)
        break;
      AffineScalar function;
      if (Value inner = matchAffine(node, function)) {
        scale *= float(function.factor);
        choices[node] = inner;
        continue;
      }
      if (!node.is("Mul") || hasSize)
        break;
      for (unsigned side : {0u, 1u}) {
        choices[node] = node.getOperand(side);
        std::optional<TensorView> size = traceGrids(choices);
        if (!size || size->base != center->base || size->dims != center->dims)
          continue;
        SmallVector<int64_t> expected = center->offsets;
        expected.back() += 2;
        if (size->offsets != expected || center->offsets.back() != 0)
          continue;
        hasSize = true;
        choices[node] = node.getOperand(1 - side);
        break;
      }
      if (!hasSize)
        break;
    }
    if (!view || !hasSize || std::abs(scale * float(points) - 0.5f) > 1e-6f)
      continue;
    // All four numbers of a box.
    for (Factor &factor : centerReference.dims[3])
      factor.extent = 4;
    reference = centerReference.materialize(b);
    offsets = view->materialize(b);
    return reference && offsets;
  }
  return false;
}

bool AttentionMatcher::matchLocations(Value &reference, Value &offsets,
                                      ReferenceKind &kind, AnchorOrder &order,
                                      std::string &reason) {
  std::optional<TensorView> locations = traceGrids(Choices());
  if (!locations) {
    reason = "the sampling locations of the levels are not parts of one tensor";
    return false;
  }
  auto add = getNode(locations->base, "Add");
  if (!add) {
    reason = "the sampling locations are not a sum of reference points and "
             "offsets";
    return false;
  }
  for (unsigned index : {0u, 1u}) {
    TensorView offsetsView(add.getOutputs()[0]), referenceView = offsetsView;
    if (!matchNormalizedOffsets(add, add.getOperand(index), offsetsView,
                                reason))
      continue;
    Choices choices;
    choices[add] = add.getOperand(1 - index);
    std::optional<TensorView> view = traceGrids(choices);
    if (!view || !matchReference(*view, referenceView, kind, order)) {
      reason = "the reference points are neither per level nor per anchor";
      continue;
    }
    reference = referenceView.materialize(b);
    offsets = offsetsView.materialize(b);
    return reference && offsets;
  }
  if (matchBox(add, reference, offsets)) {
    kind = ReferenceKind::box;
    order = AnchorOrder::mod;
    return true;
  }
  if (reason.empty())
    reason = "the sampling locations are not reference points plus normalized "
             "offsets";
  return false;
}

//===----------------------------------------------------------------------===//
// Building the ops
//===----------------------------------------------------------------------===//

Value AttentionMatcher::createInit(Value value, Value perQuery) {
  RankedTensorType type = typeLike(value, {batch, queries, heads, channels});
  return createEmpty(b, type,
                     {{value, 0}, {perQuery, 1}, {value, 2}, {value, 3}});
}

static DenseI64ArrayAttr levelSizes(OpBuilder &b, ArrayRef<int64_t> sizes) {
  return b.getDenseI64ArrayAttr(sizes);
}

/// Replaces the sum by the result [N,Q,M,D].
void AttentionMatcher::finish(Value result, StringRef op) {
  TensorView view(result);
  auto type = cast<RankedTensorType>(sum.getOutputs()[0].getType());
  if (!view.transpose({0, 2, 3, 1}) || !view.reshape(type.getShape()))
    return refuse(op, "its result has more than one dynamic size");
  Value replacement = view.materialize(b);
  if (!replacement)
    return refuse(op, "its result has more than one dynamic size");
  report.raised(sum, op);
  sum.getOutputs()[0].replaceAllUsesWith(replacement);
}

bool AttentionMatcher::raiseWhole(Value value, const TensorView &weights) {
  static constexpr StringLiteral op = "bev.deformable_attention";
  TensorView logitsView = weights;
  if (!matchWeights(weights, logitsView)) {
    refuse(op, "its weights are not a softmax over levels and points");
    return false;
  }
  Value reference, offsets;
  ReferenceKind kind;
  AnchorOrder order;
  std::string reason;
  if (!matchLocations(reference, offsets, kind, order, reason)) {
    refuse(op, reason);
    return false;
  }
  reference = narrow(reference);
  offsets = narrow(offsets);
  if (!cast<ShapedType>(reference.getType()).getElementType().isF32()) {
    refuse(op, "its reference points are not f32");
    return false;
  }
  Value logits = logitsView.materialize(b);
  if (!logits) {
    refuse(op, "its logits have more than one dynamic size");
    return false;
  }
  Value init = createInit(value, logits);
  SmallVector<int64_t> sizes;
  for (const Level &level : levels)
    llvm::append_values(sizes, level.height, level.width);
  auto attention = DeformableAttentionOp::create(
      b, TypeRange(init.getType()), value, reference, offsets, logits, init,
      ValueRange(), levelSizes(b, sizes), kind, order, ScheduleAttr());
  finish(attention->getResult(0), op);
  return true;
}

void AttentionMatcher::raiseCore(Value value, const TensorView &weights) {
  static constexpr StringLiteral op = "bev.ms_deform_attn";
  Value locations = buildLocations();
  TensorView weightsView = weights;
  Value weightsValue;
  if (weightsView.reshape(
          {batch, queries, heads, int64_t(levels.size()), points}))
    weightsValue = weightsView.materialize(b);
  if (!locations || !weightsValue)
    return refuse(op, "its operands have more than one dynamic size");
  Value init = createInit(value, locations);
  SmallVector<int64_t> sizes;
  for (const Level &level : levels)
    llvm::append_values(sizes, level.height, level.width);
  auto attention = MSDeformAttnOp::create(
      b, TypeRange(init.getType()), value, locations, weightsValue, init,
      ValueRange(), levelSizes(b, sizes), ScheduleAttr());
  finish(attention->getResult(0), op);
}

void AttentionMatcher::raise() {
  if (!findProduct() || !findLevels())
    return;
  static constexpr StringLiteral op = "bev.ms_deform_attn";
  if (int64_t(levels.size()) * points > kMaxSamples)
    return refuse(op, "it has more than " + Twine(kMaxSamples) +
                          " samples per query and head");
  splitHeads();
  std::optional<TensorView> weightsView = traceWeights();
  if (!weightsView)
    return refuse(op, "its weights are not one number per query, level and "
                      "point");
  Value value = buildValue();
  if (!value)
    return refuse(op, "its value has more than one dynamic size");
  if (!raiseWhole(value, *weightsView))
    raiseCore(value, *weightsView);
}

void mlir::bev::onnx_to_bev::raiseDeformableAttention(func::FuncOp function,
                                                      RaiseReport &report) {
  SmallVector<NodeOp> sums;
  function.walk([&](NodeOp node) {
    if (node.is("ReduceSum"))
      sums.push_back(node);
  });
  for (NodeOp sum : sums)
    AttentionMatcher(sum, report).raise();
}
