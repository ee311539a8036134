// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a module in memory, to be called from the same process.

#ifndef BEV_TARGET_JIT_H
#define BEV_TARGET_JIT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

#include "llvm/ADT/StringRef.h"

#include <functional>
#include <memory>
#include <string>

namespace llvm {
class raw_ostream;
namespace orc {
class LLJIT;
} // namespace orc
} // namespace llvm

namespace mlir::bev {

/// The host's CPU.
struct HostCPU {
  std::string name;
  std::string features;
  /// The width in bytes of the widest vectors: 64 with AVX-512, 32 with AVX2,
  /// else 16.
  int64_t vectorBytes = 16;

  static HostCPU detect();
};

/// What to compile for.
struct CompileOptions {
  /// The GPU ("sm_90") whose device the current process has; empty for the CPU.
  std::string chip;
  /// What device code is made: "isa" (PTX, which the driver compiles), "bin" or
  /// "fatbin".
  std::string format = "isa";
  /// Where to write the host's assembly, if anywhere.
  llvm::raw_ostream *assembly = nullptr;
  /// Sets up the pass manager, as a tool's command line asks for.
  std::function<LogicalResult(PassManager &)> configurePasses;
};

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
  static FailureOr<std::unique_ptr<CompiledFunction>>
  compile(ModuleOp module, llvm::StringRef function,
          const CompileOptions &options);

  ~CompiledFunction();

  /// Calls `_mlir_ciface_NAME`.  `slots` has, for each of its parameters, the
  /// address of the value; and, where it returns a value, the address to store
  /// that to.
  void call(void **slots) const { entry(slots); }

private:
  CompiledFunction();

  std::unique_ptr<llvm::orc::LLJIT> jit;
  void (*entry)(void **) = nullptr;
};

} // namespace mlir::bev

#endif // BEV_TARGET_JIT_H
