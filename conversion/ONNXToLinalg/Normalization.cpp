// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Normalizations and softmax.

#include "Lowerings.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

namespace {

RankedTensorType typeOfTensor(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

/// The map that reads a vector along dimension `dim`.
AffineMap getDimMap(ImplicitLocOpBuilder &b, int64_t rank, int64_t dim) {
  return AffineMap::get(rank, 0, b.getAffineDimExpr(dim));
}

/// The dimensions from `first` up to `end`.
llvm::SmallBitVector getDims(int64_t rank, int64_t first, int64_t end) {
  llvm::SmallBitVector dims(rank);
  if (first < end)
    dims.set(first, end);
  return dims;
}

/// How many elements are reduced, and its reciprocal as a scalar.
struct Count {
  Count(ImplicitLocOpBuilder &b, Value tensor,
        const llvm::SmallBitVector &reduced, Type type) {
    SmallVector<OpFoldResult> sizes;
    for (auto [dim, size] : llvm::enumerate(sizesOf(b, b.getLoc(), tensor)))
      if (reduced[dim])
        sizes.push_back(size);
    OpFoldResult product = productOf(b, sizes);
    Scalars s(b);
    if (std::optional<int64_t> known = getConstantIntValue(product)) {
      reciprocal = s.constant(type, 1.0 / *known);
      return;
    }
    reciprocal =
        s.div(s.constant(type, 1), s.to(type, toIndexValue(b, product)));
  }
  Value reciprocal;
};

/// Sums of the elements and of their squared distances from the mean, each over
/// the reduced dimensions, and the reciprocal of their number.
struct Moments {
  Value sum, squares, reciprocal;

  /// The mean, in the body of an op that reads the sum.
  Value mean(Scalars &s, Value sum) const { return s.mul(sum, reciprocal); }
};

Value buildSum(ImplicitLocOpBuilder &b, Value x,
               const llvm::SmallBitVector &reduced, Type type) {
  return buildReduction(b, x, {}, reduced, Scalars(b).constant(type, 0),
                        [&](ImplicitLocOpBuilder &b, ValueRange args) {
                          Scalars s(b);
                          return s.accumulate(args[1], s.to(type, args[0]));
                        });
}

/// The sum of squares, without or with the mean taken off before.
Value buildSquares(ImplicitLocOpBuilder &b, Value x,
                   const llvm::SmallBitVector &reduced, Type type,
                   const Moments *moments) {
  SmallVector<Value> others;
  if (moments)
    others.push_back(moments->sum);
  return buildReduction(b, x, others, reduced, Scalars(b).constant(type, 0),
                        [&](ImplicitLocOpBuilder &b, ValueRange args) {
                          Scalars s(b);
                          Value value = s.to(type, args[0]);
                          if (moments)
                            value = s.sub(value, moments->mean(s, args[1]));
                          return s.accumulate(args.back(), s.mul(value, value));
                        });
}

Moments buildMoments(ImplicitLocOpBuilder &b, Value x,
                     const llvm::SmallBitVector &reduced, Type type) {
  Moments moments;
  moments.reciprocal = Count(b, x, reduced, type).reciprocal;
  moments.sum = buildSum(b, x, reduced, type);
  moments.squares = buildSquares(b, x, reduced, type, &moments);
  return moments;
}

/// 1 / sqrt(squares / count + epsilon).
Value buildInverseDeviation(ImplicitLocOpBuilder &b, Value squares,
                            Value reciprocal, double epsilon) {
  Type type = typeOfTensor(squares).getElementType();
  return buildElementwise(b, squares, sizesOf(b, b.getLoc(), squares), type,
                          [&](ImplicitLocOpBuilder &b, ValueRange args) {
                            Scalars s(b);
                            Value variance = s.mul(args[0], reciprocal);
                            return s.div(s.constant(type, 1),
                                         s.sqrt(s.add(variance, epsilon)));
                          });
}

/// Parameters that are read beside a tensor: tensors and their maps.
struct Parameters {
  SmallVector<Value> tensors;
  SmallVector<AffineMap> maps;

  void add(Value tensor, AffineMap map) {
    tensors.push_back(tensor);
    maps.push_back(map);
  }
  /// A tensor that is broadcast to the last dimensions of `sizes`.
  void addTrailing(ImplicitLocOpBuilder &b, Value tensor,
                   ArrayRef<OpFoldResult> sizes) {
    RankedTensorType type = typeOfTensor(tensor);
    int64_t offset = sizes.size() - type.getRank();
    SmallVector<bool> drop;
    SmallVector<AffineExpr> exprs;
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      drop.push_back(type.getDimSize(dim) == 1 &&
                     getConstantIntValue(sizes[offset + dim]) != 1);
      if (!drop.back())
        exprs.push_back(b.getAffineDimExpr(offset + dim));
    }
    add(dropUnitDims(b, tensor, drop),
        AffineMap::get(sizes.size(), 0, exprs, b.getContext()));
  }
};

/// (x - mean) * deviation * scale + bias, in the type of the moments, with the
/// elements of `result`. `parameters` are the scale and, where there are two,
/// the bias; there may be none.
Value buildNormalize(ImplicitLocOpBuilder &b, Value x,
                     const llvm::SmallBitVector &reduced,
                     const Moments &moments, Value deviation,
                     const Parameters &parameters, Type result) {
  Type type = typeOfTensor(deviation).getElementType();
  SmallVector<Value> kept{deviation};
  if (moments.sum)
    kept.push_back(moments.sum);
  return buildApply(b, x, kept, reduced, parameters.tensors, parameters.maps,
                    result, [&](ImplicitLocOpBuilder &b, ValueRange args) {
                      Scalars s(b);
                      Value value = s.to(type, args[0]);
                      if (moments.sum)
                        value = s.sub(value, moments.mean(s, args[2]));
                      value = s.mul(value, args[1]);
                      ValueRange rest = args.drop_front(1 + kept.size());
                      if (!rest.empty())
                        value = s.mul(value, s.to(type, rest[0]));
                      if (rest.size() > 1)
                        value = s.add(value, s.to(type, rest[1]));
                      return s.to(result, value);
                    });
}

LogicalResult lowerLayerNormalization(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  int64_t rank = typeOfTensor(x).getRank();
  std::optional<int64_t> axis = normalizeAxis(l.node.intAttr("axis", -1), rank);
  if (!axis)
    return l.unsupported("an axis that the input does not have");
  bool isRMS = l.node.getOpType() == "RMSNormalization";
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  llvm::SmallBitVector reduced = getDims(rank, *axis, rank);
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  for (unsigned i = 1; i < 3; ++i)
    if (Value parameter = l.input(i))
      if (typeOfTensor(parameter).getRank() > rank)
        return l.unsupported("a scale or bias of higher rank than the input");

  Moments moments;
  if (isRMS) {
    moments.reciprocal = Count(b, x, reduced, type).reciprocal;
    moments.squares = buildSquares(b, x, reduced, type, nullptr);
  } else {
    moments = buildMoments(b, x, reduced, type);
  }
  Value deviation =
      buildInverseDeviation(b, moments.squares, moments.reciprocal,
                            l.node.floatAttr("epsilon", 1e-5f));
  Parameters parameters;
  for (unsigned i = 1; i < 3; ++i)
    if (Value parameter = l.input(i))
      parameters.addTrailing(b, parameter, sizes);
  l.setResult(0, buildNormalize(b, x, reduced, moments, deviation, parameters,
                                element));
  if (l.node.isOutputUsed(1)) {
    Type meanType = l.resultType(1).getElementType();
    Value mean = buildElementwise(
        b, moments.sum, sizesOf(b, b.getLoc(), moments.sum), meanType,
        [&](ImplicitLocOpBuilder &b, ValueRange args) {
          Scalars s(b);
          return s.to(meanType, moments.mean(s, args[0]));
        });
    l.setResult(1, insertUnitDims(b, mean, reduced));
  }
  if (l.node.isOutputUsed(2))
    l.setResult(
        2,
        insertUnitDims(
            b, convertElements(b, deviation, l.resultType(2).getElementType()),
            reduced));
  return success();
}

LogicalResult lowerInstanceNormalization(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  int64_t rank = typeOfTensor(x).getRank();
  if (rank < 2)
    return l.unsupported("an input without channels");
  Type element = typeOfTensor(x).getElementType();
  llvm::SmallBitVector reduced = getDims(rank, 2, rank);
  Moments moments = buildMoments(b, x, reduced, getSumType(element));
  Value deviation =
      buildInverseDeviation(b, moments.squares, moments.reciprocal,
                            l.node.floatAttr("epsilon", 1e-5f));
  Parameters parameters;
  parameters.add(l.input(1), getDimMap(b, rank, 1));
  parameters.add(l.input(2), getDimMap(b, rank, 1));
  l.setResult(
      buildNormalize(b, x, reduced, moments, deviation, parameters, element));
  return success();
}

LogicalResult lowerGroupNormalization(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  int64_t rank = typeOfTensor(x).getRank();
  int64_t groups = l.node.intAttr("num_groups", 0);
  if (rank < 2)
    return l.unsupported("an input without channels");
  int64_t channels = typeOfTensor(x).getDimSize(1);
  if (groups < 1 || (!ShapedType::isDynamic(channels) && channels % groups))
    return l.unsupported("a number of groups that does not divide the "
                         "channels");
  Type element = typeOfTensor(x).getElementType();

  // The channels become groups and channels of a group.
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x), split = sizes;
  OpFoldResult perGroup =
      applySizes(b, b.getAffineDimExpr(0).floorDiv(groups), {sizes[1]});
  split[1] = b.getIndexAttr(groups);
  split.insert(split.begin() + 2, perGroup);
  SmallVector<ReassociationIndices> reassociation{{0}, {1, 2}};
  for (int64_t dim = 2; dim < rank; ++dim)
    reassociation.push_back({dim + 1});
  Value grouped = expandShape(b, x, reassociation, split);
  llvm::SmallBitVector reduced = getDims(rank + 1, 2, rank + 1);
  Moments moments = buildMoments(b, grouped, reduced, getSumType(element));
  Value deviation =
      buildInverseDeviation(b, moments.squares, moments.reciprocal,
                            l.node.floatAttr("epsilon", 1e-5f));

  // Version 18 has a scale and a bias for each group, later ones for each
  // channel.
  Parameters parameters;
  for (unsigned i = 1; i < 3; ++i) {
    if (l.node.getVersion() < 21) {
      parameters.add(l.input(i), getDimMap(b, rank + 1, 1));
      continue;
    }
    Value parameter =
        expandShape(b, l.input(i), {{0, 1}}, {split[1], perGroup});
    parameters.add(parameter, AffineMap::get(rank + 1, 0,
                                             {b.getAffineDimExpr(1),
                                              b.getAffineDimExpr(2)},
                                             b.getContext()));
  }
  Value result = buildNormalize(b, grouped, reduced, moments, deviation,
                                parameters, element);
  l.setResult(collapseShape(b, result, reassociation));
  return success();
}

LogicalResult lowerBatchNormalization(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0), scale = l.input(1), bias = l.input(2),
        mean = l.input(3), variance = l.input(4);
  int64_t rank = typeOfTensor(x).getRank();
  if (rank < 1)
    return l.unsupported("a scalar");
  int64_t channelDim = rank > 1 ? 1 : 0;
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  double epsilon = l.node.floatAttr("epsilon", 1e-5f);
  bool isTraining = l.node.intAttr("training_mode", 0) != 0;
  // Before version 14 the outputs beside the first say that the node trains.
  for (unsigned i = 1; i < l.node.getNumResults(); ++i)
    if (l.node.getVersion() < 14 && l.node.isOutputUsed(i))
      return l.unsupported("the outputs of training");

  if (isTraining) {
    llvm::SmallBitVector reduced(rank, true);
    reduced.reset(channelDim);
    Moments moments = buildMoments(b, x, reduced, type);
    float momentum = l.node.floatAttr("momentum", 0.9f);
    auto update = [&](unsigned index, Value running, Value current) {
      if (!l.node.isOutputUsed(index))
        return;
      Type resultType = l.resultType(index).getElementType();
      l.setResult(
          index, buildElementwise(
                     b, {running, current}, sizesOf(b, b.getLoc(), current),
                     resultType, [&](ImplicitLocOpBuilder &b, ValueRange args) {
                       Scalars s(b);
                       Value now = s.mul(args[1], moments.reciprocal);
                       return s.to(resultType,
                                   s.add(s.mul(s.to(type, args[0]), momentum),
                                         s.mul(now, 1 - momentum)));
                     }));
    };
    update(1, mean, moments.sum);
    update(2, variance, moments.squares);
    Value deviation =
        buildInverseDeviation(b, moments.squares, moments.reciprocal, epsilon);
    Parameters parameters;
    parameters.add(scale, getDimMap(b, rank, channelDim));
    parameters.add(bias, getDimMap(b, rank, channelDim));
    l.setResult(0, buildNormalize(b, x, reduced, moments, deviation, parameters,
                                  element));
    return success();
  }

  // One factor and one summand for each channel.
  auto perChannel =
      [&](ValueRange inputs,
          llvm::function_ref<Value(Scalars &, ArrayRef<Value>)> body) {
        return buildElementwise(b, inputs,
                                sizesOf(b, b.getLoc(), inputs.front()), type,
                                [&](ImplicitLocOpBuilder &b, ValueRange args) {
                                  Scalars s(b);
                                  SmallVector<Value> wide;
                                  for (Value arg : args)
                                    wide.push_back(s.to(type, arg));
                                  return body(s, wide);
                                });
      };
  Value factor =
      perChannel({scale, variance}, [&](Scalars &s, ArrayRef<Value> args) {
        return s.div(args[0], s.sqrt(s.add(args[1], epsilon)));
      });
  Value summand =
      perChannel({bias, mean, factor}, [&](Scalars &s, ArrayRef<Value> args) {
        return s.sub(args[0], s.mul(args[1], args[2]));
      });
  AffineMap map = getDimMap(b, rank, channelDim);
  l.setResult(buildApply(b, x, {}, llvm::SmallBitVector(rank, true),
                         {factor, summand}, {map, map}, element,
                         [&](ImplicitLocOpBuilder &b, ValueRange args) {
                           Scalars s(b);
                           Value value = s.mul(s.to(type, args[0]), args[1]);
                           return s.to(element, s.add(value, args[2]));
                         }));
  return success();
}

LogicalResult lowerMeanVarianceNormalization(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  int64_t rank = typeOfTensor(x).getRank();
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  llvm::SmallBitVector reduced(rank);
  for (int64_t axis :
       l.node.intsAttr("axes").value_or(SmallVector<int64_t>{0, 2, 3})) {
    std::optional<int64_t> normal = normalizeAxis(axis, rank);
    if (!normal)
      return l.unsupported("axis " + Twine(axis) + " of a tensor of rank " +
                           Twine(rank));
    reduced.set(*normal);
  }
  Moments moments = buildMoments(b, x, reduced, type);
  Value deviation = buildElementwise(
      b, moments.squares, sizesOf(b, b.getLoc(), moments.squares), type,
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        Value variance = s.mul(args[0], moments.reciprocal);
        return s.div(s.constant(type, 1), s.add(s.sqrt(variance), 1e-9));
      });
  l.setResult(buildNormalize(b, x, reduced, moments, deviation, {}, element));
  return success();
}

LogicalResult lowerLpNormalization(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  int64_t rank = typeOfTensor(x).getRank(), p = l.node.intAttr("p", 2);
  std::optional<int64_t> axis = normalizeAxis(l.node.intAttr("axis", -1), rank);
  if (!axis)
    return l.unsupported("an axis that the input does not have");
  if (p != 1 && p != 2)
    return l.unsupported("norm " + Twine(p));
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  llvm::SmallBitVector reduced = getDims(rank, *axis, *axis + 1);
  Value sums = buildReduction(
      b, x, {}, reduced, Scalars(b).constant(type, 0),
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        Value value = s.to(type, args[0]);
        return s.accumulate(args[1],
                            p == 1 ? s.abs(value) : s.mul(value, value));
      });
  Value norms = sums;
  if (p == 2)
    norms = buildElementwise(b, sums, sizesOf(b, b.getLoc(), sums), type,
                             [&](ImplicitLocOpBuilder &b, ValueRange args) {
                               return Scalars(b).sqrt(args[0]);
                             });
  l.setResult(buildApply(b, x, norms, reduced, {}, {}, element,
                         [&](ImplicitLocOpBuilder &b, ValueRange args) {
                           // A line of zeros stays what it is.
                           Scalars s(b);
                           Value zero = s.constant(type, 0);
                           Value quotient = s.div(s.to(type, args[0]), args[1]);
                           return s.to(element, s.select(s.eq(args[1], zero),
                                                         zero, quotient));
                         }));
  return success();
}

/// Local response normalization: each element by what is around it in the
/// channels.
LogicalResult lowerLRN(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  int64_t rank = typeOfTensor(x).getRank(), size = l.node.intAttr("size", 1);
  if (rank < 2 || size < 1)
    return l.unsupported("an input without channels or an empty window");
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  double alpha = l.node.floatAttr("alpha", 1e-4f),
         beta = l.node.floatAttr("beta", 0.75f),
         bias = l.node.floatAttr("bias", 1);
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  Value channels = toIndexValue(b, sizes[1]);
  l.setResult(buildElementwise(
      b, x, sizes, element, [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        SmallVector<Value> at = getIndices(b, rank);
        Value channel = at[1];
        Value first = s.max(s.sub(channel, (size - 1) / 2), s.index(0));
        Value end = s.min(s.add(channel, size / 2 + 1), channels);
        Value squares = s.loop(first, end, s.constant(type, 0),
                               [&](Scalars &s, Value iv, ValueRange carried) {
                                 at[1] = iv;
                                 Value value = s.to(type, s.extract(x, at));
                                 return SmallVector<Value>{s.add(
                                     carried.front(), s.mul(value, value))};
                               })
                            .front();
        Value base = s.add(s.mul(squares, alpha / size), bias);
        Value divisor = s.pow(base, s.constant(type, beta));
        return s.to(element, s.div(s.to(type, args[0]), divisor));
      }));
  return success();
}

Value buildLogSoftmax(ImplicitLocOpBuilder &b, Value x, int64_t dim) {
  Type element = typeOfTensor(x).getElementType(), type = getSumType(element);
  int64_t rank = typeOfTensor(x).getRank();
  llvm::SmallBitVector reduced = getDims(rank, dim, dim + 1);
  Value max = buildReduction(b, x, {}, reduced, Scalars(b).lowest(type),
                             [&](ImplicitLocOpBuilder &b, ValueRange args) {
                               Scalars s(b);
                               return s.max(s.to(type, args[0]), args[1]);
                             });
  Value sum =
      buildReduction(b, x, max, reduced, Scalars(b).constant(type, 0),
                     [&](ImplicitLocOpBuilder &b, ValueRange args) {
                       Scalars s(b);
                       return s.accumulate(
                           args[2], s.exp(s.sub(s.to(type, args[0]), args[1])));
                     });
  Value log = buildElementwise(b, sum, sizesOf(b, b.getLoc(), sum), type,
                               [&](ImplicitLocOpBuilder &b, ValueRange args) {
                                 return Scalars(b).log(args[0]);
                               });
  return buildApply(b, x, {max, log}, reduced, {}, {}, element,
                    [&](ImplicitLocOpBuilder &b, ValueRange args) {
                      Scalars s(b);
                      Value value = s.sub(s.to(type, args[0]), args[1]);
                      return s.to(element, s.sub(value, args[2]));
                    });
}

/// Softmax of f16 as ONNX defines it by other operators: the exponentials and
/// their sums have the precision of f16. Its tests of f16 leave less room than
/// sums that are more precise need.
Value buildHalfSoftmax(ImplicitLocOpBuilder &b, Value x, int64_t dim) {
  Type element = typeOfTensor(x).getElementType(), type = b.getF32Type();
  int64_t rank = typeOfTensor(x).getRank();
  llvm::SmallBitVector reduced = getDims(rank, dim, dim + 1);
  Value max = buildReduction(b, x, {}, reduced, Scalars(b).lowest(element),
                             [&](ImplicitLocOpBuilder &b, ValueRange args) {
                               return Scalars(b).max(args[0], args[1]);
                             });
  Value exps = buildApply(
      b, x, max, reduced, {}, {}, element,
      [&](ImplicitLocOpBuilder &b, ValueRange args) {
        Scalars s(b);
        return s.to(element,
                    s.exp(s.sub(s.to(type, args[0]), s.to(type, args[1]))));
      });
  Value sum = buildSum(b, exps, reduced, type);
  return buildApply(b, exps, sum, reduced, {}, {}, element,
                    [&](ImplicitLocOpBuilder &b, ValueRange args) {
                      Scalars s(b);
                      // A sum of very many is beyond the range of f16.
                      Value rounded = s.to(type, s.to(element, args[1]));
                      Value total =
                          s.select(s.eq(rounded, s.infinity(type, false)),
                                   args[1], rounded);
                      return s.to(element, s.div(s.to(type, args[0]), total));
                    });
}

LogicalResult lowerSoftmax(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0);
  int64_t rank = typeOfTensor(x).getRank();
  // Before version 13 the dimensions from the axis on are one.
  bool isFlat = l.node.getVersion() < 13;
  std::optional<int64_t> axis =
      normalizeAxis(l.node.intAttr("axis", isFlat ? 1 : -1), rank);
  if (!axis)
    return l.unsupported("an axis that the input does not have");
  isFlat &= *axis != rank - 1;
  SmallVector<OpFoldResult> sizes = sizesOf(b, b.getLoc(), x);
  int64_t dim = isFlat ? 1 : *axis;
  if (isFlat)
    x = flattenAround(b, x, *axis);
  Value result;
  if (l.node.getOpType() == "LogSoftmax") {
    result = buildLogSoftmax(b, x, dim);
  } else if (typeOfTensor(x).getElementType().isF16()) {
    result = buildHalfSoftmax(b, x, dim);
  } else {
    Value init = buildEmpty(b, sizesOf(b, b.getLoc(), x),
                            typeOfTensor(x).getElementType());
    result = linalg::SoftmaxOp::create(b, TypeRange{init.getType()}, x, init,
                                       static_cast<uint64_t>(dim))
                 ->getResult(0);
  }
  l.setResult(isFlat ? unflattenAround(b, result, *axis, sizes) : result);
  return success();
}

} // namespace

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getNormalizationLowerings() {
  static const Entry entries[] = {
      {"BatchNormalization", lowerBatchNormalization},
      {"GroupNormalization", lowerGroupNormalization},
      {"InstanceNormalization", lowerInstanceNormalization},
      {"LRN", lowerLRN},
      {"LayerNormalization", lowerLayerNormalization},
      {"LogSoftmax", lowerSoftmax},
      {"LpNormalization", lowerLpNormalization},
      {"MeanVarianceNormalization", lowerMeanVarianceNormalization},
      {"RMSNormalization", lowerLayerNormalization},
      {"Softmax", lowerSoftmax},
  };
  return entries;
}
