// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluation of matrix products.

#include "EvaluationTable.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// Larger products are work for run time, where it is quick; folding is for
/// what computes coordinates and small matrices.
static constexpr int64_t kMaxProducts = int64_t(1) << 20;

/// Adds the product of matrices [m, k] and [k, n] to `out`.
template <typename T>
static void multiply(const T *a, const T *b, T *out, int64_t m, int64_t k,
                     int64_t n) {
  for (int64_t i = 0; i < m; ++i)
    for (int64_t l = 0; l < k; ++l) {
      T factor = a[i * k + l];
      const T *row = b + l * n;
      T *target = out + i * n;
      for (int64_t j = 0; j < n; ++j) {
        if constexpr (std::is_integral_v<T>)
          target[j] =
              T(uint64_t(target[j]) + uint64_t(factor) * uint64_t(row[j]));
        else
          target[j] += factor * row[j];
      }
    }
}

/// The product of stacks of matrices, with numpy's broadcast of the stacks.
static std::optional<Tensor> matmul(Evaluation &e, Tensor lhs, Tensor rhs) {
  if (lhs.getRank() == 0 || rhs.getRank() == 0 ||
      lhs.getElementType() != rhs.getElementType() ||
      lhs.getElementType().isInteger(1))
    return std::nullopt;
  bool isVectorL = lhs.getRank() == 1, isVectorR = rhs.getRank() == 1;
  if (isVectorL)
    lhs = lhs.reshape({1, lhs.getDim(0)});
  if (isVectorR)
    rhs = rhs.reshape({rhs.getDim(0), 1});
  int64_t m = lhs.getShape().end()[-2], k = lhs.getShape().back(),
          n = rhs.getShape().back();
  auto stack = broadcastShapes(
      {lhs.getShape().drop_back(2), rhs.getShape().drop_back(2)});
  if (k != rhs.getShape().end()[-2] || !stack)
    return std::nullopt;
  Shape shapeL(*stack), shapeR(*stack), shape(*stack), result(*stack);
  shapeL.append({m, k});
  shapeR.append({k, n});
  shape.append({m, n});
  if (!isVectorL)
    result.push_back(m);
  if (!isVectorR)
    result.push_back(n);
  auto count = countElements(shape);
  int64_t products;
  if (!count || !e.fits(shape) || llvm::MulOverflow(*count, k, products) ||
      products > kMaxProducts)
    return std::nullopt;
  lhs = lhs.broadcast(shapeL).contiguous();
  rhs = rhs.broadcast(shapeR).contiguous();
  Tensor out = Tensor::allocate(lhs.getElementType(), shape);
  int64_t numStacks = *countElements(*stack);
  bool known = dispatchType(lhs.getElementType(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, bool>) {
      std::fill(out.mutableData<T>(), out.mutableData<T>() + *count, T(0));
      for (int64_t i = 0; i < numStacks; ++i)
        multiply<T>(lhs.data<T>() + i * m * k, rhs.data<T>() + i * k * n,
                    out.mutableData<T>() + i * m * n, m, k, n);
    }
  });
  if (!known)
    return std::nullopt;
  return out.reshape(result);
}

static LogicalResult evaluateMatMul(Evaluation &e) {
  if (!e.has(0) || !e.has(1))
    return failure();
  auto result = matmul(e, e.input(0)->widen(), e.input(1)->widen());
  return result ? e.emit(result->cast(e.input(0)->getElementType()))
                : failure();
}

/// alpha A B + beta C, in the type that floats are computed in.
static LogicalResult evaluateGemm(Evaluation &e) {
  if (!e.has(0) || !e.has(1) || e.input(0)->getRank() != 2 ||
      e.input(1)->getRank() != 2)
    return failure();
  Type type = e.input(0)->getElementType();
  Tensor a = e.input(0)->widen(), b = e.input(1)->widen();
  Type wide = a.getElementType();
  if (e.node.intAttr("transA", 0))
    a = a.transpose({1, 0});
  if (e.node.intAttr("transB", 0))
    b = b.transpose({1, 0});
  auto product = matmul(e, a, b);
  if (!product || !isa<FloatType>(wide))
    return failure();
  Tensor sum = product->contiguous();
  Tensor addend;
  if (e.has(2)) {
    auto shape = broadcastShapes({e.input(2)->getShape(), sum.getShape()});
    if (!shape || ArrayRef<int64_t>(*shape) != sum.getShape() ||
        e.input(2)->getElementType() != type)
      return failure();
    addend = e.input(2)->widen().broadcast(*shape).contiguous();
  }
  float alpha = e.node.floatAttr("alpha", 1),
        beta = e.node.floatAttr("beta", 1);
  dispatchType(wide, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_floating_point_v<T>) {
      T *out = sum.mutableData<T>();
      for (int64_t i = 0, n = sum.getNumElements(); i < n; ++i) {
        out[i] *= T(alpha);
        if (e.has(2))
          out[i] += T(beta) * addend.data<T>()[i];
      }
    }
  });
  return e.emit(sum.cast(type));
}

void mlir::bev::onnx::addLinearAlgebraEvaluations(EvaluationTable &table) {
  table["MatMul"] = evaluateMatMul;
  table["Gemm"] = evaluateGemm;
}
