// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Resizing.h"

#include "Raising.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr int64_t kDynamic = ShapedType::kDynamic;
/// What lies between an attention and the copies that it works on is short.
static constexpr unsigned kMaxDepth = 256;

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

Layout mlir::bev::onnx_to_bev::keepLayout(ArrayRef<int64_t> shape) {
  Layout layout;
  for (int64_t size : shape) {
    layout.emplace_back();
    if (size != 1)
      layout.back().push_back({size, size});
  }
  return layout;
}

SmallVector<int64_t> mlir::bev::onnx_to_bev::getNewShape(const Layout &layout) {
  SmallVector<int64_t> shape;
  for (ArrayRef<Digit> digits : layout) {
    int64_t size = 1;
    for (const Digit &digit : digits)
      size = size == kDynamic || digit.newExtent == kDynamic
                 ? kDynamic
                 : size * digit.newExtent;
    shape.push_back(size);
  }
  return shape;
}

static bool isResized(ArrayRef<Digit> digits) {
  return llvm::any_of(digits, [](const Digit &d) { return d.isResized; });
}

/// The size of a dimension as it is.
static int64_t getSize(ArrayRef<Digit> digits) {
  int64_t size = 1;
  for (const Digit &digit : digits)
    size = size == kDynamic || digit.extent == kDynamic ? kDynamic
                                                        : size * digit.extent;
  return size;
}

static bool isResized(const Layout &layout) {
  return llvm::any_of(layout, [](const SmallVector<Digit, 2> &digits) {
    return isResized(ArrayRef<Digit>(digits));
  });
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

namespace {
/// A part of a dimension of a base that is resized.
struct Part {
  int dim;
  int64_t stride;
  Digit digit;
};
} // namespace

/// The digits of one dimension of a base, given its parts.
static bool splitIntoDigits(int64_t size, ArrayRef<Part> parts,
                            SmallVectorImpl<Digit> &digits) {
  SmallVector<Part> sorted(parts);
  llvm::sort(sorted, [](const Part &lhs, const Part &rhs) {
    return lhs.stride > rhs.stride;
  });
  auto keep = [&](int64_t extent) {
    if (extent != 1)
      digits.push_back({extent, extent});
  };
  for (const Part &part : sorted) {
    int64_t span = part.digit.extent * part.stride;
    if (part.digit.extent == kDynamic || span < 1)
      return false;
    if (size != kDynamic && size % span != 0)
      return false;
    keep(size == kDynamic ? kDynamic : size / span);
    digits.push_back(part.digit);
    size = part.stride;
  }
  keep(size);
  return true;
}

/// The place of an offset after resizing.
static bool moveOffset(ArrayRef<Digit> digits, int64_t &offset) {
  int64_t rest = offset, unit = 1;
  offset = 0;
  for (auto [index, digit] : llvm::enumerate(llvm::reverse(digits))) {
    bool isSlowest = index + 1 == digits.size();
    if (digit.extent == kDynamic && !isSlowest)
      return false;
    int64_t step = isSlowest ? rest : rest % digit.extent;
    if (digit.isResized && step != 0)
      return false;
    offset += step * unit;
    if (isSlowest)
      return true;
    rest /= digit.extent;
    unit *= digit.newExtent;
  }
  return rest == 0;
}

/// The factor that reads the same steps after resizing.
static bool moveFactor(ArrayRef<Digit> digits, Factor &factor) {
  int64_t unit = 1, newUnit = 1;
  for (const Digit &digit : llvm::reverse(digits)) {
    bool isHere =
        digit.extent == kDynamic || factor.stride < unit * digit.extent;
    if (!isHere) {
      unit *= digit.extent;
      newUnit *= digit.newExtent;
      continue;
    }
    if (factor.stride % unit != 0)
      return false;
    int64_t step = factor.stride / unit;
    if (digit.isResized) {
      if (step != 1 || factor.extent != digit.extent)
        return false;
      factor.extent = digit.newExtent;
    } else if (digit.extent != kDynamic &&
               (factor.extent == kDynamic ||
                step * factor.extent > digit.extent)) {
      return false;
    }
    factor.stride = step * newUnit;
    return true;
  }
  return false;
}

Value Resizing::resizeView(const TensorView &view, const Layout &layout) {
  auto baseType = cast<RankedTensorType>(view.base.getType());
  SmallVector<Digit> digits;
  SmallVector<int64_t> extents;
  for (ArrayRef<Digit> dim : layout)
    for (const Digit &digit : dim) {
      digits.push_back(digit);
      extents.push_back(digit.extent);
    }
  TensorView split = view;
  if (!split.reshape(extents))
    return Value();

  // What the resized digits are in the base.
  SmallVector<SmallVector<Part>> parts(baseType.getRank());
  for (auto [digit, factors] : llvm::zip_equal(digits, split.dims)) {
    if (!digit.isResized)
      continue;
    bool isSame = llvm::all_of(
        factors, [](const Factor &factor) { return factor.isBroadcast(); });
    if (isSame) {
      factors.clear();
      if (digit.newExtent != 1)
        factors.push_back({digit.newExtent, Factor::kBroadcast, 0});
      continue;
    }
    const Factor &factor = factors.front();
    if (factors.size() != 1)
      return Value();
    parts[factor.dim].push_back({factor.dim, factor.stride, digit});
  }

  Layout baseLayout;
  for (auto [size, dimParts] : llvm::zip_equal(baseType.getShape(), parts)) {
    baseLayout.emplace_back();
    if (!splitIntoDigits(size, dimParts, baseLayout.back()))
      return Value();
  }
  for (auto [dim, dimDigits] : llvm::enumerate(baseLayout)) {
    if (!isResized(ArrayRef<Digit>(dimDigits)))
      continue;
    if (!moveOffset(dimDigits, split.offsets[dim]))
      return Value();
    for (Factors &factors : split.dims)
      for (Factor &factor : factors)
        if (factor.dim == int(dim) && !moveFactor(dimDigits, factor))
          return Value();
  }
  split.base = resize(view.base, baseLayout);
  if (!split.base)
    return Value();
  // Parts of new extent 1 are no factors.
  for (Factors &factors : split.dims)
    llvm::erase_if(factors, [](const Factor &f) { return f.extent == 1; });
  if (!split.reshape(getNewShape(layout)))
    return Value();
  return split.materialize(b);
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

Value Resizing::resize(Value value, const Layout &layout) {
  if (!isResized(layout))
    return value;
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() != int64_t(layout.size()))
    return Value();
  for (const Known &entry : known)
    if (entry.value == value && entry.layout == layout)
      return entry.resized;
  if (depth == kMaxDepth)
    return Value();
  ++depth;
  Value resized;
  TensorView view = trace(value);
  if (leaf)
    resized = leaf(value, layout);
  if (!resized)
    resized = view.base == value ? resizeNode(value, layout)
                                 : resizeView(view, layout);
  --depth;
  known.push_back({value, layout, resized});
  return resized;
}

static bool isElementwise(NodeOp node) {
  static constexpr StringLiteral names[] = {
      "Abs",  "Add",     "Cast",  "Clip",        "Div",      "Elu",
      "Erf",  "Exp",     "Gelu",  "Log",         "Max",      "Min",
      "Mul",  "Neg",     "Pow",   "Reciprocal",  "Relu",     "Round",
      "Selu", "Sigmoid", "Sin",   "Sqrt",        "Sub",      "Tanh",
      "Cos",  "Where",   "Floor", "HardSigmoid", "LeakyRelu"};
  return llvm::is_contained(names, node.getOpType());
}

Value Resizing::resizeNode(Value value, const Layout &layout) {
  if (value.getDefiningOp<onnx::ConstantOp>())
    return resizeConstant(value, layout);
  auto node = value.getDefiningOp<NodeOp>();
  if (!node || node.getDomain() || node.getOutputs().size() != 1 ||
      node.getNumRegions() != 0)
    return Value();
  int64_t rank = layout.size();
  StringRef name = node.getOpType();
  if (isElementwise(node))
    return resizeElementwise(node, layout);
  if (name == "MatMul")
    return resizeProduct(node, layout);
  if (name == "Gemm")
    return resizeGemm(node, layout);
  if (name == "Concat")
    return resizeConcat(node, layout);
  int64_t axis = node.intAttr("axis", -1);
  if (name == "Softmax" || name == "LogSoftmax") {
    // Before version 13 they are taken over all dimensions from `axis` on.
    bool isFlat = node.getVersion() < 13;
    axis = node.intAttr("axis", isFlat ? 1 : -1);
    axis += axis < 0 ? rank : 0;
    return resizeAlongAxes(node, axis, isFlat ? rank : axis + 1, layout);
  }
  if (name == "LayerNormalization")
    return resizeAlongAxes(node, axis + (axis < 0 ? rank : 0), rank, layout);
  return Value();
}

/// A node like `node` on resized operands.
Value Resizing::recreate(NodeOp node, ArrayRef<Value> operands,
                         const Layout &layout) {
  if (llvm::is_contained(operands, Value()))
    return Value();
  auto type = cast<RankedTensorType>(node.getOutputs()[0].getType())
                  .clone(getNewShape(layout));
  return NodeOp::create(b, TypeRange(type), node.getOpTypeAttr(),
                        node.getDomainAttr(), node.getVersionAttr(),
                        node.getNodeAttributesAttr(), ArrayAttr(), operands,
                        /*subgraphsCount=*/0)
      .getOutputs()
      .front();
}

/// Resizes what an operand that is broadcast to the shape of `layout` has of
/// it.
Value Resizing::resizeOperand(Value operand, const Layout &layout) {
  auto type = dyn_cast<RankedTensorType>(operand.getType());
  if (!type || type.getRank() > int64_t(layout.size()))
    return Value();
  Layout own;
  for (auto [size, digits] : llvm::zip_equal(
           type.getShape(), ArrayRef(layout).take_back(type.getRank()))) {
    if (size != 1 && size != getSize(digits))
      return Value();
    own.push_back(size == 1 ? SmallVector<Digit, 2>() : digits);
  }
  return resize(operand, own);
}

Value Resizing::resizeElementwise(NodeOp node, const Layout &layout) {
  SmallVector<Value> operands;
  for (Value operand : node.getInputs())
    operands.push_back(isa<NoneType>(operand.getType())
                           ? operand
                           : resizeOperand(operand, layout));
  return recreate(node, operands, layout);
}

/// MatMul whose rows and batch are resized.
Value Resizing::resizeProduct(NodeOp node, const Layout &layout) {
  auto left = dyn_cast<RankedTensorType>(node.getOperand(0).getType()),
       right = dyn_cast<RankedTensorType>(node.getOperand(1).getType());
  if (!left || !right || left.getRank() < 2 || right.getRank() < 2 ||
      isResized(ArrayRef<Digit>(layout.back())))
    return Value();
  Layout leftLayout = layout, rightLayout = layout;
  leftLayout.back() = keepLayout(left.getShape()).back();
  for (unsigned fromEnd : {1u, 2u})
    rightLayout[layout.size() - fromEnd] =
        keepLayout(right.getShape())[right.getRank() - fromEnd];
  return recreate(node,
                  {resizeOperand(node.getOperand(0), leftLayout),
                   resizeOperand(node.getOperand(1), rightLayout)},
                  layout);
}

/// Gemm whose rows are resized.
Value Resizing::resizeGemm(NodeOp node, const Layout &layout) {
  auto left = dyn_cast<RankedTensorType>(node.getOperand(0).getType());
  if (!left || left.getRank() != 2 || layout.size() != 2 ||
      node.intAttr("transA", 0) != 0 || isResized(ArrayRef<Digit>(layout[1])))
    return Value();
  Layout leftLayout = layout;
  leftLayout[1] = keepLayout(left.getShape())[1];
  SmallVector<Value> operands = {resizeOperand(node.getOperand(0), leftLayout),
                                 node.getOperand(1)};
  if (node.getNumOperands() > 2)
    operands.push_back(node.input(2) ? resizeOperand(node.input(2), layout)
                                     : node.getOperand(2));
  return recreate(node, operands, layout);
}

/// A node that mixes the elements of its first input along some axes.
Value Resizing::resizeAlongAxes(NodeOp node, int64_t firstAxis, int64_t endAxis,
                                const Layout &layout) {
  if (firstAxis < 0 || endAxis > int64_t(layout.size()))
    return Value();
  for (int64_t axis = firstAxis; axis < endAxis; ++axis)
    if (isResized(ArrayRef<Digit>(layout[axis])))
      return Value();
  SmallVector<Value> operands(node.getInputs());
  operands.front() = resizeOperand(operands.front(), layout);
  return recreate(node, operands, layout);
}

Value Resizing::resizeConcat(NodeOp node, const Layout &layout) {
  int64_t axis = node.intAttr("axis", 0);
  axis += axis < 0 ? int64_t(layout.size()) : 0;
  if (axis < 0 || axis >= int64_t(layout.size()) ||
      isResized(ArrayRef<Digit>(layout[axis])))
    return Value();
  SmallVector<Value> operands;
  for (Value operand : node.getInputs()) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type || type.getRank() != int64_t(layout.size()))
      return Value();
    Layout own = layout;
    own[axis] = keepLayout(type.getShape())[axis];
    operands.push_back(resize(operand, own));
  }
  return recreate(node, operands, layout);
}

/// A constant that is the same along its resized parts, which become 1.
Value Resizing::resizeConstant(Value value, const Layout &layout) {
  auto type = cast<RankedTensorType>(value.getType());
  std::optional<SmallVector<float>> numbers = getFloats(value);
  if (!numbers || !type.getElementType().isF32() ||
      int64_t(numbers->size()) !=
          (numbers->size() == 1 ? 1 : type.getNumElements()))
    return Value();
  SmallVector<Digit> digits;
  for (ArrayRef<Digit> dim : layout)
    for (const Digit &digit : dim) {
      if (digit.isResized && digit.newExtent != 1)
        return Value();
      digits.push_back(digit);
    }
  SmallVector<float> kept;
  auto isEqual = [](float lhs, float rhs) {
    return llvm::bit_cast<uint32_t>(lhs) == llvm::bit_cast<uint32_t>(rhs);
  };
  for (int64_t i = 0, count = type.getNumElements(); i < count; ++i) {
    // The element at index 0 of the resized parts.
    int64_t rest = i, first = i, unit = 1;
    for (const Digit &digit : llvm::reverse(digits)) {
      if (digit.isResized)
        first -= rest % digit.extent * unit;
      rest /= digit.extent;
      unit *= digit.extent;
    }
    bool isSplat = numbers->size() == 1;
    if (!isSplat && !isEqual((*numbers)[i], (*numbers)[first]))
      return Value();
    if (first == i)
      kept.push_back((*numbers)[isSplat ? 0 : i]);
  }
  auto newType = type.clone(getNewShape(layout));
  return onnx::ConstantOp::create(b, newType,
                                  cast<ElementsAttr>(DenseElementsAttr::get(
                                      newType, ArrayRef<float>(kept))));
}
