// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of `bev-opt --help`.

#ifndef BEV_TOOLS_BEVOPT_GROUPEDHELP_H
#define BEV_TOOLS_BEVOPT_GROUPEDHELP_H

#include "mlir/IR/DialectRegistry.h"

namespace mlir::bev {

/// Prints usage, the registered passes and pipelines with their options grouped
/// by what they act on, this project's first, and the general options.
void printGroupedHelp(DialectRegistry &registry);

} // namespace mlir::bev

#endif // BEV_TOOLS_BEVOPT_GROUPEDHELP_H
