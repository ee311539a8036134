// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/JIT.h"

#include "HostCode.h"
#include "LLVMTargets.h"
#include "bev/Runtime/HalfBuiltins.h"
#include "bev/Runtime/HostMemory.h"

#include "mlir/IR/DialectResourceBlobManager.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"

using namespace mlir;
using namespace mlir::bev;

/// The function that `CompiledFunction::call` calls.
static constexpr StringLiteral kEntryName("__bev_run_entry");

/// What vectors of constants are at least aligned to, as the pipelines assume.
static constexpr uint64_t kMinConstantAlignment = 16;

/// Defines what the linker wraps in compiled models.
static llvm::Error defineWrapped(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap symbols;
#define BEV_DEFINE(NAME)                                                       \
  symbols[jit.mangleAndIntern(#NAME)] = {                                      \
      llvm::orc::ExecutorAddr::fromPtr(__wrap_##NAME),                         \
      llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  BEV_HALF_BUILTINS(BEV_DEFINE)
  BEV_HOST_MEMORY(BEV_DEFINE)
#undef BEV_DEFINE
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}

/// The bytes of a constant where vectors can be loaded from them.  Data that a
/// file or an importer has left elsewhere is moved: the attribute is the same,
/// and nothing is held twice.
static ArrayRef<char> align(const ExternalConstant &constant,
                            std::vector<AsmResourceBlob> &copies) {
  if (reinterpret_cast<uintptr_t>(constant.bytes.data()) %
          kMinConstantAlignment ==
      0)
    return constant.bytes;
  AsmResourceBlob copy = HeapAsmResourceBlob::allocateAndCopyWithAlign(
      constant.bytes, kConstantAlignment, /*dataIsMutable=*/false);
  ArrayRef<char> bytes = copy.getData();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant.attribute))
    resource.getRawHandle().getResource()->setBlob(std::move(copy));
  else
    copies.push_back(std::move(copy));
  return bytes;
}

CompiledFunction::CompiledFunction() = default;

CompiledFunction::~CompiledFunction() {
  // Unloads GPU modules.
  if (jit && entry)
    llvm::consumeError(jit->deinitialize(jit->getMainJITDylib()));
  for (ArrayRef<char> bytes : constants)
    bevrtUnregisterConstants(bytes.data());
  bevrtReturnHostMemory();
}

/// Gives the code the addresses of its constants.
llvm::Error CompiledFunction::bindConstants(HostCode &code) {
  llvm::orc::SymbolMap symbols;
  DenseMap<Attribute, ArrayRef<char>> aligned;
  for (const ExternalConstant &constant : code.constants) {
    auto [it, isNew] = aligned.try_emplace(constant.attribute);
    if (isNew) {
      it->second = align(constant, copies);
      constants.push_back(it->second);
      bevrtRegisterConstants(it->second.data(), it->second.size());
    }
    auto address = reinterpret_cast<uintptr_t>(it->second.data());
    // More is said of the symbol than is true of every address.
    if (llvm::GlobalVariable *global =
            code.module->getNamedGlobal(constant.symbol))
      global->setAlignment(llvm::commonAlignment(
          llvm::Align(kConstantAlignment), address % kConstantAlignment));
    symbols[jit->mangleAndIntern(constant.symbol)] = {
        llvm::orc::ExecutorAddr(address), llvm::JITSymbolFlags::Exported};
  }
  return jit->getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}

FailureOr<std::unique_ptr<CompiledFunction>>
CompiledFunction::compile(ModuleOp module, StringRef function,
                          const CompileOptions &options) {
  initializeLLVMTargets();
  HostCPU cpu = HostCPU::detect();

  // What the JIT reports by itself, such as the names of missing symbols, comes
  // before the errors that it returns, and says more.
  auto reported = std::make_shared<std::string>();
  auto fail = [&](llvm::Error error) -> LogicalResult {
    std::string text = llvm::toString(std::move(error));
    return module.emitError("cannot generate code: ")
           << StringRef(reported->empty() ? text : *reported).rtrim();
  };
  llvm::orc::JITTargetMachineBuilder builder = getTargetMachineBuilder(cpu);
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine =
      builder.createTargetMachine();
  if (!machine)
    return fail(machine.takeError());

  FailureOr<HostCode> code =
      translateHostCode(module, function, kEntryName, options, cpu, **machine);
  if (failed(code))
    return failure();
  if (usesOpenMP(*code->module))
    if (llvm::Error error = loadOpenMP())
      return module.emitError(llvm::toString(std::move(error)));

  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> jit =
      llvm::orc::LLJITBuilder()
          .setJITTargetMachineBuilder(std::move(builder))
          .create();
  if (!jit)
    return fail(jit.takeError());
  std::unique_ptr<CompiledFunction> compiled(new CompiledFunction);
  compiled->jit = std::move(*jit);
  compiled->arena = code->arena;
  compiled->jit->getExecutionSession().setErrorReporter(
      [reported](llvm::Error error) {
        std::string text = llvm::toString(std::move(error));
        if (reported->empty())
          *reported = std::move(text);
      });
  llvm::orc::JITDylib &dylib = compiled->jit->getMainJITDylib();
  if (llvm::Error error = defineWrapped(*compiled->jit))
    return fail(std::move(error));
  if (llvm::Error error = compiled->bindConstants(*code))
    return fail(std::move(error));
  optimizeHostCode(*code, options, **machine);
  if (llvm::Error error =
          compiled->jit->addIRModule(llvm::orc::ThreadSafeModule(
              std::move(code->module), std::move(code->context))))
    return fail(std::move(error));
  llvm::Expected<llvm::orc::ExecutorAddr> entry =
      compiled->jit->lookup(kEntryName);
  if (!entry)
    return fail(entry.takeError());
  // Loads GPU modules.
  if (llvm::Error error = compiled->jit->initialize(dylib))
    return fail(std::move(error));
  compiled->entry = entry->toPtr<EntryPoint>();
  return compiled;
}
