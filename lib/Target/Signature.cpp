// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Signature.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>

using namespace mlir;
using namespace mlir::bev;

std::string Parameter::format() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << name << ": " << formatShape(shape) << " x " << getName(type);
  return text;
}

bool mlir::bev::isCompatible(const Parameter &parameter,
                             llvm::ArrayRef<int64_t> shape) {
  if (parameter.shape.size() != shape.size())
    return false;
  for (auto [expected, actual] : llvm::zip_equal(parameter.shape, shape))
    if (expected >= 0 && expected != actual)
      return false;
  return true;
}

/// The public functions with a body, quoted and separated by commas.
static std::string formatCandidates(ArrayRef<func::FuncOp> candidates) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(candidates, os, [&](func::FuncOp function) {
    os << "'" << function.getSymName() << "'";
  });
  return text;
}

FailureOr<func::FuncOp> mlir::bev::selectFunction(ModuleOp module,
                                                  llvm::StringRef name) {
  SmallVector<func::FuncOp> candidates;
  func::FuncOp named, main;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.getSymName() == name)
      named = function;
    if (!function.isPublic() || function.isExternal())
      continue;
    candidates.push_back(function);
    if (function.getSymName() == "main")
      main = function;
  }
  if (name.empty()) {
    if (candidates.size() == 1)
      return candidates.front();
    if (main)
      return main;
    if (candidates.empty())
      return module.emitError("the module has no public function with a body");
    return module.emitError("the module has several public functions; choose "
                            "one with --function: ")
           << formatCandidates(candidates);
  }
  if (!named) {
    InFlightDiagnostic diagnostic = module.emitError("no function '")
                                    << name << "' in the module";
    if (!candidates.empty())
      diagnostic << "; there is " << formatCandidates(candidates);
    return diagnostic;
  }
  if (named.isExternal())
    return named.emitError("function '")
           << name << "' has no body, so it cannot be run";
  if (!named.isPublic())
    return named.emitError("function '")
           << name << "' is private; make it public to run it";
  return named;
}

/// The array type for elements of the given type, if there is one.
static std::optional<DType> getDType(Type type) {
  if (type.isF16())
    return DType::F16;
  if (type.isBF16())
    return DType::BF16;
  if (type.isF32())
    return DType::F32;
  if (type.isF64())
    return DType::F64;
  if (type.isIndex())
    return DType::I64;
  if (!type.isSignlessInteger())
    return std::nullopt;
  switch (type.getIntOrFloatBitWidth()) {
  case 1:
    return DType::Bool;
  case 8:
    return DType::I8;
  case 16:
    return DType::I16;
  case 32:
    return DType::I32;
  case 64:
    return DType::I64;
  default:
    return std::nullopt;
  }
}

/// Fills in everything but the names; fails where the type is not supported.
static LogicalResult setType(Parameter &parameter, Type type, bool buffers) {
  Type elementType = type;
  auto buffer = dyn_cast<MemRefType>(type);
  if (buffer &&
      (!buffers || !buffer.getLayout().isIdentity() || buffer.getMemorySpace()))
    return failure();
  if (auto shaped = dyn_cast<ShapedType>(type)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!buffer && (!tensor || tensor.getEncoding()))
      return failure();
    elementType = shaped.getElementType();
    parameter.isTensor = true;
    for (int64_t size : shaped.getShape())
      parameter.shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
  }
  std::optional<DType> dtype = getDType(elementType);
  if (!dtype)
    return failure();
  parameter.type = *dtype;
  return success();
}

/// The type of the same width that is not signed, of an integer.
static DType toUnsigned(DType type) {
  switch (type) {
  case DType::I8:
    return DType::U8;
  case DType::I16:
    return DType::U16;
  case DType::I32:
    return DType::U32;
  case DType::I64:
    return DType::U64;
  default:
    return type;
  }
}

static std::string getArgumentName(func::FuncOp function, unsigned index) {
  if (auto name = function.getArgAttrOfType<StringAttr>(index, "bev.name"))
    return name.str();
  if (auto name =
          function.getArgument(index).getLoc()->findInstanceOf<NameLoc>())
    return name.getName().str();
  return "";
}

FailureOr<Signature> mlir::bev::getSignature(func::FuncOp function,
                                             bool buffers) {
  Signature signature;
  signature.function = function.getSymName().str();
  std::string unsupported;
  llvm::raw_string_ostream os(unsupported);
  auto add = [&](std::vector<Parameter> &parameters, StringRef kind, Type type,
                 std::string name, bool isUnsigned) {
    Parameter parameter;
    parameter.positionalName = (kind + Twine(parameters.size())).str();
    parameter.name = name.empty() ? parameter.positionalName : std::move(name);
    if (failed(setType(parameter, type, buffers))) {
      os << (unsupported.empty() ? "" : ", ") << parameter.name << ": " << type;
    }
    if (isUnsigned)
      parameter.type = toUnsigned(parameter.type);
    parameters.push_back(std::move(parameter));
  };
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    add(signature.arguments, "arg", type, getArgumentName(function, index),
        bool(function.getArgAttr(index, "bev.unsigned")));
  for (auto [index, type] : llvm::enumerate(function.getResultTypes())) {
    auto name = function.getResultAttrOfType<StringAttr>(index, "bev.name");
    add(signature.results, "result", type, name ? name.str() : "",
        bool(function.getResultAttr(index, "bev.unsigned")));
  }
  if (!unsupported.empty())
    return function.emitError("function '")
           << function.getSymName()
           << "' has arguments or results of unsupported types: " << unsupported
           << "; expected ranked tensors and scalars of f16, bf16, f32, f64, "
              "i1, i8, i16, i32, i64 or index";
  for (auto *parameters : {&signature.arguments, &signature.results}) {
    llvm::StringSet<> names;
    for (const Parameter &parameter : *parameters)
      if (!names.insert(parameter.name).second)
        return function.emitError("function '")
               << function.getSymName() << "' has two "
               << (parameters == &signature.arguments ? "arguments" : "results")
               << " named '" << parameter.name << "'";
  }
  return signature;
}
