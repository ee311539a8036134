// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "HostCode.h"

#include "bev/Pipelines/Pipelines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include <dlfcn.h>

using namespace mlir;
using namespace mlir::bev;

/// Runs the pipeline of the target.
static LogicalResult lower(ModuleOp module, StringRef function,
                           const CompileOptions &options, const HostCPU &cpu) {
  for (auto other : module.getOps<func::FuncOp>()) {
    if (other.isPublic() && other.getSymName() != function)
      other.setPrivate();
    // The translation to LLVM IR would warn of each.
    for (unsigned i = 0; i < other.getNumArguments(); ++i)
      other.removeArgAttr(i, "bev.name");
    for (unsigned i = 0; i < other.getNumResults(); ++i)
      other.removeResultAttr(i,
                             StringAttr::get(module->getContext(), "bev.name"));
  }
  PassManager pm(module->getContext(), ModuleOp::getOperationName());
  if (options.configurePasses && failed(options.configurePasses(pm)))
    return failure();
  pm.addPass(createSymbolDCEPass());
  if (options.chip.empty()) {
    LowerToLLVMOptions pipeline;
    pipeline.vectorBytes = cpu.vectorBytes;
    pipeline.scheduleFile = options.scheduleFile;
    pipeline.externalConstantBytes = kExternalConstantBytes;
    buildLowerToLLVMPipeline(pm, pipeline);
  } else {
    LowerToNVVMOptions pipeline;
    pipeline.chip = options.chip;
    pipeline.format = options.format;
    pipeline.scheduleFile = options.scheduleFile;
    pipeline.externalConstantBytes = kExternalConstantBytes;
    buildLowerToNVVMPipeline(pm, pipeline);
  }
  return pm.run(module);
}

/// Adds a function that takes the values of the parameters from memory.
static LogicalResult addEntry(ModuleOp module, llvm::Module &llvmModule,
                              StringRef function, StringRef entryName) {
  std::string name = ("_mlir_ciface_" + function).str();
  llvm::Function *callee = llvmModule.getFunction(name);
  if (!callee || callee->isDeclaration())
    return module.emitError("the lowering has left no function '")
           << name << "'";
  llvm::LLVMContext &context = llvmModule.getContext();
  auto *pointer = llvm::PointerType::getUnqual(context);
  auto *entry = llvm::Function::Create(
      llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer},
                              /*isVarArg=*/false),
      llvm::Function::ExternalLinkage, entryName, llvmModule);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "entry", entry));
  unsigned index = 0;
  auto nextSlot = [&]() -> llvm::Value * {
    llvm::Value *slot =
        builder.CreateConstGEP1_32(pointer, entry->getArg(0), index++);
    return builder.CreateLoad(pointer, slot);
  };
  SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : callee->args())
    arguments.push_back(builder.CreateLoad(argument.getType(), nextSlot()));
  llvm::Value *result = builder.CreateCall(callee, arguments);
  if (!result->getType()->isVoidTy())
    builder.CreateStore(result, nextSlot());
  builder.CreateRetVoid();
  // Only the entry is looked up, so nothing else need be kept for callers.
  for (llvm::Function &other : llvmModule)
    if (!other.isDeclaration() && &other != entry)
      other.setLinkage(llvm::Function::InternalLinkage);
  // Keeps the name in assembly and profiles.
  callee->addFnAttr(llvm::Attribute::NoInline);
  return success();
}

/// The optimizations of clang -O3.
static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  tuning.LoopInterleaving = true;
  tuning.LoopUnrolling = true;
  tuning.SLPVectorization = true;
  llvm::LoopAnalysisManager lam;
  llvm::FunctionAnalysisManager fam;
  llvm::CGSCCAnalysisManager cgam;
  llvm::ModuleAnalysisManager mam;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cgam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cgam, mam);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3)
      .run(module, mam);
}

static void emitAssembly(llvm::Module &module, llvm::TargetMachine &machine,
                         llvm::raw_ostream &os) {
  SmallVector<char, 0> text;
  llvm::raw_svector_ostream stream(text);
  llvm::legacy::PassManager passes;
  // Code generation changes the module.
  std::unique_ptr<llvm::Module> clone = llvm::CloneModule(module);
  if (!machine.addPassesToEmitFile(passes, stream, nullptr,
                                   llvm::CodeGenFileType::AssemblyFile))
    passes.run(*clone);
  os << stream.str();
}

FailureOr<HostCode>
mlir::bev::translateHostCode(ModuleOp module, StringRef function,
                             StringRef entryName, const CompileOptions &options,
                             const HostCPU &cpu, llvm::TargetMachine &machine) {
  if (failed(lower(module, function, options, cpu)))
    return failure();
  HostCode code;
  code.constants = takeExternalConstants(module);
  code.arena = takeArenaUse(module);
  code.context = std::make_unique<llvm::LLVMContext>();
  code.module = translateModuleToLLVMIR(module, *code.context);
  if (!code.module)
    return module.emitError("cannot translate the module to LLVM IR");
  code.module->setTargetTriple(machine.getTargetTriple());
  code.module->setDataLayout(machine.createDataLayout());
  if (failed(addEntry(module, *code.module, function, entryName)))
    return failure();
  return code;
}

void mlir::bev::optimizeHostCode(HostCode &code, const CompileOptions &options,
                                 llvm::TargetMachine &machine) {
  optimize(*code.module, machine);
  if (options.assembly)
    emitAssembly(*code.module, machine, *options.assembly);
}

llvm::orc::JITTargetMachineBuilder
mlir::bev::getTargetMachineBuilder(const HostCPU &cpu) {
  llvm::orc::JITTargetMachineBuilder builder{
      llvm::Triple(llvm::sys::getProcessTriple())};
  builder.setCPU(cpu.name);
  builder.setFeatures(cpu.features);
  builder.setRelocationModel(llvm::Reloc::PIC_);
  builder.setCodeGenOptLevel(llvm::CodeGenOptLevel::Aggressive);
  return builder;
}

bool mlir::bev::usesOpenMP(const llvm::Module &module) {
  return llvm::any_of(module, [](const llvm::Function &function) {
    return function.isDeclaration() &&
           (function.getName().starts_with("__kmpc_") ||
            function.getName().starts_with("omp_"));
  });
}

llvm::Error mlir::bev::loadOpenMP() {
  // Looked up here and not by LLVM, so that this binary's run path counts.
  if (dlopen("libomp.so.5", RTLD_NOW | RTLD_GLOBAL))
    return llvm::Error::success();
  const char *error = dlerror();
  return llvm::createStringError(
      "CPU code needs LLVM's OpenMP runtime, which cannot be loaded (%s); "
      "install libomp5-22 or set LD_LIBRARY_PATH",
      error ? error : "unknown error");
}
