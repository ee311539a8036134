// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "IndexLists.h"

#include "Raising.h"
#include "bev/Dialect/ONNX/IR/Resources.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

std::optional<SmallVector<int64_t>>
mlir::bev::onnx_to_bev::getIntegers(Value value) {
  ElementsAttr elements = onnx::getConstant(value);
  if (!elements)
    return std::nullopt;
  if (auto dense = dyn_cast<DenseElementsAttr>(elements)) {
    if (!isa<IntegerType>(dense.getElementType()))
      return std::nullopt;
    SmallVector<int64_t> integers;
    for (const APInt &integer : dense.getValues<APInt>())
      integers.push_back(integer.getSExtValue());
    return integers;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(elements);
  if (!resource || !elements.getElementType().isInteger(64))
    return std::nullopt;
  return onnx::copyElements<int64_t>(resource);
}

/// The input of a node that leaves the elements in their order, given that an
/// Expand meets the size that it expands to.
static Value passInOrder(NodeOp node) {
  if (node.getDomain() || node.getNumOperands() == 0)
    return Value();
  Value input = node.getOperand(0);
  auto from = dyn_cast<RankedTensorType>(input.getType()),
       to = dyn_cast<RankedTensorType>(node.getOutputs()[0].getType());
  StringRef name = node.getOpType();
  static constexpr StringLiteral reshapes[] = {"Reshape", "Flatten", "Squeeze",
                                               "Unsqueeze", "Identity"};
  if (llvm::is_contained(reshapes, name))
    return input;
  if (!from || !to)
    return Value();
  if (name == "Cast")
    return from.getElementType().isSignlessInteger() &&
                   to.getElementType().isInteger(64)
               ? input
               : Value();
  if (name == "Transpose")
    // One dimension that is not 1 keeps its order.
    return llvm::count_if(from.getShape(),
                          [](int64_t size) { return size != 1; }) <= 1
               ? input
               : Value();
  if (name != "Expand" || to.getRank() < from.getRank())
    return Value();
  // Only a dynamic size is one that the trace made static.
  for (auto [own, expanded] : llvm::zip_equal(
           from.getShape(), to.getShape().take_back(from.getRank())))
    if (own != expanded && own != kDynamic)
      return Value();
  for (int64_t size : to.getShape().drop_back(from.getRank()))
    if (size != 1 && size != kDynamic)
      return Value();
  return input;
}

Value mlir::bev::onnx_to_bev::stripInOrder(Value value) {
  while (auto node = value.getDefiningOp<NodeOp>()) {
    Value input = passInOrder(node);
    if (!input)
      break;
    value = input;
  }
  return value;
}

std::optional<IndexList> mlir::bev::onnx_to_bev::matchList(Value value) {
  for (;;) {
    value = stripInOrder(value);
    auto add = getNode(value, "Add");
    if (!add)
      break;
    if (isSplat(add.getOperand(0), 0.0))
      value = add.getOperand(1);
    else if (isSplat(add.getOperand(1), 0.0))
      value = add.getOperand(0);
    else
      break;
  }
  if (auto constants = getIntegers(value))
    return IndexList{Value(), std::move(*constants)};
  auto nonZero = getNode(value, "NonZero");
  if (!nonZero)
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(nonZero.getOperand(0).getType());
  if (!type || type.getRank() != 1)
    return std::nullopt;
  return IndexList{nonZero.getOperand(0), {}};
}

/// One number that all elements are.
static std::optional<int64_t> matchSameIndex(Value value) {
  // Expanding one element to any shape gives the same.
  while (auto node = value.getDefiningOp<NodeOp>()) {
    if (!node.is("Expand") && !passInOrder(node))
      break;
    value = node.getOperand(0);
  }
  auto constants = getIntegers(value);
  if (!constants || constants->empty() || !llvm::all_equal(*constants))
    return std::nullopt;
  return constants->front();
}

bool mlir::bev::onnx_to_bev::matchColumns(Value indices, unsigned count,
                                          SmallVectorImpl<int64_t> &leading,
                                          IndexList &list) {
  auto type = dyn_cast<RankedTensorType>(indices.getType());
  if (!type || type.getRank() == 0 || type.getShape().back() != count + 1)
    return false;
  leading.clear();
  if (auto integers = getIntegers(indices)) {
    unsigned columns = count + 1;
    if (integers->size() < columns || integers->size() % columns != 0)
      return false;
    leading.assign(integers->begin(), integers->begin() + count);
    for (size_t row = 0; row < integers->size(); row += columns) {
      if (ArrayRef(*integers).slice(row, count) != ArrayRef(leading))
        return false;
      list.constants.push_back((*integers)[row + count]);
    }
    return true;
  }
  auto concat = getNode(indices, "Concat");
  int64_t axis = concat ? concat.intAttr("axis", 0) : 0;
  if (!concat || concat.getInputs().size() != count + 1 ||
      (axis != -1 && axis != type.getRank() - 1))
    return false;
  for (unsigned column = 0; column < count; ++column) {
    auto index = matchSameIndex(concat.getOperand(column));
    if (!index)
      return false;
    leading.push_back(*index);
  }
  auto found = matchList(concat.getOperand(count));
  if (found)
    list = std::move(*found);
  return bool(found);
}

bool mlir::bev::onnx_to_bev::isZeros(Value value) {
  value = trace(value).base;
  if (auto fill = getNode(value, "ConstantOfShape")) {
    auto number = dyn_cast_if_present<DenseElementsAttr>(fill.attr("value"));
    return !fill.attr("value") || (number && number.isSplat() &&
                                   isa<FloatType>(number.getElementType()) &&
                                   number.getSplatValue<APFloat>().isZero());
  }
  if (isSplat(value, 0.0))
    return true;
  auto numbers = getFloats(value);
  return numbers &&
         llvm::all_of(*numbers, [](float number) { return number == 0.0f; });
}

bool mlir::bev::onnx_to_bev::isAssignment(NodeOp scatter) {
  return scatter.stringAttr("reduction", "none") == "none";
}

Value mlir::bev::onnx_to_bev::findPart(Value value, SmallVector<int64_t> starts,
                                       SmallVector<int64_t> sizes) {
  for (;;) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || type.getRank() != int64_t(sizes.size()))
      return Value();
    if (type.getShape() == ArrayRef<int64_t>(sizes))
      return value;
    auto node = value.getDefiningOp<NodeOp>();
    if (!node)
      return Value();
    if (node.is("Concat")) {
      int64_t axis = node.intAttr("axis", 0);
      axis += axis < 0 ? type.getRank() : 0;
      Value found;
      for (Value operand : node.getInputs()) {
        auto part = dyn_cast<RankedTensorType>(operand.getType());
        if (!part || part.getRank() != type.getRank() ||
            part.isDynamicDim(axis))
          return Value();
        int64_t size = part.getDimSize(axis);
        if (starts[axis] < size) {
          if (starts[axis] + sizes[axis] <= size)
            found = operand;
          break;
        }
        starts[axis] -= size;
      }
      if (!found)
        return Value();
      value = found;
      continue;
    }
    if (node.is("Slice")) {
      // Steps through whole dimensions, each from its own start.
      TensorView view = trace(value);
      if (view.base == value || view.offsets.size() != starts.size())
        return Value();
      for (auto [dim, factors] : llvm::enumerate(view.dims)) {
        if (factors.size() > 1 ||
            (!factors.empty() &&
             (factors.front().dim != int(dim) || factors.front().stride != 1)))
          return Value();
        starts[dim] += view.offsets[dim];
      }
      value = view.base;
      continue;
    }
    SmallVector<int64_t> leading;
    IndexList places;
    auto indexType =
        node.is("ScatterND")
            ? dyn_cast<RankedTensorType>(node.getOperand(1).getType())
            : RankedTensorType();
    if (!indexType || indexType.getRank() == 0 || !isAssignment(node))
      return Value();
    int64_t depth = indexType.getShape().back();
    if (depth < 1 || depth > type.getRank() ||
        !matchColumns(node.getOperand(1), depth - 1, leading, places) ||
        !places.isConstant())
      return Value();
    int64_t first = places.constants.front(), count = places.constants.size();
    for (auto [index, place] : llvm::enumerate(places.constants))
      if (place != first + int64_t(index))
        return Value();
    bool isOther = starts[depth - 1] >= first + count ||
                   starts[depth - 1] + sizes[depth - 1] <= first;
    bool isWhole = starts[depth - 1] == first && sizes[depth - 1] == count;
    for (int64_t dim = 0; dim + 1 < depth; ++dim) {
      isOther |= leading[dim] < starts[dim] ||
                 leading[dim] >= starts[dim] + sizes[dim];
      isWhole &= leading[dim] == starts[dim] && sizes[dim] == 1;
    }
    for (int64_t dim = depth; dim < type.getRank(); ++dim)
      isWhole &= sizes[dim] == type.getDimSize(dim);
    if (isOther) {
      value = node.getOperand(0);
      continue;
    }
    return isWhole ? node.getOperand(2) : Value();
  }
}
