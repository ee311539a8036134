// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of dialects.

#ifndef BEV_INITALLDIALECTS_H
#define BEV_INITALLDIALECTS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::bev {

/// Registers this project's dialects: what a compiler that has the upstream
/// dialects already needs in addition.
void registerBEVDialects(DialectRegistry &registry);

/// Registers this project's dialects and the upstream dialects that modules in
/// any stage of its pipelines are made of.
void registerAllDialects(DialectRegistry &registry);

} // namespace mlir::bev

#endif // BEV_INITALLDIALECTS_H
