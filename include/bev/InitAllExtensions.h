// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of dialect extensions: interfaces that dialects get from other
// libraries than their own, such as bufferization and translation to LLVM IR.

#ifndef BEV_INITALLEXTENSIONS_H
#define BEV_INITALLEXTENSIONS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::bev {

/// Registers the extensions of this project's dialects: what a compiler that
/// has the upstream extensions already needs in addition.
void registerBEVExtensions(DialectRegistry &registry);

/// Registers the extensions of this project's dialects and of the upstream
/// dialects that `registerAllDialects` registers.
void registerAllExtensions(DialectRegistry &registry);

} // namespace mlir::bev

#endif // BEV_INITALLEXTENSIONS_H
