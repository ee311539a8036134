// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bufferization of the library ops.

#ifndef BEV_DIALECT_LIBRARY_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
#define BEV_DIALECT_LIBRARY_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H

namespace mlir {
class DialectRegistry;

namespace bev::library {
/// Attaches the bufferization models of the library ops.
void registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry);
} // namespace bev::library
} // namespace mlir

#endif // BEV_DIALECT_LIBRARY_TRANSFORMS_BUFFERIZABLEOPINTERFACEIMPL_H
