// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LSTM, GRU and RNN as Scan.

#include "Decompose.h"

#include <limits>

using namespace mlir;
using namespace mlir::bev::onnx;

namespace {

/// A function that gates or states go through.
struct Activation {
  /// The operator; empty for Affine and ScaledTanh.
  StringRef name;
  bool isAffine = false, isScaledTanh = false;
  bool hasAlpha = false, hasBeta = false;
  float alpha = 0, beta = 0;
};

/// A recurrent layer. Gates are in the order that ONNX has: i, o, f, c of LSTM;
/// z, r, h of GRU.
class Recurrent {
public:
  Recurrent(NodeOp node, PatternRewriter &rewriter)
      : node(node), rewriter(rewriter), b(rewriter, node),
        isLSTM(node.is("LSTM")), isGRU(node.is("GRU")), numGates(isLSTM  ? 4
                                                                 : isGRU ? 3
                                                                         : 1) {}
  LogicalResult decompose();

private:
  /// A direction: its weights, and what it results in.
  struct Direction {
    bool isReverse;
    /// The products of the inputs with the weights, and biases, of all steps.
    Value inputs;
    /// The transposed weights of the state, and those biases of it that are
    /// not added to the inputs; null for none.
    Value weights, hiddenBias;
    /// Of i, o and f; null for none.
    SmallVector<Value> peepholes;
    ArrayRef<Activation> activations;
  };

  LogicalResult check();
  LogicalResult readActivations(unsigned numDirections);
  Value select(Value perDirection, int64_t index);
  Value slice(Value gates, int64_t first, int64_t count = 1);
  Value activate(Value x, const Activation &activation);
  Value getStart(Value starts, int64_t index);
  Direction getDirection(int64_t index);
  /// The states after a step.
  SmallVector<Value> stepLSTM(const Direction &direction, Value inputs,
                              ValueRange states);
  SmallVector<Value> stepGRU(const Direction &direction, Value inputs,
                             ValueRange states);
  SmallVector<Value> stepRNN(const Direction &direction, Value inputs,
                             ValueRange states);

  NodeOp node;
  PatternRewriter &rewriter;
  NodeBuilder b;
  bool isLSTM, isGRU;
  int64_t numGates;
  bool isBatchFirst = false;
  int64_t hidden = 0;
  Type element;
  /// (length, batch, size).
  Value x;
  SmallVector<Activation> activations;
};

} // namespace

static std::optional<Activation> getActivation(StringRef name) {
  std::string lower = name.lower();
  auto make = [](StringRef op, std::optional<float> alpha = std::nullopt,
                 std::optional<float> beta = std::nullopt) {
    Activation activation;
    activation.name = op;
    activation.hasAlpha = alpha.has_value();
    activation.hasBeta = beta.has_value();
    activation.alpha = alpha.value_or(0);
    activation.beta = beta.value_or(0);
    return activation;
  };
  Activation parametric = make("", 1.0f, 0.0f);
  if (lower == "affine") {
    parametric.isAffine = true;
    return parametric;
  }
  if (lower == "scaledtanh") {
    parametric.isScaledTanh = true;
    parametric.beta = 1;
    return parametric;
  }
  for (StringRef plain : {"Relu", "Tanh", "Sigmoid", "Softsign", "Softplus"})
    if (plain.equals_insensitive(lower))
      return make(plain);
  if (lower == "leakyrelu")
    return make("LeakyRelu", 0.01f);
  if (lower == "thresholdedrelu")
    return make("ThresholdedRelu", 1.0f);
  if (lower == "elu")
    return make("Elu", 1.0f);
  if (lower == "hardsigmoid")
    return make("HardSigmoid", 0.2f, 0.5f);
  return std::nullopt;
}

/// What is stated of all directions, one after the other; parameters belong to
/// those functions that have some.
LogicalResult Recurrent::readActivations(unsigned numDirections) {
  SmallVector<StringRef> names;
  if (auto stated = dyn_cast_if_present<ArrayAttr>(node.attr("activations"))) {
    for (Attribute name : stated)
      if (auto text = dyn_cast<StringAttr>(name))
        names.push_back(text.getValue());
  } else {
    for (unsigned i = 0; i < numDirections; ++i) {
      if (isLSTM || isGRU)
        names.push_back("Sigmoid");
      names.push_back("Tanh");
      if (isLSTM)
        names.push_back("Tanh");
    }
  }
  if (names.size() != numDirections * (isLSTM ? 3 : isGRU ? 2 : 1))
    return failure();
  auto alphas = node.floatsAttr("activation_alpha"),
       betas = node.floatsAttr("activation_beta");
  size_t nextAlpha = 0, nextBeta = 0;
  for (StringRef name : names) {
    std::optional<Activation> activation = getActivation(name);
    if (!activation)
      return failure();
    if (activation->hasAlpha && alphas && nextAlpha < alphas->size())
      activation->alpha = (*alphas)[nextAlpha++];
    if (activation->hasBeta && betas && nextBeta < betas->size())
      activation->beta = (*betas)[nextBeta++];
    activations.push_back(*activation);
  }
  return success();
}

LogicalResult Recurrent::check() {
  RankedTensorType input = getRanked(node.input(0)),
                   weights = getRanked(node.input(1)),
                   recurrent = getRanked(node.input(2));
  if (!input || !weights || !recurrent || input.getRank() != 3 ||
      weights.getRank() != 3 || recurrent.getRank() != 3)
    return failure();
  // Biases, lengths, starts and peepholes; per direction but for the lengths.
  const int64_t ranks[] = {2, 1, 3, 3, 2};
  for (auto [index, rank] : llvm::enumerate(ranks)) {
    Value tensor = node.input(3 + index);
    if (tensor && (!getRanked(tensor) || getRanked(tensor).getRank() != rank))
      return failure();
  }
  element = input.getElementType();
  if (RankedTensorType lengths = getRanked(node.input(4))) {
    int64_t batch = input.getDimSize(node.intAttr("layout", 0) != 0 ? 0 : 1);
    if (lengths.getDimSize(0) != batch && !lengths.isDynamicDim(0) &&
        !ShapedType::isDynamic(batch))
      return failure();
  }
  StringRef direction = node.stringAttr("direction", "forward");
  unsigned numDirections = direction == "bidirectional" ? 2 : 1;
  if (direction != "forward" && direction != "reverse" && numDirections == 1)
    return failure();
  hidden = node.intAttr("hidden_size", recurrent.getDimSize(2));
  isBatchFirst = node.intAttr("layout", 0) != 0;
  if (hidden <= 0 || hidden > std::numeric_limits<int32_t>::max() ||
      !isa<FloatType>(element) ||
      (weights.getDimSize(0) != numDirections && !weights.isDynamicDim(0)) ||
      node->getNumResults() > (isLSTM ? 3 : 2))
    return failure();
  return readActivations(numDirections);
}

Value Recurrent::select(Value perDirection, int64_t index) {
  return b.create("Gather",
                  {perDirection, b.scalar(rewriter.getI64Type(), index)},
                  b.attribute("axis", 0));
}

/// Gates that are side by side in the last dimension.
Value Recurrent::slice(Value gates, int64_t first, int64_t count) {
  RankedTensorType type = getRanked(gates);
  int64_t axis = type ? type.getRank() - 1 : -1;
  return b.slice(gates, axis, first * hidden, (first + count) * hidden);
}

Value Recurrent::activate(Value x, const Activation &activation) {
  if (float clip = node.floatAttr("clip", 0); clip > 0)
    x = b.create("Clip",
                 {x, b.scalar(element, -clip), b.scalar(element, clip)});
  Value alpha = b.scalar(element, activation.alpha),
        beta = b.scalar(element, activation.beta);
  if (activation.isAffine)
    return b.add(b.mul(x, alpha), beta);
  if (activation.isScaledTanh)
    return b.mul(b.create("Tanh", {b.mul(x, beta)}), alpha);
  SmallVector<NamedAttribute> attributes;
  if (activation.hasAlpha)
    attributes.push_back(rewriter.getNamedAttr(
        "alpha", rewriter.getF32FloatAttr(activation.alpha)));
  if (activation.hasBeta)
    attributes.push_back(rewriter.getNamedAttr(
        "beta", rewriter.getF32FloatAttr(activation.beta)));
  return b.create(activation.name, {x}, attributes);
}

/// The state (batch, hidden) before the first step.
Value Recurrent::getStart(Value starts, int64_t index) {
  if (!starts) {
    Value shape = b.concat({b.sizeOf(x, 1), b.integers({hidden})}, 0);
    return b.create("Expand", {b.scalar(element, 0), shape});
  }
  if (isBatchFirst)
    starts = b.transpose(starts, {1, 0, 2});
  return select(starts, index);
}

Recurrent::Direction Recurrent::getDirection(int64_t index) {
  Direction direction;
  direction.isReverse =
      index == 1 || node.stringAttr("direction", "forward") == "reverse";
  unsigned perDirection = isLSTM ? 3 : isGRU ? 2 : 1;
  direction.activations =
      ArrayRef(activations).slice(index * perDirection, perDirection);
  direction.weights = b.transpose(select(node.input(2), index), {1, 0});
  direction.inputs =
      b.matmul(x, b.transpose(select(node.input(1), index), {1, 0}));
  if (Value biases = node.input(3)) {
    Value both = select(biases, index);
    Value own = slice(both, 0, numGates),
          state = slice(both, numGates, numGates);
    if (isGRU) {
      // The bias of the new state may be in what the reset gate scales.
      direction.hiddenBias = slice(state, 2);
      state = b.concat(
          {slice(state, 0, 2),
           b.create("Expand", {b.scalar(element, 0), b.integers({hidden})})},
          0);
    }
    direction.inputs = b.add(direction.inputs, b.add(own, state));
  }
  if (Value peepholes = isLSTM ? node.input(7) : Value()) {
    Value all = select(peepholes, index);
    for (int64_t gate = 0; gate < 3; ++gate)
      direction.peepholes.push_back(slice(all, gate));
  }
  return direction;
}

SmallVector<Value> Recurrent::stepLSTM(const Direction &direction, Value inputs,
                                       ValueRange states) {
  Value state = states[0], cell = states[1];
  Value gates = b.add(inputs, b.matmul(state, direction.weights));
  auto getGate = [&](int64_t gate, Value seen) {
    Value sum = slice(gates, gate);
    if (!direction.peepholes.empty())
      sum = b.add(sum, b.mul(direction.peepholes[gate], seen));
    return activate(sum, direction.activations[0]);
  };
  Value in = getGate(0, cell);
  Value forget = node.intAttr("input_forget", 0) != 0
                     ? b.sub(b.scalar(element, 1), in)
                     : getGate(2, cell);
  Value fresh = activate(slice(gates, 3), direction.activations[1]);
  Value next = b.add(b.mul(forget, cell), b.mul(in, fresh));
  Value out = getGate(1, next);
  return {b.mul(out, activate(next, direction.activations[2])), next};
}

SmallVector<Value> Recurrent::stepGRU(const Direction &direction, Value inputs,
                                      ValueRange states) {
  Value state = states[0];
  auto addBias = [&](Value x) {
    return direction.hiddenBias ? b.add(x, direction.hiddenBias) : x;
  };
  Value gates = activate(b.add(slice(inputs, 0, 2),
                               b.matmul(state, slice(direction.weights, 0, 2))),
                         direction.activations[0]);
  Value update = slice(gates, 0), reset = slice(gates, 1);
  Value weights = slice(direction.weights, 2), fresh;
  if (node.intAttr("linear_before_reset", 0) != 0)
    fresh = b.mul(reset, addBias(b.matmul(state, weights)));
  else
    fresh = addBias(b.matmul(b.mul(reset, state), weights));
  fresh = activate(b.add(slice(inputs, 2), fresh), direction.activations[1]);
  Value kept = b.mul(update, state);
  return {b.add(b.mul(b.sub(b.scalar(element, 1), update), fresh), kept)};
}

SmallVector<Value> Recurrent::stepRNN(const Direction &direction, Value inputs,
                                      ValueRange states) {
  return {activate(b.add(inputs, b.matmul(states[0], direction.weights)),
                   direction.activations[0])};
}

LogicalResult Recurrent::decompose() {
  if (failed(check()) || !mayChangeTypes(node))
    return failure();
  x = node.input(0);
  if (isBatchFirst)
    x = b.transpose(x, {1, 0, 2});
  Value lengths = node.input(4);
  unsigned numStates = isLSTM ? 2 : 1;
  SmallVector<SmallVector<Value>> last(numStates);
  SmallVector<Value> all;
  int64_t numDirections =
      node.stringAttr("direction", "forward") == "bidirectional" ? 2 : 1;
  for (int64_t index = 0; index < numDirections; ++index) {
    Direction direction = getDirection(index);
    SmallVector<Value> starts = {getStart(node.input(5), index)},
                       scanned = {direction.inputs};
    if (isLSTM)
      starts.push_back(getStart(node.input(6), index));
    if (lengths)
      scanned.push_back(b.castLike(b.countTo(b.sizeOf(x, 0)), lengths));
    NodeOp scan = b.createScan(
        starts, scanned, /*numStacks=*/1, direction.isReverse,
        [&](ValueRange arguments) {
          ValueRange states = arguments.take_front(numStates);
          Value inputs = arguments[numStates];
          SmallVector<Value> next = isLSTM ? stepLSTM(direction, inputs, states)
                                    : isGRU
                                        ? stepGRU(direction, inputs, states)
                                        : stepRNN(direction, inputs, states);
          Value shown = next.front();
          if (lengths) {
            // Behind a sequence's end states stay and outputs are zero.
            Value runs =
                b.unsqueeze(b.create("Less", {arguments.back(), lengths}), {1});
            shown = b.where(runs, shown, b.scalar(element, 0));
            for (auto [value, old] : llvm::zip_equal(next, states))
              value = b.where(runs, value, old);
          }
          next.push_back(shown);
          return next;
        });
    for (unsigned state = 0; state < numStates; ++state)
      last[state].push_back(b.unsqueeze(scan->getResult(state), {0}));
    all.push_back(b.unsqueeze(scan->getResult(numStates), {1}));
  }
  SmallVector<Value> results = {b.concat(all, 1)};
  for (ArrayRef<Value> states : last)
    results.push_back(b.concat(states, 0));
  if (isBatchFirst) {
    results[0] = b.transpose(results[0], {2, 0, 1, 3});
    for (Value &state : MutableArrayRef(results).drop_front())
      state = b.transpose(state, {1, 0, 2});
  }
  return replaceResults(rewriter, node,
                        ArrayRef(results).take_front(node->getNumResults()));
}

static LogicalResult decomposeRecurrent(NodeOp node,
                                        PatternRewriter &rewriter) {
  return Recurrent(node, rewriter).decompose();
}

void mlir::bev::onnx::populateRecurrentPatterns(RewritePatternSet &patterns) {
  for (StringRef name : {"LSTM", "GRU", "RNN"})
    patterns.add<FunctionPattern>(patterns.getContext(), name,
                                  decomposeRecurrent);
}
