// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Conversion/GPUToNVVM/Toolkit.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <cstdlib>

using namespace mlir::bev;
using llvm::SmallString;
using llvm::StringRef;

/// Whether upstream's serialization will find the program `name`.
static bool isToolAvailable(StringRef name) {
  if (llvm::sys::findProgramByName(name))
    return true;
  for (const char *variable : {"CUDA_ROOT", "CUDA_HOME", "CUDA_PATH"}) {
    const char *root = std::getenv(variable);
    if (!root)
      continue;
    SmallString<128> path(root);
    llvm::sys::path::append(path, "bin", name);
    if (llvm::sys::fs::can_execute(path))
      return true;
  }
  return false;
}

llvm::SmallVector<StringRef> mlir::bev::findMissingTools(StringRef format) {
  llvm::SmallVector<StringRef> missing;
  if (format != "isa" && !isToolAvailable("ptxas"))
    missing.push_back("ptxas");
  if (format == "fatbin" && !isToolAvailable("fatbinary"))
    missing.push_back("fatbinary");
  return missing;
}
