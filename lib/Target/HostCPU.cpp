// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/HostCPU.h"

#include "LLVMTargets.h"
#include "bev/Runtime/ModelFormat.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir::bev;
using llvm::StringRef;

/// Null where LLVM has no back end for the host.
static std::unique_ptr<llvm::MCSubtargetInfo>
createSubtarget(StringRef name, StringRef features) {
  initializeLLVMTargets();
  llvm::Triple triple(llvm::sys::getProcessTriple());
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  return std::unique_ptr<llvm::MCSubtargetInfo>(
      target->createMCSubtargetInfo(triple, name, features));
}

static bool hasFeature(const llvm::MCSubtargetInfo &subtarget,
                       StringRef feature) {
  return subtarget.checkFeatures(("+" + feature).str());
}

HostCPU HostCPU::detect() {
  HostCPU cpu;
  cpu.name = llvm::sys::getHostCPUName().str();
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  llvm::SmallVector<std::string> list;
  for (const auto &feature : features)
    list.push_back((feature.second ? "+" : "-") + feature.first().str());
  // The order of a hash table must not show.
  llvm::sort(list);
  cpu.features = llvm::join(list, ",");
  if (features.lookup("avx512f"))
    cpu.vectorBytes = 64;
  else if (features.lookup("avx2"))
    cpu.vectorBytes = 32;
  return cpu;
}

llvm::Expected<HostCPU> HostCPU::get(StringRef name) {
  if (name == "native")
    return detect();
  // LLVM itself would print a warning, and compile for something else.
  std::unique_ptr<llvm::MCSubtargetInfo> generic = createSubtarget("", "");
  if (!generic || !generic->isCPUStringValid(name))
    return llvm::createStringError(
        "unknown CPU '%s'; expected native or a name that clang's -mcpu=help "
        "lists, such as x86-64-v3",
        name.str().c_str());
  HostCPU cpu;
  cpu.name = name.str();
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget = createSubtarget(name, "");
  if (llvm::Triple(llvm::sys::getProcessTriple()).isX86()) {
    if (!hasFeature(*subtarget, "64bit-mode") &&
        !hasFeature(*subtarget, "64bit"))
      return llvm::createStringError("CPU '%s' has no 64-bit instructions",
                                     name.str().c_str());
    if (hasFeature(*subtarget, "avx512f"))
      cpu.vectorBytes = 64;
    else if (hasFeature(*subtarget, "avx2"))
      cpu.vectorBytes = 32;
  }
  return cpu;
}

std::vector<std::string> HostCPU::getRequiredExtensions() const {
  std::vector<std::string> extensions;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget =
      createSubtarget(name, features);
  if (!subtarget || !llvm::Triple(llvm::sys::getProcessTriple()).isX86())
    return extensions;
#define BEV_ADD_EXTENSION(NAME)                                                \
  if (hasFeature(*subtarget, NAME))                                            \
    extensions.push_back(NAME);
  BEV_MODEL_X86_EXTENSIONS(BEV_ADD_EXTENSION)
#undef BEV_ADD_EXTENSION
  return extensions;
}
