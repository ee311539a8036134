// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/JIT.h"

#include "HalfBuiltins.h"
#include "bev/Pipelines/Pipelines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include <dlfcn.h>

using namespace mlir;
using namespace mlir::bev;

/// The function that `CompiledFunction::call` calls.
static constexpr StringLiteral kEntryName("__bev_run_entry");

HostCPU HostCPU::detect() {
  HostCPU cpu;
  cpu.name = llvm::sys::getHostCPUName().str();
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  SmallVector<std::string> list;
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
    buildLowerToLLVMPipeline(pm, pipeline);
  } else {
    LowerToNVVMOptions pipeline;
    pipeline.chip = options.chip;
    pipeline.format = options.format;
    buildLowerToNVVMPipeline(pm, pipeline);
  }
  return pm.run(module);
}

/// Adds a function that takes the values of the parameters from memory.
static LogicalResult addEntry(ModuleOp module, llvm::Module &llvmModule,
                              StringRef function) {
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
      llvm::Function::ExternalLinkage, kEntryName, llvmModule);
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

/// Loads LLVM's OpenMP runtime into the process when the module calls it.
static LogicalResult loadOpenMP(ModuleOp module,
                                const llvm::Module &llvmModule) {
  bool isNeeded = llvm::any_of(llvmModule, [](const llvm::Function &function) {
    return function.isDeclaration() &&
           (function.getName().starts_with("__kmpc_") ||
            function.getName().starts_with("omp_"));
  });
  if (!isNeeded)
    return success();
  // Looked up here and not by LLVM, so that this binary's run path counts.  The
  // runtime stays until the process ends: it has threads.
  if (dlopen("libomp.so.5", RTLD_NOW | RTLD_GLOBAL))
    return success();
  const char *error = dlerror();
  return module.emitError("CPU code needs LLVM's OpenMP runtime, which cannot "
                          "be loaded (")
         << (error ? error : "unknown error")
         << "); install libomp5-22 or set LD_LIBRARY_PATH";
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

CompiledFunction::CompiledFunction() = default;

CompiledFunction::~CompiledFunction() {
  // Unloads GPU modules.
  if (jit && entry)
    llvm::consumeError(jit->deinitialize(jit->getMainJITDylib()));
}

FailureOr<std::unique_ptr<CompiledFunction>>
CompiledFunction::compile(ModuleOp module, StringRef function,
                          const CompileOptions &options) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  HostCPU cpu = HostCPU::detect();
  if (failed(lower(module, function, options, cpu)))
    return failure();

  // What the JIT reports by itself, such as the names of missing symbols, comes
  // before the errors that it returns, and says more.
  auto reported = std::make_shared<std::string>();
  auto fail = [&](llvm::Error error) -> LogicalResult {
    std::string text = llvm::toString(std::move(error));
    return module.emitError("cannot generate code: ")
           << StringRef(reported->empty() ? text : *reported).rtrim();
  };
  llvm::orc::JITTargetMachineBuilder builder{
      llvm::Triple(llvm::sys::getProcessTriple())};
  builder.setCPU(cpu.name);
  builder.setFeatures(cpu.features);
  builder.setCodeGenOptLevel(llvm::CodeGenOptLevel::Aggressive);
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine =
      builder.createTargetMachine();
  if (!machine)
    return fail(machine.takeError());

  auto context = std::make_unique<llvm::LLVMContext>();
  std::unique_ptr<llvm::Module> llvmModule =
      translateModuleToLLVMIR(module, *context);
  if (!llvmModule)
    return module.emitError("cannot translate the module to LLVM IR");
  llvmModule->setTargetTriple((*machine)->getTargetTriple());
  llvmModule->setDataLayout((*machine)->createDataLayout());
  if (failed(addEntry(module, *llvmModule, function)) ||
      failed(loadOpenMP(module, *llvmModule)))
    return failure();
  optimize(*llvmModule, **machine);
  if (options.assembly)
    emitAssembly(*llvmModule, **machine, *options.assembly);

  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> jit =
      llvm::orc::LLJITBuilder()
          .setJITTargetMachineBuilder(std::move(builder))
          .create();
  if (!jit)
    return fail(jit.takeError());
  std::unique_ptr<CompiledFunction> compiled(new CompiledFunction);
  compiled->jit = std::move(*jit);
  compiled->jit->getExecutionSession().setErrorReporter(
      [reported](llvm::Error error) {
        std::string text = llvm::toString(std::move(error));
        if (reported->empty())
          *reported = std::move(text);
      });
  llvm::orc::JITDylib &dylib = compiled->jit->getMainJITDylib();
  if (llvm::Error error = defineHalfBuiltins(*compiled->jit))
    return fail(std::move(error));
  if (llvm::Error error =
          compiled->jit->addIRModule(llvm::orc::ThreadSafeModule(
              std::move(llvmModule), std::move(context))))
    return fail(std::move(error));
  llvm::Expected<llvm::orc::ExecutorAddr> entry =
      compiled->jit->lookup(kEntryName);
  if (!entry)
    return fail(entry.takeError());
  // Loads GPU modules.
  if (llvm::Error error = compiled->jit->initialize(dylib))
    return fail(std::move(error));
  compiled->entry = entry->toPtr<void (*)(void **)>();
  return compiled;
}
