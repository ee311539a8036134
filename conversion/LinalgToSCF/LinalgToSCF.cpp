// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// linalg on buffers to scf.parallel around reductions in registers.

#include "bev/Conversion/LinalgToSCF/LinalgToSCF.h"
#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTLINALGTOSCFNESTPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

Type mlir::bev::getAccumulatorType(Type type) {
  if (isa<Float16Type, BFloat16Type>(type))
    return Float32Type::get(type.getContext());
  return type;
}

Value mlir::bev::convertFloat(OpBuilder &b, Location loc, Value value,
                              Type type) {
  if (value.getType() == type)
    return value;
  // `contract` lets a truncation that is extended again fold away.
  auto contract = arith::FastMathFlagsAttr::get(b.getContext(),
                                                arith::FastMathFlags::contract);
  if (value.getType().getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth()) {
    auto ext = arith::ExtFOp::create(b, loc, type, value);
    ext.setFastmathAttr(contract);
    return ext;
  }
  auto trunc = arith::TruncFOp::create(b, loc, type, value);
  trunc.setFastmathAttr(contract);
  return trunc;
}

static SmallVector<Value> getAccess(OpBuilder &b, Location loc,
                                    linalg::LinalgOp op, OpOperand &operand,
                                    ValueRange ivs) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  SmallVector<OpFoldResult> dims = getAsOpFoldResult(ivs);
  SmallVector<Value> indices;
  for (unsigned i = 0, e = map.getNumResults(); i != e; ++i) {
    OpFoldResult index =
        affine::makeComposedFoldedAffineApply(b, loc, map.getSubMap({i}), dims);
    indices.push_back(getValueOrCreateConstantIndexOp(b, loc, index));
  }
  return indices;
}

Value mlir::bev::loadOperand(OpBuilder &b, Location loc, linalg::LinalgOp op,
                             OpOperand &operand, ValueRange ivs) {
  if (!isa<MemRefType>(operand.get().getType()))
    return operand.get();
  return memref::LoadOp::create(b, loc, operand.get(),
                                getAccess(b, loc, op, operand, ivs));
}

void mlir::bev::storeInit(OpBuilder &b, Location loc, linalg::LinalgOp op,
                          OpOperand &init, ValueRange ivs, Value value) {
  auto type = cast<MemRefType>(init.get().getType());
  value = type.getElementType() == value.getType()
              ? value
              : convertFloat(b, loc, value, type.getElementType());
  memref::StoreOp::create(b, loc, value, init.get(),
                          getAccess(b, loc, op, init, ivs));
}

/// Lets a product that is added to an accumulator be contracted to one fma.
static void allowContraction(Operation *op) {
  auto fmf = dyn_cast<arith::ArithFastMathInterface>(op);
  if (!fmf || !isa<arith::AddFOp, arith::MulFOp>(op))
    return;
  arith::FastMathFlags flags = fmf.getFastMathFlagsAttr().getValue();
  op->setAttr(fmf.getFastMathAttrName(),
              arith::FastMathFlagsAttr::get(
                  op->getContext(), flags | arith::FastMathFlags::contract));
}

SmallVector<Value> mlir::bev::emitPayload(OpBuilder &b, Location loc,
                                          linalg::LinalgOp op, ValueRange ivs,
                                          ValueRange accumulators,
                                          OperandLoader load) {
  Block &body = *op.getBlock();
  IRMapping map;
  for (OpOperand &operand : op->getOpOperands()) {
    BlockArgument arg = op.getMatchingBlockArgument(&operand);
    if (!arg || arg.use_empty())
      continue;
    Value value;
    if (op.isDpsInit(&operand) && !accumulators.empty()) {
      unsigned number = operand.getOperandNumber() - op.getNumDpsInputs();
      value = convertFloat(b, loc, accumulators[number], arg.getType());
    } else {
      value = load ? load(b, operand) : loadOperand(b, loc, op, operand, ivs);
    }
    map.map(arg, value);
  }
  bool reduces = op.getNumReductionLoops() > 0;
  for (Operation &inner : body.without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
      map.map(index.getResult(), ivs[index.getDim()]);
      continue;
    }
    Operation *copy = b.clone(inner, map);
    if (reduces)
      allowContraction(copy);
    SmallVector<linalg::IndexOp> nested;
    copy->walk([&](linalg::IndexOp index) { nested.push_back(index); });
    for (linalg::IndexOp index : nested) {
      index.replaceAllUsesWith(ivs[index.getDim()]);
      index.erase();
    }
  }
  SmallVector<Value> results;
  for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
    Value result = map.lookupOrDefault(value);
    if (!accumulators.empty())
      result = convertFloat(b, loc, result, accumulators[i].getType());
    results.push_back(result);
  }
  return results;
}

bool mlir::bev::isInParallelBody(Operation *op) {
  return op->getParentOfType<scf::ParallelOp>() ||
         op->getParentOfType<scf::ForallOp>() ||
         op->getParentOfType<gpu::LaunchOp>() ||
         op->getParentOfType<gpu::GPUModuleOp>();
}

namespace {

/// The loops of one op, as values.
struct Bounds {
  SmallVector<Value> lower, upper, step;
};

Bounds getBounds(OpBuilder &b, linalg::LinalgOp op) {
  Bounds bounds;
  Location loc = op.getLoc();
  for (Range range : op.createLoopRanges(b, loc)) {
    bounds.lower.push_back(
        getValueOrCreateConstantIndexOp(b, loc, range.offset));
    bounds.upper.push_back(getValueOrCreateConstantIndexOp(b, loc, range.size));
    bounds.step.push_back(
        getValueOrCreateConstantIndexOp(b, loc, range.stride));
  }
  return bounds;
}

/// The parallel dimensions of `op`, ordered as they appear in the first output.
SmallVector<unsigned> getOrderedParallelDims(linalg::LinalgOp op) {
  SmallVector<unsigned> parallel, ordered;
  op.getParallelDims(parallel);
  SmallVector<unsigned> written;
  for (AffineExpr expr :
       op.getMatchingIndexingMap(op.getDpsInitOperand(0)).getResults())
    if (auto dim = dyn_cast<AffineDimExpr>(expr))
      written.push_back(dim.getPosition());
  for (unsigned dim : parallel)
    if (!llvm::is_contained(written, dim))
      ordered.push_back(dim);
  for (unsigned dim : written)
    if (llvm::is_contained(parallel, dim) && !llvm::is_contained(ordered, dim))
      ordered.push_back(dim);
  return ordered;
}

/// Whether dimension `dim` walks a contiguous input but no reduction does it as
/// well as `dim` would: then it should be the innermost loop on a CPU.
bool wantsInnermost(linalg::LinalgOp op, unsigned dim) {
  for (OpOperand &init : op.getDpsInitsMutable()) {
    AffineMap map = op.getMatchingIndexingMap(&init);
    if (map.getNumResults() == 0 ||
        map.getResults().back() != getAffineDimExpr(dim, op.getContext()))
      return false;
    Type type = getElementTypeOrSelf(init.get().getType());
    if (getAccumulatorType(type) != type)
      return false;
  }
  bool contiguous = false;
  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (map.getNumResults() == 0)
      continue;
    AffineExpr last = map.getResults().back();
    if (last == getAffineDimExpr(dim, op.getContext()))
      contiguous = true;
    else if (map.isFunctionOfDim(dim))
      return false;
  }
  return contiguous;
}

/// Emits `scf.for` loops over `dims` in order, then `body`.
void emitSerial(OpBuilder &b, Location loc, const Bounds &bounds,
                ArrayRef<unsigned> dims, SmallVectorImpl<Value> &ivs,
                function_ref<void(OpBuilder &)> body) {
  if (dims.empty())
    return body(b);
  unsigned dim = dims.front();
  auto loop = scf::ForOp::create(b, loc, bounds.lower[dim], bounds.upper[dim],
                                 bounds.step[dim]);
  OpBuilder inner(loop.getBody()->getTerminator());
  ivs[dim] = loop.getInductionVar();
  emitSerial(inner, loc, bounds, dims.drop_front(), ivs, body);
}

/// Emits `scf.for` loops over `dims` that carry `accumulators` through `body`.
SmallVector<Value>
emitReduction(OpBuilder &b, Location loc, const Bounds &bounds,
              ArrayRef<unsigned> dims, SmallVectorImpl<Value> &ivs,
              SmallVector<Value> accumulators,
              function_ref<SmallVector<Value>(OpBuilder &, ValueRange)> body) {
  if (dims.empty())
    return body(b, accumulators);
  unsigned dim = dims.front();
  auto loop = scf::ForOp::create(
      b, loc, bounds.lower[dim], bounds.upper[dim], bounds.step[dim],
      accumulators,
      [&](OpBuilder &inner, Location, Value iv, ValueRange carried) {
        ivs[dim] = iv;
        scf::YieldOp::create(inner, loc,
                             emitReduction(inner, loc, bounds,
                                           dims.drop_front(), ivs,
                                           SmallVector<Value>(carried), body));
      });
  return SmallVector<Value>(loop.getResults());
}

LogicalResult lower(linalg::LinalgOp op, bool contiguousInner) {
  Location loc = op.getLoc();
  if (!op.hasPureBufferSemantics())
    return op.emitError("expected a linalg op on buffers");
  OpBuilder b(op);
  SmallVector<unsigned> parallel = getOrderedParallelDims(op), reduction;
  op.getReductionDims(reduction);
  for (OpOperand &init : op.getDpsInitsMutable())
    for (unsigned dim : reduction)
      if (op.getMatchingIndexingMap(&init).isFunctionOfDim(dim))
        return op.emitError(
            "cannot lower an output that is indexed by a reduction dimension");

  Bounds bounds = getBounds(b, op);
  SmallVector<Value> ivs(bounds.lower.size());
  bool nested = isInParallelBody(op);

  SmallVector<unsigned> inner;
  if (contiguousInner && !reduction.empty() && !parallel.empty() &&
      wantsInnermost(op, parallel.back()))
    inner.push_back(parallel.pop_back_val());

  auto emitBody = [&](OpBuilder &b) {
    if (reduction.empty() || !inner.empty()) {
      SmallVector<unsigned> serial(reduction);
      serial.append(inner);
      emitSerial(b, loc, bounds, serial, ivs, [&](OpBuilder &b) {
        SmallVector<Value> values = emitPayload(b, loc, op, ivs, {});
        for (auto [init, value] :
             llvm::zip_equal(op.getDpsInitsMutable(), values))
          storeInit(b, loc, op, init, ivs, value);
      });
      return;
    }
    SmallVector<Value> accumulators;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      Value value = loadOperand(b, loc, op, init, ivs);
      accumulators.push_back(
          convertFloat(b, loc, value, getAccumulatorType(value.getType())));
    }
    SmallVector<Value> results =
        emitReduction(b, loc, bounds, reduction, ivs, accumulators,
                      [&](OpBuilder &b, ValueRange carried) {
                        return emitPayload(b, loc, op, ivs, carried);
                      });
    for (auto [init, value] : llvm::zip_equal(op.getDpsInitsMutable(), results))
      storeInit(b, loc, op, init, ivs, value);
  };

  if (nested) {
    emitSerial(b, loc, bounds, parallel, ivs, emitBody);
  } else {
    SmallVector<Value> lower, upper, step;
    for (unsigned dim : parallel) {
      lower.push_back(bounds.lower[dim]);
      upper.push_back(bounds.upper[dim]);
      step.push_back(bounds.step[dim]);
    }
    // An op without parallel dimensions is one iteration, so that a GPU runs it
    // as a kernel and not by host access.
    if (parallel.empty()) {
      lower.push_back(arith::ConstantIndexOp::create(b, loc, 0));
      upper.push_back(arith::ConstantIndexOp::create(b, loc, 1));
      step.push_back(upper.back());
    }
    auto loop = scf::ParallelOp::create(
        b, loc, lower, upper, step,
        [&](OpBuilder &b, Location, ValueRange values) {
          for (auto [dim, iv] : llvm::zip(parallel, values))
            ivs[dim] = iv;
        });
    OpBuilder body(loop.getBody()->getTerminator());
    emitBody(body);
  }
  op->erase();
  return success();
}

/// A copy that one memcpy does not do.
bool needsLoops(memref::CopyOp copy) {
  auto source = dyn_cast<MemRefType>(copy.getSource().getType());
  auto target = dyn_cast<MemRefType>(copy.getTarget().getType());
  if (!source || !target)
    return false;
  if (isInParallelBody(copy))
    return true;
  return !source.getLayout().isIdentity() || !target.getLayout().isIdentity();
}

void lowerCopy(memref::CopyOp copy) {
  OpBuilder b(copy);
  auto type = cast<MemRefType>(copy.getTarget().getType());
  AffineMap identity = b.getMultiDimIdentityMap(type.getRank());
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  linalg::GenericOp::create(b, copy.getLoc(), copy.getSource(),
                            copy.getTarget(),
                            ArrayRef<AffineMap>{identity, identity}, iterators,
                            [](OpBuilder &b, Location loc, ValueRange args) {
                              linalg::YieldOp::create(b, loc, args.front());
                            });
  copy.erase();
}

struct ConvertLinalgToSCFNest
    : public bev::impl::ConvertLinalgToSCFNestPassBase<ConvertLinalgToSCFNest> {
  using ConvertLinalgToSCFNestPassBase::ConvertLinalgToSCFNestPassBase;
  void runOnOperation() override {
    SmallVector<memref::CopyOp> copies;
    getOperation()->walk([&](memref::CopyOp copy) {
      if (needsLoops(copy))
        copies.push_back(copy);
    });
    for (memref::CopyOp copy : copies)
      lowerCopy(copy);
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops)
      if (failed(lower(op, contiguousInner)))
        return signalPassFailure();
  }
};

} // namespace
