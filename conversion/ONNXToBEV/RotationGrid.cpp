// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "RotationGrid.h"

#include "IndexLists.h"
#include "LinearForm.h"
#include "Raising.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

/// The most elements of a tensor that is evaluated.
static constexpr int64_t kMaxElements = 1 << 18;
/// The most nodes between a tensor and the constants and angles in it.
static constexpr unsigned kMaxDepth = 64;

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static bool isNumber(const Rotation &x) { return x.angle == Rotation::kNone; }

/// x + factor * y, if both have the same angle.
static bool add(Rotation &x, double factor, const Rotation &y) {
  if (!isNumber(x) && !isNumber(y) && x.angle != y.angle)
    return false;
  x.number += factor * y.number;
  x.cosine += factor * y.cosine;
  x.sine += factor * y.sine;
  x.angle = std::max(x.angle, y.angle);
  return true;
}

static Rotation times(double factor, const Rotation &x) {
  return {factor * x.number, factor * x.cosine, factor * x.sine, x.angle};
}

/// x * y, if one of them is a number.
static bool multiply(const Rotation &x, const Rotation &y, Rotation &product) {
  if (!isNumber(x) && !isNumber(y))
    return false;
  product = isNumber(x) ? times(x.number, y) : times(y.number, x);
  return true;
}

static bool combine(StringRef name, const Rotation &x, const Rotation &y,
                    Rotation &result) {
  if (name == "Mul")
    return multiply(x, y, result);
  if (name == "Div") {
    if (!isNumber(y) || y.number == 0.0)
      return false;
    result = times(1.0 / y.number, x);
    return true;
  }
  result = x;
  return add(result, name == "Sub" ? -1.0 : 1.0, y);
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// Where an element of a broadcast tensor comes from.
static int64_t broadcastPlace(int64_t element, ArrayRef<int64_t> shape,
                              ArrayRef<int64_t> own) {
  int64_t place = 0, stride = 1;
  for (size_t dim = shape.size(); dim-- > 0;) {
    int64_t index = element % shape[dim];
    element /= shape[dim];
    size_t fromEnd = shape.size() - dim;
    if (fromEnd > own.size())
      continue;
    int64_t size = own[own.size() - fromEnd];
    place += (size == 1 ? 0 : index) * stride;
    stride *= size;
  }
  return place;
}

/// Whether a tensor broadcasts to a shape.
static bool broadcasts(ArrayRef<int64_t> own, ArrayRef<int64_t> shape) {
  if (own.size() > shape.size())
    return false;
  return llvm::all_of(llvm::zip_equal(own, shape.take_back(own.size())),
                      [](auto sizes) {
                        return std::get<0>(sizes) == 1 ||
                               std::get<0>(sizes) == std::get<1>(sizes);
                      });
}

static int64_t countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

/// Whether a tensor is small enough; no size is dynamic then.
static bool isSmall(ArrayRef<int64_t> shape) {
  int64_t room = kMaxElements;
  for (int64_t size : shape) {
    if (size < 1)
      return false;
    room /= size;
  }
  return room > 0;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

/// cos or sin of angles times a number.
RotationEvaluator::Result RotationEvaluator::computeAngle(NodeOp node) {
  Value input = node.getOperand(0);
  auto type = dyn_cast<RankedTensorType>(input.getType());
  if (!type || type != node.getOutputs()[0].getType())
    return std::nullopt;
  LinearForm form = matchLinear(input);
  if (form.terms.size() != 1 || form.addend != 0.0)
    return std::nullopt;
  auto [value, factor] = form.terms.front();
  if (!angles) {
    angles = value;
    scale = factor;
  }
  // The cosine is even, the sine odd.
  double sign = factor == scale ? 1.0 : -1.0;
  if (angles != value || std::abs(factor) != std::abs(scale))
    return std::nullopt;
  Rotations result = {llvm::to_vector(type.getShape()), {}};
  for (int i = 0, e = type.getNumElements(); i < e; ++i) {
    Rotation element;
    (node.is("Cos") ? element.cosine : element.sine) =
        node.is("Cos") ? 1.0 : sign;
    element.angle = i;
    result.elements.push_back(element);
  }
  return result;
}

RotationEvaluator::Result
RotationEvaluator::computeElementwise(NodeOp node, ArrayRef<int64_t> shape) {
  const Rotations *lhs = evaluate(node.getOperand(0)),
                  *rhs = evaluate(node.getOperand(1));
  if (!lhs || !rhs || !broadcasts(lhs->shape, shape) ||
      !broadcasts(rhs->shape, shape))
    return std::nullopt;
  Rotations result = {llvm::to_vector(shape), {}};
  for (int64_t i = 0, e = countElements(shape); i < e; ++i) {
    Rotation element;
    if (!combine(node.getOpType(),
                 lhs->elements[broadcastPlace(i, shape, lhs->shape)],
                 rhs->elements[broadcastPlace(i, shape, rhs->shape)], element))
      return std::nullopt;
    result.elements.push_back(element);
  }
  return result;
}

RotationEvaluator::Result
RotationEvaluator::computeConcat(NodeOp node, ArrayRef<int64_t> shape) {
  int64_t axis = node.intAttr("axis", 0);
  axis += axis < 0 ? shape.size() : 0;
  if (axis < 0 || axis >= int64_t(shape.size()))
    return std::nullopt;
  Rotations result = {llvm::to_vector(shape), {}};
  result.elements.resize(countElements(shape));
  int64_t inner = countElements(shape.drop_front(axis + 1)),
          outer = countElements(shape.take_front(axis)), start = 0;
  int64_t size = 0;
  for (Value input : node.getInputs()) {
    const Rotations *part = evaluate(input);
    if (!part || part->shape.size() != shape.size())
      return std::nullopt;
    size += part->shape[axis];
    if (size > shape[axis] ||
        countElements(part->shape) != outer * part->shape[axis] * inner)
      return std::nullopt;
    int64_t run = part->shape[axis] * inner;
    for (int64_t i = 0; i < outer; ++i)
      std::copy_n(part->elements.begin() + i * run, run,
                  result.elements.begin() + i * shape[axis] * inner + start);
    start += run;
  }
  if (size != shape[axis])
    return std::nullopt;
  return result;
}

/// MatMul, of which one factor of each product is a number.
RotationEvaluator::Result
RotationEvaluator::computeProduct(NodeOp node, ArrayRef<int64_t> shape) {
  const Rotations *lhs = evaluate(node.getOperand(0)),
                  *rhs = evaluate(node.getOperand(1));
  if (!lhs || !rhs || shape.size() < 2 || lhs->shape.size() < 2 ||
      rhs->shape.size() < 2)
    return std::nullopt;
  int64_t rows = shape[shape.size() - 2], columns = shape.back(),
          depth = lhs->shape.back();
  ArrayRef<int64_t> batch = shape.drop_back(2),
                    lhsBatch = ArrayRef(lhs->shape).drop_back(2),
                    rhsBatch = ArrayRef(rhs->shape).drop_back(2);
  if (countElements(shape) > 8 * kMaxElements / depth ||
      ArrayRef(lhs->shape).take_back(2) != ArrayRef{rows, depth} ||
      ArrayRef(rhs->shape).take_back(2) != ArrayRef{depth, columns} ||
      !broadcasts(lhsBatch, batch) || !broadcasts(rhsBatch, batch))
    return std::nullopt;
  Rotations result = {llvm::to_vector(shape), {}};
  for (int64_t i = 0, e = countElements(batch); i < e; ++i) {
    int64_t a = rows * depth * broadcastPlace(i, batch, lhsBatch),
            c = depth * columns * broadcastPlace(i, batch, rhsBatch);
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < columns; ++column) {
        Rotation sum, product;
        for (int64_t k = 0; k < depth; ++k)
          if (!multiply(lhs->elements[a + row * depth + k],
                        rhs->elements[c + k * columns + column], product) ||
              !add(sum, 1.0, product))
            return std::nullopt;
        result.elements.push_back(sum);
      }
  }
  return result;
}

/// ReduceSum over one dimension.
RotationEvaluator::Result
RotationEvaluator::computeSum(NodeOp node, ArrayRef<int64_t> shape) {
  const Rotations *input = evaluate(node.getOperand(0));
  auto axes = getReductionAxes(node);
  if (!input || !axes || axes->size() != 1)
    return std::nullopt;
  ArrayRef<int64_t> from = input->shape;
  int64_t axis = axes->front(), count = from[axis],
          inner = countElements(from.drop_front(axis + 1)),
          outer = countElements(from.take_front(axis));
  if (countElements(shape) != outer * inner)
    return std::nullopt;
  Rotations result = {llvm::to_vector(shape), {}};
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t k = 0; k < inner; ++k) {
      Rotation sum;
      for (int64_t j = 0; j < count; ++j)
        if (!add(sum, 1.0, input->elements[(i * count + j) * inner + k]))
          return std::nullopt;
      result.elements.push_back(sum);
    }
  return result;
}

/// ONNX's AffineGrid, of images: theta [N,2,3] times the centres of the pixels.
RotationEvaluator::Result
RotationEvaluator::computeAffineGrid(NodeOp node, ArrayRef<int64_t> shape) {
  const Rotations *theta = evaluate(node.getOperand(0));
  if (!theta || shape.size() != 4 || shape[3] != 2 ||
      ArrayRef(theta->shape) != ArrayRef<int64_t>{shape[0], 2, 3})
    return std::nullopt;
  bool alignCorners = node.intAttr("align_corners", 0) != 0;
  auto centre = [&](int64_t index, int64_t size) {
    if (alignCorners)
      return size == 1 ? 0.0 : 2.0 * index / (size - 1) - 1.0;
    return (2.0 * index + 1.0) / size - 1.0;
  };
  Rotations result = {llvm::to_vector(shape), {}};
  for (int64_t n = 0; n < shape[0]; ++n)
    for (int64_t row = 0; row < shape[1]; ++row)
      for (int64_t column = 0; column < shape[2]; ++column)
        for (int64_t axis = 0; axis < 2; ++axis) {
          const Rotation *line = &theta->elements[(n * 2 + axis) * 3];
          Rotation element = line[2];
          if (!add(element, centre(column, shape[2]), line[0]) ||
              !add(element, centre(row, shape[1]), line[1]))
            return std::nullopt;
          result.elements.push_back(element);
        }
  return result;
}

RotationEvaluator::Result RotationEvaluator::compute(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !isSmall(type.getShape()))
    return std::nullopt;
  ArrayRef<int64_t> shape = type.getShape();
  if (auto numbers = getFloats(value)) {
    Rotations result = {llvm::to_vector(shape), {}};
    for (float number : *numbers)
      result.elements.push_back({number, 0.0, 0.0, Rotation::kNone});
    if (int64_t(result.elements.size()) != type.getNumElements())
      return std::nullopt;
    return result;
  }
  TensorView view = trace(value);
  if (view.base != value) {
    const Rotations *base = evaluate(view.base);
    if (!base)
      return std::nullopt;
    Rotations result = {llvm::to_vector(shape), {}};
    SmallVector<int64_t> index(shape.size(), 0);
    for (int64_t i = 0, e = type.getNumElements(); i < e; ++i) {
      int64_t place = 0;
      for (auto [size, at] : llvm::zip_equal(base->shape, view.locate(index)))
        place = place * size + at;
      result.elements.push_back(base->elements[place]);
      for (size_t dim = shape.size(); dim-- > 0;) {
        if (++index[dim] < shape[dim])
          break;
        index[dim] = 0;
      }
    }
    return result;
  }
  auto node = value.getDefiningOp<NodeOp>();
  if (!node || node.getDomain() || node.getNumOperands() == 0)
    return std::nullopt;
  StringRef name = node.getOpType();
  if (name == "Cos" || name == "Sin")
    return computeAngle(node);
  if (name == "Neg") {
    const Rotations *input = evaluate(node.getOperand(0));
    if (!input || ArrayRef(input->shape) != shape)
      return std::nullopt;
    Rotations result = *input;
    for (Rotation &element : result.elements)
      element = times(-1.0, element);
    return result;
  }
  if (name == "Concat")
    return computeConcat(node, shape);
  if (name == "ReduceSum")
    return computeSum(node, shape);
  if (node.getNumOperands() != 2)
    return std::nullopt;
  if (name == "MatMul")
    return computeProduct(node, shape);
  if (name == "AffineGrid")
    return computeAffineGrid(node, shape);
  if (name == "Add" || name == "Sub" || name == "Mul" || name == "Div")
    return computeElementwise(node, shape);
  return std::nullopt;
}

const Rotations *RotationEvaluator::evaluate(Value value) {
  auto found = known.find(value);
  if (found != known.end())
    return found->second.get();
  if (depth >= kMaxDepth)
    return nullptr;
  ++depth;
  Result result = compute(value);
  --depth;
  auto owned =
      result ? std::make_unique<Rotations>(std::move(*result)) : nullptr;
  return known.try_emplace(value, std::move(owned)).first->second.get();
}
