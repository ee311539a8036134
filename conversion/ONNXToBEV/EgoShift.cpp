// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The motion of the vehicle in cells of the map: its length times the cosine
// and the sine of the angle between heading and motion, whose direction is an
// atan2 that exporters write as an Atan of a quotient and a choice of quadrant.

#include "Geometry.h"
#include "LinearForm.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr StringLiteral kOp = "bev.ego_shift";
static constexpr double kPi = 3.14159265358979323846;

namespace {
/// factor * length * cos(angle), or the same with sin.
struct Product {
  /// What the last of its factors is multiplied or divided to.
  Value value;
  double factor = 1.0;
  /// The last whole number that it is divided by, or 1.
  int64_t cells = 1;
};

/// One shift, from its cosine.
class ShiftMatcher {
public:
  ShiftMatcher(NodeOp cosine, ArrayRef<NodeOp> sines, RaiseReport &report)
      : cosine(cosine), sines(sines), report(report),
        b(cosine.getLoc(), cosine) {}

  void raise(ArrayRef<NodeOp> concats);

private:
  bool matchAngle();
  bool matchDirection(Value value);
  bool isSign(Value condition, Value of, bool isStrict);
  bool isLength(Value value);
  bool isSquare(Value value, Value of);
  bool isNorm(NodeOp norm);
  bool matchProduct(NodeOp function, Product &product);
  std::optional<TensorView> asColumn(Value value);
  Value buildCanBus();
  void replace(const Product &x, const Product &y, Value shift,
               ArrayRef<NodeOp> concats);

  bool refuse(const Twine &reason) {
    report.refused(arcTangent, kOp, reason);
    return false;
  }

  NodeOp cosine;
  ArrayRef<NodeOp> sines;
  RaiseReport &report;
  ImplicitLocOpBuilder b;

  NodeOp arcTangent;
  Value dx, dy, heading;
  LinearForm angle;
  int64_t rows = 1;
};
} // namespace

/// Whether both have the same elements in the same order.
static bool isSame(Value lhs, Value rhs) {
  lhs = stripShape(lhs);
  rhs = stripShape(rhs);
  if (lhs == rhs)
    return true;
  auto left = dyn_cast<RankedTensorType>(lhs.getType()),
       right = dyn_cast<RankedTensorType>(rhs.getType());
  if (!left || !right)
    return false;
  TensorView view = trace(lhs), other = trace(rhs);
  return view.base == other.base && view.reshape(right.getShape()) &&
         view == other;
}

//===----------------------------------------------------------------------===//
// The angle
//===----------------------------------------------------------------------===//

/// The Atan that a value is computed of by additions and choices, or null.
static NodeOp findArcTangent(Value value, unsigned depth = 0) {
  constexpr unsigned kMaxDepth = 6;
  auto node = stripShape(value).getDefiningOp<NodeOp>();
  if (!node || node.getDomain() || depth > kMaxDepth)
    return NodeOp();
  if (node.is("Atan"))
    return node;
  static constexpr StringLiteral names[] = {"Where", "Add", "Sub",
                                            "Mul",   "Div", "Neg"};
  if (!llvm::is_contained(names, node.getOpType()))
    return NodeOp();
  for (Value operand :
       llvm::drop_begin(node->getOperands(), node.is("Where") ? 1 : 0))
    if (NodeOp found = findArcTangent(operand, depth + 1))
      return found;
  return NodeOp();
}

/// of < 0 where it is strict, else of > 0 or of >= 0.
bool ShiftMatcher::isSign(Value condition, Value of, bool isStrict) {
  auto compare = stripShape(condition).getDefiningOp<NodeOp>();
  if (!compare || compare.getDomain() || compare.getNumOperands() != 2)
    return false;
  unsigned side = isSplat(compare.getOperand(1), 0.0) ? 0 : 1;
  if (!isSplat(compare.getOperand(1 - side), 0.0) ||
      !isSame(compare.getOperand(side), of))
    return false;
  StringRef name = compare.getOpType();
  if (isStrict)
    return name == (side == 0 ? "Less" : "Greater");
  return side == 0 ? name == "Greater" || name == "GreaterOrEqual"
                   : name == "Less" || name == "LessOrEqual";
}

/// atan2(dy, dx): Atan of the quotient, and half a turn more or less where dx
/// is negative. Where both are 0 it may be set to 0.
bool ShiftMatcher::matchDirection(Value value) {
  value = stripShape(value);
  auto choose = getNode(value, "Where");
  if (choose && getNode(choose.getOperand(0), "IsNaN")) {
    auto isNaN = getNode(choose.getOperand(0), "IsNaN");
    if (!isSplat(choose.getOperand(1), 0.0) ||
        !isSame(isNaN.getOperand(0), choose.getOperand(2)))
      return false;
    choose = getNode(stripShape(choose.getOperand(2)), "Where");
  }
  auto ratio = getNode(stripShape(arcTangent.getOperand(0)), "Div");
  if (!choose || !ratio || !isa<RankedTensorType>(value.getType()))
    return false;
  dy = ratio.getOperand(0);
  dx = ratio.getOperand(1);
  if (!isa<RankedTensorType>(dx.getType()) ||
      !isa<RankedTensorType>(dy.getType()))
    return false;
  Value quotient = arcTangent.getOutputs()[0];
  auto behind = getNode(stripShape(choose.getOperand(1)), "Where");
  if (!behind || !isSign(choose.getOperand(0), dx, /*isStrict=*/true) ||
      !isSame(choose.getOperand(2), quotient) ||
      !isSign(behind.getOperand(0), dy, /*isStrict=*/false))
    return false;
  for (auto [index, turn] : {std::pair(1, kPi), std::pair(2, -kPi)}) {
    LinearForm form = matchLinear(behind.getOperand(index));
    if (form.terms.size() != 1 || form.terms[0].factor != 1.0 ||
        form.terms[0].value != stripShape(quotient) ||
        !isClose(form.addend, turn))
      return false;
  }
  return true;
}

/// heading - atan2(dy, dx). False without a report where there is no Atan.
bool ShiftMatcher::matchAngle() {
  if (!isa<RankedTensorType>(cosine.getOperand(0).getType()))
    return false;
  auto type = cast<RankedTensorType>(cosine.getOperand(0).getType());
  rows = type.hasStaticShape() ? type.getNumElements() : ShapedType::kDynamic;
  angle = matchLinear(cosine.getOperand(0));
  Value direction;
  for (const LinearForm::Term &term : angle.terms)
    if (NodeOp found = findArcTangent(term.value)) {
      direction = term.value;
      arcTangent = found;
    }
  if (!arcTangent)
    return false;
  if (!type.getElementType().isF32())
    return refuse("it is not computed in f32");
  if (!matchDirection(direction))
    return refuse("it is no atan2 of two values: the Atan of a quotient, and "
                  "pi more or less where the divisor is negative");
  double ofHeading = 0, ofDirection = 0;
  for (const LinearForm::Term &term : angle.terms) {
    bool isDirection = term.value == direction;
    (isDirection ? ofDirection : ofHeading) = term.factor;
    if (!isDirection)
      heading = term.value;
  }
  if (angle.terms.size() != 2 || !isClose(ofHeading, 1.0) ||
      !isClose(ofDirection, -1.0) || !isClose(angle.addend, 0.0))
    return refuse("its angle is not a heading less the direction of a motion, "
                  "both in radians");
  return true;
}

//===----------------------------------------------------------------------===//
// The length
//===----------------------------------------------------------------------===//

bool ShiftMatcher::isSquare(Value value, Value of) {
  auto node = stripShape(value).getDefiningOp<NodeOp>();
  if (!node || node.getNumOperands() != 2 || !isSame(node.getOperand(0), of))
    return false;
  if (node.is("Pow"))
    return isSplat(node.getOperand(1), 2.0);
  return node.is("Mul") && isSame(node.getOperand(1), of);
}

/// The norm of vectors (dx, dy).
bool ShiftMatcher::isNorm(NodeOp norm) {
  auto axes = getReductionAxes(norm);
  if (!axes || axes->size() != 1 || !isa<RankedTensorType>(dx.getType()))
    return false;
  TensorView first = trace(norm.getOperand(0)), second = first;
  std::optional<TensorView> x = asColumn(dx), y = asColumn(dy);
  return first.getSize(axes->front()) == 2 &&
         first.slice(axes->front(), 0, 1) && first.reshape({rows}) &&
         second.slice(axes->front(), 1, 1) && second.reshape({rows}) &&
         x == first && y == second;
}

/// sqrt(dx^2 + dy^2).
bool ShiftMatcher::isLength(Value value) {
  if (auto norm = getNode(stripShape(value), "ReduceL2"))
    return isNorm(norm);
  auto root = getNode(stripShape(value), "Sqrt");
  auto sum = root ? getNode(stripShape(root.getOperand(0)), "Add") : NodeOp();
  if (!sum)
    return false;
  Value first = sum.getOperand(0), second = sum.getOperand(1);
  return (isSquare(first, dx) && isSquare(second, dy)) ||
         (isSquare(first, dy) && isSquare(second, dx));
}

/// Follows the product of the length and a function of the angle up to the last
/// scaling by a constant.
bool ShiftMatcher::matchProduct(NodeOp function, Product &product) {
  bool isMultiplied = false;
  Value value = function.getOutputs()[0];
  for (;;) {
    // What is the only use of what there is up to here.
    auto user =
        value.hasOneUse() ? dyn_cast<NodeOp>(*value.user_begin()) : NodeOp();
    if (!user || user.getDomain() || user.getOutputs().size() != 1 ||
        user->getBlock() != function->getBlock())
      break;
    Value result = user.getOutputs()[0];
    AffineScalar scaling;
    if (stripShape(result) == stripShape(value)) {
      value = result;
      continue;
    }
    if (matchAffine(user, scaling) == value && scaling.addend == 0.0) {
      product.factor *= scaling.factor;
      std::optional<double> divisor =
          user.is("Div") ? getSplat(user.getOperand(1)) : std::nullopt;
      if (divisor && *divisor >= 1.0 && *divisor <= 1e9 &&
          *divisor == std::floor(*divisor))
        product.cells = int64_t(*divisor);
    } else {
      Value other = user.is("Mul") ? getOther(user, value) : Value();
      if (isMultiplied || !other || !isElementwise(other, value))
        break;
      LinearForm form = matchLinear(other);
      if (form.terms.size() != 1 || form.addend != 0.0 ||
          !isLength(form.terms[0].value))
        break;
      product.factor *= form.terms[0].factor;
      isMultiplied = true;
    }
    product.value = value = result;
  }
  return isMultiplied;
}

//===----------------------------------------------------------------------===//
// Raising
//===----------------------------------------------------------------------===//

/// [B]; nothing where it has another number of elements or several dynamic
/// sizes.
std::optional<TensorView> ShiftMatcher::asColumn(Value value) {
  TensorView view = trace(value);
  if (!view.reshape({rows}) || view.getSize(0) != rows)
    return std::nullopt;
  return view;
}

/// [B,K] with dx and dy first and the heading last but one. Null where they are
/// no views.
Value ShiftMatcher::buildCanBus() {
  std::optional<TensorView> columns[3] = {asColumn(dx), asColumn(dy),
                                          asColumn(heading)};
  if (!columns[0] || !columns[1] || !columns[2])
    return Value();
  // All of them may be entries of one tensor already.
  TensorView whole = *columns[0];
  auto shape = cast<RankedTensorType>(whole.base.getType()).getShape();
  for (int dim = 0, e = shape.size(); dim < e; ++dim) {
    int64_t size = shape[dim];
    if (size == ShapedType::kDynamic || size < 4 || whole.offsets[dim] != 0)
      continue;
    TensorView second = whole, third = whole;
    second.offsets[dim] = 1;
    third.offsets[dim] = size - 2;
    bool isStepped = llvm::any_of(
        whole.dims[0], [&](const Factor &factor) { return factor.dim == dim; });
    if (isStepped || !(second == *columns[1]) || !(third == *columns[2]))
      continue;
    whole.dims.push_back({{size, dim, 1}});
    if (Value canBus = whole.materialize(b))
      return canBus;
    break;
  }
  SmallVector<Value> parts;
  for (unsigned index : {0u, 1u, 2u, 2u}) {
    TensorView view = *columns[index];
    view.dims.emplace_back();
    parts.push_back(view.materialize(b));
    if (!parts.back())
      return Value();
  }
  return createNode(b, "Concat", parts, typeLike(parts.front(), {rows, 4}),
                    b.getNamedAttr("axis", b.getI64IntegerAttr(1)));
}

/// Replaces both parts, and tensors of x before y, by views of the op's result.
void ShiftMatcher::replace(const Product &x, const Product &y, Value shift,
                           ArrayRef<NodeOp> concats) {
  auto part = [&](const Product &product, int64_t axis) {
    TensorView view(shift);
    auto type = cast<RankedTensorType>(product.value.getType());
    if (!view.slice(1, axis, 1) || !view.reshape(type.getShape()))
      return std::optional<TensorView>();
    return std::optional(view);
  };
  std::optional<TensorView> ofX = part(x, 0), ofY = part(y, 1);
  for (NodeOp concat : concats) {
    auto type = dyn_cast<RankedTensorType>(concat.getOutputs()[0].getType());
    if (!type || concat.getInputs().size() != 2 ||
        !llvm::all_of(concat.getInputs(), [](Value input) {
          return isa<RankedTensorType>(input.getType());
        }))
      continue;
    TensorView first = trace(concat.getOperand(0)),
               second = trace(concat.getOperand(1));
    if (first.base != x.value || second.base != y.value)
      continue;
    std::optional<TensorView> firstOf = first.composeWith(*ofX),
                              secondOf = second.composeWith(*ofY);
    std::optional<TensorView> both;
    if (firstOf && secondOf)
      both = stack({*firstOf, *secondOf});
    int64_t axis = concat.intAttr("axis", 0);
    axis += axis < 0 ? type.getRank() : 0;
    if (!both || axis < 0 || axis >= type.getRank())
      continue;
    Factors steps = both->dims.front();
    both->dims.erase(both->dims.begin());
    both->dims[axis].insert(both->dims[axis].begin(), steps.begin(),
                            steps.end());
    if (both->reshape(type.getShape()))
      replaceByView(concat.getOutputs()[0], *both, b);
  }
  for (auto [product, view] : {std::pair(&x, &ofX), std::pair(&y, &ofY)}) {
    if (!product->value.use_empty())
      replaceByView(product->value, **view, b);
  }
}

void ShiftMatcher::raise(ArrayRef<NodeOp> concats) {
  Product x, y;
  if (!matchAngle())
    return;
  if (!matchProduct(cosine, y))
    return (void)refuse("the cosine of the angle is not multiplied by the "
                        "length of the same motion");
  NodeOp sine;
  for (NodeOp node : sines)
    if (isa<RankedTensorType>(node.getOperand(0).getType()) &&
        node->getBlock() == cosine->getBlock() &&
        matchLinear(node.getOperand(0)).isClose(angle) && !node->use_empty())
      sine = node;
  if (!sine || !matchProduct(sine, x))
    return (void)refuse("the sine of the angle is not multiplied by the length "
                        "of the same motion");
  int64_t cells[2] = {y.cells, x.cells};
  float grid[2];
  for (auto [length, product] : llvm::zip_equal(grid, ArrayRef{&y, &x})) {
    length = 1.0 / (product->factor * product->cells);
    if (!(length > 0.0f) || !std::isfinite(length))
      return (void)refuse("a part is not divided by a positive length");
  }
  // Before the first of both, which use all that the op does.
  Operation *first = x.value.getDefiningOp(), *second = y.value.getDefiningOp();
  b.setInsertionPoint(first->isBeforeInBlock(second) ? first : second);
  Value canBus = buildCanBus();
  if (!canBus)
    return (void)refuse("motion and heading do not have one number each for "
                        "each row of the batch");
  RankedTensorType shiftType = typeLike(canBus, {rows, 2});
  Value init = createEmpty(b, shiftType, {{canBus, 0}, {canBus, 1}});
  auto op = EgoShiftOp::create(b, TypeRange(shiftType), canBus, init,
                               b.getDenseF32ArrayAttr(grid),
                               b.getDenseI64ArrayAttr(cells));
  replace(x, y, op->getResult(0), concats);
  report.raised(arcTangent, kOp);
}

void mlir::bev::onnx_to_bev::raiseEgoShift(NodeOp cosine,
                                           ArrayRef<NodeOp> sines,
                                           ArrayRef<NodeOp> concats,
                                           RaiseReport &report) {
  ShiftMatcher(cosine, sines, report).raise(concats);
}
