// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types with the arguments' actual sizes are given to a copy of the function,
// as far as they propagate easily; then ops' verifiers say what contradicts
// itself.

#include "bev/Target/Inputs.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace mlir::bev;

/// Verifies one op and drops what it says but for the message.
static std::string verifyQuietly(Operation *op) {
  std::string message;
  ScopedDiagnosticHandler handler(
      op->getContext(), [&](Diagnostic &diagnostic) {
        if (message.empty() &&
            diagnostic.getSeverity() == DiagnosticSeverity::Error)
          message = diagnostic.str();
        return success();
      });
  if (failed(verify(op, /*verifyRecursively=*/false)) && message.empty())
    message = "the op does not verify";
  return message;
}

LogicalResult mlir::bev::checkShapes(func::FuncOp function,
                                     llvm::ArrayRef<Array> arguments) {
  OwningOpRef<func::FuncOp> copy(function.clone());
  bool hasDynamic = false;
  for (auto [argument, array] :
       llvm::zip_equal(copy->getArguments(), arguments)) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || type.hasStaticShape())
      continue;
    hasDynamic = true;
    argument.setType(type.clone(array.getShape()));
  }
  if (!hasDynamic)
    return success();

  // In these ops static sizes may meet dynamic ones, other than in most, and
  // the types of results are those of destinations.  All else is left as it is.
  LogicalResult result = success();
  copy->walk<WalkOrder::PreOrder>([&](DestinationStyleOpInterface op) {
    if (!isa<linalg::LinalgOp>(op.getOperation()) &&
        op->getName().getDialectNamespace() != "bev")
      return WalkResult::advance();
    for (OpOperand &init : op.getDpsInitsMutable())
      if (isa<RankedTensorType>(init.get().getType()))
        op.getTiedOpResult(&init).setType(init.get().getType());
    // The verifiers of linalg's ops compare dynamic sizes as numbers.
    if (isa<linalg::LinalgOp>(op.getOperation()) &&
        !llvm::all_of(op->getOperandTypes(), [](Type type) {
          auto shaped = dyn_cast<ShapedType>(type);
          return !shaped || shaped.hasStaticShape();
        }))
      return WalkResult::advance();
    std::string message = verifyQuietly(op);
    if (message.empty())
      return WalkResult::advance();
    result = op->emitError("the shapes of the inputs contradict each other: ")
             << message;
    return WalkResult::interrupt();
  });
  return result;
}
