// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bufferization of the bev ops, as external models so that the dialect itself
// does not depend on bufferization.

#ifndef BEV_DIALECT_BEV_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
#define BEV_DIALECT_BEV_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::bev {
void registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry);
} // namespace mlir::bev

#endif // BEV_DIALECT_BEV_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
