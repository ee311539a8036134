// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a function of a module to a shared object, ahead of time.

#include "Options.h"

#include "bev/Conversion/GPUToNVVM/Toolkit.h"
#include "bev/Target/CompiledModel.h"
#include "bev/Target/OutputFile.h"
#include "bev/Target/ToolModule.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace mlir::bev;

static int inspect(const Options &options) {
  llvm::Expected<ModelDescription> description =
      ModelDescription::read(options.file);
  if (!description)
    return fail(description.takeError());
  if (options.inspectAsJSON)
    llvm::outs() << llvm::formatv("{0:2}\n", description->toJSON());
  else
    description->print(llvm::outs());
  return 0;
}

/// Chooses the device code's format, and says so where that costs something.
static std::string chooseFormat(const Options &options) {
  if (!options.format.empty() || options.chips.empty())
    return options.format.empty() ? "isa" : options.format;
  SmallVector<StringRef> missing = findMissingTools("fatbin");
  if (missing.empty())
    return "fatbin";
  llvm::errs() << "bev-compile: note: device code is PTX, which the driver "
                  "compiles when the model is loaded: there is no "
               << llvm::join(missing, " and ")
               << " of the CUDA toolkit on PATH or under CUDA_HOME\n";
  return "isa";
}

static int compile(const Options &options) {
  llvm::Expected<HostCPU> cpu = HostCPU::get(options.cpu);
  if (!cpu)
    return fail(cpu.takeError());
  // Before anything takes long.
  if (llvm::Error error = findLinker(options.linker).takeError())
    return fail(std::move(error));
  for (const std::string &path : {options.output, options.header})
    if (!path.empty())
      if (llvm::Error error = checkWritable(path))
        return fail(std::move(error));
  llvm::Expected<std::unique_ptr<ToolModule>> file = ToolModule::open(options);
  if (!file)
    return fail(file.takeError());
  OwningOpRef<ModuleOp> module = (*file)->parse();
  if (!module)
    return (*file)->fail("the module cannot be parsed");
  FailureOr<func::FuncOp> function = selectFunction(*module, options.function);
  if (failed(function))
    return kExitError;
  FailureOr<Signature> signature = getSignature(*function);
  if (failed(signature))
    return kExitError;

  ModelOptions modelOptions;
  modelOptions.forCPU = options.forCPU;
  modelOptions.chips = options.chips;
  modelOptions.cpu = *cpu;
  modelOptions.format = chooseFormat(options);
  modelOptions.scheduleFile = options.scheduleFile;
  modelOptions.configurePasses = applyPassManagerCLOptions;
  FailureOr<std::unique_ptr<CompiledModel>> model = failure();
  {
    Progress progress("compiling '" + signature->function + "'");
    FaultGuard guard(FaultGuard::Code::Compiler);
    model = CompiledModel::compile(*module, *signature, modelOptions);
  }
  if (failed(model))
    return (*file)->fail("the module cannot be compiled");
  if (llvm::Error error = (*model)->write(options.output, options.linker))
    return fail(std::move(error));
  if (options.stats)
    for (const TargetDescription &target : (*model)->getDescription().targets)
      if (target.isCPU())
        llvm::outs() << formatArenaUse(target.arena) << "\n";
  if (!options.header.empty())
    if (llvm::Error error = writeModelHeader((*model)->getDescription(),
                                             options.output, options.header))
      return fail(std::move(error));
  return 0;
}

int main(int argc, char **argv) {
  installFatalErrorHandlers("bev-compile");
  return runTool<Options>(llvm::ArrayRef<const char *>(argv + 1, argc - 1),
                          [](const Options &options) {
                            return options.inspect ? inspect(options)
                                                   : compile(options);
                          });
}
