// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators with subgraphs: If, Loop, Scan.

#include "Lowering.h"
#include "Scalars.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

/// The value with another shape; null where the shapes contradict.
static Value castTo(ImplicitLocOpBuilder &b, Value value, Type type) {
  if (!value || value.getType() == type)
    return value;
  if (!tensor::CastOp::areCastCompatible(value.getType(), type))
    return Value();
  return tensor::CastOp::create(b, type, value);
}

/// A truth value that is known at compile time.
static std::optional<bool> getTruth(Value tensor) {
  DenseElementsAttr constant;
  if (!tensor || !matchPattern(tensor, m_Constant(&constant)) ||
      constant.getNumElements() != 1 || !constant.getElementType().isInteger(1))
    return std::nullopt;
  return *constant.getValues<bool>().begin();
}

static Value readTruth(Scalars &s, Value tensor) {
  SmallVector<Value> zeros(cast<RankedTensorType>(tensor.getType()).getRank(),
                           s.index(0));
  return s.extract(tensor, zeros);
}

static Value buildTensor(ImplicitLocOpBuilder &b, Value scalar) {
  return tensor::FromElementsOp::create(
      b, RankedTensorType::get({}, scalar.getType()), scalar);
}

static LogicalResult lowerIf(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Block *blocks[] = {l.subgraph("then_branch"), l.subgraph("else_branch")};
  unsigned count = l.node.getOutputs().size();
  for (Block *block : blocks)
    if (!block || block->getNumArguments() != 0 ||
        block->getTerminator()->getNumOperands() != count)
      return l.unsupported("two branches with as many outputs as it has are "
                           "expected");
  if (std::optional<bool> truth = getTruth(l.input(0))) {
    SmallVector<Value> values = l.inlineBlock(*blocks[*truth ? 0 : 1], {}, b);
    for (auto [i, value] : llvm::enumerate(values))
      if (l.node.isOutputUsed(i))
        l.setResult(i, value);
    return success();
  }
  SmallVector<unsigned> used;
  SmallVector<Type> types;
  for (unsigned i = 0; i < count; ++i)
    if (l.node.isOutputUsed(i)) {
      used.push_back(i);
      types.push_back(l.resultType(i));
    }
  Scalars s(b);
  auto branch = scf::IfOp::create(b, types, readTruth(s, l.input(0)),
                                  /*withElseRegion=*/true);
  for (auto [block, region] : llvm::zip(blocks, branch->getRegions())) {
    if (region.front().mightHaveTerminator())
      region.front().getTerminator()->erase();
    ImplicitLocOpBuilder inner(b.getLoc(), b.getContext());
    inner.setInsertionPointToEnd(&region.front());
    SmallVector<Value> values = l.inlineBlock(*block, {}, inner), yielded;
    inner.setInsertionPointToEnd(&region.front());
    for (auto [i, type] : llvm::zip_equal(used, types)) {
      yielded.push_back(castTo(inner, values[i], type));
      if (!yielded.back())
        return l.unsupported("a branch's output " + Twine(i) +
                             " has another type than its own");
    }
    scf::YieldOp::create(inner, yielded);
  }
  for (auto [i, value] : llvm::zip_equal(used, branch.getResults()))
    l.setResult(i, value);
  return success();
}

namespace {
/// A loop that carries values and stacks up what its iterations yield.
class LoopBuilder {
public:
  LoopBuilder(Lowering &l, Block &body, unsigned numCarried)
      : l(l), body(body), numCarried(numCarried) {}

  /// Types of what is carried and of what is stacked; the values at the start.
  /// `rows` is the number of iterations where that is known before the loop.
  /// Each stack grows along its axis, from the end where `fromEnd` is not 0.
  LogicalResult init(ValueRange initial, unsigned firstArgument,
                     unsigned firstYield, std::optional<Value> rows,
                     ArrayRef<int64_t> axes, ArrayRef<int64_t> fromEnd);
  /// What the next iteration gets: from the yields of this one, the
  /// `iteration`th.
  FailureOr<SmallVector<Value>> next(ImplicitLocOpBuilder &b,
                                     ArrayRef<Value> yields, Value iteration,
                                     ValueRange state);
  /// Emits the loop: at most `limit` iterations (any number where null), and as
  /// long as `condition` holds (null: always). `step` emits one and returns the
  /// next condition, then the next state.
  using Step = llvm::function_ref<FailureOr<SmallVector<Value>>(
      ImplicitLocOpBuilder &, Value iteration, Value condition,
      ValueRange state)>;
  LogicalResult emit(Value limit, Value condition, Step step);

private:
  Lowering &l;
  Block &body;
  unsigned numCarried, firstYield = 0;
  SmallVector<Value> initial;
  SmallVector<Type> types;
  SmallVector<int64_t> axes, fromEnd;
  std::optional<Value> rows;
  /// Whether a stack has all its rows from the start.
  SmallVector<bool> isWhole;
};
} // namespace

/// A type of which both are refinements.
static RankedTensorType generalize(RankedTensorType a, RankedTensorType b) {
  SmallVector<int64_t> shape;
  for (auto [x, y] : llvm::zip_equal(a.getShape(), b.getShape()))
    shape.push_back(x == y ? x : ShapedType::kDynamic);
  return RankedTensorType::get(shape, a.getElementType());
}

LogicalResult LoopBuilder::init(ValueRange starts, unsigned firstArgument,
                                unsigned yieldStart,
                                std::optional<Value> numRows,
                                ArrayRef<int64_t> stackAxes,
                                ArrayRef<int64_t> stackFromEnd) {
  ImplicitLocOpBuilder &b = l.b;
  firstYield = yieldStart;
  rows = numRows;
  axes.assign(stackAxes.begin(), stackAxes.end());
  fromEnd.assign(stackFromEnd.begin(), stackFromEnd.end());
  for (unsigned i = 0; i < numCarried; ++i) {
    // What the start, the body and the node say about the shape must all hold.
    auto type = cast<RankedTensorType>(starts[i].getType());
    Type argument = convertType(body.getArgument(firstArgument + i).getType());
    Type yielded =
        convertType(body.getTerminator()->getOperand(firstYield + i).getType());
    Type result = convertType(l.node.getOutputs()[i].getType());
    for (Type other : {argument, yielded, result}) {
      auto ranked = dyn_cast_if_present<RankedTensorType>(other);
      if (!ranked)
        continue;
      if (ranked.getRank() != type.getRank() ||
          ranked.getElementType() != type.getElementType())
        return l.unsupported("the rank or element type of its carried value " +
                             Twine(i) + " changes");
      type = generalize(type, ranked);
    }
    types.push_back(type);
    initial.push_back(castTo(b, starts[i], type));
  }
  for (unsigned i = numCarried; i < l.node.getOutputs().size(); ++i) {
    Type yielded =
        convertType(body.getTerminator()->getOperand(firstYield + i).getType());
    auto row = dyn_cast_if_present<RankedTensorType>(yielded);
    if (!row)
      return l.unsupported("the rank of its scan output " +
                           Twine(i - numCarried) + " is unknown");
    std::optional<int64_t> axis =
        normalizeAxis(axes[i - numCarried], row.getRank() + 1);
    if (!axis)
      return l.unsupported("the axis of its scan output " +
                           Twine(i - numCarried) + " is out of range");
    axes[i - numCarried] = *axis;
    isWhole.push_back(rows && row.hasStaticShape());
    SmallVector<OpFoldResult> sizes;
    for (int64_t size : row.getShape())
      sizes.push_back(b.getIndexAttr(ShapedType::isDynamic(size) ? 0 : size));
    sizes.insert(sizes.begin() + *axis, isWhole.back()
                                            ? getAsOpFoldResult(*rows)
                                            : OpFoldResult(b.getIndexAttr(0)));
    SmallVector<int64_t> shape(row.getShape());
    std::optional<int64_t> known = getConstantIntValue(sizes[*axis]);
    shape.insert(shape.begin() + *axis,
                 isWhole.back() && known ? *known : ShapedType::kDynamic);
    types.push_back(RankedTensorType::get(shape, row.getElementType()));
    initial.push_back(
        castTo(b, buildEmpty(b, sizes, row.getElementType()), types.back()));
  }
  return success();
}

FailureOr<SmallVector<Value>> LoopBuilder::next(ImplicitLocOpBuilder &b,
                                                ArrayRef<Value> yields,
                                                Value iteration,
                                                ValueRange state) {
  SmallVector<Value> values;
  for (unsigned i = 0; i < types.size(); ++i) {
    Value yielded = yields[firstYield + i];
    if (i < numCarried) {
      values.push_back(castTo(b, yielded, types[i]));
      if (!values.back())
        return l.unsupported("the shape of its carried value " + Twine(i) +
                             " changes in a way that its type denies");
      continue;
    }
    // One more row: put into its place, or beside a copy of those before.
    int64_t axis = axes[i - numCarried];
    bool isFromEnd = fromEnd[i - numCarried] != 0;
    Scalars s(b);
    SmallVector<OpFoldResult> row = sizesOf(b, b.getLoc(), yielded);
    SmallVector<OpFoldResult> offsets(row.size() + 1, b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(row.size() + 1, b.getIndexAttr(1));
    SmallVector<OpFoldResult> sizes(row);
    Value stack = state[i];
    OpFoldResult place = iteration;
    if (isWhole[i - numCarried] && isFromEnd) {
      place = s.sub(s.sub(*rows, s.index(1)), iteration);
    } else if (!isWhole[i - numCarried]) {
      sizes.insert(sizes.begin() + axis, s.add(iteration, s.index(1)));
      Value longer =
          buildEmpty(b, sizes, getElementTypeOrSelf(stack.getType()));
      if (isFromEnd) {
        place = b.getIndexAttr(0);
        offsets[axis] = b.getIndexAttr(1);
      }
      longer = tensor::InsertSliceOp::create(
          b, stack, longer, offsets, sizesOf(b, b.getLoc(), stack), strides);
      stack = longer;
      sizes.erase(sizes.begin() + axis);
    }
    offsets[axis] = place;
    sizes.insert(sizes.begin() + axis, b.getIndexAttr(1));
    Value joined = tensor::InsertSliceOp::create(b, yielded, stack, offsets,
                                                 sizes, strides);
    values.push_back(castTo(b, joined, types[i]));
  }
  return values;
}

LogicalResult LoopBuilder::emit(Value limit, Value condition, Step step) {
  ImplicitLocOpBuilder &b = l.b;
  Scalars s(b);
  LogicalResult status = success();
  ValueRange results;
  // Folders of scf.for take the shape of a value at the start for its shape in
  // all iterations.
  bool keepsShapes = llvm::none_of(initial, [](Value value) {
    return value.getDefiningOp<tensor::CastOp>();
  });
  if (!condition && keepsShapes) {
    results =
        scf::ForOp::create(b, s.index(0), limit, s.index(1), initial,
                           [&](OpBuilder &inner, Location loc, Value iteration,
                               ValueRange state) {
                             ImplicitLocOpBuilder b(loc, inner);
                             Scalars s(b);
                             FailureOr<SmallVector<Value>> next =
                                 step(b, iteration, s.boolean(true), state);
                             status = LogicalResult(next);
                             if (succeeded(status))
                               scf::YieldOp::create(
                                   b, ArrayRef<Value>(*next).drop_front());
                           })
            .getResults();
  } else {
    SmallVector<Value> inits{s.index(0),
                             condition ? condition : s.boolean(true)};
    llvm::append_range(inits, initial);
    SmallVector<Type> stateTypes =
        llvm::to_vector(ValueRange(inits).getTypes());
    results = scf::WhileOp::create(
                  b, stateTypes, inits,
                  [&](OpBuilder &inner, Location loc, ValueRange state) {
                    ImplicitLocOpBuilder b(loc, inner);
                    Scalars s(b);
                    Value goes = state[1];
                    if (limit)
                      goes = s.both(goes, s.lt(state[0], limit));
                    scf::ConditionOp::create(b, goes, state);
                  },
                  [&](OpBuilder &inner, Location loc, ValueRange state) {
                    ImplicitLocOpBuilder b(loc, inner);
                    Scalars s(b);
                    FailureOr<SmallVector<Value>> next =
                        step(b, state[0], state[1], state.drop_front(2));
                    status = LogicalResult(next);
                    if (failed(status))
                      return;
                    next->insert(next->begin(), s.add(state[0], s.index(1)));
                    scf::YieldOp::create(b, *next);
                  })
                  .getResults()
                  .drop_front(2);
  }
  if (failed(status))
    return failure();
  for (auto [i, value] : llvm::enumerate(results))
    if (l.node.isOutputUsed(i))
      l.setResult(i, value);
  return success();
}

/// Whether the loop's condition stays true: it is passed on, or constant.
static bool staysTrue(Block &body) {
  Value next = body.getTerminator()->getOperand(0);
  while (auto node = next.getDefiningOp<onnx::NodeOp>()) {
    if (!node.is("Identity") || node.getInputs().size() != 1)
      return false;
    next = node.getInputs().front();
  }
  if (next == body.getArgument(1))
    return true;
  auto constant = next.getDefiningOp<onnx::ConstantOp>();
  auto truth =
      constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : nullptr;
  return truth && truth.getElementType().isInteger(1) && truth.isSplat() &&
         truth.getSplatValue<bool>();
}

static LogicalResult lowerLoop(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Block *body = l.subgraph("body");
  unsigned numCarried = std::max(l.numInputs(), 2u) - 2;
  unsigned numOutputs = l.node.getOutputs().size();
  if (!body || body->getNumArguments() != numCarried + 2 ||
      body->getTerminator()->getNumOperands() != numOutputs + 1 ||
      numOutputs < numCarried)
    return l.unsupported("its body has another number of inputs or outputs");
  SmallVector<Value> starts;
  for (unsigned i = 0; i < numCarried; ++i) {
    starts.push_back(l.input(i + 2));
    if (!starts.back())
      return l.unsupported("a carried value has no start");
  }
  Scalars s(b);
  Value condition = l.input(1);
  bool isCounted = l.input(0) && staysTrue(*body) &&
                   (!condition || getTruth(condition).value_or(false));
  Value limit;
  if (l.input(0))
    limit = s.max(toIndexValue(b, readIntegers(b, l.input(0), 1).front()),
                  s.index(0));
  LoopBuilder loop(l, *body, numCarried);
  SmallVector<int64_t> zeros(numOutputs - numCarried, 0);
  if (failed(loop.init(starts, 2, 1,
                       isCounted ? std::optional(limit) : std::nullopt, zeros,
                       zeros)))
    return failure();

  auto step = [&](ImplicitLocOpBuilder &b, Value iteration, Value go,
                  ValueRange state) -> FailureOr<SmallVector<Value>> {
    Value number = arith::IndexCastOp::create(b, b.getI64Type(), iteration);
    SmallVector<Value> arguments{buildTensor(b, number), buildTensor(b, go)};
    llvm::append_range(arguments, state.take_front(numCarried));
    SmallVector<Value> yields = l.inlineBlock(*body, arguments, b);
    FailureOr<SmallVector<Value>> next = loop.next(b, yields, iteration, state);
    if (failed(next))
      return failure();
    Scalars s(b);
    next->insert(next->begin(), isCounted ? go : readTruth(s, yields.front()));
    return next;
  };
  Value start;
  if (!isCounted)
    start = condition ? readTruth(s, condition) : s.boolean(true);
  return loop.emit(limit, start, step);
}

static LogicalResult lowerScan(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Block *body = l.subgraph("body");
  int64_t numScanned = l.node.intAttr("num_scan_inputs", 0);
  if (l.node.getVersion() < 9)
    return l.unsupported("operator sets before 9 are not supported");
  int64_t numCarried = int64_t(l.numInputs()) - numScanned;
  unsigned numOutputs = l.node.getOutputs().size();
  if (!body || numScanned < 1 || numCarried < 0 ||
      body->getNumArguments() != l.numInputs() ||
      body->getTerminator()->getNumOperands() != numOutputs ||
      int64_t(numOutputs) < numCarried)
    return l.unsupported("its body has another number of inputs or outputs");
  int64_t numStacks = numOutputs - numCarried;
  auto list = [&](StringRef name, int64_t size) {
    std::optional<SmallVector<int64_t>> given = l.node.intsAttr(name);
    return given ? *given : SmallVector<int64_t>(size, 0);
  };
  SmallVector<int64_t> inputAxes = list("scan_input_axes", numScanned),
                       inputDirections =
                           list("scan_input_directions", numScanned),
                       outputAxes = list("scan_output_axes", numStacks),
                       outputDirections =
                           list("scan_output_directions", numStacks);
  if (int64_t(inputAxes.size()) != numScanned ||
      int64_t(inputDirections.size()) != numScanned ||
      int64_t(outputAxes.size()) != numStacks ||
      int64_t(outputDirections.size()) != numStacks)
    return l.unsupported("its axes and directions differ in number from its "
                         "inputs and outputs");
  SmallVector<Value> starts, scanned;
  for (unsigned i = 0; i < l.numInputs(); ++i) {
    if (!l.input(i))
      return l.unsupported("an input is left out");
    (i < numCarried ? starts : scanned).push_back(l.input(i));
  }
  for (auto [axis, input] : llvm::zip_equal(inputAxes, scanned)) {
    std::optional<int64_t> normal =
        normalizeAxis(axis, cast<RankedTensorType>(input.getType()).getRank());
    if (!normal)
      return l.unsupported("a scan input's axis is out of range");
    axis = *normal;
  }
  Scalars s(b);
  Value count = toIndexValue(
      b, sizesOf(b, b.getLoc(), scanned.front())[inputAxes.front()]);
  LoopBuilder loop(l, *body, numCarried);
  if (failed(loop.init(starts, 0, 0, count, outputAxes, outputDirections)))
    return failure();
  auto step = [&](ImplicitLocOpBuilder &b, Value iteration, Value go,
                  ValueRange state) -> FailureOr<SmallVector<Value>> {
    Scalars s(b);
    SmallVector<Value> arguments(state.take_front(numCarried));
    Value fromEnd = s.sub(s.sub(count, s.index(1)), iteration);
    for (auto [input, axis, direction] :
         llvm::zip_equal(scanned, inputAxes, inputDirections)) {
      SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), input);
      SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
      SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
      offsets[axis] = direction ? fromEnd : iteration;
      sizes[axis] = b.getIndexAttr(1);
      SmallVector<bool> drop(sizes.size(), false);
      drop[axis] = true;
      Value row =
          tensor::ExtractSliceOp::create(b, input, offsets, sizes, strides);
      arguments.push_back(dropUnitDims(b, row, drop));
    }
    SmallVector<Value> yields = l.inlineBlock(*body, arguments, b);
    FailureOr<SmallVector<Value>> next = loop.next(b, yields, iteration, state);
    if (succeeded(next))
      next->insert(next->begin(), go);
    return next;
  };
  return loop.emit(count, /*condition=*/Value(), step);
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getControlFlowLowerings() {
  static const Entry entries[] = {
      {"If", lowerIf},
      {"Loop", lowerLoop},
      {"Scan", lowerScan},
  };
  return entries;
}
