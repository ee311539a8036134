// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that cut tensors up and join them: Slice, Split, Concat, Pad.

#include "Reshape.h"
#include "Scalars.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

#include <limits>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

static SmallVector<OpFoldResult> toAttributes(ImplicitLocOpBuilder &b,
                                              ArrayRef<int64_t> integers) {
  SmallVector<OpFoldResult> attributes;
  for (int64_t integer : integers)
    attributes.push_back(b.getIndexAttr(integer));
  return attributes;
}

/// The integers of a list that is an attribute or an input; nothing where there
/// is neither. Fails where their number is unknown and not given as `count`.
static FailureOr<std::optional<SmallVector<OpFoldResult>>>
readList(Lowering &l, StringRef attribute, unsigned index,
         std::optional<int64_t> count = std::nullopt) {
  if (auto list = l.node.intsAttr(attribute))
    return std::optional(toAttributes(l.b, *list));
  Value input = l.input(index);
  if (!input)
    return std::optional<SmallVector<OpFoldResult>>();
  auto type = cast<RankedTensorType>(input.getType());
  if (type.getRank() > 1 || (!type.hasStaticShape() && !count))
    return failure();
  return std::optional(readIntegers(
      l.b, input, type.hasStaticShape() ? type.getNumElements() : *count));
}

// Slice. ----------------------------------------------------------------------

namespace {
/// What a node asks for in one dimension.
struct Cut {
  OpFoldResult start, end, step;
};
/// Where that begins and how long it is.
struct Extent {
  OpFoldResult start, size, step;
};
} // namespace

static OpFoldResult simplify(Value value) { return getAsOpFoldResult(value); }

/// The first element and the number of elements of a cut of `size` elements:
/// both within the tensor, whatever the node asks for.
static Extent getExtent(ImplicitLocOpBuilder &b, const Cut &cut,
                        OpFoldResult size) {
  auto start = getConstantIntValue(cut.start),
       end = getConstantIntValue(cut.end), step = getConstantIntValue(cut.step),
       length = getConstantIntValue(size);
  constexpr int64_t kHuge = std::numeric_limits<int32_t>::max();
  if (step && *step == 1 && start == 0 && end && *end >= kHuge)
    return {cut.start, size, cut.step};
  if (step && *step != 0 && start && end && length) {
    bool isForward = *step > 0;
    int64_t low = isForward ? 0 : -1, high = isForward ? *length : *length - 1;
    auto clamp = [&](int64_t x, int64_t low) {
      return std::min(std::max(x < 0 ? x + *length : x, low), high);
    };
    int64_t first = clamp(*start, 0), last = clamp(*end, low);
    // The magnitude of the smallest integer is not an integer.
    int64_t stride = std::max(std::abs(std::max(*step, -kHuge)), int64_t(1));
    int64_t distance = isForward ? last - first : first - last;
    int64_t count = distance <= 0 ? 0 : (distance - 1) / stride + 1;
    return {b.getIndexAttr(count == 0 ? 0 : first), b.getIndexAttr(count),
            b.getIndexAttr(std::min(std::max(*step, -kHuge), kHuge))};
  }
  Scalars s(b);
  Value zero = s.index(0), one = s.index(1);
  Value n = toIndexValue(b, size);
  Value lastIndex = b.createOrFold<arith::SubIOp>(n, one);
  Value k = toIndexValue(b, cut.step);
  Value isForward =
      b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::sge, k, zero);
  auto select = [&](Value condition, Value x, Value y) {
    return b.createOrFold<arith::SelectOp>(condition, x, y);
  };
  Value high = select(isForward, n, lastIndex);
  auto clamp = [&](OpFoldResult x, Value low) -> Value {
    Value value = toIndexValue(b, x);
    if (std::optional<int64_t> constant = getConstantIntValue(x)) {
      if (*constant < 0)
        value = b.createOrFold<arith::AddIOp>(value, n);
    } else {
      Value isNegative = s.lt(value, zero);
      value = select(isNegative, arith::AddIOp::create(b, value, n), value);
    }
    value = b.createOrFold<arith::MaxSIOp>(value, low);
    return b.createOrFold<arith::MinSIOp>(value, high);
  };
  Value first = start == 0 && step && *step > 0 ? zero : clamp(cut.start, zero);
  Value last = end && *end >= kHuge && step && *step > 0
                   ? n
                   : clamp(cut.end, select(isForward, zero, s.index(-1)));
  Value distance = select(isForward, b.createOrFold<arith::SubIOp>(last, first),
                          b.createOrFold<arith::SubIOp>(first, last));
  distance = b.createOrFold<arith::MaxSIOp>(distance, zero);
  Value stride = k;
  if (!step) {
    stride = s.max(s.abs(k), one);
  } else {
    stride = s.index(std::max<int64_t>(std::abs(std::max(*step, -kHuge)), 1));
  }
  Value count = step && std::abs(std::max(*step, -kHuge)) <= 1
                    ? distance
                    : b.createOrFold<arith::CeilDivSIOp>(distance, stride);
  return {simplify(first), simplify(count), cut.step};
}

/// The elements of cuts, one for each dimension.
static Value buildCuts(ImplicitLocOpBuilder &b, Value tensor,
                       ArrayRef<Extent> extents) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<OpFoldResult> offsets, sizes, strides;
  bool isForward = true;
  for (const Extent &extent : extents) {
    std::optional<int64_t> step = getConstantIntValue(extent.step);
    isForward &= step && *step > 0;
    offsets.push_back(extent.start);
    sizes.push_back(extent.size);
    strides.push_back(extent.step);
  }
  // A slice of nothing may begin where the tensor ends.
  if (llvm::is_contained(type.getShape(), 0) ||
      llvm::any_of(sizes, [](OpFoldResult size) {
        return getConstantIntValue(size) == 0;
      }))
    return buildEmpty(b, sizes, type.getElementType());
  if (isForward)
    return tensor::ExtractSliceOp::create(b, tensor, offsets, sizes, strides);
  return buildGenerate(
      b, sizes, type.getElementType(),
      [&](ImplicitLocOpBuilder &b, ValueRange indices) -> Value {
        Scalars s(b);
        SmallVector<Value> source;
        for (auto [index, extent] : llvm::zip_equal(indices, extents))
          source.push_back(b.createOrFold<arith::AddIOp>(
              toIndexValue(b, extent.start),
              b.createOrFold<arith::MulIOp>(index,
                                            toIndexValue(b, extent.step))));
        return tensor::ExtractOp::create(b, tensor, source);
      });
}

/// A list that is made of scalars is cut as scalars.
static Value tryCutScalars(ImplicitLocOpBuilder &b, Value tensor,
                           const Extent &extent) {
  auto type = cast<RankedTensorType>(tensor.getType());
  auto start = getConstantIntValue(extent.start),
       size = getConstantIntValue(extent.size),
       step = getConstantIntValue(extent.step);
  if (!type.getElementType().isSignlessInteger() || !start || !size || !step)
    return Value();
  std::optional<SmallVector<Value>> elements = getElements(b, tensor);
  if (!elements)
    return Value();
  SmallVector<Value> cut;
  for (int64_t i = 0; i < *size; ++i)
    cut.push_back((*elements)[*start + i * *step]);
  return tensor::FromElementsOp::create(
      b, RankedTensorType::get({*size}, type.getElementType()), cut);
}

static LogicalResult lowerSlice(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  auto starts = readList(l, "starts", 1), ends = readList(l, "ends", 2),
       axes = readList(l, "axes", 3), steps = readList(l, "steps", 4);
  if (failed(starts) || failed(ends) || failed(axes) || failed(steps) ||
      !*starts || !*ends)
    return l.unsupported("the number of its starts, ends, axes or steps is "
                         "unknown");
  size_t count = (*starts)->size();
  int64_t rank = l.onnxType(0).getRank();
  if ((*ends)->size() != count || (*axes && (*axes)->size() != count) ||
      (*steps && (*steps)->size() != count) || (!*axes && count > size_t(rank)))
    return l.unsupported("its starts, ends, axes and steps differ in number");
  SmallVector<Cut> cuts(rank,
                        {b.getIndexAttr(0),
                         b.getIndexAttr(std::numeric_limits<int64_t>::max()),
                         b.getIndexAttr(1)});
  Scalars s(b);
  for (size_t i = 0; i < count; ++i) {
    Cut cut{(**starts)[i], (**ends)[i],
            *steps ? (**steps)[i] : OpFoldResult(b.getIndexAttr(1))};
    OpFoldResult axis = *axes ? (**axes)[i] : OpFoldResult(b.getIndexAttr(i));
    if (std::optional<int64_t> constant = getConstantIntValue(axis)) {
      std::optional<int64_t> normal = normalizeAxis(*constant, rank);
      if (!normal)
        return l.unsupported("its axes are out of range");
      cuts[*normal] = cut;
      continue;
    }
    // Every dimension may be the one.
    Value value = cast<Value>(axis);
    for (int64_t dim = 0; dim < rank; ++dim) {
      Value isThis =
          s.either(s.eq(value, s.index(dim)), s.eq(value, s.index(dim - rank)));
      auto choose = [&](OpFoldResult &old, OpFoldResult chosen) {
        old = s.select(isThis, toIndexValue(b, chosen), toIndexValue(b, old));
      };
      choose(cuts[dim].start, cut.start);
      choose(cuts[dim].end, cut.end);
      choose(cuts[dim].step, cut.step);
    }
  }
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), l.input(0));
  SmallVector<Extent> extents;
  for (auto [cut, size] : llvm::zip_equal(cuts, sizes))
    extents.push_back(getExtent(b, cut, size));
  if (rank == 1)
    if (Value scalars = tryCutScalars(b, l.input(0), extents.front())) {
      l.setResult(scalars);
      return success();
    }
  l.setResult(buildCuts(b, l.input(0), extents));
  return success();
}

// Split and Concat. -----------------------------------------------------------

static LogicalResult lowerSplit(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  RankedTensorType type = l.onnxType(0);
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", 0), type.getRank());
  if (!axis)
    return l.unsupported("its axis is out of range");
  int64_t count = l.node.getOutputs().size();
  auto lengths = readList(l, "split", 1, count);
  if (failed(lengths) || (*lengths && int64_t((*lengths)->size()) != count))
    return l.unsupported(
        "the number of its lengths is not that of its outputs");
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), l.input(0));
  OpFoldResult total = sizes[*axis];
  OpFoldResult offset = b.getIndexAttr(0);
  // Parts have one length, but the last, which may be shorter.
  OpFoldResult part = applySizes(
      b, b.getAffineSymbolExpr(0).ceilDiv(std::max<int64_t>(count, 1)), total);
  for (int64_t i = 0; i < count; ++i) {
    OpFoldResult rest = subtractSizes(b, total, offset);
    OpFoldResult length = *lengths ? (**lengths)[i] : part;
    std::optional<int64_t> known = getConstantIntValue(length),
                           knownRest = getConstantIntValue(rest);
    if (known && knownRest) {
      if (*known < 0 || (*lengths && *known > *knownRest))
        return l.unsupported("its lengths are more than its input has");
      length = b.getIndexAttr(std::min(*known, *knownRest));
    } else {
      Scalars s(b);
      length = s.clamp(toIndexValue(b, length), s.index(0),
                       s.max(toIndexValue(b, rest), s.index(0)));
    }
    if (!l.node.getOutputs()[i].use_empty()) {

      SmallVector<Extent> extents;
      for (OpFoldResult size : sizes)
        extents.push_back({b.getIndexAttr(0), size, b.getIndexAttr(1)});
      extents[*axis] = {offset, length, b.getIndexAttr(1)};
      Value scalars;
      if (type.getRank() == 1)
        scalars = tryCutScalars(b, l.input(0), extents.front());
      l.setResult(i, scalars ? scalars : buildCuts(b, l.input(0), extents));
    }
    offset = addSizes(b, offset, length);
  }
  return success();
}

static LogicalResult lowerConcat(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  SmallVector<Value> inputs;
  for (unsigned i = 0; i < l.numInputs(); ++i)
    inputs.push_back(l.input(i));
  if (inputs.empty() || llvm::is_contained(inputs, Value()))
    return l.unsupported("at least one input is expected");
  int64_t rank = l.onnxType(0).getRank();
  std::optional<int64_t> axis = normalizeAxis(l.node.intAttr("axis", 0), rank);
  if (!axis)
    return l.unsupported("its axis is out of range");
  // Sizes that one input knows hold for all.
  SmallVector<int64_t> known(rank, ShapedType::kDynamic);
  for (unsigned i = 0; i < inputs.size(); ++i) {
    RankedTensorType type = l.onnxType(i);
    if (type.getRank() != rank)
      return l.unsupported("its inputs differ in rank");
    for (int64_t dim = 0; dim < rank; ++dim) {
      if (dim == *axis || type.isDynamicDim(dim))
        continue;
      if (!ShapedType::isDynamic(known[dim]) &&
          known[dim] != type.getDimSize(dim))
        return l.unsupported("its inputs differ in a size other than that of "
                             "its axis");
      known[dim] = type.getDimSize(dim);
    }
  }
  if (inputs.size() == 1) {
    l.setResult(inputs.front());
    return success();
  }
  Type elementType = getElementTypeOrSelf(inputs.front().getType());
  if (rank == 1 && elementType.isSignlessInteger()) {
    SmallVector<Value> all;
    bool isScalars = llvm::all_of(inputs, [&](Value input) {
      std::optional<SmallVector<Value>> elements = getElements(b, input);
      if (elements)
        llvm::append_range(all, *elements);
      return elements.has_value();
    });
    if (isScalars) {
      l.setResult(tensor::FromElementsOp::create(
          b, RankedTensorType::get({int64_t(all.size())}, elementType), all));
      return success();
    }
  }
  for (Value &input : inputs) {
    auto type = cast<RankedTensorType>(input.getType());
    SmallVector<int64_t> shape(known);
    shape[*axis] = type.getDimSize(*axis);
    auto refined = RankedTensorType::get(shape, elementType);
    if (refined != type)
      input = tensor::CastOp::create(b, refined, input);
  }
  l.setResult(tensor::ConcatOp::create(b, *axis, inputs));
  return success();
}

// Pad. ------------------------------------------------------------------------

/// The index at which a padded tensor reads, in [0, size).
static Value getPaddedIndex(Scalars &s, Value index, Value size,
                            StringRef mode) {
  Value zero = s.index(0), one = s.index(1);
  Value last = s.sub(size, one);
  auto modulo = [&](Value x, Value period) {
    Value remainder = arith::RemSIOp::create(s.b, x, s.max(period, one));
    return s.select(s.lt(remainder, zero), s.add(remainder, period), remainder);
  };
  if (mode == "reflect") {
    Value period = s.mul(last, s.index(2));
    Value position = modulo(index, period);
    index = s.min(position, s.sub(period, position));
  } else if (mode == "wrap") {
    index = modulo(index, size);
  }
  return s.clamp(index, zero, last);
}

static LogicalResult lowerPad(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  RankedTensorType type = l.onnxType(0);
  int64_t rank = type.getRank();
  StringRef mode = l.node.stringAttr("mode", "constant");
  if (!llvm::is_contained({"constant", "edge", "reflect", "wrap"}, mode))
    return l.unsupported("its mode '" + mode + "' is not supported");
  auto axes = readList(l, "axes", 3);
  if (failed(axes))
    return l.unsupported("the number of its axes is unknown");
  auto pads = readList(l, "pads", 1, 2 * (*axes ? (*axes)->size() : rank));
  if (failed(pads) || !*pads)
    return l.unsupported("the number of its pads is unknown");
  size_t count = *axes ? (*axes)->size() : rank;
  if ((*pads)->size() != 2 * count)
    return l.unsupported("two pads for each axis are expected");
  SmallVector<OpFoldResult> low(rank, b.getIndexAttr(0)), high(low);
  Scalars s(b);
  for (size_t i = 0; i < count; ++i) {
    OpFoldResult axis = *axes ? (**axes)[i] : OpFoldResult(b.getIndexAttr(i));
    OpFoldResult before = (**pads)[i], after = (**pads)[count + i];
    if (std::optional<int64_t> constant = getConstantIntValue(axis)) {
      std::optional<int64_t> normal = normalizeAxis(*constant, rank);
      if (!normal)
        return l.unsupported("its axes are out of range");
      low[*normal] = before;
      high[*normal] = after;
      continue;
    }
    for (int64_t dim = 0; dim < rank; ++dim) {
      Value isThis = s.either(s.eq(cast<Value>(axis), s.index(dim)),
                              s.eq(cast<Value>(axis), s.index(dim - rank)));
      low[dim] =
          s.select(isThis, toIndexValue(b, before), toIndexValue(b, low[dim]));
      high[dim] =
          s.select(isThis, toIndexValue(b, after), toIndexValue(b, high[dim]));
    }
  }
  Type elementType = convertType(type.getElementType());
  Value fill;
  if (Value given = l.input(2)) {
    auto scalar = cast<RankedTensorType>(given.getType());
    SmallVector<Value> indices;
    if (scalar.getRank() == 1)
      indices.push_back(s.index(0));
    else if (scalar.getRank() != 0)
      return l.unsupported("its constant value is not a scalar");
    fill = b.createOrFold<tensor::ExtractOp>(given, indices);
  } else {
    fill = buildScalar(b, elementType, l.node.floatAttr("value", 0));
  }
  SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), l.input(0)), sizes;
  bool isConstantPads = true;
  for (int64_t dim = 0; dim < rank; ++dim) {
    isConstantPads &= getConstantIntValue(low[dim]).has_value() &&
                      getConstantIntValue(high[dim]).has_value();
    OpFoldResult size = addSizes(b, addSizes(b, own[dim], low[dim]), high[dim]);
    sizes.push_back(atLeast(b, size, 0));
  }
  if (mode == "constant" && isConstantPads && type.hasStaticShape()) {
    // Negative pads cut.
    SmallVector<Extent> extents;
    bool cuts = false, pads = false;
    SmallVector<int64_t> shape;
    for (int64_t dim = 0; dim < rank; ++dim) {
      int64_t before = *getConstantIntValue(low[dim]);
      int64_t after = *getConstantIntValue(high[dim]);
      int64_t size = type.getDimSize(dim);
      int64_t first = std::min(std::max<int64_t>(-before, 0), size);
      int64_t last = std::max(size + std::min<int64_t>(after, 0), first);
      cuts |= first != 0 || last != size;
      extents.push_back({b.getIndexAttr(first), b.getIndexAttr(last - first),
                         b.getIndexAttr(1)});
      shape.push_back(*getConstantIntValue(sizes[dim]));
      low[dim] = b.getIndexAttr(std::max<int64_t>(before, 0));
      int64_t rest = shape.back() - std::max<int64_t>(before, 0) - last + first;
      // What was cut off beyond the tensor is cut off the padding as well.
      if (rest < 0)
        return l.unsupported("its negative pads cut off other pads");
      high[dim] = b.getIndexAttr(rest);
      pads |= rest != 0 || before > 0;
    }
    Value result = cuts ? buildCuts(b, l.input(0), extents) : l.input(0);
    if (pads)
      result =
          tensor::PadOp::create(b, RankedTensorType::get(shape, elementType),
                                result, low, high, fill);
    l.setResult(result);
    return success();
  }
  l.setResult(buildGenerate(
      b, sizes, elementType,
      [&](ImplicitLocOpBuilder &b, ValueRange indices) -> Value {
        Scalars s(b);
        SmallVector<Value> source;
        Value isInside = s.boolean(true);
        for (int64_t dim = 0; dim < rank; ++dim) {
          Value size = toIndexValue(b, own[dim]);
          Value index = s.sub(indices[dim], toIndexValue(b, low[dim]));
          isInside = s.both(isInside,
                            s.both(s.le(s.index(0), index), s.lt(index, size)));
          source.push_back(getPaddedIndex(s, index, size, mode));
        }
        if (mode != "constant")
          return tensor::ExtractOp::create(b, l.input(0), source);
        // An empty tensor has nothing to read.
        return s
            .branch(
                isInside,
                [&](Scalars &s) -> SmallVector<Value> {
                  return {s.extract(l.input(0), source)};
                },
                [&](Scalars &) -> SmallVector<Value> { return {fill}; })
            .front();
      }));
  return success();
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getSlicingLowerings() {
  static const Entry entries[] = {
      {"Concat", lowerConcat},
      {"Pad", lowerPad},
      {"Slice", lowerSlice},
      {"Split", lowerSplit},
  };
  return entries;
}
