// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spatial cross-attention that gathers, for each camera, the queries that it
// sees, attends, and scatters what comes out: raised to the mask form.
//
// An export of it has the number of queries that each camera saw when it was
// traced as a constant, and fails where another number is seen. What is raised
// needs no such number: it is right for every mask, and the same wherever the
// export runs.

#include "IndexLists.h"
#include "SpatialCrossAttention.h"
#include "Visibility.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr StringLiteral kOp = kSpatialCrossAttention;

//===----------------------------------------------------------------------===//
// The sum over cameras
//===----------------------------------------------------------------------===//

namespace {
/// What one camera adds to the queries of one batch row.
struct Contribution {
  int64_t batchRow;
  /// The row of the attention's batch.
  int64_t row;
  /// Query `list[i]` gets result i, for `count` of them.
  IndexList list;
  int64_t count;
};

class RebatchedForm {
public:
  RebatchedForm(const CameraSum &candidate, RaiseReport &report)
      : sum(candidate.sum), division(candidate.division), report(report),
        b(sum.getLoc(), sum) {
    if (division)
      b.setInsertionPoint(division);
  }

  void raise();

private:
  bool findContributions();
  bool matchContribution(NodeOp scatter);
  bool matchResults(Value value, Contribution &contribution);
  bool matchQueries(Value value, Value previous, const IndexList &list);
  bool findRows();

  Value gatherAgain(Value value, const Layout &layout);
  std::optional<TensorView> matchGathered(Value value,
                                          const Contribution &contribution,
                                          ArrayRef<int64_t> rest);
  const Contribution *getContribution(int64_t row) const;

  bool buildVisible();
  std::optional<TensorView> getListed(const Contribution &contribution);
  Value buildConstantVisible();
  bool isDividedByCount(bool &isClamped);
  Value buildCount(Value visibleValue);

  bool refuse(const Twine &reason) {
    report.refused(sum, kOp, reason);
    return false;
  }

  NodeOp sum, division;
  RaiseReport &report;
  ImplicitLocOpBuilder b;

  DeformableAttentionOp attention;
  std::vector<Contribution> contributions;
  CameraRows rows;
  int64_t queries = 0, slots = 0, heads = 0, channels = 0, anchors = 0;
  /// [B,N,Q,Z], and the view of it by any anchor that the count is compared
  /// with; no view where the lists are constants.
  Value visible;
  std::optional<TensorView> anyVisible;
};
} // namespace

/// Results 0 to count - 1 of one row of the attention: [count, C].
bool RebatchedForm::matchResults(Value value, Contribution &contribution) {
  TensorView view = trace(value);
  auto found = getPillarAttention(view);
  if (!found || (attention && found != attention))
    return false;
  auto type = cast<RankedTensorType>(found->getResult(0).getType());
  if (!type.hasStaticShape() ||
      !view.reshape(
          {contribution.count, type.getDimSize(2), type.getDimSize(3)}))
    return false;
  attention = found;
  contribution.row = view.offsets[0];
  TensorView expected(view.base);
  return expected.slice(0, contribution.row, 1) &&
         expected.slice(1, 0, contribution.count) &&
         expected.reshape(view.getShape()) && expected == view;
}

/// What the queries of the list had before.
bool RebatchedForm::matchQueries(Value value, Value previous,
                                 const IndexList &list) {
  if (isZeros(value) && isZeros(previous))
    return true;
  auto gather = getNode(stripInOrder(value), "Gather");
  if (!gather)
    return false;
  auto found = matchList(gather.getOperand(1));
  if (!found || !(*found == list))
    return false;
  if (isZeros(gather.getOperand(0)) && isZeros(previous))
    return true;
  // One batch row of what was there, by queries.
  auto type = dyn_cast<RankedTensorType>(previous.getType());
  TensorView source = trace(gather.getOperand(0));
  int64_t axis = gather.intAttr("axis", 0);
  axis += axis < 0 ? int64_t(source.dims.size()) : 0;
  if (!type || type.getRank() < 2 || axis < 0 ||
      axis >= int64_t(source.dims.size()) || source.getSize(axis) != queries)
    return false;
  for (int64_t dim = 0; dim < axis; ++dim)
    if (source.getSize(dim) != 1)
      return false;
  TensorView expected = trace(previous);
  return expected.slice(0, contributions.back().batchRow, 1) &&
         expected.reshape(source.getShape()) && expected == source;
}

/// slots[j, list] = slots[j, list] + results of a row.
bool RebatchedForm::matchContribution(NodeOp scatter) {
  Contribution contribution;
  SmallVector<int64_t> leading;
  if (!isAssignment(scatter) ||
      !matchColumns(scatter.getOperand(1), 1, leading, contribution.list))
    return false;
  contribution.batchRow = leading[0];
  Value update = stripInOrder(scatter.getOperand(2));
  auto updateType = dyn_cast<RankedTensorType>(update.getType());
  int64_t size = heads * channels;
  if (!updateType || !updateType.hasStaticShape() || size == 0 ||
      updateType.getNumElements() % size != 0)
    return false;
  contribution.count = updateType.getNumElements() / size;
  contributions.push_back(contribution);
  Value previous = scatter.getOperand(0);
  auto add = getNode(update, "Add");
  if (!add)
    return isZeros(previous) && matchResults(update, contributions.back());
  for (unsigned index : {0u, 1u}) {
    if (add.getOperand(1 - index).getType() != update.getType() ||
        !matchResults(add.getOperand(1 - index), contributions.back()))
      continue;
    return matchQueries(add.getOperand(index), previous, contribution.list);
  }
  return false;
}

/// Follows the sum up from its last ScatterND. False without a report where the
/// node is no such sum.
bool RebatchedForm::findContributions() {
  auto type = dyn_cast<RankedTensorType>(sum.getOutputs()[0].getType());
  if (!type || !type.hasStaticShape() || type.getRank() != 3)
    return false;
  rows.batch = type.getDimSize(0);
  queries = type.getDimSize(1);
  heads = 1;
  channels = type.getDimSize(2);
  // Of a chain, only the last is one.
  for (Operation *user : sum->getUsers())
    if (auto node = dyn_cast<NodeOp>(user))
      if (node.is("ScatterND") && node.getOperand(0) == sum.getOutputs()[0])
        return false;
  Value value = sum.getOutputs()[0];
  while (auto scatter = getNode(value, "ScatterND")) {
    if (!matchContribution(scatter))
      return attention && refuse("what is scattered is not the sum of what was "
                                 "there and the attention's results");
    value = scatter.getOperand(0);
  }
  if (!attention)
    return false;
  return isZeros(value) || refuse("the sum over cameras does not begin with 0");
}

/// Each batch row and camera contributes once.
bool RebatchedForm::findRows() {
  auto type = cast<RankedTensorType>(attention->getResult(0).getType());
  if (type.getDimSize(0) % rows.batch != 0)
    return refuse("the attention's batch is not cameras of each batch row");
  rows.cameras = type.getDimSize(0) / rows.batch;
  slots = type.getDimSize(1);
  heads = type.getDimSize(2);
  channels = type.getDimSize(3);
  anchors =
      cast<RankedTensorType>(attention.getReference().getType()).getDimSize(2);
  if (slots == 1)
    return refuse("at most one query was seen by each camera when the model "
                  "was exported");
  bool isConstant = contributions.front().list.isConstant();
  SmallVector<bool> isSeen(type.getDimSize(0), false);
  for (Contribution &contribution : contributions) {
    if (contribution.row / rows.cameras != contribution.batchRow ||
        isSeen[contribution.row])
      return refuse("a camera of a batch row is not summed exactly once");
    isSeen[contribution.row] = true;
    if (contribution.list.isConstant() != isConstant)
      return refuse(
          "the queries of some cameras are constants, those of others "
          "are not");
    if (!isConstant)
      continue;
    SmallVector<bool> isListed(queries, false);
    for (int64_t &query : contribution.list.constants) {
      query += query < 0 ? queries : 0;
      if (query < 0 || query >= queries || isListed[query])
        return refuse("a camera's list of queries has one twice, or one that "
                      "does not exist");
      isListed[query] = true;
    }
    if (int64_t(contribution.list.constants.size()) != contribution.count)
      return refuse("a camera's list of queries is not as long as what it "
                    "scatters");
  }
  if (!isConstant && llvm::is_contained(isSeen, false))
    return refuse("a camera of a batch row is not summed exactly once");
  return true;
}

const Contribution *RebatchedForm::getContribution(int64_t row) const {
  auto found = llvm::find_if(
      contributions, [&](const Contribution &c) { return c.row == row; });
  return found == contributions.end() ? nullptr : &*found;
}

//===----------------------------------------------------------------------===//
// What was gathered
//===----------------------------------------------------------------------===//

/// rebatched[0 to count - 1] = source[list], where `value` is all of that: the
/// source [Q, ...] if the list is that of the contribution.
std::optional<TensorView>
RebatchedForm::matchGathered(Value value, const Contribution &contribution,
                             ArrayRef<int64_t> rest) {
  auto gather = getNode(stripInOrder(value), "Gather");
  if (!gather || !isa<RankedTensorType>(gather.getOperand(0).getType()))
    return std::nullopt;
  auto list = matchList(gather.getOperand(1));
  TensorView source = trace(gather.getOperand(0));
  int64_t axis = gather.intAttr("axis", 0);
  axis += axis < 0 ? int64_t(source.dims.size()) : 0;
  if (!list || axis < 0 || axis >= int64_t(source.dims.size()))
    return std::nullopt;
  for (int64_t &query : list->constants)
    query += query < 0 ? queries : 0;
  for (int64_t dim = 0; dim < axis; ++dim)
    if (source.getSize(dim) != 1)
      return std::nullopt;
  SmallVector<int64_t> shape = {queries};
  llvm::append_range(shape, rest);
  if (!(*list == contribution.list) || source.getSize(axis) != queries ||
      !source.reshape(shape))
    return std::nullopt;
  return source;
}

/// For a tensor of gathered rows [rows, slots, ...], the rows in one dimension
/// or more: what they were gathered from, by batch rows if that is the same for
/// all cameras, else by rows, as the layout asks for.
Value RebatchedForm::gatherAgain(Value value, const Layout &layout) {
  auto node = value.getDefiningOp<NodeOp>();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!node || (!node.is("ScatterND") && !node.is("Concat")) || !type ||
      !type.hasStaticShape())
    return Value();
  // Whole dimensions of rows, then that of slots.
  SmallVector<Digit> leading;
  SmallVector<int64_t> rowShape;
  const Digit slotDigit = {slots, queries, true};
  int64_t dim = 0, rank = type.getRank(), total = rows.batch * rows.cameras;
  for (; dim < rank && !(layout[dim] == SmallVector<Digit, 2>{slotDigit});
       ++dim) {
    llvm::append_range(leading, layout[dim]);
    rowShape.push_back(type.getDimSize(dim));
  }
  int64_t numRows = 1;
  bool isPerCamera = true;
  for (const Digit &digit : leading) {
    numRows *= digit.extent;
    isPerCamera &= !digit.isResized;
  }
  if (dim == rank || numRows != total ||
      (!isPerCamera &&
       ArrayRef<Digit>(leading) != ArrayRef<Digit>(rows.getLayout())))
    return Value();
  for (int64_t i = dim + 1; i < rank; ++i)
    for (const Digit &digit : layout[i])
      if (digit.isResized)
        return Value();

  SmallVector<TensorView> perBatchRow, sources;
  for (int64_t row = 0; row < total; ++row) {
    const Contribution *contribution = getContribution(row);
    if (contribution) {
      SmallVector<int64_t> starts(rank, 0), sizes(type.getShape());
      int64_t rest = row;
      for (size_t i = rowShape.size(); i-- > 0;) {
        starts[i] = rest % rowShape[i];
        sizes[i] = 1;
        rest /= rowShape[i];
      }
      sizes[dim] = contribution->count;
      Value part = findPart(value, starts, sizes);
      std::optional<TensorView> source;
      if (part)
        source = matchGathered(part, *contribution,
                               type.getShape().drop_front(dim + 1));
      if (!source)
        return Value();
      sources.push_back(std::move(*source));
    } else if (isPerCamera) {
      // No other camera's points stand for those of this one.
      return Value();
    }
    if ((row + 1) % rows.cameras != 0)
      continue;
    if (sources.empty() || (!isPerCamera && !llvm::all_equal(sources)))
      return Value();
    if (!isPerCamera)
      sources.resize(1, sources.front());
    std::optional<TensorView> stacked = stack(sources);
    if (!stacked)
      return Value();
    perBatchRow.push_back(std::move(*stacked));
    sources.clear();
  }
  std::optional<TensorView> stacked = stack(perBatchRow);
  if (!stacked || !stacked->reshape(getNewShape(layout)))
    return Value();
  return stacked->materialize(b);
}

//===----------------------------------------------------------------------===//
// Visibility
//===----------------------------------------------------------------------===//

/// [B,N,Q,1], true for the queries of constant lists.
Value RebatchedForm::buildConstantVisible() {
  SmallVector<bool> bits(rows.batch * rows.cameras * queries, false);
  for (const Contribution &contribution : contributions)
    for (int64_t query : contribution.list.constants)
      bits[contribution.row * queries + query] = true;
  auto type = RankedTensorType::get({rows.batch, rows.cameras, queries, 1},
                                    b.getI1Type());
  return onnx::ConstantOp::create(
      b, type, cast<ElementsAttr>(DenseElementsAttr::get(type, bits)));
}

bool RebatchedForm::buildVisible() {
  if (contributions.front().list.isConstant()) {
    TensorView view(buildConstantVisible());
    visible = spreadOverAnchors(view, anchors)->materialize(b);
    return true;
  }
  SmallVector<TensorView> perBatchRow;
  for (int64_t row = 0; row < rows.batch; ++row) {
    SmallVector<TensorView> perCamera;
    for (int64_t camera = 0; camera < rows.cameras; ++camera) {
      Value listed =
          getContribution(row * rows.cameras + camera)->list.nonZeroOf;
      std::optional<TensorView> any = matchAny(trace(listed));
      if (!any || any->dims.size() != 2 || any->getSize(0) != queries)
        return refuse("the list of queries of a camera is not that of those "
                      "that it sees");
      perCamera.push_back(*any);
    }
    std::optional<TensorView> stacked = stack(perCamera);
    if (!stacked)
      return refuse("the masks of the cameras are not parts of one tensor");
    perBatchRow.push_back(*stacked);
  }
  anyVisible = stack(perBatchRow);
  if (!anyVisible)
    return refuse("the masks of the batch rows are not parts of one tensor");
  std::optional<TensorView> perAnchor = spreadOverAnchors(*anyVisible, anchors);
  if (!perAnchor)
    return refuse("the masks have another number of anchors than the reference "
                  "points");
  visible = perAnchor->materialize(b);
  return true;
}

/// Whether the sum is divided by the number of cameras that see each query.
bool RebatchedForm::isDividedByCount(bool &isClamped) {
  if (!division || !anyVisible)
    return false;
  SmallVector<int64_t> resultShape = {rows.batch, queries, heads, channels};
  auto type = cast<RankedTensorType>(division.getOutputs()[0].getType());
  TensorView quotient = trace(division.getOperand(0)), result = quotient;
  std::optional<ClampedCount> count = matchClampedCount(division.getOperand(1));
  if (!count || !quotient.broadcast(type.getShape()))
    return false;
  // The sum [B,Q,C] as the op's result.
  result.base = Value();
  result.offsets.assign(4, 0);
  result.dims.assign(3, Factors());
  auto add = [&](int dim, int64_t extent, int source) {
    if (extent != 1)
      result.dims[dim].push_back({extent, source, 1});
  };
  add(0, rows.batch, 0);
  add(1, queries, 1);
  add(2, heads, 2);
  add(2, channels, 3);
  std::optional<TensorView> composed = quotient.composeWith(result);
  if (!composed)
    return false;
  std::optional<TensorView> counted =
      countedByCamera(count->counted, *composed, resultShape, rows.cameras);
  if (counted)
    counted = matchAny(*counted);
  isClamped = count->isClamped;
  return counted && *counted == *anyVisible;
}

/// The number of cameras [B,Q,1], at least 1, that hit by `visible`.
Value RebatchedForm::buildCount(Value like) {
  auto type = typeLike(like, {rows.batch, queries, 1});
  auto constant = [&](RankedTensorType type, ArrayRef<float> numbers) -> Value {
    SmallVector<Attribute> attributes;
    for (float number : numbers)
      attributes.push_back(b.getFloatAttr(type.getElementType(), number));
    return onnx::ConstantOp::create(
        b, type, cast<ElementsAttr>(DenseElementsAttr::get(type, attributes)));
  };
  if (contributions.front().list.isConstant()) {
    SmallVector<float> counts(rows.batch * queries, 0.0f);
    for (const Contribution &contribution : contributions)
      for (int64_t query : contribution.list.constants)
        counts[contribution.batchRow * queries + query] += 1.0f;
    for (float &count : counts)
      count = std::max(count, 1.0f);
    return constant(type, counts);
  }
  auto reduce = [&](StringRef name, Value value, int64_t axis,
                    ArrayRef<int64_t> shape) {
    return createNode(b, name, {value, createIntegers(b, axis)},
                      typeLike(value, shape),
                      b.getNamedAttr("keepdims", b.getI64IntegerAttr(0)));
  };
  auto maskType = typeLike(like, {rows.batch, rows.cameras, queries, anchors});
  // ONNX's FLOAT, FLOAT16 and BFLOAT16.
  Type element = type.getElementType();
  int64_t to = element.isF32() ? 1 : element.isF16() ? 10 : 16;
  Value mask = createNode(b, "Cast", visible, maskType,
                          b.getNamedAttr("to", b.getI64IntegerAttr(to)));
  Value hit = reduce("ReduceMax", mask, 3, {rows.batch, rows.cameras, queries});
  Value count = reduce("ReduceSum", hit, 1, {rows.batch, queries});
  Value one = constant(RankedTensorType::get({}, element), 1.0f);
  Value clamped = createNode(b, "Max", {count, one}, count.getType());
  return createReshape(b, clamped, type.getShape());
}

//===----------------------------------------------------------------------===//
// Raising
//===----------------------------------------------------------------------===//

void RebatchedForm::raise() {
  if (!findContributions() || !findRows() || !buildVisible())
    return;
  bool isClamped = false, isMean = isDividedByCount(isClamped);
  if (isMean && !isClamped)
    return (void)refuse("the number of cameras that see a query is not clamped "
                        "to at least 1");

  auto gatherLeaf = [&](Value value, const Layout &layout) {
    return gatherAgain(value, layout);
  };
  Resizing resizing(b, gatherLeaf);
  auto getLayout = [&](Value value, bool isShared) {
    Layout layout =
        keepLayout(cast<RankedTensorType>(value.getType()).getShape());
    if (isShared)
      layout[0] = rows.getLayout();
    layout[1] = {{slots, queries, true}};
    return layout;
  };
  auto resize = [&](Value value, bool isShared) {
    return resizing.resize(value, getLayout(value, isShared));
  };
  Value reference = resize(attention.getReference(), false);
  if (!reference)
    return (void)refuse("its reference points are not gathered by the same "
                        "lists as its results are scattered by");
  Value offsets = resize(attention.getOffsets(), true),
        logits = resize(attention.getLogits(), true);
  if (!offsets || !logits)
    return (void)refuse("its queries are not gathered by the same lists as its "
                        "results are scattered by");
  TensorView value = trace(attention.getValue()), uv = trace(reference);
  Value valueOperand, uvOperand;
  if (rows.split(value) && rows.split(uv)) {
    valueOperand = value.materialize(b);
    uvOperand = uv.materialize(b);
  }
  if (!valueOperand || !uvOperand || !visible)
    return (void)refuse("its operands are no views of the attention's");
  auto op = createSpatialCrossAttention(b, attention, valueOperand, uvOperand,
                                        visible, offsets, logits);
  auto type = cast<RankedTensorType>(sum.getOutputs()[0].getType());
  Value result = createReshape(b, op->getResult(0), type.getShape());
  report.absorbed(attention.getLoc(), "bev.deformable_attention");
  report.raised(sum, kOp);
  if (!isMean) {
    // The graph divides by another number, or not at all: the op gives the sum
    // when it is multiplied by what the op divides by.
    Value total =
        createNode(b, "Mul", {result, buildCount(result)}, result.getType());
    sum.getOutputs()[0].replaceAllUsesWith(total);
    return;
  }
  TensorView quotient = trace(division.getOperand(0));
  quotient.base = result;
  quotient.broadcast(
      cast<RankedTensorType>(division.getOutputs()[0].getType()).getShape());
  division.getOutputs()[0].replaceAllUsesWith(quotient.materialize(b));
}

void mlir::bev::onnx_to_bev::raiseRebatchedForm(const CameraSum &candidate,
                                                RaiseReport &report) {
  RebatchedForm(candidate, report).raise();
}
