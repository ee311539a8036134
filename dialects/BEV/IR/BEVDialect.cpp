// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the bev dialect and its attributes.

#include "bev/Dialect/BEV/IR/BEV.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::bev;

#include "bev/Dialect/BEV/IR/BEVDialect.cpp.inc"
#include "bev/Dialect/BEV/IR/BEVEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "bev/Dialect/BEV/IR/BEVAttributes.cpp.inc"

void BEVDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "bev/Dialect/BEV/IR/BEVAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "bev/Dialect/BEV/IR/BEVOps.cpp.inc"
      >();
}

Operation *BEVDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                           Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

LogicalResult ScheduleAttr::verify(
    llvm::function_ref<InFlightDiagnostic()> emitError, int64_t lanes,
    int64_t threads, Guard guard, int64_t blocks, bool share, bool packed,
    int64_t together, int64_t heads, int64_t strip, int64_t width,
    Prefetch prefetch, int64_t rows, int64_t points, bool balance) {
  if (lanes < 1 || lanes > kMaxLanes)
    return emitError() << "expected 'lanes' between 1 and " << kMaxLanes
                       << ", but got " << lanes;
  if (threads < 1 || threads > kMaxThreads)
    return emitError() << "expected 'threads' between 1 and " << kMaxThreads
                       << ", but got " << threads;
  if (blocks < 0 || blocks > kMaxBlocks)
    return emitError() << "expected 'blocks' between 0 and " << kMaxBlocks
                       << ", but got " << blocks;
  if (blocks * threads > kMaxResidentThreads)
    return emitError() << "expected 'blocks' times 'threads' to be at most "
                       << kMaxResidentThreads << ", but got "
                       << blocks * threads;
  if (together < 1 || together > kMaxTogether)
    return emitError() << "expected 'together' between 1 and " << kMaxTogether
                       << ", but got " << together;
  if (together != 1 && !share && rows == 0)
    return emitError() << "expected 'share' or 'rows' with 'together' ("
                       << together << ")";
  if (heads < 0 || heads > kMaxHeads)
    return emitError() << "expected 'heads' between 0 and " << kMaxHeads
                       << ", but got " << heads;
  if (strip < 1 || strip > kMaxStrip)
    return emitError() << "expected 'strip' between 1 and " << kMaxStrip
                       << ", but got " << strip;
  if (width < 0 || width > kMaxWidth)
    return emitError() << "expected 'width' between 0 and " << kMaxWidth
                       << ", but got " << width;
  if (rows < 0 || rows > kMaxRows)
    return emitError() << "expected 'rows' between 0 and " << kMaxRows
                       << ", but got " << rows;
  if (points < 1 || points > kMaxPoints)
    return emitError() << "expected 'points' between 1 and " << kMaxPoints
                       << ", but got " << points;
  if (balance && rows == 0)
    return emitError() << "expected 'rows' with 'balance'";
  return success();
}
