// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a module in memory, to be called from the same process.

#ifndef BEV_TARGET_JIT_H
#define BEV_TARGET_JIT_H

#include "bev/Pipelines/ArenaUse.h"
#include "bev/Target/CompileOptions.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinOps.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <vector>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace mlir::bev {

struct HostCode;

/// A compiled function: `slots` has the addresses of what its parameters are.
using EntryPoint = void (*)(void **slots);

/// A function as machine code.
///
/// Compilation follows the calling convention of the pipelines: the symbol
/// `_mlir_ciface_NAME` takes tensors as pointers to memref descriptors.
class CompiledFunction {
public:
  /// Takes model IR through the pipeline of the target, to machine code.  The
  /// module is consumed.  All other functions become private to it, and those
  /// that are not called are dropped.  Errors are emitted as diagnostics.
  ///
  /// The context's dialects must have the interfaces of
  /// `registerAllExtensions`.  For a GPU its device must be the current one.
  ///
  /// Large constants are not copied: the function reads the bytes of the
  /// module's attributes, so that the context must outlive it.
  static FailureOr<std::unique_ptr<CompiledFunction>>
  compile(ModuleOp module, llvm::StringRef function,
          const CompileOptions &options);

  ~CompiledFunction();

  /// Calls `_mlir_ciface_NAME`.  `slots` has, for each of its parameters, the
  /// address of the value; and, where it returns a value, the address to store
  /// that to.
  void call(void **slots) const { entry(slots); }

  /// What `call` calls; valid as long as this object.
  EntryPoint getEntryPoint() const { return entry; }

  /// What its buffers take; nothing for a GPU, where they are not planned.
  const ArenaUse &getArenaUse() const { return arena; }

private:
  CompiledFunction();
  llvm::Error bindConstants(HostCode &code);

  std::unique_ptr<llvm::orc::LLJIT> jit;
  EntryPoint entry = nullptr;
  ArenaUse arena;
  /// The constants that were registered with the runtime.
  std::vector<llvm::ArrayRef<char>> constants;
  /// Those among them that are nobody else's.
  std::vector<AsmResourceBlob> copies;
};

} // namespace mlir::bev

#endif // BEV_TARGET_JIT_H
