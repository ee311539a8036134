// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The alignment of vector loads and stores, proved from strides and indices.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

namespace mlir::bev {
#define GEN_PASS_DEF_ANNOTATEALIGNMENTPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Where every buffer starts, in bytes.
constexpr uint64_t baseAlignment = 16;

/// The largest number that is known to divide `value`; 0 divides as everything
/// does 0.
uint64_t getDivisor(Value value, unsigned depth = 0);

uint64_t getDivisor(OpFoldResult value, unsigned depth) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return *constant < 0 ? -static_cast<uint64_t>(*constant) : *constant;
  return getDivisor(cast<Value>(value), depth);
}

/// Products are only of interest up to a power of two that fits.
uint64_t multiply(uint64_t lhs, uint64_t rhs) {
  if (lhs == 0 || rhs == 0)
    return 0;
  constexpr uint64_t limit = uint64_t(1) << 31;
  lhs = lhs > limit ? lhs & -lhs : lhs;
  rhs = rhs > limit ? rhs & -rhs : rhs;
  return std::min(lhs, limit) * std::min(rhs, limit);
}

uint64_t getDivisor(AffineExpr expr, ArrayRef<uint64_t> dims,
                    ArrayRef<uint64_t> symbols) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return std::abs(constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  uint64_t lhs = getDivisor(binary.getLHS(), dims, symbols);
  uint64_t rhs = getDivisor(binary.getRHS(), dims, symbols);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
  case AffineExprKind::Mod:
    return std::gcd(lhs, rhs);
  case AffineExprKind::Mul:
    return multiply(lhs, rhs);
  case AffineExprKind::FloorDiv:
  case AffineExprKind::CeilDiv:
    if (auto divisor = dyn_cast<AffineConstantExpr>(binary.getRHS()))
      if (divisor.getValue() > 0 && lhs % divisor.getValue() == 0)
        return lhs / divisor.getValue();
    return 1;
  default:
    return 1;
  }
}

uint64_t getLoopDivisor(BlockArgument iv, unsigned depth) {
  Operation *parent = iv.getOwner()->getParentOp();
  auto both = [&](OpFoldResult lower, OpFoldResult step) {
    return std::gcd(getDivisor(lower, depth), getDivisor(step, depth));
  };
  if (auto loop = dyn_cast<scf::ForOp>(parent)) {
    if (iv == loop.getInductionVar())
      return both(loop.getLowerBound(), loop.getStep());
  } else if (auto loop = dyn_cast<scf::ParallelOp>(parent)) {
    unsigned i = iv.getArgNumber();
    return both(loop.getLowerBound()[i], loop.getStep()[i]);
  } else if (auto loop = dyn_cast<scf::ForallOp>(parent)) {
    unsigned i = iv.getArgNumber();
    if (i < loop.getRank())
      return both(loop.getMixedLowerBound()[i], loop.getMixedStep()[i]);
  }
  return 1;
}

uint64_t getDivisor(Value value, unsigned depth) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return constant.abs().getLimitedValue(uint64_t(1) << 62);
  if (depth > 24)
    return 1;
  ++depth;
  if (auto argument = dyn_cast<BlockArgument>(value))
    return getLoopDivisor(argument, depth);
  Operation *op = value.getDefiningOp();
  auto of = [&](unsigned i) { return getDivisor(op->getOperand(i), depth); };
  if (isa<arith::MulIOp>(op))
    return multiply(of(0), of(1));
  if (isa<arith::AddIOp, arith::SubIOp, arith::MinSIOp, arith::MaxSIOp,
          arith::MinUIOp, arith::MaxUIOp, arith::RemUIOp, arith::RemSIOp>(op))
    return std::gcd(of(0), of(1));
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtSIOp,
          arith::ExtUIOp>(op))
    return of(0);
  if (isa<arith::SelectOp>(op))
    return std::gcd(of(1), of(2));
  if (isa<arith::ShLIOp>(op)) {
    APInt amount;
    if (matchPattern(op->getOperand(1), m_ConstantInt(&amount)) &&
        amount.ult(32))
      return multiply(of(0), uint64_t(1) << amount.getZExtValue());
    return of(0);
  }
  if (auto apply = dyn_cast<affine::AffineApplyOp>(op)) {
    SmallVector<uint64_t> operands;
    for (Value operand : apply.getMapOperands())
      operands.push_back(getDivisor(operand, depth));
    AffineMap map = apply.getAffineMap();
    return getDivisor(map.getResult(0),
                      ArrayRef(operands).take_front(map.getNumDims()),
                      ArrayRef(operands).drop_front(map.getNumDims()));
  }
  if (auto split = dyn_cast<affine::AffineDelinearizeIndexOp>(op)) {
    // From the last part on: one whose size divides what is left is 0, and the
    // quotient keeps the rest of the divisor; of others the remainder does.
    uint64_t left = getDivisor(split.getLinearIndex(), depth);
    SmallVector<OpFoldResult> basis = split.getMixedBasis();
    unsigned outer = split.getMultiIndex().size() - basis.size();
    for (unsigned i = split.getMultiIndex().size(); i-- > outer;) {
      std::optional<int64_t> size = getConstantIntValue(basis[i - outer]);
      bool isZero = size && *size > 0 && left % *size == 0;
      if (value == split.getMultiIndex()[i])
        return isZero ? 0 : std::gcd(left, getDivisor(basis[i - outer], depth));
      left = isZero ? left / *size : 1;
    }
    return left;
  }
  if (auto ifOp = dyn_cast<scf::IfOp>(op)) {
    unsigned i = cast<OpResult>(value).getResultNumber();
    return std::gcd(getDivisor(ifOp.thenYield().getOperand(i), depth),
                    getDivisor(ifOp.elseYield().getOperand(i), depth));
  }
  return 1;
}

/// Divisors of the offset (first) and strides of `memref`, in elements.
SmallVector<uint64_t> getStrideDivisors(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  SmallVector<uint64_t> divisors;
  if (type.getLayout().isIdentity()) {
    uint64_t stride = 1;
    SmallVector<uint64_t> strides;
    for (int64_t size : llvm::reverse(type.getShape())) {
      strides.push_back(stride);
      if (!ShapedType::isDynamic(size))
        stride = multiply(stride, size);
    }
    divisors.push_back(0);
    divisors.append(strides.rbegin(), strides.rend());
    return divisors;
  }
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)))
    return {};
  divisors.push_back(ShapedType::isDynamic(offset) ? 1 : std::abs(offset));
  for (int64_t stride : strides)
    divisors.push_back(ShapedType::isDynamic(stride) ? 1 : std::abs(stride));

  // A view says more than its type.
  if (auto subview = memref.getDefiningOp<memref::SubViewOp>()) {
    SmallVector<uint64_t> source = getStrideDivisors(subview.getSource());
    if (source.empty())
      return divisors;
    uint64_t first = source.front();
    auto dropped = subview.getDroppedDims();
    unsigned next = 1;
    for (auto [i, offset] : llvm::enumerate(subview.getMixedOffsets())) {
      first = std::gcd(first, multiply(getDivisor(offset, 0), source[i + 1]));
      if (dropped[i])
        continue;
      uint64_t stride =
          multiply(getDivisor(subview.getMixedStrides()[i], 0), source[i + 1]);
      divisors[next] = std::max(divisors[next], stride);
      ++next;
    }
    divisors.front() = first == 0 ? 0 : std::max(divisors.front(), first);
  }
  return divisors;
}

std::optional<uint64_t> getAlignment(Value memref, ValueRange indices,
                                     VectorType vector) {
  unsigned bits = vector.getElementType().isIntOrFloat()
                      ? vector.getElementTypeBitWidth()
                      : 0;
  if (bits < 8 || bits % 8 != 0)
    return std::nullopt;
  SmallVector<uint64_t> strides = getStrideDivisors(memref);
  if (strides.empty())
    return std::nullopt;
  uint64_t divisor = strides.front();
  for (auto [i, index] : llvm::enumerate(indices))
    divisor = std::gcd(divisor, multiply(strides[i + 1], getDivisor(index)));
  divisor = multiply(divisor, bits / 8);
  uint64_t alignment = std::min(
      baseAlignment, divisor == 0 ? baseAlignment : divisor & -divisor);
  if (alignment <= bits / 8)
    return std::nullopt;
  return alignment;
}

struct AnnotateAlignment
    : public bev::impl::AnnotateAlignmentPassBase<AnnotateAlignment> {
  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) {
      auto annotate = [&](auto access) {
        std::optional<uint64_t> alignment = getAlignment(
            access.getBase(), access.getIndices(), access.getVectorType());
        if (alignment && access.getAlignment().value_or(1) < *alignment)
          access.setAlignment(*alignment);
      };
      if (auto load = dyn_cast<vector::LoadOp>(op))
        annotate(load);
      else if (auto store = dyn_cast<vector::StoreOp>(op))
        annotate(store);
    });
  }
};

} // namespace
