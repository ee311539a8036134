// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/CompiledModel.h"

#include "HostCode.h"
#include "LLVMTargets.h"
#include "WeightTable.h"
#include "bev/Import/MappedFiles.h"
#include "bev/Runtime/ModelFormat.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"

using namespace mlir;
using namespace mlir::bev;

CompiledModel::CompiledModel() : weights(std::make_unique<WeightTable>()) {}

CompiledModel::~CompiledModel() = default;

FailureOr<std::unique_ptr<CompiledModel>>
CompiledModel::compile(ModuleOp module, const Signature &signature,
                       const ModelOptions &options) {
  initializeLLVMTargets();
  for (auto *parameters : {&signature.arguments, &signature.results})
    for (const Parameter &parameter : *parameters)
      if (parameter.shape.size() > BEV_MAX_RANK)
        return module.emitError("expected '")
               << parameter.name << "' to have at most " << BEV_MAX_RANK
               << " dimensions, but got " << parameter.shape.size();
  std::unique_ptr<CompiledModel> model(new CompiledModel);
  ModelDescription &description = model->description;
  description.version = BEV_MODEL_VERSION;
  description.producer =
      "bev-compile " BEV_VERSION_STRING " (LLVM " LLVM_VERSION_STRING ")";
  description.signature = signature;
  description.ops = countOps(module, signature.function);
  if (options.forCPU && failed(model->addTarget(module, options, "")))
    return failure();
  for (const std::string &chip : options.chips)
    if (failed(model->addTarget(module, options, chip)))
      return failure();
  description.weightBytes = model->weights->getSectionBytes();
  description.numWeights = model->weights->size();
  if (failed(model->addDescriptor(module, options.cpu)))
    return failure();
  return model;
}

/// Writes an object file to memory; the module is consumed.
static LogicalResult emitObject(ModuleOp source, llvm::Module &module,
                                llvm::TargetMachine &machine,
                                SmallVectorImpl<char> &object) {
  llvm::raw_svector_ostream os(object);
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, os, nullptr,
                                  llvm::CodeGenFileType::ObjectFile))
    return source.emitError("cannot write object files for ")
           << machine.getTargetTriple().str();
  passes.run(module);
  return success();
}

static FailureOr<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(ModuleOp module, const HostCPU &cpu) {
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine =
      getTargetMachineBuilder(cpu).createTargetMachine();
  if (!machine)
    return module.emitError("cannot generate code: ")
           << llvm::toString(machine.takeError());
  return std::move(*machine);
}

/// Gives constants the names that the model's table defines.
static void bindConstants(HostCode &code, WeightTable &weights) {
  for (const ExternalConstant &constant : code.constants) {
    std::string name = WeightTable::getSymbol(weights.add(constant.bytes));
    llvm::GlobalVariable *global = code.module->getNamedGlobal(constant.symbol);
    if (!global)
      continue;
    if (llvm::GlobalVariable *same = code.module->getNamedGlobal(name)) {
      global->replaceAllUsesWith(same);
      global->eraseFromParent();
    } else {
      global->setName(name);
    }
  }
}

LogicalResult CompiledModel::addTarget(ModuleOp module,
                                       const ModelOptions &options,
                                       StringRef chip) {
  TargetDescription target;
  target.name = chip.empty() ? "cpu" : chip.str();
  target.cpu = options.cpu.name;
  target.extensions = options.cpu.getRequiredExtensions();
  CompileOptions compileOptions;
  compileOptions.chip = chip.str();
  compileOptions.format = options.format;
  compileOptions.scheduleFile = options.scheduleFile;
  compileOptions.configurePasses = options.configurePasses;
  if (!chip.empty())
    target.deviceCode = options.format == "isa" ? "ptx" : "cubin and ptx";

  FailureOr<std::unique_ptr<llvm::TargetMachine>> machine =
      createTargetMachine(module, options.cpu);
  if (failed(machine))
    return failure();
  std::string entry = "bev.entry." + target.name;
  OwningOpRef<ModuleOp> copy(module.clone());
  FailureOr<HostCode> code =
      translateHostCode(*copy, description.signature.function, entry,
                        compileOptions, options.cpu, **machine);
  if (failed(code))
    return failure();
  code->module->getFunction(entry)->setVisibility(
      llvm::GlobalValue::HiddenVisibility);
  bindConstants(*code, *weights);
  // What was read of them is not needed before they are written.
  for (const ExternalConstant &constant : code->constants)
    releaseMappedBytes(constant.bytes);
  target.arena = code->arena;
  // The code does not need it, and it takes as much again.
  copy = nullptr;
  usesOpenMP |= bev::usesOpenMP(*code->module);
  optimizeHostCode(*code, compileOptions, **machine);
  objects.emplace_back();
  if (failed(emitObject(module, *code->module, **machine, objects.back())))
    return failure();
  target.codeBytes = objects.back().size();
  description.targets.push_back(std::move(target));
  entryNames.push_back(std::move(entry));
  return success();
}

//===----------------------------------------------------------------------===//
// The descriptor
//===----------------------------------------------------------------------===//

static int32_t getModelType(DType type) {
  switch (type) {
  case DType::Bool:
    return BEV_BOOL;
  case DType::I8:
    return BEV_I8;
  case DType::I16:
    return BEV_I16;
  case DType::I32:
    return BEV_I32;
  case DType::F16:
    return BEV_F16;
  case DType::BF16:
    return BEV_BF16;
  case DType::F32:
    return BEV_F32;
  case DType::F64:
    return BEV_F64;
  default:
    return BEV_I64;
  }
}

namespace {
/// Emits the structs of bev/Runtime/ModelFormat.h.
class DescriptorEmitter {
public:
  explicit DescriptorEmitter(llvm::Module &module)
      : module(module), context(module.getContext()),
        pointer(llvm::PointerType::getUnqual(context)) {}

  llvm::Constant *number(unsigned bits, uint64_t value) {
    return llvm::ConstantInt::get(llvm::IntegerType::get(context, bits), value);
  }

  llvm::Constant *string(StringRef text, StringRef section = "") {
    return global(llvm::ConstantDataArray::getString(context, text), section);
  }

  llvm::Constant *structure(ArrayRef<llvm::Constant *> fields) {
    return llvm::ConstantStruct::getAnon(context, fields);
  }

  /// The address of an array; null where it is empty.
  llvm::Constant *array(ArrayRef<llvm::Constant *> elements) {
    if (elements.empty())
      return llvm::ConstantPointerNull::get(pointer);
    return global(llvm::ConstantArray::get(
        llvm::ArrayType::get(elements.front()->getType(), elements.size()),
        elements));
  }

  llvm::Constant *parameters(const std::vector<Parameter> &list) {
    SmallVector<llvm::Constant *> records;
    for (const Parameter &parameter : list) {
      SmallVector<llvm::Constant *> sizes;
      for (int64_t size : parameter.shape)
        sizes.push_back(number(64, size));
      int64_t rank = parameter.isTensor ? int64_t(sizes.size()) : -1;
      records.push_back(
          structure({string(parameter.name),
                     number(32, uint32_t(getModelType(parameter.type))),
                     number(32, uint32_t(rank)), array(sizes)}));
    }
    return array(records);
  }

  /// The address of what another object defines.
  llvm::Constant *external(StringRef name, bool isFunction) {
    llvm::GlobalObject *object;
    if (isFunction)
      object = llvm::Function::Create(
          llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer},
                                  /*isVarArg=*/false),
          llvm::Function::ExternalLinkage, name, module);
    else
      object = new llvm::GlobalVariable(
          module, llvm::Type::getInt8Ty(context), /*isConstant=*/true,
          llvm::GlobalValue::ExternalLinkage, nullptr, name);
    object->setVisibility(llvm::GlobalValue::HiddenVisibility);
    return object;
  }

private:
  llvm::Constant *global(llvm::Constant *value, StringRef section = "") {
    auto *variable = new llvm::GlobalVariable(
        module, value->getType(), /*isConstant=*/true,
        llvm::GlobalValue::InternalLinkage, value, "bev.data");
    if (!section.empty())
      variable->setSection(section);
    return variable;
  }

  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::PointerType *pointer;
};
} // namespace

LogicalResult CompiledModel::addDescriptor(ModuleOp module,
                                           const HostCPU &cpu) {
  FailureOr<std::unique_ptr<llvm::TargetMachine>> machine =
      createTargetMachine(module, cpu);
  if (failed(machine))
    return failure();
  llvm::LLVMContext context;
  llvm::Module llvmModule("descriptor", context);
  llvmModule.setTargetTriple((*machine)->getTargetTriple());
  llvmModule.setDataLayout((*machine)->createDataLayout());
  DescriptorEmitter emit(llvmModule);

  std::string json;
  llvm::raw_string_ostream(json) << description.toJSON();
  SmallVector<llvm::Constant *> targets;
  for (auto [target, entry] : llvm::zip_equal(description.targets, entryNames))
    targets.push_back(
        emit.structure({emit.string(target.name),
                        emit.string(llvm::join(target.extensions, ",")),
                        emit.external(entry, /*isFunction=*/true)}));
  const Signature &signature = description.signature;
  llvm::Constant *magic = llvm::ConstantDataArray::getString(
      context, BEV_MODEL_MAGIC, /*AddNull=*/true);
  llvm::Constant *begin =
      weights->empty()
          ? llvm::ConstantPointerNull::get(
                llvm::PointerType::getUnqual(context))
          : emit.external(WeightTable::kBeginSymbol, /*isFunction=*/false);
  llvm::Constant *descriptor =
      emit.structure({magic, emit.number(32, BEV_MODEL_VERSION),
                      emit.number(32, sizeof(BevModelDescriptor)),
                      emit.string(signature.function),
                      emit.string(json, BEV_MODEL_DESCRIPTION_SECTION),
                      emit.number(64, signature.arguments.size()),
                      emit.parameters(signature.arguments),
                      emit.number(64, signature.results.size()),
                      emit.parameters(signature.results),
                      emit.number(64, targets.size()), emit.array(targets),
                      emit.number(64, weights->getSectionBytes()), begin});
  new llvm::GlobalVariable(llvmModule, descriptor->getType(),
                           /*isConstant=*/true,
                           llvm::GlobalValue::ExternalLinkage, descriptor,
                           BEV_MODEL_SYMBOL);
  objects.emplace_back();
  return emitObject(module, llvmModule, **machine, objects.back());
}
