// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM's back ends.

#ifndef BEV_LIB_TARGET_LLVMTARGETS_H
#define BEV_LIB_TARGET_LLVMTARGETS_H

namespace mlir::bev {

/// Registers the back ends of the host and of GPUs with LLVM, which must have
/// been done before anything asks LLVM for one. May be called at any time, by
/// several threads at once.
void initializeLLVMTargets();

} // namespace mlir::bev

#endif // BEV_LIB_TARGET_LLVMTARGETS_H
