// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MatMul, Gemm and Einsum.

#include "Lowerings.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>
#include <map>

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

static RankedTensorType typeOfTensor(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

/// The product of matrices (M, K) and (K, N) that is added to `init`. The
/// operands are stored as (K, M) and (N, K) where transposed.
static Value buildMatmul(ImplicitLocOpBuilder &b, Value x, Value y, Value init,
                         bool transposeX = false, bool transposeY = false) {
  AffineExpr m = b.getAffineDimExpr(0), n = b.getAffineDimExpr(1),
             k = b.getAffineDimExpr(2);
  auto getMap = [&](AffineExpr row, AffineExpr column) {
    return AffineMapAttr::get(
        AffineMap::get(3, 0, {row, column}, b.getContext()));
  };
  SmallVector<NamedAttribute> attributes;
  if (transposeX || transposeY)
    attributes.push_back(
        b.getNamedAttr("indexing_maps",
                       b.getArrayAttr({transposeX ? getMap(k, m) : getMap(m, k),
                                       transposeY ? getMap(n, k) : getMap(k, n),
                                       getMap(m, n)})));
  return linalg::MatmulOp::create(b, TypeRange{init.getType()},
                                  ValueRange{x, y}, ValueRange{init},
                                  attributes)
      .getResult(0);
}

/// A tensor of zeros.
static Value buildZeros(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes,
                        Type type) {
  return buildFill(b, sizes, Scalars(b).constant(type, 0));
}

namespace {
/// A tensor and what each of its dimensions stands for: dimensions of the same
/// label, of one tensor or of several, run together.
struct Labeled {
  Value tensor;
  SmallVector<int64_t> labels;
};
} // namespace

/// The size that two dimensions are broadcast to.
static OpFoldResult broadcastSize(ImplicitLocOpBuilder &b, OpFoldResult x,
                                  OpFoldResult y) {
  std::optional<int64_t> knownX = getConstantIntValue(x),
                         knownY = getConstantIntValue(y);
  if (isSameSize(x, y) || knownY == 1 || (knownX && *knownX != 1))
    return x;
  if (knownX == 1 || knownY)
    return y;
  Scalars s(b);
  Value valueX = toIndexValue(b, x), valueY = toIndexValue(b, y);
  return s.select(s.eq(valueX, s.index(1)), valueY, valueX);
}

/// The sum, over all labels that are not in `result`, of the products of the
/// operands. `sizes` has the size of every label; an operand's own size may be
/// 1 in its place, but at run time only for labels that `mayBroadcast`.
static Value buildProduct(ImplicitLocOpBuilder &b, ArrayRef<Labeled> operands,
                          ArrayRef<int64_t> result,
                          const std::map<int64_t, OpFoldResult> &sizes,
                          Type sumType, bool isUnsigned,
                          llvm::function_ref<bool(int64_t)> mayBroadcast) {
  SmallVector<int64_t> order(result);
  for (const Labeled &operand : operands)
    for (int64_t label : operand.labels)
      if (!llvm::is_contained(order, label))
        order.push_back(label);
  auto getDim = [&](int64_t label) {
    return b.getAffineDimExpr(llvm::find(order, label) - order.begin());
  };

  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  for (const Labeled &operand : operands) {
    SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), operand.tensor),
                              full;
    SmallVector<bool> drop;
    SmallVector<AffineExpr> exprs;
    bool isFull = true;
    for (auto [size, label] : llvm::zip_equal(own, operand.labels)) {
      OpFoldResult common = sizes.at(label);
      full.push_back(common);
      drop.push_back(getConstantIntValue(size) == 1 &&
                     getConstantIntValue(common) != 1);
      if (drop.back()) {
        full.back() = size;
        continue;
      }
      exprs.push_back(getDim(label));
      isFull &= !mayBroadcast(label) || isSameSize(size, common) ||
                getConstantIntValue(common) == 1;
    }
    Value tensor = operand.tensor;
    if (!isFull)
      tensor = buildElementwise(
          b, tensor, full, typeOfTensor(tensor).getElementType(),
          [](ImplicitLocOpBuilder &, ValueRange args) { return args.front(); });
    inputs.push_back(dropUnitDims(b, tensor, drop));
    maps.push_back(AffineMap::get(order.size(), 0, exprs, b.getContext()));
  }

  SmallVector<OpFoldResult> resultSizes;
  SmallVector<AffineExpr> exprs;
  for (int64_t label : result) {
    resultSizes.push_back(sizes.at(label));
    exprs.push_back(getDim(label));
  }
  maps.push_back(AffineMap::get(order.size(), 0, exprs, b.getContext()));
  SmallVector<utils::IteratorType> iterators(order.size(),
                                             utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), result.size(), utils::IteratorType::parallel);
  bool reduces = order.size() > result.size();
  Value init = reduces ? buildZeros(b, resultSizes, sumType)
                       : buildEmpty(b, resultSizes, sumType);
  return buildGeneric(b, inputs, init, maps, iterators,
                      [&](ImplicitLocOpBuilder &b, ValueRange args) {
                        Scalars s(b, isUnsigned);
                        Value product = s.to(sumType, args.front());
                        for (Value factor : args.drop_front().drop_back())
                          product = s.mul(product, s.to(sumType, factor));
                        if (reduces)
                          product = s.accumulate(args.back(), product);
                        return SmallVector<Value>{product};
                      })
      .front();
}

Value mlir::bev::onnx_to_linalg::buildMatMul(ImplicitLocOpBuilder &b, Value x,
                                             Value y) {
  Type sumType = getSumType(typeOfTensor(x).getElementType());
  int64_t rankX = typeOfTensor(x).getRank(), rankY = typeOfTensor(y).getRank();

  // A matrix with leading dimensions of size one is a matrix.
  if (rankY > 2 && rankX >= rankY &&
      llvm::all_of(typeOfTensor(y).getShape().drop_back(2),
                   [](int64_t size) { return size == 1; })) {
    SmallVector<bool> drop(rankY, true);
    drop[rankY - 2] = drop[rankY - 1] = false;
    y = dropUnitDims(b, y, drop);
    rankY = 2;
  }
  SmallVector<OpFoldResult> sizesX = sizesOf(b, b.getLoc(), x),
                            sizesY = sizesOf(b, b.getLoc(), y);

  // One matrix on the right: all rows on the left are one matrix.
  if (rankX >= 2 && rankY == 2) {
    SmallVector<OpFoldResult> sizes(sizesX);
    sizes.back() = sizesY.back();
    SmallVector<ReassociationIndices> groups{
        llvm::to_vector<2>(llvm::seq<int64_t>(0, rankX - 1)), {rankX - 1}};
    if (rankX > 2)
      x = collapseShape(b, x, groups);
    OpFoldResult rows = sizesOf(b, b.getLoc(), x).front();
    Value result =
        buildMatmul(b, x, y, buildZeros(b, {rows, sizes.back()}, sumType));
    return rankX > 2 ? expandShape(b, result, groups, sizes) : result;
  }

  // Labels: batch dimensions are counted from the last, then M, N and K.
  enum : int64_t { kM = 100, kN, kK };
  Labeled left{x, {}}, right{y, {}};
  for (int64_t dim = 0; dim < rankX - 2; ++dim)
    left.labels.push_back(rankX - 3 - dim);
  if (rankX > 1)
    left.labels.push_back(kM);
  left.labels.push_back(kK);
  for (int64_t dim = 0; dim < rankY - 2; ++dim)
    right.labels.push_back(rankY - 3 - dim);
  right.labels.push_back(kK);
  if (rankY > 1)
    right.labels.push_back(kN);

  std::map<int64_t, OpFoldResult> sizes;
  for (auto [label, size] : llvm::zip_equal(left.labels, sizesX))
    sizes[label] = size;
  for (auto [label, size] : llvm::zip_equal(right.labels, sizesY)) {
    auto [place, isNew] = sizes.try_emplace(label, size);
    if (!isNew && label != kK)
      place->second = broadcastSize(b, place->second, size);
  }
  int64_t batchRank = std::max<int64_t>(std::max(rankX, rankY) - 2, 0);
  SmallVector<int64_t> result;
  for (int64_t dim = batchRank; dim-- > 0;)
    result.push_back(dim);
  if (rankX > 1)
    result.push_back(kM);
  if (rankY > 1)
    result.push_back(kN);

  bool isSameBatch = rankX == rankY && rankX > 2;
  for (int64_t dim = 0; isSameBatch && dim < rankX - 2; ++dim)
    isSameBatch = isSameSize(sizesX[dim], sizesY[dim]);
  if (!isSameBatch)
    return buildProduct(b, {left, right}, result, sizes, sumType,
                        /*isUnsigned=*/false,
                        [](int64_t label) { return label < kM; });

  SmallVector<OpFoldResult> resultSizes;
  for (int64_t label : result)
    resultSizes.push_back(sizes.at(label));
  SmallVector<ReassociationIndices> groups{
      llvm::to_vector<2>(llvm::seq<int64_t>(0, rankX - 2)),
      {rankX - 2},
      {rankX - 1}};
  if (rankX > 3) {
    x = collapseShape(b, x, groups);
    y = collapseShape(b, y, groups);
  }
  SmallVector<OpFoldResult> flatSizes{sizesOf(b, b.getLoc(), x).front(),
                                      sizes.at(kM), sizes.at(kN)};
  Value init = buildZeros(b, flatSizes, sumType);
  Value product =
      linalg::BatchMatmulOp::create(b, TypeRange{init.getType()},
                                    ValueRange{x, y}, ValueRange{init})
          .getResult(0);
  return rankX > 3 ? expandShape(b, product, groups, resultSizes) : product;
}

namespace {

LogicalResult lowerMatMul(Lowering &l) {
  if (typeOfTensor(l.input(0)).getRank() == 0 ||
      typeOfTensor(l.input(1)).getRank() == 0)
    return l.unsupported("a scalar operand");
  Type type = typeOfTensor(l.input(0)).getElementType();
  l.setResult(
      convertElements(l.b, buildMatMul(l.b, l.input(0), l.input(1)), type));
  return success();
}

LogicalResult lowerGemm(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Value x = l.input(0), y = l.input(1), c = l.input(2);
  Type type = typeOfTensor(x).getElementType(), sumType = getSumType(type);
  if (typeOfTensor(x).getRank() != 2 || typeOfTensor(y).getRank() != 2)
    return l.unsupported("operands that are not matrices");
  bool transposeX = l.node.intAttr("transA", 0) != 0;
  bool transposeY = l.node.intAttr("transB", 0) != 0;
  float alpha = l.node.floatAttr("alpha", 1),
        beta = l.node.floatAttr("beta", 1);
  if (isa<IntegerType>(type) &&
      (alpha != std::trunc(alpha) || beta != std::trunc(beta)))
    return l.unsupported("factors of an integer product that are no integers");
  if (beta == 0)
    c = Value();

  SmallVector<OpFoldResult> sizes{
      sizesOf(b, b.getLoc(), x)[transposeX ? 1 : 0],
      sizesOf(b, b.getLoc(), y)[transposeY ? 0 : 1]};
  auto scale = [&](Scalars &s, Value value, float factor) {
    value = s.to(sumType, value);
    return factor == 1 ? value : s.mul(value, s.constant(sumType, factor));
  };
  Value init;
  if (c && alpha == 1)
    init = buildElementwise(b, c, sizes, sumType,
                            [&](ImplicitLocOpBuilder &b, ValueRange args) {
                              Scalars s(b);
                              return scale(s, args[0], beta);
                            });
  else
    init = buildZeros(b, sizes, sumType);
  Value result = buildMatmul(b, x, y, init, transposeX, transposeY);
  if (alpha != 1) {
    SmallVector<Value> inputs{result};
    if (c)
      inputs.push_back(c);
    result = buildElementwise(b, inputs, sizes, type,
                              [&](ImplicitLocOpBuilder &b, ValueRange args) {
                                Scalars s(b);
                                Value value = scale(s, args[0], alpha);
                                if (c)
                                  value = s.add(value, scale(s, args[1], beta));
                                return s.to(type, value);
                              });
  }
  l.setResult(convertElements(b, result, type));
  return success();
}

/// Labels of an ellipsis' dimensions are its distance from the last, behind
/// those of letters.
constexpr int64_t kEllipsis = 256;

/// The labels of one term of an equation; `rank` dimensions in all, where the
/// ellipsis stands for those that have no letter.
std::optional<SmallVector<int64_t>> parseTerm(StringRef term, int64_t rank) {
  SmallVector<int64_t> labels;
  int64_t numLetters = llvm::count_if(term, llvm::isAlpha);
  bool hasEllipsis = false;
  while (!term.empty()) {
    if (term.consume_front("...")) {
      if (std::exchange(hasEllipsis, true) || rank < numLetters)
        return std::nullopt;
      for (int64_t i = rank - numLetters; i-- > 0;)
        labels.push_back(kEllipsis + i);
      continue;
    }
    if (!llvm::isAlpha(term.front()))
      return std::nullopt;
    labels.push_back(term.front());
    term = term.drop_front();
  }
  if (static_cast<int64_t>(labels.size()) != rank)
    return std::nullopt;
  return labels;
}

LogicalResult lowerEinsum(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  std::string equation = l.node.stringAttr("equation", "").str();
  llvm::erase(equation, ' ');
  StringRef all = equation;
  auto [inputs, output] = all.split("->");
  bool isExplicit = all.contains("->");
  SmallVector<StringRef> terms;
  inputs.split(terms, ',');
  if (terms.size() != l.numInputs())
    return l.unsupported("an equation of " + Twine(terms.size()) +
                         " terms for " + Twine(l.numInputs()) + " inputs");

  SmallVector<Labeled> operands;
  std::map<int64_t, OpFoldResult> sizes;
  std::map<int64_t, unsigned> uses;
  int64_t ellipsisRank = 0;
  for (auto [i, term] : llvm::enumerate(terms)) {
    Value input = l.input(i);
    std::optional<SmallVector<int64_t>> labels =
        parseTerm(term, typeOfTensor(input).getRank());
    if (!labels)
      return l.unsupported("the term '" + term + "' for an input of rank " +
                           Twine(typeOfTensor(input).getRank()));
    for (int64_t label : *labels) {
      if (label >= kEllipsis)
        ellipsisRank = std::max(ellipsisRank, label - kEllipsis + 1);
      ++uses[label];
    }
    operands.push_back({input, *labels});
  }

  SmallVector<int64_t> result;
  if (isExplicit) {
    int64_t rank = llvm::count_if(output, llvm::isAlpha);
    if (output.contains("..."))
      rank += ellipsisRank;
    std::optional<SmallVector<int64_t>> labels = parseTerm(output, rank);
    if (!labels)
      return l.unsupported("the output term '" + output + "'");
    result = *labels;
  } else {
    for (int64_t i = ellipsisRank; i-- > 0;)
      result.push_back(kEllipsis + i);
    for (auto [label, count] : uses)
      if (label < kEllipsis && count == 1)
        result.push_back(label);
  }
  for (auto [i, label] : llvm::enumerate(result))
    if (!uses.count(label) ||
        llvm::is_contained(ArrayRef(result).drop_front(i + 1), label))
      return l.unsupported(
          "an output with a letter that is repeated or that no "
          "input has");

  for (const Labeled &operand : operands)
    for (auto [label, size] : llvm::zip_equal(
             operand.labels, sizesOf(b, b.getLoc(), operand.tensor))) {
      auto [place, isNew] = sizes.try_emplace(label, size);
      if (!isNew)
        place->second = broadcastSize(b, place->second, size);
    }

  Type type = typeOfTensor(l.input(0)).getElementType(),
       sumType = getSumType(type);
  bool isUnsigned = l.isUnsigned(0);
  Labeled product = operands.front();
  for (size_t i = 1; i < operands.size() || i == 1; ++i) {
    SmallVector<Labeled> factors{product};
    if (i < operands.size())
      factors.push_back(operands[i]);
    // What is neither in the result nor in a later operand is summed up now.
    SmallVector<int64_t> kept;
    if (i + 1 >= operands.size()) {
      kept = result;
    } else {
      auto isNeeded = [&](int64_t label) {
        return llvm::is_contained(result, label) ||
               llvm::any_of(ArrayRef(operands).drop_front(i + 1),
                            [&](const Labeled &later) {
                              return llvm::is_contained(later.labels, label);
                            });
      };
      for (const Labeled &factor : factors)
        for (int64_t label : factor.labels)
          if (isNeeded(label) && !llvm::is_contained(kept, label))
            kept.push_back(label);
    }
    product = {buildProduct(b, factors, kept, sizes, sumType, isUnsigned,
                            [](int64_t label) { return label >= kEllipsis; }),
               kept};
  }
  l.setResult(convertElements(b, product.tensor, type));
  return success();
}

} // namespace

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getLinearAlgebraLowerings() {
  static const Entry entries[] = {
      {"Einsum", lowerEinsum},
      {"Gemm", lowerGemm},
      {"MatMul", lowerMatMul},
  };
  return entries;
}
