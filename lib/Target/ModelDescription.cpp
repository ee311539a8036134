// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/ModelDescription.h"

#include "bev/Runtime/ModelFormat.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/SymbolTable.h"

#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::bev;

namespace json = llvm::json;

static constexpr StringLiteral kFormatName("bev-model");

//===----------------------------------------------------------------------===//
// To JSON
//===----------------------------------------------------------------------===//

static json::Value toJSON(const Parameter &parameter) {
  json::Object object{{"name", parameter.name},
                      {"type", getName(parameter.type)}};
  if (!parameter.isTensor)
    return object;
  json::Array shape;
  for (int64_t size : parameter.shape)
    shape.push_back(size < 0 ? json::Value(nullptr) : json::Value(size));
  object["shape"] = std::move(shape);
  return object;
}

static json::Value toJSON(const std::vector<Parameter> &parameters) {
  json::Array array;
  for (const Parameter &parameter : parameters)
    array.push_back(::toJSON(parameter));
  return array;
}

static json::Value toJSON(const TargetDescription &target) {
  json::Object object{{"name", target.name},
                      {"cpu", target.cpu},
                      {"extensions", json::Array(target.extensions)},
                      {"codeBytes", target.codeBytes}};
  if (!target.isCPU())
    object["deviceCode"] = target.deviceCode;
  else
    object["arena"] =
        json::Object{{"bytes", target.arena.bytes},
                     {"lowerBoundBytes", target.arena.lowerBoundBytes},
                     {"buffers", target.arena.numBuffers}};
  return object;
}

json::Value ModelDescription::toJSON() const {
  json::Array targetList;
  for (const TargetDescription &target : targets)
    targetList.push_back(::toJSON(target));
  json::Object opCounts;
  for (const auto &[name, count] : ops)
    opCounts[name] = count;
  return json::Object{
      {"format", kFormatName},
      {"version", version},
      {"producer", producer},
      {"function", signature.function},
      {"inputs", ::toJSON(signature.arguments)},
      {"outputs", ::toJSON(signature.results)},
      {"targets", std::move(targetList)},
      {"ops", std::move(opCounts)},
      {"weights", json::Object{{"bytes", weightBytes}, {"count", numWeights}}}};
}

//===----------------------------------------------------------------------===//
// From JSON
//===----------------------------------------------------------------------===//

static bool parseParameters(const json::Value *value, StringRef kind,
                            std::vector<Parameter> &parameters) {
  const json::Array *array = value ? value->getAsArray() : nullptr;
  if (!array)
    return false;
  for (const json::Value &element : *array) {
    const json::Object *object = element.getAsObject();
    std::optional<StringRef> name, type;
    if (object) {
      name = object->getString("name");
      type = object->getString("type");
    }
    if (!name || !type)
      return false;
    Parameter parameter;
    parameter.name = name->str();
    parameter.positionalName = (kind + Twine(parameters.size())).str();
    bool isKnown = false;
    for (DType known :
         {DType::Bool, DType::I8, DType::I16, DType::I32, DType::I64,
          DType::F16, DType::BF16, DType::F32, DType::F64})
      if (getName(known) == *type) {
        parameter.type = known;
        isKnown = true;
      }
    if (!isKnown)
      return false;
    if (const json::Array *shape = object->getArray("shape")) {
      parameter.isTensor = true;
      for (const json::Value &size : *shape) {
        std::optional<int64_t> number = size.getAsInteger();
        if ((!number && !size.getAsNull()) || (number && *number < 0))
          return false;
        parameter.shape.push_back(number.value_or(-1));
      }
    }
    parameters.push_back(std::move(parameter));
  }
  return true;
}

static bool parseTarget(const json::Value &value, TargetDescription &target) {
  const json::Object *object = value.getAsObject();
  if (!object)
    return false;
  target.name = object->getString("name").value_or("").str();
  target.cpu = object->getString("cpu").value_or("").str();
  target.deviceCode = object->getString("deviceCode").value_or("").str();
  target.codeBytes = object->getInteger("codeBytes").value_or(0);
  if (const json::Object *arena = object->getObject("arena")) {
    target.arena.bytes = arena->getInteger("bytes").value_or(0);
    target.arena.lowerBoundBytes =
        arena->getInteger("lowerBoundBytes").value_or(0);
    target.arena.numBuffers = arena->getInteger("buffers").value_or(0);
  }
  if (const json::Array *extensions = object->getArray("extensions"))
    for (const json::Value &extension : *extensions)
      target.extensions.push_back(extension.getAsString().value_or("").str());
  return !target.name.empty();
}

llvm::Expected<ModelDescription> ModelDescription::parse(StringRef text) {
  auto malformed = [](const Twine &what) {
    return llvm::createStringError("the description is malformed: " + what);
  };
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value)
    return malformed(llvm::toString(value.takeError()));
  const json::Object *object = value->getAsObject();
  if (!object || object->getString("format") != std::optional(kFormatName))
    return malformed("expected an object of format '" + kFormatName + "'");
  ModelDescription description;
  description.version = object->getInteger("version").value_or(0);
  if (description.version != BEV_MODEL_VERSION)
    return llvm::createStringError(
        "expected version %d of the format, but got version %lld; compile the "
        "model with the bev-compile that belongs to this tool",
        BEV_MODEL_VERSION, (long long)description.version);
  description.producer = object->getString("producer").value_or("").str();
  description.signature.function =
      object->getString("function").value_or("").str();
  if (!parseParameters(object->get("inputs"), "arg",
                       description.signature.arguments))
    return malformed("expected 'inputs' to be a list of parameters");
  if (!parseParameters(object->get("outputs"), "result",
                       description.signature.results))
    return malformed("expected 'outputs' to be a list of parameters");
  const json::Array *targets = object->getArray("targets");
  if (!targets)
    return malformed("expected 'targets' to be a list");
  for (const json::Value &element : *targets) {
    description.targets.emplace_back();
    if (!parseTarget(element, description.targets.back()))
      return malformed("expected 'targets' to be a list of targets");
  }
  if (const json::Object *ops = object->getObject("ops"))
    for (const auto &[name, count] : *ops)
      description.ops[name.str()] = count.getAsInteger().value_or(0);
  if (const json::Object *weights = object->getObject("weights")) {
    description.weightBytes = weights->getInteger("bytes").value_or(0);
    description.numWeights = weights->getInteger("count").value_or(0);
  }
  return description;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

bool mlir::bev::isELFFile(StringRef path) {
  // A pipe can be read only once.
  llvm::sys::fs::file_status status;
  llvm::file_magic magic;
  return !llvm::sys::fs::status(path, status) &&
         llvm::sys::fs::is_regular_file(status) &&
         !llvm::identify_magic(path, magic) &&
         (magic == llvm::file_magic::elf ||
          (magic >= llvm::file_magic::elf_relocatable &&
           magic <= llvm::file_magic::elf_core));
}

llvm::Expected<ModelDescription> ModelDescription::read(StringRef path) {
  auto fail = [&](const Twine &what) {
    return llvm::createStringError("'" + path + "' " + what);
  };
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                  /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fail("cannot be read: " + buffer.getError().message());
  if (!(*buffer)->getBuffer().starts_with("\177ELF"))
    return fail("is no compiled model: it is no shared object");
  llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> object =
      llvm::object::ObjectFile::createELFObjectFile(**buffer);
  if (!object)
    return fail("is truncated or damaged: " +
                llvm::toString(object.takeError()));
  for (const llvm::object::SectionRef &section : (*object)->sections()) {
    llvm::Expected<StringRef> name = section.getName();
    if (!name)
      return fail("is truncated or damaged: " +
                  llvm::toString(name.takeError()));
    if (*name != BEV_MODEL_DESCRIPTION_SECTION)
      continue;
    llvm::Expected<StringRef> contents = section.getContents();
    if (!contents)
      return fail("is truncated or damaged: " +
                  llvm::toString(contents.takeError()));
    llvm::Expected<ModelDescription> description = parse(contents->rtrim('\0'));
    if (!description)
      return fail("cannot be used: " + llvm::toString(description.takeError()));
    return description;
  }
  return fail("is no compiled model: it has no section "
              "'" BEV_MODEL_DESCRIPTION_SECTION "'");
}

//===----------------------------------------------------------------------===//
// For people
//===----------------------------------------------------------------------===//

static void printParameters(llvm::raw_ostream &os, StringRef title,
                            const std::vector<Parameter> &parameters) {
  os << title << ":\n";
  for (const Parameter &parameter : parameters)
    os << "  " << parameter.format() << "\n";
  if (parameters.empty())
    os << "  none\n";
}

std::string mlir::bev::formatArenaUse(const ArenaUse &arena) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "arena: " << arena.bytes << " bytes for " << arena.numBuffers
     << " buffer" << (arena.numBuffers == 1 ? "" : "s") << ", "
     << arena.lowerBoundBytes << " in use at one time";
  return text;
}

void ModelDescription::print(llvm::raw_ostream &os) const {
  os << "function: " << signature.function << "\n";
  printParameters(os, "inputs", signature.arguments);
  printParameters(os, "outputs", signature.results);
  os << "targets:\n";
  for (const TargetDescription &target : targets) {
    os << "  " << target.name << ": ";
    if (!target.isCPU())
      os << target.deviceCode << "; host ";
    os << "code for " << target.cpu << ", " << target.codeBytes << " bytes\n";
    if (target.isCPU())
      os << "    " << formatArenaUse(target.arena) << "\n";
  }
  os << "weights: " << weightBytes << " bytes in " << numWeights << " constant"
     << (numWeights == 1 ? "" : "s") << "\n";
  os << "ops of the source:\n";
  for (const auto &[name, count] : ops)
    os << "  " << name << ": " << count << "\n";
  os << "format: version " << version << ", made by " << producer << "\n";
}

std::map<std::string, int64_t> mlir::bev::countOps(ModuleOp module,
                                                   StringRef function) {
  std::map<std::string, int64_t> counts;
  SmallVector<func::FuncOp> work;
  DenseSet<Operation *> seen;
  SymbolTable symbols(module);
  auto add = [&](StringRef name) {
    auto callee = symbols.lookup<func::FuncOp>(name);
    if (callee && seen.insert(callee).second)
      work.push_back(callee);
  };
  add(function);
  while (!work.empty()) {
    func::FuncOp next = work.pop_back_val();
    next.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (auto call = dyn_cast<func::CallOp>(op))
        add(call.getCallee());
      if (!op->hasTrait<OpTrait::IsTerminator>())
        ++counts[op->getName().getStringRef().str()];
      // What a structured op does to an element belongs to that op.
      return isa<linalg::LinalgOp>(op) ? WalkResult::skip()
                                       : WalkResult::advance();
    });
  }
  return counts;
}
