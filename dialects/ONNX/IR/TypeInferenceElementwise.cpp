// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of operators that work element by element.

#include "InferenceTable.h"

#include <numeric>

using namespace mlir;
using namespace mlir::bev::onnx;

/// The broadcast of all inputs, to a result of that element type.
static LogicalResult broadcastInputs(Inference &i, Type element) {
  SmallVector<Shape> shapes;
  for (unsigned index = 0; index < i.numInputs(); ++index) {
    auto shape = i.shape(index);
    if (!shape) {
      i.set(0, element, std::nullopt);
      return success();
    }
    shapes.push_back(*shape);
  }
  SmallVector<ArrayRef<int64_t>> views(shapes.begin(), shapes.end());
  auto shape = broadcastShapes(views);
  if (!shape) {
    InFlightDiagnostic diagnostic =
        i.error()
        << "expected inputs of shapes that broadcast to one, but got ";
    llvm::interleaveComma(shapes, diagnostic,
                          [&](const Shape &s) { diagnostic << toString(s); });
    return diagnostic;
  }
  i.set(0, element, shape);
  return success();
}

static Type firstElement(Inference &i) {
  for (unsigned index = 0; index < i.numInputs(); ++index)
    if (Type type = i.element(index))
      return type;
  return Type();
}

static LogicalResult checkAllSame(Inference &i) {
  SmallVector<unsigned> all(i.numInputs());
  std::iota(all.begin(), all.end(), 0);
  return i.checkSameElements(all);
}

static LogicalResult inferArithmetic(Inference &i) {
  if (failed(checkAllSame(i)))
    return failure();
  return broadcastInputs(i, firstElement(i));
}

static LogicalResult inferComparison(Inference &i) {
  if (failed(checkAllSame(i)))
    return failure();
  return broadcastInputs(i, i.i1());
}

static LogicalResult inferPow(Inference &i) {
  return broadcastInputs(i, i.element(0));
}

static LogicalResult inferWhere(Inference &i) {
  if (Type type = i.element(0); type && !type.isInteger(1))
    return i.error() << "expected the condition to have elements of 'i1', but "
                        "got "
                     << type;
  if (failed(i.checkSameElements({1, 2})))
    return failure();
  return broadcastInputs(i, i.element(1) ? i.element(1) : i.element(2));
}

static LogicalResult inferPRelu(Inference &i) { return i.same(0, 0); }
static LogicalResult inferSame(Inference &i) { return i.same(0, 0); }

static LogicalResult inferTest(Inference &i) {
  i.set(0, i.i1(), i.shape(0));
  return success();
}

static LogicalResult inferCast(Inference &i) {
  Type type = getTypeOfNumber(i.context(), i.node.intAttr("to", 0));
  if (!type)
    return i.error() << "expected attribute 'to' to be the number of an "
                        "element type, but got "
                     << i.node.intAttr("to", 0);
  i.set(0, type, i.shape(0));
  return success();
}

static LogicalResult inferCastLike(Inference &i) {
  i.set(0, i.element(1), i.shape(0));
  return success();
}

static LogicalResult inferDropout(Inference &i) {
  i.set(1, i.i1(), i.shape(0));
  return i.same(0, 0);
}

/// The type of the input, or of the attribute `dtype` where it is there.
static LogicalResult inferLike(Inference &i) {
  Type type = getTypeOfNumber(i.context(), i.node.intAttr("dtype", 0));
  i.set(0, type ? type : i.element(0), i.shape(0));
  return success();
}

void mlir::bev::onnx::addElementwiseInferences(InferenceTable &table) {
  for (StringRef name :
       {"Add", "Sub", "Mul", "Div", "Mod", "BitwiseAnd", "BitwiseOr",
        "BitwiseXor", "BitShift", "And", "Or", "Xor"})
    table[name] = {inferArithmetic, 2};
  for (StringRef name : {"Max", "Min", "Sum", "Mean"})
    table[name] = {inferArithmetic, 1};
  for (StringRef name :
       {"Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"})
    table[name] = {inferComparison, 2};
  table["Pow"] = {inferPow, 2};
  table["Where"] = {inferWhere, 3};
  table["PRelu"] = {inferPRelu, 2};
  for (StringRef name :
       {"Floor",       "Ceil",     "Round",     "Sqrt",
        "Reciprocal",  "Exp",      "Log",       "Sin",
        "Cos",         "Tan",      "Asin",      "Acos",
        "Atan",        "Sinh",     "Cosh",      "Tanh",
        "Asinh",       "Acosh",    "Atanh",     "Erf",
        "Sigmoid",     "Softplus", "Softsign",  "HardSwish",
        "Mish",        "Gelu",     "LeakyRelu", "ThresholdedRelu",
        "Elu",         "Celu",     "Selu",      "Swish",
        "HardSigmoid", "Shrink",   "Neg",       "Abs",
        "Sign",        "Relu",     "Clip",      "Not",
        "BitwiseNot",  "Identity"})
    table[name] = {inferSame, 1};
  for (StringRef name : {"IsNaN", "IsInf"})
    table[name] = {inferTest, 1};
  table["SwiGLU"] = {inferSame, 2};
  table["BitCast"] = {inferCast, 1};
  table["Cast"] = {inferCast, 1};
  table["CastLike"] = {inferCastLike, 2};
  table["Dropout"] = {inferDropout, 1, 2};
  for (StringRef name :
       {"EyeLike", "Bernoulli", "RandomNormalLike", "RandomUniformLike"})
    table[name] = {inferLike, 1};
}
