// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "ElementFormula.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace mlir::bev;

/// Larger formulas are no sampling locations.
static constexpr size_t kMaxTerms = 4, kMaxFactors = 4;
static constexpr unsigned kMaxDepth = 128, kMaxSteps = 2048;

static ElementFormula constant(double value) {
  Term term;
  term.coefficient = value;
  return {term};
}

static ElementFormula single(Element element) {
  Term term;
  term.factors.push_back(std::move(element));
  return {term};
}

static FailureOr<ElementFormula> add(const ElementFormula &x,
                                     const ElementFormula &y, double sign) {
  if (x.size() + y.size() > kMaxTerms)
    return failure();
  ElementFormula sum = x;
  for (Term term : y) {
    term.coefficient *= sign;
    sum.push_back(std::move(term));
  }
  return sum;
}

static FailureOr<ElementFormula> multiply(const ElementFormula &x,
                                          const ElementFormula &y) {
  if (x.size() * y.size() > kMaxTerms)
    return failure();
  ElementFormula product;
  for (const Term &a : x)
    for (const Term &b : y) {
      Term term = a;
      term.coefficient *= b.coefficient;
      llvm::append_range(term.factors, b.factors);
      llvm::append_range(term.divisors, b.divisors);
      if (term.factors.size() + term.divisors.size() > kMaxFactors)
        return failure();
      product.push_back(std::move(term));
    }
  return product;
}

static FailureOr<ElementFormula> divide(const ElementFormula &x,
                                        const ElementFormula &y) {
  if (y.size() != 1 || y.front().coefficient == 0)
    return failure();
  Term inverse;
  inverse.coefficient = 1 / y.front().coefficient;
  inverse.factors = y.front().divisors;
  inverse.divisors = y.front().factors;
  return multiply(x, {inverse});
}

namespace {

class Evaluator {
public:
  Evaluator(MLIRContext *context, unsigned numDims,
            llvm::function_ref<bool(const Element &)> isLeaf)
      : context(context), numDims(numDims), isLeaf(isLeaf) {}

  FailureOr<ElementFormula> tensorElement(Value tensor,
                                          ArrayRef<AffineExpr> index);

private:
  /// A scalar, outside of all linalg ops or in the body of `scope` at iteration
  /// `loops`.
  FailureOr<ElementFormula> scalar(Value value, Operation *scope,
                                   ArrayRef<AffineExpr> loops);
  /// Float arithmetic on operands whose formulas `operand` gives; nothing if
  /// `op` is none.
  std::optional<FailureOr<ElementFormula>>
  arithmetic(Operation *op,
             llvm::function_ref<FailureOr<ElementFormula>(Value)> operand);
  FailureOr<ElementFormula> linalgElement(linalg::LinalgOp op, unsigned result,
                                          ArrayRef<AffineExpr> index);

  AffineExpr number(int64_t value) {
    return getAffineConstantExpr(value, context);
  }
  AffineExpr simplify(AffineExpr expr) {
    return simplifyAffineExpr(expr, numDims, /*numSymbols=*/0);
  }
  /// The index in a reshaping op's source.
  FailureOr<SmallVector<AffineExpr>> sourceIndex(tensor::ExpandShapeOp op,
                                                 ArrayRef<AffineExpr> index);
  FailureOr<SmallVector<AffineExpr>> sourceIndex(tensor::CollapseShapeOp op,
                                                 ArrayRef<AffineExpr> index);
  FailureOr<SmallVector<AffineExpr>> sourceIndex(tensor::ExtractSliceOp op,
                                                 ArrayRef<AffineExpr> index);

  MLIRContext *context;
  unsigned numDims;
  llvm::function_ref<bool(const Element &)> isLeaf;
  /// Diamonds of arithmetic would make the work exponential.
  unsigned depth = 0, steps = 0;
};

/// Row-major position of an index of constants; dimensions of size 1 count
/// whatever their expression.
std::optional<int64_t> linearize(ArrayRef<AffineExpr> index,
                                 ArrayRef<int64_t> shape) {
  int64_t position = 0;
  for (auto [expr, size] : llvm::zip_equal(index, shape)) {
    if (size == 1)
      continue;
    auto at = dyn_cast<AffineConstantExpr>(expr);
    if (!at || ShapedType::isDynamic(size) || at.getValue() < 0 ||
        at.getValue() >= size)
      return std::nullopt;
    position = position * size + at.getValue();
  }
  return position;
}

} // namespace

FailureOr<SmallVector<AffineExpr>>
Evaluator::sourceIndex(tensor::ExpandShapeOp op, ArrayRef<AffineExpr> index) {
  ArrayRef<int64_t> shape = op.getResultType().getShape();
  SmallVector<AffineExpr> source;
  for (const ReassociationIndices &group : op.getReassociationIndices()) {
    AffineExpr position = number(0);
    for (int64_t dim : group) {
      if (dim == group.front())
        position = index[dim];
      else if (ShapedType::isDynamic(shape[dim]))
        return failure();
      else
        position = position * shape[dim] + index[dim];
    }
    source.push_back(simplify(position));
  }
  return source;
}

FailureOr<SmallVector<AffineExpr>>
Evaluator::sourceIndex(tensor::CollapseShapeOp op, ArrayRef<AffineExpr> index) {
  ArrayRef<int64_t> shape = op.getSrcType().getShape();
  SmallVector<AffineExpr> source(shape.size(), number(0));
  for (auto [position, group] :
       llvm::zip_equal(index, op.getReassociationIndices())) {
    // Dimensions of size 1 keep index 0.
    SmallVector<int64_t> dims;
    for (int64_t dim : group)
      if (shape[dim] != 1)
        dims.push_back(dim);
    AffineExpr rest = position;
    while (dims.size() > 1) {
      int64_t dim = dims.pop_back_val();
      if (ShapedType::isDynamic(shape[dim]) || shape[dim] < 1)
        return failure();
      source[dim] = simplify(rest % shape[dim]);
      rest = simplify(rest.floorDiv(shape[dim]));
    }
    if (!dims.empty())
      source[dims.front()] = rest;
  }
  return source;
}

FailureOr<SmallVector<AffineExpr>>
Evaluator::sourceIndex(tensor::ExtractSliceOp op, ArrayRef<AffineExpr> index) {
  SmallVector<AffineExpr> source;
  llvm::SmallBitVector dropped = op.getDroppedDims();
  for (auto [dim, offset, stride] :
       llvm::enumerate(op.getStaticOffsets(), op.getStaticStrides())) {
    if (ShapedType::isDynamic(offset) || ShapedType::isDynamic(stride))
      return failure();
    AffineExpr position = number(offset);
    if (!dropped.test(dim)) {
      position = simplify(index.front() * stride + offset);
      index = index.drop_front();
    }
    source.push_back(position);
  }
  return source;
}

std::optional<FailureOr<ElementFormula>> Evaluator::arithmetic(
    Operation *op,
    llvm::function_ref<FailureOr<ElementFormula>(Value)> operand) {
  if (!isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp,
           arith::NegFOp, arith::ExtFOp>(op))
    return std::nullopt;
  FailureOr<ElementFormula> x = operand(op->getOperand(0));
  if (failed(x) || isa<arith::ExtFOp>(op))
    return x;
  if (isa<arith::NegFOp>(op))
    return multiply(*x, constant(-1));
  FailureOr<ElementFormula> y = operand(op->getOperand(1));
  if (failed(y))
    return y;
  if (isa<arith::MulFOp>(op))
    return multiply(*x, *y);
  if (isa<arith::DivFOp>(op))
    return divide(*x, *y);
  return add(*x, *y, isa<arith::SubFOp>(op) ? -1 : 1);
}

FailureOr<ElementFormula> Evaluator::scalar(Value value, Operation *scope,
                                            ArrayRef<AffineExpr> loops) {
  llvm::SaveAndRestore deeper(depth, depth + 1);
  if (depth > kMaxDepth || ++steps > kMaxSteps)
    return failure();
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (!scope || argument.getOwner()->getParentOp() != scope)
      return single({value, {}});
    auto op = cast<linalg::LinalgOp>(scope);
    OpOperand &operand = op->getOpOperand(argument.getArgNumber());
    if (!isa<RankedTensorType>(operand.get().getType()))
      return scalar(operand.get(), /*scope=*/nullptr, {});
    SmallVector<AffineExpr> index;
    for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults())
      index.push_back(simplify(expr.replaceDims(loops)));
    return tensorElement(operand.get(), index);
  }
  FloatAttr number;
  if (matchPattern(value, m_Constant(&number)))
    return constant(number.getValueAsDouble());
  Operation *op = value.getDefiningOp();
  if (auto result = arithmetic(
          op, [&](Value operand) { return scalar(operand, scope, loops); }))
    return *result;
  if (isa<arith::SIToFPOp, arith::UIToFPOp>(op)) {
    Value integer = op->getOperand(0);
    while (Operation *cast = integer.getDefiningOp()) {
      if (!isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtSIOp>(cast))
        break;
      integer = cast->getOperand(0);
    }
    if (std::optional<int64_t> size = getConstantIntValue(integer))
      return constant(*size);
    return single({integer, {}});
  }
  return single({value, {}});
}

FailureOr<ElementFormula> Evaluator::linalgElement(linalg::LinalgOp op,
                                                   unsigned result,
                                                   ArrayRef<AffineExpr> index) {
  AffineMap map = op.getIndexingMapMatchingResult(op->getResult(result));
  if (op.getNumParallelLoops() != op.getNumLoops() || !map.isPermutation())
    return failure();
  SmallVector<AffineExpr> loops(op.getNumLoops());
  for (auto [position, expr] : llvm::enumerate(index))
    loops[map.getDimPosition(position)] = expr;
  return scalar(op.getBlock()->getTerminator()->getOperand(result), op, loops);
}

FailureOr<ElementFormula> Evaluator::tensorElement(Value tensor,
                                                   ArrayRef<AffineExpr> index) {
  llvm::SaveAndRestore deeper(depth, depth + 1);
  if (depth > kMaxDepth || ++steps > kMaxSteps)
    return failure();
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type || static_cast<size_t>(type.getRank()) != index.size())
    return failure();

  DenseFPElementsAttr elements;
  if (matchPattern(tensor, m_Constant(&elements))) {
    if (elements.isSplat())
      return constant(elements.getSplatValue<APFloat>().convertToDouble());
    std::optional<int64_t> position = linearize(index, type.getShape());
    if (!position)
      return failure();
    return constant(elements.getValues<APFloat>()[*position].convertToDouble());
  }

  Element element{tensor, llvm::to_vector(index)};
  Operation *op = tensor.getDefiningOp();
  if (!op || isLeaf(element))
    return single(element);
  if (auto result = arithmetic(
          op, [&](Value operand) { return tensorElement(operand, index); }))
    return *result;
  return llvm::TypeSwitch<Operation *, FailureOr<ElementFormula>>(op)
      .Case([&](tensor::CastOp cast) {
        return tensorElement(cast.getSource(), index);
      })
      .Case<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
            tensor::ExtractSliceOp>(
          [&](auto reshape) -> FailureOr<ElementFormula> {
            FailureOr<SmallVector<AffineExpr>> at = sourceIndex(reshape, index);
            if (failed(at))
              return failure();
            return tensorElement(reshape->getOperand(0), *at);
          })
      .Case([&](tensor::FromElementsOp list) -> FailureOr<ElementFormula> {
        std::optional<int64_t> position = linearize(index, type.getShape());
        if (!position)
          return failure();
        return scalar(list.getElements()[*position], /*scope=*/nullptr, {});
      })
      .Case([&](linalg::LinalgOp linalg) {
        return linalgElement(linalg, cast<OpResult>(tensor).getResultNumber(),
                             index);
      })
      .Default([&](Operation *) { return single(element); });
}

FailureOr<ElementFormula>
mlir::bev::getElementFormula(Value tensor, ArrayRef<AffineExpr> index,
                             unsigned numDims,
                             llvm::function_ref<bool(const Element &)> isLeaf) {
  return Evaluator(tensor.getContext(), numDims, isLeaf)
      .tensorElement(tensor, index);
}
