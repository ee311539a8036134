// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a function ahead of time, to a shared object that the runtime loads.

#ifndef BEV_TARGET_COMPILEDMODEL_H
#define BEV_TARGET_COMPILEDMODEL_H

#include "bev/Target/HostCPU.h"
#include "bev/Target/ModelDescription.h"

#include "mlir/Pass/PassManager.h"

#include <functional>

namespace mlir::bev {

class WeightTable;

/// What a model is compiled for.
struct ModelOptions {
  bool forCPU = false;
  /// GPUs: "sm_90".
  std::vector<std::string> chips;
  /// The CPU of the host code.
  HostCPU cpu;
  /// What device code is made: "isa" or "fatbin", which has PTX as well.
  std::string format = "isa";
  /// A file of schedules that come before those chosen otherwise, or empty.
  std::string scheduleFile;
  /// Sets up the pass manager, as a tool's command line asks for.
  std::function<LogicalResult(PassManager &)> configurePasses;
};

/// A function compiled for each of some targets, with its constants.
class CompiledModel {
public:
  /// Compiles a function of model IR, whose signature is given.  Errors are
  /// emitted as diagnostics.
  ///
  /// The context's dialects must have the interfaces of
  /// `registerAllExtensions`, and must outlive the model, which refers to the
  /// constants of the module.
  static FailureOr<std::unique_ptr<CompiledModel>>
  compile(ModuleOp module, const Signature &signature,
          const ModelOptions &options);
  ~CompiledModel();

  const ModelDescription &getDescription() const { return description; }

  /// Links the shared object.  It appears whole or not at all.  Large constants
  /// are written as they are, without a pass through an assembler.
  llvm::Error write(llvm::StringRef path, llvm::StringRef linker) const;

private:
  CompiledModel();

  LogicalResult addTarget(ModuleOp module, const ModelOptions &options,
                          llvm::StringRef chip);
  LogicalResult addDescriptor(ModuleOp module, const HostCPU &cpu);

  ModelDescription description;
  /// Object files.
  std::vector<llvm::SmallVector<char, 0>> objects;
  std::vector<std::string> entryNames;
  std::unique_ptr<WeightTable> weights;
  bool usesOpenMP = false;
};

/// The linker to use: the one that is asked for, or else ld.lld of the LLVM
/// that this was built with, or else on PATH.  An error says what to install.
llvm::Expected<std::string> findLinker(llvm::StringRef name);

/// Writes the C header of a model that is at `path`, for programs that include
/// bev-c/Model.h.
llvm::Error writeModelHeader(const ModelDescription &description,
                             llvm::StringRef modelPath,
                             llvm::StringRef headerPath);

} // namespace mlir::bev

#endif // BEV_TARGET_COMPILEDMODEL_H
