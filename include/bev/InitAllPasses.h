// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of passes and pipelines for textual use, as in `bev-opt`.

#ifndef BEV_INITALLPASSES_H
#define BEV_INITALLPASSES_H

namespace mlir::bev {

/// Registers this project's passes and pipelines.
void registerBEVPasses();

/// Registers this project's passes and pipelines and the upstream passes they
/// are used with.
void registerAllPasses();

} // namespace mlir::bev

#endif // BEV_INITALLPASSES_H
