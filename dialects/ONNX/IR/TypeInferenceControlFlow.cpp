// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of operators with subgraphs, whose own types are inferred first.

#include "InferenceTable.h"

using namespace mlir;
using namespace mlir::bev::onnx;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

/// The subgraph of that attribute, or null.
static Block *getSubgraph(NodeOp node, StringRef name) {
  if (!node.getSubgraphNames())
    return nullptr;
  for (auto [attribute, region] :
       llvm::zip_equal(node.getSubgraphNames()->getAsRange<StringAttr>(),
                       node.getSubgraphs()))
    if (attribute.getValue() == name && region.hasOneBlock())
      return &region.front();
  return nullptr;
}

static LogicalResult inferIf(Inference &i) {
  Block *branches[] = {getSubgraph(i.node, "then_branch"),
                       getSubgraph(i.node, "else_branch")};
  // A condition that is known chooses one; the other need not even be valid.
  auto condition = i.integer(0);
  for (auto [index, branch] : llvm::enumerate(branches)) {
    if (!branch)
      return i.error() << "expected subgraphs 'then_branch' and 'else_branch'";
    if (branch->getNumArguments() != 0)
      return i.error() << "expected branches without inputs";
    bool isDead = condition && (*condition != 0) == (index != 0);
    if (!isDead && failed(inferBlock(*branch, i.values)))
      return failure();
    if (branch->getTerminator()->getNumOperands() != i.numResults())
      return i.error() << "expected branches of " << i.numResults()
                       << " outputs, but got "
                       << branch->getTerminator()->getNumOperands();
  }
  for (unsigned index = 0; index < i.numResults(); ++index) {
    Type yes = branches[0]->getTerminator()->getOperand(index).getType();
    Type no = branches[1]->getTerminator()->getOperand(index).getType();
    Type type = condition ? (*condition ? yes : no) : joinTypes(yes, no);
    if (isa<TensorType>(type))
      i.types[index] = type;
  }
  return success();
}

/// The types of all values in a block, and setting them back.
static SmallVector<std::pair<Value, Type>> saveTypes(Block &block) {
  SmallVector<std::pair<Value, Type>> saved;
  for (Value argument : block.getArguments())
    saved.emplace_back(argument, argument.getType());
  block.walk([&](Operation *op) {
    for (Value result : op->getResults())
      saved.emplace_back(result, result.getType());
    for (Region &region : op->getRegions())
      for (Value argument : region.getArguments())
        saved.emplace_back(argument, argument.getType());
  });
  return saved;
}

/// Infers a body whose arguments `carried` become its yielded values
/// `yielded` of the next iteration. `types` are the arguments' types at first;
/// sizes that change become dynamic.
static LogicalResult inferIterated(Inference &i, Block &body,
                                   unsigned firstCarried, unsigned firstYielded,
                                   MutableArrayRef<Type> types) {
  auto saved = saveTypes(body);
  constexpr unsigned kMaxRounds = 4;
  for (unsigned round = 0;; ++round) {
    for (auto [index, type] : llvm::enumerate(types))
      body.getArgument(firstCarried + index).setType(type);
    if (failed(inferBlock(body, i.values)))
      return failure();
    bool stable = true;
    for (auto [index, type] : llvm::enumerate(types)) {
      Type next =
          body.getTerminator()->getOperand(firstYielded + index).getType();
      Type joined = joinTypes(type, next);
      // A yielded value of which less is known than of the initial one stays
      // unknown where it comes from; what grows must not grow forever.
      if (joined == type)
        continue;
      stable = false;
      auto tensor = dyn_cast<TensorType>(joined);
      type = round + 1 < kMaxRounds || !tensor
                 ? joined
                 : Type(UnrankedTensorType::get(tensor.getElementType()));
    }
    if (stable)
      return success();
    if (round > 2 * kMaxRounds)
      return i.error() << "expected the element types of loop-carried values "
                          "not to change";
    for (auto [value, type] : saved)
      value.setType(type);
    i.values.forget();
  }
}

static Type addDim(Type type, int64_t size, int64_t axis) {
  auto ranked = dyn_cast<RankedTensorType>(type);
  if (!ranked || axis < 0 || axis > ranked.getRank())
    return isa<TensorType>(type) ? Type(UnrankedTensorType::get(
                                       cast<TensorType>(type).getElementType()))
                                 : type;
  Shape shape(ranked.getShape());
  shape.insert(shape.begin() + axis, size);
  return RankedTensorType::get(shape, ranked.getElementType());
}

/// Whether a value is a constant that holds.
static bool isTrue(Inference &i, Value value) {
  auto partial = value ? i.values.get(value) : std::nullopt;
  return partial && !partial->known && partial->values.getNumElements() == 1 &&
         partial->values.toIntegers().front() != 0;
}

static LogicalResult inferLoop(Inference &i) {
  Block *body = getSubgraph(i.node, "body");
  if (!body)
    return i.error() << "expected a subgraph 'body'";
  unsigned numCarried = i.numInputs() < 2 ? 0 : i.numInputs() - 2;
  Operation *yield = body->getTerminator();
  if (body->getNumArguments() != numCarried + 2)
    return i.error() << "expected a body of " << numCarried + 2
                     << " inputs, but got " << body->getNumArguments();
  if (yield->getNumOperands() < numCarried + 1 ||
      yield->getNumOperands() != i.numResults() + 1)
    return i.error() << "expected a body of " << i.numResults() + 1
                     << " outputs, but got " << yield->getNumOperands();
  body->getArgument(0).setType(RankedTensorType::get({}, i.i64()));
  body->getArgument(1).setType(RankedTensorType::get({}, i.i1()));
  SmallVector<Type> types;
  for (unsigned index = 0; index < numCarried; ++index)
    types.push_back(i.node.getInputs()[index + 2].getType());
  if (failed(inferIterated(i, *body, 2, 1, types)))
    return failure();
  for (auto [index, type] : llvm::enumerate(types))
    if (isa<TensorType>(type))
      i.types[index] = type;
  // The number of iterations is known where nothing else ends the loop.
  int64_t trips = kDynamic;
  if (auto most = i.integer(0))
    if ((!i.has(1) || isTrue(i, i.node.input(1))) &&
        (isTrue(i, yield->getOperand(0)) ||
         (yield->getOperand(0) == body->getArgument(1))))
      trips = std::max<int64_t>(0, *most);
  for (unsigned index = numCarried; index < i.numResults(); ++index) {
    Type type = addDim(yield->getOperand(index + 1).getType(), trips, 0);
    if (isa<TensorType>(type))
      i.types[index] = type;
  }
  return success();
}

static LogicalResult inferScan(Inference &i) {
  Block *body = getSubgraph(i.node, "body");
  if (!body)
    return i.error() << "expected a subgraph 'body'";
  int64_t numScanned = i.node.intAttr("num_scan_inputs", 0);
  int64_t numInputs = i.numInputs();
  if (numScanned < 1 || numScanned > numInputs ||
      body->getNumArguments() != i.numInputs())
    return i.error() << "expected a body of " << numInputs
                     << " inputs, but got " << body->getNumArguments();
  unsigned numStates = numInputs - numScanned;
  Operation *yield = body->getTerminator();
  if (yield->getNumOperands() != i.numResults() || i.numResults() < numStates)
    return i.error() << "expected a body of " << i.numResults()
                     << " outputs, but got " << yield->getNumOperands();
  SmallVector<int64_t> zeros(numScanned, 0);
  SmallVector<int64_t> inputAxes =
      i.node.intsAttr("scan_input_axes").value_or(zeros);
  SmallVector<int64_t> outputAxes =
      i.node.intsAttr("scan_output_axes")
          .value_or(SmallVector<int64_t>(i.numResults() - numStates, 0));
  if (int64_t(inputAxes.size()) != numScanned ||
      outputAxes.size() != i.numResults() - numStates)
    return i.error() << "expected one axis for each scanned input and output";
  int64_t trips = kDynamic;
  for (int64_t index = 0; index < numScanned; ++index) {
    auto shape = i.shape(numStates + index);
    Type element = i.element(numStates + index);
    if (!shape || !element)
      continue;
    auto axis = i.axis(inputAxes[index], shape->size());
    if (failed(axis))
      return failure();
    if (ShapedType::isDynamic(trips))
      trips = (*shape)[*axis];
    shape->erase(shape->begin() + *axis);
    body->getArgument(numStates + index)
        .setType(RankedTensorType::get(*shape, element));
  }
  SmallVector<Type> types;
  for (unsigned index = 0; index < numStates; ++index)
    types.push_back(i.node.getInputs()[index].getType());
  if (failed(inferIterated(i, *body, 0, 0, types)))
    return failure();
  for (auto [index, type] : llvm::enumerate(types))
    if (isa<TensorType>(type))
      i.types[index] = type;
  for (unsigned index = numStates; index < i.numResults(); ++index) {
    Type type = yield->getOperand(index).getType();
    auto ranked = dyn_cast<RankedTensorType>(type);
    int64_t axis = outputAxes[index - numStates];
    if (axis < 0 && ranked)
      axis += ranked.getRank() + 1;
    type = addDim(type, trips, axis);
    if (isa<TensorType>(type))
      i.types[index] = type;
  }
  return success();
}

void mlir::bev::onnx::addControlFlowInferences(InferenceTable &table) {
  table["If"] = {inferIf, 1, kAnyNumber};
  table["Loop"] = {inferLoop, 0, kAnyNumber};
  table["Scan"] = {inferScan, 1, kAnyNumber};
}
