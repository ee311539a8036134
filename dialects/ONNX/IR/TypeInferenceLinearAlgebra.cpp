// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result types of products of matrices and tensors.

#include "InferenceTable.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::bev::onnx;

static constexpr int64_t kDynamic = ShapedType::kDynamic;

static bool disagree(int64_t lhs, int64_t rhs) {
  return !ShapedType::isDynamic(lhs) && !ShapedType::isDynamic(rhs) &&
         lhs != rhs;
}

/// The product of the inputs at these places, elements of the given type.
static LogicalResult inferProduct(Inference &i, unsigned a, unsigned b,
                                  Type element) {
  auto lhs = i.shape(a), rhs = i.shape(b);
  if (!lhs || !rhs) {
    i.set(0, element, std::nullopt);
    return success();
  }
  if (lhs->empty() || rhs->empty())
    return i.error() << "expected matrices or vectors, but got a scalar";
  bool isVectorL = lhs->size() == 1, isVectorR = rhs->size() == 1;
  if (isVectorL)
    lhs->insert(lhs->begin(), 1);
  if (isVectorR)
    rhs->push_back(1);
  int64_t k = lhs->back(), other = rhs->end()[-2];
  if (disagree(k, other))
    return i.error() << "expected the last dim of the first input (" << k
                     << ") to equal the second-last of the second, but got "
                     << other;
  auto stack = broadcastShapes({ArrayRef<int64_t>(*lhs).drop_back(2),
                                ArrayRef<int64_t>(*rhs).drop_back(2)});
  if (!stack)
    return i.error() << "expected stacks of matrices that broadcast, but got "
                     << toString(*lhs) << " and " << toString(*rhs);
  if (!isVectorL)
    stack->push_back(lhs->end()[-2]);
  if (!isVectorR)
    stack->push_back(rhs->back());
  i.set(0, element, stack);
  return success();
}

static LogicalResult inferMatMul(Inference &i) {
  if (failed(i.checkSameElements({0, 1})))
    return failure();
  return inferProduct(i, 0, 1, i.element(0) ? i.element(0) : i.element(1));
}

static LogicalResult inferMatMulInteger(Inference &i) {
  return inferProduct(i, 0, 1, IntegerType::get(i.context(), 32));
}

static LogicalResult inferQLinearMatMul(Inference &i) {
  return inferProduct(i, 0, 3, i.element(7));
}

static LogicalResult inferGemm(Inference &i) {
  if (failed(i.checkSameElements({0, 1})))
    return failure();
  auto lhs = i.shape(0), rhs = i.shape(1);
  for (auto *shape : {&lhs, &rhs})
    if (*shape && (*shape)->size() != 2)
      return i.error() << "expected matrices, but got " << toString(**shape);
  bool transA = i.node.intAttr("transA", 0),
       transB = i.node.intAttr("transB", 0);
  int64_t m = lhs ? (*lhs)[transA] : kDynamic;
  int64_t n = rhs ? (*rhs)[!transB] : kDynamic;
  int64_t kA = lhs ? (*lhs)[!transA] : kDynamic;
  int64_t kB = rhs ? (*rhs)[transB] : kDynamic;
  if (disagree(kA, kB))
    return i.error() << "expected the inner dims to be equal, but got " << kA
                     << " and " << kB;
  if (auto bias = i.shape(2)) {
    Shape product{m, n};
    auto sum = broadcastShapes({*bias, product});
    if (!sum || sum->size() != 2)
      return i.error() << "expected a bias that broadcasts to "
                       << toString(product) << ", but got " << toString(*bias);
  }
  i.set(0, i.element(0) ? i.element(0) : i.element(1), Shape{m, n});
  return success();
}

static LogicalResult inferDet(Inference &i) {
  auto shape = i.shape(0);
  if (shape) {
    if (shape->size() < 2)
      return i.error() << "expected matrices, but got " << toString(*shape);
    shape->truncate(shape->size() - 2);
  }
  i.set(0, i.element(0), shape);
  return success();
}

/// One term of an equation against a shape: sizes by letter, and of the dims
/// that an ellipsis stands for, which broadcast.
static LogicalResult bindTerm(Inference &i, StringRef term, Shape shape,
                              llvm::SmallDenseMap<char, int64_t> &sizes,
                              Shape &ellipsis) {
  size_t dots = term.find("...");
  size_t numLetters = dots == StringRef::npos ? term.size() : term.size() - 3;
  if (numLetters > shape.size() ||
      (dots == StringRef::npos && numLetters != shape.size()))
    return i.error() << "expected an input of rank " << numLetters
                     << " for the term '" << term << "', but got "
                     << toString(shape);
  size_t numDots = shape.size() - numLetters;
  if (dots != StringRef::npos) {
    auto merged = broadcastShapes(
        {ellipsis, ArrayRef<int64_t>(shape).slice(dots, numDots)});
    if (!merged)
      return i.error() << "expected dims under '...' that broadcast";
    ellipsis = *merged;
  }
  for (size_t at = 0, dim = 0; at < term.size(); ++at) {
    if (at == dots) {
      at += 2;
      dim += numDots;
      continue;
    }
    int64_t size = shape[dim++];
    auto [entry, isNew] = sizes.try_emplace(term[at], size);
    int64_t &known = entry->second;
    if (isNew)
      continue;
    if (known == 1 || ShapedType::isDynamic(known))
      known = size == 1 ? known : size;
    else if (size != 1 && disagree(known, size))
      return i.error() << "expected dim '" << term.substr(at, 1)
                       << "' to have one size, but got " << known << " and "
                       << size;
  }
  return success();
}

static LogicalResult inferEinsum(Inference &i) {
  Type element;
  for (unsigned index = 0; index < i.numInputs(); ++index)
    element = element ? element : i.element(index);
  std::string equation;
  for (char c : i.node.stringAttr("equation", ""))
    if (c != ' ')
      equation.push_back(c);
  auto [inputs, output] = StringRef(equation).split("->");
  bool isExplicit = StringRef(equation).contains("->");
  SmallVector<StringRef> terms;
  inputs.split(terms, ',');
  if (terms.size() != i.numInputs())
    return i.error() << "expected an equation of " << i.numInputs()
                     << " terms, but got '" << equation << "'";
  llvm::SmallDenseMap<char, int64_t> sizes;
  Shape ellipsis;
  bool hasUnranked = false;
  for (auto [index, term] : llvm::enumerate(terms)) {
    auto shape = i.shape(index);
    hasUnranked |= !shape;
    if (shape && failed(bindTerm(i, term, *shape, sizes, ellipsis)))
      return failure();
  }
  std::string implicit;
  if (!isExplicit) {
    // The letters that occur once, in order, behind the ellipsis.
    if (inputs.contains("..."))
      implicit = "...";
    std::string letters;
    for (char c : inputs)
      if (llvm::isAlpha(c) && inputs.count(c) == 1)
        letters.push_back(c);
    llvm::sort(letters);
    implicit += letters;
    output = implicit;
  }
  if (hasUnranked) {
    bool isOpen = output.contains("...");
    i.set(0, element,
          isOpen ? std::optional<Shape>() : Shape(output.size(), kDynamic));
    return success();
  }
  Shape shape;
  for (size_t at = 0; at < output.size(); ++at) {
    if (output.substr(at).starts_with("...")) {
      llvm::append_range(shape, ellipsis);
      at += 2;
      continue;
    }
    auto size = sizes.find(output[at]);
    if (size == sizes.end())
      return i.error() << "expected the letter '" << output.substr(at, 1)
                       << "' of the result in one of the inputs' terms";
    shape.push_back(size->second);
  }
  i.set(0, element, shape);
  return success();
}

/// Attention of queries over keys and values, in 4 dims or in 3 with heads in
/// the last.
static LogicalResult inferAttention(Inference &i) {
  auto query = i.shape(0), key = i.shape(1), value = i.shape(2);
  Type element = i.element(0);
  if (!query || !value || !key || query->size() != value->size() ||
      key->size() != query->size()) {
    for (unsigned index = 0; index < i.numResults(); ++index)
      i.set(index, element, std::nullopt);
    return success();
  }
  bool isFlat = query->size() == 3;
  if (!isFlat && query->size() != 4)
    return i.error() << "expected a query of rank 3 or 4, but got "
                     << toString(*query);
  int64_t heads =
      isFlat ? i.node.intAttr("q_num_heads", kDynamic) : (*query)[1];
  int64_t kvHeads =
      isFlat ? i.node.intAttr("kv_num_heads", kDynamic) : (*key)[1];
  if (isFlat && (heads <= 0 || kvHeads <= 0))
    return i.error() << "expected q_num_heads and kv_num_heads for inputs of "
                        "rank 3";
  int64_t batch = query->front(), length = isFlat ? (*query)[1] : (*query)[2];
  auto perHead = [&](int64_t size) {
    return !isFlat || ShapedType::isDynamic(size) ? size : size / kvHeads;
  };
  int64_t keySize = perHead(key->back()), valueSize = perHead(value->back());
  Shape result = *query;
  result.back() = !isFlat || ShapedType::isDynamic(valueSize)
                      ? valueSize
                      : valueSize * heads;
  i.set(0, element, result);
  int64_t total = isFlat ? (*key)[1] : (*key)[2];
  if (auto past = i.shape(4); past && past->size() == 4)
    total = ShapedType::isDynamic(total) || ShapedType::isDynamic((*past)[2])
                ? kDynamic
                : total + (*past)[2];
  i.set(1, element, Shape{batch, kvHeads, total, keySize});
  i.set(2, element, Shape{batch, kvHeads, total, valueSize});
  i.set(3, element, Shape{batch, heads, length, total});
  return success();
}

static LogicalResult inferSame(Inference &i) { return i.same(0, 0); }

/// Sequences (batch, length, heads by size), and a state of keys by values for
/// each head.
static LogicalResult inferLinearAttention(Inference &i) {
  auto query = i.shape(0), key = i.shape(1), value = i.shape(2);
  int64_t queryHeads = i.node.intAttr("q_num_heads", 0),
          keyHeads = i.node.intAttr("kv_num_heads", 0);
  if (queryHeads <= 0 || keyHeads <= 0)
    return i.error() << "expected positive q_num_heads and kv_num_heads";
  auto perHead = [&](const std::optional<Shape> &shape) {
    return shape && shape->size() == 3 && !ShapedType::isDynamic(shape->back())
               ? shape->back() / keyHeads
               : kDynamic;
  };
  Shape result(3, kDynamic),
      state{kDynamic, keyHeads, perHead(key), perHead(value)};
  if (query && query->size() == 3) {
    result = {(*query)[0], (*query)[1], kDynamic};
    state.front() = query->front();
  }
  if (!ShapedType::isDynamic(state.back()))
    result.back() = state.back() * queryHeads;
  i.set(0, i.element(0), result);
  i.set(1, i.has(3) ? i.element(3) : i.element(0), state);
  return success();
}

void mlir::bev::onnx::addLinearAlgebraInferences(InferenceTable &table) {
  table["MatMul"] = {inferMatMul, 2};
  table["MatMulInteger"] = {inferMatMulInteger, 2};
  table["QLinearMatMul"] = {inferQLinearMatMul, 8};
  table["Gemm"] = {inferGemm, 2};
  table["Det"] = {inferDet, 1};
  table["Einsum"] = {inferEinsum, 1};
  table["Attention"] = {inferAttention, 3, 4};
  table["LinearAttention"] = {inferLinearAttention, 3, 2};
  table["RotaryEmbedding"] = {inferSame, 3};
}
