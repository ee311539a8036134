// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of small tensors of which only some elements may be known.

#include "PartialValues.h"
#include "EvaluationTable.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// Chains of nodes longer than this are not followed: following recurses.
static constexpr unsigned kMaxDepth = 256;

/// Operators that pass elements of inputs on unchanged, and how many inputs
/// hold elements; the others say which, and must be known.
static unsigned getNumMovedInputs(NodeOp node) {
  return llvm::StringSwitch<unsigned>(node.getOpType())
      .Cases({"Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze"}, 1)
      .Cases({"Transpose", "Split", "Slice", "Expand", "Tile"}, 1)
      .Cases({"Gather", "GatherElements", "GatherND"}, 1)
      .Case("Concat", node.getInputs().size())
      .Default(0);
}

static bool isElementwise(StringRef name) {
  static const llvm::StringSet<> names = {
      "Add",  "Sub",         "Mul",     "Div",
      "Mod",  "Min",         "Max",     "Sum",
      "Neg",  "Abs",         "Cast",    "Equal",
      "Less", "LessOrEqual", "Greater", "GreaterOrEqual",
      "And",  "Or",          "Xor",     "Not",
      "Relu", "Sign"};
  return names.contains(name);
}

/// The elements of a small integer tensor of known shape: none is known.
static std::optional<PartialTensor> getUnknown(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() ||
      !isa<IntegerType>(type.getElementType()) ||
      getStorageBytes(type.getElementType()) == 0)
    return std::nullopt;
  auto count = countElements(type.getShape());
  if (!count || *count > PartialValues::kMaxElements)
    return std::nullopt;
  Type i1 = IntegerType::get(type.getContext(), 1);
  // Ones, so that dividing by an unknown element does not fail.
  Tensor one = Tensor::fromIntegers(type.getElementType(), {}, {1});
  return PartialTensor{
      one.broadcast(type.getShape()),
      Tensor::fromIntegers(i1, {}, {0}).broadcast(type.getShape())};
}

/// The sizes of a tensor, those that are dynamic unknown.
static std::optional<PartialTensor> followShape(NodeOp node) {
  auto type = node.getInputs().empty()
                  ? RankedTensorType()
                  : dyn_cast<RankedTensorType>(node.getInputs()[0].getType());
  if (!type)
    return std::nullopt;
  SliceRange range = clampSlice(type.getRank(), node.intAttr("start", 0),
                                node.intAttr("end", type.getRank()), 1);
  SmallVector<int64_t> sizes, known;
  for (int64_t size : type.getShape().slice(range.start, range.size)) {
    sizes.push_back(ShapedType::isDynamic(size) ? 1 : size);
    known.push_back(!ShapedType::isDynamic(size));
  }
  MLIRContext *context = node.getContext();
  PartialTensor result{
      Tensor::fromIntegers(IntegerType::get(context, 64), {range.size}, sizes),
      {}};
  if (llvm::is_contained(known, 0))
    result.known =
        Tensor::fromIntegers(IntegerType::get(context, 1), {range.size}, known);
  return result;
}

static std::optional<PartialTensor> followSize(NodeOp node) {
  auto type = node.getInputs().empty()
                  ? RankedTensorType()
                  : dyn_cast<RankedTensorType>(node.getInputs()[0].getType());
  if (!type || !type.hasStaticShape())
    return std::nullopt;
  auto count = countElements(type.getShape());
  if (!count)
    return std::nullopt;
  return PartialTensor{
      Tensor::fromIntegers(IntegerType::get(node.getContext(), 64), {},
                           {*count}),
      {}};
}

/// Evaluates a node on these inputs in place of its own.
static std::optional<Tensor> evaluateOn(NodeOp node,
                                        ArrayRef<std::optional<Tensor>> inputs,
                                        unsigned result) {
  SmallVector<Tensor> outputs;
  if (failed(
          evaluateTensors(node, inputs, PartialValues::kMaxElements, outputs)))
    return std::nullopt;
  return outputs[result];
}

/// Which elements are known: those for which all that were broadcast to them
/// are.
static std::optional<Tensor>
combineKnown(ArrayRef<std::optional<PartialTensor>> inputs,
             ArrayRef<int64_t> shape, MLIRContext *context) {
  Type i1 = IntegerType::get(context, 1);
  Tensor all = Tensor::fromIntegers(i1, {}, {1}).broadcast(shape);
  for (const auto &input : inputs)
    if (input && input->known)
      all = zipElements<bool, bool>(all, input->known->broadcast(shape), i1,
                                    [](bool a, bool b) { return a && b; });
  return all;
}

/// Where's elements: those of the branch that the condition chooses. Where the
/// condition is unknown, both must be known and equal.
static std::optional<PartialTensor>
followWhere(NodeOp node, ArrayRef<std::optional<PartialTensor>> inputs,
            ArrayRef<std::optional<Tensor>> values) {
  auto chosen = evaluateOn(node, values, 0);
  if (!chosen)
    return std::nullopt;
  ArrayRef<int64_t> shape = chosen->getShape();
  Type i1 = IntegerType::get(node.getContext(), 1);
  Tensor yes = Tensor::fromIntegers(i1, {}, {1});
  auto knownOf = [&](unsigned index) {
    return inputs[index]->known ? *inputs[index]->known : yes;
  };
  auto branch = evaluateOn(node, {values[0], knownOf(1), knownOf(2)}, 0);
  if (!branch || !isa<IntegerType>(chosen->getElementType()))
    return std::nullopt;
  SmallVector<int64_t> condition = knownOf(0).broadcast(shape).toIntegers(),
                       known = branch->broadcast(shape).toIntegers(),
                       a = values[1]->broadcast(shape).toIntegers(),
                       b = values[2]->broadcast(shape).toIntegers(),
                       knownA = knownOf(1).broadcast(shape).toIntegers(),
                       knownB = knownOf(2).broadcast(shape).toIntegers();
  for (size_t i = 0; i < known.size(); ++i)
    if (!condition[i])
      known[i] = knownA[i] && knownB[i] && a[i] == b[i];
  return PartialTensor{*chosen, Tensor::fromIntegers(i1, shape, known)};
}

std::optional<PartialTensor> PartialValues::followNode(NodeOp node,
                                                       unsigned result) {
  if (node.getDomain() || node->getNumRegions() != 0)
    return std::nullopt;
  StringRef name = node.getOpType();
  if (name == "Shape")
    return followShape(node);
  if (name == "Size")
    return followSize(node);
  SmallVector<std::optional<PartialTensor>, 2> inputs;
  SmallVector<std::optional<Tensor>> values;
  bool allKnown = true;
  for (Value operand : node.getInputs()) {
    inputs.emplace_back();
    values.emplace_back();
    if (isa<NoneType>(operand.getType()))
      continue;
    inputs.back() = get(operand);
    if (!inputs.back())
      return std::nullopt;
    values.back() = inputs.back()->values;
    allKnown &= !inputs.back()->known;
  }
  if (allKnown) {
    if (auto value = evaluateOn(node, values, result))
      return PartialTensor{*value, {}};
    return std::nullopt;
  }
  if (unsigned numMoved = getNumMovedInputs(node)) {
    for (unsigned i = numMoved; i < inputs.size(); ++i)
      if (inputs[i] && inputs[i]->known)
        return std::nullopt;
    SmallVector<std::optional<Tensor>> masks = values;
    Tensor yes =
        Tensor::fromIntegers(IntegerType::get(node.getContext(), 1), {}, {1});
    for (unsigned i = 0; i < numMoved && i < inputs.size(); ++i)
      masks[i] = inputs[i]->known ? *inputs[i]->known
                                  : yes.broadcast(inputs[i]->values.getShape());
    auto value = evaluateOn(node, values, result);
    auto mask = evaluateOn(node, masks, result);
    if (!value || !mask)
      return std::nullopt;
    return PartialTensor{*value, mask->contiguous()};
  }
  if (name == "Where")
    return inputs.size() == 3 && inputs[0] && inputs[1] && inputs[2]
               ? followWhere(node, inputs, values)
               : std::nullopt;
  if (!isElementwise(name))
    return std::nullopt;
  auto value = evaluateOn(node, values, result);
  if (!value)
    return std::nullopt;
  return PartialTensor{
      *value, combineKnown(inputs, value->getShape(), node.getContext())};
}

std::optional<PartialTensor> PartialValues::follow(Value value) {
  if (auto constant = value.getDefiningOp<ConstantOp>()) {
    auto type = dyn_cast<ShapedType>(constant.getType());
    if (!type || !type.hasStaticShape())
      return std::nullopt;
    auto count = countElements(type.getShape());
    if (!count || *count > kMaxElements)
      return std::nullopt;
    if (auto tensor = Tensor::get(constant.getValue()))
      return PartialTensor{*tensor, {}};
    return std::nullopt;
  }
  if (auto node = value.getDefiningOp<NodeOp>())
    if (depth < kMaxDepth) {
      ++depth;
      auto result = followNode(node, cast<OpResult>(value).getResultNumber());
      --depth;
      if (result)
        return result;
    }
  return getUnknown(value);
}

std::optional<PartialTensor> PartialValues::get(Value value) {
  auto entry = found.find(value);
  if (entry != found.end())
    return entry->second;
  std::optional<PartialTensor> result = follow(value);
  found[value] = result;
  return result;
}

std::optional<SmallVector<int64_t>>
mlir::bev::onnx::getPartialIntegers(Value value) {
  PartialValues values;
  auto partial = values.get(value);
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

ElementsAttr mlir::bev::onnx::getConstant(Value value) {
  auto constant = value ? value.getDefiningOp<ConstantOp>() : ConstantOp();
  return constant ? constant.getValue() : ElementsAttr();
}
