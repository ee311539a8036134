// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that read or make shapes, and make tensors from them.

#include "Reshape.h"
#include "Scalars.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

/// A list of int64 from sizes.
static Value buildList(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes) {
  SmallVector<Value> elements;
  for (OpFoldResult size : sizes)
    elements.push_back(b.createOrFold<arith::IndexCastOp>(
        b.getI64Type(), toIndexValue(b, size)));
  return tensor::FromElementsOp::create(
      b, RankedTensorType::get({int64_t(sizes.size())}, b.getI64Type()),
      elements);
}

static LogicalResult lowerShape(Lowering &l) {
  SmallVector<OpFoldResult> sizes = sizesOf(l.b, l.b.getLoc(), l.input(0));
  int64_t rank = sizes.size();
  auto clamp = [&](int64_t index) {
    return std::clamp<int64_t>(index < 0 ? index + rank : index, 0, rank);
  };
  int64_t start = clamp(l.node.intAttr("start", 0));
  int64_t end = clamp(l.node.intAttr("end", rank));
  ArrayRef<OpFoldResult> all(sizes);
  l.setResult(
      buildList(l.b, all.slice(start, std::max<int64_t>(end - start, 0))));
  return success();
}

static LogicalResult lowerSize(Lowering &l) {
  OpFoldResult count = productOf(l.b, sizesOf(l.b, l.b.getLoc(), l.input(0)));
  Value element = l.b.createOrFold<arith::IndexCastOp>(
      l.b.getI64Type(), toIndexValue(l.b, count));
  l.setResult(tensor::FromElementsOp::create(
      l.b, RankedTensorType::get({}, l.b.getI64Type()), element));
  return success();
}

/// The sizes that a list input gives, as precise as the result's type.
static SmallVector<OpFoldResult> readSizes(Lowering &l, unsigned index) {
  RankedTensorType type = l.resultType();
  SmallVector<OpFoldResult> sizes;
  for (OpFoldResult size : readIntegers(l.b, l.input(index), type.getRank()))
    sizes.push_back(atLeast(l.b, size, 0));
  return refineSizes(l.b, sizes, type);
}

static LogicalResult lowerExpand(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  RankedTensorType type = l.resultType(), shape = l.onnxType(1);
  if (shape.getRank() != 1 || !shape.hasStaticShape())
    return l.unsupported("the rank of its shape is unknown");
  SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), l.input(0));
  SmallVector<OpFoldResult> asked =
      readIntegers(b, l.input(1), shape.getNumElements());
  if (int64_t(std::max(own.size(), asked.size())) != type.getRank())
    return l.unsupported("its result's rank is not that of its shape");
  Scalars s(b);
  SmallVector<OpFoldResult> sizes;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    int64_t fromOwn = dim - (type.getRank() - own.size());
    int64_t fromAsked = dim - (type.getRank() - asked.size());
    if (fromOwn < 0) {
      sizes.push_back(atLeast(b, asked[fromAsked], 0));
      continue;
    }
    OpFoldResult size = own[fromOwn];
    if (fromAsked < 0 || isSameSize(size, asked[fromAsked])) {
      sizes.push_back(size);
      continue;
    }
    OpFoldResult other = asked[fromAsked];
    std::optional<int64_t> known = getConstantIntValue(size),
                           knownOther = getConstantIntValue(other);
    if (knownOther == 1 || (known && *known != 1)) {
      sizes.push_back(size);
    } else if (known == 1 || knownOther) {
      sizes.push_back(atLeast(b, other, 0));
    } else {
      Value isOne = s.eq(toIndexValue(b, size), s.index(1));
      sizes.push_back(s.select(isOne, toIndexValue(b, atLeast(b, other, 0)),
                               toIndexValue(b, size)));
    }
  }
  sizes = refineSizes(b, sizes, type);
  l.setResult(buildElementwise(
      b, l.input(0), sizes, type.getElementType(),
      [](ImplicitLocOpBuilder &, ValueRange args) { return args.front(); }));
  return success();
}

/// Every dimension becomes two, repeats and elements, and then one again.
static LogicalResult lowerTile(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  int64_t rank = l.onnxType(0).getRank();
  SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), l.input(0));
  SmallVector<OpFoldResult> repeats = readIntegers(b, l.input(1), rank);
  SmallVector<OpFoldResult> sizes, result;
  SmallVector<AffineExpr> read;
  for (auto [size, repeat] : llvm::zip_equal(own, repeats)) {
    repeat = atLeast(b, repeat, 0);
    result.push_back(multiplySizes(b, repeat, size));
    if (getConstantIntValue(repeat) != 1)
      sizes.push_back(repeat);
    read.push_back(b.getAffineDimExpr(sizes.size()));
    sizes.push_back(size);
  }
  int64_t wide = sizes.size();
  Type elementType = l.resultType().getElementType();
  Value copies = buildGeneric(b, l.input(0), buildEmpty(b, sizes, elementType),
                              {AffineMap::get(wide, 0, read, b.getContext()),
                               b.getMultiDimIdentityMap(wide)},
                              SmallVector<utils::IteratorType>(
                                  wide, utils::IteratorType::parallel),
                              [](ImplicitLocOpBuilder &, ValueRange args) {
                                return SmallVector<Value>{args.front()};
                              })
                     .front();
  SmallVector<ReassociationIndices> groups;
  int64_t next = 0;
  for (OpFoldResult repeat : repeats) {
    groups.emplace_back();
    if (getConstantIntValue(repeat) != 1)
      groups.back().push_back(next++);
    groups.back().push_back(next++);
  }
  l.setResult(wide == rank ? copies : collapseShape(b, copies, groups));
  return success();
}

/// The scalar of a tensor of one element that is known at compile time.
static TypedAttr getScalar(Attribute attribute) {
  auto elements = dyn_cast_if_present<DenseElementsAttr>(attribute);
  if (!elements || elements.getNumElements() != 1)
    return TypedAttr();
  Type type = convertType(elements.getElementType());
  if (!type)
    return TypedAttr();
  if (type != elements.getElementType())
    elements = elements.bitcast(type);
  return cast<TypedAttr>(*elements.getValues<Attribute>().begin());
}

static LogicalResult lowerConstantOfShape(Lowering &l) {
  RankedTensorType type = l.resultType();
  if (l.onnxType(0).getRank() != 1)
    return l.unsupported("its input is not a list");
  TypedAttr value = l.node.attr("value")
                        ? getScalar(l.node.attr("value"))
                        : l.b.getFloatAttr(l.b.getF32Type(), 0);
  if (!value || value.getType() != type.getElementType())
    return l.unsupported("its 'value' is not a tensor of one number");
  SmallVector<OpFoldResult> sizes = readSizes(l, 0);
  if (type.hasStaticShape()) {
    l.setResult(arith::ConstantOp::create(
        l.b, DenseElementsAttr::get(type, Attribute(value))));
    return success();
  }
  l.setResult(buildFill(l.b, sizes, arith::ConstantOp::create(l.b, value)));
  return success();
}

static LogicalResult lowerRange(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Type type = l.resultType().getElementType();
  for (unsigned i = 0; i < 3; ++i)
    if (!l.input(i) || l.onnxType(i).getRank() > 1)
      return l.unsupported("three scalars are expected");
  Scalars s(b);
  Value scalars[3];
  for (unsigned i = 0; i < 3; ++i) {
    std::optional<SmallVector<Value>> elements = getElements(b, l.input(i));
    SmallVector<Value> indices(l.onnxType(i).getRank(), s.index(0));
    scalars[i] = elements ? elements->front()
                          : tensor::ExtractOp::create(b, l.input(i), indices);
  }
  Value start = scalars[0], limit = scalars[1], delta = scalars[2];
  OpFoldResult count;
  if (isa<FloatType>(type)) {
    // The number of steps is rounded up in double precision.
    Type f64 = b.getF64Type();
    Value distance = buildCast(b, s.sub(limit, start), type, f64);
    Value step = buildCast(b, delta, type, f64);
    Value zero = s.constant(f64, 0);
    Value isZero = s.eq(step, zero);
    Value steps =
        s.ceil(s.div(distance, s.select(isZero, s.constant(f64, 1), step)));
    steps = s.select(isZero, zero, steps);
    Value integer = buildCast(b, steps, f64, b.getI64Type());
    count = getAsOpFoldResult(
        b.createOrFold<arith::IndexCastOp>(b.getIndexType(), integer));
  } else {
    auto toIndex = [&](Value x) {
      return b.createOrFold<arith::IndexCastOp>(b.getIndexType(), x);
    };
    Value distance =
        b.createOrFold<arith::SubIOp>(toIndex(limit), toIndex(start));
    Value step = toIndex(delta);
    if (std::optional<int64_t> known = getConstantIntValue(step)) {
      count = *known == 0 ? OpFoldResult(b.getIndexAttr(0))
              : *known == 1
                  ? getAsOpFoldResult(distance)
                  : getAsOpFoldResult(
                        b.createOrFold<arith::CeilDivSIOp>(distance, step));
    } else {
      Value isZero = s.eq(step, s.index(0));
      Value steps = s.ceilDiv(distance, s.select(isZero, s.index(1), step));
      count = s.select(isZero, s.index(0), steps);
    }
  }
  SmallVector<OpFoldResult> sizes =
      refineSizes(b, atLeast(b, count, 0), l.resultType());
  l.setResult(buildGenerate(
      b, sizes, type, [&](ImplicitLocOpBuilder &b, ValueRange indices) {
        Scalars s(b);
        Value index =
            arith::IndexCastOp::create(b, b.getI64Type(), indices.front());
        Value offset = buildCast(b, index, b.getI64Type(), type);
        return s.add(start, s.mul(offset, delta));
      }));
  return success();
}

static LogicalResult lowerIdentity(Lowering &l) {
  l.setResult(l.input(0));
  return success();
}

/// Whether an input is a constant that is false, or zero.
static bool isZero(Value input) {
  DenseElementsAttr constant;
  if (!matchPattern(input, m_Constant(&constant)) || !constant.isSplat())
    return false;
  if (isa<FloatType>(constant.getElementType()))
    return constant.getSplatValue<APFloat>().isZero();
  return constant.getSplatValue<APInt>().isZero();
}

static LogicalResult lowerDropout(Lowering &l) {
  Value ratio = l.input(1), training = l.input(2);
  if (training && !isZero(training) && !(ratio && isZero(ratio)))
    return l.unsupported("it trains, or may do so: its third input is not the "
                         "constant false, nor its ratio the constant 0");
  l.setResult(0, l.input(0));
  if (l.node.isOutputUsed(1)) {
    Value kept = buildScalar(l.b, l.resultType(1).getElementType(), 1);
    l.setResult(1,
                buildFill(l.b, sizesOf(l.b, l.b.getLoc(), l.input(0)), kept));
  }
  return success();
}

static LogicalResult lowerTrilu(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  RankedTensorType type = l.onnxType(0);
  int64_t rank = type.getRank();
  if (rank < 2)
    return l.unsupported("an input of at least rank 2 is expected");
  Scalars outer(b);
  Value diagonal = outer.index(0);
  if (Value given = l.input(1)) {
    if (cast<RankedTensorType>(given.getType()).getRank() > 1)
      return l.unsupported("its diagonal is not a scalar");
    diagonal = toIndexValue(b, readIntegers(b, given, 1).front());
  }
  bool isUpper = l.node.intAttr("upper", 1) != 0;
  l.setResult(
      buildElementwise(b, l.input(0), sizesOf(b, b.getLoc(), l.input(0)),
                       convertType(type.getElementType()),
                       [&](ImplicitLocOpBuilder &b, ValueRange args) {
                         Scalars s(b);
                         SmallVector<Value> index = getIndices(b, rank);
                         Value offset = s.sub(index[rank - 1], index[rank - 2]);
                         Value isKept = isUpper ? s.le(diagonal, offset)
                                                : s.le(offset, diagonal);
                         return s.select(isKept, args.front(),
                                         s.constant(args.front().getType(), 0));
                       }));
  return success();
}

static LogicalResult lowerEyeLike(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  if (l.onnxType(0).getRank() != 2)
    return l.unsupported("an input of rank 2 is expected");
  int64_t diagonal = l.node.intAttr("k", 0);
  Type type = l.resultType().getElementType();
  l.setResult(buildGenerate(
      b, sizesOf(b, b.getLoc(), l.input(0)), type,
      [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        Value isOne = s.eq(s.sub(index[1], index[0]), s.index(diagonal));
        return s.select(isOne, s.constant(type, 1), s.constant(type, 0));
      }));
  return success();
}

/// A Constant that the importer left as a node.
static LogicalResult lowerConstant(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  RankedTensorType declared = l.resultType();
  TypedAttr value;
  if (auto dense = dyn_cast_if_present<DenseElementsAttr>(l.node.attr("value")))
    value = dense.bitcast(declared.getElementType());
  else if (l.node.attr("value_int"))
    value = DenseElementsAttr::get(RankedTensorType::get({}, b.getI64Type()),
                                   l.node.intAttr("value_int", 0));
  else if (l.node.attr("value_float"))
    value = DenseElementsAttr::get(RankedTensorType::get({}, b.getF32Type()),
                                   l.node.floatAttr("value_float", 0));
  else if (auto integers = l.node.intsAttr("value_ints"))
    value = b.getI64TensorAttr(*integers);
  else if (auto floats = l.node.floatsAttr("value_floats"))
    value = DenseElementsAttr::get(
        RankedTensorType::get({int64_t(floats->size())}, b.getF32Type()),
        ArrayRef<float>(*floats));
  if (!value)
    return l.unsupported("its value is not a tensor of numbers");
  l.setResult(arith::ConstantOp::create(b, value));
  return success();
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getShapeLowerings() {
  static const SmallVector<Entry> entries = [] {
    SmallVector<Entry> entries{
        {"Constant", lowerConstant}, {"ConstantOfShape", lowerConstantOfShape},
        {"Dropout", lowerDropout},   {"Expand", lowerExpand},
        {"EyeLike", lowerEyeLike},   {"Identity", lowerIdentity},
        {"Range", lowerRange},       {"Shape", lowerShape},
        {"Size", lowerSize},         {"Tile", lowerTile},
        {"Trilu", lowerTrilu},
    };
    llvm::append_range(entries, getReshapeLowerings());
    llvm::append_range(entries, getSlicingLowerings());
    return entries;
  }();
  return entries;
}
