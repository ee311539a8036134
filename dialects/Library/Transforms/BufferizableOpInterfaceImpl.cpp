// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/Library/Transforms/BufferizableOpInterfaceImpl.h"

#include "bev/Dialect/DestinationStyleBufferization.h"
#include "bev/Dialect/Library/IR/Library.h"

#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::bev;

void library::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, library::LibraryDialect *) {
    attachDestinationStyleModels<library::MatMulOp, library::ConvolutionOp>(
        context);
  });
}
