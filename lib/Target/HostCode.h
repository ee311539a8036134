// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From model IR to optimized LLVM IR of the host, for the JIT and for files.

#ifndef BEV_LIB_TARGET_HOSTCODE_H
#define BEV_LIB_TARGET_HOSTCODE_H

#include "bev/Pipelines/ArenaUse.h"
#include "bev/Pipelines/Constants.h"
#include "bev/Target/CompileOptions.h"
#include "bev/Target/HostCPU.h"

#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

namespace mlir::bev {

/// One function and what it needs, as LLVM IR.
struct HostCode {
  std::unique_ptr<llvm::LLVMContext> context;
  /// Defines nothing for others but the entry.
  std::unique_ptr<llvm::Module> module;
  /// The symbols that the module leaves to be defined as these bytes.
  SmallVector<ExternalConstant> constants;
  ArenaUse arena;
};

/// Takes model IR through the pipeline of the target, to LLVM IR that is not
/// optimized yet; the module is consumed.  The result defines `entryName`, a
/// function of an array of addresses: of the values of the parameters of
/// `_mlir_ciface_NAME`, and, where that returns a value, of where to store it.
FailureOr<HostCode> translateHostCode(ModuleOp module, StringRef function,
                                      StringRef entryName,
                                      const CompileOptions &options,
                                      const HostCPU &cpu,
                                      llvm::TargetMachine &machine);

/// Runs LLVM's optimizations, and writes assembly if asked to.
void optimizeHostCode(HostCode &code, const CompileOptions &options,
                      llvm::TargetMachine &machine);

/// What makes the target machines for a CPU, with the options that all host
/// code shares.
llvm::orc::JITTargetMachineBuilder getTargetMachineBuilder(const HostCPU &cpu);

/// Whether the module calls LLVM's OpenMP runtime.
bool usesOpenMP(const llvm::Module &module);

/// Loads LLVM's OpenMP runtime into the process, for good: it has threads.
llvm::Error loadOpenMP();

} // namespace mlir::bev

#endif // BEV_LIB_TARGET_HOSTCODE_H
