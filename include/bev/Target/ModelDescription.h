// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a compiled model says about itself: a section of JSON in the shared
// object, which can be read without loading it.

#ifndef BEV_TARGET_MODELDESCRIPTION_H
#define BEV_TARGET_MODELDESCRIPTION_H

#include "bev/Pipelines/ArenaUse.h"
#include "bev/Target/Signature.h"

#include "llvm/Support/JSON.h"

#include <map>

namespace mlir::bev {

/// Code for the CPU or for one GPU.
struct TargetDescription {
  /// "cpu", or the GPU: "sm_90".
  std::string name;
  /// The CPU of the host code, and the extensions that it needs.
  std::string cpu;
  std::vector<std::string> extensions;
  /// The forms of the device code: "ptx", or "cubin and ptx"; empty for the
  /// CPU.
  std::string deviceCode;
  /// Of the object, with device code and small constants.
  uint64_t codeBytes = 0;
  /// What its buffers take; nothing for a GPU, where they are not planned.
  ArenaUse arena;

  bool isCPU() const { return name == "cpu"; }
};

struct ModelDescription {
  int64_t version = 0;
  /// The compiler.
  std::string producer;
  Signature signature;
  std::vector<TargetDescription> targets;
  /// How many ops of each name the source had.
  std::map<std::string, int64_t> ops;
  /// Constants outside of the code.
  uint64_t weightBytes = 0;
  int64_t numWeights = 0;

  /// Reads the description in a shared object.  An error names the file and
  /// says what it is instead.
  static llvm::Expected<ModelDescription> read(llvm::StringRef path);

  llvm::json::Value toJSON() const;
  static llvm::Expected<ModelDescription> parse(llvm::StringRef json);

  /// Prints it for people to read.
  void print(llvm::raw_ostream &os) const;
};

/// One line for people to read.
std::string formatArenaUse(const ArenaUse &arena);

/// Counts the ops in a function and in what it calls, other than terminators.
std::map<std::string, int64_t> countOps(ModuleOp module,
                                        llvm::StringRef function);

/// Whether the file is, from its first bytes, an ELF file.
bool isELFFile(llvm::StringRef path);

} // namespace mlir::bev

#endif // BEV_TARGET_MODELDESCRIPTION_H
