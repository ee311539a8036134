// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of ONNX nodes: looking them up, checking them against what is
// known already, and writing them into the IR.

#include "bev/Dialect/ONNX/IR/TypeInference.h"
#include "InferenceTable.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::bev::onnx;

std::string mlir::bev::onnx::toString(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (shape.empty())
    stream << "a scalar";
  llvm::interleave(
      shape, stream,
      [&](int64_t size) {
        ShapedType::isDynamic(size) ? stream << '?' : stream << size;
      },
      "x");
  return text;
}

std::optional<Shape> Inference::shape(unsigned index) {
  Value value = node.input(index);
  auto type =
      value ? dyn_cast<RankedTensorType>(value.getType()) : RankedTensorType();
  if (!type)
    return std::nullopt;
  return Shape(type.getShape());
}

std::optional<int64_t> Inference::rank(unsigned index) {
  auto known = shape(index);
  return known ? std::optional<int64_t>(known->size()) : std::nullopt;
}

Type Inference::element(unsigned index) {
  Value value = node.input(index);
  auto type = value ? dyn_cast<TensorType>(value.getType()) : TensorType();
  if (!type || isa<UnknownType>(type.getElementType()))
    return Type();
  return type.getElementType();
}

std::optional<SmallVector<int64_t>> Inference::integers(unsigned index) {
  Value value = node.input(index);
  auto partial = value ? values.get(value) : std::nullopt;
  if (!partial || partial->values.getRank() > 1 ||
      !isa<IntegerType>(partial->values.getElementType()))
    return std::nullopt;
  SmallVector<int64_t> result = partial->values.toIntegers();
  if (partial->known)
    for (auto [element, known] :
         llvm::zip_equal(result, partial->known->toIntegers()))
      if (!known)
        element = ShapedType::kDynamic;
  return result;
}

std::optional<SmallVector<int64_t>> Inference::list(StringRef attribute,
                                                    unsigned index) {
  if (auto stated = node.intsAttr(attribute))
    return stated;
  return integers(index);
}

bool Inference::isKnown(unsigned index) {
  Value value = node.input(index);
  auto partial = value ? values.get(value) : std::nullopt;
  return partial && !partial->known;
}

bool Inference::lacksList(StringRef attribute, unsigned index) {
  return !has(index) && !node.intsAttr(attribute);
}

std::optional<int64_t> Inference::integer(unsigned index) {
  auto known = integers(index);
  if (!known || known->size() != 1 || ShapedType::isDynamic(known->front()))
    return std::nullopt;
  return known->front();
}

void Inference::set(unsigned index, Type element, std::optional<Shape> shape) {
  // Results that are left out are of type none.
  if (index >= types.size() || !isa<TensorType>(types[index]))
    return;
  if (!element)
    element = UnknownType::get(context());
  if (shape && llvm::any_of(*shape, [](int64_t size) {
        return size < 0 && !ShapedType::isDynamic(size);
      })) {
    negative.emplace(index, *shape);
    return;
  }
  types[index] = shape ? Type(RankedTensorType::get(*shape, element))
                       : Type(UnrankedTensorType::get(element));
}

LogicalResult Inference::same(unsigned result, unsigned input) {
  set(result, element(input), shape(input));
  return success();
}

LogicalResult Inference::checkSameElements(ArrayRef<unsigned> inputs) {
  Type first;
  for (unsigned index : inputs) {
    Type type = element(index);
    if (!type)
      continue;
    if (first && type != first)
      return error() << "expected input " << index << " to have elements of "
                     << first << " as the inputs before it, but got " << type;
    first = type;
  }
  return success();
}

FailureOr<int64_t> Inference::axis(int64_t stated, int64_t rank) {
  if (auto normal = normalizeAxis(stated, rank))
    return *normal;
  error() << "expected an axis within [" << -rank << ", " << rank - 1
          << "], but got " << stated;
  return failure();
}

Type mlir::bev::onnx::joinTypes(Type lhs, Type rhs) {
  if (lhs == rhs)
    return lhs;
  auto first = dyn_cast<TensorType>(lhs), second = dyn_cast<TensorType>(rhs);
  if (!first || !second)
    return lhs;
  Type element = first.getElementType() == second.getElementType()
                     ? first.getElementType()
                     : UnknownType::get(lhs.getContext());
  if (!first.hasRank() || !second.hasRank() ||
      first.getRank() != second.getRank())
    return UnrankedTensorType::get(element);
  Shape shape(first.getShape());
  for (auto [size, other] : llvm::zip_equal(shape, second.getShape()))
    if (size != other)
      size = ShapedType::kDynamic;
  return RankedTensorType::get(shape, element);
}

/// What is known of a type from two sources; null where they contradict.
static Type meetTypes(Type declared, Type inferred) {
  auto first = dyn_cast<TensorType>(declared);
  auto second = dyn_cast<TensorType>(inferred);
  if (!first || !second)
    return declared == inferred ? declared : Type();
  Type element = first.getElementType();
  if (isa<UnknownType>(element))
    element = second.getElementType();
  else if (!isa<UnknownType>(second.getElementType()) &&
           element != second.getElementType())
    return Type();
  if (!first.hasRank() && !second.hasRank())
    return UnrankedTensorType::get(element);
  if (!first.hasRank() || !second.hasRank())
    return RankedTensorType::get(
        first.hasRank() ? first.getShape() : second.getShape(), element);
  if (first.getRank() != second.getRank())
    return Type();
  Shape shape(first.getShape());
  for (auto [size, other] : llvm::zip_equal(shape, second.getShape())) {
    if (ShapedType::isDynamic(size))
      size = other;
    else if (!ShapedType::isDynamic(other) && size != other)
      return Type();
  }
  return RankedTensorType::get(shape, element);
}

static const InferenceTable &getTable() {
  static const InferenceTable table = [] {
    InferenceTable table;
    addElementwiseInferences(table);
    addMovementInferences(table);
    addIndexingInferences(table);
    addGenerationInferences(table);
    addReductionInferences(table);
    addLinearAlgebraInferences(table);
    addConvolutionInferences(table);
    addNormalizationInferences(table);
    addSamplingInferences(table);
    addRecurrentInferences(table);
    addQuantizationInferences(table);
    addControlFlowInferences(table);
    return table;
  }();
  return table;
}

bool mlir::bev::onnx::hasTypeInference(StringRef opType) {
  return getTable().contains(opType);
}

LogicalResult mlir::bev::onnx::inferNode(NodeOp node, PartialValues &values,
                                         SmallVectorImpl<Type> &types) {
  types.assign(node.getResultTypes().begin(), node.getResultTypes().end());
  StringRef domain = node.getDomain().value_or("");
  if (!domain.empty() && domain != "ai.onnx")
    return success();
  auto entry = getTable().find(node.getOpType());
  if (entry == getTable().end())
    return success();
  unsigned present = node.getNumPresentInputs();
  if (present < entry->second.minInputs)
    return node.emitNodeError()
           << "expected at least " << entry->second.minInputs
           << " inputs, but got " << present;
  unsigned most = entry->second.maxResults, count = node.getNumResults();
  // Those that may have any number may have none, too.
  if (count > most || (count == 0 && most != kAnyNumber)) {
    InFlightDiagnostic diagnostic = node.emitNodeError() << "expected ";
    if (most > 1)
      diagnostic << "1 to ";
    return diagnostic << most << (most > 1 ? " results" : " result")
                      << ", but got " << count;
  }
  for (unsigned i = 0; i < entry->second.minInputs; ++i)
    if (!isa<TensorType>(node.getInputs()[i].getType()))
      return node.emitNodeError()
             << "expected input " << i << " to be a tensor, but got "
             << node.getInputs()[i].getType();
  Inference inference{node, values, {}, {}};
  for (Type type : types)
    inference.types.push_back(
        isa<TensorType>(type)
            ? Type(UnrankedTensorType::get(UnknownType::get(node.getContext())))
            : type);
  if (failed(entry->second.infer(inference)))
    return failure();
  if (inference.negative)
    return node.emitNodeError()
           << "expected result " << inference.negative->first
           << " to have no negative sizes, but its shape would be "
           << toString(inference.negative->second);
  for (auto [index, type] : llvm::enumerate(types)) {
    Type met = meetTypes(type, inference.types[index]);
    if (!met)
      return node.emitNodeError()
             << "expected result " << index << " to be of type "
             << inference.types[index] << " by the operator's definition, but "
             << "the model declares " << type;
    type = met;
  }
  return success();
}

LogicalResult mlir::bev::onnx::inferResultTypes(NodeOp node,
                                                SmallVectorImpl<Type> &types) {
  PartialValues values;
  return inferNode(node, values, types);
}

/// Whether all users take any type of value: ops of other dialects do not.
static bool acceptsOtherTypes(Value value) {
  return llvm::all_of(value.getUsers(), [](Operation *user) {
    return isa<NodeOp, YieldOp>(user) ||
           (user->hasTrait<OpTrait::ReturnLike>() &&
            user->hasTrait<OpTrait::IsTerminator>());
  });
}

/// The values of small integer results that are known without evaluating big
/// ones.
static void getKnownResults(NodeOp node, PartialValues &values,
                            SmallVectorImpl<ElementsAttr> &known) {
  known.clear();
  for (Value result : node.getResults()) {
    known.emplace_back();
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type || !isa<IntegerType>(type.getElementType()))
      continue;
    auto partial = values.get(result);
    if (partial && !partial->known &&
        partial->values.getShape() == type.getShape() &&
        partial->values.getElementType() == type.getElementType())
      known.back() = partial->values.toAttr();
  }
}

using Visitor = function_ref<void(NodeOp, ArrayRef<ElementsAttr>)>;

static LogicalResult walkBlock(Block &block, PartialValues &values,
                               Visitor visit) {
  SmallVector<Type> types;
  SmallVector<ElementsAttr> known;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    auto node = dyn_cast<NodeOp>(op);
    if (!node)
      continue;
    if (failed(inferNode(node, values, types)))
      return failure();
    for (auto [result, type] : llvm::zip_equal(node.getResults(), types))
      if (result.getType() != type && acceptsOtherTypes(result))
        result.setType(type);
    if (!visit)
      continue;
    getKnownResults(node, values, known);
    visit(node, known);
  }
  return success();
}

LogicalResult mlir::bev::onnx::inferBlock(Block &block, PartialValues &values) {
  return walkBlock(block, values, nullptr);
}

LogicalResult mlir::bev::onnx::inferTypes(Block &block, Visitor visit) {
  PartialValues values;
  return walkBlock(block, values, visit);
}
