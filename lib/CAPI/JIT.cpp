// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev-c/JIT.h"

#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/Runtime/Runtime.h"
#include "bev/Target/Descriptor.h"
#include "bev/Target/Invocation.h"
#include "bev/Target/JIT.h"
#include "bev/Target/Signature.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/SourceMgr.h"

#include <cstdlib>
#include <cstring>

using namespace mlir;
using namespace mlir::bev;

struct BevFunction {
  /// Outlives the code, which reads constants of the module.
  std::unique_ptr<MLIRContext> context;
  std::unique_ptr<CompiledFunction> code;
  Signature signature;
  bool onDevice = false;
};

/// A C string of the caller's.
static char *copyString(StringRef text) {
  auto *copy = static_cast<char *>(std::malloc(text.size() + 1));
  if (copy) {
    std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
  }
  return copy;
}

/// Where something is, as compilers print it: "file:line:column: ", or nothing.
static void printPlace(Location location, llvm::raw_ostream &os) {
  if (auto place = location->findInstanceOf<FileLineColLoc>())
    os << place.getFilename().getValue() << ":" << place.getLine() << ":"
       << place.getColumn() << ": ";
  else if (!isa<UnknownLoc>(location))
    os << location << ": ";
}

static llvm::Expected<std::unique_ptr<BevFunction>>
compile(StringRef source, StringRef name, const CompileOptions &options) {
  DialectRegistry registry;
  bev::registerAllDialects(registry);
  bev::registerAllExtensions(registry);
  auto compiled = std::make_unique<BevFunction>();
  compiled->context = std::make_unique<MLIRContext>(registry);
  MLIRContext *context = compiled->context.get();
  std::string diagnostics;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return success();
    llvm::raw_string_ostream os(diagnostics);
    os << (diagnostics.empty() ? "" : "\n");
    printPlace(diagnostic.getLocation(), os);
    os << diagnostic.str();
    return success();
  });
  auto fail = [&](StringRef otherwise) {
    return llvm::createStringError(
        diagnostics.empty() ? otherwise : StringRef(diagnostics));
  };

  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(source, ParserConfig(context), "source");
  if (!module)
    return fail("the module cannot be parsed");
  FailureOr<func::FuncOp> function = selectFunction(*module, name);
  if (failed(function))
    return fail("no function to compile");
  FailureOr<Signature> signature = getSignature(*function, /*buffers=*/true);
  if (failed(signature))
    return fail("the function cannot be called");
  compiled->signature = *signature;
  for (const auto *parameters : {&signature->arguments, &signature->results})
    for (const Parameter &parameter : *parameters)
      if (!parameter.isTensor || parameter.shape.size() > BEV_MAX_RANK)
        return llvm::createStringError(
            "expected '%s' to be a tensor of rank at most %d",
            parameter.name.c_str(), BEV_MAX_RANK);

  compiled->onDevice = !options.chip.empty();
  RuntimeErrors runtimeErrors;
  FailureOr<std::unique_ptr<CompiledFunction>> code =
      CompiledFunction::compile(*module, compiled->signature.function, options);
  if (failed(code))
    return fail("the function cannot be compiled");
  if (llvm::Error error = RuntimeErrors::take())
    return error;
  compiled->code = std::move(*code);
  return compiled;
}

BevFunction *bevFunctionCompileWithOptions(const char *source, size_t length,
                                           const BevCompileOptions *options,
                                           char **error) {
  if (options->size != sizeof(BevCompileOptions)) {
    *error = copyString("expected options of " +
                        std::to_string(sizeof(BevCompileOptions)) +
                        " bytes, but got " + std::to_string(options->size) +
                        "; set 'size' to sizeof(BevCompileOptions)");
    return nullptr;
  }
  auto text = [](const char *given) { return given ? given : ""; };
  CompileOptions compileOptions;
  compileOptions.chip = text(options->chip);
  compileOptions.scheduleFile = text(options->scheduleFile);
  llvm::Expected<std::unique_ptr<BevFunction>> compiled = compile(
      StringRef(source, length), text(options->function), compileOptions);
  if (compiled) {
    *error = nullptr;
    return compiled->release();
  }
  *error = copyString(llvm::toString(compiled.takeError()));
  return nullptr;
}

BevFunction *bevFunctionCompile(const char *source, size_t length,
                                const char *function, const char *chip,
                                char **error) {
  BevCompileOptions options = {sizeof(options), function, chip, nullptr};
  return bevFunctionCompileWithOptions(source, length, &options, error);
}

void bevFunctionDestroy(BevFunction *function) { delete function; }

int64_t bevFunctionNumArguments(const BevFunction *function) {
  return function->signature.arguments.size();
}

int64_t bevFunctionNumResults(const BevFunction *function) {
  return function->signature.results.size();
}

char *bevFunctionCall(const BevFunction *function, const BevTensor *arguments,
                      BevTensor *results) {
  const Signature &signature = function->signature;
  SmallVector<Descriptor> descriptors;
  for (auto [index, parameter] : llvm::enumerate(signature.arguments)) {
    const BevTensor &tensor = arguments[index];
    if (tensor.rank < 0 || tensor.rank > BEV_MAX_RANK)
      return copyString("expected " + parameter.format() + ", but got rank " +
                        std::to_string(tensor.rank));
    ArrayRef<int64_t> sizes(tensor.sizes, tensor.rank);
    if (!isCompatible(parameter, sizes))
      return copyString("expected " + parameter.format() + ", but got " +
                        formatShape(sizes));
    descriptors.push_back(makeDescriptor(tensor.data, sizes));
  }

  size_t resultWords = 0;
  for (const Parameter &parameter : signature.results)
    resultWords += getDescriptorWords(parameter.shape.size());
  SmallVector<int64_t> resultBuffer(resultWords, 0);
  void *resultPointer = resultBuffer.data();
  SmallVector<void *> pointers, slots;
  for (Descriptor &descriptor : descriptors)
    pointers.push_back(descriptor.data());
  if (!signature.results.empty())
    slots.push_back(&resultPointer);
  for (void *&pointer : pointers)
    slots.push_back(&pointer);

  RuntimeErrors runtimeErrors;
  function->code->call(slots.data());
  if (llvm::Error error = RuntimeErrors::take())
    return copyString(llvm::toString(std::move(error)));

  const int64_t *words = resultBuffer.data();
  for (auto [index, parameter] : llvm::enumerate(signature.results)) {
    int64_t rank = parameter.shape.size();
    results[index].data = reinterpret_cast<void *>(words[1]);
    results[index].allocation = words[0] == kNotAllocated
                                    ? nullptr
                                    : reinterpret_cast<void *>(words[0]);
    results[index].rank = rank;
    std::copy_n(words + 3, rank, results[index].sizes);
    words += getDescriptorWords(rank);
  }
  return nullptr;
}

void bevTensorFree(const BevFunction *function, BevTensor *tensor) {
  if (function->onDevice)
    (void)bevrtFree(tensor->allocation);
  else
    std::free(tensor->allocation);
  tensor->data = tensor->allocation = nullptr;
}

void bevStringFree(char *string) { std::free(string); }
