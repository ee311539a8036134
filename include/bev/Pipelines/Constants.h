// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants that are kept outside of the code, between the pass that takes them
// out and whoever puts code and constants together.

#ifndef BEV_PIPELINES_CONSTANTS_H
#define BEV_PIPELINES_CONSTANTS_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::bev {

/// The module attribute that `bev-externalize-constants` leaves: a dictionary
/// from symbols to elements attributes with their bytes.
inline constexpr llvm::StringLiteral kConstantsAttrName("bev.constants");

/// What constants are aligned to where the compiler places them.
inline constexpr int64_t kConstantAlignment = 64;

/// From this size on, constants are better off outside of the code.
inline constexpr int64_t kExternalConstantBytes = 4096;

/// A symbol that code refers to, and the bytes it should find there.
struct ExternalConstant {
  llvm::StringRef symbol;
  /// Belongs to the context.
  llvm::ArrayRef<char> bytes;
  /// Symbols with the same attribute share their bytes.
  Attribute attribute;
};

/// A hash of a constant's size and of how it begins. That tells weights apart;
/// reading all of each would take time, and memory where they are in a file
/// still.
uint64_t hashConstant(llvm::ArrayRef<char> bytes);

/// Removes the module's dictionary and returns what is in it, by symbol.
SmallVector<ExternalConstant> takeExternalConstants(ModuleOp module);

} // namespace mlir::bev

#endif // BEV_PIPELINES_CONSTANTS_H
